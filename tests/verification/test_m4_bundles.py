"""M4: matters of several parties, what goes first, hours that are kept; against what is known on paper."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import District, GovernanceModel
from sim.core.codes import BY_AUTHORITY, NOISE, OPEN, SETTLED
from sim.disputes.bundles import attach, parties, successors
from tests.support.quiet_models import FIRST_EDITION, level_ground, live
from tests.support.single_desk import CERTAIN, ONE_DESK, file


@pytest.fixture(scope="module")
def town() -> District:
    return level_ground(20, 500, adults=1000)


def cause(model: GovernanceModel, count: int = 1) -> np.ndarray:
    return model.incidents.book.append(
        count,
        category=NOISE,
        began=0,
        until=1000,
        identity=np.arange(count, dtype=np.uint64),
        pool=10,
        stride=1,
        touches=5,
        severity=1.0,
    )


# Pure functions -----------------------------------------------------------------------------------


def slow_attach(desk: list[int], incident: list[int], rows: list[int], leads: dict[tuple[int, int], int]) -> list[int]:
    """The rule, one case at a time: who comes first at a desk over a cause leads."""
    leads, found = dict(leads), []
    for row, at, cause_ in zip(rows, desk, incident, strict=True):
        if cause_ >= 0 and (at, cause_) in leads:
            found.append(leads[at, cause_])
        else:
            leads[at, cause_] = row
            found.append(-1)
    return found


@given(st.data())
def test_cases_attach_as_one_by_one(data: st.DataObject) -> None:
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), unique=True, max_size=8))
    new = data.draw(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 3)), max_size=20))
    leads = {pair: 100 + number for number, pair in enumerate(pairs)}
    rows = [200 + number for number in range(len(new))]
    desk, incident = [pair[0] for pair in new], [pair[1] for pair in new]
    got = attach(
        np.array([*leads.values(), *rows], dtype=np.int64),
        np.array([*(at for at, _ in pairs), *desk], dtype=np.uint16),
        np.array([*(cause_ for _, cause_ in pairs), *incident], dtype=np.int64),
        len(pairs),
    )
    assert got.tolist() == slow_attach(desk, incident, rows, leads)


@given(st.lists(st.integers(0, 5), max_size=20), st.sets(st.integers(0, 5)))
def test_the_longest_attached_succeeds(lead: list[int], gone: set[int]) -> None:
    attached = 100 + np.arange(len(lead))
    lead_of, leaderless = np.array(lead, dtype=np.int64), np.array([leader in gone for leader in lead], dtype=bool)
    before, after, renewed = successors(lead_of, attached, leaderless)
    first: dict[int, int] = {}
    for row, leader in zip(attached.tolist(), lead, strict=True):
        if leader in gone:
            first.setdefault(leader, row)
    assert dict(zip(before.tolist(), after.tolist(), strict=True)) == first
    expected = [first.get(leader, leader) for leader in lead]
    assert renewed.tolist() == [-1 if to == row else to for row, to in zip(attached.tolist(), expected, strict=True)]
    of = np.array(sorted(set(lead)), dtype=np.int64)
    assert parties(np.array(lead, dtype=np.int64), of).tolist() == [1 + lead.count(leader) for leader in of.tolist()]


# Work and outcome ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "bundling", "hours"), [(1, True, 3.0), (5, True, 3.0 + 4 * 0.5), (5, False, 15.0)])
def test_a_matter_takes_its_work_once_and_a_marginal_hour_for_each_further_party(
    town: District, count: int, bundling: bool, hours: float
) -> None:
    model = live({**ONE_DESK, **CERTAIN, "desks.bundling": bundling}, town)
    rows = file(model, np.arange(count), cause(model))
    model.authorities.staff()
    model.disputes.handle()
    assert model.desks.spent.sum() == pytest.approx(hours)
    assert (model.disputes.book.end[rows] == SETTLED).all() and model.disputes.open.size == 0


def test_cases_of_other_causes_or_at_other_desks_are_other_matters(town: District) -> None:
    model = live(ONE_DESK, town)
    one, other = cause(model, 2)
    first = np.flatnonzero(model.residents.estate == 0)[:3]
    far = np.flatnonzero(model.residents.estate == 19)[:3]
    assert model.desks.community_of_estate[0] != model.desks.community_of_estate[19]
    rows = np.concatenate(
        [file(model, first, one), file(model, far, one), file(model, first + 3, other), file(model, first + 6, -1)]
    )
    lead = model.disputes.book.lead[rows]
    assert (lead >= 0).sum() == 2 + 2 + 2 and (lead[-3:] == -1).all()
    book = model.disputes.book
    joined = rows[lead >= 0]
    assert (book.desk[joined] == book.desk[book.lead[joined]]).all()
    assert (book.incident[joined] == book.incident[book.lead[joined]]).all()


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_the_outcome_is_told_to_all_and_numbers_weigh_as_declared(town: District, weight: float) -> None:
    """One draw for the matter; logit = constant + 1.2 x 0.25 knowledge + 1.5 x 0.5 trust + weight ln n."""
    model = live(
        {
            **ONE_DESK,
            "desks.settle_constant": -1.5,
            "desks.settle_severity": 0.0,
            "trust.spread": 0.0,
            "desks.settle_numbers": weight,
        },
        town,
    )
    model.authorities.hours[:] = 1e6
    people = np.flatnonzero(town.community[model.residents.estate] == 0)
    many = cause(model, people.size // 3)
    rows = file(model, people[: 3 * many.size], np.tile(many, 3))
    model.authorities.staff()
    model.disputes.handle()
    book = model.disputes.book
    order = np.lexsort((rows, book.incident[rows]))
    settled = (book.end[rows[order]] == SETTLED).reshape(-1, 3)
    assert (book.end[rows] != OPEN).all()
    assert (settled[:, 0] == settled[:, 1]).all() and (settled[:, 1] == settled[:, 2]).all()
    trust = float(model.trust.mean(BY_AUTHORITY)[0])
    logit = -1.5 + 1.2 * model.scenario.desks.knowledge_authority + 1.5 * trust + weight * np.log(3.0)
    expected = 1.0 / (1.0 + np.exp(-logit))
    assert stats.binomtest(int(settled[:, 0].sum()), many.size, expected).pvalue > 0.001


def test_each_agreement_holds_or_breaks_by_itself(town: District) -> None:
    model = live({**ONE_DESK, **CERTAIN, "desks.agreement_holds": 0.7, "desks.break_delay": 1.0}, town)
    person = np.flatnonzero(model.residents.estate == 0)
    rows = file(model, person, cause(model))
    model.authorities.staff()
    model.disputes.handle()
    model.week += 60
    back = model.disputes.returning()
    assert back.size / rows.size == pytest.approx(0.3, abs=0.06)


def test_who_joins_later_is_told_for_a_marginal_hour(town: District) -> None:
    model = live({**ONE_DESK, **CERTAIN, "incidents.settlement_ends": False}, town)
    incident = cause(model)
    file(model, np.arange(2), incident)
    model.authorities.staff()
    model.disputes.handle()
    model.week += 1
    later = file(model, np.arange(5, 8), incident)
    assert model.disputes.book.told[later].all()
    model.authorities.staff()
    model.disputes.handle()
    assert model.desks.spent.sum() == pytest.approx(3 * 0.5)
    assert (model.disputes.book.end[later] == SETTLED).all()


def test_another_takes_the_lead_with_what_has_been_done(town: District) -> None:
    model = live({**ONE_DESK, **CERTAIN, "desks.hours_community": 2.0}, town)
    person = np.flatnonzero(model.residents.estate == 0)[:4]
    rows = file(model, person, cause(model))
    book = model.disputes.book
    model.authorities.staff()
    model.disputes.handle()
    left = book.left[rows[0]]
    assert 0.0 < left < 3.0 + 3 * 0.5
    model.disputes.withdraw(rows[:1])
    assert model.disputes.queue.tolist() == [rows[1]] and book.left[rows[1]] == left
    assert book.lead[rows[1:]].tolist() == [-1, rows[1], rows[1]]
    model.disputes.withdraw(rows[[1, 2]])
    assert model.disputes.queue.tolist() == [rows[3]] and model.disputes.attached.size == 0


# What goes first, and what is kept ----------------------------------------------------------------


@pytest.mark.parametrize("living", [False, True])
def test_what_goes_on_is_handled_before_what_is_over(town: District, living: bool) -> None:
    model = live({**ONE_DESK, **CERTAIN, "desks.living_first": living, "desks.hours_community": 3.0}, town)
    model.authorities.hours[:] = 3.0
    over, goes_on = cause(model, 2)
    model.incidents.book.ended[over] = True
    first = np.flatnonzero(model.residents.estate == 0)
    old, new = file(model, first[:1], over), file(model, first[1:2], goes_on)
    model.authorities.staff()
    model.disputes.queue = np.concatenate([old, new])
    model.disputes.handle()
    done = np.flatnonzero(model.disputes.book.end[: model.disputes.book.size] != OPEN)
    assert done.tolist() == (new if living else old).tolist()


@pytest.mark.parametrize("weeks", [0.0, 1.0, 2.5])
def test_unused_hours_are_kept_up_to_so_many_weeks(town: District, weeks: float) -> None:
    model = live({**ONE_DESK, "desks.bank_weeks": weeks, "desks.hours_community": 10.0}, town)
    desk = model.desks.block("community").start
    for week in range(5):
        model.authorities.staff()
        model.disputes.handle()
        assert model.desks.available()[desk] == pytest.approx(model.desks.hours[desk] * (1 + min(week, weeks)))
        model.desks.keep()
        model.week += 1
    assert model.desks.bank[desk] == pytest.approx(weeks * model.desks.hours[desk])


# The books ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_every_open_case_waits_in_one_place_and_every_case_ends_once(seed: int) -> None:
    scenario = FIRST_EDITION.replace(
        {
            "district.estates": 25,
            "incidents.own_end": 0.05,
            "incidents.rate_noise": 1.0,
            "residents.moving_tenants": 0.05,
            "desks.bundling": True,
            "desks.living_first": True,
            "desks.bank_weeks": 2.0,
            "desks.handoff_loss": 0.1,
            "frontline.early": True,
            "frontline.speaks": True,
            "frontline.coordinates": True,
            "private.weeks": 2.0,
            "private.holds": 0.7,
            "private.retry": 0.4,
            "voice.nest": 0.5,
            "run.warmup": 8,
        }
    ).arrangement()
    model = GovernanceModel(scenario, rng=seed)
    disputes, desks = model.disputes, model.desks
    ended: dict[int, int] = {}
    bundled = told = 0

    def spent_within_hours(model: GovernanceModel) -> None:
        assert (model.desks.spent <= model.desks.available() * (1 + 1e-9) + 1e-9).all()

    model.agenda.add("hours", spent_within_hours, doc="a test looks", after="frontline.mediate")
    offered = worked = np.zeros(desks.size)
    for _ in range(60):
        model.step()
        book = disputes.book
        parts = [disputes.waiting, disputes.queue, disputes.attached]
        everyone = np.concatenate(parts)
        assert np.unique(everyone).size == everyone.size
        end = book.end[: book.size]
        assert set(everyone.tolist()) == set(np.flatnonzero(end == OPEN).tolist())
        lead = book.lead[disputes.attached]
        assert (book.end[lead] == OPEN).all() and (book.lead[lead] == -1).all()
        assert (book.desk[lead] == book.desk[disputes.attached]).all()
        assert (book.incident[lead] == book.incident[disputes.attached]).all()
        assert (book.lead[disputes.leading()] == -1).all()
        assert (model.residents.case[book.person[everyone]] == everyone).all()
        for row in np.flatnonzero(end != OPEN).tolist():
            assert ended.setdefault(row, int(end[row])) == end[row]
        bundled, told = max(bundled, lead.size), told + int(book.told[: book.size].sum())
        offered, worked = offered + desks.hours, worked + desks.spent
        assert (worked <= offered * (1 + 1e-9) + 1e-9).all()
    assert bundled > 10 and told > 10
    fork = model.fork()
    model.run(weeks=5, progress=False)
    fork.run(weeks=5, progress=False)
    for name in model.outcomes.columns:
        np.testing.assert_array_equal(model.outcomes[name], fork.outcomes[name])
