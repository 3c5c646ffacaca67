"""What a run observed, and how large one event is in it: the step, or grain, by which a count goes.

A mean of 0.0107 cases per 1,000 households and week may be a single case.  Two runs that differ by it differ by one
event, and an interval must know that.  The grain is one event over all households and weeks for what happens, and one
thing that is there in all weeks for what lasts, such as an owners' committee.  Shares, scores, days, hours and yuan are
no counts.  Outcomes of a group of households are counted over fewer of them, so that their grain is larger than is said
here.
"""

from dataclasses import dataclass
from typing import Final

from experiments.core.design.design import Design
from experiments.core.statistics.measures import unit
from experiments.core.statistics.outcome_indices import INDICES

HAPPENS: Final = frozenset(
    f"{what} per week" for what in ("inspections", "reports", "enterprises", "needs", "sessions", "cases", "firms")
)
"""Units of what is counted week by week in the whole district."""

LASTS: Final = frozenset(("committees", "branches", "projects", "enterprises", "persons", "reports", "platforms"))
"""Units of what is there or not, in the whole district."""


@dataclass(frozen=True)
class Exposure:
    """What one observation rests on: households, weeks over which means are taken, and runs whose mean it is."""

    households: float
    weeks: float
    runs: int = 1


def exposure_of(design: Design, runs: int = 1) -> Exposure:
    """Return what each observation of a design rests on; of several grounds, the mean of their households."""
    sizes = [float(ground.households.sum()) for ground in design.grounds]
    return Exposure(sum(sizes) / len(sizes), design.scenario.run.weeks - design.start, runs)


def grain(outcome: str, seen: Exposure) -> float:
    """Return one step of an outcome's count, in its unit; 0 where it is no count.

    Examples
    --------
    >>> seen = Exposure(households=20_000, weeks=100)
    >>> grain("conflicts", seen), grain("open", seen), grain("committees", seen), grain("satisfaction", seen)
    (0.0005, 0.05, 1.0, 0.0)
    """
    if not (seen.households > 0 and seen.weeks > 0):
        return 0.0
    match unit(outcome):
        case "per 1,000 households and week":
            step = 1000.0 / (seen.households * seen.weeks)
        case "per 1,000 households":
            step = 1000.0 / seen.households
        case what if what in HAPPENS:
            step = 1.0 / seen.weeks
        case what if what in LASTS:
            step = 1.0
        case _:
            step = 0.0
    return step / seen.runs


def scale(outcome: str, baseline_mean: float) -> float:
    """Return what a margin is a share of: the baseline's mean, or 1 for an index, which is a ratio already."""
    return 1.0 if outcome in INDICES else abs(baseline_mean)
