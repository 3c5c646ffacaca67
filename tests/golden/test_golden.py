"""Today's results are the frozen ones, to the byte: what a change of the code moves is seen, run by run."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden import model
from tests.golden.cases import CASES
from tests.golden.model import Row
from tests.golden.rounding import HERE, close
from tests.golden.telling import MOST, failure, how


@pytest.mark.parametrize("run", CASES)
def test_a_run_is_the_frozen_one(run: str) -> None:
    made_on, frozen = model.read()
    changes = model.differences([row for row in frozen if row.run == run], model.lived(run), exact=made_on == HERE)
    assert not changes, failure(changes, made_on)


def test_the_frozen_runs_are_those_that_there_are() -> None:
    assert list(dict.fromkeys(row.run for row in model.read()[1])) == list(CASES), "run `make golden`"


def test_what_changed_is_named() -> None:
    old = [Row("a", "outcomes", name, "0.25", "00") for name in ("same", "moved", "mixed", "gone")]
    new = [
        old[0],
        old[1]._replace(mean="0.26", digest="01"),
        old[2]._replace(digest="02"),
        Row("a", "outcomes", "late", "3.0", "03"),
    ]
    assert model.differences(old, new, exact=True) == [
        "a: outcomes.moved: 0.25 -> 0.26",
        "a: outcomes.mixed: 0.25, the same mean of other values",
        "vanished column: a: outcomes.gone = 0.25",
        "new column: a: outcomes.late = 3.0",
    ]
    assert model.differences(old, old, exact=True) == []


def test_another_way_to_round_is_forgiven_and_nothing_more() -> None:
    row = Row("a", "outcomes", "one", "0.25", "00")
    assert not model.differences([row], [row._replace(mean="0.25000001", digest="01")], exact=False)
    assert model.differences([row], [row._replace(mean="0.250001", digest="01")], exact=False)
    assert model.differences([row], [row._replace(mean="0.25000001", digest="01")], exact=True)
    assert close("nan", "nan") and close("", "") and close("full", "full") and close("0.0", "1e-16")
    assert not close("nan", "1.0") and not close("full", "own") and not close("", "1.0")


def test_a_failure_says_what_to_do() -> None:
    told = failure([f"line {number}" for number in range(MOST + 5)], "another machine")
    assert "make golden" in told and "CHANGELOG.md" in told and "... and 5 more" in told and "another machine" in told
    assert how(HERE) == ""


def test_the_fingerprint_names_what_rounds() -> None:
    assert f"numpy {np.__version__}" in HERE and "features" in HERE and "\n" not in HERE


def test_a_digest_sees_every_bit_and_the_type() -> None:
    column = np.array([0.1, 0.2, np.nan])
    found = {
        model._digest(column),
        model._digest(np.nextafter(column, 1.0)),
        model._digest(column.astype(np.float32)),
        model._digest(column[::-1]),
        model._digest(np.array(["a", "b", "c"], dtype=object)),
    }
    assert len(found) == 5
    assert model._digest(column) == model._digest(np.array([0.1, 0.0, 0.2, 0.0, np.nan])[::2])
    assert float(model._mean(column)) == pytest.approx(0.15) and model._mean(np.array([np.nan])) == "nan"
