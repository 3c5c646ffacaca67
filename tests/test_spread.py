"""For whom: quantiles, Gini's index and the rates of groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.outcomes import COLUMNS
from sim.outcomes.inequality import GROUPS, SPREAD, low_and_uneven

VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12)


@given(values=VALUES, data=st.data())
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[float], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(values), max_size=len(values)))
    everyone = np.repeat(values, weights)
    mean = everyone.mean()
    expected = np.abs(everyone[:, None] - everyone[None, :]).mean() / (2 * mean) if mean > 0 else 0.0
    found = low_and_uneven(np.array([values]), np.array(weights) / sum(weights))[1][0]
    assert found == pytest.approx(expected, abs=1e-9)


@given(values=VALUES, data=st.data())
def test_the_quantile_is_that_of_everyone(values: list[float], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(values), max_size=len(values)))
    everyone = np.sort(np.repeat(values, weights))
    place = int(np.ceil(0.1 * everyone.size - 1e-9)) - 1
    assert low_and_uneven(np.array([values]), np.array(weights) / sum(weights))[0][0] == everyone[max(place, 0)]


@pytest.fixture(scope="module")
def model() -> sim.GovernanceModel:
    scenario = sim.Scenario().replace({"district.estates": 30, "outcomes.record_estates": True})
    model = sim.GovernanceModel(scenario, rng=1)
    model.run(weeks=20, progress=False)
    return model


def test_groups_of_a_sort_share_out_all_conflicts_and_standing_disputes(model: sim.GovernanceModel) -> None:
    district, table = model.district, model.outcomes
    kinds = [district.kind == kind for kind in sim.EstateKind]
    estates = model.estate_outcomes
    for burden in ("conflicts", "standing"):
        by_estate = estates[burden].to_numpy().reshape(-1, district.estates)
        # What stands is not known before the first conflicts are old enough, of a group as of a person.
        known = model.scenario.outcomes.standing_after if burden == "standing" else 0
        assert np.isnan(by_estate).all(axis=1).tolist() == [week < known for week in range(20)]
        for name, mask in zip(("commodity", "village", "building"), kinds, strict=True):
            if mask.any():
                rate = by_estate[:, mask].sum(axis=1) / district.households[mask].sum() * 1000
                np.testing.assert_allclose(table[f"{burden}_{name}"], rate, rtol=1e-6)
        for low, high, values in (
            ("small", "large", district.households),
            ("cheap", "dear", district.fee),
            ("old", "new", district.year),
        ):
            upper = np.lexsort((district.identity, values)).argsort() >= 15
            assert values[~upper].max() <= values[upper].min()
            for name, mask in ((low, ~upper), (high, upper)):
                rate = by_estate[:, mask].sum(axis=1) / district.households[mask].sum() * 1000
                np.testing.assert_allclose(table[f"{burden}_{name}"], rate, rtol=1e-6)


def test_a_group_without_an_estate_has_no_rate() -> None:
    model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 1}), rng=1)
    model.step()
    kinds = [f"conflicts_{name}" for name in ("commodity", "village", "building")]
    assert model.outcomes[kinds].isna().sum(axis=1).tolist() == [2]


def test_before_the_first_week_the_table_has_all_columns_and_no_row() -> None:
    table = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 2}), rng=1).outcomes
    assert len(table) == 0 and list(table.columns) == ["week", *COLUMNS]


def test_every_group_has_its_columns() -> None:
    assert set(SPREAD) <= set(COLUMNS)
    assert all(f"{burden}_{group}" in SPREAD for burden in ("conflicts", "standing") for group in GROUPS)
