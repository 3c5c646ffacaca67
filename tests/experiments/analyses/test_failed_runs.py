"""Runs that fail are never passed over in silence: a call in Python warns, or raises where an arm has nothing left."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from experiments import FailedRunsError, FailedRunsWarning, compare, sweep
from experiments import open as read
from experiments.analyses.failed_runs import lost_arms
from tests.golden.analyses import ANALYSES
from tests.support import toy_model
from tests.support.every_analysis import FAST, SERIAL

OWN_WORDS = {"calibrate", "screening"}
"""Of these a message of their own may say that too many runs failed for anything to be found."""
KINDS = [pytest.param(name, marks=() if name in (*FAST, "morris") else pytest.mark.slow) for name in ANALYSES]


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


def breaking(monkeypatch: pytest.MonkeyPatch, breaks: Callable[[sim.GovernanceModel], bool]) -> None:
    """Let a week of some models fail."""
    live = sim.GovernanceModel.step

    def step(self: sim.GovernanceModel) -> None:
        if self.week == 3 and breaks(self):
            raise ZeroDivisionError("injected")
        live(self)

    monkeypatch.setattr(sim.GovernanceModel, "step", step)


@pytest.mark.parametrize("kind", KINDS)
def test_every_analysis_warns_of_the_first_failure_and_counts(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One replicate fails in every arm: others are left."""
    seeds: list[int] = []
    breaking(monkeypatch, lambda model: (seeds or seeds.append(model.seed) or seeds)[0] == model.seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = ANALYSES[kind](sim.Scenario(), tmp_path, SERIAL)
        except (FailedRunsError, sim.StoreError) as error:  # so few runs need all of them
            assert "injected" in str(error) or kind in OWN_WORDS, str(error)
            return
    (told,) = [str(item.message) for item in caught if item.category is FailedRunsWarning]
    assert "ZeroDivisionError: injected" in told and " runs failed; the first, " in told
    assert not hasattr(result, "failures") or repr(result).startswith(f"<{type(result).__name__}: ")


@pytest.mark.parametrize("kind", KINDS)
def test_no_analysis_returns_a_result_of_nothing(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, lambda model: True)
    with pytest.raises((FailedRunsError, sim.StoreError)) as caught:
        ANALYSES[kind](sim.Scenario(), tmp_path, SERIAL)
    assert "injected" in str(caught.value) or kind in OWN_WORDS


def broken_own(scenario: sim.Scenario, district: sim.District, rng: int, replay: Any = None) -> toy_model.ToyModel:
    if scenario.coverage.strategy == "own":
        raise ValueError("a strategy gives own everywhere")
    return toy_model.ToyModel(scenario, district, rng, replay)


def test_an_arm_without_a_run_is_named_with_its_reason_and_the_rest_is_kept(
    small: sim.Scenario, tmp_path: Path
) -> None:
    def compared() -> Any:
        world = {"scenario": small.replace({"coverage.start_week": 0}), "model": broken_own}
        return compare(["none", "own", "full"], replicates=2, **world, out=tmp_path, execution=SERIAL)

    for _ in range(2):  # and again, when nothing is run any more
        with pytest.raises(FailedRunsError) as caught:
            compared()
        assert str(caught.value).startswith(
            'No run of "own" has ended well. 2 of 6 runs failed; the first, own, replicate 0: '
            "ValueError: a strategy gives own everywhere. What has been run stays in "
        )
    result = caught.value.result
    assert result.table["strategy"].unique().tolist() == ["none", "full"] and result.report().exists()
    assert repr(result) == f"<Comparison: 2 of 6 runs failed, in {tmp_path}>"
    assert repr(read(tmp_path)) == repr(result)


def test_one_point_of_a_sweep_may_fail(small: sim.Scenario, tmp_path: Path) -> None:
    def point(scenario: sim.Scenario, district: sim.District, rng: int, replay: Any = None) -> toy_model.ToyModel:
        if scenario.incidents.rate_noise == 0.2:
            raise ValueError("too quiet")
        return toy_model.ToyModel(scenario, district, rng, replay)

    design = {
        "points": pd.DataFrame({"incidents.rate_noise": [0.1, 0.2, 0.3]}),
        "arms": ["none", "full"],
        "outcomes": ["conflicts"],
    }
    asked = {"scenario": small, "model": point, "execution": SERIAL, "out": tmp_path}
    design = {"design": "factorial", "levels": 3, "parameters": {"incidents.rate_noise": [0.1, 0.3]}, **design}
    del design["points"]
    with pytest.warns(FailedRunsWarning, match=r"2 of 6 runs failed; the first, 1 none, .*too quiet"):
        result = sweep(design, **asked)
    assert lost_arms(result) == [] and repr(result) == f"<Swept: 2 of 6 runs failed, in {tmp_path}>"


def test_extending_says_it_too(small: sim.Scenario, tmp_path: Path) -> None:
    fails: list[bool] = [False]

    def model(scenario: sim.Scenario, district: sim.District, rng: int, replay: Any = None) -> toy_model.ToyModel:
        if fails[0]:
            raise ValueError("now it fails")
        return toy_model.ToyModel(scenario, district, rng, replay)

    result = compare(["none", "full"], replicates=2, scenario=small, model=model, out=tmp_path, execution=SERIAL)
    assert repr(result) == f"<Comparison: 4 runs, in {tmp_path}>"
    fails[0] = True
    with pytest.warns(FailedRunsWarning, match="2 of 6 runs failed"):
        result.extend(replicates=1)


def test_a_result_whose_folder_has_gone_still_says_what_it_is(small: sim.Scenario, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "gone"
    result = compare(["none", "full"], replicates=2, scenario=small, model=toy_model.toy, out=folder, execution=SERIAL)
    shutil.rmtree(folder)
    assert repr(result) == f"<Comparison in {folder}>"


@pytest.mark.parametrize(
    ("labels", "lost"),
    [
        (["0 none", "0 full", "1 none", "1 full"], ["full"]),
        (["none", "1 full", "2 full"], ["1 full", "2 full"]),
        (["0", "1", "2"], []),
    ],
)
def test_arms_are_counted_over_all_points(labels: list[str], lost: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Held:
        def design_table(self) -> pd.DataFrame:
            return pd.DataFrame({"arm": labels, "run": labels})

        def record(self, key: str) -> dict[str, str] | None:
            return None if key == "2" else {"status": "failed" if "full" in key or key == "1" else "done"}

    class Made:
        stores = (Held(),)

    assert lost_arms(Made()) == lost  # type: ignore[arg-type]
