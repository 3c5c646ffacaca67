"""What is timed: our own week, and a tick of the toy, behind the same three methods.

`set_up` makes the district and the model, `advance` runs weeks one by one and says how long each took,
`words` tells what the numbers do not.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["OLD_PARTS", "Ours", "Timed", "Toys", "timed", "world"]

WEEKS = 208
WARM_UP = 52

OLD_PARTS: Final = {
    "voice.nest": 1.0,
    "voice.foreign_barrier": 0.0,
    "private.weeks": 0.0,
    "private.neighbour_share": 1.0,
    "private.ends_neighbour": 0.2,
    "private.ends_other": 0.07,
    "private.by_effort": False,
    "private.holds": 1.0,
    "private.retry": 0.0,
    "desks.bundling": False,
    "desks.living_first": False,
    "desks.bank_weeks": 0.0,
    "frontline.early": False,
    "frontline.coordinates": False,
    "frontline.speaks": False,
    "committees.mobilisation": False,
    "branches.reach": 0.0,
    "branches.repute": False,
    "grievances.threshold_median": 3.375,
}
"""The parts that came with the second edition off, and as much going on in a week as with them.

A private word ends as many causes as by default, and the threshold is lowered until as many come into conflict
(`tests/benchmarks/test_week.py` counts), so that what a week takes longer with the new parts is theirs and not that of
a busier district.
"""


def world(name: str) -> Scenario:
    """Return the scenario that a row of the table names, before its length is set.

    Parameters
    ----------
    name
        `everything`: every mechanism and every policy; `first-edition`: that preset; `old-parts`: see `OLD_PARTS`;
        these under full coverage.  Else the default world under the coverage strategy of that name.
    """
    from experiments import presets
    from sim import Scenario

    if name == "everything":
        return Scenario().with_everything_on().replace({"coverage.strategy": "full"})
    if name == "first-edition":
        return presets.load(name).replace({"coverage.strategy": "full"})
    if name == "old-parts":
        return Scenario().replace({**OLD_PARTS, "coverage.strategy": "full"})
    return Scenario().replace({"coverage.strategy": name})


class Timed(Protocol):
    """Something that is set up once and advances in steps."""

    def set_up(self) -> dict[str, Any]:
        """Build it; return what is worth a column."""

    def step(self) -> None:
        """Run a week or a tick."""

    def words(self) -> str:
        """Return what to print beneath the table."""


class Ours:
    """A district of ours.

    Parameters
    ----------
    adults
        The number of adults to come near to; every adult is simulated.
    name
        Its world, see `world`; policies start after the warm-up.
    """

    def __init__(self, adults: int, name: str) -> None:
        import sim

        self.sim = sim
        self.estates = min(1034, max(2, round(adults / 1210)))  # 638 households an estate, 1.9 adults each
        self.seed = 1
        if self.estates < 1034:  # few estates vary a lot: take the seed that comes nearest
            makers = [sim.District.synthetic(estates=self.estates, seed=seed) for seed in range(1, 21)]
            gaps = [abs(int(district.adults.sum()) - adults) for district in makers]
            self.seed = 1 + gaps.index(min(gaps))
        self.scenario = world(name).replace({"run.weeks": WEEKS, "run.warmup": WARM_UP})

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
