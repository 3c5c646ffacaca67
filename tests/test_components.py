"""Components: the week that they make, one's own among them, and what forks, copies and files carry."""

from __future__ import annotations

import contextlib
import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.agenda import STAGES
from sim.component import components_of, own_component
from sim.core.codes import FEES, NOISE
from tests.support.festival import Club, Clubs, Festivals
from tests.support.repository import ROOT

SMALL = {"district.estates": 12, "run.weeks": 20, "run.warmup": 4}
WEEK = """
coverage.assign emergency.alert
branches.open authorities.staff deliberation.convene social_organisations.open cross_appointment.sit supervision.command
empowerment.claim meeting_help.ask
branches.staff meeting_help.give
supervision.inspect empowerment.exercise
couriers.ride couriers.report captains.work volunteers.offer emergency.serve volunteers.serve
enterprises.organise enterprises.give enterprises.live services.act
hazards.build firms.serve empowerment.account committees.work deliberation.gather cross_appointment.attend
incidents.begin
residents.suffer collective.stir
residents.voice private.conclude collective.act
disputes.meet disputes.handle frontline.mediate
desks.keep disputes.lose_patience
disputes.reflect residents.move trust.pass_week satisfaction.follow voice.perceive
desks.learn branches.tire volunteers.tire
committees.meet empowerment.judge supervision.announce firms.bargain
matters.look_back record
""".split()


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    return sim.Scenario().replace(SMALL)


def festive(scenario: sim.Scenario, **more: object) -> sim.GovernanceModel:
    return sim.GovernanceModel(scenario, rng=3, components=[Festivals, Clubs], **more)


def test_the_week_is_that_of_the_model_page(scenario: sim.Scenario) -> None:
    model = sim.GovernanceModel(scenario, rng=1)
    assert model.agenda.names == WEEK
    stages = [line.stage for line in model.agenda]
    assert list(dict.fromkeys(stages)) == list(STAGES)
    assert stages == sorted(stages, key=list(STAGES).index)


def test_the_model_page_has_the_week(scenario: sim.Scenario) -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:3] for row in page.splitlines() if row.startswith("| ")]
    shown = {stage.strip(): re.findall(r"`([\w.]+)`", lines) for stage, lines in rows if stage.strip() in STAGES}
    agenda = sim.GovernanceModel(scenario, rng=1).agenda
    assert shown == {stage: [line.name for line in agenda if line.stage == stage] for stage in STAGES}


def test_every_component_is_where_it_says(scenario: sim.Scenario) -> None:
    model = sim.GovernanceModel(scenario, rng=1)
    kinds = sim.GovernanceModel.components
    assert kinds == components_of(sim.GovernanceModel)
    assert [type(component) for component in model.mechanisms.values()] == list(kinds)
    assert all(getattr(model, kind.name) is model.mechanisms[kind.name] for kind in kinds)


GROUND = {"run", "district", "ground"}
"""Sections of the scenario that belong to no mechanism."""


def unlisted(kinds: Iterable[type[sim.Component]], sections: Mapping[str, type[sim.Section]]) -> list[str]:
    """Say where the sections of a scenario and those that mechanisms name are not the same."""
    declaring = sorted(kinds, key=lambda kind: hasattr(kind, "Parameters"))  # several may read one section
    owned = {kind.section: kind for kind in declaring if kind.section}
    own = {name: getattr(kind, "Parameters", sections.get(name)) for name, kind in owned.items()}
    missing = [f"{name}: {kind.__name__}.Parameters = {kind.__name__}.Parameters()" for name, kind in owned.items()]
    return [
        *(f"sim/scenario.py needs the line  {line}" for line in missing if line.partition(":")[0] not in sections),
        *(f"no mechanism names section {name}" for name in sections if name not in GROUND | owned.keys()),
        *(f"section {name} is not its mechanism's" for name in owned.keys() & sections if own[name] != sections[name]),
    ]


def test_the_scenario_lists_the_section_of_every_mechanism() -> None:
    kinds = sim.GovernanceModel.components
    assert all(kind.section for kind in kinds)
    assert not unlisted(kinds, sim.Scenario.sections)


