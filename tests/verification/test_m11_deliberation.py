"""M11 against closed forms: handoffs, batch service, overlap in the mean field, hours that are split."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim import BranchKind
from sim.core.codes import CHARGING, FACILITY, NOISE, PARKING, SERVICE, TO_COMMITTEE, TO_FIRM, TO_PLATFORM
from sim.policies.coverage import Plan
from tests.support.closed_forms import most_settled, reach_probability, settled_in_the_mean
from tests.support.deliberation_models import NOW, file, found_branches, ground, open_desks
from tests.support.quiet_models import live

# Handoffs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overlap", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("meeting", "category", "parties", "bring", "raises"),
    [
        (0.36, SERVICE, 1, "bodies", True),
        (0.2, FACILITY, 2, "bodies", True),
        (0.36, NOISE, 1, "bodies", False),
        (0.36, NOISE, 1, "everyone", True),
        (0.2, CHARGING, 2, "everyone", True),
    ],
)
def test_handoff_delays_are_geometric_with_the_raised_probability(
    overlap: int,
    meeting: float,
    category: int,
    parties: int,
    bring: str,
    raises: bool,
) -> None:
    """Weeks until all parties are met: negative binomial with 1 - (1 - pi)(1/2)^x, in the running model.

    Seats bring the three bodies to one another's tables; whether they bring a neighbour is a switch.
    """
    model = live(
        NOW
        | {
            "desks.meeting": meeting,
            "deliberation.platform": False,
            "deliberation.overlap": overlap,
            "deliberation.seats_bring": bring,
        },
        ground(40),
    )
    found_branches(model)
    model.committees.failed[:] = 0
    rows = file(model, np.repeat(np.arange(40), 100), TO_FIRM, category)
    met = np.full(rows.size, 99)
    for week in range(90):
        open_desks(model)
        model.disputes.meet()
        met[np.isin(rows, model.disputes.queue) & (met == 99)] = week
        model.week += 1
    raised = 1.0 - (1.0 - meeting) * 0.5 ** (overlap * raises)
    failures = met - (parties - 1)
    expected = stats.nbinom(parties, raised)
    low = int(expected.ppf(0.999))
    cells = np.arange(low + 1)
    want = np.append(expected.pmf(cells), expected.sf(low)) * rows.size
    got = np.append([np.count_nonzero(failures == k) for k in cells], np.count_nonzero(failures > low))
    keep = want >= 5
    assert failures.min() >= 0
    assert (
        stats.chisquare(
            np.append(got[keep], got[~keep].sum() + 1e-9), np.append(want[keep], want[~keep].sum() + 1e-9)
        ).pvalue
        > 0.001
    )
    assert failures.mean() == pytest.approx(expected.mean(), abs=4 * expected.std() / np.sqrt(rows.size))


@pytest.mark.parametrize(
    ("branches", "committees", "pairs"), [(True, True, 3), (True, False, 1), (False, True, 1), (False, False, 0)]
)
def test_nobody_sits_in_a_body_that_does_not_exist(branches: bool, committees: bool, pairs: int) -> None:
    """Three bodies make three pairs and two make one, however many are wanted."""
    model = live(NOW | {"deliberation.overlap": 3, "desks.meeting": 0.4}, ground(6, committees))
    if branches:
        found_branches(model)
    model.committees.failed[:] = 0
    open_desks(model)
    assert np.all(model.cross_appointment.overlap == pairs)
    np.testing.assert_allclose(model.desks.meeting_bodies, 1.0 - 0.6 * 0.5**pairs, rtol=1e-14)
    assert np.all(model.desks.meeting == 0.4)


def test_seats_bring_the_bodies_to_their_own_tables_and_nobody_else() -> None:
    """At the desks of firm, committee and branch, of cases between an owner and a body; not at an authority's desk."""
    model = live(NOW | {"deliberation.overlap": 3, "desks.meeting": 0.4}, ground(6))
    found_branches(model)
    model.committees.failed[:] = 0
    open_desks(model)
    desks = model.desks
    for kind in ("firm", "committee", "branch", "community", "street", "district"):
        for category in range(7):
            desk = np.array([desks.block(kind).start])
            chance = desks.meets(desk, np.array([0]), np.array([category]))
            sooner = kind in ("firm", "committee", "branch") and category not in (PARKING, NOISE, CHARGING)
            assert chance == pytest.approx(1.0 - 0.6 * 0.125 if sooner else 0.4, rel=1e-14)


# The agenda is batch service --------------------------------------------------------------------------------------


