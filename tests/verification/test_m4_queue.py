"""M4: the one queue against the closed forms of queueing theory."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.disputes.disputes_equations import serve


def run_many_servers(
    desks: int,
    servers: int,
    arrival: float,
    patience: float,
    dt: float,
    steps: int,
    seed: int,
) -> dict[str, float]:
    """Run independent desks with exponential work (mean 1) in steps of `dt`; return rates after warm-up."""
    rng = np.random.default_rng(seed)
    desk = np.zeros(0, dtype=np.uint32)
    work = np.zeros(0)
    began = np.zeros(0, dtype=bool)
    hours = np.full(desks, servers * dt)
    seen = waited = left = served = 0
    area = 0.0
    for step in range(steps):
        come = rng.poisson(arrival * dt, desks)
        new = np.repeat(np.arange(desks, dtype=np.uint32), come)
        busy = np.bincount(desk, minlength=desks)
        measured = step > steps // 5
        if measured:
            seen += new.size
            waited += int((busy[new] >= servers).sum())
        desk = np.concatenate([desk, new])
        work = np.concatenate([work, rng.exponential(1.0, new.size)])
        began = np.concatenate([began, np.zeros(new.size, dtype=bool)])
        granted, _ = serve(desk, work, hours, pace=dt)
        work = work - granted
        began |= granted > 0
        gives_up = ~began & (rng.random(work.size) < -math.expm1(-patience * dt))
        done = (work <= 0) & ~gives_up
        if measured:
            left += int(gives_up.sum())
            served += int(done.sum())
            area += desk.size * dt
        keep = ~(done | gives_up)
        desk, work, began = desk[keep], work[keep], began[keep]
    return {"wait": waited / seen, "abandon": left / max(left + served, 1), "seen": seen, "area": area}


def limit(name: str, desks: int, servers: int, arrival: float, patience: float, time: float, seed: int) -> float:
    """Extrapolate a rate from steps of 0.1 and 0.05 to steps of length zero (Richardson)."""
    coarse, fine = (
        run_many_servers(desks, servers, arrival, patience, dt, round(time / dt), seed)[name] for dt in (0.1, 0.05)
    )
    return 2 * fine - coarse


def erlang_c(servers: int, offered: float) -> float:
    top = offered**servers / math.factorial(servers) * servers / (servers - offered)
    return top / (sum(offered**k / math.factorial(k) for k in range(servers)) + top)


def erlang_a_abandonment(arrival: float, servers: int, patience: float) -> float:
    weights, weight = [1.0], 1.0
    for n in range(1, 400):
        weight *= arrival / (min(n, servers) + max(n - servers, 0) * patience)
        weights.append(weight)
    total = sum(weights)
    waiting = sum(max(n - servers, 0) * w for n, w in enumerate(weights)) / total
    return patience * waiting / arrival


def test_erlang_c_probability_of_waiting_is_the_limit_of_short_steps() -> None:
    assert erlang_c(2, 1.6) == pytest.approx(0.7111, abs=1e-4)
    found = limit("wait", desks=300, servers=2, arrival=1.6, patience=0.0, time=150.0, seed=1)
    assert found == pytest.approx(erlang_c(2, 1.6), abs=0.02)


@pytest.mark.parametrize(("arrival", "patience"), [(1.5, 0.25), (0.9, 0.5)])
def test_erlang_a_abandonment_is_the_limit_of_short_steps(arrival: float, patience: float) -> None:
    if arrival == 1.5:
        assert erlang_a_abandonment(1.5, 1, 0.25) == pytest.approx(0.3968, abs=1e-4)
    found = limit("abandon", desks=300, servers=1, arrival=arrival, patience=patience, time=100.0, seed=2)
    assert found == pytest.approx(erlang_a_abandonment(arrival, 1, patience), abs=0.015)


@pytest.mark.parametrize("load", [0.3, 0.6, 0.85])
def test_batch_queue_has_the_mean_of_the_closed_form(load: float) -> None:
    """Poisson batches, one case a week: E[Q] = l^2 / (2 (1 - l)) cases left after service."""
    rng = np.random.default_rng(3)
    desks, weeks = 400, 1000
    desk, total, count = np.zeros(0, dtype=np.uint16), 0, 0
    for week in range(weeks):
        new = np.repeat(np.arange(desks, dtype=np.uint16), rng.poisson(load, desks))
        desk = np.concatenate([desk, new])
        granted, _ = serve(desk, np.ones(desk.size), np.ones(desks))
        desk = desk[granted < 1.0]
        if week >= 300:
            total += desk.size
            count += desks
    assert total / count == pytest.approx(load**2 / (2 * (1 - load)), rel=0.04)


def test_overload_grows_like_the_fluid() -> None:
    """With more work than hours, the backlog grows by the difference, week by week."""
    desk, work = np.zeros(0, dtype=np.uint16), np.zeros(0)
    for week in range(1, 101):
        desk = np.concatenate([desk, np.zeros(3, dtype=np.uint16)])
        work = np.concatenate([work, np.full(3, 2.0)])
        granted, _ = serve(desk, work, np.array([4.5]))
        work = work - granted
        desk, work = desk[work > 1e-9], work[work > 1e-9]
        assert work.sum() == pytest.approx(week * (6.0 - 4.5))


def test_little_law_holds_for_the_queue() -> None:
    """Cases in the system = arrival rate x time in the system."""
    rng = np.random.default_rng(5)
    desks, weeks = 200, 2000
    desk, work, born = np.zeros(0, dtype=np.uint16), np.zeros(0), np.zeros(0)
    area = stay = ended = 0.0
    for week in range(weeks):
        new = np.repeat(np.arange(desks, dtype=np.uint16), rng.poisson(0.8, desks))
        desk = np.concatenate([desk, new])
        work = np.concatenate([work, rng.exponential(1.0, new.size)])
        born = np.concatenate([born, np.full(new.size, float(week))])
        granted, _ = serve(desk, work, np.ones(desks))
        done = granted >= work
        work = work - granted
        area += desk.size
        stay += (week + 1 - born[done]).sum()
        ended += done.sum()
        desk, work, born = desk[~done], work[~done], born[~done]
    assert area / weeks == pytest.approx(ended / weeks * stay / ended, rel=0.02)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.floats(0.0, 50.0), st.booleans()), max_size=40),
    st.lists(st.floats(0.0, 60.0), min_size=5, max_size=5),
)
def test_hours_are_conserved_and_first_come_is_first_served(
    cases: list[tuple[int, float, bool]],
    hours: list[float],
) -> None:
    desk = np.array([case[0] for case in cases], dtype=np.uint16)
    work = np.array([case[1] for case in cases])
    urgent = np.array([case[2] for case in cases], dtype=bool)
    has = np.array(hours)
    granted, spent = serve(desk, work, has, rank=(~urgent).astype(np.uint8))
    given_out = np.bincount(desk, granted, 5)
    assert (granted >= 0).all() and (granted <= work).all()
    assert (given_out <= has * (1 + 1e-9) + 1e-9).all()
    assert (spent <= has[desk] + 1e-9).all()
    # Work conserving: a desk leaves hours unused only when every case is done.
    needed = np.bincount(desk, work, 5)
    assert given_out == pytest.approx(np.minimum(needed, has), rel=1e-6, abs=1e-6)
    for number in range(5):
        for group in (True, False):
            line = granted[(desk == number) & (urgent == group)] - work[(desk == number) & (urgent == group)]
            short = np.flatnonzero(line < -1e-6)
            if short.size:
                assert (granted[(desk == number) & (urgent == group)][short[0] + 1 :] <= 1e-6).all()


def test_urgent_cases_go_first() -> None:
    granted, _ = serve(
        np.array([0, 0], dtype=np.uint16), np.array([2.0, 2.0]), np.array([2.0]), rank=np.array([1, 0], dtype=np.uint8)
    )
    assert granted.tolist() == [0.0, 2.0]


@pytest.mark.parametrize("group", [2, 4])
def test_pooling_beats_separate_desks(group: int) -> None:
    """M9: g separate desks with one server each wait longer than one desk with g servers (M/M/g)."""
    load = 0.8
    pooled = limit("wait", desks=200, servers=group, arrival=load * group, patience=0.0, time=150.0, seed=7)
    alone = limit("wait", desks=200, servers=1, arrival=load, patience=0.0, time=150.0, seed=8)
    assert alone == pytest.approx(erlang_c(1, load), abs=0.025)
    assert pooled == pytest.approx(erlang_c(group, load * group), abs=0.025)
    assert pooled < alone
