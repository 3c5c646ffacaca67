"""The report of a sign map: where the policy helps and harms, what decides it, and how sure each sign is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.explorer import Explored, Response, explorer
from experiments.analyses.result import Draw
from experiments.analyses.signmap.sequential import FUTILITY
from experiments.analyses.signmap.sign_map import SignMap
from experiments.analyses.signmap.signmap_figures import ALWAYS, panels_figure, projections_figure, terciles_figure
from experiments.analyses.signmap.signmap_findings import contrast, counted, largest, note, signs, tercile, undecided
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.core.statistics.regions import LEVEL
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import aligned, between, percent, written

SHOWN = 240  # rows of the map that the report shows at most


def findings(result: SignMap) -> list[Finding]:
    """Find, against each comparator, how many points have which sign, where it is largest, and what decides it."""
    view, shares = result.view, result.terciles
    rows = [(comparator, sign) for comparator in view.against for sign in ("helps", "harms")]
    each = [finding for row in rows for finding in (largest(view, *row), contrast(view, shares, *row))]
    return [finding for finding in (signs(view), *each, undecided(view)) if finding is not None]


def on_screen(result: SignMap, lang: str) -> list[str]:
    """Return what was found, and how many points have which sign against each comparator."""
    counts = [counted(result.view, comparator) for comparator in result.spec.against]
    return [capital(finding.text(lang)) for finding in (*result.findings, *counts)]


def figures(result: SignMap) -> dict[str, Draw]:
    """Name what can be drawn: a grid of two to four parameters as panels, other points as projections to each pair.

    There is a figure for each comparator of four parameters and of projections; shares of signs by terciles follow.
    """
    view, shares = result.view, result.terciles
    draws: list[Draw]
    if not view.in_panels:
        draws = [partial(projections_figure, view.only(comparator), shares) for comparator in view.against]
    elif len(view.names) == 4:
        draws = [partial(panels_figure, view.only(comparator)) for comparator in view.against]
    else:
        draws = [partial(panels_figure, view)]
    named = {f"signmap{f'-{number}' if number > 1 else ''}": draw for number, draw in enumerate(draws, start=1)}
    if view.in_terciles:
        named["signmap-thirds"] = partial(terciles_figure, view, shares)
    return named


def document(result: SignMap, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    view, plan = result.view, result.plan
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("signmap.question", policy=view.policy)),
        findings=result.findings,
        tables=[_counts(view), *([_terciles(view, result.terciles)] if view.in_terciles else []), _map(view)],
        method=_method(result, view),
        figures=[(path, _caption(view, name)) for name, path in drawn.items()],
        limits=[
            Finding(
                "signmap.one_point", points=len(view.points), wrong=LEVEL * len(view.points), apart=view.own_chance
            ),
            *([Finding("signmap.shares_of_ranges")] if view.in_terciles else []),
        ],
        sections={"explore": explorer(_explored(result, view))},
        scenario=plan.scenario,
        info=result.provenance,
    )


def _explored(result: SignMap, view: SignMapView) -> Explored:
    """Return what sliders of it are made of: the difference from each comparator."""
    plan = result.plan
    seen = [
        Response(
            view.outcome,
            view.policy,
            comparator,
            view.rows(comparator).set_index("point")["difference"].reindex(plan.points.index).to_numpy(float),
        )
        for comparator in view.against
    ]
    return Explored.of_plan(plan, seen, result.rounds[0][1].outcome.design)


def _caption(view: SignMapView, name: str) -> Finding:
    if name.endswith("thirds"):
        return Finding("signmap.terciles_caption")
    return note(
        view,
        "signmap.caption",
        policy=view.policy,
        outcome=view.outcome,
        boundaries=view.in_panels and bool(view.boundaries),
    )


def _method(result: SignMap, view: SignMapView) -> list[Finding]:
    plan = result.plan
    runs = Finding(
        "signmap.runs",
        policy=view.policy,
        against=list(view.against),
        kind=plan.kind,
        points=len(plan.points),
        parameters=view.names,
        runs=sum(len(swept.outcome.done) for _, swept in result.rounds),
        weeks=plan.scenario.run.weeks,
        start=result.rounds[0][1].outcome.design.start,
    )
    interim = Finding(
        "signmap.looks",
        sizes=list(view.sizes),
        levels=[look.level for look in result.schedule],
        confidence=1 - LEVEL,
        futility=FUTILITY,
    )
    crossed = [boundary.name for boundary in view.boundaries if set(boundary.depends) & set(view.names)]
    return [
        runs,
        Finding("signmap.regions", margin=view.margin),
        interim,
        *(Finding("signmap.boundary", name=name) for name in crossed if view.in_panels),
    ]


def _counts(view: SignMapView) -> Shown:
    rows = []
    for comparator in view.against:
        table, counts = view.rows(comparator), view.counts(comparator)
        low, high = int(table["replicates"].min()), int(table["replicates"].max())
        rows.append(
            {
                "against": Finding("signmap.comparator", name=comparator, policy=view.policy),
                **{sign: count for sign, count in counts.items() if sign in ALWAYS or count},
                "given_up": int((table["ended"] == "given up").sum()),
                "points": len(table),
                "replicates": f"{low}–{high}" if low != high else str(low),
            }
        )
    return Shown(Finding("signmap.counts"), pd.DataFrame(rows), "signmap.heads")


def _terciles(view: SignMapView, shares: pd.DataFrame) -> Shown:
    rows = []
    for (comparator, name, group), table in shares.groupby(["against", "parameter", "group"], sort=False):
        cells = {
            str(row["sign"]): f"{100 * row['share']:.0f}% [{100 * row['low']:.0f}, {100 * row['high']:.0f}]"
            for row in table.to_dict("records")
        }
        rows.append(
            {
                "against": Finding("common.arm", name=str(comparator), short=True),
                "parameter": name,
                "part": tercile(str(group)),
                "points": int(table["points"].iloc[0]),
                **{sign: cells[sign] for sign in ALWAYS},
            }
        )
    return Shown(Finding("signmap.terciles"), pd.DataFrame(rows), "signmap.heads")


def _map(view: SignMapView) -> Shown:
    rows: list[dict[str, Any]] = []
    for row in view.table.head(SHOWN).to_dict("records"):
        difference, low, high = aligned(
            [row["difference"], row["ci_low"], row["ci_high"]], (row["ci_high"] - row["ci_low"]) / 2
        )
        rows.append(
            {
                **{name: Finding("common.level", value=row[name]) for name in view.names},
                "against": Finding("common.arm", name=row["against"], short=True),
                "difference": difference,
                "interval": between(low, high),
                "percent": percent(100 * row["relative"], signed=True).removesuffix("%"),
                "sign": Finding("signmap.sign", sign=row["sign"], ended=row["ended"]),
                "n": row["replicates"],
                "needed": written(row["needed"], ",.0f"),
            }
        )
    caption = Finding("signmap.map", rows=len(view.table), shown=min(SHOWN, len(view.table)))
    return Shown(caption, pd.DataFrame(rows), "signmap.heads")
