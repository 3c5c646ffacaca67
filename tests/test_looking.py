"""What can be looked at: names, units and meanings in place of bare numbers, and a case followed from end to end."""

from __future__ import annotations

import copy
import pydoc
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.core.codes import ENDS
from sim.disputes import CASE_COLUMNS
from sim.disputes.case_history import EVENTS, LEADS, MET, REFERRED, SENT_UP
from sim.disputes.incidents import INCIDENT_COLUMNS
from sim.outcomes import COLUMNS
from tests.support.toy_populations import Village, Villager, Villagers

CHINESE = re.compile("[\u4e00-\u9fff]")
AGENTS = [
    kind
    for kind in vars(sim).values()
    if isinstance(kind, type) and issubclass(kind, sim.Agent) and kind is not sim.Agent
]


@pytest.fixture(scope="module")
def model() -> sim.GovernanceModel:
    """A town with every mechanism at work, in which people come and go."""
    changes = {"district.estates": 14, "run.weeks": 60, "run.warmup": 10, "coverage.strategy": "full"}
    model = sim.GovernanceModel(sim.Scenario().with_everything_on().replace(changes), seed=3)
    model.run(progress=False)
    return model


# Agents ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", AGENTS, ids=lambda kind: kind.__name__)
def test_help_lists_every_column_with_unit_and_meaning(kind: type[sim.Agent]) -> None:
    text = pydoc.plain(pydoc.render_doc(kind))
    for name, column in kind.columns.items():
        assert f"{name} : {column.kind}" + (f", {column.unit}" if column.unit else "") in text
        assert column.doc and column.doc in text and column.__doc__ and column.doc in column.__doc__
        for word in column.words:
            assert word in text


def test_help_lists_what_is_computed() -> None:
    assert "portfolio : computed, estates\n    Estates that the firm serves." in (sim.Firm.__doc__ or "")
    assert Villager.__doc__ and Villager.__doc__.startswith(
        "A toy agent.\n\nColumns\n-------\ntrust : float32, share\n"
    )
    assert "distrust : computed, share" in Villager.__doc__


def test_an_agent_shows_names_and_words(model: sim.GovernanceModel) -> None:
    estates = model.district.names
    branch = list(model.branches)[0]
    assert repr(branch).startswith(f'<Branch {branch.row}, estate "{estates[branch.row]}": kind ')
    assert re.search(r": kind (own|dispatched|joint), members \d", repr(branch))
    assert f'<Firm 0, firm "{model.district.firm_names[0]}": portfolio ' in repr(model.firms[0])
    contract = list(model.contracts)[0]
    assert f'firm "{model.district.firm_names[contract.firm]}"' in repr(contract)
    assert f'estate "{estates[model.residents[7].estate]}"' in repr(model.residents[7])
    assert "owner yes" in repr(model.residents.select(model.residents.owner)[0])
    assert f'community "{model.district.community_names[0]}": hours ' in repr(model.authorities[0])
    assert repr(model.authorities[len(model.authorities) - 1]).startswith("<Authority ")
    for population in model.populations.values():
        for agent in population[:3]:
            assert repr(agent).count("<") == 1 and len(repr(agent)) < 250, repr(agent)


def test_describe_gives_value_unit_and_meaning(model: sim.GovernanceModel) -> None:
    branch = list(model.branches)[0]
    table = branch.describe()
    assert table.loc["kind", "value"] in ("own", "dispatched", "joint")
    assert table.loc["hours", "unit"] == "hours per week" and table["meaning"].all()
    assert set(table.index) == set(sim.Branch.columns)
    assert "<table>" in branch._repr_html_() and "hours per week" in branch._repr_html_()
    every = model.residents.describe()
    assert (
        every.loc["satisfaction", "type"] == "computed" and every.loc["owner", "mean"] == model.residents.owner.mean()
    )
    assert sim.GovernanceModel({"district.estates": 3}).branches.describe()["mean"].isna().all()


def test_groups_show_what_they_are_grouped_by(model: sim.GovernanceModel) -> None:
    groups = repr(model.branches.groupby("kind"))
    assert re.match(r"<\d groups by kind: (own|joint|dispatched) \(\d+\)", groups)
    assert f"{model.district.names[0]} (" in repr(model.residents.groupby("estate"))
    assert repr(model.residents.groupby(lambda agent: agent.row < 4)).startswith("<2 groups: True (4), False (")
    assert repr(Village().villagers.groupby("house")) == "<1 groups by house: 0 (6)>"


