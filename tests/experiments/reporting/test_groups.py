"""For whom: the report's table by groups of estates, and the effects from which it is made."""

from __future__ import annotations

import re

import pytest

from experiments.analyses.compare.comparison_report import groups
from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import words
from experiments.reporting.numbers import amount, percent
from experiments.reporting.template_rendering import labels
from sim.outcomes.inequality import BURDENS, GROUPS
from tests.support.synthetic_comparison import policies


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_has_every_group_with_its_size_verdict_and_level(lang: str) -> None:
    made = policies()
    block = groups(Reader(made))
    assert block is not None
    cells = re.findall(r"<td[^>]*>(.*?)</td>", block.text(lang))
    rows = [cells[start : start + 5] for start in range(0, len(cells), 5)]
    names = labels(lang, "comparison_parts.groups")
    assert [row[0].lower() for row in rows] == list(names.values()) and tuple(names) == GROUPS
    known = made.groups.set_index(["strategy", "outcome"])
    for group, row in zip(GROUPS, rows, strict=True):
        places = [(policy, f"{burden}_{group}") for policy in ("full", "arrangement") for burden in BURDENS]
        for place, cell in zip(places, row[1:], strict=True):
            found = known.loc[place]
            assert cell.startswith(percent(100.0 * found["relative"], signed=True))
            assert words.verdict(found["verdict"], lang) in cell and amount(found["baseline_mean"]) in cell
