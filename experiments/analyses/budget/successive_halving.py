"""Races: which of many candidates is the best, found with few runs (successive halving).

All candidates are run for a few replicates under common random numbers; the better ones advance to the next heat, in
which each has more replicates, so that every heat costs about the same (Karnin, Koren and Somekh 2013; Jamieson and
Talwalkar 2016).  A winner's effect in its race flatters it and is measured again with fresh random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from experiments.core.statistics.paired import paired
from sim.outcomes import Better

Values = NDArray[np.float64]


COLUMNS = "heat place candidate replicates difference ci_low ci_high behind behind_low behind_high dropped".split()


class Rung(NamedTuple):
    """A heat of a race: how many candidates run in it, new runs of each, and how many candidates advance."""

    entrants: int
    replicates: int
    kept: int


def rungs(entrants: int, replicates: int, factor: int = 3) -> tuple[Rung, ...]:
    """Plan a race: of each heat one in `factor` advances, with `factor` times as many runs, until one is left.

    Examples
    --------
    >>> [(rung.entrants, rung.replicates, rung.kept) for rung in rungs(24, 3)]
    [(24, 3, 8), (8, 9, 3), (3, 27, 1)]
    >>> runs_of(rungs(24, 3))
    225
    """
    if min(entrants, replicates) < 1 or factor < 2:
        raise ValueError(f"A race of {entrants} candidates with {replicates} replicates by {factor} cannot be planned.")
    planned = []
    while entrants > 1:
        kept = math.ceil(entrants / factor)
        planned.append(Rung(entrants, replicates, kept))
        entrants, replicates = kept, replicates * factor
    return tuple(planned)


def runs_of(planned: Sequence[Rung]) -> int:
    """Runs of candidates that a race takes; it never takes more."""
    return sum(rung.entrants * rung.replicates for rung in planned)


def success_probability(planned: Sequence[Rung], gap: float, spread: float) -> float:
    """Bound from below how probably a race finds the best candidate; 0 where nothing can be promised.

    In a heat the best one is dropped only if as many others as advance look better.  By Markov's inequality this is no
    more probable than the number of others that are expected to look better, over the number that advances; the
    probabilities of all heats are added (Bonferroni).  Means of paired differences are taken as normal.

    The entrants of a later heat were chosen by runs by which they are judged again, so that there looking better is
    more probable than at first.  So in every heat the others are all entrants of the first one, as if those that were
    dropped had been run further: no fewer of these look better, and they were not chosen by what they showed.

    The best candidate is better than every other by at least `gap`, in the outcome's unit; a paired difference of it
    and another one has at most the standard deviation `spread`.

    Examples
    --------
    >>> round(success_probability(rungs(9, 4), gap=1.0, spread=1.0), 3)
    0.939
    >>> success_probability(rungs(9, 4), gap=0.0, spread=1.0)
    0.0
    """
    missed, runs = 0.0, 0
    rivals = planned[0].entrants - 1 if planned else 0
    for rung in planned:
        runs += rung.replicates
        if spread > 0.0:
            looks_better = float(ndtr(-max(gap, 0.0) * math.sqrt(runs) / spread))
        else:
            looks_better = 0.0 if gap > 0.0 else 1.0
        missed += min(rivals * looks_better / rung.kept, 1.0)
    return max(1.0 - missed, 0.0)


class Halving:
    """A race that is being run.

    Of equal candidates the first advances; `direction` is the good side of the outcome, and `grain` one step of its
    count. `survivors` are in the order of entering, the best first after a heat; `values` has what each candidate has
    shown so far, shape (replicates,).

    Examples
    --------
    >>> race = Halving(["a", "b"], rungs(2, 2), "lower")
    >>> race.update({"a": np.array([1.0, 2.0]), "b": np.array([0.5, 1.0])})
    >>> race.winner
    'b'
    """

    def __init__(self, entrants: Sequence[str], planned: Sequence[Rung], direction: Better, grain: float = 0.0) -> None:
        if direction == "neither" or len(set(entrants)) != len(entrants) or not entrants:
            raise ValueError("A race needs candidates with names of their own, and an outcome with a better side.")
        self.planned, self.direction, self.grain = tuple(planned), direction, grain
        self.survivors = list(entrants)
        self.values: dict[str, Values] = {name: np.zeros(0) for name in entrants}
        self._rows: list[tuple[Any, ...]] = []
        self._run = 0

    @property
    def rung(self) -> Rung | None:
        """The heat to be run next, None when the race is over."""
        return self.planned[self._run] if self._run < len(self.planned) else None

    @property
    def winner(self) -> str:
        """The candidate that leads; once the race is over, the one that was chosen."""
        return self.survivors[0]

    def update(self, shown: Mapping[str, Values]) -> None:
        """Enter what a heat showed, and drop who is behind.

        `shown` has one number for each replicate of the heat, NaN where a run failed, by name; pairs are of one place.
        """
        rung = self.rung
        if rung is None:
            raise ValueError("The race is over.")
        for name in self.survivors:
            self.values[name] = np.concatenate([self.values[name], np.asarray(shown[name], dtype=np.float64)])
        sign = 1.0 if self.direction == "lower" else -1.0
        values = np.stack([self.values[name] for name in self.survivors])
        # A replicate that failed for all says nothing; a candidate that failed where others ended is ranked last.
        means = sign * values[:, np.isfinite(values).any(axis=0)].sum(axis=1)
        order = np.argsort(np.where(np.isfinite(means), means, np.inf), kind="stable")
        ranked = [self.survivors[place] for place in order.tolist()]
        self._run += 1
        for place, name in enumerate(ranked):
            effect = paired(self.values[name], np.zeros(self.values[name].size), self.direction, grain=self.grain)
            behind = paired(self.values[name], self.values[ranked[0]], self.direction, grain=self.grain)
            ends = [end for gap in (effect, behind) for end in (gap.difference, gap.ci_low, gap.ci_high)]
            self._rows.append((self._run, place + 1, name, effect.replicates, *ends, place >= rung.kept))
        self.survivors = ranked[: rung.kept]

    @property
    def spread(self) -> float:
        """Standard deviation of a paired difference of two candidates: the largest of all against the leader."""
        leader = self.values[self.winner]
        rivals = [values for name, values in self.values.items() if name != self.winner]
        spreads = [paired(values, leader[: values.size], self.direction).spread for values in rivals]
        return max(filter(math.isfinite, spreads), default=math.nan)

    @property
    def table(self) -> pd.DataFrame:
        """One row per heat and candidate, the leader of each heat first: `difference` with its interval is of all
        replicates so far, as they were entered, `behind` likewise against the leader, pair by pair; `dropped` after
        this heat.
        """
        return pd.DataFrame(self._rows, columns=COLUMNS)
