"""Scenarios: frozen, complete, written and read back exactly, and every error said at once."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.core.errors import ScenarioError
from sim.parameters.parameter import Section, parameter, switch
from sim.parameters.scenario_base import ScenarioBase
from tests.support.repository import ROOT

FACTS: dict[str, Any] = {"status": "assumed", "source": "made up", "doc": "of the toy"}


class Tea(Section):
    """A toy mechanism."""

    enabled: bool = switch("tea is served")
    strength: float = parameter(1.0, unit="share", low=0, high=3, **FACTS)
    stop: int | None = parameter(None, unit="weeks", low=0, **FACTS)
    pause: int | None = parameter(4, unit="weeks", low=0, **FACTS)
    sort: Literal["green", "black"] = parameter("green", unit="word", **FACTS)


class House(Section):
    """A toy place."""

    strategy: str = parameter("none", unit="word", **FACTS)
    rooms: int = parameter(3, unit="rooms", low=1, high=100, **FACTS)
    strength: float = parameter(5.0, unit="bar", low=0, **FACTS)


class Toy(ScenarioBase):
    """A toy scenario."""

    tea: Tea = Tea()
    house: House = House()

    @classmethod
    def contradictions(cls, parts: Mapping[str, Any]) -> list[str]:
        """Tea needs a room for each week's pause."""
        if "tea" in parts and "house" in parts and (parts["tea"].pause or 0) > 10 * parts["house"].rooms:
            return ["tea.pause is too long for house.rooms."]
        return []


def complaint(function: Any, *arguments: Any) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        function(*arguments)
    return caught.value


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "tea.enabled": st.booleans(),
        "tea.strength": st.floats(0, 3) | st.integers(0, 3),
        "tea.stop": st.none() | st.integers(0, 10**9),
        "tea.pause": st.none() | st.integers(0, 10),
        "tea.sort": st.sampled_from(["green", "black"]),
        "house.strategy": st.text(st.characters(exclude_categories=("Cs",))),
        "house.rooms": st.integers(1, 100),
        "house.strength": st.floats(0, allow_infinity=False),
    },
)


# Values and changes -----------------------------------------------------------------------------------


@given(VALUES)
def test_replace_sets_what_was_asked_and_nothing_else(changes: dict[str, Any]) -> None:
    before = Toy()
    after = before.replace(changes)
    assert before == Toy()
    for name in Toy.names():
        assert after.get(name) == changes.get(name, before.get(name))
    assert after.differences(before).keys() == {name for name, value in changes.items() if value != before.get(name)}


def test_a_scenario_is_frozen_with_advice() -> None:
    with pytest.raises(AttributeError, match="scenario.replace"):
        Toy().tea = Tea()
    with pytest.raises(AttributeError, match="scenario.replace"):
        Toy().tea.strength = 2.0


def test_a_variant_never_changes_its_baseline() -> None:
    base = Toy().replace({"tea.strength": 2.0})
    variant = base.replace({"house.rooms": 7})
    assert (base.house.rooms, variant.house.rooms, variant.tea.strength) == (3, 7, 2.0)
    assert variant.tea == base.tea


def test_sections_can_be_given_as_sections_or_values() -> None:
    assert Toy(tea=Tea(strength=2.0)) == Toy(tea={"strength": 2}) == Toy().replace({"tea.strength": 2.0})
    assert Toy(**Toy().replace({"tea.stop": 3}).to_dict()).tea.stop == 3


def test_scenarios_compare_hash_copy_and_travel() -> None:
    toy = Toy().replace({"tea.stop": 5})
    assert hash(toy) == hash(Toy(tea={"stop": 5}))
    assert copy.deepcopy(toy) == toy == pickle.loads(pickle.dumps(toy))


def test_printing_shows_what_differs_from_the_defaults() -> None:
    assert repr(Toy()) == "<Toy: all defaults>"
    assert str(Toy().replace({"tea.stop": 5, "house.strategy": "full"})) == (
        '<Toy: tea.stop = 5, house.strategy = "full">'
    )


def test_parameters_lists_every_name_once() -> None:
    rows = Toy().replace({"tea.strength": 2}).parameters()
    assert [row["name"] for row in rows] == Toy.names()
    assert rows[1]["value"] == 2.0
    assert rows[1]["default"] == 1.0


