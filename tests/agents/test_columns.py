"""Columns: typed, in place, never shared, never replaced; views of a row as Mesa agents."""

from __future__ import annotations

import time
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents import Agent, Population, column
from tests.support.toy_populations import Shops, Village, Villager, Villagers, rows


@pytest.fixture
def village() -> Village:
    return Village()


# Columns --------------------------------------------------------------------------------------------


def test_columns_have_their_type_and_default(village: Village) -> None:
    people = village.villagers
    assert people.trust.dtype == np.float32
    assert people.trust.tolist() == [0.5] * 6
    assert people.house.tolist() == [0] * 6
    assert people.owner.dtype == bool
    assert people.name.tolist() == ["nobody"] * 6


def test_two_live_models_never_share_a_number() -> None:
    one, two = Village(), Village()
    one.villagers.trust[:] = 0.9
    one.villagers[2].house = 7
    one.villagers.set("owner", True)
    one.shops[0].remove()
    one.villagers[1].remove()
    assert two.villagers.trust.tolist() == [0.5] * 6
    assert two.villagers[2].house == 0
    assert not two.villagers.owner.any()
    assert (len(two.shops), len(two.villagers)) == (3, 6)
    assert one.villagers[2] != two.villagers[2]
    assert one.villagers[2] not in two.villagers
    for array in one.villagers.arrays().values():
        assert not any(np.shares_memory(array, other) for other in two.villagers.arrays().values())


def test_a_column_cannot_be_replaced_but_is_changed_in_place(village: Village) -> None:
    people = village.villagers
    storage = people.trust
    with pytest.raises(AttributeError, match=r"trust\[:\] = "):
        people.trust = np.ones(6)
    with pytest.raises(AttributeError, match="cannot be replaced"):
        people.trust = people.trust + 1
    people.trust += 1
    people.trust[0] = 9
    assert people.trust is storage
    assert people[0].trust == 9
    with pytest.raises(AttributeError, match="cannot be replaced"):
        village.shops.present = np.ones(4, dtype=bool)
    with pytest.raises(AttributeError, match="computed"):
        people.distrust = 1


def test_misspelt_names_are_told(village: Village) -> None:
    people = village.villagers
    hint = 'Did you mean "trust"?'
    for attempt in (
        lambda: people.trsut,
        lambda: people[0].trsut,
        lambda: people.get("trsut"),
        lambda: people.agg("trsut", sum),
        lambda: people.set("trsut", 1),
        lambda: people.sort("trsut"),
        lambda: people.groupby("trsut"),
        lambda: setattr(people, "trsut", 1),
        lambda: setattr(people[0], "trsut", 1),
        lambda: village.agents.get("trsut"),
    ):
        with pytest.raises(AttributeError) as caught:
            attempt()
        assert hint in str(caught.value)


def test_a_population_may_keep_other_things(village: Village) -> None:
    village.villagers.budget = 3.0
    village.villagers._trusts = 1
    assert village.villagers.budget == 3.0
    with pytest.raises(AttributeError, match="no column"):
        village.villagers[0].budget = 3.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("house", 1.5),
        ("house", 40_000),
        ("house", "1"),
        ("house", None),
        ("trust", "0.5"),
        ("trust", None),
        ("owner", 2),
        ("owner", "yes"),
        ("house", np.array([1, 2, 3, 4, 5, 6.5])),
    ],
)
def test_a_column_refuses_what_it_cannot_keep(village: Village, name: str, value: Any) -> None:
    before = village.villagers.get(name).tolist()
    with pytest.raises(TypeError, match=name):
        village.villagers.set(name, value)
    if not isinstance(value, np.ndarray):
        with pytest.raises(TypeError, match=name):
            setattr(village.villagers[0], name, value)
    assert village.villagers.get(name).tolist() == before


@given(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=6, max_size=6))
def test_what_is_written_is_read(values: list[int]) -> None:
    people = Village().villagers
    people.set("house", np.array(values))
    assert people.get("house").tolist() == people.house.tolist() == values == [a.house for a in people]
    people.set("house", 3.0)
    assert people.house.tolist() == [3] * 6


