"""A room: one mechanism with its parameters, its state and its behaviour.

Every mechanism of the study is a subclass.  The base class knows just enough to let a model be copied:
which attributes are state (arrays that may be written), which are fixed (arrays marked read-only), and
that anything computed from parameters alone is made in `prepare`, so that a fork under another scenario
can make it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.ledger import Ledger

if TYPE_CHECKING:
    from sim.model import GovernanceModel

__all__ = ["Room", "fixed", "move_in"]


def fixed(array: NDArray) -> NDArray:
    """Mark an array as never changing; forks share it instead of copying it."""
    array.setflags(write=False)
    return array


def duplicate(value: Any) -> Any:
    """Copy a piece of state: writable arrays and ledgers are copied, everything fixed is shared."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.flags.writeable else value
    if isinstance(value, Ledger):
        return value.copy()
    if isinstance(value, list):
        return [duplicate(item) for item in value]
    if isinstance(value, tuple):
        return tuple(duplicate(item) for item in value)
    if isinstance(value, dict):
        return {key: duplicate(item) for key, item in value.items()}
    return value


class Room:
    """Base of every mechanism.

    Parameters
    ----------
    model
        The model that this room belongs to.

    Attributes
    ----------
    section
        Name of the room's section in the scenario.
    parameters
        That section.
    """

    section: ClassVar[str]

    def __init__(self, model: GovernanceModel) -> None:
        self.model = model
        self.parameters = getattr(model.scenario, self.section)
        self.prepare()
        self._derived = frozenset(vars(self))
        self.settle_in()

    def __repr__(self) -> str:
        about = (type(self).__doc__ or "").strip().partition("\n")[0].rstrip(".")
        return f"<{type(self).__name__}: {about}; parameters in scenario.{self.section}>"

    def state(self) -> dict[str, Any]:
        """Return all that the room keeps and that does not follow from parameters and district (no copies)."""
        return {name: value for name, value in vars(self).items() if name not in self._derived and name != "_derived"}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over the `state` of another room of the same kind."""
        self.__dict__.update(state)

    def prepare(self) -> None:
        """Compute what follows from parameters and district alone."""

    def settle_in(self) -> None:
        """Make the state with which the first week begins."""


def move_in[T](resident: T, model: GovernanceModel) -> T:
    """Copy a room or a population into another model, with the same state and that model's parameters."""
    other = object.__new__(type(resident))
    for name, value in vars(resident).items():
        other.__dict__[name] = model if name == "model" else duplicate(value)
    if isinstance(other, Room):
        other.parameters = getattr(model.scenario, other.section)
    return other
