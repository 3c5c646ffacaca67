"""Coverage (M9): which estates get a branch, and of which kind.

`strategies` says where, `grouping` and `plan` work out who serves whom, `room` carries it out in time.
"""

from sim.institutions.coverage.kinds import BranchKind
from sim.institutions.coverage.plan import CONTROLS, Plan, parse, plan
from sim.institutions.coverage.room import Coverage
from sim.institutions.coverage.section import CoverageSection
from sim.institutions.coverage.strategies import State, names, registered, strategy, unregister

__all__ = [
    "CONTROLS",
    "BranchKind",
    "Coverage",
    "CoverageSection",
    "Plan",
    "State",
    "names",
    "parse",
    "plan",
    "registered",
    "strategy",
    "unregister",
]
