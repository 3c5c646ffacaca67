"""Calibration of a toy, whole: parameters found again, what cannot be said, what is refused, and how it goes on."""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import Execution
from experiments.analyses.calibration import calibrate, posterior
from experiments.analyses.calibration.calibration_report import document
from experiments.analyses.failed_runs import FailedRunsWarning
from experiments.analyses.validation.targets import Target, shipped
from experiments.core.log import log
from experiments.presets.questions import fitted
from sim import Scenario
from sim.core.errors import ScenarioError, StoreError

SERIAL = Execution(executor="serial", progress=False)
TINY = {"district.estates": 2, "run.warmup": 1, "run.weeks": 2}
RANGES = {"incidents.rate_noise": [0.0, 2.0], "desks.meeting": [0.2, 0.8], "desks.patience": [0.0, 0.2]}
NOISE = 0.05


class Toy:
    """Figures that are a plane over two parameters, and chance; a third parameter does nothing."""

    def __init__(self, scenario: Any, district: Any, rng: int, replay: Any = None) -> None:
        self.scenario, self.district, self.seed, self.week = scenario, district, rng, 0

    def step(self) -> None:
        self.week += 1

    def fork(self, scenario: Any, replay: Any = None) -> Toy:
        other = type(self)(scenario, self.district, self.seed)
        other.week = self.week
        return other

    def expected(self) -> tuple[float, float]:
        noise, meeting = self.scenario.incidents.rate_noise, self.scenario.desks.meeting
        return 1.0 + noise + meeting, 2.0 * meeting + 0.1 * self.scenario.supervision.enabled

    @property
    def outcomes(self) -> pd.DataFrame:
        chance = np.random.default_rng(self.seed).normal(0.0, NOISE, 2)
        one, two = np.array(self.expected()) + chance
        return pd.DataFrame([{"week": self.week - 1, "one": one, "two": two}])


class Broken(Toy):
    """Fails where one parameter is high, and warns."""

    def step(self) -> None:
        super().step()
        warnings.warn("in doubt", stacklevel=1)
        if self.scenario.incidents.rate_noise > 1.8:
            raise ZeroDivisionError("injected")


TRUTH = {"incidents.rate_noise": 0.8, "desks.meeting": 0.5}
TARGETS = {
    "one": Target(2.3, 2.1, 2.5),
    "two": Target(1.0, 0.8, 1.2),
    "kept back": Target(5, 4, 6, fitted=False),
}


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


def tried(folder: Path, targets: Any = None, **others: Any) -> Any:
    settings: dict[str, Any] = {
        "points": 16,
        "waves": 2,
        "checks": 6,
        "scenario": Scenario().replace({"voice.memory": 30.0}),
        "changes": TINY,
        "model": Toy,
        "execution": SERIAL,
        "store": folder,
    }
    return calibrate(targets or TARGETS, others.pop("parameters", RANGES), **{**settings, **others})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        return tried(tmp_path_factory.mktemp("toy") / "calibrate")


def test_known_parameters_are_found_and_one_that_moves_nothing_is_not_identified(made: Any) -> None:
    table = made.summary.set_index("parameter")
    for name, value in TRUTH.items():
        assert table.loc[name, "ci_low"] <= value <= table.loc[name, "ci_high"]
        assert table.loc[name, "identified"] == "yes" and table.loc[name, "narrower"] > 0.5
        assert made.best[name] == pytest.approx(value, abs=0.1)
    assert table.loc["desks.patience", "identified"] == "not identified"
    assert abs(table.loc["desks.patience", "narrower"]) < 0.1
    assert set(made.predictive["figure"]) == {"one", "two"}, "what is kept back is not used"
    assert (made.predictive["inside"] != "no").all()


def test_parameters_that_only_their_sum_is_known_of_are_identified_together(soon: None, tmp_path: Path) -> None:
    result = tried(tmp_path / "sum", {"one": Target(2.3, 2.2, 2.4)}, waves=1)
    first = result.pairs.iloc[0]
    assert {first["first"], first["second"]} == {"incidents.rate_noise", "desks.meeting"}
    assert first["correlation"] < -0.6 and first["together"] == "yes"
    last = result.findings[-1]
    assert last.id == "calibration.together" and set(last.values["pairs"][0][:2]) == set(RANGES) - {"desks.patience"}


