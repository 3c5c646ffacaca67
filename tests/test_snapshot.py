"""Stop, save, load, go on: to the byte what the whole run gives; and files that are not what they should be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim.core.archive as archive
import sim.snapshot as snapshot
from sim import GongzhiError, GovernanceModel, Scenario
from sim.component import fixed
from sim.core.errors import SnapshotError
from sim.core.ledger import Ledger

WEEKS = 44
EVERYTHING = {
    "district.estates": 24,
    "coverage.strategy": "full",
    "run.weeks": WEEKS,
    "run.warmup": 16,
    "outcomes.record_estates": True,
}


def scenario(**changes: object) -> Scenario:

    return Scenario().replace(EVERYTHING).with_everything_on().replace(changes)


@pytest.fixture(scope="module")
def whole() -> GovernanceModel:
    model = GovernanceModel(scenario(), rng=5)
    model.run(progress=False)
    return model


def same(one: GovernanceModel, two: GovernanceModel) -> bool:
    return (
        one.outcomes.to_csv() == two.outcomes.to_csv()
        and one.estate_outcomes.to_csv() == two.estate_outcomes.to_csv()
        and one.disputes.to_frame().to_csv() == two.disputes.to_frame().to_csv()
        and np.array_equal(one.policy_hours, two.policy_hours)
        and all(
            np.array_equal(array, two.populations[kind].arrays()[name], equal_nan=array.dtype.kind == "f")
            for kind, population in one.populations.items()
            for name, array in population.arrays().items()
        )
    )


@pytest.mark.parametrize("stop", [0, 1, 15, 16, 17, 29, 43, 44])
def test_stop_save_load_continue_is_the_whole_run(whole: GovernanceModel, tmp_path: Path, stop: int) -> None:
    model = GovernanceModel(scenario(), rng=5)
    model.run(weeks=stop, progress=False)
    model.save(tmp_path / "week.npz")
    loaded = GovernanceModel.load(tmp_path / "week.npz")
    assert loaded.week == loaded.steps == stop and loaded.seed == 5 and loaded.scenario == model.scenario
    loaded.run(progress=False)
    assert same(loaded, whole)
    # Saving disturbs nobody.
    model.run(progress=False)
    assert same(model, whole)


def test_a_saved_fork_and_a_fork_of_a_saved_model_agree(tmp_path: Path) -> None:
    model = GovernanceModel(scenario(**{"coverage.strategy": "none"}), rng=2)
    model.run(weeks=16, progress=False)
    model.save(tmp_path / "trunk.npz")
    other = scenario(**{"coverage.strategy": "own", "branches.reporting_hours": 0.5})
    fork = model.fork(other)
    fork.run(weeks=5, progress=False)
    fork.save(tmp_path / "branch.npz")
    fork.run(progress=False)
    again = GovernanceModel.load(tmp_path / "branch.npz")
    again.run(progress=False)
    anew = GovernanceModel.load(tmp_path / "trunk.npz").fork(other)
    anew.run(progress=False)
    assert same(again, fork) and same(anew, fork)


def test_a_replayed_control_keeps_its_hours(tmp_path: Path) -> None:
    full = GovernanceModel(scenario(), rng=5)
    full.run(progress=False)
    matched = scenario(**{"coverage.strategy": "hours_matched_tied:full"})
    model = GovernanceModel(matched, rng=5, replay=full.policy_hours)
    model.run(weeks=20, progress=False)
    model.save(tmp_path / "matched.npz")
    loaded = GovernanceModel.load(tmp_path / "matched.npz")
    for one in (model, loaded):
        one.run(progress=False)
    assert same(model, loaded)


def test_a_users_own_ground_is_saved_with_the_model(tmp_path: Path) -> None:
    from sim import District

    table = tmp_path / "mine.csv"
    table.write_text("estate,households\n" + "\n".join(f"N{k},{200 + 50 * k}" for k in range(9)), encoding="utf-8")
    model = GovernanceModel(Scenario(), district=District.from_csv(table), rng=1)
    model.run(weeks=3, progress=False)
    model.save(tmp_path / "mine.npz")
    table.unlink()
    loaded = GovernanceModel.load(tmp_path / "mine.npz")
    assert list(loaded.district.names) == list(model.district.names)
    assert loaded.district.notes == model.district.notes
    assert loaded.district.fingerprint == model.district.fingerprint


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("saved") / "model.npz"
    model = GovernanceModel(Scenario().replace({"district.estates": 2, "run.weeks": 30, "run.warmup": 10}), rng=1)
    model.run(weeks=4, progress=False)
    model.save(path)
    return path.read_bytes()


def test_no_file_needs_pickle(saved: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(saved)
    with np.load(path, allow_pickle=False) as file:
        assert all(not file[name].dtype.hasobject for name in file.files)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_was_not_damaged_where_it_matters(
    saved: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "m.npz"
    if data.draw(st.booleans()):
        content = saved[: data.draw(st.integers(0, len(saved) - 1))]
    else:
        place = data.draw(st.integers(0, len(saved) - 1))
        content = saved[:place] + bytes([saved[place] ^ data.draw(st.integers(1, 255))]) + saved[place + 1 :]
    path.write_bytes(content)
    try:
        model = GovernanceModel.load(path)
    except SnapshotError as error:
        assert "m.npz" in str(error) and "\n" not in str(error)
        return
    path.write_bytes(saved)
    sound = GovernanceModel.load(path)
    for one in (model, sound):
        one.run(weeks=3, progress=False)
    assert same(model, sound)


def rewritten(saved: bytes, tmp_path: Path, change: dict[str, object]) -> Path:
    """Write the file anew with another description, all checksums right."""
    path = tmp_path / "m.npz"
    path.write_bytes(saved)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    description = json.loads(arrays["description"].tobytes()) | change
    arrays["description"] = np.frombuffer(json.dumps(description).encode(), dtype=np.uint8)
    with open(path, "wb") as out:
        np.savez(out, **arrays)
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 99}, ["format 99", "format 1"]),
        ({"about": {"version": "9.9.9"}}, ["9.9.9", "this is"]),
        ({"state": {"dict": {}}}, ["damaged"]),
        ({"state": 3}, ["damaged"]),
        ({"state": {"record": "Popen", "fields": {}}}, ["damaged"]),
        ({"state": {"nonsense": []}}, ["damaged"]),
    ],
)
def test_a_file_of_another_kind_is_refused_clearly(
    saved: bytes, tmp_path: Path, change: dict[str, object], words: list[str]
) -> None:
    path = rewritten(saved, tmp_path, change)
    with pytest.raises(SnapshotError) as caught:
        GovernanceModel.load(path)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("content", [b"", b"estate,households\n", b"PK\x03\x04", b"\x93NUMPY" + bytes(80)])
def test_what_is_no_saved_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match="saved model"):
        GovernanceModel.load(path)


def test_a_pickle_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, description=np.array([{"a": print}], dtype=object))
    with pytest.raises(SnapshotError):
        GovernanceModel.load(path)


def test_missing_and_unwritable_places_are_named(tmp_path: Path) -> None:
    model = GovernanceModel(Scenario().replace({"district.estates": 1}), rng=1)
    with pytest.raises(GongzhiError, match="no such file"):
        GovernanceModel.load(tmp_path / "none.npz")
    with pytest.raises(GongzhiError, match="cannot be written"):
        model.save(tmp_path / "no" / "folder" / "x.npz")
    with pytest.raises(GongzhiError, match=r"ends in \.npz"):
        model.save(tmp_path / "model.pkl")
    with pytest.raises(GongzhiError, match="cannot be read"):
        GovernanceModel.load(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_every_component_keeps_only_what_can_be_saved(whole: GovernanceModel) -> None:
    for name, component in whole.mechanisms.items():
        aside: dict[str, np.ndarray] = {}
        described = json.loads(json.dumps(archive.pack(component.state(), aside)))
        assert archive.unpack(described, aside, snapshot._RECORDS).keys() == component.state().keys(), name


def test_what_a_component_must_not_keep_is_refused_at_once() -> None:
    for value in (object(), {1: 2}, {1, 2}, lambda: 0, np.array([{}], dtype=object)):
        with pytest.raises(TypeError):
            archive.pack(value, {})


def test_values_come_back_as_they_were() -> None:
    book = Ledger({"a": np.int16})
    book.append(3, a=[1, 2, 3])
    value = {
        "array": np.arange(3.0),
        "fixed": fixed(np.ones(2)),
        "list": [1, "x", None, True],
        "tuple": (1.5, (2,)),
        "rows": [np.zeros(2), np.ones(2)],
        "empty": [],
        "scalar": np.float32(1.25),
        "nan": float("nan"),
        "book": book,
    }
    aside: dict[str, np.ndarray] = {}
    back = archive.unpack(json.loads(json.dumps(archive.pack(value, aside))), aside, {})
    assert back.keys() == value.keys()
    assert back["array"].flags.writeable and not back["fixed"].flags.writeable
    assert back["list"] == value["list"] and back["tuple"] == value["tuple"] and back["empty"] == []
    assert [row.tolist() for row in back["rows"]] == [[0, 0], [1, 1]]
    assert back["scalar"] == np.float32(1.25) and type(back["scalar"]) is np.float32
    assert np.isnan(back["nan"]) and back["book"].a[: back["book"].size].tolist() == [1, 2, 3]
    back["book"].append(2000, a=1)
