"""A messy table is read where it can only mean one thing; else it is refused with what would settle it."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.core.errors import DistrictError
from sim.core.message_catalogue import MODEL
from sim.core.sentence import Sentence, Several
from sim.district import District
from sim.district.reading import Dialect, Reading, read_table
from sim.district.reading.headings import BOTH, Heading, recognise
from tests.support.messy import MESSY, UNKNOWN, Messy


def read(folder: Path, table: Messy) -> Reading:
    path = folder / "table.csv"
    path.write_text(table.text, encoding="utf-8")
    return read_table(path, table.columns, dialect=Dialect(**table.dialect))


def untranslated(text: Any) -> list[str]:
    """Return the messages within a text that have no Chinese, and texts that are no message at all."""
    if isinstance(text, Several):
        return [message for part in text.parts for message in untranslated(part)]
    if not isinstance(text, Sentence):
        return []
    within = [message for value in text.places.values() for message in untranslated(value)]
    known = type(text) is not Sentence or MODEL.translation("zh", text.message)
    return within if known else [text.message, *within]


def test_there_are_sixty_and_each_has_a_name() -> None:
    assert len(MESSY) >= 60 and len({table.id for table in MESSY}) == len(MESSY)


@pytest.mark.parametrize("table", [table for table in MESSY if not table.refused], ids=lambda table: table.id)
def test_what_can_only_mean_one_thing_is_read_and_said(tmp_path: Path, table: Messy) -> None:
    reading = read(tmp_path, table)
    for name, cells in table.values.items():
        values = [UNKNOWN if value != value else value for value in reading.values[name]]
        assert values == cells, name
    for words in table.notes:
        assert any(words in note for note in reading.notes), reading.notes
    for note in reading.notes:
        assert isinstance(note, Sentence) and not untranslated(note)
        assert note.endswith(".") and note.text("zh").endswith("。")
    district = District.of_reading(reading)
    assert all(not untranslated(note) for note in district.notes)


@pytest.mark.parametrize("table", [table for table in MESSY if table.refused], ids=lambda table: table.id)
def test_what_can_mean_two_things_is_refused_with_what_would_settle_it(tmp_path: Path, table: Messy) -> None:
    with pytest.raises(DistrictError) as caught:
        read(tmp_path, table)
    for words in table.refused:
        assert words in str(caught.value)
    assert not untranslated(caught.value.args[0])
    assert str(caught.value) != caught.value.text("zh") and caught.value.text("en") == str(caught.value)
    assert caught.value.text("zh").rstrip().endswith(("。", "？", "”？", "”。"))


@pytest.mark.parametrize(
    "values", ["column,cell,meaning\nspaces,无,0\n", "栏目,写法,含义\n车位,无,0\n", "spaces,无,0\n"]
)
def test_meanings_are_read_from_a_table_in_either_language(tmp_path: Path, values: str) -> None:
    path = tmp_path / "values.csv"
    path.write_text(values, encoding="utf-8")
    table = Messy("", "estate,households,spaces\nA,9,无\n", {}, dialect={"values": path})
    assert read(tmp_path, table).values["spaces"] == [0.0]


def test_a_clean_table_is_read_without_a_word(tmp_path: Path) -> None:
    reading = read(tmp_path, Messy("", "estate,households,fee,x,y\nA,9,1.234,0.125,2.500\nB,1200,2.5,,\n"))
    assert reading.notes == ["Read 2 estates from table.csv."]
    assert (
        reading.values["fee"] == [1.234, 2.5] and reading.values["y"][0] == 2.5 and math.isnan(reading.values["y"][1])
    )


@pytest.mark.parametrize("wrong", [{"coordinates": "utm"}, {"decimal": "dot"}, {"values": 3}])
def test_a_dialect_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DistrictError):
        Dialect(**wrong)


def test_the_lines_that_a_message_offers_in_chinese_are_read(tmp_path: Path) -> None:
    table = tmp_path / "小区.csv"
    table.write_text("小区,户数,类型,车位\n甲,300,公寓,无\n乙,200,商品房,90\n", encoding="utf-8")
    with pytest.raises(DistrictError) as caught:
        District.from_csv(table)
    lines = re.findall("“([^“”]+,[^“”]+,[^“”]+)”", caught.value.text("zh"))
    assert lines == ["类型,公寓,商品房", "车位,无,0", "车位,无,未知"]
    for offered in (lines[:2], lines[::2]):
        values = tmp_path / "含义.csv"
        values.write_text("\n".join(["栏目,单元格,含义", *offered]), encoding="utf-8")
        assert District.from_csv(table, dialect=Dialect(values=values)).estates == 2


def test_minutes_and_seconds_are_parts_of_degrees(tmp_path: Path) -> None:
    east, north = ("113°56'24\"E", "113.5 °"), ("22°32′09″N", "22.54")
    rows = zip(east, north, strict=True)
    head = "estate;households;longitude;latitude\n"
    written = head + "".join(f"E{k};9;{lon};{lat}\n" for k, (lon, lat) in enumerate(rows))
    decimal = head + "E0;9;113.94;22.535833333333333\nE1;9;113.5;22.54\n"
    first, second = (read(tmp_path, Messy("", text)).values for text in (written, decimal))
    for name in ("x", "y"):
        np.testing.assert_allclose(first[name], second[name], atol=1e-9)


@pytest.mark.parametrize(
    ("heading", "datum"),
    [
        ("\u5750\u6807\uff08BD-09\uff09", "bd09"),
        ("\u767e\u5ea6\u5750\u6807\uff08\u7ecf\u5ea6,\u7eac\u5ea6\uff09", "bd09"),
        ("\u9ad8\u5fb7\u5750\u6807\u7cfb(lng,lat)", "gcj02"),
        ("\u5750\u6807\uff08\u7ecf\u5ea6\uff0c\u7eac\u5ea6\uff09", ""),
        ("\u7ecf\u7eac\u5ea6\uff08WGS-84\uff09", "wgs84"),
    ],
)
def test_a_heading_of_both_degrees_is_read_however_it_names_them(heading: str, datum: str) -> None:
    assert recognise(heading) == Heading(BOTH, datum=datum)


def test_a_unit_behind_a_place_is_no_pair_of_degrees() -> None:
    assert recognise("\u5750\u6807(km)") == Heading(BOTH, unit="km")
