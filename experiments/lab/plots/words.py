"""The words of figures and reports, in English and Chinese.

Names of arms are composed, as the arms themselves are: `hours_matched:full` is a control of a strategy,
`full, mediation alone` is a strategy with a part of it switched off. A name that the tables below do not
know, such as a user's own strategy, is shown as it is written.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from experiments.lab.plots.phrases import phrase
from experiments.lab.statistics.measures import definition
from experiments.reporting.catalogue import gettext

__all__ = [
    "CONTROLS",
    "Language",
    "Noun",
    "arm",
    "base_of",
    "control_of",
    "cover_of",
    "how_judged",
    "less_of",
    "noun",
    "pick",
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


ARRANGEMENT = "arrangement"
WITH, WITHOUT = f"{ARRANGEMENT}, ", f"{ARRANGEMENT} less "
"""The study's arrangement, and how names begin that are called after it, as in `sim.arrangement`."""

STRATEGIES: dict[str, tuple[str, str]] = {
    "none": ("no branches", "无支部"),
    "own": ("own branches only", "仅自有支部"),
    "dispatched": ("dispatched branches", "派驻支部"),
    "joint": ("joint branches", "片区联建"),
    "full": ("full coverage", "全覆盖"),
    "arrangement": ("the arrangement", "整套安排"),
    "random": ("random estates", "随机小区"),
    "hotspot": ("hotspots first", "热点小区优先"),
    "largest": ("largest estates first", "大小区优先"),
    "weakest": ("weakest first", "薄弱处优先"),
    "phased": ("phased full coverage", "分批全覆盖"),
    "budget": ("a budget of hours", "按工时预算"),
}

