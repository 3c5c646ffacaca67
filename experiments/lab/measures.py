"""The outcomes of a comparison: which are shown, in what unit, and which direction of each is the better one.

Some outcomes have no better direction: more filings may mean more trouble or more people who dare to speak,
and fewer settlements may mean that there was less to settle.  Calling such a change a help or a harm would
hide what the laboratory is for, so it is reported as *more* or *less*.
"""

from __future__ import annotations

from collections.abc import Sequence

from experiments.lab.statistics import Better

__all__ = ["DEFAULT", "better", "chosen", "unit"]

DEFAULT: tuple[str, ...] = (
    "conflicts",
    "filed",
    "unresolved",
    "open",
    "settled",
    "escalated",
    "reply_median",
    "satisfaction",
    "trust_branch",
    "committees",
    "hours",
    "reporting_hours",
)
"""Outcomes of a table unless others are asked for; the first three are never shown one without the others."""

LOWER = frozenset(
    "conflicts dispute_rate unresolved open failed withdrawn broken escalated reply_median reply_p90 "
    "hours reporting_hours dispatched_hours reproduction".split()
)
HIGHER = frozenset(
    "satisfaction trust_firm trust_committee trust_branch trust_authority committees attendance fee_share "
    "effort_invisible".split()
)


def better(outcome: str) -> Better:
    """Tell which direction of an outcome is the good one; hours are a cost, so fewer are better.

    Examples
    --------
    >>> better("conflicts"), better("satisfaction"), better("filed")
    ('lower', 'higher', 'neither')
    """
    return "lower" if outcome in LOWER else "higher" if outcome in HIGHER else "neither"


def unit(outcome: str) -> str:
    """Return an outcome's unit; an outcome that a user added to the model has none here."""
    from sim.outcomes import COLUMNS

    return COLUMNS[outcome][0] if outcome in COLUMNS else ""


def chosen(outcomes: Sequence[str] | None, columns: Sequence[str]) -> list[str]:
    """Name the outcomes of a table: the asked ones, checked, or what the runs have of the default set."""
    from sim.errors import StoreError, nearest

    if outcomes is None:
        return [name for name in DEFAULT if name in columns]
    for name in outcomes:
        if name not in columns or name == "week":
            known = [column for column in columns if column != "week"]
            raise StoreError(
                f'"{name}" is not an outcome of these runs.{nearest(name, known)} There are: {", ".join(known)}.'
            )
    return list(dict.fromkeys(outcomes))
