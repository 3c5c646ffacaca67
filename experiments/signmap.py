"""Where does a policy help, and where does it harm?  Maps over what is least known.

`reporting`: members in the estates against the paperwork that a branch owes.  A branch whose reports eat its hours is
a channel without hands.  `crowding-out`: how far visible work drives out invisible work, against how much of what the
branch judges firms by is visible; on paper the sign of an added judge flips at phi = 1 / (1 + s) (docs/model.md, M10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

__all__ = ["MAPS", "Map"]

LONG = {"run.warmup": 52, "run.weeks": 130}


@dataclass(frozen=True)
class Map:
    """A map as it is asked for.

    Attributes
    ----------
    question
        What a reader wants to know.
    design
        The grid and the arms, as in a design file.
    policy, against, outcome
        Whose sign, against what, judged by what.
    border
        Where on paper the sign changes: words, and the second parameter as a function of the first.
    """

    question: str
    design: dict[str, Any]
    policy: str
    against: tuple[str, ...]
    outcome: str
    border: tuple[str, Callable[[NDArray[Any]], NDArray[Any]]] | None = field(default=None, compare=False)


def hours_of_reports(rate: NDArray[Any]) -> NDArray[Any]:
    """Reporting hours that use up what the mean estate's members and secretary give."""
    from sim import Scenario

    p = Scenario().branches
    households = 638.0  # of the mean estate, docs/model.md, section 1
    given = p.secretary_hours + rate * households * p.hours_per_member * p.active_share
    return given - p.targets * p.reporting_per_target


MAPS = {
    "reporting": Map(
        "How much paperwork can a branch bear before it harms?",
        {
            "design": "factorial", "levels": 6, "replicates": 3, "outcomes": ["conflicts", "unresolved"],
            "parameters": {"district.members_rate": [0.002, 0.02], "branches.reporting_hours": [0.0, 6.0]},
            "arms": ["none", "full", "hours_matched:full"], "scenario": {"district.estates": 60, **LONG},
        },
        "full", ("none", "hours_matched:full"), "conflicts",
        ("reports take all hours of the mean branch", hours_of_reports),
    ),
    "crowding-out": Map(
        "When does a judge who sees what shows make firms work less where it does not?",
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
        ("phi = 1 / (1 + s)", lambda s: 1.0 / (1.0 + s)),
    ),
}  # fmt: skip
