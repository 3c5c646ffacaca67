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

from experiments.lab.plots.mapped import Border
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
        What a reader wants to know, in English and Chinese.
    design
        The points and the arms, as in a design file.
    policy, against, outcome
        Whose sign, against what, judged by what.
    """

    question: tuple[str, str]
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
        members * value("branches.hours_per_member") * value("branches.active_share"))
    given = given + HOUSEHOLDS * value("district.in_service_rate") * value("branches.in_service") * value(
        "branches.reach") * value("branches.in_service_hours") * value("branches.active_share")
    owed = value("branches.reporting_hours") + value("branches.targets") * value("branches.reporting_per_target")
    return given - owed


def judged_alike(value: Any) -> Any:
    """How far what the branch judges firms by is more visible than 1 / (1 + s), where its judgement moves no effort."""
    return value("empowerment.visible_share") - 1.0 / (1.0 + value("firms.substitution"))


BORDERS = (
    Border(
        ("reports take all hours of the mean estate's branch", "填报耗尽平均小区支部的全部工时"),
        ("district.members_rate", "branches.secretary_hours", "branches.hours_per_member", "branches.active_share",
         "branches.reporting_hours", "branches.targets", "branches.reporting_per_target", "district.in_service_rate",
         "branches.reach", "branches.in_service_hours"),
        hours_left,
    ),
    Border(
        ("phi = 1 / (1 + s): a further judge moves no invisible effort",
         "phi = 1 / (1 + s)：新增评价者不改变看不见的投入"),
        ("empowerment.visible_share", "firms.substitution"), judged_alike, ("effort_invisible", "effort_visible"),
    ),
)  # fmt: skip
"""Where on paper a sign changes; drawn on every map, a user's own too, whose panels vary what it depends on."""

FULL = ["none", "full", "hours_matched:full"]

BOTH: Final[dict[str, Any]] = {"none": "none", "full": "full", "arrangement": arrangement.changes()}
"""Coverage alone and the whole arrangement; only the arm that is asked about is run, and what it is set against."""

MAPS = {
    "reporting": Map(
        ("How much paperwork can a branch bear before it harms?", "支部承担多少填报之后就会适得其反？"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"district.members_rate": [0.002, 0.02], "branches.reporting_hours": [0.0, 6.0]},
            "arms": FULL, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
    ),
    "crowding-out": Map(
        ("When does a judge who sees what shows make firms work less where it does not?",
         "只看得见表面的评价者，何时会使企业在看不见处少投入？"),
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
        ("Can secretaries' own hours carry the paperwork where few members live?",
         "党员少的小区，书记自己的工时能否承担填报？"),
        {
            "design": "factorial", "levels": 4, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"district.members_rate": [0.002, 0.02], "branches.reporting_hours": [0.0, 6.0],
                           "branches.secretary_hours": {"levels": [0.0, 2.0, 6.0]}},
            "arms": FULL, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
    ),
    "least-known": Map(
        ("Over what is known least, how often does full coverage help, and what decides it?",
         "在所知最少的参数上，全覆盖多常有利，由什么决定？"),
        {
            "design": "sobol", "points": 64, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"services.effect": "declared", "district.members_rate": "declared",
                           "branches.secretary_hours": "declared", "branches.reporting_hours": "declared"},
            "arms": FULL, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
    ),
    "new-door": Map(
        ("Does a branch that draws people from everything else help where it reaches few members?",
         "支部若从所有去向分流诉求，而联系到的党员又少，是否仍有利？"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"voice.nest": [0.1, 1.0], "branches.reach": [0.0, 1.0]},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
    "members": Map(
        ("How many members must a branch reach, and how much of their time must they give?",
         "支部须联系到多少在职党员，他们又须投入多少工时？"),
        {
            "design": "factorial", "levels": 4, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"branches.reach": [0.0, 1.0], "branches.in_service_hours": [0.05, 0.7],
                           "branches.active_share": {"levels": [0.2, 0.4, 0.8]}},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
    "causes": Map(
        ("Does it help to mediate where causes pass by themselves, or where a private word ends them?",
         "起因会自行消失，或私下沟通便能终结起因之处，调解是否仍有用？"),
        {
            "design": "factorial", "levels": 4, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"incidents.own_end": [0.05, 0.4], "private.ends_neighbour": [0.0, 1.0],
                           "private.ends_other": {"levels": [0.0, 0.1, 0.5]}},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
    "early": Map(
        ("Must a branch see causes early, or do its routine services carry it?",
         "支部须及早发现起因，还是靠日常服务即可？"),
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "standing"],
            "parameters": {"frontline.sight": [0.0, 0.3], "services.effect": [0.0, 0.2]},
            "arms": BOTH, "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none",), "conflicts",
    ),
}  # fmt: skip
