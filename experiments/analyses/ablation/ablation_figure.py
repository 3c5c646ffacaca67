"""The figure of an ablation: each part's share of a policy's effect, what it does alone, what is lost without it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.core.statistics.effect import DOWN, UP
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import percent
from experiments.reporting.pages import sentence
from experiments.reporting.phrases import part

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.ablation.ablation import Ablation

__all__ = ["LEFT", "WHOLE", "ablation_figure", "move_of", "rows_of"]

VALUES = (
    ("shapley", "ci", "o", style.BLUE, -0.24),
    ("alone", "alone", "^", style.AMBER, 0.02),
    ("left_out", "left_out", "X", style.VERMILLION, 0.28),
)
"""Of a row: column, its interval, mark, colour, and how far below the row's middle it stands."""
LEFT, WHOLE = "what is left", "whole"
"""Rows of an ablation's table that are no part."""
ROW, HEAD, FOOT, NUMBERS, ACROSS = 0.42, 0.4, 0.44, 0.42, 3


def rows_of(made: Ablation, outcome: str) -> dict[str, dict[str, Any]]:
    """Return an outcome's rows by part; what is left and the whole come last."""
    rows = made.table[made.table["outcome"] == outcome].to_dict("records")
    return {str(row["part"]): {str(key): value for key, value in row.items()} for row in rows}


def move_of(made: Ablation, outcome: str, row: dict[str, Any], value: str = "shapley", interval: str = "ci") -> Move:
    """Return one of a row's three values as a change, in proportion to what there is without the policy."""
    size, low, high = (float(row[name]) for name in (value, f"{interval}_low", f"{interval}_high"))
    return Move(outcome, size, low, high, made.base(outcome))


def ablation_figure(made: Ablation, lang: str = "en") -> Figure:
    """Draw a panel for each outcome with a row for each part, what is left without any, and the whole.

    Parameters
    ----------
    made
        An ablation.
    lang
        `en` or `zh`.
    """
    outcomes = list(made.swept.plan.outcomes)
    names = list(rows_of(made, outcomes[0]))
    moves = [move_of(made, outcome, rows_of(made, outcome)[WHOLE]) for outcome in outcomes[:3]]
    title = Finding("ablation.whole", policy=made.spec.name, moves=moves)
    values = made.findings[0].values
    first = Finding("ablation.carried", **values | {"whole": None})
    note = Finding("ablation.note", replicates=int(made.table["replicates"].max()), sampled=len(made.sampled))
    lines = -(-len(outcomes) // ACROSS)
    each = HEAD + ROW * len(names) + FOOT
    with style.drawing(lang):
        interval = gettext(lang, ", 95% interval")
        entries = [
            Entry(capital(sentence(lang, f"ablation.marks.{value}")) + interval, colour, mark, 4.6)
            for value, _, mark, colour, _ in VALUES
        ]
        sheet = Sheet(
            title.text(lang), first.text(lang), note.text(lang),
            lines * each + key_height(entries, lang), lang)  # fmt: skip
        labels = [capital(part(name, lang)) for name in names]
        left = 0.05 + max(text_width(label, 8, lang, "bold") for label in labels) + 0.12
        width = (WIDTH - left) / min(len(outcomes), ACROSS)
        for place, outcome in enumerate(outcomes):
            line, column = divmod(place, ACROSS)
            top = line * each
            if not column:
                for row, (name, label) in enumerate(zip(names, labels, strict=True)):
                    weight = "bold" if name == WHOLE else "normal"
                    sheet.text(0.05, top + HEAD + (row + 0.5) * ROW + 0.04, label, weight=weight)
            _panel(sheet, made, outcome, names, left + column * width, top, width)
        draw_key(sheet, entries, lines * each)
        return sheet.finished()


def _panel(
    sheet: Sheet, made: Ablation, outcome: str, names: list[str], left: float, top: float, width: float
) -> None:
    rows, lang = rows_of(made, outcome), sheet.lang
    base = made.base(outcome)
    per_cent = math.isfinite(base) and base != 0
    scale = 100.0 / abs(base) if per_cent else 1.0
    axes = sheet.axes(left, top + HEAD, width - NUMBERS - 0.12, ROW * len(names))
    axes.set_ylim(len(names), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    axes.axhline(len(names) - 1, color=style.PALE, linewidth=0.8, zorder=0)
    for place, name in enumerate(names):
        for column, interval, mark, colour, shift in VALUES:
            if name in made.parts or column == "shapley":
                at = place + 0.5 + (shift if name in made.parts else 0.0)
                low, size, high = (scale * float(rows[name][key]) for key in
                                   (f"{interval}_low", column, f"{interval}_high"))  # fmt: skip
                _mark(axes, at, low, size, high, mark, colour)
        move = move_of(made, outcome, rows[name])
        told = "0" if move.kind == "same" else percent(scale * move.difference, signed=True).removesuffix("%")
        shown = style.INK if move.kind in DOWN | UP else style.MUTED
        if per_cent:
            sheet.text(left + width - 0.12, top + HEAD + (place + 0.5) * ROW + 0.04, told, size=7.5, align="right",
                       colour=shown)  # fmt: skip
    noun = words.noun(outcome, lang).name
    sheet.text(left, top + 0.16, capital(noun), size=9, weight="bold")
    without = gettext(lang, "without it: {base:.3g}", base=base)
    sheet.text(left, top + 0.31, without, size=7, colour=style.MUTED)
    if per_cent:
        sheet.text(left + width - 0.12, top + 0.31, "%", size=7.5, align="right", colour=style.MUTED)
    unit = "%" if per_cent else words.unit(outcome, lang)
    axes.set_xlabel(gettext(lang, "change, {unit}", unit=unit), labelpad=2)
    axes.locator_params(axis="x", nbins=4)


def _mark(axes: Axes, at: float, low: float, size: float, high: float, mark: str, colour: str) -> None:
    if not math.isfinite(size):
        return
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [at, at], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    axes.plot(size, at, mark, color=colour, markersize=4.8, markeredgewidth=0.4, markeredgecolor="white", zorder=3)
