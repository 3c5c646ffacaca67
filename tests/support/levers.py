"""What a lever of table 2 is, and the levers with which branches help owners and residents to help themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["BRANCHES_HELP", "FULL", "Lever"]


@dataclass(frozen=True)
class Lever:
    """A lever of table 2.

    Attributes
    ----------
    on
        Changes that switch this lever on and no other; `needs` are in force on both sides.
    lines
        Lines of the agenda in which it acts.
    touches
        What it may write to, beside its own components.
    own
        Its own components.
    surely
        What it must write to in these weeks, or the test would say nothing.
    """

    on: Mapping[str, Any]
    lines: tuple[str, ...]
    own: tuple[str, ...]
    touches: tuple[str, ...]
    surely: tuple[str, ...]
    needs: Mapping[str, Any] = field(default_factory=dict)
    except_for: tuple[str, ...] = ()


FULL: Final = {"coverage.strategy": "full"}

BRANCHES_HELP: Final = {
    # M7, M9: hours into attendance and initiators; nothing else of a committee, and no outcome.
    "help with owners' meetings": Lever(
        on={"meetings.enabled": True},
        lines=("meeting_help.ask", "meeting_help.give"),
        needs=FULL,
        own=("meeting_help.*",),
        touches=(
            "branches.asked_meetings",
            "committees.turnout_help",
            "committees.founding_help",
            "desks.hours.community",
            "authorities.taken",
            "costs",
        ),
        surely=(
            "branches.asked_meetings",
            "committees.turnout_help",
            "committees.founding_help",
            "desks.hours.community",
            "costs",
        ),
    ),
    # S9: who answers the call.
    "members who call on neighbours": Lever(
        on={"services.volunteer_mobilisation": True},
        lines=("volunteers.offer", "volunteers.serve", "volunteers.tire"),
        needs={**FULL, "services.volunteers": True},
        own=("volunteers.*",),
        touches=("services.hands", "costs"),
        surely=("volunteers.answering", "volunteers.to_services", "services.hands", "costs"),
    ),
    # M9: founding a branch sets more than trust, so this lever may write what founding writes.
    "standing of secretaries": Lever(
        on={"branches.repute": True},
        lines=("coverage.assign",),
        needs=FULL,
        own=("branches.*", "coverage.*"),
        touches=("desks.skill.branch", "desks.knowledge.branch", "desks.serves.branch", "trust.estate_mean"),
        surely=("branches.repute", "trust.estate_mean"),
        # Trust is not learnt here: it is where residents begin with a branch of which they know only who leads it.
        except_for=("trust.estate_mean",),
    ),
}
"""Levers by name."""
