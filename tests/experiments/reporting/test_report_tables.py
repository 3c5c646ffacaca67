"""The tables of a comparison's report hold every effect and every parameter, each with its own value."""

from __future__ import annotations

import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import words
from experiments.reporting.declared import meaning
from experiments.reporting.declared import source as source_of
from experiments.reporting.declared import unit as unit_of
from experiments.reporting.document import Document, write_document
from experiments.reporting.numbers import NUMBER
from sim import Scenario
from sim.outcomes import DEFINITIONS
from tests.support.html_page import Page, Row
from tests.support.printed_numbers import NONE, check_number, numbers
from tests.support.synthetic_comparison import comparison, write

ARMS = ["own", "full", "hours_matched:full", "placebo:full, no channel"]
EFFECT_COLUMNS = 14
CHANGES: dict[str, Any] = {
    "run.weeks": 300,
    "coverage.strategy": "full",
    "coverage.start_week": 60,
    "branches.hours_per_member": 1.25,
    "trust.enabled": False,
    "deliberation.enabled": True,
}


def test_a_cell_is_written_for_a_reader_and_columns_of_numbers_are_known(tmp_path: Path) -> None:
    texts = ("−3.1%", "+1,200", "1e−05", "–", "", "full", "1.2.3")
    assert [bool(NUMBER.fullmatch(text)) for text in texts] == [True] * 5 + [False] * 2
    table = pd.DataFrame({"a": [-0.25, math.nan], "b": [True, None], "c": ["latin", "3 … 4"], "d": ["−3%", "–"]})
    document = Document("What?", [], tables=[("All.", table)])
    page = write_document(document, tmp_path / "report.html").read_text(encoding="utf-8")
    cells = re.findall(r"<td(?: class=\"(\w+)\")?>([^<]*)</td>", page)
    assert [text for _, text in cells] == ["−0.25", "yes", "latin", "−3%", "–", "–", "3\u00a0…\u00a04", "–"]
    assert [kind for kind, _ in cells] == ["number", "", "", "number"] * 2


def all_different(**others: Any) -> SimpleNamespace:
    """Make a comparison no two of whose effects have any number in common but where they must."""
    result = comparison(arms=ARMS, weeks=60, replicates=2, **others)
    table, draw = result.table, np.random.default_rng(3)
    count = len(table)
    width = table["ci_high"] - table["difference"]
    table["ci_high"] += width * draw.uniform(0.1, 0.4, count)
    table["sim_low"], table["sim_high"] = table["ci_low"] - 0.5 * width, table["ci_high"] + 0.75 * width
    table["helped"] = draw.permutation(count) / count
    table["p_adjusted"] = draw.uniform(0.001, 1.0, count)
    table["replicates"], table["replicates_needed"] = 20 + np.arange(count), 300 + draw.permutation(count)
    table["variance_saved"] = draw.uniform(2.0, 50.0, count)
    table["variance_saved_low"] = table["variance_saved"] * 0.4
    table["variance_saved_high"] = table["variance_saved"] * 3.3
    return result


@pytest.fixture
def report(tmp_path: Path) -> Any:
    """Return a function that writes a report without figures and reads it."""

    def made(result: Any, lang: str) -> Page:
        return Page(write(result, tmp_path / "report.html", {}, lang).read_text(encoding="utf-8"))

    return made


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_effect_is_in_the_table_with_its_own_numbers(report: Any, lang: str) -> None:
    result = all_different()
    table, short = report(result, lang).table("table"), Reader(result).short
    effects = result.table[result.table["strategy"] != result.table["against"]]
    assert len(table.head) == EFFECT_COLUMNS and {len(row.cells) for row in table.rows} == {EFFECT_COLUMNS}
    places = {}
    for row in table.rows:
        arm, against, *_ = row.texts
        assert (row.group, arm, against) not in places, "an effect stands there twice"
        places[row.group, arm, against] = row
    groups = {outcome: _group_of(outcome, lang, table.rows) for outcome in effects["outcome"].unique()}
    assert len(places) == len(effects) and len(set(groups.values())) == len(groups)
    for effect in effects.to_dict("records"):
        arms = (words.arm(effect[role], lang, effect[role] in short) for role in ("strategy", "against"))
        _check_effect(places[groups[effect["outcome"]], *arms], effect, lang)


