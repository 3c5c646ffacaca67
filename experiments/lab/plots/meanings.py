"""What the arms are, in a sentence or two, in English and Chinese."""

from __future__ import annotations

from experiments.lab.plots.phrases import phrase
from experiments.lab.plots.words import LESS, arm, base_of, control_of, cover_of, less_of, pick
from experiments.reporting.catalogue import gap, gettext

__all__ = ["meaning", "question"]

QUESTIONS: dict[str, str] = {
    "Does the study's arrangement lower the dispute rate, does coverage alone, which coverage does it best, at what "
    "cost, and is it more than the extra hours?": "整套安排能否降低纠纷率？仅全覆盖呢？哪种覆盖策略最有效、代价多大"
    "？起作用的是否不只是多出的工时？",
}

ARM_MEANINGS: dict[str, tuple[str, str]] = {
    "none": (
        "No branch anywhere; firms, committees and the desks of community, street and district as they are.",
        "任何小区都没有支部；物业企业、业委会和社区、街道、区各级照常运转。",
    ),
    "own": (
        "A branch only where at least three registered members live.",
        "仅在登记党员不少于三人的小区设支部。",
    ),
    "dispatched": (
        "Every estate is served by secretaries whom the community sends; their hours leave the community's desk.",
        "每个小区由社区派驻书记，其工时从社区窗口扣除。",
    ),
    "joint": (
        "Neighbouring estates with at least three members together share a branch.",
        "相邻小区合计党员不少于三人的，联合设立支部。",
    ),
    "full": (
        "The study's rule: an own branch where three members live, elsewhere a joint or a dispatched one.",
        "研究所述规则：党员满三人设自有支部，其余联建或派驻。",
    ),
    "random": (
        "Full coverage's rule, in a share of the estates drawn by lot.",
        "按全覆盖规则，在抽签选出的部分小区实施。",
    ),
    "hotspot": (
        "Full coverage's rule, in the share of estates with most conflicts so far.",
        "按全覆盖规则，在以往纠纷最多的部分小区实施。",
    ),
    "largest": (
        "Full coverage's rule, in the share of estates with most households.",
        "按全覆盖规则，在户数最多的部分小区实施。",
    ),
    "weakest": (
        "Full coverage's rule, in the weakest communities first, there in estates without a committee first.",
        "按全覆盖规则，先在基础最弱的社区、其中无业委会的小区实施。",
    ),
    "phased": (
        "Full coverage, community by community in steps, in an order drawn by lot.",
        "全覆盖，按抽签顺序逐社区分批推开。",
    ),
    "budget": (
        "Full coverage's rule, most recent conflicts per hour first, until the hours budget is spent.",
        "按全覆盖规则，单位工时对应近期纠纷最多者优先，用完工时预算为止。",
    ),
    "arrangement": (
        "Full coverage with three rights, stations, platform and cross-appointment, captains, social organisations, "
        "supervision, help with owners' meetings, volunteers, the two-new policy, and services and reports of riders.",
        "全覆盖，并有三项权利、服务站、议事平台与交叉任职、楼栋长、社会组织、四级监管、协助业主开会、志愿者、两新工作、"
        "骑手服务与随手拍。",
    ),
    "hours_matched": (
        "No branch; the net new hours that {base} worked, week by week, are added to the communities' desks, pooled.",
        "不设支部；把“{base}”每周净增的实际工作工时加到各社区窗口，集中使用。",
    ),
    "hours_matched_net": (
        "The same without the hours that {base} spent on reporting.",
        "同上，但扣除“{base}”用于填报的工时。",
    ),
    "hours_offered": (
        "The same with all hours that {base} offered, time on call included.",
        "同上，但按“{base}”投入的全部工时，含待命时间。",
    ),
    "hours_matched_tied": (
        "No branch; the net new hours of {base} are added where they arose, tied to the estates, not pooled.",
        "不设支部；把“{base}”净增的工时按小区定点增加，不集中。",
    ),
    "placebo": (
        "The names and the channel of {base}, with no hours behind them: attraction alone.",
        "有“{base}”的名义和渠道，没有工时：只有吸引作用。",
    ),
    "placebo, no channel": (
        "The names of {base} only: it must equal no branches exactly.",
        "只有“{base}”的名义：必须与无支部完全相同。",
    ),
    "shuffled": (
        "The branches of {base}, moved to other estates of the same size class.",
        "把“{base}”的支部换到同规模档的其他小区。",
    ),
    "mediation alone": (
        "Full coverage with the branches' routine services switched off; those hours are not worked.",
        "全覆盖，但关闭支部的日常服务；相应工时不发生。",
    ),
    "routine services alone": (
        "Full coverage with the branches' mediation switched off: no channel, no cases, only inspection, "
        "patrol and traffic guidance.",
        "全覆盖，但关闭支部的调解：不作渠道、不接案件，只有巡查、巡逻与交通引导。",
    ),
    "second dispatched": (
        "Where fewer than three members live, the community dispatches.",
        "党员不足三人处由社区派驻。",
    ),
    "second joint": (
        "Where fewer than three members live, neighbouring estates share a branch.",
        "党员不足三人处由相邻小区联建。",
    ),
}


def meaning(name: str, lang: str = "en") -> str:
    """Return what an arm is, in a sentence or two; empty for one that only its user knows."""
    chosen = 1 if lang == "zh" else 0
    if name in ARM_MEANINGS:
        return ARM_MEANINGS[name][chosen]
    base = base_of(name)
    if base == name:
        return ""
    if cover := cover_of(name):
        told = ARM_MEANINGS[cover][chosen]
        return gettext(lang, "The arrangement, with another coverage. {told}", told=told)
    if part := less_of(name):
        return pick(lang, f"The arrangement without {LESS[part][0]}.", f"整套安排中去掉{LESS[part][1]}。")
    if control := control_of(name):
        return ARM_MEANINGS[control][chosen].format(base=arm(base, lang))
    part = name.partition(", ")[2]
    key = part if part in ARM_MEANINGS and part.endswith("alone") else f"second {part}"
    if part.endswith("alone"):
        return ARM_MEANINGS[key][chosen]
    return gap(lang).join((ARM_MEANINGS[base][chosen], ARM_MEANINGS[key][chosen]))


def question(asked: str, lang: str = "en") -> str:
    """Return a question in the language asked for, where its translation is known."""
    return QUESTIONS.get(asked, phrase(asked, lang)) if lang == "zh" else asked
