"""M2: who is counted while a case of theirs is open, or a talk goes on."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel
from sim.core.codes import NOISE
from tests.support.quiet_models import level_ground, live

COUNTED = ("conflicts", "returns", "dispute_rate", "standing")
"""Beginnings of the outcomes that a rule of counting may change."""


def one_touched(count_busy: bool, busy: bool) -> GovernanceModel:
    """Two causes that touch the first resident alone, week after week; a talk keeps the resident busy, or nothing."""
    model = live({"outcomes.count_busy": count_busy, "grievances.threshold_median": 0.5}, level_ground(2, 50))
    model.incidents.active = model.incidents.book.append(
        2,
        estate=0,
        category=NOISE,
        began=0,
        until=1000,
        identity=np.arange(2, dtype=np.uint64),
        pool=1,
        stride=1,
        touches=[0, 1],
        reach=1,
        severity=1.0,
    )
    if busy:
        model.matters.enter(np.array([0]), np.array([0]))
        model.residents.begin_talks(np.array([0]))
    return model


def counts(model: GovernanceModel) -> list[float]:
    """First conflicts of three weeks."""
    found = []
    for _ in range(3):
        model.grievances.suffer()
        found.append(float(model.tally.of("conflicts").sum()))
        model.tally.clear()
        model.week += 1
    return found


@pytest.mark.parametrize(
    ("count_busy", "busy", "expected"),
    [(False, False, [1, 0, 0]), (True, False, [1, 0, 0]), (False, True, [0, 0, 0]), (True, True, [1, 0, 0])],
)
def test_another_cause_of_a_busy_person_is_counted_once_where_the_switch_is_on(
    count_busy: bool, busy: bool, expected: list[int]
) -> None:
    model = one_touched(count_busy, busy)
    assert counts(model) == expected
    if busy:
        assert model.grievances.now.person.size == 0  # counted, and nothing else
        assert model.matters.book.size == 1 + count_busy


def test_what_a_busy_person_has_agreed_on_stays_agreed() -> None:
    model = one_touched(True, busy=True)
    matter, _ = model.matters.enter(np.array([0]), np.array([1]))
    model.matters.agree(matter)
    assert counts(model) == [0, 0, 0] and model.matters.book.agreed[matter].all()


def test_the_rule_changes_what_is_counted_and_nothing_that_happens() -> None:
    told = []
    for count_busy in (False, True):
        # Nobody moves, so that a row is one person.
        size = {"district.estates": 20, "run.weeks": 25, "run.warmup": 5, "residents.enabled": False}
        model = GovernanceModel({**size, "outcomes.count_busy": count_busy}, seed=4)
        model.run(progress=False)
        told.append(model.outcomes)
        book = model.matters.book
        pairs = set(zip(book.person[: book.size].tolist(), book.incident[: book.size].tolist(), strict=True))
        assert len(pairs) == book.size
    off, on = told
    changed = [name for name in off if not off[name].equals(on[name])]
    assert changed and all(name.startswith(COUNTED) for name in changed)
    assert (on["conflicts"] >= off["conflicts"]).mean() > 0.9 and on["conflicts"].sum() > 1.1 * off["conflicts"].sum()
