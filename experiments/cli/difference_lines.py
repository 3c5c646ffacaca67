"""Lines of ``gongzhi diff``: tables that are the same, what differs in others, and effects beside each other.

Apart from the command, whose help is to be read without what writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.numbers import written
from experiments.reporting.words import verdict

if TYPE_CHECKING:
    from experiments.analyses.folder_diff import EffectDifference, TableDifference

__all__ = ["effect_line", "print_lines", "table_line"]

SHOWN = 12
"""Differences that are shown of a list."""
LONGEST = 400
"""Characters of a line at most, unless all is asked for."""


def print_lines(lines: list[str], whole: bool, lang: str) -> None:
    """Print what differs, or its beginning."""
    shown = lines if whole else lines[:SHOWN]
    for line in shown:
        print(f"  {line if whole or len(line) <= LONGEST else line[: LONGEST - 3] + '...'}")
    if len(shown) < len(lines):
        print("  " + gettext(lang, "and {count} more: --all shows them", count=len(lines) - len(shown)))


def table_line(table: TableDifference, lang: str) -> str:
    """Say how far a table of two folders is the same."""
    if table.same:
        return gettext(lang, "{file}: the same, {rows} rows", file=table.file, rows=table.both)
    both = N_("{rows} rows in both") if table.both else N_("no row in both")
    parts = [gettext(lang, both, rows=table.both)]
    if table.first:
        parts.append(gettext(lang, "{count} only in the first", count=table.first))
    if table.second:
        parts.append(gettext(lang, "{count} only in the second", count=table.second))
    if not table.both:
        return gettext(lang, "{file}: {differences}.", file=table.file, differences=gettext(lang, ", ").join(parts))
    numbers = gettext(lang, "the same numbers")
    if table.cells:
        numbers = gettext(
            lang,
            "{cells} of {all} numbers differ, by up to {largest:.2%}",
            cells=table.cells,
            all=table.of,
            largest=table.largest,
        )
    clauses = [gettext(lang, ", ").join(parts), numbers]
    if table.effects:
        verdicts = sum(changed.verdict for changed in table.effects)
        disjoint = sum(changed.disjoint for changed in table.effects)
        judged = N_("differing verdicts: {verdicts}, disjoint intervals: {disjoint}")
        clauses.append(gettext(lang, judged, verdicts=verdicts, disjoint=disjoint))
    return gettext(lang, "{file}: {differences}.", file=table.file, differences=gettext(lang, "; ").join(clauses))


def effect_line(changed: EffectDifference, lang: str) -> str:
    """Set an effect of both folders beside each other."""
    strategy, against, outcome = changed.name
    return gettext(
        lang,
        "{strategy} against {against}, {outcome}: {first} | {second}",
        strategy=strategy,
        against=against,
        outcome=outcome,
        first=_size(changed.first, lang),
        second=_size(changed.second, lang),
    )


def _size(row: Mapping[str, Any], lang: str) -> str:
    difference, low, high = (written(row[name], "+.3g") for name in ("difference", "ci_low", "ci_high"))
    return f"{verdict(str(row['verdict']), lang)} {difference} [{low}, {high}]"
