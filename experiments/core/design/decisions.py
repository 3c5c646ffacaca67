"""Which parameters somebody decides: a policy's, apart from what nobody knows or chooses.

A person who moves a slider must see which of the two it is.  The mechanisms of the world are on by default and policies
are off, so that a switch that is on is no decision; neither is what happens, such as an emergency.
"""

from collections.abc import Mapping
from typing import Any, Final

from experiments.core.design.arms import of_the_ground

COVERAGE: Final = "coverage."
EVENTS: Final = ("emergency.enabled", "emergency.event", "emergency.start_week")
CONVENTIONS: Final = ("run.", "outcomes.")
"""How long one looks, and what one measures."""


def is_decision(row: Mapping[str, Any]) -> bool:
    """Return whether a parameter, a row of `sim.Scenario.parameters`, is one that somebody decides.

    Examples
    --------
    >>> from sim import Scenario
    >>> rows = {row["name"]: row for row in Scenario().parameters()}
    >>> [is_decision(rows[name]) for name in ("coverage.share", "supervision.enabled", "trust.enabled")]
    [True, True, False]
    >>> [is_decision(rows[name]) for name in ("services.effect", "emergency.enabled", "run.weeks")]
    [False, False, False]
    """
    name = str(row.get("name", ""))
    if name.startswith(COVERAGE):
        return name != "coverage.node_limit"
    if name in EVENTS or name.startswith(CONVENTIONS) or of_the_ground(name):
        return False
    return row.get("status") == "design" and not (row.get("unit") == "switch" and row.get("default") is True)
