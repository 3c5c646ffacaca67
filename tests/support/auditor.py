"""An auditor, who stands beside a model, writes down what is given out and taken, and compares it with the books.

What is expected is worked out here from the equations, not read from the components' own sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import GovernanceModel
from sim.core.costs import BEARERS, PAYERS
from tests.support.case_ledger import check_week
from tests.support.supervision_audit import check_supervision

__all__ = ["LEVELS", "Auditor"]

LEVELS: Final = ("community", "street", "district")
SOME: Final = 1e-9


def close(found: Any, expected: Any, what: str) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-7, err_msg=what)


def at_most(part: NDArray | float, whole: NDArray | float, what: str) -> None:
    assert np.all(np.asarray(part) <= np.asarray(whole) * (1.0 + SOME) + 1e-7), what


@dataclass
class Week:
    """What the auditor wrote down in the course of a week."""

    staffed: NDArray[np.float64]
    took: NDArray[np.float64]
    given: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    dispatched: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    reported: float = 0.0
    work: float = 0.0
    cleaned: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    founded: int = 0
    needs: int = 0
    lost: int = 0
    waited: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    riders: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


class Auditor:
    """Stands at the desks and writes down what is given and taken."""

    def __init__(
        self, model: GovernanceModel, own: dict[str, Callable[[GovernanceModel], float]] | None = None
    ) -> None:
        self.model, self.desks = model, model.desks
        self.own = own or {}
        self.week = Week(np.zeros(self.desks.size), np.zeros(self.desks.size))
        self.filed = self.living = 0
        self.needs_waiting = 0
        self.begun = np.zeros(model.district.estates, dtype=np.int64)
        self.project_left = np.zeros(model.district.estates)
        self.chosen: list[int] = []
        self.paid: dict[str, float] = {}
        self._listen()
        agenda = model.agenda
        for line, function in (
            ("authorities.staff", self._staffing),
            ("branches.staff", self._branches),
            ("firms.serve", self._offices),
            ("committees.work", self._committees),
            ("disputes.handle", self._desks),
        ):
            agenda.add(f"audit after {line}", function, doc="an auditor writes down", after=line)
        for line, function in (
            ("branches.staff", self._members),
            ("couriers.report", self._reports),
            ("services.act", self._hands),
            ("enterprises.live", self._enterprises),
            ("record", self._books),
        ):
            agenda.add(f"audit before {line}", function, doc="an auditor writes down", before=line)

    def _listen(self) -> None:
        """Hear of every hour taken from a desk for something else than its cases, and of every need."""
        model = self.model
        from_authorities, from_bodies = model.authorities.take, self.desks.take
        receives, leaves = model.enterprise_desk.receive, model.enterprise_desk.leave

        def authorities_take(level: str, asked: NDArray[np.float64], use: str) -> NDArray[np.float64]:
            granted = from_authorities(level, asked, use)
            assert granted.shape == asked.shape and np.all(granted >= 0)
            at_most(granted, np.maximum(asked, 0.0), f"{use}: more hours than asked for")
            return granted

        def bodies_take(kind: str, asked: NDArray[np.float64]) -> NDArray[np.float64]:
            granted = from_bodies(kind, asked)  # authorities take through here, too: hours are counted at this door
            self.week.took[self.desks.block(kind)] += granted
            return granted

        def receive(who: NDArray[np.int64], identity: NDArray[np.uint64]) -> None:
            self.week.needs += who.size
            receives(who, identity)

        def leave(here: NDArray[np.bool_]) -> None:
            before = model.enterprise_desk.who.size
            leaves(here)
            self.week.lost += before - model.enterprise_desk.who.size

        model.authorities.__dict__["take"] = authorities_take
        self.desks.__dict__["take"] = bodies_take
        model.enterprise_desk.__dict__.update(receive=receive, leave=leave)

    # In the course of the week -------------------------------------------------------------------

    def _staffing(self) -> None:
        model, desks = self.model, self.desks
        self.week = Week(desks.hours.copy(), np.zeros(desks.size))
        p, block = model.scenario.desks, desks.block
        close(desks.hours[block("community")], p.hours_community * model.district.strength, "hours of communities")
        close(desks.hours[block("street")], p.hours_street, "hours of streets")
        close(desks.hours[block("district")], p.hours_district, "hours of the district")

    def _members(self) -> None:
        """What members and secretaries have this week, worked out before the branch divides it."""
        branches, p = self.model.branches, self.model.scenario.branches
        sent = branches.kind == 2
        home = branches.reach > 0
        self.paying, self.served = self.model.contracts.fee_share.copy(), self.model.contracts.present.copy()
        members = p.hours_per_member * p.active_share * branches.members
        members += self._each_in_service() * branches.in_service
        members *= (1.0 - branches.fatigue) * branches.activity
        self.week.given = (members + np.where(sent, 0.0, p.secretary_hours)) * home

    def _each_in_service(self) -> float:
        """Hours of an in-service member: of the reached and active who give none through an enterprise."""
        model, p, e = self.model, self.model.scenario.branches, self.model.scenario.enterprises
        social = e.enabled and e.social and model.policy_on and model.scenario.services.enabled
        r = e.listed_reach * (e.enabled and e.political and model.policy_on)
        listed, live = model.enterprises.listed, model.in_service.sum()
        through = (1.0 - r) * e.giving_share * (listed * (model.enterprises.branch > 0)).sum() * social
        reach = 1.0 - (1.0 - p.reach) * (1.0 - min(r * listed.sum() / live, 1.0))
        return p.in_service * reach * p.active_share * p.in_service_hours * (1.0 - min(through / live, 1.0))

    def _branches(self) -> None:
        model, branches, p = self.model, self.model.branches, self.model.scenario.branches
        week = self.week
        if not branches.any:
            return
        parts = {
            name: getattr(branches, name)
            for name in (
                "reporting",
                "guarding",
                "for_rights",
                "for_platform",
                "for_supervision",
                "for_meetings",
                "mediating",
                "serving",
            )
        }
        assert all(np.all(part >= 0.0) for part in parts.values())
        total = sum(parts.values())
        close(branches.hours, total, "a branch's hours are the sum of their uses")
        given = week.given + branches.dispatched
        at_most(total, given, "branches give more hours than they have")
        if p.mediation and model.scenario.services.enabled:
            close(total, given, "hours of members and secretaries that nobody accounts for")
        for use, asked in (
            ("rights", branches.asked_rights),
            ("platform", branches.asked_platform),
            ("supervision", branches.asked_supervision),
            ("meetings", branches.asked_meetings),
        ):
            at_most(parts[f"for_{use}"], asked, f"more hours for {use} than asked for")
        # Dispatched secretaries' hours have left the desks of their communities, at most the capped share.
        communities = np.bincount(model.district.community, branches.dispatched, model.district.communities)
        at_most(branches.dispatched, p.dispatched_hours, "a dispatched secretary works longer than a week")
        assert not branches.dispatched[(branches.kind != 2) | (branches.reach == 0)].any()
        week.dispatched = communities
        block = self.desks.block("community")
        close(
            self.desks.hours[block] + communities + week.took[block],
            week.staffed[block],
            "dispatched hours do not leave the community's desk",
        )
        close(self.desks.hours[self.desks.block("branch")], branches.mediating, "hours of branches for cases")

    def _reports(self) -> None:
        self.week.waited = self.model.couriers.waiting.copy()
        couriers = self.model.couriers
        motivated = np.bincount(couriers.estate[couriers.motivated], minlength=self.model.district.estates)
        self.week.cleaned = motivated.astype(np.float64)

    def _enterprises(self) -> None:
        """Before some of them close: nobody gives more than the members who are listed have."""
        enterprises, p = self.model.enterprises, self.model.scenario.enterprises
        self.living, self.week.work = len(enterprises), float(enterprises.given.sum())
        listed = enterprises.listed
        at_most(listed, enterprises.members, "more members listed than there are")
        each = p.branch_hours + p.academy_hours + p.hours_per_member
        at_most(enterprises.given, each * listed, "hours of an enterprise's members")
        at_most(enterprises.at_home, p.giving_share * p.hours_per_member * p.listed_reach * listed.sum(), "at home")
        political = p.enabled and p.political and self.model.policy_on
        self.academy = p.academy_yuan * p.academy_hours * (listed * (enterprises.branch > 0)).sum() * political

    def _hands(self) -> None:
        """Hours that join the routine services are hours that somebody gave."""
        model = self.model
        volunteers, captains, couriers, enterprises = model.services.hands
        assert np.all(model.services.hands >= 0.0)
        close(volunteers, model.volunteers.to_services, "volunteers in services")
        at_most(captains, model.captains.inspecting, "captains in services")
        p = model.scenario.couriers
        on = p.enabled and p.reporting and p.cleanups and model.policy_on
        close(couriers, p.cleanup_hours * self.week.cleaned * on, "riders in services")
        close(enterprises, model.enterprises.worth, "enterprises in services")
        away = model.captains.inspecting.sum() - captains.sum() + model.volunteers.to_emergency.sum()
        close(model.emergency.week_hours["hands"], away, "hands called away to an emergency")

    def _offices(self) -> None:
        model, p = self.model, self.model.scenario.firms
        block, contracts = self.desks.block("firm"), model.contracts
        full = p.hours_per_500 * model.district.households / 500.0 * contracts.fee_share / p.fee_share
        full *= contracts.present
        close(self.desks.hours[block], np.maximum(full - contracts.burden, 0.0), "offices' hours are paid by fees")
        self.week.staffed[block] = self.desks.hours[block]
        self.week.took[block] = 0.0
        self.week.reported = float((full - self.desks.hours[block]).sum())

    def _committees(self) -> None:
        block = self.desks.block("committee")
        expected = self.model.committees.working() * self.model.scenario.committees.hours
        close(self.desks.hours[block], expected, "hours of committees")
        self.week.staffed[block] = expected
        self.week.took[block] = 0.0

    def _desks(self) -> None:
        """After handling: what a desk had is spent on cases, taken for something else, lost to form, or left."""
        model, desks, week = self.model, self.desks, self.week
        for kind in ("firm", "committee", *LEVELS):
            block = desks.block(kind)
            sent = week.dispatched if kind == "community" and week.dispatched.size else 0.0
            close(desks.hours[block] + week.took[block] + sent, week.staffed[block], f"hours at the {kind} desks")
        at_most(desks.spent, desks.available(), "hours spent that form has taken, nobody has kept, or nobody has")
        deliberation = model.deliberation
        close(desks.hours[desks.block("platform")], deliberation.brought.sum(axis=0), "hours brought to platforms")
        community = np.bincount(model.district.community, deliberation.brought[3], model.district.communities)
        social = model.social_organisations
        close(community, social.used, "hours of social organisations")
        at_most(social.used, social.mediators + social.professionals, "more hours than were bought")

    # At its end ----------------------------------------------------------------------------------

    def _books(self) -> None:
        self._check_people()
        self._check_time_of_others()
        self._check_reports()
        self._check_enterprises()
        self._check_emergency()
        self._check_projects()
        check_supervision(self.model, self.paying, self.served, close)
        self._check_meeting_help()
        self._check_costs()
        check_week(self.model)

    def _check_people(self) -> None:
        model, branches = self.model, self.model.branches
        district = model.district
        assert len(model.residents) == district.adults.sum()
        if branches.any:
            served = branches.home >= 0
            assert np.array_equal(branches.kind > 0, served)
            plan = model.coverage.plan
            assert plan is not None and plan.members.sum() == model.members.sum()
            close(branches.members.sum(), plan.members[served].sum(), "members of branches")
            close(branches.in_service.sum(), model.in_service[plan.origin[served]].sum(), "in-service members")
            assert np.all(model.members + model.in_service <= district.adults)
            close(branches.reach.sum(), served.sum(), "estates served")
            close(
                np.bincount(branches.home[served], branches.weight[served], served.size)[branches.reach > 0],
                1.0,
                "shares of a joint branch",
            )
            assert np.array_equal(branches.home[branches.home[served]], branches.home[served])
        couriers = model.couriers
        assert couriers.left == np.count_nonzero(couriers.arrival == model.week + 1)
        close(couriers.measures()["rider_retention"], 1.0 - couriers.left / couriers.size, "riders who stay")
        number = np.bincount(couriers.station, minlength=model.stations.size)
        assert number.max() - number.min() <= 1 and number.sum() == couriers.size
        if self.week.riders.size:
            stay = couriers.arrival <= model.week
            assert np.array_equal(couriers.identity[stay], self.week.riders[stay])

    def _check_time_of_others(self) -> None:
        model = self.model
        crowd, captains = model.volunteers, model.captains
        at_most(crowd.answering, crowd.number, "more volunteers than there are")
        at_most(crowd.number, model.district.adults, "more volunteers than residents")
        budget = crowd.answering * model.scenario.services.volunteer_hours
        at_most(crowd.offered, budget, "volunteers' budget")
        close(crowd.to_services + crowd.to_emergency + crowd.left, crowd.offered, "volunteers' hours")
        p = model.scenario.deliberation
        at_most(captains.number, p.captain_share * model.district.buildings + 1.0, "captains")
        at_most(captains.calling + captains.inspecting, p.captain_hours * captains.number, "captains' hours")

    def _check_reports(self) -> None:
        """Reports: those that waited, less those forgotten, and the new, are worked off or wait."""
        model, couriers, p = self.model, self.model.couriers, self.model.scenario.couriers
        if not (model.policy_on and p.reporting and p.enabled):
            assert couriers.reported == couriers.handled == 0.0
            return
        kept = (self.week.waited * (1.0 - p.report_expiry)).sum()
        close(couriers.waiting.sum(), kept + couriers.reported - couriers.handled, "reports of riders")
        hours = model.costs.hours.get(("community", "courier reports"), 0.0)
        close(couriers.handled * p.report_hours, hours, "hours of reports")
        at_most(hours, p.report_cap * model.authorities.hours[: model.district.communities].sum(), "cap of reports")

    def _check_enterprises(self) -> None:
        model, desk, enterprises = self.model, self.model.enterprise_desk, self.model.enterprises
        new = np.count_nonzero(enterprises.present & (enterprises.founded == model.week + 1))
        assert len(enterprises) == self.living - enterprises.closed + new
        assert enterprises.lived == self.living
        ended = desk.met.sum() + desk.unmet.sum() + self.week.lost
        assert self.needs_waiting + self.week.needs == ended + desk.who.size, "needs of enterprises"
        self.needs_waiting = desk.who.size
        at_most(desk.spent, desk.hours, "hours of the service desk")
        assert enterprises.present[desk.who].all()

    def _check_emergency(self) -> None:
        emergency, model = self.model.emergency, self.model
        people = emergency.susceptible + emergency.infected + emergency.removed
        assert np.array_equal(people, model.district.adults), "infected, removed and susceptible"
        assert all(np.array_equal(group, np.rint(group)) for group in (emergency.infected, emergency.removed))
        week, found = emergency.week_hours, self.model.record.measured("emergency")
        given = week["desks"] + week["branches"] + week["hands"] + week["volunteers"]
        close(given, week["calls"] + week["served"] + week["idle"], "hours given to the emergency")
        guarding = model.branches.guarding.sum() if model.branches.any else 0.0
        close(week["branches"], guarding, "hours that branches guard")
        close(found["emergency_unmet"] + week["served"], found["emergency_demand"], "demand of the emergency")
        booked = {who: model.costs.hours.get((who, "emergency"), 0.0) for who in ("community", "street_district")}
        close(week["desks"], sum(booked.values()), "desks' hours for the emergency")
        p = model.scenario.emergency
        most = p.surge * model.district.adults.sum() * p.volunteer_hours + model.district.estates * p.volunteer_hours
        at_most(week["volunteers"], most, "people called up")

    def _check_projects(self) -> None:
        """What a community begins in a year costs no more than its budget, and is paid as it is worked on."""
        model, projects, p = self.model, self.model.micro_projects, self.model.scenario.empowerment
        new = projects.begun > self.begun
        self.begun = projects.begun.copy()
        price = np.bincount(model.district.community, projects.price * p.project_weeks * new)
        at_most(price, p.budget, "budget of a community")
        at_most(projects.left, p.project_weeks, "weeks of a project")
        if new.any():
            self.chosen.append(model.week)
            assert all((week - self.chosen[0]) % 52 == 0 for week in self.chosen)
        done = np.where(new, p.project_weeks, self.project_left) - projects.left
        assert np.all(done >= -SOME)
        at_most(done, 1.0, "more than a week's work in a week")
        close(projects.spent, projects.price @ done, "money for projects")
        self.project_left = projects.left.copy()

    def _check_meeting_help(self) -> None:
        """Hours that help with owners' meetings are branches' and communities', and no more than was asked for."""
        model, help_ = self.model, self.model.meeting_help
        booked = model.costs.hours.get(("community", "owners' meetings"), 0.0)
        close(help_.given.sum(), float(model.branches.for_meetings.sum()) + booked, "hours of help with meetings")
        at_most(help_.given, help_.wanted, "more help with meetings than asked for")

    def _check_costs(self) -> None:
        """Every cost is somebody's, and follows from what was done."""
        model, costs, scenario = self.model, self.model.costs, self.model.scenario
        assert costs.yuan.get(("firms", "fines"), 0.0) == -costs.yuan.get(("purse", "fines"), 0.0)
        assert costs.yuan.get(("firms", "rewards"), 0.0) == -costs.yuan.get(("purse", "rewards"), 0.0)
        assert all(yuan >= 0.0 for one, yuan in costs.yuan.items() if one[1] != "fines" and one != ("firms", "rewards"))
        assert all(amount > 0.0 for amount in costs.hours.values())
        brought, seats = model.deliberation.brought.sum(axis=1), model.cross_appointment.hours.sum(axis=1)
        at = {level: self.week.took[self.desks.block(level)].sum() for level in LEVELS}
        branches, p = model.branches, scenario.couriers
        dispatched = float(np.minimum(branches.dispatched, branches.hours).sum())
        expected = {
            "residents": model.record.measured("captains")["captain_hours"]
            + model.record.measured("volunteers")["volunteer_hours"]
            + model.emergency.week_hours["volunteers"]
            + brought[4]
            + scenario.collective.hours_participant * model.collective._participants,
            "members": float(branches.hours.sum()) - dispatched + model.enterprises.at_home,
            "community": at["community"] + dispatched,
            "street_district": at["street"] + at["district"],
            "firms": brought[0] + seats[0] + self.week.reported,
            "committees": brought[1] + seats[1],
            "couriers": p.writing_hours * model.couriers.reported + p.cleanup_hours * self._cleaners(),
            "enterprises": self.week.work,
        }
        for bearer, hours_of in self.own.items():
            expected[bearer] += hours_of(model)
        assert expected.keys() == set(BEARERS) - {"purse"}
        self.expected = {f"hours_{bearer}": hours for bearer, hours in expected.items()}
        economic = scenario.enterprises.economic and model.policy_on
        services = scenario.enterprises.service_yuan * model.enterprise_desk.hours * economic
        social = model.record.measured("social_organisations")["social_hours_bought"]
        self.paid = {
            "fines": -model.supervision.fines,
            "rewards": model.supervision.rewards,
            "micro-projects": model.micro_projects.spent,
            "pioneer academy": self.academy,
            "courier services": model.couriers.paid,
            "enterprise services": services,
        }
        for use, yuan in self.paid.items():
            close(costs.yuan.get(("purse", use), 0.0), yuan, use)
        d = scenario.deliberation
        paid = costs.yuan.get(("purse", "social organisations"), 0.0)
        at_most(min(d.mediator_yuan, d.professional_yuan) * social, paid, "social organisations are paid too little")
        at_most(paid, max(d.mediator_yuan, d.professional_yuan) * social, "social organisations are paid too much")
        self.expected |= {f"yuan_{bearer}": 0.0 for bearer in PAYERS}
        fined = model.supervision.fines - model.supervision.rewards
        self.expected |= {"yuan_firms": fined, "yuan_purse": sum(self.paid.values()) + paid}

    def _cleaners(self) -> float:
        model, p = self.model, self.model.scenario.couriers
        on = p.enabled and p.reporting and p.cleanups and model.policy_on and model.scenario.services.enabled
        return float(self.week.cleaned.sum()) * on

    def check_record(self) -> None:
        """After the week: the record says what was booked; riders who stayed are the same persons."""
        row = self.model.outcomes.iloc[-1]
        for name, amount in self.expected.items():
            close(row[name], amount, name)
        self.week.riders = self.model.couriers.identity.copy()
