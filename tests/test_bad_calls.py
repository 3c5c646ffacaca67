"""What a person types wrongly into the model, and the message that must come.

Each row is a call, the kind of error, and words that its message holds.  A call that is accepted in silence, or is
answered by a message of Python's that does not say what to do, belongs here.
"""

from __future__ import annotations

import importlib
import operator
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.core.errors import (
    AgendaError,
    CaseError,
    ComponentError,
    DistrictError,
    GongzhiError,
    OutcomeError,
    PathError,
    ScenarioError,
    SnapshotError,
    StrategyError,
)
from tests.support.toy_populations import Shop, Shops, Village

sim: Any = importlib.import_module("sim")
"""Without its types, since all calls here are wrong."""

SMALL = {"district.estates": 6}
FILES = {
    "wrong.toml": "[branches]\nhours = 2\n",
    "no.toml": "a = = 2",
    "bad.csv": "estate,households\nA,ten\n",
    "twice.csv": "estate,households\nA,10\nA,20\n",
    "other.csv": "name,houses\nA,10\n",
    "empty.csv": "",
    "text.npz": "nothing",
}

type Row = tuple[Callable[[Any], Any], type[Exception], tuple[str, ...]]


def row(call: Callable[[Any], Any], kind: type[Exception], *words: str) -> Row:
    return call, kind, words


def put(thing: Any, name: str, value: Any) -> None:
    setattr(thing, name, value)


def default() -> Any:
    return sim.Scenario()


def started(**changes: Any) -> Any:
    """Make a small model and live a week, in which a strategy of the user's own may fail."""
    model = sim.GovernanceModel(SMALL | {"run.weeks": 6, "run.warmup": 2} | changes, seed=1)
    model.run(weeks=4, progress=False)
    return model


def answering(name: str, answer: Callable[[Any], Any]) -> Any:
    """Live some weeks with a strategy that gives a wrong answer."""
    sim.strategy(name)(lambda district, members, state: answer(district))
    return started(**{"coverage.strategy": name})


def iter_of(count: int) -> Iterator[int]:
    """Make a generator, which two models would share and exhaust."""
    yield from range(count)


def housing(places: Any) -> Any:
    """Make a model with agents of a user's own, so many."""

    class Elder(sim.Agent):  # type: ignore[misc, name-defined]
        energy = sim.column("float64", 1.0, unit="hours", doc="what an elder can give")

    class Elders(sim.Stakeholders):  # type: ignore[misc, name-defined]
        agent = Elder

        def places(self, model: Any) -> Any:
            return places

    return len(sim.GovernanceModel(SMALL, seed=1, components=[Elders]).elders)


def showing(shown: tuple[str, ...]) -> Any:
    """Declare agents whose short form names columns."""

    class Elder(sim.Agent):  # type: ignore[misc, name-defined]
        energy = sim.column("float64", 1.0, unit="hours", doc="what an elder can give")

    Elder.shown = shown
    return type("Elders", (sim.Stakeholders,), {"agent": Elder})


def calling(**step: Any) -> Any:
    """Make a model with a step of a user's own."""
    kind = type("Bells", (sim.Component,), {"steps": [sim.Step("ring", doc="", **step)], "ring": lambda self: None})
    return sim.GovernanceModel(SMALL, seed=1, components=[kind])


def keeping(bells: Callable[[], Any], kept: Any = None) -> Any:
    """Live three weeks with a component that measures and keeps something."""

    class Bells(sim.Component):  # type: ignore[misc, name-defined]
        outcomes = (sim.Outcome("bells", unit="times"),)

        def settle_in(self) -> None:
            self.kept = kept

        def bells(self) -> Any:
            return bells()

    model = sim.GovernanceModel(SMALL | {"run.weeks": 6, "run.warmup": 2}, seed=1, components=[Bells])
    model.run(weeks=3, progress=False)
    return model


A_SCENARIO = (
    "is not a scenario. Give a sim.Scenario, a dictionary of parameters such as",
    "or the path of a TOML file",
)
A_DISTRICT = (
    "is not a district. Give a sim.District, the path of a CSV file, a pandas table",
    "or a number of estates",
)
A_SHARE = {"unit": "share", "low": 0, "high": 1, "status": "assumed", "source": "none", "doc": "a share"}
A_TABLE = ("is not a table of estates. Give the path of a CSV file or a pandas table", "estate, households")
NEAREST = 'Did you mean "coverage.strategy"?'
LINES = ('Unknown line of the agenda "recrod". Did you mean "record"?', "Choose from: coverage.assign, ")
NO_COLUMN = ("Residents have no column 'trust_frim'.", 'Did you mean "trust_firm"?', "There are: estate, grievance")

