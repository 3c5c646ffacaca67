"""Comparisons: many arms against one baseline, with intervals, verdicts, figures and a report."""

from experiments.analyses.compare.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