def test_a_section_that_the_scenario_does_not_list_is_found() -> None:
    """A mechanism that is moved from a user's file needs a line in each of two lists."""
    line = "sim/scenario.py needs the line  festivals: Festivals.Parameters = Festivals.Parameters()"
    kinds = (*sim.GovernanceModel.components, Festivals)
    assert unlisted(kinds, sim.Scenario.sections) == [line]
    assert not unlisted(kinds, {**sim.Scenario.sections, "festivals": Festivals.Parameters})
    assert unlisted(kinds, {**sim.Scenario.sections, "festivals": sim.Section}) == [
        "section festivals is not its mechanism's"
    ]
    assert unlisted(kinds[:-1], {**sim.Scenario.sections, "festivals": Festivals.Parameters}) == [
        "no mechanism names section festivals"
    ]


def test_every_kind_of_agent_is_at_the_front(scenario: sim.Scenario) -> None:
    kinds = sim.GovernanceModel(scenario, rng=1).agents_by_type
    assert len(kinds) == 12 and all(getattr(sim, kind.__name__) is kind for kind in kinds)


def test_an_own_component_changes_nothing_else(scenario: sim.Scenario) -> None:
    plain = sim.GovernanceModel(scenario, rng=3)
    plain.run(weeks=8, progress=False)
    model = festive(scenario)
    model.run(weeks=8, progress=False)
    outcomes = model.outcomes
    pd.testing.assert_frame_equal(outcomes[plain.outcomes.columns], plain.outcomes, check_exact=True)
    assert list(outcomes.columns[-3:]) == ["festivals", "held", "club_members"]
    assert outcomes.festivals.sum() == outcomes.held.iloc[-1] == model.festivals.held > 0
    assert outcomes.club_members.tolist() == [len(model.clubs) * (6 + week) for week in range(8)]
    assert len(model.agents_by_type[Club]) == model.district.communities
    names = model.agenda.names
    assert names[names.index("couriers.ride") + 1] == "clubs.grow"
    assert model.agenda["clubs.grow"].stage == "help"
    assert names[names.index("incidents.begin") - 1] == "festivals.hold"


def test_an_own_component_is_defined_like_any_other(scenario: sim.Scenario) -> None:
    definitions = festive(scenario).record.definitions
    assert definitions["festivals"].unit == "estates" and definitions["festivals"].label_zh == "Festivals"
    assert definitions["held"].better == "lower" and definitions["held"].meaning == "festivals since the first week"
    assert definitions["club_members"].label == "club members"
    assert definitions["conflicts"] is sim.outcomes.DEFINITIONS["conflicts"]


def test_what_a_chinese_report_would_show_in_english_is_listed() -> None:
    lacking = ["estates hold festivals", "estates that celebrate", "festivals", "held"]
    assert [text for text in Festivals.untranslated() if text != "none"] == lacking
    words = dict.fromkeys(Festivals.untranslated(), "zh")
    kind = type("Feasts", (Festivals,), {"zh": words})
    assert kind.untranslated() == ["held"], "an outcome has a name of its own"


def test_parameters_of_an_own_component_are_parameters(scenario: sim.Scenario, tmp_path: Path) -> None:
    kind = type(scenario).including(Festivals)
    assert kind is type(scenario).including(Festivals) and kind.components == (Festivals,)
    loud = kind(**scenario.to_dict()).replace({"festivals.share": 1.0})
    assert loud.get("festivals.share") == 1.0 and "festivals.share = 1.0" in repr(loud)
    loud.save(tmp_path / "loud.toml")
    assert kind.load(tmp_path / "loud.toml") == loud
    assert {row["name"] for row in loud.parameters()} - {row["name"] for row in scenario.parameters()} == {
        "festivals.enabled",
        "festivals.share",
    }
    model = sim.GovernanceModel(loud, rng=1)
    model.run(weeks=2, progress=False)
    assert model.outcomes.festivals.tolist() == [12, 12]
    off = sim.GovernanceModel(loud.replace({"festivals.enabled": False}), rng=1)
    off.run(weeks=2, progress=False)
    assert off.outcomes.festivals.tolist() == [0, 0]
    with pytest.raises(sim.ScenarioError, match="Did you mean"):
        loud.replace({"festivals.shara": 1.0})


