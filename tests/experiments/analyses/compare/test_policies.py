"""Coverage by itself, as that of the arrangement, and the arrangement less a part; and arms on a smaller ground."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import sim
from experiments import Execution, compare
from experiments import open as reopened
from experiments.analyses.budget.budget_result import budget
from experiments.analyses.compare.comparison import Comparison
from experiments.analyses.compare.comparison_figures import _series_arms
from experiments.analyses.compare.comparison_findings import findings
from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.further import FOLDER, REPLICATES, Further
from experiments.analyses.compare.table import COLUMNS, GROUND, RANGE
from experiments.analyses.failed_runs import FailedRunsWarning
from experiments.cli.run import policy_of
from experiments.cli.signmap import _under
from experiments.core.design.arms import changes_of
from experiments.core.design.policies import as_policy, changes_under, posed, under
from experiments.core.run import job as jobs
from experiments.presets.compare_coverage import ARMS, FURTHER, MAIN
from sim.core.errors import ScenarioError
from sim.policies import arrangement
from tests.support import toy_model

SERIAL = Execution(executor="serial", progress=False)
TINY = {"district.estates": 8, "run.warmup": 3, "run.weeks": 9, "outcomes.standing_after": 1}
BESIDE = ["own", "arrangement", "arrangement, own", "arrangement less couriers"]


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("none", "none"),
        ("full", "arrangement"),
        ("own", "arrangement, own"),
        ("arrangement", "arrangement"),
        ("arrangement less couriers", "arrangement less couriers"),
        ("arrangement, own", "arrangement, own"),
        ("hours_matched:full", "hours_matched:arrangement"),
        ("hours_matched:own", "hours_matched:arrangement, own"),
        ("hours_matched:arrangement, own", "hours_matched:arrangement, own"),
        ("placebo:full", "arrangement, placebo:full"),
    ],
)
def test_a_strategy_has_a_name_under_each_policy(name: str, expected: str) -> None:
    assert under(name, "arrangement") == expected and under(name) == name


def test_every_policy_that_is_called_after_the_arrangement_is_known_by_that_name(small: sim.Scenario) -> None:
    from experiments.core.design.arms import Arm

    for name, changes in ARMS.items():
        if "less" in name or name.startswith("arrangement"):
            assert Arm(name, changes, small.replace(changes)).policy == name


def test_arms_are_put_under_a_policy_with_their_own_changes_on_top() -> None:
    arms = {
        "none": {"coverage.strategy": "none"},
        "own": {"coverage.strategy": "own"},
        "full; services.enabled=false": {"coverage.strategy": "full", "services.enabled": False},
        "busy": {"coverage.strategy": "own", "supervision.enabled": False},
    }
    made = as_policy(arms, "arrangement")
    assert list(made) == ["none", "arrangement, own", "arrangement; services.enabled=false", "busy"]
    assert made["none"] == arms["none"]
    assert made["arrangement, own"] == arrangement.named("arrangement, own")
    assert made["arrangement; services.enabled=false"] == {**arrangement.changes(), "services.enabled": False}
    assert made["busy"]["supervision.enabled"] is False and made["busy"]["empowerment.enabled"] is True
    assert as_policy(arms) == arms


def test_what_is_called_after_the_arrangement_stays_what_it_is() -> None:
    names = ["none", "arrangement less couriers", "arrangement, own", "arrangement"]
    assert as_policy(names, "arrangement") == changes_of(names)
    assert not any(name.startswith("couriers.") for name in as_policy(names, "arrangement")[names[1]])
    whole = changes_under({"coverage.strategy": "own", "branches.targets": 9}, "arrangement")
    assert whole == {**arrangement.changes(), "coverage.strategy": "own", "branches.targets": 9}
    assert changes_under({"branches.targets": 9}) == {"branches.targets": 9}
    with pytest.raises(ScenarioError, match='Two arms would be "arrangement" under the policy arrangement'):
        as_policy(["full", "arrangement"], "arrangement")


def test_the_baseline_is_posed_with_the_arms() -> None:
    assert posed(["own"], "full") == (["own"], "full")
    assert posed(["own", "full"], "full", "arrangement")[1] == "arrangement"
    assert posed(["own"], None, "arrangement")[1] == "none" and posed({"a": "own"}, None, "arrangement")[1] is None


MISTAKES = [
    (("compare", "--policy", "arangement"), 'Unknown policy "arangement". Did you mean "arrangement"?'),
    (("compare", "own", "--policy", "coverag"), 'Did you mean "coverage"?'),
    (("run", "--policy", "arangement"), 'Did you mean "arrangement"?'),
    (("budget", "9", "--policy", "arangement"), 'Did you mean "arrangement"?'),
    (("signmap", "reporting", "--policy", "arangement"), 'Did you mean "arrangement"?'),
    (("compare", "arrangement less courier"), 'Unknown part of the arrangement "courier". Did you mean "couriers"?'),
    (("compare", "hours_matched:arrangement less courier"), 'Did you mean "couriers"?'),
    (("compare", "arrangement less courier; services.enabled=false"), 'Did you mean "couriers"?'),
    (("run", "--strategy", "arrangement less courier"), 'Did you mean "couriers"?'),
    (("compare", "arrangement, ownn"), 'Did you mean "own"?'),
    (("compare", "arrangment"), 'Did you mean "arrangement"?'),
    (("run", "--strategy", "fulll", "--policy", "arrangement"), 'Did you mean "full"?'),
]


@pytest.mark.parametrize(("words", "says"), MISTAKES)
def test_an_unknown_policy_or_part_is_answered_in_a_line_with_the_nearest(
    gongzhi: Any, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    status, out, err = gongzhi(*words)
    assert status == 2 and out == "" and says in err and len(err.strip().splitlines()) == 1, err
    assert not list(tmp_path.rglob("*.json"))


# One run, a sign map, a search -------------------------------------------------------------------


def test_one_run_takes_a_strategy_under_a_policy_and_settings_last(gongzhi: Any, tmp_path: Path) -> None:
    status, _, err = gongzhi(
        "run",
        "--policy=arrangement",
        "--strategy=own",
        "--set=supervision.enabled=false",
        "--estates=6",
        "--weeks=4",
        "--set=run.warmup=2",
        "--quiet",
    )
    assert status == 0, err
    world = sim.Scenario.load(tmp_path / "results/run/scenario.toml")
    assert (world.coverage.strategy, world.couriers.services, world.supervision.enabled) == ("own", True, False)
    whole, less = arrangement.changes(), arrangement.named("arrangement less couriers")
    assert policy_of("none", None, "arrangement") == whole and policy_of("none", None, None) == {}
    assert policy_of("own", None, "arrangement") == {**whole, "coverage.strategy": "own"}
    assert policy_of("own", "arrangement less couriers", None) == less
    assert policy_of("own", None, "coverage") == {"coverage.strategy": "own"}


def test_a_sign_map_asks_about_its_strategies_under_the_policy() -> None:
    design = {"arms": ["none", "full", "hours_matched:full"], "policy": "full", "against": "hours_matched:full"}
    made, asked = _under(design, "arrangement")
    assert list(made["arms"]) == ["none", "arrangement", "hours_matched:arrangement"]
    assert asked == {"policy": "arrangement", "against": ["hours_matched:arrangement"]}
    assert _under(design, "full") == (design, {"policy": "full"})
    with pytest.raises(ScenarioError, match="no coverage strategy"):
        _under({"arms": {"none": "none", "busy": {"branches.targets": 9}}, "policy": "gone"}, "arrangement")


def test_a_search_within_hours_races_coverages_of_the_arrangement(
    tmp_path: Path, small: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans: list[Any] = []

    def listening(plan: Any, _: Any) -> None:
        plans.append(plan)
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.analyses.budget.budget_result.run_plan", listening)
    with pytest.raises(KeyboardInterrupt):
        budget([8.0], policy="arrangement", scenario=small, replicates=2, candidates=3, store=tmp_path / "a")
    arms = changes_of(plans[0].arms)
    assert arms["none"] == {"coverage.strategy": "none"}
    assert all(changes["supervision.enabled"] for label, changes in arms.items() if label != "none")


# Arms on a smaller ground -------------------------------------------------------------------------


@pytest.fixture
def both(toy_compare: Any) -> Any:
    """Return a comparison of the toy with arms on half of the district."""

    def run(store: Path | None = None, **others: Any) -> Comparison:
        further = Further(BESIDE, estates=6, weeks=12)
        return toy_compare(["none", "full", "arrangement"], store=store, **{"further": further, **others})

    return run


def test_further_arms_have_a_baseline_of_their_own_and_the_same_seeds(both: Any) -> None:
    result = both()
    there, table = result.further, result.table
    assert (result.size, there.size) == ((12, 20), (6, 12)) and there.spec.baseline == "none"
    assert list(dict.fromkeys(there.design["arm"])) == ["none", *BESIDE]
    seeds = [dict(zip(one.design["replicate"], one.design["seed"], strict=True)) for one in (result, there)]
    assert seeds[0] == seeds[1]
    assert tuple(table.columns) == (*COLUMNS, *GROUND)
    own = table[(table["strategy"] == "own") & (table["outcome"] == "conflicts")].iloc[0]
    base = there.effects[(there.effects["strategy"] == "none") & (there.effects["outcome"] == "conflicts")].iloc[0]
    assert own["baseline_mean"] == base["mean"] != table[table["strategy"] == "none"].iloc[0]["mean"]
    assert (own["estates"], own["weeks"]) == (6, 12)
    assert table[table["strategy"].isin(["none", "full"])]["estates"].eq(12).all()
    keys = table[["strategy", "against", "outcome"]]
    assert not keys.duplicated().any()  # what both grounds have is told of the whole district
    assert table[(table["strategy"] == "arrangement")]["estates"].eq(12).all()


def test_further_arms_may_have_more_replicates_fewer_weeks_before_and_fewer_outcomes(both: Any, tmp_path: Path) -> None:
    further = Further(BESIDE, estates=6, weeks=12, warmup=3, replicates=5, outcomes=["conflicts"])
    result = both(further=further, store=tmp_path / "a")
    there = result.further.outcome.design
    again = reopened(tmp_path / "a")
    pd.testing.assert_frame_equal(again.table, result.table)  # verdicts hold together for what was judged, no more
    assert (there.replicates, there.scenario.run.warmup, there.scenario.run.weeks) == (5, 3, 15)
    assert result.outcome.design.replicates < 5 and set(result.further.effects["outcome"]) == {"conflicts"}
    assert {"conflicts", "filed"} <= set(result.effects["outcome"])


def test_the_arrangement_less_a_part_is_set_against_the_arrangement_too(both: Any) -> None:
    table = both().table
    found = set(table[table["strategy"] == "arrangement less couriers"]["against"])
    assert found == {"none", "arrangement"}


def test_verdicts_hold_for_each_ground_and_ranges_are_of_the_headline_alone(both: Any, toy_compare: Any) -> None:
    result = both()
    alone = toy_compare(["none", "full", "arrangement"])
    first = result.table[result.table["estates"] == 12].reset_index(drop=True)
    assert tuple(alone.table.columns) == COLUMNS and first[list(COLUMNS)].equals(alone.table)
    spread = SimpleNamespace(points=4, ends=lambda: (-0.1, 0.1), shares=lambda _: (0.25, 0.5, 0.25))
    result.assumed = SimpleNamespace(
        worlds=4,
        read=lambda _: None,
        pairs=lambda: [(arm, "none") for arm in ("full", *BESIDE)],
        known=lambda _: True,
        spread=lambda *_: spread,
    )
    for name in ("effects", "table"):
        result.__dict__.pop(name)
    ranged = result.table
    assert tuple(ranged.columns) == (*COLUMNS, *RANGE, *GROUND)
    assert set(ranged[ranged["range_low"].notna()]["strategy"]) == {"full", "arrangement"}


def test_the_name_of_a_branch_alone_changes_nothing_on_further_ground_either() -> None:
    arms = {name: ARMS[name] for name in ("placebo:full, no channel", "own")}
    result = compare(
        ["none"],
        further=Further(arms, estates=4, weeks=6),
        replicates=1,
        scenario=sim.Scenario().replace(TINY),
        execution=SERIAL,
    )
    rows = result.table[result.table["strategy"] == "placebo:full, no channel"]
    assert len(rows) and rows["difference"].eq(0).all() and rows["estates"].eq(4).all()


def test_the_same_hours_of_another_coverage_are_those_that_it_worked(toy_compare: Any) -> None:
    result = toy_compare(["hours_matched:arrangement, own"])
    series = result.series.set_index(["arm", "replicate", "week"])["hours"]
    assert (series["hours_matched:arrangement, own"] == series["arrangement, own"]).all()
    pairs = set(zip(result.table["strategy"], result.table["against"], strict=True))
    assert ("arrangement, own", "hours_matched:arrangement, own") in pairs


# Resuming and reopening ---------------------------------------------------------------------------


def test_a_strategy_that_is_set_against_its_own_hours_is_answered_beside_full_coverage(toy_compare: Any) -> None:
    result = toy_compare(["none", "full", "joint", "phased", "hours_matched:joint"])
    reader = Reader(result)
    assert reader.policies == ["full", "joint"]
    found = findings(reader)
    assert [each.values["policy"] for each in found if each.id == "comparison.hours"] == ["joint"]
    assert [each.values["policy"] for each in found if each.id == "comparison.cost"] == ["full", "joint"]
    assert "comparison.no_hours" not in {each.id for each in found}


def test_every_policy_of_the_text_has_a_line_of_its_own_in_the_figure_of_weeks(toy_compare: Any) -> None:
    names = ["full", "joint", "phased", "own"]
    result = toy_compare(["none", *names, *(f"hours_matched:{name}" for name in names)])
    lines = _series_arms(Reader(result), "en")
    assert set(names) <= set(lines)
    assert len({(line.colour, str(line.dashes)) for line in lines.values()}) == len(lines)


def written(folder: Path) -> dict[str, bytes]:
    """Read what must be the same to the byte of both grounds."""
    files = [folder / "table.csv", folder / FOLDER / "table.csv", *folder.rglob("runs/*.parquet")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def stopping(scenario: Any, district: Any, rng: int, replay: Any = None) -> Any:
    """A toy that is stopped on the smaller ground."""
    if district.estates == 6:
        raise KeyboardInterrupt
    return toy_model.toy(scenario, district, rng, replay)


def test_after_an_interrupt_nothing_is_run_twice_and_the_bytes_are_those_of_an_uninterrupted_run(
    both: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "a"
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.toy)
    both(whole, model=None)
    monkeypatch.setattr(jobs, "GovernanceModel", stopping)
    with pytest.raises(KeyboardInterrupt):
        both(folder, model=None)
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.toy)
    assert reopened(folder).info["complete"] is False
    times = {path: path.stat().st_mtime_ns for path in folder.glob("runs/*")}
    both(folder, model=None)
    assert len(times) and all(path.stat().st_mtime_ns == time for path, time in times.items())
    assert written(folder) == written(whole)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("runs/*")}
    both(folder, model=None)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("runs/*")} == times


def test_a_folder_is_reopened_as_it_was_written(both: Any, tmp_path: Path) -> None:
    both(tmp_path / "a")
    before = written(tmp_path / "a")
    again = reopened(tmp_path / "a")
    again.write()
    assert written(tmp_path / "a") == before and again.info["complete"] is True
    assert again.further is not None and again.further.spec.baseline == "none"


def test_a_folder_without_further_arms_has_none_whatever_lies_in_it(
    both: Any, toy_compare: Any, tmp_path: Path
) -> None:
    """An older folder has none; nor has one whose arms were named later."""
    both(tmp_path / "other")
    toy_compare(["none", "full", "arrangement"], tmp_path / "a")
    shutil.copytree(tmp_path / "other" / FOLDER, tmp_path / "a" / FOLDER)
    assert reopened(tmp_path / "a").further is None
    toy_compare(["none", "full", "arrangement"], tmp_path / "other")
    again = reopened(tmp_path / "other")
    assert again.further is None and tuple(again.table.columns) == COLUMNS and again.info["complete"]


def test_more_replicates_are_run_on_both_grounds(both: Any, tmp_path: Path) -> None:
    result = both(tmp_path / "a").extend(replicates=1)
    assert result.table["replicates"].eq(3).all()
    assert (tmp_path / "a/table.csv").read_text() == result.table.to_csv(index=False, lineterminator="\n")
    assert reopened(tmp_path / "a").table["replicates"].eq(3).all()


def test_a_run_that_fails_on_further_ground_is_told_and_can_be_retried(
    both: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.failing)
    with pytest.warns(FailedRunsWarning, match="of 48 runs failed"):
        result = both(tmp_path / "a", replicates=6, model=None)
    failed = result.info["failed"]
    assert failed and {row["arm"] for row in failed} == {"own", "arrangement, own"} and not result.info["complete"]
    assert not result.outcome.failed and len(result.further.outcome.failed) == len(failed)
    assert f"{len(failed)} of {3 * 6 + 5 * 6} runs failed" in result.complaints()[-1]
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.toy)
    again = Execution(executor="serial", progress=False, retry_failed=True)
    retried = both(tmp_path / "a", replicates=6, model=None, execution=again)
    assert retried.info["complete"] and retried.info["failed"] == []


# The command --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_without_names_the_study_is_run_on_two_grounds_and_named_arms_on_one(
    gongzhi: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.toy)
    monkeypatch.setattr("experiments.analyses.compare.comparison.Comparison.report", lambda self, lang: None)
    monkeypatch.setattr("experiments.analyses.compare.further.OUTCOMES", None)  # the toy counts no open cases
    sizes = (
        "--set=run.weeks=30",
        "--set=run.warmup=10",
        "--estates=12",
        "--executor=serial",
        "--replicates=1",
        "--assumptions=0",
    )
    status, out, err = gongzhi("compare", *sizes)
    assert status == 0 and "Further arms, on the same district of 12 estates" in out, err
    made = reopened("results/compare")
    assert set(made.design["arm"]) == set(MAIN) and set(made.further.design["arm"]) == set(FURTHER)
    assert (made.outcome.design.replicates, made.further.outcome.design.replicates) == (1, REPLICATES)
    assert gongzhi("compare", "full", *sizes, "--out=b")[0] == 0
    assert gongzhi("compare", "--policy=arrangement", *sizes, "--out=c")[0] == 0
    assert reopened("b").further is None and reopened("c").further is None
    assert {"none", "arrangement", "arrangement, own"} <= set(reopened("c").design["arm"])
    assert gongzhi("compare", "own", *sizes)[0] == 2  # what holds another design is refused
