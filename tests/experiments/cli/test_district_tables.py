"""`gongzhi district` reads tables as people have them, in both languages, and writes what can be read again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sim
from experiments.cli.options import World
from sim.core.screen import columns

TABLE = '小区一览,,,\n小区,总户数（户）,经度,纬度\n甲园,"1,024",113.93,22.53\n乙园,80,113.95,22.55\n合计,"1,104",,\n'


@pytest.fixture
def table(tmp_path: Path) -> str:
    (tmp_path / "own.csv").write_text(TABLE, encoding="utf-8")
    return "own.csv"


def test_a_table_is_checked_in_both_languages(gongzhi, table) -> None:  # noqa: ANN001
    status, out, _ = gongzhi("district", "check", table)
    assert status == 0 and "households: 1,104 in all, given for 2 of 2 estates" in out
    assert "Rows of totals that were not read as estates: 1 (line 5)." in out and "made up for every estate" in out
    status, out, _ = gongzhi("district", "check", table, "--lang", "zh")
    assert status == 0 and "户数：合计1,104，2个小区中2个有原始数据" in out and "合计行没有作为小区读取" in out
    status, out, _ = gongzhi("district", "check", table, "--quiet")
    assert status == 0 and not out


def test_a_table_that_cannot_be_used_is_refused_in_both_languages(gongzhi, tmp_path) -> None:  # noqa: ANN001
    (tmp_path / "bad.csv").write_text("小区,户数\n甲园,-1\n", encoding="utf-8")
    assert "line 2: 户数 = " in gongzhi("district", "check", "bad.csv")[2]
    status, _, complaint = gongzhi("district", "check", "bad.csv", "--lang", "zh")
    assert status == 2 and "1行中有1行无法读取" in complaint and "应填1至200000的整数" in complaint


def test_a_marked_copy_in_chinese_is_chinese_and_is_read_again(gongzhi, tmp_path) -> None:
    rows = ["小区,街道,户数,类型,业委会", "阳光花园,粤海,1200,商品房,有", "阳光花园,南头,9500,城中村,无"]
    (tmp_path / "own.csv").write_text("\n".join(rows), encoding="utf-8")
    status, out, err = gongzhi("district", "check", "own.csv", "--lang", "zh", "--out", "marked.csv")
    assert status == 0 and "读作“阳光花园 (粤海)”、“阳光花园 (南头)”" in out, err
    text = (tmp_path / "marked.csv").read_text(encoding="utf-8-sig")
    assert ",商品房," in text and ",城中村," in text and ",是," in text and not set(",yes,") <= set()
    first, again = sim.District.from_csv("own.csv"), sim.District.from_csv("marked.csv")
    assert first.kind.tolist() == again.kind.tolist() and first.committee.tolist() == again.committee.tolist()


def test_a_marked_copy_a_template_and_a_map_are_written(gongzhi, table) -> None:  # noqa: ANN001
    pytest.importorskip("openpyxl")
    assert gongzhi("district", "check", table, "--out", "new/marked.xlsx", "--lang", "zh", "--quiet")[0] == 0
    assert sim.District.from_csv("new/marked.xlsx").households.sum() == 1104
    assert gongzhi("district", "template", "--out", "blank.xlsx", "--lang", "zh")[0] == 0
    assert "只有表头" in gongzhi("district", "check", "blank.xlsx", "--lang", "zh")[2]
    status, _, complaint = gongzhi("district", "export", table, "--geojson", "map.geojson")
    assert status == 2 and "--coordinates" in complaint
    assert gongzhi("district", "export", table, "--geojson", "map.geojson", "--coordinates", "gcj02")[0] == 0
    assert len(json.loads(Path("map.geojson").read_text(encoding="utf-8"))["features"]) == 2
    assert gongzhi("district", "export", table, "--geojson", "map.json", "--origin", "113.9,22.5")[0] == 0
    text = Path("map.json").read_bytes().decode("utf-8")
    assert text.startswith("{") and "甲园" in text  # a byte order mark is no JSON


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "own.csv", "--geojson", "a.geojson", "--origin", "here"], '--origin "here" must be'),
        (["check", "own.csv", "--coordinates", "utm"], 'Unknown coordinates "utm"'),
        (["check", "own.csv", "--decimal", "dot"], 'Unknown decimal "dot"'),
        (["check", "own.csv", "--values", "none.csv"], "there is no such file"),
        (["check", "own.csv", "--sheet", "a"], "is not a workbook"),
        (["check", "own.csv", "--lang", "fr"], "not a language"),
        (["describe", "--sheet", "a"], "give its file"),
        (["template", "--out", "own.csv/a.csv"], "cannot be written"),
        (["template", "--out", "blank.xls"], "blank.xls must end in .xlsx or .csv"),
        (["check", "own.csv", "--out", "copy.txt"], "copy.txt must end in .xlsx or .csv"),
    ],
)
def test_a_wrong_option_is_one_sentence(gongzhi, table, words, says) -> None:  # noqa: ANN001
    status, _, complaint = gongzhi("district", *words)
    assert status == 2 and says in complaint


def test_every_command_takes_the_same_options_of_a_table(table, tmp_path, monkeypatch) -> None:  # noqa: ANN001
    monkeypatch.chdir(tmp_path)
    Path("values.csv").write_text("column,cell,meaning\nhouseholds,80,90\n", encoding="utf-8")
    world = World(district=Path(table), values=Path("values.csv"), coordinates="wgs84")
    assert world.ground is not None and world.ground.households.sum() == 1114 and world.ground.plane is not None


def test_a_district_is_described_in_chinese(gongzhi) -> None:
    status, out, _ = gongzhi("district", "describe", "--estates", "12", "--lang", "zh")
    lines = out.splitlines()
    assert status == 0 and "\u5c0f\u533a\u6237\u6570\uff0c\u4e2d\u4f4d\u6570" in out
    named = re.compile(r"Clark-Evans|docs/model\.md")
    assert not [line for line in lines[1:] if re.search("[a-z]{4}", named.sub("", line))]
    # The last column begins in one place, though a Chinese character takes two.
    assert len({columns(line[: line.rindex("  ")]) for line in lines[1:]}) == 1
