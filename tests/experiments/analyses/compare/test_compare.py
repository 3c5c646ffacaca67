"""Comparisons: what stands in the table, and what a failing run does to it."""

import csv
import json
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim
from experiments import Execution, compare
from experiments.analyses.compare.comparison_report import on_screen
from experiments.analyses.compare.table import COLUMNS, compared
from experiments.analyses.failed_runs import FailedRunsError, FailedRunsWarning
from experiments.core.run.job import Job, Trunk, do
from experiments.core.statistics.exposure import Exposure
from experiments.core.statistics.outcome_indices import INDICES
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import decided, region, side
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding
from experiments.reporting.words import noun
from sim.core.errors import ScenarioError, StoreError
from tests.support import toy_model

SERIAL = Execution(executor="serial", progress=False)


def test_the_table_has_the_columns_that_others_rely_on(toy_compare):
    table = toy_compare().table
    assert tuple(table.columns) == COLUMNS
    assert (
        list(COLUMNS[:13])
        == (
            "strategy against outcome mean difference ci_low ci_high relative helped p_adjusted verdict "
            "replicates replicates_needed"
        ).split()
    )


def test_every_arm_meets_the_baseline_and_a_strategy_its_own_hours(toy_compare):
    arms = {
        "none": "none",
        "full": "full",
        "own": "own",
        "hours_matched:full": "hours_matched:full",
        "full, alone": {"coverage.strategy": "full", "services.enabled": False},
    }
    table = toy_compare(arms).table
    found = set(zip(table["strategy"], table["against"], strict=True))
    assert found == {(arm, "none") for arm in arms} | {
        ("full", "hours_matched:full"),
        ("full, alone", "hours_matched:full"),
    }


def test_the_table_is_the_paired_test_of_the_run_means(toy_compare):
    result = toy_compare(replicates=5)
    late = result.series[result.series["week"] >= 10]
    means = late.groupby(["arm", "replicate"])["conflicts"].mean()
    row = result.table.query("strategy == 'full' and against == 'none' and outcome == 'conflicts'").iloc[0]
    expected = paired(means["full"].to_numpy(), means["none"].to_numpy())
    assert row["p"] == pytest.approx(expected.p, rel=1e-9)
    assert row["p"] >= stats.ttest_rel(means["full"], means["none"]).pvalue * (1 - 1e-9)
    assert row["sim_low"] <= row["ci_low"] and row["ci_high"] <= row["sim_high"]
    assert row["difference"] == pytest.approx((means["full"] - means["none"]).mean(), rel=1e-12)
    assert row["mean"] == pytest.approx(means["full"].mean()) and row["replicates"] == 5
    tests = result.table[result.table["strategy"] != result.table["against"]]
    assert tests["p_adjusted"].ge(tests["p"]).all()


def test_every_verdict_follows_from_the_interval_that_holds_for_all_rows_together(toy_compare):
    result = toy_compare(replicates=4)
    tests = result.table[result.table["strategy"] != result.table["against"]]
    for row in tests.to_dict("records"):
        room = result.margin * (1.0 if row["outcome"] in INDICES else abs(row["baseline_mean"]))
        assert row["verdict"] == region(row["sim_low"], row["sim_high"], room, row["better"])
        assert (row["p_adjusted"] < 0.05) == (side(row["sim_low"], row["sim_high"]) != 0)
        assert row["still_needed"] == 0 or not decided(row["verdict"])


def test_counts_that_agree_by_accident_are_certain_only_where_the_arms_are_the_same():
    seen = Exposure(households=1000, weeks=10)
    index = pd.RangeIndex(3)
    here = pd.DataFrame({"petitions": [0.1, 0.0, 0.2], "satisfaction": [0.5, 0.6, 0.7]}, index=index)
    there = here.assign(satisfaction=[0.4, 0.6, 0.8])
    apart, same = compared(here, there, seen)["petitions"], compared(here, here, seen)["petitions"]
    assert apart.difference == same.difference == 0 and (same.ci_low, same.ci_high) == (0, 0)
    assert apart.ci_high == -apart.ci_low == pytest.approx(stats.t.ppf(0.975, 2) * 0.1 / 3)


