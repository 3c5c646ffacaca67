"""Words that people write in tables of estates, and what each can only mean.

What has two meanings is not here: the reader asks for it.  All words are in small letters and in the plain width.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sim.district.estate_kinds import EstateKind

__all__ = [
    "BOTH_DEGREES",
    "DATUMS",
    "EMPTY_MARKS",
    "ENDINGS",
    "FOOTERS",
    "HEADINGS",
    "KINDS",
    "MEANING_HEADINGS",
    "NONE",
    "NOT_YET",
    "PLAIN_NONE",
    "SCALES",
    "SERIALS",
    "TICKS",
    "TOTALS",
    "UNITS",
    "UNKNOWN",
    "YES_NO",
]


def _words(text: str) -> tuple[str, ...]:
    """Split a text at its bars."""
    return tuple(word.strip() for word in text.split("|"))


HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "estate": _words(
        "楼盘 | 楼盘名称 | 住宅小区 | 住宅小区名称 | 小区(楼盘)名称 | 小区(城中村)名称 | estate name | "
        "name of estate | "
        "residential estate | compound | name of compound"
    ),
    "households": _words(
        "家庭户数 | 常住户数 | 小区户数 | 套数 | 总套数 | 房屋套数 | 住宅套数 | number of households | no. of "
        "households | "
        "total households"
    ),
    "community": _words("所在社区 | 社区居委会 | 所属居委会 | 居委会 | community name"),
    "street": _words(
        "所在街道 | 街道办 | 街道办事处 | 所属街道办 | 所属街道办事处 | subdistrict | sub-district | street office | "
        "subdistrict office | street name"
    ),
    "kind": _words(
        "小区类别 | 小区性质 | 房屋类型 | 物业类型 | kind of estate | type of estate | type | estate type | "
        "housing type"
    ),
    "buildings": _words("幢数 | 楼幢数 | 住宅楼栋数 | 楼宇数 | residential buildings | residential blocks | blocks"),
    "year": _words(
        "建成时间 | 竣工时间 | 竣工日期 | 建成年度 | 建设年份 | 建造年份 | 建筑年份 | year of completion | "
        "completed | year completed | "
        "completion year | year built | built | built in | year of construction | construction year"
    ),
    "fee": _words(
        "物业费标准 | 物业收费标准 | 物业管理费标准 | 物业服务费标准 | 管理费 | property fee | management fee | "
        "property management fee | service charge"
    ),
    "firm": _words(
        "物业服务公司 | 物业管理公司 | 物业单位 | 物业服务单位 | 物业管理单位 | property firm | property company | "
        "property service company | property management company | property management | property manager | "
        "management company | managing agent"
    ),
    "committee": _words(
        "是否成立业委会 | 是否有业委会 | 业委会成立情况 | 有无业委会 | owners' committee | owners committee | "
        "owner's committee | "
        "owner committee | homeowners' committee | homeowners committee"
    ),
    "members": _words(
        "党员总数 | 在册党员 | 在册党员数 | party members | registered members | registered party members | "
        "members registered"
    ),
    "spaces": _words(
        "停车位数 | 停车位数量 | 车位数量 | 停车泊位 | parking spaces | parking places | car parking spaces | parking"
    ),
    "adults": _words("成年居民数 | 成年居民 | adult residents"),
    "owners": _words("业主占比 | 业主自住率 | 自住率 | share of owners"),
    "cars": _words("机动车数 | 机动车数量 | 车辆总数 | 汽车数量 | vehicles | motor vehicles"),
    "longitude": _words("经度 | longitude | lng | lon"),
    "latitude": _words("纬度 | latitude | lat"),
}
"""Headings beside those of `COLUMNS`, and those of degrees, by column."""

BOTH_DEGREES: Final = _words(
    "经纬度 | 经纬度坐标 | 坐标 | 地理坐标 | lng,lat | lat,lng | longitude and latitude | coordinates"
)
"""Headings of columns in which a cell holds longitude and latitude."""

SERIALS: Final = _words("序号 | 编号 | no. | no | nr. | nr | # | s/n | serial no. | serial number")
"""Headings of columns that only number the rows."""

DATUMS: Final[dict[str, tuple[str, ...]]] = {
    "wgs84": _words("wgs84 | wgs | gps | epsg4326 | cgcs2000 | 国家2000 | 天地图"),
    "gcj02": _words("gcj02 | gcj | 高德 | 腾讯 | 火星坐标 | 火星 | 国测局 | amap | gaode"),
    "bd09": _words("bd09ll | bd09 | 百度 | baidu"),
}
"""How headings name the system of longitude and latitude; CGCS2000 is WGS-84 to some centimetres."""

EMPTY_MARKS: Final = frozenset("- -- --- – — —— ― / // \\ ? ?? * … ... .".split())
"""Marks that stand where nothing is known."""

UNKNOWN: Final = frozenset(
    _words(
        "不详 | 未知 | 不明 | 待定 | 待查 | 待核实 | 待补充 | 暂缺 | 缺失 | 缺 | 未统计 | 暂未统计 | 未填 | 未填写 | "
        "未提供 | 不清楚 | "
        "无数据 | 暂无数据 | 无资料 | 暂无资料 | 无信息 | 暂无信息 | unknown | not known | not available | no data | "
        "n.a. | tbd | tbc"
    )
)
"""Words for what is not known."""

NONE: Final = frozenset(_words("无 | 没有 | none | nil"))
"""Words for nothing: a firm or committee that is not there, or a number of 0; where there must be one, unknown."""
PLAIN_NONE: Final = frozenset(_words("无 | none"))
"""Of these, words which need no remark."""
NOT_YET: Final = frozenset(_words("暂无 | 暂时没有 | 尚无"))
"""Words for nothing, or nothing so far, or nothing known: two meanings wherever there may be none."""

TICKS: Final = frozenset("√ ✓ ✔ ✔\ufe0f ☑ ☑\ufe0f ✅".split())
"""Marks for yes, beside which an empty cell may mean no."""
YES_NO: Final[dict[str, float]] = {
    **dict.fromkeys(TICKS, 1.0),
    **dict.fromkeys(
        _words("已成立 | 成立 | 已建 | 已建立 | 有业委会 | 已选举 | 已组建 | established | formed | set up | elected"),
        1.0,
    ),
    **dict.fromkeys(
        _words(
            "× | ✗ | ✘ | ☒ | ❌ | ✖ | 未成立 | 尚未成立 | 未建 | 未建立 | 未组建 | 暂未成立 | "
            "not established | not formed | "
            "not set up | not elected | not yet established"
        ),
        0.0,
    ),
}

KINDS: Final[dict[str, EstateKind]] = {
    **dict.fromkeys(
        _words(
            "住宅小区 | 花园小区 | 商住小区 | 普通住宅 | 住宅 | 商品住宅小区 | 商品房住宅 | 别墅 | 高层住宅 | "
            "多层住宅 | 小高层住宅 | "
            "residential | residential estate | residential compound | residential quarter | housing estate | "
            "gated community | commercial housing | commercial residential housing | "
            "commercial housing estate | commodity housing estate | villa | villas"
        ),
        EstateKind.COMMODITY,
    ),
    **dict.fromkeys(
        _words("城中村小区 | 自然村 | 村 | 村屋 | 农民房 | 村民自建房 | urban villages | village in the city"),
        EstateKind.URBAN_VILLAGE,
    ),
    **dict.fromkeys(
        _words(
            "写字楼 | 办公楼 | 商务楼宇 | 商务楼 | 单栋楼 | 独栋楼宇 | 单体楼宇 | 大厦 | office building | office "
            "tower | single building"
        ),
        EstateKind.BUILDING,
    ),
}
"""Everyday words for kinds of estate which leave no choice."""

TOTALS: Final = frozenset(
    _words(
        "合计 | 总计 | 共计 | 总和 | 小计 | 合计数 | 本页合计 | 本页小计 | 全区合计 | 累计 | total | totals | sum | "
        "subtotal | sub-total | "
        "grand total"
    )
)
"""What stands in the rows of totals."""
ENDINGS: Final = ("合计", "小计", "总计", " total", " subtotal", " sub-total")
"""How the name of a total ends that is of a street or a community."""
FOOTERS: Final = _words(
    "注: | 备注 | 说明: | 资料来源 | 数据来源 | 来源: | 制表 | 填表 | 审核 | 填报 | 统计时间 | 统计日期 | 更新时间 | "
    "note: | notes: | "
    "source: | sources: | prepared by"
)
"""How a line below a table begins."""

SCALES: Final[dict[str, Decimal]] = {"万": Decimal(10_000), "千": Decimal(1_000)}
"""Numerals that multiply."""

_ONE: Final = Decimal(1)
_HUNDREDTH: Final = Decimal("0.01")
_KM: Final = dict.fromkeys(_words("km | 公里 | 千米"), _ONE) | dict.fromkeys(_words("m | 米"), Decimal("0.001"))
UNITS: Final[dict[str, dict[str, Decimal]]] = {
    "households": dict.fromkeys(
        _words("户 | 家 | 套 | 住户 | household | households | hh | hhs | dwellings | flats"), _ONE
    ),
    "buildings": dict.fromkeys(_words("栋 | 幢 | 座 | 栋楼 | building | buildings | blocks | bldgs"), _ONE),
    "year": dict.fromkeys(_words("年 | 年建 | 年建成 | 年竣工"), _ONE),
    "fee": dict.fromkeys(
        _words(
            "元 | 元/月 | 元/m2 | 元/m2/月 | 元/m2·月 | 元/m2.月 | 元/月/m2 | 元/月·m2 | 元/平方米 | 元/平方米/月 | "
            "元/平方米·月 | "
            "元/平方米.月 | 元/月/平方米 | 元/月·平方米 | 元/平米 | 元/平米/月 | 元/平米·月 | 元/月/平米 | 元/平/月 "
            "| 元每平方米每月 | "
            "元/(m2·月) | 元/(平方米·月) | yuan | yuan/m2 | yuan/m2/month | yuan/sqm | yuan/sqm/month | cny | "
            "cny/m2 | "
            "cny/m2/month | rmb | rmb/m2 | rmb/m2/month | yuan per m2 | yuan per m2 and month | yuan per square "
            "metre and month"
        ),
        _ONE,
    ),
    "members": dict.fromkeys(_words("人 | 名 | 个 | people | persons | members"), _ONE),
    "adults": dict.fromkeys(_words("人 | 名 | 个 | people | persons | adults"), _ONE),
    "spaces": dict.fromkeys(_words("个 | 位 | 车位 | 个车位 | spaces"), _ONE),
    "cars": dict.fromkeys(_words("辆 | 台 | 部 | cars | vehicles"), _ONE),
    "owners": dict.fromkeys(_words("% | percent | per cent"), _HUNDREDTH),
    "x": _KM,
    "y": _KM,
    "longitude": dict.fromkeys(_words("° | 度 | °e | e | deg | degrees | 东经"), _ONE),
    "latitude": dict.fromkeys(_words("° | 度 | °n | n | deg | degrees | 北纬"), _ONE),
}
"""Units by column, and what a number in one has to be multiplied with."""

MEANING_HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "column": _words("column | 列 | 列名 | 栏目 | 字段"),
    "cell": _words("cell | value | 单元格 | 写法 | 原值"),
    "meaning": _words("meaning | means | 含义 | 意思"),
}
"""Headings of the table that says what cells mean."""
