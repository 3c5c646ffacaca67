"""Deliberation platform and cross-appointment (M11)."""

from sim.policies.deliberation.cross_appointment import CrossAppointment
from sim.policies.deliberation.deliberation import Deliberation
from sim.policies.deliberation.deliberation_parameters import DeliberationSection

__all__ = ["CrossAppointment", "Deliberation", "DeliberationSection"]
