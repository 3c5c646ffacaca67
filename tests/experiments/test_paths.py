"""Paths and messages: `~` is the home folder wherever a path is taken, and what is very long is shortened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from experiments import Plan, Store, compare, sweep
from experiments.analyses.validation.targets import SHIPPED, read_targets
from experiments.core.design.user_strategies import Plugin
from sim.core.paths import expanded
from tests.support import toy_experiments, toy_model


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own."""
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("USERPROFILE", str(place))
    monkeypatch.chdir(tmp_path)
    return place


def strays(folder: Path) -> list[str]:
    """Names of what was made under a folder that is really called `~`."""
    return [str(path) for path in folder.rglob("~*")]


def test_every_option_that_takes_a_path_knows_the_home_folder(gongzhi: Any, home: Path) -> None:
    sim.Scenario().replace({"run.weeks": 4, "run.warmup": 2}).save(home / "world.toml")
    (home / "mine.py").write_text(
        "import sim\n@sim.strategy('mine')\ndef mine(district, budget, rng):\n    return None\n", encoding="utf-8"
    )
    status, _, err = gongzhi("district", "generate", "--estates=5", "--out=~/made/ground.csv")
    assert status == 0 and (home / "made" / "ground.csv").is_file(), err
    assert gongzhi("district", "check", "~/made/ground.csv")[0] == 0
    status, _, err = gongzhi(
        "run", "--scenario=~/world.toml", "--district=~/made/ground.csv", "--out=~/run", "--quiet", "--plugin=~/mine.py"
    )
    assert status == 0 and (home / "run" / "outcomes.csv").is_file(), err
    assert gongzhi("parameters", "--out=~/parameters.md")[0] == 0 and (home / "parameters.md").is_file()
    status, _, err = gongzhi("report", "~/nothing")
    assert status == 2 and str(home / "nothing") in err
    assert not strays(Path.cwd())


def test_paths_in_python_and_in_a_design_know_it_too(home: Path, small: sim.Scenario) -> None:
    made = compare(
        ["none", "full"], replicates=1, scenario=small, model=toy_model.toy, store="~/out", execution=alone()
    )
    assert made.folder == home / "out" == Store("~/out").folder
    (home / "mine.py").write_text("", encoding="utf-8")
    assert Plugin.read("~/mine.py").source == ""
    (home / "points.csv").write_text("branches.reporting_hours\n0.5\n1.5\n", encoding="utf-8")
    (home / "design.toml").write_text(
        'question = "?"\ndesign = "table"\nfile = "~/points.csv"\nreplicates = 1\noutcomes = ["conflicts"]\n',
        encoding="utf-8",
    )
    plan = Plan.read("~/design.toml", model=toy_model.toy)
    assert plan.points["branches.reporting_hours"].tolist() == [0.5, 1.5]
    swept = sweep(Plan.of(toy_experiments.DESIGN, model=toy_model.toy), store="~/swept", execution=alone())
    assert swept.store.folder == home / "swept"
    (home / "targets.csv").write_bytes(SHIPPED.read_bytes())
    assert read_targets("~/targets.csv").keys() == read_targets(SHIPPED).keys()
    assert not strays(Path.cwd())


def alone() -> Any:
    from experiments import Execution

    return Execution(executor="serial", progress=False)


def test_what_only_looks_like_a_home_stays_as_it_is() -> None:
    assert expanded("~no-such-person-here/x") == Path("~no-such-person-here/x")
    assert expanded("a/~/b") == Path("a/~/b") and expanded("~") == Path.home()


@pytest.mark.parametrize("letter", ["x", "纠"])
def test_a_very_long_name_is_shortened_in_its_middle(gongzhi: Any, letter: str) -> None:
    name = "begin-" + letter * 300 + "-end"
    for words in (
        ["run", f"--out={name}", "--estates=5", "--weeks=4", "--set=run.warmup=2"],
        ["report", name],
        ["district", "check", name],
        ["run", f"--set={name}=1"],
    ):
        status, _, err = gongzhi(*words, "--quiet") if words[0] != "district" else gongzhi(*words)
        assert status in (1, 2) and name not in err
        assert "begin-" in err and "…" in err and len(err) < 600, err


def test_chinese_sentences_and_ordinary_paths_are_not_shortened(capsys: pytest.CaptureFixture[str]) -> None:
    from experiments.cli.app import complain

    text = "各组按公共随机数配对比较：同一次重复中，每户在各组遇到同样的事件与运气，差别只来自政策所引起的变化。" * 5
    for said in (text, "/".join(["", *["folder"] * 20]), "Stopped. 3 finished runs are kept in results/a; go on."):
        complain(said)
        assert capsys.readouterr().err == said + "\n"


def test_scenarios_districts_and_saved_models_know_the_home_folder(home: Path) -> None:
    scenario = sim.Scenario().replace({"run.weeks": 4, "run.warmup": 2, "district.estates": 5})
    scenario.save("~/world.toml")
    assert sim.Scenario.load("~/world.toml") == scenario
    district = sim.District.synthetic(5)
    district.to_csv("~/ground.csv")
    assert list(sim.District.from_csv("~/ground.csv").names) == list(district.names)
    model = sim.GovernanceModel(scenario, district, rng=1)
    model.save("~/model.npz")
    assert sim.GovernanceModel.load("~/model.npz").week == 0
    assert sorted(path.name for path in home.iterdir()) == ["ground.csv", "model.npz", "world.toml"]
    assert not strays(Path.cwd())