def test_an_absent_row_says_which_rows_there_are(model: sim.GovernanceModel) -> None:
    absent = np.flatnonzero(~model.committees.present)[0]
    with pytest.raises(IndexError) as caught:
        model.committees[int(absent)]
    assert f": {model.committees.rows[0]}, {model.committees.rows[1]}" in str(caught.value)
    assert f"{len(model.committees)} of 14 rows have one" in str(caught.value)


def test_nothing_shows_where_it_lies_in_memory(model: sim.GovernanceModel) -> None:
    own = [thing for thing in vars(model).values() if type(thing).__module__.startswith("sim.")]
    assert len(own) > 40
    assert not [repr(thing) for thing in own if " at 0x" in repr(thing)]


def test_a_population_of_a_model_takes_no_new_array_but_its_own_class_may(model: sim.GovernanceModel) -> None:
    village = Village()
    with pytest.raises(AttributeError, match="none can be added"):
        village.villagers.mood = np.ones(6)
    village.villagers._mood = np.ones(6)
    loose = Villagers(None, 3)
    loose.mood = np.ones(3)
    assert not hasattr(village.villagers[0], "mood")


def test_lowest_and_highest_of_nobody_are_refused_with_words() -> None:
    nobody = Village().villagers[:0]
    with pytest.raises(ValueError, match="no agents in this set"):
        nobody.agg("trust", max)
    assert nobody.agg("trust", sum) == 0


# Completion -----------------------------------------------------------------------------------------


