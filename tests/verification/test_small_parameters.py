"""Numbers that were written into equations and are parameters now: each against its closed form at several values."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.codes import PARKING
from tests.support.quiet_models import level_ground, live


@pytest.mark.parametrize("weeks", [1, 5, 26])
def test_recent_conflicts_are_a_mean_first_of_all_weeks_and_then_fading(weeks: int) -> None:
    """r <- r + (c - r) / min(t, M): the plain mean up to week M, then a mean of about the past M weeks."""
    model = live({"grievances.recent_weeks": weeks, "incidents.rate_service": 0.6}, level_ground(20, 200))
    counts, expected = [], np.zeros(20)
    for week in range(1, 35):
        model.incidents.begin()
        model.residents.suffer()
        model.week += 1
        counts.append(np.bincount(model.grievances.now.estate, minlength=20))
        expected += (counts[-1] - expected) / min(week, weeks)
        np.testing.assert_allclose(model.grievances.recent, expected, rtol=1e-12)
        if week <= weeks:
            np.testing.assert_allclose(model.grievances.recent, np.mean(counts, axis=0), rtol=1e-9)
    assert np.sum(counts) > 100


@pytest.mark.parametrize("most", [0.5, 2.0, 4.0, 1000.0])
@pytest.mark.parametrize("reference", [1.0, 0.5])
def test_parking_gets_no_worse_beyond_its_most(most: float, reference: float) -> None:
    """g = min(cars / spaces / reference, most)^1.5."""
    from dataclasses import replace

    ratio = np.array([0.1, 0.5, 1.0, 3.0, 8.0, 40.0])
    ground = replace(level_ground(6), cars=100.0 * ratio, spaces=np.full(6, 100.0))
    model = live({"incidents.parking_most": most, "incidents.parking_reference": reference}, ground)
    np.testing.assert_allclose(model.incidents.ground[PARKING], np.minimum(ratio / reference, most) ** 1.5)


@pytest.mark.parametrize("age", [10.0, 20.0, 40.0])
def test_an_estate_wears_out_twice_as_fast_at_the_age_that_is_told(age: float) -> None:
    """D* = d0 (1 + years / age) / rate, in the beginning and for ever while nothing else changes."""
    from dataclasses import replace

    years = np.array([0, 10, 20, 40])
    ground = replace(level_ground(4), year=2021 - years)
    model = live({"firms.wear_age": age, "firms.reference_year": 2021}, ground)
    contracts = model.contracts
    first = contracts.deferred.copy()
    np.testing.assert_allclose(first / first[0], 1.0 + years / age, rtol=1e-12)
    for _ in range(20):
        contracts.serve()
    np.testing.assert_allclose(contracts.deferred, first, rtol=1e-9)
