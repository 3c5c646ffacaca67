"""Effect forests: every arm against no branches and against the same hours, several outcomes side by side.

Conflicts, filed cases and standing disputes are drawn together or not at all, since they may move in opposite
directions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent, tick
from experiments.reporting.pages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Forest", "Row", "arm_rows", "coverages", "draw_forest", "forest", "key"]

ROW = 0.185
HEAD, FOOT = 0.42, 0.42
NUMBERS = 0.42
BAND = "#ececec"
DASHES = (0, (2.2, 1.3))
THICK, THIN = 2.6, 0.9
"""Widths of a bar of chance, where there is one over assumptions, and of that."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a forest: a heading (no arm), an arm, or an arm against the same hours or the whole (`against`)."""

    label: str
    arm: str = ""
    against: str | None = None


@dataclass(frozen=True)
class Forest:
    """What stands above a forest and below."""

    title: Finding
    subtitle: Finding | None
    note: Finding


def forest(reader: Reader, lang: str) -> Figure:
    """Draw every strategy, the parts of the one in focus and the controls; its title is about both policies."""
    controls = [control for policy in reader.policies for control in reader.hours_controls(policy)]
    several = find.count(reader) if len(reader.strategies) > len(reader.policies) else None
    rows = [row for heading, names in _groups(reader) for row in _group(reader, heading, names, lang)]
    return draw_forest(
        reader,
        rows,
        HEADLINE,
        lang,
        Forest(
            title=Finding("comparison.title", parts=[find.summary(reader, policy) for policy in reader.policies]),
            subtitle=Finding(
                "comparison.paragraph",
                parts=[
                    *([several] if several else []),
                    *(find.hours(reader, control, numbers=False) for control in controls),
                ],
            ),
            note=_note(reader),
        ),
    )


def coverages(reader: Reader, lang: str) -> Figure:
    """Draw the coverage strategies of the further arms, each alone and as the coverage of the arrangement."""
    there = reader.further or reader
    whole = [name for name in there.strategies if name == words.ARRANGEMENT]
    alone = [name for name in there.strategies if name != words.ARRANGEMENT]
    groups = {"alone": alone, "coverage": [*whole, *there.covers]}
    rows: list[Row] = []
    for group, names in groups.items():
        rows += _heading(there, group, lang) if names else []
        # Inside its group, the arrangement is called after its own coverage.
        rows += [Row(words.arm(find.coverage_of(name), lang), name) for name in names]
    found = {group: one for group, names in groups.items() if (one := find.best(there, names))}
    return draw_forest(
        there,
        rows,
        HEADLINE,
        lang,
        Forest(
            title=Finding("comparison.coverages", **found) if found else find.summary(there, there.focus),
            subtitle=find.count(there, alone) if len(alone) > 1 else None,
            note=_note(there),
        ),
    )


def _note(reader: Reader) -> Finding:
    return Finding("comparison.forest_note", sample=reader.sample, margin=reader.margin, worlds=reader.worlds)


def _groups(reader: Reader) -> list[tuple[str, list[str]]]:
    return [
        ("policies" if len(reader.policies) > 1 else "strategies", reader.strategies),
        ("covers", reader.covers),
        ("lesser", reader.lesser),
        ("parts", reader.parts),
        ("controls", reader.controls),
    ]


def _heading(reader: Reader, group: str, lang: str) -> list[Row]:
    against = gettext(lang, ", against {baseline}", baseline=words.arm(reader.baseline, lang))
    return [Row(sentence(lang, f"comparison.group_heads.{group}") + against)]


def _group(reader: Reader, group: str, names: Sequence[str], lang: str) -> list[Row]:
    """Return a heading and its arms, each with what else it is set against; nothing without arms."""
    bases = {name: words.base_of(name) for name in names}
    short = len(set(bases.values())) == 1 and all(base != name for name, base in bases.items())
    rows = [row for name in names for row in arm_rows(reader, name, words.arm(name, lang, short=short), lang)]
    return [*_heading(reader, group, lang), *rows] if names else []


def arm_rows(reader: Reader, name: str, label: str, lang: str) -> list[Row]:
    """Return the line of an arm, and those of what else it is set against."""
    rows = [Row(label, name)]
    for other in (*reader.hours_controls(name), *reader.wholes(name)):
        what = words.arm(other, lang, short=bool(words.control_of(other)))
        rows.append(Row("   " + gettext(lang, "against {what}", what=what), name, other))
    return rows


