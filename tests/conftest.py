"""What all tests share: one BLAS thread, a plain backend, a steady hypothesis."""

from __future__ import annotations

import os
import sys
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


@pytest.fixture(autouse=True)
def quick_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the disk in slow tests only: what others write is thrown away."""
    if not request.node.get_closest_marker("slow"):
        monkeypatch.setattr(os, "fsync", lambda _: None)


KNOWN = (
    ("sim.outcomes.definitions", "_OWN"),
    ("sim.policies.coverage.strategies", "_registry"),
    ("experiments.core.design.user_strategies", "_loaded"),
)
"""Where a process keeps what of a user's own it knows by name: outcomes, strategies, plugins."""


@pytest.fixture(autouse=True)
def known_as_before() -> Iterator[None]:
    """Forget after each test what of a user's own it made known: the next one must not hang on it."""
    places = [vars(sys.modules[module])[name] for module, name in KNOWN if module in sys.modules]
    before = [dict(place) for place in places]
    yield
    for place, kept in zip(places, before, strict=True):
        if place != kept:
            place.clear()
            place.update(kept)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100b138f6140000"
    "000049454e44ae426082"
)
"""The smallest picture there is, as PNG."""


@pytest.fixture(autouse=True)
def blank_figures(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a blank picture in the place of every figure of a report, since drawing takes longer than all else in it.

    Tests that look at the pictures of a report are marked `drawn`; slow tests draw them too.  The figures themselves
    are drawn in ``tests/experiments/figures`` and, of every analysis, in ``test_registry.py``.
    """
    if request.node.get_closest_marker("slow") or request.node.get_closest_marker("drawn"):
        return

    def blank(folder: Path, name: str, figure: object, lang: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
        (folder / f"{name}.png").write_bytes(PIXEL)
        return folder / f"{name}.png"

    if "experiments.analyses.result" in sys.modules:
        monkeypatch.setattr("experiments.analyses.result.draw_into", blank)


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the workers of a session share finished analyses."""
    own = tmp_path_factory.getbasetemp()
    if every_analysis := sys.modules.get("tests.support.every_analysis"):
        every_analysis.keep_in((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "analyses")


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
