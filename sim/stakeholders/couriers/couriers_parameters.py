"""Parameters of couriers (M12)."""

from __future__ import annotations

from typing import Final

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["KINDS", "CouriersSection"]

KINDS: Final = ("medical", "food", "housing", "travel")
"""Kinds of services for riders, each a switch, a rate and a cost."""


def _rate(kind: str) -> float:
    return parameter(
        0.005,
        unit="probability per week",
        low=0.0,
        high=0.1,
        sweep=(0.0, 0.02),
        status="assumed",
        source="direction: the study; size unknown",
        doc=f"that a rider takes up the services because of {kind}, and rides with care from then on",
    )


def _cost(default: float, kind: str) -> float:
    return parameter(
        default,
        unit="yuan per rider and week",
        low=0.0,
        high=10_000.0,
        sweep=(default / 4, default * 4),
        status="assumed",
        source="no data known",
        doc=f"what the purse pays for {kind} of a rider who uses services",
    )


class CouriersSection(Section):
    """Parameters of M12."""

    enabled: bool = switch("riders come and go, charge and park (off: every estate has hazards as usual)")
    services: bool = switch("shops and clinics serve riders, at the purse's cost", default=False)
    medical: bool = switch("the services include health")
    food: bool = switch("the services include food and water")
    housing: bool = switch("the services include housing")
    travel: bool = switch("the services include travel: repairs and cabinets for charging batteries")
    services_act: str = parameter(
        "apart",
        unit="name",
        status="assumed",
        choices=("alike", "apart"),
        source="the study: the services reduce the hazards; how is not told",
        doc="what the kinds of services do: all the same, who takes one up rides with care and uses all that there "
        "are; or each its own thing (travel: care; food: haste; housing and medical help: who stays)",
    )
    reporting: bool = switch("motivated riders report hazards to the grid's desk", default=False)
    cleanups: bool = switch("riders who may report also join clean-ups and traffic guidance")
    stations: int = parameter(
        432,
        unit="stations in a district of 1,034 estates",
        low=1,
        high=1_000_000,
        sweep=(216, 864),
        status="study",
        source="the study: 432 stations",
        doc="courier stations, in proportion to the estates, at least one",
    )
    riders: int = parameter(
        20_000,
        unit="riders in a district of 1,034 estates",
        low=1,
        high=100_000_000,
        sweep=(10_000, 40_000),
        status="study",
        source="the study: more than 20,000 riders",
        doc="riders, in proportion to the estates",
    )
    distance: float = parameter(
        1.5,
        unit="km",
        low=0.01,
        high=100.0,
        sweep=(0.5, 3.0),
        status="assumed",
        source="no data known",
        doc="distance from the station over which estates fall to 1/e of their weight for a rider",
    )
    turnover: float = parameter(
        0.0095,
        unit="probability per week",
        low=0.0,
        high=0.5,
        sweep=(0.0085, 0.016),
        status="data",
        source="under one year 39 % (n = 5,279, 2019); under three 74 % (Beijing, n = 1,692): 0.0087; near 80 % "
        "under two (Jiaxing, n = 735): 0.015 (docs/evidence.md, 71)",
        doc="that a rider leaves and a new one, not yet careful, takes the place",
    )
    loyalty: float = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known; zero, so that retention is not improved by assumption",
        doc="share of the turnover that the services take away from riders who use them, where all kinds act alike",
    )
    food_calms: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="direction: time pressure and fatigue come before risky riding (824 delivery riders in China, abstract "
        "of Crash involvement and risky riding behaviors among delivery riders in China); size unknown",
        doc="share of the relapses that a meal and a rest near by take away, kinds acting apart",
    )
    injuries: float = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.4),
        status="assumed",
        source="no data known",
        doc="share of those who leave who do so because they are ill or hurt",
    )
    medical_spares: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="no data known",
        doc="share of the leaving for illness and injury that medical help takes away, kinds acting apart",
    )
    housing_stays: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known",
        doc="share of the leaving for other reasons that housing takes away, kinds acting apart",
    )
    relapse: float = parameter(
        0.02,
        unit="probability per week",
        low=0.0,
        high=0.5,
        sweep=(0.005, 0.08),
        status="assumed",
        source="direction: deadlines; size unknown",
        doc="that haste makes a careful rider careless again",
    )
    own_accord: float = parameter(
        0.005,
        unit="probability per week",
        low=0.0,
        high=0.1,
        sweep=(0.0, 0.02),
        status="assumed",
        source="no data known",
        doc="that a careless rider becomes careful without services and without example",
    )
    norm: str = parameter(
        "linear",
        unit="name",
        status="assumed",
        source="no data known",
        choices=("none", "linear", "quadratic"),
        doc="how the example of a station's careful riders works: not, in proportion to their share, or to its square",
    )
    norm_strength: float = parameter(
        0.02,
        unit="probability per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.15),
        status="assumed",
        source="no data known",
        doc="b, what the example adds where all the others are careful",
    )
    rate_medical: float = _rate("health")
    rate_food: float = _rate("food and water")
    rate_housing: float = _rate("housing")
    rate_travel: float = _rate("travel")
    yuan_medical: float = _cost(4.0, "health")
    yuan_food: float = _cost(8.0, "food and water")
    yuan_housing: float = _cost(20.0, "housing")
    yuan_travel: float = _cost(8.0, "travel")
    hazard_weight: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="no data known",
        doc="share of the usual charging hazards that careless riders bring; residents bring the rest",
    )
    lane_weight: float = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.35),
        status="assumed",
        source="riders' share of e-bike offences in Shenzhen: 0.33 in seven months of 2017, 0.09 on a day of "
        "2019 (docs/evidence.md, 74)",
        doc="share of the usual parking trouble that careless riders bring",
    )
    motivated: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="no data known",
        doc="riders who would report and lend a hand",
    )
    reports: float = parameter(
        0.08,
        unit="reports per motivated rider and week",
        low=0.0,
        high=50.0,
        sweep=(0.02, 0.3),
        status="data",
        source="hints a week of enrolled riders: Subei 0.02 to 0.03, Xuan'en 0.27; the geometric middle "
        "(docs/evidence.md, 76)",
        doc="reports where hazards are as usual",
    )
    false_share: float = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.4),
        status="assumed",
        source="of cases reported mostly by trained supervisors 5.5 % were not taken up (Tianmen, December "
        "2016): a lower bound (docs/evidence.md, 50)",
        doc="reports behind which there is nothing",
    )
    duplicate_share: float = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.4),
        status="assumed",
        source="no data known",
        doc="of the other reports, those of what has been reported already",
    )
    report_hours: float = parameter(
        0.5,
        unit="hours per report",
        low=0.001,
        high=40.0,
        sweep=(0.1, 2.0),
        status="assumed",
        source="no data known",
        doc="what a report takes of the community's desk, whatever is behind it",
    )
    report_cap: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.1, 1.0),
        status="assumed",
        source="no data known",
        doc="most of a community desk's hours that may go to riders' reports",
    )
    report_expiry: float = parameter(
        0.1,
        unit="probability per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source="no data known",
        doc="that a waiting report is dropped",
    )
    hazards_per_500: float = parameter(
        10.0,
        unit="hazards per 500 households",
        low=0.01,
        high=10_000.0,
        sweep=(3.0, 30.0),
        status="assumed",
        source="no data known",
        doc="charging hazards where they are as usual; a good report removes one",
    )
    writing_hours: float = parameter(
        0.05,
        unit="hours per report",
        low=0.0,
        high=10.0,
        sweep=(0.02, 0.2),
        status="assumed",
        source="a photograph and a line",
        doc="what a report takes of the rider's time",
    )
    cleanup_hours: float = parameter(
        0.1,
        unit="hours per motivated rider and week",
        low=0.0,
        high=40.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known",
        doc="what motivated riders give to clean-ups and traffic guidance",
    )
