"""Supervision, week by week (M14).

District, street, community and the estate's branch inspect with hours of their own people.  What an inspection
finds is fined, and where it finds nothing wrong it may be rewarded; firms know the rule and weigh what they expect.
Handlers are ranked by cases that count as resolved, so some count that are not; and every target is reported on, in
hours that nobody else gets.

Three departments of the district do this together, and each can be left out: *housing* inspects, fines, rewards and
ranks firms; *organisation* ranks handlers and sets targets; *civil affairs* has the streets guide owners' committees.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step, fixed
from sim.core.chance import combine
from sim.policies.supervision.supervision_equations import (
    authority_of_fine,
    expected_fine,
    expected_reward,
    form_share,
    guidance_share,
    heard,
    hours_per_weight,
    inspection_rates,
    premature_share,
    released,
)
from sim.policies.supervision.supervision_parameters import SupervisionSection
from sim.stakeholders.firms.contracts import QUARTER

__all__ = ["Supervision"]

_TIERS: Final = ("community", "street", "district")
_RANKED: Final = ("firm", "branch", "community", "street")
"""Handlers that are ranked: those below the district; owners rank nobody's committee."""

_WEEKS_PER_MONTH: Final = 365.25 / 12.0 / 7.0


class Supervision(Component):
    """Inspections, fines, groups and honesty.

    Attributes
    ----------
    acting
        Whether anything of the policy is in force.
    rate
        Inspections that the tiers' hours are worth this week, shape (estates,).
    inspected, found
        Inspections of the week, and those that found a violation, shape (estates,).
    bad
        Estates in the group that is inspected more often, shape (estates,).
    complaints
        Filings of the past weeks, fading, per week, shape (estates,).
    rewards
        Yuan that the purse paid to firms this week.
    guided
        Hours of street desks that went to each estate's committee this week, shape (estates,).
    """

    section = "supervision"
    outcomes = (
        Outcome(
            "inspections",
            unit="inspections per week",
            unit_zh="次/周",
            label="inspections",
            zh="检查次数",
            off=0,
            meaning="inspections of firms by all four tiers",
        ),
        Outcome(
            "inspection_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="inspection hours",
            zh="检查工时",
            off=0,
            meaning="hours of all four tiers that inspections took",
        ),
        Outcome(
            "violations_found",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="share of inspections that find a violation",
            zh="查实违规占比",
            plural=False,
            off=0,
            meaning="of the week's inspections, those that found a violation (0 without any)",
        ),
        Outcome(
            "fines_yuan",
            unit="yuan per week",
            unit_zh="元/周，全区",
            better="lower",
            label="fines",
            zh="罚款",
            off=0,
            meaning="fines that firms paid",
        ),
        Outcome(
            "premature_share",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="premature closure",
            zh="虚假办结率",
            plural=False,
            off=0,
            meaning="cases handled in vain that ranked handlers claim as resolved",
        ),
        Outcome(
            "formalism_share",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="capacity lost to form",
            zh="形式主义损耗",
            plural=False,
            off=0,
            meaning="capacity of ranked handlers lost to form",
        ),
    )
    steps = (
        Step("command", doc="ranks and targets reach handlers", equation="M14", stage="claims"),
        Step("inspect", doc="four tiers inspect firms, and fine", equation="M14", stage="rights"),
        Step("announce", doc="firms learn what to expect of inspections", equation="M14", stage="rules"),
    )
    parameters: SupervisionSection

    def prepare(self) -> None:
        p, district, desks = self.parameters, self.model.district, self.model.desks
        self._who = fixed(np.concatenate([combine(district.identity, k) for k in (0, 1)]))
        # The tiers above the estate, one after another: each desk's hours for inspections, and each estate's desks.
        tiers = [
            slice(
                desks.block(level).start - desks.block("community").start,
                desks.block(level).stop - desks.block("community").start,
            )
            for level in _TIERS
        ]
        self._tiers = {
            level: tier for level, tier in zip(_TIERS, tiers, strict=True) if p.housing and getattr(p, level)
        }
        self._own = p.housing and p.estate
        most = np.zeros(tiers[-1].stop)
        for level, tier in self._tiers.items():
            most[tier] = getattr(p, f"hours_{level}")
        self._most = fixed(most)
        street = district.street_of_community[district.community] + tiers[1].start
        self._desks_of = fixed(np.stack([district.community, street, np.full(district.estates, tiers[2].start)]))
        self._week_of_fee = fixed(district.fee * p.flat_area * district.households / _WEEKS_PER_MONTH)
        self.targets = p.targets if p.organisation else 0
        claims = premature_share(p.rank_pressure, p.callback, p.penalty, p.scruple)
        self.premature = claims if p.organisation else 0.0
        self.form = form_share(self.targets, p.formalism)
        power = authority_of_fine(p.fine_weeks, p.authority_scale)
        ranked, authority = np.zeros(desks.size, dtype=np.bool_), np.zeros(desks.size)
        for kind in _RANKED:
            ranked[desks.block(kind)] = True
        for level in self._tiers:
            # Who has no hour to inspect can fine nobody, and has nothing to threaten with.
            authority[desks.block(level)] = power * (getattr(p, f"hours_{level}") > 0.0)
        self._ranked, self._authority = fixed(ranked), fixed(authority)
        self._any = p.district or p.street or p.community or p.estate

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.acting = False
        self.rate, self.complaints, self._quarter, self._asked = np.zeros((4, estates))
        self.inspected, self.found = np.zeros((2, estates), dtype=np.int64)
        self.bad = np.zeros(estates, dtype=np.bool_)
        self.hours, self.fines, self.rewards = 0.0, 0.0, 0.0
        self.guided = np.zeros(estates)
        self._read = 0

    def command(self) -> None:
        """Before branches staff their week: rank handlers, set targets, ask for the hours of the estate's tier."""
        model, p = self.model, self.parameters
        branches = model.branches
        if not (p.enabled and self._any and model.policy_on):
            if self.acting:
                self._lay_down()
            return
        if not self.acting:
            self.acting = True
            self._read = model.disputes.book.size
        self._rank()
        model.contracts.set_inputs(burden=model.contracts.present * (p.burden_per_target * self.targets))
        if branches.any and not branches.phantom:
            branches.add_to_inputs(extra_targets=(branches.reach > 0.0) * float(self.targets))
            if self._own:
                here = branches.standing() & model.contracts.present
                asked = np.bincount(branches.place, here, here.size)
                np.multiply(asked, p.hours_estate, out=self._asked)
                branches.add_to_inputs(asked_supervision=self._asked)

    def _rank(self) -> None:
        """Let handlers who are ranked lose hours to form and claim what is not so; who may fine has authority."""
        p, desks = self.parameters, self.model.desks
        desks.rank_desks(self._ranked, form=self.form, premature=self.premature, unworked=p.unworked * self.premature)
        desks.raise_authority(self._authority)

    def inspect(self) -> None:
        """Inspect with the week's hours; fine what is found."""
        if not self.acting:
            return
        model, p = self.model, self.parameters
        self._hear_complaints()
        self._plan()
        rates = inspection_rates(model.contracts.invisible, p.detection, self.rate)
        self.found, clean = model.chance.poisson("inspections", model.week, self._who, rates.ravel()).reshape(2, -1)
        self.inspected = self.found + clean
        self._regroup(clean)
        self.fines = self._pay("fines", p.fine_weeks, self.found)
        self.rewards = -self._pay("rewards", -p.reward_weeks, clean)
        self._quarter += self.rate
        self._guide()

    def _pay(self, use: str, weeks: float, times: NDArray[np.int64]) -> float:
        """Let firms pay the purse so many weeks of fees so many times; the purse pays what is less than nothing."""
        model = self.model
        if weeks == 0.0 or not times.any():
            return 0.0
        revenue = self._week_of_fee * model.contracts.fee_share
        yuan = float(weeks * (times @ revenue))
        model.costs.book("firms", use, yuan=yuan)
        model.costs.book("purse", use, yuan=-yuan)
        return yuan

    def _guide(self) -> None:
        """Let street desks look at committees' books and advise them, as long as they have hours: civil affairs."""
        model, p = self.model, self.parameters
        if not p.civil_affairs or p.guidance_hours == 0.0:
            return
        district, there = model.district, model.committees.present
        street = district.street_of_community[district.community]
        number = np.bincount(street, there, district.streets)
        asked = np.where(number > 0.0, p.guidance_hours, 0.0)
        granted = model.authorities.take("street", asked, "guidance of committees")
        each = np.divide(granted, number, out=np.zeros(number.size), where=number > 0.0)
        np.multiply(each[street], there, out=self.guided)
        model.committees.set_inputs(guidance=guidance_share(self.guided, p.guidance_effect))

    def weights(self) -> NDArray[np.float64]:
        """How much more an estate is inspected than others of its tier, shape (estates,)."""
        p, served = self.parameters, self.model.contracts.present
        if p.targeting == "complaints":
            return np.where(served, self.complaints + p.complaints_floor, 0.0)
        if p.targeting == "two_group":
            return np.where(served, np.where(self.bad, p.focus, 1.0), 0.0)
        return served.astype(np.float64)

    def _plan(self) -> None:
        """Turn each tier's hours into inspections of its estates, in proportion to their weights."""
        model, p = self.model, self.parameters
        district, weight = model.district, self.weights()
        community = np.bincount(district.community, weight, district.communities)
        street = np.bincount(district.street_of_community, community, district.streets)
        total = np.concatenate([community, street, street.sum(keepdims=True)])
        watches = total > 0.0
        granted = self._most * watches
        self.hours = 0.0
        for level, tier in self._tiers.items():
            granted[tier] = model.authorities.take(level, granted[tier], "inspections")
            self.hours += float(granted[tier].sum())
        each = hours_per_weight(granted, total)
        # Hours for each unit of weight, of all tiers together.
        hours = each[self._desks_of].sum(axis=0)
        branches = model.branches
        if self._own and branches.any and not branches.phantom:
            served = branches.standing()
            total = np.bincount(branches.place, weight * served, weight.size)
            watches = total > 0.0
            own = branches.granted("supervision", self._asked)
            each = hours_per_weight(own, total)
            hours += each[branches.place] * served
            self.hours += float(own @ watches)
        weight /= p.inspection_hours
        np.multiply(hours, weight, out=self.rate)

    def _hear_complaints(self) -> None:
        """Let last week's filings add to what is known of complaints."""
        if self.parameters.targeting != "complaints":
            return
        book = self.model.disputes.book
        filed = np.bincount(book.estate[self._read : book.size], minlength=self.complaints.size)
        self._read = book.size
        self.complaints += heard(self.complaints, filed, self.parameters.memory)

    def _regroup(self, clean: NDArray[np.int64]) -> None:
        """Move estates between the groups by what inspections found."""
        p, model = self.parameters, self.model
        if p.targeting != "two_group":
            return
        may = (self.bad & (clean > 0) & (self.found == 0)).nonzero()[0]
        if may.size:
            u = model.chance.uniform("release", model.week, model.district.identity[may])
            self.bad[may[released(u, clean[may], p.release)]] = False
        self.bad |= self.found > 0

    def announce(self) -> None:
        """Once a quarter, before firms decide: the fine to expect, and how much the ranking of firms weighs."""
        model = self.model
        if not self.acting or model.week % QUARTER:
            return
        p, contracts = self.parameters, model.contracts
        seen = -np.expm1(-self._quarter)
        contracts.set_inputs(
            extra_fine=expected_fine(self._quarter, p.detection, p.fine_weeks, p.payoff_weeks),
            extra_reward=expected_reward(self._quarter, p.detection, p.reward_weeks, p.payoff_weeks),
            supervisor_weight=seen * (p.evaluator_weight * model.scenario.firms.owners_weight),
            supervisor_visible=p.visible_share,
        )
        self._quarter.fill(0.0)

    def _lay_down(self) -> None:
        """Leave firms and branches unsupervised: a future without the policy."""
        model = self.model
        self.settle_in()
        model.contracts.set_inputs(
            extra_fine=0.0, extra_reward=0.0, supervisor_weight=0.0, supervisor_visible=0.0, burden=0.0
        )
        model.committees.set_inputs(guidance=0.0)

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        if not self.acting:
            return {}
        inspections = int(self.inspected.sum())
        return {
            "inspections": float(inspections),
            "inspection_hours": self.hours,
            "violations_found": float(self.found.sum()) / max(inspections, 1),
            "fines_yuan": self.fines,
            "premature_share": self.premature,
            "formalism_share": self.form,
        }
