"""What a search of regions has found: where each policy was shown to help, where to harm, and where neither was.

Its figure has each world by the two parameters that matter most, and the effect there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.signmap.region_search import Policy, RegionSearch, confirmed, good_side, sides_of
from experiments.analyses.signmap.signmap_figures import look
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import floored
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import between, percent
from experiments.reporting.phrases import phrase
from experiments.reporting.words import noun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST = 8.0
"""Size of the mark of the largest effects, in points."""
MARKS = {1: "helps", 0: "equivalent", -1: "harms"}
"""As what an effect is drawn, by the sign of what is good."""


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
    return {"signs": partial(_figure, result)}


def _figure(result: RegionSearch, lang: str = "en") -> Figure:
    """Draw a panel for each policy."""
    labels = {
        "helps": gettext(lang, "better there"),
        "harms": gettext(lang, "worse there"),
        "equivalent": gettext(lang, "changes nothing at all"),
    }
    tried = [(policy, *result.swept[name]) for name, policy in result.spec.policies.items()]
    shown = {
        MARKS[int(np.sign(good_side(policy.outcome) * effect))]
        for policy, _, effects in tried
        for effect in effects[np.isfinite(effects)].unique()
    }
    return Page(
        title=Finding("signs.title", **confirmed(result.table)),
        note=Finding("signs.note"),
        parts=[_panel(policy, points, effects, lang) for policy, points, effects in tried],
        key=[replace(look(sign), label=label) for sign, label in labels.items() if sign in shown],
    ).draw(lang)


def _panel(policy: Policy, points: Sequence[Mapping[str, float]], effects: pd.Series, lang: str) -> Plane:
    """Draw worlds over the two parameters with which the effect is most strongly rank-correlated."""
    worlds = pd.DataFrame(list(points)).assign(effect=effects.to_numpy())
    strength = worlds.rank().corr()["effect"].drop("effect").abs().sort_values(ascending=False, kind="stable")
    first, second = map(str, strength.index[:2])
    sizes = 100 * effects.to_numpy(dtype=float)
    known = np.isfinite(sizes)  # no share of nothing, where a world has none of the outcome
    reach = max(float(np.percentile(np.abs(sizes[known]), 90)) if known.any() else 0.0, 1e-9)
    scales = np.sqrt(0.08 + 0.92 * np.minimum(np.abs(sizes) / reach, 1.0))
    signs = np.sign(good_side(policy.outcome) * sizes)
    judged = noun(policy.outcome, lang).name
    return Plane(
        capital(phrase(policy.name, lang)),
        first,
        up=second,
        under=gettext(lang, "{judged}; full size: {reach:.2g}%", judged=judged, reach=reach),
        series=[
            Series(worlds[first][rows], worlds[second][rows], look(sign, size=LARGEST), sizes=scales[rows])
            for way, sign in MARKS.items()
            if (rows := known & (signs == way)).any()
        ],
        x=Scale(most=4),
        y=Scale(most=4),
    )


def page(result: RegionSearch) -> dict[str, Any]:
    """Return what the page is filled with."""
    spec = result.spec
    rows = [
        {**row, "sides": [(f"`{name}`", low, high) for name, low, high in sides_of(row["region"])]}
        for row in result.table.to_dict("records")
    ]
    return {**spec.size, "margin": spec.margin, "rows": rows, "policies": list(spec.policies.values())}


def document(result: RegionSearch, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, held = result.spec, result.stores[0].read()
    policies = list(spec.policies.values())
    return Document(
        title=Finding("common.question", text=spec.question, own=Finding("signs.question")),
        findings=result.findings,
        figures=[(drawn["signs"], Finding("signs.note"))],
        tables=[_trials(result.table), _ranges(result)],
        method=[Finding("signs.tried", **spec.size), Finding("signs.chosen", margin=spec.margin)],
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
