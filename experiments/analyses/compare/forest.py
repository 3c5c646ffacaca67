"""Effect forests: every arm against no branches and against the same hours, several outcomes side by side.

Conflicts, filed cases and standing disputes are drawn together or not at all, since they may move in opposite
directions. Policies are also taken apart: full coverage into mediation, routine services, attraction and hours, each
alone; the arrangement less each of its parts, beside no branches and beside the whole. The parts may differ in sign, so
they are never given as one number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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

__all__ = ["Row", "arm_rows", "coverages", "draw_forest", "forest", "key", "parts"]

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
    several = find.count(reader) if len(reader.strategies) > len(reader.policies) else None
    title = Finding("comparison.title", parts=[find.summary(reader, policy) for policy in reader.policies])
    subtitle = Finding("comparison.paragraph", parts=[several, *hours] if several else hours)
    rows = [row for heading, names in _groups(reader) for row in _group(reader, heading, names, lang)]
    return draw_forest(reader, rows, (title, subtitle), lang, _outcomes(reader))


def _outcomes(reader: Reader) -> list[str]:
    """Return what there is a panel for: the headline's outcomes, and the user's own."""
    return [*dict.fromkeys((*reader.led, *reader.own))]


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
    return draw_forest(ground, rows, (title, subtitle), lang)


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


def draw_forest(
    reader: Reader, arms: Sequence[Row], texts: Sequence[Finding | None], lang: str, outcomes: Sequence[str] = HEADLINE
) -> Figure:
    """Draw the arms' labels and a panel for each outcome that was measured; the texts are title, subtitle and note."""
    usual = Finding("comparison.forest_note", sample=reader.sample, margin=reader.margin, worlds=reader.worlds)
    title, subtitle, note = (*texts, usual)[:3]
    rows = []
    for row in arms:
        label = row.label if row.against else capital(row.label)
        rows.append(interval_rows.Row(label, muted=row.against is not None, head=not row.arm))
    known = [name for name in outcomes if any(reader.effect(row.arm, name, row.against) for row in arms if row.arm)]
    panels = [_panel(reader, arms, outcome, lang) for outcome in known or outcomes]
    entries = key(reader, arms, known, lang)
    return IntervalRows(title or "", rows, panels, entries, subtitle or "", note or "", across=len(panels)).draw(lang)


def _panel(reader: Reader, rows: Sequence[Row], outcome: str, lang: str) -> Panel:
    effects = [reader.effect(row.arm, outcome, row.against) if row.arm else None for row in rows]
    known = [effect for effect in effects if effect]
    if any(effect.in_unit for effect in known) and not any(math.isfinite(effect.percent) for effect in known):
        return _panel_in_unit(reader, rows, effects, outcome, lang)
    points = [[_point(effect, row)] if effect else [] for effect, row in zip(effects, rows, strict=True)]
    margin = 100 * reader.margin
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "difference, %"),
        points=points,
        under=_baseline(reader, outcome, lang),
        numbers=[(_number(effect), ink_of(effect.verdict)) if effect else ("", style.INK) for effect in effects],
        unit="%",
        band=(-margin, margin),
        span=bulk(points, margin),
    )


def _panel_in_unit(
    reader: Reader, rows: Sequence[Row], effects: Sequence[Effect | None], outcome: str, lang: str
) -> Panel:
    """Draw an outcome of which the baseline has none, so that nothing can be a share of it."""
    points = []
    for effect, row in zip(effects, rows, strict=True):
        shape: dict[str, Any] = {"hollow": row.against is not None, "dashes": DASHES if row.against else "-"}
        look = verdict_entry(effect.verdict, width=1.1, **shape) if effect else None
        points.append([Point(effect.low, effect.difference, effect.high, look)] if effect and look else [])
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "difference, {unit}", unit=words.unit(outcome, lang)),
        points=points,
        under=_baseline(reader, outcome, lang),
        numbers=[
            (
                amount(effect.difference, signed=True) if math.isfinite(effect.difference) else "–",
                ink_of(effect.verdict),
            )
            if effect
            else ("", style.INK)
            for effect in effects
        ],
        span=bulk(points, 0.0),
    )


