"""The service of one estate by its firm (M6), and what it makes of the estate's conditions (M1).

A contract is where a firm and an estate meet: the effort the firm chooses here, the share of fees that is
paid here, the maintenance put off here, and what the firm believes about its chances of being replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Stakeholders, Step, fixed
from sim.core.codes import BY_FIRM, FACILITY, FEES, SERVICE
from sim.stakeholders.firms.effort import backlog, effort, learnt_hazard, repair_rate

if TYPE_CHECKING:
    from sim.stakeholders.firms.firms_parameters import FirmsSection

__all__ = ["QUARTER", "Contract", "Contracts"]

QUARTER = 13
"""Weeks between two bills, and between two decisions of a firm."""


class Contract(Agent):
    """The service of an estate by a property firm; row = estate.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> list(model.contracts)[0]
    <Contract ..., estate ...: ...>
    """

    row_is = "estate"
    firm = column(np.int32, -1, doc="row of the firm, -1 where the estate has none", of="firm")
    visible = column(np.float64, unit="effort", doc="v, effort that shows, in [0, 1]")
    invisible = column(np.float64, unit="effort", doc="u, effort that is hard to see, in [0, 1]")
    fee_share = column(np.float64, 1.0, unit="share", doc="r, share of fees that is paid")
    belief = column(np.float64, unit="per year", doc="replacement hazard that the firm believes in")
    deferred = column(np.float64, unit="deferred maintenance", doc="D, maintenance put off")
    inspection_rate = column(
        np.float64, unit="share per week", doc="share of damage not yet known that others' inspection finds"
    )
    repairs = column(np.float64, unit="deferred maintenance per week", doc="what others repair, whatever D")
    branch_weight = column(np.float64, unit="payoff per unit of effort", doc="psi of the branch, which judges the firm")
    branch_visible = column(np.float64, unit="share", doc="phi of the branch")
    supervisor_weight = column(np.float64, unit="payoff per unit of effort", doc="psi of the firm's supervisors")
    supervisor_visible = column(np.float64, unit="share", doc="phi of the supervisors")
    extra_fine = column(np.float64, unit="payoff per unit of effort", doc="pF that supervision adds")
    extra_reward = column(np.float64, unit="payoff per unit of effort", doc="R, what supervision rewards")
    burden = column(np.float64, unit="hours per week", doc="office hours that reporting and meetings take")
    since = column(np.int32, unit="week", doc="week in which the firm took over, 0 if it was there at first")
    replaced = column(np.int32, unit="times", doc="changes of firm so far")
    news = column(np.float64, unit="replacements", doc="changes of firm here, fading with the news")
    exposure = column(np.float64, unit="years", doc="years under contract, fading with the news")


class Contracts(Stakeholders):
    """All contracts of the district; `present` where the estate has a firm.

    An estate without a firm is looked after by nobody in particular, at the effort of a firm that knows
    nothing: its conditions stay average, and it has no office to go to.
    """

    agent: ClassVar[type[Agent]] = Contract
    section: ClassVar[str] = "firms"
    inputs = (
        "inspection_rate",
        "repairs",
        "branch_weight",
        "branch_visible",
        "supervisor_weight",
        "supervisor_visible",
        "extra_fine",
        "extra_reward",
        "burden",
    )
    factors: ClassVar[Mapping[str, str]] = {
        "repair": "pace at which deferred maintenance of an estate is found and repaired"
    }
    used_in: ClassVar[Mapping[str, str]] = {"repair": "firms.serve"}
    steps = (
        Step(
            "serve",
            doc="firms' effort makes conditions; fees buy office hours",
            equation="M6",
            stage="conditions",
            line="firms.serve",
        ),
        Step(
            "bargain",
            doc="each quarter, firms choose effort; owners pay fees",
            equation="M6",
            after="supervision.announce",
            line="firms.bargain",
        ),
    )
    present: NDArray[np.bool_]

    def places(self, model: Any) -> NDArray[np.bool_]:
        """One row for each estate; a contract where it has a firm."""
        return model.district.firm >= 0

    @property
    def parameters(self) -> FirmsSection:
        """The section `firms` of the scenario."""
        return self.model.scenario.firms

    def prepare(self) -> None:
        """Compute what follows from parameters and district alone.

        Conditions are measured against a firm that knows nothing yet (`reference_visible`,
        `reference_invisible`): constants of the parameters, which no policy moves.
        """
        p, district = self.parameters, self.model.district
        v, u = effort([[p.owners_weight]], [p.visible_share], fine=p.fine, cost=p.cost, substitution=p.substitution)
        self.reference_visible, self.reference_invisible = float(v[0]), float(u[0])
        # A reference firm that does everything would leave nothing to compare with: 1 % always fails.
        self._service_scale = max(1.0 - self.reference_invisible, 0.01) ** -p.service_exponent
        self._fees_scale = 1.0 / max(1.0 - self.reference_visible, 0.01)
        self._wear = fixed(p.wear * (1.0 + np.maximum(p.reference_year - district.year, 0) / p.wear_age))
        self._usual = float(backlog(p.reference_age, self.reference_invisible, p))
        billing = self.model.chance.uniform("billing week", 0, district.identity) * QUARTER
        low, high = 1.0 - p.billing_peak, 1.0 - p.billing_peak + p.billing_peak * QUARTER
        self._bills = fixed(np.where(billing.astype(np.int64) == np.arange(QUARTER)[:, None], high, low))
        usual_share = p.fee_share if p.enabled else 1.0
        self._hours_per_share = fixed(p.hours_per_500 * district.households / 500.0 / usual_share)
        near = np.bincount(district.community, minlength=district.communities)
        self._estates_near = fixed(near.astype(np.float64))

    def settle_in(self) -> None:
        """Begin with firms that know nothing, average fees, and maintenance put off as long as ever."""
        p, district = self.parameters, self.model.district
        self.firm[:] = district.firm
        self.visible[:] = self.reference_visible
        self.invisible[:] = self.reference_invisible
        self.fee_share[:] = p.fee_share if p.enabled else 1.0
        self.belief[:] = p.replacement_prior
        self.deferred[:] = backlog(np.maximum(p.reference_year - district.year, 0), self.invisible, p)

    def serve(self) -> None:
        """Serve for a week: set the conditions of service, facilities and fees, and the offices' hours."""
        p, model, faster = self.parameters, self.model, self.take_factor("repair")
        office = self._hours_per_share * self.fee_share
        office *= self.present
        if np.count_nonzero(self.burden):
            lost = np.minimum(self.burden, office)
            office -= lost
            model.costs.book("firms", "reporting", hours=float(lost.sum()))
        model.desks.set_hours("firm", office)
        if not p.enabled:
            for category in (SERVICE, FACILITY, FEES):
                model.incidents.set_condition(category, 1.0)
            return
        self._maintain(p, faster)
        slack = 1.0 - self.invisible
        if p.service_exponent != 1.0:
            slack **= p.service_exponent
        slack *= self._service_scale
        model.incidents.set_condition(SERVICE, slack)
        model.incidents.set_condition(FACILITY, self.deferred / self._usual)
        # Posted accounts are the visible effort, so a firm that shows more is less often quarrelled with.
        bills = 1.0 - self.visible
        bills *= self._bills[model.week % QUARTER]
        bills *= self._fees_scale
        model.incidents.set_condition(FEES, bills)

    def _maintain(self, p: FirmsSection, faster: NDArray[np.float64] | None) -> None:
        """Wear and repair: dD = d0 (1 + age/20) - D / (1/(f0 + inspection) + 1/(rho0 + rho u)) - repairs."""
        rate = repair_rate(
            self.invisible,
            repair_base=p.repair_base,
            repair_effort=p.repair_effort,
            finding=p.finding,
            inspection=self.inspection_rate,
        )
        if faster is not None:
            rate = np.minimum(rate * faster, 1.0)
        rate *= self.deferred
        stock = self.deferred
        stock += self._wear
        stock -= rate
        stock -= self.repairs
        np.maximum(stock, 0.0, out=stock)

    def bargain(self) -> None:
        """At the end of a quarter, draw the conclusions: who paid, who was replaced, how hard to try."""
        week = self.model.week
        if not self.parameters.enabled or week == 0 or week % QUARTER:
            return
        self.collect()
        self._remember()
        self.believe()
        self.choose_effort()

    def _remember(self) -> None:
        """Add the quarter's exposure to what has been seen, and let old news fade."""
        firms, quarter = self.model.firms, 0.25
        fade = np.exp(-quarter / self.parameters.news_memory)
        for holder, contracts in ((firms, firms.portfolio), (self, self.present)):
            holder.news[:] *= fade
            holder.exposure[:] *= fade
            holder.exposure[:] += quarter * contracts

    def evaluators(self, estates: NDArray[np.int64] | slice = slice(None)) -> tuple[NDArray, NDArray]:
        """Who judges the firm: owners, and where they do, branch and supervisors.

        Returns
        -------
        NDArray, NDArray
            Weights psi and visible shares phi, shape (evaluators, n) each.
        """
        p = self.parameters
        owners = p.owners_weight / p.replacement_prior * self.belief[estates]
        weights, shares = [owners], [np.full(owners.size, p.visible_share)]
        for weight, visible in (
            (self.branch_weight, self.branch_visible),
            (self.supervisor_weight, self.supervisor_visible),
        ):
            if np.count_nonzero(weight):
                weights.append(weight[estates])
                shares.append(visible[estates])
        return np.array(weights), np.array(shares)

    def choose_effort(self, estates: NDArray[np.int64] | slice = slice(None)) -> None:
        """Let firms choose their effort for the quarter, given who judges them and what they believe."""
        p = self.parameters
        weights, shares = self.evaluators(estates)
        fine = p.fine + self.extra_fine[estates]
        v, u = effort(
            weights, shares, fine=fine, reward=self.extra_reward[estates], cost=p.cost, substitution=p.substitution
        )
        served = self.present[estates]
        self.visible[estates] = np.where(served, v, self.reference_visible)
        self.invisible[estates] = np.where(served, u, self.reference_invisible)

    def believe(self, estates: NDArray[np.int64] | slice = slice(None)) -> None:
        """Let firms update the hazard of being replaced from their portfolio and from their neighbours.

        A firm's own loss weighs once as experience and, where it happened nearby, once more as news.
        """
        p, firms, district = self.parameters, self.model.firms, self.model.district
        where, firm = district.community[estates], self.firm[estates]
        near = np.bincount(district.community, self.news, district.communities)
        watched = np.bincount(district.community, self.exposure, district.communities)
        self.belief[estates] = learnt_hazard(
            firms.news[firm] + near[where],
            firms.exposure[firm] + watched[where],
            prior=p.replacement_prior,
            strength=p.prior_strength,
        )

    def collect(self) -> None:
        """Let the share of fees follow satisfaction and the community's other estates: arrears spread."""
        p, model = self.parameters, self.model
        community = model.district.community
        others = self._estates_near[community] - 1.0
        total = np.bincount(community, self.fee_share, model.district.communities)[community]
        near = np.where(others > 0.0, (total - self.fee_share) / np.maximum(others, 1.0), self.fee_share)
        own = np.clip(p.fee_share + p.fee_satisfaction * (model.satisfaction.mean - 0.5), 0.0, 1.0)
        target = (1.0 - p.fee_contagion) * own + p.fee_contagion * near
        self.fee_share += p.fee_pace * (target - self.fee_share)

    def replace(self, estates: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Put another firm in the place of the one that serves, where a valid meeting has decided so.

        The new firm is picked by chance among all others, each weighing 1 plus `local_advantage` for every
        contract that it holds in the community this week.

        Parameters
        ----------
        estates
            Where the owners have decided, shape (estates,).

        Returns
        -------
        NDArray
            Where a firm was replaced: nowhere without a firm, nowhere if there is no other firm, and
            nowhere while firms are switched off.
        """
        p, model, district = self.parameters, self.model, self.model.district
        done = np.zeros(district.estates, dtype=np.bool_)
        rows = np.flatnonzero(estates & self.present)
        firms = model.firms
        if rows.size == 0 or not p.enabled or firms.size < 2:
            return done
        old, community = self.firm[rows].astype(np.int64), district.community
        held = np.flatnonzero(self.present)
        cell = community[held] * firms.size + self.firm[held]
        local = np.bincount(cell, minlength=district.communities * firms.size).reshape(-1, firms.size)
        appeal = 1.0 + p.local_advantage * local[community[rows]]
        appeal[np.arange(rows.size), old] = 0.0
        reach = np.cumsum(appeal, axis=1)
        draw = model.chance.uniform("new firm", model.week, district.identity[rows]) * reach[:, -1]
        new = (reach <= draw[:, None]).sum(axis=1)
        firms.lose(old)
        self.firm[rows] = new
        self.since[rows] = model.week
        self.replaced[rows] += 1
        self.news[rows] += 1.0
        total = np.bincount(community, self.fee_share, district.communities)
        mean = (total / np.maximum(self._estates_near, 1.0))[community[rows]]
        self.fee_share[rows] += p.fresh_start * (mean - self.fee_share[rows])
        self.believe(rows)
        self.choose_effort(rows)
        done[rows] = True
        model.trust.reset(BY_FIRM, done)
        return done
