"""M2: who is counted while a case of theirs is open, or a talk goes on."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel
from sim.core.codes import NOISE
from tests.support.quiet_models import level_ground, live

COUNTED = ("conflicts", "returns", "dispute_rate", "standing")
"""Beginnings of the outcomes that a rule of counting may change."""


def one_touched(count_busy: str, busy: bool) -> GovernanceModel:
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
    [
        ("nobody", False, [1, 0, 0]),
        ("crossing", False, [1, 0, 0]),
        ("everyone", False, [1, 0, 0]),
        ("nobody", True, [0, 0, 0]),
        ("crossing", True, [1, 0, 0]),
        ("everyone", True, [1, 0, 0]),
    ],
)
def test_another_cause_of_a_busy_person_is_counted_once_where_busy_people_are(
    count_busy: str, busy: bool, expected: list[int]
) -> None:
    model = one_touched(count_busy, busy)
    assert counts(model) == expected
    if busy:
        assert model.grievances.now.person.size == 0  # counted, and nothing else
        assert model.matters.book.size == 1 + (count_busy != "nobody")


@pytest.mark.parametrize(("count_busy", "expected"), [("nobody", 0), ("crossing", 0), ("everyone", 1)])
def test_who_was_over_the_threshold_before_is_counted_only_with_everyone(count_busy: str, expected: int) -> None:
    model = one_touched(count_busy, busy=True)
    model.residents.set_grievance(np.array([0]), np.array([50.0], dtype=np.float32))
    assert model.residents.threshold[0] < 1.0
    assert counts(model)[0] == expected


def test_what_a_busy_person_has_agreed_on_stays_agreed() -> None:
    model = one_touched("everyone", busy=True)
    matter, _ = model.matters.enter(np.array([0]), np.array([1]))
    model.matters.agree(matter)
    assert counts(model) == [0, 0, 0] and model.matters.book.agreed[matter].all()


def test_the_rule_changes_what_is_counted_and_nothing_that_happens() -> None:
    told = []
    for count_busy in ("nobody", "crossing", "everyone"):
        # Nobody moves, so that a row is one person.
        size = {"district.estates": 20, "run.weeks": 25, "run.warmup": 5, "residents.enabled": False}
        model = GovernanceModel({**size, "outcomes.count_busy": count_busy}, seed=4)
        model.run(progress=False)
        told.append(model.outcomes)
        book = model.matters.book
        pairs = set(zip(book.person[: book.size].tolist(), book.incident[: book.size].tolist(), strict=True))
        assert len(pairs) == book.size
    nobody, crossing, everyone = told
    for more in (crossing, everyone):
        changed = [name for name in nobody if not nobody[name].equals(more[name])]
        assert changed and all(name.startswith(COUNTED) for name in changed)
        assert (more["conflicts"] >= nobody["conflicts"]).mean() > 0.9
    sums = [table["conflicts"].sum() for table in told]
    assert sums[0] < sums[1] < sums[2] and sums[2] > 1.1 * sums[0]
