"""Where does a policy help, and where does it harm?  Maps over what is least known.

`reporting`: members in the estates against the paperwork that a branch owes.  A branch whose reports eat its hours is
a channel without hands.  `crowding-out`: how far visible work drives out invisible work, against how much of what the
branch judges firms by is visible; on paper the sign of an added judge flips at phi = 1 / (1 + s) (docs/model.md, M10).
`secretary`: the first map again for secretaries who give nothing, something and much of their own time.
`least-known`: members, secretaries' hours, paperwork and what services achieve, all at once.  `members`: hours times
active share times reach, of the members who live there.  `new-door`, `causes` and `early`: conventions rather than
numbers (docs/assumptions.md), for coverage alone or, with the arm `arrangement` as the policy, for all that the study
describes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["MAPS", "Map"]

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
                "evaluation": {
                    "empowerment.enabled": True,
                    "empowerment.micro_projects": False,
                    "empowerment.awards": False,
                },
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
                (
                    "services.effect",
                    "district.members_rate",
                    "branches.secretary_hours",
                    "branches.reporting_hours",
                ),
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
