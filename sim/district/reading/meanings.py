"""Meanings: the user's own table of what cells mean, where people write words that the reader does not know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.core.errors import DistrictError, nearest
from sim.core.sentence import Sentence
from sim.district.columns import COLUMNS
from sim.district.reading.cells import meaning_of
from sim.district.reading.dialect import Dialect
from sim.district.reading.headings import plain, recognise
from sim.district.reading.sheets import Sheet, filled, joined, open_sheets
from sim.district.reading.vocabulary import MEANING_HEADINGS

__all__ = ["meanings_by_column"]


def meanings_by_column(dialect: Dialect) -> dict[str, dict[str, str]]:
    """Return what cells mean, by column and by their plain text.

    Raises
    ------
    DistrictError
        When a column is unknown, or a meaning is none that its cells may have.

    Examples
    --------
    >>> meanings_by_column(Dialect(values={"committee": {"planned": "no"}}))
    {'committee': {'planned': 'no'}}
    """
    given = dialect.values
    if given is None:
        return {}
    where = Path("values") if isinstance(given, Mapping) else Path(given)
    triples = (
        [(ours, cell, meaning) for ours, cells in given.items() for cell, meaning in dict(cells).items()]
        if isinstance(given, Mapping)
        else _triples(where)
    )
    meanings: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    for ours, cell, meaning in triples:
        heading = recognise(ours)
        name = heading.column if heading else ours
        if name not in COLUMNS:
            problems.append(
                Sentence(
                    '"{name}" is not a column of a district.{hint} There are: {columns}.',
                    name=ours,
                    hint=nearest(ours, COLUMNS),
                    columns=", ".join(COLUMNS),
                )
            )
            continue
        column = COLUMNS[name]
        try:
            meaning_of(column, meaning)
        except ValueError:
            problems.append(
                Sentence(
                    '{column}: "{cell}" is to mean "{meaning}", which must be {allowed} or unknown.',
                    column=name,
                    cell=cell,
                    meaning=meaning,
                    allowed=column.allowed,
                )
            )
            continue
        meanings.setdefault(name, {})[plain(cell)] = meaning
    if problems:
        raise DistrictError.listing(Sentence("{path} cannot be read as a table of meanings", path=where), problems)
    return meanings


def _places(sheet: Sheet) -> dict[str, int]:
    heads = [plain(cell) if filled(cell) else "" for cell in sheet.rows[0][1]] if sheet.rows else []
    found = {
        name: next((place for place, head in enumerate(heads) if head in words), -1)
        for name, words in MEANING_HEADINGS.items()
    }
    return {name: place for name, place in found.items() if place >= 0}


def _triples(path: Path) -> list[tuple[str, str, str]]:
    sheet = open_sheets(path, None, lambda one: len(_places(one)) == len(MEANING_HEADINGS))
    at = _places(sheet)
    rows = sheet.rows[1:] if at else sheet.rows
    if at and len(at) < len(MEANING_HEADINGS):
        raise DistrictError(
            Sentence(
                "{path} needs the columns column, cell and meaning; it has: {names}.",
                path=path,
                names=joined([str(cell or "") for cell in sheet.rows[0][1]]),
            )
        )
    at = at or {"column": 0, "cell": 1, "meaning": 2}
    texts = [["" if cell is None else str(cell).strip() for cell in [*cells, "", "", ""]] for _, cells in rows]
    return [(cells[at["column"]], cells[at["cell"]], cells[at["meaning"]]) for cells in texts]