def continued(model: sim.GovernanceModel, tmp_path: Path) -> dict[str, sim.GovernanceModel]:
    """Give the same model by every way that there is."""
    model.save(tmp_path / "model.npz")
    return {
        "fork": model.fork(),
        "deepcopy": copy.deepcopy(model),
        "pickle": pickle.loads(pickle.dumps(model)),
        "load": sim.GovernanceModel.load(tmp_path / "model.npz"),
    }


def test_forks_copies_and_files_carry_own_components(scenario: sim.Scenario, tmp_path: Path) -> None:
    whole = festive(scenario)
    whole.run(progress=False)
    model = festive(scenario)
    model.run(weeks=9, progress=False)
    models = continued(model, tmp_path)
    held, members = model.festivals.held, model.clubs.members.copy()
    for way, other in models.items():
        assert other.agenda.names == model.agenda.names, way
        assert other.festivals.model is other and other.clubs.model is other, way
        other.run(progress=False)
        pd.testing.assert_frame_equal(other.outcomes, whole.outcomes, check_exact=True)
        # What one model does, no other one sees.
        assert model.festivals.held == held and np.array_equal(model.clubs.members, members), way
    again = pickle.loads(pickle.dumps(model.scenario))
    assert again == model.scenario and type(again) is type(model.scenario)


