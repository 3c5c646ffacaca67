"""Does the model look like the data that it was fitted to?  The figures of docs/model.md, section 5.

All are measured on what the hotline hears (filings with an authority, repeats included), because that is what
the data are: messages to the government of Changsha in 2019, matched to 1,689 estates, and the number of
disputes that people's mediation handled in the country in 2022.  Fitting them says nothing about policies: no
open data link branches to disputes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim import GovernanceModel

__all__ = ["ADULT_SHARE", "TARGETS", "Target", "figures", "negative_binomial"]

ADULT_SHARE: Final = 0.85
"""Adults among residents of Nanshan (census 2020: about 15 % are under 15)."""

_YEAR = 52


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of the data, and the interval in which the model's must lie.

    Attributes
    ----------
    value, low, high
        The figure and its interval.
    unit, source
        What it is measured in, and where it comes from.
    """

    value: float
    low: float
    high: float
    unit: str
    source: str


_CHANGSHA = "Changsha messages 2019, matched to 1,689 estates"
_SHARES: Final = {
    "service": 0.11, "facility": 0.22, "parking": 0.26, "noise": 0.25, "charging": 0.06, "fees": 0.07,
    "committee": 0.035}
_ALL = sum(_SHARES.values())

TARGETS: Final[dict[str, Target]] = {
    "elasticity": Target(0.92, 0.77, 1.05, "exponent of households", _CHANGSHA),
    "dispersion": Target(0.29, 0.23, 0.37, "negative-binomial k given size, yearly counts", _CHANGSHA),
    **{f"share {name}": Target(share / _ALL, share / _ALL - 0.03, share / _ALL + 0.03, "share of filings", _CHANGSHA)
       for name, share in _SHARES.items()},
    "reply": Target(15.0, 12.0, 18.0, "days, median", _CHANGSHA),
    "mediated": Target(10.6, 10.6 * 0.75, 10.6 * 1.25, "per 1,000 residents and year",
                       "people's mediation 2022: 14.94 million cases nationwide"),
    "committees": Target(394.0, 355.0, 433.0, "committees of 1,034 estates", "the study"),
}


def negative_binomial(counts: NDArray[np.int64], size: NDArray[np.float64]) -> tuple[float, float]:
    """Fit counts whose mean is ``a size^b`` and whose variance is ``mean + mean^2 / k``; return b and k.

    Parameters
    ----------
    counts
        Shape (n,), non-negative.
    size
        Shape (n,), positive.
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln

    log_size = np.log(size) - np.log(size).mean()

    def loss(theta: NDArray[np.float64]) -> float:
        mean, k = np.exp(np.clip(theta[0] + theta[1] * log_size, -30, 30)), np.exp(np.clip(theta[2], -10, 10))
        likelihood = (gammaln(counts + k) - gammaln(k) + k * np.log(k / (k + mean))
                      + counts * np.log(mean / (k + mean)))
        return float(-likelihood.sum())

    start = np.array([np.log(max(counts.mean(), 1e-6)), 1.0, 0.0])
    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6, "maxiter": 4000})
    return float(best.x[1]), float(np.exp(best.x[2]))


def figures(model: GovernanceModel, start: int | None = None) -> dict[str, float]:
    """Measure every figure of `TARGETS` on a model that has run.

    Parameters
    ----------
    model
        A model after at least a year of measured weeks.
    start
        First measured week; the end of warm-up where not given.
    """
    from sim.terms import CATEGORIES, TO_HOTLINE

    first = model.scenario.run.warmup if start is None else start
    years = (model.week - first) // _YEAR
    book = model.disputes.book.arrays()
    year = np.floor((book["filed"] - first) / _YEAR).astype(int)
    measured = (year >= 0) & (year < years)
    hotline = measured & (book["channel"] == TO_HOTLINE)
    estates, households = model.district.estates, model.district.households.astype(float)
    fits = [negative_binomial(np.bincount(book["estate"][hotline & (year == y)], minlength=estates), households)
            for y in range(years)]
    shares = np.bincount(book["category"][hotline], minlength=len(CATEGORIES)) / max(hotline.sum(), 1)
    handled = np.isin(book["end"], (1, 2))
    days = (book["ended"] - book["filed"])[hotline & handled] * 7.0
    third_party = measured & handled & (model.desks.kind[book["desk"]] > 0)
    residents = model.district.adults.sum() / ADULT_SHARE
    return {
        "elasticity": float(np.mean([fit[0] for fit in fits])),
        "dispersion": float(np.exp(np.mean([np.log(fit[1]) for fit in fits]))),
        **{f"share {name}": float(share) for name, share in zip(CATEGORIES, shares, strict=True)},
        "reply": float(np.median(days)) if days.size else float("nan"),
        "mediated": float(third_party.sum() / years / residents * 1000.0),
        "committees": len(model.committees) * 1034.0 / estates,
    }
