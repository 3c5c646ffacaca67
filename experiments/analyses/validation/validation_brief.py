"""What a validation found, in sentences: which figures are met, what they are evidence for, what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.validation.filings import YEAR
from experiments.analyses.validation.validation import MODEL, PREDICTED, Validation
from experiments.analyses.validation.validation_words import DATA, lacks, name_of, needs, told
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.clauses import listed
from experiments.reporting.numbers import rounded

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.document import Document

__all__ = ["brief_of", "caption", "findings", "limits", "method"]


def findings(made: Validation, lang: str = "en") -> list[str]:
    """Return the answer in short, worked out from the verdicts."""
    return [
        _met(made, lang),
        *_held_back(made, lang),
        *_rivals(made, lang),
        *_predicted(made, lang),
        *_built_in(made, lang),
    ]


def _tally(made: Validation, figures: Sequence[str], lang: str) -> str:
    """Say for how many figures the model is inside, overlaps and is outside; name the latter."""
    own = made.verdicts[MODEL]
    count = {word: [figure for figure in figures if own[figure] == word] for word in ("inside", "overlaps", "outside")}
    out = [name_of(figure, lang) for figure in count["outside"]]
    told = gettext(
        lang,
        "one more run of the model lies inside the interval for {inside}, overlaps it for {overlaps}, and lies "
        "outside for {out}",
        inside=len(count['inside']), overlaps=len(count['overlaps']), out=len(out))
    return told + (gettext(lang, " ({joined})", joined=listed(out, lang)) if out else "")


def _met(made: Validation, lang: str) -> str:
    figures = made.asked("fitted")
    if not figures:
        return gettext(lang, "No figure was fitted.")
    told = _tally(made, figures, lang)
    return gettext(lang, "Of {figures} fitted figures {told}.", figures=len(figures), told=told)


def _held_back(made: Validation, lang: str) -> list[str]:
    figures = made.asked("held back")
    if not figures:
        return [gettext(
            lang,
            "No figure was held back: every published one that is known here was either fitted or built in. "
            "Meeting these is no test that the model could have failed.")]
    told = _tally(made, figures, lang)
    return [gettext(lang, "Of {figures} figures that were held back {told}.", figures=len(figures), told=told)]


def _rivals(made: Validation, lang: str) -> list[str]:
    """Say of each rival what it misses, and in one sentence which rivals miss nothing."""
    asked = made.asked(*DATA)
    missed = {label: [figure for figure in asked if label in needs(made, figure)] for label in made.nulls}
    better = {label: [figure for figure in asked if label in needs(made, figure, told="against")]
              for label in made.nulls}
    sentences = [_misses(made, label, figures, lang) for label, figures in missed.items() if figures]
    idle = [lacks(made.nulls[label], lang) for label, figures in missed.items() if not figures]
    if idle and asked:
        sentences.append(gettext(
            lang,
            "No figure here is evidence for {names}: without any one of these, fitted again, what the model "
            "meets is not missed.",
            names=gettext(lang, "; ").join(idle)))
    for label, figures in better.items():
        if figures:
            names = listed([name_of(figure, lang) for figure in figures], lang)
            sentences.append(gettext(
                lang,
                "Without {lacks}, fitted again, {names} would be met, which the model misses.",
                lacks=lacks(made.nulls[label], lang), names=names))
    return sentences


def _misses(made: Validation, label: str, figures: Sequence[str], lang: str) -> str:
    parts = []
    for figure in figures:
        got, (_, low, high) = made.spreads[figure, label], made.interval(figure)
        parts.append(gettext(
            lang,
            "{name_of} would be {rounded} ({told}), outside {told_2}",
            name_of=name_of(figure, lang), rounded=rounded(got.mean), told=told(got.low, got.high, lang),
            told_2=told(low, high, lang)))
    what = lacks(made.nulls[label], lang)
    return gettext(
        lang,
        "Evidence for {what}: without, and fitted again, {joined}.",
        what=what, joined=listed(parts, lang))


def _predicted(made: Validation, lang: str) -> list[str]:
    """Name the figures without data that would tell the model from a rival."""
    parts = []
    for figure in made.asked(PREDICTED):
        apart = [label for label in made.nulls if made.verdicts.loc[figure, label] == "outside"]
        if apart:
            others = [f"{rounded(made.spreads[figure, label].mean)} {gettext(lang, label)}"
                      for label in apart]
            own = rounded(made.spreads[figure, MODEL].mean)
            parts.append(gettext(
                lang,
                "{name_of} ({own}; {names})",
                name_of=name_of(figure, lang), own=own, names=pgettext(lang, "between clauses", ", ").join(others)))
    if not parts:
        return []
    return [gettext(
        lang,
        "Of what no data are at hand for, one district and year would tell the model from a rival by {names}.",
        names=gettext(lang, "; ").join(parts))]


def _built_in(made: Validation, lang: str) -> list[str]:
    figures = made.asked("built in")
    if not figures:
        return []
    told = _tally(made, figures, lang)
    return [gettext(
        lang,
        "Of {figures} numbers that were built in {told}: a check that the code does what it says, and nothing "
        "more.",
        figures=len(figures), told=told)]


def method(made: Validation, lang: str = "en") -> list[str]:
    """Say how it was found out."""
    plan = made.swept.plan
    years = (plan.scenario.run.weeks - plan.scenario.run.warmup) // YEAR
    estates = plan.scenario.district.estates if plan.district is None else plan.district.estates
    span = (
        gettext(lang, "one year")
        if years == 1 else
        gettext(lang, "{years} years, of which yearly figures are means", years=years))
    return [
        gettext(
            lang,
            "{replicates} runs of the model and of each of {nulls} rivals, on one ground of {estates} estates, "
            "measured over {span} after {warmup} weeks of warm-up. All arms share chance.",
            replicates=plan.replicates, nulls=len(made.nulls), estates=estates, span=span,
            warmup=plan.scenario.run.warmup),
        gettext(
            lang,
            "The data are one district and one year, so their counterpart is one run: the model's interval is "
            "the 95 % prediction interval of one more run (Student; in logarithms for counts, times and ratios, "
            "in logits for shares), not the interval of the mean, which more runs make as narrow as one likes. "
            "Chance of people and incidents is in it; the ground, and what is not known of parameters, are not. "
            "Verdicts: inside, all of it lies in the data's interval; outside, no part of it does; overlaps, "
            "some does. With many figures, one in twenty may miss by chance."),
        gettext(
            lang,
            "A rival lacks one mechanism and is fitted again before it is judged: its rates of incidents in "
            "proportion to what the hotline hears of each kind in the model, and how fast parties are met (or "
            "desks' hours) by the median reply, in pilot runs that are not used again. What it still meets is no "
            "evidence for what it lacks."),
    ]


def limits(lang: str = "en") -> list[str]:
    """Say what cannot be validated."""
    return [
        gettext(
            lang,
            "No open data link branches to disputes. Effects of coverage and of every other policy cannot be "
            "validated: figures here are those of a district without policies, and a model that met all of them "
            "could still be wrong about what a policy does."),
        gettext(
            lang,
            "Filings are of another city than the ground, and an unknown share of disputes never reaches an "
            "authority. Most intervals are tolerances that were agreed on, not intervals of data."),
    ]


def caption(lang: str) -> str:
    """Name every band, bar and mark of the figure."""
    return gettext(
        lang,
        "The model and its rivals beside data, a row for each figure and a panel for each arm. Grey band: the "
        "interval of the data, which gives each row its scale, with the value as a white line; where no data are "
        "at hand, the model's own prediction interval. Bar: 95 % prediction interval of one more run; mark: mean "
        "of runs; round inside, diamond overlaps, cross outside; arrow: the mean lies beyond the panel.")


def brief_of(made: Validation, picture: Path, info: Mapping[str, Any], lang: str = "en") -> Document:
    """Return the report of a validation.

    Parameters
    ----------
    made
        What was found.
    picture
        The figure's PNG.
    info
        `experiment.json` of the runs.
    lang
        `en` or `zh`.
    """
    from experiments.analyses.validation.validation_tables import beside_data, evidence_table, predictions, rivals
    from experiments.reporting.document import Document

    tables: list[tuple[str, pd.DataFrame]] = [
        (gettext(lang, "The model beside data."), beside_data(made, lang)),
        (gettext(lang, "What each figure is evidence for."), evidence_table(made, lang)),
        (gettext(
            lang,
            "What the model predicts where no data are at hand: one more run, and the means of its rivals (* "
            "prediction intervals do not meet)."),
         predictions(made, lang)),
        (gettext(lang, "The rivals."), rivals(made, lang)),
    ]
    shown = [(text, table) for text, table in tables if len(table)]
    return Document(
        gettext(lang, made.swept.plan.question), findings(made, lang), [(picture, caption(lang))], shown,
        method(made, lang), limits(lang), (), made.swept.plan.scenario, info)
