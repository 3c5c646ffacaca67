"""A table that cannot be used gives one message with everything in it, and never a traceback of ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.core.errors import DistrictError
from sim.district import COLUMNS, District

GOOD = "estate,households\nA,10\nB,20\n"


def message(path: Path | str, columns: dict[str, str] | None = None) -> str:
    with pytest.raises(DistrictError) as caught:
        District.from_csv(path, columns)
    text = str(caught.value)
    assert str(path) in text and "Traceback" not in text and text.rstrip().endswith((".", "?"))
    return text


def said(folder: Path, text: str | bytes, columns: dict[str, str] | None = None) -> str:
    path = folder / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return message(path, columns)


def test_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "nanshan.csv").write_text(GOOD)
    assert 'there is no such file. Did you mean "nanshan.csv"?' in message(tmp_path / "nanshen.csv")
    assert "there is no such file" in message(tmp_path / "no" / "folder" / "x.csv")


def test_folder_pipe_and_impossible_names_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in message(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "not an ordinary file" in message(pipe)
    message(tmp_path / ("x" * 5000))


def test_unreadable_file_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_text(GOOD)

    def locked(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert "cannot be read: Permission denied." in message(path)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b" \n\r\n \t", "is empty"),
        (b"\xef\xbb\xbf,,\n,,\n", "only blanks"),
        (b"estate,households\n", "a header but no rows"),
        (b"estate,households\n,\n \n", "a header but no rows"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"estate,households\n\xff\xff\xff,3\n", "neither UTF-8 nor GB18030"),
        (b"\xff\xfee", "neither UTF-8 nor GB18030"),
    ],
)
def test_files_without_a_table_are_named_for_what_they_are(tmp_path: Path, raw: bytes, words: str) -> None:
    assert words in said(tmp_path, raw)


def test_missing_required_columns_are_named_with_the_nearest_and_how_to_map(tmp_path: Path) -> None:
    text = said(tmp_path, "estat,year\nA,2000\n")
    assert "2 problems" in text
    assert 'no column estate (小区, 小区名称, 小区名). Did you mean "estat"?' in text
    assert '--map estate="estat"' in text and "no column households" in text and "The file has: estat, year." in text


@pytest.mark.parametrize(
    "header", ["estate,households,fee,fee", "estate,households,remark,remark", "estate,estate,households,x"]
)
def test_columns_of_one_name_are_refused(tmp_path: Path, header: str) -> None:
    assert "more than once" in said(tmp_path, header + "\nA,10,1,1\n")


def test_two_columns_read_as_one_are_refused(tmp_path: Path) -> None:
    assert '"fee" and "物业费" are both read as fee' in said(tmp_path, "estate,households,fee,物业费\nA,10,1,2\n")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"estat": "estate"}, '"estat" is not a column of a district. Did you mean "estate"?'),
        (
            {"households": "household"},
            'households is mapped to "household", which the file does not have. Did you mean',
        ),
        (
            {"fee": "households", "year": "households"},
            'fee and year are mapped to the same column "households"',
        ),
    ],
)
def test_wrong_mappings_are_explained(tmp_path: Path, columns: dict[str, str], words: str) -> None:
    assert words in said(tmp_path, GOOD, columns)


@pytest.mark.parametrize(
    "cell",
    [
        "-3",
        "0",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "12.5",
        "many",
        "",
        "1,20",
        "1_000",
        "1e9",
        "0x10",
        "12 storeys",
        "--",
        "９x",
        "1e999",
        "None",
        "true",
    ],
)
def test_impossible_households_are_named_by_line_value_and_what_is_allowed(tmp_path: Path, cell: str) -> None:
    text = said(tmp_path, f'estate,households\nA,10\nB,"{cell}"\n')
    assert "1 of 2 rows cannot be read:" in text and "line 3: households" in text
    assert "a whole number from 1 to 200000." in text
    assert (f'"{cell}"' in text) if cell else ("is empty" in text)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("year", "20011"),
        ("year", "1850"),
        ("year", "2001.5"),
        ("year", "c. 1990"),
        ("fee", "-1"),
        ("fee", "2,5,1"),
        ("fee", "inf"),
        ("x", "east"),
        ("buildings", "0"),
        ("kind", "castle"),
        ("committee", "maybe"),
        ("owners", "1.2"),
        ("members", "-1"),
        ("members", "1.5"),
        ("spaces", "-1"),
        ("adults", "0"),
        ("strength", "0"),
        ("density", "-1"),
        ("firm", "a\x07b"),
        ("community", "x" * 201),
        ("members_draw", "2"),
        ("buildings", "101"),
        ("members", "191"),
    ],
)
def test_impossible_cells_of_any_column_are_named(tmp_path: Path, column: str, cell: str) -> None:
    text = said(tmp_path, f'estate,households,{column}\nA,100,\nB,100,"{cell}"\n')
    assert f"line 3: {column} " in text


def test_duplicate_estates_name_the_line_in_which_they_stood_first(tmp_path: Path) -> None:
    text = said(tmp_path, "estate,households\nA,10\nB,20\n A ,30\nA,5\n")
    assert "2 of 4 rows" in text
    assert 'lines 4, 5: estate = "A" stands already in line 2; every estate once.' in text


def test_a_community_in_two_streets_is_refused_with_both_lines(tmp_path: Path) -> None:
    text = said(tmp_path, "小区,户数,社区,街道\nA,10,海月,招商\nB,10,海月,\nC,10,海月,粤海\n")
    assert '社区 = "海月" lies in street 粤海 here and 招商 in line 2; one for a community.' in text


def test_a_position_needs_both_coordinates(tmp_path: Path) -> None:
    text = said(tmp_path, "estate,households,x,y\nA,10,1,\nB,10,,2\nC,10,,\n")
    assert "line 2: x is given without y" in text and "line 3: y is given without x" in text and "line 4" not in text


def test_rows_of_another_length_are_named(tmp_path: Path) -> None:
    text = said(tmp_path, "estate,households,fee\nA,10\nB,10,1,2\nC,10,1\n")
    assert "line 2: the row has 2 cells where the header has 3." in text and "2 of 3 rows" in text
    assert "line 3: the row has 4 cells" in text


def test_all_bad_rows_are_counted_and_the_first_ten_shown(tmp_path: Path) -> None:
    rows = [f"E{k},{-k if k % 2 else 5},{f'x{k}' if k % 4 == 1 else ''}" for k in range(60)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["estate,households,fee", *rows]))
    with pytest.raises(DistrictError) as caught:
        District.from_csv(path)
    text = str(caught.value)
    assert "30 of 60 rows cannot be read; the first ten are:" in text
    assert len(text.splitlines()) == 11 and len(caught.value.problems) == 30
    assert 'line 3: households = "-1" must be a whole number from 1 to 200000; fee = "x1" must be a number' in text


def test_what_many_rows_have_in_common_is_said_once_with_their_lines(tmp_path: Path) -> None:
    kinds = ["flats for staff", "dormitory"]
    rows = [f"E{k},{100 + k},{kinds[k % 2]},{'none' if k == 3 else 4}" for k in range(24)]
    text = said(tmp_path, "\n".join(["estate,households,kind,spaces", *rows]))
    assert "24 of 24 rows cannot be read:" in text and len(text.splitlines()) == 5
    assert '  lines 2, 4, 6, 8, 10, 12 and 6 more: kind = "flats for staff" is no kind that is known' in text
    assert text.count("(or urban village, or building)") == text.count("must be commodity") == 1
    assert '"kind,flats for staff,commodity housing", "kind,dormitory,commodity housing"' in text.splitlines()[-1]
    assert '  line 5: spaces = "none" may mean' in text


def test_lines_are_those_of_the_file_even_when_cells_run_over_several(tmp_path: Path) -> None:
    text = said(tmp_path, 'estate,households,note\nA,10,"one\ntwo\nthree"\n\nB,-1,x\n')
    assert "line 6: households" in text


def test_too_large_a_table_is_refused_before_it_is_read(tmp_path: Path) -> None:
    text = said(tmp_path, "estate,households\n" + "\n".join(f"E{k},1" for k in range(20_001)))
    assert "20001 rows" in text and "at most 20000" in text


def test_broken_quotes_are_one_message(tmp_path: Path) -> None:
    said(tmp_path, 'estate,households\n"A,10\n' + "x,1\n" * 50_000)


cells = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "0",
            "-1",
            "nan",
            "inf",
            "NONE",
            "C1",
            "2001",
            "1e308",
            "yes",
            "城中村",
            "0.5",
            '"',
            "1.0",
        ]
    ),
    st.text(max_size=8),
    st.integers().map(str),
    st.floats().map(str),
)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*COLUMNS, "小区", "户数", "other", ""]), min_size=1, max_size=6),
    st.lists(st.lists(cells, max_size=7), max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_no_table_of_odd_cells_gives_anything_but_a_district_or_one_message(
    tmp_path_factory: pytest.TempPathFactory,
    header: list[str],
    rows: list[list[str]],
    encoding: str,
) -> None:
    import csv

    path = tmp_path_factory.getbasetemp() / "odd.csv"
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    _either(path)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda rest: GOOD.encode() + rest)))
def test_no_bytes_give_anything_but_a_district_or_one_message(
    tmp_path_factory: pytest.TempPathFactory,
    raw: bytes,
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(raw)
    _either(path)


@settings(max_examples=200)
@given(st.data())
def test_valid_tables_with_any_gaps_are_read(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    import csv

    size = data.draw(st.integers(1, 8))
    gap = st.just("")
    column = {
        "community": st.sampled_from(["", "C1", "C2"]),
        "year": gap | st.integers(1900, 2035).map(str),
        "fee": gap | st.floats(0, 1000).map(str),
        "firm": st.sampled_from(["", "NONE", "F1", "F2"]),
        "committee": st.sampled_from(["", "yes", "no"]),
        "members": gap | st.integers(0, 5).map(str),
        "kind": st.sampled_from(["", "commodity", "urban village", "building"]),
        "buildings": gap | st.just("1"),
        "density": gap | st.floats(0.001, 1000).map(str),
        "owners": gap | st.floats(0, 1).map(str),
    }
    chosen = data.draw(st.lists(st.sampled_from(list(column)), unique=True))
    rows = [
        [f"E{k}", str(data.draw(st.integers(5, 200_000))), *(data.draw(column[name]) for name in chosen)]
        for k in range(size)
    ]
    path = tmp_path_factory.getbasetemp() / "valid.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["estate", "households", *chosen], *rows])
    district = District.from_csv(path)
    assert district.estates == size
    district.describe()


def _either(path: Path) -> None:
    try:
        district = District.from_csv(path)
    except DistrictError as error:
        assert str(path) in str(error)
    else:
        assert district.estates >= 1
