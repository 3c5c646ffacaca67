"""What a calibration has found: which figures are met, what the data leave of each parameter, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.analyses.calibration.calibration import Calibration
from experiments.analyses.calibration.calibration_figures import (
    marginals_figure,
    notes,
    pairs_figure,
    predictive_figure,
)
from experiments.analyses.result import Draw
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import rounded
from experiments.reporting.provenance import info_of

STRONGEST: Final = 10
"""Pairs of parameters that the table has."""


def findings(result: Calibration) -> list[Finding]:
    """Find which figures are met, what is left of the prior, and which parameters the data narrow or tie together."""
    return [_met(result), *_outside(result), _left(result), _narrowed(result), *_pressed(result), _together(result)]


def _met(result: Calibration) -> Finding:
    """Count the figures whose mean at the best values lies in the data's interval, by how sure that is."""
    table = result.predictive
    near = table[table["inside"] == "undecided"]
    mean = int(((near["target_low"] <= near["best"]) & (near["best"] <= near["target_high"])).sum())
    sure, out = (int((table["inside"] == word).sum()) for word in ("yes", "no"))
    return Finding("calibration.met", all=len(table), sure=sure, mean=mean, beyond=len(near) - mean, out=out)


def _outside(result: Calibration) -> list[Finding]:
    rows = result.predictive[result.predictive["inside"] == "no"].to_dict("records")
    figures = [(row["figure"], row["world"], row["best"], row["target_low"], row["target_high"]) for row in rows]
    return [Finding("calibration.outside", figures=figures)] if figures else []


def _left(result: Calibration) -> Finding:
    """Find what history matching has left of the prior."""
    last, waves = result.regions[-1], len(result.waves)
    if last.empty:
        return Finding("calibration.ruled_out", waves=waves, nearest=float(last.sample.values.min()), cut=last.cutoff)
    return Finding("calibration.left", waves=waves, share=last.share)


def _narrowed(result: Calibration) -> Finding:
    table = result.summary
    known = table[table["identified"] == "yes"].to_dict("records")
    return Finding(
        "calibration.narrowed",
        unknown=list(table.loc[table["identified"] != "yes", "parameter"]),
        known=[(row["parameter"], row["mean"], row["ci_low"], row["ci_high"]) for row in known],
    )


def _pressed(result: Calibration) -> list[Finding]:
    names = list(result.summary.loc[result.summary["presses"] != "", "parameter"])
    return [Finding("calibration.pressed", names=names)] if names else []


def _together(result: Calibration) -> Finding:
    rows = result.pairs[result.pairs["together"] == "yes"].to_dict("records")
    pairs = [(row["first"], row["second"], row["correlation"]) for row in rows]
    return Finding("calibration.together", pairs=pairs) if pairs else Finding("calibration.separate")


def figures(result: Calibration) -> dict[str, Draw]:
    """Draw the region parameter by parameter, the fresh runs beside the data, and the region in pairs."""
    drawn: dict[str, Draw] = {
        "posterior": lambda lang: marginals_figure(result, lang),
        "check": lambda lang: predictive_figure(result, lang),
    }
    return drawn | ({"pairs": lambda lang: pairs_figure(result, lang)} if len(result.axes) > 1 else {})


def document(result: Calibration, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, plan = result.spec, result.design.plan
    size = {"points": spec.points, "replicates": plan.replicates, "estates": plan.estates}
    span = {"weeks": plan.scenario.run.weeks, "warmup": plan.scenario.run.warmup}
    how = {"cut": result.regions[-1].cutoff, "discrepancy": spec.discrepancy, "level": spec.level}
    return Document(
        title=Finding("common.question", text=spec.question, own=Finding("calibration.question")),
        findings=result.findings,
        figures=[(drawn[name], note) for name, note in notes(result).items() if name in drawn],
        tables=_tables(result),
        method=[
            Finding("calibration.runs", **size, **span, worlds=[world for world in spec.worlds if world]),
            Finding("calibration.matching", **how, several=len(spec.worlds) > 1),
            Finding("calibration.plausibility", points=len(result.shares)),
            Finding("calibration.check", points=len(result.check.points), again=result.again.plan.replicates),
        ],
        limits=[
            Finding("calibration.others_fixed"),
            Finding("calibration.no_policy"),
            Finding("calibration.independence"),
        ],
        warnings=_warnings(result),
        scenario=spec.scenario.replace(result.best),
        info=info_of(result.waves[0].store),
    )


def _warnings(result: Calibration) -> list[Finding]:
    """Warn of figures that the emulators predict badly, and of runs that failed."""
    bad = result.quality[result.quality["sound"] == "no"].to_dict("records")
    warnings = [Finding("calibration.unsound", figures=[(row["figure"], row["world"]) for row in bad])] if bad else []
    if result.failed:
        warnings.append(Finding("calibration.failed", count=len(result.failed), example=result.failed[0]))
    return warnings


def _tables(result: Calibration) -> list[Shown]:
    tables = [
        (Finding("calibration.parameters"), result.summary),
        (Finding("calibration.figures"), result.predictive.drop(columns="unit")),
        (Finding("calibration.pairs"), result.pairs.head(STRONGEST)),
        (Finding("calibration.emulators"), result.quality),
        (Finding("calibration.waves"), result.progress),
    ]
    return [Shown(caption, _cells(table), "calibration.heads") for caption, table in tables if len(table)]


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
