"""Comparisons: many arms against one baseline, with intervals, verdicts, figures and a report."""

from experiments.analyses.compare.comparison import Comparison
from experiments.analyses.compare.front import compare

__all__ = ["Comparison", "compare"]
