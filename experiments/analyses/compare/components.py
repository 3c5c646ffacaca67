"""Policies taken apart: full coverage into mediation, routine services, attraction and hours, each alone; the
arrangement less each of its parts, beside no branches and beside the whole.

The parts may differ in sign, so they are never told as one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.analyses.compare import comparison_sentences as sentences
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.analyses.compare.forest import Row, arm_rows, draw_rows, rows_height
from experiments.core.statistics.effect import DOWN, UP
from experiments.figures.sheet import Sheet
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.numbers import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["brought", "opposition", "parts", "role"]

OUTCOMES = (*HEADLINE, "open")

ROLES = {
    "mediation alone": N_("mediation alone"),
    "routine services alone": N_("routine services alone"),
    "placebo": N_("attraction alone (placebo)"),
    "hours_matched": N_("hours alone, pooled"),
    "hours_matched_tied": N_("hours alone, tied"),
}


def parts(reader: Reader, lang: str) -> Figure:
    """Draw full coverage (or what is in focus) and its parts, and the arrangement less each of its own."""
    reader = reader.further or reader
    outcomes = [name for name in OUTCOMES if name in reader.outcomes]
    names = reader.components() if len(reader.components()) > 1 else []
    name, base = words.arm(reader.focus, lang), words.arm(reader.baseline, lang)
    rows: list[Row] = []
    if names:
        rows += [Row(gettext(lang, "{name}, taken apart", name=name))] if reader.lesser else []
        rows += [Row(name, reader.focus), *(Row(role(one, lang), one) for one in names[1:])]
    if reader.lesser:
        rows.append(Row(gettext(lang, "The arrangement, less one part each")))
        rows += [Row(words.arm("arrangement", lang), "arrangement")] if "arrangement" in reader.strategies else []
        rows += [row for one in reader.lesser for row in arm_rows(reader, one, words.arm(one, lang, short=True), lang)]
    told = [*filter(None, (brought(reader, "conflicts", lang, numbers=False), opposition(reader, lang)))]
    title = told[0] if told else sentences.summary(reader, reader.focus, lang)
    subtitle = "".join(gettext(lang, "{text}. ", text=text) for text in told[1:])
    subtitle += gettext(
        lang,
        "What policies are made of, each against {base}. The parts need not add up to the whole: they share "
        "people and hours, and one changes what the other meets.",
        base=base)
    beside = gettext(lang, "what it is set against") if reader.lesser else base
    note = gettext(
        lang,
        "Mark and number: mean paired difference over {units}, per cent of the mean under {beside}. Bar: 95% "
        "interval of that mean difference. Grey band: differences within ±{margin:g}% do not matter. Mark and "
        "colour: verdict, from wider intervals that hold for all effects together. Panels may differ in scale.",
        units=reader.units(lang), beside=beside, margin=100 * reader.margin)
    sheet = Sheet(title, subtitle, note, rows_height(reader, rows, outcomes, lang), lang)
    draw_rows(sheet, reader, rows, outcomes)
    return sheet.finished()


def brought(reader: Reader, outcome: str, lang: str, numbers: bool = True) -> str:
    """Say what the arrangement's parts bring: how an outcome differs without each, beside the whole arrangement.

    Returns
    -------
    str
        Without a full stop; empty where no part was taken out.  Parts without which the difference is certain come
        first, the largest first, and then those of which it is not.
    """
    found = [(words.less_of(name), effect) for name in reader.lesser if reader.wholes(name)
             if (effect := reader.effect(name, outcome, words.ARRANGEMENT))]
    noun = words.noun(outcome, lang).name
    if not found:
        return ""
    certain = sorted((one for one in found if one[1].change in UP | DOWN),
                     key=lambda one: -abs(one[1].percent))
    told = []
    for part, effect in certain if numbers else certain[:3]:
        within = sentences.between(effect, lang)
        ends = gettext(lang, " [{within}]", within=within) if numbers else ""
        size = percent(effect.percent, signed=True)
        told.append(gettext(lang, "without {part} {size}{ends}", part=words.lesser(part, lang), size=size, ends=ends))
    rest = pgettext(lang, "between names", ", ").join(
        words.lesser(part, lang) for part, effect in found if effect.change not in UP | DOWN)
    if not certain:
        text = gettext(lang, "No part of the arrangement, left out alone, changes {noun} for certain", noun=noun)
        return text + (gettext(lang, " ({rest})", rest=rest) if numbers else "")
    listed = pgettext(lang, "between clauses", ", ").join(told)
    text = gettext(lang, "Against the whole arrangement, {noun}: {listed}", noun=noun, listed=listed)
    if numbers and rest:
        text += gettext(lang, "; no certain change without {rest}", rest=rest)
    return text


def role(name: str, lang: str) -> str:
    """Return what an arm stands for when the strategy in focus is taken apart."""
    kind = words.control_of(name) or name.partition(", ")[2]
    return gettext(lang, ROLES[kind]) if kind in ROLES else words.arm(name, lang, short=True)


def opposition(reader: Reader, lang: str) -> str:
    """Say what mediation alone and routine services alone do to conflicts, filed cases and standing disputes.

    Returns
    -------
    str
        Without a full stop; empty where neither part was run.
    """
    told = []
    for kind in ("mediation alone", "routine services alone"):
        if name := reader.part(kind):
            clauses = sentences.changes(reader.effects(name), lang, margin=reader.margin)
            told.append(gettext(lang, "with {part}, {clauses}", part=role(name, lang), clauses=clauses))
    text = gettext(lang, "; ").join(told)
    return text[:1].upper() + text[1:]
