"""Strategies of the user's own, taken along to where runs are made.

A strategy registered in a notebook cell exists in that process alone.  It is sent with every job and registered
there again; its source is part of the key of every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def registered() -> dict[str, Any]:
    return {}


def registered_hash() -> str:
    return ""


def register(strategies: Mapping[str, Any]) -> None:
    pass


KNOWN = "none own dispatched joint full random hotspot largest weakest phased budget".split()
def check(strategy: str, label: str = "", alone: bool = False) -> None:
    from sim.errors import StrategyError, nearest
    kind, colon, base = strategy.rpartition(":")
    if base not in KNOWN or (colon and kind not in ("hours_matched", "hours_matched_tied", "placebo", "shuffled")):
        raise StrategyError(f'"{strategy}" is not a strategy.{nearest(base, KNOWN)}')
    if alone and kind.startswith("hours"): raise StrategyError("run it through compare")
