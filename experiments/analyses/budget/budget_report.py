"""What a search for the best use of hours has found: whether coverage helps, and whether it beats the desks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.budget.budget_figures import front_figure, front_note, last_heats, race_figure, race_note
from experiments.analyses.budget.budget_result import Search
from experiments.analyses.budget.budget_spec import ALWAYS, DESKS, FULL, FULL_DESKS, is_per_week
from experiments.analyses.budget.candidate_rules import description
from experiments.analyses.budget.successive_halving import runs_of
from experiments.analyses.result import Draw
from experiments.core.design.policies import COVERAGE
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding

SIDES = {"helps": 1, "undecided_better": 1, "harms": -1, "undecided_worse": -1}
"""Side of a verdict that is not known to be within the margin; 0 of all others."""


def findings(result: Search) -> list[Finding]:
    """Find the answer first, then what each number of hours does by itself, and full coverage."""
    answers = [answer(result), *(finding for hours in result.spec.hours for finding in _within(result, hours))]
    full, pooled = (result.row(None, name) for name in (FULL, FULL_DESKS))
    answers.append(Finding("budget.full", taken=full["hours"], effect=effect(full), pooled=effect(pooled, plural=True)))
    if all(_sign(result.row(hours, "best")) <= 0 for hours in result.spec.hours):
        desks_help = any(_sign(result.row(hours, DESKS)) > 0 for hours in result.spec.hours)
        answers.append(Finding("budget.not_worth_it", desks_help=desks_help))
    return answers


def answer(result: Search, **title: bool) -> Finding:
    """Find whether coverage helps, and whether it is better than desks; with `title=True` as a title."""
    best = {hours: result.row(hours, "best") for hours in result.spec.hours}
    signs = {hours: _sign(row) for hours, row in best.items()}
    what: dict[str, Any] = {"outcome": result.spec.outcome, "desks": _desks(result), **title}
    tried = {"hours": list(best), "candidates": len(result.spec.candidates)}
    per_week = is_per_week(result.spec.outcome)
    if max(signs.values()) > 0:
        good = [hours for hours, sign in signs.items() if sign > 0]
        sizes = [best[hours]["averted"] for hours in good]
        return Finding("budget.best_helps", hours=good, sizes=sizes, per_week=per_week, **what)
    if max(signs.values()) < 0:
        sizes = [abs(row["averted"]) for row in best.values()]
        return Finding("budget.best_harms", sizes=sizes, per_week=per_week, **tried, **what)
    nothing = not min(signs.values())
    return Finding("budget.best_does_nothing" if nothing else "budget.best_does_not_better", **tried, **what)


def _desks(result: Search) -> Finding | None:
    """Find whether the same hours do better or worse at the desks, whatever their number."""
    rows = [result.row(hours, DESKS) for hours in result.spec.hours]
    ahead = [_ahead(row) for row in rows]
    if max(ahead) < 0:
        return Finding("budget.desks_do_worse")
    if min(ahead) <= 0:
        return None
    if is_per_week(result.spec.outcome) and all(_sign(row) > 0 for row in rows):
        return Finding("budget.desks_avert", sizes=[row["averted"] for row in rows])
    return Finding("budget.desks_do_better")


def effect(row: pd.Series, plural: bool = False) -> Finding:
    """Find what a strategy, or several hours, do to an outcome."""
    if not math.isfinite(row["averted"]):
        return Finding("budget.unknown", plural=plural)
    per_week, neutral = is_per_week(row["outcome"]), row["better"] == "neither"
    ends = {"outcome": row["outcome"], "low": row["averted_low"], "high": row["averted_high"], "plural": plural}
    if neutral and row["verdict"] != "equivalent" and row["averted_low"] * row["averted_high"] > 0.0:
        return Finding("budget.moves", averted=row["averted"], **ends)
    if not _sign(row):
        return Finding("budget.does_nothing", per_week=per_week, neutral=neutral, **ends)
    return Finding("budget.averts" if per_week else "budget.betters", averted=row["averted"], **ends)


def _within(result: Search, hours: float) -> Iterator[Finding]:
    best, desks = result.row(hours, "best"), result.row(hours, DESKS)
    rule = description(result.spec.candidates[best["strategy"]])
    spent = {"taken": best["hours"], "low": best["hours_low"], "high": best["hours_high"]}
    yield Finding("budget.chosen", hours=hours, rule=rule, effect=effect(best), **spent)
    yield Finding("budget.at_desks", new=best["new_hours"], effect=effect(desks, plural=True), ahead=_ahead(desks))
    own = [name for name, rule in result.spec.candidates.items() if isinstance(rule, str)]
    rows = [result.row(hours, name) for name in dict.fromkeys(result.front["strategy"]) if name in own]
    opponents: dict[int, list[Finding]] = {-1: [], 0: [], 1: []}
    for row in rows:
        if not row["best"]:
            size = {"averted": row["averted"], "per_week": is_per_week(result.spec.outcome)}
            opponents[_ahead(row)].append(Finding("budget.opponent", name=row["strategy"], **size))
    for ahead, named in opponents.items():
        if named:
            yield Finding("budget.opponents", ahead=ahead, opponents=named)
    effects = [effect(result.row(hours, "best", name)) for name in ALWAYS if name != result.spec.outcome]
    yield Finding("budget.other_outcomes", effects=effects)


def _sign(row: pd.Series) -> int:
    """Return the side of an effect: good (1), bad (-1), or none that is certain and matters (0)."""
    return SIDES.get(row["verdict"], 0)


def _ahead(row: pd.Series) -> int:
    """Return whether it is better than the best coverage (1), worse (-1), or not by what is certain and matters (0)."""
    return SIDES.get(row["behind_verdict"], 0)


def figures(result: Search) -> dict[str, Draw]:
    """What hours bring, and the race for each number of them."""
    races: dict[str, Draw] = {f"race-{hours:g}": partial(race_figure, result, hours) for hours in result.spec.hours}
    return {"front": partial(front_figure, result, answer(result, title=True)), **races}


def document(result: Search, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    rungs = [(rung.entrants, rung.replicates) for rung in result.spec.planned]
    promises = [(hours, result.promise(hours)) for hours in result.spec.hours]
    return Document(
        title=Finding("budget.question", text=result.spec.question, arrangement=result.spec.policy != COVERAGE),
        findings=result.findings,
        figures=[(path, front_note(result) if name == "front" else race_note(result)) for name, path in drawn.items()],
        tables=[_front(result), *(_race(result, hours) for hours in result.spec.hours)],
        method=[
            Finding("budget.hours_counted"),
            Finding(
                "budget.raced", candidates=len(result.spec.candidates), rungs=rungs, runs=runs_of(result.spec.planned)
            ),
            Finding("budget.promise", promises=promises),
            Finding("budget.fresh", replicates=int(result.front["replicates"].max())),
        ],
        limits=[Finding("budget.best_of_candidates"), Finding("budget.not_adjusted")],
        scenario=result.spec.scenario,
        info=result.provenance,
    )


def _front(result: Search) -> Shown:
    rows = result.front[result.front["outcome"] == result.spec.outcome].to_dict("records")
    gain = "averted" if is_per_week(result.spec.outcome) else "improvement"
    caption = Finding("budget.table_of_front", outcome=result.spec.outcome)
    return Shown.of(caption, rows, f"allowed strategy spent covered {gain} behind_best", "budget.cell")


def _race(result: Search, hours: float) -> Shown:
    rows = last_heats(result, hours).to_dict("records")
    ruled = [{**row, "rule": description(result.spec.candidates[row["candidate"]])} for row in rows]
    caption = Finding("budget.table_of_race", hours=hours)
    return Shown.of(caption, ruled, "candidate heat replicates difference behind", "budget.cell")