def test_declarations_that_would_hide_something_are_refused() -> None:
    with pytest.raises(TypeError, match="every agent has that"):
        type("Bad", (Agent,), {"model": column(float)})
    agent = type("Fine", (Agent,), {"rows": column(float)})
    with pytest.raises(TypeError, match="another meaning"):
        type("Bads", (Population,), {"agent": agent})


def test_columns_are_inherited() -> None:
    class Mayor(Villager):
        budget = column(np.float64, 1.0)

    class Mayors(Villagers):
        agent = Mayor

    mayors = Mayors(None, 2)
    assert list(mayors.arrays()) == ["trust", "house", "owner", "name", "budget"]
    assert mayors[0].distrust == 0.5
    assert mayors[0].move(3) == 3


# Views ----------------------------------------------------------------------------------------------


def test_a_view_is_a_mesa_agent(village: Village) -> None:
    person = village.villagers[2]
    assert isinstance(person, mesa.Agent)
    assert (person.model, person.random, person.rng) == (village, village.random, village.rng)
    assert person.unique_id == 3
    assert village.shops[0].unique_id == 7
    assert person.pos is None
    assert person == village.villagers[2]
    assert len({person, village.villagers[2], village.villagers[3], village.shops[2]}) == 3
    assert person != 2
    assert repr(person) == "<Villager 2: trust 0.5, house 0, owner no, name nobody>"


def test_views_hold_plain_numbers_and_no_state(village: Village) -> None:
    person = village.villagers[0]
    assert [type(v) for v in (person.trust, person.house, person.owner)] == [float, int, bool]
    person.trust = 0.25
    assert village.villagers.trust[0] == 0.25
    assert person.distrust == 0.75
    assert "__dict__" not in dir(person) or not vars(person)
    with pytest.raises(AttributeError, match="computed"):
        person.distrust = 1.0
    with pytest.raises(AttributeError):
        person.unique_id = 3


def test_agents_are_not_made_one_by_one(village: Village) -> None:
    with pytest.raises(TypeError, match="row of a population"):
        Villager(village)
    with pytest.raises(TypeError, match="row of a population"):
        Villager.create_agents(village, 3)


def test_indexing_is_by_row(village: Village) -> None:
    people, shops = village.villagers, village.shops
    assert people[-1] == people[5]
    assert people[np.int64(3)].row == 3
    assert rows(people[1:3]) == [1, 2]
    assert rows(people[[4, 0]]) == [4, 0]
    assert rows(people[people.trust > 1]) == []
    assert rows(shops[:]) == [0, 2, 3]
    for bad in (6, -7):
        with pytest.raises(IndexError, match="rows 0 to 5"):
            people[bad]
    with pytest.raises(IndexError, match="no Shop in row 1 at present"):
        shops[1]


# Presence -------------------------------------------------------------------------------------------


def test_absent_rows_are_no_agents_but_keep_their_columns(village: Village) -> None:
    shops = village.shops
    shops.hours[:] = [1, 2, 3, 4]
    assert len(shops) == 3
    assert rows(shops) == shops.rows.tolist() == [0, 2, 3]
    assert shops.get("hours").tolist() == [1, 3, 4]
    assert shops.agg("hours", sum) == 8
    assert shops.hours.tolist() == [1, 2, 3, 4]
    assert rows(shops.select(shops.hours > 1)) == [2, 3]
    assert rows(shops.select(shops.get("hours") > 1)) == [2, 3]
    assert shops.to_frame().index.tolist() == [0, 2, 3]
    shops.set("hours", 0)
    assert shops.hours.tolist() == [0, 2, 0, 0]


def test_agents_leave_and_come_back(village: Village) -> None:
    shop, subset = village.shops[2], village.shops.select()
    shop.remove()
    assert shop not in village.shops
    assert shop not in village.agents
    assert rows(subset) == rows(village.shops) == [0, 3]
    with pytest.raises(KeyError):
        village.shops.remove(shop)
    village.shops.discard(shop)
    village.shops.add(shop)
    assert shop in village.shops
    person = village.villagers[0]
    person.remove()
    person.remove()
    assert (len(village.villagers), len(village.agents)) == (5, 8)
    village.register_agent(person)
    assert len(village.villagers) == 6
    with pytest.raises(ValueError, match="not a row of these"):
        village.shops.add(person)
    village.shops.clear()
    assert not village.shops
    village.remove_all_agents()
    assert len(village.agents) == 0


