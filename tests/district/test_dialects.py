"""Any district, written as any of the people write theirs who make tables, is read back as it was."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.district.columns import COLUMNS
from sim.district.reading import Dialect, read_table

WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
NUMBERS = {
    "plain": lambda text: text,
    "thousands": lambda text: _grouped(text, ",", "."),
    "continental": lambda text: _grouped(text, ".", ","),
    "spaced": lambda text: _grouped(text, " ", "."),
    "wide": lambda text: text.translate(WIDE),
    "wide thousands": lambda text: _grouped(text, ",", ".").translate(WIDE),
}
UNIT = {"households": "户", "buildings": "栋", "fee": "元/㎡·月", "members": "人", "spaces": "个", "year": "年"}
YES = [("yes", "no"), ("有", "无"), ("是", "否"), ("√", "×"), ("1", "0"), ("已成立", "未成立")]
KINDS = [
    ("commodity housing", "urban village", "building"),
    ("商品房", "城中村", "楼宇"),
    ("住宅小区", "农民房", "写字楼"),
]
GAPS = ["", "不详", "-", "/", "N/A", "未知", "unknown"]


def _grouped(text: str, thousands: str, decimals: str) -> str:
    whole, _, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", thousands) + (decimals + rest if rest else "")


@st.composite
def districts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return rows of a district; None where a cell is not known."""
    size = draw(st.integers(1, 12))

    def gap(values: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | values)

    rows = []
    for number in range(size):
        households = draw(st.integers(50, 200_000))
        rows.append(
            {
                "estate": f"{draw(st.sampled_from(['阳光', 'Lychee ', '花园', 'No. ']))}{number}",
                "households": households,
                "street": draw(st.sampled_from(["东街道", "西街道", "Harbour"])),
                "kind": gap(st.integers(0, 2)),
                "buildings": gap(st.integers(1, 50)),
                "year": gap(st.integers(1900, 2035)),
                "fee": gap(st.integers(1, 99_999).map(lambda cents: cents / 100)),
                "firm": gap(st.sampled_from(["Bolt", "万家物业"])),
                "committee": draw(st.booleans()),
                "members": gap(st.integers(0, 50)),
                "spaces": gap(st.integers(0, 99_999)),
            }
        )
    return rows


@settings(max_examples=80, deadline=None)
@given(districts(), st.data())
def test_every_district_in_every_dialect_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    write = data.draw(st.sampled_from(sorted(NUMBERS)))
    lang = data.draw(st.sampled_from(["en", "zh"]))
    unit = data.draw(st.sampled_from(["none", "cell", "heading"]))
    yes, kinds, gap = (data.draw(st.sampled_from(choices)) for choices in (YES, KINDS, GAPS))
    separator = data.draw(st.sampled_from([",", ";", "\t"]))
    title, total = data.draw(st.booleans()), data.draw(st.booleans())

    def cell(name: str, value: Any) -> str:
        if value is None:
            return gap
        if name in ("estate", "street", "firm"):
            return str(value)
        if name == "committee":
            return yes[0] if value else yes[1]
        if name == "kind":
            return kinds[value]
        text = NUMBERS["plain" if name == "year" else write](f"{value:.2f}" if name == "fee" else str(value))
        return text + UNIT[name] if unit == "cell" else text

    def heading(name: str) -> str:
        return COLUMNS[name].heading(lang) + (f"（{UNIT[name]}）" if unit == "heading" and name in UNIT else "")

    lines = [[heading(name) for name in rows[0]]]
    lines += [[cell(name, value) for name, value in row.items()] for row in rows]
    if title:
        lines.insert(0, ["某区小区一览表"] + [""] * (len(lines[0]) - 1))
    if total:
        lines.append(["合计", cell("households", sum(row["households"] for row in rows))] + [""] * (len(lines[0]) - 2))
    path = tmp_path_factory.getbasetemp() / "dialect.csv"
    with path.open("w", encoding=data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"])), newline="") as file:
        csv.writer(file, delimiter=separator).writerows(lines)
    # A comma or point that could be either is asked for; who writes so knows which it is.
    decimal = "comma" if write == "continental" else "point"
    reading = read_table(path, dialect=Dialect(decimal=decimal))
    for name in rows[0]:
        values = [None if value in ("", None) or value != value else value for value in reading.values[name]]
        assert values == [row[name] for row in rows], (name, path.read_bytes())
