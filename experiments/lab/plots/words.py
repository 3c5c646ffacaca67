"""The words of figures and reports, in English and Chinese.

Names of arms are composed, as the arms themselves are: `hours_matched:full` is a control of a strategy,
`full, mediation alone` is a strategy with a part of it switched off. A name that the tables below do not
know, such as a user's own strategy, is shown as it is written.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = [
    "ARM_MEANINGS",
    "CONTROLS",
    "Language",
    "Noun",
    "arm",
    "base_of",
    "control_of",
    "meaning",
    "noun",
    "pick",
    "question",
    "same_hours",
    "unit",
    "verdict",
    "verdict_meaning",
]

Language = Literal["en", "zh"]


class Noun(NamedTuple):
    """An outcome as a word: the name in a sentence and whether its verb is plural."""

    name: str
    plural: bool


def pick(lang: str, english: str, chinese: str) -> str:
    """Return the text of the language asked for.

    Examples
    --------
    >>> pick("zh", "week", "周")
    '周'
    """
    return chinese if lang == "zh" else english


STRATEGIES: dict[str, tuple[str, str]] = {
    "none": ("no branches", "无支部"),
    "own": ("own branches only", "仅自有支部"),
    "dispatched": ("dispatched branches", "派驻支部"),
    "joint": ("joint branches", "片区联建"),
    "full": ("full coverage", "全覆盖"),
    "random": ("random estates", "随机小区"),
    "hotspot": ("hotspots first", "热点小区优先"),
    "largest": ("largest estates first", "大小区优先"),
    "weakest": ("weakest first", "薄弱处优先"),
    "phased": ("phased full coverage", "分批全覆盖"),
    "budget": ("within an hours budget", "按工时预算"),
}

CONTROLS: dict[str, tuple[str, str]] = {
    "hours_matched": ("same hours, pooled", "同等工时（集中）"),
    "hours_matched_tied": ("same hours, tied", "同等工时（定点）"),
    "placebo": ("placebo with a channel", "空牌（有渠道）"),
    "placebo, no channel": ("placebo, no channel", "空牌（无渠道）"),
    "shuffled": ("shuffled places", "打乱落点"),
}

PARTS: dict[str, tuple[str, str]] = {
    "mediation alone": ("mediation alone", "仅调解"),
    "routine services alone": ("routine services alone", "仅日常服务"),
    "dispatched": ("dispatched second", "次选派驻"),
    "joint": ("joint second", "次选联建"),
}

OUTCOMES: dict[str, tuple[str, str, bool, str, str]] = {
    # name: noun, noun in Chinese, plural, unit, unit in Chinese
    "conflicts": ("conflicts", "纠纷", True, "per 1,000 households and week", "每千户每周"),
    "dispute_rate": ("disputes", "纠纷率", True, "per 1,000 households and week", "每千户每周"),
    "filed": ("filed cases", "提交诉求", True, "per 1,000 households and week", "每千户每周"),
    "hotline": ("hotline cases", "热线来件", True, "per 1,000 households and week", "每千户每周"),
    "to_authority": (
        "cases with an authority",
        "到政府部门的诉求",
        True,
        "per 1,000 households and week",
        "每千户每周",
    ),
    "settled": ("settled cases", "化解件", True, "per 1,000 households and week", "每千户每周"),
    "unresolved": ("unresolved cases", "未解决件", True, "per 1,000 households and week", "每千户每周"),
    "failed": ("failed cases", "调处失败件", True, "per 1,000 households and week", "每千户每周"),
    "withdrawn": ("withdrawn cases", "撤回件", True, "per 1,000 households and week", "每千户每周"),
    "broken": ("broken agreements", "反悔协议", True, "per 1,000 households and week", "每千户每周"),
    "self_settled": (
        "cases settled among neighbours",
        "自行和解",
        True,
        "per 1,000 households and week",
        "每千户每周",
    ),
    "tolerated": ("tolerated conflicts", "忍让", True, "per 1,000 households and week", "每千户每周"),
    "escalated": ("escalated cases", "升级件", True, "per 1,000 households and week", "每千户每周"),
    "mediated": ("mediated cases", "调解件", True, "per 1,000 households and week", "每千户每周"),
    "open": ("open cases", "在办积压", True, "open per 1,000 households", "每千户在办"),
    "reply_median": ("median reply time", "答复时间中位数", False, "days", "天"),
    "reply_p90": ("90 % reply time", "答复时间九成分位", False, "days", "天"),
    "satisfaction": ("satisfaction", "满意度", False, "share, 0 to 1", "0 至 1"),
    "trust_firm": ("trust in the firm", "对物业企业的信任", False, "share, 0 to 1", "0 至 1"),
    "trust_committee": ("trust in the committee", "对业委会的信任", False, "share, 0 to 1", "0 至 1"),
    "trust_branch": ("trust in the branch", "对支部的信任", False, "share, 0 to 1", "0 至 1"),
    "trust_authority": ("trust in authorities", "对政府部门的信任", False, "share, 0 to 1", "0 至 1"),
    "hours": ("hours", "工时", True, "hours a week, district", "全区每周工时"),
    "reporting_hours": ("reporting hours", "填报工时", True, "hours a week, district", "全区每周工时"),
    "mediation_hours": ("mediation hours", "调解工时", True, "hours a week, district", "全区每周工时"),
    "routine_hours": (
        "routine service hours",
        "日常服务工时",
        True,
        "hours a week, district",
        "全区每周工时",
    ),
    "dispatched_hours": ("dispatched hours", "派驻工时", True, "hours a week, district", "全区每周工时"),
    "committee_hours": ("committees' hours", "业委会工时", True, "hours a week, district", "全区每周工时"),
    "firm_hours": ("firms' hours", "物业企业工时", True, "hours a week, district", "全区每周工时"),
    "committees": ("working committees", "运作中的业委会", True, "number", "个"),
    "attendance": ("attendance", "到会率", False, "share, 0 to 1", "0 至 1"),
    "fee_share": ("share of fees paid", "收缴率", False, "share, 0 to 1", "0 至 1"),
    "effort_visible": ("firms' visible effort", "企业看得见的投入", False, "share, 0 to 1", "0 至 1"),
    "effort_invisible": ("firms' invisible effort", "企业看不见的投入", False, "share, 0 to 1", "0 至 1"),
    "branches": ("branches", "支部数", True, "number", "个"),
    "covered": ("covered estates", "覆盖小区", True, "share, 0 to 1", "0 至 1"),
    "reproduction": ("conflicts caused per conflict", "每起纠纷引发的纠纷", True, "number", "起"),
}

VERDICTS: dict[str, tuple[str, str, str, str]] = {
    "helps": (
        "helps",
        "有利",
        "the difference is not zero (Holm-adjusted p below 0.05) and on the better side",
        "差异不为零（Holm 校正 p < 0.05），且在好的一侧",
    ),
    "harms": ("harms", "不利", "the same, on the worse side", "同上，但在坏的一侧"),
    "less": (
        "less",
        "减少",
        "the difference is not zero and negative, in an outcome that has no better side",
        "差异不为零且为负；该指标无好坏之分",
    ),
    "more": ("more", "增多", "the same, positive", "同上，但为正"),
    "equivalent": (
        "equivalent",
        "等效",
        "the whole 95% interval lies within the margin: no difference that matters",
        "整个 95% 区间落在等效界限内：没有要紧的差异",
    ),
    "undecided": (
        "undecided",
        "未定",
        "none of these yet; more replicates may decide",
        "尚不属以上任何一种；增加重复或可判定",
    ),
}

QUESTIONS: dict[str, str] = {
    "Do estate branches lower the dispute rate, which coverage strategy does it best, at what cost, "
    "and is it the branch or only the extra hours?": "小区党支部能否降低纠纷率？哪种覆盖策略最有效、代价多大？起作用的是支部，还是只是多出的工时？",
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
        "Every estate is served by secretaries whom the community sends; their hours leave the "
        "community's desk.",
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
        "Full coverage's rule, in the share of estates whose own governance is weakest.",
        "按全覆盖规则，在自身治理最薄弱的部分小区实施。",
    ),
    "phased": ("Full coverage, rolled out in waves.", "全覆盖，分批推开。"),
    "budget": (
        "Branches where an hour is expected to reach most cases, until the hours budget is spent.",
        "按每工时预期覆盖诉求数由高到低设支部，用完工时预算为止。",
    ),
    "hours_matched": (
        "No branch; the net new hours of {base}, week by week, are added to the desks of the "
        "communities, pooled.",
        "不设支部；把“{base}”每周净增的工时加到各社区窗口，集中使用。",
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
        "Full coverage with the branches' mediation switched off: no channel, no cases, only inspection, patrol "
        "and traffic guidance.",
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


def question(asked: str, lang: str = "en") -> str:
    """Return a question in the language asked for, where its translation is known."""
    return QUESTIONS.get(asked, asked) if lang == "zh" else asked


def control_of(name: str) -> str:
    """Return the control that an arm is (`placebo, no channel` counts as one), or an empty string.

    Examples
    --------
    >>> control_of("hours_matched:full"), control_of("placebo:full, no channel"), control_of("own")
    ('hours_matched', 'placebo, no channel', '')
    """
    kind, colon, _rest = name.partition(":")
    if not colon or kind not in CONTROLS:
        return ""
    return "placebo, no channel" if kind == "placebo" and name.endswith(", no channel") else kind


def base_of(name: str) -> str:
    """Return the strategy that an arm controls or takes apart; the arm itself otherwise.

    Examples
    --------
    >>> base_of("hours_matched:full"), base_of("placebo:full, no channel"), base_of("full, mediation alone")
    ('full', 'full', 'full')
    """
    if control := control_of(name):
        base = name.partition(":")[2]
        return base.removesuffix(", no channel") if control == "placebo, no channel" else base
    head, comma, part = name.partition(", ")
    return head if comma and head in STRATEGIES and part in PARTS else name


def arm(name: str, lang: str = "en", short: bool = False) -> str:
    """Return an arm's name for people; `short` leaves out which strategy a control or a part belongs to.

    Examples
    --------
    >>> arm("hours_matched:full")
    'same hours, pooled (full coverage)'
    >>> arm("full, mediation alone", "zh", short=True)
    '仅调解'
    """
    chosen = 1 if lang == "zh" else 0
    if name in STRATEGIES:
        return STRATEGIES[name][chosen]
    base = base_of(name)
    if base == name:
        return name
    control = control_of(name)
    words = CONTROLS[control] if control else PARTS[name.partition(", ")[2]]
    if short:
        return words[chosen]
    whole = arm(base, lang)
    if control:
        return f"{words[0]} ({whole})" if chosen == 0 else f"{words[1]}·{whole}"
    return f"{whole}, {words[0]}" if chosen == 0 else f"{whole}·{words[1]}"


def same_hours(control: str, lang: str = "en") -> str:
    """Return what a control with the same hours is, inside a sentence.

    Examples
    --------
    >>> same_hours("hours_matched_tied:full")
    'the same hours tied to the estates without branches'
    """
    if control_of(control) == "hours_matched_tied":
        return pick(
            lang, "the same hours tied to the estates without branches", "同等工时（无支部，定点到小区）"
        )
    return pick(
        lang,
        "the same hours pooled at the community desks without branches",
        "同等工时（无支部，集中在社区窗口）",
    )


def meaning(name: str, lang: str = "en") -> str:
    """Return what an arm is, in a sentence or two; empty for one that only its user knows."""
    chosen = 1 if lang == "zh" else 0
    if name in ARM_MEANINGS:
        return ARM_MEANINGS[name][chosen]
    base = base_of(name)
    if base == name:
        return ""
    if control := control_of(name):
        return ARM_MEANINGS[control][chosen].format(base=arm(base, lang))
    part = name.partition(", ")[2]
    key = part if part in ARM_MEANINGS and part.endswith("alone") else f"second {part}"
    if part.endswith("alone"):
        return ARM_MEANINGS[key][chosen]
    return pick(lang, " ", "").join((ARM_MEANINGS[base][chosen], ARM_MEANINGS[key][chosen]))


def noun(outcome: str, lang: str = "en") -> Noun:
    """Return an outcome's name in a sentence.

    Examples
    --------
    >>> noun("filed").name, noun("satisfaction").plural
    ('filed cases', False)
    """
    if outcome not in OUTCOMES:
        return Noun(outcome.replace("_", " "), plural=False)
    english, chinese, plural, _unit, _chinese_unit = OUTCOMES[outcome]
    return Noun(pick(lang, english, chinese), plural)


def unit(outcome: str, lang: str = "en", fallback: str = "") -> str:
    """Return an outcome's unit in words."""
    if outcome not in OUTCOMES:
        return fallback
    return pick(lang, OUTCOMES[outcome][3], OUTCOMES[outcome][4])


def verdict(name: str, lang: str = "en") -> str:
    """Return a verdict's name."""
    return VERDICTS[name][1 if lang == "zh" else 0] if name in VERDICTS else name


def verdict_meaning(name: str, lang: str = "en") -> str:
    """Return what a verdict means."""
    return VERDICTS[name][3 if lang == "zh" else 2]
