"""Effect forests: every arm against no branches and against the same hours, several outcomes side by side.

Conflicts, filed cases and standing disputes are drawn together or not at all, since they may move in opposite
directions. Policies are also taken apart: full coverage into mediation, routine services, attraction and hours, each
alone; the arrangement less each of its parts, beside no branches and beside the whole. The parts may differ in sign, so
they are never given as one number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.figures import interval_rows, style
from experiments.figures.entry import Entry, band_entry, ink_of, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, bulk
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DASHES = (0, (2.2, 1.3))
THICK, THIN = 2.6, 0.9
"""Widths of a bar of chance, where there is one over assumptions, and of that."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a forest: a heading (no arm), an arm, or an arm against the same hours or the whole (`against`)."""

    label: str
    arm: str = ""
    against: str | None = None


def forest(reader: Reader, lang: str) -> Figure:
    """Draw every strategy, the parts of the one in focus and the controls; its title is about both policies."""
    controls = [control for policy in reader.policies for control in reader.hours_controls(policy)]
    hours = [find.same_hours_finding(reader, control, numbers=False) for control in controls]
    several = [find.count(reader)] if len(reader.strategies) > len(reader.policies) else []
    title = Finding("comparison.title", parts=[find.summary(reader, policy) for policy in reader.policies])
    subtitle = Finding("comparison.paragraph", parts=[*filter(None, several), *hours])
    groups = {
        "policies" if len(reader.policies) > 1 else "strategies": reader.strategies,
        "covers": reader.covers,
        "lesser": reader.lesser,
        "parts": reader.parts,
        "controls": reader.controls,
    }
    rows: list[Row] = []
    for group, names in groups.items():
        bases = {name: words.base_of(name) for name in names}
        short = len(set(bases.values())) == 1 and all(base != name for name, base in bases.items())
        labels = {name: words.arm(name, lang, short=short) for name in names}
        rows += _group(reader, group, labels, lang)
    return draw_forest(reader, rows, (title, subtitle), lang, [*dict.fromkeys((*reader.led, *reader.own))])


def coverages(reader: Reader, lang: str) -> Figure:
    """Draw the coverage strategies of the further arms, each alone and as the coverage of the arrangement."""
    ground = reader.further or reader
    whole = [name for name in ground.strategies if name == words.ARRANGEMENT]
    strategies = [name for name in ground.strategies if name != words.ARRANGEMENT]
    groups = {"alone": strategies, "coverage": [*whole, *ground.covers]}
    rows: list[Row] = []
    for group, names in groups.items():
        # Inside its group, the arrangement is called after its own coverage.
        labels = {name: words.arm(find.coverage_of(name), lang) for name in names}
        rows += _group(ground, group, labels, lang, paired=False)
    best = {group: finding for group, names in groups.items() if (finding := find.best(ground, names))}
    title = Finding("comparison.coverages", **best) if best else find.summary(ground, ground.focus)
    subtitle = find.count(ground, strategies) if len(strategies) > 1 else None
    return draw_forest(ground, rows, (title, subtitle), lang)


def parts(reader: Reader, lang: str) -> Figure:
    """Draw full coverage (or what is in focus) and its parts, and the arrangement less each of its own."""
    reader = reader.further or reader
    first, *pieces = reader.components()
    whole = words.arm(first, lang)
    rows: list[Row] = []
    if pieces:
        rows += [Row(gettext(lang, "{name}, taken apart", name=whole))] if reader.lesser else []
        rows += [Row(whole, first), *(Row(words.arm(piece, lang, short=True), piece) for piece in pieces)]
    if reader.lesser:
        rows.append(Row(gettext(lang, "The arrangement, less one part each")))
        rows += [Row(words.arm("arrangement", lang), "arrangement")] if "arrangement" in reader.strategies else []
        rows += [row for arm in reader.lesser for row in _arm(reader, arm, words.arm(arm, lang, short=True), lang)]
    findings = [*filter(None, (find.brought(reader, "conflicts", numbers=False), find.parts_beside(reader)))]
    title, base = findings[0] if findings else find.summary(reader, reader.focus), reader.baseline
    subtitle = Finding("comparison.made_of", before=findings[1:], base=base)
    note = Finding(
        "comparison.parts_note", sample=reader.sample, base="" if reader.lesser else base, margin=reader.margin
    )
    outcomes = [name for name in (*HEADLINE, "open") if name in reader.outcomes]
    return draw_forest(reader, rows, (title, subtitle, note), lang, outcomes)


def _group(reader: Reader, group: str, labels: Mapping[str, str], lang: str, paired: bool = True) -> list[Row]:
    """Return a heading and its arms, each with what else it is set against if `paired`; nothing without arms."""
    if not labels:
        return []
    against = gettext(lang, ", against {baseline}", baseline=words.arm(reader.baseline, lang))
    rows = [Row(sentence(lang, f"comparison.group_heads.{group}") + against)]
    for name, label in labels.items():
        rows += _arm(reader, name, label, lang) if paired else [Row(label, name)]
    return rows


