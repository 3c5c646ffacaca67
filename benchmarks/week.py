"""What is timed: our own week, and a tick of the toy, behind the same three methods.

`set_up` makes the district and the model, `advance` runs weeks one by one and says how long each took,
`words` tells what the numbers do not.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any, Protocol

__all__ = ["Ours", "Timed", "Toys", "timed"]

WEEKS = 208
WARM_UP = 52


class Timed(Protocol):
    """Something that is set up once and advances in steps."""

    def set_up(self) -> dict[str, Any]:
        """Build it; return what is worth a column."""

    def step(self) -> None:
        """Run a week or a tick."""

    def words(self) -> str:
        """Return what to print beneath the table."""


class Ours:
    """A district of ours under one coverage strategy.

    Parameters
    ----------
    adults
        The number of adults to come near to; every adult is simulated.
    strategy
        Name of the coverage strategy, which starts after the warm-up; ``everything`` is full coverage with every
        mechanism and every policy on.
    """

    def __init__(self, adults: int, strategy: str) -> None:
        import sim

        self.sim = sim
        self.estates = min(1034, max(2, round(adults / 1210)))  # 638 households an estate, 1.9 adults each
        self.seed = 1
        if self.estates < 1034:  # few estates vary a lot: take the seed that comes nearest
            makers = [sim.District.synthetic(estates=self.estates, seed=seed) for seed in range(1, 21)]
            gaps = [abs(int(district.adults.sum()) - adults) for district in makers]
            self.seed = 1 + gaps.index(min(gaps))
        everything = strategy == "everything"
        world = sim.Scenario().with_everything_on() if everything else sim.Scenario()
        self.scenario = world.replace(
            {"coverage.strategy": "full" if everything else strategy, "run.weeks": WEEKS, "run.warmup": WARM_UP}
        )

    def set_up(self) -> dict[str, Any]:
        """Make the ground and the model."""
        start = perf_counter()
        district = self.sim.District.synthetic(estates=self.estates, seed=self.seed)
        self.model = self.sim.GovernanceModel(self.scenario, district=district, rng=42)
        seconds = perf_counter() - start
        return {"estates": self.estates, "adults": int(district.adults.sum()), "setup_s": seconds}

    def step(self) -> None:
        """Run one week."""
        self.model.step()

    def words(self) -> str:
        """Return the agenda with the time that each line took."""
        return str(self.model.agenda)


class Toys:
    """The complaint toy in plain Mesa.

    Parameters
    ----------
    adults
        Number of residents.
    """

    def __init__(self, adults: int) -> None:
        from benchmarks.toy import Toy

        self.maker = Toy
        self.adults = adults

    def set_up(self) -> dict[str, Any]:
        """Make all residents and estates."""
        start = perf_counter()
        self.model = self.maker(self.adults)
        return {"estates": 1034, "adults": self.adults, "setup_s": perf_counter() - start}

    def step(self) -> None:
        """Run one tick."""
        self.model.step()

    def words(self) -> str:
        """Return how many disputes are open, as a sign that the toy is alive."""
        return f"{self.model.open_rate():.1f} open disputes per 1,000 residents"


def timed(task: Timed, steps: int) -> list[float]:
    """Advance by `steps` and return the seconds that each took."""
    seconds = []
    for _ in range(steps):
        start = perf_counter()
        task.step()
        seconds.append(perf_counter() - start)
    return seconds
