"""What must hold of the ledger of cases, the lists of disputes and the residents at the end of any week."""

from __future__ import annotations

import numpy as np

from sim import GovernanceModel
from sim.core.codes import OPEN

__all__ = ["check_week"]


def check_week(model: GovernanceModel) -> None:
    """Compare ledger, lists and residents."""
    disputes, people = model.disputes, model.residents
    book = disputes.book.arrays()
    is_open = book["end"] == OPEN
    rows = disputes.open
    assert np.unique(rows).size == rows.size
    assert np.array_equal(np.sort(rows), np.flatnonzero(is_open))
    assert np.array_equal(np.isnan(book["ended"]), is_open)
    persons = book["person"][rows]
    assert np.unique(persons).size == persons.size, "at most one open case each"
    expected = np.full(people.case.size, -1)
    expected[persons] = rows
    assert np.array_equal(people.case, expected)
    assert np.all(book["handoffs"][disputes.waiting] > 0) and np.all(book["handoffs"][disputes.queue] == 0)
    assert np.array_equal(people.estate[book["person"]], book["estate"])
