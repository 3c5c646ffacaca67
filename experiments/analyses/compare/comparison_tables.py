"""The report's tables: every effect, and the costs by who bears them."""

from __future__ import annotations

import math

import numpy as np

from experiments.analyses.compare.comparison_view import Effect, Reader
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, join, table, tag
from experiments.reporting.numbers import aligned, amount, percent

__all__ = ["bearers", "effects"]

#: Who bears the hours: the column of the weekly record, and whether it is a part of the column `hours`.
BEARERS: tuple[tuple[str, str], ...] = (
    ("mediation_hours", N_("Branch: mediation")),
    ("routine_hours", N_("Branch: routine services")),
    ("reporting_hours", N_("Branch: reporting")),
    ("authority_hours", N_("Desks of community, street, district")),
    ("extra_hours", N_("Hours lent by the control")),
    ("hours", N_("Together")),
    ("dispatched_hours", N_("Left the community desks")),
    ("committee_hours", N_("Owners' committees")),
    ("firm_hours", N_("Property firms' offices")),
)


def effects(reader: Reader, lang: str) -> Html:
    """Return the table of all effects, grouped by outcome."""
    head = [
        gettext(lang, "Arm"),
        gettext(lang, "Against"),
        gettext(lang, "Mean"),
        gettext(lang, "There"),
        gettext(lang, "Difference"),
        gettext(lang, "95% interval"),
        "%",
        gettext(lang, "Helped"),
        gettext(lang, "All together"),
        gettext(lang, "p, all"),
        gettext(lang, "Verdict"),
        "n",
        gettext(lang, "n needed"),
        gettext(lang, "Variance ÷"),
    ]
    groups = []
    for outcome in reader.outcomes:
        found = [
            effect
            for effect in reader.all_effects()
            if effect.outcome == outcome and effect.strategy != effect.against
        ]
        if not found:
            continue
        measured = words.unit(outcome, lang, found[0].unit)
        name = words.noun(outcome, lang).name
        sense = {
            "lower": gettext(lang, "lower is better"),
            "higher": gettext(lang, "higher is better"),
        }.get(found[0].better, gettext(lang, "neither side is better"))
        title = gettext(lang, "{name}: {measured}; {sense}", name=capital(name), measured=measured, sense=sense)
        groups.append((title, [_line(reader, effect, lang) for effect in found]))
    return table(head, groups, numeric=(2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13), kind="tall effects")


def _line(reader: Reader, effect: Effect, lang: str) -> list[str]:
    verdict = tag(
        "span", words.verdict(effect.verdict, lang), class_=f"verdict {effect.verdict}"
    )
    difference, low, high, least, most = aligned(
        (effect.difference, effect.low, effect.high, *effect.together), (effect.high - effect.low) / 2
    )
    return [
        reader.label(effect.strategy, lang),
        reader.label(effect.against, lang),
        amount(effect.mean),
        amount(effect.against_mean),
        difference,
        "–" if math.isnan(effect.low) else f"{low} … {high}",
        percent(effect.percent, signed=True).removesuffix("%"),
        "–" if math.isnan(effect.helped) else f"{100 * effect.helped:.0f}%",
        "–" if math.isnan(effect.together[0]) else f"{least} … {most}",
        _p(effect.p),
        verdict,
        str(effect.replicates),
        "–" if not math.isfinite(effect.needed) else f"{effect.needed:,.0f}",
        "–" if effect.difference == 0 else saved(effect),
    ]


def saved(effect: Effect) -> str:
    """Write by how much pairing divides the variance, with its 95 % interval; without one it would be no number."""
    if not math.isfinite(sum(effect.saved)):
        return "–"
    low, high = (amount(end) for end in effect.saved)
    return f"{amount(effect.variance_saved)} [{low}, {high}]"


def _p(value: float) -> str:
    if math.isnan(value):
        return "–"
    return (
        "<0.0001"
        if value < 0.0001
        else f"{value:.4f}"
        if value < 0.001
        else f"{value:.3f}"
        if value < 0.1
        else f"{value:.2f}"
    )


def bearers(reader: Reader, lang: str) -> list[Html]:
    """Return hours a week by who bears them: means over the measured weeks and replicates."""
    series = reader.comparison.series
    if series is None or not len(series):
        return []
    late = series[series["week"] >= reader.warmup]
    columns = [
        entry
        for entry in BEARERS
        if entry[0] in late and float(np.abs(late[entry[0]].to_numpy(float)).max()) > 0
    ]
    if not columns:
        return []
    means = late.groupby("arm")[[name for name, *_ in columns]].mean()
    order = [
        name
        for name in (reader.baseline, *reader.arms)
        if name in means.index
    ]
    rows = []
    for name in order:
        label = reader.label(name, lang)
        cells: list[str] = [label[0].upper() + label[1:]]
        for column, *_ in columns:
            value, change = (
                float(means.loc[name, column]),
                float(means.loc[name, column] - means.loc[reader.baseline, column]),
            )
            under = "" if name == reader.baseline else amount(change, signed=True)
            cells.append(
                join([Html(amount(value)), tag("span", under or Html("&nbsp;"), class_="under")])
            )
        rows.append(cells)
    head = [
        gettext(lang, "Hours a week, whole district"),
        *(gettext(lang, told) for _name, told in columns),
    ]
    text = gettext(
        lang,
        "Means over the measured weeks and all replicates; below each, the change against the baseline. "
        "“Together” is what the arms are compared on: branches, desks and lent hours. An arm with the same hours "
        "gives its desks all that anybody newly worked for the policy, volunteers, captains, couriers, "
        "enterprises and residents at the table included, so that “together” is larger there. Hours that left "
        "the community desks are already missing in their column. Committees and firms bear theirs besides.")
    return [
        table(head, [("", rows)], numeric=tuple(range(1, len(head))), kind="bearers"),
        tag("p", text, class_="note"),
    ]
