"""Riders: where they ride and charge, who rides with care, and who reports (M12).

A rider leaves traces in the estates: batteries charged from a window, scooters in the lanes.  Each week a rider may
leave, relapse, take up the services or follow the example of colleagues, one of these at most.  What careless riders
bring to an estate raises its hazards above those as usual, or leaves them below.  Motivated riders report hazards,
and their reports take hours of the community's desk, with or without something behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column, derived
from sim.component import Outcome, Stakeholders, Step, fixed
from sim.core.chance import combine, share, unit
from sim.core.errors import ScenarioError
from sim.stakeholders.couriers.couriers_equations import at_rest, gain, removed, week_together
from sim.stakeholders.couriers.couriers_parameters import KINDS
from sim.stakeholders.couriers.rider_services import BITS, week_apart
from sim.stakeholders.proportion import number_of

if TYPE_CHECKING:
    from sim.stakeholders.couriers.couriers_parameters import CouriersSection

__all__ = ["Courier", "Couriers"]

_NEAREST: Final = 256
"""Estates nearest to a station among which its riders choose where to ride."""
_SCATTER: Final = 0.15
"""Side of the square, in kilometres, in which a map shows an estate's riders."""
_WORD: Final = 2.0**64


class Courier(Agent):
    """A rider: a place at a station, taken by one person after another.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.couriers[0]
    <Courier 0: ...>
    """

    shown = ("estate", "station", "safe", "motivated", "arrival")
    station = column(np.int64, doc="row of the station")
    estate = column(np.int64, doc="row of the estate where the rider mostly rides and charges", of="estate")
    safe = column(np.bool_, doc="rides and charges with care")
    uses = column(np.uint8, doc="services that the rider uses, a bit for each kind, the first kind lowest")
    motivated = column(np.bool_, doc="would report, and lend a hand")
    arrival = column(np.int64, unit="week", doc="week in which the rider came, 0 if there from the start")
    identity = column(np.uint64, doc="of the person: of the place and the week of arrival")


