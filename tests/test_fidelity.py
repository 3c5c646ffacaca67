"""The page that holds the study against the model: what it names exists, and it leaves out no policy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from experiments.analyses.fidelity_table import (
    BASES,
    HOW,
    OUTCOMES,
    Row,
    measured,
    page,
    read_rows,
    read_sizes,
    write_sizes,
)
from experiments.core.run.execute import Execution
from experiments.core.spec import Running
from sim import Scenario
from sim.core.errors import ScenarioError
from tests.support.repository import ROOT

ROWS: Final = read_rows(ROOT / "docs" / "fidelity.toml")
POLICY: Final = (
    "coverage",
    "branches",
    "services",
    "emergency",
    "empowerment",
    "supervision",
    "deliberation",
    "meetings",
    "couriers",
    "enterprises",
    "frontline",
)
"""Sections all of whose parameters belong to something that the study tells of."""

ELSEWHERE: Final = (
    "committees.mobilisation",
    "residents.foreign",
    "voice.foreign_barrier",
    "district.members_rate",
    "district.in_service_rate",
    "ground.strength_log_sd",
    "desks.bundling",
)
"""Parameters of other sections in which the study has a part."""


def names() -> list[str]:
    return [row["name"] for row in Scenario().parameters()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_names_what_there_is(row: Row) -> None:
    files = (*row.where, row.test) if row.how != "out" else row.where
    assert not [name for name in files if not (ROOT / name).is_file()]
    known = names()
    unknown = [name for name in row.parameters if not Row("", "", "in", parameters=(name,)).names(known)]
    assert not unknown
    if row.how == "out":
        assert row.note and not row.off and not row.where, "what is left out has a reason and nothing else"
    else:
        assert row.where and row.touches and row.test
    if row.how == "part":
        assert row.note, "say what is missing"


@pytest.mark.parametrize("row", [row for row in ROWS if row.off], ids=lambda row: row.id)
def test_what_takes_a_row_away_belongs_to_it_and_changes_the_world(row: Row) -> None:
    assert set(row.off) <= set(row.names(names()))
    world = Scenario().arrangement().replace(dict(BASES[row.base]))
    assert all(isinstance(value, type(world.get(name))) for name, value in row.off.items())
    world.replace(dict(row.off))  # is a world


def test_no_row_stands_twice_and_how_is_known() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert {row.how for row in ROWS} == set(HOW)


def test_every_parameter_of_a_policy_is_in_a_row() -> None:
    known = names()
    told = {name for row in ROWS for name in row.names(known)}
    wanted = [name for name in known if name.split(".")[0] in POLICY or name in ELSEWHERE]
    assert not [name for name in wanted if name not in told]


def test_the_page_is_what_the_command_makes() -> None:
    sizes = read_sizes(ROOT / "docs" / "fidelity.csv")
    for lang, name in (("en", "fidelity.md"), ("zh", "fidelity.zh.md")):
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == page(ROWS, sizes, lang), "run: make fidelity"
    if len(sizes):
        wanted = {(row.id, outcome) for row in ROWS if row.off for outcome in OUTCOMES}
        assert set(zip(sizes["id"], sizes["outcome"], strict=True)) == wanted, "run: make fidelity ARGS=--measure"


def test_sizes_are_paired_and_are_kept(tmp_path: Path) -> None:
    """Where a row is taken away by what is so already, its size is nothing at all; another row has one."""
    offs: dict[str, dict[str, bool]] = {"nothing": {"emergency.enabled": False}, "all": {"voice.enabled": False}}
    rows = [Row(name, "", "in", off=off) for name, off in offs.items()]
    world = Scenario().replace({"district.estates": 4, "run.weeks": 26, "run.warmup": 10})
    running = Running(tmp_path / "runs", execution=Execution(executor="serial", progress=False))
    found = measured(rows, world, running, replicates=2)
    counted = list(found[found["outcome"] == "conflicts"].itertuples())
    assert {(one.change, one.low, one.high) for one in counted if one.id == "nothing"} == {(0.0, 0.0, 0.0)}
    assert all(one.change for one in counted if one.id == "all")
    assert all(one.least <= one.low <= one.high <= one.most for one in counted)
    write_sizes(tmp_path / "sizes.csv", found)
    kept = read_sizes(tmp_path / "sizes.csv")
    words = ["id", "outcome", "verdict"]
    assert kept[words].equals(found[words])
    assert "%" in page(rows, kept)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("x = [", "this is not TOML"),
        ("a = 1", "must hold a table [[row]] for each sentence"),
        ("row = [3]", "must hold a table [[row]] for each sentence"),
        ('[[row]]\nid = "a"\nhow = "in"', 'row "a": study must be given.'),
        ('[[row]]\nid = "a"\nhow = "in"\nstudy = "b"\noff = 3', 'row "a": off must be changes, such as {'),
        ('[[row]]\nid = "a"\nhow = "in"\nstudy = "b"\nwhere = "c"', 'row "a": where must be a list of texts.'),
    ],
)
def test_a_table_of_sentences_that_cannot_be_used_is_refused(text: str, needed: str, tmp_path: Path) -> None:
    (tmp_path / "rows.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_rows(tmp_path / "rows.toml")
    assert "rows.toml" in str(caught.value) and needed in str(caught.value)
