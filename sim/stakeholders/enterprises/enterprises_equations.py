"""What moves the exit of enterprises, as formulas (M13).

    exit = exit_rate (employees / median)^-exit_size x factor
    factor = (1 + raises strain) / (1 + raises usual strain) - lowers (1 - exp(-help)) + cost x share of time given

`strain` and `help` are an enterprise's unmet and met needs of late; the usual strain is that of a district in which no
need finds a desk, so that the factor is 1 on average without a policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from sim.stakeholders.enterprises.enterprises_parameters import EnterprisesSection

__all__ = ["exit_factor", "trained_after", "usual_number"]


def exit_factor(
    strain: ArrayLike,
    help: ArrayLike,
    share_given: ArrayLike,
    usual_strain: float,
    enterprises: EnterprisesSection,
) -> NDArray[np.float64]:
    """How much likelier than usual an enterprise closes, at least 0.

    Parameters
    ----------
    strain, help
        Unmet and met needs of late, shape (n,).
    share_given
        Share of the working time that is given away, shape (n,).
    usual_strain
        Mean strain where no need finds a desk.
    enterprises
        Has what raises the exit (``unmet_raises``), lowers it (``met_lowers``), and costs (``time_cost``).

    Examples
    --------
    >>> from sim.stakeholders.enterprises import EnterprisesSection
    >>> p = EnterprisesSection(unmet_raises=0.4, met_lowers=0.3, time_cost=4.0)
    >>> exit_factor([0.5, 0.0], [0.0, 0.0], [0.0, 0.0], 0.5, p).round(3).tolist()
    [1.0, 0.833]
    """
    raises = enterprises.unmet_raises
    worn = (1.0 + raises * np.asarray(strain, dtype=np.float64)) / (1.0 + raises * usual_strain)
    saved = enterprises.met_lowers * -np.expm1(-np.asarray(help, dtype=np.float64))
    return np.maximum(worn - saved + enterprises.time_cost * np.asarray(share_given, dtype=np.float64), 0.0)


def trained_after(
    trained: ArrayLike,
    hours: ArrayLike,
    *,
    gain: float,
    fade: float,
) -> NDArray[np.float64]:
    """What members have learnt after another week at the academy, T + g (1 - T) - fade T, g = 1 - exp(-gain hours).

    At rest T* = g / (g + fade): who leaves takes along what was learnt.

    Parameters
    ----------
    trained
        T, share of what can be learnt, shape (n,).
    hours
        Hours of the week at the academy for each member, shape (n,).
    gain
        How fast what is not yet known is learnt, per hour.
    fade
        Share that is lost in a week.

    Examples
    --------
    >>> float(trained_after(0.5, 0.0, gain=0.1, fade=0.02))
    0.49
    """
    trained = np.asarray(trained, dtype=np.float64)
    learns = -np.expm1(-gain * np.asarray(hours, dtype=np.float64))
    return np.asarray(np.maximum(trained + learns * (1.0 - trained) - fade * trained, 0.0))


def usual_number(founded: float, *, exit_rate: float, exit_size: float, log_sd: float) -> float:
    """Number at rest: what is founded in a week over the exit, averaged over the sizes of new enterprises.

    Examples
    --------
    >>> round(usual_number(5.0, exit_rate=0.0025, exit_size=0.0, log_sd=1.2), 9)
    2000.0
    """
    return founded / exit_rate * float(np.exp((exit_size * log_sd) ** 2 / 2.0))