def _group_of(outcome: str, lang: str, rows: list[Row]) -> str:
    """Find the heading of an outcome: it begins with its name, and gives its unit."""
    meant = DEFINITIONS[outcome]
    name, unit, colon = (meant.label_zh, meant.unit_zh, "：") if lang == "zh" else (meant.label, meant.unit, ":")
    (group,) = {row.group for row in rows if row.group.lower().startswith(f"{name}{colon}".lower())}
    assert unit in group
    return group


def _check_effect(row: Row, effect: dict[str, Any], lang: str) -> None:
    what = f"{effect['strategy']} against {effect['against']}, {effect['outcome']}"
    mean, there, difference, interval, per_cent, helped, together, p, verdict, n, needed, saved = row.texts[2:]
    nothing = effect["difference"] == 0 and effect["ci_high"] == effect["ci_low"]
    fine = max(0.06 * (effect["ci_high"] - effect["ci_low"]), 1e-4 * abs(effect["difference"]))
    check_number(mean, effect["mean"], within=0.006 * abs(effect["mean"]), what=what)
    check_number(there, effect["baseline_mean"], within=0.006 * abs(effect["baseline_mean"]), what=what)
    check_number(difference, effect["difference"], within=fine, what=what)
    check_number(interval, effect["ci_low"], effect["ci_high"], within=fine, what=what)
    check_number(together, effect["sim_low"], effect["sim_high"], within=fine, what=what)
    relative = 100.0 * effect["difference"] / effect["baseline_mean"] if effect["baseline_mean"] else math.nan
    check_number(per_cent, 0.0 if effect["difference"] == 0 else relative, within=0.5, what=what)
    check_number(helped, 100.0 * effect["helped"], within=0.5, what=what)
    check_number(p, effect["p_adjusted"], within=0.005, what=what)
    assert verdict == words.verdict(effect["verdict"], lang), what
    assert n == str(effect["replicates"]) and needed == str(effect["replicates_needed"]), what
    if nothing or effect["difference"] == 0:
        assert saved == NONE
    else:
        ends = [effect[f"variance_saved{end}"] for end in ("", "_low", "_high")]
        check_number(saved, *ends, within=0.5, what=what)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_verdicts_have_one_word_each(lang: str) -> None:
    """Or the table above would not tell them apart."""
    said = [words.verdict(name, lang) for name in words.VERDICTS]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_parameter_is_in_the_table_with_its_own_value(report: Any, lang: str) -> None:
    result = comparison(arms=ARMS, weeks=60, replicates=2)
    result.scenario = Scenario().replace(CHANGES)
    table = report(result, lang).table("parameters")
    rows = {f"{row.group}.{row.cells[0][0]}": row for row in table.rows}
    declared = {row["name"]: row for row in result.scenario.parameters()}
    assert len(table.rows) == len(rows) and rows.keys() == declared.keys() and len(rows) > 300
    statuses: dict[str, set[str]] = {}
    for name, parameter in declared.items():
        cells = rows[name].cells
        _, _, unit, spread, status, source = rows[name].texts
        _check_value(cells[1][0], parameter["value"], name, lang)
        assert len(cells[1]) == 1 + (name in CHANGES), f"{name}: its default stands there only if it is changed"
        if name in CHANGES:
            _check_value(cells[1][1].split()[-1], parameter["default"], name, lang)
        ends = [
            parameter[end] if parameter[f"sweep_{end}"] is None else parameter[f"sweep_{end}"]
            for end in ("low", "high")
        ]
        finite = [end for end in ends if end is not None]
        assert [number for number, _ in numbers(spread.replace("-", "−"))] == pytest.approx(finite, rel=1e-5), name
        open_above, open_below = len(finite) == 1 and ends[1] is None, len(finite) == 1 and ends[0] is None
        assert ("≥" in spread, "≤" in spread) == (open_above, open_below), name
        statuses.setdefault(parameter["status"], set()).add(status)
        if lang == "en":
            assert cells[0][1:] == [parameter["doc"]] and source == (parameter["source"] or ""), name
            assert unit == parameter["unit"] and status == parameter["status"], name
        else:
            assert cells[0][1:] == [meaning(parameter, lang)] and source == source_of(parameter, lang), name
            assert unit == unit_of(parameter, lang), name
    assert len({*map(tuple, statuses.values())}) == len(statuses) > 3


