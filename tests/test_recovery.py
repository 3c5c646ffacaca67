"""A week is whole or did not happen: after any error or interrupt the model is whole, or says what to do."""

from __future__ import annotations

import _thread
import copy
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import mesa
import numpy as np
import pytest

import sim
import sim.residents.fading as fading
from sim.core.ledger import Ledger
from sim.recovery import Recovery, _Built, _folded, _unfolded
from tests.support.repository import ROOT

WEEKS = 24
EVERYTHING = {"district.estates": 3, "coverage.strategy": "full", "run.weeks": WEEKS, "run.warmup": 8}


def scenario(**changes: object) -> sim.Scenario:
    return sim.Scenario().replace(EVERYTHING).with_everything_on().replace(changes)


def plain(value: Any) -> Any:
    """A piece of state as something that can be compared: arrays as their bytes."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, Ledger):
        return plain(vars(value.copy()))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return plain(vars(value)) if hasattr(value, "__dict__") and not isinstance(value, type) else repr(value)


def state(model: sim.GovernanceModel) -> dict[str, Any]:
    """All that a model is at the end of a week, to the byte."""
    parts = {name: plain(part.state()) for name, part in model.mechanisms.items()}
    del parts["deliberation"]["since"]  # when it last counted who takes part, which it does again where it is copied
    return parts


@pytest.fixture(scope="module")
def uninterrupted() -> list[dict[str, Any]]:
    """What the model is at the beginning of each week, and at the end of the run."""
    model = sim.GovernanceModel(scenario(), rng=7)
    states = [state(model)]
    for _ in range(WEEKS):
        model.step()
        states.append(state(model))
    return states


def clock_and_rows_agree(model: sim.GovernanceModel) -> bool:
    calls = {line.calls for line in model.agenda if line.every == 1 and "mine" not in line.name}
    return len(model.outcomes) == model.week == model.steps == model.time and calls <= {model.week}


REFUSING: dict[str, Callable[[sim.GovernanceModel], Any]] = {
    "run": lambda model: model.run(),
    "run some": lambda model: model.run(weeks=2, progress=False),
    "step": lambda model: model.step(),
    "Mesa's run_model": lambda model: model.run_model(),
    "Mesa's run_for": lambda model: model.run_for(2),
    "fork": lambda model: model.fork(),
    "save": lambda model: model.save("never.npz"),
    "outcomes": lambda model: model.outcomes,
    "estate_outcomes": lambda model: model.estate_outcomes,
    "policy_hours": lambda model: model.policy_hours,
    "plot": lambda model: sim.plot(model),
}


def fail() -> None:
    raise ZeroDivisionError("a line of mine")


def broken(name: str = "record", week: int = 0) -> sim.GovernanceModel:
    model = sim.GovernanceModel(scenario(), rng=7)
    model.run(weeks=week, progress=False)
    model.agenda.add("mine", fail, doc="fails", before=name)
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    return model


@pytest.mark.parametrize("what", REFUSING)
def test_half_a_week_is_never_gone_on_from_in_silence(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = broken(week=3)
    for _ in range(2):
        with pytest.raises(sim.UnfinishedWeekError, match=r"^Week 3 broke off .*model\.recover\(\)"):
            REFUSING[what](model)
    assert "recover()" in repr(model) and model.week == model.steps == model.time == 3
    assert not Path("never.npz").exists()


def test_within_a_week_the_rows_so_far_can_be_read_and_nothing_goes_on(tmp_path: Path) -> None:
    """A step, and an outcome, may look at what there is; a model that is copied amid a week says that it broke off."""
    looks: dict[str, list[int]] = {"outcomes": [], "estates": [], "collected": [], "hours": []}
    copies: list[sim.GovernanceModel] = []
    refused: list[str] = []

    def look(model: sim.GovernanceModel) -> None:
        looks["outcomes"].append(len(model.outcomes))
        looks["estates"].append(model.estate_outcomes.week.nunique())
        looks["collected"].append(len(model.datacollector.get_model_vars_dataframe()))
        looks["hours"].append(model.policy_hours.shape[1])
        assert "not whole" not in repr(model) + model._repr_html_()
        for go_on in (model.fork, model.run, model.step, model.recover, lambda: model.save(tmp_path / "half.npz")):
            with pytest.raises(sim.UnfinishedWeekError, match='is being lived, in the line "look"'):
                go_on()
            refused.append(go_on.__name__)
        copies.append(copy.deepcopy(model))

    def so_far(model: sim.GovernanceModel) -> float:
        table = model.outcomes
        return float(len(table) + table.conflicts.notna().iloc[-1])

    model = sim.GovernanceModel(scenario(**{"outcomes.record_estates": True}), seed=1, outcomes={"so_far": so_far})
    model.agenda.add("look", look, doc="somebody looks", before="residents.voice")
    model.run(weeks=3)
    assert looks == dict.fromkeys(looks, [0, 1, 2]) and len(refused) == 15
    assert model.outcomes.so_far.tolist() == [2.0, 3.0, 4.0]
    assert model.estate_outcomes.week.unique().tolist() == [0, 1, 2]
    with pytest.raises(sim.UnfinishedWeekError, match="Week 2 broke off"):
        copies[-1].run(weeks=1)


def test_the_error_says_itself_how_to_go_on() -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    model.agenda.add("mine", lambda: len(3), doc="wrong type")  # type: ignore[arg-type]
    with pytest.raises(TypeError) as caught:
        model.run(weeks=3, progress=False)
    line, way = caught.value.__notes__
    assert line == 'This happened in week 0, in the line "mine" of the agenda.'
    assert way.startswith("Week 0 is not whole. model.recover()")
    with pytest.raises(sim.UnfinishedWeekError) as refused:
        model.step()
    assert not hasattr(refused.value, "__notes__")


def test_an_error_in_any_line_leaves_a_way_back_to_the_week(uninterrupted: list[dict[str, Any]]) -> None:
    """A line fails in each week, and the end is that of a run in which nothing failed."""
    model = sim.GovernanceModel(scenario(), rng=7)
    names = list(model.agenda.names)
    for place, name in enumerate(names):
        week = place % WEEKS
        if week < model.week:
            model = sim.GovernanceModel(scenario(), rng=7)
        model.agenda.add("mine", lambda at=week, m=model: fail() if m.week == at else None, doc="fails", after=name)
        with pytest.raises(ZeroDivisionError):
            model.run(progress=False)
        with pytest.raises(sim.UnfinishedWeekError):
            model.run(progress=False)
        model.recover()
        assert model.recovery.whole and model.week == week and clock_and_rows_agree(model), name
        assert state(model) == uninterrupted[week], name
        model.agenda.remove("mine")
    model.run(progress=False)
    assert state(model) == uninterrupted[WEEKS] and clock_and_rows_agree(model)


def test_what_was_changed_by_hand_before_run_is_kept() -> None:
    def changed() -> sim.GovernanceModel:
        model = sim.GovernanceModel(scenario(), rng=7)
        model.run(weeks=4, progress=False)
        model.committees.integrity[:] = 0.1
        return model

    whole, model = changed(), changed()
    whole.run(progress=False)
    model.agenda.add("mine", lambda: fail() if model.week == 9 else None, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    model.recover()
    model.agenda.remove("mine")
    model.run(progress=False)
    assert state(model) == state(whole)


def test_a_copy_keeps_of_a_level_array_one_entry_and_gives_back_every_byte() -> None:
    """Before the first week most arrays are level, and a copy of the model takes less than half their room."""
    model = sim.GovernanceModel({"district.estates": 20}, seed=7)
    ends = np.zeros(5_000)
    ends[-1] = -0.0
    model.residents.grievance[:] = np.nan
    fixed = np.zeros(5_000)
    fixed.setflags(write=False)
    assert _unfolded(_folded({"fixed": fixed}))["fixed"] is fixed
    state = {"own": {"level": np.full((2_000, 3), 4, dtype=np.int16), "ends": ends, "few": np.zeros(3)}}
    folded = _folded(state)
    back = _unfolded(folded)
    assert not isinstance(folded["own"]["level"], np.ndarray)
    for name, array in state["own"].items():
        other = back["own"][name]
        assert other.flags.writeable and (other.dtype, other.shape) == (array.dtype, array.shape)
        assert other.tobytes() == array.tobytes(), name
    with model.recovery.kept(10):
        kept = model.recovery._copy
        assert kept is not None
        columns = kept.states["residents"]["columns"]
        whole = sum(array.nbytes for array in model.residents.state()["columns"].values())
        assert sum(array.nbytes for array in columns.values() if isinstance(array, np.ndarray)) < whole / 2


@pytest.fixture
def as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every district as a large one, of which run() copies only what is not as it was built."""
    monkeypatch.setattr("sim.recovery._SMALL", 0)


