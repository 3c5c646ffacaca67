"""M12: four kinds of services for riders, each on a thing of its own, against the chain of a single rider."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest

from sim import GovernanceModel
from sim.stakeholders.couriers.rider_services import BITS
from tests.support.quiet_models import level_ground, live
from tests.support.small_runs import differing, full, run

KINDS = ("medical", "food", "housing", "travel")
RIDERS = 40_000


def one_station(changes: Mapping[str, object]) -> GovernanceModel:
    """Forty thousand riders at one station, whom example does not move."""
    return live(
        {
            "coverage.start_week": 0,
            "couriers.services": True,
            "couriers.services_act": "apart",
            "couriers.own_accord": 0.0,
            "couriers.norm": "none",
            "couriers.stations": 1,
            "couriers.riders": RIDERS * 1034 // 2,
            **{f"couriers.{name}": value for name, value in changes.items()},
        },
        level_ground(2),
    )


def ride(model: GovernanceModel, weeks: int) -> None:
    for _ in range(weeks):
        model.couriers.ride()
        model.week += 1


def rest(v: Mapping[str, float]) -> dict[str, float]:
    """Shares of careful riders, of users of each kind, and of leavers, at rest: the chain of one rider, written out."""
    states = list(itertools.product([False, True], *[[False, True]] * 4))
    number = {state: row for row, state in enumerate(states)}
    chain = np.zeros((32, 32))
    leaves = np.zeros(32)
    for (safe, medical, food, housing, travel), row in number.items():
        ill, other = v["turnover"] * v["injuries"], v["turnover"] * (1 - v["injuries"])
        go = ill * (1 - v["medical_spares"] * medical) + other * (1 - v["housing_stays"] * housing)
        leaves[row] = go
        to = {(False,) * 5: go}

        def add(state: tuple[bool, ...], chance: float, to: dict[tuple[bool, ...], float] = to) -> None:
            to[state] = to.get(state, 0.0) + chance

        if safe:
            add((False, medical, food, housing, False), v["relapse"] * (1 - v["food_calms"] * food))
            add((True, medical, food, housing, True), v["rate_travel"])
        else:
            add((True, medical, food, housing, True), v["rate_travel"])
        add((safe, True, food, housing, travel), v["rate_medical"])
        add((safe, medical, True, housing, travel), v["rate_food"])
        add((safe, medical, food, True, travel), v["rate_housing"])
        add((safe, medical, food, housing, travel), 1.0 - sum(to.values()))
        for state, chance in to.items():
            chain[row, number[state]] += chance
    share = np.linalg.matrix_power(chain, 1 << 14)[0]
    table = np.array(states, dtype=float)
    return dict(zip(("safe", *KINDS), share @ table, strict=True)) | {"leaves": float(share @ leaves)}


ALL = {
    "turnover": 0.05,
    "relapse": 0.1,
    "rate_medical": 0.04,
    "rate_food": 0.06,
    "rate_housing": 0.03,
    "rate_travel": 0.08,
    "food_calms": 0.6,
    "injuries": 0.4,
    "medical_spares": 0.7,
    "housing_stays": 0.5,
}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"food_calms": 1.0, "rate_food": 0.1},
        {"housing_stays": 1.0, "injuries": 0.0},
        {"medical_spares": 1.0, "injuries": 1.0},
        {"rate_travel": 0.0},
        {"turnover": 0.2, "relapse": 0.3},
    ],
)
def test_riders_at_rest_are_as_the_chain_of_one_rider_says(changed: dict[str, float]) -> None:
    values = {**ALL, **changed}
    model = one_station(values)
    ride(model, 180)
    expected = rest(values)
    found = dict.fromkeys(expected, 0.0)
    for _ in range(40):
        ride(model, 1)
        couriers = model.couriers
        week = {"safe": couriers.safe.mean(), "leaves": couriers.left / RIDERS}
        week |= {kind: ((couriers.uses & BITS[kind]) > 0).mean() for kind in KINDS}
        found = {name: value + week[name] / 40 for name, value in found.items()}
    for name, share in expected.items():
        assert found[name] == pytest.approx(share, abs=0.01 if name != "leaves" else 0.002), name


@pytest.mark.parametrize(("a", "relapse", "calms"), [(0.05, 0.2, 0.5), (0.02, 0.1, 0.9), (0.1, 0.1, 0.0)])
def test_fed_riders_are_careful_as_with_a_lower_relapse(a: float, relapse: float, calms: float) -> None:
    """Nobody leaves and everybody is fed: x* = a / (a + (1 - calms) relapse)."""
    model = one_station({"turnover": 0.0, "rate_travel": a, "relapse": relapse, "food_calms": calms})
    model.couriers.uses[:] = BITS["food"]
    ride(model, 150)
    assert model.couriers.safe.mean() == pytest.approx(a / (a + (1 - calms) * relapse), abs=0.012)


@pytest.mark.parametrize(("injuries", "spares", "stays"), [(0.3, 1.0, 0.0), (0.3, 0.0, 1.0), (0.5, 0.4, 0.2)])
def test_housing_and_medical_help_keep_their_own_part_of_those_who_leave(
    injuries: float, spares: float, stays: float
) -> None:
    model = one_station(
        {
            "turnover": 0.2,
            "injuries": injuries,
            "medical_spares": spares,
            "housing_stays": stays,
            "rate_medical": 1e-9,
            "rate_food": 0.0,
            "rate_housing": 0.0,
            "rate_travel": 0.0,
        }
    )
    kept = {
        (): 0.0,
        ("medical",): injuries * spares,
        ("housing",): (1 - injuries) * stays,
        ("medical", "housing"): injuries * spares + (1 - injuries) * stays,
        ("food", "travel"): 0.0,
    }
    for used, less in kept.items():
        model.couriers.uses[:] = sum(BITS[kind] for kind in used)
        ride(model, 1)
        expected = 0.2 * (1.0 - less)
        assert model.couriers.left / RIDERS == pytest.approx(expected, abs=4 * np.sqrt(expected / RIDERS) + 1e-9)


def test_travel_alone_is_the_same_whether_services_act_apart_or_alike() -> None:
    """Travel is what the services of the one coefficient were: to the bit, in a world in which everything is on."""
    others = {f"couriers.{kind}": False for kind in KINDS[:3]}
    as_one = {"couriers.services_act": "alike"}
    assert not differing(run(full(others)), run(full({**others, **as_one})))
    assert differing(run(full()), run(full(as_one)))


def test_apart_without_effects_only_travel_makes_riders_careful() -> None:
    """Food, housing and medical help at nothing cost money, and touch nothing else of anybody's."""
    idle = {
        "couriers.services_act": "apart",
        "couriers.food_calms": 0.0,
        "couriers.medical_spares": 0.0,
        "couriers.housing_stays": 0.0,
    }
    every = run(full(idle))
    travel = run(full({**idle, **{f"couriers.{kind}": False for kind in KINDS[:3]}}))
    assert set(differing(every, travel)) == {"rider_services_yuan", "yuan_purse"}


def test_every_kind_is_paid_for_by_those_who_use_it() -> None:
    prices = {"medical": 3.0, "food": 5.0, "housing": 7.0, "travel": 11.0}
    model = one_station({**ALL, **{f"yuan_{kind}": yuan for kind, yuan in prices.items()}, "housing": False})
    ride(model, 30)
    couriers = model.couriers
    users = {kind: np.count_nonzero(couriers.uses & BITS[kind]) for kind in KINDS}
    assert users["housing"] == 0 < min(users["medical"], users["food"], users["travel"])
    expected = [prices[kind] * users[kind] for kind in KINDS]
    np.testing.assert_allclose(couriers.paid_for, expected)
    assert couriers.paid == pytest.approx(sum(expected))


def test_a_service_that_has_ended_does_nothing_more() -> None:
    """Who used housing leaves as before once there is none."""
    model = one_station({**ALL, "turnover": 0.2, "injuries": 0.0, "housing_stays": 1.0, "housing": False})
    model.couriers.uses[:] = BITS["housing"]
    ride(model, 1)
    assert model.couriers.left / RIDERS == pytest.approx(0.2, abs=0.01)
    assert model.couriers.paid_for[2] == 0.0
