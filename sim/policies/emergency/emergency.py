"""Emergencies: what they demand, who serves it, and switching from routine to emergency and back (M15).

The *event* is an epidemic that spreads over the estates, or a pulse of demand.  It asks for hours of testing, tracing
and supply.  Without any policy only a small share of the communities' and the district's hours is there for it.

The *policy* is switching.  Where demand rises above a threshold, a community moves a share of the routine hours of its
desk, branches and volunteers to the emergency.  These hours first call people up:

    delay = people to reach / (hours at hand x calls per hour)

alike for all, and from then on volunteers come.  Where demand falls below a lower threshold the mode ends; what routine
work was left undone waits in its queues, and the fatigue of those who served outlasts it.

What is served of the demand slows the infection by tracing, within a bound; what is not costs the authorities trust.
There is no other effect.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step, fixed
from sim.core.chance import combine, share
from sim.core.codes import BY_AUTHORITY
from sim.policies.emergency.epidemic import prevalence, recovery, scatter, step

__all__ = ["Emergency"]

_MASK: Final = np.uint64(0xFFFFFFFF)
_32: Final = np.uint64(32)
_RESTED: Final = 1e-9
"""Fatigue that is none."""


class Emergency(Component):
    """The event under way, the mode of each community, and the hours of the week.

    Attributes
    ----------
    began
        Week in which the event began, -1 before.
    susceptible, infected, removed
        Whole persons of each estate; together its adults, shape (estates,).
    demand
        Hours of testing, tracing and supply that the week asks for, shape (3, estates).
    coverage
        Share of the week's demand that was served (1 where there is none), shape (estates,).
    mode
        Communities in emergency mode, shape (communities,).
    to_reach
        Persons still to be called up, shape (communities,).
    standing
        Share of the week in which those called up stand ready, shape (communities,).
    fatigue
        Share of the volunteers' hours lost to fatigue, shape (estates,).
    """

    section = "emergency"
    outcomes = (
        Outcome(
            "infected",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="share of adults who are infectious",
            zh="感染者占比",
            plural=False,
            off=0,
            meaning="adults who are infectious at the end of the week",
        ),
        Outcome(
            "emergency_share",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="share of communities in emergency mode",
            zh="处于应急状态的社区占比",
            plural=False,
            off=0,
            meaning="communities in emergency mode",
        ),
        Outcome(
            "emergency_demand",
            unit="hours per week",
            unit_zh="工时/周，全区",
            better="lower",
            label="emergency demand",
            zh="应急需求工时",
            plural=False,
            off=0,
            meaning="work that an emergency asks for: testing, tracing, supply",
        ),
        Outcome(
            "emergency_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="emergency hours",
            zh="应急投入工时",
            off=0,
            meaning="hours given to an emergency, calling and standing by included",
        ),
        Outcome(
            "emergency_unmet",
            unit="hours per week",
            unit_zh="工时/周，全区",
            better="lower",
            label="unmet emergency demand",
            zh="未满足的应急需求",
            plural=False,
            off=0,
            meaning="demand of an emergency that nobody served",
        ),
        Outcome(
            "guard_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="guarding hours",
            zh="值守工时",
            off=0,
            meaning="of the hours given, those of branches, volunteers and neighbours",
        ),
    )
    steps = (
        Step("alert", doc="an emergency goes on; communities switch modes", equation="M15", stage="policy"),
        Step("serve", doc="hours call people up, test, trace and supply", equation="M15", stage="help"),
    )

    def prepare(self) -> None:
        p, district = self.parameters, self.model.district
        self._people = fixed(district.adults.astype(np.float64))
        self._people_of_community = fixed(np.bincount(district.community, self._people))
        self._called = fixed(np.rint(p.surge * self._people))
        self._who = fixed(combine(district.identity[None, :], np.arange(p.steps)[:, None]))
        self._recovers = recovery(p.infectious_weeks, p.steps)
        self._community_hours = fixed(self.model.scenario.desks.hours_community * district.strength)

    def settle_in(self) -> None:
        estates, communities = self.model.district.estates, self.model.district.communities
        self.began = -1
        self.susceptible = self._people.copy()
        self.infected, self.removed, self._new = np.zeros(estates), np.zeros(estates), np.zeros(estates)
        self.demand = np.zeros((3, estates))
        self.coverage = np.ones(estates)
        self.mode = np.zeros(communities, dtype=bool)
        self.to_reach, self.standing = np.zeros(communities), np.zeros(communities)
        self.fatigue = np.zeros(estates)
        self.going_on = False
        self._moving = False
        self.week_hours = dict.fromkeys(("calls", "served", "idle", "desks", "branches", "hands", "volunteers"), 0.0)

    # The event ------------------------------------------------------------------------------------

    def alert(self) -> None:
        """Let the event go on by a week, and decide who is in emergency mode."""
        p, week = self.parameters, self.model.week
        if not p.enabled or (self.began < 0 and week < p.start_week):
            if self.going_on or self._moving:
                self._stand_down()
            return
        if self.began < 0:
            self._begin()
        if not self.going_on:
            return
        if p.event == "epidemic":
            self._spread()
        self._ask()
        if self._moving or np.count_nonzero(self.demand):
            self._switch()

    def _begin(self) -> None:
        """Begin the event: infect the first persons."""
        model, p = self.model, self.parameters
        self.began, self.going_on = model.week, True
        if p.event == "epidemic":
            draws = model.chance.uniform("first infected", 0, model.district.identity)
            self.infected = scatter(model.district.adults, p.seeds, draws)
            self.susceptible = self.susceptible - self.infected

    def _spread(self) -> None:
        """Let the infection spread and people recover, step by step."""
        p, community, people = self.parameters, self.model.district.community, self._people
        if not np.count_nonzero(self.infected):
            self._new.fill(0.0)
            return
        words = self.model.chance.bits("epidemic", self.model.week, self._who)
        # Two uniforms of 32 bits from each word: one for infections, one for recoveries.
        draws = np.stack([words >> _32, words & _MASK], axis=1).astype(np.float64)
        draws += 0.5
        draws *= 2.0**-32
        served = np.where(self.demand[1] > 0.0, self.coverage, 0.0)
        rate = p.reproduction * self._recovers * (1.0 - p.trace_most * served)
        sound, ill = self.susceptible.copy(), self.infected.copy()
        for draw in draws:
            force = prevalence(ill, people, community, p.away, p.far, self._people_of_community)
            force *= rate
            new, gone = step(sound, ill, force, self._recovers, draw)
            sound -= new
            new -= gone
            ill += new
        # All are whole persons, so that nothing is lost in adding them up at the end of the week.
        self._new = self.susceptible - sound
        self.removed += self._new + (self.infected - ill)
        self.susceptible, self.infected = sound, ill

    def _ask(self) -> None:
        """Work out what the week asks for."""
        model, p, demand = self.model, self.parameters, self.demand
        if p.event == "epidemic":
            np.multiply(p.hours_testing * self._people, self.infected > 0.0, out=demand[0])
            np.multiply(p.hours_tracing, self._new, out=demand[1])
            np.multiply(p.hours_supply, self.infected, out=demand[2])
        else:
            demand[2] = p.pulse_hours * model.district.households / 500.0
            if model.week >= self.began + p.pulse_weeks:
                demand[2] = 0.0

    # The policy -----------------------------------------------------------------------------------

    def _switch(self) -> None:
        """Switch on above the upper threshold, off below the lower one, and begin to call people up."""
        model, p = self.model, self.parameters
        before = self.mode
        if p.switching and model.policy_on:
            asked = self._by_community(self.demand.sum(axis=0))
            has = self._community_hours
            if p.level == "district":
                asked, has = np.full(has.size, asked.sum()), np.full(has.size, has.sum())
            over = asked > p.on_above * has
            self.mode = over | (before & (asked >= p.off_below * p.on_above * has) & (asked > 0.0))
            self.to_reach = np.where(self.mode & before, self.to_reach, 0.0)
            new = self.mode & ~before
            if new.any():
                self.to_reach[new] = self._by_community(self._called)[new]
        elif before.any():
            self.mode = np.zeros(before.size, dtype=bool)
            self.to_reach = np.zeros(before.size)
        if self._moving or self.mode.any():
            self._moving = bool(self.mode.any())
            model.branches.set_inputs(moved=p.moved * self.mode[model.district.community])

    def _by_community(self, values: NDArray) -> NDArray[np.float64]:
        """Add up estates by community."""
        district = self.model.district
        return np.bincount(district.community, values, district.communities)

    def _stand_down(self) -> None:
        """End everything at once: a fork has switched the emergency off."""
        self.going_on, self._moving = False, False
        self.mode[:] = False
        self.to_reach[:] = self.standing[:] = 0.0
        self.demand[:] = 0.0
        self.coverage[:] = 1.0
        self.week_hours = dict.fromkeys(self.week_hours, 0.0)
        self.model.branches.set_inputs(moved=0.0)

    # The week's hours -----------------------------------------------------------------------------

    def serve(self) -> None:
        """Give the week's hours to the emergency: call people up, then serve what is asked for."""
        if not self.going_on:
            return
        model, p = self.model, self.parameters
        community, branches = model.district.community, model.branches
        asked = self.demand.sum(axis=0)
        if not (self._moving or np.count_nonzero(asked)):
            self._rest()
            return
        guard = branches.guarding[branches.home] * branches.weight
        hands = self._call_away() if self._moving else np.zeros_like(guard)
        desk = self._take(asked)
        local = guard + hands
        at_hand = desk + self._by_community(local)
        free = self._call(at_hand)
        left = asked.copy()
        _give(left, local * free[community])
        rest = self._by_community(left)
        left *= (1.0 - _part(np.minimum(desk * free, rest), rest))[community]
        volunteers = self._volunteer(left)
        _give(left, volunteers)
        from_district = self._ask_district(left)
        self.coverage = 1.0 - _part(left, asked)
        self._book(asked, left, desk, guard, hands, volunteers, from_district, (1.0 - free) * at_hand)
        if p.distrust:
            self._tell(asked)

    def _call_away(self) -> NDArray[np.float64]:
        """Take a share of the hours that volunteers and captains would give to routine services, by estate."""
        model = self.model
        away = self.parameters.moved * self.mode[model.district.community]
        captains = away * model.captains.inspecting
        model.services.join("captains", -captains)
        return model.volunteers.give(away * model.volunteers.available()) + captains

    def _take(self, asked: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take the community desks' hours: a share in the mode, else a small one as far as it is needed."""
        model, p = self.model, self.parameters
        hours = model.desks.hours[model.desks.block("community")]
        small = np.minimum(p.own_share * hours, self._by_community(asked))
        wanted = np.where(self.mode, np.maximum(p.moved * hours, small), small)
        return model.authorities.take("community", wanted, "emergency")

    def _call(self, at_hand: NDArray[np.float64]) -> NDArray[np.float64]:
        """Call people up; return the share of the hours at hand that is left for serving, by community."""
        if not self._moving:
            self.standing.fill(0.0)
            return np.ones(at_hand.size)
        at_hand = at_hand * self.mode
        calling = np.minimum(self.to_reach / self.parameters.calls, at_hand)
        self.to_reach = np.maximum(self.to_reach - calling * self.parameters.calls, 0.0)
        self.to_reach[self.to_reach < 1e-6] = 0.0
        free = 1.0 - _part(calling, at_hand)
        self.standing = free * (self.mode & (self.to_reach == 0.0))
        return free

    def _volunteer(self, left: NDArray[np.float64]) -> NDArray[np.float64]:
        """Let those who have been called up come, as far as they are needed; they tire with their load."""
        able = self._called * self.parameters.volunteer_hours * (1.0 - self.fatigue)
        able *= self.standing[self.model.district.community]
        come = np.minimum(able, left)
        self._tire(_part(come, able))
        return come

    def _tire(self, load: NDArray[np.float64] | float) -> None:
        """Let fatigue follow the load of those who were called up."""
        p = self.parameters
        self.fatigue += p.fatigue_pace * (p.fatigue_most * load - self.fatigue)
        self.fatigue[self.fatigue < _RESTED] = 0.0

    def _ask_district(self, left: NDArray[np.float64]) -> float:
        """Let the district's desk give its small share to what is left, evenly; return its hours."""
        model, unmet = self.model, float(left.sum())
        if unmet == 0.0:
            return 0.0
        wanted = np.minimum(self.parameters.own_share * model.desks.hours[model.desks.block("district")], unmet)
        given = float(model.authorities.take("district", wanted, "emergency").sum())
        left *= max(1.0 - given / unmet, 0.0)
        return given

    def _book(
        self,
        asked: NDArray,
        left: NDArray,
        desk: NDArray,
        guard: NDArray,
        hands: NDArray,
        volunteers: NDArray,
        from_district: float,
        calling: NDArray,
    ) -> None:
        """Keep the week's account: where hours came from, and where they went."""
        week = self.week_hours
        week["desks"] = float(desk.sum()) + from_district
        week["branches"], week["hands"] = float(guard.sum()), float(hands.sum())
        week["volunteers"] = float(volunteers.sum())
        week["calls"] = float(calling.sum())
        week["served"] = float(asked.sum() - left.sum())
        given = week["desks"] + week["branches"] + week["hands"] + week["volunteers"]
        week["idle"] = max(given - week["calls"] - week["served"], 0.0)
        self.model.costs.book("residents", "emergency", hours=week["volunteers"])

    def _tell(self, asked: NDArray[np.float64]) -> None:
        """In each estate in need, one resident's need is met or not; that person learns, and tells."""
        model = self.model
        estate = (asked > 0.0).nonzero()[0]
        if estate.size == 0:
            return
        bits = model.chance.bits("need", model.week, model.district.identity[estate])
        place = ((bits >> _32) * model.district.adults[estate].astype(np.uint64)) >> _32
        person = model.residents.first[estate] + place.astype(np.int64)
        met = share(bits, 0) < self.coverage[estate]
        model.trust.learn(person, estate, np.full(estate.size, BY_AUTHORITY), met)

    def _rest(self) -> None:
        """Close the accounts of a week in which nothing is asked; end what is over once everyone has rested."""
        self.week_hours = dict.fromkeys(self.week_hours, 0.0)
        self.coverage.fill(1.0)
        self.standing.fill(0.0)
        if np.count_nonzero(self.fatigue):
            self._tire(0.0)
            return
        over = self.model.week >= self.began + self.parameters.pulse_weeks
        self.going_on = bool(self.infected.any()) if self.parameters.event == "epidemic" else not over

    # Looking --------------------------------------------------------------------------------------

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        if not self.going_on:
            return {}
        week, asked = self.week_hours, float(self.demand.sum())
        guard = week["branches"] + week["hands"] + week["volunteers"]
        return {
            "infected": float(self.infected.sum() / self._people.sum()),
            "emergency_share": float(self.mode.mean()),
            "emergency_demand": asked,
            "emergency_hours": week["desks"] + guard,
            "emergency_unmet": max(asked - week["served"], 0.0),
            "guard_hours": guard,
        }


def _part(some: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """One over the other; nothing of nothing is nothing."""
    return np.divide(some, whole, out=np.zeros(whole.size), where=whole > 0.0)


def _give(left: NDArray[np.float64], hours: NDArray[np.float64]) -> None:
    """Serve each estate's demand, in place, with hours that are there and nowhere else."""
    np.maximum(left - hours, 0.0, out=left)
