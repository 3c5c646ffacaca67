"""What the laboratory's tests share: a small world, and comparisons with the toy model."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from experiments import Comparison, Execution, compare
from experiments.cli import app as cli
from experiments.core.log import log
from tests.support import toy_experiments, toy_model


@pytest.fixture(scope="session", autouse=True)
def pool() -> Iterator[None]:
    """End the pool of processes with the tests, so that no worker outlives them."""
    yield
    if "loky" in sys.modules:
        from loky import get_reusable_executor

        get_reusable_executor(max_workers=1).shutdown(wait=True, kill_workers=True)


@pytest.fixture(scope="session")
def small() -> sim.Scenario:
    """A scenario of a dozen estates and thirty weeks."""
    return sim.Scenario().replace(toy_model.SMALL)


@pytest.fixture
def toy_compare(small: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return `compare` on the toy, in this process, and without waiting for the disk."""
    monkeypatch.setattr("os.fsync", lambda _: None)

    def run(arms: Any = toy_model.ARMS, store: Path | None = None, **others: Any) -> Comparison:
        settings = {
            "replicates": 2,
            "scenario": small,
            "model": toy_model.toy,
            "execution": Execution(executor="serial", progress=False),
        }
        return compare(arms, store=store, **{**settings, **others})

    return run


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the toy in the model's place, and let no figure be drawn."""
    monkeypatch.setattr("experiments.core.run.job.GovernanceModel", toy_model.toy)
    monkeypatch.setattr("experiments.analyses.compare.comparison.Comparison.report", lambda self, lang: None)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of all that is logged, which without this would be warnings."""
    texts: list[str] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: texts.append(record.getMessage()))
    monkeypatch.setattr(log, "handlers", [handler])
    return texts


@pytest.fixture
def gongzhi(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command in an empty folder: status, output, complaints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.fsync", lambda _: None)

    def command(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gongzhi", *map(str, words)])
        status = 0
        try:
            cli.main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return status, shown.out, shown.err

    return command


# Complete stores, for tests of what befalls them


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of uninterrupted experiments: the quick toy's by kind, and the slow one's by `slow` and kind."""
    folder = tmp_path_factory.mktemp("complete")
    for kind, make in toy_experiments.KINDS.items():
        make(folder / kind)
        make(folder / f"slow {kind}", model=toy_model.slow)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def expected(complete: dict[str, Path]) -> dict[str, dict[str, bytes]]:
    """What they hold."""
    return {name: toy_experiments.whole(folder) for name, folder in complete.items()}


@pytest.fixture
def stores(tmp_path: Path, complete: dict[str, Path]) -> Any:
    """Give a copy of a store that is complete."""

    def copy(kind: str) -> Path:
        return Path(shutil.copytree(complete[kind], tmp_path / "a"))

    return copy
