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

    standing_after: int = parameter(
        8, unit="weeks", low=1, high=520, sweep=(4, 26), status="design",
        source="long enough for a desk's median reply, short enough to be owed to this conflict",
        doc="weeks after a first conflict at which is asked whether the matter still stands")
    record_estates: bool = switch("keep a table by week and estate", default=False)