SCENARIOS: list[Row] = [
    row(lambda m: sim.Scenario(12), ScenarioError, "12", *A_SCENARIO),
    row(lambda m: sim.Scenario("full"), ScenarioError, '"full"', *A_SCENARIO),
    row(lambda m: sim.Scenario([("coverage.strategy", "full")]), ScenarioError, *A_SCENARIO),
    row(lambda m: sim.Scenario("rong.toml"), ScenarioError, "rong.toml: there is no such file.", '"wrong.toml"?'),
    row(lambda m: sim.Scenario("wrong.toml"), ScenarioError, "wrong.toml: branches.hours is not a parameter."),
    row(lambda m: sim.Scenario("no.toml"), ScenarioError, "no.toml, line 1, column 5: this is not TOML"),
    row(lambda m: sim.Scenario({"coverage.strategi": "full"}), ScenarioError, "coverage.strategi is not a", NEAREST),
    row(lambda m: sim.Scenario({"strategy": "full"}), ScenarioError, "names are section.parameter", NEAREST),
    row(lambda m: sim.Scenario({"coverage": {"strategi": 1}}), ScenarioError, "coverage.strategi is not a", NEAREST),
    row(lambda m: sim.Scenario({"coverage": "full"}), ScenarioError, 'coverage = "full" is a section', "strategy,"),
    row(
        lambda m: sim.Scenario({"coverag": {"strategy": "full"}}),
        ScenarioError,
        "coverag is not a section.",
        "coverage",
    ),
    row(lambda m: sim.Scenario(strategy="full"), ScenarioError, 'strategy = "full" is in no section.', NEAREST),
    row(lambda m: sim.Scenario(branches=3), ScenarioError, "branches = 3 must be a section with parameters: enabled"),
    row(
        lambda m: sim.Scenario({"a.b": 1, "run.weeks": "x"}), ScenarioError, "2 problems:", "a.b is", 'run.weeks = "x"'
    ),
    row(lambda m: default().replace(strategy="full"), ScenarioError, "The changes cannot be made", NEAREST),
    row(
        lambda m: default().replace("coverage.strategy=full"), ScenarioError, "is not a dictionary of parameters, such"
    ),
    row(lambda m: default().replace({"coverage": {"strategi": 1}}), ScenarioError, "coverage.strategi", NEAREST),
    row(lambda m: default().replace({"coverage.strategy": 3}), ScenarioError, "coverage.strategy = 3 must be a text."),
    row(
        lambda m: default().replace({"run.weeks": 3.5}), ScenarioError, "run.weeks = 3.5 must be a whole number from 2"
    ),
    row(lambda m: default().replace({"run.weeks": True}), ScenarioError, "run.weeks = true must be a whole number"),
    row(lambda m: default().replace({"run.weeks": np.nan}), ScenarioError, "run.weeks = nan must be a whole number"),
    row(lambda m: default().replace({"branches.active_share": 2}), ScenarioError, "= 2 must be a number from 0 to 1"),
    row(lambda m: default().replace({"branches.active_share": None}), ScenarioError, "= none must be a number from 0"),
    row(lambda m: default().replace({"branches.active_share": "0.2"}), ScenarioError, '= "0.2" must be a number'),
    row(lambda m: default().replace({"run.warmup": 300}), ScenarioError, "must be less than run.weeks = 208"),
    row(lambda m: default().replace({3: 4}), ScenarioError, "3 is not a parameter; names are section.parameter."),
    row(lambda m: default().replace(run=5), ScenarioError, "run = 5 is a section, with the parameters weeks, warmup."),
    row(
        lambda m: default().get("branches.hours"), ScenarioError, 'Did you mean "committees.hours"', "Section branches"
    ),
    row(lambda m: default().replace(branches_reach=0.4), ScenarioError, 'Did you mean "branches.reach"?'),
    row(lambda m: default().parse_setting("branches.reach"), ScenarioError, "e.g. branches.reach=0.15."),
    row(lambda m: default().replace({"festivals.share": 1}), ScenarioError, "--plugin FILE.py, or plugin= in Python"),
    row(lambda m: default().get(3), ScenarioError, "3 is not a parameter"),
    row(lambda m: default().branches.hours, AttributeError, 'Unknown parameter "hours".', "Choose from: enabled, "),
    row(lambda m: default().branches.reech, AttributeError, 'Unknown parameter "reech". Did you mean "reach"?'),
    row(lambda m: default().branchs, AttributeError, 'Unknown section "branchs". Did you mean "branches"?'),
    row(lambda m: default().strategy, AttributeError, 'Unknown section "strategy".', NEAREST),
    row(lambda m: put(default().run, "weeks", 3), AttributeError, "RunSection is frozen", "scenario.replace({...})"),
    row(lambda m: put(default(), "run", 3), AttributeError, "a scenario is frozen", "scenario.replace({...})"),
    row(lambda m: sim.Scenario.load(3), PathError, "3 is no path; give the name of a file or folder as a text"),
    row(lambda m: default().save(3), PathError, "3 is no path"),
    row(lambda m: default().save("."), PathError, '"." is no name of a file'),
    row(lambda m: default().differences(3), ScenarioError, "3", *A_SCENARIO),
    row(lambda m: default().arrangement(without=["supervison"]), ScenarioError, 'Did you mean "supervision"?'),
    row(lambda m: default().parse_setting("run.weeks"), ScenarioError, '"run.weeks" must be section.parameter=value'),
]

