"""Owners' committees: who may meet when, what a meeting decides, and what a week does to a committee."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.codes import BY_BRANCH, BY_COMMITTEE, BY_FIRM, COMMITTEE
from sim.stakeholders.committees import CommitteesSection, integrity_fixed_point
from sim.stakeholders.committees.committees import YEAR
from tests.support.closed_forms import quorum_probability

ALL_COME = {"committees.turnout": 10.0, "committees.turnout_estates": 0.0, "committees.turnout_meetings": 0.0}
NOBODY_COMES = {**ALL_COME, "committees.turnout": -10.0}
NOBODY_FOUNDS = {"committees.founding": 0.0}
IN_OFFICE = {"committees.out_of_office": 0.0}


def live_weeks(model, weeks: int) -> None:
    """Let committees live alone for some weeks."""
    for _ in range(weeks):
        model.contracts.serve()
        model.committees.work()
        model.committees.meet()
        model.week += 1


def test_the_committees_of_the_district_exist_at_first(live) -> None:
    model = live()
    committees = model.committees
    assert np.array_equal(committees.present, model.district.committee)
    assert len(committees) == model.district.committee.sum()
    assert np.all(committees.founded == -1)
    assert 0 < committees.mean_attendance() < 1


def test_each_committee_meets_once_a_year(live) -> None:
    model = live({**ALL_COME, **NOBODY_FOUNDS})
    live_weeks(model, YEAR)
    present = model.district.committee
    assert np.array_equal(model.committees.meetings, present.astype(int))
    live_weeks(model, YEAR)
    assert np.array_equal(model.committees.meetings, 2 * present)
    assert np.array_equal(model.committees.quorate, 2 * present)


def test_where_all_come_every_committee_is_elected_anew_once_a_term(live) -> None:
    model = live({**ALL_COME, **NOBODY_FOUNDS, "committees.term": 3 * YEAR})
    committees, elected = model.committees, []
    for _ in range(6 * YEAR):
        before = committees.term_end.copy()
        live_weeks(model, 1)
        elected.append(committees.term_end != before)
    count = np.sum(elected, axis=0)
    assert np.all(count[committees.present] == 2) and not count[~committees.present].any()
    assert np.array_equal(committees.present, model.district.committee)
    assert np.all(committees.failed == 0)


@pytest.mark.parametrize("term", [52, 100, 260])
def test_a_term_ends_at_the_last_annual_meeting_within_it(live, term) -> None:
    model = live({"committees.term": term})
    committees = model.committees
    for model.week in (0, 17, 103):
        end = committees._next_election()
        assert np.all(end % YEAR == committees.meeting_week)
        assert np.all((end > model.week) & (end <= model.week + term) & (end > model.week + term - YEAR))


def test_without_a_quorum_a_committee_first_stops_working_and_then_lapses(live) -> None:
    model = live({**NOBODY_COMES, **NOBODY_FOUNDS, **IN_OFFICE, "committees.term": YEAR})
    committees, there = model.committees, model.district.committee
    assert np.array_equal(committees.working(), there)
    live_weeks(model, YEAR)
    assert np.array_equal(committees.present, there)
    assert not committees.working().any()
    committees.work()
    assert not model.desks.hours[model.desks.block("committee")].any()
    live_weeks(model, YEAR)
    assert not committees.present.any() and len(committees) == 0
    assert committees.mean_attendance() == 0.0


def test_a_committee_out_of_office_returns_with_a_valid_election(live) -> None:
    model = live({**ALL_COME, **NOBODY_FOUNDS, "committees.out_of_office": 1.0})
    assert not model.committees.working().any()
    live_weeks(model, YEAR)
    assert np.array_equal(model.committees.working(), model.district.committee)


def test_a_committee_is_founded_where_initiators_find_a_quorum(live) -> None:
    model = live({**ALL_COME, "committees.founding": 1.0})
    committees = model.committees
    model.trust.estate_mean[BY_COMMITTEE] = 0.2
    live_weeks(model, 1)
    fresh = committees.founded == 0
    assert fresh.any() and not (fresh & model.district.committee).any()
    assert np.all(committees.present[fresh])
    assert np.all(committees.integrity[fresh] == model.scenario.committees.integrity_new)
    assert np.all(model.trust.estate_mean[BY_COMMITTEE][fresh] == model.scenario.trust.baseline)
    assert np.all(committees.campaign_end[fresh] == model.scenario.committees.campaign_weeks)
    committees.work()
    assert np.all(model.desks.hours[model.desks.block("committee")][fresh] > 0)


def test_initiators_without_a_quorum_found_nothing_but_are_quarrelled_about(live) -> None:
    model = live({**NOBODY_COMES, "committees.founding": 1.0})
    committees = model.committees
    live_weeks(model, 1)
    tried = committees.attempts > 0
    assert tried.any() and np.array_equal(committees.present, model.district.committee)
    committees.work()
    level = model.incidents.conditions[COMMITTEE]
    assert level[tried].min() > level[~tried & ~committees.present].max(initial=0.0)


def test_initiators_come_forward_at_their_rate(live) -> None:
    rate = 0.02
    model = live({**NOBODY_COMES, "committees.founding": rate, "committees.crowding_out": 0.0})
    committees, weeks = model.committees, 400
    from sim import EstateKind

    can = ~committees.present & (model.district.kind != EstateKind.URBAN_VILLAGE)
    expected = weeks * -np.expm1(-rate * committees.owners[can] / 500.0).sum()
    for model.week in range(weeks):
        committees.attempts[committees._initiate()] += 1
    assert abs(committees.attempts[can].sum() - expected) < 4 * np.sqrt(expected)
    assert not committees.attempts[~can].any()


def test_a_trusted_proxy_discourages_initiators_and_only_some_of_them(live) -> None:
    changes = {"committees.founding": 0.2, "committees.crowding_out": 2.0}
    alone, spoilt = live(changes), live(changes)
    spoilt.trust.estate_mean[BY_FIRM] = 1.0
    alone.trust.estate_mean[BY_FIRM] = 0.0
    few = many = 0
    for week in range(60):
        sets = []
        for model in (alone, spoilt):
            model.week = week
            model.contracts.serve()
            sets.append(set(model.committees._initiate().tolist()))
        assert sets[1] <= sets[0]
        many, few = many + len(sets[0]), few + len(sets[1])
    assert few < 0.5 * many


def test_only_a_branch_with_hours_is_a_proxy(live) -> None:
    model = live()
    model.contracts.serve()
    before = model.committees.proxy()
    branches = model.branches
    branches.any = True
    branches.home[:10] = 4
    model.trust.estate_mean[BY_BRANCH] = 0.8
    assert np.array_equal(model.committees.proxy(), before)
    branches.serving[4] = 2.0
    after = model.committees.proxy()
    assert np.all(after[:10] > before[:10]) and np.array_equal(after[10:], before[10:])
    firm, branch = model.trust.mean(BY_FIRM), model.trust.mean(BY_BRANCH)
    assert np.allclose(after[:10], (1 - (1 - firm) * (1 - branch))[:10])


def test_attendance_answers_grievance_trust_and_proxy(live) -> None:
    rows = np.arange(40)

    def asked(grievance=0.00015, committee=0.5, firm=0.5):
        model = live()
        model.grievances.recent[:] = grievance * model.district.adults
        for institution, trust in ((BY_COMMITTEE, committee), (BY_FIRM, firm)):
            model.trust.estate_mean[institution] = trust
        model.contracts.serve()
        return model.committees.attendance_probability(rows)

    usual = asked()
    assert np.all(asked(grievance=0.01) > usual)
    assert np.all(asked(committee=0.8) > usual)
    assert np.all(asked(firm=0.8) < usual)


def test_meetings_of_the_district_are_valid_as_often_as_the_binomial_says(live) -> None:
    p = 0.62
    model = live(
        {
            **NOBODY_FOUNDS,
            "committees.turnout": float(np.log(p / (1 - p))),
            "committees.turnout_estates": 0.0,
            "committees.turnout_meetings": 0.0,
            "committees.turnout_grievance": 0.0,
            "committees.turnout_trust": 0.0,
            "committees.crowding_out": 0.0,
            "committees.area_log_sd": 0.0,
        }
    )
    committees, rows, weeks = model.committees, np.arange(40), 200
    valid = np.zeros(40)
    for model.week in range(weeks):
        valid += committees._assemble(rows).valid
    expected = quorum_probability(p, committees.owners)
    spread = np.sqrt(weeks * (expected * (1 - expected)).sum())
    assert abs(valid.sum() - weeks * expected.sum()) < 4 * spread + 1


def test_integrity_settles_at_its_fixed_point_and_is_safe_without_a_firm(live) -> None:
    model = live({**NOBODY_FOUNDS, "committees.term": 1040, **IN_OFFICE})
    committees, p = model.committees, model.scenario.committees
    committees.present[:] = False
    committees.attendance[:] = np.linspace(0.0, 1.0, 40)
    model.contracts.present[3] = False
    live_weeks(model, 1500)
    expected = integrity_fixed_point(committees.attendance, recovery=p.recovery, capture=p.capture)
    expected[3] = 1.0
    assert np.allclose(committees.integrity, expected, atol=1e-5)


def test_skill_grows_with_cases_and_decays_without(live) -> None:
    model = live(NOBODY_FOUNDS)
    committees, p = model.committees, model.scenario.committees
    handled = model.desks.handled[model.desks.block("committee")]
    handled[:] = 0
    handled[5] = 2
    before = committees.skill.copy()
    committees._practise()
    assert committees.skill[5] == pytest.approx(1 - (1 - before[5]) * (1 - p.skill_gain) ** 2)
    assert np.allclose(np.delete(committees.skill, 5), np.delete(before, 5) * (1 - p.skill_decay))
    committees.work()
    assert np.array_equal(model.desks.skill[model.desks.block("committee")], committees.skill)


def test_committee_incidents_have_mean_one_with_the_usual_share_of_committees(live) -> None:
    model = live({"committees.usual_share": 0.5, **IN_OFFICE})
    committees, p = model.committees, model.scenario.committees
    committees.present[:] = np.arange(40) < 20
    term = p.term
    committees.campaign_end[:] = p.campaign_weeks
    total = np.zeros(40)
    for model.week in range(term):
        committees.work()
        level = model.incidents.conditions[COMMITTEE]
        total += np.where(committees.present | (model.week < p.campaign_weeks), level, 0.0)
        if model.week == p.campaign_weeks:
            quiet = level.copy()
    with_one = total[:20].mean() / term
    without = quiet[20:].mean()
    assert (with_one + without) / 2 == pytest.approx(1.0)
    assert without / with_one == pytest.approx(p.absent_share)


def test_a_captured_committee_and_an_election_make_more_trouble(live) -> None:
    model = live()
    committees = model.committees
    committees.present[:] = True
    committees.campaign_end[:] = 0
    committees.integrity[:] = 0.9
    committees.integrity[2] = 0.1
    committees.campaign_end[4] = 5
    committees.work()
    level = model.incidents.conditions[COMMITTEE]
    assert level[2] > level[0] and level[4] == pytest.approx(4.0 * level[0])


VOTES = {
    **ALL_COME,
    **NOBODY_FOUNDS,
    **IN_OFFICE,
    "committees.motion": 1.0,
    "committees.vote_slope": 100.0,
    "committees.vote_meetings": 0.0,
    "committees.integrity_new": 1.0,
    "committees.recovery": 1.0,
    "committees.capture": 0.0,
}


def test_a_quorate_meeting_of_a_dissatisfied_estate_replaces_the_firm(live) -> None:
    model = live(VOTES)
    model.committees.integrity[:] = 1.0
    model.satisfaction.mean[:] = 0.0
    before = model.contracts.firm.copy()
    live_weeks(model, YEAR)
    there = model.district.committee
    assert np.array_equal(model.contracts.replaced, there.astype(int))
    assert np.all(model.contracts.firm[there] != before[there])
    assert np.array_equal(model.committees.motions, there.astype(int))


@pytest.mark.parametrize(
    "changes",
    [
        {"committees.turnout": -10.0},
        {"committees.motion": 0.0},
        {"committees.majority": 1.0},
        {"committees.out_of_office": 1.0, "committees.quorum": 1.0, "committees.turnout": 0.0},
    ],
)
def test_no_firm_is_replaced_without_quorum_motion_or_majority(live, changes) -> None:
    model = live({**VOTES, **changes})
    model.satisfaction.mean[:] = 0.0
    live_weeks(model, YEAR)
    assert model.contracts.replaced.sum() == 0


def test_satisfied_owners_keep_their_firm(live) -> None:
    model = live(VOTES)
    model.satisfaction.mean[:] = 0.9
    live_weeks(model, 3 * YEAR)
    assert model.contracts.replaced.sum() == 0


def test_a_captured_committee_does_not_put_the_firm_to_the_vote(live) -> None:
    model = live({**VOTES, "committees.recovery": 1e-6, "committees.term": 1040})
    model.committees.integrity[:] = 0.0
    model.committees.term_end[:] = 1000
    model.satisfaction.mean[:] = 0.0
    live_weeks(model, YEAR)
    assert model.committees.motions.sum() == 0


def test_switched_off_the_first_committees_stay_as_they_are(live) -> None:
    model = live({"committees.enabled": False, "committees.founding": 1.0})
    committees = model.committees
    state = {name: values.copy() for name, values in committees.arrays().items()}
    live_weeks(model, 2 * YEAR)
    assert all(np.array_equal(values, state[name]) for name, values in committees.arrays().items())
    hours = model.desks.hours[model.desks.block("committee")]
    assert np.array_equal(hours, 2.5 * committees.working())
    assert model.contracts.replaced.sum() == 0


def test_meetings_elsewhere_do_not_change_a_committee(live) -> None:
    one, two = live(), live()
    gone = np.flatnonzero(two.committees.present)[:3]
    two.committees.present[gone] = False
    kept = np.setdiff1d(np.arange(40), gone)
    for model in (one, two):
        model.contracts.present[gone] = False
        live_weeks(model, 2 * YEAR)
    for name in ("attendance", "integrity", "term_end", "failed", "meetings"):
        assert np.array_equal(getattr(one.committees, name)[kept], getattr(two.committees, name)[kept])


def test_a_fork_continues_as_the_whole_run(live) -> None:
    model = live({"committees.founding": 0.02})
    model.run(weeks=30)
    other = model.fork()
    model.run(weeks=30)
    other.run(weeks=30)
    one, two = model.committees.arrays(), other.committees.arrays()
    assert all(np.array_equal(one[column], two[column]) for column in one)


def test_every_parameter_has_a_source_and_a_range_to_sweep() -> None:
    for row in CommitteesSection().rows("committees."):
        assert row["source"] and row["doc"] and row["unit"]
        assert row["sweep_low"] is None or row["sweep_low"] <= row["default"] <= row["sweep_high"]
