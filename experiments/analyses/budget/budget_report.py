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
    full, pooled = (result.row(None, name) for name in (FULL, FULL_DESKS))
    answers = [
        answer(result),
        *(finding for hours in result.spec.hours for finding in _within(result, hours)),
        Finding("budget.full", taken=full["hours"], effect=effect(full), pooled=effect(pooled, plural=True)),
    ]
    best, desks = (_signs(result, name) for name in ("best", DESKS))
    if max(best) <= 0:
        answers.append(Finding("budget.not_worth_it", desks_help=max(desks) > 0))
    return answers


def answer(result: Search, **title: bool) -> Finding:
    """Find whether coverage helps, and whether it is better than desks; with `title=True` as a title."""
    rows = [result.row(hours, "best") for hours in result.spec.hours]
    signs, outcome = _signs(result, "best"), result.spec.outcome
    what: dict[str, Any] = {"outcome": outcome, "desks": _desks(result), **title}
    tried = {"hours": list(result.spec.hours), "candidates": len(result.spec.candidates)}
    if max(signs) > 0:
        good = [row for row, sign in zip(rows, signs, strict=True) if sign > 0]
        helped = {"hours": [row["budget"] for row in good], "sizes": [row["averted"] for row in good]}
        return Finding("budget.best_helps", **helped, per_week=is_per_week(outcome), **what)
    if max(signs) < 0:
        sizes = [abs(row["averted"]) for row in rows]
        return Finding("budget.best_harms", sizes=sizes, per_week=is_per_week(outcome), **tried, **what)
    return Finding("budget.best_does_not_better" if min(signs) else "budget.best_does_nothing", **tried, **what)


def _desks(result: Search) -> Finding | None:
    """Find whether the same hours do better or worse at the desks, whatever their number."""
    ahead = _signs(result, DESKS, "behind_verdict")
    if max(ahead) < 0:
        return Finding("budget.desks_do_worse")
    if min(ahead) <= 0:
        return None
    if is_per_week(result.spec.outcome) and min(_signs(result, DESKS)) > 0:
        return Finding("budget.desks_avert", sizes=[result.row(hours, DESKS)["averted"] for hours in result.spec.hours])
    return Finding("budget.desks_do_better")


def _signs(result: Search, strategy: str, verdict: str = "verdict") -> list[int]:
    """Return the sides of verdicts, for every number of hours: of a strategy, or of it beside the best coverage."""
    return [SIDES.get(result.row(hours, strategy)[verdict], 0) for hours in result.spec.hours]


def effect(row: pd.Series, plural: bool = False) -> Finding:
    """Find what a strategy, or several hours, do to an outcome."""
    if not math.isfinite(row["averted"]):
        return Finding("budget.unknown", plural=plural)
    per_week, neutral = is_per_week(row["outcome"]), row["better"] == "neither"
    ends = {"outcome": row["outcome"], "low": row["averted_low"], "high": row["averted_high"], "plural": plural}
    if neutral and row["verdict"] != "equivalent" and row["averted_low"] * row["averted_high"] > 0.0:
        return Finding("budget.moves", averted=row["averted"], **ends)
    if row["verdict"] not in SIDES:
        return Finding("budget.does_nothing", per_week=per_week, neutral=neutral, **ends)
    return Finding("budget.averts" if per_week else "budget.betters", averted=row["averted"], **ends)


def _within(result: Search, hours: float) -> Iterator[Finding]:
    best, desks = result.row(hours, "best"), result.row(hours, DESKS)
    rule = description(result.spec.candidates[best["strategy"]])
    spent = {"taken": best["hours"], "low": best["hours_low"], "high": best["hours_high"]}
    yield Finding("budget.chosen", hours=hours, rule=rule, effect=effect(best), **spent)
    ahead = SIDES.get(desks["behind_verdict"], 0)
    yield Finding("budget.at_desks", new=best["new_hours"], effect=effect(desks, plural=True), ahead=ahead)
    opponents: dict[int, list[Finding]] = {-1: [], 0: [], 1: []}
    for name in dict.fromkeys(result.front["strategy"]):
        if isinstance(result.spec.candidates.get(name), str) and not (row := result.row(hours, name))["best"]:
            size = {"averted": row["averted"], "per_week": is_per_week(result.spec.outcome)}
            opponents[SIDES.get(row["behind_verdict"], 0)].append(Finding("budget.opponent", name=name, **size))
    for ahead, named in opponents.items():
        if named:
            yield Finding("budget.opponents", ahead=ahead, opponents=named)
    effects = [effect(result.row(hours, "best", name)) for name in ALWAYS if name != result.spec.outcome]
    yield Finding("budget.other_outcomes", effects=effects)


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