def _point(effect: Effect, row: Row) -> Point:
    """Draw an effect: by chance, and by chance and over assumptions where there are such."""
    shape: dict[str, Any] = {"hollow": row.against is not None, "dashes": DASHES if row.against else "-"}
    look = verdict_entry(effect.verdict, width=THICK if effect.ranged else 1.1, **shape)
    wide = effect.over if effect.ranged else (math.nan, math.nan)
    return Point(effect.interval[0], effect.percent, effect.interval[1], look, wide, replace(look, width=THIN))


def _baseline(reader: Reader, outcome: str, lang: str) -> str:
    """Tell what the percentages are percentages of."""
    means = (effect.base for name in reader.arms if (effect := reader.effect(name, outcome)))
    level, name = amount(next(means, math.nan)), words.arm(reader.baseline, lang)
    return gettext(lang, "{name}: {level}", name=name, level=level)


def _number(effect: Effect) -> str:
    return "–" if effect.kind == "unknown" else percent(effect.percent, signed=True).removesuffix("%")


def key(reader: Reader, rows: Sequence[Row], outcomes: Sequence[str], lang: str) -> list[Entry]:
    """Name every mark that is drawn, the two kinds of comparison and the band."""
    shown = [effect for row in rows if row.arm for effect in reader.effects(row.arm, tuple(outcomes), row.against)]
    entries = [*verdict_key((effect.verdict for effect in shown), lang), band_entry(reader.margin, lang)]
    if any(effect.ranged and all(map(math.isfinite, effect.reach)) for effect in shown):
        thin = gettext(lang, "thin: over assumptions, 90% of worlds")
        entries.append(Entry(gettext(lang, "thick: chance, 95%"), style.MUTED, width=THICK))
        entries.append(Entry(thin, style.MUTED, width=THIN))
    controls = {words.control_of(row.against) for row in rows if row.against}
    if controls:
        names = [gettext(lang, "the same hours without branches")] if controls - {""} else []
        names += [words.arm("arrangement", lang)] if "" in controls else []
        filled = gettext(lang, "filled: against {baseline}", baseline=words.arm(reader.baseline, lang))
        hollow = gettext(lang, "open, dashed: against {names}", names=gettext(lang, " or ").join(names))
        entries.append(Entry(filled, style.MUTED, "o"))
        entries.append(Entry(hollow, style.MUTED, "o", dashes=DASHES, hollow=True))
    return entries


def parts(reader: Reader, lang: str) -> Figure:
    """Draw full coverage (or what is in focus) and its parts, and the arrangement less each of its own."""
    reader = reader.further or reader
    outcomes = [name for name in (*HEADLINE, "open") if name in reader.outcomes]
    first, *pieces = reader.components()
    whole = words.arm(first, lang)
    rows: list[Row] = []
    if pieces:
        rows += [Row(gettext(lang, "{name}, taken apart", name=whole))] if reader.lesser else []
        rows += [Row(whole, first), *(Row(find.role(piece).text(lang), piece) for piece in pieces)]
    if reader.lesser:
        rows.append(Row(gettext(lang, "The arrangement, less one part each")))
        rows += [Row(words.arm("arrangement", lang), "arrangement")] if "arrangement" in reader.strategies else []
        rows += [row for arm in reader.lesser for row in arm_rows(reader, arm, words.arm(arm, lang, short=True), lang)]
    findings = [*filter(None, (find.brought(reader, "conflicts", numbers=False), find.parts_beside(reader)))]
    title, base = findings[0] if findings else find.summary(reader, reader.focus), reader.baseline
    subtitle = Finding("comparison.made_of", before=findings[1:], base=base)
    note = Finding(
        "comparison.parts_note", sample=reader.sample, base="" if reader.lesser else base, margin=reader.margin
    )
    return draw_forest(reader, rows, (title, subtitle, note), lang, outcomes)
