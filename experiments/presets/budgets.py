"""What are so many hours of cadres best used for?

`gongzhi budget 100 200 300` lets candidates of coverage race within each number of hours, and measures the winner again
with fresh random numbers beside hotspots, the largest estates, random ones, and the same hours at the communities'
desks.
"""

from __future__ import annotations

from experiments.reporting.catalogue import N_

__all__ = ["QUESTION"]

QUESTION = N_("What is the best coverage within so many hours of cadres a week, and does it beat the desks?")