COMPONENTS: list[Row] = [
    row(lambda m: sim.Scenario.including(None), ComponentError, "None is not a subclass of sim.Component"),
    row(lambda m: sim.Scenario.including("festivals"), ComponentError, "'festivals' is not a subclass"),
    row(lambda m: sim.strategy("mine;too"), StrategyError, "nor have a comma, semicolon, colon or spaces"),
    row(lambda m: sim.strategy("mine,too"), StrategyError, "nor have a comma, semicolon, colon or spaces"),
    row(lambda m: sim.strategy("mi\0ne"), StrategyError, "cannot name a strategy"),
    row(lambda m: sim.strategy("arrangement"), StrategyError, "is the study's policy; choose another name"),
    row(lambda m: keeping(lambda: 10**400), ComponentError, '"bells" must be one number a week, and is beyond'),
    row(lambda m: keeping(lambda: 1, threading.Lock()), ComponentError, 'what it keeps in "kept", a '),
    row(lambda m: keeping(lambda: 1, iter_of(3)).fork(), ComponentError, 'what it keeps in "kept", a '),
    *(
        row(
            lambda m, places=places: housing(places),
            ComponentError,
            'component "elders": places(self, model) must',
            words,
        )
        for places, words in (
            (2.5, "returned 2.5"),
            (None, "returned None"),
            (-1, "a whole number of 0 or more"),
            ([1, 2], "or a list of true and false"),
            (True, "returned True"),
            ("ten", "returned 'ten'"),
        )
    ),
    row(lambda m: type("Elders", (sim.Component,), {})(), ComponentError, "Elders is made by a model: give the class"),
    row(
        lambda m: sim.GovernanceModel(SMALL, components=[type("Elders", (sim.Component,), {"outcomes": ["oo"]})]),
        ComponentError,
        "outcomes holds 'oo'; declare sim.Outcome(",
    ),
    row(
        lambda m: sim.GovernanceModel(SMALL, outcomes=[started]), ComponentError, "by the names of their columns, e.g."
    ),
    row(
        lambda m: sim.GovernanceModel(SMALL, outcomes={"x": lambda: 1}),
        ComponentError,
        'outcome "x": its function must',
    ),
    row(
        lambda m: sim.GovernanceModel(SMALL, outcomes={"x": lambda m, n: 1}), ComponentError, "must take the model, and"
    ),
    row(
        lambda m: type("Parameters", (sim.Section,), {"rate": sim.parameter(0.5, **A_SHARE)}),
        TypeError,
        "Parameters: Field 'rate' requires a type annotation, e.g. share: float = sim.parameter(...)",
    ),
    row(lambda m: showing(("enrgy",)), TypeError, "Elder.shown names no column 'enrgy'.", 'Did you mean "energy"?'),
    row(
        lambda m: calling(stage="voice", every=2.5), ComponentError, "every = 2.5 must be a whole number of at least 1"
    ),
    row(lambda m: calling(stage="voice", every=2, phase=0.5), ComponentError, "phase = 0.5 one below it, from 0"),
    row(lambda m: calling(stage="voice", every=True), ComponentError, "every = True must be a whole number"),
    row(
        lambda m: sim.GovernanceModel(SMALL, seed=1, components=[type("Twin", (sim.Component,), {})] * 2),
        ComponentError,
        'component "twin" is given twice.',
    ),
]

