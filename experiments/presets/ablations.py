"""Which mechanism carries the effect of a policy?

Each policy is divided into what can be taken out of it while the rest stays in force.  `gongzhi ablate full` runs every
set of parts under common random numbers, and divides the policy's effect among them.  Members have one budget of hours:
what is taken out leaves its hours to the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["POLICIES", "Apart"]


@dataclass(frozen=True)
class Apart:
    """A policy and its parts: changes that make it, that take each part out, and that the baseline has too."""

    question: str
    policy: dict[str, Any]
    parts: dict[str, dict[str, Any]]
    world: dict[str, Any]
    outcomes: tuple[str, ...] = ("conflicts", "filed", "standing")


_OFF: dict[str, dict[str, Any]] = {
    "coverage": {"coverage.strategy": "none"},
    "rights": {"empowerment.enabled": False},
    "station": {"branches.station": False},
    "deliberation": {"deliberation.enabled": False},
    "supervision": {"supervision.enabled": False},
    "meetings": {"meetings.enabled": False},
    "volunteers": {"services.volunteers": False},
    "two-new": {"enterprises.political": False, "enterprises.economic": False, "enterprises.social": False},
    "couriers": {"couriers.services": False, "couriers.reporting": False},
}
"""What takes a part out of the arrangement; a test holds it to `sim.arrangement.PARTS`."""

POLICIES = {
    "arrangement": Apart(
        N_("Which part of the study's whole arrangement moves disputes?"),
        arrangement.changes(),
        {name: _OFF[name] for name in arrangement.PARTS},
        {},
    ),
    "full": Apart(
        N_("Which part of full coverage moves disputes: mediation, its channel, routine services, or reporting?"),
        {"coverage.strategy": "full"},
        {
            "mediation": {"branches.mediation_share": 0.0},
            "channel": {"branches.attraction": False},
            "routine services": {"services.enabled": False},
            "reporting": {"branches.reporting_hours": 0.0, "branches.targets": 0},
        },
        {},
    ),
    "rights": Apart(
        N_("Which of the three rights moves disputes?"),
        {"empowerment.enabled": True},
        {
            "evaluation": {"empowerment.evaluation": False},
            "micro-projects": {"empowerment.micro_projects": False},
            "awards": {"empowerment.awards": False},
            "training": {"empowerment.training": False},
        },
        {"coverage.strategy": "full"},
    ),
}
