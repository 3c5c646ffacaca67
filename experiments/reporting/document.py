"""The report of an analysis, on one page that stands alone: what was found, figures, tables, and how it was done.

An analysis gives what it has to say as findings and numbers, in no language.  What belongs into every report is added:
warnings, parameters with their sources, what the model cannot say, and how to make it all again.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from experiments.core.store.files import replace_file
from experiments.figures import style
from experiments.figures.tooltips import marks_in, title_in, without_marks
from experiments.reporting import provenance as record
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Block, Finding
from experiments.reporting.numbers import NUMBER, written
from experiments.reporting.setting import limits, parameters, setting
from experiments.reporting.template_rendering import sentence
from sim import Scenario
from sim.core.paths import expanded

if TYPE_CHECKING:
    from matplotlib.figure import Figure


LARGEST_DRAWING = 400_000
"""Bytes from which on a drawing is taken as pixels, which are smaller for maps of a thousand estates."""

WIDE = 8
"""Columns from which on a table may be wider than the text."""


Text = str | Finding
"""What is said: a finding, or what a user has typed."""


@dataclass(frozen=True)
class Shown:
    """A table as it is shown.

    A cell is a number, a name, or a finding that is put into words, and so may be the name of a column; other columns
    have their headings in ``template.set``, the `heads`.
    """

    caption: Text
    frame: pd.DataFrame = field(repr=False)
    heads: str

    @classmethod
    def of(cls, caption: Text, rows: Iterable[Mapping[Any, Any]], columns: str, cell: str) -> Shown:
        """Make a table of which the macro `cell` of a template says what stands in a column of a row.

        Examples
        --------
        >>> shown = Shown.of("Effects.", [{"outcome": "filed", "difference": -0.25}], "outcome change", "common.cell")
        >>> worded(shown).to_dict("records")
        [{'Outcome': 'filed cases', 'Change': '−0.250'}]
        """
        records, names = [dict(row) for row in rows], columns.split()
        cells = [[Finding(cell, column=name, row=row) for name in names] for row in records]
        return cls(caption, pd.DataFrame(cells, columns=names), f"{cell.partition('.')[0]}.heads")


@dataclass(frozen=True)
class Document:
    """What a report says.

    Attributes
    ----------
    findings
        The answer in short; the first one is set large.
    figures
        Paths of PNG files, with captions that name every band, bar and mark; an SVG of the same name is used where
        it lies beside.
    method
        How it was found out, a paragraph each.
    limits
        What these results cannot say; the general limits of the model are added.
    warnings
        What a reader must know first; that runs are missing or failed stands in `info`, which is `experiment.json`.
    scenario
        The scenario whose parameters are listed, if there is a single one.
    standing
        Of what the page speaks: the line below its title.
    sections
        By the key of their heading: what stands in place of a section that every report has, and, behind the tables,
        what this one has besides.
    """

    title: Text
    findings: Sequence[Text]
    figures: Sequence[tuple[Path, Text]] = ()
    tables: Sequence[Shown | tuple[str, pd.DataFrame]] = ()
    method: Sequence[Text] = ()
    limits: Sequence[Text] = ()
    warnings: Sequence[Text] = ()
    scenario: Scenario | None = field(default=None, repr=False)
    info: Mapping[str, Any] = field(default_factory=dict, repr=False)
    standing: Text = Finding("page.standing")
    sections: Mapping[str, Block | None] = field(default_factory=dict, repr=False)


def text_of(text: Text, lang: str) -> str:
    """Return what is said, in a language."""
    return text.text(lang) if isinstance(text, Finding) else text


def draw_into(folder: Path, name: str, figure: Callable[[str], Figure], lang: str) -> Path:
    """Draw a figure into a folder; return the PNG's path.

    It is in English where no font for Chinese is at hand, which ``NOTE.txt`` beside it says.
    """
    drawn, note = style.language(lang)
    folder.mkdir(parents=True, exist_ok=True)
    if note:
        replace_file(folder / "NOTE.txt", f"{note}\n".encode())
    return style.save(figure(drawn), folder / name, drawn)


def write_document(document: Document, path: Path, lang: str = "en") -> Path:
    """Write a report as one page of HTML, figures and all, in which no text can become HTML; return its path."""
    info, scenario = document.info, document.scenario
    drawn, note = style.language(lang)
    pictures = [_pictured(path, caption, document.findings[:1], drawn == lang) for path, caption in document.figures]
    sections: dict[str, Block | None] = {
        "answer": Block("sections.answer", findings=list(document.findings)),
        "explore": None,
        "design": Block("sections.paragraphs", texts=list(document.method)),
        "figures": Block("sections.figures", pictures=pictures, note=note if drawn != lang else ""),
        "tables": Block("sections.tables", shown=[_shown(table, lang) for table in document.tables]),
        **document.sections,
        "parameters": None if scenario is None else parameters(scenario),
        "limits": limits(scenario, document.limits),
        "failed": record.failed(info) if info else None,
        "again": record.again(info) if info else None,
    }
    page = Block(
        "page.page",
        kind="report",
        title=document.title,
        standing=document.standing,
        setting=setting(scenario, info),
        warnings=[*record.alarms(info), *document.warnings],
        sections=list(sections.items()),
    )
    return write_page(page, path, lang)


def write_page(page: Block, path: str | Path, lang: str) -> Path:
    """Write a ``page.page``, whole or not at all, and the folder for it; return its path."""
    style.language(lang)
    path = expanded(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, f"{page.text(lang).strip()}\n".encode())
    return path


def _pictured(image: Path, caption: Text, findings: Sequence[Text], titled: bool) -> tuple[Any, ...]:
    """Return a figure as its template takes it, a drawing where that is small enough, else pixels.

    In its place is told its title, which is what it shows, where it is `titled` in the report's language; else what the
    report has found.
    """
    drawing = image.with_suffix(".svg")
    text = drawing.read_text(encoding="utf-8") if drawing.exists() else ""
    content, kind = without_marks(text).encode("utf-8"), "image/svg+xml"
    if not content or len(content) > LARGEST_DRAWING:
        content, kind = image.read_bytes(), "image/png"
    address = f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
    first = [title] if titled and (title := title_in(text)) else list(findings)
    return image.stem, address, marks_in(text), caption, Finding("page.alternative", findings=first, caption=caption)


def _shown(shown: Shown | tuple[str, pd.DataFrame], lang: str) -> dict[str, Any]:
    """Return a table as its template takes it: numbers and findings are texts, columns of numbers are known."""
    caption, frame = shown if isinstance(shown, tuple) else (shown.caption, worded(shown, lang))
    cells = frame.map(partial(_cell, lang=lang))
    numeric = [
        place
        for place, kind in enumerate(frame.dtypes)
        if is_numeric_dtype(kind) or (len(cells) and all(map(NUMBER.fullmatch, cells.iloc[:, place])))
    ]
    shape = {"numeric": numeric, "kind": "tall wide" if frame.shape[1] >= WIDE else "tall"}
    return {"caption": caption, "heads": list(map(str, frame.columns)), "rows": cells.to_numpy().tolist(), **shape}


def worded(shown: Shown, lang: str = "en") -> pd.DataFrame:
    """Return a table with its headings, and its findings put into words."""
    frame = shown.frame.copy()
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if any(isinstance(value, Finding) for value in column):
            frame.isetitem(place, [text_of(value, lang) for value in column])
    frame.columns = [
        name.text(lang) if isinstance(name, Finding) else sentence(lang, f"{shown.heads}.{name}")
        for name in frame.columns
    ]
    return frame


def _cell(value: Any, lang: str) -> str:
    if isinstance(value, str):
        return value.replace(" … ", "\u00a0…\u00a0")  # an interval stays on one line
    if isinstance(value, bool):
        return gettext(lang, "yes") if value else gettext(lang, "no")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "–" if value is None else str(value)
    return written(number, ",.0f" if number.is_integer() and abs(number) < 1e15 else ".6g")