DISTRICTS: list[Row] = [
    row(lambda m: sim.District.synthetic(0), DistrictError, "estates = 0 must be a whole number from 1 to 20000"),
    row(lambda m: sim.District.synthetic("60"), DistrictError, "estates = '60' must be a whole number"),
    row(lambda m: sim.District.synthetic(True), DistrictError, "estates = True must be a whole number"),
    row(lambda m: sim.District.synthetic(10**6), DistrictError, "estates = 1000000 must be a whole number"),
    row(lambda m: sim.District.synthetic(6, seed="one"), DistrictError, "seed = 'one' must be a whole number"),
    row(lambda m: sim.District.synthetic(6, ground={"people": 1}), ScenarioError, "people is not a parameter."),
    row(lambda m: sim.District.synthetic(6, ground=3), DistrictError, "ground = 3 must be the section ground"),
    row(
        lambda m: sim.District.from_csv("ther.csv"), DistrictError, "there is no such file", 'Did you mean "other.csv"?'
    ),
    row(lambda m: sim.District.from_csv("bad.csv"), DistrictError, 'line 2: households = "ten" must be a whole number'),
    row(lambda m: sim.District.from_csv("twice.csv"), DistrictError, 'line 3: estate = "A" stands already in line 2'),
    row(lambda m: sim.District.from_csv("empty.csv"), DistrictError, "empty.csv is empty", "one row for each estate"),
    row(lambda m: sim.District.from_csv("other.csv"), DistrictError, "there is no column estate", "The file has: name"),
    row(
        lambda m: sim.District.from_csv("other.csv", {"estat": "name"}),
        DistrictError,
        '"estat" is not a column',
        "estate",
    ),
    row(lambda m: sim.District.from_csv("other.csv", {"estate": "nam"}), DistrictError, 'Did you mean "name"?'),
    row(
        lambda m: sim.District.from_csv("other.csv", ["name"]), DistrictError, "columns = ['name'] must be a dictionary"
    ),
    row(lambda m: sim.District.from_csv("."), DistrictError, ". is a folder; name a CSV file in it."),
    row(lambda m: sim.District.from_csv(None), DistrictError, "NoneType", *A_TABLE),
    row(lambda m: sim.District.from_csv(3), DistrictError, "int", *A_TABLE),
    row(lambda m: sim.District.from_csv(pd.DataFrame()), DistrictError, "needs a header and one row for each estate"),
    row(lambda m: sim.District.from_csv(pd.DataFrame({"name": ["A"]})), DistrictError, "there is no column estate"),
    row(lambda m: sim.District.of(pd.Series([1])), DistrictError, "Series", *A_TABLE),
    row(lambda m: sim.District.of([1, 2]), DistrictError, "list", *A_DISTRICT),
    row(lambda m: sim.District.of(True), DistrictError, "bool", *A_DISTRICT),
    row(lambda m: m.district.members("many"), DistrictError, "rate = 'many' must be a number of at least 0"),
    row(lambda m: m.district.members(-1), DistrictError, "rate = -1 must be a number of at least 0"),
    row(lambda m: m.district.neighbours("near"), DistrictError, "radius_km = 'near' must be a number of at least 0"),
    row(lambda m: m.district.to_csv(3), PathError, "3 is no path"),
    row(lambda m: operator.setitem(m.district.names, 0, "x"), ValueError, "read-only"),
    row(lambda m: put(m.district, "names", 3), AttributeError, "cannot assign to field 'names'"),
]

