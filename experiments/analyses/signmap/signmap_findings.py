"""What a sign map has found: where the policy helps and harms, what decides it, and what stays open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.analyses.signmap.terciles import contrasts, tercile_ends
from experiments.core.statistics.measures import better
from experiments.core.statistics.regions import decided
from experiments.reporting.finding import Finding


def signs(view: SignMapView, title: bool = False) -> Finding:
    """Find at how many points the policy helps and harms; a title has no full stop."""
    counts = [(comparator, view.counts(comparator)) for comparator in view.against]
    return Finding(
        "signmap.signs",
        policy=view.policy,
        points=len(view.points),
        title=title,
        opponents=[(comparator, count["helps"], count["harms"]) for comparator, count in counts],
    )


def counted(view: SignMapView, comparator: str) -> Finding:
    """Count the points with each sign against an comparator."""
    counts = [(sign, count) for sign, count in view.counts(comparator).items() if count]
    return Finding("signmap.counted", opponent=comparator, policy=view.policy, counts=counts)


def largest(view: SignMapView, comparator: str, sign: str) -> Finding | None:
    """Find the point with the largest difference of a sign; None where no point has it."""
    rows = view.rows(comparator)
    rows = rows[rows["sign"] == sign]
    if not len(rows):
        return None
    row = rows.loc[rows["relative"].abs().fillna(0.0).idxmax()]
    size, low, high = _in_per_cent(row)
    return Finding(
        "signmap.largest",
        sign=sign,
        policy=view.policy,
        against=comparator,
        outcome=view.outcome,
        size=size,
        low=low,
        high=high,
        where=[(name, row[name]) for name in view.names],
    )


def _in_per_cent(row: Mapping[str, Any]) -> list[float]:
    """Return a difference and the ends of its interval in per cent of the comparator's mean."""
    names = ("difference", "ci_low", "ci_high")
    if math.isfinite(row["relative"]) and row["difference"]:
        return [100 * row[name] * row["relative"] / row["difference"] for name in names]
    return [0.0 if row["difference"] == 0 and row[name] == 0 else math.nan for name in names]


def contrast(
    view: SignMapView, shares: pd.DataFrame, comparator: str, sign: str, title: bool = False
) -> Finding | None:
    """Find which parameter most clearly decides how often a policy has a sign; None where none does so clearly."""
    shares = shares[shares["against"] == comparator]
    rows = contrasts(shares)
    rows = rows[(rows["sign"] == sign) & rows["clear"]]
    if not len(rows):
        return None
    name = str(rows.iloc[0]["parameter"])
    groups = shares[(shares["parameter"] == name) & (shares["sign"] == sign)]
    more, less = (groups.iloc[place] for place in ((-1, 0) if rows.iloc[0]["change"] > 0 else (0, -1)))
    return Finding(
        "signmap.contrast",
        sign=sign,
        policy=view.policy,
        against=comparator,
        parameter=name,
        title=title,
        high=more["share"],
        more=tercile(more["group"]),
        low=less["share"],
        less=tercile(less["group"]),
    )


def tercile(group: str) -> Finding:
    """Name a part of a parameter's range, or a level."""
    word, low, high = tercile_ends(group)
    return Finding("signmap.tercile", name=group, word=word, low=low, high=high)


def undecided(view: SignMapView) -> Finding | None:
    """Find how many comparisons stay open, and what would decide them; None where none does."""
    rows = view.table[~view.table["sign"].map(decided)]
    if not len(rows):
        return None
    needed = rows["needed"].dropna()
    return Finding(
        "signmap.undecided",
        undecided=len(rows),
        comparisons=len(view.table),
        given_up=int((rows["ended"] == "given up").sum()),
        needed=needed.median() if len(needed) else None,
    )


def judged(view: SignMapView) -> Finding:
    """Say by what the policy is judged."""
    return Finding("signmap.judged", outcome=view.outcome, better=better(view.outcome))


def note(view: SignMapView, id: str = "signmap.note", **values: Any) -> Finding:
    """Say what an interval is, what the margin is, and how many replicates there are."""
    counts = view.table["replicates"]
    return Finding(
        id,
        margin=view.margin,
        sizes=list(view.sizes),
        least=int(counts.min()),
        most=int(counts.max()),
        apart=view.own_chance,
        **values,
    )
