"""The EMA workbench is given what this laboratory would have run, and nothing is lost on the way."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from experiments import Execution, ema_model, ema_results, sweep
from experiments.adapters.names import identifier, usual_levers
from experiments.adapters.workbench import workbench
from sim.core.errors import GongzhiError, ScenarioError, StoreError, StrategyError
from tests.support import toy_model
from tests.support.repository import ROOT

SERIAL = Execution(executor="serial", progress=False)
WORLD = sim.Scenario().replace({"district.estates": 4, "run.warmup": 4, "run.weeks": 10})
VARIED: dict[str, Any] = {"branches.reporting_hours": "declared", "branches.targets": [2, 9]}

# EMA starts a thread and then forks, which Python warns of; PRIM uses what pandas has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop is deprecated"),
    pytest.mark.filterwarnings("ignore:ipyparallel not installed:UserWarning"),
    pytest.mark.filterwarnings("ignore:altair based interactive inspection not available:ImportWarning"),
]


# A model of EMA ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ema() -> Any:
    return workbench()


@pytest.fixture
def explored(ema: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[pd.DataFrame, dict[str, np.ndarray]]]:
    """Return a function that performs experiments one after the other, without progress bars."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setenv("TQDM_DISABLE", "1")

    def run(model: Any, scenarios: Any, *strategies: str, **others: Any) -> Any:
        policies = [ema.Sample(name, coverage__strategy=name) for name in strategies]
        with ema.SequentialEvaluator(model) as evaluator:
            return evaluator.perform_experiments(scenarios, policies, **others)

    return run


def toy_workbench(**others: Any) -> Any:
    usual = {
        "outcomes": ["conflicts", "standing"],
        "series": ["conflicts"],
        "replicates": 2,
        "model": toy_model.toy,
        "scenario": sim.Scenario().replace(toy_model.SMALL),
    }
    varied = {"uncertainties": VARIED, "levers": ["coverage.strategy"]}
    return ema_model(**{**usual, **varied, **others})


def test_an_experiment_is_what_a_sweep_runs_at_that_point(explored: Any, ema: Any) -> None:
    points = {"incidents.rate_noise": {"levels": [0.2, 0.8]}, "couriers.norm": {"levels": ["none", "linear"]}}
    swept = sweep(
        {
            "design": "factorial",
            "parameters": points,
            "replicates": 2,
            "arms": ["none", "full"],
            "outcomes": ["conflicts", "hours"],
        },
        scenario=WORLD,
        execution=SERIAL,
    )
    model = ema_model(
        ["incidents.rate_noise", "couriers.norm"],
        ["coverage.strategy"],
        outcomes=["conflicts", "hours"],
        scenario=WORLD,
        replicates=2,
    )
    samples = [
        ema.Sample(str(place), **{identifier(str(name)): value for name, value in row.items()})
        for place, row in swept.points.iterrows()
    ]
    experiments, outcomes = explored(model, samples, "none", "full")
    theirs, ours = ema_results(swept)
    order = theirs.sort_values(["policy", "scenario"], key=lambda column: column.astype(str)).index
    mine = experiments.sort_values(["policy", "scenario"], key=lambda column: column.astype(str)).index
    for name in ("conflicts", "hours"):
        assert np.array_equal(ours[name][order], outcomes[name][mine]) and np.ptp(ours[name]) > 0.0
    for name in ("incidents__rate_noise", "couriers__norm"):
        assert list(theirs[name][order]) == list(experiments[name][mine])


def test_types_kinds_and_constants_come_from_the_declarations(ema: Any) -> None:
    model = ema_model(
        ["branches.reporting_hours", "branches.targets", "couriers.norm", "couriers.medical"],
        outcomes=["conflicts", "satisfaction", "resolution_reported"],
        scenario=WORLD,
    )
    kinds = [type(parameter).__name__ for parameter in model.uncertainties]
    assert kinds == ["RealParameter", "IntegerParameter", "CategoricalParameter", "BooleanParameter"]
    hours, targets = model.uncertainties[0], model.uncertainties[1]
    assert (hours.lower_bound, hours.upper_bound, targets.lower_bound, targets.upper_bound) == (0.0, 6.0, 0, 20)
    assert [outcome.kind for outcome in model.outcomes] == [-1, 1, 0]
    constants = {constant.name: constant.value for constant in model.constants}
    assert constants["run__weeks"] == 10 and constants["district__estates"] == 4 and constants["seed"] == 1
    assert {parameter.name for parameter in model.levers} == {identifier(name) for name in usual_levers(WORLD)}


