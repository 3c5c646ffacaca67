"""Do desks reach the causes of disputes, and does their mere existence raise the number of conflicts?

A desk that settles a case when its cause is gone comforts somebody and prevents nothing; and who files does not have a
word with the other side, which might have ended the cause.  So desks may raise the number of conflicts, and in the
first edition of the model they did.  Here desks are switched off and on where nobody has a branch, in both editions
and in two worlds between them, and in each edition once more with one mechanism put out of action on both sides.
"""

from __future__ import annotations

import tomllib
from typing import Any, Final

from experiments import presets
from experiments.lab.study.desks import World
from experiments.reporting.catalogue import N_

__all__ = ["QUESTION", "WORLDS"]

QUESTION = N_("Do desks reach the causes of disputes, and does their mere existence raise the number of conflicts?")


def _first() -> dict[str, Any]:
    sections = tomllib.loads(presets.path_of("first-edition").read_text(encoding="utf-8"))
    return {f"{section}.{key}": value for section, values in sections.items() for key, value in values.items()}


_ROUTES: Final[dict[str, Any]] = {
    "desks.bundling": True, "desks.living_first": True, "desks.bank_weeks": 2.0, "frontline.early": True,
}  # fmt: skip
_WORDS: Final[dict[str, Any]] = {
    "private.weeks": 2.0, "private.ends_neighbour": 0.4, "private.neighbour_share": 0.5, "private.ends_other": 0.1,
    "private.by_effort": True, "private.holds": 0.6, "private.retry": 0.4,
}  # fmt: skip

REASONS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("nothing that is settled ends a cause", "任何了结都不终结起因"): {"incidents.settlement_ends": False},
    ("no private word ends a cause", "私下沟通不终结起因"): {"private.ends_neighbour": 0.0, "private.ends_other": 0.0},
    ("nobody talks of a case that waits", "无人谈论未了的诉求"): {"grievances.contacts_open": 0.0},
    ("handling in vain relieves as bearing it does", "办理无果与忍让同等消解"):
        {"grievances.relief_failed": 0.6, "grievances.relief_withdrawn": 0.6},
}  # fmt: skip
"""Mechanisms through which desks may act on conflicts, each put out of action."""

EDITIONS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("first edition", "第一版"): _first(),
    ("second edition", "第二版"): {},
}

WORLDS: Final[tuple[World, ...]] = (
    World(("first edition", "第一版"), EDITIONS["first edition", "第一版"]),
    World(("first edition, desks reach living causes", "第一版，受理机构触及起因"),
          {**EDITIONS["first edition", "第一版"], **_ROUTES}),
    World(("first edition, private words have limits", "第一版，私下沟通有限度"),
          {**EDITIONS["first edition", "第一版"], **_WORDS}),
    World(("second edition", "第二版"), EDITIONS["second edition", "第二版"]),
    *(World((f"{edition[0]}: {reason[0]}", f"{edition[1]}：{reason[1]}"), {**world, **changes}, of=edition[0],
            reason=reason)
      for edition, world in EDITIONS.items() for reason, changes in REASONS.items()),
)  # fmt: skip
"""Where desks are switched off and on, each time with no branch anywhere."""