def bulk_queue(arrival: float, interval: int, most: int, held: float, states: int = 400) -> np.ndarray:
    """Stationary distribution of the queue that a session finds.

    Between two sessions Poisson(arrival x interval) cases come; a session that is held, with probability `held`,
    takes min(Q, n) of those that it found.  So Q' = max(Q - n B, 0) + A, a Markov chain on 0, 1, ...
    """
    come = stats.poisson(arrival * interval).pmf(np.arange(states))
    step = np.zeros((states, states))
    for q in range(states):
        for stays, likely in ((max(q - most, 0), held), (q, 1.0 - held)):
            step[q, stays:] += likely * come[: states - stays]
    step[:, -1] += 1.0 - step.sum(axis=1)
    system = np.vstack([step.T - np.eye(states), np.ones(states)])
    found = np.linalg.lstsq(system, np.append(np.zeros(states), 1.0), rcond=None)[0]
    assert found[-1] < 1e-9
    return found


@pytest.mark.parametrize(
    ("arrival", "interval", "most", "attendance"),
    [(0.5, 4, 3, 1.0), (1.5, 2, 4, 1.0), (0.6, 4, 5, 0.9), (1.0, 1, 3, 0.7)],
)
def test_the_agenda_is_batch_service(arrival: float, interval: int, most: int, attendance: float) -> None:
    """Queue at the session, and cases that it takes, against the stationary bulk-service queue."""
    estates, weeks, warm = 250, 240, 80
    model = live(
        NOW
        | {
            "deliberation.interval": interval,
            "deliberation.agenda": most,
            "deliberation.attendance": attendance,
            "deliberation.captains": False,
            "deliberation.overlap": 0,
            "deliberation.body_hours": 0.0,
            "deliberation.social_organisations": False,
            "deliberation.resident_hours": 100.0,
        },
        ground(estates),
    )
    model.committees.failed[:] = 0
    rng = np.random.default_rng(7)
    block = model.desks.block("platform")
    found, taken = [], []
    for week in range(weeks):
        queue = np.bincount(model.disputes.book.desk[model.disputes.queue].astype(int) - block.start, minlength=estates)
        open_desks(model)
        file(model, np.repeat(np.arange(estates), rng.poisson(arrival, estates)), TO_PLATFORM)
        model.disputes.handle()
        due = model.deliberation._phase == week % interval
        if week >= warm:
            found.append(queue[due])
            taken.append(model.desks.handled[block][due])
        # Between sessions nobody works at the platform, and an agenda is never longer than it may be.
        assert not model.desks.handled[block][~due].any()
        assert np.all(model.desks.handled[block] <= np.minimum(queue, most))
        model.tally.clear()
        model.week += 1
    # A quorum of two, of two bodies.
    held = attendance**2
    exact = bulk_queue(arrival, interval, most, held)
    numbers = np.arange(exact.size)
    queue, work = np.concatenate(found), np.concatenate(taken)
    assert queue.mean() == pytest.approx(exact @ numbers, rel=0.05)
    assert np.mean(queue == 0) == pytest.approx(exact[0], abs=0.012)
    assert np.mean(queue > most) == pytest.approx(exact[most + 1 :].sum(), abs=0.02)
    assert work.mean() == pytest.approx(held * exact @ np.minimum(numbers, most), rel=0.02)
    assert work.mean() == pytest.approx(arrival * interval, rel=0.02)


def test_a_session_works_no_longer_than_its_people_have_hours() -> None:
    """Four hours of residents and none of anybody else: four units of work, first come first served."""
    model = live(
        NOW
        | {
            "deliberation.interval": 1,
            "deliberation.agenda": 10,
            "deliberation.attendance": 1.0,
            "deliberation.captains": False,
            "deliberation.overlap": 0,
            "deliberation.body_hours": 0.0,
            "deliberation.social_organisations": False,
            "deliberation.resident_hours": 4.5,
        },
        ground(3),
    )
    model.committees.failed[:] = 0
    file(model, np.repeat(np.arange(3), 12), TO_PLATFORM)
    block, left = model.desks.block("platform"), []
    for _ in range(4):
        model.week += 1
        open_desks(model)
        model.disputes.handle()
        np.testing.assert_allclose(model.desks.spent[block], np.clip(12 - 4.5 * len(left), 0.0, 4.5))
        left.append(model.disputes.book.left[:36].sum() / 3)
    np.testing.assert_allclose(left, [7.5, 3.0, 0.0, 0.0], atol=1e-9)


