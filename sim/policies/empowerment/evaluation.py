"""The right to evaluate and select (M10a): the branch as one more judge of firm and committee.

What the firm fears is that a failing score puts it out; what the branch looks at decides which effort that
fear improves.  The right costs hours, takes something of the committee's own say, and makes the branch worth
winning: where few look, the firm's favours capture it, and then it looks at what shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component
from sim.policies.empowerment.empowerment_equations import failing, say, seen_share
from sim.policies.empowerment.empowerment_parameters import EmpowermentSection
from sim.stakeholders.committees.committees import YEAR
from sim.stakeholders.firms.contracts import QUARTER

__all__ = ["Evaluation"]


class Evaluation(Component):
    """What branches see of their firms, and what they do about it.

    Attributes
    ----------
    attention
        Share of the evaluation hours that were granted in the past quarter, shape (estates,).
    captured
        Share of the branch's judgement that the firm has won, shape (estates,).
    in_force
        Whether the right has been used.
    ousted
        Estates whose firm a branch put out this week, their number.
    """

    section = "empowerment"
    parameters: EmpowermentSection

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.attention = np.zeros(estates)
        self.captured = np.zeros(estates)
        self.watched = np.zeros(estates)
        self.ousted = 0
        self.in_force = False

    def wanted(self, holds: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Hours that evaluating takes this week, shape (estates,): nothing where there is no firm."""
        return np.multiply(holds & self.model.contracts.present, self.parameters.evaluation_hours)

    def attend(self, granted: NDArray[np.float64]) -> None:
        """Watch for a week with the share of hours that was granted, shape (estates,)."""
        self.in_force = True
        self.watched += granted

    def power(self) -> NDArray[np.float64]:
        """What the branch can make the firm lose, in [0, 1], shape (estates,)."""
        return self.parameters.weight * self.attention

    def judge(self, holds: NDArray[np.bool_]) -> None:
        """Once a year evaluate each firm; each quarter let everyone know how closely the branch looks."""
        self.ousted = 0
        self._tempt()
        self._evaluate(holds)
        if self.model.week % QUARTER == 0:
            self.attention[:] = np.where(holds, np.minimum(self.watched / QUARTER, 1.0), 0.0)
            self.watched.fill(0.0)
            self.publish()

    def _tempt(self) -> None:
        """Let the firm's favours win the branch where few owners look: dc = k chi (1 - audit)(1 - c) - r c."""
        p, committees = self.parameters, self.model.committees
        audit = np.minimum(committees.attendance * committees.present * committees.audit_factor, 1.0)
        pressure = p.capture * self.power() * (1.0 - audit) * self.model.contracts.present
        self.captured += pressure * (1.0 - self.captured) - p.recovery * self.captured

    def _evaluate(self, holds: NDArray[np.bool_]) -> None:
        """In the week of the owners' annual meeting, put a firm that fails out, with the weight of the verdict."""
        p, model = self.parameters, self.model
        contracts, week = model.contracts, model.week
        due = model.committees.meeting_week == week % YEAR
        if not due.any():
            return
        due &= holds & contracts.present & (self.attention > 0.0)
        # A new firm is judged when it has served for a year.
        due &= (contracts.since == 0) | (contracts.since <= week - YEAR)
        rows = due.nonzero()[0]
        if rows.size == 0:
            return
        phi = seen_share(p.visible_share, self.captured[rows])
        score = phi * contracts.visible[rows] + (1.0 - phi) * contracts.invisible[rows]
        usual = phi * contracts.reference_visible + (1.0 - phi) * contracts.reference_invisible
        falls = p.weight * failing(score, p.limit * usual, p.noise, self.attention[rows])
        out = model.chance.uniform("evaluation", week, model.district.identity[rows]) < falls
        if out.any():
            mask = np.zeros(holds.size, dtype=np.bool_)
            mask[rows[out]] = True
            self.ousted = int(contracts.replace(mask).sum())

    def publish(self) -> None:
        """Tell firms and owners how much the branch's judgement weighs, and what it looks at."""
        p, model = self.parameters, self.model
        contracts, committees, branches = model.contracts, model.committees, model.branches
        scale = model.scenario.firms.owners_weight
        contracts.set_inputs(
            branch_weight=self.attention * (p.weight * scale * contracts.present),
            branch_visible=seen_share(p.visible_share, self.captured),
        )
        honest = p.veto * self.attention * (1.0 - self.captured)
        committees.set_inputs(
            vetting=honest,
            vetting_cost=p.veto * p.veto_error * self.attention,
            autonomy_cost=p.autonomy * say(p.weight, p.veto) * self.attention,
        )
        # Where no branch serves, it has no weight.
        won_over = np.bincount(branches.place, self.captured * branches.weight, self.captured.size)
        branches.set_inputs(conflicted=won_over)

    def lay_down(self) -> None:
        """Leave firms and committees as if the branch had never judged them."""
        self.settle_in()
        self.publish()
        self.model.contracts.set_inputs(branch_visible=0.0)
