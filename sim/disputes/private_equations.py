"""Settling with the other side as functions (M3): whether they agree, and whether that ends the cause.

    logit P(agreement) = constant + legitimacy x standing of an equal - severity ln(h / threshold)

Arrays in, arrays out; `PrivateSettlements` holds the state and calls these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.disputes.disputes_equations import severity

if TYPE_CHECKING:
    from sim.disputes.desks_parameters import DesksSection

__all__ = ["chance_of_agreement", "chance_of_ending", "with_odds"]


def chance_of_agreement(
    grievance: NDArray[np.float32], threshold: NDArray[np.float32], standing: float, p: DesksSection
) -> NDArray[np.float64]:
    """Probability of coming to an agreement, shape (n,).

    Parameters
    ----------
    grievance, threshold
        Of the persons, shape (n,).
    standing
        Of the other side, in the place of trust in a third party.
    p
        The section `desks`, for the constant and the weights of every settlement.
    """
    logit = p.settle_constant + p.settle_legitimacy * standing - p.settle_severity * severity(grievance, threshold)
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def chance_of_ending(
    willing: NDArray[np.float64], neighbour: NDArray[np.bool_], care: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability that the other side ends the cause after an agreement, shape (n,).

    A firm or a committee does as far as it takes care; a neighbour does as neighbours do.

    Examples
    --------
    >>> chance_of_ending(np.array([0.4, 0.2]), np.array([True, False]), np.array([0.5, 0.5])).tolist()
    [0.4, 0.1]
    """
    return np.where(neighbour, willing, willing * care)


def with_odds(chance: NDArray[np.float64], factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities whose odds are multiplied, shape (n,).

    Examples
    --------
    >>> with_odds(np.array([0.5, 0.5, 0.2]), np.array([1.0, 3.0, 0.0])).tolist()
    [0.5, 0.75, 0.0]
    """
    return np.asarray(chance * factor / (1.0 - chance + chance * factor))
