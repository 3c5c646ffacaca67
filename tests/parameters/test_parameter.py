"""A parameter carries its unit, range and source, and takes nothing that it should not."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.errors import ScenarioError
from sim.parameters.parameter import Section, parameter, shown, switch


def number(default: Any, **facts: Any) -> Any:
    facts = {"unit": "cups", "status": "assumed", "source": "habit", "doc": "tea", **facts}
    return parameter(default, **facts)


class Tea(Section):
    """A toy section."""

    enabled: bool = switch("tea is served")
    strength: float = number(1, low=0, high=3, sweep=(0.5, 2.0), unit="share")
    cups: int = number(2, low=0)
    stop: int | None = number(None, low=1, unit="weeks")
    sort: Literal["green", "black"] = number("green", unit="word")
    pot: str = number("iron", choices=["iron", "clay"], unit="word")
    name: str = number("none", unit="word")
    warmth: float = number(60.0, high=100.0, unit="degrees")
    free: float = number(0.0, unit="")


def test_defaults_have_their_declared_types() -> None:
    tea = Tea()
    assert (tea.strength, tea.cups, tea.stop, tea.sort, tea.enabled) == (1.0, 2, None, "green", True)
    assert type(tea.strength) is float


@given(st.floats(0, 3), st.integers(0, 10**9))
def test_every_value_inside_its_limits_is_kept_exactly(strength: float, cups: int) -> None:
    tea = Tea(strength=strength, cups=cups)
    assert (tea.strength, tea.cups) == (strength, cups)


@given(st.floats(allow_nan=True, allow_infinity=True).filter(lambda x: not 0 <= x <= 3))
def test_every_value_outside_its_limits_is_refused(strength: float) -> None:
    with pytest.raises(ScenarioError, match=r"must be a number from 0 to 3 \(share\)"):
        Tea(strength=strength)


def test_limits_themselves_are_allowed() -> None:
    assert Tea(strength=0).strength == 0.0
    assert Tea(strength=3).strength == 3.0


@pytest.mark.parametrize("bad", [True, "1", None, [1.0], {}, 1j, math.nan, math.inf, -math.inf, 10**400])
def test_a_number_takes_only_finite_numbers(bad: Any) -> None:
    for name in ("strength", "free", "warmth"):
        with pytest.raises(ScenarioError, match=name):
            Tea(**{name: bad})


@pytest.mark.parametrize("bad", [1.0, True, "2", None, math.nan, np.float64(2.0), np.bool_(True)])
def test_a_whole_number_takes_only_whole_numbers(bad: Any) -> None:
    with pytest.raises(ScenarioError, match="cups = .* must be a whole number of at least 0"):
        Tea(cups=bad)


@pytest.mark.parametrize("bad", [0, 1, "true", None, 1.0])
def test_a_switch_takes_only_truth(bad: Any) -> None:
    with pytest.raises(ScenarioError, match="enabled = .* must be true or false"):
        Tea(enabled=bad)


def test_numpy_scalars_become_plain_numbers() -> None:
    tea = Tea(strength=np.float32(0.5), cups=np.int64(3), enabled=np.bool_(False))
    assert [type(value) for value in (tea.strength, tea.cups, tea.enabled)] == [float, int, bool]


def test_minus_zero_is_zero() -> None:
    assert math.copysign(1.0, Tea(strength=-0.0).strength) == 1.0


def test_choices_are_enforced_with_the_nearest_named() -> None:
    with pytest.raises(ScenarioError) as caught:
        Tea(sort="gren", pot="cly")
    assert 'sort = "gren" must be one of "green", "black". Did you mean "green"?' in str(caught.value)
    assert 'pot = "cly" must be one of "iron", "clay". Did you mean "clay"?' in str(caught.value)


def test_all_errors_come_in_one_message() -> None:
    with pytest.raises(ScenarioError) as caught:
        Tea(strength=9, cups=-1, sort="red", streng=1)
    assert len(caught.value.problems) == 4
    text = str(caught.value)
    for part in ("strength = 9", "cups = -1", 'sort = "red"', 'streng is not a parameter. Did you mean "st'):
        assert part in text


def test_limits_are_said_in_words() -> None:
    with pytest.raises(ScenarioError, match="a number of at most 100 \\(degrees\\)"):
        Tea(warmth=101.0)
    with pytest.raises(ScenarioError, match="a whole number of at least 1 \\(weeks\\), or left out"):
        Tea(stop=0)


def test_a_section_is_frozen_with_advice() -> None:
    with pytest.raises(AttributeError, match="scenario.replace"):
        Tea().strength = 2.0


def test_sections_compare_hash_copy_and_travel() -> None:
    tea = Tea(strength=2.0, stop=5)
    assert tea == Tea(strength=2, stop=5)
    assert tea != Tea()
    assert hash(tea) == hash(Tea(strength=2, stop=5))
    assert copy.deepcopy(tea) == tea == pickle.loads(pickle.dumps(tea))


def test_build_reports_with_a_prefix_or_makes_the_section() -> None:
    made, problems = Tea.build({"cups": 3}, "tea.")
    assert made == Tea(cups=3)
    assert problems == []
    made, problems = Tea.build({"cups": -3, "stop": 0}, "tea.")
    assert made is None
    assert [text.split(" ")[0] for text in problems] == ["tea.cups", "tea.stop"]


def test_rows_tell_everything() -> None:
    rows = {row["name"]: row for row in Tea(strength=2).rows("tea.")}
    assert list(rows) == [f"tea.{name}" for name in Tea.model_fields]
    assert rows["tea.strength"] == {
        "name": "tea.strength",
        "value": 2.0,
        "default": 1.0,
        "unit": "share",
        "low": 0,
        "high": 3,
        "sweep_low": 0.5,
        "sweep_high": 2.0,
        "status": "assumed",
        "source": "habit",
        "doc": "tea",
        "choices": None,
    }
    assert rows["tea.sort"]["choices"] == ["green", "black"]
    assert rows["tea.pot"]["choices"] == ["iron", "clay"]
    assert (rows["tea.cups"]["sweep_low"], rows["tea.cups"]["sweep_high"]) == (0, None)
    assert (rows["tea.enabled"]["unit"], rows["tea.enabled"]["status"]) == ("switch", "design")


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"default": 4, "low": 0, "high": 3}, "outside"),
        ({"default": 1, "low": 3, "high": 0}, "above"),
        ({"default": 1, "low": 0, "high": 3, "sweep": (1, 4)}, "sweep"),
        ({"default": 1, "low": 0, "high": 3, "sweep": (2, 1)}, "sweep"),
        ({"default": "a", "choices": ["b"]}, "choices"),
        ({"default": 1, "status": "rumour"}, "status"),
    ],
)
def test_a_contradictory_declaration_is_refused(facts: dict[str, Any], complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        number(**facts)


def test_a_section_declares_all_its_fields_properly() -> None:
    with pytest.raises(TypeError, match="must be declared with parameter"):
        type("Bare", (Section,), {"__annotations__": {"x": float}, "x": 1.0, "__module__": __name__})
    with pytest.raises(TypeError, match="a text cannot be None"):
        type("Maybe", (Section,), {"__annotations__": {"x": str | None}, "x": number(None), "__module__": __name__})
    with pytest.raises(ScenarioError, match="x = 1.5"):
        type("Wrong", (Section,), {"__annotations__": {"x": int}, "x": number(1.5), "__module__": __name__})


def test_long_values_are_shortened_in_messages() -> None:
    assert len(shown("x" * 1000)) == 60
