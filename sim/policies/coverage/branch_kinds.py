"""Kinds of branch that an estate may be served by."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from sim.core.attributes import Choices

__all__ = ["KINDS", "BranchKind"]


class BranchKind(IntEnum, metaclass=Choices):
    """What serves an estate: nothing, its own branch, a dispatched secretary, or a joint branch.

    Examples
    --------
    >>> import sim
    >>> sim.BranchKind.JOINT.name, int(sim.BranchKind.JOINT)
    ('JOINT', 3)
    """

    NONE = 0
    OWN = 1
    DISPATCHED = 2
    JOINT = 3


KINDS: Final = tuple(kind.name.lower() for kind in BranchKind)
"""Their names in lower case, as strategies may give them."""