def test_a_file_takes_the_class_it_was_saved_with_before_a_later_one_of_that_name(
    scenario: sim.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin of the same process may call its component the same."""
    model = festive(scenario)
    model.save(tmp_path / "model.npz")
    monkeypatch.setattr("sim.component._OWN", dict(sim.component._OWN))
    later = type("Festivals", (sim.Component,), {"__module__": "another_file"})
    assert own_component("festivals") is later
    loaded = sim.GovernanceModel.load(tmp_path / "model.npz")
    assert type(loaded.festivals) is Festivals


def test_a_function_of_the_model_is_carried_and_acts_on_the_model_that_lives(scenario: sim.Scenario) -> None:
    def silence(model: sim.GovernanceModel) -> None:
        model.incidents.conditions[:] = 0.0

    model = sim.GovernanceModel(scenario, rng=2)
    model.agenda.add("silence", silence, doc="nothing happens", before="incidents.begin")
    model.run(weeks=3, progress=False)
    for other in (model.fork(), copy.deepcopy(model)):
        model.incidents.conditions[:] = 7.0
        other.run(weeks=3, progress=False)
        assert other.agenda["silence"].calls >= 3 and not other.incidents.conditions.any()
        assert (model.incidents.conditions == 7.0).all()


def test_factors_on_one_condition_multiply_in_any_order_and_end_with_the_week(scenario: sim.Scenario) -> None:
    def seen(*places: tuple[str, str, float]) -> list[np.ndarray]:
        model = sim.GovernanceModel(scenario, rng=4)
        for number, (where, line, factor) in enumerate(places):

            def multiply(model: sim.GovernanceModel, factor: float = factor) -> None:
                if model.week in (2, 3, 5):
                    model.incidents.multiply_condition(FEES, factor)
                    model.incidents.multiply_condition(NOISE, factor)

            model.agenda.add(f"mine {number}", multiply, doc="", **{where: line})
        weeks = []
        for _ in range(8):
            model.step()
            weeks.append(model.incidents.conditions[[FEES, NOISE]].copy())
        return weeks

    plain = seen()
    early, late = ("before", "hazards.build", 2.0), ("before", "incidents.begin", 3.0)
    for places, factor in (((early,), 2.0), ((late,), 3.0), ((early, late), 6.0), ((late, early), 6.0)):
        for week, (before, after) in enumerate(zip(plain, seen(*places), strict=True)):
            np.testing.assert_allclose(after, before * (factor if week in (2, 3, 5) else 1.0), rtol=1e-12)


def test_what_is_not_for_others_to_write_is_refused(scenario: sim.Scenario) -> None:
    model = sim.GovernanceModel(scenario, rng=4)
    model.committees.set_inputs(guidance=0.25)
    model.branches.add_to_inputs(extra_targets=2.0)
    assert (model.committees.guidance == 0.25).all() and (model.branches.extra_targets == 2.0).all()
    with pytest.raises(AttributeError, match="'skill' of committees is not for others to write"):
        model.committees.set_inputs(skill=1.0)


def test_a_removed_line_stays_removed(scenario: sim.Scenario, tmp_path: Path) -> None:
    model = sim.GovernanceModel(scenario, rng=2)
    model.agenda.remove("enterprises.live")
    for way, other in continued(model, tmp_path).items():
        assert other.agenda.names == model.agenda.names and "enterprises.live" not in other.agenda, way


def test_a_method_of_a_component_is_that_of_the_fork(scenario: sim.Scenario) -> None:
    model = festive(scenario)
    model.agenda.add("again", model.festivals.hold, doc="twice a week", before="record")
    fork = model.fork()
    fork.step()
    assert fork.festivals.held > 0 == model.festivals.held


def test_a_function_that_takes_nothing_is_refused_by_forks_copies_and_files(
    scenario: sim.Scenario, tmp_path: Path
) -> None:
    model = sim.GovernanceModel(scenario, rng=2)
    model.agenda.add("mine", lambda: model.incidents.conditions.fill(0.0), doc="mine")
    for attempt in (model.fork, lambda: copy.deepcopy(model), lambda: pickle.dumps(model)):
        with pytest.raises(sim.AgendaError, match='belong to this model alone: "mine".*remove') as caught:
            attempt()
        assert "\n" not in str(caught.value)
    with pytest.raises(sim.SnapshotError, match='"mine"'):
        model.save(tmp_path / "model.npz")
    model.agenda.remove("mine")
    model.fork().step()


@pytest.mark.parametrize(
    ("function", "words"), [(lambda model, week: None, "needs model, week"), (3, "was given 3, which cannot be called")]
)
def test_a_function_that_no_line_can_call_is_refused(scenario: sim.Scenario, function: object, words: str) -> None:
    model = sim.GovernanceModel(scenario, rng=2)
    with pytest.raises(sim.AgendaError, match=words):
        model.agenda.add("mine", function, doc="")  # type: ignore[arg-type]
    with pytest.raises(sim.AgendaError, match=words):
        model.agenda.replace("record", function)  # type: ignore[arg-type]


def test_a_fork_may_add_a_component_and_leave_none_out(scenario: sim.Scenario) -> None:
    model = sim.GovernanceModel(scenario, rng=2)
    model.run(weeks=5, progress=False)
    fork = model.fork(model.scenario.with_components([Festivals]))
    fork.run(weeks=5, progress=False)
    assert fork.agenda.names == [name for name in festive(scenario).agenda.names if name != "clubs.grow"]
    assert fork.outcomes.festivals[:5].isna().all() and fork.outcomes.festivals[5:].notna().all()
    with pytest.raises(sim.ScenarioError, match="leave out the component festivals"):
        fork.fork(scenario)
    taken = type("Mine", (sim.Component,), {"name": "agenda"})
    with pytest.raises(sim.ComponentError, match='component "agenda" cannot be called so'):
        fork.fork(fork.scenario.with_components([taken]))


def test_outcomes_without_a_class(scenario: sim.Scenario, tmp_path: Path) -> None:
    def noisy(model: sim.GovernanceModel) -> float:
        """Estates with noise."""
        return float(model.week)

    model = sim.GovernanceModel(scenario, rng=2, outcomes={"noisy": noisy})
    model.run(weeks=4, progress=False)
    fork = model.fork()
    fork.run(weeks=2, progress=False)
    assert model.outcomes.noisy.tolist() == [0, 1, 2, 3] and fork.outcomes.noisy.tolist() == [0, 1, 2, 3, 4, 5]
    assert model.record.definitions["noisy"].meaning == "Estates with noise."
    model.save(tmp_path / "noisy.npz")
    with pytest.raises(sim.SnapshotError, match='"noisy".*Give them again'):
        sim.GovernanceModel.load(tmp_path / "noisy.npz")
    loaded = sim.GovernanceModel.load(tmp_path / "noisy.npz", outcomes={"noisy": noisy})
    loaded.run(weeks=2, progress=False)
    pd.testing.assert_frame_equal(loaded.outcomes, fork.outcomes, check_exact=True)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ({"conflicts": len}, 'outcome "conflicts" cannot be called so: the model has one already'),
        ({"week": len}, 'outcome "week" cannot be called so'),
        ({"a b": len}, 'outcome "a b" cannot be called so: it must be a name in Python'),
        ({"mine": 3}, 'outcome "mine": 3 is not a function of the model'),
    ],
)
def test_outcomes_that_cannot_be_are_refused(scenario: sim.Scenario, outcomes: dict[str, object], words: str) -> None:
    with pytest.raises(sim.ComponentError, match=words):
        sim.GovernanceModel(scenario, rng=1, outcomes=outcomes)  # type: ignore[arg-type]


def test_an_outcome_that_is_no_number_is_named(scenario: sim.Scenario) -> None:
    model = sim.GovernanceModel(scenario, rng=1, outcomes={"mine": lambda model: "many"})
    with pytest.raises(sim.ComponentError, match='outcome "mine" must be one number a week'):
        model.step()


def test_a_component_that_a_file_needs_is_named(scenario: sim.Scenario, tmp_path: Path) -> None:
    model = festive(scenario)
    model.save(tmp_path / "festive.npz")
    code = "import sys, sim; sim.GovernanceModel.load(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "festive.npz")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr.strip().splitlines()[-1]
    assert '"festivals" (import festival.py first), "clubs" (import festival.py first)' in said


def test_all_that_is_wrong_with_components_is_said_at_once(scenario: sim.Scenario) -> None:
    class Residents(sim.Component):
        steps = (sim.Step("live", doc="", stage="help"),)

    class Wrong(sim.Component):
        name = "wrong"

        class Parameters(sim.Section):
            enabled: bool = sim.switch("nothing")

        section = "branches"
        outcomes = (sim.Outcome("filed"), sim.Outcome("fine", better="more"))  # type: ignore[arg-type]
        steps = (
            sim.Step("hold", doc="", stage="condition"),
            sim.Step("old", doc="", before="incident.begin"),
            sim.Step("nowhere", doc=""),
            sim.Step("often", doc="", stage="help", every=0),
            sim.Step("again", doc="", stage="help", line="record"),
        )

        def old(self) -> None: ...
        def nowhere(self) -> None: ...
        def often(self) -> None: ...
        def again(self, week: int) -> None: ...

    with pytest.raises(sim.ComponentError) as caught:
        sim.GovernanceModel(scenario, rng=1, components=[Residents, Wrong, Festivals(festive(scenario)), "x"])  # type: ignore[list-item]
    for words in (
        'component "residents" cannot be called so: the model has one already',
        'step "live" is no method of Residents',
        'step "hold" is no method of Wrong',
        'step "wrong.hold": unknown stage "condition". Did you mean "conditions"?',
        'step "wrong.old" stands beside the line "incident.begin", which the week does not have. Did you mean "inc',
        'step "wrong.nowhere" needs one of stage=, before= and after=',
        'step "wrong.often": every = 0 must be a whole number of at least 1',
        'the method "again" of a step takes nothing but self',
        'the week has a line "record" already',
        'outcome "filed" cannot be called so: the model has one already',
        'better = "more" must be one of lower, higher, neither, or None',
        'the scenario has a section "branches" already',
        "Festivals(...) is not a subclass of sim.Component; give the class itself",
        "'x' is not a subclass of sim.Component",
    ):
        assert words in str(caught.value), words


def test_an_outcome_that_nothing_measures_is_refused_before_the_first_week(scenario: sim.Scenario) -> None:
    class Silent(sim.Component):
        outcomes = (sim.Outcome("heard"), sim.Outcome("seen", measure="look"))

    with pytest.raises(sim.ComponentError, match='(?s)2 problems.*outcome "heard" needs.*a method "look"'):
        sim.GovernanceModel(scenario, rng=1, components=[Silent])


def test_a_section_that_there_is_not_is_named(scenario: sim.Scenario) -> None:
    class Stray(sim.Component):
        section = "courier"

    with pytest.raises(sim.ComponentError, match='unknown section "courier". Did you mean "couriers"?'):
        sim.Scenario.including(Stray)


SENT = """
import sys, cloudpickle, sim

class Bells(sim.Component):
    name = "chimes"
    class Parameters(sim.Section):
        times: int = sim.parameter(2, unit="times", low=0, status="assumed", source="none", doc="rung a week")
    outcomes = (sim.Outcome("rung"),)
    steps = (sim.Step("ring", stage="conditions", doc="bells are rung"),)
    def settle_in(self):
        self.rung = 0
    def ring(self):
        self.rung += self.parameters.times

model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 5}), rng=1, components=[Bells])
model.run(weeks=2, progress=False)
model.save(sys.argv[2])
with open(sys.argv[1], "wb") as file:
    cloudpickle.dump((model.scenario.replace({"chimes.times": 3}), model), file)
