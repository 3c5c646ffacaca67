"""What a search for the best use of hours has found: whether coverage helps, and whether it beats the desks.

Its figures show what each strategy averts for the hours it takes, and the race.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from experiments.analyses.budget.budget_result import Search
from experiments.analyses.budget.budget_spec import ALWAYS, DESKS, FULL, FULL_DESKS, is_per_week
from experiments.analyses.budget.candidate_rules import description
from experiments.analyses.budget.cost_model import Rule
from experiments.analyses.budget.successive_halving import runs_of
from experiments.analyses.result import Draw
from experiments.core.design.policies import COVERAGE
from experiments.core.statistics.measures import better
from experiments.core.statistics.regions import side
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.line_breaks import text_width
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting.catalogue import gettext
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence
from experiments.reporting.words import noun, unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDES = {"helps": 1, "undecided_better": 1, "harms": -1, "undecided_worse": -1}
"""Side of a verdict that is not known to be within the margin; 0 of all others."""
NAMES = 3.3
FIRST, OTHERS = 2.9, 1.55
"""Heights of the panel of the outcome asked about, and of the others, in inches."""
COLUMNS = ["hours", "averted", "hours_low", "hours_high", "averted_low", "averted_high"]
LINES: Final = {
    "best": Entry("", style.BLUE, "o", width=1.9),
    DESKS: Entry("", style.VERMILLION, "X", dashes=(0, (5, 1.6)), width=1.5),
    "hotspot": Entry("", style.AMBER, "^", dashes=(0, (3, 1, 1, 1))),
    "largest": Entry("", style.PURPLE, "s", dashes=(0, (1.2, 1.2))),
    "random": Entry("", "#8a8a8a", "D", width=0.9),
    "weakest": Entry("", "#4d4d4d", "v", dashes=(0, (4, 2, 1, 2)), width=0.9),
    "budget": Entry("", style.INK, "P", dashes=(0, (2, 2)), width=0.9, hollow=True),
    FULL: Entry("", style.INK, "*", 7.0, width=0),
    FULL_DESKS: Entry("", style.VERMILLION, "X", width=0, hollow=True),
}
"""Marks and dashes tell strategies apart in grey as well."""


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


def front_figure(result: Search, title: Finding, lang: str = "en") -> Figure:
    """Draw what is averted against hours really spent: the outcome asked about, and the usual ones below."""
    outcomes = list(dict.fromkeys([result.spec.outcome, *ALWAYS]))
    drawn = [name for name in LINES if name == "best" or name in set(result.front["strategy"])]
    return Page(
        title=title,
        subtitle=Finding("budget.held", hours=list(result.spec.hours), estates=result.district.estates),
        note=front_note(result),
        parts=[
            Plane(
                Finding(
                    "budget.axis", outcome=outcome, per_week=is_per_week(outcome), neutral=better(outcome) == "neither"
                ),
                sentence(lang, "budget.labels.spent") if outcome == outcomes[-1] else "",
                series=[series for place, name in enumerate(drawn) for series in _line(result, outcome, name, place)],
                x=Scale(floor=0.0, most=8),
                y=Scale(form="+,.10g", most=6),
                high=OTHERS if place else FIRST,
                zero=True,
            )
            for place, outcome in enumerate(outcomes)
        ],
        key=[replace(LINES[name], label=sentence(lang, "budget.strategy", name=name)) for name in drawn],
        across=1,
        share=("all", "none"),
    ).draw(lang)


def front_note(result: Search) -> Finding:
    """Find what every bar and mark of the front is."""
    return Finding("budget.front_note", replicates=int(result.front["replicates"].max()))


def _line(result: Search, outcome: str, name: str, place: int) -> list[Series]:
    """Return a strategy's points and the line to them from no hours; an earlier place is drawn above a later one."""
    whole = name in (FULL, FULL_DESKS)  # held to no number of hours
    rows = pd.DataFrame([result.row(hours, name, outcome) for hours in ([None] if whole else result.spec.hours)])
    x, y, left, right, low, high = rows[COLUMNS].to_numpy(float).T
    if better(outcome) == "neither":  # not averted, since that would be good
        y, low, high = -y, -high, -low
    look, order = LINES[name], 4 - place / 100
    points = Series(x, y, look, (left, right), (low, high), order=order)
    line = Series([0.0, *x], [0.0, *y], replace(look, marker=""), joined=True, order=order - 1)
    return [points] if whole else [line, points]


def race_figure(result: Search, hours: float, lang: str = "en") -> Figure:
    """Draw what each candidate showed in the race for a number of hours, the winner first."""
    last = last_heats(result, hours)
    heats = int(last["heat"].max())
    dropped = [_dropped(heat, heats, lang) for heat in range(1, heats + 1)]
    chosen = Entry(gettext(lang, "chosen"), style.BLUE, "o", width=1.6)
    fresh = Entry(sentence(lang, "budget.labels.fresh"), style.INK, "D", hollow=True)
    rows, points = [], []
    for row in last.to_dict("records"):
        bold, rule = not row["dropped"], result.spec.candidates[row["candidate"]]
        rows.append(Row(_fitting(rule, bold, lang), bold=bold))
        points.append([_point(row, chosen if bold else dropped[int(row["heat"]) - 1])])
    rows.insert(1, Row(""))
    points.insert(1, [_point(result.row(hours, "best"), fresh)])
    names = {"name": noun(result.spec.outcome, lang).name, "unit_of": unit(result.spec.outcome, lang)}
    axis = gettext(lang, "{name}, difference from no branches\n({unit_of})", **names)
    winner = description(result.spec.candidates[last["candidate"].iloc[0]], most=3)
    clear = side(last["behind_low"].iloc[1], last["behind_high"].iloc[1]) != 0
    return IntervalRows(
        title=Finding("budget.race_title", hours=hours, rule=winner, candidates=len(last), clear=clear),
        note=race_note(result),
        rows=rows,
        panels=[Panel("", axis, points)],
        key=[*dropped, chosen, fresh],
        size=7,
        names=NAMES,
    ).draw(lang)


def _fitting(rule: Rule | str, bold: bool, lang: str) -> str:
    """Return a candidate with as many of its weights as stand in a line, three at most."""
    texts = [description(rule, most).text(lang) + " …" * (most < 3) for most in (3, 2, 1)]
    fitting = (text for text in texts if text_width(text, 7, lang, "bold" if bold else "normal") <= NAMES)
    return next(fitting, texts[-1])


def race_note(result: Search) -> Finding:
    """Find what every bar and mark of a race is."""
    return Finding("budget.race_note", rungs=[(rung.entrants, rung.replicates) for rung in result.spec.planned])


def last_heats(result: Search, hours: float) -> pd.DataFrame:
    """Return the last heat that each candidate ran within a number of hours, the winner first."""
    last = result.raced[result.raced["budget"] == hours].groupby("candidate", sort=False).tail(1)
    return last.sort_values(["heat", "place"], ascending=[False, True], kind="stable")


def _point(row: Mapping[Any, Any], look: Entry) -> Point:
    return Point.of((row["ci_low"], row["difference"], row["ci_high"]), look)


def _dropped(heat: int, heats: int, lang: str) -> Entry:
    """Colour and mark of candidates that were dropped in a heat; darker the farther they came."""
    marks = ("|", "s", "^", "v", "P", "X")
    grey = 0.72 - 0.5 * (heat - 1) / max(heats - 1, 1)
    label = gettext(lang, "dropped in heat {heat}", heat=heat)
    return Entry(label, f"{grey:.2f}", marks[min(heat - 1, len(marks) - 1)], width=1.0)


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
        scenario=result.spec.listed,
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
