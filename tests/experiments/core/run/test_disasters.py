"""Disasters: nothing that ended is lost, nothing is counted twice, a person is told, and the bytes are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments import Store
from experiments import open as reopened
from sim.core.errors import StoreError
from tests.support import disaster_programs, toy_experiments
from tests.support.repository import ROOT
from tests.support.toy_experiments import KINDS, counted_once, whole

BOTH = pytest.mark.parametrize("kind", ["swept", "compared"])
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are told apart by /proc")


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


def described(folder: Path) -> dict[str, Any]:
    """Read `experiment.json`, but for the revision, since somebody may commit meanwhile."""
    found = json.loads((folder / "experiment.json").read_text(encoding="utf-8"))
    return {name: value for name, value in found.items() if name not in ("revision", "checksum")}


# A full disk ---------------------------------------------------------------------------------------------------------


@LINUX
@pytest.mark.parametrize(
    ("kind", "workers", "kilobytes"),
    [
        ("swept", "serial", 0),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                ("swept", "serial", 240),
                ("swept", "2", 240),
                ("compared", "2", 240),
                ("compared", "serial", 240),
                ("compared", "serial", 0),
            )
        ),
    ],
)
def test_a_full_disk_keeps_what_ended_says_so_and_goes_on(
    kind: str, workers: str, kilobytes: int, tmp_path: Path, expected: Any, record_property: Any
) -> None:
    """The disk is a real one of 240 kB; with 0, or where none may be mounted, the system limits the size of files."""
    mounts = disaster_programs.own_mounts() if kilobytes else []
    words = [
        *mounts,
        sys.executable,
        "-m",
        "tests.support.disaster_programs",
        "full",
        str(tmp_path),
        kind,
        workers,
        str(kilobytes if mounts else 0),
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    record_property("disk", told["how"])
    print(f"The disk was {told['how']}.")
    room = "No space left on device" if told["how"] == "a tmpfs" else "File too large"
    assert told["how"] == ("a tmpfs" if mounts else "a limit on the size of files")
    for text in (told["said"], told["again"]):
        assert room in text and "What was finished is kept" in text and "the same command goes on from there" in text
    runs = toy_experiments.RUNS if kind == "swept" else 10
    assert 0 < told["ended"] <= told["kept"] < runs, "too small or too large"
    assert told["same"], "a run that had ended was run again"
    assert whole(tmp_path / "found") == expected[f"slow {kind}"] and counted_once(tmp_path / "found")


def test_where_not_even_the_lock_can_be_written_a_person_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: Any, **__: Any) -> None:
        path.touch()  # a file of no length still has room
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_text", full)
        with pytest.raises(StoreError, match=r"No space left.*the same command goes on"):
            toy_experiments.compared(tmp_path / "a")
    assert not list((tmp_path / "a").glob(".lock*"))


# Damaged files -------------------------------------------------------------------------------------------------------


def damage(path: Path, how: str) -> None:
    """Cut a file in the middle, change a byte of it, empty it, or lose it."""
    data = bytearray(path.read_bytes())
    # Near the beginning, where a table has its values: further on there are bytes that say nothing.
    data[min(60, len(data) // 2)] ^= 255
    path.unlink()
    if how != "lose":
        path.write_bytes({"cut": data[: len(data) // 2], "flip": data, "empty": b""}[how])


@pytest.mark.parametrize("suffix", [".parquet", ".hours.npz", ".json"])
@pytest.mark.parametrize("how", ["cut", "flip", "empty", "lose"])
def test_a_damaged_file_of_a_sweep_is_made_again_and_no_other(
    how: str, suffix: str, stores: Any, expected: Any, said: list[str]
) -> None:
    folder = stores("swept")
    path = min(folder.glob(f"runs/*{suffix}"))
    key = path.name.removesuffix(suffix)
    damage(path, how)
    others = {place: place.stat().st_ino for place in folder.glob("runs/*") if not place.name.startswith(key)}
    toy_experiments.swept(folder)
    assert whole(folder) == expected["swept"] and counted_once(folder)
    assert {place: place.stat().st_ino for place in others} == others
    lost = suffix == ".json" and how == "lose"
    assert said == ([] if lost else [f"The files of run {key} are damaged; it is run again."])


@BOTH
@pytest.mark.parametrize("how", ["cut", "flip", "empty", "lose"])
@pytest.mark.parametrize("name", ["experiment.json", "design.parquet", "district-0.csv", "scenario.toml", "table.csv"])
def test_what_describes_an_experiment_is_made_again_and_no_run(
    kind: str, name: str, how: str, stores: Any, expected: Any, said: list[str]
) -> None:
    folder = stores(kind)
    before = described(folder)
    runs = {path: path.stat().st_ino for path in folder.glob("runs/*")}
    damage(folder / name, how)
    KINDS[kind](folder)
    assert whole(folder) == expected[kind]
    assert {path: path.stat().st_ino for path in folder.glob("runs/*")} == runs
    assert described(folder) == before
    assert len(said) == (name != "table.csv") and all(name in text for text in said), said
    if name == "experiment.json":
        assert (folder / "experiment.json.damaged").exists() == (how != "lose")
        said.clear()
        KINDS[kind](folder)
        assert said == []


@BOTH
def test_all_files_damaged_at_once_are_all_made_again(kind: str, stores: Any, expected: Any, said: list[str]) -> None:
    folder = stores(kind)
    for number, path in enumerate(sorted(path for path in folder.rglob("*") if path.is_file())):
        damage(path, ("cut", "flip", "empty")[number % 3])
    KINDS[kind](folder)
    assert whole(folder) == expected[kind] and counted_once(folder)
    assert len(said) == 2 and "experiment.json is damaged" in said[0] and "they are run again" in said[1]


@BOTH
@pytest.mark.parametrize("how", ["cut", "flip", "empty", "lose"])
def test_with_a_damaged_list_of_runs_the_runs_of_a_folder_without_experiment_json_are_kept(
    kind: str, how: str, stores: Any, expected: Any, said: list[str]
) -> None:
    folder = stores(kind)
    runs = {path: path.stat().st_ino for path in folder.glob("runs/*")}
    damage(folder / "experiment.json", "lose")
    damage(folder / "design.parquet", how)
    KINDS[kind](folder)
    assert whole(folder) == expected[kind] and "is gone" in said[0]
    assert {path: path.stat().st_ino for path in folder.glob("runs/*")} == runs


@BOTH
def test_without_experiment_json_another_experiment_is_refused_and_changes_nothing(kind: str, stores: Any) -> None:
    folder = stores(kind)
    damage(folder / "experiment.json", "cut")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    other = {"swept": toy_experiments.compared, "compared": toy_experiments.swept}[kind]
    with pytest.raises(StoreError, match="is damaged, and what is asked for is not what"):
        other(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_any_byte_of_a_record_that_changes_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.runs.mkdir()
    store.save("a", pd.DataFrame({"week": [0, 1], "conflicts": [0.5, 0.25]}), warnings=["a word"])
    assert store.status("a") == "done"
    for path in sorted(store.runs.iterdir()):
        data = path.read_bytes()
        for place in range(0, len(data), 1 if path.suffix == ".json" else 29):
            changed = bytearray(data)
            changed[place] ^= 1
            path.write_bytes(changed)
            assert store.status("a") == "missing", (path.name, place)
        path.write_bytes(data)
    store.fail("b", "it was injected")
    assert store.status("a") == "done" and store.status("b") == "failed"


def test_a_damaged_run_is_left_out_of_what_is_read_again_and_named(stores: Any) -> None:
    folder = stores("compared")
    path = min(folder.glob("runs/*.estates.parquet"))
    key = path.name.partition(".")[0]
    damage(path, "flip")
    again = reopened(folder)
    assert key not in again.outcome.done and key in again.outcome.warnings[0]
    assert list(again.design.set_index("run").loc[[key], "status"]) == ["missing"]
    damage(folder / "design.parquet", "cut")
    with pytest.raises(StoreError, match=r"design\.parquet cannot be read: it is damaged"):
        reopened(folder)