MODELS: list[Row] = [
    row(lambda m: sim.GovernanceModel(12), ScenarioError, "12", *A_SCENARIO),
    row(lambda m: sim.GovernanceModel({"estates": 12}), ScenarioError, 'Did you mean "district.estates"?'),
    row(lambda m: sim.GovernanceModel("none.toml"), ScenarioError, "none.toml: there is no such file."),
    row(lambda m: sim.GovernanceModel("bad.csv"), ScenarioError, "stands where the scenario belongs", "district=..."),
    row(lambda m: sim.GovernanceModel(m.district), ScenarioError, "District stands where the scenario belongs"),
    row(lambda m: sim.GovernanceModel(pd.DataFrame()), ScenarioError, "DataFrame stands where the scenario belongs"),
    row(lambda m: sim.GovernanceModel(district="none.csv"), DistrictError, "none.csv: there is no such file."),
    row(lambda m: sim.GovernanceModel(district=default()), DistrictError, "Scenario", *A_DISTRICT),
    row(lambda m: sim.GovernanceModel(district=[1]), DistrictError, "list", *A_DISTRICT),
    row(lambda m: sim.GovernanceModel(seed="one"), ScenarioError, "seed = 'one' is not a seed", "whole number >= 0"),
    row(lambda m: sim.GovernanceModel(seed=-1), ScenarioError, "seed = -1 is not a seed"),
    row(lambda m: sim.GovernanceModel(seed=1.5), ScenarioError, "seed = 1.5 is not a seed"),
    row(lambda m: sim.GovernanceModel(seed=True), ScenarioError, "seed = True is not a seed"),
    row(lambda m: sim.GovernanceModel(seed=1, rng=2), ScenarioError, "seed = 1 and rng = 2 are two words for one seed"),
    row(lambda m: sim.GovernanceModel(rng=np.random.default_rng(1)), ScenarioError, "rng = Generator", "is not a seed"),
    row(lambda m: sim.GovernanceModel(strategy="full"), ScenarioError, 'Unknown argument "strategy"', NEAREST),
    row(
        lambda m: sim.GovernanceModel(sead=1), ScenarioError, 'Unknown argument "sead" of a model. Did you mean "seed"?'
    ),
    row(lambda m: sim.GovernanceModel(SMALL, replay="x"), StrategyError, "replay is a str", "policy_hours of another"),
    row(
        lambda m: started(**{"coverage.strategy": "fulll"}),
        StrategyError,
        'Unknown strategy "fulll". Did you mean "full"?',
    ),
    row(
        lambda m: started(**{"coverage.strategy": "plasebo:full"}),
        StrategyError,
        'Unknown control "plasebo"',
        "placebo",
    ),
    row(lambda m: started(**{"coverage.strategy": "placebo:placebo:full"}), StrategyError, "is a control of a control"),
    row(lambda m: started(**{"coverage.strategy": "hours_matched:full"}), StrategyError, "so it runs beside it"),
    row(lambda m: m.run(weeks=-1), ScenarioError, "weeks = -1 cannot be lived", "a whole number >= 0"),
    row(lambda m: m.run(weeks=2.5), ScenarioError, "weeks = 2.5 cannot be lived"),
    row(lambda m: m.run(weeks="ten"), ScenarioError, "weeks = 'ten' cannot be lived"),
    row(lambda m: m.run(weeks=True), ScenarioError, "weeks = True cannot be lived"),
    row(lambda m: m.fork({"coverage.strategi": "full"}), ScenarioError, NEAREST),
    row(lambda m: m.fork({"district.estates": 7}), ScenarioError, "a fork cannot change district.estates"),
    row(lambda m: m.fork("full"), ScenarioError, '"full"', *A_SCENARIO),
    row(lambda m: m.fork(3), ScenarioError, "3", *A_SCENARIO),
    row(lambda m: m.fork(replay="x"), StrategyError, "replay is a str"),
    row(lambda m: m.save("."), PathError, '"." is no name of a file'),
    row(lambda m: m.save("week.txt"), SnapshotError, "week.txt: a saved model ends in .npz, e.g. week.npz"),
    row(lambda m: m.save(3), PathError, "3 is no path"),
    row(lambda m: m.save("no/such/week.npz"), SnapshotError, "cannot be written: No such file or directory"),
    row(lambda m: sim.GovernanceModel.load("none.npz"), SnapshotError, "none.npz: there is no such file."),
    row(lambda m: sim.GovernanceModel.load("text.npz"), SnapshotError, "text.npz cannot be read as a saved model"),
    row(lambda m: sim.GovernanceModel.load(123), PathError, "123 is no path"),
    row(lambda m: put(m, "scenario", default()), AttributeError, "a model keeps its scenario", "model.fork(scenario)"),
    row(lambda m: put(m, "agents", []), AttributeError, "model.agents cannot be set"),
    row(lambda m: m.add_population(m.residents), ValueError, "the model has a population of Resident already"),
    row(lambda m: m.add_population(3), TypeError, "3 is not a Population"),
    row(lambda m: sim.examples.small({"estates": 3}), ScenarioError, 'Did you mean "district.estates"?'),
    row(lambda m: sim.examples.small(seed="one"), ScenarioError, "seed = 'one' is not a seed"),
]

AGENDAS: list[Row] = [
    row(lambda m: m.agenda.add("x", None, doc="x"), AgendaError, 'line "x" was given None', "without brackets"),
    row(lambda m: m.agenda.add("", print, doc="x"), AgendaError, "'' cannot name a line of the agenda"),
    row(lambda m: m.agenda.add(3, print, doc="x"), AgendaError, "3 cannot name a line of the agenda"),
    row(lambda m: m.agenda.add("x", print, doc=3), AgendaError, "doc = 3 must say in words what happens"),
    row(lambda m: m.agenda.add("record", print, doc="x"), AgendaError, 'has a line "record" already'),
    row(lambda m: m.agenda.add("x", print, doc="x", after="recrod"), AgendaError, *LINES),
    row(lambda m: m.agenda.add("x", print, doc="x", before="recrod"), AgendaError, *LINES),
    row(lambda m: m.agenda.add("x", print, doc="x", after="record", before="record"), AgendaError, "not both"),
    row(lambda m: m.agenda.add("x", print, doc="x", afer="record"), AgendaError, 'place "afer". Did you mean "after"'),
    row(lambda m: m.agenda.add("x", print, doc="x", stage="voices"), AgendaError, 'unknown stage "voices"', '"voice"'),
    row(lambda m: m.agenda.add("x", print, doc="x", stage="voice", after="record"), AgendaError, "and so does after"),
    row(lambda m: m.agenda.insert("x"), AgendaError, "'x' is no Line", "agenda.add(name, function, doc=...)"),
    row(lambda m: m.agenda.remove("recrod"), AgendaError, *LINES),
    row(lambda m: m.agenda.replace("recrod", print), AgendaError, *LINES),
    row(lambda m: m.agenda.replace("record", None), AgendaError, 'line "record" was given None'),
    row(lambda m: m.agenda["recrod"], AgendaError, *LINES),
    row(lambda m: m.agenda[0], AgendaError, "Unknown line of the agenda 0."),
]

