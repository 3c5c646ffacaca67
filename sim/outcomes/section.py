"""Parameters of a run and of what is recorded."""

from __future__ import annotations

from sim.parameter import Section, parameter, switch

__all__ = ["OutcomesSection", "RunSection"]


class RunSection(Section):
    """How long a run is."""

    weeks: int = parameter(
        208, unit="weeks", low=2, high=4000, status="design", source="model.md, section 1",
        doc="length of a run, warm-up included")
    warmup: int = parameter(
        52, unit="weeks", low=1, high=2000, status="design", source="model.md, section 1",
        doc="weeks before the measured ones, in which nothing is changed")


class OutcomesSection(Section):
    """What is recorded."""

    record_estates: bool = switch("keep a table by week and estate", default=False)
