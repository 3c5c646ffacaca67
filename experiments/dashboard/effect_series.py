"""What an experiment has found so far, as series and words: for the page, and for the figure that is taken from it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.core.statistics.measures import DEFAULT
from experiments.core.statistics.outcome_indices import INDICES
from experiments.core.statistics.paired import mean_intervals
from experiments.dashboard.experiment import Experiment
from experiments.dashboard.inquiry import OWN, WARMUP
from experiments.reporting import words
from experiments.reporting.clauses import Move
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import labels

SERIES: Final = ("conflicts", "filed", "standing")
"""Never shown one without the others."""
SMOOTH: Final = 4
"""Weeks over which a line is a mean: a week of sixty estates is mostly chance."""
OUTCOMES: Final = tuple(name for name in DEFAULT if name not in INDICES)
"""Of the table."""

Json = dict[str, Any]


def arm_name(name: str, lang: str) -> str:
    """Return what an arm is called on the page."""
    return str(labels(lang, "dashboard.labels")["own_scenario"]) if name == OWN else words.arm(name, lang)


def move_of(experiment: Experiment, outcome: str) -> Move:
    """Return what the right-hand future changes in an outcome."""
    effect = experiment.effect(outcome)
    return Move(outcome, effect.difference, effect.ci_low, effect.ci_high, effect.baseline_mean)


def charts_of(experiment: Experiment, lang: str) -> list[Json]:
    """Return the main series of an experiment."""
    return [_chart(experiment, outcome, lang) for outcome in SERIES]


def _chart(experiment: Experiment, outcome: str, lang: str) -> Json:
    values = _smoothed(experiment.weekly(outcome))
    weeks = values.shape[-1]
    if not len(values):
        nothing: list[float | None] = [None] * weeks
        left = right = gap = low = high = nothing
    else:
        with np.errstate(invalid="ignore"):
            both = np.isfinite(values).all(axis=1)
            gaps = np.where(both, values[:, 1] - values[:, 0], np.nan)
        sides = [mean_intervals(values[:, side])[0] for side in (0, 1)]
        mean, below, above, _ = mean_intervals(gaps)
        left, right, gap, low, high = (numbers(part) for part in (*sides, mean, below, above))
    summary = Finding("dashboard.no_answer")
    if experiment.finished:
        summary = Finding("dashboard.one_answer", move=move_of(experiment, outcome))
    return {
        "outcome": outcome,
        "title": words.noun(outcome, lang).name,
        "unit": words.unit(outcome, lang),
        "first_week": WARMUP + 1,
        "left": left,
        "right": right,
        "gap": gap,
        "low": low,
        "high": high,
        "summary": summary.text(lang),
    }


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over the latest weeks, `SMOOTH` at most; NaN where the week itself has not been lived."""
    known = np.isfinite(values)
    total, count = np.cumsum(np.where(known, values, 0.0), axis=-1), np.cumsum(known, axis=-1)
    for sums in (total, count):
        sums[..., SMOOTH:] = sums[..., SMOOTH:] - sums[..., :-SMOOTH].copy()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, total / count, np.nan)


def numbers(values: Iterable[float]) -> list[float | None]:
    """Return numbers as JSON has them, with the digits that a picture can show."""
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in values]
