"""M2: whether a cause goes on when the agreement that ended it breaks, against what is known on paper."""

from __future__ import annotations

import numpy as np
import pytest

from sim import District, GovernanceModel
from sim.core.codes import NOISE, SERVICE
from tests.support.quiet_models import level_ground, live
from tests.support.single_desk import CERTAIN, ONE_DESK, file

ENDS: dict[str, object] = {
    "incidents.settlement_ends": True,
    "incidents.broken_resumes": True,
    "desks.agreement_holds": 0.0,
    "desks.break_delay": 1.0,
}


@pytest.fixture(scope="module")
def town() -> District:
    return level_ground(20, 500, adults=1000)


def causes(model: GovernanceModel, count: int = 1, category: int = NOISE, until: int = 1000) -> np.ndarray:
    rows = model.incidents.book.append(
        count,
        category=category,
        began=0,
        until=until,
        identity=np.arange(count, dtype=np.uint64),
        pool=10,
        stride=1,
        touches=8,
        reach=8,
        severity=1.0,
    )
    model.incidents.active = rows
    return rows


def settled(changes: dict[str, object], town: District, until: int = 1000) -> tuple[GovernanceModel, np.ndarray]:
    """Fifty causes, each with two parties at one desk whose matter has just been settled; what breaks breaks now."""
    model = live({**ONE_DESK, **CERTAIN, **ENDS, **changes}, town)
    rows = causes(model, 50, until=until)
    people = np.arange(100)
    matter, first = model.matters.enter(people, np.tile(rows, 2))
    assert first.all()
    cases = file(model, people, np.tile(rows, 2))
    model.disputes.book.matter[cases] = matter
    model.authorities.hours[:] = 1e6
    model.authorities.staff()
    model.disputes.handle()
    assert model.incidents.book.ended[rows].all() and not model.matters.stands(matter).any()
    model.week += 1
    return model, matter


def test_a_cause_goes_on_when_its_agreement_breaks_and_stands_again(town: District) -> None:
    model, matter = settled({}, town)
    assert model.disputes.returning().size == 100
    book = model.incidents.book
    assert not book.ended[: book.size].any() and model.matters.stands(matter).all()
    assert np.array_equal(model.incidents.active, np.arange(50))
    assert model.incidents.touch().incident.size == 50 * 8


@pytest.mark.parametrize(
    ("changes", "until"),
    [({"incidents.broken_resumes": False}, 1000), ({}, 1), ({"desks.agreement_holds": 1.0}, 1000)],
)
def test_a_cause_stays_over_without_the_switch_or_a_break_and_after_its_own_end(
    changes: dict[str, object], until: int, town: District
) -> None:
    model, matter = settled(changes, town, until)
    model.disputes.returning()
    assert not model.matters.stands(matter).any()
    assert not model.incidents.under_way(np.arange(50)).any()


def test_a_cause_hangs_on_the_first_of_several_agreements(town: District) -> None:
    """Whoever filed first made the agreement: the others were told of it, and theirs may break without it."""
    model, _ = settled({}, town)
    cases = model.disputes.book
    leads = (cases.lead[:100] == -1).nonzero()[0]
    assert leads.size == 50
    model.matters.fall_apart(cases.matter[np.setdiff1d(np.arange(100), leads)])
    assert model.incidents.book.ended[:50].all()
    model.matters.fall_apart(cases.matter[leads[:20]])
    assert np.array_equal(np.flatnonzero(model.incidents.under_way(np.arange(50))), np.sort(cases.incident[leads[:20]]))


def test_early_agreements_break_by_the_law_of_those_at_a_desk(town: District) -> None:
    """A share 1 - agreement_holds of the causes ended early goes on, after a geometric number of weeks."""
    holds, delay, count = 0.6, 4.0, 4000
    model = live(
        {
            **ONE_DESK,
            **CERTAIN,
            **ENDS,
            "desks.agreement_holds": holds,
            "desks.break_delay": delay,
            "frontline.early": True,
            "frontline.sight": 10.0,
            "frontline.grid_workers": 100.0,
        },
        town,
    )
    model.authorities.hours[:] = 1e6
    rows = causes(model, count)
    for _ in range(3):
        model.authorities.staff()
        model.frontline.mediate()
        if not model.frontline.open.size and model.incidents.book.ended[rows].all():
            break
    assert model.incidents.book.ended[rows].all()
    alive = []
    for _ in range(30):
        model.week += 1
        model.frontline.mediate()
        alive.append(np.count_nonzero(~model.incidents.book.ended[rows]))
    expected = count * (1.0 - holds) * (1.0 - (1.0 - 1.0 / delay) ** np.arange(1, 31))
    assert np.abs(np.array(alive) - expected).max() < 4.0 * np.sqrt(count * (1.0 - holds))


@pytest.mark.parametrize(("category", "part", "left"), [(NOISE, 0.75, 2), (NOISE, 1.0, 0), (SERVICE, 0.75, 0)])
def test_a_private_word_that_breaks_gives_back_what_it_ended(
    category: int, part: float, left: int, town: District
) -> None:
    model = live(
        {
            **CERTAIN,
            **ENDS,
            "private.weeks": 0.0,
            "private.holds": 0.0,
            "private.break_delay": 1.0,
            "private.ends_neighbour": 1.0,
            "private.ends_other": 1.0,
            "private.by_effort": False,
            "private.neighbour_share": part,
        },
        town,
    )
    rows = causes(model, 20, category)
    matter, _ = model.matters.enter(np.arange(20), rows)
    book = model.incidents.book
    if part < 1.0 and category == NOISE:
        model.incidents.quieten(rows, part, matter=matter)
    else:
        model.incidents.settled(rows, by="private", matter=matter)
    touches = np.where(book.ended[rows], 0, book.touches[rows])
    assert (touches == left).all()
    model.week += 1
    model.matters.fall_apart(matter)
    assert (book.touches[rows] == 8).all() and not book.ended[rows].any()
