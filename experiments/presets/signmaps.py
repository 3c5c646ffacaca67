"""Where does a policy help, and where does it harm?  Maps over what is least known.

`reporting`: members in the estates against the paperwork that a branch owes.  A branch whose reports eat its hours is
a channel without hands.  `crowding-out`: how far visible work drives out invisible work, against how much of what the
branch judges firms by is visible; on paper the sign of an added judge flips at phi = 1 / (1 + s) (docs/model.md, M10).
`secretary`: the first map again for secretaries who give nothing, something and much of their own time.
`least-known`: members, secretaries' hours, paperwork and what services achieve, all at once.  `members`: hours times
active share times reach, of the members who live there.  `new-door`, `causes` and `early`: conventions rather than
numbers (docs/assumptions.md), for coverage alone or, with the arm `arrangement` as the policy, for all that the study
describes.

`regions` is a search rather than a map: many parameters at once, a box in which a policy looks like help and one in
which it looks like harm, and both tried again with fresh worlds and fresh draws, so that what is reported is not what
chance made look best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["MAPS", "REGIONS", "Map"]

LONG: Final = {"district.estates": 60, "run.warmup": 52, "run.weeks": 130}


@dataclass(frozen=True)
class Map:
    """A map as it is asked for.

    Attributes
    ----------
    question
        What a reader wants to know.
    design
        The points and the arms, as in a design file.
    policy, against, outcome
        Whose sign, against what, judged by what.
    """

    question: str
    design: dict[str, Any]
    policy: str = "full"
    against: tuple[str, ...] = ("none",)
    outcome: str = "conflicts"


GRID: Final[dict[str, Any]] = {
    "design": "factorial",
    "levels": 6,
    "replicates": 3,
    "outcomes": ["conflicts", "standing"],
    "scenario": LONG,
}
"""Two parameters; of three, there are fewer levels."""

CONTROLLED: Final = ["none", "full", "hours_matched:full"]
EVALUATION: Final = {"empowerment.enabled": True, "empowerment.micro_projects": False, "empowerment.awards": False}
AGAINST: Final = ("none", "hours_matched:full")

BOTH: Final[dict[str, Any]] = {"none": "none", "full": "full", "arrangement": arrangement.changes()}
"""Coverage alone and the whole arrangement; only the arm that is asked about is run, and what it is set against."""

MAPS: Final = {
    "reporting": Map(
        N_("How much paperwork can a branch bear before it harms?"),
        GRID
        | {
            "arms": CONTROLLED,
            "parameters": {"district.members_rate": [0.002, 0.02], "branches.reporting_hours": [0.0, 6.0]},
        },
        against=AGAINST,
    ),
    "crowding-out": Map(
        N_("When does a judge who sees what shows make firms work less where it does not?"),
        GRID
        | {
            "arms": {
                "no rights": {},
                "evaluation": EVALUATION,
            },
            "parameters": {"firms.substitution": [0.0, 0.9], "empowerment.visible_share": [0.0, 1.0]},
            "outcomes": ["effort_invisible", "conflicts"],
            "scenario": {"coverage.strategy": "full", **LONG},
        },
        policy="evaluation",
        against=("no rights",),
        outcome="effort_invisible",
    ),
    "secretary": Map(
        N_("Can secretaries' own hours carry the paperwork where few members live?"),
        GRID
        | {
            "levels": 4,
            "arms": CONTROLLED,
            "parameters": {
                "district.members_rate": [0.002, 0.02],
                "branches.reporting_hours": [0.0, 6.0],
                "branches.secretary_hours": {"levels": [0.0, 2.0, 6.0]},
            },
        },
        against=AGAINST,
    ),
    "least-known": Map(
        N_("Over what is known least, how often does full coverage help, and what decides it?"),
        {
            "design": "sobol",
            "points": 64,
            "replicates": 3,
            "outcomes": ["conflicts", "standing"],
            "scenario": LONG,
            "arms": CONTROLLED,
            "parameters": dict.fromkeys(
                ("services.effect", "district.members_rate", "branches.secretary_hours", "branches.reporting_hours"),
                "declared",
            ),
        },
        against=AGAINST,
    ),
    "new-door": Map(
        N_("Does a branch that draws people from everything else help where it reaches few members?"),
        GRID | {"arms": BOTH, "parameters": {"voice.nest": [0.1, 1.0], "branches.reach": [0.0, 1.0]}},
    ),
    "members": Map(
        N_("How many members must a branch reach, and how much of their time must they give?"),
        GRID
        | {
            "levels": 4,
            "arms": BOTH,
            "parameters": {
                "branches.reach": [0.0, 1.0],
                "branches.in_service_hours": [0.05, 0.7],
                "branches.active_share": {"levels": [0.2, 0.4, 0.8]},
            },
        },
    ),
    "causes": Map(
        N_("Does it help to mediate where causes pass by themselves, or where a private word ends them?"),
        GRID
        | {
            "levels": 4,
            "arms": BOTH,
            "parameters": {
                "incidents.own_end": [0.05, 0.4],
                "private.ends_neighbour": [0.0, 1.0],
                "private.ends_other": {"levels": [0.0, 0.1, 0.5]},
            },
        },
    ),
    "early": Map(
        N_("Must a branch see causes early, or do its routine services carry it?"),
        GRID | {"arms": BOTH, "parameters": {"frontline.sight": [0.0, 0.3], "services.effect": [0.0, 0.2]}},
    ),
}

REGIONS: Final[dict[str, Any]] = {
    "question": N_("In which region of what is not known does each policy help, and in which does it harm?"),
    "search": "regions",
    "scenario": {"district.estates": 60, "run.weeks": 130},
    "policies": {
        "coverage": {
            "name": N_("full coverage"),
            "arm": "full",
            "outcome": "conflicts",
            "parameters": {
                "branches.hours_per_member": [0.2, 2.0],
                "branches.secretary_hours": [0.0, 6.0],
                "branches.reporting_hours": [0.0, 6.0],
                "branches.mediation_share": [0.0, 1.0],
                "services.effect": [0.0, 0.2],
                "voice.base_branch": [-1.4, 0.6],
                "branches.in_service_hours": [0.05, 0.7],
            },
        },
        "empowerment": {
            "name": N_("the right to evaluate and select"),
            "arm": EVALUATION,
            "outcome": "open",
            "parameters": {
                "empowerment.visible_share": [0.0, 0.9],
                "empowerment.evaluation_hours": [0.05, 1.0],
                "voice.weight_authority": [0.0, 1.5],
                "desks.settle_authority": [0.0, 1.2],
                "firms.prior_strength": [50.0, 1000.0],
            },
            "scenario": {"coverage.strategy": "full"},
            "note": N_(
                "Judged by open cases: power over the firm may draw cases to the branch, which has no more hours than "
                "before. The effect is small: forty worlds left the harm undecided, so that it was tried in four times "
                "as many, all of them new."
            ),
            "worlds": 4,
        },
        "cross-appointment": {
            "name": N_("cross-appointment"),
            "arm": {
                "deliberation.enabled": True,
                "deliberation.platform": False,
                "deliberation.captains": False,
                "deliberation.social_organisations": False,
                "deliberation.overlap": 3,
            },
            "outcome": "reply_median",
            "parameters": {
                "desks.meeting": [0.08, 0.3],
                "deliberation.independence_loss": [0.0, 0.4],
                "deliberation.seat_hours": [0.0, 1.0],
                "firms.hours_per_500": [0.8, 5.0],
                "desks.hours_community": [20.0, 240.0],
            },
            "scenario": {"coverage.strategy": "full"},
        },
        "courier reporting": {
            "name": N_("reports by couriers"),
            "arm": {"couriers.reporting": True},
            "outcome": "open",
            "parameters": {
                "couriers.reports": [0.02, 0.3],
                "couriers.motivated": [0.05, 0.8],
                "couriers.report_hours": [0.1, 2.0],
                "couriers.report_cap": [0.1, 1.0],
                "desks.hours_community": [20.0, 240.0],
                "couriers.false_share": [0.05, 0.4],
            },
        },
        "enterprises' hours": {
            "name": N_("hours of enterprises, with services in return"),
            "arm": {"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True},
            "outcome": "enterprises",
            "parameters": {
                "enterprises.hours_per_member": [0.2, 2.0],
                "enterprises.branch_hours": [0.0, 1.0],
                "enterprises.time_cost": [0.0, 20.0],
                "enterprises.met_lowers": [0.0, 0.5],
                "enterprises.service_hours": [0.0, 1000.0],
            },
            "scenario": {
                "enterprises.number": 20_000,
                "enterprises.giving_share": 0.5,
                "enterprises.members_per_employee": 0.2,
                "enterprises.organised_before": 0.3,
                "enterprises.exit_rate": 0.005,
            },
            "note": N_(
                "Ten times the usual number of enterprises, so that chance in closures does not hide what hours given "
                "cost; the hours of the service desk are for so many."
            ),
        },
    },
}
"""Policies whose regions are searched, each judged by the outcome that it is meant to move."""
