"""What the model cannot say: stands in every report, whatever the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.lab.report.page import Html, join, tag
from experiments.reporting.catalogue import gap, gettext

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["limits"]


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
    items = _LIMITS_ZH if lang == "zh" else _LIMITS
    told = [*items[:2], *_known(scenario, lang), *items[2:]]
    return [
        tag(
            "ul",
            *(tag("li", text) for text in own),
            *(tag("li", tag("strong", head), join([gap(lang), text])) for head, text in told),
        )
    ]


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
        "This is a conditional map, not a forecast.",
        "No open data link branches to disputes, so what coverage causes cannot be checked against "
        "observation. The results say: if these mechanisms and these values hold, this follows. They do "
        "not say what will happen in Nanshan or anywhere else.",
    ),
    (
        "Only filings were used to set the model.",
        "It was fitted to complaints filed with authorities in another city (their growth with an estate's "
        "size, their bunching, their categories, the time to a reply), to the order of magnitude of filings on estate "
        "matters in Chinese cities, and to surveys elsewhere of how many bear a quarrel or take it to a third party. A "
        "constant share of conflicts that nobody ever files cannot be told from fewer conflicts.",
    ),
    (
        "More filings are neither success nor failure.",
        "Filing is voice, and no side of it is the better one: filings rise with trouble and with doors to knock on. "
        "Conflicts (a person's first over a cause), filings and standing disputes are therefore shown together. A "
        "dispute stands that some weeks later has no agreement which holds and whose cause goes on, whichever way "
        "the person took: trouble borne in silence stands as much as a case handled in vain.",
    ),
    (
        "A policy that is off is in no number here.",
        "Rights of branches, supervision, the deliberation platform, volunteers, the policies for couriers and "
        "enterprises and switching to emergencies are off unless the table of parameters or an arm says otherwise; "
        "what they add or take away is told by studies of their own (gongzhi study --list).",
    ),
    (
        "An interval tells of chance inside the model and of nothing else.",
        "More replicates make it as narrow as one likes; they do not make the model truer.",
    ),
    (
        "Hours are counted, not priced.",
        "What members, committees and desks would have done with them elsewhere is not known to the model, "
        "except that a dispatched hour is missing at the community's desk.",
    ),
)

_LIMITS_ZH = (
    (
        "这是有条件的推演，不是预测。",
        "没有公开数据把支部与纠纷联系起来，因此无法用观测检验覆盖的因果作用。结果只表明：若这些机制与取值成"
        "立，则有此结论；并不预言南山或任何其他地方会发生什么。",
    ),
    (
        "模型只用诉求数据校准。",
        "校准依据是另一城市向政府部门提交的诉求（随小区规模的增长、聚集程度、类别、答复时间）、国内城市小区类诉求的数量级，"
        "以及其他地方关于多少人忍受纠纷、多少人求助第三方的调查。若始终有固定比例的纠纷从不上报，则与纠纷较少的情形无法区分。",
    ),
    (
        "提交诉求增多既非成功也非失败。",
        "提交诉求是发声，无好坏之分：麻烦多、可去之门多，诉求都会增加。因此纠纷（一人因一起因首次陷入纠纷）、提交诉求与"
        "未了纠纷始终一并给出。若干周后既无有效协议、起因又仍在的，即为未了纠纷，不论当事人走了哪条路：默默忍受与办而"
        "未成同样算作未了。",
    ),
    (
        "未开启的政策不在任何数字之中。",
        "支部的各项权利、监管、议事平台、志愿服务、骑手与两新组织政策、平战转换，除参数表或分组另有说明外均未开启；"
        "其增减由各自的专题研究说明（gongzhi study --list）。",
    ),
    ("区间只反映模型内部的随机性。", "增加重复可使区间任意变窄，但不会使模型更真实。"),
    (
        "只计工时，不计价。",
        "党员、业委会与窗口的工时若用于他处会有何成效，模型并不知道；只知派驻一小时，社区窗口就少一小时。",
    ),
)
