"""A workbook is read as a table is: its sheet found or asked for, its oddities said or refused."""

from __future__ import annotations

import contextlib
import datetime
import io
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sim.core.errors import DistrictError
from sim.core.workbook import Worksheet, write_workbook
from sim.district import District
from sim.district.reading import Dialect, read_table

openpyxl = pytest.importorskip("openpyxl")

HEAD = ["小区", "户数", "街道", "建成年份"]
ROWS = [["甲园", 120, "东街道", 2004], ["乙园", 80, "西街道", 1998]]


def saved(folder: Path, rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None) -> Path:
    """Save rows as the first sheet of a workbook, changed by hand."""
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in rows:
        sheet.append(list(cells))
    if change is not None:
        change(sheet)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def refusal(path: Path, **dialect: Any) -> str:
    with pytest.raises(DistrictError) as caught:
        read_table(path, dialect=Dialect(**dialect))
    assert str(path) in str(caught.value) and caught.value.text("zh") != str(caught.value)
    return str(caught.value)


def test_numbers_dates_and_switches_are_read_as_they_are(tmp_path: Path) -> None:
    head = ["estate", "households", "year", "fee", "committee", "firm"]
    first = ["A", 120.0, datetime.datetime(2004, 5, 1), 2.5, True, 88]
    reading = read_table(saved(tmp_path, [head, first, ["B", 1234, 1999, None, False, "Bolt"]]))
    assert reading.values["households"] == [120, 1234] and reading.values["year"] == [2004, 1999]
    assert reading.values["committee"] == [1, 0] and reading.values["firm"] == ["88", "Bolt"]
    assert reading.notes[0] == 'Read 2 estates from sheet "Sheet" of book.xlsx.'
    assert any("the year taken from a date in 1 of 2 cells" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["甲园", 1.234, "东", 2004], '户数 = "1.234" must be a whole number'),
        (["甲园", datetime.datetime(2024, 3, 5), "东", 2004], "户数 is a date"),
        ([datetime.datetime(2024, 3, 5), 12, "东", 2004], "小区 is a date"),
        (["甲园", True, "东", 2004], '户数 = "True" must be'),
        (["甲园", "#REF!", "东", 2004], '户数 = "#REF!" must be'),
        (["甲园", 12, "x" * 30_000, 2004], "must be a text of at most 200 characters"),
        (["甲园", 12, "东", datetime.time(4, 5)], "建成年份 is a date"),
        (["甲园", float(10**30), "东", 2004], "户数 ="),
    ],
)
def test_a_cell_that_a_spreadsheet_has_spoilt_is_named(tmp_path: Path, row: list[Any], words: str) -> None:
    text = refusal(saved(tmp_path, [HEAD, *ROWS, row]))
    assert "line 4: " in text and words in text


