"""What a person types wrongly into the laboratory, and the message that must come before the first run.

The model's own table is in `tests/test_bad_calls.py`.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.core.errors import DistrictError, OutcomeError, PathError, ScenarioError, StoreError, StrategyError

lab: Any = importlib.import_module("experiments")
sim: Any = importlib.import_module("sim")
figures: Any = importlib.import_module("experiments.analyses.compare.comparison_figures")
"""Without their types, since all calls here are wrong."""

SMALL = {"district.estates": 4, "run.weeks": 6, "run.warmup": 2}

type Row = tuple[Callable[[Any], Any], type[Exception], tuple[str, ...]]


def row(call: Callable[[Any], Any], kind: type[Exception], *words: str) -> Row:
    return call, kind, words


def compare(arms: Any = ("own",), **changes: Any) -> Any:
    """Compare on a small ground, in this process."""
    serial = lab.Execution(executor="serial", progress=False)
    return lab.compare(arms, **{"scenario": SMALL, "replicates": 2, "execution": serial} | changes)


def sweep(design: Any, **fields: Any) -> Any:
    return lab.sweep(design, execution=lab.Execution(executor="serial", progress=False), **fields)


ARMS = ("is no arm. Arms are names of strategies", "or labels with changes")
NEAREST = 'Did you mean "coverage.strategy"?'
NO_PATH = "is no path; give the name of a file or folder as a text"

COMPARISONS: list[Row] = [
    row(lambda r: compare([]), ScenarioError, "No arms are given: name at least one coverage strategy."),
    row(lambda r: compare(["fulll"]), StrategyError, 'Unknown strategy "fulll". Did you mean "full"?', "Choose from: "),
    row(lambda r: compare("fulll"), StrategyError, 'Unknown strategy "fulll". Did you mean "full"?'),
    row(lambda r: compare(["plasebo:full"]), StrategyError, 'Unknown control "plasebo". Did you mean "placebo"?'),
    row(lambda r: compare(["own", 3]), ScenarioError, "3", *ARMS),
    row(lambda r: compare({"a": 3}), ScenarioError, "3", *ARMS),
    row(lambda r: compare(3), ScenarioError, "3", *ARMS),
    row(lambda r: compare(None), ScenarioError, "None", *ARMS),
    row(lambda r: compare({"": {}}), ScenarioError, "'' cannot be the label of an arm"),
    row(lambda r: compare({"a": {"coverage.strategi": "full"}}), ScenarioError, 'Arm "a":', NEAREST),
    row(lambda r: compare({"a": {"district.estates": 6}}), ScenarioError, 'Arm "a" changes district.estates', "share"),
    row(lambda r: compare(baseline="nonne"), StrategyError, 'Unknown strategy "nonne". Did you mean "none"?'),
    row(
        lambda r: compare(policy="arangement"),
        ScenarioError,
        'Unknown policy "arangement". Did you mean "arrangement"?',
    ),
    row(lambda r: compare(rng=1), ScenarioError, 'Unknown field "rng" of a comparison. Did you mean "seed"?'),
    row(lambda r: compare(repetitions=1), ScenarioError, 'Unknown field "repetitions"', 'Did you mean "replicates"?'),
    row(lambda r: compare(workers=2), ScenarioError, "It is given as execution=experiments.Execution(workers=...)."),
    row(lambda r: compare(estates=9), ScenarioError, 'It is a parameter of the world: scenario={"district.estates"'),
    row(lambda r: compare(seed="one"), ScenarioError, "seed is 'one': a whole number is needed."),
    row(lambda r: compare(seed=1.5), ScenarioError, "seed is 1.5: a whole number is needed."),
    row(lambda r: compare(replicates=0), ScenarioError, "replicates is 0: a whole number of at least 1 is needed."),
    row(lambda r: compare(replicates="two"), ScenarioError, "replicates is 'two': a whole number of at least 1 is"),
    row(lambda r: compare(replicates=2.5), ScenarioError, "replicates is 2.5: a whole number of at least 1"),
    row(lambda r: compare(districts=0), ScenarioError, "districts is 0: a whole number of at least 1 is needed."),
    row(lambda r: compare(scenario=3), ScenarioError, "3 is not a scenario. Give a sim.Scenario, a dictionary"),
    row(lambda r: compare(scenario={"estates": 3}), ScenarioError, 'Did you mean "district.estates"?'),
    row(lambda r: compare(scenario="none.toml"), ScenarioError, "none.toml: there is no such file."),
    row(lambda r: compare(district="none.csv"), DistrictError, "none.csv: there is no such file."),
    row(lambda r: compare(district=[1]), DistrictError, "list is not a district. Give a sim.District, the path"),
    row(lambda r: compare(weeks=2), ScenarioError, "run.warmup = 2 must be less than run.weeks = 2"),
    row(lambda r: compare(weeks="ten"), ScenarioError, 'run.weeks = "ten" must be a whole number from 2 to 4000'),
    row(
        lambda r: compare(outcomes="conflict"), StoreError, '"conflict" is not an outcome', 'Did you mean "conflicts"?'
    ),
    row(lambda r: compare(outcomes=["conflicts", "filled"]), StoreError, '"filled" is not an outcome', '"filed"?'),
    row(lambda r: compare(outcomes=[3]), StoreError, "3 is no outcome; give names, e.g. outcomes="),
    row(lambda r: compare(outcomes=3), StoreError, "3 is no outcome; give names, e.g. outcomes="),
    row(lambda r: compare(margin="big"), ScenarioError, "margin is 'big': a number from 0 to below 1 is needed."),
    row(lambda r: compare(margin=2), ScenarioError, "margin is 2: a number from 0 to below 1 is needed."),
    row(lambda r: compare(model=3), ScenarioError, "model is 3: input should be callable."),
    row(lambda r: compare(execution=3), ScenarioError, "execution is 3; an Execution is needed"),
    row(lambda r: compare(execution=lab.Execution(executor="cloud")), ScenarioError, "cloud"),
    row(lambda r: compare(execution=lab.Execution(workers=0)), ScenarioError, "workers"),
    row(lambda r: compare(execution=lab.Execution(workers="two")), ScenarioError, "workers"),
    row(lambda r: compare(out=3), PathError, "3", NO_PATH),
    row(
        lambda r: compare(plugin="none.py"),
        StrategyError,
        "There is no plugin file none.py: give the one that is meant, with --plugin, plugin= in Python.",
    ),
    row(lambda r: compare(assumptions=-1), ScenarioError, "a range over assumptions takes 16 worlds or more"),
    row(lambda r: compare(["full"], out=r.folder), StoreError, "another folder (--out, or out= in Python)"),
]

RESULTS: list[Row] = [
    row(lambda r: r.figure("effect"), ScenarioError, 'Unknown figure "effect". Did you mean "effects"? Choose from: '),
    row(lambda r: r.figure("effects", lang="de"), ValueError, '"de"', '"en" or "zh"'),
    row(lambda r: r.report(lang="de"), ValueError, '"de"', '"en" or "zh"'),
    row(lambda r: r.extend(), ScenarioError, "replicates is 0: give how many more, extend(replicates=20)"),
    row(lambda r: r.extend(replicates=-1), ScenarioError, "replicates is -1: give how many more"),
    row(lambda r: r.extend(replicates="two"), ScenarioError, "replicates is 'two': give how many more"),
    row(lambda r: figures.draw(3), OutcomeError, "draw shows the result of a comparison, not a int"),
    row(lambda r: figures.draw(sim.GovernanceModel(SMALL)), OutcomeError, "A model is drawn by sim.plot(model)"),
    row(lambda r: figures.draw(r, "effect"), OutcomeError, 'Unknown figure "effect". Did you mean "effects"?'),
    row(lambda r: sim.plot(r), OutcomeError, "sim.plot draws a model, not a Comparison.", "result.figure()"),
]

OTHERS: list[Row] = [
    row(lambda r: sweep("none.toml"), ScenarioError, "none.toml: there is no such file."),
    row(lambda r: sweep(3), PathError, "3", NO_PATH),
    row(lambda r: sweep({}), ScenarioError, "The design varies nothing: name at least one parameter"),
    row(
        lambda r: sweep({"branches.reach": [0, 1]}),
        ScenarioError,
        'write {"parameters": {"branches.reach": [low, high]}}',
    ),
    row(lambda r: sweep({"parameters": {"branches.reech": [0, 1]}}), ScenarioError, 'Did you mean "branches.reach"?'),
    row(lambda r: sweep({"point": 3}), ScenarioError, '"point" means nothing in a design. Did you mean "points"?'),
    row(lambda r: sweep({"parameters": {"branches.reach": "declared"}}, sead=1), ScenarioError, 'Did you mean "seed"?'),
    row(lambda r: lab.sensitivity(3), ScenarioError, "3", *ARMS),
    row(lambda r: lab.sensitivity("nothing"), StrategyError, 'Unknown strategy "nothing". Choose from: '),
    row(lambda r: lab.sensitivity({"branches.reach": [0, 1]}), ScenarioError, "[0, 1]", *ARMS),
    row(lambda r: lab.open("nowhere"), StoreError, "nowhere holds no experiment: there is no nowhere/experiment.json."),
    row(lambda r: lab.open(3), PathError, "3", NO_PATH),
    row(lambda r: lab.open("."), StoreError, ". holds no experiment"),
    row(lambda r: lab.merge([], "x"), StoreError, "Merging takes at least two different folders of results."),
    row(lambda r: lab.Store(3), PathError, "3", NO_PATH),
    row(lambda r: lab.budget(80.0), ScenarioError, "hours is 80.0: give a list of numbers, such as [20, 40]."),
    row(lambda r: lab.budget("80"), ScenarioError, "hours is '80': give a list of numbers, such as [20, 40]."),
    row(lambda r: lab.salib_problem(3), ScenarioError, "3 is no name of a parameter: names are texts like"),
    row(lambda r: lab.Plan.of(None), ScenarioError, "None is no design: give a dictionary"),
    row(lambda r: compare(replicates=10**8), ScenarioError, "a folder holds 10,000,000 at most."),
    row(lambda r: compare(districts=10**8), ScenarioError, "districts is 100000000: at most 1,000 are made."),
    row(lambda r: lab.kompare, AttributeError, "no attribute 'kompare'. Did you mean \"compare\"?"),
    row(lambda r: importlib.import_module("gongzhi").Scenaro, AttributeError, 'Did you mean "Scenario"?'),
]

TABLE = [*COMPARISONS, *RESULTS, *OTHERS]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return compare(out=tmp_path_factory.mktemp("bad-calls"))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path) -> Iterator[None]:
    """An empty folder, so that nothing is left behind."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@pytest.mark.parametrize(("call", "kind", "words"), TABLE, ids=[f"{n:03}" for n in range(len(TABLE))])
def test_a_bad_call_is_answered_before_the_first_run(
    call: Callable[[Any], Any], kind: type[Exception], words: tuple[str, ...], result: Any
) -> None:
    with pytest.raises(kind) as caught:
        call(result)
    message = str(caught.value)
    assert not [word for word in words if word not in message], message
    assert not list(Path.cwd().iterdir()), "nothing has begun"


def test_a_word_for_one_outcome_is_one_outcome(result: Any) -> None:
    assert set(compare(outcomes="conflicts").table["outcome"]) == {"conflicts"} < set(result.table["outcome"])
