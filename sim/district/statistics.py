"""The figures by which a district is judged, with their targets: model.md section 1.

The generator aims at them, the tests hold it to them, and `District.describe` shows them, for a user's own
district as well, where the target says what Nanshan would have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.district.distributions import ranks
from sim.district.estate_kinds import EstateKind
from sim.district.layout import clark_evans
from sim.district.portfolios import neighbour, same_firm

__all__ = ["STATISTICS", "Statistic", "gini", "spearman", "zipf_exponent"]

_LISTED: Final = "569 listed estates of Nanshan, 2020"
_MODEL: Final = "docs/model.md, statistics of the ground"
_STUDY: Final = "field study of Nanshan, 2021"


class Measured(Protocol):
    """A district, as far as its statistics look at it."""

    @property
    def estates(self) -> int: ...
    @property
    def communities(self) -> int: ...
    @property
    def streets(self) -> int: ...
    @property
    def firms(self) -> int: ...
    @property
    def committee(self) -> NDArray[np.bool_]: ...
    @property
    def kind(self) -> NDArray[np.int8]: ...
    @property
    def households(self) -> NDArray[np.int64]: ...
    @property
    def adults(self) -> NDArray[np.int64]: ...
    @property
    def buildings(self) -> NDArray[np.int64]: ...
    @property
    def year(self) -> NDArray[np.int64]: ...
    @property
    def firm(self) -> NDArray[np.int64]: ...
    @property
    def x(self) -> NDArray[np.float64]: ...
    @property
    def y(self) -> NDArray[np.float64]: ...
    @property
    def fee(self) -> NDArray[np.float64]: ...
    @property
    def owners(self) -> NDArray[np.float64]: ...
    @property
    def cars(self) -> NDArray[np.float64]: ...
    @property
    def spaces(self) -> NDArray[np.float64]: ...
    def members(self, rate: float) -> NDArray[np.int64]:
        """Count the formal members registered in each estate."""


@dataclass(frozen=True)
class Statistic:
    """One figure of a district.

    Parameters
    ----------
    name
        With its unit.
    measure
        Function of a district.
    target
        Nanshan's figure; None where there is none.
    source
        Of the target; `assumed` where there is none.
    tolerance
        By how much the generator may miss it at 1,034 estates, in the figure's own unit.
    grows
        Whether the target is a count that goes with the number of estates.
    """

    name: str
    measure: Callable[[Measured], float]
    target: float | None
    source: str
    tolerance: float = 0.0
    grows: bool = False

    def expected(self, estates: int) -> float:
        """Target for a district of so many estates; NaN where there is none."""
        if self.target is None:
            return float("nan")
        return float(max(1, round(self.target * estates / 1034))) if self.grows else self.target


def gini(values: NDArray) -> float:
    """Gini coefficient of non-negative values.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0, 1.0, 1.0]))
    0.0
    """
    order = np.sort(values)
    place = np.arange(1, order.size + 1)
    return float((2 * place - order.size - 1) @ order / (order.size * order.sum()))


def spearman(one: NDArray, other: NDArray) -> float:
    """Rank correlation, ties sharing ranks; NaN where either does not vary."""
    a, b = ranks(one), ranks(other)
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale > 0 else float("nan")


def zipf_exponent(sizes: NDArray[np.int64]) -> float:
    """Maximum-likelihood exponent of a Zipf law truncated at the largest size; NaN where all are one."""
    largest = int(sizes.max(initial=1))
    if largest < 2:
        return float("nan")
    logs, mean = np.log(np.arange(1.0, largest + 1)), np.log(sizes).mean()
    low, high = -5.0, 10.0
    for _ in range(50):  # the expected logarithm falls as the exponent rises
        half = (low + high) / 2
        weight = np.exp(-half * logs)
        if weight @ logs / weight.sum() > mean:
            low = half
        else:
            high = half
    return (low + high) / 2


def _portfolios(district: Measured) -> NDArray[np.int64]:
    return np.bincount(district.firm[district.firm >= 0], minlength=1)


def _top_ten(district: Measured) -> float:
    sizes = _portfolios(district)
    return float(np.sort(sizes)[-10:].sum() / max(int(sizes.sum()), 1))


def _near_random(district: Measured) -> float:
    """Probability that two estates drawn at random have the same firm."""
    sizes = _portfolios(district)
    total = int(sizes.sum())
    return float((sizes * (sizes - 1)).sum() / max(total * (total - 1), 1))


def _near(district: Measured) -> float:
    return same_firm(district.firm, neighbour(np.column_stack([district.x, district.y])), district.firm >= 0)


def _eligible(rate: float) -> Callable[[Measured], float]:
    return lambda district: float((district.members(rate) >= 3).mean())


def _of_kind(kind: EstateKind) -> Callable[[Measured], float]:
    return lambda district: float((district.kind == kind).mean())


def _lower_tail(district: Measured) -> float:
    """Distance of the 5th percentile below the median, over that of the 95th above it, in logarithms."""
    low, middle, high = np.log(np.quantile(district.households, [0.05, 0.5, 0.95])).tolist()
    return float((middle - low) / (high - middle)) if high > middle else float("nan")


def _owning(district: Measured) -> float:
    return float(district.owners @ district.adults) / int(district.adults.sum())


def _log_sd(values: NDArray) -> float:
    positive = values[values > 0]
    return float(np.log(positive).std()) if positive.size else float("nan")


STATISTICS: Final = (
    Statistic("estates", lambda d: d.estates, 1034, _STUDY, grows=True),
    Statistic("communities", lambda d: d.communities, 101, _STUDY, grows=True),
    Statistic("streets", lambda d: d.streets, 8, _STUDY, grows=True),
    Statistic("property firms", lambda d: d.firms, 358, _STUDY, grows=True),
    Statistic("owners' committees", lambda d: int(d.committee.sum()), 394, _STUDY, grows=True),
    Statistic("households of an estate, median", lambda d: np.median(d.households), 468, _LISTED, 10),
    Statistic("households of an estate, mean", lambda d: d.households.mean(), 638, _LISTED, 12),
    Statistic("households of an estate, log-sd", lambda d: _log_sd(d.households), 1.02, _LISTED, 0.03),
    Statistic("households of an estate, Gini", lambda d: gini(d.households), 0.45, _LISTED, 0.01),
    Statistic("households, lower tail over upper (lognormal: 1)", _lower_tail, 1.545, _LISTED, 0.08),
    Statistic("buildings of an estate, median", lambda d: np.median(d.buildings), 5, _LISTED, 0.5),
    Statistic("fee, median (yuan per m2 and month)", lambda d: np.median(d.fee), 2.7, _LISTED, 0.05),
    Statistic("fee, log-sd", lambda d: _log_sd(d.fee), 0.64, _LISTED, 0.03),
    Statistic("fee and year, Spearman", lambda d: spearman(d.fee, d.year), 0.65, _LISTED, 0.03),
    Statistic("fee and households, Spearman", lambda d: spearman(d.fee, d.households), 0.25, _LISTED, 0.03),
    Statistic("firms with one estate, share", lambda d: (_portfolios(d) == 1).mean(), 0.67, _LISTED, 0.02),
    Statistic("estates with the ten largest firms, share", _top_ten, 0.20, _LISTED, 0.02),
    Statistic("portfolios, Zipf exponent", lambda d: zipf_exponent(_portfolios(d)), 1.95, _MODEL, 0.06),
    Statistic("same firm at the nearest estate", _near, 0.108, _LISTED, 0.01),
    Statistic("same firm at a random estate", _near_random, 0.009, _LISTED, 0.003),
    Statistic("Clark-Evans index of positions", lambda d: clark_evans(np.column_stack([d.x, d.y])), 0.42, _MODEL, 0.01),
    Statistic("adults of a household", lambda d: d.adults.sum() / d.households.sum(), 1.9, _MODEL, 0.01),
    *(
        Statistic(
            f"estates with 3 members or more at {rate:g} a household",
            _eligible(rate),
            share,
            "Poisson over the listed sizes",
            0.03,
        )
        for rate, share in ((0.002, 0.17), (0.005, 0.46), (0.01, 0.70), (0.02, 0.87))
    ),
    *(Statistic(f"share of kind {kind.label}", _of_kind(kind), None, "assumed") for kind in EstateKind),
    Statistic("adults who own, share", _owning, None, "assumed"),
    Statistic("cars of a household", lambda d: d.cars.sum() / d.households.sum(), None, "assumed"),
    Statistic("spaces of a household", lambda d: d.spaces.sum() / d.households.sum(), None, "assumed"),
)
"""Every figure, in the order in which `describe` shows them."""
