"""Reading a table of estates as people have it: sheets, headings, cells, totals and places, each by itself."""

from __future__ import annotations

from sim.district.reading.dialect import Dialect
from sim.district.reading.estate_table import Reading, read_table

__all__ = ["Dialect", "Reading", "read_table"]
