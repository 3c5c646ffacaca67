"""Assumptions in words, in English and Chinese: what it means that a parameter is high.

A clause that follows "where": for a number what is the case at the upper end of its range, for a switch what holds
where it is on.  A parameter that is not here is told by its name and its own description, which is English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from experiments.reporting.catalogue import gettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HIGH", "decisive", "high"]

HIGH: Final[dict[str, tuple[str, str]]] = {
    "branches.active_share": ("more of the members are active", "活跃党员比例较高"),
    "branches.hours_per_member": ("a member gives more hours", "每名党员投入工时较多"),
    "branches.in_service_hours": ("members in service give more hours", "在职党员投入工时较多"),
    "branches.insider_share": (
        "more of a branch's members sit in the committee or work for the firm", "支部党员在业委会或物业企业任职者较多"),
    "branches.knowledge_joint": ("joint branches know the place better", "联建支部更了解当地情况"),
    "branches.knowledge_own": ("own branches know the place better", "自有支部更了解当地情况"),
    "branches.mediation_share": ("branches give more of their hours to mediation", "支部工时更多用于调解"),
    "branches.reach": ("a branch reaches more of the members in service", "支部能联系到的在职党员较多"),
    "branches.reporting_hours": ("branches owe more hours of reporting", "支部填报工时较多"),
    "branches.reporting_per_target": ("each target costs more hours of reporting", "每项指标的填报工时较多"),
    "branches.repute": ("trust in a new branch begins with its secretary's standing", "新支部的信任始于书记的声望"),
    "branches.secretary_hours": ("secretaries give more hours", "书记投入工时较多"),
    "branches.station_access": ("a station makes it easier to come to the branch", "服务站使居民更易找到支部"),
    "branches.targets": ("branches have more targets to report on", "支部须填报的指标较多"),
    "collective.concern": ("a shock concerns more of the residents", "突发事件牵动的居民较多"),
    "collective.ends_shocks": ("petitions can end shocks", "集体上访可以终结突发事件"),
    "collective.trigger_shock": ("a shock turns into collective action more easily", "突发事件更易引发集体行动"),
    "committees.attempts": ("committees lapse after more failed elections", "业委会在更多次选举失败后才停摆"),
    "committees.crowding": ("a trusted proxy keeps owners from acting", "可信的代理使业主不再自己行动"),
    "committees.mobilisation": ("a trusted branch moves owners to act", "可信的支部带动业主行动"),
    "committees.skill_decay": ("committees forget faster", "业委会能力流失更快"),
    "committees.skill_gain": ("committees learn more from a case", "业委会从办理中学得更多"),
    "couriers.motivated": ("more riders would report and lend a hand", "愿意上报、搭把手的骑手较多"),
    "couriers.rate_food": ("riders take up meals and rest more readily", "骑手更愿意使用餐饮休息服务"),
    "couriers.report_hours": ("a rider's report takes more of the desk's hours", "办理一条骑手上报所需工时较多"),
    "coverage.radius": ("estates may form joint branches over longer distances", "片区联建的半径较大"),
    "deliberation.captain_hours": ("captains give more hours", "楼栋长投入工时较多"),
    "deliberation.captain_share": ("more buildings have a captain", "有楼栋长的楼栋较多"),
    "deliberation.interval": ("platforms meet less often", "议事平台开会间隔较长"),
    "deliberation.mediator_hours": ("communities buy more hours of mediators", "社区购买的调解工时较多"),
    "deliberation.seats_bring": (
        "seats in one another's bodies bring every party sooner, neighbours too",
        "交叉任职使包括邻居在内的各方都更快到场"),
    "desks.agreement_holds": ("agreements hold more often", "调解协议更常得到遵守"),
    "desks.bundling": ("cases of one incident are handled as one matter", "同一起因的诉求合并办理"),
    "desks.hours_community": ("community desks have more hours", "社区窗口工时较多"),
    "desks.hours_district": ("the district's desk has more hours", "区级窗口工时较多"),
    "desks.hours_street": ("street desks have more hours", "街道窗口工时较多"),
    "desks.knowledge_authority": ("authorities know the place better", "政府部门更了解当地情况"),
    "desks.living_first": ("matters whose cause goes on are handled first", "起因仍在的事项优先办理"),
    "desks.meeting": ("parties meet more readily", "当事双方更愿意见面"),
    "desks.patience": ("people give an open case up sooner", "居民更快放弃在办诉求"),
    "desks.resubmission": ("people bring an unsettled case again more often", "未化解的诉求更常重新提交"),
    "desks.settle_constant": ("cases are easier to settle", "诉求更易化解"),
    "desks.settle_knowledge": ("local knowledge settles more", "熟悉情况对化解作用更大"),
    "desks.settle_legitimacy": ("trust in the handler settles more", "对经办者的信任对化解作用更大"),
    "desks.work_large": ("complex cases take more work", "复杂诉求办理工时较多"),
    "desks.work_small": ("simple cases take more work", "简单诉求办理工时较多"),
    "district.in_service_rate": (
        "more of those who live there are members registered elsewhere", "住在小区而组织关系在别处的党员较多"),
    "district.members_rate": ("more members are registered where they live", "在居住地登记的党员较多"),
    "empowerment.veto": ("the branch's say about candidates counts for more", "支部对候选人的意见分量更重"),
    "enterprises.branch_hours": (
        "branches of enterprises take more working time", "两新组织党支部占用的工作时间较多"),
    "firms.cost": ("effort costs firms more", "物业企业投入的成本较高"),
    "firms.finding": ("more damage is noticed without an inspection", "更多损坏无须检查即被发现"),
    "firms.owners_weight": ("firms weigh what owners say more", "物业企业更看重业主意见"),
    "firms.repair_effort": ("firms' effort repairs more", "物业企业投入的维修成效较大"),
    "frontline.coordinates": ("branches inform other desks of what is settled", "支部向其他窗口通报已化解事项"),
    "frontline.early": ("handlers go to causes before anybody files", "未诉先办"),
    "frontline.grid_workers": ("there are more grid workers", "网格员较多"),
    "frontline.sight": ("people on the spot see causes sooner", "在场的人更早发现起因"),
    "frontline.speaks": ("branches sit at the firm's table for the residents", "支部代居民与物业企业协商"),
    "grievances.contacts_conflict": ("people in conflict talk to more others", "陷入纠纷者更常与他人谈论"),
    "grievances.contacts_open": ("people with an open case talk to more others", "有在办诉求者更常与他人谈论"),
    "grievances.half_life": ("grievances last longer", "不满消退较慢"),
    "grievances.relief_settled": ("a settlement relieves more", "和解更能缓解不满"),
    "grievances.relief_tolerating": ("bearing it relieves more", "忍让更能缓解不满"),
    "grievances.talk": ("people in conflict talk to others", "陷入纠纷者与他人谈论"),
    "grievances.talk_gain": ("talk spreads grievances further", "谈论更易传播不满"),
    "grievances.threshold_log_sd": ("people differ more in what they bear", "居民的忍耐程度差异较大"),
    "grievances.threshold_median": ("people bear more before they are in conflict", "居民更能忍耐"),
    "incidents.common_severity_log_sd": ("incidents differ more in severity", "事件的严重程度差异较大"),
    "incidents.extent_log_sd": ("incidents differ more in how many they touch", "事件波及人数差异较大"),
    "incidents.heterogeneity": ("estates differ more in their incidents", "小区间事件多少差异较大"),
    "incidents.own_end": ("causes end sooner by themselves", "起因更快自行消失"),
    "incidents.parking_exponent": ("scarce spaces make more parking incidents", "车位紧张更易引发停车事件"),
    "incidents.own_severity_log_sd": (
        "people differ more in what an incident is to them", "同一事件对各人的影响差异较大"),
    "incidents.rate_charging": ("incidents over charging are more frequent", "充电事件较多"),
    "incidents.rate_committee": ("incidents over committees are more frequent", "业委会事件较多"),
    "incidents.rate_facility": ("incidents over facilities are more frequent", "设施事件较多"),
    "incidents.rate_fees": ("incidents over fees are more frequent", "收费事件较多"),
    "incidents.rate_noise": ("incidents over noise are more frequent", "噪音事件较多"),
    "incidents.rate_parking": ("incidents over parking are more frequent", "停车事件较多"),
    "incidents.rate_service": ("incidents over service are more frequent", "服务事件较多"),
    "incidents.settlement_ends": ("a settled case ends its cause", "诉求化解即消除起因"),
    "incidents.share_committee": ("incidents over committees touch more people", "业委会事件波及人数较多"),
    "incidents.share_fees": ("incidents over fees touch more people", "收费事件波及人数较多"),
    "incidents.share_service": ("incidents over service touch more people", "服务事件波及人数较多"),
    "incidents.shock_end": ("shocks end sooner by themselves", "突发事件更快自行结束"),
    "incidents.shock_rate": ("shocks are more frequent", "突发事件较多"),
    "incidents.shock_share": ("shocks touch more people", "突发事件波及人数较多"),
    "incidents.size_elasticity": ("large estates have more incidents for their size", "大小区事件相对更多"),
    "incidents.touched_charging": ("incidents over charging touch more people", "充电事件波及人数较多"),
    "incidents.touched_facility": ("incidents over facilities touch more people", "设施事件波及人数较多"),
    "incidents.touched_noise": ("incidents over noise touch more people", "噪音事件波及人数较多"),
    "incidents.touched_parking": ("incidents over parking touch more people", "停车事件波及人数较多"),
    "private.break_delay": ("private agreements break later", "自行和解更晚反悔"),
    "private.by_effort": ("firms end causes in proportion to their effort", "物业企业按其投入消除起因"),
    "private.ends_neighbour": ("a neighbour who was spoken to stops more often", "经当面沟通的邻居更常停止侵扰"),
    "private.ends_other": ("firms end a cause for a private word more often", "私下沟通更常使企业消除起因"),
    "private.holds": ("private agreements hold more often", "自行和解更常得到遵守"),
    "private.neighbour_share": ("a neighbour causes more of what touches people", "侵扰更多来自同一邻居"),
    "private.retry": ("people try again more often after talks in vain", "交涉未果后更常再次交涉"),
    "private.standing": ("people expect more of a private word", "居民更看好自行交涉"),
    "private.weeks": ("private talks take longer", "自行交涉耗时较长"),
    "residents.aware_base": ("people know more of where to turn", "居民更了解求助渠道"),
    "residents.moving_tenants": ("tenants move more often", "租户搬迁更频繁"),
    "services.effect": ("routine services achieve more per hour", "日常服务每小时成效较大"),
    "services.hazard_renewal": ("hazards come back sooner", "隐患更快重现"),
    "services.share_inspection": ("more of routine services is inspection", "日常服务更多用于检查"),
    "services.share_patrol": ("more of routine services is patrol", "日常服务更多用于巡查"),
    "services.volunteer_hours": ("volunteers give more hours", "志愿者投入工时较多"),
    "services.volunteer_response": ("more of those who are called volunteer", "响应号召的志愿者较多"),
    "services.volunteer_share": ("more residents volunteer", "志愿者较多"),
    "supervision.detection": ("inspections find out more of what firms leave undone", "检查更能发现企业未做的工作"),
    "supervision.fine_weeks": ("fines are higher", "罚款较重"),
    "supervision.inspection_hours": ("an inspection takes more hours", "每次检查工时较多"),
    "supervision.payoff_weeks": ("what firms gain or lose weighs more with them", "企业更看重得失"),
    "trust.baseline": ("people trust more from the start", "居民起初的信任较高"),
    "trust.gain": ("trust is gained faster", "信任增长较快"),
    "trust.loss": ("trust is lost faster", "信任流失较快"),
    "voice.awareness": ("those aware of their rights act more readily", "维权意识强者更倾向采取行动"),
    "voice.base_branch": ("people turn to branches more readily", "居民更愿意找支部"),
    "voice.base_collective": ("people join collective action more readily", "居民更愿意参与集体行动"),
    "voice.base_committee": ("people turn to committees more readily", "居民更愿意找业委会"),
    "voice.base_firm": ("people turn to firms more readily", "居民更愿意找物业企业"),
    "voice.base_hotline": ("people turn to the hotline more readily", "居民更愿意打热线"),
    "voice.base_platform": ("people turn to platforms more readily", "居民更愿意找议事平台"),
    "voice.base_self": ("people settle things among themselves more readily", "居民更愿意自行交涉"),
    "voice.base_tolerate": ("people bear things more readily", "居民更愿意忍让"),
    "voice.nest": ("a new door draws more from silence and private talks", "新渠道更多吸引原本沉默或自行交涉者"),
    "voice.weight_authority": ("power of a third party counts more", "居民更看重第三方的权力"),
    "voice.weight_grievance": ("large grievances are voiced more", "不满越大越倾向发声"),
    "voice.weight_success": ("success counts more", "居民更看重成效"),
    "voice.weight_trust": ("trust counts more in whom people turn to", "居民求助更看重信任"),
    "voice.weight_wait": ("waiting deters more", "等候更使人却步"),
}  # fmt: skip


def high(parameter: str, doc: str = "", lang: str = "en") -> str:
    """Say what is the case where a parameter is high.

    Examples
    --------
    >>> high("services.effect"), high("own.thing", "how much of it there is")
    ('routine services achieve more per hour', 'own.thing is higher (how much of it there is)')
    """
    if parameter in HIGH:
        return HIGH[parameter][1 if lang == "zh" else 0]
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