def test_only_sections_can_be_fields() -> None:
    with pytest.raises(TypeError, match="must be a Section"):
        type("Bad", (ScenarioBase,), {"__annotations__": {"x": float}, "x": 1.0, "__module__": __name__})


# Fingerprints -----------------------------------------------------------------------------------------


@given(VALUES, VALUES)
def test_fingerprints_agree_exactly_when_values_do(one: dict[str, Any], two: dict[str, Any]) -> None:
    first, second = Toy().replace(one), Toy().replace(two)
    assert (first.fingerprint() == second.fingerprint()) == (first == second)


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = "import sim; print(sim.Scenario().replace({'coverage.strategy': 'full'}).fingerprint())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop().strip()) == 64


# Errors -----------------------------------------------------------------------------------------------


def test_every_problem_of_a_change_is_said_at_once() -> None:
    error = complaint(
        Toy().replace,
        {"tea.strengh": 1, "tea.strength": 4, "house.rooms": 2.5, "tee.stop": 1, "rooms": 5, "tea.rooms": 5},
    )
    text = str(error)
    assert len(error.problems) == 6
    assert 'tea.strengh is not a parameter. Did you mean "tea.strength"? Section tea has: enabled,' in text
    assert "tea.strength = 4 must be a number from 0 to 3 (share)." in text
    assert "house.rooms = 2.5 must be a whole number from 1 to 100 (rooms)." in text
    assert 'tee.stop is not a parameter. Did you mean "tea.stop"?' in text
    assert 'rooms is not a parameter; names are section.parameter. Did you mean "house.rooms"?' in text
    assert 'tea.rooms is not a parameter. Did you mean "house.rooms"?' in text


def test_a_name_of_several_sections_is_told_with_all_of_them() -> None:
    text = str(complaint(Toy().replace, {"strength": 1}))
    assert 'Did you mean "tea.strength" or "house.strength"?' in text


def test_a_slip_of_the_pen_is_looked_for_in_its_own_section_first() -> None:
    text = str(complaint(sim.Scenario().replace, {"district.estate": 5}))
    assert 'district.estate is not a parameter. Did you mean "district.estates"?' in text


def test_unknown_sections_and_values_without_section() -> None:
    with pytest.raises(ScenarioError) as caught:
        Toy(teas={}, house=3, sort="green")
    text = str(caught.value)
    assert 'teas is not a section. Did you mean "tea"? Sections are: tea, house.' in text
    assert "house = 3 must be a section with parameters: strategy, rooms, strength." in text
    assert 'sort = "green" is in no section. Did you mean "tea.sort"?' in text


def test_contradictions_are_reported_with_the_rest() -> None:
    assert "too long" in str(complaint(Toy().replace, {"tea.pause": 1000}))
    error = complaint(Toy().replace, {"tea.pause": 1000, "nothing.here": 1})
    assert len(error.problems) == 2


@pytest.mark.parametrize("name", ["tea", "tea.x", "x.strength", "", ".", "tea.strength.x"])
def test_get_refuses_what_does_not_exist(name: str) -> None:
    assert "is not a parameter" in str(complaint(Toy().get, name))


# Files ------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=VALUES)
def test_what_was_saved_is_loaded_again(tmp_path: Path, changes: dict[str, Any]) -> None:
    toy = Toy().replace(changes)
    path = tmp_path / "toy.toml"
    toy.save(path)
    assert Toy.load(path) == toy
    first = path.read_bytes()
    Toy.load(path).save(path)
    assert path.read_bytes() == first


def test_a_file_explains_every_value_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    Toy().replace({"tea.strength": 2.0}).save(tmp_path / "toy.toml")
    text = (tmp_path / "toy.toml").read_text(encoding="utf-8")
    assert "# of the toy (share, 0 to 3). Assumed: made up. Default: 1.0.\nstrength = 2.0\n" in text
    assert "# stop = ...  (left out)" in text
    assert [path.name for path in tmp_path.iterdir()] == ["toy.toml"]


