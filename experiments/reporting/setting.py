"""What every report says of its scenario: what was set otherwise, its parameters, and what the model cannot say.

Before any number, what differs from the defaults and what of the ground was filled; at the end every parameter with
unit, range, status and source, since much of it is assumed, and limits that hold whatever the numbers are.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from experiments.reporting.finding import Block, Finding
from sim import Scenario

MOST: Final = 12
"""Settings that are named; the table of all parameters has the others."""
RECORDING: Final = ("outcomes.record_estates",)
"""Settings that commands make for themselves, to draw maps; they change no result."""
_FILLED: Final = re.compile(r"^(?P<column>\w+): (?P<count>\d+) of (?P<all>\d+) estates filled\b")


def setting(scenario: Scenario | None, info: Mapping[str, Any]) -> Block:
    """Return what differs from the defaults, and which columns of the district were filled; nothing where neither.

    The scenario is None where runs do not start from a single one; the notes of each district stand in `info`.
    """
    rows = [] if scenario is None else scenario.parameters()
    changed = [row for row in rows if row["value"] != row["default"] and row["name"] not in RECORDING]
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


def parameters(scenario: Scenario) -> Block:
    """Return the full table of parameters by section, with units, ranges, status and source."""
    rows = scenario.parameters()
    sections = {name: list(lines) for name, lines in groupby(rows, lambda row: row["name"].partition(".")[0])}
    changed = sum(row["value"] != row["default"] for row in rows)
    return Block("sections.parameters", sections=sections, changed=changed)


def limits(scenario: Scenario | None, own: Sequence[str | Finding] = ()) -> Block:
    """Return what the model cannot say; what this report in particular cannot, its `own`, stands first."""
    return Block("sections.limits", own=list(own), known=_known(scenario))


def first_limits(scenario: Scenario | None) -> Block:
    """Return what is to be known before anything else: that this is no forecast, and how little is known."""
    return Block("sections.first_limits", known=_known(scenario))


def _known(scenario: Scenario | None) -> Finding | None:
    """Count the values that rest on data, on literature, on the field study, on nothing and on choice."""
    if scenario is None:
        return None
    status = Counter(row["status"] for row in scenario.parameters() if row["unit"] != "switch")
    ground = {name: status[name] for name in ("data", "literature", "study", "assumed", "design")}
    return Finding("limits.known", total=status.total(), **ground)