POPULATIONS: list[Row] = [
    row(lambda m: m.residents[10**9], IndexError, "Residents have rows 0 to ", "not 1000000000"),
    row(lambda m: m.residents["E0001"], TypeError, "Residents are asked for by row, e.g. [3]", "not by 'E0001'"),
    row(lambda m: m.residents[1.5], TypeError, "Residents are asked for by row", "not by 1.5"),
    row(lambda m: m.residents.trust_frim, AttributeError, *NO_COLUMN),
    row(lambda m: m.residents[3].trust_frim, AttributeError, *NO_COLUMN),
    row(lambda m: m.residents.get("trust_frim"), AttributeError, *NO_COLUMN),
    row(lambda m: m.residents.set("trust_frim", 2), AttributeError, *NO_COLUMN),
    row(lambda m: m.residents.sort("trust_frim"), AttributeError, *NO_COLUMN),
    row(lambda m: m.residents.groupby("trust_frim"), AttributeError, *NO_COLUMN),
    row(lambda m: m.residents.agg("trust_frim", sum), AttributeError, *NO_COLUMN),
    row(lambda m: put(m.residents, "happy", np.ones(3)), AttributeError, "no column 'happy'", "sim.column(...)"),
    row(lambda m: put(m.residents, "happy", [1, 2]), AttributeError, "no column 'happy'", "sim.column(...)"),
    row(lambda m: put(m.residents, "case", 3), AttributeError, "change it in place: case[:] = ..."),
    row(lambda m: put(m.residents, "satisfaction", 3), AttributeError, "'satisfaction' is computed and cannot be set"),
    row(lambda m: put(m.residents[3], "happy", 2), AttributeError, "a Resident has no column 'happy' to set"),
    row(lambda m: put(m.residents[3], "satisfaction", 2), AttributeError, "is computed and cannot be set"),
    row(lambda m: put(m.residents[3], "threshold", "high"), TypeError, "'threshold' holds float32", "cannot be 'high'"),
    row(
        lambda m: put(m.residents[3], "estate", 2), ValueError, "column 'estate' is fixed: it follows from the district"
    ),
    row(lambda m: m.residents.set("case", 1.5), TypeError, "column 'case' holds int32", "cannot keep 1.5 unchanged"),
    row(lambda m: m.residents.set("threshold", np.ones(3)), ValueError, "3 values were given for", "agents"),
    row(lambda m: m.residents.select(np.ones(3, dtype=bool)), ValueError, "a mask needs", "one for each agent"),
    row(lambda m: m.residents.select(np.ones(3)), TypeError, "a mask must hold true and false, not float64"),
    row(lambda m: m.residents.select("owner"), TypeError, "agents are selected by a mask", "not by 'owner'"),
    row(lambda m: m.residents.select(at_most="two"), TypeError, "at_most = 'two' must be a number of agents"),
    row(lambda m: m.residents.get("case", handle_missing="skip"), ValueError, "must be 'error' or 'default'"),
    row(lambda m: m.residents.index(m.firms[0]), ValueError, "<Firm 0, firm ", "is not in this set"),
    row(lambda m: m.branches[0], IndexError, "no Branch in row 0 at present", "rows are estates, and none of them has"),
    row(lambda m: Village().shops[1], IndexError, "3 of 4 rows have one: 0, 2, 3;", "list(...)[0] is the first"),
    row(lambda m: sim.Resident(m), TypeError, "is not made one by one", "model.residents[17]"),
    row(lambda m: sim.Population(m, 3), TypeError, "Population has no class of agents", "agent = YourAgent"),
    row(lambda m: sim.Population(m, Shop, 3), TypeError, "Population has no class of agents", "agent = YourAgent"),
    row(lambda m: Shops(m, 3, present=[True]), ValueError, "present must be true or false for each of 3 rows"),
    row(lambda m: sim.column("float3"), TypeError, "a column of type 'float3' with the default 0 cannot be made"),
    row(lambda m: sim.column(np.float64, "x"), TypeError, "with the default 'x' cannot be made"),
]

