"""Whatever is typed: one message that says what, where and what instead, status 2, and nothing begun."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from experiments import Plan
from experiments.core.design import points
from experiments.core.design.axes import Axis
from experiments.core.design.user_strategies import Plugin
from experiments.presets.compare_coverage import arms
from sim import Scenario
from sim.core.errors import ScenarioError, StrategyError

SHOWN = ("parameters", "glossary", "outcomes")
"""Commands that print what was asked for alone, and have no option to print less."""

DESIGN = 'design = "table"\nfile = "points.csv"\n'
NO_SUCH_LINE = """
import sim
class Bells(sim.Component):
    outcomes = [sim.Outcome("bells", unit="times")]
    steps = [sim.Step("ring", before="incidents.beginn", doc="rings")]
    def settle_in(self):
        self.bells = 0
    def ring(self):
        self.bells += 1
"""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "--set", "=3"], '"" is not a parameter'),
        (["fidelity"], "docs/fidelity.toml is not here"),
        (["run", "--set", "run.weeks="], 'run.weeks = "" must be a whole number'),
        (["run", "--set", "run.weeks"], '"run.weeks" must be section.parameter=value'),
        (["run", "--seed", "-1"], "--seed -1 must be a whole number of at least 0"),
        (["run", "--out", "notes.txt"], "notes.txt is not a folder"),
        (["run", "--out", "notes.txt/x"], "notes.txt/x is not a folder"),
        (["run", "--scenario", "."], "this is a folder; a TOML file is needed"),
        (["run", "--scenario", "day.toml"], "run.weeks = 2020-01-01 must be a whole number"),
        (["parameters", ""], '"" is empty: give a text, or leave it out'),
        (["parameters", "--out", "notes.txt/x.csv"], "notes.txt is not a folder"),
        (["district", "generate", "--estates=3", "--out", "notes.txt/x.csv"], "notes.txt is not a folder"),
        (["compare", "full; coverage.strategy=own"], "names two strategies"),
        (["run", "--plugin", "."], "cannot be read: Is a directory"),
        (["run", "--plugin", "latin.py"], "latin.py is not in UTF-8"),
        (["run", "--plugin", "ends.py"], "ends.py cannot be used: it ends the program (line 2)"),
        (["run", "--plugin", "nul.py"], "nul.py cannot be used: source code string cannot contain null bytes"),
        (["run", "--plugin", "ends-otherwise.py"], "ends-otherwise.py cannot be used: GeneratorExit (line 1)"),
        (["run", "--plugin", "two-files.py"], "needs of second.py into it"),
        (["run", "--plugin", "no-such-line.py"], 'Did you mean "incidents.begin"?'),
        (["compare", "own", "--plugin", "no-such-line.py"], 'Did you mean "incidents.begin"?'),
        (["sensitivity", "--plugin", "no-such-line.py"], 'Did you mean "incidents.begin"?'),
        (["run", "--seed", "nan"], '--seed "nan" must be a whole number.'),
        (["run", "--estates=1e3"], '--estates "1e3" must be a whole number.'),
        (["run", "--sample", ""], '--sample "" is empty'),
        (["run", "--sample", "half"], '--sample "half" must be a number.'),
        (["run", "--out", "a\0b"], "must be a name without a null."),
        (["budget", "much"], "must be a number."),
        (["run", "--out", ""], '--out "" is empty: give a text, or leave it out'),
        (["run", "--out="], '--out "" is empty: give a text, or leave it out'),
        (["film", ""], '"" is empty: give a text, or leave it out'),
        (["run", "--strategy", " "], '--strategy " " is empty'),
        (["compare", "own", "--assumptions=-1"], "a range over assumptions takes 16 worlds or more"),
        (["compare", "own", "--assumptions=99999999"], "a range over assumptions takes 16 worlds or more, up to 1,000"),
        (["compare", "own", "--replicates=99999999"], "are 199,999,998 runs; a folder holds 10,000,000 at most"),
        (["compare", "own", "--districts=99999999"], "districts is 99999999: at most 1,000 are made"),
        (["validate", "--pilots=-1"], "pilots is -1: a whole number of at least 0 is needed"),
        (["fidelity", "--rows", "notes.txt"], "notes.txt, line 1: this is not TOML: "),
        (["fidelity", "--rows", "day.toml"], "day.toml must hold a table [[row]] for each sentence"),
        (["fidelity", "--rows", "row.toml"], 'row.toml, row "a": how, study must be given'),
        (["glossary", "--out", "words.pdf"], "words.pdf must end in .md: the page is Markdown"),
        (["outcomes", "--out", "words.pdf"], "words.pdf must end in .md: the page is Markdown"),
        (["sweep", "none.toml"], "nofile.csv cannot be read: No such file or directory"),
        (["sweep", "nul.toml"], "cannot be read: "),
        (["sweep", "many.toml"], "100,000,000 points; there must be from 1 to 1,000,000"),
        (["sweep", "each.toml"], "100,000,000 points; there must be from 1 to 1,000,000"),
    ],
)
def test_wrong_input_is_answered_with_what_is_wrong(gongzhi: Any, tmp_path: Path, words: list[str], told: str) -> None:
    varied = '[parameters]\n"services.effect" = "declared"\n'
    for name, text in {
        "notes.txt": "mine",
        "day.toml": "[run]\nweeks = 2020-01-01\n",
        "ends.py": "import sys\nsys.exit(3)\n",
        "nul.py": "a = 1\0",
        "ends-otherwise.py": "raise GeneratorExit\n",
        "two-files.py": "import second\n",
        "second.py": "",
        "no-such-line.py": NO_SUCH_LINE,
        "row.toml": '[[row]]\nid = "a"\n',
        "none.toml": DESIGN.replace("points", "nofile"),
        "nul.toml": DESIGN.replace("points", "a\\u0000b"),
        "many.toml": f'design = "factorial"\nlevels = 100000000\n{varied}',
        "each.toml": f'design = "one-at-a-time"\nlevels = 100000000\n{varied}',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "latin.py").write_bytes("# é".encode("latin-1"))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    status, out, err = gongzhi(*words, *([] if words[0] in SHOWN else ["--quiet"]))
    assert (status, out) == (2, "") and told in err, err
    assert "Errno" not in err and {path for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"parameters": {"coverage.start_week": {"levels": ["none", 52, 104]}}},
            "coverage.start_week = none: at each point it must have a value, from 0 to 4000; give the",
        ),
        ({"parameters": {"coverage.start_week": {"levels": [52, None]}}}, "at each point it must have a value"),
        (
            {"parameters": {"coverage.start_week": {"levels": [52, 104]}}, "design": "one-at-a-time"},
            "coverage.start_week is none in the scenario: the usual point must have a value of it",
        ),
        ({"baseline": "nope"}, 'baseline = "nope" is no arm. The design names no arms'),
        ({"arms": ["full"], "baseline": "ful"}, 'baseline = "ful" is no arm. Did you mean "full"'),
        ({"arms": {"a": 3}}, "each arm is the name of a strategy or a table of changes"),
        ({"outcomes": []}, "No outcomes are asked for"),
        ({"outcomes": "conflicts"}, 'outcomes = "conflicts": a list of names is needed'),
        ({"parameters": {"branches": {"targts": "declared"}}}, "branches.targts"),
    ],
)
def test_a_design_says_what_it_must_be(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(told)):
        Plan.of({"parameters": {"services.effect": "declared"}, **said})


@pytest.mark.parametrize("design", ["factorial", "latin"])
def test_a_parameter_that_may_be_left_out_has_levels_that_are_numbers(design: str) -> None:
    levels = {"coverage.start_week": {"levels": [52, 104]}}
    made = Plan.of({"parameters": levels, "design": design, "points" if design == "latin" else "levels": 4})
    assert set(made.points["coverage.start_week"]) == {52, 104}
    assert made.points["coverage.start_week"].dtype == int


def test_a_parameter_may_be_named_without_quotes() -> None:
    quoted = Plan.of({"parameters": {"branches.targets": [2, 9], "couriers.norm": {"levels": ["none", "linear"]}}})
    plain = Plan.of(
        {"parameters": {"branches": {"targets": [2, 9]}, "couriers": {"norm": {"levels": ["none", "linear"]}}}}
    )
    assert plain.points.equals(quoted.points)


def test_what_a_policy_sets_cannot_be_set_for_all(gongzhi: Any) -> None:
    status, out, err = gongzhi("ablate", "full", "--set", "coverage.strategy=own", "--quiet")
    assert (status, out) == (2, "") and "with --set it would be lost" in err


def test_nothing_is_collected_from_nothing(gongzhi: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "studies.md"
    page.write_text("mine", encoding="utf-8")
    status, _, err = gongzhi("study", "--collect", str(page))
    assert status == 2 and "run a study first" in err and page.read_text(encoding="utf-8") == "mine"


def test_a_run_leaves_alone_what_is_not_its_own(gongzhi: Any, tmp_path: Path) -> None:
    (tmp_path / "outcomes.csv").write_text("mine", encoding="utf-8")
    words = ("run", "--estates", "3", "--weeks", "4", "--set", "run.warmup=1", "--quiet", "--out", str(tmp_path))
    status, _, err = gongzhi(*words)
    assert status == 2 and "holds other files (outcomes.csv)" in err
    assert (tmp_path / "outcomes.csv").read_text(encoding="utf-8") == "mine"


def test_the_version_can_be_asked_for(gongzhi: Any) -> None:
    status, out, _ = gongzhi("--version")
    assert status == 0 and out.startswith("gongzhi 0.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (",branches.targets\n0,3\n", "column 1 has no name"),
        ("branches.targets;services.effect\n3;0.1\n", "parted by commas"),
        ("branches.targets,couriers.norm\n3,nne\n4,none\n", r"1 of 2 points .*\n  - line 2: couriers.norm = \"nne\""),
        ("branches.targets\n\n\nx\n", "1 of 1 points .*\n  - line 4: branches.targets = x"),
        (
            "coverage.start_week,coverage.waves\n52,2\n,2\nnone,3\n",
            "2 of 3 points .*\n  - line 3: .*\n  - line 4: coverage.start_week = none: at each point",
        ),
    ],
)
def test_a_table_of_points_says_where_it_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=told):
        points.table_of(path, Scenario())


@pytest.mark.parametrize("kind", ["latin", "sobol", "morris"])
def test_any_whole_number_is_a_seed_of_points(kind: str) -> None:
    axes = [Axis("a", 0.0, 1.0), Axis("b", 0.0, 1.0)]
    made = [points.KINDS[kind](axes, 4, seed) for seed in (7, -7, 10**30)]
    assert made[0].equals(points.KINDS[kind](axes, 4, 7)) and not made[0].equals(made[1])
    assert not made[1].equals(made[2])


def test_one_at_a_time_takes_as_many_levels_as_there_may_be_points() -> None:
    made = points.one_at_a_time([Axis("a", 0.0, 1.0)], 20_000, usual=[0.5])
    assert len(made) == 20_001 and made["a"].is_unique


def test_an_arm_keeps_its_changes_where_it_names_one_strategy() -> None:
    assert arms(["own; branches.mediation=false"])["own; branches.mediation=false"]["coverage.strategy"] == "own"
    with pytest.raises(ScenarioError, match="names two strategies"):
        arms(["own; coverage.strategy=own"])


def test_a_plugin_that_ends_the_program_leaves_no_module(tmp_path: Path) -> None:
    path = tmp_path / "ends.py"
    path.write_text("raise SystemExit\n", encoding="utf-8")
    before = set(sys.modules)
    with pytest.raises(StrategyError, match="it ends the program"):
        Plugin.read(path).load()
    assert {name for name in set(sys.modules) - before if name.startswith("gongzhi_plugin_")} == set()