def test_an_arm_that_changes_nothing_equals_the_baseline_exactly(toy_compare):
    result = toy_compare({"none": "none", "empty": {"services.enabled": False}})
    rows = result.table[result.table["strategy"] == "empty"]
    assert rows["difference"].eq(0).all() and rows["verdict"].eq("equivalent").all()
    assert rows[["ci_low", "ci_high"]].eq(0).all(axis=None) and rows["p_adjusted"].eq(1).all()


def test_results_do_not_depend_on_whether_the_past_was_shared(small, tmp_path):
    """A fork at the end of warm-up, and a run of its own from week 0, give the same series."""
    district = sim.District.synthetic(estates=12)
    scenario = small.replace({"coverage.strategy": "full"})
    trunk = Trunk(Job(str(tmp_path), district, 7, 10, (), toy_model.toy))
    model = trunk.branch_off(scenario, None)
    assert model.week == 10
    alone = toy_model.toy(scenario, district, 7)
    for other in (model, alone):
        while other.week < 30:
            other.step()
    assert model.outcomes.equals(alone.outcomes)


def test_a_policy_inside_the_warm_up_has_a_past_of_its_own(toy_compare):
    result = toy_compare({"none": "none", "early": {"coverage.strategy": "full", "coverage.start_week": 5}})
    early, none = (result.series.query("arm == @arm and replicate == 0") for arm in ("early", "none"))
    equal = early["conflicts"].to_numpy() == none["conflicts"].to_numpy()
    assert equal[:5].all() and not equal[5:].any()


def test_a_replay_gets_the_hours_of_its_source(toy_compare):
    series = toy_compare().series.set_index(["arm", "replicate", "week"])["hours"]
    assert (series["hours_matched:full"] == series["full"]).all()


def test_estates_are_averaged_over_weeks_and_replicates(toy_compare):
    result = toy_compare(["none", "full"])
    estates = result.estates
    assert len(estates) == 2 * 12 and list(estates.columns[:2]) == ["arm", "estate"]
    late = result.series[result.series["week"] >= 10]
    for arm in ("none", "full"):
        here, there = estates[estates["arm"] == arm]["filed"].mean(), late[late["arm"] == arm]["filed"].mean()
        assert here == pytest.approx(there)


def test_several_districts_are_the_units_that_are_counted(toy_compare):
    result = toy_compare(["none", "full"], districts=3, replicates=2)
    assert result.table["replicates"].eq(3).all()
    assert result.design["seed"].nunique() == 6
    late = result.series[result.series["week"] >= 10]
    means = late.groupby(["arm", "district"])["conflicts"].mean()
    row = result.table.query("strategy == 'full' and outcome == 'conflicts'").iloc[0]
    assert row["p"] == pytest.approx(paired(means["full"].to_numpy(), means["none"].to_numpy()).p, rel=1e-9)


def test_a_failing_run_is_a_row_and_the_others_go_on(toy_compare, tmp_path):
    with pytest.warns(FailedRunsWarning, match=r"of 30 runs failed; the first, own, replicate \d: ZeroDivisionError"):
        result = toy_compare(store=tmp_path / "a", model=toy_model.failing, replicates=6)
    bad = result.design[result.design["status"] == "failed"]
    assert 0 < len(bad) < 6 and bad["arm"].eq("own").all() and (bad["seed"] % 2 == 1).all()
    assert bad["message"].eq("ZeroDivisionError: injected").all()
    counts = result.table.drop_duplicates("strategy").set_index("strategy")["replicates"]
    assert counts["own"] == 6 - len(bad) and counts["full"] == 6
    stored = json.loads((tmp_path / "a/experiment.json").read_text())
    assert stored["complete"] is False and len(stored["failed"]) == len(bad)
    assert stored["failed"][0]["seed"] == str(bad["seed"].iloc[0])


