"""An infection that spreads over estates: susceptible, infected, removed (M15).

People meet in their estate, in their community and anywhere in the district.  In a step, whoever is susceptible is
infected with probability ``1 - exp(-force)``, and whoever was infected recovers with probability g:

    force = R g [ (1 - a) I/N of the estate + a (1 - f) I/N of the community + a f I/N of the district ]

Expected numbers are rounded up or down by chance, so persons stay whole and an infection can die out.  With S falling
as exp(-force), the share z ever infected in one mixed population obeys ``1 - z = exp(-R z)`` whatever the length of a
step (Kermack and McKendrick 1927).  All functions here are pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["prevalence", "recovery", "scatter", "step"]

Floats = NDArray[np.float64]


def recovery(weeks: float, steps: int) -> float:
    """Probability of recovering in a step, when a person is infectious for `weeks` on average.

    Examples
    --------
    >>> recovery(2.0, 7)
    0.07142857142857142
    """
    return min(1.0 / (weeks * steps), 1.0)


def prevalence(
    infected: NDArray,
    people: NDArray,
    community: NDArray[np.integer],
    away: float,
    far: float,
    of_community: Floats | None = None,
) -> Floats:
    """Share of infected among those whom residents of each estate meet.

    Parameters
    ----------
    infected, people
        Of each estate, shape (estates,).
    community
        Community of each estate, shape (estates,).
    away
        Share of contacts outside the own estate.
    far
        Share of these that are anywhere in the district, the others in the own community.
    of_community
        People of each community, shape (communities,), where they have been counted before.

    Examples
    --------
    >>> prevalence(np.array([2, 0, 0]), np.array([10, 10, 20]), np.array([0, 0, 1]), 0.5, 0.5).round(4).tolist()
    [0.1375, 0.0375, 0.0125]
    """
    if of_community is None:
        of_community = np.bincount(community, people)
    near = np.bincount(community, infected)
    near /= of_community
    met = (away * (1.0 - far)) * near[community]
    met += (1.0 - away) * infected / people
    met += away * far * (infected.sum() / of_community.sum())
    return met


def step(
    susceptible: Floats,
    infected: Floats,
    force: ArrayLike,
    recovers: float,
    draws: Floats | None = None,
) -> tuple[Floats, Floats]:
    """How many are newly infected, and how many recover, in one step.

    Parameters
    ----------
    susceptible, infected
        Persons, shape (estates,).
    force
        Rate at which a susceptible person is infected in the step, shape (estates,).
    recovers
        Probability that an infected person recovers.
    draws
        Uniforms by which both expected numbers are rounded, shape (2, estates); None leaves them as they are.

    Returns
    -------
    new, gone
        Persons, shape (estates,); never more than there are.

    Examples
    --------
    >>> new, gone = step(np.array([90.0]), np.array([10.0]), [0.05], 0.5, np.array([[0.9], [0.2]]))
    >>> new.tolist(), gone.tolist()
    ([5.0], [5.0])
    """
    new = susceptible * -np.expm1(-np.asarray(force))
    gone = infected * recovers
    if draws is None:
        return new, gone
    return np.minimum(np.floor(new + draws[0]), susceptible), np.minimum(np.floor(gone + draws[1]), infected)


def scatter(people: NDArray, seeds: int, draws: Floats) -> Floats:
    """Put the first infected into estates, larger ones more likely.

    Parameters
    ----------
    people
        Residents of each estate, shape (estates,).
    seeds
        How many are infected; each in another estate as far as there are enough.
    draws
        A uniform of each estate, shape (estates,).

    Returns
    -------
    ndarray
        Infected of each estate, at most its people, shape (estates,).

    Examples
    --------
    >>> scatter(np.array([10, 10, 10]), 4, np.array([0.9, 0.5, 0.1])).tolist()
    [2.0, 1.0, 1.0]
    """
    # The order of arrival in a race of exponential clocks whose rates are the estates' sizes.
    order = (-np.log(draws) / people).argsort(kind="stable")
    place = np.empty(people.size, dtype=np.int64)
    place[order] = np.arange(people.size)
    each, more = divmod(seeds, people.size)
    return np.minimum(each + (place < more), people).astype(np.float64)
