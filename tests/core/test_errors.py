"""Messages: complete, one of them, and naming the nearest word."""

from __future__ import annotations

import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.core import errors
from sim.core.errors import GongzhiError, RunawayError, ScenarioError, UnfinishedWeekError, nearest


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name.endswith("Error")])
def test_every_error_is_ours_and_an_ordinary_one(name: str) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, GongzhiError)
    if kind not in (GongzhiError, RunawayError, UnfinishedWeekError):
        assert issubclass(kind, ValueError)
    assert str(kind("what was wrong")) == "what was wrong"


def test_a_runaway_is_not_bad_input() -> None:
    assert issubclass(RunawayError, RuntimeError)
    assert not issubclass(RunawayError, ValueError)


def test_nearest_ignores_case_and_says_nothing_when_nothing_is_near() -> None:
    assert nearest("Strategie", ["share", "strategy"]) == ' Did you mean "strategy"?'
    assert nearest("JOINT", ["own", "joint"]) == ' Did you mean "joint"?'
    assert nearest("quite different", ["own", "joint"]) == ""
    assert nearest("anything", []) == ""


@given(st.text(), st.lists(st.text()))
def test_nearest_names_an_allowed_word_or_none(word: str, allowed: list[str]) -> None:
    hint = nearest(word, allowed)
    assert hint == "" or hint in {f' Did you mean "{other}"?' for other in allowed}


def test_an_unknown_word_is_named_in_chinese_too() -> None:
    with pytest.raises(sim.StrategyError) as caught:
        sim.GovernanceModel({"coverage.strategy": "fulll"})
    assert caught.value.text("zh").startswith("没有名为“fulll”的策略。是否指“full”？可选：none、own、")
    for kind in errors._KINDS:
        assert errors.unknown(kind, "x", ["a"]).text("zh").startswith("没有名为“x”的")


def test_one_finding_is_a_sentence_and_several_are_a_list() -> None:
    one = ScenarioError.listing("mine.toml", ["a is wrong."])
    two = ScenarioError.listing("mine.toml", ["a is wrong.", "b is wrong."])
    assert str(one) == "mine.toml: a is wrong."
    assert str(two).splitlines() == ["mine.toml, 2 problems:", "  - a is wrong.", "  - b is wrong."]
    assert two.problems == ("a is wrong.", "b is wrong.")


def test_an_error_survives_the_way_back_from_a_worker() -> None:
    error = pickle.loads(pickle.dumps(ScenarioError.listing("x", ["a", "b"])))
    assert isinstance(error, ScenarioError)
    assert error.problems == ("a", "b")
    assert str(error) == "x, 2 problems:\n  - a\n  - b"


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name.endswith("Error")])
def test_every_error_shows_and_pickles_as_users_import_it(name: str) -> None:
    kind = getattr(sim, name)
    assert traceback.format_exception_only(kind("so")) == [f"sim.{name}: so\n"]
    same = pickle.loads(pickle.dumps(kind("so")))
    assert type(same) is kind and same.args == ("so",)
