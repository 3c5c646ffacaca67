"""Collective action: when residents of an estate act together, and what comes of it (M8)."""

from __future__ import annotations

from sim.residents.collective.collective import Collective
from sim.residents.collective.collective_parameters import CollectiveSection

__all__ = ["Collective", "CollectiveSection"]
