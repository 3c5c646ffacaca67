"""What comes to the table with a case (M4): what enters the one equation for whoever sits at the desk.

Trust is the resident's in the handler, K the desk's knowledge of the place, P what the desk can make a firm or a
committee lose (zero unless a right or a fine is in force), C the handler's own interest in the matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.component import fixed
from sim.core.codes import BY_BRANCH, CATEGORIES, COMMITTEE_DESK, DESKS, FIRM_DESK
from sim.core.operands import operand
from sim.disputes.disputes_equations import settlement_logit

if TYPE_CHECKING:
    from sim.component import Model

__all__ = ["Handling", "logit_of", "odds_of_cases"]

# In the order of CATEGORIES: service, facility, parking, noise, charging, fees, committee.
AGAINST_FIRM: Final = fixed(np.array([1, 1, 0, 0, 0, 1, 0], dtype=float))
AGAINST_COMMITTEE: Final = fixed(np.array([0, 0, 0, 0, 0, 0, 1], dtype=float))
AGAINST_BODIES: Final = fixed(AGAINST_FIRM + AGAINST_COMMITTEE)
_KINDS: Final = np.arange(len(DESKS) + 1)[:, None]
"""Kinds of desks, and after them all that users declare."""
_WHOLE: Final = operand(1.0)
_SEATS: Final = fixed(_KINDS.ravel() * len(CATEGORIES))
"""Where the categories of each kind begin in the tables below."""
PARTY_ITSELF: Final = fixed(
    ((_KINDS == FIRM_DESK) * AGAINST_FIRM + (_KINDS == COMMITTEE_DESK) * AGAINST_COMMITTEE).ravel()
)
"""Whether the handler is a party to the case, by kind of desk and category, shape (kinds x categories,)."""
IF_CAPTURED: Final = fixed(((_KINDS == COMMITTEE_DESK) * AGAINST_FIRM).ravel())
"""Whether the handler is in the party's hand as far as it is captured, likewise."""


class Handling(NamedTuple):
    """What comes to the table with each of n cases: the case, whose desk it is, and what the parties bring.

    Attributes
    ----------
    estate, category
        Where it is, and what it is about, shape (n,).
    desk, kind
        Who handles it, and the kind of that desk, shape (n,).
    legitimacy, knowledge
        Trust of the resident in the handler, and the handler's knowledge of the place, shape (n,).
    severity
        Log of the grievance over the threshold, shape (n,) or a number.
    """

    estate: NDArray
    category: NDArray
    desk: NDArray
    kind: NDArray
    legitimacy: NDArray
    knowledge: NDArray
    severity: NDArray | float


def odds_of_cases(
    model: Model,
    rows: NDArray,
    desk: NDArray,
    kind: NDArray,
    accompanied: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Log odds that handling settles a case.

    Parameters
    ----------
    model
        Whose cases these are.
    rows, desk, kind
        Ledger row, desk and kind of desk of each case, shape (n,).
    accompanied
        Places of the cases in which the estate's branch sits at the table as a party that speaks for the residents:
        its standing and its knowledge of the place count where they are larger than the handler's.
    """
    book = model.disputes.book
    estate, person = book.estate[rows], book.person[rows]
    knowledge = model.desks.knowledge.take(desk)
    if accompanied is None or accompanied.size == 0:
        legitimacy = model.trust.in_one(person, estate, model.desks.institution[kind])
    else:
        at, trust = accompanied, model.trust.of(person, estate)
        legitimacy = trust[np.arange(rows.size), model.desks.institution[kind]]
        legitimacy[at] = np.maximum(legitimacy[at], trust[at, BY_BRANCH])
        branch = model.desks.block("branch").start + model.branches.place[estate[at]]
        knowledge[at] = np.maximum(knowledge[at], model.desks.knowledge[branch])
    case = Handling(estate, book.category[rows], desk, kind, legitimacy, knowledge, book.severity[rows])
    return logit_of(model, case)


def logit_of(model: Model, handling: Handling) -> NDArray[np.float64]:
    """Log odds of a settlement from what the parties bring to the table, shape (n,)."""
    p, branches = model.scenario.desks, model.branches
    estate, category, desk, kind, legitimacy, knowledge, severity = handling
    bound, seat = AGAINST_BODIES[category], _SEATS.take(kind, mode="clip") + category
    interest = PARTY_ITSELF[seat] + IF_CAPTURED[seat] * (_WHOLE - model.committees.integrity[estate])
    if branches.any:
        won_over = np.zeros(model.desks.size)
        np.minimum(branches.insiders + branches.conflicted, _WHOLE, out=won_over[model.desks.block("branch")])
        interest += bound * won_over[desk]
    power = model.desks.authority[desk] * bound
    logit = settlement_logit((legitimacy, knowledge), power, severity, interest, p)
    odds = model.disputes.factor("agreement")
    if odds is not None:
        with np.errstate(divide="ignore"):
            logit += np.log(odds)[estate]
    return logit
