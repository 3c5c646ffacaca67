"""Sensitivity on runs: what varies, failed runs, resuming, tables of runs made elsewhere, and the command."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import Execution, sensitivity
from experiments.analyses.failed_runs import FailedRunsWarning
from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING, ZERO
from experiments.analyses.sensitivity.sensitivity_report import document
from experiments.analyses.sensitivity.varied_parameters import chosen
from experiments.reporting.finding import Finding
from sim import RunawayError, Scenario
from sim.core.errors import ScenarioError, StoreError

SERIAL = Execution(executor="serial", progress=False)
SMALL = {"district.estates": 4, "run.warmup": 1, "run.weeks": 3, "outcomes.standing_after": 1}


def test_all_that_declares_a_range_varies_and_what_does_not_has_a_reason() -> None:
    arms = {"full": {"coverage.strategy": "full"}, "none": {"coverage.strategy": "none"}}
    scenario = Scenario()
    found = chosen([], scenario, arms)
    names = [axis.name for axis in found.axes]
    assert sorted([*names, *found.left_out]) == sorted(scenario.names())
    assert "branches.targets" in names and "incidents.talk" not in names and "empowerment.enabled" in names
    assert found.left_out["empowerment.weight"] == "empowerment is off"
    assert found.left_out["coverage.strategy"] == "shared by all runs"
    on = {label: {**changes, "empowerment.enabled": True} for label, changes in arms.items()}
    assert chosen(["empowerment"], scenario, on).left_out == {"empowerment.enabled": "set by an arm"}


def test_parameters_of_a_room_that_is_off_change_nothing_at_all(small_district: Any) -> None:
    import sim

    scenario = Scenario().replace({"run.weeks": 16, "run.warmup": 6, "coverage.strategy": "full"})
    left = chosen([], scenario, {"full": {"coverage.strategy": "full"}}).left_out
    facts = {row["name"]: row for row in scenario.parameters()}
    asleep = {
        name: facts[name]["sweep_high"]
        for name, reason in left.items()
        if reason.endswith("is off") and facts[name]["sweep_high"] is not None
    }
    assert len(asleep) > 80
    run = [sim.GovernanceModel(one, district=small_district, rng=1) for one in (scenario, scenario.replace(asleep))]
    for model in run:
        for _ in range(16):
            model.step()
    pd.testing.assert_frame_equal(run[0].outcomes, run[1].outcomes)


class Known:
    """An outcome that is a function of three parameters and of chance, and that some places refuse."""

    def __init__(self, scenario: Any, district: Any, rng: int, replay: Any = None) -> None:
        self.scenario, self.seed, self.week = scenario, rng, 0

    def step(self) -> None:
        self.week += 1
        if self.scenario.branches.fatigue_most > 0.599:
            raise RunawayError("conflicts breed without end")

    def fork(self, scenario: Any, replay: Any = None) -> Known:
        other = Known(scenario, None, self.seed)
        other.week = self.week
        return other

    @property
    def outcomes(self) -> pd.DataFrame:
        rooms = self.scenario.branches
        chance = np.random.default_rng(self.seed).normal()
        value = 3.0 * rooms.mediation_share + rooms.active_share * (1.0 + rooms.mediation) + 0.2 * chance
        return pd.DataFrame({"week": range(self.week), "y": value * (self.scenario.coverage.strategy == "full")})


def known(scenario: Any, district: Any, rng: int, replay: Any = None) -> Known:
    return Known(scenario, district, rng, replay)


ASKED: dict[str, Any] = {
    "arms": ["full", "none"],
    "outcome": "y",
    "model": known,
    "scenario": Scenario().replace(SMALL),
    "parameters": ["branches.mediation_share", "branches.active_share", "branches.mediation", "branches.targets"],
    "trajectories": 6,
    "points": 16,
    "execution": SERIAL,
}


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


def test_from_screening_to_indices_and_tornado_what_drives_an_effect_is_found(tmp_path: Path) -> None:
    found = sensitivity(**ASKED, store=tmp_path / "all")
    assert found.screening is not None and found.indices is not None and found.bars is not None
    first = found.screening.set_index("parameter")
    assert first.index[0] == "branches.mediation_share" and first.loc["branches.targets", "says"] == NOTHING
    assert first.loc["branches.mediation_share", "mu_star"] == pytest.approx(3.0, abs=0.5)
    assert found.table["parameter"].iloc[0] == "branches.mediation_share"
    assert "branches.targets" not in set(found.table["parameter"])
    assert {path.name for path in (tmp_path / "all").iterdir()} == {
        "morris",
        "sobol",
        "tornado",
        "morris.csv",
        "sobol.csv",
        "tornado.csv",
        "left-out.csv",
        "runs.csv",
        "experiment.json",
    }
    for kind in ("sobol", "morris", "tornado"):
        assert found.figure(kind).get_figwidth() > 5
    said = {finding.id: finding.values for finding in found.findings}
    assert said["sensitivity.some_pass"]["first"][0] == said["sensitivity.shares"]["largest"][0][0] == first.index[0]
    assert said["sensitivity.most_alone"]["parameter"] == first.index[0]
    assert said["sensitivity.passing_by_chance"]["unmoved"] == 1 and "sensitivity.more" not in said
    page = found.report().read_text(encoding="utf-8")
    assert "branches.mediation_share" in page and "not different from zero" in page


def test_units_have_chance_of_their_own_and_share_it_within(tmp_path: Path) -> None:
    found = sensitivity(**{**ASKED, "method": "morris"}, store=tmp_path / "m")
    seeds = pd.read_parquet(tmp_path / "m" / "morris" / "design.parquet")
    units = found.steps["morris"].layout.units[seeds["arm"].str.split().str[0].astype(int)]
    per_unit = seeds.groupby([units, seeds["replicate"].to_numpy()])["seed"].nunique()
    assert (per_unit == 1).all() and seeds["seed"].nunique() == len(per_unit) == 6 * 2


def test_what_is_there_is_not_run_again_and_gives_the_same_bytes(tmp_path: Path) -> None:
    def tables(folder: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*.csv"))
            if path.name != "timings.csv"
        }

    sensitivity(**ASKED, store=tmp_path / "a")
    before = tables(tmp_path / "a")
    gone = sorted((tmp_path / "a" / "sobol" / "runs").glob("*.json"))[::3]
    for path in gone:
        path.unlink()
    shutil.rmtree(tmp_path / "a" / "tornado")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "a").glob("*/runs/*.json")}
    sensitivity(**ASKED, store=tmp_path / "a")
    assert tables(tmp_path / "a") == before
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


def test_another_design_in_the_folder_is_refused_naming_what_differs(tmp_path: Path) -> None:
    asked = {**ASKED, "method": "morris", "store": tmp_path / "m"}
    sensitivity(**asked)
    with pytest.raises(StoreError, match="trajectories: 6 there, 7 now"):
        sensitivity(**{**asked, "trajectories": 7})
    with pytest.raises(StoreError, match=r"branches\.candidates now and not there"):
        sensitivity(**{**asked, "parameters": [*ASKED["parameters"], "branches.candidates"]})
    with pytest.raises(StoreError, match="seed: 1 there, 2 now"):
        sensitivity(**{**asked, "seed": 2})


def test_points_that_the_model_refuses_are_left_out_counted_and_told(tmp_path: Path) -> None:
    names = [*ASKED["parameters"][:2], "branches.fatigue_most"]
    with pytest.warns(FailedRunsWarning):
        found = sensitivity(
            **{**ASKED, "parameters": names, "trajectories": 12, "method": "morris"}, store=tmp_path / "f"
        )
    assert found.tally.failed > 0 and found.screening is not None
    table = found.screening.set_index("parameter")
    assert table.loc["branches.fatigue_most", "effects"] < 12 and (table["effects"] + table["lost"] == 12).all()
    assert table.loc["branches.mediation_share", "says"] == NOT_ZERO
    report = document(found, {})
    assert Finding("sensitivity.steps_lost", lost=int(table["lost"].sum()), steps=36) in report.warnings
    assert Finding("sensitivity.refused") in report.method and found.report().exists()


def test_an_outcome_itself_can_be_asked_about_and_runs_be_read_again(tmp_path: Path) -> None:
    from experiments.analyses.sensitivity import reread

    found = sensitivity(**{**ASKED, "arms": ["full"], "method": "sobol"}, store=tmp_path / "s")
    runs = tmp_path / "s" / "sobol" / "runs.csv"
    again = reread(runs, ["full"], "y", scenario=ASKED["scenario"], out=tmp_path / "again")
    pd.testing.assert_frame_equal(found.table, again.table)
    text = runs.read_text().splitlines()
    runs.write_text("\n".join(text[:-3]) + "\n")
    with pytest.raises(StoreError, match="lacks 3 runs of this design"):
        reread(runs, ["full"], "y", scenario=ASKED["scenario"], out=tmp_path / "again")


def test_of_a_table_in_any_order_and_with_further_arms_what_is_asked_about_is_counted(tmp_path: Path) -> None:
    from experiments.analyses.sensitivity import reread

    names = [*ASKED["parameters"][:2], "branches.fatigue_most"]
    with pytest.warns(FailedRunsWarning):
        found = sensitivity(
            **{**ASKED, "parameters": names, "trajectories": 12, "method": "morris"}, store=tmp_path / "f"
        )
    there = tmp_path / "f" / "morris" / "runs.csv"
    table = pd.read_csv(there)
    more = pd.concat([table, table[table["arm"] == "none"].assign(arm="own", replicate=7, y=np.nan)])
    more.insert(1, "note", "")
    more[more.columns[::-1]].to_csv(there, index=False)
    with pytest.warns(FailedRunsWarning, match="no outcome in the table"):
        again = reread(there, ["full", "none"], "y", scenario=ASKED["scenario"], out=tmp_path / "again")
    assert again.tally.failed == found.tally.failed == int(table["y"].isna().sum()) > 0
    assert again.steps["morris"].replicates == found.steps["morris"].replicates == 2
    pd.testing.assert_frame_equal(found.table, again.table)


@pytest.mark.slow
def test_a_surrogate_says_what_it_cannot_resolve_and_is_read_over_declared_ranges_alone(tmp_path: Path) -> None:
    from experiments.analyses.sensitivity import reread

    asked = {**ASKED, "arms": ["full"], "method": "sobol", "surrogate": True, "points": 30}
    found = sensitivity(**asked, store=tmp_path / "s")
    told = found.table.set_index("parameter")
    assert found.indices is not None and told.loc["branches.mediation_share", "total_says"] == NOT_ZERO
    assert told.loc["branches.targets", "total_low"] > 0.0 and told.loc["branches.targets", "total_says"] == ZERO
    assert Finding("sensitivity.unresolved", share=found.indices.unresolved) in document(found, {}).method
    for lang in ("en", "zh"):
        page = found.report(lang, tmp_path / lang / "report.html").read_text(encoding="utf-8")
        assert f"{found.indices.unresolved:.2g}" in page and f"Q2 = {found.indices.quality:.2f}" in page
    to = {"scenario": ASKED["scenario"], "out": tmp_path / "again"}
    pd.testing.assert_frame_equal(found.table, reread(tmp_path / "s/surrogate/runs.csv", ["full"], "y", **to).table)

    own = dict.fromkeys(ASKED["parameters"], "declared") | {"branches.mediation_share": [0.2, 0.6]}
    sensitivity(**{**asked, "parameters": own}, store=tmp_path / "own")
    with pytest.raises(
        ScenarioError,
        match=r"branches\.mediation_share: the points of .*design\.csv span 0\.2.* to "
        r"0\.[56].*declared range is 0 to 1",
    ):
        reread(tmp_path / "own/surrogate/runs.csv", ["full"], "y", **to)
    runs = sensitivity(**{**asked, "parameters": own, "surrogate": False, "points": 16}, store=tmp_path / "runs")
    to["out"] = tmp_path / "other runs"
    pd.testing.assert_frame_equal(runs.table, reread(tmp_path / "runs/sobol/runs.csv", ["full"], "y", **to).table)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"method": "moris"}, 'Did you mean "morris"'),
        ({"replicates": 1}, "replicates is 1: a whole number of at least 2 is needed, or chance"),
        ({"points": 12}, "needs a power of two, like 8 or 16"),
        ({"parameters": ["branchs"]}, 'neither a parameter nor a section. Did you mean "branches"'),
        ({"parameters": [], "method": "sobol"}, "far too many runs"),
        ({"arms": ["full", "none", "own"]}, "3 arms are given"),
        ({"method": "tornado", "surrogate": True}, "A surrogate is for indices"),
        ({"parameters": ["couriers.norm"], "method": "sobol", "surrogate": True}, "has 3 levels without an order"),
        ({"outcome": "conflictz", "model": None}, 'Did you mean "conflicts"'),
    ],
)
def test_what_cannot_be_done_is_said_before_the_first_run(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises((ScenarioError, StoreError), match=told):
        sensitivity(**{**ASKED, **change}, store=tmp_path / "never")
    assert not (tmp_path / "never").exists() or not list((tmp_path / "never").rglob("*.json"))


@pytest.mark.slow
def test_the_command_ends_in_tables_figures_and_a_report(
    gongzhi: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = [
        "--parameters=branches.mediation_share",
        "--parameters=services.effect",
        "--estates=4",
        "--weeks=30",
        "--trajectories=4",
        "--points=8",
        "--executor=serial",
        "--method=tornado",
    ]
    status, out, err = gongzhi("sensitivity", "coverage", *words)
    assert status == 0, err
    folder = tmp_path / "results/sensitivity-coverage"
    assert (folder / "report.html").exists() and (folder / "figures/tornado.png").exists()
    assert "report.html, figures, tornado.csv" in out and "Each parameter alone: 2 parameters" in caplog.text
    status, out, err = gongzhi("sensitivity", "--from", folder / "tornado/runs.csv", "--out", "again")
    assert status == 0, err
    assert (folder / "tornado.csv").read_bytes() == (tmp_path / "again/tornado.csv").read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["covrage"], 'Did you mean "coverage"'),
        (["--under=none", "--policy=full"], "use one of them"),
        (["--policy=ful"], 'Did you mean "full"'),
        (["--policy=none"], "set against itself"),
        (["--from=nothing.csv"], "can be read only beside its design"),
        (["--set=branches.targets=3", "--parameters=branches.targets"], "set for all runs"),
    ],
)
def test_what_the_command_cannot_do_is_one_message(gongzhi: Any, words: list[str], told: str) -> None:
    status, _, err = gongzhi("sensitivity", *words)
    assert status == 2 and told in err
