"""M12 as plain loops over riders and estates: a rider's week, reports, and hazards (docs/model.md prints it)."""

from __future__ import annotations

import math
from typing import Any


def ride(rider: Any, u: float, x: float, rates: dict[str, float], p: Any) -> bool:
    """One draw u, one event at most; x is the careful share of the station. Tell whether the rider leaves."""
    spared = p.injuries * p.medical_spares * ("medical" in rider.uses)
    spared += (1.0 - p.injuries) * p.housing_stays * ("housing" in rider.uses)
    calm = p.food_calms * ("food" in rider.uses)
    travel = ("travel", rates.get("travel", 0.0))
    events = [("leave", p.turnover * (1.0 - spared))]
    if rider.safe:
        events += [("relapse", p.relapse * (1.0 - calm)), travel]
    else:
        example = {"none": 0.0, "linear": x, "quadratic": x * x}[p.norm]
        events += [travel, ("example", p.own_accord + p.norm_strength * example)]
    events += [(kind, rate) for kind, rate in rates.items() if kind != "travel"]
    for event, probability in events:
        u -= probability
        if u < 0.0:
            if event in ("relapse", "travel", "example"):
                rider.safe = event != "relapse"
            rider.uses = rider.uses | {event} if event in rates else rider.uses
            rider.uses = rider.uses - {"travel"} if event == "relapse" else rider.uses
            return event == "leave"
    return False


def territory(station: Any, u: float, estates: list[Any], p: Any) -> Any:
    """P(estate) ~ households exp(-distance / couriers.distance), among the 256 nearest."""
    far = {estate.row: math.hypot(estate.x - station.x, estate.y - station.y) for estate in estates}
    near = sorted(estates, key=lambda estate: far[estate.row])[:256]
    weight = [estate.households * math.exp(-far[estate.row] / p.distance) for estate in near]
    for estate, share in zip(near, weight, strict=True):
        u -= share / sum(weight)
        if u < 0.0:
            return estate
    return near[-1]


def expect(estate: Any, p: Any) -> tuple[float, float]:
    """Mean reports of the week: those with a new hazard behind them, and void ones."""
    made = p.reports * estate.motivated * estate.hazards
    valid = made * (1.0 - p.false_share) * (1.0 - p.duplicate_share)
    return valid, made - valid


def report(estates: list[Any], hours: float, p: Any) -> float:
    """Work off a community's reports, unfounded or not, and remove hazards; return the hours taken."""
    for estate in estates:
        estate.valid = estate.valid * (1.0 - p.report_expiry) + estate.new_valid
        estate.void = estate.void * (1.0 - p.report_expiry) + estate.new_void
    work = p.report_hours * sum(estate.valid + estate.void for estate in estates)
    taken = min(work, p.report_cap * hours)
    for estate in estates:
        done = taken / work if work else 0.0
        stock = p.hazards_per_500 * estate.households / 500.0 * estate.hazards
        estate.removed = min(done * estate.valid / stock, 1.0) if stock else 0.0
        estate.valid *= 1.0 - done
        estate.void *= 1.0 - done
    return taken


def build(estate: Any, usual: float, renewal: float, p: Any) -> None:
    """What careless riders per household bring, and Z <- Z + renewal (source - Z) - removed Z."""
    careless = estate.careless / estate.households
    estate.source = 1.0 - p.hazard_weight + p.hazard_weight * careless / usual
    estate.lanes = 1.0 - p.lane_weight + p.lane_weight * careless / usual
    estate.hazards += renewal * (estate.source - estate.hazards) - estate.removed * estate.hazards
