"""What can be concluded from paired runs, and what the outcomes are: pure functions of arrays and names."""

from experiments.lab.statistics.paired import (
    Better,
    Paired,
    holm,
    intervals,
    paired,
    replicates_for,
    t_quantile,
    verdict,
)

__all__ = ["Better", "Paired", "holm", "intervals", "paired", "replicates_for", "t_quantile", "verdict"]
