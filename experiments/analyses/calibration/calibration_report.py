"""What a calibration has found: which figures are met, what the data leave of each parameter, and how sure that is."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from experiments.analyses.calibration.calibration import Calibration
from experiments.analyses.result import Draw
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting.catalogue import gettext
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import rounded, written
from experiments.reporting.provenance import info_of
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRONGEST: Final = 10
"""Pairs of parameters that the table has."""
BAND, REGION, BARS = "#e4e4e4", "#4095c5", 24
ACROSS = 4
BEYOND = 3.0
"""Half widths of the data's interval beyond which an arrow stands for a value of the check."""
PAIRS, DOTS = 6, 500
MARKS = (("o", style.BLUE), ("s", style.VERMILLION), ("^", style.AMBER), ("D", style.PURPLE))


def findings(result: Calibration) -> list[Finding]:
    """Find which figures are met, what is left of the prior, and which parameters the data narrow or tie together."""
    return list(_findings(result))


def _findings(result: Calibration) -> Iterator[Finding]:
    table, last, waves = result.predictive, result.regions[-1], len(result.waves)
    # Figures by how sure it is that their mean at the best values lies in the data's interval.
    counts, near = Counter(table["inside"]), table[table["inside"] == "undecided"]
    mean = int(near["best"].between(near["target_low"], near["target_high"]).sum())
    size = {"all": len(table), "sure": counts["yes"], "mean": mean, "beyond": len(near) - mean, "out": counts["no"]}
    yield Finding("calibration.met", **size)
    columns = ["figure", "world", "best", "target_low", "target_high"]
    if figures := _rows(table.loc[table["inside"] == "no", columns]):
        yield Finding("calibration.outside", figures=figures)
    if last.empty:
        yield Finding("calibration.ruled_out", waves=waves, nearest=last.nearest, cut=last.cutoff)
    else:
        yield Finding("calibration.left", waves=waves, share=last.share)
    known = _rows(result.summary.loc[result.summary["identified"] == "yes", ["parameter", "mean", "ci_low", "ci_high"]])
    yield Finding("calibration.narrowed", unknown=_unknown(result.summary), known=known)
    if names := list(result.summary.loc[result.summary["presses"] != "", "parameter"]):
        yield Finding("calibration.pressed", names=names)
    pairs = _rows(result.pairs.loc[result.pairs["together"] == "yes", ["first", "second", "correlation"]])
    yield Finding("calibration.together", pairs=pairs) if pairs else Finding("calibration.separate")


def _rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(table.itertuples(index=False, name=None))


def figures(result: Calibration) -> dict[str, Draw]:
    """Draw the region parameter by parameter, the fresh runs beside the data, and the region in pairs."""
    drawn: dict[str, Draw] = {
        "posterior": partial(marginals_figure, result),
        "check": partial(predictive_figure, result),
    }
    return drawn | ({"pairs": partial(pairs_figure, result)} if len(result.plan.axes) > 1 else {})


def _notes(result: Calibration) -> dict[str, Finding]:
    """Name every band, bar and mark of each figure."""
    points, again = len(result.check.points), result.again.plan.replicates
    stroke, hardly = bool(_within(result.summary).any()), bool(_unknown(result.summary))
    return {
        "posterior": Finding("calibration.posterior_note", points=len(result.drawn), stroke=stroke, unknown=hardly),
        "check": Finding("calibration.check_note", points=points, again=again),
        "pairs": Finding("calibration.pairs_note", shown=min(len(result.pairs), PAIRS), all=len(result.pairs)),
    }


def _unknown(summary: pd.DataFrame) -> list[str]:
    """Return the parameters that the data leave as they were."""
    return list(summary.loc[summary["identified"] != "yes", "parameter"])


def _within(summary: pd.DataFrame) -> pd.Series:
    """Tell for which parameters the value of the scenario lies within the range that was thought possible."""
    return summary["scenario"].between(summary["prior_low"], summary["prior_high"])


def _said(result: Calibration, lang: str, *ids: str) -> str:
    """Return what was found of something; empty where nothing was."""
    return "".join(finding.text(lang) for finding in result.findings if finding.id in ids)


