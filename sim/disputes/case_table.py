"""The ledger of cases as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.codes import CATEGORIES, CHANNELS, COMMUNITY_DESK, ENDS
from sim.disputes.case_history import MET

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CASE_COLUMNS", "case_table", "children", "desk_places"]

CASE_COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "person": ("row", "resident who filed; the row may have another resident by now, see still_there"),
    "person_id": ("", "the person: the row, and the week of moving in where that was after the start"),
    "still_there": ("", "whether that person lives there still"),
    "estate": ("", "where"),
    "category": ("", "what it is about"),
    "channel": ("", "way that was taken"),
    "handler": ("", "kind of the desk that has it, or had it in the end"),
    "handled_by": ("", "that desk, by the name of the place that it serves"),
    "filed_with": ("", "desk with which it was filed, likewise"),
    "desk": ("number", "number of the desk that has it, or had it in the end"),
    "filed": ("week", "moment of filing"),
    "first_met": ("week", "moment at which the first party was met; empty where none was"),
    "last_met": ("week", "moment at which the latest party was met; empty where none was"),
    "met": ("parties", "parties that have been met, at all desks together"),
    "to_meet": ("parties", "parties that the desk has still to meet before work can begin"),
    "joined_queue": (
        "week",
        "moment at which it joined the desk's queue; empty where it has not, or another case leads",
    ),
    "work": ("hours", "work that it takes"),
    "left": ("hours", "work that is left"),
    "severity": ("log", "grievance over the resident's threshold, as a logarithm"),
    "grievance": ("grievance", "the resident's grievance at filing"),
    "incident": ("row", "incident that caused it"),
    "parent": ("case", "case that it follows, -1 for none"),
    "child": ("case", "case that followed it, -1 for none"),
    "matter": ("row", "the resident's matter with the cause"),
    "lead": ("case", "case that leads the matter, -1 where it leads itself"),
    "told": ("", "whether the resident was informed of what had been settled over the cause"),
    "sent_up": ("times", "how often it went to the desk above"),
    "end": ("", "how it stands"),
    "ended": ("week", "moment of its end; empty while open"),
    "broken": ("", "whether its agreement broke"),
}
"""Unit and meaning of every column of ``model.disputes.to_frame()``."""

_OF: Final = (
    "firm of {}",
    "committee of {}",
    "branch of {}",
    "platform of {}",
    "community {}",
    "street {}",
    "district",
)


def desk_places(model: Any) -> NDArray[np.object_]:
    """Return the name of the estate, community or street that each desk serves, shape (desks,)."""
    district = model.district
    served = {
        "estate": district.names,
        "community": district.community_names,
        "street": district.street_names,
        "district": [""],
    }
    places = [*list(district.names) * COMMUNITY_DESK, *district.community_names, *district.street_names, ""]
    for desk in model.desks.own:
        places.extend(served[desk.per])
    return np.array([str(place) for place in places], dtype=object)


def children(book: Any) -> NDArray[np.int64]:
    """Return the latest case that follows each case, -1 for none, shape (cases,)."""
    parent = book.parent[: book.size]
    child = np.full(book.size, -1)
    follows = (parent >= 0).nonzero()[0]
    child[parent[follows]] = follows
    return child


def case_table(model: Any) -> pd.DataFrame:
    """Return all cases so far, one row each in order of filing, with names in place of numbers.

    Parameters
    ----------
    model
        Whose cases these are.
    """
    import pandas as pd

    disputes, people, kinds = model.disputes, model.residents, model.desks.kind
    book, origins = disputes.book, disputes.origins
    columns: dict[str, Any] = book.arrays()
    size, arrival, first_desk = book.size, origins.arrival[: book.size], origins.desk[: book.size]
    person = columns["person"]
    columns["still_there"] = people.arrival[person] == arrival
    name = person.astype(str).astype(object)
    columns["person_id"] = np.where(arrival > 0, name + "-" + arrival.astype(str).astype(object), name)
    columns["estate"] = np.asarray(model.district.names, dtype=object)[columns["estate"]]
    for column, words in (("category", CATEGORIES), ("channel", CHANNELS), ("end", ENDS)):
        columns[column] = pd.Categorical.from_codes(columns[column], list(words))
    columns["handler"] = pd.Categorical.from_codes(kinds[columns["desk"]], list(model.desks.kinds))
    of = [*_OF, *(f"{desk.kind} of {{}}" if desk.per != "district" else desk.kind for desk in model.desks.own)]
    desks = [of[kind].format(place) for kind, place in zip(kinds, desk_places(model), strict=True)]
    columns["handled_by"] = pd.Categorical.from_codes(columns["desk"].astype(np.int64), desks)
    columns["filed_with"] = pd.Categorical.from_codes(first_desk.astype(np.int64), desks)
    columns["met"], columns["first_met"], columns["last_met"] = _meetings(disputes.history, size)
    columns["to_meet"] = columns.pop("handoffs")
    queued = (columns["to_meet"] == 0) & (columns["lead"] < 0)
    columns["joined_queue"] = np.where(queued, columns.pop("joined"), np.nan)
    columns["child"] = children(book)
    return pd.DataFrame({column: columns[column] for column in CASE_COLUMNS})


def _meetings(history: Any, size: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Count the parties met of each case, with the moments of the first and of the latest, shape (cases,) each."""
    rows = history.event[: history.size] == MET
    case, moment = history.case[: history.size][rows], history.moment[: history.size][rows]
    first, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(first, case, moment)
    np.maximum.at(last, case, moment)
    met = np.bincount(case, minlength=size)
    first[met == 0] = last[met == 0] = np.nan
    return met, first, last
