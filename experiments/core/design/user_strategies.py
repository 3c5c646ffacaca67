"""Strategies of the user's own, taken along to where runs are made.

A strategy registered in a notebook cell exists in that process alone.  It is sent with every job and
registered there again, and its source is part of the key of every run that follows it.  Strategies of a
plugin file need not be sent, since every process runs the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.core.design.plugins import PREFIX
from experiments.core.environment import code_hash
from sim import arrangement
from sim.errors import StrategyError, nearest
from sim.institutions import coverage


def registered() -> dict[str, Any]:
    """Return the strategies that were registered on the spot, by name."""
    return {name: function for name, function in coverage.registered().items() if not _plugin(function)}


def register(strategies: Mapping[str, Any]) -> None:
    """Register strategies that came with a job."""
    for name, function in strategies.items():
        coverage.strategy(name)(function)


def hash_of(strategy: str) -> str:
    """Hash the source of a strategy, or of the one that a control follows; empty for what is no user's own.

    A strategy of a plugin stands for its whole file, whose helpers it may call.
    """
    function = coverage.registered().get(bare(strategy))
    return "" if function is None else _plugin(function) or code_hash(function)


def bare(strategy: str) -> str:
    """Return the coverage that a strategy, a control or a policy called after the arrangement rests on.

    Examples
    --------
    >>> bare("placebo:full"), bare("hours_matched:arrangement, own"), bare("hours_matched:arrangement")
    ('full', 'own', 'full')
    """
    name = strategy.rpartition(":")[2]
    policy = arrangement.named(name)
    return name if policy is None else str(policy.get("coverage.strategy", "none"))


def _plugin(function: Any) -> str:
    """Return the hash of the plugin that a function comes from, or an empty text."""
    home = str(getattr(function, "__module__", ""))
    return home.removeprefix(PREFIX) if home.startswith(PREFIX) else ""


def check(strategy: str, label: str = "", standalone: bool = False) -> None:
    """Raise the error that says what is wrong with the name of a strategy or control in the arm of a label.

    Where it is `standalone`, run by itself, there are no hours that it could replay.
    """
    try:
        control, base = coverage.parse(strategy)
    except StrategyError as error:
        meant = "" if strategy == arrangement.NAME else nearest(strategy, [arrangement.NAME])
        where = f'Arm "{label}": ' if label not in ("", strategy) else ""
        raise StrategyError(f"{where}{error}{meant}") from None
    if standalone and control.startswith("hours_matched"):
        raise StrategyError(
            f"{strategy} replays the hours of {base}, which has to be run beside it: gongzhi compare {base} {strategy}."
        )
