"""Parameters of a run and of what is recorded."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["OutcomesSection", "RunSection"]


class RunSection(Section):
    """How long a run is."""

    weeks: int = parameter(
        208,
        unit="weeks",
        low=2,
        high=4000,
        status="design",
        source="model.md, section 1",
        doc="length of a run, warm-up included",
    )
    warmup: int = parameter(
        52,
        unit="weeks",
        low=1,
        high=2000,
        status="design",
        source="model.md, section 1",
        doc="weeks before the measured ones, in which nothing is changed",
    )


class OutcomesSection(Section):
    """What is recorded."""

    standing_after: int = parameter(
        8,
        unit="weeks",
        low=1,
        high=520,
        sweep=(4, 26),
        status="design",
        source="long enough for a desk's median reply, short enough to be owed to this conflict",
        doc="weeks after a first conflict at which is asked whether the matter still stands",
    )
    count_busy: str = parameter(
        "nobody",
        unit="name",
        status="assumed",
        choices=("nobody", "crossing", "everyone"),
        source="who has a case open files no other; most of them have been over their threshold since they filed",
        doc="who is counted of people with a case open, or in talks, and another cause: nobody; those whom this week's "
        "pushes take over their threshold; or everyone who is over it",
    )
    price_of_hour: float = parameter(
        0.0,
        unit="yuan",
        low=0.0,
        high=10000.0,
        sweep=(0.0, 60.0),
        status="design",
        source="the user's; 0: hours are not priced",
        doc="what an hour is worth that policies and services take from anybody",
    )
    record_estates: bool = switch("keep a table by week and estate", default=False)
