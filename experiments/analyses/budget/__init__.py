"""The best use of cadre hours: which coverage averts most within a number of hours a week, found by simulation."""

from experiments.analyses.budget.search import DESKS, FULL, FULL_DESKS, NONE, RATE, Search, budget

__all__ = ["DESKS", "FULL", "FULL_DESKS", "NONE", "RATE", "Search", "budget"]
