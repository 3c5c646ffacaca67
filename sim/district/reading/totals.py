"""Rows that are no estates: totals and subtotals, and what people write below a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several
from sim.district.reading.headings import Heading, plain
from sim.district.reading.sheets import Row, filled, quoted
from sim.district.reading.vocabulary import ENDINGS, FOOTERS, TOTALS

__all__ = ["drop_totals", "is_total", "lines_of"]

_FEW: Final = 6
_WORDS: Final = 3
"""Cells that a remark below a table may fill."""


def lines_of(lines: Sequence[int]) -> Sentence | Several:
    """Name lines of a file, the first few.

    Examples
    --------
    >>> lines_of([2, 3])
    'lines 2, 3'
    """
    listed = Several([str(line) for line in lines[:_FEW]], N_(", "))
    if len(lines) == 1:
        return Sentence("line {line}", line=lines[0])
    if len(lines) > _FEW:
        return Sentence("lines {lines} and {count} more", lines=listed, count=len(lines) - _FEW)
    return Sentence("lines {lines}", lines=listed)


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) or plain(cell).replace(",", "").isdigit()


def is_total(cell: object) -> bool:
    """Return whether a cell names a total.

    Examples
    --------
    >>> is_total("Total:"), is_total("Total Heights"), is_total("Harbour subtotal")
    (True, False, True)
    """
    word = plain(cell).strip(": ")
    if word.replace(" ", "") in TOTALS or word in TOTALS:
        return True
    # Of a street or community; a name that merely begins so, such as Total Heights, is one of an estate.
    return word.endswith(ENDINGS)


def drop_totals(
    rows: Sequence[Row], at: Mapping[str, tuple[int, Heading]], keep: Sequence[str] = ()
) -> tuple[list[Row], list[str], list[Row]]:
    """Set rows of totals and lines below the table aside.

    Parameters
    ----------
    rows
        Below the header.
    at
        Places of the columns.
    keep
        Names of estates that are meant although they read like a total.

    Returns
    -------
    tuple
        The rows of estates, notes, and the rows of totals.
    """
    estate, households = at["estate"][0], at["households"][0]
    texts = [estate, *(at[name][0] for name in ("community", "street") if name in at)]
    kept: list[Row] = []
    totals: list[Row] = []
    below: list[Row] = []
    for row in rows:
        cells = row[1]
        name = cells[estate] if estate < len(cells) else None
        # A total stands in the column of names or, where that is empty, in one before it.
        marks = [name] if filled(name) else [cells[place] for place in {*texts, *range(estate)} if place < len(cells)]
        used = [cell for cell in cells if filled(cell)]
        if any(isinstance(mark, str) and is_total(mark) and str(mark).strip() not in keep for mark in marks):
            totals.append(row)
        elif (
            len(used) <= _WORDS
            and not (households < len(cells) and _is_number(cells[households]))
            and plain(used[0]).startswith(FOOTERS)
        ):
            below.append(row)
        else:
            kept.append(row)
    notes: list[str] = []
    if totals:
        notes.append(
            Sentence(
                "Rows of totals that were not read as estates: {count} ({lines}).",
                count=len(totals),
                lines=lines_of([line for line, _ in totals]),
            )
        )
    if below:
        first = next(cell for cell in below[0][1] if filled(cell))
        notes.append(
            Sentence(
                "Remarks below the table that were not read: {count} ({lines}), beginning with {first}.",
                count=len(below),
                lines=lines_of([line for line, _ in below]),
                first=quoted(first),
            )
        )
    return kept, notes, totals
