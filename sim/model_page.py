"""A model as a notebook shows it: its week, what is on, and a few series with their latest levels."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from sim.core.markup import line, paragraph, table, titled
from sim.core.message_catalogue import LANGUAGES, MODEL, N_
from sim.outcomes import COLUMNS

__all__ = ["model_page"]

gettext: Final = MODEL.gettext

SERIES: Final = ("conflicts", "filed", "standing", "open", "satisfaction", "hours")
LATELY: Final = 26
"""Weeks of which the latest level is a mean."""


def model_page(model: Any, lang: str = "en") -> Markup:
    """Return the page of a model.

    Parameters
    ----------
    model
        A `sim.GovernanceModel`.
    lang
        `en` or `zh`.

    Examples
    --------
    >>> import sim
    >>> "<svg" in model_page(sim.examples.small())
    False
    """
    parts = [paragraph(gettext(lang, "This week is not whole: call model.recover()."))] if model.recovery.broken else []
    district = model.district
    parts.append(
        paragraph(
            gettext(
                lang,
                "Week {week} of {weeks}; {estates:,} estates, {residents:,} residents; seed {seed}.",
                week=model.week,
                weeks=model.scenario.run.weeks,
                estates=district.estates,
                residents=len(model.residents),
                seed=model.seed,
            )
        )
    )
    parts.append(_switches(model.scenario, lang))
    if model.week and not model.recovery.broken:
        parts.append(_series(model, lang))
        parts.append(paragraph(gettext(lang, "model.outcomes has all series, sim.plot(model) a map."), quiet=True))
    else:
        parts.append(paragraph(gettext(lang, "No week has passed yet: model.run() lives them."), quiet=True))
    return titled(type(model).__name__, *parts)


def _switches(scenario: Any, lang: str) -> Markup:
    """Say which sections of the scenario are on, and which are off."""
    state = {
        name: getattr(scenario, name).enabled
        for name, section in scenario.sections.items()
        if "enabled" in section.model_fields
    }
    between = gettext(lang, N_(", "))
    strategy = scenario.coverage.strategy
    lines = [gettext(lang, "Coverage strategy: {strategy}.", strategy=strategy)]
    for words, wanted in ((N_("On: {names}."), True), (N_("Off: {names}."), False)):
        names = between.join(name for name, on in state.items() if on is wanted)
        if names:
            lines.append(gettext(lang, words, names=names))
    return Markup("").join(paragraph(words) for words in lines)


def _series(model: Any, lang: str) -> Markup:
    table_of = model.record.to_frame()
    chinese = lang == LANGUAGES[1]
    definitions = model.record.definitions
    own = [name for name in definitions if name in table_of and name not in COLUMNS]
    start = model.policy_week if model.scenario.coverage.strategy != "none" else None
    rows = []
    for name in [*SERIES, *own]:
        one, values = definitions[name], table_of[name].to_numpy(float)
        label = one.label_zh if chinese else one.label
        latest = table_of[name].tail(LATELY).mean()
        rows.append((label, line(values, label, start), float(latest), one.unit_zh if chinese else one.unit))
    head = [
        gettext(lang, N_("outcome")),
        gettext(lang, N_("week by week")),
        gettext(lang, "mean of the last {weeks} weeks", weeks=min(LATELY, len(table_of))),
        gettext(lang, N_("unit")),
    ]
    return table(head, rows, lang)
