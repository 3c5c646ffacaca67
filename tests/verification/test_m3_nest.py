"""M3: the nested choice against its closed form, and what a new door moves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim import District, GovernanceModel
from sim.core.codes import SELF, TO_BRANCH, TO_COMMITTEE, TO_FIRM, TO_HOTLINE, TO_PLATFORM, TOLERATE
from sim.residents.grievances import Conflicts
from sim.residents.voice_equations import nested_probabilities, thresholds
from tests.support.quiet_models import in_conflict, level_ground, live
from tests.support.small_runs import SEED, differing, ground, plain

OLD, NEW = [TO_FIRM, TO_COMMITTEE, TO_HOTLINE], [TO_BRANCH, TO_PLATFORM]
ALIKE: dict[str, object] = {"trust.spread": 0.0, "voice.awareness": 0.0, "grievances.threshold_log_sd": 0.0}


@pytest.fixture(scope="module")
def town() -> District:
    return level_ground(30, 500, adults=8000)


def founded(town: District, dissimilarity: float) -> tuple[GovernanceModel, Conflicts]:
    """A model whose branches have been founded, and everybody of an estate with one, in conflict."""
    scenario = {
        **ALIKE,
        "voice.enabled": True,
        "coverage.strategy": "full",
        "district.members_rate": 0.02,
        "coverage.start_week": 0,
        "voice.nest": dissimilarity,
    }
    model = live(scenario, town)
    model.coverage.assign()
    estate = int(np.flatnonzero(np.isfinite(model.branches.access))[0])
    return model, in_conflict(model, np.flatnonzero(model.residents.estate == estate), 6.0)


def chosen(town: District, dissimilarity: float) -> tuple[np.ndarray, np.ndarray]:
    """Choices of everybody in one estate with a branch, and their utilities."""
    model, now = founded(town, dissimilarity)
    return model.voice.choices(now), model.voice.utilities(now.person, now.estate, now.grievance)


@pytest.mark.parametrize("dissimilarity", [0.2, 0.5, 1.0])
def test_frequencies_are_those_of_the_nested_logit(town: District, dissimilarity: float) -> None:
    choice, utility = chosen(town, dissimilarity)
    expected = nested_probabilities(utility[:1], OLD, NEW, dissimilarity)[0]
    counts = np.bincount(choice, minlength=expected.size)
    some = expected > 1e-12
    assert counts[~some].sum() == 0
    assert stats.chisquare(counts[some], choice.size * expected[some] / expected[some].sum()).pvalue > 0.001


@pytest.mark.parametrize("dissimilarity", [0.1, 0.2, 0.5, 0.9])
def test_probabilities_on_paper(dissimilarity: float) -> None:
    """From the definition, alternative by alternative."""
    utility = np.array([1.6, 0.3, 0.6, -0.6, -0.4, -0.6, -np.inf, -3.2])
    weight = np.exp(utility)
    old, every = weight[OLD].sum(), weight[OLD + NEW].sum()
    nest = old ** (1.0 - dissimilarity) * every**dissimilarity
    total = weight[[0, 1, 7]].sum() + nest
    got = nested_probabilities(utility[None], OLD, NEW, dissimilarity)[0]
    for k in (TOLERATE, SELF, 7):
        assert got[k] == pytest.approx(weight[k] / total)
    for k in OLD + NEW:
        assert got[k] == pytest.approx(nest / total * weight[k] / every)
    assert got.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("dissimilarity", [0.05, 0.5, 0.95])
def test_thresholds_give_the_probability_of_leaving(dissimilarity: float) -> None:
    """The best new door less the best old alternative is logistic: P(gap > t) is known."""
    utility = np.random.default_rng(3).normal(0.0, 1.5, (50, 8))
    before = utility.copy()
    before[:, NEW] = -np.inf
    weight = np.exp(before)
    without = weight / weight.sum(axis=1, keepdims=True)
    after = nested_probabilities(utility, OLD, NEW, dissimilarity)
    location = np.log(np.exp(utility[:, NEW]).sum(axis=1)) - np.log(weight.sum(axis=1))
    apart, inside = thresholds(utility, OLD, NEW, dissimilarity)
    for threshold, column in ((apart, TOLERATE), (apart, SELF), (inside, TO_FIRM), (inside, TO_HOTLINE)):
        leaves = 1.0 / (1.0 + np.exp(threshold - location))
        np.testing.assert_allclose(leaves, 1.0 - after[:, column] / without[:, column], rtol=1e-9)


def test_only_those_move_who_take_the_new_door(town: District) -> None:
    """The fewer, the nearer lambda is to 0; whoever takes another alternative would have taken it without a branch."""
    takers = []
    for dissimilarity in (0.05, 0.5, 1.0):
        model, now = founded(town, dissimilarity)
        with_door = model.voice.choices(now)
        model.branches.access[:] = -np.inf
        without = model.voice.choices(now)
        stays = with_door != TO_BRANCH
        assert (with_door[stays] == without[stays]).all()
        takers.append(np.bincount(without[~stays], minlength=8))
    from_nobody = [taken[[TOLERATE, SELF]].sum() for taken in takers]
    assert from_nobody[0] < 0.1 * from_nobody[2] < from_nobody[1] < from_nobody[2]


def test_lambda_changes_nothing_without_branches() -> None:
    outcomes = []
    for dissimilarity in (0.1, 0.5, 1.0):
        model = GovernanceModel(plain({"voice.nest": dissimilarity}), ground(), rng=SEED)
        model.run(weeks=30, progress=False)
        outcomes.append(model.outcomes)
    assert not differing(outcomes[0], outcomes[1]) and not differing(outcomes[1], outcomes[2])
