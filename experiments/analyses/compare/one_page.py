"""A comparison on one page of A4, for whoever decides: the answer, what it hangs on, what it cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.analyses.compare.answer import brief_answer
from experiments.analyses.compare.assumption_section import opening
from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import provenance as record
from experiments.reporting.catalogue import gettext
from experiments.reporting.citation import citation
from experiments.reporting.frame import Section, Title, write_page
from experiments.reporting.limits import first_limits
from experiments.reporting.setting import setting

__all__ = ["one_page"]


def one_page(comparison: Any, path: str | Path, title: tuple[str, str], lang: str = "en") -> Path:
    """Write the page.

    Parameters
    ----------
    comparison
        The result of `compare`.
    path
        The file to write.
    title
        The question, and the line below it.
    lang
        `en` or `zh`.
    """
    reader = Reader(comparison)
    sections: list[Section] = [
        ("answer", gettext(lang, "The answer in short"), brief_answer(reader, lang)),
        ("assumptions", gettext(lang, "What it hangs on"), opening(reader, lang)),
        ("limits", gettext(lang, "What the model cannot say"), first_limits(reader.comparison.scenario, lang)),
        ("again", gettext(lang, "How to cite it"), citation(reader.info, lang)),
    ]
    head = Title(*title, setting(reader.comparison.scenario, reader.info, lang))
    return write_page(path, lang, head, record.alarms(reader.info, lang), sections, kind="brief")
