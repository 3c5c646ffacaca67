"""What a validation has found: which figures are met, what they are evidence for, and what they leave open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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
    fitted, held_back, built_in = (_tally(result, kind) for kind in ("fitted", "held back", "built in"))
    predicted = _predicted(result)
    return [
        Finding("validation.fitted", **fitted) if fitted["count"] else Finding("validation.nothing_fitted"),
        Finding("validation.held_back", **held_back) if held_back["count"] else Finding("validation.nothing_held_back"),
        *_rivals(result),
        *([Finding("validation.would_tell", figures=predicted)] if predicted else []),
        *([Finding("validation.built_in", **built_in)] if built_in["count"] else []),
    ]


def _tally(result: Validation, kind: str) -> dict[str, Any]:
    """Count for how many figures of a kind the model is inside and overlaps; name those for which it is outside."""
    verdicts = result.verdicts.loc[result.of_kind(kind), MODEL]
    counts = {verdict: int((verdicts == verdict).sum()) for verdict in ("inside", "overlaps")}
    return {"count": len(verdicts), **counts, "outside": list(verdicts.index[verdicts == "outside"])}


def _rivals(result: Validation) -> Iterator[Finding]:
    """Find what each rival misses, which rivals miss nothing, and which would do better than the model."""
    names, lacks = result.of_kind(*DATA), {label: null.lacks for label, null in result.spec.nulls.items()}
    missed, better = (
        {label: [name for name in names if label in result.evidence(name, kind)] for label in lacks}
        for kind in ("for", "against")
    )
    for label, figures in missed.items():
        rows = result.table[(result.table["arm"] == label) & result.table["figure"].isin(figures)]
        units = rows["figure"].map(spoken_unit)
        told = [
            (row.figure, row.mean, (row.predicted_low, row.predicted_high), (row.low, row.high), unit)
            for row, unit in zip(rows.itertuples(), units, strict=True)
        ]
        if told:
            yield Finding("validation.evidence", lacks=lacks[label], missed=told)
    if names and (idle := [lacks[label] for label, figures in missed.items() if not figures]):
        yield Finding("validation.no_evidence", lacks=idle)
    for label, figures in better.items():
        if figures:
            yield Finding("validation.against", lacks=lacks[label], names=figures)


def spoken_unit(name: str) -> str:
    """Return what a sentence says behind a figure's number; figures of the ground have their unit in their name."""
    return FIGURES.get(name, Figure()).spoken


def _predicted(result: Validation) -> list[tuple[str, float, list[tuple[str, float]], str]]:
    """Return the figures without data that would distinguish the model from rivals, with these and its unit."""
    figures = []
    for name in result.of_kind(PREDICTED):
        verdicts, means = result.verdicts.loc[name], {arm: result.spreads[name, arm].mean for arm in result.verdicts}
        if rivals := [(label, means[label]) for label in verdicts.index[verdicts == "outside"]]:
            figures.append((name, means[MODEL], rivals, spoken_unit(name)))
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
    size = {"replicates": plan.replicates, "rivals": len(result.spec.nulls), "estates": plan.estates}
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


def _beside_data(result: Validation) -> Shown:
    """Return data, model and verdict, a row for each figure with data."""
    own = result.table[(result.table["arm"] == MODEL) & (result.table["kind"] != PREDICTED)]
    columns = "figure kind unit data mean next verdict source"
    return Shown.of(Finding("validation.beside_data"), own.to_dict("records"), columns, "validation.cell")


def _evidence(result: Validation) -> Shown:
    """Return what each figure is evidence for, and without what it is met as well."""
    nulls, kinds = result.spec.nulls, ("for", "none", "against", "open")
    rows = []
    for name in result.of_kind(*DATA):
        lacks = {kind: [nulls[label].lacks for label in result.evidence(name, kind)] for kind in kinds}
        rows.append({"figure": name, "verdict": result.verdicts.loc[name, MODEL], "rivals": len(nulls), **lacks})
    columns = "figure model for none against open"
    return Shown.of(Finding("validation.evidence_of_each"), rows, columns, "validation.evidence_cell")


def _predictions(result: Validation) -> Shown:
    """Return what the model predicts where no data are at hand, and its rivals; one that stands apart has a star."""
    rows = result.table[result.table["kind"] == PREDICTED]
    own, caption = rows[rows["arm"] == MODEL].to_dict("records"), Finding("validation.predictions")
    shown = Shown.of(caption, own, "figure unit model", "validation.cell")
    for label in result.spec.nulls:
        cells = rows[rows["arm"] == label]
        stars = ["*" if verdict == "outside" else "" for verdict in cells["verdict"]]
        means = [f"{quantity(mean)} {star}".rstrip() for mean, star in zip(cells["mean"], stars, strict=True)]
        shown.frame[Finding("common.label", text=label)] = means
    return shown


def _made_of(result: Validation) -> Shown:
    """Return what each rival is, and which values it was given when it was fitted again."""
    scenario = result.swept.plan.scenario
    rows = []
    for label, null in result.spec.nulls.items():
        moved = [
            f"{name.partition('.')[2]} {_value(scenario.get(name))} → {_value(value)}"
            for name, value in result.fitted[label].items()
            if name not in null.changes or value != null.changes[name]
        ]
        rows.append({"rival": label, "lacks": null.lacks, "what": null.what, "fitted": ", ".join(moved) or NOTHING})
    return Shown.of(Finding("validation.rivals"), rows, "rival lacks what fitted", "validation.cell")


def _value(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
