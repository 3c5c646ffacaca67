"""What the model cannot say: stands in every report, whatever the numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from experiments.reporting.finding import Block, Finding
from sim import Scenario

__all__ = ["first_limits", "limits"]


def limits(scenario: Scenario | None, own: Sequence[str | Finding] = ()) -> Block:
    """Return what the model cannot say.

    Parameters
    ----------
    scenario
        Whose values are given; None where there is no single one.
    own
        What this report in particular cannot say; stands first.
    """
    return Block("sections.limits", own=list(own), known=_known(scenario))


def first_limits(scenario: Scenario | None) -> Block:
    """Return what is to be known before anything else: that this is no forecast, and how little is known."""
    return Block("sections.first_limits", known=_known(scenario))


def _known(scenario: Scenario | None) -> Finding | None:
    """Count the values that rest on data, on literature, on the field study, and on nothing."""
    if scenario is None:
        return None
    status = Counter(str(row.get("status")) for row in scenario.parameters() if row.get("unit") != "switch")
    ground = {name: status[name] for name in ("data", "literature", "study", "assumed")}
    return Finding("limits.known", total=sum(status.values()), **ground)
