"""M3: settling with the other side, its duration, scope, breaking and coming back, against what is known on paper."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from sim import District, GovernanceModel
from sim.core.codes import CATEGORIES, COMMITTEE, FACILITY, FEES, NOISE, PARKING, SELF, SERVICE
from tests.support.quiet_models import in_conflict, level_ground, live

CERTAIN = {"desks.settle_constant": 10.0, "desks.settle_legitimacy": 10.0, "desks.settle_severity": 0.0}
NEVER = {"desks.settle_constant": -10.0, "desks.settle_legitimacy": 0.0}


@pytest.fixture(scope="module")
def town() -> District:
    return level_ground(20, 500, adults=1000)


def talk(model: GovernanceModel, *, category: int = SERVICE, incident: int | np.ndarray = -1) -> None:
    """Let everybody have a word with the other side this week."""
    everyone = np.arange(len(model.residents))
    now = in_conflict(model, everyone, category=category, incident=-1)
    now.incident[:] = incident
    matter, _ = model.matters.enter(now.person, now.incident)
    now.matter[:] = matter
    model.private.begin(now, everyone)


def causes(model: GovernanceModel, category: int, count: int, touches: int = 7) -> np.ndarray:
    """Enter causes that go on for long, one in each estate in turn."""
    return model.incidents.book.append(
        count,
        estate=np.arange(count) % model.district.estates,
        category=category,
        began=0,
        until=1000,
        identity=np.arange(count, dtype=np.uint64) * np.uint64(7919),
        pool=10,
        stride=1,
        touches=touches,
        severity=1.0,
    )


@pytest.mark.parametrize("weeks", [0.0, 0.5, 2.0, 6.0])
def test_a_talk_takes_geometric_weeks(town: District, weeks: float) -> None:
    model = live({"private.weeks": weeks}, town)
    talk(model)
    takes = (model.private.book.due - model.private.book.began)[: len(model.residents)]
    if weeks == 0.0:
        assert not takes.any()
        return
    ends = 1.0 / (1.0 + weeks)
    counts = np.bincount(np.minimum(takes, 12), minlength=13)
    expected = np.append(ends * (1 - ends) ** np.arange(12), (1 - ends) ** 12) * takes.size
    assert stats.chisquare(counts, expected).pvalue > 0.001


def test_who_talks_is_not_free_until_the_talk_has_ended(town: District) -> None:
    model = live({"private.weeks": 2.0, **CERTAIN}, town)
    talk(model)
    everyone = np.arange(len(model.residents))
    assert not model.residents.free(everyone).any()
    for _ in range(60):
        model.private.conclude()
        ended = np.ones(everyone.size, dtype=bool)
        ended[model.private.book.person[model.private.open]] = False
        np.testing.assert_array_equal(model.residents.free(everyone), ended)
        model.week += 1
    assert model.residents.free(everyone).all()


@pytest.mark.parametrize(("constant", "severity"), [(0.6, 0.5), (-1.0, 0.0), (0.0, 1.5)])
def test_agreements_follow_the_law_of_every_settlement(town: District, constant: float, severity: float) -> None:
    model = live({"desks.settle_constant": constant, "desks.settle_severity": severity}, town)
    talk(model)
    model.private.conclude()
    # h is 1 and the threshold 1/2; the standing is that of an equal.
    logit = constant + 1.5 * 0.5 - severity * np.log(2.0)
    agreed = model.private.book.agreed[: len(model.residents)].sum()
    expected = 1.0 / (1.0 + np.exp(-logit))
    assert stats.binomtest(int(agreed), len(model.residents), expected).pvalue > 0.001


@pytest.mark.parametrize(
    ("category", "changes", "expected"),
    [
        (NOISE, {"private.ends_neighbour": 0.3, "private.ends_other": 0.9}, 0.3),
        (PARKING, {"private.ends_neighbour": 1.0, "private.ends_other": 0.0}, 1.0),
        (FACILITY, {"private.ends_neighbour": 1.0, "private.ends_other": 0.2}, 0.2),
        (SERVICE, {"private.ends_other": 0.8, "private.by_effort": True}, 0.8 * 0.4),
        (FEES, {"private.ends_other": 0.8, "private.by_effort": True}, 0.8 * 0.4),
        (COMMITTEE, {"private.ends_other": 0.5, "private.by_effort": True}, 0.5 * 0.7),
    ],
)
def test_a_cause_ends_only_where_the_other_side_can_end_it(
    town: District, category: int, changes: dict[str, float], expected: float
) -> None:
    model = live({**CERTAIN, **changes, "incidents.settlement_ends": True}, town)
    model.contracts.invisible[:] = 0.4
    model.committees.integrity[:] = 0.7
    rows = causes(model, category, len(model.residents))
    talk(model, category=category, incident=rows)
    model.private.conclude()
    ended = int(model.incidents.book.ended[rows].sum())
    if expected == 1.0:
        assert ended == rows.size
    else:
        assert stats.binomtest(ended, rows.size, expected).pvalue > 0.001


@pytest.mark.parametrize("part", [0.25, 0.5, 1.0])
def test_a_neighbour_takes_along_the_touches_that_this_neighbour_makes(town: District, part: float) -> None:
    model = live({**CERTAIN, "private.neighbour_share": part, "incidents.settlement_ends": True}, town)
    rows = causes(model, NOISE, len(model.residents), touches=7)
    talk(model, category=NOISE, incident=rows)
    model.private.conclude()
    book = model.incidents.book
    left = np.where(book.ended[rows], 0, book.touches[rows])
    assert left.mean() == pytest.approx(7 * (1.0 - part), abs=0.03)
    assert set(np.unique(left)) <= {int(np.floor(7 * (1 - part))), int(np.ceil(7 * (1 - part)))}


def test_whether_or_not_the_cause_ends_the_person_is_relieved(town: District) -> None:
    model = live({**CERTAIN, "private.ends_other": 0.0}, town)
    everyone = np.arange(len(model.residents))
    model.residents.grievance[:] = 1.0
    talk(model)
    model.private.conclude()
    np.testing.assert_allclose(model.grievances.grievance_of(everyone), 1.0 - 0.9, rtol=1e-6)


@pytest.mark.parametrize(("agreed", "holds", "retry"), [(True, 0.7, 0.0), (False, 1.0, 0.4)])
def test_what_breaks_and_what_was_in_vain_comes_back(town: District, agreed: bool, holds: float, retry: float) -> None:
    """In the shares declared, once each, after geometric weeks, as a return of the same matter."""
    model = live(
        {
            **(CERTAIN if agreed else NEVER),
            "private.holds": holds,
            "private.retry": retry,
            "private.break_delay": 4.0,
            "private.return_delay": 4.0,
        },
        town,
    )
    talk(model)
    model.private.conclude()
    people = len(model.residents)
    matters = model.matters.book.size
    came = []
    for _ in range(80):
        model.week += 1
        model.residents.suffer()
        now = model.grievances.now
        assert not now.first.any() and (now.parent == -1).all()
        came.append(now.person.size)
        # Nobody acts: the way is not taken again, so that each matter returns once at most.
    back = int(np.sum(came))
    assert stats.binomtest(back, people, (1.0 - holds) if agreed else retry).pvalue > 0.001
    mean = np.dot(np.arange(1, 81), came) / back
    assert mean == pytest.approx(4.0, abs=4 * 4.0 / np.sqrt(back))
    assert model.matters.book.size == matters
    if agreed:
        assert int((~model.matters.book.agreed[:matters]).sum()) == back


def test_who_moves_away_leaves_the_talk_behind(town: District) -> None:
    model = live(
        {
            "private.weeks": 6.0,
            "residents.enabled": True,
            "residents.moving_tenants": 0.4,
            "residents.moving_owners": 0.4,
            **CERTAIN,
        },
        town,
    )
    talk(model)
    model.week = 3
    model.residents.move()
    moved = np.flatnonzero(model.residents.arrival == 4)
    assert moved.size > 1000
    assert model.residents.free(moved).all() and (model.residents.matter[moved] == -1).all()
    before = model.voice.experience.copy()
    settled = 0
    for week in range(3, 120):
        model.week = week
        model.private.conclude()
        settled += int(model.tally.of("self_settled").sum() + model.tally.of("self_failed").sum())
        model.tally.clear()
    assert model.private.open.size == 0
    assert settled <= len(model.residents) - np.count_nonzero(model.private.book.due[moved] > 3)
    np.testing.assert_array_equal(before, model.voice.experience)


def test_the_way_can_be_closed(town: District) -> None:
    model = live({"private.enabled": False, "voice.enabled": True, "voice.base_self": 5.0}, town)
    everyone = np.arange(len(model.residents))
    assert SELF not in model.voice.choices(in_conflict(model, everyone, 6.0))


@pytest.mark.parametrize("category", range(len(CATEGORIES)))
def test_a_wider_scope_never_leaves_more_causes_alive(town: District, category: int) -> None:
    """Common chance: what ends at a narrower scope ends at a wider one too."""
    ended = []
    for scope in (0.2, 0.6, 1.0):
        model = live(
            {
                **CERTAIN,
                "private.ends_neighbour": scope,
                "private.ends_other": scope,
                "incidents.settlement_ends": True,
            },
            town,
        )
        rows = causes(model, category, 2000)
        incident = np.full(len(model.residents), -1)
        incident[:2000] = rows
        talk(model, category=category, incident=incident)
        model.private.conclude()
        ended.append(model.incidents.book.ended[rows].copy())
    for narrow, wide in pairwise(ended):
        assert (narrow <= wide).all()
