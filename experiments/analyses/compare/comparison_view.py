"""Reads a comparison for figures and sentences: which arms there are, and what each effect says.

An effect is the mean paired difference between an arm and what it is set against, with its 95 % interval and its
verdict.  Percentages are of the mean of what it is set against, taken as a fixed number, so the interval is the
difference's own, scaled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.core.margin import MARGIN
from experiments.core.statistics.effect import Reading
from experiments.reporting import words
from experiments.reporting.catalogue import gap
from experiments.reporting.clauses import Move
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

__all__ = ["HEADLINE", "Effect", "Reader"]

#: The three series that are never shown one without the others: they may move in opposite directions.
HEADLINE = ("conflicts", "filed", "standing")

ORDER = (
    "none",
    "own",
    "dispatched",
    "joint",
    "full",
    "arrangement",
    "random",
    "hotspot",
    "largest",
    "weakest",
    "phased",
    "budget",
)


@dataclass(frozen=True, kw_only=True)
class Effect(Move):
    """One row of the table of a comparison: a change, between which arms it is, and how well it is known.

    Attributes
    ----------
    strategy, against
        The arm, and what it is set against, whose mean of the outcome is `base`.
    mean
        Of the outcome in the arm.
    better
        `lower`, `higher`, or anything else where neither is better.
    together
        Ends of the interval that holds at once with those of all other effects; the verdict is read from it.
    saved
        Ends of the 95 % interval of `variance_saved`.
    reach
        Ends of the central 90 % of the relative difference over assumptions, in per cent; NaN where there is no range.
    worlds
        Shares of the worlds in which it is lower by more than the margin, within it, and higher.
    points
        Number of these worlds.
    """

    strategy: str = ""
    against: str = ""
    mean: float = math.nan
    helped: float = math.nan
    p: float = math.nan
    replicates: int = 0
    needed: float = math.nan
    variance_saved: float = math.nan
    unit: str = ""
    better: str = ""
    together: tuple[float, float] = (math.nan, math.nan)
    saved: tuple[float, float] = (math.nan, math.nan)
    reach: tuple[float, float] = (math.nan, math.nan)
    worlds: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    points: int = 0

    @property
    def against_mean(self) -> float:
        """Mean of what it is set against."""
        return self.base

    @property
    def kind(self) -> Reading:
        """What the numbers say: the direction where it is certain, else why it is not."""
        reading = super().kind
        return "undecided" if reading in ("single", "zero") else reading

    @property
    def ranged(self) -> bool:
        """Whether its range over assumptions was requested."""
        return math.isfinite(sum(self.reach))

    @property
    def percent(self) -> float:
        """The difference in per cent of what it is set against."""
        return self._in_per_cent(self.difference, self.difference)[0]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval in per cent, low end first."""
        return self._in_per_cent(self.low, self.high)

    @property
    def wider(self) -> tuple[float, float]:
        """The interval that holds at once with those of all other effects, in per cent, low end first."""
        return self._in_per_cent(*self.together)

    @property
    def widened(self) -> bool:
        """Whether the interval that holds at once with all others is another one than its own."""
        return math.isfinite(sum(self.wider)) and self.wider != self.interval

    def _in_per_cent(self, low: float, high: float) -> tuple[float, float]:
        scale = per_cent(self.outcome, self.difference, self.base)
        return (0.0 if low == 0 else low * scale), (0.0 if high == 0 else high * scale)

    def brackets(self, lang: str, named: bool = True) -> str:
        """Both its intervals, of chance and over assumptions; nothing where it has none."""
        if not (self.ranged and self.known):
            return super().brackets(lang, named)
        return gap(lang) + sentence(lang, "comparison.both_intervals", effect=self, named=named)


