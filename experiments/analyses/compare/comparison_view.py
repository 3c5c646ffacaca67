"""Reads a comparison for figures and sentences: which arms there are, and what each effect says.

An effect is the mean paired difference between an arm and what it is set against, with its 95 % interval and its
verdict.  Percentages are of the mean of what it is set against, taken as a fixed number, so the interval is the
difference's own, scaled.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.core.statistics.effect import Reading
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import LEVEL, decided, side
from experiments.reporting import words
from experiments.reporting.catalogue import gap, gettext
from experiments.reporting.clauses import Move
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence
from sim.core.costs import BEARERS

#: The three series that are never shown one without the others: they may move in opposite directions.
HEADLINE = ("conflicts", "filed", "standing")

GIVEN = (*(f"hours_{bearer}" for bearer in BEARERS if bearer != "purse"), "extra_hours")
"""The accounts of all who bear hours, and what a control lends."""

OWN_SHOWN = 3
"""Most outcomes of a user's own components that are shown beside the headline's."""

ORDER = "none own dispatched joint full arrangement random hotspot largest weakest phased budget".split()
"""In which arms are shown."""


@dataclass(frozen=True, kw_only=True)
class Effect(Move):
    """One row of the table of a comparison: a change, between which arms it is, and how well it is known.

    `base` is the mean of the arm that it is `against`.  `together` are the ends of the interval that holds at once with
    those of all other effects, from which the verdict is read; `saved` those of the 95 % interval of `variance_saved`;
    `reach` those of the central 90 % of the relative difference over assumptions, in per cent, NaN without a range.
    `worlds` are the shares of these `points` in which it is lower by more than the margin, within it, and higher.
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
    worlds: tuple[float, ...] = (math.nan, math.nan, math.nan)
    points: int = 0

    @property
    def kind(self) -> Reading:
        """What the numbers say: the direction where it is certain, else why it is not."""
        reading = super().kind
        return "undecided" if reading in ("single", "zero") else reading

    @property
    def ranged(self) -> bool:
        return math.isfinite(sum(self.reach))

    @property
    def percent(self) -> float:
        return self._in_per_cent(self.difference, self.difference)[0]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval in per cent, low end first."""
        return self._in_per_cent(self.low, self.high)

    @property
    def over(self) -> tuple[float, float]:
        """The range over assumptions as it is shown, in per cent, low end first."""
        low, high = (max(end, self.least) for end in self.reach)
        return low, high

    @property
    def wider(self) -> tuple[float, float]:
        """The interval that holds at once with those of all other effects, in per cent, low end first."""
        return self._in_per_cent(*self.together)

    @property
    def in_unit(self) -> bool:
        """Whether it can only be told in the outcome's unit, as where the baseline has none of it."""
        return math.isfinite(self.difference) and not math.isfinite(self.percent)

    @property
    def broad(self) -> Effect:
        """The same effect with the interval that holds at once with those of all others."""
        return self if math.isnan(sum(self.together)) else replace(self, low=self.together[0], high=self.together[1])

    @property
    def widened(self) -> bool:
        """Whether the interval that holds at once with all others is another one than its own."""
        return math.isfinite(sum(self.wider)) and self.wider != self.interval

    def _in_per_cent(self, low: float, high: float) -> tuple[float, float]:
        scale = per_cent(self.outcome, self.difference, self.base)
        first, last = (0.0 if end == 0 else max(end * scale, self.least) for end in (low, high))
        return first, last

    def ends(self, lang: str, named: bool = True) -> str:
        """Its 95 % interval as words; of an undecided one that leaves zero out, the wider one that does not too."""
        own = super().ends(lang, named)
        if not (self.kind == "undecided" and side(self.low, self.high) and self.widened):
            return own
        wide = super(Effect, self.broad).ends(lang, named=False)
        return gettext(lang, "{own}, but {wide} with all comparisons together", own=own, wide=wide)

    def brackets(self, lang: str, named: bool = True) -> str:
        """Both its intervals, of chance and over assumptions; nothing where it has none."""
        if not (self.ranged and self.known):
            return super().brackets(lang, named)
        return gap(lang) + sentence(lang, "comparison.both_intervals", effect=self, named=named)


