"""Policies taken apart: full coverage into mediation, routine services, attraction and hours, each alone; the
arrangement less each of its parts, beside no branches and beside the whole.

The parts may differ in sign, so they are never given as one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.analyses.compare.comparison_findings import brought, parts_beside, role, summary
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.analyses.compare.forest import Forest, Row, arm_rows, draw_forest
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["parts"]


def parts(reader: Reader, lang: str) -> Figure:
    """Draw full coverage (or what is in focus) and its parts, and the arrangement less each of its own."""
    reader = reader.further or reader
    outcomes = [name for name in (*HEADLINE, "open") if name in reader.outcomes]
    first, *pieces = reader.components()
    whole = words.arm(first, lang)
    rows: list[Row] = []
    if pieces:
        rows += [Row(gettext(lang, "{name}, taken apart", name=whole))] if reader.lesser else []
        rows += [Row(whole, first), *(Row(role(piece).text(lang), piece) for piece in pieces)]
    if reader.lesser:
        rows.append(Row(gettext(lang, "The arrangement, less one part each")))
        rows += [Row(words.arm("arrangement", lang), "arrangement")] if "arrangement" in reader.strategies else []
        rows += [row for arm in reader.lesser for row in arm_rows(reader, arm, words.arm(arm, lang, short=True), lang)]
    findings = [*filter(None, (brought(reader, "conflicts", numbers=False), parts_beside(reader)))]
    title, base = findings[0] if findings else summary(reader, reader.focus), reader.baseline
    subtitle = Finding("comparison.made_of", before=findings[1:], base=base)
    note = Finding(
        "comparison.parts_note", sample=reader.sample, base="" if reader.lesser else base, margin=reader.margin
    )
    return draw_forest(reader, Forest(rows, outcomes, title, subtitle, note), lang)
