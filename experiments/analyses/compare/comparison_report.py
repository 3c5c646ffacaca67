"""What a comparison has found, its report, for a referee and for a minister, and the answer on one page.

The sentences are worked out from the table. It says where an effect is undecided, and whether the branch beats its own
hours, whichever way that comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from experiments.analyses.compare import answer, comparison_tables
from experiments.analyses.compare import assumption_section as assumptions
from experiments.analyses.compare.comparison_figures import available, draw
from experiments.analyses.compare.comparison_method import design
from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.price import price
from experiments.analyses.result import Draw
from experiments.reporting import provenance as record
from experiments.reporting.document import Document
from experiments.reporting.finding import Block, Finding
from experiments.reporting.setting import first_limits, setting


def findings(result: Any) -> list[Finding]:
    """Find the answer in short, in the order of the report."""
    return answer.findings(Reader(result))


def figures(result: Any) -> dict[str, Draw]:
    """What can be drawn, by name."""
    return {name: partial(draw, result, name) for name in available(Reader(result))}


def document(result: Any, drawn: Mapping[str, Path]) -> Document:
    """Make the report: one page that stands alone."""
    reader = Reader(result)
    texts = captions(reader)
    costs = [Block("sections.paragraphs", texts=price(reader)), comparison_tables.bearers(reader)]
    return Document(
        title=_question(reader),
        standing=_standing(reader),
        findings=(),
        figures=[(path, texts[name]) for name, path in drawn.items()],
        sections={
            "answer": answer.answer(reader),
            "design": design(reader),
            "table": comparison_tables.effects(reader),
            "assumptions": assumptions.section(reader),
            "groups": comparison_tables.groups(reader),
            "cost": Block("sections.parts", content=costs),
        },
        scenario=result.scenario,
        info=reader.info,
    )


def brief(result: Any) -> Block:
    """Make the page of A4 for whoever decides: the answer, what it hangs on, what it cannot say."""
    reader, scenario = Reader(result), result.scenario
    sections = {
        "answer": answer.brief_answer(reader),
        "assumptions": assumptions.opening(reader),
        "limits": first_limits(scenario),
        "again": record.citation(reader.info),
    }
    return Block(
        "page.page",
        kind="brief",
        title=_question(reader),
        standing=_standing(reader),
        setting=setting(scenario, reader.info),
        warnings=record.alarms(reader.info),
        sections=list(sections.items()),
    )


def captions(reader: Reader) -> dict[str, Finding]:
    """Say under each figure what is drawn, and what every band is."""
    ground, base = reader.further or reader, reader.baseline
    return {
        "effects": Finding(
            "comparison.caption_effects", base=base, sample=reader.sample, margin=reader.margin, worlds=reader.worlds
        ),
        "coverages": Finding("comparison.caption_coverages", base=base, sample=ground.sample, margin=reader.margin),
        "parts": Finding(
            "comparison.caption_parts", whole=reader.focus, base=base, sample=ground.sample, lesser=bool(ground.lesser)
        ),
        "series": Finding("comparison.caption_series", base=base, sample=reader.sample),
        "maps": Finding("comparison.caption_maps", base=base, focus=reader.focus),
        "cost": Finding("comparison.caption_cost", base=base, sample=reader.sample),
    }


def _question(reader: Reader) -> Finding:
    own = Finding("comparison_parts.question", strategies=reader.strategies, baseline=reader.baseline)
    return Finding("common.question", text=str(reader.info.get("question") or "").strip(), own=own)


def _standing(reader: Reader) -> Finding:
    district = reader.comparison.district
    arms = 1 + len({*reader.arms, *(reader.further.arms if reader.further else ())})
    size = {"estates": len(district.names), "households": int(district.households.sum())}
    return Finding("comparison_parts.standing", **size, arms=arms, units=reader.sample)
