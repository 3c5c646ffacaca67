"""The books of the running model: every case, hour and filing is accounted for, week by week (M4).

Case by case, as in the first edition; matters of several parties and hours kept are in test_all_books.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from sim import BranchKind, GovernanceModel
from sim.core.codes import (
    BRANCH_DESK,
    CHARGING,
    COMMITTEE_DESK,
    COMMUNITY_DESK,
    DISTRICT_DESK,
    FAILED,
    FIRM_DESK,
    OPEN,
    SETTLED,
    STREET_DESK,
    TO_BRANCH,
    TO_COMMITTEE,
    TO_FIRM,
    TO_HOTLINE,
    WITHDRAWN,
)
from sim.policies.coverage import Plan
from tests.support.case_ledger import check_week
from tests.support.quiet_models import FIRST_EDITION, in_conflict, level_ground

WEEKS, WARMUP = 40, 12
BUSY = {
    "district.estates": 30,
    "run.weeks": WEEKS,
    "run.warmup": WARMUP,
    "incidents.rate_noise": 1.0,
    "incidents.rate_service": 0.1,
    "district.members_rate": 0.01,
    "residents.moving_tenants": 0.02,
}
COUNTED = tuple(
    "conflicts returns tolerated self_begun gathered self_settled filed filed_firm filed_committee filed_branch "
    "filed_platform hotline to_authority settled failed withdrawn broken escalated "
    "mediated".split()
)
MATCHED = ("hours_matched:full", "hours_matched_tied:full")


@dataclass
class Week:
    """What an auditor wrote down at the end of handling, and what the books said at the end of the week."""

    hours: np.ndarray
    tied: np.ndarray
    spent: np.ndarray
    handled: np.ndarray
    work_done: float = 0.0
    all_spent: np.ndarray = field(default_factory=lambda: np.zeros(0))
    counts: dict[str, np.ndarray] = field(default_factory=dict)
    conflicts: int = 0
    taken: float = 0.0
    ended: np.ndarray = field(default_factory=lambda: np.zeros(4, dtype=np.int64))


def tied_hours(model: GovernanceModel) -> np.ndarray:
    """Hours that a control ties to estates, by the community's desk at which they are spent."""
    desks = model.desks
    if desks.tied is None:
        return np.zeros(desks.size)
    return np.bincount(desks.community_of_estate, desks.tied, desks.size)


def audit(model: GovernanceModel) -> list[Week]:
    """Live the run with an auditor after handling and another before the record is written."""
    weeks: list[Week] = []

    def after_handling() -> None:
        desks = model.desks
        weeks.append(
            Week(
                desks.hours.copy(),
                tied_hours(model),
                desks.spent.copy(),
                desks.handled.copy(),
                work_done=float(desks.spent @ desks.speed()),
            )
        )

    def before_record() -> None:
        weeks[-1].counts = {name: model.tally.of(name).copy() for name in COUNTED}
        weeks[-1].all_spent = model.desks.spent.copy()
        weeks[-1].conflicts = model.grievances.now.person.size
        weeks[-1].taken = sum(model.authorities.taken.values())
        check_week(model)

    model.agenda.add("audit hours", after_handling, doc="an auditor reads the desks", after="disputes.handle")
    model.agenda.add("audit books", before_record, doc="an auditor reads the ledger", before="record")
    seen = np.zeros(4, dtype=np.int64)
    for _ in range(WEEKS):
        model.step()
        book = model.disputes.book
        total = np.bincount(book.end[: book.size], minlength=4)
        weeks[-1].ended = total - seen
        seen = total
    return weeks


@pytest.fixture(scope="module", params=["none", "own", "dispatched", "full", "placebo:full", *MATCHED])
def lived(request: pytest.FixtureRequest) -> tuple[GovernanceModel, list[Week]]:
    scenario, replay = FIRST_EDITION.replace({**BUSY, "coverage.strategy": request.param}), None
    if request.param in MATCHED:
        full = GovernanceModel(scenario.replace({"coverage.strategy": "full"}), rng=8)
        full.run(progress=False)
        replay = full.policy_hours
    model = GovernanceModel(scenario, rng=8, replay=replay)
    return model, audit(model)