class Reader:
    """A comparison, asked the questions that figures and sentences ask.

    Parameters
    ----------
    comparison
        An object with `table`, `series`, `estates`, `district`, `scenario` and `info`.

    Attributes
    ----------
    baseline
        The arm that every strategy is set against.
    focus
        The strategy that the text speaks about: `full` where it was run, else the first one.
    policies
        Full coverage and the arrangement, of which figures and report speak side by side, where both were run; else the
        one in focus.
    strategies, covers, lesser, parts, controls
        Strategies each alone, and the arrangement; the arrangement with another coverage, and less a part; other
        variants of a strategy; controls.
    further
        The comparison's further arms, on their own ground; None where there are none.
    """

    def __init__(self, comparison: Any) -> None:
        self.comparison = comparison
        self.info: dict[str, Any] = dict(comparison.info)
        effects = getattr(comparison, "effects", None)
        self.table: pd.DataFrame = comparison.table if effects is None else effects
        other = getattr(comparison, "further", None)
        self.further: Reader | None = None if other is None or not len(other.effects) else Reader(other)
        self.names_ground = self.further is not None
        if self.further is not None:
            self.further.names_ground = True
        self._effects = {
            (effect.strategy, effect.against, effect.outcome): effect
            for effect in map(_effect, self.table.to_dict("records"))
        }
        against = [row for row in self.table["against"] if not words.control_of(row)]
        stated = getattr(comparison, "baseline", None) or self.info.get("baseline")
        self.baseline: str = str(stated) if stated else max(dict.fromkeys(against), key=against.count, default="none")
        present = dict.fromkeys([*self.table["strategy"], *self._in_series()])
        arms = [name for name in present if name != self.baseline]
        known = {name: place for place, name in enumerate(ORDER)}
        arms.sort(key=lambda name: known.get(words.base_of(name), len(known)))
        self.controls = [name for name in arms if words.control_of(name)]
        kinds = list(words.CONTROLS)
        self.controls.sort(key=lambda name: kinds.index(words.control_of(name)))
        self.covers = sorted(filter(words.cover_of, arms), key=lambda name: known.get(words.cover_of(name), len(known)))
        self.lesser = list(filter(words.less_of, arms))
        listed = {*self.controls, *self.covers, *self.lesser}
        self.parts = [name for name in arms if words.base_of(name) != name and name not in listed]
        self.strategies = [name for name in arms if words.base_of(name) == name]
        self.focus: str = "full" if "full" in self.strategies else (self.strategies or [self.baseline])[0]
        both = [name for name in ("full", "arrangement") if name in self.strategies]
        self.policies = both if len(both) > 1 else [self.focus]
        self.arms = [*self.strategies, *self.covers, *self.lesser, *self.parts, *self.controls]

    def _in_series(self) -> list[str]:
        series = self.comparison.series
        return list(series["arm"].unique()) if series is not None and len(series) else []

    @property
    def outcomes(self) -> list[str]:
        """The outcomes of the table, in its order."""
        return list(dict.fromkeys(self.table["outcome"]))

    @property
    def margin(self) -> float:
        """The equivalence margin as a share of the baseline."""
        stated = getattr(self.comparison, "margin", None)
        return float(self.info.get("margin", MARGIN) if stated is None else stated)

    @property
    def grounds(self) -> int:
        """How many districts the comparison was run on."""
        series = self.comparison.series
        known = series is not None and "district" in series and len(series)
        return int(series["district"].nunique()) if known else 1

    @property
    def sample(self) -> Finding:
        """How many independent observations there are: replicates, or districts where there are several.

        Of further arms, and of what has some, with the ground on which they are observed.
        """
        count = int(self.table["replicates"].max()) if len(self.table) else 0
        ground = dict(zip(("estates", "weeks"), self.comparison.size, strict=True)) if self.names_ground else {}
        return Finding("comparison.sample", districts=self.grounds > 1, count=count, **ground)

    @property
    def warmup(self) -> int:
        """The week in which the policies start."""
        start = self.info.get("warmup")
        return int(start) if start is not None else 0

    def weekly(self, arm: str, outcome: str) -> pd.DataFrame:
        """Return an arm's outcome as a table of independent observations (rows) by weeks (columns).

        Observations are replicates on one ground, and grounds where there are several.
        """
        rows = self.comparison.series
        rows = rows[rows["arm"] == arm]
        unit = "replicate" if self.grounds == 1 else "district"
        return rows.groupby([unit, "week"], sort=True)[outcome].mean().unstack("week")

    def effect(self, strategy: str, outcome: str, against: str | None = None) -> Effect | None:
        """Return an effect, or None where the comparison does not hold it."""
        return self._effects.get((strategy, against or self.baseline, outcome))

    def all_effects(self) -> list[Effect]:
        """Return every effect, in the order of the table."""
        return list(self._effects.values())

    @property
    def ranged(self) -> list[tuple[str, str]]:
        """What has a range over assumptions: an arm, and what it is set against, in the order of the table."""
        return list(dict.fromkeys((row.strategy, row.against) for row in self.all_effects() if row.ranged))

    @property
    def worlds(self) -> int:
        """Over how many worlds the effects reach; none without a range."""
        return max((effect.points for effect in self.all_effects()), default=0)

    @property
    def deciding(self) -> pd.DataFrame | None:
        """Which assumptions the effects follow, as `assumptions.csv` has it; None without a range."""
        table = getattr(self.comparison, "deciding", None)
        return None if table is None or not len(table) else table

    def effects(self, strategy: str, outcomes: tuple[str, ...] = HEADLINE, against: str | None = None) -> list[Effect]:
        """Return those of the effects that the comparison holds."""
        effects = (self.effect(strategy, outcome, against) for outcome in outcomes)
        return [effect for effect in effects if effect is not None]

    def hours_controls(self, strategy: str) -> list[str]:
        """Return the controls with the same hours and no branch that this strategy is set against."""
        names = (f"hours_matched:{strategy}", f"hours_matched_tied:{strategy}")
        return [name for name in names if any(key[:2] == (strategy, name) for key in self._effects)]

    def wholes(self, name: str) -> list[str]:
        """Return the arrangement where this arm is it without a part and was set against it."""
        return [words.ARRANGEMENT] if words.less_of(name) and self.effects(name, against=words.ARRANGEMENT) else []

    def control(self, kind: str) -> str | None:
        """Return the control of the strategy in focus of this kind, where it was run."""
        own = (name for name in self.controls if words.base_of(name) == self.focus)
        return next((name for name in own if words.control_of(name) == kind), None)

    def part(self, kind: str) -> str | None:
        """Return the part of the strategy in focus of this kind, where it was run."""
        name = f"{self.focus}, {kind}"
        return name if name in self.parts else None

    @property
    def short(self) -> list[str]:
        """Arms whose names need no strategy: the controls, where all control the same one."""
        return self.controls if len({words.base_of(control) for control in self.controls}) < 2 else []

    def components(self) -> list[str]:
        """Return the arms that take the strategy in focus apart, the strategy first."""
        parts = map(self.part, ("mediation alone", "routine services alone"))
        controls = map(self.control, ("placebo", "hours_matched", "hours_matched_tied"))
        return [self.focus, *filter(None, (*parts, *controls))]