def _arm(reader: Reader, name: str, label: str, lang: str) -> list[Row]:
    """Return the line of an arm, and those of what else it is set against."""
    rows = [Row(label, name)]
    for other in (*reader.hours_controls(name), *reader.wholes(name)):
        what = words.arm(other, lang, short=bool(words.control_of(other)))
        rows.append(Row("   " + gettext(lang, "against {what}", what=what), name, other))
    return rows


def draw_forest(
    reader: Reader, arms: Sequence[Row], texts: Sequence[Finding | None], lang: str, outcomes: Sequence[str] = HEADLINE
) -> Figure:
    """Draw the arms' labels and a panel for each outcome that was measured; the texts are title, subtitle and note."""
    usual = Finding("comparison.forest_note", sample=reader.sample, margin=reader.margin, worlds=reader.worlds)
    title, subtitle, note = (*texts, usual)[:3]
    rows = [
        interval_rows.Row(
            row.label if row.against else capital(row.label), muted=row.against is not None, head=not row.arm
        )
        for row in arms
    ]
    known = [name for name in outcomes if any(reader.effect(row.arm, name, row.against) for row in arms if row.arm)]
    panels = [_panel(reader, arms, outcome, lang) for outcome in known or outcomes]
    entries = key(reader, arms, known, lang)
    return IntervalRows(title or "", rows, panels, entries, subtitle or "", note or "", across=len(panels)).draw(lang)


def _panel(reader: Reader, rows: Sequence[Row], outcome: str, lang: str) -> Panel:
    """Draw an outcome in per cent, or in its unit where the baseline has none, so that nothing can be a share of it."""
    effects = [reader.effect(row.arm, outcome, row.against) if row.arm else None for row in rows]
    known = [effect for effect in effects if effect]
    in_unit = any(effect.in_unit for effect in known) and not any(math.isfinite(effect.percent) for effect in known)
    margin = 0.0 if in_unit else 100 * reader.margin
    points = [[_point(effect, row, in_unit)] if effect else [] for effect, row in zip(effects, rows, strict=True)]
    means = (effect.base for name in reader.arms if (effect := reader.effect(name, outcome)))
    level, baseline = amount(next(means, math.nan)), words.arm(reader.baseline, lang)
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "difference, {unit}", unit=words.unit(outcome, lang))
        if in_unit
        else gettext(lang, "difference, %"),
        points=points,
        under=gettext(lang, "{name}: {level}", name=baseline, level=level),
        numbers=[
            (_number(effect, in_unit), ink_of(effect.verdict)) if effect else ("", style.INK) for effect in effects
        ],
        unit="" if in_unit else "%",
        band=None if in_unit else (-margin, margin),
        span=bulk(points, margin),
    )


def _point(effect: Effect, row: Row, in_unit: bool) -> Point:
    """Draw an effect: by chance, and by chance and over assumptions where there are such."""
    shape: dict[str, Any] = {"hollow": row.against is not None, "dashes": DASHES if row.against else "-"}
    ranged = effect.ranged and not in_unit
    look = verdict_entry(effect.verdict, width=THICK if ranged else 1.1, **shape)
    if in_unit:
        return Point(effect.low, effect.difference, effect.high, look)
    wide = effect.over if ranged else (math.nan, math.nan)
    return Point(effect.interval[0], effect.percent, effect.interval[1], look, wide, replace(look, width=THIN))


def _number(effect: Effect, in_unit: bool) -> str:
    if in_unit:
        return amount(effect.difference, signed=True)
    return "–" if effect.kind == "unknown" else percent(effect.percent, signed=True).removesuffix("%")


def key(reader: Reader, rows: Sequence[Row], outcomes: Sequence[str], lang: str) -> list[Entry]:
    """Name every mark that is drawn, the two kinds of comparison and the band."""
    shown = [effect for row in rows if row.arm for effect in reader.effects(row.arm, tuple(outcomes), row.against)]
    entries = [*verdict_key((effect.verdict for effect in shown), lang), band_entry(reader.margin, lang)]
    if any(effect.ranged for effect in shown):
        entries.append(Entry(gettext(lang, "thick: chance, 95%"), style.MUTED, width=THICK))
        entries.append(Entry(gettext(lang, "thin: over assumptions, 90% of worlds"), style.MUTED, width=THIN))
    controls = {words.control_of(row.against) for row in rows if row.against}
    if controls:
        names = [gettext(lang, "the same hours without branches")] if controls - {""} else []
        names += [words.arm("arrangement", lang)] if "" in controls else []
        filled = gettext(lang, "filled: against {baseline}", baseline=words.arm(reader.baseline, lang))
        hollow = gettext(lang, "open, dashed: against {names}", names=gettext(lang, " or ").join(names))
        entries.append(Entry(filled, style.MUTED, "o"))
        entries.append(Entry(hollow, style.MUTED, "o", dashes=DASHES, hollow=True))
    return entries