CONTROLS: dict[str, tuple[str, str]] = {
    "hours_matched": ("same hours, pooled", "同等工时（集中）"),
    "hours_matched_tied": ("same hours, tied", "同等工时（定点）"),
    "hours_matched_net": ("same hours less reporting, pooled", "扣除填报的同等工时（集中）"),
    "hours_offered": ("hours offered, pooled", "投入工时（含待命，集中）"),
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

LESS: dict[str, tuple[str, str]] = {
    "coverage": ("branches", "支部"),
    "rights": ("the three rights", "三项权利"),
    "station": ("stations", "服务站"),
    "deliberation": ("the platform", "议事平台"),
    "supervision": ("supervision", "四级监管"),
    "meetings": ("help with meetings", "协助业主开会"),
    "volunteers": ("volunteers", "志愿者"),
    "two-new": ("the two-new policy", "两新工作"),
    "couriers": ("couriers", "骑手"),
}
"""Parts of the arrangement (`sim.arrangement.PARTS`), as what it may be without."""

VERDICTS: dict[str, tuple[str, str, str, str]] = {
    "helps": (
        "helps", "有利", "the whole interval lies beyond the margin, on the better side",
        "整个区间在界限之外，且在好的一侧",
    ),
    "better": (
        "slightly better", "略有利", "the better side is certain, and so is that the difference is within the margin",
        "确在好的一侧，但不超出界限，无实质差异",
    ),
    "equivalent": (
        "equivalent", "等效", "the whole interval lies within the margin and holds zero: no difference that matters",
        "整个区间在界限之内且含零：没有实质差异",
    ),
    "worse": ("slightly worse", "略不利", "as slightly better, on the worse side", "同“略有利”，但在坏的一侧"),
    "harms": ("harms", "不利", "as helps, on the worse side", "同“有利”，但在坏的一侧"),
    "undecided_better": (
        "better, size open", "有利，幅度未定",
        "the better side is certain; whether the difference is within the margin or beyond it is not",
        "确在好的一侧，是否超出界限尚未定",
    ),
    "undecided_worse": ("worse, size open", "不利，幅度未定", "the same, on the worse side", "同上，但在坏的一侧"),
    "undecided": (
        "undecided", "未定", "the interval holds zero and reaches beyond the margin; more replicates may decide",
        "区间含零且超出界限；增加重复或可判定",
    ),
    "rises": (
        "rises", "上升", "beyond the margin, of an outcome without a better side", "无好坏之分的指标：上升超出界限",
    ),
    "falls": ("falls", "下降", "the same, downwards", "同上，下降"),
    "higher": ("slightly higher", "略升", "certainly higher, and within the margin", "确有上升，但不超出界限"),
    "lower": ("slightly lower", "略降", "certainly lower, and within the margin", "确有下降，但不超出界限"),
    "undecided_higher": (
        "higher, size open", "上升，幅度未定", "certainly higher; whether beyond the margin is open",
        "确有上升，是否超出界限尚未定",
    ),
    "undecided_lower": (
        "lower, size open", "下降，幅度未定", "certainly lower; whether beyond the margin is open",
        "确有下降，是否超出界限尚未定",
    ),
}  # fmt: skip
"""Name and meaning of each region of `statistics.regions`, in English and Chinese."""


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


def cover_of(name: str) -> str:
    """Return the coverage of an arm that is the arrangement with another one, or an empty string.

    Examples
    --------
    >>> cover_of("arrangement, own"), cover_of("arrangement")
    ('own', '')
    """
    return name.removeprefix(WITH) if name.startswith(WITH) and name.removeprefix(WITH) in STRATEGIES else ""


def less_of(name: str) -> str:
    """Return the part that an arm is the arrangement without, or an empty string.

    Examples
    --------
    >>> less_of("arrangement less couriers"), less_of("arrangement less everything")
    ('couriers', '')
    """
    return name.removeprefix(WITHOUT) if name.startswith(WITHOUT) and name.removeprefix(WITHOUT) in LESS else ""


def base_of(name: str) -> str:
    """Return the strategy that an arm controls or takes apart; the arm itself otherwise.

    Examples
    --------
    >>> base_of("hours_matched:full"), base_of("placebo:full, no channel"), base_of("full, mediation alone")
    ('full', 'full', 'full')
    >>> base_of("arrangement, own"), base_of("arrangement less couriers"), base_of("hours_matched:arrangement, own")
    ('arrangement', 'arrangement', 'arrangement, own')
    """
    if cover_of(name) or less_of(name):
        return ARRANGEMENT
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
    >>> arm("hours_matched:arrangement"), arm("arrangement, own"), arm("arrangement less couriers", "zh")
    ('same hours, pooled (arrangement)', 'the arrangement, own branches only', '整套安排减去骑手')
    >>> arm("full, mediation alone", "zh", short=True)
    '仅调解'
    """
    chosen = 1 if lang == "zh" else 0
    if name in STRATEGIES:
        return STRATEGIES[name][chosen]
    base = base_of(name)
    if base == name:
        return phrase(name, lang)
    control = control_of(name)
    if part := less_of(name):
        less = (f"less {LESS[part][0]}", f"减去{LESS[part][1]}")[chosen]
        return less if short else f"{STRATEGIES[ARRANGEMENT][chosen]}{(' ', '')[chosen]}{less}"
    words = STRATEGIES[cover_of(name)] if cover_of(name) else (
        CONTROLS[control] if control else PARTS[name.partition(", ")[2]])
    if short:
        return words[chosen]
    whole = arm(base, lang)
    if control:
        whole = whole.removeprefix("the ")
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
        return gettext(lang, "the same hours tied to the estates without branches")
    return gettext(lang, "the same hours pooled at the community desks without branches")


def noun(outcome: str, lang: str = "en") -> Noun:
    """Return an outcome's name in a sentence.

    Examples
    --------
    >>> noun("filed").name, noun("satisfaction").plural
    ('filed cases', False)
    """
    known = definition(outcome)
    if known is None:
        return Noun(outcome.replace("_", " "), plural=False)
    return Noun(pick(lang, known.label, known.label_zh), known.plural)


def unit(outcome: str, lang: str = "en", fallback: str = "") -> str:
    """Return an outcome's unit; `fallback` of one that is not declared."""
    known = definition(outcome)
    return fallback if known is None else pick(lang, known.unit, known.unit_zh)


def verdict(name: str, lang: str = "en") -> str:
    """Return a verdict's name."""
    return VERDICTS[name][1 if lang == "zh" else 0] if name in VERDICTS else name


def how_judged(margin: float, of: str, lang: str = "en") -> str:
    """Say how a table's verdicts are read from its intervals.

    Parameters
    ----------
    margin, of
        The margin as a share, and of what it is one.
    lang
        `en` or `zh`.
    """
    room = f"±{100 * margin:g}%"
    return gettext(
        lang,
        "A verdict says where the wider, simultaneous interval lies, which holds for all rows together with 95% "
        "(Bonferroni; p is adjusted alike). Helps, harms (rises, falls): all of it beyond {room} of {of}. "
        "Slightly better or worse (higher, lower), or equivalent if it holds zero: all of it within. Size open: "
        "it leaves zero out and straddles the margin. Undecided: the rest.",
        room=room, of=of)


def verdict_meaning(name: str, lang: str = "en") -> str:
    """Return what a verdict means."""
    return VERDICTS[name][3 if lang == "zh" else 2]
