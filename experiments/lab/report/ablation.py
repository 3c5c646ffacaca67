"""The report of an ablation: what a policy does, and what each of its parts carries of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots.ablation import ablation_figure, note
from experiments.lab.plots.apart import WHOLE, carried, joined, move_of, rows_of
from experiments.lab.report.brief import Brief, draw_into, write_brief
from experiments.lab.report.record import ground, info_of
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gap, gettext, ngettext
from experiments.reporting.clauses import capital, listed
from experiments.reporting.phrases import part, policy

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.ablation import Ablation

__all__ = ["findings", "write"]


def write(made: Ablation, name: str, lang: str = "en") -> Path:
    """Draw an ablation's figure into its folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    made, name
        An ablation in which at least one replicate is whole, and the policy's name.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    folder, plan = made.swept.store.folder, made.swept.plan
    path = draw_into(folder, "ablation", lambda drawn: ablation_figure(made, name, drawn), lang)
    brief = Brief(
        title=meanings.question(plan.question, lang) or gettext(
            lang,
            "Which part of {policy} does it?",
            policy=policy(name, lang)),
        findings=findings(made, name, lang),
        figures=[(path, _caption(made, name, lang))],
        tables=[_values(made, outcome, lang) for outcome in plan.outcomes] + [_parts(made, lang)],
        method=_method(made, name, lang),
        limits=_limits(made, lang),
        scenario=plan.scenario,
        info=info_of(made.swept.store, made.swept.outcome),
    )  # fmt: skip
    return write_brief(brief, folder / "report.html", lang)


def findings(made: Ablation, name: str, lang: str = "en") -> list[str]:
    """Say, of each outcome, what the parts carry, and where they do more or less together than alone."""
    outcomes = made.swept.plan.outcomes
    told = [carried(made, name, outcome, lang) for outcome in outcomes]
    return told + [text for outcome in outcomes if (text := joined(made, outcome, lang))]


def _caption(made: Ablation, name: str, lang: str) -> str:
    first = gettext(lang, "{policy} taken apart. ", policy=capital(policy(name, lang)))
    return first + note(made, lang)


def _method(made: Ablation, name: str, lang: str) -> list[str]:
    plan, design = made.swept.plan, made.swept.outcome.design
    parts = listed([part(item, lang) for item in made.parts], lang)
    count, weeks = plan.replicates, plan.scenario.run.weeks
    sampled = gettext(
        lang,
        "There are too many sets to run all: {sampled} orders were drawn by lot, each with its reverse. All "
        "replicates share these orders, so that the interval of a share also holds their luck: the variance over "
        "replicates and that over pairs of orders, each divided by its number, are added, with Student's "
        "quantile for the smaller number.",
        sampled=len(made.sampled))
    every = gettext(lang, "All {labels} sets of parts were run.", labels=len(made.labels))
    return [
        gettext(
            lang,
            "{policy} was taken apart into {parts}. The worth of a set of parts is what the policy changes with "
            "these parts alone, beside the same world without the policy. A part's share (Shapley's value) is "
            "what it adds, averaged over all orders in which parts could have been added; shares, and what is "
            "left when all parts are out, add up to the whole effect.",
            policy=capital(policy(name, lang)), parts=parts)
        + gap(lang)
        + (sampled if made.sampled else every),
        ground(design, lang)
        + ngettext(
            lang,
            " Each run has {weeks} weeks, of which those from week {start} on are averaged; {number} replicate "
            "of every set, all on common random numbers. Values are worked out within each replicate; an "
            "interval is Student's 95% interval of their mean, not adjusted for being many.",
            " Each run has {weeks} weeks, of which those from week {start} on are averaged; {number} replicates "
            "of every set, all on common random numbers. Values are worked out within each replicate; an "
            "interval is Student's 95% interval of their mean, not adjusted for being many.",
            count, weeks=weeks, start=design.start),
        gettext(lang, "Per cent are of the mean without the policy."),
    ]


def _limits(made: Ablation, lang: str) -> list[str]:
    told = [
        gettext(
            lang,
            "Members have one budget of hours: what is taken out leaves its hours to the rest, so that leaving a "
            "part out also tells what the others do with its hours.")
    ]
    if made.swept.plan.replicates == 1:
        told.append(gettext(lang, "There is a single replicate: nothing here has an interval."))
    return told


def _values(made: Ablation, outcome: str, lang: str) -> tuple[str, pd.DataFrame]:
    """Return the values of an outcome's parts, in per cent where there is a mean to take them of."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for item, row in rows_of(made, outcome).items():
        cells = []
        for value, interval in (("shapley", "ci"), ("alone", "alone"), ("left_out", "left_out")):
            move = move_of(made, outcome, row, value, interval)
            known = move.kind not in ("unknown", "single")
            cells += [
                "–" if move.kind == "unknown" else "0" if move.kind == "same" else move.size(lang, signed=True),
                move.interval(lang, named=False) if known and move.kind != "same" else "–",
            ]
        rows.append((capital(part(item, lang)), *(cells if item in made.parts else [*cells[:2], "–", "–", "–", "–"])))
    between = gettext(lang, "95% interval")
    head = [gettext(lang, "Part"), gettext(lang, "Share (Shapley)"), between,
            gettext(lang, "Alone"), between, gettext(lang, "Left out of all"), between]  # fmt: skip
    noun, unit, base = words.noun(outcome, lang).name, words.unit(outcome, lang), made.base(outcome)
    text = gettext(lang, "{noun}; without the policy {base:.4g}, {unit}.", noun=capital(noun), base=base, unit=unit)
    return text, pd.DataFrame(rows, columns=head)


def _parts(made: Ablation, lang: str) -> tuple[str, pd.DataFrame]:
    """Return what takes each part out: what the full set sets otherwise than the set without it."""
    import pandas as pd

    arms = made.swept.plan.arms
    full = arms[made.labels[frozenset(made.parts)]]
    rows = []
    for item in made.parts:
        out = arms[made.labels[frozenset(made.parts) - {item}]]
        changes = [f"{key} = {_written(value)}" for key, value in out.items() if full.get(key, "") != value]
        rows.append((capital(part(item, lang)), ", ".join(changes)))
    whole = ", ".join(f"{key} = {_written(value)}" for key, value in full.items())
    rows.insert(0, (capital(part(WHOLE, lang)), whole))
    head = [gettext(lang, "Part"), gettext(lang, "Set to")]
    text = gettext(lang, "What makes the whole policy, and what takes each part out of it.")
    return text, pd.DataFrame(rows, columns=head)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
