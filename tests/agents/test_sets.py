"""Sets of agents give the answers of Mesa's own sets, wherever Mesa has an answer."""

from __future__ import annotations

import gc
import operator
import weakref

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesa.agentset import AgentSet

from sim.agents import Agent, Subset
from tests.support.toy_populations import Shop, Shops, Village, Villager, Villagers, rows


@pytest.fixture
def village() -> Village:
    return Village()


# Mesa's own habits: the same answers as a Mesa AgentSet of the same agents --------------------------

HOUSES = st.lists(st.integers(0, 3), min_size=1, max_size=12)


def pair(houses: list[int]) -> tuple[Villagers, AgentSet, list[Villager]]:
    model = Village(size=len(houses))
    model.villagers.house[:] = houses
    keep = list(model.villagers)
    return model.villagers, AgentSet(keep, random=model.random), keep


@given(HOUSES, st.integers(0, 4), st.sampled_from([float("inf"), 0, 2, 0.5, 1.0, 0.0]))
def test_select_is_mesas(houses: list[int], limit: int, most: float) -> None:
    ours, theirs, _ = pair(houses)
    expected = rows(theirs.select(lambda a: a.house < limit, at_most=most))
    assert rows(ours.select(lambda a: a.house < limit, at_most=most)) == expected
    assert rows(ours.select(ours.house < limit, at_most=most)) == expected
    assert rows(ours.select((ours.house < limit).tolist(), at_most=most)) == expected
    again = ours.select().select(lambda a: a.house < limit, at_most=most, inplace=True)
    assert rows(again) == expected
    assert rows(ours.select(agent_type=Villager)) == rows(ours.select(agent_type=Agent)) == rows(ours)
    assert rows(ours.select(agent_type=Shop)) == []


@given(HOUSES, st.booleans())
def test_sort_is_mesas_ties_included(houses: list[int], ascending: bool) -> None:
    ours, theirs, _ = pair(houses)
    for key in ("house", lambda a: -a.house, lambda a: (a.house, a.row % 2), "population.size"):
        assert rows(ours.sort(key, ascending=ascending)) == rows(theirs.sort(key, ascending=ascending))
    twice = ours.sort("row").sort("house", ascending=ascending, inplace=True)
    assert rows(twice) == rows(theirs.sort("row").sort("house", ascending=ascending))


@given(HOUSES)
def test_groupby_is_mesas(houses: list[int]) -> None:
    ours, theirs, _ = pair(houses)
    for by in ("house", lambda a: a.house % 2, lambda a: (a.house, "x"), "name"):
        for kind in ("agentset", "list"):
            mine, other = ours.groupby(by, result_type=kind), theirs.groupby(by, result_type=kind)
            assert [(k, rows(v)) for k, v in mine] == [(k, rows(v)) for k, v in other]
            assert mine.count() == other.count()
            assert len(mine) == len(other)
        assert mine.agg("house", sum) == ours.groupby(by).agg("house", sum) == other.agg("house", sum)
    assert isinstance(ours.groupby("house").groups[houses[0]], Subset)


@given(HOUSES)
def test_get_agg_map_do_and_set_are_mesas(houses: list[int]) -> None:
    ours, theirs, keep = pair(houses)
    assert ours.get("house").tolist() == theirs.get("house")
    assert ours.get(["house", "trust", "distrust"]) == theirs.get(["house", "trust", "distrust"])
    assert ours.get("absent", "default", -1).tolist() == theirs.get("absent", "default", -1)
    assert ours.get(["house", "absent"], "default") == theirs.get(["house", "absent"], "default")
    for func in (sum, min, max, np.mean, len, sorted):
        assert ours.agg("house", func) == theirs.agg("house", func)
    assert ours.agg("house", [min, max]) == theirs.agg("house", [min, max])
    assert ours.map("move", 0) == theirs.map("move", 0)
    assert ours.map(operator.attrgetter("row")) == rows(theirs)
    assert ours.do("move", house=2) is ours
    assert ours.house.tolist() == [house + 2 for house in houses]
    assert ours.do(Villager.move).set("trust", 0.25) is ours
    assert theirs.get("trust") == [0.25] * len(houses)
    assert ours.to_list() == keep
    assert [agent in ours for agent in keep] == [True] * len(houses)