def break_off(model: sim.GovernanceModel, week: int) -> None:
    """Run the model until an error within a week."""
    model.agenda.add("mine", lambda: fail() if model.week == week else None, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    model.agenda.remove("mine")


@pytest.mark.usefixtures("as_if_large")
def test_of_a_large_district_a_copy_keeps_what_was_changed_by_hand_and_builds_the_rest_again() -> None:
    def changed() -> sim.GovernanceModel:
        model = sim.GovernanceModel(scenario(), rng=7)
        model.residents.threshold[3:9] = 0.01
        return model

    whole, model = changed(), changed()
    with model.recovery.kept(30):
        kept = model.recovery._copy
        assert kept is not None
        assert isinstance(kept.states["residents"]["columns"]["threshold"], np.ndarray)
        assert isinstance(kept.states["trust"]["deviation"], _Built)
    whole.run(progress=False)
    break_off(model, 9)
    model.recover()
    assert model.week == 9 and clock_and_rows_agree(model)
    model.run(progress=False)
    assert state(model) == state(whole)


@pytest.mark.usefixtures("as_if_large")
def test_a_copy_in_the_middle_keeps_what_has_changed_since_a_model_was_built() -> None:
    whole, model = sim.GovernanceModel(scenario(), rng=7), sim.GovernanceModel(scenario(), rng=7)
    whole.run(progress=False)
    model.run(weeks=5, progress=False)
    break_off(model, 12)
    model.recover()
    model.run(progress=False)
    assert state(model) == state(whole)


@pytest.mark.usefixtures("as_if_large")
def test_a_model_that_is_built_otherwise_the_second_time_is_not_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    break_off(model, 9)
    before = state(model)
    monkeypatch.setattr("sim.residents.residents.Residents._settle", lambda self, rows: None)
    with pytest.raises(sim.UnfinishedWeekError, match='built again, the model has another "residents columns'):
        model.recover()
    assert state(model) == before and not model.recovery.whole


@pytest.mark.usefixtures("as_if_large")
def test_a_model_with_a_beginning_of_its_own_is_copied_whole() -> None:
    class Mine(sim.GovernanceModel):
        def __init__(self, weeks: int) -> None:
            super().__init__(scenario().replace({"run.weeks": weeks}), rng=7)

    model, whole = Mine(14), Mine(14)
    whole.run(progress=False)
    break_off(model, 9)
    model.recover()
    model.run(progress=False)
    assert state(model) == state(whole)


def test_weeks_are_lived_again_with_the_lines_that_they_had(uninterrupted: list[dict[str, Any]]) -> None:
    heat: list[int] = []
    model = sim.GovernanceModel(scenario(), rng=7)
    model.agenda.add("heat", lambda: heat.append(model.week), doc="counts")
    model.agenda.add("mine", lambda: fail() if model.week == 5 else None, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    model.agenda.remove("mine")
    model.agenda.replace("heat", fail)
    model.recover()
    assert heat == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4] and state(model) == uninterrupted[5]


def test_stepping_is_lived_again_from_the_first_week_and_says_so(uninterrupted: list[dict[str, Any]]) -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    for _ in range(6):
        model.step()
    model.agenda.add("mine", fail, doc="fails", after="residents.voice")
    with pytest.raises(ZeroDivisionError):
        model.step()
    with pytest.warns(UserWarning, match=r"Weeks 0 to 5 were lived again\. Not recovered: what was changed by hand"):
        model.recover()
    assert state(model) == uninterrupted[6] and clock_and_rows_agree(model)


def test_another_past_than_before_is_told() -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    for week in range(6):
        if week == 3:
            model.residents.grievance[:] = 5.0
        model.step()
    model.agenda.add("mine", fail, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.step()
    with pytest.warns(UserWarning, match="Week [345] is another one than before"):
        model.recover()
    assert clock_and_rows_agree(model)


def test_a_fork_that_is_stepped_has_no_way_back_and_says_so(tmp_path: Path) -> None:
    past = sim.GovernanceModel(scenario(), rng=7)
    past.run(weeks=4, progress=False)
    past.save(tmp_path / "past.npz")
    for model in (past.fork(), sim.GovernanceModel.load(tmp_path / "past.npz")):
        model.agenda.add("mine", fail, doc="fails")
        with pytest.raises(ZeroDivisionError):
            model.step()
        with pytest.raises(sim.UnfinishedWeekError, match="began its life in week 4"):
            model.recover()
        assert not model.recovery.whole


def test_a_class_that_was_corrected_takes_over_with_a_file_and_is_warned_of(tmp_path: Path) -> None:
    def declared(slip: bool) -> type[sim.Component]:
        class Elders(sim.Component):
            steps = (sim.Step("call", stage="help", doc="elders call on neighbours"),)

            def settle_in(self) -> None:
                self.calls = 0

            def call(self) -> None:
                self.calls += 1 // (not (slip and self.model.week == 3))

        return Elders

    model = sim.GovernanceModel(scenario(), rng=1, components=[declared(slip=True)])
    with pytest.raises(ZeroDivisionError):
        model.run(weeks=6)
    model.recover()  # nothing was declared anew, and nothing is said
    with pytest.raises(ZeroDivisionError):
        model.run(weeks=3)
    right = declared(slip=False)
    with pytest.warns(UserWarning, match='"elders" goes on with the class that it was made of.*model.save'):
        model.recover()
    model.save(tmp_path / "week3.npz")
    model = sim.GovernanceModel.load(tmp_path / "week3.npz")
    model.run(weeks=3)
    whole = sim.GovernanceModel(scenario(), rng=1, components=[right])
    whole.run(weeks=6)
    assert state(model) == state(whole) and model.elders.calls == 6


def test_a_fork_that_is_run_has_a_way_back(uninterrupted: list[dict[str, Any]]) -> None:
    past = sim.GovernanceModel(scenario(), rng=7)
    past.run(weeks=4, progress=False)
    model = past.fork()
    model.agenda.add("mine", lambda: fail() if model.week == 11 else None, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    model.recover()
    model.agenda.remove("mine")
    assert state(model) == uninterrupted[11]
    model.run(progress=False)
    assert state(model) == uninterrupted[WEEKS]


def test_recovering_can_break_off_itself(uninterrupted: list[dict[str, Any]]) -> None:
    model, answers = sim.GovernanceModel(scenario(), rng=7), iter([True, False])
    model.agenda.add("again", lambda: fail() if model.week == 2 and times.pop() else None, doc="fails later")
    model.agenda.add("mine", lambda: fail() if model.week == 5 else None, doc="fails")
    times = [False, True, False]
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    with pytest.raises(ZeroDivisionError):
        model.recover()
    assert next(answers)
    with pytest.raises(sim.UnfinishedWeekError, match="Week 5"):
        model.step()
    model.recover()
    assert state(model) == uninterrupted[5] and clock_and_rows_agree(model)


def test_a_whole_model_has_nothing_to_recover(uninterrupted: list[dict[str, Any]]) -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    model.recover()
    model.run(weeks=3, progress=False)
    model.recover()
    assert state(model) == uninterrupted[3]


def test_populations_of_ones_own_go_back_too() -> None:
    class Bird(sim.Agent):
        seen = sim.column(np.int64, doc="weeks lived")

    class Birds(sim.Population):
        agent = Bird

    model = sim.GovernanceModel(scenario(), rng=7)
    birds = Birds(model, 4)
    model.add_population(birds)

    def fly() -> None:
        birds.seen[:] += 1

    model.agenda.add("birds", fly, doc="birds fly", before="incidents.begin")
    model.agenda.add("mine", lambda: fail() if model.week == 6 else None, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    assert birds.seen.tolist() == [7] * 4
    model.recover()
    assert birds.seen.tolist() == [6] * 4


def test_a_step_of_ones_own_may_fail_before_and_after_the_week() -> None:
    class Mine(sim.GovernanceModel):
        when = ""

        def step(self) -> None:
            if self.when == "before":
                fail()
            super().step()
            if self.when == "after":
                fail()

    model = Mine(scenario(), rng=7)
    for when, week in (("", 1), ("before", 1), ("after", 2), ("after", 3), ("", 4)):
        model.when = when
        if when:
            with pytest.raises(ZeroDivisionError):
                model.step()
        else:
            model.step()
        assert model.recovery.whole and model.week == week and clock_and_rows_agree(model)


# Interrupts -------------------------------------------------------------------------------------------


@pytest.fixture
def pythons_handler() -> Iterator[None]:
    """Interrupts as in a notebook: Python's own handler."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run_to_the_end(model: sim.GovernanceModel, disturb: Callable[[], Any]) -> int:
    """Run, go on and recover until the end, whatever disturbs; return how often it was stopped."""
    stops = 0
    while model.week < WEEKS:
        try:
            disturb()
            if not model.recovery.whole:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # a run of a single week keeps no copy
                    model.recover()
            model.run(progress=False)
        except KeyboardInterrupt:
            stops += 1
        finally:
            sys.settrace(None)
        if model.recovery.whole:
            assert clock_and_rows_agree(model)
        else:
            with pytest.raises(sim.UnfinishedWeekError, match=f"Week {model.recovery.target} "):
                model.step()
    return stops


def press(presses: int, after: float) -> None:
    """Interrupt the main thread some times, a little later."""
    time.sleep(after)
    for _ in range(presses):
        _thread.interrupt_main()
        time.sleep(1e-4)


def interrupted_at_random(trials: int, presses: int, expected: dict[str, Any]) -> int:
    pressed, stops, chance = 0, 0, random.Random(11)
    while pressed < trials:
        model, presser = sim.GovernanceModel(scenario(), rng=7), threading.Thread()

        def disturb() -> None:
            nonlocal presser, pressed
            if not presser.is_alive():
                pressed += 1
                presser = threading.Thread(target=press, args=(presses, chance.uniform(0.0, 0.03)), daemon=True)
                presser.start()

        while True:
            try:
                if model.week < WEEKS:
                    stops += run_to_the_end(model, disturb)
                presser.join()
                time.sleep(1e-4)
                break
            except KeyboardInterrupt:  # between two lines of the test
                stops += 1
        assert state(model) == expected
    return stops


@pytest.mark.usefixtures("pythons_handler")
@pytest.mark.parametrize("trials", [12, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("presses", [1, 3])
def test_an_interrupt_at_any_moment_costs_nothing(
    uninterrupted: list[dict[str, Any]], presses: int, trials: int
) -> None:
    assert interrupted_at_random(trials, presses, uninterrupted[WEEKS]) > trials / 4
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("pythons_handler")
@pytest.mark.parametrize("way", ["run", "step", "run_for", "run_model"])
def test_an_interrupt_waits_for_the_end_of_the_week(uninterrupted: list[dict[str, Any]], way: str) -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    model.agenda.add(
        "stop", lambda: signal.raise_signal(signal.SIGINT) if model.week == 4 else None, doc="", before="disputes.meet"
    )
    live = {"run": model.run, "step": lambda: [model.step() for _ in range(9)], "run_for": lambda: model.run_for(9)}
    with pytest.raises(KeyboardInterrupt) as caught:
        live.get(way, model.run_model)()
    assert "the model is whole" in caught.value.__notes__[-1]
    assert model.week == 5 and clock_and_rows_agree(model) and state(model) == uninterrupted[5]
    model.run(progress=False)
    assert state(model) == uninterrupted[WEEKS]


@pytest.mark.usefixtures("pythons_handler")
def test_a_second_interrupt_does_not_wait(uninterrupted: list[dict[str, Any]]) -> None:
    model = sim.GovernanceModel(scenario(), rng=7)

    def twice() -> None:
        if model.week == 4:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    model.agenda.add("stop", twice, doc="", before="disputes.meet")
    with pytest.raises(KeyboardInterrupt) as caught:
        model.run(progress=False)
    assert "Week 4 is not whole" in caught.value.__notes__[-1]
    model.recover()
    assert state(model) == uninterrupted[4]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_ones_own_is_left_alone() -> None:
    calls: list[int] = []
    before = signal.signal(signal.SIGINT, lambda *_: calls.append(1))
    try:
        model = sim.GovernanceModel(scenario(), rng=7)
        model.agenda.add("stop", lambda: signal.raise_signal(signal.SIGINT), doc="")
        model.run(weeks=3, progress=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(calls) == 3 and model.week == 3


class Stumble:
    """Raise KeyboardInterrupt at the n-th line of the program that is executed in the model or in Mesa."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.where = ""

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Any:
        name = frame.f_code.co_filename
        ours = ("/sim/" in name or "/mesa/" in name) and "interrupts.py" not in name
        return self._line if ours else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        self.left -= 1
        if self.left < 0 and event == "line":
            self.where = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            sys.settrace(None)
            raise KeyboardInterrupt
        return self._line


@pytest.mark.parametrize("trials", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_is_lost_wherever_the_program_is_torn_out(uninterrupted: list[dict[str, Any]], trials: int) -> None:
    """No signal that could wait: the interrupt comes between any two lines, of Mesa and of the recovery too."""
    chance, stops, before = random.Random(5), 0, sys.gettrace()
    while stops < trials:
        model, stumble = sim.GovernanceModel(scenario(), rng=7), Stumble(0)

        def disturb() -> None:
            nonlocal stumble
            # Soon, where Mesa and the recovery are at work, or anywhere in the weeks.
            stumble = Stumble(
                int(10 ** chance.uniform(0.0, 4.0) if chance.random() < 0.5 else chance.uniform(0, 60_000))
            )
            sys.settrace(stumble)

        try:
            stops += run_to_the_end(model, disturb)
        finally:
            sys.settrace(before)
        assert state(model) == uninterrupted[WEEKS], stumble.where


@pytest.mark.parametrize("trials", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_recovering_may_be_torn_out_of_as_well(uninterrupted: list[dict[str, Any]], trials: int) -> None:
    chance, before = random.Random(3), sys.gettrace()
    for _ in range(trials):
        model = sim.GovernanceModel(scenario(), rng=7)
        model.agenda.add("mine", lambda model=model: fail() if model.week == 6 else None, doc="fails")
        with pytest.raises(ZeroDivisionError):
            model.run(progress=False)
        sys.settrace(Stumble(int(10 ** chance.uniform(0.0, 4.0))))
        try:
            model.recover()
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
        model.recover()
        assert model.recovery.whole and state(model) == uninterrupted[6] and clock_and_rows_agree(model)
        model.agenda.remove("mine")
        model.run(progress=False)
        assert state(model) == uninterrupted[WEEKS]


KERNEL = """
import sim
scenario = sim.Scenario().replace({"district.estates": 3, "run.weeks": 4000, "run.warmup": 8})
model = sim.GovernanceModel(scenario.with_everything_on(), rng=7)
model.run(weeks=5, progress=False)
"""
LOOK = """
assert model.recovery.whole and len(model.outcomes) == model.week == model.steps == model.time, model
week = model.week
model.run(weeks=3, progress=False)
assert model.week == week + 3
"""
COMPARE = """
whole = sim.GovernanceModel(scenario.with_everything_on(), rng=7)
whole.run(weeks=model.week, progress=False)
assert whole.outcomes.equals(model.outcomes)
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_stop_button_of_a_notebook_leaves_a_whole_model() -> None:
    """In a real kernel, which is interrupted at random moments of `run`."""
    from jupyter_client.manager import KernelManager

    manager, chance = KernelManager(kernel_name="python3"), random.Random(2)
    manager.start_kernel(cwd=str(ROOT))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)

        def answer(code: str, timeout: float = 300.0) -> dict[str, Any]:
            return client.execute_interactive(code, timeout=timeout, output_hook=lambda message: None)["content"]

        assert answer(KERNEL)["status"] == "ok"
        stops = 0
        while stops < 20:
            # A kernel drops what waits behind a cell that failed, and what comes in the moment after it, unless told.
            asked = client.execute("model.run(weeks=300, progress=False)", stop_on_error=False)
            time.sleep(chance.uniform(0.0, 0.4))
            manager.interrupt_kernel()
            reply = client.get_shell_msg(timeout=300)
            while reply["parent_header"].get("msg_id") != asked:
                reply = client.get_shell_msg(timeout=300)
            stops += reply["content"].get("ename") == "KeyboardInterrupt"
            looked = answer(LOOK)
            assert looked["status"] == "ok", looked
        compared = answer(COMPARE)
        assert compared["status"] == "ok", compared
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


# The end, and after it --------------------------------------------------------------------------------


def test_a_model_stops_running_at_the_end(tmp_path: Path) -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    model.run(weeks=WEEKS - 1, progress=False)
    model.save(tmp_path / "late.npz")
    late = [model, model.fork(), sim.GovernanceModel.load(tmp_path / "late.npz")]
    for one in late:
        assert one.running
        one.run_model()
        assert one.week == WEEKS and not one.running
    model.save(tmp_path / "end.npz")
    for one in (model.fork(), sim.GovernanceModel.load(tmp_path / "end.npz")):
        assert not one.running


def test_the_table_of_what_time_leaves_grows_with_time(
    uninterrupted: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = fading.Fading(0.98)
    short = table.until(3).copy()
    assert table.until(20_000).size > 20_000 and np.array_equal(table.until(20_000)[: short.size], short)
    monkeypatch.setattr(fading, "_AT_FIRST", 2)
    model = sim.GovernanceModel(scenario(), rng=7)
    model.run(weeks=9, progress=False)
    model.fork().run(progress=False)
    model.run(progress=False)
    assert state(model) == uninterrupted[WEEKS]


@pytest.mark.slow
def test_a_tiny_district_lives_for_more_weeks_than_tables_begin_with() -> None:
    model = sim.GovernanceModel(scenario(**{"district.estates": 1}), rng=7)
    model.run(weeks=4300, progress=False)
    outcomes = model.outcomes
    assert len(outcomes) == 4300 and np.isfinite(outcomes.conflicts).all() and outcomes.conflicts[4100:].mean() > 0
    # A fork and a run of many weeks that broke off find their way as well.
    model.agenda.add("mine", fail, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(weeks=20, progress=False)
    model.recover()
    model.agenda.remove("mine")
    assert model.week == 4300 and model.fork().week == 4300


def test_after_the_last_week_that_columns_can_keep_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.recovery._MOST_WEEKS", 3)
    model = sim.GovernanceModel(scenario(), rng=7)
    with pytest.raises(sim.RunawayError, match="3 weeks"):
        model.run(progress=False)
    assert model.recovery.whole and model.week == 4


def test_a_run_of_a_large_district_keeps_a_copy_only_if_it_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[int] = []
    made = Recovery._copied
    monkeypatch.setattr(Recovery, "_copied", lambda self, model: copies.append(model.week) or made(self, model))
    model = sim.GovernanceModel(scenario(), rng=7)
    model.step()
    model.run(weeks=1, progress=False)
    model.run(weeks=2, progress=False)
    monkeypatch.setattr("sim.recovery._SMALL", 0)
    model.run(weeks=12, progress=False)
    model.run(weeks=13, progress=False)
    assert copies == [2, 16]


def test_plain_mesa_agents_are_said_not_to_go_back() -> None:
    model = sim.GovernanceModel(scenario(), rng=7)
    mesa.Agent(model)
    model.agenda.add("mine", lambda: fail() if model.week == 3 else None, doc="fails")
    with pytest.raises(ZeroDivisionError):
        model.run(progress=False)
    with pytest.warns(UserWarning, match="ordinary Mesa agents"):
        model.recover()
