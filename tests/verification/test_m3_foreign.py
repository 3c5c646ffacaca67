"""M3: what language costs residents from abroad on the way to a third party, and who relieves it."""

from __future__ import annotations

import numpy as np
import pytest

from sim import District, GovernanceModel
from sim.core.codes import SELF, TO_BRANCH, TO_COLLECTIVE, TO_FIRM, TO_PLATFORM, TOLERATE
from sim.residents.grievances import Conflicts
from tests.support.quiet_models import in_conflict, level_ground, live
from tests.support.small_runs import differing, full, run

ALIKE: dict[str, object] = {"voice.enabled": True, "trust.spread": 0.0, "voice.awareness": 0.0}
THIRD = np.arange(TO_FIRM, TO_COLLECTIVE)


@pytest.fixture(scope="module")
def town() -> District:
    return level_ground(10, 500, adults=20_000)


def everyone(model: GovernanceModel) -> Conflicts:
    return in_conflict(model, np.flatnonzero(model.residents.estate == 0), 3.0)


def served(model: GovernanceModel) -> None:
    """A branch of real people, as a channel, and a platform, in the first estate; a branch in name only elsewhere."""
    model.branches.access[:] = 0.2
    model.branches.served[0] = True
    model.voice.access[TO_PLATFORM - 1] = 0.0


@pytest.mark.parametrize("barrier", [0.3, 1.0, 2.5])
@pytest.mark.parametrize(("station", "languages"), [(False, 0.7), (True, 0.0), (True, 0.7), (True, 1.0)])
def test_the_barrier_is_taken_off_every_third_party_and_relieved_where_a_station_speaks(
    town: District, barrier: float, station: bool, languages: float
) -> None:
    changes = {**ALIKE, "residents.foreign": 0.3, "branches.station": station, "branches.station_languages": languages}
    plain, model = (live({**changes, "voice.foreign_barrier": b}, town) for b in (0.0, barrier))
    for one in (plain, model):
        served(one)
    now = everyone(model)
    foreign = model.residents.at("foreign", now.person)
    assert foreign.mean() == pytest.approx(0.3, abs=0.02)
    free, borne = (one.voice.utilities(now.person, now.estate, now.grievance) for one in (plain, model))
    is_open = np.isfinite(free)
    assert np.array_equal(is_open, np.isfinite(borne)) and is_open[:, [SELF, TO_FIRM, TO_BRANCH, TO_PLATFORM]].all()
    expected = np.zeros(free.shape)
    expected[np.ix_(foreign, THIRD)] = barrier
    if station:
        expected[np.ix_(foreign, [TO_BRANCH, TO_PLATFORM])] = barrier * (1 - languages)
    np.testing.assert_allclose(free[is_open] - borne[is_open], expected[is_open], atol=1e-12)


@pytest.mark.parametrize("barrier", [0.5, 1.5])
def test_the_odds_of_third_parties_fall_by_the_exponential_of_the_barrier(town: District, barrier: float) -> None:
    """Third party against nobody: odds exp(-b) times those of the others; between third parties nothing changes."""
    model = live({**ALIKE, "residents.foreign": 0.5, "voice.foreign_barrier": barrier}, town, rng=4)
    now = everyone(model)
    choice, foreign = model.voice.choices(now), model.residents.at("foreign", now.person)
    shares = {}
    for who, chosen in (("foreign", choice[foreign]), ("others", choice[~foreign])):
        third = np.isin(chosen, THIRD)
        shares[who] = third.mean(), (chosen[third] == TO_FIRM).mean(), (chosen[~third] == TOLERATE).mean(), chosen.size
    (p, firm, bears, n), (q, their_firm, they_bear, m) = shares["foreign"], shares["others"]
    odds = q / (1 - q) * np.exp(-barrier)
    expected = odds / (1 + odds)
    error = np.sqrt(p * (1 - p) / n + (expected * (1 - expected)) ** 2 / (q * (1 - q) * m))
    assert abs(p - expected) < 4 * error and p < q
    assert firm == pytest.approx(their_firm, abs=0.04) and bears == pytest.approx(they_bear, abs=0.03)


def test_without_a_barrier_or_without_foreigners_nothing_depends_on_the_other() -> None:
    usual = run(full({"voice.foreign_barrier": 0.0}))
    assert not differing(run(full({"residents.foreign": 0.5, "voice.foreign_barrier": 0.0})), usual)
    nobody = run(full({"residents.foreign": 0.0, "voice.foreign_barrier": 2.0}))
    assert not differing(nobody, usual)
    assert differing(run(full({"residents.foreign": 0.2, "voice.foreign_barrier": 2.0})), usual)


def test_a_barrier_beyond_all_measure_leaves_foreigners_to_themselves(town: District) -> None:
    model = live({**ALIKE, "residents.foreign": 1.0, "voice.foreign_barrier": 20.0}, town)
    choice = model.voice.choices(everyone(model))
    assert np.isin(choice, [TOLERATE, SELF]).mean() > 0.9999