# Hours are split, not doubled -------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", [False, True])
@pytest.mark.parametrize("overlap", [1, 2, 3])
def test_seats_split_hours_and_do_not_double_them(overlap: int, platform: bool) -> None:
    """Hours at all desks and in all uses are the same with overlap, less what the seats themselves take."""
    totals, seats = [], []
    for x in (0, overlap):
        model = live(
            NOW
            | {
                "deliberation.platform": platform,
                "deliberation.interval": 1,
                "deliberation.overlap": x,
                "deliberation.seat_hours": 0.5,
                "deliberation.captains": False,
                "deliberation.sharing": 0.0,
                "deliberation.attendance": 1.0,
                "deliberation.social_organisations": False,
                "deliberation.resident_hours": 0.0,
            },
            ground(9, households=700),
        )
        found_branches(model)
        model.committees.failed[:] = 0
        if platform:
            file(model, np.repeat(np.arange(9), 4), TO_PLATFORM)
        open_desks(model)
        branches = model.branches
        assert np.all(branches.for_platform <= branches.asked_platform)
        at_desks = model.desks.hours.sum() - model.deliberation.brought[2].sum()
        totals.append(at_desks + branches.reporting.sum() + branches.serving.sum() + branches.for_platform.sum())
        seats.append(model.cross_appointment.hours.sum())
    # Two bodies of each pair give half an hour.
    assert seats[0] == 0.0
    assert seats[1] == pytest.approx(9 * overlap * 2 * 0.5, rel=1e-12)
    taken_elsewhere = model.cross_appointment.hours[:2].sum()
    assert totals[1] + taken_elsewhere == pytest.approx(totals[0], rel=1e-12)
    booked = [model.costs.hours.get((who, "cross-appointment"), 0.0) for who in ("firms", "committees")]
    np.testing.assert_allclose(booked, model.cross_appointment.hours[:2].sum(axis=1), rtol=1e-12)


def test_a_seat_takes_no_more_than_its_desk_has() -> None:
    model = live(NOW | {"deliberation.overlap": 3, "deliberation.seat_hours": 20.0}, ground(5))
    found_branches(model, members=1)
    model.committees.failed[:] = 0
    open_desks(model)
    desks, branches = model.desks, model.branches
    assert np.all(desks.hours >= 0.0)
    assert not desks.hours[desks.block("firm")].any() and not desks.hours[desks.block("committee")].any()
    np.testing.assert_allclose(model.cross_appointment.hours[1], model.scenario.committees.hours)
    np.testing.assert_allclose(branches.hours, 2.0 + 0.5 * 0.4 * 1)
    np.testing.assert_allclose(
        model.cross_appointment.hours[2] + branches.reporting + branches.mediating + branches.serving, branches.hours
    )


# Overlap in the mean field ----------------------------------------------------------------------------------------

WORLD = {
    "handoffs": 2,
    "patience": 0.12,
    "audit": 0.6,
    "recovery": 0.01,
    "capture": 0.02,
    "logit": 1.0,
    "interest": 1.0,
    "against_firm": 0.5,
}


@pytest.mark.parametrize(("meeting", "parties", "patience"), [(0.36, 1, 0.12), (0.2, 2, 0.3), (0.9, 3, 0.05)])
def test_share_of_cases_that_meet_all_parties_is_that_of_the_markov_chain(
    meeting: float,
    parties: int,
    patience: float,
) -> None:
    """Each week one party is met with pi; who is not through yet stays with exp(-patience)."""
    waiting = np.zeros(parties + 1)
    waiting[parties] = 1.0
    through = 0.0
    for _ in range(4000):
        after = (1.0 - meeting) * waiting
        after[:-1] += meeting * waiting[1:]
        through += after[0]
        after[0] = 0.0
        waiting = after * np.exp(-patience)
    assert float(reach_probability(meeting, parties, patience)) == pytest.approx(through, rel=1e-10)


@pytest.mark.parametrize(("meeting", "loss", "best"), [(0.95, 0.4, 0), (0.2, 0.0, 3), (0.15, 0.05, 3)])
def test_the_best_overlap_can_be_none_and_can_be_all(meeting: float, loss: float, best: int) -> None:
    """Where parties are met anyway, lost independence is all that overlap brings; where not, it is worth it."""
    assert most_settled(meeting=meeting, loss=loss, **WORLD) == best


def test_the_best_overlap_can_lie_between() -> None:
    world = WORLD | {"handoffs": 1}
    assert [most_settled(meeting=0.8, loss=w, **world) for w in (0.0, 0.1, 0.2, 0.4)] == [3, 2, 1, 0]


def test_the_mean_field_is_made_of_the_two_fixed_points() -> None:
    """Settled = reach x settlement at the integrity at which recovery and capture balance, iterated here."""
    for x in range(4):
        integrity = 1.0
        for _ in range(20_000):
            integrity += 0.01 * (1 - integrity) - 0.02 * (1 - 0.6 * 0.7**x) * integrity
        settle = [1 / (1 + np.exp(-1.0 + interest)) for interest in (0.0, 1.0 - integrity)]
        pi = 1 - (1 - 0.4) * 0.5**x
        stays = np.exp(-0.12)
        reach = (pi / (1 - (1 - pi) * stays)) ** 2 * stays
        value = float(settled_in_the_mean(x, meeting=0.4, loss=0.3, **WORLD))
        assert value == pytest.approx(reach * np.mean(settle), rel=1e-9)


