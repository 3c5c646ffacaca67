"""M12: the share of careful riders, the hazard stock and what the desk makes of reports, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel
from sim.stakeholders.couriers import at_rest, gain
from tests.support.quiet_models import level_ground, live

KINDS = ("medical", "food", "housing", "travel")
RIDERS = 40_000


def one_station(a: float, b: float, relapse: float, turnover: float, norm: str, rng: int = 1) -> GovernanceModel:
    """Forty thousand riders at one station; `a` is divided over the four services."""
    changes: dict[str, object] = {
        "coverage.start_week": 0,
        "couriers.services": a > 0,
        **{f"couriers.rate_{kind}": a / 4 for kind in KINDS},
        "couriers.own_accord": 0.0,
        "couriers.norm": norm,
        "couriers.norm_strength": b,
        "couriers.relapse": relapse,
        "couriers.turnover": turnover,
        "couriers.stations": 1,
        "couriers.riders": RIDERS * 1034 // 2,
    }
    model = live(changes, level_ground(2), rng=rng)
    assert model.stations.size == 1 and model.couriers.size == RIDERS
    return model


def ride(model: GovernanceModel, weeks: int) -> np.ndarray:
    """Let riders alone live some weeks; return their share that is careful after each of them."""
    shares = []
    for _ in range(weeks):
        model.couriers.ride()
        model.week += 1
        shares.append(model.couriers.safe.mean())
    return np.array(shares)


def begin(model: GovernanceModel, share: float) -> None:
    couriers = model.couriers
    couriers.safe[:] = np.arange(couriers.size) < share * couriers.size


@pytest.mark.parametrize(("a", "relapse", "turnover"), [(0.2, 0.1, 0.02), (0.04, 0.0, 0.06), (0.3, 0.3, 0.1)])
def test_without_a_norm_the_careful_are_a_over_a_plus_d(a: float, relapse: float, turnover: float) -> None:
    """x <- x + (1 - x) a - d x has the fixed point a / (a + d); riders who use the services are as many."""
    model = one_station(a, 0.5, relapse, turnover, "none")
    share = ride(model, 150)[-50:].mean()
    expected = a / (a + relapse + turnover)
    assert share == pytest.approx(expected, abs=0.004)
    assert at_rest(a=a, b=0.5, d=relapse + turnover, norm="none") == pytest.approx([expected])
    assert model.couriers.adopted.mean() == pytest.approx(expected, abs=0.012)


@pytest.mark.parametrize(("b", "relapse", "turnover"), [(0.3, 0.1, 0.05), (0.2, 0.02, 0.03), (0.4, 0.3, 0.05)])
@pytest.mark.parametrize("start", [0.1, 0.95])
def test_under_a_linear_norm_the_careful_are_1_minus_d_over_b(
    b: float, relapse: float, turnover: float, start: float
) -> None:
    model = one_station(0.0, b, relapse, turnover, "linear")
    begin(model, start)
    expected = 1.0 - (relapse + turnover) / b
    assert ride(model, 220)[-60:].mean() == pytest.approx(expected, abs=0.012)
    assert at_rest(a=0.0, b=b, d=relapse + turnover, norm="linear") == pytest.approx([expected])


@pytest.mark.parametrize(("b", "d"), [(0.1, 0.12), (0.2, 0.3)])
def test_under_a_weak_linear_norm_nobody_stays_careful(b: float, d: float) -> None:
    model = one_station(0.0, b, d - 0.02, 0.02, "linear")
    begin(model, 0.9)
    assert ride(model, 250)[-1] < 0.01
    assert at_rest(a=0.0, b=b, d=d, norm="linear") == pytest.approx([0.0])


@pytest.mark.parametrize("norm", ["linear", "quadratic"])
@pytest.mark.parametrize("b", [5e-324, 1e-310, 1e-200, 1e-16])
@pytest.mark.parametrize(("a", "d"), [(0.005, 0.03), (0.0, 0.03)])
def test_a_norm_of_next_to_nothing_is_none(a: float, b: float, d: float, norm: str) -> None:
    assert at_rest(a=a, b=b, d=d, norm=norm) == pytest.approx([a / (a + d)])
    assert len(at_rest(a=0.0, b=b, d=0.0, norm=norm)) == 1


@pytest.mark.parametrize(("ratio", "bistable"), [(3.6, False), (3.9, False), (4.4, True), (6.0, True)])
def test_a_quadratic_norm_is_bistable_if_and_only_if_b_exceeds_4_d(ratio: float, bistable: bool) -> None:
    """b x (1 - x) = d has two roots in (0, 1) exactly for b > 4 d; the larger is stable, and so is x = 0."""
    d = 0.15
    b = ratio * d
    root = np.sqrt(max(1 - 4 / ratio, 0.0))
    low, high = (1 - root) / 2, (1 + root) / 2
    rests = at_rest(a=0.0, b=b, d=d, norm="quadratic")
    assert rests == pytest.approx([0.0, high] if bistable else [0.0])
    model = one_station(0.0, b, d - 0.03, 0.03, "quadratic")
    begin(model, 0.95)
    ends = ride(model, 400)[-40:].mean()
    assert ends == pytest.approx(high if bistable else 0.0, abs=0.02)
    model = one_station(0.0, b, d - 0.03, 0.03, "quadratic")
    begin(model, 0.6 * low)
    assert ride(model, 300)[-1] < 0.01


def test_the_share_follows_the_equation_week_by_week() -> None:
    a, b, relapse, turnover = 0.02, 0.12, 0.05, 0.03
    model = one_station(a, b, relapse, turnover, "quadratic")
    begin(model, 0.4)
    x, path = 0.4, []
    for _ in range(40):
        x = x + (1 - x) * (a + b * x**2) - (relapse + turnover) * x
        path.append(x)
    np.testing.assert_allclose(ride(model, 40), path, atol=0.012)


def test_rates_that_fill_the_week_leave_one_event_for_everybody() -> None:
    """turnover + relapse = 1: nobody who was careful stays so; a careless rider turns if not followed by another."""
    model = one_station(0.0, 1.0, 0.5, 0.5, "linear")
    begin(model, 0.5)
    first = model.couriers.safe.copy()
    ride(model, 1)
    assert not model.couriers.safe[first].any()
    assert model.couriers.safe[~first].mean() == pytest.approx(0.5, abs=0.02)
    assert float(gain(1.0, a=0.0, b=1.0, norm="linear", most=0.5)) == 0.5


@pytest.mark.parametrize("turnover", [0.0, 0.0095, 0.1])
def test_turnover_is_the_share_that_is_replaced(turnover: float) -> None:
    model = one_station(0.1, 0.0, 0.1, turnover, "none")
    before = model.couriers.identity.copy()
    left = []
    for _ in range(20):
        ride(model, 1)
        left.append(model.couriers.left)
        assert model.couriers.measures()["rider_retention"] == 1 - left[-1] / RIDERS
    expected = 20 * RIDERS * turnover
    assert abs(sum(left) - expected) <= 4 * np.sqrt(expected)
    stayed = np.mean(before == model.couriers.identity)
    assert stayed == pytest.approx((1 - turnover) ** 20, abs=0.01)
    new = model.couriers.arrival > 0
    assert np.array_equal(new, before != model.couriers.identity)


def test_hazards_are_as_usual_where_riders_are_at_rest_without_a_policy() -> None:
    """Source = 1 - w + w x careless riders per household over the usual: its mean over households is 1."""
    w, lanes = 0.4, 0.2
    changes = {"couriers.hazard_weight": w, "couriers.lane_weight": lanes, "couriers.riders": 1_000_000}
    model = live(changes, level_ground(30, households=np.arange(100, 700, 20)))
    couriers, households = model.couriers, model.district.households
    p = model.scenario.couriers
    a, b, d = p.own_accord, p.norm_strength, p.relapse + p.turnover
    # b x (1 - x) + a (1 - x) = d x, the positive root.
    usual = (b - a - d + np.sqrt((b - a - d) ** 2 + 4 * a * b)) / (2 * b)
    assert couriers.usual_share == pytest.approx(usual)
    couriers.ride()
    careless = np.bincount(couriers.estate[~couriers.safe], minlength=30)
    relative = careless / households / ((1 - usual) * couriers.size / households.sum())
    np.testing.assert_allclose(model.hazards.source, 1 - w + w * relative, rtol=1e-12)
    np.testing.assert_allclose(model.hazards.lanes, 1 - lanes + lanes * relative, rtol=1e-12)
    assert np.average(model.hazards.source, weights=households) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(("renewal", "share"), [(0.05, 0.02), (0.2, 0.0), (0.1, 0.3)])
def test_the_hazard_stock_comes_to_rest_where_renewal_meets_removal(renewal: float, share: float) -> None:
    """0 = renewal (source - Z) - share Z."""
    model = live({"services.hazard_renewal": renewal}, level_ground(6))
    hazards = model.hazards
    hazards.source[:] = np.linspace(0.5, 1.5, 6)
    for _ in range(600):
        hazards.remove(np.full(6, share))
        hazards.build()
    np.testing.assert_allclose(hazards.charging, renewal * hazards.source / (renewal + share), rtol=1e-9)


def reporting(changes: dict[str, object], estates: int = 24) -> GovernanceModel:
    """Riders who report, at desks of a known number of hours, on hazards that nobody else removes."""
    base: dict[str, object] = {
        "coverage.start_week": 0,
        "couriers.reporting": True,
        "couriers.cleanups": False,
        "couriers.riders": 300_000,
        "couriers.motivated": 0.5,
        "couriers.reports": 0.5,
        "couriers.report_expiry": 0.0,
        "couriers.false_share": 0.0,
        "couriers.duplicate_share": 0.0,
        "couriers.hazards_per_500": 1000.0,
        "services.hazard_renewal": 0.0,
        "couriers.hazard_weight": 0.0,
        "desks.hours_community": 20.0,
    }
    return live({**base, **changes}, level_ground(estates))


@pytest.mark.parametrize("hours", [0.05, 0.3, 2.0])
@pytest.mark.parametrize("cap", [0.1, 1.0])
def test_removal_is_the_smaller_of_valid_reports_and_capacity(hours: float, cap: float) -> None:
    """Week by week, at every community's desk; what is removed is what the hazard stock loses; hours are the desk's."""
    model = reporting({"couriers.report_hours": hours, "couriers.report_cap": cap})
    couriers, district = model.couriers, model.district
    community, count = district.community, district.communities
    block = model.desks.block("community")
    waiting = np.zeros(count)
    for _ in range(6):
        model.authorities.staff()
        desk = model.desks.hours[block].copy()
        before, stock = couriers.waiting[0].copy(), model.hazards.charging * 1000.0
        couriers.report()
        removal = stock - (model.hazards.build() or model.hazards.charging) * 1000.0
        new = couriers.waiting[0] + removal - before
        assert np.all(np.abs(new - np.rint(new)) < 1e-6) and new.sum() == pytest.approx(couriers.reported)
        waiting += np.bincount(community, new, count)
        removed = np.minimum(waiting, cap * desk / hours)
        np.testing.assert_allclose(np.bincount(community, removal, count), removed, atol=1e-6)
        np.testing.assert_allclose(desk - model.desks.hours[block], hours * removed, atol=1e-6)
        waiting -= removed
        assert couriers.measures()["report_backlog"] == pytest.approx(waiting.sum(), abs=1e-6)
        model.week += 1
    overloaded = couriers.size * 0.5 * 0.5 * hours > cap * 20.0 * count
    assert (waiting.sum() > 10) == overloaded


@pytest.mark.parametrize(("false", "double"), [(0.3, 0.0), (0.0, 0.4), (0.25, 0.5), (1.0, 0.0)])
def test_false_and_duplicate_reports_take_the_desk_and_remove_nothing(false: float, double: float) -> None:
    """Of all reports (1 - false)(1 - duplicate) are good; the desk meets them in that proportion."""
    model = reporting({"couriers.false_share": false, "couriers.duplicate_share": double, "couriers.report_hours": 0.2})
    good = (1 - false) * (1 - double)
    handled = removed = 0.0
    for _ in range(12):
        model.authorities.staff()
        before = model.hazards.charging.sum()
        model.couriers.report()
        model.hazards.build()
        removed += (before - model.hazards.charging.sum()) * 1000.0
        handled += model.couriers.handled
        model.week += 1
    assert handled > 200
    assert removed / handled == pytest.approx(good, abs=4 * np.sqrt(good * (1 - good) / handled) + 0.02 * good)


@pytest.mark.parametrize("stock", [0.25, 1.0, 3.0])
def test_reports_rise_in_proportion_to_the_hazard_stock(stock: float) -> None:
    model = reporting({"couriers.reports": 0.2, "couriers.motivated": 0.4, "couriers.report_cap": 0.0})
    riders = np.count_nonzero(model.couriers.motivated)
    assert riders == pytest.approx(0.4 * model.couriers.size, abs=4 * np.sqrt(0.24 * model.couriers.size))
    reports = []
    for _ in range(40):
        model.authorities.staff()
        model.hazards.charging[:] = stock
        model.couriers.report()
        reports.append(model.couriers.reported)
        model.week += 1
    expected = 0.2 * riders * stock
    assert np.mean(reports) == pytest.approx(expected, abs=4 * np.sqrt(expected / 40))
    # Poisson: the variance is the mean.
    assert np.var(reports, ddof=1) / expected == pytest.approx(1.0, abs=0.9)


def test_waiting_reports_expire_at_their_rate() -> None:
    model = reporting({"couriers.report_expiry": 0.25, "couriers.reports": 0.0, "couriers.report_cap": 0.0})
    model.couriers.waiting[0, 3] = 64.0
    for _ in range(3):
        model.authorities.staff()
        model.couriers.report()
    assert model.couriers.waiting[0, 3] == pytest.approx(64 * 0.75**3)


def test_riders_choose_estates_by_gravity() -> None:
    """P(estate) = households exp(-distance / scale) over their sum, from where the station stands."""
    model = live(
        {"couriers.stations": 1, "couriers.riders": RIDERS * 1034 // 12, "couriers.distance": 0.8},
        level_ground(12, households=np.arange(100, 1300, 100)),
    )
    district, station = model.district, model.stations
    far = np.hypot(district.x - station.x[0], district.y - station.y[0])
    weight = district.households * np.exp(-far / 0.8)
    share = np.bincount(model.couriers.estate, minlength=12) / model.couriers.size
    expected = weight / weight.sum()
    assert np.all(np.abs(share - expected) < 4.5 * np.sqrt(expected * (1 - expected) / model.couriers.size) + 1e-9)
