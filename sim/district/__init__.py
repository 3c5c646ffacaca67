"""The ground: housing estates in communities in streets, made up from statistics or read from a table."""

from __future__ import annotations

from sim.district.columns import COLUMNS
from sim.district.district import District
from sim.district.district_parameters import DistrictSection
from sim.district.estate_kinds import EstateKind
from sim.district.ground import GroundSection

__all__ = ["COLUMNS", "District", "DistrictSection", "EstateKind", "GroundSection"]
