"""Cross-appointment (M11): firm, committee and branch hold seats in one another.

Who sits in the other body meets it more often, and tells what their own body knows.  Who sits in the other body
also sees less, and says less, of what it does wrong.  And nobody's week grows longer by a second seat: the hours are
split.  Two people change places for some hours a week, so no desk wins what another loses; what is lost to all is the
time that sitting in the other body takes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step, fixed
from sim.policies.deliberation.deliberation_equations import (
    PAIRS,
    closing,
    gap,
    independence,
    joined_pairs,
    raised_meeting,
)

__all__ = ["CrossAppointment"]

_BRANCH: Final = fixed(np.arange(3)[:, None] == 2)


class CrossAppointment(Component):
    """Seats of the three bodies in one another, by estate.

    Attributes
    ----------
    overlap
        x, pairs of bodies that hold seats in one another, shape (estates,).
    hours
        Hours that seats take from firm, committee and branch this week, shape (3, estates).
    """

    section = "deliberation"
    outcomes = (
        Outcome(
            "overlap",
            unit="pairs of bodies",
            unit_zh="对",
            label="overlap",
            zh="交叉任职",
            plural=False,
            off=0,
            meaning="pairs that hold seats in one another, mean over estates",
        ),
        Outcome(
            "independence",
            unit="share",
            unit_zh="0 至 1",
            better="higher",
            label="independence",
            zh="独立性",
            plural=False,
            off=0,
            meaning="shirking and capture that is still seen, or said, mean over estates",
        ),
        Outcome(
            "seat_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="hours for seats",
            zh="交叉任职工时",
            off=0,
            meaning="hours of firms, committees and branches that seats in other bodies take",
        ),
    )
    steps = (
        Step("sit", doc="bodies take seats in one another", equation="M11", stage="claims"),
        Step("attend", doc="seats in other bodies take hours", equation="M11", stage="conditions"),
    )

    def prepare(self) -> None:
        self._stale = True

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.overlap = np.zeros(estates, dtype=np.int64)
        self.hours = np.zeros((3, estates))
        self._asked = np.zeros((3, estates))
        self._meeting = np.zeros(estates)
        self._closing = np.zeros((3, estates))
        self._at = np.zeros((3, estates), dtype=np.int64)

    def sit(self) -> None:
        """Take seats: parties are met sooner, know what the others know, and look less closely at one another."""
        model, p = self.model, self.parameters
        if not model.deliberation.acts or p.overlap == 0:
            if np.count_nonzero(self.overlap):
                self._leave()
            return
        if self._stale or model.deliberation.since == model.week:
            self._appoint(model.deliberation.here)
        model.desks.set_inputs(meeting_bodies=self._meeting)
        if p.seats_bring == "everyone":
            model.desks.set_inputs(meeting=self._meeting)
        if model.branches.any:
            model.branches.add_to_inputs(asked_platform=model.deliberation.by_home(self._asked[2]))
        self._share()

    def _appoint(self, bodies: NDArray[np.bool_]) -> None:
        """Fill the seats anew: a body has come or gone."""
        model, p = self.model, self.parameters
        pairs = joined_pairs(bodies, p.overlap)
        np.sum(pairs, axis=0, out=self.overlap)
        self._stale = False
        # Desks open each week with the usual chance of meeting a party.
        self._meeting = raised_meeting(model.scenario.desks.meeting, self.overlap)
        unbiased = independence(p.independence_loss, self.overlap)
        model.committees.set_inputs(watch=unbiased, audit_factor=unbiased)
        self._asked.fill(0.0)
        for pair, joined in zip(PAIRS, pairs, strict=True):
            for body in pair:
                self._asked[body] += p.seat_hours * joined
        # A joint branch learns from each of its estates in part.
        self._at = model.deliberation.body_desks()
        self._closing = bodies * closing(p.sharing, self.overlap) / np.where(_BRANCH, model.desks.serves[self._at], 1.0)

    def _leave(self) -> None:
        """Leave nothing behind when the policy ends, as in a fork without it."""
        self.model.committees.set_inputs(watch=1.0, audit_factor=1.0)
        self._stale = True
        self.overlap.fill(0)
        self.hours.fill(0.0)
        self._asked.fill(0.0)

    def _share(self) -> None:
        """Let each body learn from the best-informed one."""
        desks = self.model.desks
        learnt = gap(desks.knowledge[self._at], self.model.deliberation.here)
        learnt *= self._closing
        desks.teach(np.bincount(self._at.ravel(), learnt.ravel(), desks.size))

    def attend(self) -> None:
        """Spend the hours that seats take, as far as the desks have them."""
        model = self.model
        if not np.count_nonzero(self.overlap):
            return
        for body, kind in enumerate(("firm", "committee")):
            self.hours[body] = model.desks.take(kind, self._asked[body])
        np.multiply(self._asked[2], model.deliberation.granted_by_branch(), out=self.hours[2])
        firms, committees, _ = self.hours.sum(axis=1).tolist()
        model.costs.book("firms", "cross-appointment", hours=firms)
        model.costs.book("committees", "cross-appointment", hours=committees)

    def measures(self) -> dict[str, float]:
        """How far bodies overlap."""
        if not np.count_nonzero(self.overlap):
            return {"overlap": 0.0, "independence": 1.0, "seat_hours": 0.0}
        return {
            "overlap": float(self.overlap.mean()),
            "independence": float(self.model.committees.watch.mean()),
            "seat_hours": float(self.hours.sum()),
        }
