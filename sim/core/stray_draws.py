"""Draws of a user's own that come from a sequence, and not from `chance`: noticed, and said.

A number from `np.random` or `random` depends on how many were drawn before in this process, by whatever model: a fork,
a resumed run or another process has another one, and the difference of two arms is no longer that of the policy alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from random import getstate

import numpy as np

__all__ = ["stray_draws_noticed"]


@contextmanager
def stray_draws_noticed() -> Iterator[None]:
    """Warn where somebody has drawn from `np.random` or `random` in a ``with`` block.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     with stray_draws_noticed():
    ...         _ = np.random.random()
    >>> str(caught[0].message)[:40]
    'Numbers were drawn from np.random within'
    """
    numbers, plain = _numpy(), getstate()
    yield
    drawn = {"np.random": numbers != _numpy(), "random": plain != getstate()}
    if sources := [name for name, was in drawn.items() if was]:
        warnings.warn(
            f"Numbers were drawn from {' and '.join(sources)} within the weeks: a fork, a resumed run or another "
            "process does not repeat them, and arms that are compared differ by them. Draw from model.chance, e.g. "
            'model.chance.uniform("mine", model.week, model.district.identity).',
            stacklevel=4,
        )


def _numpy() -> tuple[int, bytes]:
    """Where NumPy's own sequence stands."""
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002
    return state["pos"], state["key"].tobytes()
