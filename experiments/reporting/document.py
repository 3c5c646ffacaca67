"""The report of an analysis, on one page that stands alone: what was found, figures, tables, and how it was done.

An analysis gives what it has to say as findings and numbers, in no language.  What belongs into every report is added:
warnings, parameters with their sources, what the model cannot say, and how to make it all again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.figures import style
from experiments.reporting import provenance as record
from experiments.reporting.catalogue import gettext
from experiments.reporting.citation import citation
from experiments.reporting.elements import Html, picture, table, tag
from experiments.reporting.finding import Finding
from experiments.reporting.frame import Section, Title, write_page
from experiments.reporting.limits import limits
from experiments.reporting.numbers import written
from experiments.reporting.pages import sentence
from experiments.reporting.parameter_table import parameters
from experiments.reporting.setting import setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim import Scenario

__all__ = ["Document", "Shown", "Text", "draw_into", "told", "worded", "write_document"]

WIDE = 8
"""Columns from which on a table may be wider than the text."""


Text = str | Finding
"""What is said: a finding, or what a user has typed."""


@dataclass(frozen=True)
class Shown:
    """A table as it is shown.

    Attributes
    ----------
    caption
        What it shows.
    frame
        Its rows; a cell is a number, a name, or a finding that is told, and so may be the name of a column.
    heads
        ``template.set``: where the template has a heading for each column, by the column's name.
    """

    caption: Text
    frame: pd.DataFrame = field(repr=False)
    heads: str


@dataclass(frozen=True)
class Document:
    """What a report says.

    Attributes
    ----------
    title
        The question that was asked.
    findings
        The answer in short; the first one is set large.
    figures
        Paths of PNG files, with captions that name every band, bar and mark; an SVG of the same name is used where
        it lies beside.
    tables
        What is shown as a table.
    method
        How it was found out, a paragraph each.
    limits
        What these results cannot say; the general limits of the model are added.
    warnings
        What a reader must know first; that runs are missing or failed is told by `info` and need not stand here.
    scenario
        The scenario whose parameters are listed, if there is a single one.
    info
        `experiment.json`, where there is one: command, versions, revision, seeds, complete, failed, warnings.
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


def told(text: Text, lang: str) -> str:
    """Return what is said, in a language."""
    return text.text(lang) if isinstance(text, Finding) else text


def draw_into(folder: Path, name: str, figure: Callable[[str], Figure], lang: str) -> Path:
    """Draw a figure into `figures` of a folder; return the PNG's path.

    Parameters
    ----------
    figure
        Draws in the language that it is given: in English where no font for Chinese is at hand.
    """
    drawn, _note = style.language(lang)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    return style.save(figure(drawn), folder / "figures" / name, drawn)


def write_document(document: Document, path: Path, lang: str = "en") -> Path:
    """Write a report as one page of HTML, figures and all; return its path.

    Parameters
    ----------
    document
        What it says; no text can become HTML.
    path
        The file to write.
    lang
        Language of headings and of what is added: `en` or `zh`.

    Raises
    ------
    ValueError
        If the language is neither `en` nor `zh`.
    FileNotFoundError
        If a figure is missing.
    """
    drawn, note = style.language(lang)

    def all_of(texts: Sequence[Text]) -> list[str]:
        return [told(text, lang) for text in texts]

    sections: list[Section] = [
        ("answer", gettext(lang, "The answer in short"), _answer(all_of(document.findings))),
        ("design", gettext(lang, "How it was found out"), [tag("p", text) for text in all_of(document.method)]),
        ("figures", gettext(lang, "Figures"), _figures(document.figures, lang, note if drawn != lang else "")),
        ("tables", gettext(lang, "Tables"), _tables(document.tables, lang)),
        (
            "parameters",
            gettext(lang, "All parameters"),
            [] if document.scenario is None else parameters(document.scenario, lang),
        ),
        (
            "limits",
            gettext(lang, "What the model cannot say"),
            limits(document.scenario, lang, all_of(document.limits)),
        ),
        ("failed", gettext(lang, "Failed runs"), _failed(document.info, lang)),
        ("again", gettext(lang, "How to make it again"), _again(document.info, lang)),
    ]
    standing = gettext(lang, "Gongzhi, laboratory of community governance · a conditional map, not a forecast")
    warnings = [*record.alarms(document.info, lang), *all_of(document.warnings)]
    head = Title(told(document.title, lang), standing, setting(document.scenario, document.info, lang))
    return write_page(path, lang, head, warnings, sections)