def test_a_merged_street_is_that_of_all_its_rows(tmp_path: Path) -> None:
    rows = [
        ["某区一览表", None, None, None],
        HEAD,
        ["甲园", 1, "东街道", 2004],
        ["乙园", 2, None, 1998],
        ["丙园", 3, "西", 1990],
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("C3:C4")

    reading = read_table(saved(tmp_path, rows, merge))
    assert reading.values["street"] == ["东街道", "东街道", "西"]
    assert any("a merged cell, 东街道, was read for all its rows (lines 3, 4)" in note for note in reading.notes)


def test_merged_households_belong_to_nobody(tmp_path: Path) -> None:
    text = refusal(saved(tmp_path, [HEAD, *ROWS], lambda sheet: sheet.merge_cells("B2:B3")))
    assert "户数: cells are merged (lines 2, 3)" in text


def test_a_merged_header_of_two_lines_is_read(tmp_path: Path) -> None:
    rows = [["小区", "规模", None, "街道"], [None, "户数", "栋数", None], ["甲园", 12, 2, "东"]]

    def merge(sheet: Any) -> None:
        for area in ("A1:A2", "B1:C1", "D1:D2"):
            sheet.merge_cells(area)

    reading = read_table(saved(tmp_path, rows, merge))
    assert reading.values["buildings"] == [2] and reading.values["street"] == ["东"]


def test_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    notes = read_table(saved(tmp_path, [HEAD, *ROWS], hide)).notes
    assert "Rows that the workbook hides were read too: 1 (line 3)." in notes


def test_a_formula_that_nobody_has_worked_out_is_refused(tmp_path: Path) -> None:
    text = refusal(saved(tmp_path, [HEAD, *ROWS, ["丙园", "=SUM(B2:B3)", "东", 2004]]))
    assert "line 4: 户数 is a formula whose value the workbook does not hold" in text


def test_a_stray_format_far_away_costs_nothing(tmp_path: Path) -> None:
    """Excel keeps it where somebody has coloured a whole row or column."""

    def colour(sheet: Any) -> None:
        sheet.cell(1_048_576, 16_384).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    reading = read_table(saved(tmp_path, [HEAD, *ROWS], colour))
    assert reading.values["households"] == [120, 80]


def test_a_formula_in_the_last_column_is_refused_too(tmp_path: Path) -> None:
    text = refusal(saved(tmp_path, [HEAD, *ROWS, ["丙园", 12, "东", "=1990+8"]]))
    assert "line 4: 建成年份 is a formula whose value the workbook does not hold" in text


def test_merged_cells_that_cover_a_whole_sheet_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, [HEAD, *ROWS], lambda sheet: sheet.merge_cells("A5:B6"))
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    page = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content.replace(b"A5:B6", b"A5:XFD1048576") if name == page else content)
    assert b"A5:B6" in files[page] and "cells are merged" in refusal(path)


def test_the_sheet_is_found_or_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, [["nothing"]])
    book = openpyxl.load_workbook(path)
    for name in ("2023", "2024"):
        sheet = book.create_sheet(name)
        for cells in (HEAD, *ROWS):
            sheet.append(cells)
    book.save(path)
    text = refusal(path)
    assert "several sheets that could be the table of estates: 2023, 2024" in text and '--sheet "2023"' in text
    assert read_table(path, dialect=Dialect(sheet="2024")).values["households"] == [120, 80]
    assert 'no sheet "204". Did you mean "2024"?' in refusal(path, sheet="204")
    del book["2024"]
    book.save(path)
    assert read_table(path).values["households"] == [120, 80]
    del book["2023"]
    book.create_sheet("other").append(["x"])
    book.save(path)
    assert "no sheet with the columns of a table of estates" in refusal(path)


def test_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    path = saved(tmp_path, [HEAD, *ROWS])
    book = openpyxl.load_workbook(path)
    old = book.create_sheet("old")
    old.append(HEAD)
    old.append(["x", 1, "y", 2000])
    old.sheet_state = "hidden"
    book.save(path)
    assert read_table(path).values["households"] == [120, 80]


def test_a_sheet_that_is_locked_is_read_and_one_under_a_password_is_not(tmp_path: Path) -> None:
    def lock(sheet: Any) -> None:
        sheet.protection.set_password("secret")

    assert read_table(saved(tmp_path, [HEAD, *ROWS], lock)).values["households"] == [120, 80]
    (tmp_path / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert "protected by a password or in the old format .xls" in refusal(tmp_path / "locked.xlsx")


def _packed(**files: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return body.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (_packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "not an Excel workbook"),
        (_packed(xl__workbook_xml=b"<nonsense"), "is a workbook that cannot be read"),
        (_packed(xl__workbook_xml=b""), "is a workbook that cannot be read"),
        (b"PK\x03\x04" + bytes(range(256)), "is a workbook that cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "neither UTF-8 nor GB18030"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n\xff\xff", "neither UTF-8 nor GB18030"),
    ],
)
def test_files_that_are_no_workbook_are_named_for_what_they_are(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(raw)
    assert words in refusal(path)


def test_a_broken_workbook_is_one_message(tmp_path: Path) -> None:
    whole = saved(tmp_path, [HEAD, *ROWS]).read_bytes()
    path = tmp_path / "broken.xlsx"
    for end in range(10, len(whole), 400):
        path.write_bytes(whole[:end])
        assert "is a workbook that cannot be read" in refusal(path)


def test_a_workbook_with_wrong_bytes_is_one_message_or_a_district(tmp_path: Path) -> None:
    """Bytes of what is packed, its list and its pages are changed; the page is read before the workbook is."""
    whole = saved(tmp_path, [HEAD, *ROWS]).read_bytes()
    path = tmp_path / "broken.xlsx"
    for place in range(30, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) * 3 + whole[place + 3 :])
        with contextlib.suppress(DistrictError):
            read_table(path)


