"""What a sign map has found: where the policy helps and harms, what decides it, and what stays open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.analyses.signmap.sequential import SIGNS
from experiments.analyses.signmap.sign_map import SignMap
from experiments.analyses.signmap.terciles import contrasts, tercile_ends
from experiments.core.statistics.measures import better
from experiments.core.statistics.regions import decided
from experiments.reporting.finding import Finding


def rows_against(result: SignMap, *comparators: str) -> pd.DataFrame:
    """Return the rows of the map against some of the comparators."""
    return result.table[result.table["against"].isin(comparators)]


def counts(result: SignMap, comparator: str) -> dict[str, int]:
    """Count the points with each sign against a comparator."""
    return rows_against(result, comparator)["sign"].value_counts().reindex(SIGNS, fill_value=0).to_dict()


def signs(result: SignMap, against: Sequence[str], title: bool = False) -> Finding:
    """Find at how many points the policy helps and harms; a title has no full stop."""
    counted = [(comparator, counts(result, comparator)) for comparator in against]
    return Finding(
        "signmap.signs",
        policy=result.spec.policy,
        points=len(result.plan.points),
        title=title,
        opponents=[(comparator, count["helps"], count["harms"]) for comparator, count in counted],
    )


def counted(result: SignMap, comparator: str) -> Finding:
    """Find how many points have each sign against a comparator."""
    known = [(sign, count) for sign, count in counts(result, comparator).items() if count]
    return Finding("signmap.counted", opponent=comparator, policy=result.spec.policy, counts=known)


def largest(result: SignMap, comparator: str, sign: str) -> Finding | None:
    """Find the point with the largest difference of a sign; None where no point has it."""
    rows = rows_against(result, comparator)
    rows = rows[rows["sign"] == sign]
    if not len(rows):
        return None
    row = rows.loc[rows["relative"].abs().fillna(0.0).idxmax()]
    where = [(name, row[name]) for name in result.levels]
    about = {**_about(result, comparator, sign), "outcome": result.spec.outcome}
    return Finding("signmap.largest", **about, **_in_per_cent(row), where=where)


def _about(result: SignMap, comparator: str, sign: str) -> dict[str, Any]:
    return {"sign": sign, "policy": result.spec.policy, "against": comparator}


def _in_per_cent(row: Mapping[str, Any]) -> dict[str, float]:
    """Return a difference and the ends of its interval in per cent of the comparator's mean."""
    sizes = {"size": row["difference"], "low": row["ci_low"], "high": row["ci_high"]}
    if math.isfinite(row["relative"]) and row["difference"]:
        return {name: 100 * size * row["relative"] / row["difference"] for name, size in sizes.items()}
    return {name: 0.0 if row["difference"] == 0 == size else math.nan for name, size in sizes.items()}


def contrast(result: SignMap, comparator: str, sign: str, title: bool = False) -> Finding | None:
    """Find which parameter most clearly decides how often a policy has a sign; None where none does so clearly."""
    shares = result.terciles[result.terciles["against"] == comparator]
    rows = contrasts(shares)
    rows = rows[(rows["sign"] == sign) & rows["clear"]]
    if not len(rows):
        return None
    name, change = str(rows.iloc[0]["parameter"]), rows.iloc[0]["change"]
    groups = shares[(shares["parameter"] == name) & (shares["sign"] == sign)]
    more, less = (groups.iloc[place] for place in ((-1, 0) if change > 0 else (0, -1)))
    about = {**_about(result, comparator, sign), "parameter": name, "title": title}
    ends = {"high": more["share"], "more": tercile(more["group"]), "low": less["share"], "less": tercile(less["group"])}
    return Finding("signmap.contrast", **about, **ends)


def tercile(group: str) -> Finding:
    """Name a part of a parameter's range, or a level."""
    word, low, high = tercile_ends(group)
    return Finding("signmap.tercile", name=group, word=word, low=low, high=high)


def undecided(result: SignMap) -> Finding | None:
    """Find how many comparisons stay open, and what would decide them; None where none does."""
    rows = result.table[~result.table["sign"].map(decided)]
    if not len(rows):
        return None
    needed = rows["needed"].dropna()
    return Finding(
        "signmap.undecided",
        undecided=len(rows),
        comparisons=len(result.table),
        given_up=int((rows["ended"] == "given up").sum()),
        needed=needed.median() if len(needed) else None,
    )


def judged(result: SignMap) -> Finding:
    """Say by what the policy is judged."""
    return Finding("signmap.judged", outcome=result.spec.outcome, better=better(result.spec.outcome))


def note(result: SignMap, against: Sequence[str], id: str = "signmap.note", **values: Any) -> Finding:
    """Say what an interval is, what the margin is, and how many replicates there are."""
    replicates = rows_against(result, *against)["replicates"]
    return Finding(
        id,
        margin=result.spec.margin,
        sizes=[look.replicates for look in result.spec.schedule],
        least=int(replicates.min()),
        most=int(replicates.max()),
        apart=result.spec.apart,
        **values,
    )
