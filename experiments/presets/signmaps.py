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

from experiments.analyses.signmap.signmap_view import Border
from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["BORDERS", "MAPS", "Map", "hours_left", "judged_alike"]

LONG = {"run.warmup": 52, "run.weeks": 130}

HOUSEHOLDS: Final = 638.0
"""Of the mean estate, docs/model.md, section 1."""


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
    policy: str
    against: tuple[str, ...]
    outcome: str


def hours_left(value: Any) -> Any:
    """Weekly hours that the mean estate's own branch has left after its reports (M9), in expectation.

    Parameters
    ----------
    value
        Gives a parameter by its name: a number, or an array.
    """
    members = value("district.members_rate") * HOUSEHOLDS
    given = value("branches.secretary_hours") + (
        members * value("branches.hours_per_member") * value("branches.active_share")
    )
    given = given + HOUSEHOLDS * value("district.in_service_rate") * value("branches.in_service") * value(
        "branches.reach"
    ) * value("branches.in_service_hours") * value("branches.active_share")
    owed = value("branches.reporting_hours") + value("branches.targets") * value("branches.reporting_per_target")
    return given - owed


def judged_alike(value: Any) -> Any:
    """How far what the branch judges firms by is more visible than 1 / (1 + s), where its judgement moves no effort."""
    return value("empowerment.visible_share") - 1.0 / (1.0 + value("firms.substitution"))


BORDERS = (
    Border(
        N_("reports take all hours of the mean estate's branch"),
        ("district.members_rate", "branches.secretary_hours", "branches.hours_per_member", "branches.active_share",
         "branches.reporting_hours", "branches.targets", "branches.reporting_per_target", "district.in_service_rate",
         "branches.reach", "branches.in_service_hours"),
        hours_left,
    ),
    Border(
        N_("phi = 1 / (1 + s): a further judge moves no invisible effort"),
        ("empowerment.visible_share", "firms.substitution"), judged_alike, ("effort_invisible", "effort_visible"),
    ),
)  # fmt: skip
"""Where on paper a sign changes; drawn on every map, a user's own too, whose panels vary what it depends on."""

FULL = ["none", "full", "hours_matched:full"]

BOTH: Final[dict[str, Any]] = {"none": "none", "full": "full", "arrangement": arrangement.changes()}
"""Coverage alone and the whole arrangement; only the arm that is asked about is run, and what it is set against."""

MAPS = {
    "reporting": Map(
        N_("How much paperwork can a branch bear before it harms?"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"district.members_rate": [0.002, 0.02], "branches.reporting_hours": [0.0, 6.0]},
            "arms": FULL, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
    ),
    "crowding-out": Map(
        N_("When does a judge who sees what shows make firms work less where it does not?"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["effort_invisible", "conflicts"],
            "parameters": {"firms.substitution": [0.0, 0.9], "empowerment.visible_share": [0.0, 1.0]},
            "arms": {
                "no rights": {},
                "evaluation": {"empowerment.enabled": True, "empowerment.micro_projects": False,
                               "empowerment.awards": False},
            },
            "scenario": {"district.estates": 60, "coverage.strategy": "full", **LONG},
        },
        "evaluation", ("no rights",), "effort_invisible",
    ),
    "secretary": Map(
        N_("Can secretaries' own hours carry the paperwork where few members live?"),
        {
            "design": "factorial", "levels": 4, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"district.members_rate": [0.002, 0.02], "branches.reporting_hours": [0.0, 6.0],
                           "branches.secretary_hours": {"levels": [0.0, 2.0, 6.0]}},
            "arms": FULL, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
    ),
    "least-known": Map(
        N_("Over what is known least, how often does full coverage help, and what decides it?"),
        {
            "design": "sobol", "points": 64, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"services.effect": "declared", "district.members_rate": "declared",
                           "branches.secretary_hours": "declared", "branches.reporting_hours": "declared"},
            "arms": FULL, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
    ),
    "new-door": Map(
        N_("Does a branch that draws people from everything else help where it reaches few members?"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"voice.nest": [0.1, 1.0], "branches.reach": [0.0, 1.0]},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
    "members": Map(
        N_("How many members must a branch reach, and how much of their time must they give?"),
        {
            "design": "factorial", "levels": 4, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"branches.reach": [0.0, 1.0], "branches.in_service_hours": [0.05, 0.7],
                           "branches.active_share": {"levels": [0.2, 0.4, 0.8]}},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
    "causes": Map(
        N_("Does it help to mediate where causes pass by themselves, or where a private word ends them?"),
        {
            "design": "factorial", "levels": 4, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"incidents.own_end": [0.05, 0.4], "private.ends_neighbour": [0.0, 1.0],
                           "private.ends_other": {"levels": [0.0, 0.1, 0.5]}},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
    "early": Map(
        N_("Must a branch see causes early, or do its routine services carry it?"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"frontline.sight": [0.0, 0.3], "services.effect": [0.0, 0.2]},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
}  # fmt: skip
