"""The week's plan: in order, at the chosen place, when due, timed, and readable."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.agenda import Agenda, Line
from sim.core.errors import AgendaError
from sim.core.screen import columns


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def say(log: list[str]) -> Callable[[str], Callable[[], None]]:
    return lambda word: lambda: log.append(word)


@pytest.fixture
def week(say: Callable[[str], Callable[[], None]]) -> Agenda:
    agenda = Agenda()
    for name in ("conditions", "incidents", "voice"):
        agenda.add(name, say(name), doc=f"{name} happen", equation="M1")
    return agenda


def test_lines_run_in_order_once_a_week(week: Agenda, log: list[str]) -> None:
    week.run(0)
    assert log == ["conditions", "incidents", "voice"] == week.names == [line.name for line in week]
    assert len(week) == 3
    assert "voice" in week
    assert "choir" not in week


def test_a_line_goes_where_it_is_put(week: Agenda, say: Callable) -> None:
    week.add("touch", say("touch"), doc="", after="incidents")
    week.add("policy", say("policy"), doc="", before="conditions")
    assert week.names == ["policy", "conditions", "incidents", "touch", "voice"]


@given(st.integers(1, 60), st.data())
def test_a_line_runs_exactly_in_its_weeks(every: int, data: st.DataObject) -> None:
    phase = data.draw(st.integers(0, every - 1))
    seen: list[int] = []
    agenda = Agenda()
    now = -1
    agenda.insert(Line("quarter", lambda: seen.append(now), doc="", every=every, phase=phase))
    for now in range(130):  # noqa: B007 - the line reads it
        agenda.run(now)
    assert seen == list(range(phase, 130, every))
    assert agenda["quarter"].calls == len(seen)


def test_removing_and_replacing(week: Agenda, log: list[str], say: Callable) -> None:
    taken = week.remove("incidents")
    assert taken.name == "incidents"
    week.replace("voice", say("other voice"))
    week.run(0)
    assert log == ["conditions", "other voice"]


@pytest.mark.parametrize("place", [{"after": "incident"}, {"before": "incident"}])
def test_an_unknown_neighbour_is_named_with_the_nearest(week: Agenda, place: dict[str, str]) -> None:
    with pytest.raises(AgendaError, match=r'Unknown line of the agenda "incident". Did you mean "incidents"\?'):
        week.add("x", print, doc="", **place)
    assert week.names == ["conditions", "incidents", "voice"]


def test_unknown_lines_are_refused_everywhere(week: Agenda) -> None:
    for attempt in (week.remove, week.__getitem__, lambda name: week.replace(name, print)):
        with pytest.raises(AgendaError, match='Did you mean "voice"'):
            attempt("voise")


def test_nonsense_is_refused(week: Agenda) -> None:
    with pytest.raises(AgendaError, match="already"):
        week.add("voice", print, doc="")
    with pytest.raises(AgendaError, match="not both"):
        week.add("x", print, doc="", after="voice", before="voice")
    for every, phase in ((0, 0), (4, 4), (4, -1)):
        with pytest.raises(AgendaError, match="at least 1"):
            week.insert(Line("x", print, doc="", every=every, phase=phase))


def test_a_failure_says_where_it_happened(week: Agenda) -> None:
    def fail() -> None:
        raise ZeroDivisionError("nothing to share")

    week.add("share", fail, doc="")
    with pytest.raises(ZeroDivisionError) as caught:
        week.run(17)
    assert caught.value.__notes__ == ['This happened in week 17, in the line "share" of the agenda.']


def test_a_line_may_change_the_plan_for_the_next_week(week: Agenda, log: list[str], say: Callable) -> None:
    week.add(
        "founding", lambda: week.remove("founding") and week.add("new", say("new"), doc=""), doc="", before="conditions"
    )
    week.run(0)
    assert log == ["conditions", "incidents", "voice"]
    week.run(1)
    assert log[3:] == ["conditions", "incidents", "voice", "new"]


def test_time_is_kept_by_line(week: Agenda, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 1e-5
        return now[0]

    def sleep() -> None:
        now[0] += 0.02

    monkeypatch.setattr("sim.agenda.perf_counter", clock)  # a busy machine may take any time for anything
    week.add("slow", sleep, doc="sleeps")
    week.run(0)
    rows = {row["name"]: row for row in week.rows()}
    assert rows["slow"]["ms_per_call"] >= 20.0
    assert rows["slow"]["share"] > 0.9
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1.0)
    week.forget_times()
    assert all(line.calls == 0 and line.seconds == 0.0 for line in week)


def test_printing_shows_order_names_calls_time_and_meaning(week: Agenda) -> None:
    week.insert(Line("elections", print, doc="committees are elected", equation="M7", every=52, phase=3))
    before = str(week).splitlines()
    assert len(before) == 5
    assert before[4].split() == ["4", "elections", "M7", "each", "52th", "0", "-", "-", "committees", "are", "elected"]
    week.run(0)
    line = str(week).splitlines()[1].split()
    assert line[:4] == ["1", "conditions", "M1", "every"]
    assert line[4] == "1"
    assert repr(week) == "<Agenda of 4 lines: conditions, incidents, voice, elections>"
    assert week.to_frame()["name"].tolist() == week.names
    assert "conditions" not in str(Agenda())


def test_the_plan_costs_next_to_nothing() -> None:
    agenda = Agenda()
    for number in range(50):
        agenda.add(f"line {number}", int, doc="")
    best = min(_seconds(lambda: agenda.run(0)) for _ in range(200))
    bare = min(_seconds(lambda: [int("0") for _ in range(50)]) for _ in range(200))
    assert best < 100 * bare  # ten times what is usual; both in one run, so that a busy machine does not fail


def _seconds(function: Callable[[], None]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def test_a_week_is_told_in_chinese_with_columns_as_wide_as_they_are_on_a_screen() -> None:
    model = sim.examples.small()
    model.run(weeks=1)
    told = model.agenda.text("zh").splitlines()
    assert str(model.agenda) == model.agenda.text("en") and len(told) == len(model.agenda) + 1
    for line, words in zip(model.agenda, told[1:], strict=True):
        left, name, rest = words.partition(line.name)
        assert name and not re.search("[A-Za-z]", left), words
        assert line.doc not in words and re.search("[\u4e00-\u9fff]", rest), words
    assert (
        len({columns(words.partition(line.name)[0]) for line, words in zip(model.agenda, told[1:], strict=True)}) == 1
    )


def test_a_line_of_ones_own_is_told_in_ones_own_words(week: Agenda) -> None:
    assert "voice happen" in week.text("zh") and "每周" in week.text("zh")
