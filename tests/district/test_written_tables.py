"""What is written for people, marked copies, blank tables and maps, says what it is and can be read again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.core.errors import DistrictError
from sim.core.sentence import text_of
from sim.district import District
from sim.district.blank_table import EXAMPLES, write_blank
from sim.district.columns import COLUMNS
from sim.district.geojson import feature_collection, plane_at, write_geojson
from sim.district.marked_copy import filled_cells, write_marked
from sim.district.overview import checked, described, totals
from sim.district.reading import Dialect, read_table

openpyxl = pytest.importorskip("openpyxl")

TABLE = "小区,户数,经度(GCJ-02),纬度,物业费,党员\n甲园,120,113.93,22.53,2.5,3\n乙园,80,113.95,22.55,,\n丙园,60,,,3,\n"


def given(folder: Path, text: str = TABLE) -> Path:
    path = folder / "given.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_a_marked_copy_is_the_same_district(tmp_path: Path, lang: str, end: str) -> None:
    reading = read_table(given(tmp_path))
    district = District.of_reading(reading)
    path = tmp_path / f"marked.{end}"
    write_marked(district, reading, path, lang)
    again = District.from_csv(path, seed=9)
    assert again.names.tolist() == district.names.tolist()
    for name in ("households", "adults", "x", "y", "kind", "fee", "firm", "committee", "cars", "members_known"):
        assert np.array_equal(getattr(again, name), getattr(district, name)), name


def test_a_marked_copy_marks_what_was_filled_and_nothing_else(tmp_path: Path) -> None:
    reading = read_table(given(tmp_path))
    district = District.of_reading(reading)
    write_marked(district, reading, tmp_path / "m.xlsx")
    write_marked(district, reading, tmp_path / "m.csv")
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
    names = [cell.value for cell in sheet[1]]
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {row["estate"]: row["filled"].split("; ") for row in csv.DictReader(file)}
    given_cells = {"甲园": {"x", "y", "fee", "members"}, "乙园": {"x", "y"}, "丙园": {"fee"}}
    for row in sheet.iter_rows(min_row=2):
        marked = {name for name, cell in zip(names, row, strict=True) if cell.fill.fill_type == "solid"}
        known = {"estate", "households"} | given_cells[row[0].value]
        assert marked == set(names) - known - {"members"} == set(texts[row[0].value])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_a_blank_table_is_read_once_it_is_filled_in(tmp_path: Path, lang: str, end: str) -> None:
    path = tmp_path / f"blank.{end}"
    write_blank(path, lang)
    with pytest.raises(DistrictError, match="a header but no rows"):
        read_table(path)
    cells = list(EXAMPLES.values())
    if end == "csv":
        with path.open("a", encoding="utf-8") as file:
            file.write(",".join(cells) + "\n")
    else:
        book = openpyxl.load_workbook(path)
        meanings = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
        for place, example in enumerate((row[4] for row in meanings[1:18]), 1):
            book.worksheets[0].cell(2, place, example)
        book.save(path)
        assert [row[0] for row in meanings[1:18]] == [COLUMNS[name].heading(lang) for name in EXAMPLES]
    reading = read_table(path)
    assert set(reading.values) == set(EXAMPLES) and len(reading.notes) == 1
    assert not any(reading.gaps(name)[0] for name in EXAMPLES)


def test_a_map_is_geojson_in_degrees_of_wgs84(tmp_path: Path) -> None:
    reading = read_table(given(tmp_path))
    district = District.of_reading(reading)
    path = tmp_path / "map.geojson"
    write_geojson(feature_collection(district, filled=filled_cells(district, reading)), path)
    collection = json.loads(path.read_bytes().decode("utf-8"))
    assert collection["type"] == "FeatureCollection" and "crs" not in collection
    features = {feature["id"]: feature for feature in collection["features"]}
    assert set(features) == {"甲园", "乙园", "丙园"}
    for feature in features.values():
        assert feature["type"] == "Feature" and feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert 113.8 < longitude < 114.1 and 22.4 < latitude < 22.7
    # GCJ-02 lies some 550 m east-south-east of WGS-84 there.
    assert features["甲园"]["geometry"]["coordinates"] == pytest.approx([113.92514, 22.53305], abs=2e-4)
    assert "x" in features["丙园"]["properties"]["filled"] and "x" not in features["甲园"]["properties"]["filled"]
    assert features["乙园"]["properties"]["members"] is None


def test_a_map_of_kilometres_needs_an_origin(tmp_path: Path) -> None:
    district = District.from_csv(given(tmp_path, "estate,households,x,y\nA,10,0,0\nB,10,1,2\n"))
    with pytest.raises(DistrictError, match="--origin"):
        feature_collection(district)
    features = feature_collection(district, plane_at(113.9, 22.5))["features"]
    assert features[0]["geometry"]["coordinates"] == [113.9, 22.5]
    unnamed = given(tmp_path, TABLE.replace("(GCJ-02)", ""))
    with pytest.raises(DistrictError, match="--coordinates"):
        feature_collection(District.from_csv(unnamed))
    assert District.from_csv(unnamed, dialect=Dialect(coordinates="gcj02")).plane is not None


def test_where_a_district_lies_is_no_part_of_what_it_is(tmp_path: Path) -> None:
    district = District.from_csv(given(tmp_path))
    district.to_csv(tmp_path / "again.csv")
    assert district.plane is not None and District.from_csv(tmp_path / "again.csv") == district


def test_a_model_of_a_district_with_a_place_is_saved_and_loaded(tmp_path: Path) -> None:
    model = sim.GovernanceModel({"run.weeks": 4, "run.warmup": 2}, district=District.from_csv(given(tmp_path)), seed=1)
    model.run(weeks=1)
    model.save(tmp_path / "model.npz")
    loaded = sim.GovernanceModel.load(tmp_path / "model.npz").district
    assert loaded == model.district and loaded.plane == model.district.plane and loaded.notes == model.district.notes


def test_what_is_said_of_a_checked_table_has_totals_and_what_was_filled(tmp_path: Path) -> None:
    reading = read_table(given(tmp_path))
    district = District.of_reading(reading)
    lines = checked(district, reading, Path("given.csv"))
    assert (
        lines[0]
        == f"given.csv can be used: {str(district).strip('<>')}."
        == f"given.csv can be used: {described(district)}."
    )
    assert "  households: 260 in all, given for 3 of 3 estates" in lines
    assert "  members: 3 in the 1 of 3 estates for which they are given" in lines
    assert any("community, street, kind, year, firm, committee, owners" in line for line in lines)
    assert lines.index("What was not in the table and had to be filled:") > lines.index("How it was read:")


def test_members_that_no_table_gives_are_not_added_up_to_none() -> None:
    reading = read_table(pd.DataFrame({"estate": ["A"], "households": [100]}))
    line = totals(District.of_reading(reading), reading)[-2]
    assert str(line).startswith("members: not given; taken instead") and "district.members_rate" in text_of(line, "zh")
