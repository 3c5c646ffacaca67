"""What a search of regions has found: where each policy was shown to help, where to harm, and where neither was."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.signmap.region_figure import region_figure
from experiments.analyses.signmap.region_search import RegionSearch, confirmed, sides_of
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import floored
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import between, percent


def findings(result: RegionSearch) -> list[Finding]:
    """Find how many policies have both signs, and what the second trial has shown of each."""
    return [
        Finding("signs.confirmed", **confirmed(result.table)),
        *(
            Finding("signs.policy", policy=str(policy), outcome=str(rows["outcome"].iloc[0]), regions=_regions(rows))
            for policy, rows in result.table.groupby("policy", sort=False)
        ),
    ]


def _regions(rows: pd.DataFrame) -> list[Finding]:
    return [
        Finding(
            "signs.region",
            found=row["found"],
            claimed=row["chosen_as"],
            sides=sides_of(row["region"]),
            outcome=row["outcome"],
            effect=[100 * float(row[name]) for name in ("effect", "ci_low", "ci_high")],
        )
        for row in rows.to_dict("records")
    ]


def figures(result: RegionSearch) -> dict[str, Draw]:
    """Where policies help, and where they harm."""
    return {"signs": partial(region_figure, result.spec.policies, result.swept, result.table)}


def page(result: RegionSearch) -> dict[str, Any]:
    """Return what the page is filled with."""
    spec = result.spec
    return {
        **spec.size,
        "worlds": spec.worlds,
        "fresh": spec.fresh,
        "grounds": spec.grounds,
        "margin": spec.margin,
        "rows": [{**row, "sides": _coded(row["region"])} for row in result.table.to_dict("records")],
        "policies": list(spec.policies.values()),
    }


def _coded(region: str) -> list[tuple[str, float, float]]:
    return [(f"`{name}`", low, high) for name, low, high in sides_of(region)]


def document(result: RegionSearch, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, held = result.spec, result.stores[0].read()
    policies = list(spec.policies.values())
    return Document(
        title=Finding("common.question", text=spec.question, own=Finding("signs.question")),
        findings=result.findings,
        figures=[(drawn["signs"], Finding("signs.note"))],
        tables=[_trials(result.table), _ranges(result)],
        method=[
            Finding("signs.tried", worlds=spec.worlds, fresh=spec.fresh, grounds=spec.grounds, **spec.size),
            Finding("signs.chosen", margin=spec.margin),
        ],
        limits=[
            Finding("signs.boxes"),
            *(Finding("signs.policy_note", policy=policy.name, text=policy.note) for policy in policies if policy.note),
        ],
        info={name: held.get(name) for name in ("command", "versions", "model", "revision")} | {"seeds": [spec.seed]},
    )


def _trials(table: pd.DataFrame) -> Shown:
    rows = []
    for row in table.to_dict("records"):
        effect, low, high, least, most = (
            percent(floored(100 * float(row[name]), row["outcome"]), signed=True)
            for name in ("effect", "ci_low", "ci_high", "sim_low", "sim_high")
        )
        rows.append(
            {
                "policy": Finding("common.phrase", text=row["policy"], capital=True),
                "outcome": Finding("common.noun", name=row["outcome"]),
                "claimed": Finding("common.verdict", name=row["chosen_as"]),
                "region": Finding("signs.box", sides=sides_of(row["region"])),
                "effect": effect,
                "interval": between(low, high),
                "together": between(least, most),
                "worlds": int(row["worlds"]),
                "found": Finding("common.verdict", name=row["found"]),
            }
        )
    return Shown(Finding("signs.trials"), pd.DataFrame(rows), "signs.heads")


def _ranges(result: RegionSearch) -> Shown:
    rows = [
        {
            "policy": Finding("common.phrase", text=policy.name, capital=True),
            "parameter": name,
            "range": f"{low:g} … {high:g}",
        }
        for policy in result.spec.policies.values()
        for name, (low, high) in policy.ranges.items()
    ]
    return Shown(Finding("signs.swept"), pd.DataFrame(rows), "signs.heads")
