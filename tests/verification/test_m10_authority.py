"""M10: what goes with the rights, in the running model: training, paperwork, authority, accountability and fear."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel
from sim.core.codes import TO_BRANCH
from tests.support.empowered_models import govern, only, run, village
from tests.support.quiet_models import FIRST_EDITION


@pytest.mark.parametrize(("hours", "gain", "top"), [(0.2, 0.05, 0.8), (1.0, 0.02, 1.0)])
def test_training_closes_the_gap_to_the_top_geometrically(hours: float, gain: float, top: float) -> None:
    changes = only("evaluation", training_hours=hours, training_gain=gain, training_top=top)
    model = govern({**changes, "empowerment.training": True}, village(5))
    block = model.desks.block("branch")
    gap = np.maximum(top - model.desks.skill[block], 0.0)
    run(model, 30)
    left = top - model.desks.skill[block]
    np.testing.assert_allclose(left, gap * np.exp(-gain * hours * 30), rtol=1e-9)


@pytest.mark.parametrize("each", [0.0, 1.0, 2.5])
def test_every_right_brings_its_paperwork(each: float) -> None:
    model = run(govern({"empowerment.regulations": each}, village(3)), 2)
    p = model.scenario.branches
    expected = p.reporting_hours + p.reporting_per_target * (p.targets + 3 * each)
    np.testing.assert_allclose(model.branches.reporting, expected)


def busy(chi: float, members: int = 1) -> GovernanceModel:
    """A district in which residents do come into conflict; firms' effort is out of play."""
    changes = {
        "district.estates": 60,
        "run.warmup": 1,
        "run.weeks": 400,
        "committees.enabled": False,
        "firms.enabled": False,
        "coverage.strategy": "full",
        "district.members_rate": 0.02,
        "empowerment.enabled": True,
        "empowerment.accountability": False,
        "empowerment.capture": 0.0,
        "empowerment.weight": chi,
        "branches.secretary_hours": 2.0 * members,
        "voice.weight_authority": 1.5,
        **only("evaluation", weight=chi),
    }
    return run(GovernanceModel(FIRST_EDITION.replace(changes), rng=3), 80)


def test_more_authority_draws_more_cases_and_where_work_exceeds_hours_waits_lengthen_and_standing_falls() -> None:
    weak, strong = busy(0.0), busy(1.0)
    np.testing.assert_array_equal(weak.branches.for_rights, strong.branches.for_rights)
    came, waiting, rest, trust = [], [], [], []
    for model in (weak, strong):
        book = model.disputes.book
        filed = book.channel[: book.size] == TO_BRANCH
        came.append(int(filed.sum()))
        desk = book.desk[model.disputes.queue]
        block = model.desks.block("branch")
        at = (desk >= block.start) & (desk < block.stop)
        left = book.left[model.disputes.queue][at].sum()
        waiting.append(left / model.branches.mediating.sum())
        rest.append(float(model.voice.wait[TO_BRANCH - 1].mean()))
        trust.append(float(model.trust.mean("branch").mean()))
    assert came[1] > 1.1 * came[0]
    assert waiting[1] > max(waiting[0], 1.0) and rest[1] > rest[0]
    assert trust[1] < trust[0]


def test_a_branch_that_leaves_its_cases_unserved_loses_its_rights_and_gets_them_back() -> None:
    """All hours go into reports: whatever is filed is given up; rights are gone for as many weeks as it says."""
    changes = {
        "district.estates": 12,
        "run.warmup": 1,
        "coverage.strategy": "own",
        "coverage.members_needed": 1,
        "district.members_rate": 0.02,
        "branches.reporting_hours": 60.0,
        "empowerment.enabled": True,
        "empowerment.suspension": 5,
        "empowerment.least_cases": 1,
        "empowerment.unserved_limit": 0.5,
        "branches.targets": 0,
        "incidents.rate_noise": 2.0,
    }
    model = GovernanceModel(FIRST_EDITION.replace(changes), rng=2)
    run(model, 13)
    assert model.outcomes["rights_held"].iloc[1:].eq(1.0).all()
    left, total = model.empowerment.unserved()
    lazy = left > 0
    assert lazy.any() and np.array_equal(left, total)
    book = model.disputes.book
    gone = (book.channel[: book.size] == TO_BRANCH) & ((book.end[: book.size] != 0) | (book.sent_up[: book.size] > 0))
    home = model.branches.home[book.estate[: book.size][gone]]
    np.testing.assert_array_equal(left, np.bincount(home, minlength=12))
    run(model, 1)
    held = [model.outcomes["rights_held"].iloc[-1]]
    for _ in range(7):
        run(model, 1)
        held.append(model.outcomes["rights_held"].iloc[-1])
    assert held[0] == 1.0 and max(held[1:6]) < 1.0 and held[6] == 1.0
    assert held[1] == pytest.approx(1 - lazy.sum() / len(model.branches), abs=0.2)


def test_when_every_branch_has_lost_its_rights_nothing_is_asked_of_anyone() -> None:
    model = govern({}, village(6))
    run(model, 20)
    model.empowerment.suspended[:] = 10_000
    run(model, 20)
    assert not model.branches.asked_rights.any() and not model.contracts.branch_weight.any()
    assert not model.branches.extra_targets.any()
    assert model.outcomes["rights_held"].iloc[-1] == 0.0
    m, r = model.awards.motivation, model.scenario.empowerment.motivation_recovery
    assert np.all(m < 1.0)
    # Activity is the motivation with which the week began, no awards.
    np.testing.assert_allclose(1 - model.branches.activity, (1 - m) / (1 - r))


def test_firms_learn_to_fear_replacement_only_where_branches_bring_it_about() -> None:
    changes = {"firms.prior_strength": 50.0, **only("evaluation", weight=1.0, limit=2.0)}
    feared = run(govern(changes, village(12)), 80).contracts
    spared = run(govern({**changes, "empowerment.limit": 0.0}, village(12)), 80).contracts
    assert feared.replaced.sum() > 0 and not spared.replaced.any()
    assert feared.belief.mean() > 2 * spared.belief.mean()
    assert feared.invisible.mean() > spared.invisible.mean()
