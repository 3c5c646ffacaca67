"""Collective action as functions (M8): what stirs an estate up, who takes part when others do, and what comes of it.

Each of the concerned takes part as soon as a large enough share of them does, so that crowds of almost the same
people may end in very different ways:

    takes part(t)  if  threshold <= share taking part(t - 1)           (Granovetter 1978)

Then what officials and success make of the number: chances of an answer that rise with the crowd, and of success
that rise and then fall.  Arrays in, arrays out; the component holds the state and calls these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["chance_of_answer", "chance_of_stir", "chance_of_success", "join", "received", "shares"]


def shares(taking: NDArray[np.bool_], crowd: NDArray[np.integer], crowds: int) -> NDArray[np.float64]:
    """Share of each crowd that takes part.

    Parameters
    ----------
    taking
        Who takes part, shape (n,).
    crowd
        Crowd of each, shape (n,).
    crowds
        How many crowds there are; one without people has the share 0.

    Examples
    --------
    >>> shares(np.array([True, False, True]), np.array([0, 0, 2]), 3).tolist()
    [0.5, 0.0, 1.0]
    """
    size = np.bincount(crowd, minlength=crowds)
    return np.bincount(crowd, taking, crowds) / np.maximum(size, 1)


def join(
    threshold: NDArray[np.float64],
    instigator: NDArray[np.bool_],
    crowd: NDArray[np.integer],
    share: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Who takes part this week, given the shares of last week.

    Parameters
    ----------
    threshold
        Share of the own crowd that must take part before this person does, shape (n,).
    instigator
        Who takes part whatever others do, shape (n,).
    crowd
        Crowd of each person, shape (n,).
    share
        Share of each crowd that took part last week, shape (crowds,).
    """
    return instigator | (threshold <= share[crowd])


def chance_of_answer(persons: NDArray, group: int, alone: float, pressure: float) -> NDArray[np.float64]:
    """Probability that officials respond, logit in the pressure of numbers.

    Parameters
    ----------
    persons
        Participants, shape (n,).
    group
        Smallest group that may petition; its pressure is the unit.
    alone
        Probability without any pressure.
    pressure
        Log-odds that the smallest group adds: ``pressure log2(1 + persons / group)``.

    Examples
    --------
    >>> chance_of_answer(np.array([0, 5, 15]), 5, 0.5, 1.0).round(3).tolist()
    [0.5, 0.731, 0.881]
    """
    logit = np.log(alone / (1.0 - alone)) + pressure * np.log2(1.0 + persons / group)
    return 1.0 / (1.0 + np.exp(-logit))


def chance_of_success(share: NDArray[np.float64], most: float, peak: float) -> NDArray[np.float64]:
    """Probability that an answered action succeeds: it rises to `most` at the share `peak`, then falls.

    ``most x exp(1 - x)`` with ``x = share / peak``: the simplest curve that is 0 without anybody and turns once.

    Examples
    --------
    >>> chance_of_success(np.array([0.0, 0.4, 0.8]), 0.5, 0.4).round(3).tolist()
    [0.0, 0.5, 0.368]
    """
    x = share / peak
    return most * x * np.exp(1.0 - x)


def chance_of_stir(shocks: NDArray, broken: NDArray, each_shock: float, each_broken: float) -> NDArray[np.float64]:
    """Probability that at least one of an estate's triggers stirs it up, shape (estates,).

    Parameters
    ----------
    shocks, broken
        External shocks that began, and agreements that broke, this week.
    each_shock, each_broken
        Probability that one of them does, apart from the others.

    Examples
    --------
    >>> chance_of_stir(np.array([0, 1, 1]), np.array([0, 0, 1]), 0.5, 0.5).tolist()
    [0.0, 0.5, 0.75]
    """
    stays_calm = (1.0 - each_shock) ** shocks * (1.0 - each_broken) ** broken
    return np.asarray(1.0 - stays_calm)


def received(crowd: NDArray[np.integer], places: int, crowds: int) -> NDArray[np.bool_]:
    """Who of each crowd is received: the first so many, shape (n,).

    Parameters
    ----------
    crowd
        Crowd of each person, in order of the crowds, shape (n,).
    places, crowds
        How many of each are received, and how many crowds there are.

    Examples
    --------
    >>> received(np.array([0, 0, 0, 2]), 2, 3).tolist()
    [True, True, False, True]
    """
    first = np.searchsorted(crowd, np.arange(crowds))
    return np.arange(crowd.size) - first[crowd] < places
