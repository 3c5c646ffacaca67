"""What a sweep of signs has found: where each policy was shown to help, where to harm, and where neither was shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.analyses.study.signs import GROUNDS, confirmed, sides_of
from experiments.analyses.study.signs_figure import signs_figure
from experiments.core.margin import MARGIN
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import between, percent

if TYPE_CHECKING:
    from experiments.analyses.result import Draw
    from experiments.analyses.study.sweeps import Signs

__all__ = ["document", "figures", "findings", "page"]


def findings(result: Signs) -> list[Finding]:
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
            effect=[100 * float(row[name]) for name in ("effect", "ci_low", "ci_high")],
        )
        for row in rows.to_dict("records")
    ]


def figures(result: Signs) -> dict[str, Draw]:
    """Where policies help, and where they harm."""
    return {"signs": partial(signs_figure, result.spec.policies, result.swept, result.table)}


def page(result: Signs) -> dict[str, Any]:
    """Return what the page is filled with."""
    spec = result.spec
    return {
        "made_by": spec.made_by,
        "worlds": spec.worlds,
        "fresh": spec.fresh,
        "grounds": GROUNDS,
        "margin": MARGIN,
        "rows": result.table.to_dict("records"),
        "policies": list(spec.policies.values()),
    }


def document(result: Signs, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, held = result.spec, result.stores[0].read()
    size = {"estates": spec.scenario.district.estates, "weeks": spec.scenario.run.weeks, "replicates": spec.replicates}
    policies = list(spec.policies.values())
    return Document(
        title=Finding("common.question", text=spec.question),
        findings=result.findings,
        figures=[(drawn["signs"], Finding("signs.note"))],
        tables=[_trials(result.table), _ranges(result)],
        method=[
            Finding("signs.tried", worlds=spec.worlds, fresh=spec.fresh, grounds=GROUNDS, **size),
            Finding("signs.chosen", margin=MARGIN),
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
            percent(100 * float(row[name]), signed=True)
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


def _ranges(result: Signs) -> Shown:
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