def test_an_empty_workbook_and_one_with_a_header_alone_are_refused(tmp_path: Path) -> None:
    assert "is empty" in refusal(saved(tmp_path, []))
    assert "a header but no rows" in refusal(saved(tmp_path, [HEAD]))


def test_without_the_extra_its_name_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, [HEAD, *ROWS])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert 'only the extra "excel" can read: install it with pip install "gongzhi[excel]"' in refusal(path)
    with pytest.raises(ValueError, match="excel"):
        write_workbook(tmp_path / "out.xlsx", [Worksheet("a", [], [])])


def test_a_sheet_of_a_table_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("estate,households\nA,1\n")
    assert "leave out --sheet" in refusal(path, sheet="1")


def test_the_same_table_as_text_and_as_a_workbook_is_one_district(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(",".join(map(str, cells)) for cells in (HEAD, *ROWS)), encoding="utf-8")
    assert District.from_csv(path) == District.from_csv(saved(tmp_path, [HEAD, *ROWS]))


def test_rows_that_a_workbook_cannot_hold_are_not_left_out_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.core.workbook._MOST_ROWS", 3)
    write_workbook(tmp_path / "out.xlsx", [Worksheet("a", ["t"], [[1], [2]])])
    with pytest.raises(ValueError, match='sheet "a" would have 3 rows'):
        write_workbook(tmp_path / "out.xlsx", [Worksheet("a", ["t"], [[1], [2], [3]])])


def test_what_is_written_is_what_was_given(tmp_path: Path) -> None:
    rows = [["=1+1", 0.1, float("nan"), 2**63, None, True, "a\x07b"], ["+1", "-1", "@SUM(A1)", "=A1"]]
    path = write_workbook(
        tmp_path / "out.xlsx", [Worksheet("a/b:c", ["t"] * 7, rows, {(0, 1)}), Worksheet("A B C", [], [[1]])]
    )
    book = openpyxl.load_workbook(path)
    cells = [cell.value for cell in book.worksheets[0][2]]
    assert cells == ["=1+1", 0.1, None, str(2**63), None, True, "a b"]
    assert {cell.data_type for row in book.worksheets[0].iter_rows(min_row=2) for cell in row if cell.value} <= set(
        "snb"
    )
    assert book.worksheets[0]["B2"].fill.fgColor.rgb.endswith("FFF2CC") and len(book.sheetnames) == 2
    with pytest.raises(ValueError, match="cannot be written"):
        write_workbook(tmp_path / "no" / "out.xlsx", [Worksheet("a", [], [])])


def test_the_only_sheet_that_looks_like_a_table_says_what_it_lacks(tmp_path: Path) -> None:
    path = saved(
        tmp_path, [["Bay Street"], ["Name of place", "Households", "Community", "Year built"], ["A", 5, "N", 2004]]
    )
    book = openpyxl.load_workbook(path)
    book.create_sheet("notes").append(["see the other sheet"])
    book.save(path)
    text = refusal(path)
    assert "there is no column estate" in text and "The file has: Name of place, Households" in text


def test_the_options_of_commands_have_the_same_names_in_python(tmp_path: Path) -> None:
    path = saved(tmp_path, [["estate", "households", "spaces"], ["A", 5, "无"]])
    assert District.from_csv(path, values={"spaces": {"无": "0"}}).spaces.tolist() == [0.0]
    with pytest.raises(DistrictError, match='has no sheet "2023"'):
        District.from_csv(path, dialect=Dialect(values={"spaces": {"无": "0"}}), sheet="2023")