@given(st.integers(0, 30), st.integers(0, 5))
def test_shuffle_keeps_everyone_and_follows_the_seed(size: int, seed: int) -> None:
    one, two = Village(size, rng=seed), Village(size, rng=seed)
    order = rows(one.villagers.shuffle())
    assert sorted(order) == list(range(size))
    assert rows(two.villagers.shuffle()) == order
    seen: list[int] = []
    one.villagers.shuffle_do(lambda agent: seen.append(agent.row))
    assert sorted(seen) == list(range(size))
    subset = one.villagers.select()
    assert subset.shuffle(inplace=True) is subset
    assert sorted(rows(subset)) == list(range(size))


def test_a_population_keeps_its_order(village: Village) -> None:
    for attempt in (
        lambda: village.villagers.shuffle(inplace=True),
        lambda: village.villagers.sort("house", inplace=True),
        lambda: village.villagers.select(lambda agent: False, inplace=True),
        lambda: village.agents.shuffle(inplace=True),
    ):
        with pytest.raises(TypeError, match="keeps its"):
            attempt()
    assert len(village.villagers) == 6


def test_do_skips_whoever_has_been_removed_meanwhile(village: Village) -> None:
    seen: list[int] = []

    def push(agent: Villager) -> None:
        seen.append(agent.row)
        for other in village.villagers:
            if other.row == agent.row + 1:
                other.remove()

    village.villagers.do(push)
    assert seen == [0, 2, 4]


def test_wrong_masks_are_refused(village: Village) -> None:
    with pytest.raises(ValueError, match="6 values"):
        village.villagers.select(np.ones(5, dtype=bool))
    with pytest.raises(TypeError, match="true and false"):
        village.villagers.select(np.arange(6))
    with pytest.raises(ValueError, match="2 values"):
        village.villagers[:2].select(np.ones(6, dtype=bool))
    with pytest.raises(ValueError, match="handle_missing"):
        village.villagers.get("trust", handle_missing="zero")  # type: ignore[arg-type]


def test_subsets_are_sets(village: Village) -> None:
    people = village.villagers
    low, high = people[:4], people[2:]
    assert rows(low & high) == [2, 3]
    assert rows(low | high) == [0, 1, 2, 3, 4, 5]
    assert rows(low - high) == [0, 1]
    assert rows(low ^ high) == [0, 1, 4, 5]
    assert rows(low & [people[1], village.shops[0]]) == [1]
    assert low != high
    assert low == set(low)
    assert people[1:3] <= low
    assert rows(low & village.shops) == []
    with pytest.raises(ValueError, match=r"model\.agents"):
        low | village.shops
    low.add(people[5])
    low.add(people[5])
    low.discard(people[0])
    low.discard(village.shops[0])
    low.remove(people[1])
    assert rows(low) == [2, 3, 5]
    assert len(people) == 6
    with pytest.raises(KeyError):
        low.remove(people[0])
    assert low[1] == people[3]
    assert (low.index(people[5]), low.count(people[5]), low.count(people[0])) == (2, 1, 0)
    assert rows(reversed(low)) == [5, 3, 2]
    with pytest.raises(ValueError, match="not in this set"):
        low.index(people[0])
    assert low.random is village.random
    assert low.rng is village.rng


# The whole model ------------------------------------------------------------------------------------


