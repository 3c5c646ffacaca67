"""The texts of studies, of policies and of their parts in Chinese, by their English.

Arms, titles and questions are written in English where a study is defined; a figure or a report in Chinese finds them
here.  What is not here, such as an arm of the user's own, is shown as it is written.
"""

from __future__ import annotations

from typing import Final

__all__ = ["part", "phrase", "policy"]

QUESTIONS: Final[dict[str, str]] = {
    "Do the rights to evaluate, to lead micro-projects and to recommend for awards lower disputes, each and together, "
    "and at what cost?": "评价权、民生微实事主导权与评优推荐权，单独或合并，能否减少纠纷？代价多大？",
    "Does a deliberation platform resolve more, and how many seats should the bodies hold in one another?":
        "议事平台能否化解更多？三方交叉任职以多少席位为宜？",
    "Does four-tier supervision improve what residents live through, or what is reported?":
        "四级监管改善的是居民的实际处境，还是上报的数字？",
    "Do services for riders and reports by riders reduce hazards and disputes, and what do they cost?":
        "为骑手提供服务、由骑手随手拍，能否减少隐患与纠纷？代价多大？",
    "Do the political, economic and social functions keep enterprises alive and help the estates?":
        "政治、经济、社会三项功能能否使两新组织存续，并使小区受益？",
    "How much of an epidemic does switching prevent, and what does routine work pay for it?":
        "平战转换能防住多少疫情？日常工作为此付出什么？",
    "What does each of the thirteen systems of the study move, and by how much?":
        "研究所述十三个系统各自改变什么？改变多少？",
    "Do desks reach the causes of disputes, and does their mere existence raise the number of conflicts?":
        "受理机构能否触及纠纷起因？仅设立受理机构是否就会使纠纷增多？",
    "Which conventions of the model turn or halve what coverage alone and the whole arrangement do?":
        "模型的哪些约定会使单纯覆盖与整套安排的作用反转或减半？",
    "In which region of what is not known does each policy help, and in which does it harm?":
        "在尚不确知的参数范围内，每项政策在哪里有利，在哪里不利？",
    "Which part of full coverage moves disputes: mediation, its channel, routine services, or reporting?":
        "全覆盖的哪一部分影响纠纷：调解、诉求渠道、日常服务，还是填报？",
    "Which of the three rights moves disputes?": "三项权利中哪一项影响纠纷？",
}  # fmt: skip

TITLES: Final[dict[str, str]] = {
    "Three rights of the branch": "支部的三项权利",
    "Platform and cross-appointment": "议事平台与交叉任职",
    "Four-tier supervision": "四级监管",
    "Services for couriers, and couriers as the grid's eyes": "服务骑手与骑手随手拍",
    "Two-new organisations": "两新组织",
    "Routine-emergency switching": "平战转换",
}

ARMS: Final[dict[str, str]] = {
    "no rights": "无权利",
    "evaluation alone": "仅评价选择权",
    "micro-projects alone": "仅民生微实事",
    "awards alone": "仅评优推荐权",
    "all three rights": "三项权利",
    "all, looking at what is hard to see": "三项，注重不易看见之处",
    "all, full weight, looking at what shows": "三项，全权重，注重看得见之处",
    "no platform": "无平台",
    "platform, no overlap": "平台，无交叉",
    "platform, overlap 1": "平台，交叉 1 席",
    "platform, overlap 3": "平台，交叉 3 席",
    "overlap 1 alone": "仅交叉 1 席",
    "overlap 3 alone": "仅交叉 3 席",
    "without social organisations": "无社会组织",
    "without captains": "无楼栋长",
    "no supervision": "无监管",
    "supervision": "四级监管",
    "no ranking": "不排名",
    "hard ranking": "强排名",
    "hard fines": "重罚",
    "led by complaints": "依投诉检查",
    "two groups": "分两组检查",
    "many targets": "指标繁多",
    "riders left alone": "不干预骑手",
    "Which part of the study's whole arrangement moves disputes?": "整套安排中哪一部分影响纠纷？",
    "coverage": "覆盖",
    "rights": "三项权利",
    "station": "服务站",
    "meetings": "协助业主开会",
    "volunteers": "志愿者",
    "two-new": "两新工作",
    "couriers": "骑手服务与随手拍",
    "services": "服务骑手",
    "reporting": "骑手随手拍",
    "services and reporting": "服务加随手拍",
    "reporting without clean-ups": "随手拍，无清理",
    "many reports, no limit": "随手拍不限量",
    "no policy": "无政策",
    "political": "政治功能",
    "economic": "经济功能",
    "social": "社会功能",
    "all three functions": "三项功能",
    "all, four times the desk": "三项，四倍服务窗口",
    "all, two hours a member": "三项，每名党员两小时",
    "no switching": "不转换",
    "switching": "平战转换",
    "moving a fifth": "转移五分之一",
    "moving four fifths": "转移五分之四",
    "without a surge of volunteers": "无志愿者增援",
    "no hysteresis": "无滞后",
    "the district switches as one": "全区统一转换",
    "no emergency": "无疫情",
}

