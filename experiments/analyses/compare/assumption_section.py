"""How far a comparison reaches over assumptions, and which of these decide it: the report's opening and a section."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.analyses.compare import comparison_sentences as sentences
from experiments.analyses.compare.assumption_words import decisive, high
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.reporting import declared, numbers, words
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, table, tag
from experiments.reporting.numbers import percent
from experiments.reporting.parameter_table import written

if TYPE_CHECKING:
    import pandas as pd

    from experiments.core.design.axes import Axis

__all__ = ["deciding", "opening", "section"]

COUNT = 3
"""Assumptions that are told of."""

HEADS = {
    1: N_("Of {varied} assumptions only one can be distinguished from chance in what {name} does:"),
    2: N_("Of {varied} assumptions only two can be distinguished from chance in what {name} does:"),
    COUNT: N_("The three assumptions that decide most what {name} does:"),
}
"""What stands over so many of them."""

MOVES = {
    (True, True): N_(
        "Where {where}, {name} lowers {noun} more: {there}, against {elsewhere} at the other end ({share})."),
    (True, False): N_(
        "Where {where}, {name} lowers {noun} less: {there}, against {elsewhere} at the other end ({share})."),
    (False, True): N_(
        "Where {where}, {name} raises {noun} more: {there}, against {elsewhere} at the other end ({share})."),
    (False, False): N_(
        "Where {where}, {name} raises {noun} less: {there}, against {elsewhere} at the other end ({share})."),
}
"""What an assumption does to an effect of one sign: by whether it is a lowering, and whether it is the larger there."""

TURNS = {
    (True, True): N_(
        "Where {where}, {name} lowers {noun} ({there}); at the other end it raises them ({elsewhere}; {share})."),
    (True, False): N_(
        "Where {where}, {name} lowers {noun} ({there}); at the other end it raises it ({elsewhere}; {share})."),
    (False, True): N_(
        "Where {where}, {name} raises {noun} ({there}); at the other end it lowers them ({elsewhere}; {share})."),
    (False, False): N_(
        "Where {where}, {name} raises {noun} ({there}); at the other end it lowers it ({elsewhere}; {share})."),
}
"""What it does to an effect whose sign turns: by whether it is a lowering there, and whether the noun is plural."""


def deciding(
    causes: pd.DataFrame, strategy: str, lang: str = "en", docs: Mapping[str, str] | None = None
) -> tuple[str, list[str]]:
    """Say in words which assumptions decide the effect of a policy most.

    Parameters
    ----------
    causes
        ``assumptions.csv`` of a comparison's folder.
    strategy
        The policy.
    lang
        `en` or `zh`.
    docs
        What parameters are, by name, for those that have no words of their own.

    Returns
    -------
    (str, list of str)
        A heading, and a sentence for each, the most important first.
    """
    found = decisive(causes, strategy, COUNT)
    name = words.arm(strategy, lang)
    varied = causes[causes["strategy"] == strategy]["parameter"].nunique()
    if not len(found):
        return gettext(
            lang,
            "What decides most what {name} does cannot be distinguished from chance: of {varied} assumptions none "
            "stands out.",
            name=name, varied=varied), []
    head = gettext(lang, HEADS[len(found)], varied=varied, name=name)
    return head, [_cause(row, name, lang, docs or {}) for row in found.to_dict("records")]


def _cause(row: Mapping[str, Any], name: str, lang: str, docs: Mapping[str, str]) -> str:
    """Say which way an assumption moves an effect, and how much of its spread it explains."""
    noun, plural = words.noun(str(row["outcome"]), lang)
    there, elsewhere = (percent(100.0 * row[end], signed=True) for end in ("effect_high", "effect_low"))
    part = f"{100 * row['share']:.0f}%"
    if math.isfinite(row["share_low"]):
        part += gettext(
            lang,
            ", 95% interval {share_low:.0f}% to {share_high:.0f}%",
            share_low=100 * row['share_low'], share_high=100 * row['share_high'])
    share = gettext(lang, "explains {part} of the spread of this effect over assumptions", part=part)
    parameter = str(row["parameter"])
    if not abs(row["direction"]) > 0.0:
        return gettext(
            lang,
            "{name} changes {noun} by {elsewhere} to {there}, depending on {parameter} ({share}).",
            name=capital(name), noun=noun, elsewhere=elsewhere, there=there, parameter=parameter, share=share)
    where = high(parameter, docs.get(parameter, ""), lang)
    down, same = row["effect_high"] < 0.0, (row["effect_high"] < 0.0) == (row["effect_low"] < 0.0)
    message = TURNS[down, plural]
    if same:
        message = MOVES[down, bool(abs(row["effect_high"]) > abs(row["effect_low"]))]
    return gettext(lang, message, where=where, name=name, noun=noun, there=there, elsewhere=elsewhere, share=share)


def opening(reader: Reader, lang: str) -> list[Html]:
    """Return what decides the answer most, for each policy of the headline; nothing without a range."""
    causes = reader.deciding
    made: list[Html] = []
    policies = [arm for arm, against in reader.ranged if against == reader.baseline and not words.control_of(arm)]
    if causes is None:
        if policies:
            made.append(tag("p", gettext(
                lang,
                "Too few worlds were looked at to tell which assumption decides the answer."), class_="note"))
        return made
    docs = {str(row["name"]): declared.meaning(row, lang) for row in reader.comparison.scenario.parameters()}
    for policy in policies[:2]:
        head, told = deciding(causes, policy, lang, docs)
        made.append(tag("p", tag("strong", head)))
        if told:
            made.append(tag("ol", *(tag("li", text) for text in told)))
    return made


def section(reader: Reader, lang: str) -> list[Html]:
    """Return how the range was made, the range of every effect that has one, and what each assumption explains."""
    if not reader.ranged:
        return []
    return [tag("p", _method(reader, lang)), _ranges(reader, lang), *_causes(reader, lang)]


def _method(reader: Reader, lang: str) -> str:
    worlds = max(effect.points for effect in reader.all_effects())
    held = getattr(reader.comparison, "assumed", None)
    many = len(held.cube.axes) if held is not None else 0
    twice = len(held.cube.rows) - held.worlds if held is not None else 0
    size = held.outcome.design.grounds[0].estates if held is not None else 0
    weeks = held.outcome.design.scenario.run.weeks if held is not None else 0
    failed = held.failed if held is not None else 0
    text = gettext(
        lang,
        "The interval of chance says how well the model's own effect is known; this range, how much that effect "
        "hangs on what nobody knows. In {worlds} worlds the {many} parameters with the largest pull on these "
        "effects take values of a Latin hypercube over their ranges; the list was made by a screening of all that "
        "are assumed or fitted (gongzhi sensitivity least-known). Each world is a smaller ground of {size:,} "
        "estates over {weeks} weeks, on which the arms share random numbers; an effect is relative to the mean of "
        "its own world. {twice} worlds were run twice, with other random numbers, and the spread that chance makes "
        "was taken out before the central 90% was read off. Shares are shares of these worlds, no probabilities; "
        "the ranges of the parameters are assumptions too, and nothing is said of mechanisms that the model lacks.",
        worlds=worlds, many=many, size=size, weeks=weeks, twice=twice)
    if failed:
        text += gettext(lang, " {failed} of the runs failed and are left out.", failed=failed)
    return text


def _ranges(reader: Reader, lang: str) -> Html:
    head = [
        gettext(lang, "Arm"), gettext(lang, "Against"), gettext(lang, "Chance, 95%"),
        gettext(lang, "Over assumptions, 90%"), gettext(lang, "In what share of worlds"),
    ]
    groups = []
    for outcome in reader.outcomes:
        rows = []
        for arm, against in reader.ranged:
            effect = reader.effect(arm, outcome, against)
            if effect is not None and effect.ranged:
                chance = sentences.between(effect, lang) if math.isfinite(sum(effect.interval)) else "–"
                rows.append([
                    capital(reader.label(arm, lang)), reader.label(against, lang), chance, sentences.over(effect, lang),
                    sentences.shares(effect, lang)])
        if rows:
            groups.append((capital(words.noun(outcome, lang).name), rows))
    return table(head, groups, kind="tall")


def _causes(reader: Reader, lang: str) -> list[Html]:
    """Return what each assumption explains, of the policies' effects on the headline's outcomes."""
    causes = reader.deciding
    if causes is None:
        return []
    held = getattr(reader.comparison, "assumed", None)
    axes = {axis.name: axis for axis in held.cube.axes} if held is not None else {}
    shown = causes[(causes["against"] == reader.baseline) & causes["outcome"].isin(HEADLINE)]
    policies = [arm for arm in dict.fromkeys(shown["strategy"]) if not words.control_of(arm)]
    columns = [(arm, outcome) for arm in policies for outcome in HEADLINE
               if len(shown[(shown["strategy"] == arm) & (shown["outcome"] == outcome)])]
    if not columns:
        return []
    cells = {(row["strategy"], row["outcome"], row["parameter"]): row for row in shown.to_dict("records")}
    rows = []
    for name in axes or dict.fromkeys(shown["parameter"]):
        rows.append([
            tag("code", name), _span(axes.get(name), lang),
            *(_explained(cells.get((arm, outcome, name))) for arm, outcome in columns)])
    head = [gettext(lang, "Assumption"), gettext(lang, "Values"), *(
        f"{capital(words.arm(arm, lang))}: {words.noun(outcome, lang).name}" for arm, outcome in columns)]
    text = gettext(
        lang,
        "Share of the spread of an effect over assumptions that each explains (rank regression on all at once). "
        "In front, which way: + where a larger value moves the effect up. In brackets: no more than chance makes "
        "of so many.")
    return [tag("p", text, class_="caption"), table(head, [("", rows)], numeric=range(2, len(head)), kind="tall wide")]


def _span(axis: Axis | None, lang: str) -> str:
    if axis is None:
        return "–"
    if axis.levels:
        return pgettext(lang, "between names", ", ").join(written(level, lang) for level in axis.levels)
    return f"{numbers.written(axis.low, 'g')} … {numbers.written(axis.high, 'g')}"


def _explained(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    sign = "+" if row["direction"] > 0 else "−" if row["direction"] < 0 else ""
    text = f"{sign} {100 * row['share']:.0f}%".strip()
    return text if row["clear"] else f"({text})"
