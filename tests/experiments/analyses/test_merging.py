"""Folders that hold parts of an analysis make one, to the byte what one machine would have made of the whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import experiments
from experiments import Plan, Store, merge, sweep
from experiments.analyses.merging import copied_runs
from experiments.core.store import checked_json
from sim import Scenario
from sim.core.errors import StoreError
from tests.support import toy_model
from tests.support.every_analysis import SERIAL, TINY, made

REPORTING, TENANTS = "branches.reporting_hours", "residents.moving_tenants"


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


def swept(folder: Path, **changes: Any) -> Path:
    """A sweep with the toy."""
    design = {
        "design": "factorial",
        "levels": 2,
        "replicates": 2,
        "arms": ["none", "full"],
        "outcomes": ["conflicts", "filed"],
        "parameters": {REPORTING: {"levels": [0.0, 6.0]}},
        "scenario": toy_model.SMALL,
    }
    sweep(Plan.of({**design, **changes}, model=toy_model.toy), store=folder, execution=SERIAL)
    return folder


def compared(folder: Path, arms: Any = ("none", "full"), **changes: Any) -> Path:
    """A comparison with the toy."""
    fields: dict[str, Any] = {"replicates": 2, "scenario": Scenario().replace(toy_model.SMALL), "model": toy_model.toy}
    experiments.compare(arms, store=folder, execution=SERIAL, **{**fields, **changes})
    return folder


def merged(*folders: Path, out: Path, **fields: Any) -> Any:
    return merge(folders, out, execution=SERIAL, model=toy_model.toy, **fields)


def whole(folder: Path) -> dict[str, bytes]:
    """All that must be the same to the byte."""
    files = [
        path for path in folder.rglob("*") if path.is_file() and path.suffix in (".csv", ".parquet", ".npz", ".toml")
    ]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "timings.csv"} | {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("**/runs/*.json")
    }


def bytes_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("a run was made")


@pytest.mark.parametrize("within", ["", "further", "a/b"])
def test_the_new_folder_is_neither_a_folder_that_is_merged_nor_within_one(within: str, tmp_path: Path) -> None:
    folders = [compared(tmp_path / "a"), compared(tmp_path / "b", ("none", "own"))]
    before = bytes_of(tmp_path)
    with pytest.raises(
        StoreError, match="one of the folders that are merged: give a new one \\(--out, or out= in Python\\)"
    ):
        merged(*folders, out=folders[1] / within)
    assert bytes_of(tmp_path) == before


def test_a_damaged_run_is_not_counted_as_brought(tmp_path: Path) -> None:
    folders = [compared(tmp_path / "a"), compared(tmp_path / "b", ("none", "own"))]
    for record in (folders[1] / "runs").glob("*.json"):
        record.write_text("[]")
    result = merged(*folders, out=tmp_path / "whole")
    counts = [finding.values.get("runs") for finding in copied_runs(folders, result.folder)]
    assert counts == [4, 0, 6]


LEVELS = {
    name: {REPORTING: {"levels": levels}}
    for name, levels in {"a": [0.0, 6.0], "b": [3.0], "c": [0.0, 3.0, 6.0]}.items()
}
SWEEPS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "replicates": ({"replicates": 2}, {"replicates": 3}, {"replicates": 3}),
    "arms": ({"arms": ["none", "full"]}, {"arms": ["none", "own"]}, {"arms": ["none", "full", "own"]}),
    "single arms": ({"arms": ["none"]}, {"arms": ["full"]}, {"arms": ["none", "full"]}),
    "controls": (
        {"arms": ["none", "hours_matched:full"]},
        {"arms": ["none", "full"]},
        {"arms": ["none", "hours_matched:full", "full"]},
    ),
    "levels": tuple({"levels": None, "parameters": LEVELS[name]} for name in "abc"),  # type: ignore[dict-item]
    "a range": (
        {"parameters": {REPORTING: [0.0, 6.0]}},
        {"levels": 3, "parameters": {REPORTING: [0.0, 6.0]}},
        {"levels": 3, "parameters": {REPORTING: [0.0, 6.0]}},
    ),
    "one at a time": tuple({"design": "one-at-a-time", "levels": None, "parameters": LEVELS[name]} for name in "abc"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("name", SWEEPS)
def test_two_parts_of_a_sweep_are_the_whole_to_the_byte(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, both = SWEEPS[name]
    a, b = swept(tmp_path / "a", **first), swept(tmp_path / "b", **second)
    one = swept(tmp_path / "one", **both)
    before = bytes_of(a) | bytes_of(b)
    monkeypatch.setattr("experiments.core.run.job.do", refuse)
    result = merged(a, b, out=tmp_path / "both")
    assert result.finished and result.provenance["complete"] and whole(tmp_path / "both") == whole(one)
    assert bytes_of(a) | bytes_of(b) == before, "the folders are as they were"
    assert experiments.open(tmp_path / "both").tables["table"].equals(experiments.open(one).tables["table"])


def test_the_rows_of_two_tables_are_those_of_one(tmp_path: Path) -> None:
    for name, rows in {"a": "0\n6", "b": "3\n6", "one": "0\n6\n3"}.items():
        (tmp_path / f"{name}.csv").write_text(f"{REPORTING}\n{rows}\n", encoding="utf-8")
        swept(tmp_path / name, design="table", levels=None, file=str(tmp_path / f"{name}.csv"), parameters={})
    merged(tmp_path / "a", tmp_path / "b", out=tmp_path / "both")
    assert whole(tmp_path / "both") == whole(tmp_path / "one")


def test_parts_of_a_comparison_are_the_whole_to_the_byte(tmp_path: Path) -> None:
    a = compared(tmp_path / "a")
    b = compared(tmp_path / "b", ["none", "own", "hours_matched:full"], replicates=3)
    c = compared(tmp_path / "c", ["none", "full"], replicates=3)
    one = compared(tmp_path / "one", ["none", "full", "own", "hours_matched:full"], replicates=3)
    result = merged(a, b, c, out=tmp_path / "all")
    assert result.provenance["complete"] and whole(tmp_path / "all") == whole(one)


def test_two_interrupted_folders_of_one_design_complete_each_other(tmp_path: Path) -> None:
    one = compared(tmp_path / "one", ["none", "full", "hours_matched:full"])
    for name, rest in (("a", 0), ("b", 1)):
        shutil.copytree(one, tmp_path / name)
        for place, path in enumerate(sorted((tmp_path / name / "runs").glob("*.json"))):
            if place % 2 == rest:
                for part in path.parent.glob(f"{path.stem}*"):
                    part.unlink()
    merged(tmp_path / "a", tmp_path / "b", out=tmp_path / "both")
    assert whole(tmp_path / "both") == whole(one)


def test_what_is_in_no_folder_is_missing_until_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = swept(tmp_path / "a", replicates=3), swept(tmp_path / "b", arms=["none", "own"])
    one = swept(tmp_path / "one", arms=["none", "full", "own"], replicates=3)
    part = merged(a, b, out=tmp_path / "both")
    assert not part.provenance["complete"] and len(part.runs) == 16
    merged(a, b, out=tmp_path / "both", run=True)
    assert whole(tmp_path / "both") == whole(one)


def test_an_interrupted_merge_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = swept(tmp_path / "a"), swept(tmp_path / "b", arms=["none", "own"])
    one = swept(tmp_path / "one", arms=["none", "full", "own"])
    copy, count = Store.copy, []

    def stopping(store: Store, key: str, other: Store) -> None:
        count.append(key)
        if len(count) == 4:
            raise KeyboardInterrupt
        copy(store, key, other)

    monkeypatch.setattr(Store, "copy", stopping)
    with pytest.raises(KeyboardInterrupt):
        merged(a, b, out=tmp_path / "both")
    merged(a, b, out=tmp_path / "both")
    assert whole(tmp_path / "both") == whole(one) and len(count) == len(list((one / "runs").glob("*.json"))) + 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seed": 2}, "  - seed: 1 there, 2 now"),
        ({"scenario": {**toy_model.SMALL, "residents.educated": 0.25}}, "  - residents.educated: "),
        ({"outcomes": ["conflicts"]}, "  - outcomes: filed there and not now"),
        (
            {"arms": {"none": "none", "full": {"coverage.strategy": "own"}}},
            "  - arms, full, coverage.strategy: full there, own now",
        ),
        ({"arms": ["full", "own"], "baseline": "own"}, "  - baseline: none there, own now"),
        ({"parameters": {TENANTS: [0.1, 0.2]}}, f"  - parameters: {REPORTING} there, {TENANTS} now"),
        (
            {"design": "latin", "levels": None, "points": 4, "parameters": {REPORTING: [0.0, 6.0]}},
            "  - design: factorial there, latin now",
        ),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    a, b = swept(tmp_path / "a"), swept(tmp_path / "b", **changes)
    with pytest.raises(StoreError) as error:
        merged(a, b, out=tmp_path / "both")
    assert f"{b} does not fit {a}" in str(error.value) and says in str(error.value), str(error.value)
    assert not (tmp_path / "both").exists()


def test_points_that_do_not_nest_are_refused_with_those_that_do(tmp_path: Path) -> None:
    latin = {"design": "latin", "levels": None, "parameters": {REPORTING: [0.0, 6.0]}}
    a, b = swept(tmp_path / "a", **latin, points=2), swept(tmp_path / "b", **latin, points=4)
    with pytest.raises(StoreError, match="few are no part of many; levels of a factorial"):
        merged(a, b, out=tmp_path / "both")
    c = swept(tmp_path / "c", **latin, points=2, arms=["none", "own"])
    assert merged(a, c, out=tmp_path / "more").provenance["complete"], "the same points are no misfit"


def test_another_version_of_the_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a = swept(tmp_path / "a")
    with monkeypatch.context() as patched:
        patched.setattr("experiments.core.design.design.model_version", lambda _=None: "9.9 another")
        b, c = swept(tmp_path / "b", replicates=3), swept(tmp_path / "c")
    with pytest.raises(StoreError, match=r"the model's code: .* there, 9\.9 another now"):
        merged(a, b, out=tmp_path / "both")
    with pytest.raises(StoreError, match=r"made by version 9\.9 another of the model, and this is "):
        merged(b, c, out=tmp_path / "both")


def test_one_run_with_two_results_is_refused(tmp_path: Path) -> None:
    a, b = swept(tmp_path / "a"), swept(tmp_path / "b", replicates=3)
    store = Store(b)
    row = store.design_table().iloc[0]
    changed = store.outcomes(row["run"]).assign(conflicts=7.0)
    store.save(row["run"], changed)
    with pytest.raises(
        StoreError, match=rf'run {row["run"]} \(arm "{row["arm"]}", replicate 0\): another result than in'
    ):
        merged(a, b, out=tmp_path / "both")


def test_a_run_that_failed_in_one_folder_is_taken_from_the_other(tmp_path: Path) -> None:
    a, b, one = swept(tmp_path / "a"), swept(tmp_path / "b", replicates=3), swept(tmp_path / "one", replicates=3)
    Store(a).fail(Store(a).design_table()["run"][0], "its process died")
    merged(a, b, out=tmp_path / "both")
    assert whole(tmp_path / "both") == whole(one)


def test_folders_that_cannot_be_merged_at_all(tmp_path: Path) -> None:
    a, b = swept(tmp_path / "a"), compared(tmp_path / "b")
    made("signmap", tmp_path / "map")
    for folders, out, says in (
        ([a], "both", "at least two different folders"),
        ([a, a], "both", "at least two different folders"),
        ([a, b], "a", "is one of the folders that are merged"),
        ([a, b], "both", "the kind of analysis: sweep there, comparison now"),
        ([a, tmp_path / "map"], "both", r"cannot be merged \(signmap\)"),
        ([a, tmp_path / "nothing"], "both", "holds no experiment"),
    ):
        with pytest.raises(StoreError, match=says):
            merged(*folders, out=tmp_path / out)


def test_another_experiment_is_not_overwritten(tmp_path: Path) -> None:
    a, b, other = swept(tmp_path / "a"), swept(tmp_path / "b", replicates=3), swept(tmp_path / "c", seed=5)
    with pytest.raises(StoreError, match="holds another experiment"):
        merged(a, b, out=other)


def test_the_command_merges_and_says_what_it_took(gongzhi: Any, tmp_path: Path) -> None:
    world = {"scenario": Scenario().replace(TINY), "model": None, "outcomes": ["conflicts"]}
    a = compared(tmp_path / "a", **world)
    b = compared(tmp_path / "b", ["none", "own"], **{**world, "replicates": 3})
    status, out, err = gongzhi("merge", a, b, "--out", tmp_path / "both")
    assert status == 0, err
    assert f"4 runs are from {a}." in out and f"4 runs are from {b}." in out
    assert "1 of 9 runs of the merged design is in none of the folders" in out
    status, out, _ = gongzhi("merge", a, b, "--out", tmp_path / "both", "--run", "--executor", "serial", "--lang", "zh")
    assert status == 0 and "9" in out and "合并" in out
    one = compared(tmp_path / "one", ["none", "full", "own"], **{**world, "replicates": 3})
    assert whole(tmp_path / "both") == whole(one)
    assert checked_json.from_bytes((tmp_path / "both" / "experiment.json").read_bytes())["complete"]  # type: ignore[index]
    status, _, err = gongzhi("merge", a, b)
    assert status == 2 and "--out" in err
    status, out, _ = gongzhi("merge", "--help")
    assert status == 0 and "--run" in out


@pytest.mark.slow
def test_a_range_over_assumptions_is_merged_with_its_comparison(tmp_path: Path) -> None:
    world: dict[str, Any] = {
        "scenario": Scenario().replace(TINY),
        "model": None,
        "outcomes": ["conflicts"],
        "assumptions": 16,
    }
    a, b = compared(tmp_path / "a", **world), compared(tmp_path / "b", ["none", "own"], **world)
    one = compared(tmp_path / "one", ["none", "full", "own"], **world)
    result = merge([a, b], tmp_path / "both", execution=SERIAL)
    assert result.provenance["complete"] and whole(tmp_path / "both") == whole(one)
