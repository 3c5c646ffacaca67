"""What a validation has found: which figures are met, what they are evidence for, and what they leave open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.validation.evidence import FIGURES, Figure
from experiments.analyses.validation.filings import YEAR
from experiments.analyses.validation.validation import DATA, MODEL, PREDICTED, Validation
from experiments.analyses.validation.validation_figure import validation_figure
from experiments.reporting.document import Document, Shown, worded
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import NOTHING, quantity
from experiments.reporting.provenance import info_of
from experiments.reporting.template_rendering import markdown


def findings(result: Validation) -> list[Finding]:
    """Find which figures are met, what each rival misses, and what would distinguish it from the model."""
    fitted, held_back, built_in = (result.of_kind(kind) for kind in ("fitted", "held back", "built in"))
    predicted = _predicted(result)
    return [
        Finding("validation.fitted", **_tally(result, fitted)) if fitted else Finding("validation.nothing_fitted"),
        Finding("validation.held_back", **_tally(result, held_back))
        if held_back
        else Finding("validation.nothing_held_back"),
        *_rivals(result),
        *([Finding("validation.would_tell", figures=predicted)] if predicted else []),
        *([Finding("validation.built_in", **_tally(result, built_in))] if built_in else []),
    ]


def _tally(result: Validation, names: list[str]) -> dict[str, Any]:
    """Count for how many figures the model is inside and overlaps; name those for which it is outside."""
    verdicts = result.verdicts.loc[names, MODEL]
    counts = {verdict: int((verdicts == verdict).sum()) for verdict in ("inside", "overlaps")}
    return {"count": len(names), **counts, "outside": list(verdicts.index[verdicts == "outside"])}


def _rivals(result: Validation) -> Iterator[Finding]:
    """Find what each rival misses, which rivals miss nothing, and which would do better than the model."""
    names = result.of_kind(*DATA)
    idle = []
    for label, null in result.nulls.items():
        missed = [
            (name, got.mean, (got.low, got.high), result.interval(name)[1:], spoken_unit(name))
            for name in names
            if label in result.evidence(name, "for")
            for got in [result.spreads[name, label]]
        ]
        if missed:
            yield Finding("validation.evidence", lacks=null.lacks, missed=missed)
        else:
            idle.append(null.lacks)
    if idle and names:
        yield Finding("validation.no_evidence", lacks=idle)
    for label, null in result.nulls.items():
        if better := [name for name in names if label in result.evidence(name, "against")]:
            yield Finding("validation.against", lacks=null.lacks, names=better)


def spoken_unit(name: str) -> str:
    """Return what a sentence says behind a figure's number; figures of the ground have their unit in their name."""
    return FIGURES.get(name, Figure()).spoken


def _predicted(result: Validation) -> list[tuple[str, float, list[tuple[str, float]], str]]:
    """Return the figures without data that would distinguish the model from rivals, with these and its unit."""
    figures = []
    for name in result.of_kind(PREDICTED):
        outside = [label for label in result.nulls if result.verdicts.loc[name, label] == "outside"]
        if outside:
            rivals = [(label, result.spreads[name, label].mean) for label in outside]
            figures.append((name, result.spreads[name, MODEL].mean, rivals, spoken_unit(name)))
    return figures


def figures(result: Validation) -> dict[str, Draw]:
    """Draw the model's interval beside the data's and beside its rivals, a row for each figure."""
    return {"validation": lambda lang: validation_figure(result, lang)}


def document(result: Validation, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    plan = result.swept.plan
    tables = (_beside_data(result), _evidence(result), _predictions(result), _made_of(result))
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("validation.question")),
        findings=result.findings,
        figures=[(drawn["validation"], Finding("validation.caption"))],
        tables=[shown for shown in tables if len(shown.frame)],
        method=_method(result),
        limits=LIMITS,
        scenario=plan.scenario,
        info=info_of(result.swept.store),
    )


LIMITS = (Finding("validation.no_policy"), Finding("validation.other_city"))


