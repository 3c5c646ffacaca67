"""A brief: the report of any question that is not a comparison of strategies, on one page that stands alone.

What a command has found out is told to it as sentences, figures and tables; it adds what belongs into every report:
warnings, parameters with their sources, what the model cannot say, and how to make it all again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import style
from experiments.lab.report import record
from experiments.lab.report.captions import picture
from experiments.lab.report.citation import citation
from experiments.lab.report.frame import Section, Title, write_page
from experiments.lab.report.limits import limits
from experiments.lab.report.page import Html, table, tag
from experiments.lab.report.parameters import parameters
from experiments.lab.report.setting import setting
from experiments.reporting.catalogue import gettext
from experiments.reporting.numbers import written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim import Scenario

__all__ = ["Brief", "draw_into", "write_brief"]

WIDE = 8
"""Columns from which on a table may be wider than the text."""


@dataclass(frozen=True)
class Brief:
    """What a report says.

    Attributes
    ----------
    title
        The question that was asked.
    findings
        The answer in short: sentences worked out from the numbers; the first one is set large.
    figures
        Paths of PNG files, with captions that name every band, bar and mark; an SVG of the same name is used where
        it lies beside.
    tables
        Captions, and tables with headings as words, rounded as they are to be read.
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

    title: str
    findings: Sequence[str]
    figures: Sequence[tuple[Path, str]] = ()
    tables: Sequence[tuple[str, pd.DataFrame]] = ()
    method: Sequence[str] = ()
    limits: Sequence[str] = ()
    warnings: Sequence[str] = ()
    scenario: Scenario | None = field(default=None, repr=False)
    info: Mapping[str, Any] = field(default_factory=dict, repr=False)


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


def write_brief(brief: Brief, path: Path, lang: str = "en") -> Path:
    """Write a brief as one page of HTML, figures and all; return its path.

    Parameters
    ----------
    brief
        Its texts are in the language asked for; no text can become HTML.
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
    sections: list[Section] = [
        ("answer", gettext(lang, "The answer in short"), _answer(brief.findings)),
        ("design", gettext(lang, "How it was found out"), [tag("p", text) for text in brief.method]),
        ("figures", gettext(lang, "Figures"), _figures(brief.figures, lang, note if drawn != lang else "")),
        ("tables", gettext(lang, "Tables"), _tables(brief.tables, lang)),
        (
            "parameters",
            gettext(lang, "All parameters"),
            [] if brief.scenario is None else parameters(brief.scenario, lang),
        ),
        (
            "limits",
            gettext(lang, "What the model cannot say"),
            limits(brief.scenario, lang, brief.limits),
        ),
        ("failed", gettext(lang, "Failed runs"), _failed(brief.info, lang)),
        ("again", gettext(lang, "How to make it again"), _again(brief.info, lang)),
    ]
    standing = gettext(lang, "Gongzhi, laboratory of community governance · a conditional map, not a forecast")
    warnings = [*record.alarms(brief.info, lang), *brief.warnings]
    head = Title(brief.title, standing, setting(brief.scenario, brief.info, lang))
    return write_page(path, lang, head, warnings, sections)


def _answer(findings: Sequence[str]) -> list[Html]:
    rest = [tag("li", text) for text in findings[1:]]
    return [*(tag("p", text, class_="lead") for text in findings[:1]), *([tag("ul", *rest)] if rest else [])]


def _figures(figures: Sequence[tuple[Path, str]], lang: str, note: str) -> list[Html]:
    parts = [tag("p", note, class_="note")] if note and figures else []
    for number, (path, text) in enumerate(figures, start=1):
        parts.append(picture(number, path.stem, path, text, lang))
    return parts


def _tables(tables: Sequence[tuple[str, pd.DataFrame]], lang: str) -> list[Html]:
    parts = []
    for number, (text, frame) in enumerate(tables, start=1):
        label = gettext(lang, "Table {number_}. ", number_=number)
        parts += [tag("p", tag("b", label), text, class_="caption"), _table(frame, lang)]
    return parts


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