"""
RECEIVED = """
import sys, pickle, sim
with open(sys.argv[1], "rb") as file:
    scenario, model = pickle.load(file)
for own in (model, model.fork(scenario), sim.GovernanceModel(scenario, rng=1), sim.GovernanceModel.load(sys.argv[2])):
    own.run(weeks=2, progress=False)
    print(own.outcomes.rung.tolist())
"""


def test_components_of_a_notebook_go_to_other_processes(tmp_path: Path) -> None:
    for code in (SENT, RECEIVED):
        paths = [str(tmp_path / "sent.pkl"), str(tmp_path / "saved.npz")]
        done = subprocess.run(
            [sys.executable, "-c", code, *paths], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == [
        "[2.0, 4.0, 6.0, 8.0]",
        "[2.0, 4.0, 7.0, 10.0]",
        "[3.0, 6.0]",
        "[2.0, 4.0, 6.0, 8.0]",
    ]


@pytest.mark.parametrize("name", ["week", "outcomes", "scenario", "random", "district"])
def test_an_attribute_of_the_model_is_no_name(scenario: sim.Scenario, name: str) -> None:
    kind = type("Mine", (sim.Component,), {"name": name})
    with pytest.raises(sim.ComponentError, match=f'component "{name}" cannot be called so'):
        sim.GovernanceModel(scenario, rng=1, components=[kind])


def test_a_computed_column_cannot_be_written_whole() -> None:
    """It is an array of the moment: what is written into it would be lost."""
    residents = sim.examples.small().residents
    with pytest.raises(ValueError, match="read-only"):
        residents.satisfaction[:] = 0.0
    assert residents.select(residents.satisfaction > 0.9) is not None


def test_draws_that_chance_does_not_know_are_said(scenario: sim.Scenario) -> None:
    """They are another's in a fork; `model.chance` draws the same in it."""

    def dice(model: sim.GovernanceModel) -> float:
        return float(np.random.random())  # noqa: NPY002

    def lot(model: sim.GovernanceModel) -> float:
        return float(model.chance.uniform("lot", model.week, np.arange(1, dtype=np.uint64))[0])

    for own, warned in ((dice, True), (lot, False)):
        model = sim.GovernanceModel(scenario, rng=1, outcomes={"own": own})
        fork = model.fork()
        with pytest.warns(UserWarning, match="drawn from np.random within") if warned else contextlib.nullcontext():
            model.run(weeks=3)
        with pytest.warns(UserWarning, match="drawn from np.random within") if warned else contextlib.nullcontext():
            fork.run(weeks=3)
        assert model.outcomes.own.equals(fork.outcomes.own) != warned