PARTS: Final[dict[str, str]] = {
    "mediation": "调解",
    "channel": "诉求渠道",
    "routine services": "日常服务",
    "reporting": "填报",
    "evaluation": "评价选择权",
    "micro-projects": "民生微实事",
    "awards": "评优推荐权",
    "training": "培训",
    "what is left": "余下部分",
    "whole": "合计",
}

SYSTEMS: Final[dict[str, str]] = {
    "desks of community, street and district": "社区、街道、区窗口",
    "residents who move in and out": "迁入迁出的居民",
    "owners' committees": "业委会",
    "property firms": "物业企业",
    "branch coverage": "支部覆盖",
    "three rights": "三项权利",
    "four-tier supervision": "四级监管",
    "routine services": "日常服务",
    "platform and cross-appointment": "议事平台与交叉任职",
    "routine-emergency switching": "平战转换",
    "two-new organisations": "两新组织",
    "couriers": "快递骑手",
    "full coverage": "全覆盖",
    "the right to evaluate and select": "评价选择权",
    "cross-appointment": "交叉任职",
    "reports by couriers": "骑手随手拍",
    "hours of enterprises, with services in return": "两新组织投入工时并换取服务",
    "the whole arrangement": "整套安排",
    "Judged by open cases: power over the firm may draw cases to the branch, which has no more hours than before. "
    "The effect is small: forty worlds left the harm undecided, so that it was tried in four times as many, all of "
    "them new.":
        "按在办积压判断：对企业的权力可能把诉求引向支部，而支部工时并未增加。效应较小：四十个情景未能判定不利一侧，"
        "因此另以四倍的全新情景再试。",
    "Ten times the usual number of enterprises, so that chance in closures does not hide what hours given cost; "
    "the hours of the service desk are for so many.":
        "两新组织数为常态的十倍，以免倒闭的偶然性掩盖投入工时的代价；服务窗口的工时与此相应。",
}  # fmt: skip

PHRASES: Final = QUESTIONS | TITLES | SYSTEMS | ARMS


POLICIES: Final[dict[str, tuple[str, str]]] = {
    "full": ("full coverage", "全覆盖"),
    "rights": ("the three rights", "三项权利"),
    "arrangement": ("the arrangement", "整套安排"),
}
"""Policies that are taken apart, as words in a sentence."""


def policy(name: str, lang: str = "en") -> str:
    """Return a policy as words in a sentence.

    Examples
    --------
    >>> policy("rights"), policy("mine")
    ('the three rights', 'mine')
    """
    return POLICIES[name][1 if lang == "zh" else 0] if name in POLICIES else name


def phrase(text: str, lang: str = "en") -> str:
    """Return a question, a title, an arm or a system in the language asked for, as far as it is known.

    Examples
    --------
    >>> phrase("hard fines", "zh"), phrase("hard fines"), phrase("mine", "zh")
    ('重罚', 'hard fines', 'mine')
    """
    return PHRASES.get(text, text) if lang == "zh" else text


def part(text: str, lang: str = "en") -> str:
    """Return a policy's part, whose name may mean something else as an arm.

    Examples
    --------
    >>> part("reporting", "zh"), phrase("reporting", "zh")
    ('填报', '骑手随手拍')
    """
    return PARTS.get(text, text) if lang == "zh" else text
