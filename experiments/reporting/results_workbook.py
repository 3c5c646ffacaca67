"""Results as a workbook: what was found, the tables with numbers as numbers, the parameters, and how it was made.

Tables carry the column names of the files, which are English.  In another language those that people read stand once
more before them, with headings, arms, outcomes and verdicts in words, a legend says what the columns of runs are, and
sheets are called in the language, those of files with the name of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.reporting import declared, words
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import labels
from sim import Scenario
from sim.core.message_catalogue import LANGUAGES
from sim.core.workbook import Worksheet, write_workbook

WORKBOOK: Final = "results.xlsx"
_FACTS: Final = ("question", "command", "folder", "complete")
_HEADS: Final = (*_FACTS, "district", "warning")
_PARAMETER: Final = ("name", "value", "default", "unit", "low", "high", "status", "doc", "source")
_DECLARED: Final = {"doc": declared.meaning, "unit": declared.unit, "source": declared.source}


def write_results(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    findings: Sequence[Finding],
    scenario: Scenario | None,
    provenance: Mapping[str, Any],
    lang: str,
) -> Path:
    """Write the results of an analysis as a workbook, a sheet for each table, with the column names of the files.

    The scenario is that whose parameters are listed; none where runs do not start from a single one.  `provenance` has
    question, command, versions and notes; findings, parameters and notes are in the language.
    """
    heads, lines = ["finding", "id"], [[finding.text(lang), finding.id] for finding in findings]
    if lang != LANGUAGES[0]:
        heads, lines = [gettext(lang, "finding")], [row[:1] for row in lines]
    pages = [Worksheet(gettext(lang, "Findings"), heads, lines)]
    if lang != LANGUAGES[0]:
        sheets = labels(lang, "workbook.sheets")
        meanings = {row["name"]: _said(row, "doc", lang) for row in (scenario.parameters() if scenario else ())}
        pages += [in_words(sheets[name], table, meanings, lang) for name, table in tables.items() if name in sheets]
        pages += [_legend(sheets["legend"], tables["runs"], lang)] if "runs" in tables else []
    pages += [
        Worksheet(sheet_of(name, lang), list(map(str, table.columns)), _rows(table)) for name, table in tables.items()
    ]
    if scenario is not None:
        rows = [[_said(row, name, lang) for name in _PARAMETER] for row in scenario.parameters()]
        pages.append(Worksheet(gettext(lang, "Parameters"), _headings("parameters", _PARAMETER, lang), rows))
    pages.append(Worksheet(gettext(lang, "Notes"), [], list(_notes(provenance, lang))))
    return write_workbook(path, pages)


def sheet_of(name: str, lang: str) -> str:
    """Return what the sheet of a table's file is called.

    Examples
    --------
    >>> sheet_of("runs", "en")
    'runs'
    """
    return name if lang == LANGUAGES[0] else gettext(lang, "file {name}", name=name)


def in_words(title: str, table: pd.DataFrame, meanings: Mapping[str, str], lang: str) -> Worksheet:
    """Return a table with headings and cells in words, its columns that have a heading alone.

    What parameters mean, by name, stands behind the name.
    """
    heads = labels(lang, "workbook.columns")
    cells_by_heading: dict[str, list[Any]] = {}
    for name in (str(column) for column in table.columns if column in heads):
        cells = table[name].tolist()
        if name in _WORDS:
            cells = [_WORDS[name](cell, lang) if isinstance(cell, str) else cell for cell in cells]
        elif name == "unit":
            cells = [words.unit(*pair) for pair in zip(table["outcome"], [lang] * len(cells), cells, strict=True)]
        cells_by_heading[heads[name]] = cells
        if name == "parameter":
            cells_by_heading[labels(lang, "workbook.parameters")["doc"]] = [meanings.get(cell, "") for cell in cells]
    return Worksheet(title, list(cells_by_heading), list(map(list, zip(*cells_by_heading.values(), strict=True))))


_WORDS: Final[dict[str, Callable[[str, str], str]]] = {
    "strategy": words.arm,
    "against": words.arm,
    "outcome": lambda name, lang: words.noun(name, lang).name,
    "verdict": words.verdict,
    "better": lambda side, lang: labels(lang, "workbook.sides").get(side, side),
}
"""What cells of a column are called, by the column."""


def _legend(title: str, runs: pd.DataFrame, lang: str) -> Worksheet:
    """Say what each outcome among the columns of runs is."""
    outcomes = [str(name) for name in runs.columns if words.unit(str(name))]
    rows = [[name, words.noun(name, lang).name, words.unit(name, lang)] for name in outcomes]
    return Worksheet(title, _headings("legend", ("column", "label", "unit"), lang), rows)


def _headings(table: str, names: Sequence[str], lang: str) -> list[str]:
    """Return headings in words; in English they are the names themselves, as in the files."""
    return list(names) if lang == LANGUAGES[0] else [labels(lang, f"workbook.{table}")[name] for name in names]


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    return [list(row) for row in table.itertuples(index=False, name=None)]


def _said(row: Mapping[str, Any], name: str, lang: str) -> Any:
    """Return a fact about a parameter, words in the language."""
    if name in _DECLARED:
        return _DECLARED[name](row, lang)
    if name == "status":
        return labels(lang, "parameters.status")[row[name]]
    value = row.get(name)
    return value if isinstance(value, int | float | None) else str(value)


def _notes(provenance: Mapping[str, Any], lang: str) -> Iterator[list[Any]]:
    """Say where the results come from: facts, versions, and what of each district was filled."""
    heads = dict(zip(_HEADS, _headings("facts", _HEADS, lang), strict=True))
    for name in _FACTS:
        if provenance.get(name) not in (None, ""):
            yield [heads[name], provenance[name]]
    for name, value in dict(provenance.get("versions") or {}).items():
        yield [name, value]
    for notes in provenance.get(f"district_notes_{lang}") or provenance.get("district_notes") or []:
        for note in notes:
            yield [heads["district"], note]
    for warning in provenance.get("warnings") or []:
        yield [heads["warning"], warning]