def test_the_latest_class_of_a_name_counts() -> None:
    """A cell that is run again declares its component anew."""
    first = type("Again", (sim.Component,), {})
    second = type("Again", (sim.Component,), {})
    assert own_component("again") is second is not first
    assert own_component("residents") is None or not own_component("residents").__module__.startswith("sim.")


def test_a_subclass_of_the_model_may_bring_its_components(scenario: sim.Scenario) -> None:
    class Festive(sim.GovernanceModel):
        components = (*sim.GovernanceModel.components, Festivals)

    model = Festive(scenario, rng=3)
    model.run(weeks=3, progress=False)
    fork = model.fork()
    fork.run(weeks=3, progress=False)
    assert fork.festivals.held > model.festivals.held > 0


def test_state_of_any_kind_belongs_to_one_model(scenario: sim.Scenario) -> None:
    class Diary:
        def __init__(self) -> None:
            self.weeks: list[int] = []

    class Keeper(sim.Component):
        steps = (sim.Step("write", doc="a diary is kept", stage="record"),)

        def settle_in(self) -> None:
            self.diary, self.seen, self.desks = Diary(), set(), self.model.desks

        def write(self) -> None:
            self.diary.weeks.append(self.model.week)
            self.seen.add(self.model.week)

    model = sim.GovernanceModel(scenario, rng=1, components=[Keeper])
    model.run(weeks=2, progress=False)
    fork = model.fork()
    fork.run(weeks=2, progress=False)
    assert model.keeper.diary.weeks == [0, 1] and fork.keeper.diary.weeks == [0, 1, 2, 3]
    assert model.keeper.seen == {0, 1} and fork.keeper.desks is fork.desks
    with pytest.raises(sim.SnapshotError, match='component "keeper".*Diary cannot be saved'):
        model.save("keeper.npz")


