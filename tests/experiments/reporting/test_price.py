"""Hours priced in money: the outcome, and what a conflict averted costs."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import Execution, compare
from experiments.analyses.compare.comparison_findings import cost_per_conflict
from sim import GovernanceModel, Scenario

SMALL = Scenario().replace({"district.estates": 20, "run.weeks": 30, "run.warmup": 8})
TAKERS = ("residents", "members", "community", "street_district", "firms", "committees", "couriers", "enterprises")


@pytest.mark.parametrize("yuan", [0.0, 37.5])
def test_the_value_of_hours_is_their_number_at_their_price(yuan: float) -> None:
    model = GovernanceModel(SMALL.arrangement().replace({"outcomes.price_of_hour": yuan}), rng=2)
    model.run(weeks=30, progress=False)
    table = model.outcomes
    hours = sum(table[f"hours_{name}"] for name in TAKERS) + table["extra_hours"]
    assert hours.max() > 0.0
    np.testing.assert_allclose(table["yuan_hours"], yuan * hours, rtol=1e-12)


def test_a_conflict_averted_costs_the_cost_by_those_averted() -> None:
    conflicts = pd.Series({"difference": -0.5, "ci_low": -0.8, "ci_high": -0.2})
    assert cost_per_conflict(1000.0, conflicts, 4.0) == pytest.approx((500.0, 312.5, 1250.0))
    assert cost_per_conflict(1000.0, pd.Series({"difference": -0.5, "ci_low": -0.8, "ci_high": 0.0}), 4.0) is None


@pytest.mark.slow
def test_the_report_prices_hours_where_they_have_a_price(tmp_path: Path) -> None:
    said = []
    for yuan in (0.0, 40.0):
        result = compare(
            ["none", "full"],
            scenario=SMALL.replace({"outcomes.price_of_hour": yuan}),
            replicates=2,
            store=tmp_path / f"{yuan:g}",
            execution=Execution(executor="serial", progress=False),
        )
        page = result.report().read_text(encoding="utf-8")
        said.append(re.findall(r"<p>At 40 yuan an hour, the hours that full coverage takes.*?</p>", page))
    assert not said[0] and len(said[1]) == 1
    runs = result.runs.groupby("arm")["yuan_hours"].mean()
    number = re.search(r"worth ([0-9,.]+) yuan a week", said[1][0])
    assert number is not None
    assert float(number[1].replace(",", "")) == pytest.approx(runs["full"] - runs["none"], rel=5e-3)