def test_a_file_may_leave_out_anything(tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    path.write_text("", encoding="utf-8")
    assert Toy.load(path) == Toy()
    path.write_text("\ufeff[tea]\nstrength = 2\nstop = 3\npause = 'none'\n", encoding="utf-8")
    assert Toy.load(path) == Toy().replace({"tea.strength": 2.0, "tea.stop": 3, "tea.pause": None})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[tea]\nstrength = \n", ", line 2, column 12: this is not TOML"),
        (b"[tea]\nstrength = [1,\n", ", line 2: this is not TOML"),
        (b"[tea]\n[tea]\n", "line 2"),
        (b"[tea]\nstrength = 1\nstrength = 2\n", "line 3"),
        (b"[tea]\n\n# \xff\xfe\n", ", line 3: this is not UTF-8"),
        ("[tea]\n# 茶\n".encode("gb18030"), ", line 2: this is not UTF-8"),
        (b"[tea]\nstrength = " + b"9" * 5000, "not TOML"),
        (b"x = " + b"[" * 50000, "not TOML"),
        (b"[tea]\nstrength = 'two'\n", 'tea.strength = "two" must be a number'),
        (b"[tea]\nstrength = nan\n", "tea.strength = nan must be a number"),
        (b"[tea]\nstrength = true\n", "tea.strength = true must be a number"),
        (b"[tea]\nstop = 1979-05-27\n", "tea.stop = "),
        (b"[tea.strength]\nx = 1\n", "tea.strength = {'x': 1} must be"),
        (b"[[tea]]\nstrength = 1\n", "tea = [{'strength': 1}] must be a section"),
        (b"[tea]\nstrengh = 1\n", 'tea.strengh is not a parameter. Did you mean "tea.strength"?'),
        (b"[teas]\nstrength = 1\n", 'teas is not a section. Did you mean "tea"?'),
        (b"strength = 1\n", "strength = 1 is in no section"),
        (b"[house]\nstrategy = 1\n", "house.strategy = 1 must be a text"),
    ],
)
def test_a_bad_file_is_told_with_its_name_and_place(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    text = str(complaint(Toy.load, path))
    assert text.startswith(str(path))
    assert expected in text


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[tea]\nstrength = 9\nsort = 'red'\n[house]\nrooms = 0\nx = 1\n", encoding="utf-8")
    error = complaint(Toy.load, path)
    assert len(error.problems) == 4
    assert str(error).startswith(f"{path}, 4 problems:\n  - ")


@given(st.binary(max_size=60) | st.text("[]tea.strength=1\"'\n#{},", max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_gives_anything_but_a_scenario_or_our_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.toml"
    path.write_bytes(content)
    try:
        assert isinstance(Toy.load(path), Toy)
    except ScenarioError as error:
        assert str(error).startswith(str(path))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("", encoding="utf-8")
    assert "this is a folder" in str(complaint(Toy.load, tmp_path))
    missing = str(complaint(Toy.load, tmp_path / "mien.toml"))
    assert "there is no such file" in missing
    assert f'Did you mean "{tmp_path / "mine.toml"}"?' in missing
    assert "there is no such file" in str(complaint(Toy.load, tmp_path / "no" / "mine.toml"))
    assert "cannot be read" in str(complaint(Toy.load, "a\0b"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("", encoding="utf-8")
    path.chmod(0)
    assert "cannot be read" in str(complaint(Toy.load, path))


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    assert "cannot be written" in str(complaint(Toy().save, tmp_path / "no" / "x.toml"))
    assert "cannot be written" in str(complaint(Toy().save, tmp_path))
    assert "cannot be written" in str(complaint(Toy().save, "a\0b"))
    assert list(tmp_path.iterdir()) == []


# The command line -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tea.strength=2", ("tea.strength", 2.0)),
        (" tea.strength = 1e-3 ", ("tea.strength", 0.001)),
        ("house.rooms=7", ("house.rooms", 7)),
        ("tea.enabled=False", ("tea.enabled", False)),
        ("tea.enabled=on", ("tea.enabled", True)),
        ("tea.pause=none", ("tea.pause", None)),
        ("tea.pause=", ("tea.pause", None)),
        ("house.strategy=none", ("house.strategy", "none")),
        ("house.strategy=hours_matched:full", ("house.strategy", "hours_matched:full")),
        ("house.strategy='a=b'", ("house.strategy", "a=b")),
        ("tea.sort=black", ("tea.sort", "black")),
    ],
)
def test_a_setting_is_read_by_its_declared_type(text: str, expected: tuple[str, Any]) -> None:
    name, value = Toy.parse_setting(text)
    assert (name, value) == expected
    assert type(value) is type(expected[1])
    assert Toy().replace({name: value}).get(name) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tea.strength", "must be section.parameter=value"),
        ("tea.strengh=1", 'Did you mean "tea.strength"?'),
        ("strategy=full", 'Did you mean "house.strategy"?'),
        ("tea.strength=two", "tea.strength = two must be a number from 0 to 3 (share)."),
        ("tea.strength=nan", "must be a number from 0 to 3 (share)."),
        ("tea.strength=__import__('os')", "must be a number"),
        ("house.rooms=2.0", "must be a whole number from 1 to 100 (rooms)."),
        ("house.rooms=0", "must be a whole number from 1 to 100 (rooms)."),
        ("tea.enabled=perhaps", "must be true or false."),
        ("tea.sort=blak", 'Did you mean "black"?'),
        ("=1", "is not a parameter"),
    ],
)
def test_a_bad_setting_is_told(text: str, expected: str) -> None:
    assert expected in str(complaint(Toy.parse_setting, text))


def test_settings_are_read_together_and_the_last_counts() -> None:
    read = Toy.parse_settings(["tea.stop=3", "house.rooms=2", "tea.stop=4"])
    assert read == {"tea.stop": 4, "house.rooms": 2}
    error = complaint(Toy.parse_settings, ["tea.stop=x", "rooms", "tea.strength=9"])
    assert len(error.problems) == 3


@given(st.text())
def test_no_setting_gives_anything_but_a_value_or_our_error(text: str) -> None:
    for setting in (text, f"tea.strength={text}", f"house.rooms={text}", f"house.strategy={text}"):
        try:
            Toy.parse_setting(setting)
        except ScenarioError as error:
            assert str(error)


# The real one -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Any:
    from sim.scenario import Scenario

    return Scenario


def test_the_real_scenario_is_written_and_read_back(real: Any, tmp_path: Path) -> None:
    scenario = real().replace({"coverage.strategy": "full", "coverage.start_week": 60})
    scenario.save(tmp_path / "mine.toml")
    assert real.load(tmp_path / "mine.toml") == scenario


def test_every_real_parameter_is_documented(real: Any) -> None:
    for row in real().parameters():
        assert row["doc"].strip(), row["name"]
        assert row["unit"].strip(), row["name"]
        assert row["source"].strip(), row["name"]
        if isinstance(row["default"], float):
            assert row["low"] is not None and row["high"] is not None, f"{row['name']} has no hard limits"
            assert row["sweep_low"] <= row["default"] <= row["sweep_high"], row["name"]


def test_the_real_defaults_are_their_own_replacement(real: Any) -> None:
    assert real().replace(real().values()) == real()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"run.warmup": 208}, "run.warmup = 208 must be less than run.weeks = 208"),
        ({"coverage.start_week": 208}, "coverage.start_week = 208 must be less than run.weeks"),
        ({"coverage.strategi": "full"}, 'Did you mean "coverage.strategy"? Section coverage has: enabled, strategy,'),
    ],
)
def test_the_real_scenario_refuses_nonsense(real: Any, changes: dict[str, Any], expected: str) -> None:
    assert expected in str(complaint(real().replace, changes))


def test_none_leaves_out_what_may_be_left_out_and_nothing_else() -> None:
    """A design in TOML has no other word for it; a text may be called none, and a number may not."""
    late = sim.Scenario({"coverage.start_week": 60})
    assert late.replace({"coverage.start_week": "none"}) == sim.Scenario()
    assert sim.Scenario({"coverage": {"start_week": "none", "strategy": "none"}}) == sim.Scenario()
    with pytest.raises(sim.ScenarioError, match="run.weeks"):
        late.replace({"run.weeks": "none"})


def test_a_scenario_and_its_sections_are_asked_by_name_in_brackets() -> None:
    scenario = sim.Scenario()
    assert scenario["run"] is scenario.run and scenario["run.weeks"] == scenario["run"]["weeks"] == scenario.run.weeks
