"""The figures that a district is judged by: what each is called, in what unit, and on which scale it scatters."""

from __future__ import annotations

from typing import Final, NamedTuple

from experiments.lab.validate.evidence import Scale
from sim.terms import CATEGORIES

__all__ = ["FIGURES", "Words", "words_of"]


class Words(NamedTuple):
    """A figure in words.

    Attributes
    ----------
    name, chinese
        What it is called.
    unit
        What it is measured in.
    scale
        On which it scatters about evenly from run to run.
    """

    name: str
    chinese: str
    unit: str
    scale: Scale = "plain"


_KINDS: Final = dict(zip(CATEGORIES, ("服务", "设施", "停车", "噪声", "充电", "收费", "业委会"), strict=True))

FIGURES: Final[dict[str, Words]] = {
    "elasticity": Words("elasticity of filings to households", "诉求对户数的弹性", "exponent of households"),
    "dispersion": Words("dispersion k of yearly filings, given size", "年诉求量的离散参数 k（给定规模）",
                        "negative-binomial k", "log"),
    **{f"share {name}": Words(f"share of {name} in filings", f"{chinese}类诉求占比", "share of filings", "logit")
       for name, chinese in _KINDS.items()},
    "reply": Words("median reply", "答复时间中位数", "days", "log"),
    "authority": Words("filings that reach an authority", "到达政府部门的诉求", "per 1,000 residents and year", "log"),
    "tolerated": Words("conflicts that are borne", "默默忍受的纠纷", "share of conflicts", "logit"),
    "to a third party": Words("conflicts taken to a third party", "诉诸第三方的纠纷", "share of conflicts", "logit"),
    "settled at the table": Words("settled at the table", "坐到桌前后化解", "share of cases at the table", "logit"),
    "reached the table": Words("reached the table", "坐到桌前", "share of those who ask, between neighbours", "logit"),
    "settled of those who asked": Words("settled, of those who asked", "求助者中最终化解",
                                        "share of those who ask, between neighbours", "logit"),
    "committees": Words("owners' committees", "业主委员会数", "of 1,034 estates", "log"),
    "volume": Words("filings with an authority", "向政府提交的诉求", "per 1,000 adults and year", "log"),
    "silent estates": Words("estates without a filing in a year", "全年无诉求的小区", "share of estates", "logit"),
    "busiest tenth": Words("filings from the busiest tenth of estates", "诉求最多的十分之一小区的诉求占比",
                           "share of filings", "logit"),
    "halves": Words("likeness of the two halves of a year", "上下半年的相似程度",
                    "rank correlation over estates of filings per household"),
    "near repeats": Words("near repeats", "短期重复", "other filings within 4 weeks, over those by lot", "log"),
    "reply tail": Words("slow replies against the median", "慢答复与中位数之比", "90 % quantile over median", "log"),
    "busy desks": Words("slower where more is filed", "诉求多处答复慢",
                        "rank correlation over communities of filings per adult and median reply"),
    "own experience": Words("adult-years for each case of one's own that ends", "每件亲历案件结束所对应的成人年数",
                            "adult-years", "log"),
    "agreements kept": Words("agreements that last", "得到履行的协议", "share of agreements", "logit"),
    "riders' turnover": Words("riders who leave", "骑手流失率", "per week", "log"),
    "riders under a year": Words("riders who have been riding for less than a year", "从业不足一年的骑手",
                                 "share of riders", "logit"),
    "riders' hazards": Words("hazards that riders bring, half a year into a campaign", "整治半年后骑手带来的隐患",
                             "change against no campaign"),
    "riders' offences": Words("offences of riders, a year into a campaign", "整治一年后骑手的违规",
                              "change against no campaign"),
    "members in enterprises": Words("party members who belong to enterprises", "隶属两新组织的党员",
                                    "share of members", "logit"),
}  # fmt: skip
"""Figures of what happens, in the order in which they are told; the ground's have their own names."""

_GROUND: Final = {
    "households of an estate, median": "小区户数，中位数",
    "households of an estate, mean": "小区户数，均值",
    "households of an estate, log-sd": "小区户数，对数标准差",
    "households of an estate, Gini": "小区户数，基尼系数",
    "households, lower tail over upper (lognormal: 1)": "户数，下尾与上尾之比（对数正态为 1）",
    "buildings of an estate, median": "小区楼栋数，中位数",
    "fee, median (yuan per m2 and month)": "物业费，中位数（元/平方米·月）",
    "fee, log-sd": "物业费，对数标准差",
    "fee and year, Spearman": "物业费与建成年份，秩相关",
    "fee and households, Spearman": "物业费与户数，秩相关",
    "firms with one estate, share": "只管一个小区的企业占比",
    "estates with the ten largest firms, share": "前十大企业所管小区占比",
    "portfolios, Zipf exponent": "企业规模，齐夫指数",
    "same firm at the nearest estate": "最近小区为同一企业",
    "same firm at a random estate": "随机小区为同一企业",
    "Clark-Evans index of positions": "位置的 Clark-Evans 指数",
    "adults of a household": "每户成人数",
    **{f"estates with 3 members or more at {rate:g} a household": f"党员三人以上的小区（每户 {rate:g}）"
       for rate in (0.002, 0.005, 0.01, 0.02)},
}  # fmt: skip


def words_of(figure: str) -> Words:
    """Return a figure's words; a figure of the ground is its own name.

    Examples
    --------
    >>> words_of("reply").unit, words_of("fee, log-sd").name
    ('days', 'fee, log-sd')
    """
    return FIGURES.get(figure) or Words(figure, _GROUND.get(figure, figure), "")