def _effect(row: Mapping[Hashable, Any]) -> Effect:
    def number(name: str) -> float:
        value = row.get(name)
        return math.nan if value is None else float(value)

    difference, mean, low, high = (number(name) for name in ("difference", "mean", "ci_low", "ci_high"))
    base = number("baseline_mean") if "baseline_mean" in row else mean - difference
    dust = only_dust(difference, low, high, mean, base)
    together = number("sim_low"), number("sim_high")
    if dust:
        difference = 0.0
        (low, high), together = map(_nothing, ((low, high), together))
    return Effect(
        str(row["outcome"]),
        difference,
        low,
        high,
        base,
        "equivalent" if dust else str(row.get("verdict") or "undecided"),
        strategy=str(row["strategy"]),
        against=str(row["against"]),
        mean=mean,
        helped=0.0 * number("helped") if dust else number("helped"),
        p=1.0 if dust else number("p_adjusted"),
        replicates=int(np.nan_to_num(number("replicates"))),
        needed=number("replicates_needed"),
        variance_saved=math.inf if dust else number("variance_saved"),
        unit=str(row.get("unit") or ""),
        better=row["better"] if isinstance(row.get("better"), str) else "",
        together=together,
        saved=(number("variance_saved_low"), number("variance_saved_high")),
        reach=(100.0 * number("range_low"), 100.0 * number("range_high")),
        worlds=(number("worlds_lower"), number("worlds_little"), number("worlds_higher")),
        points=int(np.nan_to_num(number("worlds"))),
    )


def _nothing(ends: tuple[float, float]) -> tuple[float, float]:
    """Return an interval of rounding as what it is; what is missing stays so."""
    low, high = (0.0 if math.isfinite(end) else end for end in ends)
    return low, high
