"""Property service firms (M6): what residents feel is their effort.

A firm serves a portfolio of estates and has a near-monopoly inside each.  Every quarter it decides, estate
by estate, how much to do for the eye (the lobby, the flower beds, the notice board) and how much of what is
hard to see (pipes, wiring, books); every week residents live with the result.

`Firms` has a row per firm, `Contracts` a row per estate: the service of that estate by its firm.  `effort`
is the decision as a formula.
"""

from sim.stakeholders.firms.contracts import Contract, Contracts
from sim.stakeholders.firms.effort import backlog, effort, learnt_hazard, repair_rate
from sim.stakeholders.firms.firms import Firm, Firms
from sim.stakeholders.firms.firms_parameters import FirmsSection

__all__ = [
    "Contract",
    "Contracts",
    "Firm",
    "Firms",
    "FirmsSection",
    "backlog",
    "effort",
    "learnt_hazard",
    "repair_rate",
]
