"""Routine services (S9): appearance inspection, security patrol and traffic guidance.

With mediation, these are what a branch does.  Each acts on its own condition of M1 and on nothing else:
inspection lets repairs be found sooner, patrol removes charging hazards, traffic guidance frees the lanes.
An hour for 500 households changes its condition by a few per cent; how many is not known, and swept.
"""

from __future__ import annotations

import numpy as np

from sim.parameter import Section, parameter, switch
from sim.room import Room
from sim.terms import CHARGING, PARKING

__all__ = ["Services", "ServicesSection"]


class ServicesSection(Section):
    """Parameters of the routine services."""

    enabled: bool = switch("branches give hours to routine services")
    effect: float = parameter(
        0.06, unit="per weekly hour for 500 households", low=0.0, high=5.0, sweep=(0.0, 0.2), status="assumed",
        source="prototype; the most influential and least known of all",
        doc="log change of a condition that an hour of its service brings")
    share_inspection: float = parameter(
        1 / 3, unit="share", low=0.0, high=1.0, sweep=(0.1, 0.6), status="assumed", source="no data known",
        doc="routine hours that go to appearance inspection")
    share_patrol: float = parameter(
        1 / 3, unit="share", low=0.0, high=1.0, sweep=(0.1, 0.6), status="assumed", source="no data known",
        doc="routine hours that go to patrol, of what inspection leaves at most; traffic guidance has the rest")
    hazard_renewal: float = parameter(
        0.05, unit="share per week", low=0.0, high=1.0, sweep=(0.01, 0.2), status="assumed",
        source="no data known", doc="how fast charging hazards that a patrol removed come back")


class Services(Room):
    """What routine hours do to the conditions of each estate.

    Attributes
    ----------
    hazard
        Z, stock of charging hazards relative to no patrol, shape (estates,).
    """

    section = "services"

    def settle_in(self) -> None:
        self.hazard = np.ones(self.model.district.estates)

    def act(self) -> None:
        """Let the routine hours given last week act on this week's conditions."""
        model, p = self.model, self.parameters
        branches = model.branches
        if not (p.enabled and branches.any):
            return
        hours = branches.serving[branches.home] * branches.weight
        dose = p.effect * hours * 500.0 / model.district.households
        patrol = min(p.share_patrol, 1.0 - p.share_inspection)
        traffic = 1.0 - p.share_inspection - patrol
        model.contracts.inspection_rate[:] = p.share_inspection * dose
        removed = -np.expm1(-patrol * dose)
        self.hazard += p.hazard_renewal * (1.0 - self.hazard) - removed * self.hazard
        conditions, ground = model.incidents.conditions, model.incidents.ground
        np.multiply(ground[PARKING], np.exp(-traffic * dose), out=conditions[PARKING])
        np.multiply(ground[CHARGING], self.hazard, out=conditions[CHARGING])
