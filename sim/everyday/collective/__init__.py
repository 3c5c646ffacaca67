"""Collective action: when residents of an estate act together, and what comes of it (M8)."""

from __future__ import annotations

from sim.everyday.collective.room import Collective
from sim.everyday.collective.section import CollectiveSection

__all__ = ["Collective", "CollectiveSection"]
