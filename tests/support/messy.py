"""Messy tables of estates, as people have them, with what must come of each; all names are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["MESSY", "UNKNOWN", "Messy"]

UNKNOWN = None
"""A cell of which nothing is known."""


@dataclass(frozen=True)
class Messy:
    """A table as text, how it is said to be written, and what comes of it: values by column, notes, or a refusal."""

    id: str
    text: str
    values: dict[str, list[Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    dialect: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] | None = None


def _h(cells: str, column: str = "households", other: str = "") -> str:
    """Return a table with one messy column; the cells are parted by bars."""
    head = f"estate;{column}" if column == "households" else f"estate;households;{column}"
    middle = "" if column == "households" else "500;"
    return "\n".join([head, *(f"E{k};{middle}{cell}" for k, cell in enumerate(cells.split("|")))]) + "\n"


MESSY = [
    # Headings in two languages, as offices write them that serve both.
    Messy(
        "headings in English and Chinese",
        "Estate 小区名称;Households（户数）;Community 社区;街道 / Street;建成年份 Year built;Households per lift\n"
        "A;500;North;West;2004;3\n",
        {"households": [500], "community": ["North"], "street": ["West"], "year": [2004]},
        ("Not read: Households per lift.",),
    ),
    Messy(
        "a heading in two languages with a unit",
        "estate;户数 Households (thousands);车位 Cars\nA;1.2;7\n",
        {"households": [1200]},
        ("Not read: 车位 Cars.",),
    ),
    Messy(
        "a heading of which one language is known",
        "estate;households;Neighbourhood 社区\nA;500;North\n",
        {"households": [500]},
        ('community="Neighbourhood 社区"',),
    ),
    Messy(
        "a header that lacks what is required is shown, not the title above it",
        "Estates of the bay\n;;;\nName of place;Dwellings;Community;Street;Year built\nA;5;N;W;2004\n",
        refused=("there is no column estate", "The file has: Name of place, Dwellings, Community"),
    ),
    Messy(
        "a mapping by a Chinese name",
        "estate;households;Area\nA;500;North\n",
        {"community": ["North"]},
        columns={"社区": "Area"},
    ),
    # Thousands separators, decimal commas, points.
    Messy("a comma before three digits of what is counted", _h("1,234|87"), {"households": [1234, 87]}, ("thousands",)),
    Messy("two commas", _h("1,234,567|2", "spaces"), refused=('spaces = "1,234,567" must be a number from 0',)),
    Messy("round thousands", _h("1,000|2,000"), {"households": [1000, 2000]}),
    Messy("spaces between thousands", _h("1 234|12 000"), {"households": [1234, 12000]}, ("2 of 2 cells",)),
    Messy("narrow and fixed spaces", _h("1\u202f234|12\u00a0000"), {"households": [1234, 12000]}),
    Messy("apostrophes between thousands", _h("1'234|1’500"), {"households": [1234, 1500]}),
    Messy("points between thousands", _h("1.234|2.500|90"), {"households": [1234, 2500, 90]}, ("thousands",)),
    Messy(
        "one point before three digits",
        _h("1.234|90"),
        refused=('"1.234" can be read in two ways (1.234, 1234)', "--decimal comma"),
    ),
    Messy("one point, settled", _h("1.234|90"), {"households": [1234, 90]}, dialect={"decimal": "comma"}),
    Messy(
        "one point, settled the other way",
        _h("1.234|90"),
        refused=('"1.234" must be a whole number',),
        dialect={"decimal": "point"},
    ),
    Messy("three zeros behind a point", _h("1.000|2.000"), refused=("can be read in two ways (1, 1000)", "lines 2, 3")),
    Messy("decimals of whole numbers", _h("1200.0|87.0"), {"households": [1200, 87]}),
    Messy("a wrong group", _h("12,34|87"), refused=('households = "12,34" must be',)),
    Messy("a decimal comma", _h("2,5|3,80|4", "fee"), {"fee": [2.5, 3.8, 4]}, ("a decimal comma in 2 of 3 cells",)),
    Messy(
        "a comma that may be either",
        _h("1,234|2", "x")
        .replace("households;x", "households;x;y")
        .replace("1,234", "1,234;1")
        .replace("500;2", "500;2;1"),
        refused=('x: "1,234" can be read in two ways', "(line 2)", "--decimal point or --decimal comma"),
    ),
    Messy("a comma before three digits of a fee, too much for thousands", _h("2,500|3", "fee"), {"fee": [2.5, 3]}),
    Messy("point and comma", _h("1.234,5|12,5", "density").replace("1.234,5", "1.000,0"), {"density": [1000, 12.5]}),
    Messy(
        "decimals both ways",
        _h("2.5|3,8", "fee"),
        refused=("decimals stand behind a point and behind a comma", "lines 2, 3"),
    ),
    Messy("parking spaces by thousands", _h("1,024|12", "spaces"), {"spaces": [1024, 12]}),
    Messy("parking spaces with a point", _h("1.024|12", "spaces"), refused=("the point parts thousands or decimals",)),
    # Signs of other widths.
    Messy("full-width digits", _h("１２３|４５"), {"households": [123, 45]}, ("full-width signs in 2 of 2 cells",)),
    Messy("full-width point", _h("２．７|3", "fee"), {"fee": [2.7, 3]}, ('"２．７" = 2.7',)),
    Messy("full-width comma", _h("１，０２４|３"), {"households": [1024, 3]}),
    Messy("spaces that cannot be seen", _h("\u200b12|\u00a034\u3000"), {"households": [12, 34]}),
    # Units.
    Messy("households in cells", _h("500户|１２户"), {"households": [500, 12]}, ("a unit taken off in 2 of 2 cells",)),
    Messy("households in English", _h("500 households|12 hh"), {"households": [500, 12]}),
    Messy("ten thousands", _h("1.2万|0.5万户"), {"households": [12000, 5000]}, ('"1.2万" = 12000',)),
    Messy("a fee with its unit", _h("2.5元/㎡·月|¥3|3.8元/平方米", "fee"), {"fee": [2.5, 3, 3.8]}),
    Messy("a fee by the household", _h("60元/户|3", "fee"), refused=('fee = "60元/户" must be a number',)),
    Messy("buildings", _h("12栋|3幢|1座", "buildings"), {"buildings": [12, 3, 1]}),
    Messy("years", _h("2004年|1998年建成|2004年5月", "year"), {"year": [2004, 1998, 2004]}),
    Messy(
        "dates",
        _h("2004-05-01|2004/5/1|2004.5.1", "year"),
        {"year": [2004, 2004, 2004]},
        ("the year taken from a date in 3 of 3",),
    ),
    Messy("about a year", _h("约2004年|1999", "year"), refused=('year = "约2004年" must be',)),
    Messy("a span of years", _h("1999-2003|2000", "year"), refused=('year = "1999-2003" must be',)),
    Messy("per cent", _h("85%|60％", "owners"), {"owners": [0.85, 0.6]}),
    Messy("metres", _h("1500m;200米|300m;1km", "x;y"), {"x": [1.5, 0.3], "y": [0.2, 1]}),
    Messy("a unit of something else", _h("12人|3"), refused=('households = "12人" must be',)),
    Messy("a unit in the heading", "小区名称,总户数（户）\n甲,12\n乙,30\n", {"households": [12, 30]}),
    Messy(
        "ten thousands in the heading",
        "小区,户数（万户）\n甲,1.2\n乙,0.05\n",
        {"households": [12000, 500]},
        ("the unit of the heading",),
    ),
    Messy("per cent in the heading", "小区,户数,业主比例(%)\n甲,12,85\n乙,9,7.5\n", {"owners": [0.85, 0.075]}),
    Messy("a unit behind a stroke", "小区,户数/户,物业费/元\n甲,12,2.5\n", {"households": [12], "fee": [2.5]}),
    Messy(
        "a unit that is not ours",
        "小区,户数,物业费（元/户）\n甲,12,60\n",
        refused=('"元/户" is the unit of fee', '--map fee="物业费（元/户）"'),
    ),
    Messy(
        "the same, mapped", "小区,户数,物业费（元/户）\n甲,12,60\n", {"fee": [60]}, columns={"fee": "物业费（元/户）"}
    ),
    Messy("a remark in a heading of text", "小区名称（全称）,户数\n甲,12\n", {"estate": ["甲"]}),
    # None and unknown.
    Messy(
        "unknown in many words",
        _h("不详|未知|-|/|N/A|——|待查|暂无数据|2.5", "fee"),
        {"fee": [UNKNOWN] * 8 + [2.5]},
        ("read as unknown in 7 of 9 cells",),
    ),
    Messy("unknown firms", _h("不详|-|Bolt", "firm"), {"firm": ["", "", "Bolt"]}),
    Messy("no firm", _h("无|没有|none|NONE", "firm"), {"firm": ["NONE"] * 4}, ("read as none in 1 of 4 cells",)),
    Messy("no firm, in the usual words", _h("无|无物业|none|NONE", "firm"), {"firm": ["NONE"] * 4}),
    Messy(
        "perhaps no firm",
        _h("暂无|Bolt", "firm"),
        refused=('firm = "暂无" may mean none or unknown', '"firm,暂无,NONE" or "firm,暂无,unknown"'),
    ),
    Messy(
        "perhaps no firm, settled",
        _h("暂无|Bolt", "firm"),
        {"firm": ["", "Bolt"]},
        ("--values",),
        dialect={"values": {"firm": {"暂无": "unknown"}}},
    ),
    Messy(
        "no parking, or not known",
        _h("无|12", "spaces"),
        refused=('spaces = "无" may mean none or unknown', '"spaces,无,0"'),
    ),
    Messy(
        "no parking, settled", _h("无|12", "spaces"), {"spaces": [0, 12]}, dialect={"values": {"spaces": {"无": "0"}}}
    ),
    Messy("no year can only be unknown", _h("无|2004", "year"), {"year": [UNKNOWN, 2004]}),
    Messy("households unknown", _h("不详|12"), refused=('households = "不详" must be a whole number from 1',)),
    # Ticks.
    Messy(
        "ticks and crosses", _h("√|×|✓|✗", "committee"), {"committee": [1, 0, 1, 0]}, ("read as yes or no in 4 of 4",)
    ),
    Messy("yes and no in Chinese", _h("是|否|有|无|已成立|未成立", "committee"), {"committee": [1, 0, 1, 0, 1, 0]}),
    Messy(
        "ticks and gaps",
        _h("√||√|-", "committee"),
        refused=("committee has ticks (2) and cells without one (2: lines 3, 5)", '"committee,,no", "committee,-,no"'),
    ),
    Messy(
        "ticks and gaps, settled",
        _h("√||√|", "committee"),
        {"committee": [1, 0, 1, 0]},
        dialect={"values": {"committee": {"": "no"}}},
    ),
    Messy("ticks, crosses and gaps", _h("√||×", "committee"), {"committee": [1, UNKNOWN, 0]}),
    Messy("being founded", _h("筹备中|有", "committee"), refused=('committee = "筹备中" must be yes or no',)),
    # Rows that are none.
    Messy(
        "a title",
        "某区小区一览表,,\n\n小区,户数,备注\n甲,12,\n",
        {"households": [12]},
        ("Lines above the header that were not read: 1",),
    ),
    Messy(
        "title, date and unit",
        "某区小区一览表\n2024年6月\n单位：户\n小区\t户数\n甲\t12\n",
        {"households": [12]},
        ("not read: 3",),
    ),
    Messy(
        "a header of two lines",
        "小区,规模,,\n,户数,楼栋数,\n甲,12,2,\n",
        {"households": [12], "buildings": [2]},
        ("from two lines, 1 and 2",),
    ),
    Messy(
        "the header again",
        "estate,households\nA,12\nestate,households\nB,13\n",
        {"households": [12, 13]},
        ("stands again further down",),
    ),
    Messy(
        "a total",
        "小区,户数\n甲,12\n乙,13\n合计,25\n",
        {"households": [12, 13]},
        ("Rows of totals that were not read as estates: 1 (line 4)",),
    ),
    Messy(
        "subtotals of streets",
        "街道,小区,户数\n东,甲,12\n东街道小计,,12\n西,乙,13\n小计,,13\n总计,,25\n",
        {"households": [12, 13]},
        ("3 (lines 3, 5, 6)",),
    ),
    Messy("a total in English", "estate,households\nA,12\nB,13\nGrand total:,25\n", {"households": [12, 13]}),
    Messy(
        "a total that does not add up",
        '小区,户数\n甲,12\n乙,13\n合计,"1,025"\n',
        {"households": [12, 13]},
        ("says 1,025 households, and the estates that were read have 25",),
    ),
    Messy(
        "an estate that is called almost so",
        "estate,households\nTotal Heights,12\n合计花园,13\n",
        {"households": [12, 13]},
    ),
    Messy(
        "a total without a name",
        "小区,户数\n甲,100\n乙,200\n丙,300\n全区,600\n",
        {"households": [100, 200, 300, 600]},
        ('"全区" in line 5 has as many households as all rows above it',),
    ),
    Messy(
        "a remark below",
        "小区,户数\n甲,12\n注：数据为登记数,\n制表人：某某,2024年\n",
        {"households": [12]},
        ("Remarks below the table that were not read: 2",),
    ),
    # Names.
    Messy(
        "equal names in two streets",
        "小区,户数,街道\n花园,12,东\n花园,13,西\n",
        {"estate": ["花园 (东)", "花园 (西)"]},
        ("each time in another street",),
    ),
    Messy(
        "equal names in two communities",
        "小区,户数,街道,社区\n花园,12,东,一\n花园,13,东,二\n",
        {"estate": ["花园 (一)", "花园 (二)"]},
    ),
    Messy(
        "equal names in one street",
        "小区,户数,街道\n花园,12,东\n花园,13,东\n",
        refused=('小区 = "花园" stands already in line 2',),
    ),
    Messy(
        "equal names, one street unknown",
        "小区,户数,街道\n花园,12,东\n花园,13,\n",
        refused=("stands already in line 2",),
    ),
    # Kinds.
    Messy(
        "everyday kinds",
        _h("住宅小区|别墅|城中村|农民房|写字楼", "kind"),
        {"kind": [0, 0, 1, 1, 2]},
        ("an everyday word read as a kind in 4 of 5",),
    ),
    Messy(
        "a kind that is not known",
        _h("洋房|住宅", "kind"),
        refused=('kind = "洋房" is no kind that is known', '"kind,洋房,commodity housing"'),
    ),
    Messy(
        "a kind that is not known, settled",
        _h("洋房|住宅", "kind"),
        {"kind": [0, 0]},
        ("--values",),
        dialect={"values": {"kind": {"洋房": "commodity housing"}}},
    ),
    Messy(
        "everyday kinds in English",
        _h("Commercial housing|gated community|Residential compound|villa|office building", "kind"),
        {"kind": [0, 0, 0, 0, 2]},
    ),
    Messy("committees in words", _h("Established|not established|formed", "committee"), {"committee": [1, 0, 1]}),
    Messy(
        "a firm that is said to be unknown",
        _h("none|Anju", "firm"),
        notes=('"none" = unknown.',),
        dialect={"values": {"firm": {"none": "unknown"}}},
    ),
    # Places.
    Messy(
        "degrees in a named system",
        "小区,户数,经度(GCJ-02),纬度\n甲,12,113.93,22.53\n乙,12,113.94,22.54\n",
        {"x": [0, 1.026], "y": [0, 1.111]},
        ("2 of 2 estates were read as GCJ-02",),
    ),
    Messy(
        "degrees of Baidu",
        "小区,户数,百度经度,百度纬度\n甲,12,113.93,22.53\n乙,12,113.94,22.54\n",
        notes=("read as BD-09",),
    ),
    Messy(
        "degrees of a satellite",
        "estate,households,wgs84_lng,wgs84_lat\nA,12,113.93,22.53\n",
        {"x": [0]},
        ("read as WGS-84",),
    ),
    Messy(
        "degrees without a system",
        "小区,户数,经度,纬度\n甲,12,113.93,22.53\n乙,12,,\n",
        {"x": [0, UNKNOWN]},
        ("no heading names their system",),
    ),
    Messy(
        "degrees, system said",
        "小区,户数,经度,纬度\n甲,12,113.93,22.53\n",
        notes=("read as BD-09",),
        dialect={"coordinates": "BD-09"},
    ),
    Messy(
        "degrees in two systems",
        "小区,户数,高德经度,百度纬度\n甲,12,113.93,22.53\n",
        refused=("name several systems, BD-09, GCJ-02", "--coordinates bd09"),
    ),
    Messy(
        "degrees exchanged",
        "小区,户数,经度,纬度\n甲,12,22.53,113.93\n",
        refused=("longitude and latitude are exchanged", '--map longitude="纬度"'),
    ),
    Messy(
        "degrees elsewhere",
        "小区,户数,经度,纬度\n甲,12,2.35,48.85\n",
        refused=("no longitude and latitude of a place in China",),
    ),
    Messy(
        "degrees with one slip",
        "小区,户数,经度,纬度\n甲,12,113.93,22.53\n乙,12,113.94,22.54\n丙,9,119.94,22.54\n",
        refused=("more than 3 degrees apart", "line 4"),
    ),
    Messy(
        "degrees, minutes and seconds",
        "小区,户数,经度(WGS84),纬度\n甲,12,113°56'24\"E,22°32′10″N\n乙,12,东经113度56分26.5秒,22° 32.5'\n",
        notes=(
            "经度(WGS84): degrees, minutes and seconds were read in 2 of 2 cells",
            "纬度: degrees, minutes and seconds were read in 2 of 2 cells",
            "were read as WGS-84",
        ),
    ),
    Messy(
        "degrees, minutes and seconds in one cell",
        "小区;户数;经纬度\n甲;12;22°32′10″N, 113°56′24″E\n乙;12;113°56’26” 22°32’12”\n",
        notes=("经纬度: degrees, minutes and seconds were read in 2 of 2 cells",),
    ),
    Messy(
        "sixty minutes",
        "小区,户数,经度,纬度\n甲,12,113°60'24\",22°32'10\"\n",
        refused=("must be a number from -180 to 180", "113°60'24"),
    ),
    Messy(
        "minutes without a sign",
        "小区,户数,经度,纬度\n甲,12,113°56,22°32\n",
        refused=('经度 = "113°56" must be a number from -180 to 180',),
    ),
    Messy(
        "parts of degrees without signs",
        "小区,户数,经度,纬度\n甲,12,113 56 24,22 32 10\n",
        refused=('经度 = "113 56 24" must be',),
    ),
    Messy(
        "parts of degrees as a time",
        "小区,户数,经度,纬度\n甲,12,113:56:24,22:32:10\n",
        refused=('经度 = "113:56:24" must be',),
    ),
    Messy(
        "decimals of degrees, and minutes",
        "小区,户数,经度,纬度\n甲,12,113.5°56',22°32'\n",
        refused=('经度 = "113.5°56\'" must be',),
    ),
    Messy(
        "an eastern latitude",
        "小区,户数,经度,纬度\n甲,12,113°56'24\"E,22°32'10\"E\n",
        refused=("纬度 = ", "must be a number from -180 to 180"),
    ),
    Messy(
        "degrees and minutes of the west",
        "小区,户数,经度,纬度\n甲,12,113°56'24\"W,22°32'10\"N\n",
        refused=("no longitude and latitude of a place in China",),
    ),
    Messy("longitude alone", "小区,户数,经度\n甲,12,113.93\n", refused=('"经度" gives a longitude without latitude',)),
    Messy("one degree missing", "小区,户数,经度,纬度\n甲,12,113.93,\n", refused=("line 2: latitude is missing",)),
    Messy(
        "both degrees in a cell",
        '小区,户数,经纬度\n甲,12,"113.93,22.53"\n乙,9,"22.54,113.94"\n丙,3,-\n',
        {"y": [0, 1.112, UNKNOWN]},
    ),
    # Meanings that mean nothing.
    Messy(
        "a meaning for no column",
        _h("1"),
        refused=('"kin" is not a column of a district. Did you mean "kind"?',),
        dialect={"values": {"kin": {"a": "b"}}},
    ),
    Messy(
        "a meaning that cannot be",
        _h("1"),
        refused=('kind: "loft" is to mean "castle"',),
        dialect={"values": {"kind": {"loft": "castle"}}},
    ),
    Messy(
        "two headings for one column",
        "小区,户数,总户数\n甲,12,13\n",
        refused=('"户数" and "总户数" are both read as households',),
    ),
]
