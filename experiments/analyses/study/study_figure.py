"""The figure of a study: every arm's effect on each outcome, with its interval and verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, wrap
from experiments.reporting import words
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.numbers import amount, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["note", "study_figure"]

ROW, HEAD, LINE, FOOT, NUMBERS, NAMES, ACROSS = 0.27, 0.4, 0.14, 0.42, 0.5, 1.75, 3
"""Inches: a row, what stands above and below a panel, the numbers beside it, the arms' names; and panels in a line."""
BAND = "#ececec"


def study_figure(
    table: pd.DataFrame, baseline: str, outcomes: Sequence[str], title: str, subtitle: str, margin: float,
    lang: str = "en",
) -> Figure:  # fmt: skip
    """Draw a panel for each outcome with a row for each arm.

    Parameters
    ----------
    table
        Of a comparison.
    baseline
        What the arms are compared with.
    outcomes
        One panel each, three in a row.
    title, subtitle
        The finding.
    margin
        Share of the baseline within which a difference does not matter.
    lang
        `en` or `zh`.
    """
    rows = table[(table["against"] == baseline) & (table["strategy"] != baseline)]
    arms = list(dict.fromkeys(rows["strategy"]))
    found = {(row["strategy"], row["outcome"]): row for row in rows.to_dict("records")}
    shown = [name for name in outcomes if name in set(rows["outcome"])]
    lines = -(-len(shown) // ACROSS)
    with style.drawing(lang):
        width = (WIDTH - NAMES) / ACROSS
        titles = {name: wrap(capital(words.noun(name, lang).name), 8, width - 0.1, lang, "bold") for name in shown}
        head = HEAD + LINE * (max(map(len, titles.values()), default=1) - 1)
        each = head + ROW * len(arms) + FOOT
        entries = _key({str(row["verdict"]) for row in found.values() if row["outcome"] in shown}, margin, lang)
        text = note(int(table["replicates"].max()), baseline, lang)
        sheet = Sheet(title, subtitle, text, lines * each + key_height(entries, lang), lang)
        for place, outcome in enumerate(shown):
            line, column = divmod(place, ACROSS)
            top = line * each + head - HEAD
            if not column:
                _names(sheet, arms, top + HEAD)
            effects = [found.get((arm, outcome)) for arm in arms]
            moves = [None if row is None else Move.of(row) for row in effects]
            verdicts = [str(row["verdict"]) if row is not None else "" for row in effects]
            _panel(sheet, outcome, titles[outcome], moves, verdicts, NAMES + column * width, top, width, margin)
        draw_key(sheet, entries, lines * each)
        return sheet.finished()


def note(replicates: int, baseline: str, lang: str) -> str:
    """Say what each mark and bar is; the report's caption says the same."""
    base = words.arm(baseline, lang)
    return ngettext(
        lang,
        "Mark and number: mean paired difference from “{base}” over {number} replicate on common random numbers, "
        "in per cent of the baseline, or in the unit that the axis names. Bar: 95% interval of that mean "
        "difference (not the spread of runs). Mark and colour: verdict, from wider intervals that hold for all "
        "effects together. Outcomes without a better side rise or fall. Panels differ in scale.",
        "Mark and number: mean paired difference from “{base}” over {number} replicates on common random "
        "numbers, in per cent of the baseline, or in the unit that the axis names. Bar: 95% interval of that "
        "mean difference (not the spread of runs). Mark and colour: verdict, from wider intervals that hold for "
        "all effects together. Outcomes without a better side rise or fall. Panels differ in scale.",
        replicates, base=base)


def _names(sheet: Sheet, arms: Sequence[str], top: float) -> None:
    for place, arm in enumerate(arms):
        lines = wrap(capital(words.arm(arm, sheet.lang)), 7.5, NAMES - 0.15, sheet.lang)[:2]
        middle = top + (place + 0.5) * ROW + 0.035 - 0.06 * (len(lines) - 1)
        for step, line in enumerate(lines):
            sheet.text(0.05, middle + 0.12 * step, line, size=7.5)


def _panel(
    sheet: Sheet, outcome: str, title: Sequence[str], moves: Sequence[Move | None], verdicts: Sequence[str],
    left: float, top: float, width: float, margin: float,
) -> None:  # fmt: skip
    lang = sheet.lang
    base = next((abs(move.base) for move in moves if move is not None), 0.0)
    largest = max((abs(move.difference) for move in moves if move is not None), default=0.0)
    per_cent = bool(np.isfinite(base) and base > 0 and largest < 10 * base)
    scale = 100.0 / base if per_cent else 1.0
    axes = sheet.axes(left, top + HEAD, width - NUMBERS - 0.1, ROW * len(moves))
    axes.set_ylim(len(moves), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if per_cent:
        axes.axvspan(-100 * margin, 100 * margin, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    for place, (move, verdict) in enumerate(zip(moves, verdicts, strict=True)):
        if move is None or not np.isfinite(move.difference):
            continue
        _mark(axes, place + 0.5, move, verdict, scale)
        size = scale * move.difference
        number = percent(size, signed=True)[:-1] if per_cent else amount(size, signed=True)
        number = number if number.strip("+−0.") else "0"
        colour = style.VERDICT_MARKS[verdict][1] if verdict in BEYOND else style.MUTED
        sheet.text(left + width - 0.12, top + HEAD + (place + 0.5) * ROW + 0.035, number, size=7.5, align="right",
                   colour=colour)  # fmt: skip
    for step, text in enumerate(reversed(title)):
        sheet.text(left, top + 0.16 - LINE * step, text, size=8, weight="bold")
    level = amount(base) if np.isfinite(base) else "–"
    sheet.text(left, top + 0.3, gettext(lang, "baseline: {level}", level=level), size=7, colour=style.MUTED)
    if per_cent:
        sheet.text(left + width - 0.12, top + 0.3, "%", size=7.5, align="right", colour=style.MUTED)
    unit = wrap("%" if per_cent else words.unit(outcome, lang), 7.5, width - 0.9, lang)[0]
    axes.set_xlabel(gettext(lang, "change, {unit}", unit=unit), labelpad=2, size=7.5)
    axes.locator_params(axis="x", nbins=3)


def _mark(axes: Axes, at: float, move: Move, verdict: str, scale: float) -> None:
    marker, colour, size = style.VERDICT_MARKS.get(verdict, style.VERDICT_MARKS["undecided"])
    low, high = scale * move.low, scale * move.high
    if np.isfinite(low) and np.isfinite(high):
        axes.plot([low, high], [at, at], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    axes.plot(scale * move.difference, at, marker, color=colour, markersize=4.6 * size, markeredgewidth=0.4,
              markeredgecolor="white", zorder=3)  # fmt: skip


def _key(drawn: set[str], margin: float, lang: str) -> list[Entry]:
    entries = [
        Entry(words.verdict(name, lang), colour, marker, 4.6 * size)
        for name, (marker, colour, size) in style.VERDICT_MARKS.items()
        if name in drawn
    ]
    band = f"±{100 * margin:g}%"
    return [*entries, Entry(gettext(lang, "equivalence band, {band}", band=band), BAND, band=True)]
