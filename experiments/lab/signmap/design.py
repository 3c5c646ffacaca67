"""What a sign map is to show: read from a design file with a few entries more than a sweep's, and checked whole.

::

    question = "Where does full coverage help?"
    design = "factorial"            # or latin, sobol, table
    levels = 4
    arms = ["none", "full", "hours_matched:full"]

    policy = "full"                 # whose sign
    against = ["none", "hours_matched:full"]
    outcome = "conflicts"           # judged by what
    margin = 0.02                   # a difference within this share of the opponent's mean is none
    looks = 3                       # after n, 2n, 4n replicates

    [parameters]
    "branches.reporting_hours" = "declared"
    "district.members_rate" = [0.002, 0.02]
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from experiments.lab.design.plan import Plan, naming, outcomes_of, said
from experiments.lab.margin import MARGIN
from experiments.lab.statistics.measures import better
from experiments.lab.store.store import Store

__all__ = ["OWN", "Asked", "claim", "read"]

OWN: Final[tuple[str, ...]] = ("policy", "against", "outcome", "margin", "looks")
"""Entries of a design that a sweep does not know."""

REPLICATES: Final = 3
"""Replicates of the first look where a design names none."""

MOST_LOOKS: Final = 8

SPREAD: Final = ("factorial", "latin", "sobol", "table")
"""Designs whose points cover a space; the others walk along lines of it."""


@dataclass(frozen=True)
class Asked:
    """What is asked at every point.

    Attributes
    ----------
    policy, against
        The arm whose sign is asked, and the arms that it is set against.
    outcome, margin
        By what it is judged, and the share of the opponent's mean within which a difference is none.
    looks
        How often may be looked.
    """

    policy: str
    against: tuple[str, ...]
    outcome: str = "conflicts"
    margin: float = MARGIN
    looks: int = 3


def read(wanted: str | Path | Mapping[str, Any], told: Mapping[str, Any], **others: Any) -> tuple[Plan, Asked]:
    """Read a map's design.

    Parameters
    ----------
    wanted
        A file, or a dictionary of what it would say.
    told
        What replaces `OWN` entries of the design, where it is not None.
    **others
        As for `Plan.of`.

    Raises
    ------
    ScenarioError
        Naming the file, and what in it cannot be mapped.
    """
    design, file = said(wanted)
    own = {name: design.pop(name) for name in OWN if name in design}
    own |= {name: value for name, value in told.items() if value is not None}
    design.setdefault("replicates", REPLICATES)
    with naming(file):
        plan = Plan.of(design, folder=None if file is None else file.parent, **others)
        plan = replace(plan, apart=plan.kind != "factorial")
        asked = _asked(own, list(plan.arms))
        _mappable(plan)
        if others.get("model") is None and asked.outcome not in plan.outcomes:
            plan = replace(plan, outcomes=(*outcomes_of([asked.outcome]), *plan.outcomes))
        if better(asked.outcome) == "neither":
            _refuse(f"{asked.outcome} has no better side, so that nothing can help or harm: choose another outcome.")
        plan.design()  # what a point or an arm cannot be is refused with the rest
    return plan, asked


def _asked(own: Mapping[str, Any], arms: Sequence[str]) -> Asked:
    from sim.errors import nearest

    there_are = f" There are: {', '.join(arm for arm in arms if arm)}." if any(arms) else " The design names no arms."
    against = own.get("against", "none")
    against = (against,) if isinstance(against, str) else against
    if "policy" not in own:
        _refuse(f'Whose sign is asked? Say policy = "full", or another arm of the design.{there_are}')
    if not isinstance(against, Sequence) or not against:
        _refuse(f'against = {own["against"]!r}: name one arm or more, such as ["none"].')
    for name, arm in (("policy", own["policy"]), *(("against", other) for other in against)):
        if not isinstance(arm, str) or arm not in arms:
            _refuse(f'{name}: "{arm}" is no arm of the design.{nearest(str(arm), list(arms))}{there_are}')
    if own["policy"] in against:
        _refuse(f'"{own["policy"]}" cannot be set against itself.')
    asked = Asked(own["policy"], tuple(dict.fromkeys(against)),
                  **{name: own[name] for name in ("outcome", "margin", "looks") if name in own})
    if not isinstance(asked.outcome, str):
        _refuse(f"outcome = {asked.outcome!r}: name one outcome, such as conflicts.")
    number = isinstance(asked.margin, int | float) and not isinstance(asked.margin, bool)
    if not number or not (math.isfinite(asked.margin) and 0.0 <= asked.margin < 1.0):
        _refuse(f"margin is {asked.margin}: a share from 0 to below 1 is needed.")
    whole = isinstance(asked.looks, int) and not isinstance(asked.looks, bool)
    if not whole or not 1 <= asked.looks <= MOST_LOOKS:
        _refuse(f"looks is {asked.looks}: a whole number from 1 to {MOST_LOOKS} is needed; each doubles replicates.")
    return asked


def _mappable(plan: Plan) -> None:
    if plan.kind not in SPREAD:
        _refuse(f'design = "{plan.kind}" walks along lines, and a map needs points that cover a space: '
                f"use {', '.join(SPREAD)}.")
    if plan.points.shape[1] < 2:
        _refuse("A map needs two parameters or more that vary.")
    if plan.replicates < 2:
        _refuse("replicates is 1: an interval needs at least 2 at the first look.")


def _refuse(text: str) -> None:
    from sim.errors import ScenarioError

    raise ScenarioError(text)


def claim(folder: Path, asked: Asked, plan: Plan) -> None:
    """Make the folder this map's, or see that it is.

    Raises
    ------
    StoreError
        Nothing can be written there, or it holds something else, which is named.
    """
    from sim.errors import StoreError

    points = plan.points.to_csv(index=False, lineterminator="\n").encode()
    wanted = {
        **json.loads(json.dumps(asdict(asked))), "replicates": plan.replicates, "seed": plan.seed,
        "points": f"{len(plan.points)} ({hashlib.blake2b(points, digest_size=4).hexdigest()})",
    }
    path = folder / "map.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        strangers = sorted(one.name for one in folder.iterdir() if not one.name.startswith((".", "round-")))
        if not text and strangers:
            raise StoreError(f"{folder} holds other files ({', '.join(strangers[:3])}) and no map.json. "
                             "Give a new or an empty folder with --out, so that nothing of yours is overwritten.")
        if not text:
            text = json.dumps(wanted, indent=1, ensure_ascii=False) + "\n"
            Store(folder).write("map.json", text)
    except OSError as error:
        raise StoreError(f"Results cannot be written to {folder}: {error.strerror or error}. "
                         "Give a folder that can be written, with --out.") from None
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise StoreError(f"{path} is not what a map wrote. Give another folder with --out.")
    apart = [f"\n  - {name}: {found.get(name)} there, {value} now" for name, value in wanted.items()
             if found.get(name) != value]
    if apart:
        raise StoreError(f"{folder} holds another map. It differs in:{''.join(apart)}\nGive another folder with --out.")
