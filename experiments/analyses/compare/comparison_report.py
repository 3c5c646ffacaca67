"""The report of a comparison: one page of HTML that stands alone, for a referee and for a minister.

Its findings are sentences worked out from the table. It says where an effect is undecided, and whether the
branch beats its own hours, whichever way that comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.analyses.compare import assumption_section as assumptions
from experiments.analyses.compare import comparison_captions as captions
from experiments.analyses.compare import comparison_tables as tables
from experiments.analyses.compare.answer import answer
from experiments.analyses.compare.comparison_method import design
from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.groups import groups
from experiments.analyses.compare.one_page import one_page
from experiments.analyses.compare.price import price
from experiments.figures import style
from experiments.reporting.document import Document, write_document
from experiments.reporting.finding import Block, Finding

__all__ = ["write", "write_one_page"]


def write(comparison: Any, path: str | Path, figures: Mapping[str, Path], lang: str = "en") -> Path:
    """Write the report of a comparison; return its path.

    Parameters
    ----------
    comparison
        The result of `compare`.
    path
        The file to write.
    figures
        Paths of the figures by name; they are put inside the page.
    lang
        `en` or `zh`.  A browser finds its own fonts, so a Chinese report may hold figures in English.

    Raises
    ------
    ValueError
        If the language is neither `en` nor `zh`.
    """
    drawn, note = style.language(lang)
    reader = Reader(comparison)
    pictures = captions.pictures(reader, figures, lang, note if drawn != lang else "")
    sections: dict[str, Block | None] = {
        "answer": Block("sections.parts", content=answer(reader, lang)),
        "design": design(reader),
        "figures": Block("sections.parts", content=pictures),
        "table": tables.effects(reader),
        "assumptions": assumptions.section(reader),
        "groups": groups(reader),
        "cost": Block(
            "sections.parts", content=[Block("sections.paragraphs", texts=price(reader)), tables.bearers(reader)]
        ),
    }
    document = Document(
        title=_question(reader),
        standing=_standing(reader, lang),
        findings=(),
        sections=sections,
        scenario=comparison.scenario,
        info=reader.info,
    )
    return write_document(document, Path(path), lang)


def write_one_page(comparison: Any, path: str | Path, lang: str = "en") -> Path:
    """Write a comparison on one page of A4; return its path."""
    style.language(lang)
    reader = Reader(comparison)
    return one_page(reader, path, _question(reader), _standing(reader, lang), lang)


def _question(reader: Reader) -> Finding:
    if asked := str(reader.info.get("question") or "").strip():
        return Finding("common.question", text=asked)
    return Finding("comparison_parts.question", strategies=reader.strategies, baseline=reader.baseline)


def _standing(reader: Reader, lang: str) -> Finding:
    district = reader.comparison.district
    arms = 1 + len({*reader.arms, *(reader.further.arms if reader.further else ())})
    return Finding(
        "comparison_parts.standing",
        estates=len(district.names),
        households=int(district.households.sum()),
        arms=arms,
        units=reader.units(lang),
    )
