"""Couriers in the living model: off is off, on does what it should, and the books balance."""

from __future__ import annotations

import numpy as np
import pytest

from sim import District, GovernanceModel, Scenario
from sim.core.codes import CHARGING, PARKING
from sim.core.errors import ScenarioError
from sim.outcomes.definitions import measured_by
from tests.support.quiet_models import FIRST_EDITION

MEASURES = measured_by("couriers")

POLICY = {"couriers.services": True, "couriers.reporting": True}
EARLY = {"run.warmup": 8, "run.weeks": 60}


@pytest.fixture(scope="module")
def ground() -> District:
    return District.synthetic(24, seed=3)


def lived(ground: District, changes: dict[str, object], weeks: int = 24, rng: int = 1) -> GovernanceModel:
    model = GovernanceModel(FIRST_EDITION.replace({**EARLY, **changes}), ground, rng=rng)
    model.run(weeks, progress=False)
    return model


def others(model: GovernanceModel) -> np.ndarray:
    return model.outcomes.drop(columns=list(MEASURES)).to_numpy()


def test_switched_off_couriers_leave_everything_as_if_they_left_no_traces(ground: District) -> None:
    off = lived(ground, {"couriers.enabled": False, **POLICY})
    without = lived(ground, {"couriers.hazard_weight": 0.0, "couriers.lane_weight": 0.0})
    np.testing.assert_array_equal(others(off), others(without))
    np.testing.assert_array_equal(off.incidents.conditions, without.incidents.conditions)
    assert np.all(off.hazards.source == 1.0) and np.all(off.hazards.lanes == 1.0)
    assert off.couriers.arrival.max() == 0 and without.couriers.arrival.max() > 0


def test_couriers_move_hazards_between_estates_and_hardly_in_the_district(ground: District) -> None:
    on, off = lived(ground, {}), lived(ground, {"couriers.enabled": False})
    assert np.ptp(on.hazards.source) > 0.05
    assert np.average(on.hazards.source, weights=ground.households) == pytest.approx(1.0, abs=0.05)
    changed = np.any(on.incidents.conditions != off.incidents.conditions, axis=1)
    assert changed[CHARGING] and changed[PARKING]


@pytest.mark.parametrize("switch", ["services", "reporting", "both"])
def test_the_policy_does_nothing_before_its_week_and_something_after(ground: District, switch: str) -> None:
    changes = POLICY if switch == "both" else {f"couriers.{switch}": True}
    on, off = lived(ground, changes), lived(ground, {})
    np.testing.assert_array_equal(on.outcomes.iloc[:8].to_numpy(), off.outcomes.iloc[:8].to_numpy())
    assert on.hazards.charging.mean() < off.hazards.charging.mean()
    assert not np.array_equal(others(on)[8:], others(off)[8:])


def test_services_make_riders_careful_at_the_purses_cost(ground: District) -> None:
    on, off = lived(ground, {"couriers.services": True}, 50), lived(ground, {}, 50)
    assert on.outcomes.riders_safe.iloc[-1] > off.outcomes.riders_safe.iloc[-1] + 0.1
    assert on.hazards.source.mean() < off.hazards.source.mean()
    users = np.count_nonzero(on.couriers.adopted)
    assert on.couriers.measures()["rider_services_yuan"] == 40.0 * users
    assert on.outcomes.yuan_purse.iloc[-1] == 40.0 * users > 0
    assert not off.couriers.adopted.any() and off.outcomes.yuan_purse.max() == 0
    assert not (on.couriers.adopted & ~on.couriers.safe).any()
    np.testing.assert_array_equal(on.outcomes.rider_retention, off.outcomes.rider_retention)


def test_each_kind_of_service_adds_its_rate_and_its_cost(ground: District) -> None:
    none = {f"couriers.{kind}": False for kind in ("medical", "food", "housing", "travel")}
    off = lived(ground, {})
    idle = lived(ground, {"couriers.services": True, **none})
    np.testing.assert_array_equal(idle.outcomes.to_numpy(), off.outcomes.to_numpy())
    one = lived(ground, {"couriers.services": True, **none, "couriers.housing": True})
    assert one.outcomes.yuan_purse.iloc[-1] == 20.0 * np.count_nonzero(one.couriers.adopted) > 0


def test_loyalty_keeps_riders_who_use_the_services(ground: District) -> None:
    busy = {"couriers.services": True, "couriers.turnover": 0.1, "couriers.riders": 100_000}
    plain, loyal = (lived(ground, {**busy, "couriers.loyalty": share}, 40) for share in (0.0, 1.0))
    assert loyal.outcomes.rider_retention[9:].mean() > plain.outcomes.rider_retention[9:].mean()
    assert loyal.outcomes.riders_safe.iloc[-1] > plain.outcomes.riders_safe.iloc[-1]


def test_reports_take_hours_from_the_community_desk_and_can_overload_it(ground: District) -> None:
    heavy = {
        "couriers.reporting": True,
        "couriers.reports": 5.0,
        "couriers.motivated": 0.9,
        "couriers.report_hours": 2.0,
        "couriers.report_cap": 0.8,
    }
    on, off = lived(ground, heavy, 40), lived(ground, {}, 40)
    after = slice(8, None)
    taken = on.outcomes.hours_community[after]
    assert np.all(taken <= 0.8 * on.authorities.hours[: ground.communities].sum() + 1e-9)
    assert taken.iloc[-1] == pytest.approx(2.0 * on.outcomes.reports_handled.iloc[-1])
    assert on.outcomes.report_backlog.iloc[-1] > 100
    assert on.desks.hours[on.desks.block("community")].sum() < off.desks.hours[off.desks.block("community")].sum()
    # Every report is handled, dropped, or waits.
    came, went = on.outcomes.courier_reports.sum(), on.outcomes.reports_handled.sum()
    assert came > went + on.outcomes.report_backlog.iloc[-1] > went > 0


