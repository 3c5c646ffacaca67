"""What a page shows of a session: plain data that can be sent as JSON, and words in the session's language.

Each function here gives one part of the page.  A part that has not changed is not sent again, so that what is large and
steady (`declared_controls`, the words) is kept apart from what changes with every week.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.dashboard import controls
from experiments.dashboard.controls import Control
from experiments.dashboard.effect_series import OUTCOMES, SERIES, Json, arm_name, charts_of, move_of, numbers
from experiments.dashboard.experiment import Experiment, Life
from experiments.dashboard.inquiry import ARMS, SIZES, WARMUP
from experiments.dashboard.session import MEASURES, Session
from experiments.reporting import declared, words
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import short
from experiments.reporting.template_rendering import labels, sentence
from sim import Scenario
from sim.core.codes import CATEGORIES, ENDS
from sim.core.errors import GongzhiError
from sim.policies.coverage.branch_kinds import KINDS

CASES: Final = 60
"""Disputes in the list at once."""


@cache
def page_words(lang: str) -> Json:
    """Return all words that stay, by key."""
    kinds = ("labels", "measures", "ends", "branches", "causes")
    return {
        "lang": "zh-CN" if lang == "zh" else "en",
        **{kind: dict(labels(lang, f"dashboard.{kind}")) for kind in kinds},
        "arms": {name: arm_name(name, lang) for name in ARMS},
        "status": dict(labels(lang, "parameters.status")),
    }


@cache
def declared_controls(lang: str) -> Json:
    """Return both panels, as they are declared."""
    panels = {"policies": controls.policies(), "assumptions": controls.assumptions()}
    return {name: [_control(control, lang) for control in panel] for name, panel in panels.items()}


def _control(control: Control, lang: str) -> Json:
    row = control.row
    fact: Json = {
        "name": control.name,
        "section": declared.section(control.name.partition(".")[0], lang),
        "kind": control.kind,
        "meaning": declared.meaning(row, lang),
        "unit": "" if control.kind in ("switch", "choice") else declared.unit(row, lang),
        "status": row["status"],
        "source": "" if row["status"] == "design" else declared.source(row, lang),
        "first": control.pulls,
        "default": row["default"],
        "usual": _level(control, row["default"], lang),
    }
    if control.kind == "choice":
        fact["choices"] = [[choice, _level(control, choice, lang)] for choice in control.choices]
    elif control.kind != "switch":
        fact |= {"low": control.low, "high": control.high, "step": control.step}
        low, high = (declared.level(end, lang) for end in (control.low, control.high))
        fact["range"] = gettext(lang, "{low} to {high}", low=low, high=high)
    return fact


def _level(control: Control, value: Any, lang: str) -> str:
    """Write a value of a control; a coverage strategy has a name."""
    if control.name == controls.STRATEGY:
        return words.arm(str(value), lang)
    return declared.choice(value, lang) if control.kind == "choice" else declared.level(value, lang)


def control_values(session: Session) -> Json:
    """Return the values of all controls that differ from their defaults: of the own or right-hand arm, and of both."""
    inquiry, usual, known = session.inquiry, Scenario(), controls.by_name()
    policy = {name: value for name, value in inquiry.changes(inquiry.right).items() if name in known}
    changed = {name: value for name, value in {**inquiry.assumptions, **policy}.items() if value != usual.get(name)}
    return {"values": changed, "assumed": len(inquiry.assumptions), "of": arm_name(inquiry.right, session.lang)}


def setup(session: Session) -> Json:
    """Return what is asked, how far the answer is, and what the page has to say."""
    inquiry, experiment, message, lang = session.inquiry, session.experiment, session.message, session.lang
    if isinstance(message, GongzhiError):
        message = Finding("dashboard.trouble", text=message.text(lang))
    ground, fork = inquiry.ground, inquiry.fork
    households = int(ground.households.sum())
    return {
        "left": inquiry.left,
        "right": inquiry.right,
        "sizes": [[name, getattr(inquiry, name), *SIZES[name][::2]] for name in SIZES],
        "own": inquiry.district is not None,
        "ground": sentence(lang, "common.ground", districts=1, estates=ground.estates, households=households, notes=0),
        "fork": fork,
        "fork_text": "" if fork is None else sentence(lang, "dashboard.forked", week=WARMUP + fork),
        "running": experiment is not None and experiment.running,
        "progress": _progress(session),
        "message": "" if message is None else message.text(lang),
        "trouble": session.trouble,
        "command": inquiry.command if fork is None else sentence(lang, "dashboard.no_command"),
        "can_repeat": fork is None,
        "address": session.address,
        "full": session.full,
    }


def _progress(session: Session) -> Json:
    """Return how far the answer is: pairs that have ended, a share, and a sentence."""
    experiment, inquiry, lang = session.experiment, session.inquiry, session.lang
    if experiment is None:
        return {"share": 0.0, "text": ""}
    done, begun = len(experiment.finished), list(experiment.pairs)
    weeks = min((life.weeks for life in begun[-1]), default=0) if begun and len(begun) > done else 0
    share = (done + weeks / inquiry.weeks) / inquiry.replicates
    if experiment.error is not None:
        error = experiment.error
        why = error.text(lang) if isinstance(error, GongzhiError) else f"{type(error).__name__}: {error}"
        text = sentence(lang, "dashboard.broke_off", text=why)
    elif experiment.running and experiment.warming and not weeks:
        text = sentence(lang, "dashboard.warming", weeks=experiment.warming)
    elif experiment.running:
        text = sentence(lang, "dashboard.living", pair=done + 1, pairs=inquiry.replicates, week=WARMUP + weeks)
    else:
        text = sentence(lang, "dashboard.ended", pairs=done, of=inquiry.replicates)
    return {"share": round(min(share, 1.0), 3), "text": text, "done": done}


# The answer ---------------------------------------------------------------------------------------


def answer(session: Session) -> Json:
    """Return the answer in a sentence, and the table of all outcomes, from the pairs that have ended."""
    experiment, lang = session.experiment, session.lang
    if experiment is None or not experiment.finished:
        return {"text": sentence(lang, "dashboard.no_answer"), "rows": []}
    moves, pairs = [move_of(experiment, outcome) for outcome in SERIES], len(experiment.finished)
    right, left = (arm_name(arm, lang) for arm in (experiment.inquiry.right, experiment.inquiry.left))
    text = sentence(lang, "dashboard.answer", right=right, left=left, moves=moves, pairs=pairs)
    return {"text": text, "rows": [_row(experiment, outcome, lang) for outcome in OUTCOMES]}


def _row(experiment: Experiment, outcome: str, lang: str) -> Json:
    effect, move = experiment.effect(outcome), move_of(experiment, outcome)
    moved = move.kind not in ("zero", "same", "single", "unknown")
    return {
        "name": words.noun(outcome, lang).name,
        "unit": words.unit(outcome, lang),
        "left": short(effect.baseline_mean),
        "right": short(effect.mean),
        "difference": move.size(lang, signed=True),
        "interval": move.ends(lang, named=False) if move.known else "",
        "side": "" if not moved else "down" if effect.difference < 0 else "up",
    }


def charts(session: Session) -> list[Json]:
    """Return the main series: weekly means of both futures, and their difference with its interval over replicates."""
    experiment = session.shown
    return [] if experiment is None or not experiment.pairs else charts_of(experiment, session.lang)


# The map ------------------------------------------------------------------------------------------


def ground(session: Session) -> Json:
    """Return what of the map stays: where estates and stations are, and how large estates are."""
    district = session.inquiry.ground
    pair = (session.shown and session.shown.first) or ()
    places = next((life.model.stations for life in pair if life.model is not None), None)  # they stay for ever
    stations = [] if places is None else [numbers(place) for place in zip(places.x, places.y, strict=True)]
    return {
        "names": [str(name) for name in district.names],
        "x": numbers(district.x),
        "y": numbers(district.y),
        "households": district.households.tolist(),
        "communities": [str(district.community_names[number]) for number in district.community],
        "stations": stations,
    }


def week_view(session: Session) -> Json:
    """Return both maps in the week in view, on one scale, and what is known of the estate in view."""
    experiment, week = session.shown, session.shown_week
    pair = (experiment.first or ()) if experiment is not None and week else ()
    frames = [life.frames[week - 1] for life in pair]
    low, high = _scale(pair, session.measure) if pair else (0.0, 1.0)
    levels = [(getattr(frame, session.measure) - low) / (high - low or 1.0) for frame in frames]
    nothing: list[Any] = [[], []]
    return {
        "week": week,
        "stale": experiment is not session.experiment,
        "offset": WARMUP,
        "week_text": sentence(session.lang, "dashboard.week_number", week=WARMUP + week),
        "latest": session.latest_week,
        "follows": session.week is None,
        "measure": session.measure,
        "estate": session.estate,
        "levels": [numbers(np.clip(level, 0.0, 1.0)) for level in levels] or nothing,
        "branches": [frame.branch.tolist() for frame in frames] or nothing,
        "hazards": [(frame.hazards > HAZARDOUS).nonzero()[0].tolist() for frame in frames] or nothing,
        "low": short(low) if frames else "",
        "high": short(high) if frames else "",
        "facts": list(_facts(session, frames)) if frames else [],
    }


HAZARDOUS: Final = 1.1
"""Level of charging hazards, 1 as usual, from which an estate is marked."""


def _scale(pair: Sequence[Life], measure: str) -> tuple[float, float]:
    """Return the ends of a scale that holds for all weeks so far and both futures: the middle 96 %."""
    values = np.concatenate([getattr(frame, measure) for life in pair for frame in list(life.frames)[::4]])
    low, high = (float(end) for end in np.quantile(values, (0.02, 0.98)))
    return (0.0 if measure == "open" else low), high


def _facts(session: Session, frames: list[Any]) -> Iterator[list[str]]:
    """Yield what is known of the estate in view: what, on the left, on the right."""
    row, lang = session.estate, session.lang
    if row is None:
        return
    branches = [f"dashboard.branches.{KINDS[int(frame.branch[row])]}" for frame in frames]
    yield [sentence(lang, label) for label in ("dashboard.labels.branch", *branches)]
    for measure in MEASURES:
        texts = [short(float(getattr(frame, measure)[row])) for frame in frames]
        yield [sentence(lang, f"dashboard.measures.{measure}"), *texts]


# One dispute ---------------------------------------------------------------------------------------


def disputes(session: Session) -> Json:
    """Return the disputes of the estate in view, and of the one that is followed what happened in both futures."""
    experiment, lang = session.experiment, session.lang
    pair = None if experiment is None else experiment.first
    if pair is None or not all(life.done and life.model is not None for life in pair):
        return {"ready": False, "cases": [], "stories": [], "count": 0}
    matches = matched_cases(pair, session.estate)
    dullness = _dullness(_ends(pair, matches))
    shown = [(left, right) for left, right in matches[np.argsort(dullness, kind="stable")[:CASES]].tolist()]
    cases = [_entry(pair, match, lang) for match in shown]
    return {
        "ready": True,
        "count": len(matches),
        "cases": [case for _, case in sorted(cases, key=itemgetter(0))],
        "stories": [] if session.case is None else _stories(pair, session.case, lang),
        "chosen": None if session.case is None else list(session.case),
    }


Match = tuple[int, int]
"""Numbers of one dispute on the left and on the right, -1 where it was not filed."""


def matched_cases(pair: tuple[Life, Life], estate: int | None) -> NDArray[np.int64]:
    """Match the cases of two futures that were filed after the warm-up: by their identity, which chance gives to both.

    The word of chance behind a conflict is a function of cause, week and person; so it is the same case, or it is not
    there.  Returns numbers of each dispute on the left and on the right, -1 where it was not filed, shape (matches, 2).
    """
    books = [life.model.disputes.book for life in pair]
    rows = [(book.filed[: book.size] >= WARMUP).nonzero()[0] for book in books]
    if estate is not None:
        rows = [own[book.estate[own] == estate] for book, own in zip(books, rows, strict=True)]
    keys = [
        np.concatenate([getattr(book, name)[own] for book, own in zip(books, rows, strict=True)])
        for name in ("identity", "person", "filed")
    ]
    keys[-1] = keys[-1].astype(np.int64)  # the week
    order = np.lexsort(keys)
    begins = np.ones(order.size, dtype=bool)
    begins[1:] = np.any([key[order[1:]] != key[order[:-1]] for key in keys], axis=0)
    number = np.empty(order.size, dtype=np.int64)
    number[order] = np.cumsum(begins) - 1
    matches = np.full((np.count_nonzero(begins), 2), -1, dtype=np.int64)
    matches[number[: rows[0].size], 0], matches[number[rows[0].size :], 1] = rows
    return matches[np.argsort(order[begins])]  # in the order in which they were filed, on the left first


def _ends(pair: tuple[Life, Life], matches: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how disputes stand in each future, a place of `ENDS`; -1 where they were not filed."""
    ends = [life.model.disputes.book.end[rows].astype(np.int64) for life, rows in zip(pair, matches.T, strict=True)]
    return np.where(matches >= 0, np.stack(ends, axis=1), -1)