def _method(result: Validation) -> list[Finding]:
    plan, run = result.swept.plan, result.swept.plan.scenario.run
    size = {"replicates": plan.replicates, "rivals": len(result.nulls), "estates": plan.estates}
    return [
        Finding("validation.runs", **size, years=(run.weeks - run.warmup) // YEAR, warmup=run.warmup),
        Finding("validation.intervals"),
        Finding("validation.refitting"),
    ]


def documentation(result: Validation, picture: str, lang: str = "en") -> str:
    """Write the page of the documentation; `picture` is the figure's path from there."""
    plan = result.swept.plan
    tables = {"data": _beside_data, "evidence": _evidence, "predictions": _predictions, "rivals": _made_of}
    return markdown(
        "validation",
        lang,
        estates=plan.estates,
        weeks=plan.scenario.run.weeks,
        replicates=plan.replicates,
        findings=result.findings,
        picture=picture,
        method=_method(result),
        limits=LIMITS,
        tables={name: worded(table(result), lang) for name, table in tables.items()},
    )


def _shown(caption: Finding, rows: list[Any]) -> Shown:
    return Shown(caption, pd.DataFrame(rows), "validation.heads")


def _beside_data(result: Validation) -> Shown:
    """Return data, model and verdict, a row for each figure with data."""
    own = result.table[(result.table["arm"] == MODEL) & (result.table["kind"] != PREDICTED)]
    rows = [
        {
            "figure": Finding("validation.figure", name=row["figure"]),
            "kind": Finding("common.label", text=row["kind"]),
            "unit": Finding("common.label", text=row["unit"], context="target"),
            "data": Finding("validation.value_span", value=row["value"], ends=(row["low"], row["high"])),
            "mean": quantity(row["mean"]),
            "next": Finding("validation.span", ends=(row["predicted_low"], row["predicted_high"])),
            "verdict": Finding("validation.verdict", name=row["verdict"]),
            "source": Finding("validation.source", texts=[text for text in (row["interval"], row["source"]) if text]),
        }
        for row in own.to_dict("records")
    ]
    return _shown(Finding("validation.beside_data"), rows)


def _evidence(result: Validation) -> Shown:
    """Return what each figure is evidence for, and without what it is met as well."""
    rows = []
    for name in result.of_kind(*DATA):
        verdict = str(result.verdicts.loc[name, MODEL])
        cells = {
            "figure": Finding("validation.figure", name=name),
            "model": Finding("validation.verdict", name=verdict),
        }
        for kind in ("for", "none", "against", "open"):
            lacks = [result.nulls[label].lacks for label in result.evidence(name, kind)]
            every = len(lacks) == len(result.nulls) > 1
            cells[kind] = Finding("validation.mechanisms", lacks=lacks, every=every)
        rows.append(cells)
    return _shown(Finding("validation.evidence_of_each"), rows)


def _predictions(result: Validation) -> Shown:
    """Return what the model predicts where no data are at hand, and its rivals; one that stands apart has a star."""
    rows = []
    for name in result.of_kind(PREDICTED):
        own = result.spreads[name, MODEL]
        cells: dict[Any, Finding | str] = {
            "figure": Finding("validation.figure", name=name),
            "unit": Finding("common.label", text=FIGURES.get(name, Figure()).unit, context="target"),
            "model": Finding("validation.value_span", value=own.mean, ends=(own.low, own.high)),
        }
        for label in result.nulls:
            star = " *" if result.verdicts.loc[name, label] == "outside" else ""
            cells[Finding("common.label", text=label)] = quantity(result.spreads[name, label].mean) + star
        rows.append(cells)
    return _shown(Finding("validation.predictions"), rows)


def _made_of(result: Validation) -> Shown:
    """Return what each rival is, and which values it was given when it was fitted again."""
    scenario = result.swept.plan.scenario
    rows = []
    for label, null in result.nulls.items():
        moved = [
            f"{name.partition('.')[2]} {_value(scenario.get(name))} → {_value(value)}"
            for name, value in result.fitted[label].items()
            if name not in null.changes or value != null.changes[name]
        ]
        texts = {"rival": label, "lacks": null.lacks, "what": null.what}
        cells = {name: Finding("common.label", text=text) for name, text in texts.items()}
        rows.append({**cells, "fitted": ", ".join(moved) or NOTHING})
    return _shown(Finding("validation.rivals"), rows)


def _value(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
