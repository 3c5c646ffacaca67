"""Mesa's own tools take the model: batch_run, DataCollector, SpaceRenderer, SolaraViz, as they are installed."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.discrete_space import CellAgent

import sim

SMALL = {"district.estates": 12, "run.weeks": 20, "run.warmup": 6}


@pytest.fixture
def model() -> sim.GovernanceModel:
    return sim.GovernanceModel(rng=1, **SMALL, **{"coverage.strategy": "full"})


def test_parameters_are_taken_by_name(model: sim.GovernanceModel) -> None:
    scenario = sim.Scenario().replace(SMALL)
    assert model.scenario == scenario.replace({"coverage.strategy": "full"})
    assert sim.GovernanceModel(scenario, rng=1, **{"coverage.strategy": "full"}).scenario == model.scenario
    assert sim.GovernanceModel(scenario, rng=1).scenario is scenario


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"coverage.strategi": "full"}, 'Did you mean "coverage.strategy"'),
        ({"seed": 1, "rng": 2}, "two words for one seed"),
        ({"scenario": 3}, r"is not a scenario\. Give a sim\.Scenario"),
        ({"scenario": ("run", 3)}, "In Mesa's batch_run, a Scenario stands in a list"),
    ],
)
def test_what_is_no_parameter_is_refused_with_a_word(given: dict[str, Any], words: str) -> None:
    with pytest.raises(sim.ScenarioError, match=words):
        sim.GovernanceModel(**given)


def test_batch_run_gives_the_outcomes_of_each_run() -> None:
    asked = {**SMALL, "coverage.strategy": ["none", "full"]}
    rows = mesa.batch_run(sim.GovernanceModel, parameters=asked, rng=[1, 2], display_progress=False)
    table = pd.DataFrame(rows)
    assert list(table["coverage.strategy"]) == ["none", "full"] * 2 and list(table["seed"]) == [1, 1, 2, 2]
    assert (table["Step"] == 20).all() and (table["week"] == 19).all()
    alone = sim.GovernanceModel(rng=2, **{**SMALL, "coverage.strategy": "full"})
    alone.run(progress=False)
    last = alone.outcomes.iloc[-1]
    assert all(np.array_equal(table.loc[3, name], last[name], equal_nan=True) for name in alone.outcomes)


def test_batch_run_gives_every_week_and_takes_a_scenario_in_a_list() -> None:
    scenario = sim.Scenario().replace(SMALL)
    rows = mesa.batch_run(
        sim.GovernanceModel,
        parameters={"scenario": [scenario], "district": sim.District.synthetic(12)},
        rng=[3],
        data_collection_period=1,
        max_steps=9,
        display_progress=False,
    )
    assert [row["Step"] for row in rows] == list(range(1, 10)) and [row["week"] for row in rows] == list(range(9))


def test_the_ready_collector_is_the_outcomes(model: sim.GovernanceModel) -> None:
    for weeks in (0, 3, 2):
        model.run(weeks=weeks, progress=False)
        pd.testing.assert_frame_equal(model.datacollector.get_model_vars_dataframe(), model.outcomes)
        assert model.datacollector.model_vars["conflicts"] == model.outcomes.conflicts.tolist()
    model.datacollector.collect(model)
    assert len(model.datacollector.get_model_vars_dataframe()) == 5


def test_copies_have_collectors_and_grids_of_their_own(model: sim.GovernanceModel) -> None:
    model.run(weeks=3, progress=False)
    assert len(model.grid.agents) and len(model.datacollector.model_vars["week"]) == 3
    for other in (model.fork(), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        other.run(weeks=2, progress=False)
        assert other.grid.model is other and other.grid is not model.grid
        assert len(other.datacollector.model_vars["week"]) == 5
    assert len(model.datacollector.model_vars["week"]) == 3


class Collecting(sim.GovernanceModel):
    """As Mesa's tutorial writes a model."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.datacollector = mesa.DataCollector(
            model_reporters={"week": "week", "people": lambda model: len(model.residents)},
            agenttype_reporters={sim.Committee: {"integrity": "integrity"}},
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_a_collector_of_ones_own_works_and_goes_into_forks() -> None:
    model = Collecting(rng=1, **SMALL)
    model.run(weeks=3, progress=False)
    other = model.fork()
    other.run(weeks=2, progress=False)
    assert model.datacollector.get_model_vars_dataframe()["week"].tolist() == [1, 2, 3]
    assert other.datacollector.get_model_vars_dataframe()["week"].tolist() == [1, 2, 3, 4, 5]
    agents = other.datacollector.get_agenttype_vars_dataframe(sim.Committee)
    assert sorted(set(agents.index.get_level_values(0))) == [1.0, 2.0, 3.0, 4.0, 5.0]
    rows = mesa.batch_run(Collecting, parameters=SMALL, rng=[1], display_progress=False)
    assert {row["people"] for row in rows} == {len(model.residents)}