def test_presence_is_checked() -> None:
    for bad in (np.ones(3, dtype=bool), np.ones(4), [1, 0, 1, 1]):
        with pytest.raises(ValueError, match="4 rows"):
            Shops(None, 4, present=bad)
    given_array = np.ones(4, dtype=bool)
    shops = Shops(None, 4, present=given_array)
    given_array[:] = False
    assert len(shops) == 4


# State and tables -----------------------------------------------------------------------------------


def test_state_is_copied_whole_and_independently(village: Village) -> None:
    village.villagers.house[:] = range(6)
    village.villagers[4].remove()
    village.villagers.name[2] = "Li"
    other = Village()
    for ours, theirs in zip(village.populations.values(), other.populations.values(), strict=True):
        storage = theirs.trust
        theirs.copy_from({name: array.copy() for name, array in ours.arrays().items()})
        assert theirs.trust is storage
        assert theirs.arrays().keys() == ours.arrays().keys()
        for name, array in ours.arrays().items():
            assert np.array_equal(array, theirs.arrays()[name])
    assert rows(other.villagers) == [0, 1, 2, 3, 5]
    village.villagers.house += 1
    assert other.villagers.house.tolist() == list(range(6))
    other.villagers.copy_from(Village().villagers.arrays())
    assert len(other.villagers) == 6


def test_state_that_does_not_fit_changes_nothing(village: Village) -> None:
    people = village.villagers
    state = {name: array.copy() for name, array in people.arrays().items()}
    state["trust"][:] = 9
    without = {name: array for name, array in state.items() if name != "house"}
    for wrong in (
        without,
        {**state, "extra": state["trust"]},
        {**state, "house": np.zeros(5, dtype=np.int16)},
        {**state, "house": np.zeros(6, dtype=np.float64)},
        {**state, "present": np.ones(6)},
    ):
        with pytest.raises(ValueError, match="cannot take over state"):
            people.copy_from(wrong)
    assert people.trust.tolist() == [0.5] * 6
    people.house.setflags(write=False)
    people.copy_from(state)
    assert people.trust.tolist() == [9.0] * 6
    state["house"][0] = 1
    with pytest.raises(ValueError, match="house missing, unknown"):
        people.copy_from(state)


def test_tables(village: Village) -> None:
    frame = village.villagers.to_frame()
    assert list(frame.columns) == ["trust", "house", "owner", "name", "distrust"]
    assert frame.index.name == "row"
    assert frame.dtypes["trust"] == np.float32
    assert village.villagers.sort("row").to_frame().index.tolist() == [5, 4, 3, 2, 1, 0]
    memory = village.shops.memory()
    assert [row["name"] for row in memory] == ["trust", "hours", "present"]
    assert [row["bytes"] for row in memory] == [32, 32, 4]
    assert village.villagers.memory()[0]["unit"] == "share"
    assert repr(village.villagers) == "<Villagers: 6 agents, 4 columns>"
    assert repr(village.shops[:]) == "<3 of Shops>"
    assert repr(village.agents) == "<9 agents of Village>"


def test_whole_columns_of_derived_values(village: Village) -> None:
    village.villagers.trust[1] = 0.75
    assert village.villagers.distrust.tolist() == [0.5, 0.25, 0.5, 0.5, 0.5, 0.5]
    assert village.villagers.at("distrust", np.array([1])).tolist() == [0.25]
    assert village.villagers.agg("distrust", min) == 0.25
    assert village.villagers.select(village.villagers.distrust < 0.3).get("row").tolist() == [1]


def test_a_million_agents_are_set_up_and_read_at_array_speed() -> None:
    start = time.process_time()
    village = Village(size=1_250_000)
    people = village.villagers
    people.trust[::2] = 0.1
    assert len(village.agents) == 1_250_003
    assert people.agg("trust", np.mean) == pytest.approx(0.3)
    assert len(people.select(people.trust < 0.3)) == 625_000
    assert sorted(people.groupby("trust").count().values()) == [625_000, 625_000]
    assert len(people.shuffle().sort("trust")) == 1_250_000
    # Views of everyone alone would take longer; twenty times what is usual.
    assert time.process_time() - start < 10.0
    assert "trust" in vars(people)
