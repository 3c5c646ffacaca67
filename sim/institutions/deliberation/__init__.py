"""Deliberation platform and cross-appointment (M11)."""

from sim.institutions.deliberation.cross_appointment import CrossAppointment
from sim.institutions.deliberation.deliberation import Deliberation
from sim.institutions.deliberation.deliberation_parameters import DeliberationSection

__all__ = ["CrossAppointment", "Deliberation", "DeliberationSection"]
