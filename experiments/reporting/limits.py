"""What the model cannot say: stands in every report, whatever the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.reporting.catalogue import N_, gap, gettext
from experiments.reporting.elements import Html, join, tag

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["first_limits", "limits"]


def limits(scenario: Scenario | None, lang: str, own: Sequence[str] = ()) -> list[Html]:
    """Return what the model cannot say.

    Parameters
    ----------
    scenario
        Whose values are told of; None where there is no single one.
    lang
        `en` or `zh`.
    own
        What this report in particular cannot say; stands first.
    """
    items = [(gettext(lang, head), gettext(lang, text)) for head, text in _LIMITS]
    told = [*items[:2], *_known(scenario, lang), *items[2:]]
    return [
        tag(
            "ul",
            *(tag("li", text) for text in own),
            *(tag("li", tag("strong", head), join([gap(lang), text])) for head, text in told),
        )
    ]


def first_limits(scenario: Scenario | None, lang: str) -> list[Html]:
    """Return what is to be known before anything else: that this is no forecast, and how little is known."""
    first, text = (gettext(lang, part) for part in _LIMITS[0])
    told = [(first, text), *_known(scenario, lang)]
    return [tag("p", tag("strong", head), join([gap(lang), said])) for head, said in told]


def _known(scenario: Scenario | None, lang: str) -> list[tuple[str, str]]:
    """Tell how many values rest on what."""
    if scenario is None:
        return []
    status = Counter(str(row.get("status")) for row in scenario.parameters() if row.get("unit") != "switch")
    total = sum(status.values())
    mixed = gettext(
        lang,
        "Of the {total} parameters with a value, {data} rest on data, {literature} on literature, {study} on the "
        "field study and {assumed} are assumed. The sign of an effect may change within their ranges, most of "
        "all with the number of members who live in an estate, the hours that they give, the effect of routine "
        "services and the load of reporting.",
        total=total, data=status['data'], literature=status['literature'], study=status['study'],
        assumed=status['assumed'])
    return [(gettext(lang, "Most values are weakly known."), mixed)]


_LIMITS = (
    (
        N_("This is a conditional map, not a forecast."),
        N_(
            "No open data link branches to disputes, so what coverage causes cannot be checked against observation. "
            "The results say: if these mechanisms and these values hold, this follows. They do not say what will "
            "happen in Nanshan or anywhere else."),
    ),
    (
        N_("Only filings were used to set the model."),
        N_(
            "It was fitted to complaints filed with authorities in another city (their growth with an estate's "
            "size, their bunching, their categories, the time to a reply), to the order of magnitude of filings on "
            "estate matters in Chinese cities, and to surveys elsewhere of how many bear a quarrel or take it to a "
            "third party. A constant share of conflicts that nobody ever files cannot be distinguished from fewer "
            "conflicts."),
    ),
    (
        N_("More filings are neither success nor failure."),
        N_(
            "Filing is voice, and no side of it is the better one: filings rise with trouble and with doors to knock "
            "on. Conflicts (a person's first over a cause), filings and standing disputes are therefore shown "
            "together. A dispute stands that some weeks later has no agreement which holds and whose cause goes on, "
            "whichever way the person took: trouble borne in silence stands as much as a case handled in vain."),
    ),
    (
        N_("A policy that is off is in no number here."),
        N_(
            "Rights of branches, supervision, the deliberation platform, volunteers, the policies for couriers and "
            "enterprises and switching to emergencies are off unless the table of parameters or an arm says "
            "otherwise; what they add or take away is shown by studies of their own (gongzhi study --list)."),
    ),
    (
        N_("An interval tells of chance inside the model and of nothing else."),
        N_("More replicates make it as narrow as one likes; they do not make the model truer."),
    ),
    (
        N_("Hours are counted, not priced."),
        N_(
            "What members, committees and desks would have done with them elsewhere is not known to the model, "
            "except that a dispatched hour is missing at the community's desk."),
    ),
)