def marginals_figure(result: Calibration, lang: str = "en") -> Figure:
    """Draw a panel for each parameter: the plausibility region over the range that was thought possible."""
    table = result.summary
    entries = {
        "region": Entry(gettext(lang, "plausibility region"), REGION, band=True),
        "before": Entry(sentence(lang, "calibration.marks.before"), BAND, band=True),
        "interval": Entry(gettext(lang, "95% of the region"), style.INK, width=2.2),
        "best": Entry(gettext(lang, "best value"), style.VERMILLION, marker="v", width=0),
    }
    if _within(table).any():
        entries["scenario"] = Entry(gettext(lang, "value before"), style.INK, marker="|", size=8, width=0)
    return Page(
        title=Finding("calibration.hardly", all=len(table), unknown=_unknown(table)),
        subtitle=_said(result, lang, "calibration.pressed"),
        note=_notes(result)["posterior"],
        parts=[_marginal(row, result.drawn[row["parameter"]], entries, lang) for row in table.to_dict("records")],
        key=[*entries.values()],
        across=ACROSS,
    ).draw(lang)


def _marginal(row: dict[Any, Any], values: pd.Series, entries: dict[str, Entry], lang: str) -> Plane:
    low, high, narrow = row["prior_low"], row["prior_high"], gettext(lang, "not identified")
    if row["identified"] == "yes":
        narrow = gettext(lang, "{narrower:.0f}% narrower", narrower=100 * row["narrower"])
    heights, edges = np.histogram(values.to_numpy(dtype=float), bins=BARS, range=(low, high), density=True)
    even = 1.0 / (high - low)
    top = max(float(heights.max()), 1.3 * even)

    def shade(axes: Axes) -> None:
        axes.fill_between([low, high], 0.0, even, color=BAND, lw=0, zorder=0)
        axes.stairs(heights, edges, fill=True, color=REGION, lw=0, zorder=1)
        axes.plot([low, high], [even, even], color=style.MUTED, lw=0.7, ls=(0, (2, 1.5)), zorder=2)
        axes.spines["left"].set_visible(False)

    marks = [
        Series([row["ci_low"], row["ci_high"]], [-0.08 * top] * 2, entries["interval"], joined=True),
        Series(row["best"], 1.1 * top, entries["best"], order=4),
    ]
    if low <= row["scenario"] <= high:
        marks.append(Series(row["scenario"], 1.1 * top, entries["scenario"]))
    return Plane(
        axis=f"{row['parameter']}\n{narrow}",
        series=marks,
        x=Scale((low, high), {end: rounded(end) for end in (low, (low + high) / 2, high)}),
        y=Scale((-0.16 * top, 1.2 * top), {}),
        high=0.9,
        ground=shade,
    )


def predictive_figure(result: Calibration, lang: str = "en") -> Figure:
    """Draw a line for each figure: the data's interval, fresh runs of the region, and those at the best values."""
    table = result.predictive
    key = [Entry(gettext(lang, "interval of the data"), BAND, band=True)]
    marks: dict[Any, tuple[Entry, Entry]] = {}
    for (mark, colour), world in zip(itertools.cycle(MARKS), table["world"].unique(), strict=False):
        region = Entry(sentence(lang, "calibration.marks.region"), colour, width=3.2, alpha=0.45)
        marks[world] = Entry(Finding("calibration.runs_at_best", world=world), colour, mark), region
        key += marks[world]
    rows: list[Row] = []
    for place, row in enumerate(table.to_dict("records")):
        first = not place or row["figure"] != table["figure"].iloc[place - 1]
        data = f"[{rounded(row['target_low'])}, {rounded(row['target_high'])}]" if first else ""
        label = Finding("validation.figure", name=row["figure"]) if first else ""
        rows.append(Row(label, line=first and place > 0, beside=data))
    points = [[_checked(row, *marks[row["world"]])] for row in table.to_dict("records")]
    numbers = [(rounded(best), style.INK) for best in table["best"]]
    axis = sentence(lang, "calibration.marks.distance")
    panel = Panel("", axis, points, numbers=numbers, zero=False, band=(-1.0, 1.0), span=(-BEYOND, BEYOND))
    title = _said(result, lang, "calibration.met").removesuffix(gettext(lang, "."))
    subtitle, note = _said(result, lang, "calibration.outside"), _notes(result)["check"]
    return IntervalRows(title, rows, [panel], key, subtitle, note, size=7.5, names=3).draw(lang)


def _checked(row: dict[Any, Any], best: Entry, region: Entry) -> Point:
    """Put fresh runs on the scale of the data's interval, whose ends are -1 and 1."""
    middle, half = (row["target_low"] + row["target_high"]) / 2, (row["target_high"] - row["target_low"]) / 2
    names = ("best_low", "best", "best_high", "model_low", "model_high")
    low, mean, high, *wide = (float((row[name] - middle) / half) for name in names)
    return Point(low, mean, high, best, (wide[0], wide[1]), region)


