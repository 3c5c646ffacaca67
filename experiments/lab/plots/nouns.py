"""The outcomes as words, in English and Chinese: noun, whether its verb is plural, unit."""

from __future__ import annotations

from typing import Final

__all__ = ["entry"]

RATE: Final = ("per 1,000 households and week", "每千户每周")
ENDED: Final = ("incidents per 1,000 households and week", "每千户每周起数")
TOUCHES: Final = ("touches per 1,000 households and week", "每千户每周人次")
SHARE: Final = ("share, 0 to 1", "0 至 1")
HOURS: Final = ("hours a week, district", "全区每周工时")
YUAN: Final = ("yuan a week, district", "全区每周元")
NUMBER: Final = ("number", "个")
WEEKLY: Final = ("number a week", "每周")

OUTCOMES: Final[dict[str, tuple[str, str, bool, str, str]]] = {
    # name: noun, noun in Chinese, plural, unit, unit in Chinese
    "conflicts": ("conflicts", "纠纷", True, *RATE),
    "dispute_rate": ("disputes", "纠纷率", True, *RATE),
    "filed": ("filed cases", "提交诉求", True, *RATE),
    "hotline": ("hotline cases", "热线来件", True, *RATE),
    "to_authority": ("cases with an authority", "到政府部门的诉求", True, *RATE),
    "settled": ("settled cases", "化解件", True, *RATE),
    "standing": ("standing disputes", "未了纠纷", True, *RATE),
    "standing_share": ("share of disputes that stand", "未了纠纷占比", False, *SHARE),
    "returns": ("returning conflicts", "复发纠纷", True, *RATE),
    "conflicts_all": ("conflicts, returning ones included", "纠纷（含复发）", True, *RATE),
    "unresolved_filed": ("filed cases left unresolved", "未解决的诉求", True, *RATE),
    "unresolved_filed_share": ("share of ended cases left unresolved", "终结诉求中未解决占比", False, *SHARE),
    "settled_alive": ("cases settled while their cause went on", "起因仍在时化解的诉求", True, *RATE),
    "alive_at_settlement": ("share of settlements while the cause went on", "化解时起因仍在的占比", False, *SHARE),
    "filed_firm": ("cases filed with firms", "向物业企业提交的诉求", True, *RATE),
    "filed_committee": ("cases filed with committees", "向业委会提交的诉求", True, *RATE),
    "filed_branch": ("cases filed with branches", "向支部提交的诉求", True, *RATE),
    "filed_platform": ("cases filed with platforms", "向议事平台提交的诉求", True, *RATE),
    "failed": ("failed cases", "调处失败件", True, *RATE),
    "withdrawn": ("withdrawn cases", "撤回件", True, *RATE),
    "broken": ("broken agreements", "反悔协议", True, *RATE),
    "self_begun": ("conflicts taken up with the other side", "自行交涉", True, *RATE),
    "self_settled": ("conflicts settled with the other side", "自行和解", True, *RATE),
    "self_failed": ("talks with the other side in vain", "自行交涉未果", True, *RATE),
    "self_settled_share": ("talks with the other side that succeed", "自行交涉达成和解占比", False, *SHARE),
    "self_broken": ("broken agreements with the other side", "自行和解后反悔", True, *RATE),
    "ended_desk": ("causes ended by settled cases", "诉求化解所消除的起因", True, *ENDED),
    "ended_private": ("causes ended by a word with the other side", "自行和解所消除的起因", True, *ENDED),
    "ended_early": ("causes ended by early mediation", "早期调解所消除的起因", True, *ENDED),
    "ended_petition": ("causes ended by petitions", "集体上访所消除的起因", True, *ENDED),
    "averted_desk": ("touches averted by settled cases", "诉求化解所避免的侵扰", True, *TOUCHES),
    "averted_private": ("touches averted by a word with the other side", "自行和解所避免的侵扰", True, *TOUCHES),
    "averted_early": ("touches averted by early mediation", "早期调解所避免的侵扰", True, *TOUCHES),
    "averted_petition": ("touches averted by petitions", "集体上访所避免的侵扰", True, *TOUCHES),
    "tolerated": ("tolerated conflicts", "忍让", True, *RATE),
    "escalated": ("escalated cases", "升级件", True, *RATE),
    "mediated": ("mediated cases", "调解件", True, *RATE),
    "open": ("open cases", "在办积压", True, "open per 1,000 households", "每千户在办"),
    "reply_median": ("median reply time", "答复时间中位数", False, "days", "天"),
    "reply_p90": ("90 % reply time", "答复时间九成分位", False, "days", "天"),
    "satisfaction": ("satisfaction", "满意度", False, *SHARE),
    "trust_firm": ("trust in the firm", "对物业企业的信任", False, *SHARE),
    "trust_committee": ("trust in the committee", "对业委会的信任", False, *SHARE),
    "trust_branch": ("trust in the branch", "对支部的信任", False, *SHARE),
    "trust_authority": ("trust in authorities", "对政府部门的信任", False, *SHARE),
    "hours": ("hours", "工时", True, *HOURS),
    "reporting_hours": ("reporting hours", "填报工时", True, *HOURS),
    "mediation_hours": ("mediation hours", "调解工时", True, *HOURS),
    "mediation_worked": ("mediation hours worked", "实际调解工时", True, *HOURS),
    "mediation_on_call": ("mediation hours on call", "调解待命工时", True, *HOURS),
    "desks_on_call": ("desks' hours on call", "各级窗口待命工时", True, *HOURS),
    "desk_use": ("use of desks' hours", "各级窗口工时利用率", False, *SHARE),
    "early_seen": ("causes gone to before anybody filed", "未诉先办的成因", True, *RATE),
    "early_settled": ("causes settled before anybody filed", "未诉先解的成因", True, *RATE),
    "early_hours": ("hours for causes before anybody filed", "未诉先办工时", True, *HOURS),
    "speaking_hours": ("hours of speaking for residents", "代言协调工时", True, *HOURS),
    "routine_hours": ("routine service hours", "日常服务工时", True, *HOURS),
    "dispatched_hours": ("dispatched hours", "派驻工时", True, *HOURS),
    "authority_hours": ("desks' hours", "各级窗口工时", True, *HOURS),
    "extra_hours": ("lent hours", "借入工时", True, *HOURS),
    "committee_hours": ("committees' hours", "业委会工时", True, *HOURS),
    "firm_hours": ("firms' hours", "物业企业工时", True, *HOURS),
    "committees": ("working committees", "运作中的业委会", True, *NUMBER),
    "attendance": ("attendance", "到会率", False, *SHARE),
    "fee_share": ("share of fees paid", "收缴率", False, *SHARE),
    "effort_visible": ("firms' visible effort", "企业看得见的投入", False, *SHARE),
    "effort_invisible": ("firms' invisible effort", "企业看不见的投入", False, *SHARE),
    "branches": ("branches", "支部数", True, *NUMBER),
    "covered": ("covered estates", "覆盖小区", True, *SHARE),
    "reproduction": ("conflicts caused per conflict", "每起纠纷引发的纠纷", True, "number", "起"),
    "gathered": ("turns to collective action", "转向集体行动", True, *RATE),
    "premature": ("cases wrongly reported as resolved", "虚报办结件", True, *RATE),
    "resolution_true": ("true resolution", "真实化解率", False, *SHARE),
    "resolution_reported": ("reported resolution", "上报化解率", False, *SHARE),
    "hazards": ("charging hazards", "充电隐患", True, "1 as usual", "常态为 1"),
    "initiatives": ("residents' own initiatives", "居民自发行动", True, *RATE),
    "order": ("order", "秩序", False, "0 as in the baseline", "基准为 0"),
    "vitality": ("vitality", "活力", False, "1 as in the baseline", "基准为 1"),
    "hours_residents": ("residents' hours", "居民投入工时", True, *HOURS),
    "hours_members": ("members' hours", "党员投入工时", True, *HOURS),
    "hours_community": ("communities' hours", "社区投入工时", True, *HOURS),
    "hours_street_district": ("streets' and the district's hours", "街道与区投入工时", True, *HOURS),
    "hours_firms": ("firms' extra hours", "企业额外工时", True, *HOURS),
    "hours_committees": ("committees' extra hours", "业委会额外工时", True, *HOURS),
    "hours_couriers": ("couriers' hours", "骑手投入工时", True, *HOURS),
    "hours_enterprises": ("enterprises' hours", "两新组织投入工时", True, *HOURS),
    "yuan_firms": ("firms' costs", "企业支出", True, *YUAN),
    "yuan_couriers": ("couriers' costs", "骑手支出", True, *YUAN),
    "yuan_enterprises": ("enterprises' costs", "两新组织支出", True, *YUAN),
    "yuan_purse": ("public spending", "财政支出", False, *YUAN),
    "collective": ("participants in collective action", "集体行动人数", True, *RATE),
    "petitions": ("petitions", "集体上访与曝光", True, *RATE),
    "petition_successes": ("successful petitions", "上访成功", True, *RATE),
    "stirred": ("stirred estates", "群情小区", True, *SHARE),
    "rights_held": ("branches that hold rights", "享有权利的支部", True, *SHARE),
    "rights_hours": ("hours for rights", "行使权利工时", True, *HOURS),
    "evaluation_hours": ("hours for evaluation", "评价工时", True, *HOURS),
    "evaluated_out": ("firms evaluated out", "评价淘汰企业", True, *WEEKLY),
    "branch_captured": ("capture of branches", "支部被俘获", False, *SHARE),
    "projects": ("micro-projects", "民生微实事", True, "under way", "在建"),
    "projects_yuan": ("spending on micro-projects", "微实事支出", False, *YUAN),
    "motivation": ("members' own motivation", "党员内在动力", False, *SHARE),
    "inspections": ("inspections", "检查次数", True, *WEEKLY),
    "inspection_hours": ("inspection hours", "检查工时", True, *HOURS),
    "violations_found": ("violations found", "查实违规", True, *SHARE),
    "fines_yuan": ("fines", "罚款", True, *YUAN),
    "premature_share": ("premature closure", "虚假办结", False, *SHARE),
    "formalism_share": ("capacity lost to form", "形式主义损耗", False, *SHARE),
    "riders_safe": ("careful riders", "守规骑手", True, *SHARE),
    "rider_retention": ("rider retention", "骑手留任率", False, *SHARE),
    "rider_services_yuan": ("spending on rider services", "骑手服务支出", False, *YUAN),
    "courier_reports": ("riders' reports", "骑手随手拍", True, *WEEKLY),
    "report_backlog": ("waiting reports", "积压随手拍", True, *NUMBER),
    "reports_handled": ("handled reports", "办结随手拍", True, *WEEKLY),
    "enterprises": ("enterprises", "两新组织数", True, *NUMBER),
    "enterprise_exits": ("enterprise exits", "两新组织退出", True, *WEEKLY),
    "enterprise_survival": ("enterprise survival", "两新组织存续率", False, *SHARE),
    "enterprises_organised": ("organised enterprises", "建立党组织的两新组织", True, *SHARE),
    "enterprise_members_listed": ("listed members in enterprises", "两新组织在册党员", True, *NUMBER),
    "enterprise_hours": ("enterprises' hours for estates", "两新组织服务小区工时", True, *HOURS),
    "needs_met": ("needs met", "满足的需求", True, *WEEKLY),
    "needs_unmet": ("unmet needs", "未满足的需求", True, *WEEKLY),
    "platforms": ("platforms", "议事平台数", True, *NUMBER),
    "platform_sessions": ("platform sessions", "议事场次", True, *WEEKLY),
    "platform_cases": ("platform cases", "议事办件", True, *WEEKLY),
    "platform_hours": ("platform hours", "议事工时", True, *HOURS),
    "overlap": ("overlap", "交叉任职", False, "pairs of bodies", "对"),
    "independence": ("independence", "独立性", False, *SHARE),
    "seat_hours": ("hours for seats", "兼职席位工时", True, *HOURS),
    "captains": ("active captains", "在岗楼栋长", True, *NUMBER),
    "meeting_help_hours": ("hours of help with owners' meetings", "协助召开业主大会工时", True, *HOURS),
    "captain_hours": ("captains' hours", "楼栋长工时", True, *HOURS),
    "social_hours": ("social organisations' hours used", "社会组织使用工时", True, *HOURS),
    "social_hours_bought": ("social organisations' hours bought", "购买社会组织工时", True, *HOURS),
    "volunteers": ("volunteers", "志愿者", True, *NUMBER),
    "volunteer_hours": ("volunteers' hours", "志愿服务工时", True, *HOURS),
    "infected": ("infectious adults", "感染者占比", True, *SHARE),
    "emergency_share": ("communities in emergency mode", "处于战时的社区", True, *SHARE),
    "emergency_demand": ("emergency demand", "应急需求工时", False, *HOURS),
    "emergency_hours": ("emergency hours", "应急投入工时", True, *HOURS),
    "emergency_unmet": ("unmet emergency demand", "未满足的应急需求", False, *HOURS),
    "guard_hours": ("guarding hours", "守护工时", True, *HOURS),
}

