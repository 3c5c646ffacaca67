"""Supervision (M14): four tiers inspect, fine, rank and set targets, and what that does to honest figures.

`supervision_equations` has the decisions as functions of numbers alone, `supervision` carries them out week by week.
"""

from sim.policies.supervision.supervision import Supervision
from sim.policies.supervision.supervision_parameters import SupervisionSection

__all__ = ["Supervision", "SupervisionSection"]
