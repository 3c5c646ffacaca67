"""What a calibration has found: which figures are met, what the data leave of each parameter, and how sure that is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.analyses.calibration import calibration_figures
from experiments.analyses.calibration.calibration import Calibration
from experiments.analyses.calibration.calibration_figures import notes, unknown
from experiments.analyses.result import Draw
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import rounded
from experiments.reporting.provenance import info_of

STRONGEST: Final = 10
"""Pairs of parameters that the table has."""


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
        nearest = float(last.sample.values.min())
        yield Finding("calibration.ruled_out", waves=waves, nearest=nearest, cut=last.cutoff)
    else:
        yield Finding("calibration.left", waves=waves, share=last.share)
    known = _rows(result.summary.loc[result.summary["identified"] == "yes", ["parameter", "mean", "ci_low", "ci_high"]])
    yield Finding("calibration.narrowed", unknown=unknown(result.summary), known=known)
    if names := list(result.summary.loc[result.summary["presses"] != "", "parameter"]):
        yield Finding("calibration.pressed", names=names)
    pairs = _rows(result.pairs.loc[result.pairs["together"] == "yes", ["first", "second", "correlation"]])
    yield Finding("calibration.together", pairs=pairs) if pairs else Finding("calibration.separate")


def _rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(table.itertuples(index=False, name=None))


def figures(result: Calibration) -> dict[str, Draw]:
    """Draw the region parameter by parameter, the fresh runs beside the data, and the region in pairs."""
    drawn: dict[str, Draw] = {
        "posterior": partial(calibration_figures.marginals_figure, result),
        "check": partial(calibration_figures.predictive_figure, result),
    }
    return drawn | ({"pairs": partial(calibration_figures.pairs_figure, result)} if len(result.plan.axes) > 1 else {})


def document(result: Calibration, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, plan, said, failures = result.spec, result.plan, notes(result), result.failures
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
        figures=[(path, said[name]) for name, path in drawn.items()],
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
        scenario=spec.scenario.replace(result.best),
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