class Reader:
    """A comparison, asked the questions that figures and sentences ask.

    Its arms are `strategies` each alone, and the arrangement; `covers`, the arrangement with another coverage;
    `lesser`, the arrangement less a part; `parts`, other variants of a strategy; and `controls`.  Texts speak of one in
    `focus`, `full` where it was run, or of several `policies` side by side: full coverage and the arrangement, where
    both were run, and every strategy that was set against its own hours without a branch.  `own` are outcomes of the
    user's own components, some few of them; `led` those of which texts and figures speak first: the headline's, or the
    user's own where these are not compared.
    """

    def __init__(self, comparison: Any) -> None:
        self.comparison = comparison
        self.info: dict[str, Any] = dict(comparison.info)
        self.table: pd.DataFrame = comparison.effects
        self.baseline: str = comparison.spec.baseline
        other = comparison.further
        self.further: Reader | None = None if other is None or not len(other.effects) else Reader(other)
        self.names_ground = self.further is not None
        if self.further is not None:
            self.further.names_ground = True
        components = getattr(comparison.scenario, "components", ())
        declared = [outcome.name for kind in components for outcome in kind.outcomes]
        self.own = [name for name in declared if name in self.outcomes][:OWN_SHOWN]
        self.led: tuple[str, ...] = tuple(name for name in HEADLINE if name in self.outcomes) or tuple(self.own)
        effects = map(_effect, self.table.to_dict("records"))
        self._effects = {(effect.strategy, effect.against, effect.outcome): effect for effect in effects}
        present = dict.fromkeys([*self.table["strategy"], *comparison.series["arm"].unique()])
        known, kinds = {name: place for place, name in enumerate(ORDER)}, list(words.CONTROLS)
        arms = [name for name in present if name != self.baseline]
        arms.sort(key=lambda name: known.get(words.base_of(name), len(known)))
        self.controls = sorted(filter(words.control_of, arms), key=lambda name: kinds.index(words.control_of(name)))
        self.covers = sorted(filter(words.cover_of, arms), key=lambda name: known.get(words.cover_of(name), len(known)))
        self.lesser = list(filter(words.less_of, arms))
        listed = {*self.controls, *self.covers, *self.lesser}
        self.parts = [name for name in arms if words.base_of(name) != name and name not in listed]
        self.strategies = [name for name in arms if words.base_of(name) == name]
        self.focus: str = "full" if "full" in self.strategies else (self.strategies or [self.baseline])[0]
        both = [name for name in ("full", "arrangement") if name in self.strategies]
        self.policies = both if len(both) > 1 else [self.focus]
        # Whoever sets a strategy against its hours asks about that strategy.
        self.policies += [name for name in self.strategies if name not in self.policies and self.hours_controls(name)]
        self.arms = [*self.strategies, *self.covers, *self.lesser, *self.parts, *self.controls]

    @property
    def outcomes(self) -> list[str]:
        return list(dict.fromkeys(self.table["outcome"]))

    @property
    def margin(self) -> float:
        return float(self.comparison.margin)

    @property
    def questions(self) -> int:
        """How many questions the table asks at once."""
        return int(((self.table["strategy"] != self.table["against"]) & self.table["p_adjusted"].notna()).sum())

    @property
    def confidence(self) -> float:
        """The confidence of one interval with which all of the table hold together."""
        return 1.0 - LEVEL / max(1, self.questions)

    @property
    def alike_before(self) -> bool:
        """Whether no arm differs from the baseline before the policies start: where arms change policies alone."""
        rows = self.comparison.series
        before = rows[rows["week"] < self.warmup].set_index(["district", "replicate", "week"])
        arms = {arm: own.drop(columns="arm") for arm, own in before.groupby("arm")}
        base = arms.get(self.baseline, before[:0])
        return all(own[own.index.isin(base.index)].equals(base[base.index.isin(own.index)]) for own in arms.values())

    def same_coverage(self, arm: str) -> bool:
        """Whether an arm has the baseline's coverage, so that branches are not what they differ by."""
        rows = self.comparison.design.drop_duplicates("arm").to_dict("records")
        covers = {str(row["arm"]): json.loads(row["changes"]).get("coverage.strategy") for row in rows}
        return covers.get(arm) is not None and covers[arm] == covers.get(self.baseline)

    @property
    def grounds(self) -> int:
        return max(1, int(self.comparison.series["district"].nunique()))

    @property
    def sample(self) -> Finding:
        """How many replicates, or districts where there are several, and of further arms on which ground."""
        count = int(self.table["replicates"].max()) if len(self.table) else 0
        ground = dict(zip(("estates", "weeks"), self.comparison.size, strict=True)) if self.names_ground else {}
        return Finding("comparison.sample", districts=self.grounds > 1, count=count, **ground)

    @property
    def warmup(self) -> int:
        return int(self.info["warmup"])

    def weekly(self, arm: str, outcome: str) -> pd.DataFrame:
        """Return an arm's outcome as a table of replicates, or grounds where there are several, by weeks (columns)."""
        rows = self.comparison.series
        rows = rows[rows["arm"] == arm]
        unit = "replicate" if self.grounds == 1 else "district"
        return rows.groupby([unit, "week"], sort=True)[outcome].mean().unstack("week")

    def given(self, arm: str) -> Move | None:
        """What an arm changes of the hours on all accounts (`GIVEN`) together, beside the baseline; None without."""
        names = [name for name in GIVEN if name in self.comparison.series]
        if not names:
            return None
        own, base = (
            sum(self.weekly(name, account) for account in names).loc[:, self.warmup :].mean(axis=1)
            for name in (arm, self.baseline)
        )
        result = paired(own, base.reindex(own.index), "lower")
        return Move("hours", result.difference, result.ci_low, result.ci_high, float(base.mean()))

    def effect(self, strategy: str, outcome: str, against: str | None = None) -> Effect | None:
        return self._effects.get((strategy, against or self.baseline, outcome))

    def by_outcome(self, ranged: bool = False) -> dict[str, list[Effect]]:
        """Return all effects by outcome, or those alone that have a range, of outcomes that have any."""
        shown = [row for row in self._effects.values() if row.strategy != row.against and (row.ranged or not ranged)]
        by_outcome = {outcome: [row for row in shown if row.outcome == outcome] for outcome in self.outcomes}
        return {outcome: effects for outcome, effects in by_outcome.items() if effects}

    @property
    def ranged(self) -> list[tuple[str, str]]:
        """What has a range over assumptions: an arm, and what it is set against, in the order of the table."""
        return list(dict.fromkeys((row.strategy, row.against) for row in self._effects.values() if row.ranged))

    @property
    def worlds(self) -> int:
        """Over how many worlds the effects reach; none without a range."""
        return max((effect.points for effect in self._effects.values()), default=0)

    @property
    def deciding(self) -> pd.DataFrame | None:
        """Which assumptions the effects follow, as `assumptions.csv` has it; None without a range."""
        table: pd.DataFrame = self.comparison.deciding
        return table if len(table) else None

    def effects(
        self, strategy: str, outcomes: tuple[str, ...] | None = None, against: str | None = None
    ) -> list[Effect]:
        effects = (self.effect(strategy, outcome, against) for outcome in (outcomes or self.led))
        return [effect for effect in effects if effect is not None]

    def hours_controls(self, strategy: str) -> list[str]:
        """Return the controls with the same hours and no branch that this strategy is set against."""
        names = (f"hours_matched:{strategy}", f"hours_matched_tied:{strategy}")
        return [name for name in names if any(key[:2] == (strategy, name) for key in self._effects)]

    def wholes(self, name: str) -> list[str]:
        """Return the arrangement where this arm is it without a part and was set against it."""
        return [words.ARRANGEMENT] if words.less_of(name) and self.effects(name, against=words.ARRANGEMENT) else []

    def control(self, kind: str) -> str | None:
        own = (name for name in self.controls if words.base_of(name) == self.focus)
        return next((name for name in own if words.control_of(name) == kind), None)

    @property
    def pieces(self) -> list[str]:
        """What was run of the strategy in focus by mediation alone, and by routine services alone."""
        names = (f"{self.focus}, {kind}" for kind in ("mediation alone", "routine services alone"))
        return [name for name in names if name in self.parts]

    @property
    def short(self) -> list[str]:
        """Arms whose names need no strategy: the controls, where all control the same one."""
        return self.controls if len({words.base_of(control) for control in self.controls}) < 2 else []

    def components(self) -> list[str]:
        """Return the arms that take the strategy in focus apart, the strategy first."""
        controls = map(self.control, ("placebo", "hours_matched", "hours_matched_tied"))
        return [self.focus, *self.pieces, *filter(None, controls)]


