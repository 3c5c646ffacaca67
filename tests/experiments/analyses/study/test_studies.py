"""Studies, contrasts and sweeps: what they say follows from the numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.study.contrasts import Contrast, contrasted, points
from experiments.analyses.study.study_comparison import Study, run_study, table_findings
from experiments.analyses.study.systems_study import Systems, SystemsSpec
from experiments.cli.study import NAMES
from experiments.core.run.execute import Execution
from experiments.presets import questions
from experiments.reporting.phrases import phrase
from sim import District, Scenario
from sim.core.errors import ScenarioError
from sim.outcomes import COLUMNS
from tests.support.html_page import Page
from tests.support.small_contrasts import run_contrasts

SERIAL = Execution(workers=1, executor="serial", progress=False)
SMALL = {"district.estates": 4, "run.weeks": 14, "run.warmup": 6}


@pytest.mark.parametrize("name", questions.STUDIES)
def test_a_study_names_arms_and_outcomes_that_exist(name: str) -> None:
    study = questions.study(name)
    assert study.name == name and study.question.endswith("?")
    scenario = Scenario().replace(study.world)
    scenarios = {label: scenario.replace(changes).fingerprint() for label, changes in study.arms.items()}
    assert len(set(scenarios.values())) == len(scenarios), "no two arms are the same world"
    assert study.focus in study.arms and set(study.parts) <= set(study.arms) and study.focus != study.baseline
    for outcome in (*study.outcomes, *study.benefits, *study.costs):
        assert outcome in COLUMNS or outcome in ("order", "vitality"), outcome


def test_the_list_names_every_study_with_its_question(gongzhi) -> None:
    status, out, _ = gongzhi("study", "--list")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == list(NAMES)
    assert all(questions.question(name) in out for name in NAMES)


def test_a_misspelt_study_is_named_with_the_nearest(gongzhi) -> None:
    status, _, err = gongzhi("study", "courier")
    assert status == 2 and 'Did you mean "couriers"?' in err and "Traceback" not in err


def test_a_study_writes_table_figure_and_finding_and_resumes(gongzhi, tmp_path: Path) -> None:
    command = ("study", "couriers", "--estates=4", "--weeks=60", "--replicates=2", "--executor=serial", "--out=made")
    status, out, err = gongzhi(*command)
    assert status == 0, err
    made = tmp_path / "made"
    table = (made / "table.csv").read_bytes()
    assert (made / "figures/couriers.png").exists() and (made / "figures/couriers.svg").exists()
    text = (made / "finding.md").read_text(encoding="utf-8")
    assert out.splitlines()[0] in text and "riders left alone" in text
    assert "不干预骑手" in (made / "finding.zh.md").read_text(encoding="utf-8")
    report = (made / "report.html").read_text(encoding="utf-8")
    assert out.splitlines()[0] in report and "<img" in report
    runs = sorted(path.stat().st_mtime_ns for path in (made / "runs").iterdir())
    assert gongzhi(*command)[0] == 0
    assert (made / "table.csv").read_bytes() == table
    assert sorted(path.stat().st_mtime_ns for path in (made / "runs").iterdir()) == runs


MINE = "estate,households,members\nA,300,12\nB,500,30\nC,200,8\nD,700,20\nE,150,3\n"


@pytest.mark.parametrize("name", [*NAMES, "signs"])
def test_every_study_may_be_asked_of_a_district_of_ones_own(gongzhi, tmp_path: Path, monkeypatch, name: str) -> None:
    asked = []
    monkeypatch.setattr("experiments.cli.study.carry_out", lambda spec, *_: asked.append(spec) or 0)
    (tmp_path / "mine.csv").write_text(MINE, encoding="utf-8")
    for more in ((), ("--quick",)):
        status, _, err = gongzhi("study", name, "--district=mine.csv", *more)
        assert status == 0, err
    assert [list(spec.district.households) for spec in asked] == [[300, 500, 200, 700, 150]] * 2
    assert gongzhi("study", name, "--district=mine.csv", "--estates=5")[0] == 2


@pytest.mark.parametrize("name", ["couriers", pytest.param("channels", marks=pytest.mark.slow)])
def test_a_study_is_run_on_a_district_of_ones_own(gongzhi, tmp_path: Path, name: str) -> None:
    (tmp_path / "mine.csv").write_text(MINE, encoding="utf-8")
    size = ("--weeks=12", "--set=run.warmup=4", "--replicates=2", "--executor=serial")
    status, _, err = gongzhi("study", name, "--district=mine.csv", *size, "--out=made")
    assert status == 0, err
    made = tmp_path / "made"
    assert len(pd.read_csv(made / "district-0.csv")) == 5
    assert "5 estates" in Page((made / "report.html").read_text(encoding="utf-8")).said
    assert gongzhi("report", "made", "--lang=zh")[0] == 0


def test_a_study_has_either_a_size_or_a_district() -> None:
    with pytest.raises(ScenarioError, match="estates sets the size of a synthetic district, and district gives"):
        run_study(questions.study("couriers"), district=District.synthetic(3), estates=4)


def rows(**effects: tuple[float, float]) -> pd.DataFrame:
    """A made-up table: difference and baseline mean by ``arm__outcome``."""
    made = []
    for name, (difference, base) in effects.items():
        arm, outcome = name.split("__")
        made.append(
            {
                "strategy": arm,
                "against": "off",
                "outcome": outcome,
                "difference": difference,
                "ci_low": difference - 0.1,
                "ci_high": difference + 0.1,
                "baseline_mean": base,
                "unit": "",
                "replicates": 5,
                "verdict": "helps" if difference < 0 else "harms",
            }
        )
    return pd.DataFrame(made)


@pytest.mark.parametrize(("sign", "word"), [(-1.0, "fall"), (1.0, "rise")])
def test_a_finding_follows_the_sign_of_the_numbers(sign: float, word: str) -> None:
    study = Study(
        "s",
        "S",
        "Q?",
        {"off": {}, "on": {}, "half": {}},
        ("conflicts",),
        focus="on",
        benefits=("conflicts",),
        costs=("yuan_purse",),
        parts=("half",),
    )
    table = rows(on__conflicts=(sign, 10.0), on__yuan_purse=(500.0, 0.0), half__conflicts=(2 * sign, 10.0))
    first, second, third = table_findings(study, table)
    assert [one.id for one in (first, second, third)] == ["study.brings", "study.price", "study.arm_brings"]
    assert first.values["focus"] == "on" and first.values["base"] == "off" and third.values["arm"] == "half"
    (change,), (paid,) = first.values["moves"], second.values["paid"]
    assert (change.outcome, change.difference, change.kind) == ("conflicts", sign, f"{word}s")
    assert (paid.outcome, paid.difference, paid.verdict) == ("yuan_purse", 500.0, "")
    name, largest = second.values["largest"]
    assert name == "half" and largest.difference == 2 * sign and second.values["parts"] == ["half"]
    assert f"conflicts {word} by 10.0% (95% interval" in first.text()
    assert "public spending rises by 500 yuan per week (" in second.text()
    assert f"; “half” stands out, where conflicts {word} by 20.0%" in second.text()
    assert f"纠纷{'下降' if sign < 0 else '上升'} 10.0%" in first.text("zh")
    assert "财政支出上升 500" in second.text("zh")


def test_a_part_that_shows_no_change_does_not_stand_out() -> None:
    arms = {"off": {}, "on": {}, "half": {}}
    study = Study("s", "S", "Q?", arms, ("conflicts",), focus="on", costs=(), parts=("half",))
    table = rows(on__conflicts=(1.0, 10.0), half__conflicts=(0.05, 10.0)).assign(verdict="")
    _, price, _ = table_findings(study, table)
    assert price.values == {"paid": [], "benefit": "conflicts", "parts": ["half"], "largest": None}
    assert price.text() == "It costs nothing that is counted here; no change of conflicts is shown under “half”."


@pytest.mark.parametrize("name", questions.STUDIES)
def test_every_word_of_a_study_has_its_chinese(name: str) -> None:
    study = questions.study(name)
    for text in (*study.arms, study.title, study.question):
        assert phrase(text, "zh") != text, text


def test_a_contrast_is_the_paired_difference_in_its_own_world() -> None:
    worlds = [
        Contrast("mild", {"branches.secretary_hours": 1.0}, {"coverage.strategy": "full"}),
        Contrast("null", {"branches.enabled": False}, {"coverage.strategy": "full"}),
    ]
    made = run_contrasts(
        worlds, Scenario().replace(SMALL), replicates=2, outcomes=["conflicts", "order"], execution=SERIAL
    )
    wanted = [(label, outcome) for label in ("mild", "null") for outcome in ("conflicts", "order")]
    table = contrasted(made, wanted).set_index(["contrast", "outcome"])
    assert (table["sim_low"] <= table["ci_low"]).all() and (table["ci_high"] <= table["sim_high"]).all()
    for label in ("mild", "null"):
        pair = [made.means.xs(f"{label} {side}", level="arm")["conflicts"] for side in ("with", "without")]
        assert table.loc[(label, "conflicts"), "difference"] == pytest.approx((pair[0] - pair[1]).mean())
    assert (table.loc["null", "difference"] == 0).all() and (table.loc["null", "verdict"] == "equivalent").all()
    assert made.means.xs("mild without", level="arm")["order"].tolist() == [0.0, 0.0]


@pytest.mark.slow
def test_contrasts_that_are_dealt_out_share_neither_chance_nor_ground_with_others() -> None:
    worlds = [Contrast(str(number), {}, {"coverage.strategy": "full"}) for number in range(5)]
    made = run_contrasts(
        worlds, Scenario().replace(SMALL), replicates=2, outcomes=["satisfaction"], districts=2, execution=SERIAL
    )
    assert made.means.shape == (20, 1)
    without = made.means.xs("2 without", level="arm")
    assert [list(made.means.xs(f"{label} with", level="arm").index) for label in "01234"] == [
        [(ground, 0), (ground, 1)] for ground in (0, 1, 0, 1, 0)
    ]
    assert len({made.means.loc[(f"{label} without", int(label) % 2, 0), "satisfaction"] for label in "01234"}) == 5
    assert without["satisfaction"].nunique() == 2
    pairs = [(f"{label} {side}") for label in "024" for side in ("with", "without")]
    assert made.means.loc[pairs].notna().all().all()


def test_the_table_of_systems_switches_all_thirteen_off_and_on() -> None:
    systems = questions.systems()
    assert [system.number for system in systems] == [f"S{number}" for number in range(1, 14)]
    default = Scenario()
    for contrast in SystemsSpec(systems=systems).contrasts():
        without = default.replace(dict(contrast.world))
        assert without.differences(default.replace({**contrast.world, **contrast.policy})), contrast.label
    some = [system for system in systems if system.number in ("S2", "S13")]
    outcomes = list(dict.fromkeys(name for system in some for name in system.outcomes))
    contrasts = SystemsSpec(systems=some).contrasts()
    made = run_contrasts(contrasts, default.replace(SMALL), replicates=2, outcomes=outcomes, execution=SERIAL)
    size = {"estates": 4, "weeks": 14, "replicates": 2}
    spec = SystemsSpec.sized(default.replace({"run.warmup": 6}), size, systems=some)
    result = Systems(Path(), spec.table(made), spec)
    assert result.page("en").count("Made by `gongzhi study systems`: 4 estates, 14 weeks, 2 replicates;") == 1
    page = result.page("zh")
    assert page.count("由 `gongzhi study systems` 生成：4 个小区，14 周，2 次重复；") == 1
    assert page.count("| S2 |") == page.count("| S13 |") == 1
    assert len([line for line in page.splitlines() if line.startswith("|")]) == 2 + sum(len(s.outcomes) for s in some)


def test_points_fill_their_ranges_evenly() -> None:
    ranges = {"branches.targets": (0.0, 9.0), "services.effect": (0.1, 0.2)}
    made = points(ranges, 50, seed=3)
    assert made == points(ranges, 50, seed=3) != points(ranges, 50, seed=4)
    assert np.bincount([int(point["branches.targets"]) for point in made]).tolist() == [5] * 10
    effects = np.sort([point["services.effect"] for point in made])
    assert np.all(np.floor((effects - 0.1) * 500).astype(int) == np.arange(50))
    assert all(isinstance(point["branches.targets"], int) for point in made)