GROUPS: Final = {
    "commodity": ("commodity housing", "商品房小区"),
    "village": ("urban villages", "城中村"),
    "building": ("single buildings", "单体楼宇"),
    "small": ("smaller estates", "较小的小区"),
    "large": ("larger estates", "较大的小区"),
    "cheap": ("estates with lower fees", "物业费较低的小区"),
    "dear": ("estates with higher fees", "物业费较高的小区"),
    "old": ("older estates", "较旧的小区"),
    "new": ("newer estates", "较新的小区"),
}


def entry(outcome: str) -> tuple[str, str, bool, str, str] | None:
    """Return noun, Chinese noun, plural, unit and Chinese unit of an outcome, None where it is not known.

    Examples
    --------
    >>> entry("conflicts_old")[0], entry("trust_firm_gini")[0], entry("mine")
    ('conflicts in older estates', 'inequality of trust in the firm', None)
    """
    if outcome in OUTCOMES:
        return OUTCOMES[outcome]
    stem, _, end = outcome.rpartition("_")
    if stem not in OUTCOMES:
        return None
    noun, chinese, plural, unit, chinese_unit = OUTCOMES[stem]
    if end in GROUPS:
        where, there = GROUPS[end]
        return f"{noun} in {where}", f"{there}的{chinese}", plural, unit, chinese_unit
    if end == "p10":
        return f"{noun}, worst-off tenth", f"{chinese}（最低一成）", plural, unit, chinese_unit
    if end == "gini":
        return f"inequality of {noun}", f"{chinese}的基尼系数", False, *SHARE
    return None
