"""The columns of `model.outcomes`: their units and what they mean."""

from __future__ import annotations

from typing import Final

from sim.costs import BEARERS, PAYERS
from sim.disputes import frontline
from sim.everyday import collective, incidents
from sim.institutions import deliberation, emergency, empowerment, meetings, supervision
from sim.institutions.deliberation import cross_appointment
from sim.outcomes.spread import SPREAD
from sim.outcomes.tally import EVENTS
from sim.stakeholders import captains, couriers, enterprises, social, volunteers

__all__ = ["COLUMNS", "ESTATE_COLUMNS", "EVENTS", "ROOMS_MEASURED"]

ROOMS_MEASURED: Final[tuple[tuple[str, dict[str, tuple[str, str]]], ...]] = (
    ("incidents", incidents.MEASURES),
    ("frontline", frontline.MEASURES),
    ("collective", collective.MEASURES),
    ("empowerment", empowerment.MEASURES),
    ("supervision", supervision.MEASURES),
    ("couriers", couriers.MEASURES),
    ("enterprises", enterprises.MEASURES),
    ("deliberation", deliberation.MEASURES),
    ("cross_appointment", cross_appointment.MEASURES),
    ("captains", captains.MEASURES),
    ("meeting_help", meetings.MEASURES),
    ("social_organisations", social.MEASURES),
    ("volunteers", volunteers.MEASURES),
    ("emergency", emergency.MEASURES),
)
"""Rooms that measure something themselves: name in the model, and unit and meaning of each of its columns."""

_COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "conflicts": ("per 1,000 households and week",
                  "residents who came into conflict over a cause for the first time (the dispute rate)"),
    "returns": ("per 1,000 households and week",
                "conflicts over the same cause again: borne before, tried in vain, or an agreement broken"),
    "conflicts_all": ("per 1,000 households and week", "conflicts, first ones and returns"),
    "standing": ("per 1,000 households and week",
                 "residents in conflict `outcomes.standing_after` weeks before, who have no agreement that holds and "
                 "whose cause goes on, whichever way they took"),
    "standing_share": ("share", "the same, of the residents who came into conflict then"),
    "dispute_rate": ("per 1,000 households and week", "the same as conflicts"),
    "filed": ("per 1,000 households and week", "cases filed with a firm, committee, branch, platform or the hotline"),
    "filed_firm": ("per 1,000 households and week", "of these, with a firm"),
    "filed_committee": ("per 1,000 households and week", "of these, with an owners' committee"),
    "filed_branch": ("per 1,000 households and week", "of these, with a branch"),
    "filed_platform": ("per 1,000 households and week", "of these, with a deliberation platform"),
    "hotline": ("per 1,000 households and week", "cases filed with the hotline"),
    "to_authority": ("per 1,000 households and week", "cases that reached an authority: hotline and sent up"),
    "settled": ("per 1,000 households and week", "cases handled with an agreement"),
    "settled_alive": ("per 1,000 households and week", "cases handled with an agreement while their cause went on"),
    "alive_at_settlement": ("share", "cases whose cause went on, of those handled with an agreement"),
    "unresolved_filed": ("per 1,000 households and week",
                         "filed cases ended without an agreement (failed, withdrawn), and agreements broken"),
    "unresolved_filed_share": ("share", "cases ended without an agreement, of all cases that ended this week"),
    "failed": ("per 1,000 households and week", "cases handled without an agreement"),
    "withdrawn": ("per 1,000 households and week", "cases given up"),
    "broken": ("per 1,000 households and week", "agreements that broke"),
    "self_begun": ("per 1,000 households and week", "conflicts taken up with the other side, no case filed"),
    "self_settled": ("per 1,000 households and week", "of these, ended this week with an agreement"),
    "self_failed": ("per 1,000 households and week", "of these, ended this week without an agreement"),
    "self_settled_share": ("share", "of the talks with the other side that ended this week, with an agreement"),
    "self_broken": ("per 1,000 households and week", "agreements with the other side that broke"),
    "tolerated": ("per 1,000 households and week", "conflicts borne in silence"),
    "escalated": ("per 1,000 households and week", "cases sent up to the next desk"),
    "gathered": ("per 1,000 households and week", "conflicts in which people turned to collective action"),
    "premature": ("per 1,000 households and week", "cases reported as resolved that were not"),
    "mediated": ("per 1,000 households and week", "cases handled to the end by a third party"),
    "open": ("per 1,000 households", "cases open at the end of the week"),
    "reply_median": ("days", "from filing to the end of handling, median of the week's handled cases"),
    "reply_p90": ("days", "the same, 90 % quantile"),
    "resolution_true": ("share", "cases settled, of those that ended at a desk this week"),
    "resolution_reported": ("share", "cases reported as resolved, of the same"),
    "satisfaction": ("0 to 1", "mean satisfaction of residents"),
    "trust_firm": ("0 to 1", "mean trust of residents in their firm"),
    "trust_committee": ("0 to 1", "mean trust in owners' committees"),
    "trust_branch": ("0 to 1", "mean trust in branches"),
    "trust_authority": ("0 to 1", "mean trust in community, street and district"),
    "hours": ("hours per week", "hours of branches, authorities and extra hands, reporting included"),
    "reporting_hours": ("hours per week", "branches' hours that go to reporting and running stations"),
    "mediation_hours": ("hours per week", "branches' hours for mediation"),
    "mediation_worked": ("hours per week", "of these and of hours kept from the weeks before, worked on cases and "
                         "causes"),
    "mediation_on_call": ("hours per week", "branches' hours open for cases and not worked; below zero in a week that "
                          "works more of the hours kept than it leaves unused"),
    "desk_use": ("ratio", "hours worked on cases and causes, of the hours of community, street and district"),
    "desks_on_call": ("hours per week", "the same of community, street and district, with hours lent to them"),
    "routine_hours": ("hours per week", "branches' hours for routine services"),
    "dispatched_hours": ("hours per week", "hours that left community desks with dispatched secretaries"),
    "authority_hours": ("hours per week", "hours of community, street and district desks, after dispatch"),
    "extra_hours": ("hours per week", "hours that a control lent to community desks"),
    "committee_hours": ("hours per week", "hours of owners' committees"),
    "firm_hours": ("hours per week", "hours of firms' offices for cases"),
    "committees": ("committees", "owners' committees in office"),
    "attendance": ("share", "owners' attendance at the meetings of the past year, mean over estates"),
    "fee_share": ("share", "fees paid, mean over estates"),
    "effort_visible": ("0 to 1", "firms' visible effort, mean over estates"),
    "effort_invisible": ("0 to 1", "firms' invisible effort, mean over estates"),
    "branches": ("branches", "branches with people in them"),
    "covered": ("share", "estates that such a branch serves"),
    "reproduction": ("conflicts per conflict", "conflicts caused by talk for each conflict, past 26 weeks"),
    "hazards": ("of the usual", "stock of charging hazards, mean over estates"),
    "initiatives": ("per 1,000 households and week",
                    "what residents do by themselves: private settlements, founding meetings, motions"),
    **{f"hours_{bearer}": ("hours per week", f"hours that policies and services cost: {bearer.replace('_', ' and ')}")
       for bearer in BEARERS if bearer != "purse"},
    **{f"yuan_{bearer}": ("yuan per week", f"money that policies and services cost: {bearer.replace('_', ' and ')}")
       for bearer in PAYERS},
}

COLUMNS: Final[dict[str, tuple[str, str]]] = {
    **_COLUMNS, **SPREAD, **{name: meaning for _, columns in ROOMS_MEASURED for name, meaning in columns.items()}}
"""Unit and meaning of every column of `model.outcomes`, beside `week`."""

ESTATE_COLUMNS: Final = (
    "conflicts", "filed", "hotline", "settled", "standing", "unresolved_filed", "open", "satisfaction")