def test_points_live_in_chance_of_their_own_and_their_worlds_share_it(soon: None, tmp_path: Path) -> None:
    both = {"off": {}, "on": {"supervision.enabled": True}}
    result = tried(tmp_path / "both", worlds=both, waves=1)
    runs = result.waves[0].runs
    expected = 1.0 + runs["incidents.rate_noise"] + runs["desks.meeting"]
    chance = (runs["one"] - expected).to_numpy().reshape(-1, 2)
    assert chance[:, 0] == pytest.approx(chance[:, 1], abs=1e-6), "one point in two worlds"
    assert len(np.unique(chance[:, 0].round(6))) == 32, "16 points with two replicates each"
    assert result.predictive["world"].tolist() == ["off", "off", "on", "on"]
    assert result.target_set.weights.tolist() == [0.5] * 4
    assert 2 * result.best["desks.meeting"] == pytest.approx(0.95, abs=0.1), "between both worlds' answers"


def test_the_calibrated_scenario_loads_and_leaves_the_size_of_the_runs_out(made: Any) -> None:
    scenario = Scenario.load(made.folder / "calibrated.toml")
    assert {name: scenario.get(name) for name in made.best} == made.best
    assert scenario.voice.memory == 30.0, "what the user's own scenario says stays"
    assert scenario.run == Scenario().run and scenario.district == Scenario().district
    for value in made.best.values():
        assert value == float(f"{value:.3g}")


def test_tables_are_written_and_agree_with_one_another(made: Any) -> None:
    tables = {
        name: pd.read_csv(made.folder / f"{name}.csv")
        for name in ("posterior", "summary", "pairs", "predictive", "emulators", "waves")
    }
    assert len(tables["posterior"]) == posterior.SAMPLE
    means = tables["posterior"].mean()
    assert tables["summary"].set_index("parameter")["mean"].to_dict() == pytest.approx(means.to_dict())
    assert len(tables["pairs"]) == 3 and tables["emulators"]["sound"].isin(["yes", "no"]).all()
    assert tables["waves"]["left"].is_monotonic_decreasing or len(tables["waves"]) == 1


def test_the_same_command_runs_nothing_again_and_a_stopped_one_goes_on_to_the_same_bytes(
    soon: None, made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    names = [path.name for path in made.folder.glob("*.csv")]
    before = {name: (made.folder / name).read_bytes() for name in [*names, "calibrated.toml"]}
    stamps = {path: path.stat().st_mtime_ns for path in made.folder.rglob("runs/*.parquet")}
    again = tried(made.folder)
    assert {path: path.stat().st_mtime_ns for path in made.folder.rglob("runs/*.parquet")} == stamps
    assert {name: (again.folder / name).read_bytes() for name in before} == before
    stopped = tmp_path / "stopped"

    def stop(record: logging.LogRecord) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, caplog.at_level("INFO", log.name), pytest.raises(KeyboardInterrupt):
        patch.setattr(log, "filters", [stop])
        tried(stopped)
    assert (stopped / "wave-1").is_dir() and not (stopped / "wave-2").exists()
    for path in sorted((stopped / "wave-1" / "runs").glob("*.json"))[:5]:
        path.unlink()
    tried(stopped)
    assert {name: (stopped / name).read_bytes() for name in before} == before


def test_another_calibration_in_the_same_folder_is_refused(soon: None, made: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="targets, one, value: 2.3 there, 2.0 now"):
        tried(made.folder, {"one": Target(2.0, 1.0, 3.0)})
    with pytest.raises(StoreError, match="seed: 1 there, 2 now"):
        tried(made.folder, seed=2)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="other files"):
        tried(tmp_path)


