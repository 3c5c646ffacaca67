"""The main study: which coverage strategy lowers the dispute rate, and is it the branch or only its hours?

The field study reports that branches in all estates calmed the district, and knows no other district in which
there were none.  Here there is one: the same residents, the same incidents, week by week, with no branch
(`none`).  Against it stand the study's whole arrangement, the coverage strategies, each alone, and the controls that
tell apart what they bring:

- the hours of the arrangement (`hours_matched:arrangement`) and of coverage alone (`hours_matched:full`, pooled at
  the community desks; `hours_matched_tied:full`, tied to estates),
- its name and its channel, without hours (`placebo:full`), and the name alone, which must change nothing,
- the places where it stands (`shuffled:full`),
- mediation and routine services, whose effects may differ in sign, each alone,
- the kind of branch where fewer than three members live (`full` has joint ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim import arrangement

__all__ = ["ARMS", "ARRANGEMENT", "CONTROLS", "PARTS", "QUESTION", "STRATEGIES", "arms"]

QUESTION = (
    "Do estate branches lower the dispute rate, which coverage strategy does it best, at what cost, "
    "and is it the branch or only the extra hours?"
)

STRATEGIES = (
    "none", "own", "dispatched", "joint", "full", "random", "hotspot", "largest", "weakest", "phased",
    "budget",
)  # fmt: skip

ARRANGEMENT: dict[str, dict[str, Any]] = {
    "arrangement": arrangement.changes(),
    "hours_matched:arrangement": {"coverage.strategy": "hours_matched:arrangement"},
}
"""What the study credits, and the same hours at the existing desks."""

CONTROLS: dict[str, dict[str, Any]] = {
    "hours_matched:full": {"coverage.strategy": "hours_matched:full"},
    "hours_matched_tied:full": {"coverage.strategy": "hours_matched_tied:full"},
    "placebo:full": {"coverage.strategy": "placebo:full"},
    "placebo:full, no channel": {"coverage.strategy": "placebo:full", "branches.attraction": False},
    "shuffled:full": {"coverage.strategy": "shuffled:full"},
}

PARTS: dict[str, dict[str, Any]] = {
    "full, mediation alone": {"coverage.strategy": "full", "services.enabled": False},
    "full, routine services alone": {"coverage.strategy": "full", "branches.mediation": False},
    "full, dispatched": {"coverage.strategy": "full", "coverage.second": "dispatched"},
}

ARMS: dict[str, dict[str, Any]] = {
    **{name: {"coverage.strategy": name} for name in STRATEGIES},
    **ARRANGEMENT,
    **CONTROLS,
    **PARTS,
}
"""All arms of the study, by label."""


def arms(names: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Return the study's arms, or those that are named.

    Parameters
    ----------
    names
        Labels of this study; strategies and controls; or a strategy with changes, after semicolons.

    Examples
    --------
    >>> arms(["own", "full; branches.mediation=false"])
    {'own': {'coverage.strategy': 'own'},
     'full; branches.mediation=false': {'coverage.strategy': 'full', 'branches.mediation': False}}
    """
    return (
        {name: dict(ARMS[name]) if name in ARMS else _written(name) for name in names}
        if names
        else dict(ARMS)
    )


def _written(name: str) -> dict[str, Any]:
    from sim import Scenario
    from sim.errors import ScenarioError

    strategy, *settings = (part.strip() for part in name.split(";"))
    changes = {"coverage.strategy": strategy} if strategy else {}
    others = Scenario.parse_settings(part for part in settings if part)
    if changes and "coverage.strategy" in others:
        raise ScenarioError(f'"{name}" names two strategies: leave one of them out.')
    return {**changes, **others}
