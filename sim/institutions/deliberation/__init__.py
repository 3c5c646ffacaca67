"""Deliberation platform and cross-appointment (M11)."""

from sim.institutions.deliberation.cross_appointment import CrossAppointment
from sim.institutions.deliberation.room import Deliberation
from sim.institutions.deliberation.section import DeliberationSection

__all__ = ["CrossAppointment", "Deliberation", "DeliberationSection"]
