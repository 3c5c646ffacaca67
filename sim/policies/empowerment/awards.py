"""The right to recommend for awards (M10c): honours move members, and wear out their own motivation.

    activity = m + i a,    dm = -k a m + r (1 - m)

with a the awards that a branch is recommended for, i the incentive, k crowding-out and r recovery.  What shows is
rewarded: a branch that patrols has more to show than one that mediates behind closed doors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component
from sim.policies.empowerment.empowerment_equations import awards_given
from sim.policies.empowerment.empowerment_parameters import EmpowermentSection

__all__ = ["Awards"]


class Awards(Component):
    """Motivation of each branch's members; row = home estate.

    Attributes
    ----------
    motivation
        m, in (0, 1], shape (estates,).
    given
        a, awards of the week, shape (estates,).
    in_force
        Whether the right has been used.
    """

    section = "empowerment"
    parameters: EmpowermentSection

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.motivation = np.ones(estates)
        self.given = np.zeros(estates)
        self.in_force = False

    def wanted(self, homes: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Hours that recommending takes this week, shape (estates,), at homes."""
        return np.multiply(homes, self.parameters.award_hours)

    def move(self) -> None:
        """Let members be as active this week as motivation and last week's awards make them."""
        self.model.branches.set_inputs(activity=self.motivation + self.parameters.incentive * self.given)

    def recommend(self, granted: NDArray[np.float64]) -> None:
        """Recommend, with the share of hours granted at each home, and let motivation follow."""
        p, branches = self.parameters, self.model.branches
        self.in_force = True
        given, m = self.given, self.motivation
        np.multiply(granted, awards_given(branches.serving, branches.mediating, p.reward_visible), out=given)
        crowded = p.crowding * given
        np.minimum(crowded, 1.0, out=crowded)
        crowded *= m
        change = 1.0 - m
        change *= p.motivation_recovery
        change -= crowded
        m += change

    def lay_down(self) -> None:
        """End all awards; members are as before."""
        self.settle_in()
        self.model.branches.set_inputs(activity=1.0)
