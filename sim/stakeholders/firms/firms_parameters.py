"""Parameters of M6."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["FirmsSection"]


class FirmsSection(Section):
    """Parameters of M6: what firms weigh, what their effort does, and how they are paid."""

    enabled: bool = switch(
        "firms choose their effort and are paid by share (off: effort stays at the default solution, "
        "conditions at 1, all fees are paid, no firm is replaced)"
    )
    owners_weight: float = parameter(
        0.5,
        unit="payoff per unit of effort",
        low=0.0,
        high=10.0,
        sweep=(0.2, 1.0),
        status="assumed",
        source="prototype",
        doc="psi, weight of the owners' threat to replace the firm, before any news",
    )
    visible_share: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.9),
        status="assumed",
        source="prototype",
        doc="phi, share of what owners judge a firm by that lies in visible effort",
    )
    substitution: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=0.99,
        sweep=(0.0, 0.6),
        status="assumed",
        source="prototype",
        doc="s, how much an hour spent on visible work makes invisible work dearer",
    )
    fine: float = parameter(
        0.1,
        unit="payoff per unit of effort",
        low=0.0,
        high=10.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source="prototype; what contract law and warranty take from a firm that does nothing invisible",
        doc="pF, expected penalty for leaving invisible work undone",
    )
    cost: float = parameter(
        1.2,
        unit="payoff per unit of effort",
        low=0.01,
        high=100.0,
        sweep=(0.6, 2.4),
        status="assumed",
        source="prototype",
        doc="c, how fast effort becomes dear",
    )
    service_exponent: float = parameter(
        1.0,
        unit="exponent",
        low=0.0,
        high=5.0,
        sweep=(0.5, 2.0),
        status="assumed",
        source="no data known",
        doc="gamma, how service incidents fall with invisible effort, (1 - u)^gamma",
    )
    wear: float = parameter(
        0.02,
        unit="deferred maintenance per week",
        low=1e-6,
        high=1.0,
        sweep=(0.01, 0.04),
        status="assumed",
        source="sets only the unit of deferred maintenance; facility incidents follow it over its reference",
        doc="d0, what a new estate wears out in a week; twice as much at `wear_age`",
    )
    wear_age: float = parameter(
        20.0,
        unit="years",
        low=0.1,
        high=1000.0,
        sweep=(10.0, 40.0),
        status="assumed",
        source="no data known",
        doc="age at which an estate wears out twice as fast as when it was new",
    )
    repair_base: float = parameter(
        0.02,
        unit="share per week",
        low=1e-6,
        high=0.5,
        sweep=(0.01, 0.04),
        status="assumed",
        source="about a year till a known damage is repaired where nobody makes an effort",
        doc="rho0, share of known damage that is repaired in any case",
    )
    repair_effort: float = parameter(
        0.08,
        unit="share per week",
        low=0.0,
        high=0.5,
        sweep=(0.04, 0.16),
        status="assumed",
        source="about ten weeks till a known damage is repaired at full effort",
        doc="rho, share that full invisible effort repairs on top",
    )
    finding: float = parameter(
        0.15,
        unit="share per week",
        low=1e-6,
        high=1.0,
        sweep=(0.03, 0.5),
        status="assumed",
        source="rounds of the public parts once a quarter find a damage after 6.5 weeks on average; no data known",
        doc="f0, share of damage not yet known that is noticed without anybody else's inspection",
    )
    reference_year: int = parameter(
        2021,
        unit="year",
        low=1900,
        high=2200,
        sweep=(2021, 2021),
        status="study",
        source="year of the field study",
        doc="year in which the ages of buildings are taken",
    )
    reference_age: float = parameter(
        20.0,
        unit="years",
        low=0.0,
        high=200.0,
        sweep=(10.0, 30.0),
        status="assumed",
        source="sets what counts as usual maintenance; absorbed by incidents.rate_facility in calibration",
        doc="age of buildings at which deferred maintenance counts as usual",
    )
    hours_per_500: float = parameter(
        3.0,
        unit="hours per week",
        low=0.0,
        high=200.0,
        sweep=(0.8, 5.0),
        status="assumed",
        source="prototype",
        doc="hours a firm's office has for cases, per 500 households at the usual r",
    )
    fee_share: float = parameter(
        0.8,
        unit="share",
        low=0.05,
        high=1.0,
        sweep=(0.6, 0.95),
        status="assumed",
        source="no traceable rate of collection was found (docs/evidence.md)",
        doc="r, share of fees paid where satisfaction is average and neighbours do the same",
    )
    fee_satisfaction: float = parameter(
        0.6,
        unit="share per unit of satisfaction",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source="no data known",
        doc="how the share of fees paid follows satisfaction",
    )
    fee_contagion: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.8),
        status="assumed",
        source="no data known",
        doc="weight of the community's other estates against one's own satisfaction: arrears spread",
    )
    fee_pace: float = parameter(
        0.3,
        unit="share per quarter",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.6),
        status="assumed",
        source="no data known",
        doc="how fast the share of fees paid follows",
    )
    billing_peak: float = parameter(
        0.7,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="share of fee incidents that begin in the one week a quarter when bills go out",
    )
    replacement_prior: float = parameter(
        0.01,
        unit="probability per contract and year",
        low=1e-4,
        high=1.0,
        sweep=(0.002, 0.05),
        status="assumed",
        source="what the default scenario shows; yearly replacements of firms were looked for and not found "
        "(docs/evidence.md)",
        doc="replacement that firms expect before any news",
    )
    prior_strength: float = parameter(
        400.0,
        unit="contract-years",
        low=1.0,
        high=1e6,
        sweep=(50.0, 1000.0),
        status="assumed",
        source="four replacements seen would count as much as all that firms thought before",
        doc="how much observation it takes to move that expectation half-way",
    )
    news_memory: float = parameter(
        3.0,
        unit="years",
        low=0.25,
        high=100.0,
        sweep=(1.0, 10.0),
        status="assumed",
        source="no data known",
        doc="time in which what was observed fades to 1/e",
    )
    local_advantage: float = parameter(
        5.0,
        unit="weight per contract",
        low=0.0,
        high=1000.0,
        sweep=(0.0, 20.0),
        status="assumed",
        source="the nearest estate has the same firm twelve times as often as by chance (model.md)",
        doc="how much a contract in the same community speaks for a firm when another is replaced",
    )
    fresh_start: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="how far a change of firm moves the share of fees paid to the community's mean",
    )