def test_series_have_a_value_for_every_week_and_the_mean_of_the_late_ones_is_the_outcome(explored: Any) -> None:
    _, outcomes = explored(toy_workbench(), 3, "none", "full")
    assert outcomes["conflicts_by_week"].shape == outcomes["TIME"].shape == (6, 30)
    assert np.allclose(outcomes["conflicts_by_week"][:, 10:].mean(axis=1), outcomes["conflicts"], rtol=1e-12)


def test_many_processes_give_what_one_gives(explored: Any, ema: Any) -> None:
    sampled = {"uncertainty_sampling_kwargs": {"rng": np.random.default_rng(4)}}
    alone = explored(toy_workbench(), 4, "none", "full", **sampled)
    sampled = {"uncertainty_sampling_kwargs": {"rng": np.random.default_rng(4)}}
    policies = [ema.Sample(name, coverage__strategy=name) for name in ("none", "full")]
    with ema.MultiprocessingEvaluator(toy_workbench(), n_processes=2) as evaluator:
        spread = evaluator.perform_experiments(4, policies, **sampled)
    columns = [identifier(name) for name in (*VARIED, "coverage.strategy")]
    pd.testing.assert_frame_equal(alone[0][columns], spread[0][columns])
    for name, values in alone[1].items():
        assert np.array_equal(values, spread[1][name]), name


def test_a_model_can_be_sent_to_another_process(explored: Any) -> None:
    sent = pickle.loads(pickle.dumps(toy_workbench()))
    _, outcomes = explored(sent, 2, "none", "own")
    assert np.isfinite(outcomes["conflicts"]).all() and len(outcomes["conflicts"]) == 4


@pytest.mark.slow
def test_a_model_works_in_processes_that_start_from_nothing(tmp_path: Path) -> None:
    script = tmp_path / "spawned.py"
    script.write_text(
        "import multiprocessing\n"
        "from experiments import ema_model\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    from ema_workbench import MultiprocessingEvaluator\n"
        "    from sim import Scenario\n"
        "    world = Scenario().replace({'district.estates': 4, 'run.warmup': 4, 'run.weeks': 8})\n"
        "    model = ema_model(['branches.targets'], [], outcomes=['conflicts'], scenario=world, replicates=1)\n"
        "    with MultiprocessingEvaluator(model, n_processes=2) as evaluator:\n"
        "        print(evaluator.perform_experiments(3)[1]['conflicts'].shape)\n",
        encoding="utf-8",
    )
    root = str(ROOT)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env=os.environ | {"PYTHONPATH": root},
    )
    assert done.stdout.strip() == "(3,)", done.stderr[-2000:]


