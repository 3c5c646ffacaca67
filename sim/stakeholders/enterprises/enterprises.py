"""Enterprises: founded, organised or not, giving hours to estates, and closing sooner or later (M13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column, derived
from sim.component import Outcome, Stakeholders, Step, fixed
from sim.core.chance import combine, level, normal_levels, share, unit
from sim.core.errors import ScenarioError
from sim.district.draft import hashed
from sim.stakeholders.enterprises.enterprises_equations import exit_factor, trained_after, usual_number
from sim.stakeholders.enterprises.enterprises_parameters import NEEDS
from sim.stakeholders.proportion import number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.stakeholders.enterprises.enterprises_parameters import EnterprisesSection

__all__ = ["Enterprise", "Enterprises"]

OLD_BRANCH, NEW_BRANCH = 1, 2
_ROOM: Final = 3
"""Places for enterprises, over their usual number; nobody can found one where no place is left."""
_LAST: Final = 2**64 - 1
"""The largest word of chance."""
_DUST: Final = 2**13
"""Words that a bound on draws leaves for rounding."""


class Enterprise(Agent):
    """A two-new organisation: a place that one enterprise takes after another.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.enterprises[0]
    <Enterprise 0: ...>
    """

    employees = column(np.float64, 1.0, unit="employees", doc="size")
    estate = column(np.int64, doc="row of the estate near which it sits", of="estate")
    sector = column(np.int64, doc="number of the sector")
    founded = column(np.int64, unit="week", doc="week of founding, 0 if there from the start")
    identity = column(np.uint64, doc="of the enterprise: of the week of founding and its number in that week")
    members = column(np.int64, unit="persons", doc="party members among the employees")
    branch = column(np.int8, doc="party branch", words=("none", "without the policy", "founded by the policy"))
    given = column(np.float64, unit="hours per week", doc="working time given to branch and estates this week")
    strain = column(np.float64, unit="needs", doc="unmet needs, fading")
    help = column(np.float64, unit="needs", doc="needs met, fading")
    trained = column(np.float64, unit="share", doc="what the pioneer academy has taught its members, of what it can")


class Enterprises(Stakeholders):
    """All enterprises of the district; `present` where one lives.

    Attributes
    ----------
    closed, lived
        Enterprises that closed this week, and that lived at its beginning.
    turned_away
        Founders who found no place this week.
    to_estates
        Hours that each estate got from members of enterprises this week, shape (estates,).
    worth
        What these hours are worth, with the skill of those who give them, shape (estates,).
    at_home
        Of these hours, those that members gave where they live.
    """

    agent: ClassVar[type[Agent]] = Enterprise
    section: ClassVar[str] = "enterprises"
    outcomes = (
        Outcome(
            "enterprises",
            unit="enterprises",
            unit_zh="家",
            better="higher",
            label="enterprises",
            zh="两新组织数",
            off=0,
            meaning="enterprises that live",
        ),
        Outcome(
            "enterprise_exits",
            unit="enterprises per week",
            unit_zh="家/周",
            better="lower",
            label="enterprise exits",
            zh="两新组织退出",
            off=0,
            meaning="enterprises that closed",
        ),
        Outcome(
            "enterprise_survival",
            unit="share",
            unit_zh="0 至 1",
            better="higher",
            label="enterprise survival",
            zh="两新组织存续率",
            plural=False,
            off=0,
            meaning="enterprises that live on from one week to the next",
        ),
        Outcome(
            "enterprises_organised",
            unit="share",
            unit_zh="0 至 1",
            better="higher",
            label="share of enterprises organised",
            zh="已建立党组织的两新组织占比",
            plural=False,
            off=0,
            meaning="enterprises with a party branch",
        ),
        Outcome(
            "enterprise_members_listed",
            unit="persons",
            unit_zh="人",
            label="listed members in enterprises",
            zh="两新组织在册党员",
            off=0,
            meaning="party members in enterprises who are on a list",
        ),
        Outcome(
            "enterprise_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="enterprises' hours for estates",
            zh="两新组织服务小区工时",
            off=0,
            meaning="hours that members of enterprises give to estates",
        ),
        Outcome(
            "needs_met",
            unit="needs per week",
            unit_zh="项/周",
            better="higher",
            label="needs met",
            zh="满足的需求",
            off=0,
            meaning="needs of enterprises that the service desk met",
        ),
        Outcome(
            "needs_unmet",
            unit="needs per week",
            unit_zh="项/周",
            better="lower",
            label="unmet needs",
            zh="未满足的需求",
            off=0,
            meaning="needs of enterprises that were given up",
        ),
    )
    steps = (
        Step("organise", doc="the policy founds branches in enterprises", equation="M13", stage="services"),
        Step("give", doc="members of enterprises give hours to estates", equation="M13", stage="services"),
        Step("live", doc="enterprises close, have needs, are founded", equation="M13", stage="services"),
    )
    present: NDArray[np.bool_]

    def places(self, model: Any) -> NDArray[np.bool_]:
        """As many enterprises as usual, and places for more."""
        usual = number_of(model.scenario.enterprises.number, model.district)
        return np.arange(_ROOM * usual + 20) < usual

    @property
    def parameters(self) -> EnterprisesSection:
        """The section `enterprises` of the scenario."""
        return self.model.scenario.enterprises

    def prepare(self) -> None:
        """Compute what follows from parameters and district alone."""
        from scipy.special import gammaincc

        p, district = self.parameters, self.model.district
        self.usual = number_of(p.number, district)
        if _ROOM * self.usual + 20 != self.size:
            raise ScenarioError(
                f"a fork cannot change enterprises.number = {p.number}: the past was lived with "
                "another number. Make a new GovernanceModel instead."
            )
        each = usual_number(1.0, exit_rate=p.exit_rate, exit_size=p.exit_size, log_sd=p.employees_log_sd)
        self.founding_rate = self.usual / each
        most = np.arange(int(self.founding_rate + 12.0 * np.sqrt(self.founding_rate)) + 12)
        # Distribution function of the Poisson number that is founded in a week.
        self._founded_at_most = fixed(gammaincc(most + 1.0, self.founding_rate))
        self._needs = float(-np.expm1(-p.need_rate))
        self._upper_end = max(min(int((1.0 - self._needs) * 2.0**64), _LAST) - _DUST, 0)
        self._keeps = 1.0 - 1.0 / p.effect_weeks
        felt = float(np.mean([getattr(p, f"felt_{need}") for need in NEEDS]))
        self.usual_strain = self._needs * p.effect_weeks * felt
        self._normal = normal_levels()
        # Share of the members who are on a list: in enterprises without a branch, with an old one, and with a new one.
        self._share_listed = fixed(np.array([p.listed_before, p.listed_after, p.listed_after]))
        self._founders = fixed(hashed(["enterprises"]))
        self._reach = fixed(np.cumsum(district.households) / district.households.sum())
        community, large = district.community, district.households.astype(np.float64) ** 2
        self._seen = fixed(large / np.bincount(community, large, district.communities)[community])
        self._even = fixed(district.households / district.households.sum())

    def settle_in(self) -> None:
        """Begin with as many enterprises as usual, with the sizes of those that live."""
        p = self.parameters
        rows = np.flatnonzero(self.present)
        # Large enterprises live longer, so that among the living they are more than among the new.
        self._found(
            rows,
            combine(np.broadcast_to(self._founders, rows.shape), rows),
            0,
            older=p.exit_size * p.employees_log_sd**2,
        )
        self.closed, self.lived, self.turned_away = 0, self.usual, 0
        self.to_estates, self.worth = np.zeros((2, self.model.district.estates))
        self.at_home = 0.0
        self._founding_hours = 0.0

    def _found(self, rows: NDArray[np.int64], who: NDArray[np.uint64], week: int, older: float = 0.0) -> None:
        """Put new enterprises into places."""
        p = self.parameters
        traits, ways = (self.model.chance.bits(word, 0, who) for word in ("enterprise founded", "enterprise's ways"))
        size = p.employees_median * np.exp(p.employees_log_sd * self._normal[level(traits, 0)] + older)
        self.identity[rows], self.founded[rows], self.employees[rows] = who, week, size
        place = (traits >> np.uint64(32)).astype(np.float64) * 2.0**-32
        self.estate[rows] = np.minimum(self._reach.searchsorted(place, side="right"), self._reach.size - 1)
        self.sector[rows] = level(traits, 1) * p.sectors >> 16
        # Rounded up or down by chance: as many as the size says, and hardly more in one than in another.
        self.members[rows] = (p.members_per_employee * size + share(ways, 1)).astype(np.int64)
        self.branch[rows] = np.where(share(ways, 0) < p.organised_before, OLD_BRANCH, 0)
        # New ones have the worries of all, so that the exit without a policy is as usual for them too.
        self.strain[rows] = self.usual_strain
        self.help[rows] = 0.0
        self.trained[rows] = 0.0
        self.given[rows] = 0.0
        self.present[rows] = True

    # Living ---------------------------------------------------------------------------------------

    def live(self) -> None:
        """Live a week: some close, some have a need, the service desk works, new ones are founded."""
        model = self.model
        self.closed = self.turned_away = 0
        if not self.parameters.enabled:
            return
        desk, rows = model.enterprise_desk, self.present.nonzero()[0]
        self.lived = rows.size
        # Those who found new ones draw along, in the last place.
        bits = model.chance.bits("enterprise", model.week, np.concatenate([self.identity[rows], self._founders]))
        # One draw, one event at most: to close lies at its lower end, to have a need at its upper.  Counted from where
        # the upper end begins, and on beyond the largest word, both ends are one stretch.  Few draws may lie in it, and
        # only these are looked at more closely.
        stretch = min(_LAST - self._upper_end + int(self._most_exit() * 2.0**64) + _DUST, _LAST)
        some = (bits[:-1] - np.uint64(self._upper_end) <= np.uint64(stretch)).nonzero()[0]
        if some.size:
            self._close_or_ask(rows[some], unit(bits[some]))
        met, unmet = desk.work()
        for felt, those, how in ((self.help, met, desk.met_felt), (self.strain, unmet, desk.unmet_felt)):
            felt *= self._keeps
            if those.size:
                np.add.at(felt, those, how)
        new = int(self._founded_at_most.searchsorted(unit(bits[-1])))
        if new:
            self._open(new)

    def _close_or_ask(self, rows: NDArray[np.int64], draw: NDArray[np.float64]) -> None:
        """Close those whose draw is below their exit, and take the needs of those whose draw is high."""
        desk, upper = self.model.enterprise_desk, draw > 1.0 - self._needs
        asks, lower = upper.nonzero()[0], (~upper).nonzero()[0]
        if lower.size:
            gone = rows[lower]
            gone = gone[draw[lower] < np.minimum(self.exit_of(gone), 1.0 - self._needs)]
            if gone.size:
                self.present[gone] = False
                self.closed = gone.size
                desk.leave(self.present)
        if asks.size:
            asks = rows[asks[draw[asks].argsort(kind="stable")]]
            desk.receive(asks, self.identity[asks])

    def _most_exit(self) -> float:
        """Bound above every `exit_of`: that of the smallest size with the most strain and time given, and no help."""
        p = self.parameters
        employees, strain, given = float(self.employees.min()), float(self.strain.max()), float(self.given.max())
        most = (1.0 + p.unmet_raises * strain) / (1.0 + p.unmet_raises * self.usual_strain)
        most += p.time_cost * given / (p.working_week * employees)
        # What rounding may add is far below this.
        return min(most * p.exit_rate * (employees / p.employees_median) ** -p.exit_size * (1.0 + 1e-9), 1.0)

    def exit_of(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Probability that each of these enterprises closes this week, shape (n,)."""
        p = self.parameters
        employees = self.employees[rows]
        exits = exit_factor(
            self.strain[rows],
            self.help[rows],
            self.given[rows] / (p.working_week * employees),
            self.usual_strain,
            p,
        )
        exits *= p.exit_rate
        if p.exit_size:
            exits *= np.exp(-p.exit_size * np.log(employees / p.employees_median))
        return exits

    def _open(self, new: int) -> None:
        """Let new enterprises be founded: at the rate that a usual district needs, whatever has closed."""
        model = self.model
        rows = (~self.present).nonzero()[0][:new]
        self.turned_away = new - rows.size
        cause = combine(self._founders, model.week + 1)
        self._found(rows, combine(np.broadcast_to(cause, rows.shape), np.arange(rows.size)), model.week + 1)

    # The policy -----------------------------------------------------------------------------------

    @property
    def listed(self) -> NDArray[np.float64]:
        """Members who are on a list, shape (places,); none where no enterprise lives."""
        listed: NDArray[np.float64] = self._share_listed[self.branch]
        listed *= self.members
        listed *= self.present
        return listed

    def organise(self) -> None:
        """Found branches: the streets' staff visit enterprises that have members enough, alone or in a cluster."""
        p, model = self.parameters, self.model
        if not (p.enabled and p.political and model.policy_on):
            return
        new = int(np.count_nonzero((self.branch == NEW_BRANCH) & self.present))
        wanted = int(p.new_branches * np.count_nonzero(self.present)) - new
        able = self._able() if wanted > 0 else np.zeros(0, dtype=np.int64)
        wanted = min(wanted, int(able.size))
        missing = wanted * p.founding_hours - self._founding_hours
        if wanted <= 0:
            return
        if missing > 0.0:
            first = model.district.communities
            desks = model.authorities.hours[first : first + model.district.streets]
            asked = np.minimum(p.founding_cap * desks, missing / desks.size)
            self._founding_hours += float(model.authorities.take("street", asked, "branches in enterprises").sum())
        done = min(int(self._founding_hours / p.founding_hours + 1e-9), wanted)
        if done:
            self._founding_hours = max(self._founding_hours - done * p.founding_hours, 0.0)
            turn = model.chance.bits("branch in enterprise", 0, self.identity[able])
            self.branch[able[np.argsort(turn, kind="stable")[:done]]] = NEW_BRANCH

    def _able(self) -> NDArray[np.int64]:
        """Rows of enterprises without a branch whose cluster has members enough for one."""
        free = (self.present & (self.branch == 0)).nonzero()[0]
        cluster = self._cluster(free)
        members = np.bincount(cluster, self.members[free])
        enough = (members[cluster] >= self.parameters.members_needed) & (self.members[free] > 0)
        return free[enough]

    def _cluster(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of the group in which each enterprise would found a branch with others, shape (n,)."""
        grouping, sector = self.parameters.grouping, np.asarray(self.sector[rows])
        if grouping == "alone":
            return np.arange(rows.size)
        if grouping == "sector":
            return sector
        return np.asarray(self.model.district.community[self.estate[rows]] * (int(self.sector.max()) + 1) + sector)

    def give(self) -> None:
        """Let members give working time to branch and academy, and hours to the estates, at work and at home."""
        p, model = self.parameters, self.model
        on = p.enabled and model.policy_on
        political = on and p.political
        willing = p.giving_share * p.hours_per_member if on and model.scenario.services.enabled else 0.0
        reach = p.listed_reach if political else 0.0
        outside = willing * (1.0 - reach) if p.social else 0.0
        inside, learning = (p.branch_hours, p.academy_hours) if political else (0.0, 0.0)
        self.given.fill(0.0)
        self.to_estates.fill(0.0)
        self.worth.fill(0.0)
        self.at_home = 0.0
        self._learn(learning)
        if inside == outside == learning == reach * willing == 0.0:
            return
        listed = self.listed
        organised = listed * (self.branch > 0)
        np.multiply(organised, inside + outside + learning, out=self.given)
        together = float(organised.sum())
        model.costs.book("enterprises", "branch life", hours=together * inside)
        if learning > 0.0:
            hours = together * learning
            model.costs.book("enterprises", "pioneer academy", hours=hours)
            model.costs.book("purse", "pioneer academy", yuan=hours * p.academy_yuan)
        if outside > 0.0:
            self._bring(outside * organised, self.shared_out)
            model.costs.book("enterprises", "service in estates", hours=float(self.to_estates.sum()))
        if reach * willing > 0.0:
            # At home it is their own time, and a member has one week: who helps at home does not help at work as well.
            hours_at_home = reach * willing * listed
            before = float(self.to_estates.sum())
            self._bring(hours_at_home, self.where_needed)
            self.at_home = float(self.to_estates.sum()) - before
            model.costs.book("members", "reporting where they live", hours=self.at_home)
        if outside > 0.0 or self.at_home > 0.0:
            model.services.join("enterprises", self.to_estates, self.worth)

    def _bring(
        self,
        hours: NDArray[np.float64],
        shares: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    ) -> None:
        """Bring hours of each enterprise's members to the estates; trained members' hours are worth more."""
        here = shares(hours)
        self.to_estates += here
        skilled = self.parameters.academy_effect and np.count_nonzero(self.trained)
        self.worth += shares(hours * (1.0 + self.parameters.academy_effect * self.trained)) if skilled else here

    def _learn(self, hours: float) -> None:
        """Train the listed members of organised enterprises; those who leave take along what they have learnt."""
        if hours == 0.0 and not np.count_nonzero(self.trained):
            return
        p, there = self.parameters, (self.branch > 0) & self.present
        self.trained[:] = trained_after(self.trained, hours * there, gain=p.academy_gain, fade=p.academy_fade)

    def reporting(self) -> float:
        """Members of enterprises who are listed and report where they live, in persons; none without the policy."""
        p = self.parameters
        if not (p.enabled and p.political and self.model.policy_on) or p.listed_reach == 0.0:
            return 0.0
        return p.listed_reach * float(self.listed.sum())

    def where_needed(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Divide hours of those who report where no branch takes them in, by recent conflicts, shape (estates,).

        Members live everywhere; who of them is asked is decided by need.  A branch reaches those who live in its
        estates as in-service members, and has their hours itself.
        """
        model = self.model
        taken_in = model.branches.standing() & model.scenario.branches.in_service
        living = model.in_service.astype(np.float64)
        alone = 1.0 - float(living @ taken_in) / max(float(living.sum()), 1.0)
        need = np.where(taken_in, 0.0, model.grievances.recent)
        total = float(need.sum())
        if total == 0.0:
            need = np.where(taken_in, 0.0, self._even)
            total = float(need.sum())
        return alone * float(hours.sum()) * need / max(total, 1e-300)

    def shared_out(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Divide hours of enterprises over the estates: by need, and by what is seen.

        Parameters
        ----------
        hours
            Given by each enterprise, shape (places,).

        Returns
        -------
        NDArray
            Received by each estate, shape (estates,), with the same sum.
        """
        by_need, district = self.parameters.by_need, self.model.district
        # Hours for each household in proportion to recent conflicts for each household.
        recent = self.model.grievances.recent
        total = float(recent.sum())
        need = recent / total if total > 0.0 else self._even
        from_community = np.bincount(district.community[self.estate], hours, district.communities)
        seen = self._seen * from_community[district.community]
        return by_need * float(hours.sum()) * need + (1.0 - by_need) * seen

    # Looking --------------------------------------------------------------------------------------

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        desk, living = self.model.enterprise_desk, int(np.count_nonzero(self.present))
        organised = np.count_nonzero((self.branch > 0) & self.present)
        return {
            "enterprises": float(living),
            "enterprise_exits": float(self.closed),
            "enterprise_survival": 1.0 - self.closed / max(self.lived, 1),
            "enterprises_organised": float(organised) / max(living, 1),
            "enterprise_members_listed": float(self.listed.sum()),
            "enterprise_hours": float(self.to_estates.sum()),
            "needs_met": float(desk.met.sum()),
            "needs_unmet": float(desk.unmet.sum()),
        }

    def share_of_members(self) -> float:
        """Share of the district's party members who belong to enterprises; the study says over 70 %."""
        here = float((self.members * self.present).sum())
        return here / max(here + float(self.model.members.sum()), 1.0)

    @derived(unit="community")
    def community(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of the community in which it sits."""
        return self.model.district.community[self.estate[rows]]
