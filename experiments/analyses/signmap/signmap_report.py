"""The report of a sign map: where the policy helps and harms, what decides it, and how sure each sign is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.explorer import Explored, Response, explorer
from experiments.analyses.result import Draw
from experiments.analyses.signmap import signmap_figures as figure
from experiments.analyses.signmap import signmap_findings as find
from experiments.analyses.signmap.boundaries import BOUNDARIES
from experiments.analyses.signmap.sequential import FUTILITY
from experiments.analyses.signmap.sign_map import SignMap
from experiments.core.statistics.regions import LEVEL
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import aligned, between, percent, written

SHOWN = 240  # rows of the map that the report shows at most


def findings(result: SignMap) -> list[Finding]:
    """Find, against each comparator, how many points have which sign, where it is largest, and what decides it."""
    rows = product(result.spec.against, ("helps", "harms"))
    each = [finding for row in rows for finding in (find.largest(result, *row), find.contrast(result, *row))]
    every = (find.signs(result, result.spec.against), *each, find.undecided(result))
    return [finding for finding in every if finding is not None]


def on_screen(result: SignMap, lang: str) -> list[str]:
    """Return what was found, and how many points have which sign against each comparator."""
    counts = [find.counted(result, comparator) for comparator in result.spec.against]
    return [capital(finding.text(lang)) for finding in (*result.findings, *counts)]


def figures(result: SignMap) -> dict[str, Draw]:
    """Name what can be drawn: a grid of two to four parameters as panels, other points as projections to each pair.

    There is a figure for each comparator of four parameters and of projections; shares of signs by terciles follow.
    """
    draws: list[Draw] = [partial(figure.panels_figure, result, result.spec.against)]
    if not figure.in_panels(result):
        draws = [partial(figure.projections_figure, result, comparator) for comparator in result.spec.against]
    elif len(result.levels) == 4:
        draws = [partial(figure.panels_figure, result, [comparator]) for comparator in result.spec.against]
    named = {f"signmap{f'-{number}' if number > 1 else ''}": draw for number, draw in enumerate(draws, start=1)}
    if figure.in_terciles(result):
        named["signmap-thirds"] = partial(figure.terciles_figure, result)
    return named


def document(result: SignMap, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, plan, terciles = result.spec, result.plan, figure.in_terciles(result)
    points, design = len(plan.points), result.rounds[0][1].outcome.design
    seen = []
    for other in spec.against:
        differences = find.rows_against(result, other).set_index("point")["difference"]
        values = differences.reindex(plan.points.index).to_numpy(float)
        seen.append(Response(spec.outcome, spec.policy, other, values))
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("signmap.question", policy=spec.policy)),
        findings=result.findings,
        tables=[_counts(result), *([_terciles(result)] if terciles else []), _map(result)],
        method=_method(result),
        figures=[(path, _caption(result, name)) for name, path in drawn.items()],
        limits=[
            Finding("signmap.one_point", points=points, wrong=LEVEL * points, apart=spec.apart),
            *([Finding("signmap.shares_of_ranges")] if terciles else []),
        ],
        sections={"explore": explorer(Explored.of_plan(plan, seen, design))},
        scenario=plan.scenario,
        info=result.provenance,
    )


def _caption(result: SignMap, name: str) -> Finding:
    if name.endswith("thirds"):
        return Finding("signmap.terciles_caption")
    what = {"policy": result.spec.policy, "outcome": result.spec.outcome, "boundaries": figure.in_panels(result)}
    return find.note(result, result.spec.against, "signmap.caption", **what)


def _method(result: SignMap) -> list[Finding]:
    spec, plan, names = result.spec, result.plan, list(result.levels)
    runs = sum(len(swept.outcome.done) for _, swept in result.rounds)
    when = {"weeks": plan.scenario.run.weeks, "start": result.rounds[0][1].outcome.design.start}
    what = {"policy": spec.policy, "against": list(spec.against), "kind": plan.kind, "parameters": names}
    sizes, levels = ([getattr(look, name) for look in spec.schedule] for name in ("replicates", "level"))
    boundaries = [
        Finding("signmap.boundary", name=boundary.name)
        for boundary in BOUNDARIES
        if figure.in_panels(result) and boundary.is_about(spec.outcome) and set(boundary.depends) & set(names)
    ]
    return [
        Finding("signmap.runs", **what, points=len(plan.points), runs=runs, **when),
        Finding("signmap.regions", margin=spec.margin),
        Finding("signmap.looks", sizes=sizes, levels=levels, confidence=1 - LEVEL, futility=FUTILITY),
        *boundaries,
    ]


def _counts(result: SignMap) -> Shown:
    rows = []
    for comparator in result.spec.against:
        table = find.rows_against(result, comparator)
        low, high = int(table["replicates"].min()), int(table["replicates"].max())
        counts = find.counts(result, comparator).items()
        rows.append(
            {
                "against": Finding("signmap.comparator", name=comparator, policy=result.spec.policy),
                **{sign: count for sign, count in counts if sign in figure.ALWAYS or count},
                "given_up": int((table["ended"] == "given up").sum()),
                "points": len(table),
                "replicates": f"{low}–{high}" if low != high else str(low),
            }
        )
    return Shown(Finding("signmap.counts"), pd.DataFrame(rows), "signmap.heads")


def _terciles(result: SignMap) -> Shown:
    shares = result.terciles
    percents = (100 * shares[["share", "low", "high"]]).to_numpy()
    cells = shares.assign(cell=[f"{share:.0f}% [{low:.0f}, {high:.0f}]" for share, low, high in percents])
    groups = ["against", "parameter", "group", "points"]
    wide = cells.set_index([*groups, "sign"])["cell"].unstack("sign", sort=False).reset_index()
    frame = pd.DataFrame(
        {
            "against": [Finding("common.arm", name=name, short=True) for name in wide["against"]],
            "parameter": wide["parameter"],
            "part": [find.tercile(group) for group in wide["group"]],
            "points": wide["points"],
            **{sign: wide[sign] for sign in figure.ALWAYS},
        }
    )
    return Shown(Finding("signmap.terciles"), frame, "signmap.heads")


def _map(result: SignMap) -> Shown:
    rows: list[dict[str, Any]] = []
    for row in result.table.head(SHOWN).to_dict("records"):
        difference, low, high = aligned(
            [row["difference"], row["ci_low"], row["ci_high"]], (row["ci_high"] - row["ci_low"]) / 2
        )
        rows.append(
            {
                **{name: Finding("common.level", value=row[name]) for name in result.levels},
                "against": Finding("common.arm", name=row["against"], short=True),
                "difference": difference,
                "interval": between(low, high),
                "percent": percent(100 * row["relative"], signed=True).removesuffix("%"),
                "sign": Finding("signmap.sign", sign=row["sign"], ended=row["ended"]),
                "n": row["replicates"],
                "needed": written(row["needed"], ",.0f"),
            }
        )
    caption = Finding("signmap.map", rows=len(result.table), shown=min(SHOWN, len(result.table)))
    return Shown(caption, pd.DataFrame(rows), "signmap.heads")
