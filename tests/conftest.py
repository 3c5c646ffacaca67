"""What all tests share: one BLAS thread, a plain backend, a steady hypothesis."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim import District

# Set here, before any test imports NumPy or matplotlib.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples in every run: what is red here is red for everybody, and a slow machine does not fail.
settings.register_profile("gongzhi", deadline=None, derandomize=True, database=None)
settings.load_profile("gongzhi")


@pytest.fixture(autouse=True)
def environment_as_before() -> Iterator[None]:
    """Give back the environment that a test changed: a command sets variables for the processes it starts."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def small_district() -> District:
    """Forty estates; a district never changes, so one serves the whole session."""
    from sim import District

    return District.synthetic(estates=40, seed=1)


@pytest.fixture(scope="session")
def nanshan_table() -> Path:
    """The real district's table, which is not part of the repository; `GONGZHI_NANSHAN` says where it is."""
    beside = ROOT.parent / "shared" / "data" / "nanshan_estates.csv"
    path = Path(os.environ.get("GONGZHI_NANSHAN", beside))
    if not path.is_file():
        pytest.skip("the real district's table is not here; GONGZHI_NANSHAN can say where it is")
    return path
