"""Which conventions decide the headline?

Some of what a model assumes is no number that anybody could measure but a way of putting things: what a new door draws
from, what a word with the neighbour ends, what is gone when a desk has come too late.  Here stands every such choice
of this model that was found to matter, or thought to, with the ways in which it might as well have been made.  The
headline, coverage alone and the whole arrangement against no branch at all, is worked out anew under each of them.
"""

from __future__ import annotations

import tomllib
from typing import Any, Final

from experiments import presets
from experiments.lab.study.conventions import Convention, Setting
from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["CONVENTIONS", "POLICIES", "QUESTION"]

QUESTION = N_("Which conventions of the model turn or halve what coverage alone and the whole arrangement do?")

POLICIES: Final[dict[str, dict[str, Any]]] = {
    "full": {"coverage.strategy": "full"},
    "arrangement": arrangement.changes(),
}


def _preset(name: str) -> dict[str, Any]:
    """Return what a preset changes, by full names."""
    sections = tomllib.loads(presets.path_of(name).read_text(encoding="utf-8"))
    return {f"{section}.{key}": value for section, values in sections.items() for key, value in values.items()}


CONVENTIONS: Final[tuple[Convention, ...]] = (
    Convention(("what a new door draws from", "新渠道从何处分流"), (
        Setting(("a new door draws from other third parties almost alone", "新渠道几乎只从其他第三方分流"),
                {"voice.nest": 0.1}),
        Setting(("a new door draws from everything in proportion", "新渠道按比例从所有去向分流"), {"voice.nest": 1.0}),
    ), branches_only=True),
    Convention(("how many bear it", "忍让者多少"), (
        Setting(("far fewer bear it, as in the first edition", "忍让者少得多（同第一版）"),
                {"voice.base_tolerate": 1.6}),
    )),
    Convention(("what a settled case ends", "诉求化解能终结什么"), (
        Setting(("a settled case ends no cause", "诉求化解不消除起因"), {"incidents.settlement_ends": False}),
    )),
    Convention(("what a private word ends", "私下沟通能终结什么"), (
        Setting(("a private word ends any cause for all", "私下沟通为所有人终结任何起因"),
                {"private.ends_neighbour": 1.0, "private.neighbour_share": 1.0, "private.ends_other": 1.0,
                 "private.by_effort": False}),
        Setting(("a private word ends no cause", "私下沟通不终结任何起因"),
                {"private.ends_neighbour": 0.0, "private.ends_other": 0.0}),
        Setting(("a neighbour who agrees always stops", "同意的邻居必定停止"), {"private.ends_neighbour": 1.0}),
        Setting(("one neighbour makes all of the trouble", "麻烦全由一个邻居造成"), {"private.neighbour_share": 1.0}),
        Setting(("one word moves a firm every other time", "一人开口，企业有一半会改"), {"private.ends_other": 0.5}),
        Setting(("an idle firm listens as a busy one does", "企业是否改与其投入无关"), {"private.by_effort": False}),
    )),
    Convention(("how fast and lasting private words are", "私下沟通多快、多持久"), (
        Setting(("private talks end within the week", "私下沟通当周了结"), {"private.weeks": 0.0}),
        Setting(("private talks take six weeks", "私下沟通需六周"), {"private.weeks": 6.0}),
        Setting(("private agreements always keep", "私下约定必定守住"), {"private.holds": 1.0}),
        Setting(("private agreements keep in three of ten cases", "私下约定十之三守住"), {"private.holds": 0.3}),
    )),
    Convention(("who comes back", "谁会再来"), (
        Setting(("nobody tries again", "无人再次尝试"), {"desks.resubmission": 0.0, "private.retry": 0.0}),
        Setting(("most try again", "多数再次尝试"), {"desks.resubmission": 0.6, "private.retry": 0.6}),
        Setting(("all agreements keep", "所有协议都守住"), {"desks.agreement_holds": 1.0, "private.holds": 1.0}),
    )),
    Convention(("early mediation", "提前调解"), (
        Setting(("nobody goes to a cause before it is filed", "无人在提交之前上门"), {"frontline.early": False}),
    )),
    Convention(("members", "党员"), (
        Setting(("branches reach no in-service member", "支部联系不到在职党员"), {"branches.reach": 0.0}),
        Setting(("branches reach every in-service member", "支部联系到全部在职党员"), {"branches.reach": 1.0}),
    ), branches_only=True),
    Convention(("how long causes last", "起因持续多久"), (
        Setting(("causes last twenty weeks by themselves", "起因自行持续二十周"), {"incidents.own_end": 0.05}),
        Setting(("causes last four weeks, as in the first edition", "起因持续四周（同第一版）"),
                {"incidents.own_end": 0.27}),
    )),
    Convention(("how a desk reaches a cause", "受理机构如何触及起因"), (
        Setting(("cases of one cause are handled one by one", "同一起因的诉求逐件办理"), {"desks.bundling": False}),
        Setting(("a living cause has no precedence", "起因仍在者不优先"), {"desks.living_first": False}),
        Setting(("unused hours are gone", "未用工时作废"), {"desks.bank_weeks": 0.0}),
    )),
    Convention(("what an end relieves", "了结消解多少积怨"), (
        Setting(("nothing but time relieves", "只有时间能消解"),
                {"grievances.relief_tolerating": 1.0, "grievances.relief_settled": 0.0,
                 "grievances.relief_failed": 0.0, "grievances.relief_withdrawn": 0.0}),
        Setting(("what is handled in vain relieves nothing", "办理无果毫不消解"),
                {"grievances.relief_failed": 0.0, "grievances.relief_withdrawn": 0.0}),
        Setting(("what is handled in vain relieves as bearing it does", "办理无果与忍让同等消解"),
                {"grievances.relief_failed": 0.6, "grievances.relief_withdrawn": 0.6}),
        Setting(("bearing it relieves little", "忍让消解甚少"), {"grievances.relief_tolerating": 0.8}),
        Setting(("bearing it relieves much", "忍让消解甚多"), {"grievances.relief_tolerating": 0.2}),
        Setting(("a settlement leaves two fifths", "和解后仍余五分之二"), {"grievances.relief_settled": 0.6}),
        Setting(("a settlement leaves nothing", "和解后积怨全消"), {"grievances.relief_settled": 1.0}),
    )),
    Convention(("a branch at other tables", "支部代言与通报"), (
        Setting(("branches inform nobody at other desks", "支部不向他处通报"), {"frontline.coordinates": False}),
        Setting(("branches do not sit at the firm's table", "支部不代居民与企业交涉"), {"frontline.speaks": False}),
    ), branches_only=True),
    Convention(("what a branch stands for", "支部的声望与动员"), (
        Setting(("a secretary's standing counts for nothing", "书记的威望不起作用"), {"branches.repute": False}),
        Setting(("a trusted branch moves nobody to act", "受信任的支部不动员业主"), {"committees.mobilisation": False}),
    ), branches_only=True),
    Convention(("whom seats bring", "交叉任职请来谁"), (
        Setting(("seats in one another bring everyone to the table", "交叉任职使各方都更快到场"),
                {"deliberation.seats_bring": "everyone"}),
    ), branches_only=True),
    Convention(("hours of the desks", "受理机构的工时"), (
        Setting(("desks have the hours of the first edition", "受理机构工时同第一版"),
                {"desks.hours_community": 20.0, "desks.hours_street": 60.0, "desks.hours_district": 100.0}),
    )),
    Convention(("all together", "全部合在一起"), (
        Setting(("all as in the first edition", "全部同第一版"), _preset("first-edition"), "preset first-edition"),
    )),
)  # fmt: skip
"""Each choice, and how else it may be made; all values hold whatever the defaults are."""