@pytest.mark.parametrize("loss", [0.0, 0.15, 0.4])
def test_the_running_model_moves_pi_up_and_integrity_down_as_the_mean_field_says(loss: float) -> None:
    """Integrity follows I + r (1 - I) - k (1 - a (1 - w)^x) I, and the audit of x = 0 where nothing overlaps."""
    weeks = 10
    runs = []
    for x in range(4):
        model = live(
            NOW
            | {
                "deliberation.overlap": x,
                "deliberation.independence_loss": loss,
                "committees.capture": 0.05,
                "deliberation.platform": False,
                "deliberation.captains": False,
            },
            ground(60),
        )
        found_branches(model)
        model.committees.failed[:] = 0
        audit = model.committees.attendance.copy()
        p = model.scenario.committees
        integrity = model.committees.integrity.copy()
        for _ in range(weeks):
            open_desks(model)
            model.committees.meet()
            integrity += p.recovery * (1 - integrity) - 0.05 * (1 - audit * (1 - loss) ** x) * integrity
            model.week += 1
        quiet = model.committees.meeting_week >= weeks
        np.testing.assert_allclose(model.committees.integrity[quiet], integrity[quiet], rtol=1e-10)
        np.testing.assert_allclose(model.committees.watch[quiet], (1 - loss) ** x, rtol=1e-12)
        runs.append((model.desks.meeting_bodies[quiet].mean(), model.committees.integrity[quiet].mean()))
    pi, integrity = np.array(runs).T
    assert np.all(np.diff(pi) > 0)
    assert np.all(np.diff(integrity) < 0) if loss else np.ptp(integrity) == 0.0


# Knowledge --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("overlap", "sharing"), [(1, 0.1), (2, 0.05), (3, 0.2)])
def test_shared_knowledge_closes_the_gap_to_the_best_and_never_passes_it(overlap: int, sharing: float) -> None:
    """K(t) = best - (best - K(0)) (1 - share)^(x t)."""
    model = live(
        NOW | {"deliberation.overlap": overlap, "deliberation.sharing": sharing, "deliberation.platform": False},
        ground(4),
    )
    found_branches(model)
    model.committees.failed[:] = 0
    desks, at = model.desks, model.deliberation.body_desks()
    desks.knowledge[at] = np.array([[0.2], [0.5], [0.8]])
    others = np.setdiff1d(np.arange(desks.size), at)
    before = desks.knowledge.copy()
    for _ in range(7):
        open_desks(model)
        model.week += 1
    want = 0.8 - (0.8 - before[at]) * (1 - sharing) ** (7 * overlap)
    np.testing.assert_allclose(desks.knowledge[at], want, rtol=1e-12)
    assert np.array_equal(desks.knowledge[others], before[others])


def test_a_joint_branch_learns_from_each_of_its_estates_in_part() -> None:
    """Two estates, one branch: what it learns is the mean of what it would learn from either."""
    model = live(NOW | {"deliberation.sharing": 0.2, "deliberation.platform": False}, ground(2))
    home = np.zeros(2, dtype=np.int64)
    model.branches.establish(
        Plan(np.full(2, BranchKind.JOINT, dtype=np.int8), home, np.full(2, 4, dtype=np.int64), home, False)
    )
    model.committees.failed[:] = 0
    desks = model.desks
    branch = desks.block("branch").start
    desks.knowledge[[branch, branch + 1]] = 0.1
    desks.knowledge[desks.block("committee")] = [0.9, 0.3]
    desks.knowledge[desks.block("firm")] = 0.1
    open_desks(model)
    assert desks.knowledge[branch] == pytest.approx(0.1 + 0.2 * (0.8 + 0.2) / 2)


def test_the_platform_knows_what_those_know_who_come() -> None:
    """Mean of the bodies' knowledge and skill by the hours that each can bring."""
    model = live(
        NOW
        | {
            "deliberation.interval": 1,
            "deliberation.attendance": 1.0,
            "deliberation.overlap": 0,
            "deliberation.social_organisations": False,
        },
        ground(3),
    )
    model.committees.failed[:] = 0
    desks = model.desks
    desks.knowledge[desks.block("firm")], desks.knowledge[desks.block("committee")] = 0.2, 0.7
    model.committees.skill[:] = 0.8
    for _ in range(2):
        file(model, np.arange(3), TO_PLATFORM)
        file(model, np.arange(3), TO_COMMITTEE)
        model.week += 1
        open_desks(model)
    platform = desks.block("platform")
    np.testing.assert_allclose(desks.knowledge[platform], 0.45)
    np.testing.assert_allclose(desks.skill[platform], (0.5 + 0.8) / 2)
