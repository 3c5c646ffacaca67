"""What drives a conclusion?

Each question names an outcome and the arms between which, or under which, it is asked about.  `gongzhi sensitivity`
screens parameters, divides the variance among the few that matter, and shows what each of these does alone.

The effects of the headline were screened over everything that declares a range already, with many worlds
(`presets/least-known.toml`, `gongzhi sensitivity least-known`).  Their questions begin with the head of that list,
which is also what `gongzhi compare` varies; the others begin with everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["LEAST_KNOWN", "QUESTIONS", "DriverQuestion"]


@dataclass(frozen=True)
class DriverQuestion:
    """A question.

    Attributes
    ----------
    arms
        A policy and what it is set against; or one arm, whose outcome is analysed.
    world
        Changes that all runs share.
    listed
        Whether it begins with the head of the list of what is least known.
    """

    question: str
    arms: dict[str, dict[str, Any]]
    outcome: str
    world: dict[str, Any] = field(default_factory=dict)
    listed: bool = False


FULL = {"coverage.strategy": "full"}

LEAST_KNOWN = N_("Which assumptions move the effects of full coverage and of the whole arrangement most?")
"""What a screening asks."""

QUESTIONS = {
    "coverage": DriverQuestion(
        N_("What decides how much full coverage changes standing disputes?"),
        {"full": FULL, "none": {"coverage.strategy": "none"}},
        "standing",
        listed=True,
    ),
    "arrangement": DriverQuestion(
        N_("What decides how much the whole arrangement changes standing disputes?"),
        {"arrangement": arrangement.changes(), "none": {"coverage.strategy": "none"}},
        "standing",
        listed=True,
    ),
    "disputes": DriverQuestion(
        N_("What decides how many disputes there are, without any policy?"),
        {"none": {"coverage.strategy": "none"}},
        "conflicts",
    ),
    "rights": DriverQuestion(
        N_("What decides how much the three rights change standing disputes, where branches cover all estates?"),
        {"with rights": {"empowerment.enabled": True}, "without rights": {"empowerment.enabled": False}},
        "standing",
        FULL,
    ),
}