def test_names_that_are_offered_are_columns_and_parameters(model: sim.GovernanceModel) -> None:
    resident, branches = model.residents[0], model.scenario.branches
    assert {"educated", "foreign", "trust_firm", "estate", "describe"} <= set(dir(resident))
    assert not {"create_agents", "columns", "advance"} & set(dir(resident))
    assert {"satisfaction", "owner", "select", "to_frame"} <= set(dir(model.residents))
    assert not {"isdisjoint", "copy_from", "computed"} & set(dir(model.residents))
    assert set(dir(branches)) == {*type(branches).model_fields, "rows"}
    assert {"branches", "replace", "get", "load"} <= set(dir(model.scenario))
    assert not {"model_dump", "parse_raw", "construct", "json"} & set(dir(model.scenario))
    assert {"run", "fork", "outcomes", "residents", "disputes"} <= set(dir(model))
    assert not {"schedule_event", "agent_id_counter", "observe"} & set(dir(model))
    for thing in (resident, model.residents, branches, model.scenario, model):
        assert all(hasattr(thing, name) for name in dir(thing) if name != "policy_hours")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("model.scenario.bran", "branches"),
        ("model.scenario.branches.hours_p", "hours_per_member"),
        ("model.residents.satis", "satisfaction"),
        ("resident.trust_f", "trust_firm"),
    ],
)
def test_a_notebook_completes_them(model: sim.GovernanceModel, typed: str, offered: str) -> None:
    completer = pytest.importorskip("IPython.core.completer")
    namespace = {"model": model, "resident": model.residents[0]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        complete = completer.IPCompleter(namespace=namespace, global_namespace=namespace)
        with completer.provisionalcompleter():
            found = {one.text.rpartition(".")[2] for one in complete.completions(typed, len(typed))}
    assert offered in found and not [name for name in found if name.startswith("model_")]


def test_parameters_show_themselves_as_a_table() -> None:
    scenario = sim.Scenario.of({"branches.reach": 0.5})
    assert "share" in scenario.branches._repr_html_() and "hours_per_member" in scenario.branches._repr_html_()
    assert "branches.reach" in scenario._repr_html_() and "hours_per_member" not in scenario._repr_html_()
    assert "all defaults" in sim.Scenario()._repr_html_()


# Outcomes -------------------------------------------------------------------------------------------


def test_outcomes_have_a_legend_in_both_languages(model: sim.GovernanceModel) -> None:
    english, chinese = sim.outcomes.describe(), sim.outcomes.describe("zh")
    assert list(english.index) == list(chinese.index) == list(COLUMNS)
    assert set(model.outcomes.columns) == {"week", *english.index}
    assert set(english["better"]) == {"lower", "higher", "neither"}
    assert all(CHINESE.search(label) for label in chinese["label"]) and chinese["better"].map(bool).all()
    assert english.loc["filed", "meaning"] == COLUMNS["filed"][1]


# Cases ----------------------------------------------------------------------------------------------


def test_the_table_of_cases_has_the_columns_that_are_described(model: sim.GovernanceModel) -> None:
    frame = model.disputes.to_frame()
    assert list(frame.columns) == list(CASE_COLUMNS) and len(frame) == len(model.disputes)
    assert list(model.incidents.to_frame().columns) == list(INCIDENT_COLUMNS)
    counts = ", ".join(f"{(frame.end == end).sum():,} {end}" for end in ENDS)
    assert repr(model.disputes) == f"<Disputes: {len(frame):,} cases, {counts}>"
    under_way = model.incidents.to_frame()["under_way"]
    assert f"{under_way.sum()} under way" in repr(model.incidents)


def test_the_table_says_who_it_was(model: sim.GovernanceModel) -> None:
    frame, arrival = model.disputes.to_frame(), model.residents.arrival
    gone = arrival[frame.person] > frame.filed
    assert gone.any() and not frame.still_there[gone].any()
    assert frame.still_there[~gone].all()
    # Who lives there now and filed is the same person in all of its cases, and a predecessor is another one.
    for _, cases in frame.groupby("person"):
        assert cases.person_id[cases.still_there].nunique() <= 1
        assert not set(cases.person_id[cases.still_there]) & set(cases.person_id[~cases.still_there])


def test_the_history_agrees_with_the_book(model: sim.GovernanceModel) -> None:
    frame, book, history = model.disputes.to_frame(), model.disputes.book, model.disputes.history.to_frame()
    counts = history.groupby("event").size()
    assert set(counts.index) == set(range(len(EVENTS))) - {REFERRED}, "everything that can happen has"
    sent = history[history.event == SENT_UP].groupby("case").size().reindex(frame.index, fill_value=0)
    assert np.array_equal(sent, frame.sent_up)
    queued = frame[frame.joined_queue.notna() & (frame.sent_up == 0) & ~frame.told & (frame.met > 0)]
    led = set(history.case[history.event == LEADS])
    own = queued[~queued.index.isin(led)]
    assert np.array_equal(own.last_met, own.joined_queue)
    assert np.array_equal(own.met, model.disputes.handoffs[book.category[own.index]])
    assert (frame.first_met.dropna() >= frame.filed[frame.met > 0]).all()
    ended = frame[frame.ended.notna() & (frame.met > 0) & ~frame.index.isin(led)]
    assert (ended.last_met <= ended.ended + 1.0).all()
    met = history[history.event == MET]
    assert (met.moment.to_numpy() >= book.filed[met.case]).all()
    assert (frame.parent[frame.child[frame.child >= 0]] == frame.index[frame.child >= 0]).all()


def test_a_story_tells_what_the_table_has(model: sim.GovernanceModel) -> None:
    frame = model.disputes.to_frame()
    telling = {"settled": "settled it: there was", "failed": "without an agreement", "withdrawn": "it was withdrawn"}
    for end, words in telling.items():
        assert words in model.disputes.story(frame.index[frame.end == end][0])
    for number in frame.index[:: max(len(frame) // 150, 1)]:
        case, story = frame.loc[number], model.disputes.story(number)
        assert story.startswith(f"Case {number}: in week {case.filed:.1f}, resident {case.person}")
        assert story.count("went up to") == case.sent_up
        assert (
            story.count("party 1 was met") + story.count("party 2 was met") + story.count("the last party") == case.met
        )
        assert ("is open" in story) == (case.end == "open")
        assert ("moved away since" in story) == (not case.still_there)
        assert (f"came back to it with case {case.child}" in story) == (case.child >= 0)
        assert ("It comes back to case" in story) == (case.parent >= 0)
        told_in_chinese = model.disputes.story(number, lang="zh")
        assert len(told_in_chinese.splitlines()) == len(story.splitlines())
        assert all(CHINESE.search(line) and " the " not in line for line in told_in_chinese.splitlines())


def test_looking_at_cases_changes_nothing_and_goes_through_forks_and_files(tmp_path: Path) -> None:
    def story(one: Any) -> list[str]:
        return [one.disputes.story(number) for number in range(0, len(one.disputes), 7)]

    model = sim.examples.small()
    model.run(weeks=20, progress=False)
    before = model.disputes.to_frame()
    model.save(tmp_path / "week.npz")
    loaded, forked, copied = sim.GovernanceModel.load(tmp_path / "week.npz"), model.fork(), copy.deepcopy(model)
    for one in (model, loaded, forked, copied):
        one.run(weeks=20, progress=False)
    assert len(story(model)) > 10 and story(model) == story(loaded) == story(forked) == story(copied)
    assert len(before) < len(model.disputes)


# The front door -------------------------------------------------------------------------------------


def test_one_seed_has_two_names() -> None:
    one, two = (sim.GovernanceModel({"district.estates": 4}, **{name: 5}) for name in ("seed", "rng"))
    assert one.seed == two.seed == 5
    for model in (one, two):
        model.run(weeks=3, progress=False)
    assert one.outcomes.equals(two.outcomes)
    # As a class of the user's own, or the laboratory, makes it.
    assert sim.GovernanceModel(one.scenario, one.district, 5, None).seed == 5


def test_a_scenario_may_be_given_as_it_is_thought_of(tmp_path: Path) -> None:
    dotted, nested = {"coverage.strategy": "full", "run.weeks": 80}, {"coverage": {"strategy": "full"}, "run.weeks": 80}
    scenario = sim.Scenario().replace(dotted)
    scenario.save(tmp_path / "mine.toml")
    path = tmp_path / "mine.toml"
    for given in (dotted, nested, path, str(path), scenario):
        assert sim.Scenario.of(given) == scenario
    kind: Any = sim.Scenario
    assert kind(dotted) == kind(nested) == kind(path) == scenario
    assert sim.Scenario().replace(coverage={"strategy": "full"}, run={"weeks": 80}) == scenario
    assert sim.Scenario.of(None) == sim.Scenario()
    model = sim.GovernanceModel({"district.estates": 3}, seed=1)
    assert model.fork({"coverage.strategy": "full"}).scenario == model.scenario.replace({"coverage.strategy": "full"})


def test_a_district_may_be_given_as_it_is_at_hand(tmp_path: Path) -> None:
    district = sim.District.synthetic(7, seed=2)
    district.to_csv(tmp_path / "mine.csv")
    for given in (district, district.to_frame(), tmp_path / "mine.csv", str(tmp_path / "mine.csv"), 7):
        assert sim.District.of(given, seed=2) == district
    indexed = district.to_frame().set_index("estate")
    assert sim.District.from_csv(indexed, seed=2) == district
    assert sim.GovernanceModel(district=district.to_frame(), seed=1).district == district
    assert sim.GovernanceModel({"district.seed": 2}, district=7, seed=1).district == district
    assert sim.District.synthetic(7, 2, ground={}) == district


def test_the_example_is_small_and_has_every_policy_at_work() -> None:
    model = sim.examples.small()
    model.run(progress=False)
    assert model.week == 78 and model.district.estates == 12 and len(model.branches) and len(model.disputes) > 100
    assert sim.examples.small(sim.Scenario.of({"district.estates": 3})).district.estates == 3


def test_a_model_names_the_estates_that_there_are_whatever_the_scenario_says(tmp_path: Path) -> None:
    scenario = sim.Scenario().replace({"district.estates": 30})
    model = sim.GovernanceModel(scenario, district=sim.District.synthetic(12, 3), seed=1)
    model.save(tmp_path / "town.npz")
    for one in (model, model.fork(scenario), sim.GovernanceModel.load(tmp_path / "town.npz")):
        assert repr(one).startswith("<GovernanceModel: 12 estates of a district of its own, ")
        assert one.parameters().set_index("name").loc["district.estates", "value"] == 12
        assert one.scenario == scenario
    usual = sim.GovernanceModel(scenario, seed=1)
    assert repr(usual).startswith("<GovernanceModel: 30 estates, ")
    pd.testing.assert_frame_equal(usual.parameters(), pd.DataFrame(scenario.parameters()))