def draw_forest(reader: Reader, rows: Sequence[Row], outcomes: Sequence[str], lang: str, texts: Forest) -> Figure:
    """Draw rows of arms, a panel for each outcome, with a title, a subtitle and a note."""
    subtitle = texts.subtitle.text(lang) if texts.subtitle else ""
    height = HEAD + ROW * len(rows) + FOOT + key_height(key(reader, rows, outcomes, lang), lang)
    sheet = Sheet(texts.title.text(lang), subtitle, texts.note.text(lang), height, lang)
    _draw_rows(sheet, reader, rows, outcomes)
    return sheet.finished()


def _draw_rows(sheet: Sheet, reader: Reader, rows: Sequence[Row], outcomes: Sequence[str]) -> None:
    """Draw the rows' labels and one panel for each outcome."""
    lang = sheet.lang
    labels = max(text_width(row.label, 8, lang, "normal" if row.arm else "bold") for row in rows if row.arm)
    left = min(labels, 2.3) + 0.14
    each = (WIDTH - left + 0.06) / len(outcomes)
    for place, row in enumerate(rows):
        sheet.text(
            0.05,
            HEAD + (place + 0.5) * ROW + 0.04,
            row.label if row.against else capital(row.label),
            weight="normal" if row.arm else "bold",
            colour=style.MUTED if row.against else style.INK,
        )
    for column, outcome in enumerate(outcomes):
        start = left + column * each
        axes = sheet.axes(start, HEAD, each - NUMBERS - 0.1, ROW * len(rows))
        _panel(axes, reader, rows, outcome, lang)
        sheet.text(start, 0.17, capital(words.noun(outcome, lang).name), size=9, weight="bold")
        sheet.text(start, 0.32, _baseline(reader, outcome, lang), size=7, colour=style.MUTED)
        sheet.text(start + each - 0.12, 0.32, "%", size=7.5, align="right", colour=style.MUTED)
        axes.set_xlabel(gettext(lang, "difference, %"), labelpad=2)
        for place, row in enumerate(rows):
            effect = reader.effect(row.arm, outcome, row.against) if row.arm else None
            if effect is not None:
                marks = style.VERDICT_MARKS.get(effect.verdict, style.VERDICT_MARKS["undecided"])
                strong = effect.verdict in BEYOND
                sheet.text(
                    start + each - 0.12,
                    HEAD + (place + 0.5) * ROW + 0.035,
                    _number(effect),
                    size=7.5,
                    align="right",
                    colour=marks[1] if strong else style.MUTED,
                )
    draw_key(sheet, key(reader, rows, outcomes, lang), HEAD + ROW * len(rows) + FOOT)


def _baseline(reader: Reader, outcome: str, lang: str) -> str:
    """Tell what the percentages are percentages of."""
    means = (effect.base for name in reader.arms if (effect := reader.effect(name, outcome)))
    level, name = amount(next(means, math.nan)), words.arm(reader.baseline, lang)
    return gettext(lang, "{name}: {level}", name=name, level=level)


def _number(effect: Effect) -> str:
    return "–" if effect.kind == "unknown" else percent(effect.percent, signed=True).removesuffix("%")


def _panel(axes: Axes, reader: Reader, rows: Sequence[Row], outcome: str, lang: str) -> None:
    total = len(rows)
    axes.set_ylim(total, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    effects = {
        place: effect
        for place, row in enumerate(rows)
        if row.arm
        if (effect := reader.effect(row.arm, outcome, row.against)) and math.isfinite(effect.percent)
    }
    low, high = _limits(list(effects.values()), 100 * reader.margin)
    axes.set_xlim(low, high)
    axes.axvspan(-100 * reader.margin, 100 * reader.margin, color=BAND, lw=0, zorder=0)
    axes.axvline(0, color=style.INK, lw=0.8, zorder=1)
    for place, row in enumerate(rows):
        if not row.arm:  # a heading may reach into the panel
            axes.axhspan(place, place + 0.95, color="white", lw=0, zorder=1.5)
            axes.axhline(place + 0.95, color=style.PALE, lw=0.6, zorder=1)
    for place, effect in effects.items():
        _mark(axes, effect, place + 0.5, (low, high), hollow=rows[place].against is not None)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda value, _place: tick(value))


