"""Supervision (M14): four tiers inspect, fine, rank and set targets, and what that does to honest figures.

`formulas` has the decisions as functions of numbers alone, `room` carries them out week by week.
"""

from sim.institutions.supervision.room import Supervision
from sim.institutions.supervision.section import SupervisionSection

__all__ = ["Supervision", "SupervisionSection"]
