"""The study's arrangement: coverage and all that it is there for, part by part.

In the study, organisation is the base and what it *does* is the key.  The arrangement is everything that the study
describes for ordinary times; coverage alone is its first step.  Each part is a set of changes to a scenario, so that
the arrangement can be tried whole, without one of its parts, or part by part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = ["LESS", "NAME", "PARTS", "WITH", "changes", "named"]

NAME: Final = "arrangement"

WITH: Final = f"{NAME}, "
"""Begins the name of the arrangement with another coverage: ``arrangement, hotspot``."""

LESS: Final = f"{NAME} less "
"""Begins the name of the arrangement without one of its parts: ``arrangement less couriers``."""

PARTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "coverage": {"coverage.strategy": "full"},
        "rights": {
            "empowerment.enabled": True,
            "empowerment.evaluation": True,
            "empowerment.micro_projects": True,
            "empowerment.awards": True,
            "empowerment.training": True,
            "empowerment.accountability": True,
        },
        "station": {"branches.station": True},
        "deliberation": {
            "deliberation.enabled": True,
            "deliberation.platform": True,
            "deliberation.captains": True,
            "deliberation.social_organisations": True,
            "deliberation.overlap": 3,
        },
        "supervision": {"supervision.enabled": True},
        "meetings": {"meetings.enabled": True},
        "volunteers": {"services.volunteers": True, "services.volunteer_mobilisation": True},
        "two-new": {"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True},
        "couriers": {"couriers.services": True, "couriers.reporting": True},
    }
)
"""Parts of the arrangement, each with the changes that switch it on."""


def changes(without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the changes that make the arrangement.

    Parameters
    ----------
    without
        Parts to be left out.

    Raises
    ------
    ScenarioError
        For an unknown part.

    Examples
    --------
    >>> changes()["coverage.strategy"], "supervision.enabled" in changes(without=["supervision"])
    ('full', False)
    """
    from sim.core.errors import ScenarioError, nearest

    left_out = [without] if isinstance(without, str) else list(without)
    for name in left_out:
        if name not in PARTS:
            raise ScenarioError(
                f'Unknown part of the arrangement "{name}".{nearest(name, PARTS)} Choose from: {", ".join(PARTS)}.'
            )
    return {name: value for part, made in PARTS.items() if part not in left_out for name, value in made.items()}


def named(name: str) -> dict[str, Any] | None:
    """Return the changes of a policy that is called after the arrangement; None for any other name.

    Parameters
    ----------
    name
        ``arrangement``, ``arrangement, STRATEGY`` or ``arrangement less PART``.  Strategies are not looked up here.

    Raises
    ------
    ScenarioError
        For an unknown part.

    Examples
    --------
    >>> named("arrangement, own")["coverage.strategy"], "supervision.enabled" in named("arrangement less supervision")
    ('own', False)
    >>> named("own") is None
    True
    """
    if name.startswith(WITH) and name.removeprefix(WITH).strip():
        return {**changes(), "coverage.strategy": name.removeprefix(WITH).strip()}
    if name.startswith(LESS):
        return {"coverage.strategy": "none", **changes(without=[name.removeprefix(LESS).strip()])}
    return changes() if name == NAME else None
