"""The ledger: rows keep their numbers and their values, however much the table grows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core import archive
from sim.core.ledger import Ledger, distinct

COLUMNS = {"who": np.int32, "hours": np.float64, "open": np.bool_}


@given(
    st.lists(st.lists(st.tuples(st.integers(-9, 9), st.floats(0, 1e6), st.booleans()), max_size=7), max_size=9),
    st.integers(0, 5),
)
def test_rows_are_what_was_appended_in_order_of_arrival(
    batches: list[list[tuple[int, float, bool]]], capacity: int
) -> None:
    book = Ledger(COLUMNS, capacity)
    rows: list[tuple[int, float, bool]] = []
    for batch in batches:
        who, hours, open_ = (list(column) for column in zip(*batch, strict=True)) if batch else ([], [], [])
        numbers = book.append(len(batch), who=who, hours=hours, open=open_)
        assert numbers.tolist() == list(range(len(rows), len(rows) + len(batch)))
        rows += batch
    assert len(book) == book.size == len(rows)
    found = book.arrays()
    assert list(found) == list(COLUMNS)
    assert list(zip(*(column.tolist() for column in found.values()), strict=True)) == rows


def test_columns_have_the_types_declared_and_keep_them_when_they_grow() -> None:
    book = Ledger(COLUMNS, capacity=1)
    book.append(1000, who=7, hours=0.5, open=True)
    assert {name: column.dtype for name, column in book.arrays().items()} == {
        name: np.dtype(kind) for name, kind in COLUMNS.items()
    }
    assert {column.size for column in book.arrays().values()} == {1000}


def test_a_column_not_given_stays_zero_and_a_scalar_fills_all_rows() -> None:
    book = Ledger(COLUMNS)
    book.append(3, hours=1.5)
    assert book.who[:3].tolist() == [0, 0, 0] and book.hours[:3].tolist() == [1.5, 1.5, 1.5]
    assert not book.open[:3].any()


@given(st.lists(st.lists(st.integers(-1, 40), max_size=12), min_size=2, max_size=6))
def test_rows_are_found_among_others_as_numpy_finds_them(drawn: list[list[int]]) -> None:
    book = Ledger(COLUMNS, capacity=8)
    book.append(3, who=1)
    copy = book.copy()
    book.append(38, who=2)
    copy.append(38, who=2)
    rows, *others = (np.array(numbers, dtype=np.int64) for numbers in drawn)
    for chosen in others:  # what was marked once is not marked the next time
        for ledger in (book, copy):
            assert ledger.among(rows, chosen).tolist() == np.isin(rows, chosen).tolist()
        assert distinct(chosen).tolist() == np.unique(chosen).tolist()


def test_a_change_in_place_survives_growth() -> None:
    book = Ledger(COLUMNS, capacity=2)
    book.append(2, who=[1, 2])
    book.who[1] = 99
    book.append(500, who=3)
    assert book.who[:3].tolist() == [1, 99, 3]


def test_the_rows_in_use_are_views_of_the_columns() -> None:
    book = Ledger(COLUMNS)
    book.append(2, who=[1, 2])
    book.arrays()["who"][0] = 5
    assert book.who[0] == 5


def test_indices_are_kept_wide_and_shown_in_the_type_declared(tmp_path: Path) -> None:
    book = Ledger(COLUMNS, capacity=2, indices=["who"])
    book.append(500, who=np.arange(500))
    archive.write(tmp_path / "book.npz", book, {})
    _, node, arrays = archive.read(tmp_path / "book.npz")
    for ledger in (book, book.copy(), archive.unpack(node, arrays, {})):
        assert ledger.append(700, who=9).tolist() == list(range(500, 1200))
        assert ledger.who.dtype == np.int64 and ledger.arrays()["who"].dtype == np.int32
        assert ledger.arrays()["who"].tolist() == [*range(500), *[9] * 700]


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 5))
def test_a_row_of_none_reads_zeros_however_full_the_ledger_is(batches: list[int], capacity: int) -> None:
    book = Ledger(COLUMNS, capacity)
    for count in batches:
        book.append(count, who=7, hours=1.0, open=True)
        assert (book.who[-1], book.hours[-1], book.open[-1]) == (0, 0.0, False)


@given(st.lists(st.integers(-1, 300), max_size=200))
def test_rows_are_told_apart_as_numpy_does_it_few_or_many(numbers: list[int]) -> None:
    rows = np.array(numbers, dtype=np.int64)
    assert distinct(rows).tolist() == np.unique(rows).tolist()


def test_a_copy_is_equal_and_independent() -> None:
    book = Ledger(COLUMNS, capacity=2)
    book.append(2, who=[1, 2], hours=[0.1, 0.2])
    other = book.copy()
    for name, column in book.arrays().items():
        assert np.array_equal(column, other.arrays()[name])
        assert not np.shares_memory(column, other.arrays()[name])
    other.who[0] = 9
    assert other.append(5, who=4).tolist() == [2, 3, 4, 5, 6]
    assert book.who[0] == 1 and book.size == 2


def test_two_ledgers_never_share_a_number() -> None:
    one, two = Ledger(COLUMNS), Ledger(COLUMNS)
    one.append(1, who=3)
    assert two.size == 0 and two.who[0] == 0


def test_a_column_that_does_not_exist_is_named_together_with_those_that_do() -> None:
    book = Ledger(COLUMNS)
    with pytest.raises(AttributeError, match='"whom".*who, hours, open'):
        _ = book.whom
