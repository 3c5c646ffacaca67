"""What happened to each case, and when: parties met, leads handed over, desks changed.

The book of cases holds how a case stands; its history is what it went through, so that one case can be followed from
its filing to its end.  No mechanism reads it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import DTypeLike

from sim.core.ledger import Ledger

__all__ = ["ATTACHED", "EVENTS", "INFORMED", "LEADS", "MET", "REFERRED", "SENT_UP", "new_history", "new_origins"]

EVENTS: Final = ("party met", "attached", "took the lead", "informed", "sent up", "referred")
"""A party was met; the case joined another of the same matter; it took the lead of its matter; its resident was
informed of what had been settled over the cause, after which no party needs to be met; it went to the desk above;
it was referred to another desk, which a mechanism of a user's own does."""
MET, ATTACHED, LEADS, INFORMED, SENT_UP, REFERRED = range(len(EVENTS))


def new_history(desks: DTypeLike) -> Ledger:
    """Return an empty ledger of events, in the order in which they happen.

    Its columns are the case, the event, its moment in weeks, and the desk that a case leaves when it is sent up or
    referred.

    Parameters
    ----------
    desks
        Type that holds the number of a desk.
    """
    return Ledger({"case": np.int64, "event": np.uint8, "moment": np.float64, "desk": desks})


def new_origins(desks: DTypeLike) -> Ledger:
    """Return an empty ledger with a row for each case, in the order of the book.

    Its columns are the week in which the person had moved in, and the desk with which the case was filed.

    Parameters
    ----------
    desks
        Type that holds the number of a desk.
    """
    return Ledger({"arrival": np.int16, "desk": desks})
