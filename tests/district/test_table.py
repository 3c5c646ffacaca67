"""A table is read as it is, whatever its encoding, language and row order, and survives a round trip."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.errors import DistrictError
from sim.district import COLUMNS, District, EstateKind
from sim.district.reading.headings import recognise

FULL = """estate,households,x,y,community,street,kind,buildings,year,fee,firm,committee,members,spaces
Alder,300,0.5,1.5,North,Hill,commodity,4,1999,2.5,Acme,yes,7,120
Beech,1200,0.7,1.4,North,Hill,commodity,9,2010,4.5,NONE,no,0,900
Cedar,80,2.5,0.2,South,Lake,urban village,30,1985,0.8,Bolt,0,2,5
Dogwood,55,2.6,0.1,South,Lake,building,1,2015,9,Bolt,true,1,60
"""


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_an_index_is_a_column_where_there_is_none_of_its_name() -> None:
    table = pd.DataFrame({"estate": ["Alder", "Beech"], "households": [300, 400]})
    for one in (table.set_index("estate"), table.set_index("estate", drop=False), table.rename_axis("estate")):
        assert District.of(one).names.tolist() == ["Alder", "Beech"]


def test_every_cell_of_a_full_table_is_kept(tmp_path: Path) -> None:
    district = District.from_csv(write(tmp_path, FULL))
    assert district.names.tolist() == ["Alder", "Beech", "Cedar", "Dogwood"]
    assert district.households.tolist() == [300, 1200, 80, 55]
    assert district.x.tolist() == [0.5, 0.7, 2.5, 2.6] and district.y.tolist() == [1.5, 1.4, 0.2, 0.1]
    assert district.community_names.tolist() == ["North", "South"] and district.community.tolist() == [
        0,
        0,
        1,
        1,
    ]
    assert district.street_names.tolist() == ["Hill", "Lake"] and district.street_of_community.tolist() == [
        0,
        1,
    ]
    assert district.kind.tolist() == [EstateKind.COMMODITY] * 2 + [
        EstateKind.URBAN_VILLAGE,
        EstateKind.BUILDING,
    ]
    assert district.buildings.tolist() == [4, 9, 30, 1] and district.year.tolist() == [
        1999,
        2010,
        1985,
        2015,
    ]
    assert district.fee.tolist() == [2.5, 4.5, 0.8, 9.0] and district.spaces.tolist() == [120, 900, 5, 60]
    assert district.firm_names.tolist() == ["Acme", "Bolt"] and district.firm.tolist() == [0, -1, 1, 1]
    assert district.committee.tolist() == [True, False, False, True]
    assert district.members_known.tolist() == [7, 0, 2, 1]
    assert district.members(0.5).tolist() == [7, 0, 2, 1]
    assert district.adults.tolist() == [570, 2280, 152, 104]
    kept = {"households", "x", "firm", "members", "spaces", "year", "street"}
    assert not any(note.split(":")[0] in kept for note in district.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_chinese_names_and_common_encodings_and_separators_are_read(
    tmp_path: Path,
    encoding: str,
    separator: str,
) -> None:
    text = (
        "小区,户数,社区,街道,类型,楼栋数,建成年份,物业费,物业公司,业委会,党员数,车位\r\n"
        "海月花园,500,海月社区,招商街道,商品房,6,2003,2.8,万家物业,有,12,300\r\n"
        "大冲村,2000,大冲社区,粤海街道,城中村,120,1990,0.5,无,无,,\r\n"
    )
    district = District.from_csv(write(tmp_path, text.replace(",", separator), encoding))
    assert sorted(district.names.tolist()) == ["大冲村", "海月花园"]
    row = district.names.tolist().index("海月花园")
    assert (district.households[row], district.fee[row], district.committee[row]) == (500, 2.8, True)
    assert district.members_known[row] == 12 and district.firm[1 - row] == -1
    assert district.kind[1 - row] == EstateKind.URBAN_VILLAGE


def test_columns_are_mapped_by_name_and_mapping_wins_over_a_like_name(tmp_path: Path) -> None:
    text = "estate,estate_id,n\nsame,A,10\nsame,B,20\n"
    district = District.from_csv(write(tmp_path, text), columns={"estate": "estate_id", "households": "n"})
    assert district.names.tolist() == ["A", "B"] and district.households.sum() == 30
    assert any("Not read: estate." in note for note in district.notes)


def test_columns_that_look_like_ours_and_are_not_read_are_pointed_out(tmp_path: Path) -> None:
    notes = District.from_csv(write(tmp_path, "estate,households,year_built,remark\nA,10,2001,x\n")).notes
    assert "Not read: year_built, remark. Map what belongs to the district, e.g. year=year_built." in notes


def test_columns_that_are_not_read_are_set_against_what_was_not_found(tmp_path: Path) -> None:
    notes = District.from_csv(write(tmp_path, "No.,estate,households,fee,remark\n1,A,10,2,x\n")).notes
    said = next(note for note in notes if "Not read" in note)
    assert said.startswith("Not read: remark. If one of them holds what was not found (community, street, kind, ")
    assert '--map NAME="heading"' in said and "fee" not in said


@pytest.mark.parametrize(
    ("ours", "headings"),
    {
        "street": "Sub-district | Subdistrict | Street office",
        "kind": "Type | Estate type | Housing type | Kind of estate",
        "households": "No. of households | Number of households | Total households | Households",
        "buildings": "Residential buildings | No. of buildings | Total number of buildings | Blocks",
        "year": "Year built | Year completed | Completion year | Year of construction | Built",
        "fee": "Management fee | Property management fee | Service charge",
        "firm": "Management company | Property management company | Property manager | Managing agent",
        "committee": "Owners' committee | Owners’ committee | Homeowners' committee",
        "members": "Party members | Number of party members | Registered members",
        "spaces": "Parking spaces | No. of parking spaces | Car parking spaces",
        "cars": "Cars | Number of cars | Vehicles",
    }.items(),
)
def test_headings_as_an_english_office_writes_them_are_known(ours: str, headings: str) -> None:
    for heading in headings.split(" | "):
        found = recognise(heading)
        assert found is not None and found.column == ours, heading


def test_row_order_never_matters(tmp_path: Path) -> None:
    lines = ["estate,households,street,firm"]
    lines += [f"E{k},{10 + 7 * k},S{k % 3},{'F1' if k % 4 else ''}" for k in range(40)]
    straight = District.from_csv(write(tmp_path, "\n".join(lines)))
    for seed in range(4):
        rows = lines[1:]
        random.Random(seed).shuffle(rows)
        mixed = District.from_csv(write(tmp_path, "\n".join([lines[0], *rows])))
        assert mixed.fingerprint == straight.fingerprint
        assert mixed.notes == straight.notes


def test_an_added_estate_moves_nobody_elses_members_owners_or_cars(tmp_path: Path) -> None:
    header = "estate,households,x,y,community,street,kind,buildings,year,fee,firm,committee\n"
    rows = [f"E{k},{100 + k},{k}.5,1,C1,S1,commodity,5,2000,2,F1,no\n" for k in range(6)]
    fewer = District.from_csv(write(tmp_path, header + "".join(rows[:5])))
    more = District.from_csv(write(tmp_path, header + "".join(rows)))
    for name in ("identity", "members_draw", "owners"):
        assert np.array_equal(getattr(fewer, name), getattr(more, name)[:5])


def test_blank_lines_spare_empty_columns_and_full_width_digits_do_no_harm(tmp_path: Path) -> None:
    text = '\n\nestate,households,,\n\n"Oak, north",１２０,,\nElm,1.0e2,,\n   ,,,\n\n'
    district = District.from_csv(write(tmp_path, text))
    assert dict(zip(district.names.tolist(), district.households.tolist(), strict=True)) == {
        "Oak, north": 120,
        "Elm": 100,
    }


def test_degrees_are_turned_into_kilometres_with_a_note(tmp_path: Path) -> None:
    text = "estate,households,x,y\nA,10,113.90,22.50\nB,10,113.95,22.53\nC,10,,\n"
    district = District.from_csv(write(tmp_path, text))
    assert float(np.hypot(*np.ptp(np.column_stack([district.x, district.y])[:2], axis=0))) == pytest.approx(
        6.1, abs=0.1
    )
    assert any("degrees" in note for note in district.notes)


@pytest.mark.parametrize("estates", [1, 2, 60, 400])
def test_made_up_district_survives_a_round_trip_to_the_last_bit(tmp_path: Path, estates: int) -> None:
    district = District.synthetic(estates=estates, seed=8)
    path = tmp_path / "district.csv"
    district.to_csv(path)
    again = District.from_csv(path, seed=99)
    assert again.fingerprint == district.fingerprint
    assert np.array_equal(again.members(0.01), district.members(0.01))
    assert [other.name for other in tmp_path.iterdir()] == ["district.csv"]


def test_filled_table_survives_a_round_trip_to_the_last_bit(tmp_path: Path) -> None:
    district = District.from_csv(write(tmp_path, FULL.replace("NONE", "").replace("0.5,1.5", ",")))
    district.to_csv(tmp_path / "again.csv")
    assert District.from_csv(tmp_path / "again.csv", seed=4) == district


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(
    lambda name: name.strip() and name.strip().casefold() not in {"na", "n/a", "#n/a", "nan", "null", "none", "无"}
)


@given(
    st.lists(
        st.tuples(names, st.integers(1, 5000), names, st.sampled_from(["", "-0.0", "1.25", "3"])),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[0],
    )
)
def test_any_names_survive_writing_and_reading(tmp_path_factory: pytest.TempPathFactory, rows) -> None:  # type: ignore[no-untyped-def]
    import csv

    folder = tmp_path_factory.mktemp("names")
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["estate", "households", "firm", "x", "y"])
        writer.writerows([name, households, firm, x, x] for name, households, firm, x in rows)
    try:
        district = District.from_csv(path)
    except DistrictError as error:  # two names may be one once blanks and accents are tidied
        assert "every estate once" in str(error)
        return
    district.to_csv(folder / "again.csv")
    again = District.from_csv(folder / "again.csv", seed=5)
    assert again.fingerprint == district.fingerprint
    assert again.names.tolist() == district.names.tolist()


def test_table_that_cannot_be_written_is_one_message_and_leaves_nothing(tmp_path: Path) -> None:
    district = District.synthetic(estates=3)
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "no" / "such.csv", tmp_path, tmp_path / "file" / "x.csv"):
        with pytest.raises(DistrictError, match="cannot be written|is a folder"):
            district.to_csv(path)
    assert [other.name for other in tmp_path.iterdir()] == ["file"]


def test_every_column_has_names_limits_and_words() -> None:
    seen: set[str] = set()
    for name, column in COLUMNS.items():
        assert column.name == name and column.doc and column.allowed
        assert not seen & {name, *column.also}
        seen |= {name, *column.also}


class TestTheRealDistrict:
    """569 listed estates, as odd as real tables are."""

    MAPPING = {
        "estate": "estate_id",
        "street": "subarea",
        "year": "year_built",
        "fee": "fee_cny_m2_month",
        "firm": "firm_id",
        "x": "x_km",
        "y": "y_km",
    }

    def test_without_a_mapping_the_way_to_map_it_is_shown(self, nanshan_table: Path) -> None:
        with pytest.raises(DistrictError, match='Did you mean "estate_id".*--map estate="estate_id"'):
            District.from_csv(nanshan_table)

    def test_the_real_table_is_read_whole_and_its_gaps_are_filled_with_notes(self, nanshan_table: Path) -> None:
        district = District.from_csv(nanshan_table, self.MAPPING)
        assert (district.estates, district.streets, district.firms) == (569, 12, 280)
        assert np.median(district.households) == 468 and np.median(district.buildings) == 5
        assert 12 <= (district.firm == -1).sum() <= 16
        notes = "\n".join(district.notes)
        for start in (
            "x, y: 162 of 569",
            "street: 1 of 569",
            "year: 22 of 569",
            "fee: 10 of 569",
            "firm: 27 of 569",
            "community: 569 of 569",
            "members: 569 of 569",
        ):
            assert start in notes
        assert "Not read: building_type, brand_id." in notes
        assert int(district.committee.sum()) == round(569 * 394 / 1034)

    def test_filled_positions_lie_among_those_of_their_street(self, nanshan_table: Path) -> None:
        import csv

        with nanshan_table.open(encoding="utf-8") as file:
            open_cells = {row["estate_id"] for row in csv.DictReader(file) if not row["x_km"]}
        district = District.from_csv(nanshan_table, self.MAPPING)
        filled = np.isin(district.names, list(open_cells))
        xy = np.column_stack([district.x, district.y])
        for street in range(district.streets):
            known = xy[(district.street == street) & ~filled]
            for point in xy[(district.street == street) & filled]:
                assert np.hypot(*(known - point).T).min() < 2.0

    def test_the_real_table_survives_writing_and_reading(self, nanshan_table: Path, tmp_path: Path) -> None:
        district = District.from_csv(nanshan_table, self.MAPPING)
        district.to_csv(tmp_path / "again.csv")
        assert District.from_csv(tmp_path / "again.csv", seed=3) == district
