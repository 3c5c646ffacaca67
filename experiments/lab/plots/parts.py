"""The strategy in focus, taken apart: mediation alone, routine services alone, attraction alone, hours alone.

The parts may differ in sign, so they are never told as one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.lab.plots import sentences, words
from experiments.lab.plots.forest import Row, draw_rows, rows_height
from experiments.lab.plots.reading import HEADLINE, Reader
from experiments.lab.plots.sheet import Sheet
from experiments.lab.plots.words import pick

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["opposition", "parts"]

OUTCOMES = (*HEADLINE, "open")

ROLES = {
    "mediation alone": ("mediation alone", "仅调解"),
    "routine services alone": ("routine services alone", "仅日常服务"),
    "placebo": ("attraction alone (placebo)", "仅吸引（空牌）"),
    "hours_matched": ("hours alone, pooled", "仅工时（集中）"),
    "hours_matched_tied": ("hours alone, tied", "仅工时（定点）"),
}


def parts(reader: Reader, lang: str) -> Figure:
    """Draw the strategy in focus and its parts for conflicts, filed cases, standing disputes and open cases."""
    outcomes = [name for name in OUTCOMES if name in reader.outcomes]
    names = reader.components()
    rows = [
        Row(words.arm(reader.focus, lang), reader.focus),
        *(Row(role(name, lang), name) for name in names[1:]),
    ]
    name = words.arm(reader.focus, lang)
    title = opposition(reader, lang) or sentences.summary(reader, reader.focus, lang)
    subtitle = pick(
        lang,
        f"What {name} is made of, each against {words.arm(reader.baseline, lang)}. The parts need not add "
        "up to the whole: they share people and hours, and one changes what the other meets.",
        f"{name}的各组成部分，均与{words.arm(reader.baseline, lang)}相比。各部分之和不必等于整体：它们共用人"
        "员与工时，并彼此影响。",
    )
    note = pick(
        lang,
        f"Mark and number: mean paired difference over {reader.units(lang)}, per cent of the mean under "
        f"{words.arm(reader.baseline, lang)}. Bar: 95% interval of that mean difference. Grey band: "
        f"±{100 * reader.margin:g}%. Panels may differ in scale.",
        f"标记与数字：{reader.units(lang)}中配对差的均值，以{words.arm(reader.baseline, lang)}均值的百分比表"
        f"示。横线：该平均差的 95% 区间。灰带：±{100 * reader.margin:g}%。各图刻度可能不同。",
    )
    sheet = Sheet(title, subtitle, note, rows_height(reader, rows, outcomes, lang), lang)
    draw_rows(sheet, reader, rows, outcomes)
    return sheet.finished()


def role(name: str, lang: str) -> str:
    """Return what an arm stands for when the strategy in focus is taken apart."""
    kind = words.control_of(name) or name.partition(", ")[2]
    return ROLES[kind][1 if lang == "zh" else 0] if kind in ROLES else words.arm(name, lang, short=True)


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
            told.append(pick(lang, f"with {kind}, {clauses}", f"{role(name, lang)}：{clauses}"))
    text = pick(lang, "; ", "；").join(told)
    return text[:1].upper() + text[1:]
