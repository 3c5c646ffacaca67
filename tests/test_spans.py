"""Effects by quarter and year, and who bears the hours: against means worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tools import claims
from tools.spans import BORNE, SPANS, TAKEN, spans


def weekly(weeks: int, warmup: int) -> pd.DataFrame:
    """Two arms of two replicates; the effect is +1 in the first quarter of the policy, and -2 from then on."""
    rows = [
        {
            "arm": arm,
            "replicate": replicate,
            "week": week,
            "filed": 10.0 + replicate + effect * (arm == "full"),
            "standing": np.nan if week < 8 else 1.0,
            **{name: float(place) for place, name in enumerate(BORNE)},
        }
        for arm in ("none", "full")
        for replicate in range(2)
        for week in range(weeks)
        for effect in [0.0 if week < warmup else 1.0 if week < warmup + 13 else -2.0]
    ]
    return pd.DataFrame(rows)


def told(table: pd.DataFrame, span: str, outcome: str) -> float:
    row = table[(table["span"] == span) & (table["outcome"] == outcome)]
    assert len(row) == 1
    return float(row["difference"].iloc[0])


def test_a_sign_that_changes_on_the_way_is_told_by_span() -> None:
    table = spans(weekly(6 + 104, 6), 6, [("full", "none")])
    assert told(table, "quarter", "filed") == 1.0
    assert told(table, "first", "filed") == pytest.approx((13 * 1.0 - 39 * 2.0) / 52)
    assert told(table, "second", "filed") == -2.0
    assert told(table, "all", "filed") == pytest.approx((13 * 1.0 - 91 * 2.0) / 104)
    assert "third" not in set(table["span"]) and set(table["span"]) < set(SPANS)


def test_weeks_without_a_value_are_left_out_and_hours_add_up() -> None:
    table = spans(weekly(20, 2).assign(hours_members=lambda rows: 7.0 * (rows["arm"] == "full")), 2, [("full", "none")])
    assert (table.loc[table["outcome"] == "standing", "mean"] == 1.0).all()
    assert told(table, "all", "hours_all") == told(table, "all", "hours_members") == 7.0
    assert told(table, "all", "hours_taken") == 0.0 and set(TAKEN) < set(BORNE)


def test_a_page_tells_spans_bearers_and_levels() -> None:
    row = {"strategy": "full", "against": "none", "mean": "3.0", "difference": "1.0", "ci_low": "0.5", "ci_high": "2.0"}
    tables = {
        "spans": [
            {**row, "span": "first", "outcome": "filed"},
            {**row, "span": "all", "outcome": "hours_all", "difference": "1234.5"},
        ],
        "compare": [{**row, "outcome": "filed"}],
    }
    page = "{when full none filed first}; {borne full none hours_all} hours; {base full none filed}"
    assert claims.rendered(page, tables, "en") == "+50.0 % [+25.0, +100.0]; 1,234 hours; 2.00\n"
