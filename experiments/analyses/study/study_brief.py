"""The report of a study: what its policy brings, what it costs, and what every arm does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.study.study import Study, finding
from experiments.analyses.study.study_figure import note, study_figure
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.clauses import Move, capital, clauses, listed
from experiments.reporting.document import Document, draw_into, write_document
from experiments.reporting.numbers import aligned, amount, percent
from experiments.reporting.phrases import phrase
from experiments.reporting.provenance import ground

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.compare.comparison import Comparison

__all__ = ["write"]


def write(study: Study, result: Comparison, lang: str = "en") -> Path:
    """Draw a study's figure into its folder, and write `finding.md` and `report.html`; return the report's path.

    Parameters
    ----------
    study, result
        The study, and its comparison of which at least one pair of runs has ended.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    first, second = finding(study, result.table, lang)
    question, title = meanings.question(study.question, lang), phrase(study.title, lang)
    path = draw_into(result.folder, study.name, lambda drawn: study_figure(
        result.table, study.baseline, study.outcomes, _headline(study, result.table, drawn),
        finding(study, result.table, drawn)[1], result.margin, drawn), lang)
    result.store.write("finding.md", f"# {title}\n\n{question}\n\n{first} {second}\n")
    replicates = int(result.table["replicates"].max())
    brief = Document(
        title=question,
        findings=[first, second, *_others(study, result.table, lang)],
        figures=[(path, f"{title}{gettext(lang, ". ")}{note(replicates, study.baseline, lang)}")],
        tables=[_effects(result.table, study.baseline, lang), _arms(study, lang)],
        method=_method(study, result, lang),
        limits=_limits(replicates, lang),
        scenario=result.scenario,
        info=result.info,
    )
    return write_document(brief, result.folder / "report.html", lang)


def _moves(table: pd.DataFrame, baseline: str, arm: str) -> dict[str, Move]:
    rows = table[(table["against"] == baseline) & (table["strategy"] == arm)]
    return {str(row["outcome"]): Move.of(row) for row in rows.to_dict("records")}


def _headline(study: Study, table: pd.DataFrame, lang: str) -> str:
    """Say what the arm in focus brings, without intervals, as the figure's title."""
    moves = _moves(table, study.baseline, study.focus)
    told = clauses([moves[name] for name in study.benefits if name in moves], lang, interval=False)
    return capital(gettext(lang, "{arm}: {told}", arm=words.arm(study.focus, lang), told=told))


def _others(study: Study, table: pd.DataFrame, lang: str) -> list[str]:
    """Say of every other arm what it brings."""
    told = []
    for arm in study.arms:
        moves = _moves(table, study.baseline, arm)
        some = [moves[name] for name in study.benefits if name in moves]
        if some and arm not in (study.focus, study.baseline):
            name, text = words.arm(arm, lang), clauses(some, lang)
            told.append(gettext(lang, "Under “{name}”, {text}.", name=name, text=text))
    return told


def _effects(table: pd.DataFrame, baseline: str, lang: str) -> tuple[str, pd.DataFrame]:
    """Return the table of all effects, an outcome after the other."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    kept = table[(table["against"] == baseline) & (table["strategy"] != baseline)]
    for outcome in dict.fromkeys(kept["outcome"]):
        for row in kept[kept["outcome"] == outcome].to_dict("records"):
            move = Move.of(row)
            difference, low, high = aligned((move.difference, move.low, move.high), (move.high - move.low) / 2)
            known = move.kind not in ("single", "unknown")
            per_cent = percent(move.difference * move.scale, signed=True) if move.difference else "0%"
            sides = aligned((float(row["sim_low"]), float(row["sim_high"])), (move.high - move.low) / 2)
            rows.append((
                capital(words.noun(str(outcome), lang).name), capital(words.arm(str(row["strategy"]), lang)),
                amount(row["baseline_mean"]), amount(row["mean"]), difference, f"{low} … {high}" if known else "–",
                per_cent, f"{sides[0]} … {sides[1]}" if known else "–", words.verdict(str(row["verdict"]), lang),
                words.unit(str(outcome), lang),
            ))  # fmt: skip
    head = [
        gettext(lang, "Outcome"), gettext(lang, "Arm"), gettext(lang, "There"),
        gettext(lang, "Mean"), gettext(lang, "Difference"), gettext(lang, "95% interval"), "%",
        gettext(lang, "All together"), gettext(lang, "Verdict"), gettext(lang, "Unit"),
    ]  # fmt: skip
    base = words.arm(baseline, lang)
    text = gettext(
        lang,
        "Every arm beside “{base}”. The last interval holds for all rows together; the verdict is read from it. "
        "table.csv has all digits.",
        base=base)
    return text, pd.DataFrame(rows, columns=head)


def _arms(study: Study, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows = []
    for arm, changes in study.arms.items():
        told = ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in changes.items())
        rows.append((capital(words.arm(arm, lang)), told or gettext(lang, "nothing")))
    head = [gettext(lang, "Arm"), gettext(lang, "What it changes")]
    return gettext(lang, "The arms."), pd.DataFrame(rows, columns=head)


def _method(study: Study, result: Comparison, lang: str) -> list[str]:
    design = result.outcome.design
    count, weeks = int(result.table["replicates"].max()), design.scenario.run.weeks
    shared = listed([f"{name} = {json.dumps(value)}" for name, value in study.world.items()])
    world = shared and gettext(lang, " All arms share {shared}.", shared=shared)
    base = words.arm(study.baseline, lang)
    return [
        ground(design, lang)
        + ngettext(
            lang,
            " Each of {arms} arms is run for {weeks} weeks, in {number} replicate; the weeks before week {start} "
            "are the same for all and are not measured.{world}",
            " Each of {arms} arms is run for {weeks} weeks, in {number} replicates; the weeks before week "
            "{start} are the same for all and are not measured.{world}",
            count, arms=len(study.arms), weeks=weeks, start=design.start, world=world),
        gettext(
            lang,
            "All arms are compared with “{base}” in pairs on common random numbers: in a replicate every "
            "household meets the same incidents and the same luck in every arm. An interval is the 95% interval "
            "of the mean paired difference (Student's, lengthened where differences are skewed).",
            base=base),
        meanings.how_judged(result.margin, f"“{base}”", lang)
        + gettext(lang, " A price is judged by its interval alone."),
    ]


def _limits(replicates: int, lang: str) -> list[str]:
    told = [
        gettext(
            lang,
            "This holds at one value of everything that is not known, on one synthetic ground. Where policies help "
            "and where they harm when these values vary is examined by gongzhi study signs and gongzhi sweep.")
    ]
    if replicates == 1:
        told.append(gettext(lang, "There is a single replicate: nothing here has an interval."))
    return told
