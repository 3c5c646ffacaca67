"""Effect forests: every arm against no branches and against the same hours, several outcomes side by side.

Conflicts, filed cases and standing disputes are drawn together or not at all, since they may move in opposite
directions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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

__all__ = ["Forest", "Row", "arm_rows", "coverages", "draw_forest", "forest", "key", "marks", "verdict_entries"]

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
    """Rows and outcomes to draw, and what stands above and below."""

    rows: Sequence[Row]
    outcomes: Sequence[str]
    title: Finding
    subtitle: Finding | None
    note: Finding


def forest(reader: Reader, lang: str) -> Figure:
    """Draw every strategy, the parts of the one in focus and the controls; its title is about both policies."""
    controls = [control for policy in reader.policies for control in reader.hours_controls(policy)]
    hours = [find.same_hours_finding(reader, control, numbers=False) for control in controls]
    several = find.count(reader) if len(reader.strategies) > len(reader.policies) else None
    title = Finding("comparison.title", parts=[find.summary(reader, policy) for policy in reader.policies])
    subtitle = Finding("comparison.paragraph", parts=[several, *hours] if several else hours)
    rows = [row for heading, names in _groups(reader) for row in _group(reader, heading, names, lang)]
    return draw_forest(reader, Forest(rows, HEADLINE, title, subtitle, _note(reader)), lang)


def coverages(reader: Reader, lang: str) -> Figure:
    """Draw the coverage strategies of the further arms, each alone and as the coverage of the arrangement."""
    ground = reader.further or reader
    whole = [name for name in ground.strategies if name == words.ARRANGEMENT]
    strategies = [name for name in ground.strategies if name != words.ARRANGEMENT]
    groups = {"alone": strategies, "coverage": [*whole, *ground.covers]}
    rows: list[Row] = []
    for group, names in groups.items():
        rows += _heading(ground, group, lang) if names else []
        # Inside its group, the arrangement is called after its own coverage.
        rows += [Row(words.arm(find.coverage_of(name), lang), name) for name in names]
    best = {group: finding for group, names in groups.items() if (finding := find.best(ground, names))}
    title = Finding("comparison.coverages", **best) if best else find.summary(ground, ground.focus)
    subtitle = find.count(ground, strategies) if len(strategies) > 1 else None
    return draw_forest(ground, Forest(rows, HEADLINE, title, subtitle, _note(ground)), lang)


def _note(reader: Reader) -> Finding:
    return Finding("comparison.forest_note", sample=reader.sample, margin=reader.margin, worlds=reader.worlds)


def _groups(reader: Reader) -> list[tuple[str, list[str]]]:
    own = ("policies" if len(reader.policies) > 1 else "strategies", reader.strategies)
    kinds = ("covers", "lesser", "parts", "controls")
    return [own, *((name, getattr(reader, name)) for name in kinds)]


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


def draw_forest(reader: Reader, forest: Forest, lang: str) -> Figure:
    """Draw the rows' labels and one panel for each outcome."""
    rows, entries = forest.rows, key(reader, forest.rows, forest.outcomes, lang)
    title, subtitle, note = (text.text(lang) if text else "" for text in (forest.title, forest.subtitle, forest.note))
    foot = HEAD + ROW * len(rows) + FOOT
    sheet = Sheet(title, subtitle, note, foot + key_height(entries, lang), lang)
    left = min(max(text_width(row.label, 8, lang) for row in rows if row.arm), 2.3) + 0.14
    for place, row in enumerate(rows):
        label, weight = row.label if row.against else capital(row.label), "normal" if row.arm else "bold"
        colour = style.MUTED if row.against else style.INK
        sheet.text(0.05, HEAD + (place + 0.5) * ROW + 0.04, label, weight=weight, colour=colour)
    each = (WIDTH - left + 0.06) / len(forest.outcomes)
    for column, outcome in enumerate(forest.outcomes):
        start = left + column * each
        axes = sheet.axes(start, HEAD, each - NUMBERS - 0.1, ROW * len(rows))
        _panel(axes, reader, rows, outcome)
        axes.set_xlabel(gettext(lang, "difference, %"), labelpad=2)
        sheet.text(start, 0.17, capital(words.noun(outcome, lang).name), size=9, weight="bold")
        sheet.text(start, 0.32, _baseline(reader, outcome, lang), size=7, colour=style.MUTED)
        right = start + each - 0.12
        sheet.text(right, 0.32, "%", size=7.5, align="right", colour=style.MUTED)
        for place, row in enumerate(rows):
            effect = reader.effect(row.arm, outcome, row.against) if row.arm else None
            if effect is not None:
                _marker, colour, _size = marks(effect)
                shown = colour if effect.verdict in BEYOND else style.MUTED
                top = HEAD + (place + 0.5) * ROW + 0.035
                sheet.text(right, top, _number(effect), size=7.5, align="right", colour=shown)
    draw_key(sheet, entries, foot)
    return sheet.finished()


