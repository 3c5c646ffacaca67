"""A table to be filled in: headings in one language, what each column means, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence
from sim.core.workbook import Worksheet, write_workbook
from sim.district.columns import COLUMNS, NO_FIRM
from sim.district.estate_kinds import KIND_LABELS
from sim.district.export import require_ending, write_text

__all__ = ["EXAMPLES", "write_blank"]

EXAMPLES: Final[dict[str, str]] = {
    "estate": N_("Lychee Court"),
    "households": "468",
    "x": "0.2",
    "y": "1.1",
    "community": N_("North community"),
    "street": N_("Harbour street"),
    "kind": N_("commodity housing"),
    "buildings": "5",
    "year": "2004",
    "fee": "2.7",
    "firm": NO_FIRM,
    "committee": N_("yes"),
    "members": "4",
    "spaces": "320",
    "adults": "890",
    "owners": "0.6",
    "cars": "350",
}
"""One cell for every column that people fill in."""
_TITLES: Final = (N_("column"), N_("also read as"), N_("meaning"), N_("what a cell may hold"), N_("example"))


def write_blank(path: Path, lang: str = "en") -> None:
    """Write a table with headings and no rows; in a workbook, a second sheet says what each column means.

    Parameters
    ----------
    path
        Ending in ``.xlsx`` or ``.csv``.
    lang
        Of the headings and meanings.

    Raises
    ------
    StoreError, DistrictError
        When it cannot be written.
    """
    require_ending(path)
    header = [COLUMNS[name].heading(lang) for name in EXAMPLES]
    if path.suffix.casefold() != ".xlsx":
        write_text(",".join(header) + "\r\n", path)
        return
    kinds = [Sentence(label).text(lang) for label in KIND_LABELS]
    flags = [Sentence("yes").text(lang), Sentence("no").text(lang)]
    holds = [COLUMNS[name].holds for name in EXAMPLES]
    choices = {holds.index("kind"): kinds, holds.index("flag"): flags}
    titles = [Sentence(word).text(lang) for word in _TITLES]
    rows = []
    for name, example in EXAMPLES.items():
        column = COLUMNS[name]
        own = column.heading(lang)
        rows.append(
            [
                own,
                ", ".join(other for other in (name, *column.also) if other != own),
                Sentence(column.doc).text(lang),
                column.allowed.text(lang),
                float(example) if column.holds in ("whole", "number") else Sentence(example).text(lang),
            ]
        )
    rows.append([])
    rows.append([Sentence("Required are the first two columns; an empty cell means unknown and is filled.").text(lang)])
    write_workbook(
        path,
        [
            Worksheet(
                Sentence("estates").text(lang),
                header,
                [],
                choices=choices,
            ),
            Worksheet(Sentence("meanings").text(lang), titles, rows),
        ],
    )
