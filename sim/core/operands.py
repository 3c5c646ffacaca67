"""Numbers as NumPy takes them fastest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["operand"]


def operand(number: float, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """Return a number as an array without dimensions, which nobody can write.

    As an operand it needs no conversion, which for a handful of rows takes as long as the work itself. Unlike a plain
    number it has a type: with narrower columns the result has the wider of both.

    Examples
    --------
    >>> rows = np.array([3, 4], dtype=np.int16)
    >>> (rows << operand(40)).dtype, bool((rows + operand(1) == rows + 1).all())
    (dtype('int64'), True)
    """
    array = np.array(number, dtype=dtype)
    array.setflags(write=False)
    return array
