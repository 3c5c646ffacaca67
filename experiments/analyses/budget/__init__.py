"""The best use of cadre hours: which coverage averts most within a number of hours a week, found by simulation."""

from experiments.analyses.budget.budget_result import Search, budget

__all__ = ["Search", "budget"]
