"""The right to lead micro-projects (M10b): public money for what the estate has put off.

Once a year each community has a budget.  Its estates' projects are chosen as a set, exactly: the greatest total
of need (people times backlog) and of what shows, in the proportion alpha.  Leading a project takes the branch's
hours; while it lasts it is quarrelled about: who pays, who was asked, whose door it is at.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, fixed
from sim.core.codes import BY_BRANCH, FEES
from sim.policies.empowerment.empowerment_equations import knapsack
from sim.policies.empowerment.empowerment_parameters import EmpowermentSection
from sim.stakeholders.committees.committees import YEAR

__all__ = ["UNIT", "MicroProjects"]

UNIT: Final = 1000.0
"""Yuan in which projects are costed: whole thousands, rounded up."""


class MicroProjects(Component):
    """The projects under way; row = estate.

    Attributes
    ----------
    left
        Weeks of work left, 0 where there is no project, shape (estates,).
    rate
        Deferred maintenance that a week of work repairs, shape (estates,).
    price
        Yuan that a week of work costs, shape (estates,).
    begun
        Projects begun so far, shape (estates,).
    spent
        Yuan spent this week.
    in_force
        Whether a project is, or was until last week, under way.
    """

    section = "empowerment"
    parameters: EmpowermentSection

    def prepare(self) -> None:
        district = self.model.district
        order = np.argsort(district.community, kind="stable")
        community = district.community[order]
        place = np.arange(order.size) - np.searchsorted(community, community)
        table = np.full((district.communities, int(place.max(initial=0)) + 1), -1, dtype=np.int64)
        table[community, place] = order
        self._table = fixed(table)
        self._budget = int(self.parameters.budget // UNIT)

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.left, self.rate, self.price = np.zeros((3, estates))
        self.begun = np.zeros(estates, dtype=np.int64)
        self.spent = 0.0
        self.in_force = False

    def wanted(self, holds: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Hours that leading projects takes this week, shape (estates,)."""
        return np.multiply(holds & (self.left > 0.0), self.parameters.project_hours)

    def choose(self, holds: NDArray[np.bool_]) -> None:
        """Once a year choose each community's projects, and begin them."""
        model = self.model
        if (model.week - model.policy_week) % YEAR:
            return
        rows = np.flatnonzero(holds & (self.left <= 0.0) & (model.contracts.deferred > 0.0) & self._agreed())
        if rows.size == 0:
            return
        p = self.parameters
        amount = p.project_scope * model.contracts.deferred[rows]
        cost, worth = self.candidates(rows, amount)
        begins = rows[self._pick(rows, cost, worth)]
        of = np.searchsorted(rows, begins)
        self.in_force = True
        self.left[begins] = p.project_weeks
        self.rate[begins] = amount[of] / p.project_weeks
        self.price[begins] = cost[of] * UNIT / p.project_weeks
        self.begun[begins] += 1

    def candidates(
        self, rows: NDArray[np.int64], amount: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Cost of each project in whole units, and its worth to those who choose, shape (n,) each.

        Parameters
        ----------
        rows
            Estates with a project to propose, shape (n,).
        amount
            Deferred maintenance that each would repair, shape (n,).
        """
        p, model = self.parameters, self.model
        households = model.district.households[rows].astype(np.float64)
        yuan = p.project_fixed + p.project_yuan * households * amount
        cost = np.maximum(np.ceil(yuan / UNIT), 1.0).astype(np.int64)
        who = model.district.identity[rows]
        shows = households * model.chance.uniform("visibility of a project", model.week, who)
        community, size = model.district.community[rows], model.district.communities
        worth = np.zeros(rows.size)
        for weight, good in ((p.need_weight, households * amount), (1.0 - p.need_weight, shows)):
            total = np.bincount(community, good, size)[community]
            worth += weight * np.divide(good, total, out=np.zeros_like(good), where=total > 0.0)
        return cost, worth

    def _agreed(self) -> NDArray[np.bool_]:
        """Where a project finds consent: it must be won where no committee is in office, or trust is low."""
        model = self.model
        trust = model.trust.mean(BY_BRANCH)
        contested = ~model.committees.working() | (trust < self.parameters.consent_trust)
        return ~contested | (model.chance.uniform("consent", model.week, model.district.identity) < trust)

    def _pick(self, rows: NDArray[np.int64], cost: NDArray[np.int64], worth: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Solve every community's knapsack, shape (n,)."""
        estates = self.model.district.estates
        all_costs, all_worth = np.ones(estates + 1, dtype=np.int64), np.zeros(estates + 1)
        all_costs[rows], all_worth[rows] = cost, worth
        # An empty place of the table, -1, reads the last row: worth nothing, so never chosen.
        chosen = knapsack(all_worth[self._table], all_costs[self._table], self._budget)
        picked = np.zeros(estates + 1, dtype=np.bool_)
        picked[self._table[chosen]] = True
        return picked[rows]

    def work(self, granted: NDArray[np.float64]) -> None:
        """Work for a week with the share of hours that was granted, shape (estates,); pay as it goes."""
        contracts = self.model.contracts
        self.spent = 0.0
        if not self.in_force:
            return
        done = np.minimum(granted, self.left)
        self.left -= done
        contracts.set_inputs(repairs=self.rate * done)
        self.spent = float(self.price @ done)
        if self.spent:
            self.model.costs.book("purse", "micro-projects", yuan=self.spent)
        self.in_force = bool(self.left.any() or done.any())

    def quarrel(self) -> None:
        """Raise the condition of fee-and-finance incidents where a project is under way."""
        if self.in_force:
            quarrels = (self.left > 0.0) * self.parameters.fee_quarrels
            quarrels += 1.0
            self.model.incidents.multiply_condition(FEES, quarrels)

    def lay_down(self) -> None:
        """Stop every project where it is."""
        begun = self.begun
        self.settle_in()
        self.begun = begun
        self.model.contracts.set_inputs(repairs=0.0)
