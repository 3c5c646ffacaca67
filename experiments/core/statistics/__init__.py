"""What can be concluded from paired runs, and what the outcomes are: pure functions of arrays and names."""

from experiments.core.statistics.needed import replicates_needed
from experiments.core.statistics.paired import Paired, differences, holm, mean_intervals, paired, t_quantile
from experiments.core.statistics.regions import decided, region, rivals, side, together

__all__ = [
    "Paired",
    "decided",
    "differences",
    "holm",
    "mean_intervals",
    "paired",
    "region",
    "replicates_needed",
    "rivals",
    "side",
    "t_quantile",
    "together",
]