def test_a_scenario_class_that_no_file_holds_is_refused(scenario: sim.Scenario, tmp_path: Path) -> None:
    class Mine(sim.Scenario):
        tea: Festivals.Parameters = Festivals.Parameters()

    model = sim.GovernanceModel(Mine().replace(SMALL), rng=1)
    model.fork().step()
    with pytest.raises(sim.SnapshotError, match="the class Mine of the scenario.*sim.Component"):
        model.save(tmp_path / "mine.npz")


def test_a_copy_shares_no_number(scenario: sim.Scenario) -> None:
    model = festive(scenario)
    other = copy.copy(model)
    other.run(weeks=3, progress=False)
    assert other.festivals.held > 0 == model.festivals.held and model.week == 0


def test_populations_of_a_user_are_carried_and_mesa_agents_refused(scenario: sim.Scenario, tmp_path: Path) -> None:
    import mesa

    class Bird(sim.Agent):
        seen = sim.column(np.int64, 0)

    class Birds(sim.Population):
        agent = Bird

    model = sim.GovernanceModel(scenario, rng=1)
    model.add_population(Birds(model, 4))
    fork = model.fork()
    fork.agents_by_type[Bird].seen[:] = 2
    assert len(fork.agents_by_type[Bird]) == 4 and not model.agents_by_type[Bird].seen.any()
    with pytest.raises(sim.SnapshotError, match="Birds"):
        model.save(tmp_path / "birds.npz")
    mesa.Agent(model)
    for attempt in (model.fork, lambda: model.save(tmp_path / "mesa.npz")):
        with pytest.raises(sim.ScenarioError, match="ordinary Mesa agents"):
            attempt()


def _asking(name: str, stage: str, hours: float, targets: float) -> type[sim.Component]:
    """A component that asks branches for hours and sets them targets, in a stage of its own."""

    def ask(self: sim.Component) -> None:
        homes = self.model.branches.reach > 0.0
        self.model.branches.add_to_inputs(asked_platform=hours * homes, extra_targets=targets * homes)

    steps = [sim.Step("ask", doc="hours are asked for", stage=stage)]
    return type(name, (sim.Component,), {"ask": ask, "steps": steps, "__module__": __name__})


def test_two_mechanisms_that_write_one_input_add_whatever_policies_do(scenario: sim.Scenario) -> None:
    """Own ones add to each other and to those of the model, and a week later nothing is left of it."""
    policies = {"supervision.enabled": True, "empowerment.enabled": True, "deliberation.enabled": True}
    kinds = [_asking("Early", "claims", 0.5, 1.0), _asking("Late", "staffing", 0.25, 2.0)]
    for changes in ({}, policies):
        world = scenario.replace({"coverage.strategy": "full", "coverage.start_week": 1, **changes})
        plain, first, both = (sim.GovernanceModel(world, rng=5, components=kinds[:count]) for count in range(3))
        both.agenda.remove("late.ask")
        both.agenda.add("late.ask", both.late.ask, doc="hours are asked for", before="branches.staff")
        for model in (plain, first, both):
            model.step()
            model.step()
        homes = plain.branches.reach > 0.0
        assert homes.any() and (plain.branches.extra_targets > 0.0).any() == bool(changes)
        for model, hours, targets in ((first, 0.5, 1.0), (both, 0.75, 3.0)):
            np.testing.assert_allclose(model.branches.extra_targets, plain.branches.extra_targets + targets * homes)
            np.testing.assert_allclose(model.branches.asked_platform, plain.branches.asked_platform + hours * homes)
        both.agenda.remove("late.ask")
        both.step()
        first.step()
        assert np.array_equal(both.branches.extra_targets, first.branches.extra_targets)


