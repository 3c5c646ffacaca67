"""Which property firm serves which estate: many firms with one estate, a few with many, side by side.

358 firms share the 1,034 estates of Nanshan.  The sizes of their portfolios follow a truncated Zipf law of
exponent about 1.95, and a firm's estates tend to lie together: the nearest estate has the same firm with
probability 0.108, where a random deal gives 0.01.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.sentence import Sentence
from sim.district.columns import NO_FIRM
from sim.district.draft import Draft
from sim.district.ground import GroundSection
from sim.district.hierarchy import fresh, nearest_known

__all__ = ["HONEST", "deal", "fill_firms", "neighbour", "portfolio_sizes", "same_firm"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HONEST: Final = Sentence(
    "firm: 358 firms, 1,034 estates, 0.67 of the firms with one estate and 0.20 of the estates with the ten "
    "largest cannot all hold in one truncated Zipf law: with its exponent at 1.95 it gives 0.60 and 0.26. "
    "Numbers and shares are kept, so the law is steep at one estate and flatter (1.4) above; fitted over all "
    "sizes its exponent is about 1.92. The shares are those of a list of 55 % of the estates."
)
"""What the portfolios can and cannot reproduce, for the notes."""


def portfolio_sizes(firms: int, estates: int, ground: GroundSection | None = None) -> Ints:
    """Number of estates of each firm, largest first.

    Parameters
    ----------
    firms
        At most as many as there are estates.
    estates
        What the sizes sum to.
    ground
        How many firms have one estate, and how the others' sizes fall off; the defaults where not given.

    Returns
    -------
    ndarray
        Shape (firms,), each at least 1.

    Examples
    --------
    >>> sizes = portfolio_sizes(358, 1034)
    >>> int(sizes.sum()), round(float((sizes == 1).mean()), 2), round(int(sizes[:10].sum()) / 1034, 1)
    (1034, 0.67, 0.2)
    """
    ground = GroundSection() if ground is None else ground
    one = ground.firms_of_one
    best = np.ones(firms, dtype=np.int64)
    share = (np.arange(firms) + 0.5) / firms
    for largest in range(2, max(3, min(estates, 200))):
        tail = np.arange(2.0, largest + 1) ** -ground.portfolio_exponent
        steps = np.concatenate([[one], one + (1 - one) * np.cumsum(tail) / tail.sum()])
        sizes = 1 + np.minimum(np.searchsorted(steps, share), largest - 1)
        if abs(int(sizes.sum()) - estates) < abs(int(best.sum()) - estates):
            best = sizes
    best = best[::-1].copy()
    several = max(1, int((best > 1).sum()))
    while (short := estates - int(best.sum())) != 0:
        step = min(abs(short), several)
        best[:step] += np.sign(short)
        best = np.sort(np.maximum(best, 1))[::-1]
    return best


def neighbour(xy: Floats) -> Ints:
    """Row of the nearest other estate, for every estate, shape (E,); an estate alone is its own."""
    from scipy.spatial import cKDTree

    if len(xy) < 2:
        return np.zeros(len(xy), dtype=np.int64)
    near = cKDTree(xy).query(xy, k=2)[1]
    return np.where(near[:, 0] == np.arange(len(xy)), near[:, 1], near[:, 0])


def same_firm(firm: NDArray, near: Ints, served: NDArray[np.bool_]) -> float:
    """Share of served estates whose nearest estate has the same firm; NaN where none is served."""
    return float((firm == firm[near])[served].mean()) if served.any() else float("nan")


def deal(sizes: Ints, xy: Floats, draft: Draft, rows: Ints) -> Ints:
    """Deal firms to estates so that they lie together as much as the data say.

    Every firm has a home on a curve that runs through the district; a part of its estates is sought near
    home, the rest anywhere.  That part is chosen so that neighbours share a firm as often as they should.

    Parameters
    ----------
    sizes
        Portfolio sizes, shape (F,), which sum to the number of rows.
    xy
        Positions of the estates dealt, shape (n, 2).
    draft
        Whose chance is used.
    rows
        Rows of those estates in the draft.

    Returns
    -------
    ndarray
        Firm of each estate, shape (n,).
    """
    estates = rows.size
    slot = np.repeat(np.arange(sizes.size), sizes)
    home = draft.chance.uniform("district.home of firm", 0, np.arange(sizes.size, dtype=np.uint64))[slot]
    numbers = np.arange(estates, dtype=np.uint64)
    local = draft.chance.uniform("district.estate is local", 0, numbers)
    spread = draft.ground.firm_bandwidth * sizes[slot] / estates
    nearby = home + spread * draft.chance.normal("district.place near home", 0, numbers)
    anywhere = draft.chance.uniform("district.place anywhere", 0, numbers)
    curve = _curve(xy)
    near = neighbour(xy)
    best, miss = slot, np.inf
    everyone = np.ones(estates, dtype=bool)
    for part in np.linspace(0, 1, 41):
        firm = np.empty(estates, dtype=np.int64)
        firm[curve] = slot[np.argsort(np.where(local < part, nearby, anywhere), kind="stable")]
        off = abs(same_firm(firm, near, everyone) - draft.ground.same_firm)
        if off < miss:
            best, miss = firm, off
    return best


def _curve(xy: Floats) -> Ints:
    """Order points along a Morton curve, so that neighbours in the order lie near one another."""
    low = xy.min(axis=0)
    cell = ((xy - low) / max(float(np.ptp(xy, axis=0).max()), 1e-9) * 1023).astype(np.int64)
    code = np.zeros(len(xy), dtype=np.int64)
    for bit in range(10):
        code |= ((cell[:, 0] >> bit) & 1) << (2 * bit) | ((cell[:, 1] >> bit) & 1) << (2 * bit + 1)
    return np.argsort(code, kind="stable")


def fill_firms(draft: Draft) -> None:
    """Fill the firms of estates where they are unknown; `NONE` is known, not empty."""
    gaps = draft.missing("firm")
    if not gaps.any():
        return
    xy = np.column_stack([draft["x"], draft["y"]])
    rows = np.flatnonzero(gaps)
    column = draft["firm"].astype(np.promote_types(draft["firm"].dtype, "U8"))
    if 2 * rows.size > draft.size:
        count = max(1, round(rows.size * draft.ground.per_estate("firms")))
        names = fresh("F", count, 3, draft["firm"])
        column[rows] = names[deal(portfolio_sizes(count, rows.size, draft.ground), xy[rows], draft, rows)]
        draft.fill(
            "firm", column, Sentence("with {count} firms made up, portfolios after Zipf and near together", count=count)
        )
        return
    # Where most firms are known, an estate joins the firm next door or that of some estate or other.
    known = np.flatnonzero(~gaps)
    other = known[(draft.uniform("firm of another estate") * known.size).astype(np.int64)]
    beside = draft.uniform("firm next door") < draft.ground.same_firm
    source = np.where(beside, nearest_known(xy, ~gaps), other)
    idle = int((draft["firm"][source][rows] == NO_FIRM).sum())
    same = draft.ground.same_firm
    way = Sentence("with the firm of the nearest estate (probability {same}) or of a random one", same=same)
    if idle:
        way = Sentence("{how}; {count} of them with none", how=way, count=idle)
    draft.fill("firm", column[source], way)
