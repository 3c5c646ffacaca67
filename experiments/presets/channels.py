"""Do desks reach the causes of disputes, and does their mere existence raise the number of conflicts?

A desk that settles a case when its cause is gone comforts somebody and prevents nothing; and who files does not have a
word with the other side, which might have ended the cause.  So desks may raise the number of conflicts, and in the
first edition of the model they did.  Here desks are switched off and on where nobody has a branch, in both editions
and in two worlds between them, and in each edition once more with one mechanism put out of action on both sides.
"""

from __future__ import annotations

from typing import Any, Final

from experiments import presets
from experiments.analyses.study.desks import World
from experiments.reporting.catalogue import N_

__all__ = ["QUESTION", "WORLDS"]

QUESTION = N_("Do desks reach the causes of disputes, and does their mere existence raise the number of conflicts?")


_ROUTES: Final[dict[str, Any]] = {
    "desks.bundling": True,
    "desks.living_first": True,
    "desks.bank_weeks": 2.0,
    "frontline.early": True,
}
_WORDS: Final[dict[str, Any]] = {
    "private.weeks": 2.0,
    "private.ends_neighbour": 0.4,
    "private.neighbour_share": 0.5,
    "private.ends_other": 0.1,
    "private.by_effort": True,
    "private.holds": 0.6,
    "private.retry": 0.4,
}

REASONS: Final[dict[str, dict[str, Any]]] = {
    N_("nothing that is settled ends a cause"): {"incidents.settlement_ends": False},
    N_("no private word ends a cause"): {"private.ends_neighbour": 0.0, "private.ends_other": 0.0},
    N_("nobody talks of a case that waits"): {"grievances.contacts_open": 0.0},
    N_("handling in vain relieves as bearing it does"): {
        "grievances.relief_failed": 0.6,
        "grievances.relief_withdrawn": 0.6,
    },
}
"""Mechanisms through which desks may act on conflicts, each put out of action."""

EDITIONS: Final[dict[str, dict[str, Any]]] = {
    N_("first edition"): presets.changes("first-edition"),
    N_("second edition"): {},
}

WORLDS: Final[tuple[World, ...]] = (
    World(N_("first edition"), EDITIONS["first edition"]),
    World(N_("first edition, desks reach living causes"), {**EDITIONS["first edition"], **_ROUTES}),
    World(N_("first edition, private words have limits"), {**EDITIONS["first edition"], **_WORDS}),
    World(N_("second edition"), EDITIONS["second edition"]),
    *(
        World(f"{edition}: {reason}", {**world, **changes}, of=edition, reason=reason)
        for edition, world in EDITIONS.items()
        for reason, changes in REASONS.items()
    ),
)
"""Where desks are switched off and on, each time with no branch anywhere."""
