"""Figures of a district that has lived, to be set beside figures of data (docs/model.md, section 6).

The data count messages to an authority, so what the hotline hears is measured: filings with an authority, repeats
included.  Fitting these figures says nothing about policies: no open data link branches to disputes.

A family of figures is a function of a model and of the first week that counts; a new one is a function and a line in
`FAMILIES`.  `Measured` is the model whose only outcome is its figures, so that designs, stores and executors know it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim import GovernanceModel
from sim.terms import CATEGORIES, TO_HOTLINE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ADULT_SHARE", "FAMILIES", "YEAR", "Family", "Measured", "figures", "negative_binomial"]

ADULT_SHARE: Final = 0.85
"""Adults among residents of Nanshan (census 2020: about 15 % are under 15)."""

YEAR: Final = 52
"""Weeks of a year, as yearly counts are made."""

HANDLED: Final = (1, 2)
"""Ends of a case at a desk: settled, and failed."""

Family = Callable[[GovernanceModel, int], dict[str, float]]
"""Figures of a model, measured from a week on."""


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


def hotline(model: GovernanceModel, first: int) -> dict[str, float]:
    """How filings with an authority grow with size, cluster, divide by kind, and how long they wait for an answer."""
    years = (model.week - first) // YEAR
    book = model.disputes.book.arrays()
    year = np.floor((book["filed"] - first) / YEAR).astype(int)
    heard = (year >= 0) & (year < years) & (book["channel"] == TO_HOTLINE)
    estates, households = model.district.estates, model.district.households.astype(float)
    fits = [negative_binomial(np.bincount(book["estate"][heard & (year == y)], minlength=estates), households)
            for y in range(years)]
    shares = np.bincount(book["category"][heard], minlength=len(CATEGORIES)) / max(heard.sum(), 1)
    days = (book["ended"] - book["filed"])[heard & np.isin(book["end"], HANDLED)] * 7.0
    return {
        "elasticity": float(np.mean([fit[0] for fit in fits])),
        "dispersion": float(np.exp(np.mean([np.log(fit[1]) for fit in fits]))),
        **{f"share {name}": float(share) for name, share in zip(CATEGORIES, shares, strict=True)},
        "reply": float(np.median(days)) if days.size else float("nan"),
    }


def third_parties(model: GovernanceModel, first: int) -> dict[str, float]:
    """How many disputes of a year a third party handles; how many owners' committees there are."""
    years = (model.week - first) // YEAR
    book = model.disputes.book.arrays()
    counted = (book["filed"] >= first) & (book["filed"] < first + years * YEAR) & np.isin(book["end"], HANDLED)
    handled = np.count_nonzero(counted & (model.desks.kind[book["desk"]] > 0))
    residents = model.district.adults.sum() / ADULT_SHARE
    return {
        "mediated": float(handled / years / residents * 1000.0),
        "committees": len(model.committees) * 1034.0 / model.district.estates,
    }


FAMILIES: tuple[Family, ...] = (hotline, third_parties)
"""All that is measured."""


def figures(model: GovernanceModel, start: int | None = None) -> dict[str, float]:
    """Measure every figure on a model that has run.

    Parameters
    ----------
    model
        A model after at least a year of measured weeks.
    start
        First measured week; the end of warm-up where not given.

    Raises
    ------
    ScenarioError
        No whole year has been measured.
    """
    from sim.errors import ScenarioError

    first = model.scenario.run.warmup if start is None else start
    if model.week - first < YEAR:
        raise ScenarioError(f"figures are of whole years: run.weeks is {model.week}, and at least {first + YEAR} is "
                            f"needed ({YEAR} weeks after the warm-up).")
    found: dict[str, float] = {}
    for family in FAMILIES:
        found |= family(model, first)
    return found


class Measured(GovernanceModel):
    """The model, of which nothing is kept but its figures: one row, in the last week."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """The figures of the weeks after the warm-up, with `week`, the last one lived."""
        import pandas as pd

        return pd.DataFrame([{"week": self.week - 1, **figures(self)}])