def marks(effect: Effect) -> tuple[str, str, float]:
    """Return mark, colour and size of an effect's verdict."""
    return style.VERDICT_MARKS.get(effect.verdict, style.VERDICT_MARKS["undecided"])


def _baseline(reader: Reader, outcome: str, lang: str) -> str:
    """Tell what the percentages are percentages of."""
    means = (effect.base for name in reader.arms if (effect := reader.effect(name, outcome)))
    level, name = amount(next(means, math.nan)), words.arm(reader.baseline, lang)
    return gettext(lang, "{name}: {level}", name=name, level=level)


def _number(effect: Effect) -> str:
    return "–" if effect.kind == "unknown" else percent(effect.percent, signed=True).removesuffix("%")


def _panel(axes: Axes, reader: Reader, rows: Sequence[Row], outcome: str) -> None:
    total = len(rows)
    axes.set_ylim(total, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    known = {place: reader.effect(row.arm, outcome, row.against) for place, row in enumerate(rows) if row.arm}
    effects = {place: effect for place, effect in known.items() if effect and math.isfinite(effect.percent)}
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
    marker, colour, size = marks(effect)
    bars = [(effect.interval, THICK if effect.ranged else 1.1), *([(effect.reach, THIN)] if effect.ranged else [])]
    lines = DASHES if hollow else "-"
    for ends, width in bars:
        low, high = (max(limits[0], min(limits[1], end)) for end in ends)
        if math.isfinite(low) and math.isfinite(high):
            caps: dict[str, Any] = {"solid_capstyle": "butt", "dash_capstyle": "butt"}
            axes.plot([low, high], [y, y], color=colour, lw=width, ls=lines, zorder=3, **caps)
    if limits[0] <= effect.percent <= limits[1]:
        fill: dict[str, Any] = {"mfc": "white" if hollow else colour, "mec": colour, "mew": 1.0, "ls": "none"}
        axes.plot(effect.percent, y, marker=marker, ms=4.6 * size, zorder=4, clip_on=False, **fill)
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


def verdict_entries(effects: Iterable[Effect], lang: str, size: float = 4.6, width: float = 1.1) -> list[Entry]:
    """Name the marks of all verdicts that some effects have."""
    verdicts = {effect.verdict for effect in effects}
    known = {name: mark for name, mark in style.VERDICT_MARKS.items() if name in verdicts}
    return [
        Entry(words.verdict(name, lang), colour, marker, size * scale, width=width)
        for name, (marker, colour, scale) in known.items()
    ]


def key(reader: Reader, rows: Sequence[Row], outcomes: Sequence[str], lang: str) -> list[Entry]:
    """Name every mark that is drawn, the two kinds of comparison and the band."""
    shown = [effect for row in rows if row.arm for effect in reader.effects(row.arm, tuple(outcomes), row.against)]
    entries = verdict_entries(shown, lang)
    margin = f"{100 * reader.margin:g}%"
    entries.append(Entry(gettext(lang, "equivalence band, ±{margin}", margin=margin), BAND, band=True))
    if any(effect.ranged for effect in shown):
        thin = gettext(lang, "thin: over assumptions, 90% of worlds")
        entries.append(Entry(gettext(lang, "thick: chance, 95%"), style.MUTED, width=THICK))
        entries.append(Entry(thin, style.MUTED, width=THIN))
    controls = {words.control_of(row.against) for row in rows if row.against}
    if controls:
        names = [gettext(lang, "the same hours without branches")] if controls - {""} else []
        names += [words.arm("arrangement", lang)] if "" in controls else []
        filled = gettext(lang, "filled: against {baseline}", baseline=words.arm(reader.baseline, lang))
        hollow = gettext(lang, "open, dashed: against {names}", names=gettext(lang, " or ").join(names))
        entries.append(Entry(filled, style.MUTED, "o", fresh=True))
        entries.append(Entry(hollow, style.MUTED, "o", dashes=DASHES, hollow=True))
    return entries
