"""Workbooks for people who read Chinese: headings and cells in words, beside the tables of the files."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import sim
from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.results_workbook import in_words, write_results

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_a_table_in_words_has_headings_and_cells_in_the_language() -> None:
    table = pd.DataFrame(
        {
            "strategy": ["hours_matched:full"],
            "against": ["none"],
            "outcome": ["standing"],
            "difference": [-0.25],
            "verdict": ["undecided"],
            "unit": ["per 1,000 households and week"],
            "better": ["lower"],
            "variance_saved": [3.0],
        }
    )
    page = in_words("效应", table, {}, "zh")
    assert all(CHINESE.search(str(heading)) for heading in page.header)
    assert len(page.header) == table.shape[1] - 1, "what has no heading is left to the table of the files"
    assert [cell for cell in page.rows[0] if not CHINESE.search(str(cell))] == [-0.25]


def test_a_parameter_is_followed_by_what_it_is() -> None:
    table = pd.DataFrame({"rank": [1], "parameter": ["branches.reach"], "share": [0.5]})
    page = in_words("", table, {"branches.reach": "what a branch reaches"}, "zh")
    assert list(page.rows[0]) == [1, "branches.reach", "what a branch reaches", 0.5]


def test_sheets_are_called_in_the_language_and_estates_are_those_of_ones_own_district(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    spec = ComparisonSpec.of({"arms": {"none": {}}, "district": sim.District.synthetic(5)})
    runs = pd.DataFrame({"arm": ["none"], "conflicts": [1.0]})
    finding = Finding("limits.known", total=1, data=1, literature=0, study=0, assumed=0, design=0)
    book = openpyxl.load_workbook(write_results(tmp_path / "r.xlsx", {"runs": runs}, [finding], spec.listed, {}, "zh"))
    assert all(CHINESE.search(name) for name in book.sheetnames)
    assert len(list(book.worksheets[0].columns)) == 1, "no names of findings in the code"
    rows = book[gettext("zh", "Parameters")].iter_rows(values_only=True)
    assert next(row[1] for row in rows if row[0] == "district.estates") == 5
