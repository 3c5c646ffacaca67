"""What a validation has found: which figures are met, what they are evidence for, and what they leave open.

In its figure, data, model and rivals stand side by side, a row for each figure, a panel for each arm.  Figures have
different units, so that each row has a scale of its own: the interval of the data goes from -1 to 1, and its value lies
at 0.  Where no data are at hand, the model's own prediction interval stands in their place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.result import Draw
from experiments.analyses.validation.evidence import FIGURES
from experiments.analyses.validation.filings import YEAR
from experiments.analyses.validation.validation import DATA, MODEL, PREDICTED, Validation
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import span
from experiments.reporting.document import Document, Shown, worded
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import NOTHING, quantity
from experiments.reporting.provenance import info_of
from experiments.reporting.template_rendering import markdown, sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REACH = 3.0
"""How far a panel shows, in half widths of the data's interval."""

LOOKS = {
    "inside": Entry("", style.BLUE, "o", 3.6),
    "overlaps": Entry("", "#6b6b6b", "D", 3.6),
    "outside": Entry("", style.VERMILLION, "X", 3.6),
}
"""How the mark of each verdict is drawn."""
REFERENCE = Entry("", style.INK, "|", 3.6)
NO_POINT = Point(math.nan, math.nan, math.nan)


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
        misses = [
            (row.figure, row.mean, (row.predicted_low, row.predicted_high), (row.low, row.high), unit)
            for row, unit in zip(rows.itertuples(), units, strict=True)
        ]
        if misses:
            yield Finding("validation.evidence", lacks=lacks[label], missed=misses)
    if names and (idle := [lacks[label] for label, figures in missed.items() if not figures]):
        yield Finding("validation.no_evidence", lacks=idle)
    for label, figures in better.items():
        if figures:
            yield Finding("validation.against", lacks=lacks[label], names=figures)


def spoken_unit(name: str) -> str:
    """Return what a sentence says behind a figure's number; figures of the ground have their unit in their name."""
    return FIGURES[name].spoken if name in FIGURES else ""


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


def placed(value: float, middle: float, low: float, high: float) -> float:
    """Put a value on the scale of its row.

    Examples
    --------
    >>> placed(0.77, 0.92, 0.77, 1.05), placed(0.92, 0.92, 0.77, 1.05)
    (-1.0, 0.0)
    """
    half = (high - middle) if value >= middle else (middle - low)
    if value == middle:
        return 0.0
    # A bound has its value at one end: nothing lies between them, and the other side gives the scale.
    half = half or high - low
    return (value - middle) / half if half else math.copysign(math.inf, value - middle)


def validation_figure(result: Validation, lang: str = "en") -> Figure:
    """Draw data, model and rivals."""
    cells = {(row["figure"], row["arm"]): row for row in result.table.to_dict("records")}
    names, rows = [""], [Row("", beside=gettext(lang, "data"))]
    for kind in ("fitted", "held back", PREDICTED, "built in"):
        if figures := result.of_kind(kind):
            rows.append(Row(sentence(lang, f"validation.blocks.{kind}"), head=True))
            rows += [
                Row(Finding("validation.figure", name=name), beside=_datum(cells[name, MODEL])) for name in figures
            ]
            names += ["", *figures]
    plan, shown = result.swept.plan, set(result.table["verdict"])
    numbered = list(plan.arms)[:2][-1]
    panels = [_panel(cells, arm, names, lang, arm == numbered) for arm in plan.arms]
    marks = {f"validation.verdicts.{name}": look for name, look in LOOKS.items() if name in shown}
    if any(point.look is REFERENCE for panel in panels for points in panel.points for point in points):
        marks["validation.marks.reference"] = REFERENCE
    return IntervalRows(
        title=_title(result),
        subtitle=Finding("validation.subtitle", replicates=plan.replicates, estates=plan.estates),
        note=Finding("validation.note"),
        rows=rows,
        panels=panels,
        key=[replace(look, label=sentence(lang, name), width=0) for name, look in marks.items()],
        across=len(panels),
        size=7,
        names=2.8,
    ).draw(lang)