def test_failed_runs_stay_failed_until_they_are_asked_for(toy_compare, tmp_path, monkeypatch):
    with pytest.warns(FailedRunsWarning):
        toy_compare(store=tmp_path / "a", model=toy_model.failing)
    monkeypatch.setattr(toy_model, "Failing", toy_model.ToyModel)
    with pytest.warns(FailedRunsWarning):
        again = toy_compare(store=tmp_path / "a", model=toy_model.failing)
    assert again.outcome.failed
    retried = toy_compare(
        store=tmp_path / "a",
        model=toy_model.failing,
        execution=Execution(executor="serial", progress=False, retry_failed=True),
    )
    assert not retried.outcome.failed and retried.info["complete"]


def test_a_control_whose_source_failed_says_so(toy_compare):
    with pytest.warns(FailedRunsWarning):
        result = toy_compare(["none", "own", "hours_matched:own"], model=toy_model.failing, replicates=6)
    messages = result.design[result.design["arm"] == "hours_matched:own"]["message"]
    assert messages[messages != ""].str.contains("hours it replays failed: ZeroDivisionError: injected").all()
    assert (messages != "").sum() == (result.design["arm"].eq("own") & result.design["status"].eq("failed")).sum()


def test_a_past_that_fails_fails_all_that_share_it(toy_compare, monkeypatch):
    def break_down(self):
        raise sim.RunawayError("conflicts breed without end")

    monkeypatch.setattr(toy_model.ToyModel, "step", break_down)
    with pytest.raises(FailedRunsError, match='No run of "none", "full", "hours_matched:full" has ended') as caught:
        toy_compare(["none", "full", "hours_matched:full"])
    result = caught.value.result
    assert result.design["status"].eq("failed").all() and result.table.empty
    assert result.design["message"].str.contains("conflicts breed without end").all()


def test_warnings_of_runs_are_kept_and_told_once(toy_compare):
    result = toy_compare(["none", "own"], model=toy_model.warning)
    assert result.outcome.warnings == ["RuntimeWarning: the toy is only a toy"]


def test_outcomes_can_be_chosen(toy_compare):
    result = toy_compare(["none", "own"], outcomes=["filed", "hours"])
    assert list(result.table["outcome"].unique()) == ["filed", "hours"]


