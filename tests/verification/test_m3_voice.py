"""M3: the choice of a channel against the multinomial logit, and what is perceived against its limits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim import District, GovernanceModel
from sim.core.codes import (
    BY_AUTHORITY,
    BY_BRANCH,
    BY_COMMITTEE,
    BY_FIRM,
    CHANNELS,
    SELF,
    TO_BRANCH,
    TO_COMMITTEE,
    TO_FIRM,
    TO_HOTLINE,
    TO_PLATFORM,
    TOLERATE,
)
from sim.residents.grievances import Conflicts
from tests.support.quiet_models import in_conflict, level_ground, live

ALIKE: dict[str, object] = {"voice.enabled": True, "trust.spread": 0.0, "voice.awareness": 0.0}


@pytest.fixture(scope="module")
def town() -> District:
    """Few estates with many people each, so that one utility has thousands of choosers."""
    return level_ground(30, 500, adults=8000)


def everyone(model: GovernanceModel, estate: int, grievance: float) -> Conflicts:
    """All residents of an estate, in conflict this week."""
    return in_conflict(model, np.flatnonzero(model.residents.estate == estate), grievance)


def utilities(model: GovernanceModel, now: Conflicts, first: int | None = None) -> np.ndarray:
    """What the model makes of the first so many of those in conflict."""
    return model.voice.utilities(now.person[:first], now.estate[:first], now.grievance[:first])


def utilities_on_paper(model: GovernanceModel, estate: int, grievance: float) -> np.ndarray:
    """Base + w_T trust + w_P success - w_W ln(1 + wait) + w_h h; tolerating has nothing but its base."""
    p, voice = model.scenario.voice, model.voice
    base = np.array([getattr(p, f"base_{name}") for name in CHANNELS])
    utility = base + p.weight_grievance * grievance
    utility[TOLERATE] = base[TOLERATE]
    institution = {
        TO_FIRM: BY_FIRM,
        TO_COMMITTEE: BY_COMMITTEE,
        TO_BRANCH: BY_BRANCH,
        TO_HOTLINE: BY_AUTHORITY,
        TO_PLATFORM: BY_BRANCH,
    }
    for channel in range(SELF, len(CHANNELS)):
        utility[channel] += p.weight_success * voice.success[channel - 1, estate]
        if channel != SELF:
            utility[channel] -= p.weight_wait * np.log1p(voice.wait[channel - 1, estate])
            if channel in institution:
                utility[channel] += p.weight_trust * model.trust.mean(institution[channel])[estate]
    if not model.contracts.present[estate]:
        utility[TO_FIRM] = -np.inf
    if not model.committees.present[estate]:
        utility[TO_COMMITTEE] = -np.inf
    utility[TO_BRANCH] += model.branches.access[estate]
    utility[1:] += voice.access[:, estate]
    return utility


def give_experience(model: GovernanceModel) -> None:
    """Let estates differ in what they trust, expect and wait for."""
    shape = model.voice.success.shape
    grid = np.arange(shape[0] * shape[1]).reshape(shape)
    model.voice.success[:] = 0.1 + 0.8 * ((grid * 7) % 11) / 10
    model.voice.wait[:] = ((grid * 5) % 13) / 2
    model.trust.estate_mean[:] = 0.2 + 0.6 * ((grid[:4] * 3) % 8) / 7


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("weights", [(1.5, 1.0, 0.5, 0.25), (0.0, 3.0, 0.0, 1.0), (3.0, 0.0, 2.0, 0.0)])
def test_utilities_are_those_of_the_equation(
    town: District, weights: tuple[float, float, float, float], branch: bool
) -> None:
    names = ("trust", "success", "wait", "grievance")
    model = live({**ALIKE, **{f"voice.weight_{n}": w for n, w in zip(names, weights, strict=True)}}, town)
    give_experience(model)
    model.branches.access[:] = 0.3 if branch else -np.inf
    for estate in range(town.estates):
        for grievance in (0.0, 4.0, 20.0):
            found = utilities(model, everyone(model, estate, grievance), 3)
            np.testing.assert_allclose(
                found, np.tile(utilities_on_paper(model, estate, grievance), (3, 1)), rtol=1e-6, atol=1e-6
            )


def test_awareness_speaks_for_every_action_alike(town: District) -> None:
    model = live({**ALIKE, "voice.awareness": 0.7}, town)
    who = everyone(model, 0, 3.0)
    utility = utilities(model, who)
    aware = model.residents.aware[who.person]
    is_open = np.isfinite(utility[0])
    gain = utility[aware][0, is_open] - utility[~aware][0, is_open]
    np.testing.assert_allclose(gain, np.where(np.arange(len(CHANNELS)) == TOLERATE, 0.0, 0.7)[is_open], rtol=1e-9)


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize(("estate", "grievance"), [(0, 0.0), (3, 5.0), (7, 12.0)])
def test_choices_have_the_frequencies_of_the_multinomial_logit(
    town: District, estate: int, grievance: float, branch: bool
) -> None:
    """P(channel) = exp U / sum exp U; a closed channel is never taken."""
    model = live(ALIKE, town, rng=2)
    give_experience(model)
    if branch:
        model.branches.access[:] = 0.0
    utility = utilities_on_paper(model, estate, grievance)
    law = np.exp(utility) / np.exp(utility).sum()
    seen = np.zeros(len(CHANNELS))
    for model.week in range(8):
        seen += np.bincount(model.voice.choices(everyone(model, estate, grievance)), minlength=len(CHANNELS))
    assert seen[law == 0].sum() == 0
    some = law > 0
    assert stats.chisquare(seen[some], seen.sum() * law[some]).pvalue > 1e-3


@pytest.mark.parametrize("difference", [-2.0, -0.5, 0.0, 1.0, 3.0])
def test_between_two_channels_the_choice_is_logistic_in_the_difference(town: District, difference: float) -> None:
    """Of those who take one of two channels, 1 / (1 + exp(-(U1 - U2))) take the first."""
    away = {f"voice.base_{name}": -10.0 for name in ("tolerate", "firm", "committee", "branch")}
    model = live(
        {
            **ALIKE,
            **away,
            "voice.weight_trust": 0.0,
            "voice.weight_success": 0.0,
            "voice.weight_wait": 0.0,
            "voice.base_self": difference / 2,
            "voice.base_hotline": -difference / 2,
        },
        town,
    )
    choice = np.concatenate([model.voice.choices(everyone(model, estate, 1.0)) for estate in range(10)])
    pair = np.isin(choice, (SELF, TO_HOTLINE))
    assert pair.mean() > 0.999
    first, chance = np.mean(choice[pair] == SELF), 1 / (1 + np.exp(-difference))
    assert first == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / pair.sum()))


def test_a_channel_that_opens_moves_only_those_who_take_it(town: District) -> None:
    model = live({"voice.enabled": True}, town)
    give_experience(model)
    moved = 0
    for estate in range(town.estates):
        who = everyone(model, estate, 5.0)
        before = model.voice.choices(who)
        model.branches.access[:] = 0.0
        after = model.voice.choices(who)
        model.branches.access[:] = -np.inf
        assert not (before == TO_BRANCH).any()
        assert np.all((after == before) | (after == TO_BRANCH))
        moved += np.count_nonzero(after != before)
    assert moved > 1000


def test_a_channel_that_becomes_better_moves_people_to_it_and_nowhere_else(town: District) -> None:
    model = live({"voice.enabled": True}, town)
    who = everyone(model, 2, 5.0)
    before = model.voice.choices(who)
    model.voice.success[TO_HOTLINE - 1] += 0.4
    after = model.voice.choices(who)
    changed = after != before
    assert changed.any() and np.all(after[changed] == TO_HOTLINE)


def test_choices_do_not_depend_on_who_else_chooses(town: District) -> None:
    model = live({"voice.enabled": True}, town)
    who = everyone(model, 1, 5.0)
    all_of_them = model.voice.choices(who)
    some = np.random.default_rng(1).permutation(who.person.size)[:500]
    assert np.array_equal(model.voice.choices(in_conflict(model, who.person[some], 5.0)), all_of_them[some])


def test_choices_are_new_every_week_and_for_every_channel(town: District) -> None:
    model = live(ALIKE, town)
    first = model.voice.choices(everyone(model, 0, 5.0))
    share = np.bincount(first, minlength=6) / first.size
    model.week = 1
    second = model.voice.choices(everyone(model, 0, 5.0))
    same = np.mean(first == second)
    chance = np.sum(share**2)
    assert same == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / first.size) + 0.01)


def test_switched_off_everybody_tolerates(town: District) -> None:
    model = live({**ALIKE, "voice.enabled": False}, town)
    assert np.all(model.voice.choices(everyone(model, 0, 50.0)) == TOLERATE)


def perceived(model: GovernanceModel, cases: list[tuple[int, int, float, float]]) -> None:
    """Let estates have (estate, number of cases, share settled, weeks each) with the hotline."""
    for estate, number, share, weeks in cases:
        success = np.arange(number) < round(share * number)
        model.voice.hear(np.full(number, estate), np.full(number, TO_HOTLINE - 1), success, np.full(number, weeks))
    model.voice.perceive()


def test_without_experience_the_prior_is_perceived(town: District) -> None:
    model = live({"voice.prior_success": 0.37, "voice.prior_wait": 3.0}, town)
    for _ in range(3):
        model.voice.perceive()
    np.testing.assert_allclose(model.voice.success, 0.37)
    np.testing.assert_allclose(model.voice.wait, 3.0)


def test_with_much_experience_of_its_own_an_estate_perceives_that(town: District) -> None:
    model = live({"voice.shrinkage": 5.0}, town)
    perceived(model, [(4, 50_000, 0.8, 7.0)])
    assert model.voice.success[TO_HOTLINE - 1, 4] == pytest.approx(0.8, abs=5e-4)
    assert model.voice.wait[TO_HOTLINE - 1, 4] == pytest.approx(7.0, abs=5e-3)


def test_without_experience_of_its_own_an_estate_perceives_that_of_its_community(town: District) -> None:
    model = live({"voice.shrinkage": 5.0}, town)
    near = np.flatnonzero(town.community == town.community[0])
    far = np.flatnonzero(town.community != town.community[0])
    assert near.size > 1 and far.size > 0
    perceived(model, [(0, 50_000, 0.9, 6.0)])
    row = TO_HOTLINE - 1
    np.testing.assert_allclose(model.voice.success[row, near[1:]], 0.9, atol=5e-4)
    np.testing.assert_allclose(model.voice.wait[row, near[1:]], 6.0, atol=5e-3)
    np.testing.assert_allclose(model.voice.success[row, far], 0.5)
    np.testing.assert_allclose(np.delete(model.voice.success, row, axis=0), 0.5)


@pytest.mark.parametrize("k", [1.0, 5.0, 20.0])
@pytest.mark.parametrize("memory", [8.0, 26.0])
def test_between_the_limits_experience_is_shrunk_from_estate_to_community_to_prior(
    town: District, k: float, memory: float
) -> None:
    """C = (s_c + k prior) / (n_c + k), E = (s_e + k C) / (n_e + k), all faded by exp(-1 / memory) a week."""
    model = live({"voice.shrinkage": k, "voice.memory": memory}, town)
    other = np.flatnonzero(town.community == town.community[0])[1]
    perceived(model, [(0, 10, 0.7, 4.0), (other, 30, 0.2, 1.0)])
    for _ in range(4):
        model.voice.perceive()
    fade = np.exp(-5 / memory)
    own, circle = 10 * fade, 40 * fade
    for seen, prior, good, all_good in (
        (model.voice.success, 0.5, 7.0, 13.0),
        (model.voice.wait, 2.0, 40.0, 70.0),
    ):
        community = (all_good * fade + k * prior) / (circle + k)
        assert seen[TO_HOTLINE - 1, 0] == pytest.approx((good * fade + k * community) / (own + k), rel=1e-9)


def test_experience_of_one_channel_says_nothing_about_another(town: District) -> None:
    model = live({}, town)
    before = model.voice.success.copy()
    perceived(model, [(0, 40, 1.0, 1.0)])
    changed = np.flatnonzero((model.voice.success != before).any(axis=1))
    assert changed.tolist() == [TO_HOTLINE - 1]
