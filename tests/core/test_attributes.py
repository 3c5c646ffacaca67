"""Attributes that are not there: what there is and the nearest are named, and nothing else notices."""

from __future__ import annotations

import copy
import importlib
import pickle
from typing import Any

import pandas as pd
import pytest

from sim.core import attributes
from sim.core.attributes import Attributes
from sim.policies.coverage.strategies import State
from tests.support.festival import Clubs

sim: Any = importlib.import_module("sim")
"""Without its types, since all names here are wrong."""


@pytest.fixture(scope="module")
def model() -> Any:
    model = sim.GovernanceModel({"district.estates": 3, "run.weeks": 8, "run.warmup": 2}, seed=1)
    model.run(weeks=2, progress=False)
    return model


SLIPS: dict[str, tuple[Any, str, str]] = {
    "model": (lambda m: m, "residnets", 'Did you mean "residents"?'),
    "outcome of the model": (lambda m: m, "conflicts", "Did you mean model.outcomes.conflicts?"),
    "section of the model": (lambda m: m, "ground", "Did you mean model.scenario.ground?"),
    "scenario": (lambda m: m.scenario, "branchs", 'Did you mean "branches"?'),
    "section": (lambda m: m.scenario.coverage, "strateg", 'Did you mean "strategy"?'),
    "population": (lambda m: m.residents, "trsut", 'Did you mean "trust_firm"?'),
    "agent": (lambda m: next(iter(m.residents)), "ownr", 'Did you mean "owner"?'),
    "stakeholders": (lambda m: m.contracts, "visibel", 'Did you mean "visible"?'),
    "component": (lambda m: m.trust, "estate_meen", 'Did you mean "estate_mean"?'),
    "desks": (lambda m: m.desks, "hour", 'Did you mean "hours"?'),
    "outcomes": (lambda m: m.outcomes, "conflict", 'Did you mean "conflicts"?'),
    "estates' outcomes": (lambda m: m.record, "to_fram", 'Did you mean "to_frame"?'),
    "district": (lambda m: m.district, "househols", 'Did you mean "households"?'),
    "agenda": (lambda m: m.agenda, "nmes", 'Did you mean "names"?'),
    "line": (lambda m: next(iter(m.agenda)), "secnds", 'Did you mean "seconds"?'),
    "ledger": (lambda m: m.disputes.book, "perosn", 'Did you mean "person"?'),
    "costs": (lambda m: m.costs, "bok", 'Did you mean "book"?'),
    "chance": (lambda m: m.chance, "unifrom", 'Did you mean "uniform"?'),
    "outcome": (lambda _: sim.Outcome("a"), "lable", 'Did you mean "label"?'),
    "step": (lambda _: sim.Step("a", doc="b"), "befor", 'Did you mean "before"?'),
    "desk": (lambda _: sim.Desk("a"), "kid", 'Did you mean "kind"?'),
    "definition": (lambda _: sim.outcomes.definition("filed"), "lable", 'Did you mean "label"?'),
    "what a strategy knows": (lambda _: object.__new__(State), "conflict", 'Did you mean "conflicts"?'),
    "kind of estate": (lambda _: sim.EstateKind, "VILLAGE", 'Did you mean "URBAN_VILLAGE"?'),
    "kind of branch": (lambda _: sim.BranchKind, "DISPATCH", 'Did you mean "DISPATCHED"?'),
    "package": (lambda _: sim, "Scenari", 'Did you mean "Scenario"?'),
}


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_names_the_nearest_and_what_there_is(model: Any, what: str) -> None:
    find, name, near = SLIPS[what]
    thing = find(model)
    assert not hasattr(thing, name) and getattr(thing, name, 7) == 7
    with pytest.raises(AttributeError) as caught:
        getattr(thing, name)
    text = str(caught.value)
    assert near in text and "\n" not in text
    assert any(words in text for words in ("It has: ", "There are: ", "Choose from: "))


def test_a_column_that_is_not_there_is_refused_as_pandas_does(model: Any) -> None:
    with pytest.raises(KeyError) as caught:
        model.outcomes["conflict"]
    assert str(caught.value).startswith('Unknown outcome "conflict". Did you mean "conflicts"? Choose from: week, ')
    with pytest.raises(KeyError):
        model.outcomes[["conflict"]]
    assert model.outcomes.get("conflict") is None and "conflict" not in model.outcomes


def test_a_table_of_outcomes_is_an_ordinary_one_for_all_else(model: Any) -> None:
    table = model.outcomes
    plain = pd.DataFrame(table)
    for other in (copy.copy(table), copy.deepcopy(table), pickle.loads(pickle.dumps(table)), table.copy(), table[:]):
        assert type(other) is pd.DataFrame
        pd.testing.assert_frame_equal(other, plain, check_exact=True)
    pd.testing.assert_frame_equal(table, plain, check_exact=True)


def test_a_component_that_was_not_given_is_named(model: Any) -> None:
    with pytest.raises(AttributeError, match=r"Clubs is a component of yours that was not given: .*components=\[Clubs"):
        model.clubs  # noqa: B018
    given = sim.GovernanceModel({"district.estates": 3}, seed=1, components=[Clubs])
    assert hasattr(given, "clubs")


def test_asking_whether_there_is_one_makes_no_message(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any) -> str:
        raise AssertionError("a message was made")

    monkeypatch.setattr(attributes, "nearest", forbidden)
    assert not any(hasattr(thing, "nothing") for thing in (model, model.trust, model.district, model.agenda, sim))
    copy.deepcopy(model).run(weeks=1, progress=False)


class Broken(Attributes):
    """Has a property that falls over."""

    @property
    def wealth(self) -> Any:
        return self.incoem

    @property
    def health(self) -> Any:
        return (3).nothing  # type: ignore[attr-defined]


def test_a_property_that_fails_says_itself_why() -> None:
    with pytest.raises(AttributeError, match='Broken has no "incoem"'):
        Broken().wealth  # noqa: B018
    with pytest.raises(AttributeError, match="'int' object has no attribute 'nothing'"):
        Broken().health  # noqa: B018


def test_a_refusal_that_is_sent_holds_words_and_no_model(model: Any) -> None:
    with pytest.raises(AttributeError) as caught:
        model.residnets  # noqa: B018
    sent = pickle.dumps(caught.value)
    assert len(sent) < 5000
    assert type(pickle.loads(sent)) is AttributeError and str(pickle.loads(sent)) == str(caught.value)


def test_copies_and_pickles_are_whole(model: Any) -> None:
    for thing in (model.district, sim.Outcome("a"), sim.Step("a", doc="b"), sim.Desk("a"), sim.EstateKind.BUILDING):
        for other in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
            assert type(other) is type(thing) and repr(other) == repr(thing)
    other = pickle.loads(pickle.dumps(model))
    assert other.outcomes.equals(model.outcomes)