def _mark(axes: Axes, effect: Effect, y: float, limits: tuple[float, float], hollow: bool) -> None:
    marker, colour, size = style.VERDICT_MARKS.get(effect.verdict, style.VERDICT_MARKS["undecided"])
    bars = [(effect.interval, THICK if effect.ranged else 1.1), *([(effect.reach, THIN)] if effect.ranged else [])]
    for ends, width in bars:
        low, high = (max(limits[0], min(limits[1], end)) for end in ends)
        if math.isfinite(low) and math.isfinite(high):
            axes.plot(
                [low, high],
                [y, y],
                color=colour,
                lw=width,
                ls=DASHES if hollow else "-",
                zorder=3,
                solid_capstyle="butt",
                dash_capstyle="butt",
            )
    if limits[0] <= effect.percent <= limits[1]:
        axes.plot(
            effect.percent,
            y,
            marker=marker,
            ms=4.6 * size,
            mfc="white" if hollow else colour,
            mec=colour,
            mew=1.0,
            ls="none",
            zorder=4,
            clip_on=False,
        )
    reach = (limits[1] - limits[0]) * 0.012
    drawn = [end for pair, _ in bars for end in pair if math.isfinite(end)]
    for beyond, edge, arrow in (
        (min(drawn, default=0.0) < limits[0], limits[0] + reach, "<"),
        (max(drawn, default=0.0) > limits[1], limits[1] - reach, ">"),
    ):
        if beyond:
            axes.plot(edge, y, marker=arrow, ms=4.5, color=colour, mew=0, ls="none", zorder=5, clip_on=False)


def _limits(effects: Sequence[Effect], margin: float) -> tuple[float, float]:
    """Choose an axis that shows the bulk of the intervals; a lone far one gets an arrow and its number."""
    every = [end for effect in effects for end in (*effect.interval, *effect.reach)]
    ends = np.array([end for end in every if math.isfinite(end)] or [0.0])

    def reach(sizes: np.ndarray) -> float:
        largest = float(sizes.max(initial=0.0))
        moved = sizes[sizes > margin]
        typical = float(np.quantile(moved, 0.7)) if len(moved) else 0.0
        return min(largest, 5 * typical) if typical else largest

    low, high = reach(-ends[ends < 0]), reach(ends[ends > 0])
    least = max(1.6 * margin, 0.12 * max(low, high))
    return -1.08 * max(low, least), 1.08 * max(high, least)


def key(reader: Reader, rows: Sequence[Row], outcomes: Sequence[str], lang: str) -> list[Entry]:
    """Name every mark that is drawn, the two kinds of comparison and the band."""
    shown = [effect for row in rows if row.arm for effect in reader.effects(row.arm, tuple(outcomes), row.against)]
    verdicts = {effect.verdict for effect in shown}
    entries = [
        Entry(words.verdict(name, lang), colour, marker, 4.6 * size)
        for name, (marker, colour, size) in style.VERDICT_MARKS.items()
        if name in verdicts
    ]
    margin = f"{100 * reader.margin:g}%"
    entries.append(Entry(gettext(lang, "equivalence band, ±{margin}", margin=margin), BAND, band=True))
    if any(effect.ranged for effect in shown):
        thin = gettext(lang, "thin: over assumptions, 90% of worlds")
        entries.append(Entry(gettext(lang, "thick: chance, 95%"), style.MUTED, width=THICK))
        entries.append(Entry(thin, style.MUTED, width=THIN))
    others = {words.control_of(row.against) for row in rows if row.against}
    if others:
        names = [gettext(lang, "the same hours without branches")] if others - {""} else []
        names += [words.arm("arrangement", lang)] if "" in others else []
        filled = gettext(lang, "filled: against {baseline}", baseline=words.arm(reader.baseline, lang))
        hollow = gettext(lang, "open, dashed: against {names}", names=gettext(lang, " or ").join(names))
        entries.append(Entry(filled, style.MUTED, "o", fresh=True))
        entries.append(Entry(hollow, style.MUTED, "o", dashes=DASHES, hollow=True))
    return entries
