"""Emergencies, and switching from routine to emergency and back (M15)."""

from __future__ import annotations

from sim.institutions.emergency.room import Emergency
from sim.institutions.emergency.section import EmergencySection

__all__ = ["Emergency", "EmergencySection"]
