"""What a model keeps, piece by piece, and which lines of the week write to which piece.

Arrays that belong to several parties are divided: desks by kind, conditions by category, channels by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import District, GovernanceModel
from sim.agents import Population
from sim.component import Component
from sim.core.codes import CATEGORIES, CHANNELS, DESKS
from sim.core.ledger import Ledger

__all__ = ["changed", "pieces", "watch"]

Pieces = dict[str, NDArray | tuple[Any, ...]]


def pieces(model: GovernanceModel) -> Pieces:
    """Everything that a model keeps, by name, copied."""
    found: Pieces = {}
    for name, thing in vars(model).items():
        if isinstance(thing, Population):
            for part, value in thing.state()["own"].items():
                found.update(parts_of(f"{name}.{part}", value, model))
            for part, value in thing.arrays().items():
                found.update(parts_of(f"{name}.{part}", value, model))
        elif isinstance(thing, Component):
            for part, value in vars(thing).items():
                if part not in ("model", "parameters", "_derived"):
                    found.update(parts_of(f"{name}.{part}", value, model))
    for event, counts in zip(("tally.noted", "tally.counts"), (model.tally._noted, model.tally._counts), strict=True):
        found.update(parts_of(event, counts, model))
    found.update(parts_of("costs", [sorted(model.costs.hours.items()), sorted(model.costs.yuan.items())], model))
    return found


def parts_of(path: str, value: Any, model: GovernanceModel) -> Iterator[tuple[str, NDArray | tuple[Any, ...]]]:
    """Divide a value into pieces that belong to one party each."""
    if path == "incidents._multiplied":
        yield from ((f"incidents.conditions.{CATEGORIES[entry[0]]}.factor", (repr(entry),)) for entry in value)
    elif isinstance(value, np.ndarray):
        if value.flags.writeable:
            yield from _rows(path, value, model)
    elif isinstance(value, Ledger):
        for name, array in value.arrays().items():
            yield f"{path}.{name}", array.copy()
    elif is_dataclass(value) and not isinstance(value, type | District):
        for part in fields(value):
            yield from parts_of(f"{path}.{part.name}", getattr(value, part.name), model)
    elif isinstance(value, list | tuple | dict):
        items = list(value.items()) if isinstance(value, dict) else list(value)
        yield path, tuple(repr(item) if not isinstance(item, np.ndarray) else item.tobytes() for item in items)
    elif isinstance(value, bool | int | float | str | None | np.generic):
        yield path, (repr(value),)


def _rows(path: str, value: NDArray, model: GovernanceModel) -> Iterator[tuple[str, NDArray]]:
    component = path.partition(".")[0]
    if component == "desks" and value.shape == (model.desks.size,):
        for kind in DESKS:
            yield f"{path}.{kind}", value[model.desks.block(kind)].copy()
    elif path == "incidents.conditions":
        yield from ((f"{path}.{name}", row.copy()) for name, row in zip(CATEGORIES, value, strict=True))
    elif path == "voice.access":
        yield from ((f"{path}.{name}", row.copy()) for name, row in zip(CHANNELS[1:], value, strict=True))
    else:
        yield path, value.copy()


def changed(before: Pieces, after: Pieces) -> set[str]:
    """Names of the pieces that are not the same to the bit."""
    found = before.keys() ^ after.keys()
    for name in before.keys() & after.keys():
        one, two = before[name], after[name]
        if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
            if one.shape != two.shape or one.tobytes() != two.tobytes():
                found.add(name)
        elif one != two:
            found.add(name)
    return found


def watch(model: GovernanceModel, lines: tuple[str, ...]) -> dict[str, set[str]]:
    """Wrap lines of the agenda, so that what each writes is known; return the (growing) lists."""
    written: dict[str, set[str]] = {line: set() for line in lines}

    def watched(line: str, function: Callable[[], Any]) -> Callable[[], None]:
        def act() -> None:
            before = pieces(model)
            function()
            written[line] |= changed(before, pieces(model))

        return act

    for line in lines:
        model.agenda.replace(line, watched(line, model.agenda[line].function))
    return written
