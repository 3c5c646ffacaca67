"""Emergencies, and switching from routine to emergency and back (M15)."""

from __future__ import annotations

from sim.policies.emergency.emergency import Emergency
from sim.policies.emergency.emergency_parameters import EmergencySection

__all__ = ["Emergency", "EmergencySection"]