def test_model_agents_is_everyone(village: Village) -> None:
    everyone = village.agents
    assert len(everyone) == 9
    assert [agent.unique_id for agent in everyone] == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert everyone.get("unique_id").tolist() == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert everyone.get("trust").tolist() == [0.5] * 6 + [0.25] * 3
    assert everyone.get("hours", "default", 0.0).tolist() == [0.0] * 6 + [8.0] * 3
    assert rows(everyone.select(agent_type=Shop)) == [0, 2, 3]
    assert everyone.sort("trust", ascending=True).get("trust").tolist() == [0.25] * 3 + [0.5] * 6
    assert sorted(a.unique_id for a in everyone.shuffle()) == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert everyone.groupby(type).count() == {Villager: 6, Shop: 3}
    everyone.shuffle().set("trust", 1.0)
    assert village.villagers.trust.tolist() == [1.0] * 6
    assert village.shops.trust.tolist() == [1.0, 0.25, 1.0, 1.0]
    everyone.set("trust", np.arange(9.0))
    assert village.shops.trust.tolist() == [6.0, 0.25, 7.0, 8.0]
    chosen = everyone.select(lambda agent: agent.trust > 4)
    village.shops[2].remove()
    assert [agent.unique_id for agent in chosen] == [6, 7, 10]
    assert village.villagers[0] in everyone
    assert village.villagers[0] not in chosen
    assert Village().villagers[0] not in everyone
    with pytest.raises(AttributeError, match="cannot be set"):
        village.agents = []


def test_agents_by_type_are_the_populations(village: Village) -> None:
    assert village.agents_by_type[Villager] is village.villagers
    assert village.agent_types == [Villager, Shop]
    assert village.populations == {Villager: village.villagers, Shop: village.shops}
    with pytest.raises(ValueError, match="already"):
        village.add_population(Shops(village, 2))


def test_ordinary_mesa_agents_live_beside_them(village: Village) -> None:
    class Dog(mesa.Agent):
        trust = 2.0

    dog = Dog(village)
    assert dog.unique_id == 11
    assert dog in village.agents
    assert [type(agent) for agent in village.agents][-2:] == [Shop, Dog]
    assert village.agents.get("trust").tolist()[-2:] == [0.25, 2.0]
    village.agents.set("trust", 1.5)
    assert dog.trust == 1.5
    assert list(village.agents_by_type[Dog]) == [dog]
    assert village.agents.select(agent_type=Dog).to_list() == [dog]
    some = village.agents.select()
    dog.remove()
    assert dog not in village.agents
    assert len(some) == len(village.agents) == 9


def test_mesas_data_collector_reads_them(village: Village) -> None:
    collector = mesa.DataCollector(
        model_reporters={"mean trust": lambda m: m.agents.agg("trust", np.mean)},
        agent_reporters={"trust": "trust"},
        agenttype_reporters={Villager: {"house": "house", "distrust": lambda a: a.distrust}, Shop: {"hours": "hours"}},
    )
    for _ in range(2):
        village.step()
        collector.collect(village)
    people = collector.get_agenttype_vars_dataframe(Villager)
    assert people.shape == (12, 2)
    assert people.loc[2.0, "house"].tolist() == [2] * 6
    assert collector.get_agenttype_vars_dataframe(Shop).shape == (6, 1)
    assert collector.get_agent_vars_dataframe().shape == (18, 1)
    assert len(collector.get_model_vars_dataframe()) == 2


def test_a_frozen_scenario_is_the_models_own(village: Village) -> None:
    assert village.scenario is None
    scenario = ("frozen",)
    village.scenario = scenario
    assert village.scenario is village.villagers[0].scenario is scenario
    with pytest.raises(AttributeError, match="fork"):
        village.scenario = ("other",)


def test_the_clock_can_be_advanced(village: Village) -> None:
    village.advance_clock(52)
    assert (village.steps, village.time) == (52, 52.0)
    village.step()
    assert (village.steps, village.time) == (53, 53.0)
    assert village.villagers.house.tolist() == [1] * 6


def test_a_finished_model_is_forgotten() -> None:
    model = Village()
    model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