def test_targets_that_cannot_be_met_together_are_said_to_be_so(soon: None, tmp_path: Path) -> None:
    result = tried(tmp_path / "far", {"one": Target(9.0, 8.9, 9.1), "two": Target(1.0, 0.8, 1.2)}, waves=1)
    assert result.regions[-1].empty and result.regions[-1].share == 0.0
    assert result.predictive.set_index("figure").loc["one", "inside"] == "no"
    found = {finding.id: finding.values for finding in result.findings}
    assert found["calibration.ruled_out"]["nearest"] > found["calibration.ruled_out"]["cut"]
    first = found["calibration.outside"]["figures"][0]
    assert (first[0], *first[3:]) == ("one", 8.9, 9.1)
    assert "incidents.rate_noise" in found["calibration.pressed"]["names"]
    assert result.summary.set_index("parameter").loc["incidents.rate_noise", "presses"] == "high"


def test_runs_that_fail_are_left_out_and_named_and_warnings_told(soon: None, tmp_path: Path) -> None:
    with pytest.warns(FailedRunsWarning, match="injected"):
        result = tried(tmp_path / "broken", model=Broken, waves=1)
    failed = [row["message"] for row in result.failures]
    assert failed and all("injected" in message for message in failed)
    assert any("in doubt" in text for text in result.warnings)
    told = {warning.id: warning.values for warning in document(result, {}).warnings}["calibration.failed"]
    assert told["count"] == len(failed) and told["example"] == failed[0]
    assert result.best["incidents.rate_noise"] == pytest.approx(0.8, abs=0.15)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"targets": {"replyy": Target(1, 0, 2)}, "model": None},
            'no figure that the model measures. Did you mean "reply"',
        ),
        ({"targets": {"one": Target(1, 0, 2, fitted=False)}}, "No target may be fitted"),
        ({"targets": {"one": Target(1, 1, 1)}}, "has no width"),
        ({"parameters": {"couriers.norm": "declared"}}, "levels and no range"),
        ({"parameters": {"incidents.enabled": "declared"}}, "levels and no range"),
        ({"parameters": {"incidents.rate_noize": "declared"}}, "incidents.rate_noise"),
        ({"parameters": {"committees.usual_share": "declared"}}, "declares no range"),
        (
            {"targets": {"reply": Target(15, 12, 18)}, "model": None, "changes": {"run.weeks": 60, "run.warmup": 20}},
            "at least 72 are needed",
        ),
        ({"points": 4}, "points is 4"),
        ({"replicates": 1}, "replicates is 1: a whole number of at least 2"),
        ({"waves": 0}, "waves is 0"),
        ({"level": 1.5}, "level is 1.5"),
        ({"discrepancy": -1.0}, "discrepancy is -1.0"),
        ({"checks": 2001}, "at most 2000 points of the plausibility region"),
        ({"worlds": {"off": {}, "on": {"desks.meeting": 0.3}}}, "desks.meeting"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_before_the_first_run(
    given: dict[str, Any],
    message: str,
    tmp_path: Path,
) -> None:
    with pytest.raises(ScenarioError) as error:
        tried(tmp_path / "refused", **given)
    assert message in str(error.value)
    assert not (tmp_path / "refused").exists()


def test_without_scikit_learn_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.gaussian_process", None)
    with pytest.raises(ScenarioError, match=r"gongzhi\[calibration\]"):
        tried(tmp_path / "none")


def test_findings_are_those_of_the_tables(made: Any) -> None:
    found = {finding.id: finding.values for finding in made.findings}
    narrowed = found["calibration.narrowed"]
    assert [one[0] for one in narrowed["known"]] == list(TRUTH) and narrowed["unknown"] == ["desks.patience"]
    met = found["calibration.met"]
    assert met["all"] == len(made.target_set) == sum(met[name] for name in ("sure", "mean", "beyond", "out"))
    assert found["calibration.left"]["share"] == made.progress["left"].iloc[-1]
    report = document(made, {name: made.folder / f"{name}.png" for name in made.figures})
    assert len(report.figures) == 3 and len(report.tables) == 5 and all(len(shown.frame) for shown in report.tables)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_figures_state_what_was_found(made: Any, lang: str) -> None:
    shown = {name: " ".join(text.get_text() for text in draw(lang).texts) for name, draw in made.figures.items()}
    assert "desks.patience" in shown["posterior"] and str(len(made.plan.axes)) in shown["posterior"]
    assert str(len(made.target_set)) in shown["check"]


def test_what_is_fitted_by_default_can_be_and_is_asked_in_two_worlds() -> None:
    facts = {row["name"]: row for row in Scenario().parameters()}
    parameters, worlds = fitted()
    for name in parameters:
        assert facts[name]["sweep_low"] < facts[name]["default"] < facts[name]["sweep_high"]
    assert not set(worlds["arrangement on"]) & set(parameters)
    assert Scenario().replace(worlds["arrangement on"]) == Scenario().arrangement()
    assert [name for name, target in shipped().items() if target.fitted]


@pytest.mark.slow
def test_the_command_calibrates_a_tiny_district(gongzhi: Any, tmp_path: Path) -> None:
    table = "figure,low,high,fitted\nshare noise,0.1,0.5,yes\nauthority,2,90,yes\nreply,1,90,no\n"
    (tmp_path / "my.csv").write_text(table)
    words = (
        "calibrate",
        "--targets",
        "my.csv",
        "--parameter",
        "incidents.rate_noise",
        "--parameter",
        "desks.meeting=0.3:0.7",
        "--alone",
        "--points",
        "8",
        "--waves",
        "1",
        "--checks",
        "3",
        "--estates",
        "6",
        "--weeks",
        "56",
        "--set",
        "run.warmup=4",
        "--executor",
        "serial",
    )
    status, out, err = gongzhi(*words)
    assert status == 0, err
    folder = tmp_path / "results/calibrate"
    assert "of 2 figures" in out and "Wave 1" in err
    for name in ("report.html", "posterior.csv", "figures/posterior.png", "figures/check.svg", "figures/pairs.png"):
        assert (folder / name).exists(), name
    assert Scenario.load(folder / "calibrated.toml").run.warmup == 4
    assert json.loads((folder / "experiment.json").read_text())["spec"]["parameters"]["desks.meeting"] == [0.3, 0.7]
    found = folder / "calibrated.toml"
    status, _, err = gongzhi("run", "--scenario", found, "--estates", "3", "--weeks", "8", "--quiet")
    assert status == 0, err
    status, _, err = gongzhi(*words, "--parameter", "desks.meeting=x")
    assert status == 2 and "names" in err
    status, _, err = gongzhi("calibrate", "--parameter", "desks.meeting=x")
    assert status == 2 and "LOW:HIGH" in err


@pytest.mark.slow
def test_disputes_of_an_own_district_are_a_target(gongzhi: Any, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    (tmp_path / "estates.csv").write_text("estate,households\n" + "".join(f"e{n},{200 + 60 * n}\n" for n in range(12)))
    rows = [
        f"e{n},{week},{kind},{rng.poisson(0.3)},{rng.integers(3, 40)}\n"
        for n in range(12)
        for week in range(52)
        for kind in ("noise", "parking")
    ]
    (tmp_path / "disputes.csv").write_text("estate,week,category,count,resolved_days\n" + "".join(rows))
    words = (
        "calibrate",
        "--district",
        "estates.csv",
        "--parameter",
        "incidents.rate_noise",
        "--points",
        "8",
        "--waves",
        "1",
        "--checks",
        "2",
        "--set",
        "run.warmup=4",
        "--weeks",
        "56",
        "--executor",
        "serial",
    )
    status, out, err = gongzhi(*words, "--observed", "disputes.csv")
    assert status == 0, err
    told = json.loads((tmp_path / "results/calibrate/experiment.json").read_text())["spec"]
    assert {"share noise", "share parking", "reply", "volume"} <= set(told["targets"])
    assert "share fees" not in told["targets"], "nobody quarrelled about fees, and nothing can be fitted to that"
    assert list(told["worlds"]) == [""], "one's own district is as its scenario says"
    status, _, err = gongzhi("calibrate", "--observed", "disputes.csv")
    assert status == 2 and "--district" in err