def test_reports_without_expiry_are_handled_or_wait(ground: District) -> None:
    on = lived(ground, {"couriers.reporting": True, "couriers.reports": 2.0, "couriers.report_expiry": 0.0})
    rows = on.outcomes
    assert rows.courier_reports.sum() == pytest.approx(rows.reports_handled.sum() + rows.report_backlog.iloc[-1])


def test_clean_ups_are_the_couriers_hours(ground: District) -> None:
    with_them = lived(ground, {"couriers.reporting": True})
    without = lived(ground, {"couriers.reporting": True, "couriers.cleanups": False})
    idle = lived(ground, {"couriers.reporting": True, "services.enabled": False})
    motivated = np.count_nonzero(with_them.couriers.motivated)
    row, other, none = (model.outcomes.iloc[-1] for model in (with_them, without, idle))
    assert row.hours_couriers == pytest.approx(0.1 * motivated + 0.05 * row.courier_reports)
    assert other.hours_couriers == pytest.approx(0.05 * other.courier_reports)
    assert none.hours_couriers == pytest.approx(0.05 * none.courier_reports)
    here = np.bincount(with_them.couriers.estate[with_them.couriers.motivated], minlength=24) > 0
    np.testing.assert_array_equal(with_them.hazards.guided < 1.0, here)
    assert np.all(without.hazards.guided == 1.0)


def test_places_stay_and_persons_come_and_go(ground: District) -> None:
    model = lived(ground, {**POLICY, "couriers.turnover": 0.05}, 1)
    couriers = model.couriers
    station, who, estate = couriers.station.copy(), couriers.identity.copy(), couriers.estate.copy()
    model.run(20, progress=False)
    np.testing.assert_array_equal(couriers.station, station)
    new = couriers.identity != who
    assert 0.4 < new.mean() < 0.8 and np.unique(couriers.identity).size == couriers.size
    np.testing.assert_array_equal(couriers.estate[~new], estate[~new])
    assert (couriers.estate[new] != estate[new]).any()
    assert couriers.size == round(20_000 * 24 / 1034) and model.stations.size == round(432 * 24 / 1034)
    assert model.stations.riders.sum() == couriers.size
    assert np.ptp(model.stations.riders) <= 1


def test_a_fork_lives_as_its_parent_and_may_take_another_policy(ground: District) -> None:
    parent = lived(ground, POLICY, 12)
    same, other = parent.fork(), parent.fork(parent.scenario.replace({"couriers.reporting": False}))
    for model in (parent, same, other):
        model.run(10, progress=False)
    np.testing.assert_array_equal(same.outcomes.to_numpy(), parent.outcomes.to_numpy())
    np.testing.assert_array_equal(same.couriers.identity, parent.couriers.identity)
    assert other.outcomes.courier_reports.iloc[-1] == 0 < parent.outcomes.courier_reports.iloc[-1]
    off = parent.fork(parent.scenario.replace({"couriers.enabled": False}))
    off.run(1, progress=False)
    assert np.all(off.hazards.source == 1.0) and np.all(off.hazards.lanes == 1.0)
    assert off.outcomes.yuan_purse.iloc[-1] == off.outcomes.hours_couriers.iloc[-1] == 0.0
    with pytest.raises(ScenarioError, match=r"couriers\.riders"):
        parent.fork(parent.scenario.replace({"couriers.riders": 30_000}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("turnover", 0.6),
        ("relapse", -0.1),
        ("norm", "cubic"),
        ("motivated", 1.5),
        ("report_hours", 0.0),
        ("riders", 0),
        ("hazard_weight", 2.0),
        ("report_cap", -0.5),
    ],
)
def test_nonsense_is_refused(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=f"couriers.{name}"):
        Scenario().replace({f"couriers.{name}": value})


def test_riders_and_stations_can_be_shown_on_the_map(ground: District) -> None:
    model = lived(ground, {}, 2)
    couriers, stations = model.couriers, model.stations
    where = couriers.positions()
    assert where.shape == (couriers.size, 2)
    assert np.abs(where[:, 0] - ground.x[couriers.estate]).max() <= 0.08
    assert np.hypot(stations.x - ground.x[stations.estate], stations.y - ground.y[stations.estate]).max() < 0.15
    rider = couriers[5]
    assert rider.pos == tuple(ground.cells[rider.estate].tolist())
    assert stations[0].pos == tuple(ground.cells[stations[0].estate].tolist())
    assert rider.community == ground.community[rider.estate]
    np.testing.assert_allclose(stations.careful @ stations.riders, np.count_nonzero(couriers.safe))
    assert set(couriers.measures()) == set(MEASURES) <= set(model.outcomes.columns)


def test_the_smallest_district_has_a_station_and_a_rider() -> None:
    model = GovernanceModel(Scenario().replace({"district.estates": 1, "couriers.riders": 1, **POLICY}), rng=1)
    model.run(3, progress=False)
    assert model.stations.size == 1 and model.couriers.size == 1
