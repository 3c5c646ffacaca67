"""Parameters of M8."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["CollectiveSection"]

_RESPONSE = "Chen, Pan and Xu 2016: about one third of county governments answered a citizen's request"


class CollectiveSection(Section):
    """Parameters of M8."""

    enabled: bool = switch("residents may act together (off: the channel stays closed)")
    trigger_shock: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.6),
        status="assumed",
        source="no data known",
        doc="that an external shock stirs its estate up in the week in which it begins",
    )
    trigger_broken: float = parameter(
        0.02,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.1),
        status="assumed",
        source="no data known",
        doc="that a broken agreement stirs its estate up",
    )
    weeks: int = parameter(
        6,
        unit="weeks",
        low=1,
        high=520,
        sweep=(3, 12),
        status="assumed",
        source="no data known",
        doc="how long an estate stays stirred at most",
    )
    concern: float = parameter(
        0.5,
        unit="share of the own threshold",
        low=0.0,
        high=10.0,
        sweep=(0.3, 0.9),
        status="assumed",
        source="no data known",
        doc="grievance from which a resident is concerned by what stirs the estate",
    )
    threshold_mean: float = parameter(
        0.25,
        unit="share of the concerned",
        low=-5.0,
        high=5.0,
        sweep=(0.15, 0.4),
        status="literature",
        source="Granovetter 1978: the example of 25 %; where residents of estates stand is not known",
        doc="share that must take part before the average concerned resident does",
    )
    threshold_sd: float = parameter(
        0.12,
        unit="share of the concerned",
        low=0.0,
        high=5.0,
        sweep=(0.05, 0.3),
        status="literature",
        source="Granovetter 1978: critical at 0.1222 for a mean of 0.25; where estates stand is not known",
        doc="standard deviation of these thresholds between residents (normal)",
    )
    petition_persons: int = parameter(
        5,
        unit="persons",
        low=1,
        high=100_000,
        sweep=(5, 50),
        status="assumed",
        source="no least number of a group petition was found; that of representatives",
        doc="participants from which an action goes to the authorities or the media; fewer fade away",
    )
    representatives: int = parameter(
        5,
        unit="persons",
        low=1,
        high=1000,
        sweep=(1, 10),
        status="literature",
        source="Shenzhen Special Economic Zone petition regulations, article 19: at most five representatives "
        "(docs/evidence.md, 56)",
        doc="participants who are received, learn at first hand how it went, and tell",
    )
    media: float = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.4),
        status="assumed",
        source="no data known",
        doc="actions that go to the media instead of petitioning",
    )
    respond: float = parameter(
        1 / 3,
        unit="probability",
        low=0.001,
        high=0.999,
        sweep=(0.2, 0.6),
        status="literature",
        source="Chen, Pan and Xu 2016: about one third of 2,103 county governments answered (abstract; "
        "docs/evidence.md, 61)",
        doc="that officials respond to a request without any pressure",
    )
    pressure: float = parameter(
        0.4,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="direction: Chen, Pan and Xu 2016, a threat of collective action makes counties considerably "
        "more responsive; size not seen (docs/evidence.md, 61)",
        doc="what the smallest group of petitioners adds to the log-odds of a response; each doubling adds as much",
    )
    success_most: float = parameter(
        0.6,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.9),
        status="assumed",
        source="no data known",
        doc="that an answered petition succeeds, at the participation that serves it best",
    )
    success_peak: float = parameter(
        0.4,
        unit="share of the concerned",
        low=0.01,
        high=10.0,
        sweep=(0.2, 0.8),
        status="assumed",
        source="direction: Sheng 2016, 191 actions of owners, numbers help and more are not always better "
        "(abstract; docs/evidence.md, 60)",
        doc="participation that serves success best",
    )
    ends_shocks: bool = switch(
        "a petition that succeeds ends the external shock that it is about: who caused it answers to the authorities"
    )
    petition_hours: float = parameter(
        10.0,
        unit="hours",
        low=0.0,
        high=10_000.0,
        sweep=(2.0, 40.0),
        status="assumed",
        source="no data known",
        doc="hours that receiving a petition takes from the district's desk, answering the media from the street's",
    )
    hours_participant: float = parameter(
        2.0,
        unit="hours per week",
        low=0.0,
        high=60.0,
        sweep=(0.5, 8.0),
        status="assumed",
        source="no data known",
        doc="what a week of taking part costs a resident",
    )
