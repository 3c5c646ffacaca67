"""What are so many hours of cadres best used for?

`gongzhi budget 100 200 300` lets candidates of coverage race within each number of hours, and measures the winner again
with fresh random numbers beside hotspots, the largest estates, random ones, and the same hours at the communities'
desks.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments.reporting.catalogue import N_

__all__ = ["QUESTION", "QUICK", "USUAL", "Size"]

QUESTION = N_("What is the best coverage within so many hours of cadres a week, and does it beat the desks?")


@dataclass(frozen=True)
class Size:
    """How large a search is.

    Attributes
    ----------
    estates, weeks
        The world.
    candidates
        Rules that race, the model's own strategies among them.
    replicates
        Runs of each candidate in the first heat.
    confirm
        Replicates with fresh random numbers.
    """

    estates: int
    weeks: int
    candidates: int
    replicates: int
    confirm: int


USUAL = Size(estates=240, weeks=156, candidates=24, replicates=3, confirm=24)
QUICK = Size(estates=60, weeks=104, candidates=9, replicates=2, confirm=8)
