"""The laboratory's tables are the frozen ones, cell by cell."""

from __future__ import annotations

import pytest

from tests.golden import tables
from tests.golden.analyses import ANALYSES
from tests.golden.rounding import HERE
from tests.golden.telling import failure
from tests.support.every_analysis import finished


@pytest.mark.parametrize("name", list(ANALYSES))
def test_an_analysis_gives_the_frozen_tables(name: str) -> None:
    today = tables.found(name, finished(name))
    changes = tables.differences(name, tables.read(name), today, exact=tables.made_on() == HERE)
    assert not changes, failure(changes, tables.made_on())


def test_the_frozen_analyses_are_those_that_there_are() -> None:
    assert {path.parent.name for path in tables.FOLDER.glob("*/*.csv")} == set(ANALYSES), "run `make golden`"


OLD = {"table.csv": "arm,mean,gone\nnone,0.25,1\nfull,nan,2\n", "late.csv": "a\n1\n"}


def test_what_changed_is_named() -> None:
    new = {"table.csv": "arm,mean,added\nnone,0.26,1\nfull,nan,2\nown,1.0,3\n", "first.csv": "a\n1\n"}
    assert tables.differences("compare", OLD, new, exact=True) == [
        "new column: compare/table.csv, added",
        "vanished column: compare/table.csv, gone",
        "compare/table.csv: 2 rows -> 3 rows",
        "compare/table.csv, mean: 1 of 2 cells; line 2: 0.25 -> 0.26",
        "vanished table: compare/late.csv",
        "new table: compare/first.csv",
    ]
    assert tables.differences("compare", OLD, OLD, exact=True) == []


def test_another_way_to_round_is_forgiven_and_nothing_more() -> None:
    near = {**OLD, "table.csv": OLD["table.csv"].replace("0.25", "0.2500000001")}
    far = {**OLD, "table.csv": OLD["table.csv"].replace("0.25", "0.2501")}
    other = {**OLD, "table.csv": OLD["table.csv"].replace("none", "own")}
    assert not tables.differences("compare", OLD, near, exact=False)
    assert all(tables.differences("compare", OLD, table, exact=False) for table in (far, other))
    assert tables.differences("compare", OLD, near, exact=True)


def test_seconds_are_left_out() -> None:
    assert tables._cleaned('run,seconds,"a, b"\n1,0.5,"x, y"\n') == 'run,"a, b"\n1,"x, y"\n'