def _check_value(text: str, value: Any, name: str, lang: str) -> None:
    """Compare what is written with a value; words for none, on and off differ from one another and from numbers."""
    on, off, none = ("on", "off", "none") if lang == "en" else ("开", "关", "无")
    if isinstance(value, bool):
        assert text == (on if value else off), name
    elif isinstance(value, int | float):
        ((number, _),) = numbers(text.replace("-", "−"))
        assert number == pytest.approx(value, rel=1e-5), name
    else:
        assert text == (none if value is None else str(value)), name


BEARERS = [
    "mediation_hours",
    "routine_hours",
    "reporting_hours",
    "other_hours",
    "hours",
    "dispatched_hours",
    "committee_hours",
    "firm_hours",
]
"""Columns of the table of costs, from left to right, where nothing else costs hours."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_costs_by_bearer_are_means_of_the_measured_weeks_and_changes_against_the_baseline(
    report: Any, lang: str
) -> None:
    result = all_different()
    late = result.series[result.series["week"] >= result.info["warmup"]]
    means = late.groupby("arm").mean(numeric_only=True)
    means["other_hours"] = means["hours"] - means[BEARERS[:3]].sum(axis=1)
    means = means[BEARERS]
    table, short = report(result, lang).table("cost"), Reader(result).short
    rows = {row.texts[0].lower(): row.cells[1:] for row in table.rows}
    assert len(table.rows) == len(rows) == len(means) and len(table.head) == 1 + len(BEARERS)
    for arm, expected in means.iterrows():
        for name, (mean, change) in zip(BEARERS, rows[words.arm(arm, lang, arm in short).lower()], strict=True):
            check_number(mean, expected[name], within=0.006 * expected[name], what=f"{arm}, {name}")
            if arm == "none":
                assert not change.strip(), "the baseline is not compared with itself"
            else:
                moved = expected[name] - means.loc["none", name]
                check_number(change, moved, within=0.006 * abs(moved), what=f"change of {arm}, {name}")


WAYS = ["tolerated", "self_begun", "filed_firm", "filed_committee", "filed_branch", "hotline"]
"""Columns of the table of ways, from left to right, where no conflict goes another way."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_ways_of_a_hundred_conflicts_are_shares_of_all_conflicts_of_the_measured_weeks(report: Any, lang: str) -> None:
    result = all_different()
    result.series.loc[result.series["week"] < result.info["warmup"], WAYS] *= 2.0
    late = result.series[result.series["week"] >= result.info["warmup"]].groupby("arm")
    shares = 100.0 * late[WAYS].mean().div(late["conflicts_all"].mean(), axis=0)
    (table,) = (one for one in report(result, lang).tables if "100" in one.head[0])
    short = Reader(result).short
    rows = {row.texts[0].lower(): row.texts[1:] for row in table.rows}
    assert len(table.rows) == len(rows) == len(shares)
    for arm, expected in shares.iterrows():
        for name, share in zip(WAYS, rows[words.arm(arm, lang, arm in short).lower()], strict=True):
            check_number(share, expected[name], within=0.05, what=f"{arm}, {name}")


def test_a_number_that_was_run_and_did_not_decide_is_not_what_is_needed() -> None:
    result = comparison(arms=["full"])
    table = result.table
    table["verdict"], table["replicates"], table["replicates_needed"] = "undecided", 4, 2.0
    assert math.isnan(Reader(result).effect("full", "conflicts").needed)  # type: ignore[union-attr]
    for verdict, needed in (("helps", 2.0), ("undecided", 16.0)):
        table["verdict"], table["replicates_needed"] = verdict, needed
        assert Reader(result).effect("full", "conflicts").needed == needed  # type: ignore[union-attr]