class Couriers(Stakeholders):
    """All riders of the district; a station's riders are neighbouring rows.

    Attributes
    ----------
    waiting
        Reports that wait at the community desks, by estate, shape (2, estates): with a hazard behind them, and void.
    left
        Riders who left this week.
    paid_for
        Yuan that the purse paid this week for each kind of service, shape (4,).
    """

    agent: ClassVar[type[Agent]] = Courier
    section: ClassVar[str] = "couriers"
    factors: ClassVar[Mapping[str, str]] = {"care": "probability that a careless rider of a station becomes careful"}
    used_in: ClassVar[Mapping[str, str]] = {"care": "couriers.ride"}
    outcomes = (
        Outcome(
            "riders_safe",
            unit="share",
            unit_zh="0 至 1",
            better="higher",
            label="careful riders",
            zh="守规骑手",
            off=0,
            meaning="riders who ride with care",
        ),
        Outcome(
            "rider_retention",
            unit="share",
            unit_zh="0 至 1",
            better="higher",
            label="rider retention",
            zh="骑手留任率",
            plural=False,
            off=0,
            meaning="riders who stay from one week to the next",
        ),
        Outcome(
            "rider_services_yuan",
            unit="yuan per week",
            unit_zh="元/周，全区",
            better="lower",
            label="spending on rider services",
            zh="骑手服务支出",
            plural=False,
            off=0,
            meaning="what the purse pays for services to riders",
        ),
        Outcome(
            "courier_reports",
            unit="reports per week",
            unit_zh="件/周",
            label="riders' reports",
            zh="骑手上报事项",
            off=0,
            meaning="reports of riders, false and duplicate ones included",
        ),
        Outcome(
            "report_backlog",
            unit="reports",
            unit_zh="件",
            better="lower",
            label="waiting reports",
            zh="待办的骑手上报事项",
            off=0,
            meaning="riders' reports that wait at the community desks",
        ),
        Outcome(
            "reports_handled",
            unit="reports per week",
            unit_zh="件/周",
            better="higher",
            label="handled reports",
            zh="已办结的骑手上报事项",
            off=0,
            meaning="riders' reports that the desks worked off",
        ),
    )
    steps = (
        Step("ride", doc="riders come and go, and change their ways", equation="M12", stage="help"),
        Step("report", doc="riders report hazards, and lend a hand", equation="M12", stage="help"),
    )

    def places(self, model: Any) -> int:
        """Number of riders, in proportion to the district; at least one at each station."""
        return max(number_of(model.scenario.couriers.riders, model.district), model.stations.size)

    @property
    def parameters(self) -> CouriersSection:
        """The section `couriers` of the scenario."""
        return self.model.scenario.couriers

    def prepare(self) -> None:
        """Compute what follows from parameters and district alone.

        Hazards are measured against the riders of a district at rest without a policy: constants of the parameters.
        """
        p, district, stations = self.parameters, self.model.district, self.model.stations.size
        riders, places = number_of(p.riders, district), number_of(p.stations, district)
        if (max(riders, places), places) != (self.size, stations):
            raise ScenarioError(
                f"a fork cannot change couriers.riders or couriers.stations: the past was lived with "
                f"{self.size:,} riders at {stations:,} stations. Make a new GovernanceModel instead."
            )
        number = self.size // stations + (np.arange(stations) < self.size % stations)
        self._first = fixed(np.cumsum(number) - number)
        self._number_at = fixed(number.astype(np.float64))
        rests = at_rest(a=p.own_accord, b=p.norm_strength, d=p.relapse + p.turnover, norm=p.norm)
        # From a start without care: where a norm has two resting points, the district is at the lower one.
        self.usual_share = rests[0]
        usual = max(1.0 - self.usual_share, 0.01) * self.size / district.households.sum()
        self._per_rider = fixed(1.0 / (district.households * usual))
        self._offered = [kind for kind in KINDS if getattr(p, kind)]
        self._rate = sum(getattr(p, f"rate_{kind}") for kind in self._offered)
        self._prices = fixed(np.array([getattr(p, f"yuan_{kind}") * getattr(p, kind) for kind in KINDS]))
        self._all = np.uint8(sum(BITS[kind] for kind in self._offered))
        self._most = 1.0 - p.turnover
        self._willing = np.uint64(round(p.motivated * 65536))
        self._map_reach()
        streams = np.arange(2)[:, None]
        self._report = fixed(combine(np.broadcast_to(district.identity, (2, district.estates)), streams).ravel())
        bad = 1.0 - (1.0 - p.false_share) * (1.0 - p.duplicate_share)
        self._sort_share = fixed(p.reports * np.array([[1.0 - bad], [bad]]))
        self._hazards = fixed(p.hazards_per_500 * district.households / 500.0)

    def _map_reach(self) -> None:
        """Weigh the estates around each station by households and distance, as a running sum along each row."""
        from scipy.spatial import cKDTree

        district, stations = self.model.district, self.model.stations
        where = np.column_stack([district.x, district.y])
        near = min(district.estates, _NEAREST)
        far, row = cKDTree(where).query(np.column_stack([stations.x, stations.y]), k=near)
        far, row = far.reshape(stations.size, near), row.reshape(stations.size, near)
        # Relative to the nearest, so that a station far from everything still has a nearest estate.
        weight = district.households[row] * np.exp((far[:, :1] - far) / self.parameters.distance)
        sums = weight.cumsum(axis=1)
        sums /= sums[:, -1:]
        self._near = fixed(row.ravel())
        # One rising line for all stations: a rider's draw is looked up from the station's number on.
        self._line = fixed((sums + np.arange(stations.size)[:, None]).ravel())

    def factor_shape(self, name: str) -> tuple[int, ...]:
        """One number for each station."""
        return self._first.shape

    def settle_in(self) -> None:
        """Begin with riders who are as careful as a district at rest without a policy has them."""
        stations, number = self.model.stations, self._number_at.astype(np.int64)
        self.station[:] = np.repeat(np.arange(stations.size), number)
        place = np.arange(self.size) - self._first[self.station]
        self._place = fixed(combine(stations.identity()[self.station], place))
        self._hire(np.arange(self.size), 0)
        self.safe[:] = self.model.chance.uniform("rider at first", 0, self.identity) < self.usual_share
        self.station.setflags(write=False)
        self.waiting = np.zeros((2, self.model.district.estates))
        self.left, self.reported, self.handled, self.paid = 0, 0.0, 0.0, 0.0
        self.paid_for = np.zeros(len(KINDS))
        self._traces = False

    def _hire(self, rows: NDArray[np.int64], week: int) -> None:
        """Put new riders into places: with a territory and a character of their own, and not yet careful."""
        who = self.model.chance.bits("new rider", week, self._place[rows])
        self.identity[rows], self.arrival[rows] = who, week
        # The person's identity is a word of chance: its upper bits say where, its lowest sixteen whether motivated.
        draw = (who >> np.uint64(26)).astype(np.float64)
        draw *= 2.0**-38
        draw += self.station[rows]
        self.estate[rows] = self._near[self._line.searchsorted(draw, side="right")]
        self.motivated[rows] = (who & np.uint64(0xFFFF)) < self._willing
        self.safe[rows] = False
        self.uses[rows] = 0

    # A week ---------------------------------------------------------------------------------------

    def ride(self) -> None:
        """Live a week: some leave, some change their ways; the estates have the hazards that riders bring."""
        p, model, readier = self.parameters, self.model, self.take_factor("care")
        if not p.enabled:
            self._leave_no_traces()
            return
        served = p.services and model.policy_on and self._rate > 0.0
        apart = served and p.services_act == "apart"
        a = (p.rate_travel * p.travel if apart else self._rate) if served else 0.0
        careful = np.add.reduceat(self.safe, self._first, dtype=np.int64) / self._number_at
        turns = gain(careful, a=p.own_accord + a, b=p.norm_strength, norm=p.norm, most=self._most)
        if readier is not None:
            turns = np.minimum(turns * readier, self._most)
        if apart:
            self._change_apart(turns)
        else:
            self._change(a, turns)
        self.paid = 0.0
        self.paid_for.fill(0.0)
        if served:
            users = [np.count_nonzero(self.uses & (BITS[kind] if apart else self._all)) for kind in KINDS]
            np.multiply(self._prices, users, out=self.paid_for)
            self.paid = float(self.paid_for.sum())
            model.costs.book("purse", "courier services", yuan=self.paid)
        self._leave_traces()

    def _change_apart(self, turns: NDArray[np.float64]) -> None:
        """Let each rider live the week of `services.week_apart`."""
        p, model = self.parameters, self.model
        bits = model.chance.bits("rider", model.week, self.identity)
        others = self._rate - p.rate_travel * p.travel
        most = p.turnover + max(p.relapse + p.rate_travel * p.travel, float(turns.max())) + others
        rows = (bits < np.uint64(min(int(most * _WORD) + 4096, 2**64 - 1))).nonzero()[0]
        self.safe[rows], self.uses[rows], gone = week_apart(
            unit(bits[rows]), self.safe[rows], self.uses[rows], turns[self.station[rows]], p, self._offered
        )
        self._follow(rows[gone])

    def _follow(self, gone: NDArray[np.int64]) -> None:
        """Let others take the places of those who have left."""
        self.left = gone.size
        if gone.size:
            self._hire(gone, self.model.week + 1)

    def _change(self, a: float, turns: NDArray[np.float64]) -> None:
        """Let each rider leave, relapse, take up the services or follow others: one draw, one event at most."""
        p, model = self.parameters, self.model
        bits = model.chance.bits("rider", model.week, self.identity)
        most = p.turnover + max(p.relapse + a, float(turns.max()))
        # Of all riders only those whose draw may be small enough are looked at more closely.
        rows = (bits < np.uint64(min(int(most * _WORD) + 4096, 2**64 - 1))).nonzero()[0]
        self.safe[rows], uses, gone = week_together(
            unit(bits[rows]), self.safe[rows], self.uses[rows] > 0, turns[self.station[rows]], a, p
        )
        if a > 0.0:
            self.uses[rows] = self._all * uses
        self._follow(rows[gone])

    def _leave_traces(self) -> None:
        """Write what careless riders bring to each estate, relative to the usual, into its hazards."""
        p, hazards = self.parameters, self.model.hazards
        there = (~self.safe).nonzero()[0]
        careless = np.bincount(self.estate.take(there), minlength=self._per_rider.size) * self._per_rider
        careless -= 1.0
        hazards.set_inputs(source=careless * p.hazard_weight + 1.0, lanes=careless * p.lane_weight + 1.0)
        if not self._traces:
            self._traces = True

    def _leave_no_traces(self) -> None:
        """Where a fork has switched riders off, let every estate have what is usual again."""
        if self._traces:
            self.model.hazards.set_inputs(source=1.0, lanes=1.0)
            self._traces, self.left, self.paid = False, 0, 0.0

    def report(self) -> None:
        """Let motivated riders report and clean up, and the community desks work reports off."""
        p, model = self.parameters, self.model
        self.reported = self.handled = 0.0
        if not (p.enabled and p.reporting and model.policy_on):
            return
        motivated = np.bincount(self.estate.take(self.motivated.nonzero()[0]), minlength=self._per_rider.size)
        mean = self._sort_share * (motivated * model.hazards.charging)
        new = model.chance.poisson("courier reports", model.week, self._report, mean.ravel())
        self.reported = float(new.sum())
        self.waiting *= 1.0 - p.report_expiry
        self.waiting += new.reshape(mean.shape)
        self._work_off()
        model.costs.book("couriers", "reports", hours=p.writing_hours * self.reported)
        if p.cleanups and model.scenario.services.enabled:
            hours = p.cleanup_hours * motivated
            model.services.join("couriers", hours)
            model.costs.book("couriers", "clean-ups", hours=float(hours.sum()))

    def _work_off(self) -> None:
        """Let the desks work off what they can of the reports, and remove the hazards behind the good ones."""
        p, model = self.parameters, self.model
        community, count, (good, void) = model.district.community, model.district.communities, self.waiting
        queue = np.bincount(community, good + void, count)
        work = p.report_hours * queue
        desk = p.report_cap * model.authorities.hours[:count]
        granted = model.authorities.take("community", np.minimum(work, desk), "courier reports")
        # Nobody can tell a good report from a void one beforehand, so the desk works off the same part of both.
        part = np.divide(granted, work, out=np.zeros(count), where=queue > 0.0)
        done = self.waiting * part[community]
        self.waiting -= done
        self.handled = float(done.sum())
        model.hazards.remove(removed(done[0], self._hazards * model.hazards.charging))

    # Looking --------------------------------------------------------------------------------------

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        return {
            "riders_safe": float(np.count_nonzero(self.safe)) / self.size,
            "rider_retention": 1.0 - self.left / self.size,
            "rider_services_yuan": float(self.paid),
            "courier_reports": self.reported,
            "report_backlog": float(self.waiting.sum()),
            "reports_handled": self.handled,
        }

    def positions(self) -> NDArray[np.float64]:
        """Where a map shows the riders: scattered around the estate where each mostly rides, shape (riders, 2)."""
        district, bits = self.model.district, combine(self.identity, 1)
        scatter = np.column_stack([share(bits, 0), share(bits, 1)]) - 0.5
        return np.column_stack([district.x, district.y])[self.estate] + _SCATTER * scatter

    @derived
    def adopted(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Uses any of the services."""
        return self.uses[rows] > 0

    @derived(unit="community")
    def community(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of the community where the rider mostly rides."""
        return self.model.district.community[self.estate[rows]]
