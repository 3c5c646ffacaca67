"""Weekly series of a few arms, with intervals of the mean, and their paired differences below.

The upper row shows levels, whose intervals are wide because replicates differ in random numbers that all arms share;
the lower row shows differences within replicates, in which the common noise cancels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import region
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

SPAN = 4
BEFORE = 26
LATE = 52
OUTCOMES = (*HEADLINE, "open")
STEPS = ((104, 52), (39, 26), (18, 13))
"""Above how many weeks their axis has a number every so many weeks."""


def series(reader: Reader, lang: str) -> Figure:
    """Draw the baseline, the strategy in focus, the same hours without branches, and the placebo."""
    arms = _arms(reader, lang)
    usual, own = ([name for name in names if name in reader.comparison.series] for names in (OUTCOMES, reader.own))
    outcomes = [*usual, *own]
    interval = Finding("comparison.mean_interval", sample=reader.sample).text(lang)
    shade = Entry(gettext(lang, "band: {interval}", interval=interval), style.PALE, band=True)
    return Page(
        title=_title(reader, usual or outcomes),
        subtitle=Finding("comparison.weekly", span=SPAN, baseline=reader.baseline, own=bool(reader.own)),
        note=Finding("comparison.weekly_note", sample=reader.sample),
        parts=[_plane(reader, arms, outcome, lang, levels) for levels in (True, False) for outcome in outcomes],
        key=[*arms.values(), shade],
        across=len(outcomes),
        share=("col", "none"),
    ).draw(lang)


def _arms(reader: Reader, lang: str) -> dict[str, Entry]:
    kinds = [("baseline", reader.baseline), ("focus", reader.focus)]
    kinds += [("arrangement", name) for name in reader.policies if name != reader.focus]
    kinds += [(kind, name) for kind in ("hours_matched", "placebo") if (name := reader.control(kind))]
    present, entries = set(reader.comparison.series["arm"].unique()), {}
    for kind, name in kinds:
        if name in present:
            colour, dashes, width = style.LINES[kind]
            entries[name] = Entry(capital(words.arm(name, lang, short=True)), colour, dashes=dashes, width=width)
    return entries


def apart_from(reader: Reader, arm: str, outcome: str) -> NDArray[np.float64]:
    """Return an arm's differences to the baseline, replicate by replicate and week by week."""
    own, base = reader.weekly(arm, outcome), reader.weekly(reader.baseline, outcome)
    shared = own.index.intersection(base.index)
    return own.loc[shared].to_numpy(float) - base.loc[shared].to_numpy(float)


def smooth(values: NDArray[np.float64], span: int = SPAN) -> NDArray[np.float64]:
    """Average each week with the `span - 1` weeks before it, so that no week knows the future.

    Weeks without a value, such as the first ones of standing disputes, count for nothing.

    Examples
    --------
    >>> smooth(np.array([[0.0, 2.0, 4.0, 6.0], [np.nan, np.nan, 4.0, 6.0]]), 2).tolist()
    [[0.0, 1.0, 3.0, 5.0], [nan, nan, 4.0, 5.0]]
    """
    import pandas as pd

    return pd.DataFrame(values.T).rolling(span, min_periods=1).mean().to_numpy().T


def band(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean over replicates and the half width of its 95 % interval (NaN with one replicate)."""
    from scipy.special import stdtrit

    n = len(values)
    mean = values.mean(axis=0)
    if n < 2:
        return mean, np.full_like(mean, math.nan)
    return mean, values.std(axis=0, ddof=1) / math.sqrt(n) * float(stdtrit(n - 1, 0.975))


def _plane(reader: Reader, arms: Mapping[str, Entry], outcome: str, lang: str, levels: bool) -> Plane:
    """Return the levels of an outcome week by week, or the differences to the baseline."""
    weeks = np.sort(reader.comparison.series["week"].unique()).astype(float) - reader.warmup
    shown = weeks >= -BEFORE
    lines = []
    for order, (arm, look) in enumerate(arms.items()):
        values = reader.weekly(arm, outcome).to_numpy(float) if levels else apart_from(reader, arm, outcome)
        if len(values) and (levels or arm != reader.baseline):
            mean, half = (numbers[shown] for numbers in band(smooth(values)))
            lines.append(
                Series(weeks[shown], mean, look, None, (mean - half, mean + half), True, shaded=True, order=3 + order)
            )
    step = next((step for most, step in STEPS if weeks[-1] > most), 4)
    name = capital(words.noun(outcome, lang).name)
    if outcome in reader.own:
        name = gettext(lang, "{name}, {unit}", name=name, unit=words.unit(outcome, lang))
    return Plane(
        title=name if levels else "",
        axis="" if levels else gettext(lang, "weeks since the start"),
        under="" if levels else gettext(lang, "difference"),
        series=lines,
        x=Scale((weeks[shown][0], weeks[-1]), {week: f"{week:g}" for week in np.arange(0, weeks[-1] + 1, step)}),
        # An interval may reach below zero, a rate cannot.
        y=Scale(floor=0.0) if levels else Scale(form="+,.10g"),
        zero=not levels,
        starts=(0.0,),
    )


def late(reader: Reader, arm: str, outcome: str, weeks: int = LATE) -> Effect:
    """Return an arm's effect in the last weeks of the run, with a 95 % interval of its own.

    The verdict is that of `statistics.regions`, in words that know no better side.  It is read from an interval as
    wide as those of the table, which hold for all its rows together: a title must not be surer than the table.
    """
    differences = apart_from(reader, arm, outcome)[:, -weeks:].mean(axis=1)
    level = float(reader.weekly(reader.baseline, outcome).to_numpy(float)[:, -weeks:].mean())
    if not len(differences):
        differences = np.array([math.nan])
    result = paired(differences, np.zeros(len(differences)), "neither")
    verdict = region(*result.interval(reader.confidence), reader.margin * abs(level), "neither")
    return Effect(outcome, result.difference, result.ci_low, result.ci_high, level, verdict, strategy=arm)


def _title(reader: Reader, outcomes: list[str]) -> Finding:
    """How the last weeks of each policy compare with the baseline, outcome by outcome."""
    if reader.focus == reader.baseline or not outcomes:
        return Finding("common.arm", name=reader.baseline)
    measured = reader.comparison.series["week"].nunique() - reader.warmup
    weeks = max(1, min(LATE, measured))
    parts: list[Finding] = []
    for policy in reader.policies:
        # Where the last weeks are all that is measured, the table has their effect.
        table = [reader.effect(policy, outcome) if weeks == measured else None for outcome in outcomes]
        effects = [
            effect or late(reader, policy, outcome, weeks) for effect, outcome in zip(table, outcomes, strict=True)
        ]
        named = 0 if parts else weeks
        parts.append(Finding("comparison.late", policy=policy, effects=effects, weeks=named, margin=reader.margin))
    return Finding("comparison.title", parts=parts)