LOOKING: list[Row] = [
    row(lambda m: m.disputes.story(10**6), CaseError, "There is no case 1000000.", "Cases are 0 to"),
    row(lambda m: m.disputes.story(-1), CaseError, "There is no case -1.", "the index of model.disputes.to_frame()"),
    row(lambda m: m.disputes.story(m.disputes.to_frame()), CaseError, "There is no case DataFrame. Cases are 0 to"),
    row(lambda m: m.disputes[3], TypeError, "Disputes is not asked for [3]; story(3) tells one case"),
    row(lambda m: m.incidents[3], TypeError, "Incidents is not asked for [3]; to_frame() has them all"),
    row(lambda m: m.district["households"], TypeError, "District is not asked for ['households']; write .households"),
    row(lambda m: m.district[3], TypeError, "estates are rows of to_frame()"),
    row(lambda m: m["residents"], TypeError, "GovernanceModel is not asked for ['residents']; write .residents"),
    row(lambda m: m.chance[3], TypeError, "Chance is not asked for [3]; what it has is read with a dot"),
    row(lambda m: m.residents[3][0], TypeError, "a Resident is asked for", "by"),
    row(lambda m: m.residents[3]["trust_frim"], AttributeError, *NO_COLUMN),
    row(lambda m: m.scenario["coverage.strategi"], ScenarioError, NEAREST),
    row(lambda m: m.scenario.coverage["strategi"], AttributeError, 'Did you mean "strategy"?'),
    row(lambda m: m.scenario.coverage[3], AttributeError, 'Unknown parameter "3"', "Choose from: enabled"),
    row(lambda m: m.disputes.book["person"], TypeError, "Ledger is not asked for ['person']; write .person"),
    row(lambda m: put(m, "week", 3), AttributeError, "a model counts its weeks itself", "model.run(weeks=...) goes on"),
    row(lambda m: put(m.fork(), "week", 3), AttributeError, "a model counts its weeks itself"),
    row(lambda m: setattr(m.residents, "trust_frim", 3), AttributeError, "no column 'trust_frim'. Did you mean"),
    row(lambda m: setattr(m, "seed", 5), AttributeError, "a model keeps its seed"),
    row(lambda m: setattr(m, "branches", None), AttributeError, "a model keeps its branches", "make another model"),
    row(lambda m: setattr(m, "district", 3), AttributeError, "a model keeps its district"),
    row(lambda m: m.disputes.story("three"), CaseError, "There is no case 'three'."),
    row(lambda m: m.disputes.story(True), CaseError, "There is no case True."),
    row(lambda m: sim.GovernanceModel(SMALL).disputes.story(0), CaseError, "There is no case 0. There is none yet."),
    row(lambda m: m.disputes.story(0, "de"), CaseError, 'Unknown language "de".', "Choose from: en, zh."),
    row(
        lambda m: m.disputes.book.persons,
        AttributeError,
        'the ledger has no "persons". Did you mean "person"?',
        "person, estate",
    ),
    row(lambda m: sim.outcomes.describe("de"), OutcomeError, 'Unknown language "de". Choose from: en, zh.'),
    row(lambda m: m.costs.book("nobody", "x", hours=1), ValueError, '"nobody" bears no such costs; hours: residents'),
    row(lambda m: m.costs.book("members", "x", hours=-1), ComponentError, 'costs of "x": hours = -1 must be a number'),
    row(lambda m: m.costs.book("members", "x", hours=float("nan")), ComponentError, "hours = nan must be a number"),
    row(lambda m: m.costs.book("purse", "x", yuan="ten"), ComponentError, "yuan = 'ten' a number"),
    row(lambda m: m.costs.book("purse", "x", yuan=np.ones(2)), ComponentError, "yuan = array([1., 1.]) a number"),
    row(
        lambda m: m.voice.open_channel("hotlin", [0]),
        ComponentError,
        'Unknown channel "hotlin". Did you mean "hotline"?',
    ),
    row(lambda m: m.voice.open_channel(0, [0]), ComponentError, "Unknown channel 0. Choose from: self, firm"),
    row(lambda m: m.voice.open_channel(2, [99]), ComponentError, "estates are rows from 0 to 5, or a mask", "not [99]"),
    row(lambda m: m.voice.open_channel(2, None), ComponentError, "of the shape (6,); not None."),
    row(lambda m: m.voice.close_channel(2, np.ones(3, bool)), ComponentError, "a mask of the shape (6,)"),
    row(lambda m: m.authorities.take("streets", 1.0, "x"), ComponentError, 'Unknown level "streets". Did you mean'),
    row(lambda m: m.authorities.take("street", np.ones(9), "x"), ComponentError, 'desks.take("street", ...) has the'),
    row(lambda m: m.authorities.take("street", "a", "x"), ComponentError, 'desks.take("street", ...) takes numbers'),
    row(
        lambda m: m.desks.set_skill("district", 5), ComponentError, 'desks.skill["district"] takes numbers from 0 to 1'
    ),
    row(
        lambda m: m.desks.set_knowledge("district", 1, [7]), ComponentError, 'desks of "district" are rows from 0 to 0'
    ),
    row(lambda m: m.desks.at("firm", [0]), ComponentError, "desks.at finds desks of a component of your own"),
    row(lambda m: m.disputes.refer("a", "b"), CaseError, "refer takes cases by number, and was given 'a'."),
    row(lambda m: m.disputes.refer([0.5], [1]), CaseError, "refer takes cases by number, and was given [0.5]."),
    row(
        lambda m: m.chance.uniform("x", 0, [0.5]), ComponentError, "a draw is for whom it concerns: whole numbers of 0"
    ),
    row(
        lambda m: m.chance.uniform("x", 0, 5), ComponentError, "such as model.district.identity or np.arange(3); not 5."
    ),
    row(lambda m: m.chance.uniform(3, 0, [1]), ComponentError, "a draw has the name of a decision and a number of"),
    row(lambda m: m.chance.uniform("x", 0.5, [1]), ComponentError, "and not ('x', 0.5, ...)."),
    row(lambda m: sim.animate(m, lang="de"), OutcomeError, 'Unknown language "de". Choose from: en, zh.'),
    row(lambda m: sim.animate(default()), OutcomeError, "sim.animate films a model, not a Scenario.", "Give the model"),
    row(lambda m: sim.animate(m, outcome="conflict"), OutcomeError, 'Did you mean "conflicts"?'),
    row(lambda m: sim.plot(m, lang="de"), OutcomeError, 'Unknown language "de". Choose from: en, zh.'),
    row(lambda m: sim.plot(m, "conflicts"), OutcomeError, "draws the same series of every model; conflicts alone"),
    row(lambda m: sim.plot(m, ["conflicts", "filed"]), OutcomeError, 'model.outcomes.plot("week", "conflicts")'),
    row(lambda m: sim.plot(default()), OutcomeError, "sim.plot draws a model, not a Scenario.", "result.figure()"),
    row(lambda m: sim.plot(m.outcomes), OutcomeError, "sim.plot draws a model, not a DataFrame."),
]