def _title(result: Validation) -> Finding:
    """Find how many figures of data the model agrees with, and which of them a rival would miss."""
    names = result.of_kind(*DATA)
    met = [name for name in names if result.verdicts.loc[name, MODEL] in ("inside", "overlaps")]
    return Finding(
        "validation.agreement",
        met=len(met),
        figures=len(names),
        rivals=len(result.spec.nulls),
        telling=[name for name in met if result.evidence(name)],
    )


def _datum(row: Mapping[Any, Any]) -> str:
    """Tell what the data say of a figure; of two ends below nothing, a dash between them would look like a sign."""
    value, low, high = row["value"], row["low"], row["high"]
    if not math.isfinite(low):
        return quantity(value)
    return f"{quantity(value)} ({quantity(low)}{'–' if low >= 0 and high >= 0 else ' … '}{quantity(high)})"


def _panel(cells: Mapping[Any, Mapping[Any, Any]], arm: str, names: list[str], lang: str, numbered: bool) -> Panel:
    """Return an arm's panel; what is built in is shown of the model alone, with its numbers beside the mark in one."""
    points: list[list[Point]] = []
    for name in names:
        row, own = cells.get((name, arm)), cells.get((name, MODEL))
        points.append([] if row is None else [_point(row)])
        if numbered and own is not None and own["kind"] == "built in":
            points[-1] = [replace(point, text=_numbers(own, lang)) for point in points[-1] or [NO_POINT]]
    known = [bool(row and math.isfinite(row[0].mean)) for row in points]
    look: dict[str, Any] = {"zero": False, "band": (-1.0, 1.0), "banded": known, "span": (-REACH, REACH)}
    return Panel(gettext(lang, arm), "", points, scaled=False, **look)


def _numbers(row: Mapping[Any, Any], lang: str) -> str:
    ends = (row["predicted_low"], row["predicted_high"])
    text = gettext(lang, "model: {mean}", mean=quantity(row["mean"]))
    return f"{text} ({span(ends, lang)})" if ends[0] < ends[1] else text


def _point(row: Mapping[Any, Any]) -> Point:
    """Return the mean of an arm's runs and their interval; nothing without an interval of the data."""
    mean, interval = row["mean"], (row["value"], row["low"], row["high"])
    if not (math.isfinite(mean) and math.isfinite(row["low"])):
        return NO_POINT
    ends = (row["predicted_low"], mean, row["predicted_high"])
    placed_ends = (placed(end if math.isfinite(end) else mean, *interval) for end in ends)
    return Point.of(placed_ends, LOOKS.get(row["verdict"], REFERENCE))


def document(result: Validation, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    plan, run = result.swept.plan, result.swept.plan.scenario.run
    size = {"replicates": plan.replicates, "rivals": len(result.spec.nulls), "estates": plan.estates}
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("validation.question")),
        findings=result.findings,
        figures=[(drawn["validation"], Finding("validation.caption"))],
        tables=[shown for shown in _tables(result).values() if len(shown.frame)],
        method=[
            Finding("validation.runs", **size, years=(run.weeks - run.warmup) // YEAR, warmup=run.warmup),
            Finding("validation.intervals"),
            Finding("validation.refitting"),
        ],
        limits=[Finding("validation.no_policy"), Finding("validation.other_city")],
        scenario=plan.scenario,
        info=info_of(result.swept.store),
    )


def documentation(result: Validation, picture: str, lang: str = "en") -> str:
    """Write the page of the documentation; `picture` is the figure's path from there."""
    plan, report = result.swept.plan, document(result, {"validation": Path(picture)})
    texts = {"findings": report.findings, "method": report.method, "limits": report.limits, "picture": picture}
    size = {"estates": plan.estates, "weeks": plan.scenario.run.weeks, "replicates": plan.replicates}
    tables = {name: worded(shown, lang) for name, shown in _tables(result).items()}
    return markdown("validation", lang, **size, **texts, tables=tables)


def _tables(result: Validation) -> dict[str, Shown]:
    tables = {"data": _beside_data, "evidence": _evidence, "predictions": _predictions, "rivals": _made_of}
    return {name: table(result) for name, table in tables.items()}


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
