"""The report of a sweep: where an arm lowers each outcome, and which parameters that follows."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.sweep.sweep_figure import note, sweep_figure
from experiments.analyses.sweep.sweep_words import level, told
from experiments.analyses.sweep.tally import named, others, pulls_of, spans, tally
from experiments.reporting import declared, meanings, words
from experiments.reporting.catalogue import N_, gap, gettext, ngettext, pgettext
from experiments.reporting.clauses import capital, listed
from experiments.reporting.document import Document, draw_into, write_document
from experiments.reporting.numbers import amount, written
from experiments.reporting.provenance import ground, info_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.sweep.swept import Swept

__all__ = ["findings", "write"]

KINDS = {
    "factorial": N_("all combinations of levels"),
    "one-at-a-time": N_("the usual values, and each parameter changed alone"),
    "latin": N_("a Latin hypercube, with one point in every strip of every range"),
    "sobol": N_("a scrambled Sobol sequence"),
    "morris": N_("Morris trajectories, which change one parameter at a time"),
    "table": N_("the points of a user's own table"),
}


def write(result: Swept, lang: str = "en") -> Path:
    """Draw a sweep's figures into its folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    result
        A sweep of which at least one run has ended.
    lang
        `en` or `zh`; without a font for Chinese the figures are in English.
    """
    folder, plan = result.store.folder, result.plan
    figures = []
    for outcome in plan.outcomes:
        path = draw_into(folder, outcome, partial(sweep_figure, result, outcome), lang)
        figures.append((path, _caption(result, outcome, lang)))
    brief = Document(
        title=_question(result, lang),
        findings=findings(result, lang),
        figures=figures,
        tables=[_varied(result, lang), _over(result, lang), *_follows(result, lang)],
        method=_method(result, lang),
        limits=_limits(result, lang),
        scenario=plan.scenario,
        info=info_of(result.store, result.outcome),
    )
    return write_document(brief, folder / "report.html", lang)


def findings(result: Swept, lang: str = "en") -> list[str]:
    """Say, of each outcome under each arm, at how many points it changes, and which parameters it follows."""
    arms = others(result)
    return [_finding(told(result, outcome, arm, lang), lang) for outcome in result.plan.outcomes for arm in arms]


def _question(result: Swept, lang: str) -> str:
    if result.plan.question:
        return meanings.question(result.plan.question, lang)
    names = [words.noun(outcome, lang).name for outcome in result.plan.outcomes]
    some = listed(names[:3], lang)
    return gettext(lang, "What do {some} follow?", some=some)


def _finding(sentences: list[str], lang: str) -> str:
    return gap(lang).join(text + gettext(lang, ".") for text in sentences)


def _caption(result: Swept, outcome: str, lang: str) -> str:
    noun = words.noun(outcome, lang).name
    first = gettext(lang, "{noun} over the points of the sweep. ", noun=capital(noun))
    return first + note(result, min(result.points.shape[1], 12), min(len(others(result)), 6), lang)


def _method(result: Swept, lang: str) -> list[str]:
    plan = result.plan
    n, parameters, weeks = len(result.points), result.points.shape[1], plan.scenario.run.weeks
    count, start = plan.replicates, result.outcome.design.start
    arms = listed([words.arm(arm, lang) for arm in plan.arms if arm], lang)
    lived = [
        ngettext(
            lang,
            "{n} points over {number} parameter ({kind}). ",
            "{n} points over {number} parameters ({kind}). ",
            parameters, n=n, kind=gettext(lang, KINDS.get(plan.kind, plan.kind))),
        arms and gettext(lang, "Each point is run under {arms}. ", arms=arms),
        ground(result.outcome.design, lang),
        ngettext(
            lang,
            " Each run has {weeks} weeks, of which those from week {start} on are averaged; {number} replicate.",
            " Each run has {weeks} weeks, of which those from week {start} on are averaged; {number} replicates.",
            count, weeks=weeks, start=start),
    ]
    shared = gettext(
        lang,
        "All points and arms share their replicates' chance (common random numbers), so that two points differ "
        "by their parameters and by nothing else.")
    if plan.baseline:
        shared += gettext(
            lang,
            " At every point each arm is set against {arm} in pairs; an interval is Student's 95% interval of "
            "the mean paired difference over replicates, for one point alone: of many points without any effect, "
            "one in twenty looks like one.",
            arm=words.arm(plan.baseline, lang))
    how = gettext(
        lang,
        "A parameter is said to matter where its rank correlation (Spearman) with the effect over all points is "
        "not zero at 5% after Holm's adjustment for the number of parameters; for levels without an order, by "
        "Kruskal and Wallis's test likewise. ")
    if not plan.apart:
        how += _over_replicates(count, lang)
    if plan.kind == "one-at-a-time":
        how = gettext(
            lang,
            "A parameter is said to matter where the 95% interval of the change over its range, the others as "
            "usual, leaves zero out. Of several levels without an order, the one that differs most from the usual "
            "one is reported; since it is picked by the same runs, its interval is widened to hold for all of these "
            "levels at once (Bonferroni). Intervals are not adjusted for the number of parameters.")
    return ["".join(lived), shared, how.strip()]


def _over_replicates(count: int, lang: str) -> str:
    """Say what shared chance asks of a parameter beside its correlation over points."""
    if count == 1:
        return gettext(
            lang,
            "All points share the chance of a single replicate, so that this holds for that chance alone: "
            "another replicate may show otherwise.")
    return gettext(
        lang,
        "Points share their replicates' random numbers, so that this must also hold over replicates: in each of "
        "them the slope of the effect over the parameter's ranks is taken (for levels, the mean at each less that "
        "at all others, with p adjusted for their number), Student's test asks whether its mean over replicates is "
        "zero, and the larger of the two p is adjusted and reported. Intervals of rank correlations are over "
        "points, in the chance of these replicates.")


def _limits(result: Swept, lang: str) -> list[str]:
    told = []
    if result.plan.replicates == 1:
        told.append(
            gettext(
                lang,
                "Every point was run once. The sign at a single point may be chance; only what holds over many "
                "points can be said, and that for the chance which all of them share.")
            if not result.plan.apart else
            gettext(
                lang,
                "Every point was run once. The sign at a single point may be chance; only what holds over many "
                "points can be said."))  # fmt: skip
    if result.plan.kind == "one-at-a-time":
        told.append(gettext(
            lang,
            "Parameters were changed one at a time: what two of them do together is not seen."))  # fmt: skip
    else:
        told.append(gettext(
            lang,
            "A rank correlation sees what rises or falls throughout a range. An effect that turns in the middle, "
            "or that needs two parameters at once, may be missed; the figures may show it."))  # fmt: skip
    told.append(gettext(
        lang,
        "Shares of points are shares of the ranges that were swept, not probabilities: nobody knows how likely a "
        "point is."))  # fmt: skip
    return told


def _varied(result: Swept, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    known = {row["name"]: row for row in result.plan.scenario.parameters()}
    rows = []
    for name in result.points.columns:
        values, about = result.points[name], known.get(str(name), {})
        if named(values):
            over = pgettext(lang, "between names", ", ").join(level(value, lang) for value in dict.fromkeys(values))
        else:
            over = f"{level(values.min(), lang)} … {level(values.max(), lang)}"
        rows.append((name, over, declared.unit(about, lang), level(about.get("value"), lang),
                     declared.meaning(about, lang)))
    head = [gettext(lang, "Parameter"), gettext(lang, "Values at the points"), gettext(lang, "Unit"),
            gettext(lang, "Otherwise"), gettext(lang, "What it is")]  # fmt: skip
    return gettext(lang, "What varied."), pd.DataFrame(rows, columns=head)


def _over(result: Swept, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    base = result.plan.baseline
    rows: list[tuple[Any, ...]] = []
    for outcome in result.plan.outcomes:
        for arm in others(result):
            found = tally(result, outcome, arm)
            low, middle, high = (amount(value, bool(base)) for value in (found.lowest, found.middle, found.highest))
            counts = (found.falls, found.rises, found.unclear) if base else ()
            rows.append((
                capital(words.noun(outcome, lang).name), *((words.arm(arm, lang),) if base else ()),
                words.unit(outcome, lang), low, middle, high, *counts,
            ))  # fmt: skip
    head = [
        gettext(lang, "Outcome"), *((gettext(lang, "Arm"),) if base else ()), gettext(lang, "Unit"),
        gettext(lang, "Lowest"), gettext(lang, "Median"), gettext(lang, "Highest"),
    ]  # fmt: skip
    if base:
        head += [gettext(lang, "Falls at"), gettext(lang, "Rises at")]
        head += [gettext(lang, "Not clear at")]
    against = words.arm(base, lang)
    text = (
        gettext(
            lang,
            "Over the {points} points: difference from {against}.",
            points=len(result.points), against=against)
        if base else
        gettext(lang, "Over the {points} points.", points=len(result.points)))
    return text, pd.DataFrame(rows, columns=head)


def _follows(result: Swept, lang: str) -> list[tuple[str, pd.DataFrame]]:
    """Tell of every parameter how each outcome follows it."""
    import pandas as pd

    alone = result.plan.kind == "one-at-a-time"
    several = bool(result.plan.baseline) and len(others(result)) > 1
    rows: list[tuple[Any, ...]] = []
    for outcome in result.plan.outcomes:
        for arm in others(result):
            start = (capital(words.noun(outcome, lang).name), *((words.arm(arm, lang),) if several else ()))
            lines = _spans(result, outcome, arm, lang) if alone else _pulls(result, outcome, arm)
            rows += [(*start, *line) for line in lines]
    if not rows:
        return []
    first = [gettext(lang, "Outcome"), *((gettext(lang, "Arm"),) if several else ())]
    first.append(gettext(lang, "Parameter"))
    if alone:
        head = [*first, gettext(lang, "From"), gettext(lang, "To"), gettext(lang, "Change"),
                gettext(lang, "95% interval")]  # fmt: skip
        text = gettext(
            lang,
            "What each parameter moves over its range, the others as usual. Of several levels without an order, "
            "the one that differs most, with an interval that is widened for having been picked.")  # fmt: skip
    else:
        over = gettext(lang, "95% interval over points")
        head = [*first, gettext(lang, "Rank correlation"), over, gettext(lang, "p (Holm)")]
        text = gettext(
            lang,
            "How each outcome, or what the arm changes of it, follows each parameter; p is adjusted within each "
            "outcome.")  # fmt: skip
    return [(text, pd.DataFrame(rows, columns=head))]


def _pulls(result: Swept, outcome: str, arm: str) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for pull in pulls_of(result, outcome, arm):
        size, low, high = (written(value, "+.2f") for value in (pull.correlation, pull.low, pull.high))
        ordered = math.isfinite(pull.correlation)
        p = "–" if math.isnan(pull.p) else "<0.001" if pull.p < 0.001 else f"{pull.p:.3f}"
        between = f"{low} … {high}" if math.isfinite(pull.low) else "–"
        lines.append((pull.name, size if ordered else "–", between, p))
    return lines


def _spans(result: Swept, outcome: str, arm: str, lang: str) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for span in spans(result, outcome, arm):
        low, high = (amount(end, signed=True) for end in (span.change.ci_low, span.change.ci_high))
        size = amount(span.change.difference, signed=True)
        lines.append((span.name, level(span.start, lang), level(span.end, lang), size, f"{low} … {high}"))
    return lines