STRATEGIES: list[Row] = [
    row(lambda m: sim.strategy(started), StrategyError, "sim.strategy needs a name", '@sim.strategy("started")'),
    row(lambda m: sim.strategy(lambda d, n, s: 0), StrategyError, '@sim.strategy("mine")'),
    row(lambda m: sim.strategy(None), StrategyError, "sim.strategy needs a name"),
    row(lambda m: sim.strategy(""), StrategyError, '"" cannot name a strategy'),
    row(lambda m: sim.strategy("a b"), StrategyError, '"a b" cannot name a strategy', "colon or spaces"),
    row(lambda m: sim.strategy("full")(started), StrategyError, '"full" is a built-in strategy; choose another name'),
    row(lambda m: sim.strategy("mine")(lambda d: 0), StrategyError, "must take three arguments: (district, members"),
    row(lambda m: sim.strategy("mine")(3), StrategyError, '"mine" is neither a function nor has it a method assign'),
    row(lambda m: answering("short", lambda d: [1]), StrategyError, 'strategy "short" gave (1,) kinds', "6 estates"),
    row(lambda m: answering("words", lambda d: ["own?"] * 6), StrategyError, 'gave "own?"; kinds are none, own'),
    row(lambda m: answering("large", lambda d: [9] * 6), StrategyError, "kinds other than 0 to 3"),
    row(
        lambda m: answering("fails", lambda d: 1 / 0),
        StrategyError,
        "failed in week 2: ZeroDivisionError",
        "(test_bad_calls.py:",
    ),
    row(
        lambda m: answering("typo", lambda d: d.housholds),
        StrategyError,
        'Did you mean "households"',
        "(test_bad_calls.py:",
    ),
    row(lambda m: answering("all_own", lambda d: [1] * 6), StrategyError, "with fewer than 3 members", "(first: "),
]

TABLE = [*SCENARIOS, *COMPONENTS, *DISTRICTS, *MODELS, *AGENDAS, *POPULATIONS, *LOOKING, *STRATEGIES]


@pytest.fixture(scope="module")
def model() -> Any:
    """A model that has lived long enough to have cases."""
    model = sim.GovernanceModel(SMALL, seed=1)
    model.run(weeks=6, progress=False)
    assert len(model.disputes)
    return model


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[None]:
    """A folder with the files of the table; names that were registered are forgotten."""
    before = Path.cwd()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    os.chdir(tmp_path)
    yield
    os.chdir(before)
    coverage = importlib.import_module("sim.policies.coverage")
    for name in coverage.registered():
        coverage.unregister(name)


@pytest.mark.parametrize(("call", "kind", "words"), TABLE, ids=[f"{n:03}" for n in range(len(TABLE))])
def test_a_bad_call_is_answered_with_what_to_do(
    call: Callable[[Any], Any], kind: type[Exception], words: tuple[str, ...], model: Any
) -> None:
    week, lines = model.week, model.agenda.names
    with pytest.raises(kind) as caught:
        call(model)
    message = str(caught.value)
    assert not [word for word in words if word not in message], message
    assert isinstance(caught.value, GongzhiError | TypeError | AttributeError | IndexError | ValueError)
    assert (model.week, model.agenda.names) == (week, lines), "a refused call changes nothing"


def test_the_table_is_large_enough() -> None:
    assert len(TABLE) >= 160
