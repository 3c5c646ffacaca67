"""A comparison on one page of A4, for whoever decides: the answer, what it hangs on, what it cannot say."""

from __future__ import annotations

from pathlib import Path

from experiments.analyses.compare.answer import brief_answer
from experiments.analyses.compare.assumption_section import opening
from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import provenance as record
from experiments.reporting.citation import citation
from experiments.reporting.document import write_page
from experiments.reporting.finding import Block, Finding
from experiments.reporting.limits import first_limits
from experiments.reporting.setting import setting

__all__ = ["one_page"]


def one_page(reader: Reader, path: str | Path, title: Finding, standing: Finding, lang: str = "en") -> Path:
    """Write the page.

    Parameters
    ----------
    reader
        The comparison.
    path
        The file to write.
    title, standing
        The question, and the line below it.
    lang
        `en` or `zh`.
    """
    scenario = reader.comparison.scenario
    sections = {
        "answer": Block("sections.parts", content=brief_answer(reader, lang)),
        "assumptions": Block("sections.parts", content=opening(reader, lang)),
        "limits": first_limits(scenario),
        "again": citation(reader.info),
    }
    page = Block(
        "page.page",
        kind="brief",
        title=title,
        standing=standing,
        setting=setting(scenario, reader.info),
        warnings=record.alarms(reader.info),
        sections=list(sections.items()),
    )
    return write_page(page, path, lang)
