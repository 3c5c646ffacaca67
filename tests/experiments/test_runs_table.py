"""Every kind of analysis has its runs in one table, from which its main numbers can be worked out again."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import experiments
from experiments import Store, sweep
from experiments.analyses.ablation.ablation import BASELINE
from experiments.analyses.sensitivity.morris import screened
from experiments.analyses.sensitivity.sampling_design import read_runs, responses
from tests.support import toy_model
from tests.support.every_analysis import EVERY, FAST, SERIAL, made
from tests.support.repository import ROOT


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


def documented() -> dict[str, tuple[set[str], list[str]]]:
    """The tables of each kind, and the first columns of its runs, as docs/laboratory.md has them."""
    text = (ROOT / "docs" / "laboratory.md").read_text(encoding="utf-8").split("\n## Files\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")
    ]
    words = [[re.findall(r"`([^`]+)`", re.sub(r"\(.*?\)", "", cell)) for cell in row] for row in rows]
    return {kind[0]: (set(tables), columns) for kind, tables, columns, _ in words}


def test_the_page_of_the_laboratory_has_every_kind() -> None:
    assert set(documented()) == set(experiments.registry.KINDS)


@pytest.mark.parametrize(
    "name", [name if name in FAST else pytest.param(name, marks=pytest.mark.slow) for name in EVERY]
)
def test_every_stored_run_is_a_row_with_the_columns_that_the_documentation_names(name: str, tmp_path: Path) -> None:
    made(name, tmp_path)
    result = experiments.open(tmp_path)
    runs = pd.read_csv(tmp_path / "runs.csv", keep_default_na=False, na_values=[""])
    assert result.runs.to_csv(index=False, lineterminator="\n").encode() == (tmp_path / "runs.csv").read_bytes()
    assert sum(len(store.design_table()) for store in result.stores) == len(runs) > 0
    assert result.runs.columns.is_unique, "no outcome is called as what names a run"
    tables, columns = documented()[result.spec.analysis]
    assert set(result.tables) <= tables | {"runs"} and list(runs.columns)[: len(columns)] == columns
    own = [column for column in [*columns, "round"] if column in runs and column not in ("seed", "status")]
    assert not runs.duplicated(own).any(), "its name identifies a run"
    if "seed" in columns:
        seeds = pd.concat([store.design_table() for store in result.stores])["seed"]
        assert sorted(seeds) == sorted(runs["seed"])
    if "step" in columns:
        assert {*runs["step"]} == {store.folder.name for store in result.stores} and set(runs["status"]) == {"done"}


def read(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "runs.csv", keep_default_na=False, na_values=[""], dtype={"arm": str})


def gap(runs: pd.DataFrame, outcome: str, policy: str, against: str, keys: list[str]) -> float:
    """Mean of the differences in pairs."""
    wide = runs.set_index([*keys, "arm"])[outcome].unstack("arm")
    return float((wide[policy] - wide[against]).groupby(level=0).mean().mean())


@pytest.mark.parametrize("name", ["compare", "study"])
def test_effects_are_worked_out_again_from_the_runs(name: str, tmp_path: Path) -> None:
    rows = made(name, tmp_path).table.query("outcome == 'conflicts' and strategy != against")
    for row in rows.to_dict("records"):
        again = gap(read(tmp_path), "conflicts", row["strategy"], row["against"], ["district", "replicate"])
        assert again == pytest.approx(row["difference"], abs=1e-9)


def test_a_sweep_is_worked_out_again_from_its_runs(tmp_path: Path) -> None:
    result, runs = made("sweep", tmp_path), read(tmp_path)
    for point, effect in result.effects("conflicts").items():
        here = runs[runs["point"] == point]
        assert gap(here, "conflicts", "full", "none", ["replicate"]) == pytest.approx(effect, abs=1e-9)


def test_a_sign_map_is_worked_out_again_from_its_runs(tmp_path: Path) -> None:
    result, runs = made("signmap", tmp_path), read(tmp_path)
    for row in result.table.to_dict("records"):
        here = runs[runs["point"] == row["point"]].set_index(["round", "replicate", "arm"])["conflicts"].unstack("arm")
        assert (here["full"] - here["none"]).mean() == pytest.approx(row["difference"], abs=1e-9)


def test_an_ablation_is_worked_out_again_from_its_runs(tmp_path: Path) -> None:
    result = made("ablate", tmp_path)
    means = read(tmp_path).groupby("arm")["conflicts"].mean()
    whole = result.table.query("outcome == 'conflicts' and part == 'whole'")["shapley"].iloc[0]
    full = result.spec.labels[frozenset(result.spec.parts)]
    assert means[full] - means[BASELINE] == pytest.approx(whole, abs=1e-9)


def test_a_screening_of_parameters_is_worked_out_again_from_its_runs(tmp_path: Path) -> None:
    result = made("morris", tmp_path)
    runs = read_runs(tmp_path / "runs.csv")
    layout = result.steps["morris"].layout
    values = responses(runs[runs["step"] == "morris"], layout, result.spec.outcome, list(result.spec.arms))
    pd.testing.assert_frame_equal(screened(layout, values), result.screening)


def test_a_run_that_failed_has_a_row_without_outcomes(tmp_path: Path) -> None:
    class Refusing(toy_model.ToyModel):
        def step(self) -> None:
            if self.scenario.coverage.strategy == "full" and self.scenario.branches.reporting_hours > 4.0:
                raise ValueError("no")
            super().step()

    design = {
        "design": "factorial",
        "levels": 2,
        "replicates": 2,
        "arms": ["none", "full"],
        "outcomes": ["conflicts"],
        "parameters": {"branches.reporting_hours": [0.0, 6.0]},
        "scenario": toy_model.SMALL,
    }
    plan = experiments.Plan.of(design, model=Refusing)
    with pytest.warns(experiments.FailedRunsWarning, match="2 of 8 runs failed"):
        result = sweep(plan, store=tmp_path, execution=SERIAL)
    runs = read(tmp_path)
    lost = runs[runs["conflicts"].isna()]
    assert len(runs) == 8 and len(result.ended) == 6 == len(runs) - len(result.failures)
    assert lost[["point", "arm", "replicate"]].values.tolist() == [[1, "full", 0], [1, "full", 1]]
    assert (lost["branches.reporting_hours"] == 6.0).all()
    assert runs[["point", "replicate"]].values.tolist() == [[p, r] for p in (0, 1) for r in (0, 1) for _ in range(2)]


def test_the_runs_over_assumptions_are_a_table_of_their_own(tmp_path: Path) -> None:
    result = made("range", tmp_path)
    runs = read(tmp_path / "assumptions")
    assert list(runs.columns[:7]) == ["point", "world", "arm", "district", "replicate", "seed", "status"]
    assert len(runs) == len(Store(tmp_path / "assumptions").design_table())
    means = runs.set_index(["arm", "world"])["conflicts"].unstack("world")
    np.testing.assert_array_equal(means.loc[list(result.assumed.labels)].to_numpy(), result.assumed.means("conflicts"))
