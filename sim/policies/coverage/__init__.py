"""Coverage (M9): which estates get a branch, and of which kind.

`strategies` says where, `grouping` and `assignment` work out who serves whom, `coverage` carries it out in time.
"""

from sim.policies.coverage.assignment import CONTROLS, Plan, parse, plan
from sim.policies.coverage.branch_kinds import BranchKind
from sim.policies.coverage.coverage import Coverage
from sim.policies.coverage.coverage_parameters import CoverageSection
from sim.policies.coverage.strategies import State, names, registered, strategy, unregister

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
