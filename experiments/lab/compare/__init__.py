"""Comparisons: many arms against one baseline, with intervals, verdicts, figures and a report."""

from experiments.lab.compare.comparison import Comparison
from experiments.lab.compare.front import compare

__all__ = ["Comparison", "compare"]
