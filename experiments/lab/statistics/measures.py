"""The outcomes of a comparison: which are shown, in what unit, and which direction of each is the better one.

A verdict needs a better side.  For most outcomes it is plain; for counts of cases it is a convention, declared here
and shown in the table's column `better`: a case is work for somebody and a person who could not bear it any longer, so
fewer are better, and a settlement is better than none.  Yet filings also fall when people fall silent, and rise when
a new door opens, which is why conflicts, filed and unresolved always stand side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.lab.statistics.indices import INDICES, PARTS, UNITS
from experiments.lab.statistics.paired import Better

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
    "order",
    "vitality",
    "hours",
    "reporting_hours",
)
"""Outcomes of a table unless others are asked for; the first three are never shown one without the others."""

LOWER = frozenset(
    "conflicts dispute_rate filed hotline to_authority unresolved open failed withdrawn broken escalated tolerated "
    "gathered premature mediated reply_median reply_p90 reproduction hazards collective petitions stirred infected "
    "emergency_share emergency_demand emergency_unmet needs_unmet enterprise_exits report_backlog branch_captured "
    "premature_share formalism_share violations_found".split()
)
HIGHER = frozenset(
    "settled self_settled resolution_true satisfaction trust_firm trust_committee trust_branch "
    "trust_authority committees attendance fee_share effort_visible effort_invisible covered order vitality "
    "initiatives riders_safe rider_retention enterprises enterprise_survival enterprises_organised needs_met "
    "reports_handled motivation volunteers captains independence petition_successes".split()
)
WORSE_OFF = re.compile(r"_p10$")
SPREAD = re.compile(r"_gini$")
GROUP = re.compile(r"^(conflicts|unresolved)_")
COST = re.compile(r"^(hours|yuan)(_|$)|^(reporting|dispatched)_hours$|_yuan$")
"""Names of outcomes that are a cost to somebody; hours given to a service or a session are not, they are its use."""


def better(outcome: str) -> Better:
    """Tell which direction of an outcome is read as the good one; hours and yuan are a cost, so fewer are better.

    An outcome that nobody has declared, such as a user's own, has no better side; nor has what is only reported.

    Examples
    --------
    >>> better("conflicts"), better("settled"), better("hours_members"), better("resolution_reported")
    ('lower', 'higher', 'lower', 'neither')
    """
    if outcome in LOWER or any(pattern.search(outcome) for pattern in (COST, SPREAD, GROUP)):
        return "lower"
    return "higher" if outcome in HIGHER or WORSE_OFF.search(outcome) else "neither"


def unit(outcome: str) -> str:
    """Return an outcome's unit; an outcome that a user added to the model has none here."""
    from sim.outcomes import COLUMNS

    return COLUMNS[outcome][0] if outcome in COLUMNS else UNITS.get(outcome, "")


def chosen(outcomes: Sequence[str] | None, columns: Sequence[str]) -> list[str]:
    """Name the outcomes of a table: the asked ones, checked, or what the runs have of the default set."""
    from sim.errors import StoreError, nearest

    if outcomes is None:
        return [name for name in DEFAULT if name in columns or any(part in columns for part in PARTS.get(name, ()))]
    for name in outcomes:
        if name not in (*columns, *INDICES) or name == "week":
            known = [*(column for column in columns if column != "week"), *INDICES]
            raise StoreError(
                f'"{name}" is not an outcome of these runs.{nearest(name, known)} There are: {", ".join(known)}.'
            )
    return list(dict.fromkeys(outcomes))
