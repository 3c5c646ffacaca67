"""Strategies of the user's own: from a file or defined on the spot, known wherever runs are made."""

import numpy as np
import pytest

import sim
from experiments import Design, Execution, compare
from experiments.analyses.failed_runs import FailedRunsError
from experiments.core.design.user_strategies import Plugin, hash_of
from sim.core.errors import StoreError, StrategyError
from sim.policies import coverage

PLUGIN = """
import numpy as np
import sim

def chosen(district):
    return district.households > 0

@sim.strategy("everywhere")
def everywhere(district, members, state):
    return np.where(chosen(district), "dispatched", "none")
"""


@pytest.fixture(autouse=True)
def forgotten():
    """Forget after each test what it registered."""
    yield
    for name in list(coverage.registered()):
        coverage.unregister(name)


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Return the path of a plugin, as if no process had read it yet."""
    monkeypatch.setattr("experiments.core.design.user_strategies._loaded", {})
    path = tmp_path / "mine.py"
    path.write_text(PLUGIN)
    return path


def shifting(size):
    @sim.strategy("mine")
    def mine(district, members, state):
        return np.where(district.households > size, sim.BranchKind.DISPATCHED, sim.BranchKind.NONE)


def real(small, arms, store=None, workers=None, **others):
    execution = Execution(progress=False, workers=workers, executor="processes" if workers else "serial")
    return compare(arms, replicates=2, scenario=small, store=store, execution=execution, **others)


def test_a_plugin_is_known_by_name_here_and_in_other_processes(small, plugin, monkeypatch):
    here = real(small, ["none", "everywhere", "placebo:everywhere"], plugin=plugin)
    there = real(small, ["none", "everywhere", "placebo:everywhere"], plugin=plugin, workers=2)
    assert here.series.equals(there.series) and here.outcome.done == there.outcome.done
    late = here.series.query("arm == 'everywhere' and week >= 10")
    assert late["dispatched_hours"].gt(0).all()


def test_a_strategy_defined_on_the_spot_is_known_in_other_processes(small):
    shifting(0)
    here, there = (real(small, ["none", "mine"], workers=workers) for workers in (None, 2))
    assert here.series.equals(there.series)
    assert here.series.query("arm == 'mine' and week >= 10")["branches"].gt(0).all()


def test_what_a_comparison_does_not_use_is_not_sent_with_it(small, tmp_path, monkeypatch):
    """A plugin that can be run here alone, and a strategy that holds what no process can be sent."""
    shifting(0)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / "plugin.py").write_text("import os\nos.chdir('here')\nos.chdir('..')\n", encoding="utf-8")
    Plugin.read("plugin.py").load()
    weeks = (week for week in range(100))
    sim.strategy("stuck")(lambda district, members, state: [next(weeks)])
    (tmp_path / "here").rmdir()
    assert len(real(small, ["none", "mine"], workers=2).outcome.done) == 4


def test_the_source_of_a_strategy_and_what_it_was_made_with_are_part_of_the_key(small, plugin):
    keys = set()
    district = sim.District.synthetic(12)
    for size in (100, 200):
        shifting(size)
        keys.add(Design.of(["mine"], small, [district], replicates=1).runs[1].key)
    Plugin.read(plugin).load()
    before = hash_of("everywhere")
    plugin.write_text(PLUGIN.replace("> 0", "> 5"))
    Plugin.read(plugin).load()
    assert len(keys) == 2 and before != hash_of("placebo:everywhere") and hash_of("full") == ""


def test_a_plugin_leaves_the_keys_of_other_arms_alone_so_that_a_store_can_be_extended(small, plugin, tmp_path):
    real(small, ["none", "own"], store=tmp_path / "a")
    with pytest.raises(StoreError, match='arm "everywhere": new'):
        real(small, ["none", "own", "everywhere"], store=tmp_path / "a", plugin=plugin)
    grown = real(small, ["none", "own", "everywhere"], store=tmp_path / "a", plugin=plugin, extend=True)
    assert len(grown.outcome.done) == 6
    plugin.write_text(PLUGIN.replace("> 0", "> 5"))
    with pytest.raises(StoreError, match='the code of strategy "everywhere"'):
        real(small, ["none", "own", "everywhere"], store=tmp_path / "a", plugin=plugin)


def test_an_unknown_strategy_is_refused_with_the_arm_and_the_nearest_name(small):
    with pytest.raises(StrategyError, match='Arm "mine": .*Did you mean "full"'):
        real(small, {"mine": {"coverage.strategy": "fulll"}})


def test_a_strategy_that_answers_nonsense_is_a_failed_run_with_a_word(small):
    @sim.strategy("nonsense")
    def nonsense(district, members, state):
        return ["palace"] * district.estates

    with pytest.raises(FailedRunsError, match='No run of "nonsense" .*"palace"') as caught:
        real(small, ["none", "nonsense"])
    result = caught.value.result
    bad = result.design[result.design["status"] == "failed"]
    assert bad["arm"].eq("nonsense").all() and len(bad) == 2
    assert bad["message"].str.contains('"palace"').all()