def test_a_failed_experiment_is_masked_and_takes_no_neighbours_outcomes(
    explored: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("WARNING", logger="EMA"):
        experiments, outcomes = explored(toy_workbench(model=toy_model.failing), 2, "none", "own", "full")
    failed = (experiments["policy"] == "own").to_numpy()
    for name in ("conflicts", "standing", "conflicts_by_week"):
        mask = np.ma.getmaskarray(outcomes[name]).reshape(len(experiments), -1)
        assert mask[failed].all() and not mask[~failed].any()
    _, good = explored(toy_workbench(), 2, "none", "full")
    assert np.array_equal(outcomes["conflicts"][~failed].data, good["conflicts"])
    assert "ZeroDivisionError: injected" in caplog.text and "seed" in caplog.text


def test_a_policy_is_not_taken_for_an_earlier_one_of_its_name(explored: Any, ema: Any) -> None:
    model = toy_workbench()
    found = []
    for strategy in ("none", "full"):
        with ema.SequentialEvaluator(model) as evaluator:
            policy = ema.Sample("the policy", coverage__strategy=strategy)
            found.append(evaluator.perform_experiments([ema.Sample("usual")], [policy])[1]["standing"])
    assert found[0] != found[1]


def test_a_policy_meets_nothing_of_the_one_before(explored: Any, ema: Any) -> None:
    levers = {"coverage.strategy": "declared", "branches.targets": [2, 9]}
    model = toy_workbench(uncertainties=[], levers=levers)
    policies = [ema.Sample(name, coverage__strategy=name, branches__targets=4) for name in ("none", "own", "full")]
    with ema.SequentialEvaluator(model) as evaluator:
        _, outcomes = evaluator.perform_experiments([ema.Sample("usual")], policies)
    for place, policy in enumerate(policies):
        with ema.SequentialEvaluator(toy_workbench(uncertainties=[], levers=levers)) as evaluator:
            _, alone = evaluator.perform_experiments([ema.Sample("usual")], [policy])
        assert alone["standing"][0] == outcomes["standing"][place]


def test_levers_that_are_numbers_can_be_searched(explored: Any, ema: Any, tmp_path: Path) -> None:
    levers = {"branches.targets": [2, 9], "branches.reporting_hours": "declared"}
    model = toy_workbench(uncertainties=[], levers=levers, series=[], outcomes=["conflicts", "hours"])
    with ema.SequentialEvaluator(model) as evaluator:
        found, _ = evaluator.optimize(
            nfe=8, population_size=4, epsilons=[0.1, 0.1], rng=1, directory=str(tmp_path), filename="search.tar.gz"
        )
    assert len(found) and found["branches__targets"].between(2, 9).all()


def test_experiments_that_ended_are_not_run_again(explored: Any, ema: Any, tmp_path: Path) -> None:
    policies, folder = ("full", "hours_matched:full"), tmp_path / "kept"
    levers = {"coverage.strategy": {"levels": ["none", *policies]}}

    def once(store: Path | None) -> dict[str, np.ndarray]:
        model = ema_model(
            {"branches.targets": [2, 9]},
            levers,
            outcomes=["conflicts", "hours"],
            store=store,
            scenario=sim.Scenario().replace(toy_model.SMALL),
            replicates=2,
            model=toy_model.toy,
        )
        return explored(model, [ema.Sample("s", branches__targets=4)], *policies)[1]

    first = once(folder)
    before = {path: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    again, fresh = once(folder), once(None)
    assert {path: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()} == before
    for name in ("conflicts", "hours"):
        assert np.array_equal(first[name], again[name]) and np.array_equal(first[name], fresh[name])
    assert first["conflicts"][0] != first["conflicts"][1]


def test_a_constant_cannot_be_changed_in_silence(explored: Any, ema: Any, caplog: pytest.LogCaptureFixture) -> None:
    model = toy_workbench()
    model.constants = [ema.Constant("run__weeks", 52, "run.weeks")]
    with pytest.raises(BaseException, match="run__weeks is a constant of this model, 30") as caught:
        explored(model, 1, "none")
    assert isinstance(caught.value, ema.EMAError)


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"uncertainties": ["branches.reporting_hour"]}, ScenarioError, 'Did you mean "branches.reporting_hours"'),
        ({"uncertainties": {"branches.targets": [9, 2]}}, ScenarioError, "the first must be below the second"),
        ({"uncertainties": ["run.weeks"]}, ScenarioError, "must be shared by all runs"),
        ({"uncertainties": ["coverage.second"]}, ScenarioError, "an uncertainty and a lever"),
        ({"uncertainties": [3]}, ScenarioError, "3 is no name of a parameter"),
        ({"levers": {"coverage.strategy": {"levels": ["full"]}}}, ScenarioError, "has a single level, 'full'"),
        ({"levers": {"coverage.strategy": {"levels": ["none", "ful"]}}}, StrategyError, 'Did you mean "full"'),
        ({"outcomes": ["conflict"]}, StoreError, 'Did you mean "conflicts"'),
        ({"series": ["order"]}, ScenarioError, "relative to another arm"),
        ({"replicates": 0}, ScenarioError, "replicates is 0"),
        ({"seed": 1.5}, ScenarioError, "seed is 1.5"),
        ({"weeks": 10}, ScenarioError, "run.warmup = 10 must be less"),
        ({"name": "my model"}, ScenarioError, "cannot name a model"),
    ],
)
def test_what_cannot_be_made_is_refused_before_the_first_run(given: Any, kind: type, words: str) -> None:
    usual = {"uncertainties": VARIED, "scenario": sim.Scenario().replace(toy_model.SMALL), "outcomes": ["conflicts"]}
    with pytest.raises(kind, match=words) as caught:
        ema_model(**{**usual, **given})
    assert isinstance(caught.value, GongzhiError)


def test_runs_are_kept_in_no_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="holds other files \\(thesis.txt\\)"):
        toy_workbench(store=tmp_path)
    with pytest.raises(StoreError, match="cannot be kept"):
        toy_workbench(store=tmp_path / "thesis.txt")


