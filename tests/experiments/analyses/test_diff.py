"""Two folders of results beside each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.analyses.folder_diff import origin_differences, table_differences
from sim.core.errors import StoreError

HEAD = "strategy,against,outcome,mean,difference,ci_low,ci_high,verdict,unit,better"
FULL = "full,none,conflicts,2.9,-0.1,-0.12,-0.08,helps,per week,lower"
OPEN = "full,none,open,4.0,0.5,0.4,0.6,harms,per week,lower"


def folder(path: Path, *rows: str, made: dict[str, Any] | None = None, **others: str) -> Path:
    path.mkdir()
    stored = {
        "command": "gongzhi compare",
        "design": {"scenario": {"run.weeks": 104}},
        "versions": {"numpy": path.name},
    }
    (path / "experiment.json").write_text(json.dumps(stored | (made or {})), encoding="utf-8")
    (path / "table.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    for name, text in others.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_a_folder_is_the_same_as_itself(tmp_path: Path, gongzhi: Any) -> None:
    one, two = folder(tmp_path / "one", FULL, OPEN), folder(tmp_path / "two", FULL, OPEN)
    assert not origin_differences(one, two) and [table.same for table in table_differences(one, two)] == [True]
    status, out, _ = gongzhi("diff", one, two)
    assert status == 0 and "made alike" in out and "table.csv: the same, 2 rows" in out


def test_what_made_it_and_what_came_out_otherwise_is_named(tmp_path: Path, gongzhi: Any) -> None:
    one = folder(tmp_path / "one", FULL, OPEN)
    other = FULL.replace("2.9,-0.1,-0.12,-0.08,helps", "2.9,-0.02,-0.05,0.01,undecided")
    two = folder(tmp_path / "two", other, OPEN, made={"design": {"scenario": {"run.weeks": 208}}})
    assert origin_differences(one, two) == [("design.scenario.run.weeks", "104", "208")]
    (table,) = table_differences(one, two)
    assert (table.both, table.first, table.second, table.cells) == (2, 0, 0, 3)
    assert table.largest == pytest.approx(0.09 / 0.08)
    (changed,) = table.effects
    assert changed.name == ("full", "none", "conflicts") and changed.verdict and changed.disjoint
    status, out, _ = gongzhi("diff", one, two)
    assert status == 1 and "run.weeks: 104 | 208" in out and "differing verdicts: 1, disjoint intervals: 1" in out


def test_what_is_in_the_spec_and_in_the_design_is_named_once(tmp_path: Path) -> None:
    weeks = [{part: {"scenario": {"run.weeks": count}} for part in ("design", "spec")} for count in (104, 208)]
    one, two = (folder(tmp_path / str(number), FULL, made=made) for number, made in enumerate(weeks))
    assert origin_differences(one, two) == [("design.scenario.run.weeks", "104", "208")]


def test_rows_are_known_by_what_they_are_about_and_not_by_their_place(tmp_path: Path) -> None:
    one, two = folder(tmp_path / "one", FULL, OPEN), folder(tmp_path / "two", OPEN)
    (table,) = table_differences(one, two)
    assert (table.both, table.first, table.second, table.cells) == (1, 1, 0, 0) and not table.same


def test_empty_cells_are_alike_and_tables_without_words_are_compared_by_place(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", FULL, points="a,b\n1,\n2,3\n")
    two = folder(tmp_path / "two", FULL, points="a,b\n1,\n2,4\n")
    points, table = table_differences(one, two)
    assert (points.file, points.cells, points.of, points.largest) == ("points.csv", 1, 4, 0.25) and table.same


def test_what_is_no_experiment_is_said_in_one_line(tmp_path: Path, gongzhi: Any) -> None:
    with pytest.raises(StoreError, match="no experiment"):
        origin_differences(tmp_path, tmp_path)
    status, _, err = gongzhi("diff", tmp_path / "nowhere", tmp_path)
    assert status and "holds no experiment" in err and "Traceback" not in err


def test_where_no_row_is_in_both_nothing_is_called_the_same(tmp_path: Path, gongzhi: Any) -> None:
    one, two = folder(tmp_path / "one", FULL), folder(tmp_path / "two", FULL.replace("full", "own"))
    _, out, _ = gongzhi("diff", one, two)
    assert "table.csv: no row in both, 1 only in the first, 1 only in the second" in out
    assert "the same numbers" not in out


def test_a_long_difference_is_cut_unless_all_is_asked_for(tmp_path: Path, gongzhi: Any) -> None:
    notes = [{"design": {"notes": "x" * 2000 + letter}} for letter in "ab"]
    one, two = (folder(tmp_path / str(number), FULL, made=made) for number, made in enumerate(notes))
    shown, whole = (max(map(len, gongzhi("diff", one, two, *more)[1].splitlines())) for more in ([], ["--all"]))
    assert shown < 450 and whole > 4000


@pytest.mark.parametrize("name", ["experiment.json", "table.csv"])
@pytest.mark.parametrize("content", [b"", b"{\n", b"\xff\xfe\x00", None])
def test_a_damaged_file_is_named_and_is_no_difference(
    tmp_path: Path, gongzhi: Any, name: str, content: bytes | None
) -> None:
    one, two = folder(tmp_path / "one", FULL), folder(tmp_path / "two", FULL)
    path = two / name
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    status, out, err = gongzhi("diff", one, two)
    if (name, content) == ("table.csv", b"{\n"):  # which is a table of one column without rows
        assert status == 1 and "1 only in the first" in out
    else:
        assert status == 2 and f"{path} cannot be read: " in err, err
