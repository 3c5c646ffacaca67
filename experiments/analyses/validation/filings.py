"""Filings with an authority, as a model or a user's table has them, and the figures computed from both alike.

Lasting differences between estates show in halves of a year that resemble each other; bursts show in filings that
follow one another within weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln, psi

from sim.core.codes import CATEGORIES
from sim.district.statistics import spearman

YEAR: Final = 52
"""Weeks of a year, as yearly counts are made."""
NEAR: Final = 4
"""Weeks within which a filing from the same estate counts as a near repeat."""
FEW: Final = 5
"""Answers below which a community has no median of its own, and communities below which none are ranked."""


@dataclass(frozen=True, eq=False)
class Filings:
    """Filings in `years` whole years.

    `households`, `adults` and `community` (its number) are of each estate.  Of each filing: `estate`, `category`,
    `week` (whole, from the first one, below 52 `years`) and `days` until it was handled, NaN where nobody has.
    """

    households: NDArray[np.float64]
    adults: NDArray[np.float64]
    community: NDArray[np.int64]
    estate: NDArray[np.int64]
    category: NDArray[np.int64]
    week: NDArray[np.int64]
    days: NDArray[np.float64]
    years: int

    def __len__(self) -> int:
        return self.estate.size

    def counts(self) -> NDArray[np.int64]:
        """Filings by estate and week, shape (estates, 52 years)."""
        weeks = YEAR * self.years
        cells = np.bincount(self.estate * weeks + self.week, minlength=self.households.size * weeks)
        return cells.reshape(self.households.size, weeks)

    def of(self, estates: NDArray[np.int64]) -> Filings:
        """Return the filings of the estates at some rows, numbered anew in their order; one that stands twice counts
        twice.
        """
        ends = np.bincount(self.estate, minlength=self.households.size).cumsum()
        filed = np.split(self.estate.argsort(kind="stable"), ends[:-1])
        each = [filed[estate] for estate in estates.tolist()]
        rows, places = np.concatenate(each), np.arange(estates.size).repeat([part.size for part in each])
        ground = (self.households[estates], self.adults[estates], self.community[estates])
        return Filings(*ground, places, self.category[rows], self.week[rows], self.days[rows], self.years)


def negative_binomial(counts: NDArray[np.int64], size: NDArray[np.float64]) -> tuple[float, float]:
    """Fit counts whose mean is ``a size^b`` and whose variance is ``mean + mean^2 / k``; return b and k."""
    from scipy.optimize import minimize

    log_size = np.log(size) - np.log(size).mean()

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        mean, k = np.exp(np.clip(theta[0] + theta[1] * log_size, -30, 30)), np.exp(theta[2])
        likelihood = gammaln(counts + k) - gammaln(k) + k * np.log(k / (k + mean)) + counts * np.log(mean / (k + mean))
        by_mean = counts - (counts + k) * mean / (k + mean)
        by_k = k * (psi(counts + k) - psi(k) + np.log(k / (k + mean)) + 1.0 - (counts + k) / (k + mean))
        return -float(likelihood.sum()), -np.array([by_mean.sum(), by_mean @ log_size, by_k.sum()])

    start = np.array([np.log(max(counts.mean(), 1e-6)), 1.0, 0.0])
    bounds, accuracy = [(-30, 30), (-30, 30), (-10, 10)], {"ftol": 1e-13, "gtol": 1e-7, "maxiter": 1000}
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=accuracy)
    return float(best.x[1]), float(np.exp(best.x[2]))


def near_repeats(counts: NDArray[np.int64], near: int = NEAR) -> float:
    """How many times as many of an estate's other filings lie near a filing as if their weeks were drawn by lot.

    Mean over filings, so that no estate with very many counts for all.  Lasting differences between estates leave it
    at 1, since only filings of one estate are paired.  `counts` has shape (estates, weeks); `near` is in weeks.

    Examples
    --------
    >>> counts = np.zeros((1, 52), dtype=int)
    >>> counts[0, 10] = 2                           # a single pair, in the same week
    >>> round(near_repeats(counts), 2)              # 52 * 52 pairs of weeks, of which 448 are near
    6.04
    """
    weeks = counts.shape[1]
    counts = counts[counts.sum(axis=1) > 1]
    total = counts.sum(axis=1)
    together = (counts * (counts - 1)).sum(axis=1)
    for lag in range(1, near + 1):
        together += 2 * (counts[:, lag:] * counts[:, :-lag]).sum(axis=1)
    by_lot = (weeks + 2 * sum(weeks - lag for lag in range(1, near + 1))) / weeks**2
    return float((together / (total - 1)).sum() / (total.sum() * by_lot)) if total.size else float("nan")


def filing_figures(filings: Filings) -> dict[str, float]:
    """Work out all figures of filings; NaN where there is too little to tell.

    Examples
    --------
    >>> one = np.array([0])
    >>> some = Filings(np.array([500.0]), np.array([950.0]), one, one, one, one, np.array([14.0]), years=1)
    >>> filing_figures(some)["reply"]
    14.0
    """
    counts = filings.counts()
    yearly = counts.reshape(-1, filings.years, YEAR)
    by_year = yearly.sum(axis=2)
    answered = filings.days[np.isfinite(filings.days)]
    shares = np.bincount(filings.category, minlength=len(CATEGORIES)) / max(len(filings), 1)
    reply = float(np.median(answered)) if answered.size else float("nan")
    tail = float(np.quantile(answered, 0.9)) / reply if answered.size and reply > 0 else float("nan")
    return {
        **_growth(by_year, filings.households),
        **{f"share {name}": float(share) for name, share in zip(CATEGORIES, shares, strict=True)},
        "reply": reply,
        "volume": len(filings) / filings.years / float(filings.adults.sum()) * 1000.0,
        "silent estates": float((by_year == 0).mean()),
        "busiest tenth": float(np.mean([_top(year) for year in by_year.T])),
        "halves": float(np.mean([_halves(yearly[:, year], filings.households) for year in range(filings.years)])),
        "near repeats": float(np.mean([near_repeats(yearly[:, year]) for year in range(filings.years)])),
        "reply tail": tail,
        "busy desks": _busy(filings),
    }


def _growth(by_year: NDArray[np.int64], households: NDArray[np.float64]) -> dict[str, float]:
    """Elasticity and dispersion, each year fitted by itself."""
    if households.size < 3 or not by_year.any(axis=0).all() or np.ptp(households) == 0:
        return {"elasticity": float("nan"), "dispersion": float("nan")}
    elasticity, dispersion = np.array([negative_binomial(counts, households) for counts in by_year.T]).T
    return {"elasticity": float(elasticity.mean()), "dispersion": float(np.exp(np.log(dispersion).mean()))}


def _top(counts: NDArray[np.int64]) -> float:
    most = np.sort(counts)[::-1][: max(counts.size // 10, 1)]
    return float(most.sum() / counts.sum()) if counts.any() else float("nan")


def _halves(counts: NDArray[np.int64], households: NDArray[np.float64]) -> float:
    """Rank correlation between what estates file per household in the two halves of a year."""
    half = YEAR // 2
    return spearman(counts[:, :half].sum(axis=1) / households, counts[:, half:].sum(axis=1) / households)


def _busy(filings: Filings) -> float:
    """Rank correlation, over communities, between filings for each adult and the median days to an answer."""
    place = filings.community[filings.estate]
    waits = pd.Series(filings.days).groupby(place).agg(["size", "count", "median"])
    waits = waits[waits["count"] >= FEW]
    if len(waits) < FEW:
        return float("nan")
    adults = np.bincount(filings.community, filings.adults)[waits.index]
    return spearman(waits["size"].to_numpy() / adults, waits["median"].to_numpy())
