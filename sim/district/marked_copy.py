"""A copy of a district's table in which everything that was filled is marked."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.core.message_catalogue import LANGUAGES, N_
from sim.core.sentence import Sentence, text_of
from sim.core.workbook import Worksheet, write_workbook
from sim.district.columns import COLUMNS
from sim.district.estate_kinds import KIND_LABELS, kind_of
from sim.district.export import INNER, cell_text, require_ending, write_text
from sim.district.overview import described, totals
from sim.district.reading import Reading

if TYPE_CHECKING:
    from sim.district.district import District

__all__ = ["filled_cells", "write_marked"]

FILLED: Final = N_("filled")


def filled_cells(district: District, reading: Reading) -> dict[str, np.ndarray]:
    """Mark what was filled, by column, in the order of the district's rows."""
    place = {str(name): row for row, name in enumerate(reading.values["estate"])}
    order = np.array([place[name] for name in district.names.tolist()], dtype=np.int64)
    filled = {name: np.array(reading.gaps(name))[order] for name in COLUMNS if name not in INNER}
    # Unknown members stay open, and are counted when a model asks.
    return filled | {"members": np.zeros(district.estates, dtype=bool)}


def write_marked(district: District, reading: Reading, path: Path, lang: str = "en") -> None:
    """Write a district as it was read and completed, with what was filled marked.

    In a workbook, filled cells have a coloured ground, and a second sheet has totals and notes; a CSV file has a last
    column with the names of the columns that were filled.

    Parameters
    ----------
    district, reading
        What was made of the table, and the table as it was read.
    path
        Ending in ``.xlsx`` or ``.csv``.
    lang
        Of headings and notes.

    Raises
    ------
    StoreError, DistrictError
        When it cannot be written.
    """
    require_ending(path)
    filled = filled_cells(district, reading)
    columns = {name: column for name, column in district.columns().items() if name in filled}
    header = [COLUMNS[name].heading(lang) for name in columns]
    if path.suffix.casefold() != ".xlsx":
        texts = [[_text(name, value, lang) for value in column.tolist()] for name, column in columns.items()]
        marks = [
            "; ".join(COLUMNS[name].heading(lang) for name in columns if filled[name][row])
            for row in range(district.estates)
        ]
        body = io.StringIO()
        writer = csv.writer(body)
        writer.writerow([*header, Sentence(FILLED).text(lang)])
        writer.writerows(zip(*texts, marks, strict=True))
        write_text(body.getvalue(), path)
        return
    cells = [[_plain(name, value, lang) for value in column.tolist()] for name, column in columns.items()]
    rows = list(zip(*cells, strict=True))
    marked = [(int(row), place) for place, name in enumerate(columns) for row in np.flatnonzero(filled[name])]
    legend = Sentence("Cells with a coloured ground were not in the table: they were filled, as the notes below say.")
    lines = [described(district), *totals(district, reading), legend, *district.notes]
    notes = [[text_of(line, lang)] for line in lines]
    write_workbook(
        path,
        [
            Worksheet(Sentence("estates").text(lang), header, rows, marked),
            Worksheet(Sentence("notes").text(lang), [], notes),
        ],
    )


def _text(name: str, value: Any, lang: str) -> str:
    """Return a value as a table has it: of another language the words."""
    worded = lang != LANGUAGES[0] and (name == "kind" or isinstance(value, bool))
    return str(_plain(name, value, lang)) if worded else cell_text(value)


def _plain(name: str, value: Any, lang: str) -> Any:
    """Return a value as a person writes it: words for yes and no, and whole numbers without decimals."""
    if isinstance(value, bool):
        return (Sentence("yes") if value else Sentence("no")).text(lang)
    if name == "kind":
        return Sentence(KIND_LABELS[kind_of(str(value))]).text(lang)
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() else value
    return value