def _effect(row: Mapping[Any, Any]) -> Effect:
    names = ("difference", "ci_low", "ci_high", "sim_low", "sim_high")
    base, *ends = (float(row[name]) for name in ("baseline_mean", *names))
    dust = only_dust(*ends[:3], row["mean"], base)
    if dust:
        ends = [0.0 if math.isfinite(end) else end for end in ends]  # what is missing stays so
    difference, low, high, least, most = ends
    in_vain = not decided(row["verdict"]) and row["replicates_needed"] <= row["replicates"]
    same: dict[str, Any] = {name: row[name] for name in ("strategy", "against", "replicates", "unit", "better")}
    return Effect(
        row["outcome"],
        difference,
        low,
        high,
        base,
        "equivalent" if dust else row["verdict"],
        mean=float(row["mean"]),
        helped=0.0 * row["helped"] if dust else row["helped"],
        p=1.0 if dust else row["p_adjusted"],
        needed=math.nan if in_vain else float(row["replicates_needed"]),
        variance_saved=math.inf if dust else row["variance_saved"],
        together=(least, most),
        saved=(row["variance_saved_low"], row["variance_saved_high"]),
        reach=(100.0 * row.get("range_low", math.nan), 100.0 * row.get("range_high", math.nan)),
        worlds=tuple(row.get(f"worlds_{way}", math.nan) for way in ("lower", "little", "higher")),
        points=int(np.nan_to_num(row.get("worlds", 0))),
        **same,
    )