def test_run_model_ends_and_mesas_time_agrees(model: sim.GovernanceModel) -> None:
    model.run_for(3)
    model.run_until(5)
    assert model.week == model.steps == model.time == 5
    model.run_model()
    assert model.week == model.steps == model.time == 20 and not model.running


def test_agents_with_a_place_stand_on_the_grid(model: sim.GovernanceModel) -> None:
    model.run(weeks=8, progress=False)
    cells = model.district.cells.tolist()
    agents = model.grid.agents
    assert {type(agent).__name__ for agent in agents} == {
        "Station",
        "Courier",
        "Branch",
        "Committee",
        "Contract",
        "Enterprise",
    }
    assert all(list(agent.pos) in cells for agent in agents)
    first = list(model.branches)[0]
    assert list(first.pos) == cells[first.row] and list(model.residents[7].pos) == cells[model.residents[7].estate]
    assert next(iter(model.firms)).pos is None
    layers = model.grid._mesa_property_layers
    assert layers["estates"].data.sum() == 12 and layers["households"].data.sum() == model.district.households.sum()
    cases = (model.disputes.book.end[model.disputes.open] == 0).sum()
    assert layers["open_cases"].data.sum() == len(model.disputes.open) >= cases > 0
    content = layers["satisfaction"].data
    assert np.isnan(content[layers["estates"].data == 0]).all() and (content[layers["estates"].data > 0] <= 1).all()


def test_agents_of_mesas_own_may_stand_beside_them(model: sim.GovernanceModel) -> None:
    bird = CellAgent(model)
    bird.cell = model.grid[(0, 0)]
    model.run(weeks=2, progress=False)
    assert bird in model.grid.agents and bird in list(model.agents)
    own = model.district.grid()
    model.grid = own
    assert model.grid is own


def test_a_scenario_is_true_for_everybody_but_mesas_page() -> None:
    scenario = sim.Scenario()
    assert scenario and bool(scenario.replace(SMALL))
    inside: dict[str, Any] = {"__name__": "mesa.visualization.solara_viz", "scenario": scenario}
    assert eval("bool(scenario)", inside) is False


# With Solara ------------------------------------------------------------------------------------------


def marks(agent: sim.Agent) -> Any:
    from mesa.visualization.components import AgentPortrayalStyle

    colours = {"Station": "red", "Courier": "orange", "Branch": "green", "Committee": "blue", "Contract": "grey"}
    return AgentPortrayalStyle(color=colours[type(agent).__name__], size=20)


def heat(layer: Any) -> Any:
    from mesa.visualization.components import PropertyLayerStyle

    return PropertyLayerStyle(colormap="viridis", colorbar=False) if layer.name == "open_cases" else None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("backend", ["matplotlib", "altair"])
def test_the_space_renderer_draws_the_district(model: sim.GovernanceModel, backend: str) -> None:
    pytest.importorskip("solara")
    from mesa.visualization import SpaceRenderer

    model.run(weeks=8, progress=False)
    renderer = SpaceRenderer(model, backend=backend).setup_agents(marks).setup_propertylayer(heat)
    assert renderer.draw_structure() is not None
    assert renderer.draw_agents() is not None
    assert renderer.draw_propertylayer() is not None


@pytest.mark.filterwarnings("ignore")
def test_the_page_takes_the_model_steps_it_and_makes_it_anew(model: sim.GovernanceModel) -> None:
    solara = pytest.importorskip("solara")
    buttons = pytest.importorskip("ipyvuetify").Btn
    from mesa.visualization import SolaraViz, SpaceRenderer, make_plot_component

    renderer = SpaceRenderer(model).setup_agents(marks)
    renderer.draw_agents()
    asked = {
        **SMALL,
        "rng": 1,
        "coverage.strategy": {"type": "Select", "value": "full", "values": ["none", "full"], "label": "strategy"},
        "branches.reporting_hours": {"type": "SliderFloat", "value": 1.0, "min": 0.0, "max": 6.0, "label": "hours"},
    }
    shown = solara.reactive(model)

    @solara.component
    def page() -> None:
        with solara.AppLayout():
            SolaraViz(shown, renderer, components=[make_plot_component("conflicts")], model_params=asked)

    _, rendered = solara.render(page(), handle_error=False)
    try:
        by_label = {button.children[0]: button for button in rendered.find(buttons).widgets}
        by_label["Step"].click()
        assert model.week == 1
        by_label["Reset"].click()
        assert (
            shown.value is not model and shown.value.week == 0 and shown.value.scenario.branches.reporting_hours == 1.0
        )
        rendered.find(buttons).widgets[-1].click()
        assert shown.value.week == 1 and model.week == 1
    finally:
        rendered.close()