def test_open_and_ended_cases_are_those_filed(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, weeks = lived
    filed = sum(week.counts["filed"].sum() for week in weeks)
    book = model.disputes.book
    ends = np.bincount(book.end[: book.size], minlength=4)
    assert filed == book.size == ends.sum() > 300
    assert ends[OPEN] == model.disputes.open.size
    for end, name in ((SETTLED, "settled"), (FAILED, "failed"), (WITHDRAWN, "withdrawn")):
        assert ends[end] == sum(week.counts[name].sum() for week in weeks) > 0


def test_every_case_ends_in_exactly_one_way_and_stays_ended(
    lived: tuple[GovernanceModel, list[Week]],
) -> None:
    _, weeks = lived
    for week in weeks:
        for end, name in ((SETTLED, "settled"), (FAILED, "failed"), (WITHDRAWN, "withdrawn")):
            assert week.ended[end] == week.counts[name].sum()
        assert week.ended.sum() == week.counts["filed"].sum()


def test_conflicts_are_borne_taken_up_with_the_other_side_filed_or_acted_on_together(
    lived: tuple[GovernanceModel, list[Week]],
) -> None:
    _, weeks = lived
    for week in weeks:
        both = week.counts["conflicts"] + week.counts["returns"]
        assert both.sum() == week.conflicts
        ways = ("tolerated", "self_begun", "filed", "gathered")
        np.testing.assert_array_equal(both, sum(week.counts[name] for name in ways))
        doors = ("filed_firm", "filed_committee", "filed_branch", "filed_platform", "hotline")
        np.testing.assert_array_equal(week.counts["filed"], sum(week.counts[name] for name in doors))


def test_filings_are_those_with_the_hotline_and_those_with_others(
    lived: tuple[GovernanceModel, list[Week]],
) -> None:
    model, weeks = lived
    book = model.disputes.book.arrays()
    number = np.bincount(book["channel"], minlength=6)
    assert number[:TO_FIRM].sum() == 0
    others = number[[TO_FIRM, TO_COMMITTEE, TO_BRANCH]].sum()
    hotline = sum(week.counts["hotline"].sum() for week in weeks)
    assert hotline == number[TO_HOTLINE] > 0 and others > 0
    assert sum(week.counts["filed"].sum() for week in weeks) == hotline + others
    by_week = np.bincount(book["filed"].astype(int), minlength=WEEKS)
    assert by_week.tolist() == [week.counts["filed"].sum() for week in weeks]
    has_branch = np.isfinite(model.branches.access)[book["estate"]]
    assert np.all(has_branch[book["channel"] == TO_BRANCH])
    assert (number[TO_BRANCH] > 0) == (model.scenario.coverage.strategy not in ("none", *MATCHED))
    assert book["filed"][book["channel"] == TO_BRANCH].min(initial=WARMUP) >= WARMUP


def test_hours_spent_are_never_more_than_a_desk_has(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, weeks = lived
    for week in weeks:
        assert np.all(week.spent <= (week.hours + week.tied) * (1 + 1e-9) + 1e-9)
    kinds = model.desks.kind
    for kind in (FIRM_DESK, COMMITTEE_DESK, COMMUNITY_DESK):
        assert sum(week.spent[kinds == kind].sum() for week in weeks) > 0
    branch = sum(week.hours[kinds == BRANCH_DESK].sum() for week in weeks)
    assert (branch > 0) == (model.scenario.coverage.strategy in ("own", "dispatched", "full"))


def test_the_work_done_on_cases_is_the_hours_spent_on_them(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, weeks = lived
    book = model.disputes.book.arrays()
    assert np.all((book["left"] >= 0) & (book["left"] <= book["work"]))
    done = (book["work"] - book["left"]).sum()
    assert done == pytest.approx(sum(week.work_done for week in weeks), rel=1e-6)
    handled = np.isin(book["end"], (SETTLED, FAILED))
    assert np.all(book["left"][handled] == 0)
    assert sum(week.handled.sum() for week in weeks) == handled.sum()


def test_a_desk_leaves_hours_unused_only_when_nobody_queues_there(
    lived: tuple[GovernanceModel, list[Week]],
) -> None:
    """Work conserving: where a case is still in the queue after handling, the desk's hours were all spent."""
    model, weeks = lived
    disputes, last = model.disputes, weeks[-1]
    desk = disputes.book.desk[disputes.queue]
    # Cases sent up in this very week arrived after the hours had been given out.
    early = disputes.book.joined[disputes.queue] < WEEKS
    busy = np.unique(desk[early])
    assert busy.size and last.hours[busy].any()
    assert np.all(last.spent[busy] >= last.hours[busy] * (1 - 1e-6))


def test_times_of_a_case_are_in_order(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, _ = lived
    book = model.disputes.book.arrays()
    ended = book["end"] != OPEN
    handled = np.isin(book["end"], (SETTLED, FAILED))
    assert np.all(book["ended"][ended] > book["filed"][ended])
    assert np.all(book["ended"][handled] >= book["joined"][handled])
    assert np.all(book["joined"] >= book["filed"])
    assert np.all(np.diff(np.floor(book["filed"])) >= 0)
    assert book["ended"][ended].max() <= WEEKS


def test_cases_go_up_one_desk_at_a_time(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, weeks = lived
    book, kind = model.disputes.book.arrays(), model.desks.kind
    rank = np.array([0, 0, 0, 0, 1, 2, 3])
    start = np.where(book["channel"] == TO_HOTLINE, 1, 0)
    assert np.array_equal(rank[kind[book["desk"]]] - start, book["sent_up"])
    assert book["sent_up"].sum() == sum(week.counts["escalated"].sum() for week in weeks) > 0
    district = model.district
    for level, desk in ((COMMUNITY_DESK, district.community), (STREET_DESK, district.street)):
        there = kind[book["desk"]] == level
        first = np.flatnonzero(kind == level)[0]
        assert np.array_equal(book["desk"][there] - first, desk[book["estate"][there]])
    assert set(np.unique(kind[book["desk"]])) <= {*range(DISTRICT_DESK + 1)}
    reached = np.count_nonzero((book["channel"] == TO_HOTLINE) | (book["sent_up"] > 0))
    assert sum(week.counts["to_authority"].sum() for week in weeks) == reached


def test_a_case_that_comes_back_follows_an_ended_case_of_the_same_person(
    lived: tuple[GovernanceModel, list[Week]],
) -> None:
    model, weeks = lived
    book = model.disputes.book.arrays()
    child = np.flatnonzero(book["parent"] >= 0)
    parent = book["parent"][child]
    assert child.size > 5
    assert np.array_equal(book["person"][child], book["person"][parent])
    assert np.array_equal(book["category"][child], book["category"][parent])
    assert np.all(np.isin(book["end"][parent], (SETTLED, FAILED)))
    assert np.all(book["filed"][child] > book["ended"][parent])
    settled = book["end"][parent] == SETTLED
    assert np.all(book["broken"][parent[settled]]) and np.unique(parent).size == parent.size
    assert np.all(book["end"][book["broken"]] == SETTLED)
    assert book["broken"].sum() == sum(week.counts["broken"].sum() for week in weeks) > 0


def test_a_settled_case_has_ended_its_incident_unless_that_was_a_shock(
    lived: tuple[GovernanceModel, list[Week]],
) -> None:
    model, _ = lived
    book, incidents = model.disputes.book.arrays(), model.incidents
    before = (book["end"] == SETTLED) & (book["ended"] <= WEEKS - 1)
    cause = np.unique(book["incident"][before])
    shock = incidents.book.shock[cause]
    assert cause.size > 50 and not np.isin(cause[~shock], incidents.active).any()
    assert np.all(incidents.book.ended[cause[~shock]]) and not incidents.book.ended[cause[shock]].any()


def test_who_moves_away_takes_the_case_along(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, _ = lived
    book, people = model.disputes.book.arrays(), model.residents
    gone = people.arrival[book["person"]] > book["filed"]
    assert gone.any() and np.all(book["end"][gone] != OPEN)


def test_the_table_of_outcomes_says_what_the_books_say(lived: tuple[GovernanceModel, list[Week]]) -> None:
    model, weeks = lived
    thousand = model.district.households.sum() / 1000
    table = model.outcomes
    for name in COUNTED:
        found = table[name].to_numpy() * thousand
        np.testing.assert_allclose(found, [week.counts[name].sum() for week in weeks], atol=1e-9)
    np.testing.assert_allclose(table.unresolved_filed, table.failed + table.withdrawn + table.broken)
    flow = (table.filed - table.settled - table.failed - table.withdrawn).cumsum()
    np.testing.assert_allclose(table.open, flow, atol=1e-9)
    np.testing.assert_allclose(table.dispute_rate, table.conflicts)
    kinds = model.desks.kind
    authority = np.array([week.hours[kinds >= COMMUNITY_DESK].sum() + week.tied.sum() + week.taken for week in weeks])
    branches = table.reporting_hours + table.mediation_hours + table.routine_hours
    np.testing.assert_allclose(table.hours, authority + branches)
    for name, block in (("mediation_on_call", kinds == BRANCH_DESK), ("desks_on_call", kinds >= COMMUNITY_DESK)):
        left = [(week.hours + week.tied - week.all_spent)[block].sum() for week in weeks]
        np.testing.assert_allclose(table[name], left, atol=1e-9)
    np.testing.assert_allclose(
        table.desk_use * (table.desks_on_call + [w.all_spent[kinds >= COMMUNITY_DESK].sum() for w in weeks]),
        [w.all_spent[kinds >= COMMUNITY_DESK].sum() for w in weeks],
    )
    talks = table.self_settled + table.self_failed
    np.testing.assert_allclose(table.self_settled_share * talks, table.self_settled.where(talks > 0))
    np.testing.assert_allclose(table.mediation_hours, [w.hours[kinds == BRANCH_DESK].sum() for w in weeks])
    new = model.policy_hours[2].sum(axis=1) + table.extra_hours
    np.testing.assert_allclose(table.hours, table.hours[0] + new)


def test_urgent_cases_wait_less_for_hours_than_others() -> None:
    model = GovernanceModel(
        FIRST_EDITION.replace(
            {
                **BUSY,
                "incidents.rate_charging": 1.0,
                "desks.hours_community": 4.0,
                "desks.handoffs_complex": 1,
                "voice.base_hotline": 2.0,
            }
        ),
        rng=8,
    )
    audit(model)
    book = model.disputes.book.arrays()
    done = np.isin(book["end"], (SETTLED, FAILED))
    wait = book["ended"] - book["joined"]
    urgent = book["category"] == CHARGING
    assert wait[done & urgent].mean() < wait[done & ~urgent].mean()


def test_a_joint_branch_sends_cases_up_to_the_community_of_their_estate() -> None:
    """The branch sits in the first community; everyone is impatient, so that all its cases go up."""
    ground = level_ground(30)
    scenario = FIRST_EDITION.replace(
        {"desks.patience": 5.0, "desks.send_up_first": 1.0, "branches.reporting_hours": 0.0}
    )
    model = GovernanceModel(scenario, ground, rng=1)
    estates = np.arange(30)
    plan = Plan(np.full(30, BranchKind.JOINT, dtype=np.int8), np.zeros(30, dtype=np.int64), np.full(30, 3), estates)
    model.branches.establish(plan)
    now = in_conflict(model, model.residents.first)
    model.disputes.file(now, estates, np.full(30, TO_BRANCH))
    model.week += 1
    model.disputes.lose_patience()
    book, up = model.disputes.book, model.disputes.book.sent_up[:30] == 1
    assert ground.communities > 1 and np.count_nonzero(up) > 20
    here = model.desks.community_of_estate[book.estate[:30][up]]
    assert np.array_equal(book.desk[:30][up], here)
