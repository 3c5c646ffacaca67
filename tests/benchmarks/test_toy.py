"""The yardstick is what it says: the complaint toy keeps its own rules, and the bench measures and writes."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import WORLDS
from benchmarks.toy import DISPUTE, ESTATES, PATIENCE, Estate, Resident, Toy
from tests.support.repository import ROOT


@pytest.fixture(scope="module")
def toy() -> Toy:
    toy = Toy(residents=6_000, rng=3)
    for _ in range(15):
        toy.step()
    return toy


def test_everyone_lives_in_one_estate(toy: Toy) -> None:
    estates = toy.agents_by_type[Estate]
    assert len(estates) == ESTATES
    assert sum(len(estate.residents) for estate in estates) == len(toy.agents_by_type[Resident]) == 6_000


def test_the_open_disputes_are_those_of_residents_in_dispute(toy: Toy) -> None:
    listed = {resident.unique_id for estate in toy.agents_by_type[Estate] for resident in estate.disputes}
    assert listed == {one.unique_id for one in toy.agents_by_type[Resident] if one.state == DISPUTE}
    assert listed


def test_no_dispute_outlasts_patience_and_the_oldest_stand_first(toy: Toy) -> None:
    for estate in toy.agents_by_type[Estate]:
        ages = [resident.timer for resident in estate.disputes]
        assert all(age < PATIENCE for age in ages)
        assert ages == sorted(ages, reverse=True)


def test_trust_and_quality_keep_their_bounds(toy: Toy) -> None:
    assert all(0.0 <= resident.trust <= 1.0 for resident in toy.agents_by_type[Resident])
    assert all(0.05 <= estate.quality <= 0.95 for estate in toy.agents_by_type[Estate])


def test_what_is_recorded_is_what_is_open(toy: Toy) -> None:
    series = toy.datacollector.get_model_vars_dataframe()["open"]
    assert len(series) == 15
    assert series.iloc[-1] == toy.open_rate() > 0
    assert all(len(estate.open_rate) == 15 for estate in toy.agents_by_type[Estate])


@pytest.mark.slow
def test_the_quick_bench_measures_and_writes(tmp_path: Path) -> None:
    out = tmp_path / "bench.csv"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--rounds", "4", "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "incidents" in done.stdout, "the time of every line of the agenda is printed"
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["what"] for row in rows] == ["toy", *["week"] * len(WORLDS)]
    assert all(float(row["week_ms"]) > 0 and float(row["memory_mb"]) > 0 for row in rows)
    assert all(float(row["ratio"]) > 1 for row in rows[1:])
