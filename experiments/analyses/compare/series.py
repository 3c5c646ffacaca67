"""Weekly series of a few arms, with intervals of the mean, and their paired differences below.

The upper row shows levels, whose intervals are wide because replicates differ in random numbers that all arms share;
the lower row shows differences within replicates, in which the common noise cancels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import region
from experiments.figures import style
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["apart_from", "band", "late", "series", "smooth"]

SPAN = 4
BEFORE = 26
LATE = 52
OUTCOMES = (*HEADLINE, "open")
TOP, TALL, SHORT = 0.3, 1.55, 1.45
STEPS = ((104, 52), (39, 26), (18, 13))
"""Above how many weeks their axis has a number every so many weeks."""


def series(reader: Reader, lang: str) -> Figure:
    """Draw the baseline, the strategy in focus, the same hours without branches, and the placebo."""
    arms = _arms(reader)
    outcomes = [name for name in OUTCOMES if name in reader.comparison.series]
    interval = Finding("comparison.mean_interval", sample=reader.sample).text(lang)
    entries = [
        Entry(capital(words.arm(arm, lang, short=True)), colour, dashes=dashes, width=width)
        for arm, colour, dashes, width in arms
    ]
    entries.append(Entry(gettext(lang, "band: {interval}", interval=interval), style.PALE, band=True))
    subtitle = Finding("comparison.weekly", span=SPAN, baseline=reader.baseline)
    note = Finding("comparison.weekly_note", sample=reader.sample)
    texts = (_title(reader, outcomes), subtitle, note)
    sheet = keyed_sheet(texts, TOP + TALL + 0.42 + SHORT + 0.46, entries, lang)
    each = WIDTH / len(outcomes) if outcomes else WIDTH
    for column, outcome in enumerate(outcomes):
        left, width = column * each + 0.42, each - 0.52
        sheet.text(left - 0.3, TOP - 0.12, capital(words.noun(outcome, lang).name), size=9, weight="bold")
        levels = sheet.axes(left, TOP, width, TALL)
        differences = sheet.axes(left, TOP + TALL + 0.42, width, SHORT)
        _draw(levels, differences, reader, arms, outcome)
        levels.tick_params(labelbottom=False)
        differences.set_xlabel(gettext(lang, "weeks since the start"), labelpad=2)
        sheet.text(left - 0.3, TOP + TALL + 0.34, gettext(lang, "difference"), size=7.5, colour=style.MUTED)
    return sheet.finished()


def _arms(reader: Reader) -> list[tuple[str, str, Any, float]]:
    kinds = [("baseline", reader.baseline), ("focus", reader.focus)]
    kinds += [("arrangement", name) for name in reader.policies if name != reader.focus]
    kinds += [(kind, name) for kind in ("hours_matched", "placebo") if (name := reader.control(kind))]
    present = set(reader.comparison.series["arm"].unique())
    return [(name, *style.LINES[kind]) for kind, name in dict.fromkeys(kinds) if name in present]


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
    known = ~np.isnan(values)
    end = np.arange(1, values.shape[1] + 1)
    start = np.maximum(end - span, 0)

    def within(counted: NDArray[Any]) -> NDArray[Any]:
        total = np.cumsum(np.pad(counted, ((0, 0), (1, 0))), axis=1)
        return total[:, end] - total[:, start]

    weeks = within(known)
    return np.divide(within(np.where(known, values, 0.0)), weeks, out=np.full(values.shape, math.nan), where=weeks > 0)


def band(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean over replicates and the half width of its 95 % interval (NaN with one replicate)."""
    from scipy.special import stdtrit

    n = len(values)
    mean = values.mean(axis=0)
    if n < 2:
        return mean, np.full_like(mean, math.nan)
    return mean, values.std(axis=0, ddof=1) / math.sqrt(n) * float(stdtrit(n - 1, 0.975))


def _draw(
    levels: Axes, differences: Axes, reader: Reader, arms: list[tuple[str, str, Any, float]], outcome: str
) -> None:
    weeks = np.sort(reader.comparison.series["week"].unique()).astype(float) - reader.warmup
    shown = weeks >= -BEFORE
    for order, (arm, colour, dashes, width) in enumerate(arms):
        panels = [(levels, reader.weekly(arm, outcome).to_numpy(float))]
        if arm != reader.baseline:
            panels.append((differences, apart_from(reader, arm, outcome)))
        for axes, values in panels:
            if not len(values):
                continue
            mean, half = band(smooth(values))
            axes.fill_between(
                weeks[shown], (mean - half)[shown], (mean + half)[shown], color=colour, alpha=0.16, lw=0, zorder=2
            )
            axes.plot(weeks[shown], mean[shown], color=colour, ls=dashes, lw=width, zorder=3 + order)
    differences.axhline(0, color=style.INK, lw=0.8, zorder=1)
    for axes in (levels, differences):
        axes.axvline(0, color=style.MUTED, lw=0.9, ls=":", zorder=1)
        axes.set_xlim(weeks[shown][0], weeks[shown][-1])
        axes.locator_params(axis="y", nbins=5)
        axes.set_xticks(np.arange(0, weeks[-1] + 1, next((step for most, step in STEPS if weeks[-1] > most), 4)))
        axes.margins(y=0.06)
    differences.yaxis.set_major_formatter(lambda value, _place: tick(value, "+,.10g"))
    levels.set_ylim(bottom=max(0.0, levels.get_ylim()[0]))  # an interval may reach below zero, a rate cannot


def late(reader: Reader, arm: str, outcome: str, weeks: int = LATE) -> Effect:
    """Return an arm's effect in the last weeks of the run, with an interval of its own (not adjusted).

    The verdict is that of `statistics.regions`, in words that know no better side.
    """
    differences = apart_from(reader, arm, outcome)[:, -weeks:].mean(axis=1, keepdims=True)
    level = float(reader.weekly(reader.baseline, outcome).to_numpy(float)[:, -weeks:].mean())
    if not len(differences):
        differences = np.full((1, 1), math.nan)
    result = paired(differences[:, 0], np.zeros(len(differences)), "neither")
    verdict = region(result.ci_low, result.ci_high, reader.margin * abs(level), "neither")
    return Effect(outcome, result.difference, result.ci_low, result.ci_high, level, verdict, strategy=arm)


def _title(reader: Reader, outcomes: list[str]) -> Finding:
    """How the last weeks of each policy compare with the baseline, outcome by outcome."""
    if reader.focus == reader.baseline or not outcomes:
        return Finding("common.arm", name=reader.baseline)
    weeks = max(1, min(LATE, reader.comparison.series["week"].nunique() - reader.warmup))
    parts: list[Finding] = []
    for policy in reader.policies:
        effects, named = [late(reader, policy, outcome, weeks) for outcome in outcomes], 0 if parts else weeks
        parts.append(Finding("comparison.late", policy=policy, effects=effects, weeks=named, margin=reader.margin))
    return Finding("comparison.title", parts=parts)
