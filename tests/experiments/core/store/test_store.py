"""The store: whole at every moment, and strict about what it holds."""

import errno
import json
import os
import subprocess
import sys

import pytest

from experiments import Design, Store
from experiments import open as reopened
from experiments.core.store.files import hold, replace_file
from sim.core.errors import StoreError
from tests.support import toy_model
from tests.support.toy_experiments import contents


def test_the_same_call_again_runs_nothing_and_changes_no_byte(toy_compare, tmp_path, monkeypatch):
    toy_compare(store=tmp_path / "a")
    before = {**contents(tmp_path / "a"), "e": (tmp_path / "a/experiment.json").read_bytes()}
    monkeypatch.setattr(toy_model, "ToyModel", None)
    toy_compare(store=tmp_path / "a")
    assert before == {**contents(tmp_path / "a"), "e": (tmp_path / "a/experiment.json").read_bytes()}


def test_experiment_json_says_what_was_done(toy_compare, tmp_path):
    result = toy_compare(store=tmp_path / "a", question="Why?", command="gongzhi compare")
    found = json.loads((tmp_path / "a/experiment.json").read_text(encoding="utf-8"))
    assert found["complete"] is True and found["question"] == "Why?" and found["command"] == "gongzhi compare"
    assert len(found["seeds"]) == 2 and found["versions"]["numpy"] and found["failed"] == []
    assert set(found["checksums"]) == {path.name for path in (tmp_path / "a/runs").iterdir()} - {
        f"{key}.json" for key in result.outcome.done
    }


@pytest.mark.parametrize("suffix", [".parquet", ".estates.parquet", ".hours.npz", ".json"])
@pytest.mark.parametrize("damage", ["cut", "flip", "lose"])
def test_a_damaged_file_is_noticed_and_made_again(toy_compare, tmp_path, said, suffix, damage):
    first = toy_compare(store=tmp_path / "a")
    before = contents(tmp_path / "a")
    key = next(run.key for run in first.outcome.design.runs if run.keep_hours)
    path = tmp_path / "a/runs" / f"{key}{suffix}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.unlink()
    if damage != "lose":
        path.write_bytes(data if damage == "flip" else data[: len(data) // 2])
    toy_compare(store=tmp_path / "a")
    assert contents(tmp_path / "a") == before
    if suffix != ".json":
        assert said == [f"The files of run {key} are damaged; it is run again."]


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ({"seed": 2}, "seed: 1 there, 2 now"),
        ({"weeks": 40}, "run.weeks: 30 there, 40 now"),
        ({"arms": ["none", "own"]}, 'arm "full": there, not asked for now'),
        ({"arms": [*toy_model.ARMS, "joint"]}, 'arm "joint": new'),
        ({"replicates": 3}, "replicates: 2 there, 3 now"),
        ({"model": toy_model.slow}, "the model's code"),
        ({"districts": 2}, "districts: 1 there, 2 now"),
    ],
)
def test_another_design_is_refused_naming_what_differs(toy_compare, tmp_path, others, says):
    toy_compare(store=tmp_path / "a")
    before = contents(tmp_path / "a")
    with pytest.raises(StoreError, match=says):
        toy_compare(store=tmp_path / "a", **others)
    assert contents(tmp_path / "a") == before
    assert not list((tmp_path / "a").glob(".lock*"))


