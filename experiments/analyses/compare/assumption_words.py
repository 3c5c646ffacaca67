"""Assumptions in words: what it means that a parameter is high.

A clause that follows "where": for a number what is the case at the upper end of its range, for a switch what holds
where it is on.  A parameter that is not here is told by its name and its own description, which is English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from experiments.reporting.catalogue import N_, gettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HIGH", "decisive", "high"]

HIGH: Final[dict[str, str]] = {
    "branches.active_share": N_("more of the members are active"),
    "branches.hours_per_member": N_("a member gives more hours"),
    "branches.in_service_hours": N_("members in service give more hours"),
    "branches.insider_share": N_("more of a branch's members sit in the committee or work for the firm"),
    "branches.knowledge_joint": N_("joint branches know the place better"),
    "branches.knowledge_own": N_("own branches know the place better"),
    "branches.mediation_share": N_("branches give more of their hours to mediation"),
    "branches.reach": N_("a branch reaches more of the members in service"),
    "branches.reporting_hours": N_("branches owe more hours of reporting"),
    "branches.reporting_per_target": N_("each target costs more hours of reporting"),
    "branches.repute": N_("trust in a new branch begins with its secretary's standing"),
    "branches.secretary_hours": N_("secretaries give more hours"),
    "branches.station_access": N_("a station makes it easier to come to the branch"),
    "branches.targets": N_("branches have more targets to report on"),
    "collective.concern": N_("a shock concerns more of the residents"),
    "collective.ends_shocks": N_("petitions can end shocks"),
    "collective.trigger_shock": N_("a shock turns into collective action more easily"),
    "committees.attempts": N_("committees lapse after more failed elections"),
    "committees.crowding": N_("a trusted proxy keeps owners from acting"),
    "committees.mobilisation": N_("a trusted branch moves owners to act"),
    "committees.skill_decay": N_("committees forget faster"),
    "committees.skill_gain": N_("committees learn more from a case"),
    "couriers.motivated": N_("more riders would report and lend a hand"),
    "couriers.rate_food": N_("riders take up meals and rest more readily"),
    "couriers.report_hours": N_("a rider's report takes more of the desk's hours"),
    "coverage.radius": N_("estates may form joint branches over longer distances"),
    "deliberation.captain_hours": N_("captains give more hours"),
    "deliberation.captain_share": N_("more buildings have a captain"),
    "deliberation.interval": N_("platforms meet less often"),
    "deliberation.mediator_hours": N_("communities buy more hours of mediators"),
    "deliberation.seats_bring": N_("seats in one another's bodies bring every party sooner, neighbours too"),
    "desks.agreement_holds": N_("agreements hold more often"),
    "desks.bundling": N_("cases of one incident are handled as one matter"),
    "desks.hours_community": N_("community desks have more hours"),
    "desks.hours_district": N_("the district's desk has more hours"),
    "desks.hours_street": N_("street desks have more hours"),
    "desks.knowledge_authority": N_("authorities know the place better"),
    "desks.living_first": N_("matters whose cause persists are handled first"),
    "desks.meeting": N_("parties meet more readily"),
    "desks.patience": N_("people give an open case up sooner"),
    "desks.resubmission": N_("people bring an unsettled case again more often"),
    "desks.settle_constant": N_("cases are easier to settle"),
    "desks.settle_knowledge": N_("local knowledge settles more"),
    "desks.settle_legitimacy": N_("trust in the handler settles more"),
    "desks.work_large": N_("complex cases take more work"),
    "desks.work_small": N_("simple cases take more work"),
    "district.in_service_rate": N_("more of those who live there are members registered elsewhere"),
    "district.members_rate": N_("more members are registered where they live"),
    "empowerment.veto": N_("the branch's say about candidates counts for more"),
    "enterprises.branch_hours": N_("branches of enterprises take more working time"),
    "firms.cost": N_("effort costs firms more"),
    "firms.finding": N_("more damage is noticed without an inspection"),
    "firms.owners_weight": N_("firms weigh what owners say more"),
    "firms.repair_effort": N_("firms' effort repairs more"),
    "frontline.coordinates": N_("branches inform other desks of what is settled"),
    "frontline.early": N_("handlers go to causes before anybody files"),
    "frontline.grid_workers": N_("there are more grid workers"),
    "frontline.sight": N_("people on the spot see causes sooner"),
    "frontline.speaks": N_("branches sit at the firm's table for the residents"),
    "grievances.contacts_conflict": N_("people in conflict talk to more others"),
    "grievances.contacts_open": N_("people with an open case talk to more others"),
    "grievances.half_life": N_("grievances last longer"),
    "grievances.relief_settled": N_("a settlement relieves more"),
    "grievances.relief_tolerating": N_("bearing it relieves more"),
    "grievances.talk": N_("people in conflict talk to others"),
    "grievances.talk_gain": N_("talk spreads grievances further"),
    "grievances.threshold_log_sd": N_("people differ more in what they bear"),
    "grievances.threshold_median": N_("people bear more before they are in conflict"),
    "incidents.common_severity_log_sd": N_("incidents differ more in severity"),
    "incidents.extent_log_sd": N_("incidents differ more in how many they touch"),
    "incidents.heterogeneity": N_("estates differ more in their incidents"),
    "incidents.own_end": N_("causes end sooner by themselves"),
    "incidents.parking_exponent": N_("scarce spaces make more parking incidents"),
    "incidents.own_severity_log_sd": N_("people differ more in what an incident is to them"),
    "incidents.rate_charging": N_("incidents over charging are more frequent"),
    "incidents.rate_committee": N_("incidents over committees are more frequent"),
    "incidents.rate_facility": N_("incidents over facilities are more frequent"),
    "incidents.rate_fees": N_("incidents over fees are more frequent"),
    "incidents.rate_noise": N_("incidents over noise are more frequent"),
    "incidents.rate_parking": N_("incidents over parking are more frequent"),
    "incidents.rate_service": N_("incidents over service are more frequent"),
    "incidents.settlement_ends": N_("a settled case ends its cause"),
    "incidents.share_committee": N_("incidents over committees touch more people"),
    "incidents.share_fees": N_("incidents over fees touch more people"),
    "incidents.share_service": N_("incidents over service touch more people"),
    "incidents.shock_end": N_("shocks end sooner by themselves"),
    "incidents.shock_rate": N_("shocks are more frequent"),
    "incidents.shock_share": N_("shocks touch more people"),
    "incidents.size_elasticity": N_("large estates have more incidents for their size"),
    "incidents.touched_charging": N_("incidents over charging touch more people"),
    "incidents.touched_facility": N_("incidents over facilities touch more people"),
    "incidents.touched_noise": N_("incidents over noise touch more people"),
    "incidents.touched_parking": N_("incidents over parking touch more people"),
    "private.break_delay": N_("private agreements break later"),
    "private.by_effort": N_("firms end causes in proportion to their effort"),
    "private.ends_neighbour": N_("a neighbour who was spoken to stops more often"),
    "private.ends_other": N_("firms end a cause for a private word more often"),
    "private.holds": N_("private agreements hold more often"),
    "private.neighbour_share": N_("a neighbour causes more of what touches people"),
    "private.retry": N_("people try again more often after talks in vain"),
    "private.standing": N_("people expect more of a private word"),
    "private.weeks": N_("private talks take longer"),
    "residents.aware_base": N_("people know more of where to turn"),
    "residents.moving_tenants": N_("tenants move more often"),
    "services.effect": N_("routine services achieve more per hour"),
    "services.hazard_renewal": N_("hazards come back sooner"),
    "services.share_inspection": N_("more of routine services is inspection"),
    "services.share_patrol": N_("more of routine services is patrol"),
    "services.volunteer_hours": N_("volunteers give more hours"),
    "services.volunteer_response": N_("more of those who are called volunteer"),
    "services.volunteer_share": N_("more residents volunteer"),
    "supervision.detection": N_("inspections find out more of what firms leave undone"),
    "supervision.fine_weeks": N_("fines are higher"),
    "supervision.inspection_hours": N_("an inspection takes more hours"),
    "supervision.payoff_weeks": N_("what firms gain or lose weighs more with them"),
    "trust.baseline": N_("people trust more from the start"),
    "trust.gain": N_("trust is gained faster"),
    "trust.loss": N_("trust is lost faster"),
    "voice.awareness": N_("those aware of their rights act more readily"),
    "voice.base_branch": N_("people turn to branches more readily"),
    "voice.base_collective": N_("people join collective action more readily"),
    "voice.base_committee": N_("people turn to committees more readily"),
    "voice.base_firm": N_("people turn to firms more readily"),
    "voice.base_hotline": N_("people turn to the hotline more readily"),
    "voice.base_platform": N_("people turn to platforms more readily"),
    "voice.base_self": N_("people settle things among themselves more readily"),
    "voice.base_tolerate": N_("people bear things more readily"),
    "voice.nest": N_("a new door draws more from silence and private talks"),
    "voice.weight_authority": N_("power of a third party counts more"),
    "voice.weight_grievance": N_("large grievances are voiced more"),
    "voice.weight_success": N_("success counts more"),
    "voice.weight_trust": N_("trust counts more in whom people turn to"),
    "voice.weight_wait": N_("waiting deters more"),
}


def high(parameter: str, doc: str = "", lang: str = "en") -> str:
    """Say what is the case where a parameter is high.

    Examples
    --------
    >>> high("services.effect"), high("own.thing", "how much of it there is")
    ('routine services achieve more per hour', 'own.thing is higher (how much of it there is)')
    """
    if parameter in HIGH:
        return gettext(lang, HIGH[parameter])
    told = doc.rstrip(".")
    return (
        gettext(lang, "{parameter} is higher ({told})", parameter=parameter, told=told)
        if told else
        gettext(lang, "{parameter} is higher", parameter=parameter))


def decisive(
    table: pd.DataFrame, strategy: str, count: int = 3, outcomes: tuple[str, ...] = ("conflicts", "standing")
) -> pd.DataFrame:
    """Pick the assumptions that decide the effect of a policy most, from `assumptions.csv`.

    Parameters
    ----------
    table
        See `assumptions.over.CAUSES`.
    strategy
        The policy; against what stands first in the table, the baseline.
    count
        How many at most.
    outcomes
        By what it is judged.

    Returns
    -------
    DataFrame
        At most so many rows, one for each parameter that can be told from chance in any of the outcomes, with the
        outcome in which it explains most; the largest mean share over the outcomes first.
    """
    own = table[(table["strategy"] == strategy) & table["outcome"].isin(outcomes)]
    if len(own):
        own = own[own["against"] == own["against"].iloc[0]]
    mean = own.groupby("parameter")["share"].sum() / max(1, own["outcome"].nunique())
    best = own[own["clear"].astype(bool)].sort_values("share", ascending=False, kind="stable")
    best = best.drop_duplicates("parameter")
    return best.assign(mean_share=best["parameter"].map(mean)).sort_values(
        "mean_share", ascending=False, kind="stable", ignore_index=True).head(count)