@pytest.mark.parametrize(
    ("arms", "others", "says"),
    [
        (["none"], {"margin": -1}, "margin is -1"),
        (["none"], {"margin": "a"}, "margin is 'a'"),
        (["none"], {"districts": 0}, "districts is 0"),
        (
            ["none"],
            {"districts": 2, "district": sim.District.synthetic(estates=5)},
            "with a district of your own",
        ),
        (["none"], {"execution": Execution(workers=0)}, "workers is 0"),
        (["none"], {"execution": Execution(executor="proceses")}, 'Did you mean "processes"'),
        (["none"], {"execution": Execution(executor=3)}, "3 is not an executor"),
        (["none"], {"weeks": 5}, "run.warmup"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_first_step(toy_compare, tmp_path, arms, others, says):
    with pytest.raises(sim.GongzhiError, match=says):
        toy_compare(arms, store=tmp_path / "a", **others)
    assert not (tmp_path / "a/experiment.json").exists()


def test_an_unknown_outcome_is_refused_before_the_first_step(small):
    with pytest.raises(StoreError, match='Did you mean "conflicts"'):
        compare(["none"], scenario=small, outcomes=["conflict"], execution=SERIAL)


def test_a_table_is_written_to_the_last_digit(toy_compare, tmp_path):
    result = toy_compare(store=tmp_path / "a")
    with open(tmp_path / "a/table.csv", newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    for name in ("mean", "difference", "ci_low", "p_adjusted"):
        assert [float(row[name]) for row in read] == result.table[name].tolist()


def test_runs_are_done_in_the_order_that_replays_need_whatever_the_order_of_arms(toy_compare):
    result = toy_compare(["hours_matched:full", "full", "none"])
    assert result.design["status"].eq("done").all()


def test_a_worker_stops_when_the_laboratory_is_gone(small, tmp_path, monkeypatch):
    from experiments import Design

    design = Design.of(["none", "own"], small, [sim.District.synthetic(estates=12)], replicates=1, model=toy_model.toy)
    store = Store(tmp_path / "a")
    with store.claim(design):
        parents = iter([10, 10, 1])
        monkeypatch.setattr("os.getppid", lambda: next(parents))
        done = do(Job(str(store.folder), design.grounds[0], 1, 10, design.runs, toy_model.toy))
    assert len(done["seconds"]) == 1


def test_one_replicate_gives_differences_without_intervals(toy_compare):
    rows = toy_compare(["none", "own"], replicates=1).table
    row = rows.query("strategy == 'own' and outcome == 'conflicts'").iloc[0]
    assert row["difference"] < 0 and math.isnan(row["ci_low"]) and row["verdict"] == "undecided"


def test_an_arm_cannot_change_the_ground(toy_compare):
    with pytest.raises(ScenarioError, match="all arms must share"):
        toy_compare({"none": {}, "larger": {"district.estates": 20}})


def test_the_model_itself_does_not_tell_whether_its_past_was_shared(small, tmp_path):
    """The toy's test, on the model: a fork, and a run from week 0, of branches and of replayed hours."""
    district = sim.District.synthetic(estates=12)
    trunk = Trunk(Job(str(tmp_path), district, 7, 10, ()))
    replay = np.arange(30 * 12.0).reshape(30, 12) / 100
    for strategy in ("full", "hours_matched:full", "hours_matched_tied:full"):
        scenario = small.replace({"coverage.strategy": strategy, "outcomes.record_estates": True})
        given = replay if "hours" in strategy else None
        forked = trunk.branch_off(scenario, given)
        alone = sim.GovernanceModel(scenario, district, 7, replay=given)
        forked.run(weeks=20, progress=False)
        alone.run(weeks=30, progress=False)
        assert forked.outcomes.equals(alone.outcomes), strategy
        assert np.array_equal(forked.policy_hours, alone.policy_hours)


@pytest.mark.slow
def test_without_branches_every_arm_of_the_study_equals_none(small):
    from experiments.presets.compare_coverage import ARMS

    world = small.replace({"branches.enabled": False})
    arms = {label: changes for label, changes in ARMS.items() if "arrangement" not in label}
    result = compare(arms, replicates=2, scenario=world, execution=SERIAL)
    assert result.design["status"].eq("done").all()
    assert result.table["difference"].eq(0).all() and result.table["verdict"].eq("equivalent").all()
    series = {arm: part.iloc[:, 1:].reset_index(drop=True) for arm, part in result.series.groupby("arm")}
    assert all(part.equals(series["none"]) for part in series.values())


def test_the_screen_counts_what_is_undecided_and_says_what_would_decide(toy_compare: Any) -> None:
    result = toy_compare()
    board = "\n".join(on_screen(result))
    rows = result.table[result.table["strategy"] != "none"]
    open_ones = int((rows["verdict"] == "undecided").sum())
    said = "effects are undecided" if open_ones != 1 else "effects is undecided"
    assert (said in board) == (open_ones > 0) and ("--extend --replicates 8" in board) == (open_ones > 0)
    assert open_ones > 0, "the toy of two replicates leaves something undecided"


def test_the_screen_names_outcomes_and_lists_their_units_in_the_order_of_its_columns(toy_compare: Any) -> None:
    result = toy_compare()
    for lang in ("en", "zh"):
        heads = [noun(name, lang).name for name in ("conflicts", "filed", "standing")]
        assert re.split("  +", on_screen(result, lang)[0])[1:] == heads
    how: dict[str, Any] = {"baseline": "none", "further": False, "ground": False}
    how["sample"] = Finding("comparison.sample", count=2, districts=False)
    units = {"conflicts": "", "satisfaction": "", "filed": ""}
    text = Finding("comparison.screen_note", outcomes=units, **how).text("en")
    assert "(per 1,000 households and week, 0 to 1, per 1,000 households and week)" in text
    text = Finding("comparison.screen_note", outcomes={"conflicts": "", "filed": ""}, **how).text("en")
    assert "(per 1,000 households and week)" in text