def _dullness(ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank disputes: filed in both futures and ended otherwise, filed in one of them, ended alike."""
    left, right = ends.T
    return np.where(left == right, 2, np.where((left >= 0) & (right >= 0), 0, 1))


def _entry(pair: tuple[Life, Life], match: Match, lang: str) -> tuple[float, Json]:
    """Return the week in which a dispute was filed, and what is told of it."""
    side = 0 if match[0] >= 0 else 1
    book, row = pair[side].model.disputes.book, match[side]
    ends = [ENDS[end] if end >= 0 else "unfiled" for end in _ends(pair, np.array([match]))[0].tolist()]
    left, right = (sentence(lang, f"dashboard.ends.{end}") for end in ends)
    estate = str(pair[side].model.district.names[int(book.estate[row])])
    cause = sentence(lang, f"dashboard.causes.{CATEGORIES[int(book.category[row])]}")
    week = float(book.filed[row])
    case = {"week": int(week), "estate": estate, "cause": cause, "left": left, "right": right}
    text = sentence(lang, "dashboard.case", **case)
    return week, {"case": row, "side": side, "text": text, "differs": ends[0] != ends[1]}


def _stories(pair: tuple[Life, Life], case: tuple[int, int], lang: str) -> list[list[str]]:
    """Tell one dispute in both futures, a sentence a line."""
    number, side = case
    matches = matched_cases(pair, None)
    places = (matches[:, side] == number).nonzero()[0]
    if not places.size:
        return []
    nothing = [sentence(lang, "dashboard.unfiled")]
    return [
        life.model.disputes.story(row, lang).splitlines() if row >= 0 else nothing
        for life, row in zip(pair, matches[places[0]].tolist(), strict=True)
    ]


def page(session: Session) -> Mapping[str, Any]:
    """Return all parts of the page."""
    return {
        "words": page_words(session.lang),
        "controls": declared_controls(session.lang),
        "values": control_values(session),
        "setup": setup(session),
        "answer": answer(session),
        "charts": charts(session),
        "ground": ground(session),
        "view": week_view(session),
        "disputes": disputes(session),
        "file": session.file,
    }