def test_who_asks_beside_a_policy_takes_no_hours_that_were_granted_to_it(scenario: sim.Scenario) -> None:
    """What was granted for a use is divided by what each has asked for."""
    branches = sim.GovernanceModel(scenario, rng=5).branches
    policy, own = np.linspace(0.0, 3.0, branches.size), np.full(branches.size, 2.0)
    for use in ("rights", "platform", "supervision", "meetings"):
        branches.add_to_inputs(**{f"asked_{use}": policy})
        branches.add_to_inputs(**{f"asked_{use}": own})
        granted = getattr(branches, f"for_{use}")
        granted[:] = 0.5 * (policy + own)
        np.testing.assert_allclose(branches.granted(use, policy), 0.5 * policy)
        granted[:] = policy
        branches.open()
        branches.add_to_inputs(**{f"asked_{use}": policy})
        assert np.array_equal(branches.granted(use, policy), policy), "to the byte where nobody else asks"


def test_an_input_to_which_others_add_cannot_be_set(scenario: sim.Scenario) -> None:
    branches = sim.GovernanceModel(scenario, rng=5).branches
    with pytest.raises(AttributeError, match=r"'asked_rights' of branches begins every week at 0; add to it"):
        branches.set_inputs(asked_rights=1.0)


def test_one_thing_stands_for_a_list_of_one(scenario: sim.Scenario) -> None:
    """A forgotten bracket is no mistake."""

    class Lone(sim.Component):
        outcomes = sim.Outcome("alone")
        steps = sim.Step("count", doc="it counts", stage="help")
        desks = sim.Desk("lone")

        def settle_in(self) -> None:
            self.alone = 0

        def count(self) -> None:
            self.alone += 1

    model = sim.GovernanceModel(scenario, rng=1, components=Lone)  # type: ignore[arg-type]
    model.run(weeks=2, progress=False)
    assert model.outcomes.alone.tolist() == [1, 2] and model.desks.kinds[-1] == "lone"


def test_a_component_that_is_not_made_with_its_model_is_refused(scenario: sim.Scenario) -> None:
    class Own(sim.Component):
        def __init__(self) -> None:
            self.kept = 1

    class Passing(sim.Component):
        def __init__(self, model: object, loud: bool = True) -> None:
            super().__init__(model)
            self.loud = loud

    with pytest.raises(sim.ComponentError, match=r'"own": __init__ must take self and the model.*settle_in\(self\)'):
        sim.GovernanceModel(scenario, rng=1, components=[Own])
    assert sim.GovernanceModel(scenario, rng=1, components=[Passing]).passing.loud


def test_a_condition_is_known_by_its_name(scenario: sim.Scenario) -> None:
    by_name, by_number = (sim.GovernanceModel(scenario, rng=1).incidents for _ in range(2))
    by_name.multiply_condition("noise", 3.0)
    by_name.multiply_condition(NOISE, 2.0)
    by_number.multiply_condition(NOISE, 6.0)
    assert np.array_equal(by_name.conditions, by_number.conditions)
    with pytest.raises(sim.ComponentError, match='"parkin". Did you mean "parking"'):
        by_name.multiply_condition("parkin", 2.0)


def test_parameters_of_a_component_that_was_not_given_say_how(scenario: sim.Scenario) -> None:
    for attempt in (
        lambda: sim.GovernanceModel({"festivals.share": 0.1}),
        lambda: sim.Scenario({"festivals": {"share": 0.1}}),
        lambda: scenario.replace({"festivals.share": 0.1}),
    ):
        with pytest.raises(sim.ScenarioError, match=r"Festivals is a component of yours.*components=\[Festivals\]"):
            attempt()