def test_without_the_workbench_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(ScenarioError, match=r'pip install "gongzhi\[ema\]"'):
        toy_workbench()


def test_making_a_model_leaves_the_filters_of_warnings_as_they_were() -> None:
    before = list(warnings.filters)
    toy_workbench()
    assert warnings.filters == before


# Results of EMA ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A sweep of the toy over all kinds of parameters."""
    varied = {**VARIED, "couriers.norm": "declared", "couriers.medical": "declared"}
    design = {
        "parameters": varied,
        "points": 8,
        "replicates": 2,
        "arms": ["none", "full"],
        "outcomes": ["conflicts"],
        "scenario": toy_model.SMALL,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.core.run.job.GovernanceModel", toy_model.toy)
        patch.setattr("os.fsync", lambda _: None)
        return sweep(design, store=tmp_path_factory.mktemp("sweep") / "toy", execution=SERIAL)


def test_a_folder_tells_what_the_sweep_told(swept: Any) -> None:
    for arm in (None, "full"):
        here, there = ema_results(swept, arm), ema_results(swept.store.folder, arm)
        pd.testing.assert_frame_equal(here[0], there[0])
        assert here[1].keys() == there[1].keys()
        assert all(np.array_equal(here[1][name], there[1][name], equal_nan=True) for name in here[1])


def test_results_are_the_rows_of_the_table(swept: Any) -> None:
    experiments, outcomes = ema_results(swept)
    assert list(experiments.dtypes.astype(str)) == ["float64", "float64", "category", "bool", *["category"] * 3]
    assert len(experiments) == 16 and set(experiments["policy"]) == {"none", "full"}
    for row, point, arm in zip(range(16), experiments["scenario"], experiments["policy"], strict=True):
        told = swept.table.set_index(["point", "arm"]).loc[(point, arm)]
        assert outcomes["conflicts"][row] == told["mean"]
        assert experiments["branches__targets"][row] == swept.points["branches.targets"][point]
        if arm == "full":
            assert outcomes["conflicts_difference_low"][row] == told["difference_low"]
    baseline = (experiments["policy"] == "none").to_numpy()
    assert (outcomes["conflicts_difference"] == 0.0).tolist() == baseline.tolist()


def test_what_is_no_sweep_or_no_arm_is_refused(swept: Any, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match='"ful" is no arm of the sweep. Did you mean "full"'):
        ema_results(swept, "ful")
    with pytest.raises(StoreError, match="holds no experiment"):
        ema_results(tmp_path)


def test_prim_finds_the_box_in_which_harm_was_planted(swept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ema_workbench.analysis import prim

    rng = np.random.default_rng(2)
    points = pd.DataFrame(
        {
            "branches.reporting_hours": rng.uniform(0, 6, 400),
            "branches.targets": rng.integers(0, 21, 400),
            "couriers.norm": rng.choice(["none", "linear", "quadratic"], 400),
            "couriers.medical": rng.random(400) < 0.5,
        }
    )
    harmed = (points["branches.reporting_hours"] > 3.0) & (points["branches.targets"] >= 8)
    row = {"arm": "full", "outcome": "conflicts", "mean": 1.0}
    table = pd.DataFrame(
        [
            {
                **row,
                "point": place,
                "difference": float(bad),
                "difference_low": float(bad) - 0.5,
                "difference_high": float(bad) + 0.5,
            }
            for place, bad in enumerate(harmed)
        ]
    )
    monkeypatch.setattr("experiments.adapters.results.Swept", Made)
    experiments, outcomes = ema_results(Made(points, table), "full")
    varied = experiments[[identifier(name) for name in points.columns]]
    box = prim.Prim(varied, outcomes["conflicts_difference_low"] > 0.0, peel_alpha=0.05).find_box()
    limits = box.box_lim
    assert box.stats["density"] > 0.97 and box.stats["coverage"] > 0.8
    assert abs(limits["branches__reporting_hours"][0] - 3.0) < 0.4 and abs(limits["branches__targets"][0] - 7.5) <= 1.0
    assert limits["couriers__norm"][0] == {"none", "linear", "quadratic"}


class Made:
    """What `ema_results` reads of a sweep."""

    def __init__(self, points: pd.DataFrame, table: pd.DataFrame) -> None:
        self.points, self.table = points, table
