"""What a reader should know before any number: what was set otherwise, and what of the ground was filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from experiments.reporting.finding import Block
from sim import Scenario

__all__ = ["filled", "setting"]

MOST: Final = 12
"""Settings that are named; the table of all parameters has the others."""
RECORDING: Final = ("outcomes.record_estates",)
"""Settings that commands make for themselves, to draw maps; they change no result."""
_FILLED: Final = re.compile(r"^(?P<column>\w+): (?P<count>\d+) of (?P<all>\d+) estates filled\b")


def setting(scenario: Scenario | None, info: Mapping[str, Any]) -> Block:
    """Return what differs from the defaults, and which columns of the district were filled; nothing where neither.

    Parameters
    ----------
    scenario
        That all runs start from; None where there is no single one.
    info
        `experiment.json`, with the notes of each district.
    """
    changed = [
        (row["name"], row["value"], row["default"])
        for row in ([] if scenario is None else scenario.parameters())
        if "default" in row and row["value"] != row["default"] and row["name"] not in RECORDING
    ]
    more = max(0, len(changed) - MOST)
    return Block("sections.setting", changed=changed[:MOST], more=more, filled=filled(info))


def filled(info: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """List the columns of the first district that were filled, in how many estates, of how many.

    Examples
    --------
    >>> filled({"district_notes": [["kind: 3 of 9 estates filled by chance.", "Nobody's real estate."]]})
    [('kind', 3, 9)]
    """
    notes = next(iter(info.get("district_notes") or []), None) or []
    matches = filter(None, map(_FILLED.match, notes))
    return [(match["column"], int(match["count"]), int(match["all"])) for match in matches]