@pytest.mark.parametrize(
    "others",
    [{"replicates": 3}, {"arms": ["joint", "hours_matched:full"], "replicates": 3}, {"districts": 2}],
)
def test_extending_gives_what_one_call_would_have_given(toy_compare, tmp_path, others):
    arms = ["none", "full"]
    toy_compare(arms, store=tmp_path / "a")
    grown = toy_compare(**{"arms": arms, **others}, store=tmp_path / "a", extend=True)
    whole = list(dict.fromkeys([*arms, *others.get("arms", [])]))
    toy_compare(**{**others, "arms": whole}, store=tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert grown.info["complete"]


def test_extending_cannot_change_what_was_run(toy_compare, tmp_path):
    toy_compare(store=tmp_path / "a")
    with pytest.raises(StoreError, match="seed") as caught:
        toy_compare(store=tmp_path / "a", seed=2, extend=True)
    assert "--extend" not in str(caught.value)


def test_the_order_of_arms_in_a_later_call_does_not_matter(toy_compare, tmp_path):
    toy_compare(store=tmp_path / "a")
    before = contents(tmp_path / "a")
    toy_compare(toy_model.ARMS[::-1], store=tmp_path / "a")
    assert contents(tmp_path / "a") == before


def test_a_result_can_be_extended_in_place(toy_compare):
    result = toy_compare(["none", "own"], replicates=2)
    assert result.table["replicates"].eq(2).all()
    assert result.extend(replicates=3) is result
    assert result.table["replicates"].eq(5).all()
    result.extend(arms=["full"])
    assert set(result.table["strategy"]) == {"none", "own", "full"}


def test_a_comparison_is_read_again_from_its_folder(toy_compare, tmp_path):
    first = toy_compare(store=tmp_path / "a")
    again = reopened(tmp_path / "a")
    for name in ("table", "series", "estates", "design"):
        assert getattr(first, name).equals(getattr(again, name)), name
    assert again.district == first.district and again.scenario == first.scenario


def test_without_a_folder_the_files_go_when_the_result_does(toy_compare):
    result = toy_compare(["none", "own"], replicates=2)
    folder = result.folder
    assert (folder / "table.csv").exists()
    del result
    assert not folder.exists()


@pytest.mark.parametrize("where", ["file/inside", "file"])
def test_a_folder_that_cannot_be_is_refused_before_the_first_step(toy_compare, tmp_path, where, monkeypatch):
    monkeypatch.setattr(toy_model, "ToyModel", None)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match="cannot be written to .*file"):
        toy_compare(store=tmp_path / where)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_without_permission_is_refused(toy_compare, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        toy_compare(store=tmp_path / "a")


def test_a_folder_with_other_peoples_files_is_left_alone(toy_compare, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="thesis.txt"):
        toy_compare(store=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["thesis.txt"]


def test_a_broken_experiment_json_of_a_folder_without_runs_is_named(toy_compare, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/experiment.json").write_text("{")
    with pytest.raises(StoreError, match="experiment.json cannot be read"):
        toy_compare(store=tmp_path / "a")
    assert (tmp_path / "a/experiment.json").read_text() == "{"


def test_a_full_disk_stops_with_a_word_and_goes_on_later(toy_compare, tmp_path, monkeypatch):
    def full(path, data, listed=True):
        if path.name.endswith(".hours.npz"):
            raise OSError(28, "No space left on device")
        replace_file(path, data)

    with monkeypatch.context() as patch:
        patch.setattr("experiments.core.store.store.replace_file", full)
        with pytest.raises(StoreError, match="No space left"):
            toy_compare(store=tmp_path / "a")
    toy_compare(store=tmp_path / "a")
    toy_compare(store=tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


class Crash(BaseException):
    """Ends everything, as a power cut would."""


def test_interrupted_at_any_write_it_goes_on_to_the_same_bytes(toy_compare, tmp_path, monkeypatch):
    arms = ["none", "full", "hours_matched:full"]
    toy_compare(arms, store=tmp_path / "whole", replicates=1)
    expected = contents(tmp_path / "whole")
    left = 0

    def crash(path, data, listed=True):
        nonlocal left
        left -= 1
        if left < 0:
            path.with_name(f".{path.name}.1.tmp").write_bytes(data[: len(data) // 2])
            raise Crash
        replace_file(path, data)

    for point in range(100):
        folder = tmp_path / str(point)
        with monkeypatch.context() as patch:
            patch.setattr("experiments.core.store.store.replace_file", crash)
            left = point
            try:
                toy_compare(arms, store=folder, replicates=1)
                break
            except Crash:
                pass
        toy_compare(arms, store=folder, replicates=1)
        assert contents(folder) == expected, f"interrupted at write {point}"
    assert 15 < point < 30


def test_a_folder_in_use_is_refused_and_a_dead_holder_is_not_believed(tmp_path):
    path = tmp_path / ".lock"
    with hold(path):
        with pytest.raises(StoreError, match=f"in use by process {os.getpid()}"), hold(path):
            pass
        path.unlink()  # of the note alone nothing depends
        with pytest.raises(StoreError, match="in use by another process"), hold(path):
            pass
    assert not list(tmp_path.iterdir())
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    content = {"pid": dead.pid, "host": os.uname().nodename, "born": "1"}
    for text in (json.dumps(content), "", json.dumps({**content, "pid": 1})):
        path.write_text(text)
        with hold(path):
            assert str(os.getpid()) in path.read_text()
    path.write_text(json.dumps({**content, "host": "elsewhere"}))
    with pytest.raises(StoreError, match=f"in use by process {dead.pid} on elsewhere"), hold(path):
        pass
    assert path.exists()


def test_where_a_file_system_knows_no_locks_a_file_marks_the_folder(tmp_path, monkeypatch):
    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    path = tmp_path / ".lock"
    with hold(path):
        with pytest.raises(StoreError, match=f"in use by process {os.getpid()} .this one"), hold(path):
            pass
        assert path.exists()
    with hold(path):
        pass
    assert not list(tmp_path.iterdir())


def test_leftovers_of_interrupted_writes_are_removed(toy_compare, tmp_path):
    toy_compare(store=tmp_path / "a")
    before = contents(tmp_path / "a")
    (tmp_path / "a/runs/.abc.parquet.123.tmp").write_bytes(b"half")
    toy_compare(store=tmp_path / "a")
    assert contents(tmp_path / "a") == before


def test_a_store_is_readable_while_it_grows(small, tmp_path):
    store = Store(tmp_path / "a")
    design = Design.of(["none"], small, [fake_district(small)], replicates=1, model=toy_model.toy)
    with store.claim(design) as claimed:
        store.begin(claimed, {"question": ""})
        assert store.read()["complete"] is False
        assert store.status(claimed.runs[0].key) == "missing"


def fake_district(small):
    import sim

    return sim.District.synthetic(estates=small.district.estates)
