"""Results as a workbook: what was found, the tables with numbers as numbers, the parameters, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.reporting import declared
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import labels
from sim.core.workbook import Worksheet, write_workbook

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = ["WORKBOOK", "write_results"]

WORKBOOK: Final = "results.xlsx"
_FACTS: Final = ("question", "command", "folder", "complete")
_PARAMETER: Final = ("name", "value", "default", "unit", "low", "high", "status", "doc", "source")
_WORDS: Final = {"doc": declared.meaning, "unit": declared.unit, "source": declared.source}


def write_results(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    findings: Sequence[Finding],
    scenario: Scenario | None,
    provenance: Mapping[str, Any],
    lang: str,
) -> Path:
    """Write the results of an analysis as a workbook.

    Parameters
    ----------
    path
        The file, replaced if it exists.
    tables
        By name, a sheet for each, with the column names of the files.
    findings
        What was found.
    scenario
        Whose parameters are listed; none where runs do not start from a single one.
    provenance
        Question, command, versions and notes.
    lang
        Of findings, parameters and notes.
    """
    pages = [
        Worksheet(
            gettext(lang, "Findings"),
            [gettext(lang, "finding"), "id"],
            [[finding.text(lang), finding.id] for finding in findings],
        )
    ]
    pages += [Worksheet(name, list(map(str, table.columns)), _rows(table)) for name, table in tables.items()]
    if scenario is not None:
        rows = [[_said(row, name, lang) for name in _PARAMETER] for row in scenario.parameters()]
        pages.append(Worksheet(gettext(lang, "Parameters"), _PARAMETER, rows))
    pages.append(Worksheet(gettext(lang, "Notes"), [], list(_notes(provenance))))
    return write_workbook(path, pages)


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    return [list(row) for row in table.itertuples(index=False, name=None)]


def _said(row: Mapping[str, Any], name: str, lang: str) -> Any:
    """Return a fact about a parameter, words in the language."""
    if name in _WORDS:
        return _WORDS[name](row, lang)
    if name == "status":
        return labels(lang, "parameters.status")[row[name]]
    value = row.get(name)
    return value if isinstance(value, int | float | None) else str(value)


def _notes(provenance: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Say where the results come from: facts, versions, and what of each district was filled."""
    for name in _FACTS:
        if provenance.get(name) not in (None, ""):
            yield [name, provenance[name]]
    for name, value in dict(provenance.get("versions") or {}).items():
        yield [name, value]
    for notes in provenance.get("district_notes") or []:
        for note in notes:
            yield ["district", note]
    for warning in provenance.get("warnings") or []:
        yield ["warning", warning]