def _answer(findings: Sequence[str]) -> list[Html]:
    rest = [tag("li", text) for text in findings[1:]]
    return [*(tag("p", text, class_="lead") for text in findings[:1]), *([tag("ul", *rest)] if rest else [])]


def _figures(figures: Sequence[tuple[Path, Text]], lang: str, note: str) -> list[Html]:
    parts = [tag("p", note, class_="note")] if note and figures else []
    for number, (path, text) in enumerate(figures, start=1):
        parts.append(picture(number, path.stem, path, told(text, lang), lang))
    return parts


def _tables(tables: Sequence[Shown | tuple[str, pd.DataFrame]], lang: str) -> list[Html]:
    parts = []
    for number, shown in enumerate(tables, start=1):
        caption, frame = shown if isinstance(shown, tuple) else (told(shown.caption, lang), worded(shown, lang))
        label = gettext(lang, "Table {number_}. ", number_=number)
        parts += [tag("p", tag("b", label), caption, class_="caption"), _table(frame, lang)]
    return parts


def worded(shown: Shown, lang: str = "en") -> pd.DataFrame:
    """Return a table with its headings, and its findings told."""
    frame = shown.frame.copy()
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if any(isinstance(value, Finding) for value in column):
            frame.isetitem(place, [told(value, lang) for value in column])
    frame.columns = [
        name.text(lang) if isinstance(name, Finding) else sentence(lang, f"{shown.heads}.{name}")
        for name in frame.columns
    ]
    return frame


def _table(frame: pd.DataFrame, lang: str) -> Html:
    from pandas.api.types import is_numeric_dtype

    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    cells = [[_cell(value, lang) for value in column] for column in columns]
    numeric = [
        place
        for place, column in enumerate(columns)
        if is_numeric_dtype(column) or (cells[place] and all(map(_is_number, cells[place])))
    ]
    rows = [list(row) for row in zip(*cells, strict=True)]
    kind = "tall wide" if len(columns) >= WIDE else "tall"
    return table([str(name) for name in frame.columns], [("", rows)], numeric=numeric, kind=kind)


def _cell(value: Any, lang: str) -> str:
    """Write a cell's value for a reader.

    Examples
    --------
    >>> _cell(-0.25, "en"), _cell(float("nan"), "en"), _cell(True, "en"), _cell("latin", "en")
    ('−0.25', '–', 'yes', 'latin')
    """
    if isinstance(value, str):
        return value.replace(" … ", "\u00a0…\u00a0")  # an interval stays on one line
    if isinstance(value, bool):
        return gettext(lang, "yes") if value else gettext(lang, "no")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "–" if value is None else str(value)
    return written(number, ",.0f" if number.is_integer() and abs(number) < 1e15 else ".6g")


def _is_number(text: str) -> bool:
    """Tell whether a text is a number, a percentage, or the dash of a missing one.

    Examples
    --------
    >>> [_is_number(text) for text in ("−3.1%", "+1,200", "–", "full")]
    [True, True, True, False]
    """
    plain = text.strip().removesuffix("%").strip().replace("−", "-").replace(",", "")
    if plain in ("–", ""):
        return True
    try:
        float(plain)
    except ValueError:
        return False
    return True


def _failed(info: Mapping[str, Any], lang: str) -> list[Html]:
    return record.failed(info, lang) if info else []


def _again(info: Mapping[str, Any], lang: str) -> list[Html]:
    return [*record.again(info, lang), *citation(info, lang)] if info else []