def pairs_figure(result: Calibration, lang: str = "en") -> Figure:
    """Draw the pairs of parameters whose correlation in the plausibility region is strongest."""
    rows = result.pairs.head(PAIRS)[["first", "second", "correlation"]].itertuples(index=False)
    cloud = Entry(gettext(lang, "points of the plausibility region"), style.BLUE, "o", 1.6, width=0, alpha=0.45)
    best = Entry(gettext(lang, "best values"), style.VERMILLION, marker="X", size=6, width=0, edge="white")
    scales = {
        axis.name: Scale((axis.low, axis.high), {end: rounded(end) for end in (axis.low, axis.high)})
        for axis in result.plan.axes
    }
    sample = result.drawn.iloc[:: max(len(result.drawn) // DOTS, 1)]
    return Page(
        title=_said(result, lang, "calibration.together", "calibration.separate").removesuffix(gettext(lang, ".")),
        note=_notes(result)["pairs"],
        parts=[
            Plane(
                axis=first,
                up=second,
                under=f"{gettext(lang, 'rank correlation')} {written(correlation, '+.2f')}",
                series=[
                    Series(sample[first], sample[second], cloud),
                    Series(result.best[first], result.best[second], best, order=4),
                ],
                x=scales[first],
                y=scales[second],
            )
            for first, second, correlation in rows
        ],
        key=[replace(cloud, size=3), best],
    ).draw(lang)


def document(result: Calibration, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, plan, captions, failures = result.spec, result.plan, _notes(result), result.failures
    size = {"points": spec.points, "replicates": plan.replicates, "estates": plan.estates}
    span = {"weeks": plan.scenario.run.weeks, "warmup": plan.scenario.run.warmup}
    how = {"cut": result.regions[-1].cutoff, "discrepancy": spec.discrepancy, "level": spec.level}
    checked = {"points": len(result.check.points), "again": result.again.plan.replicates}
    unsound = _rows(result.quality.loc[result.quality["sound"] == "no", ["figure", "world"]])
    tables = [
        (Finding("calibration.parameters"), result.summary),
        (Finding("calibration.figures"), result.predictive.drop(columns="unit")),
        (Finding("calibration.pairs"), result.pairs.head(STRONGEST)),
        (Finding("calibration.emulators"), result.quality),
        (Finding("calibration.waves"), result.progress),
    ]
    return Document(
        title=Finding("common.question", text=spec.question, own=Finding("calibration.question")),
        findings=result.findings,
        figures=[(path, captions[name]) for name, path in drawn.items()],
        tables=[Shown(caption, _cells(table), "calibration.heads") for caption, table in tables if len(table)],
        method=[
            Finding("calibration.runs", **size, **span, worlds=[world for world in spec.worlds if world]),
            Finding("calibration.matching", **how, several=len(spec.worlds) > 1),
            Finding("calibration.plausibility", points=len(result.drawn)),
            Finding("calibration.check", **checked),
        ],
        limits=[
            Finding("calibration.others_fixed"),
            Finding("calibration.no_policy"),
            Finding("calibration.independence"),
        ],
        # Figures that the emulators predict badly, and runs that failed.
        warnings=[
            *[Finding("calibration.unsound", figures=unsound)] * bool(unsound),
            *[Finding("calibration.failed", count=len(failures), example=row["message"]) for row in failures[:1]],
        ],
        scenario=spec.listed.replace(result.best),
        info=info_of(result.waves[0].store),
    )


SAID: Final[dict[str, Callable[[Any], Finding]]] = {
    "figure": lambda name: Finding("validation.figure", name=name),
    "world": lambda name: Finding("common.label", text=name),
    "unit": lambda unit: Finding("common.parameter_unit", of={"unit": unit}),
    **dict.fromkeys(
        ("identified", "inside", "presses", "sound", "together"), lambda word: Finding("calibration.word", name=word)
    ),
}
"""Columns that hold names and words."""


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    """Round the numbers, and leave out the worlds where there is only one, which has no name."""
    if "world" in table and not table["world"].any():
        table = table.drop(columns="world")
    cells = table.map(lambda value: rounded(value) if isinstance(value, float) else value)
    return cells.assign(**{name: [say(word) for word in table[name]] for name, say in SAID.items() if name in table})
