"""Common random numbers: every draw is a function of (seed, decision, week, who), and of nothing else.

In the world, a policy changes only what it causes: the quarrel at staircase 4 would have broken out
whether or not a branch was founded three streets away.  In the program this means that no stream is
consumed in order.  A draw is the splitmix64 finaliser (Steele, Lea and Flood 2014) of the key of the
decision and week and of the *identity* of whom it concerns.  An identity comes from the cause (person 17
of the estate called "E0203"; the case which that person opened in week 40), never from the order in
which things were made, so an added newcomer moves nobody's draw and paired differences are sharp.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.attributes import Attributes
from sim.core.errors import ComponentError
from sim.core.operands import operand

__all__ = [
    "Chance",
    "combine",
    "fields",
    "gumbel_levels",
    "level",
    "lognormal_levels",
    "normal_levels",
    "offspring",
    "poisson_levels",
    "poisson_quantile",
    "share",
    "unit",
    "waiting_levels",
]

Identity = NDArray[np.uint64]
Floats = NDArray[np.float64]

_ODD: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1
_30, _27, _31, _12 = (operand(shift, np.uint64) for shift in (30, 27, 31, 12))
_M1, _M2 = (operand(factor, np.uint64) for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_STEP: Final = operand(_ODD, np.uint64)
_STEPS: Final = np.arange(1, 17, dtype=np.uint64) * _STEP
_BITS_OF_ONE, _ONE_LESS_HALF_STEP = operand(1.0).view(np.uint64), operand(1.0 - 2.0**-53)

_HANDFUL: Final = 3
"""Words that Python scrambles one by one sooner than arrays do it in eight steps."""
_FEW: Final = 2000
_AHEAD: Final = 32
_KEPT: Final = 128
_MANY: Final = 200
_SMALL: Final = 1.5
_INVERSES: Final = 1.0 / np.arange(1, 25)

LEVELS: Final = 1 << 16
"""Number of quantiles in the tables that turn 16 random bits into a normal or lognormal draw."""

_WORD_OF_64, _WORD_OF_16 = np.dtype("<u8"), np.dtype("<u2")
_LOWEST_FIRST: Final = sys.byteorder == "little"
_SHARES: Final = (np.arange(LEVELS) + 0.5) / LEVELS
_SHARES.setflags(write=False)


def mix(z: Identity) -> Identity:
    """Scramble 64-bit words in place (the splitmix64 finaliser) and return them.

    Parameters
    ----------
    z
        Any shape; overwritten.
    """
    if z.size <= _HANDFUL:
        z.flat = [_scramble(word) for word in z.ravel().tolist()]
        return z
    t = np.right_shift(z, _30)
    np.bitwise_xor(z, t, z)
    np.multiply(z, _M1, z)
    np.right_shift(z, _27, t)
    np.bitwise_xor(z, t, z)
    np.multiply(z, _M2, z)
    np.right_shift(z, _31, t)
    np.bitwise_xor(z, t, z)
    return z


def combine(cause: Identity, number: NDArray | int) -> Identity:
    """Make the identities of what a cause brings forth, e.g. the k-th touch of an incident.

    Parameters
    ----------
    cause
        Identities, shape (n,).
    number
        Which one of the cause's offspring; integers broadcast against `cause`.

    Examples
    --------
    >>> a = np.array([7, 7], dtype=np.uint64)
    >>> b = combine(a, np.array([0, 1]))
    >>> bool(b[0] != b[1])
    True
    """
    step = np.asarray(number).astype(np.uint64) * _STEP
    return mix(cause + step + _STEP)


def offspring(cause: Identity, count: int) -> Identity:
    """Make the identities of the first few that each cause brings forth, shape (count, n): `combine` with 0, 1, ...

    Examples
    --------
    >>> one = np.array([7, 8], dtype=np.uint64)
    >>> bool((offspring(one, 2)[1] == combine(one, 1)).all())
    True
    """
    return mix(_STEPS[:count, None] + cause)


def _sixteens(bits: Identity) -> NDArray[np.uint16]:
    """Contiguous words of chance as fields of 16 bits, the lowest of each word first."""
    return (bits if _LOWEST_FIRST else bits.astype(_WORD_OF_64)).view(_WORD_OF_16)


def level(bits: Identity, field: int) -> NDArray[np.int64]:
    """One of four 16-bit fields of contiguous words of chance: a row of the tables of `LEVELS` quantiles."""
    return _sixteens(bits)[..., field::4].astype(np.int64)


def fields(bits: Identity) -> NDArray[np.uint16]:
    """All four 16-bit fields of contiguous words of chance; a last axis of length four is added."""
    return _sixteens(bits).reshape(*bits.shape, 4)


def share(bits: Identity, field: int) -> Floats:
    """One of four 16-bit fields of contiguous words of chance, as a uniform strictly inside (0, 1)."""
    return _SHARES.take(_sixteens(bits)[..., field::4])


def _word(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _scramble(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


@cache
def _normal_and_poisson() -> tuple[np.ufunc, np.ufunc]:
    """Quantiles of the normal and shares of the Poisson distribution, fetched when they are first needed."""
    from scipy.special import ndtri, pdtr

    return ndtri, pdtr


@cache
def normal_levels() -> Floats:
    """Standard normal quantiles at the midpoints of 65,536 equal slices, shape (65536,), read-only."""
    from scipy.special import ndtri

    table = ndtri((np.arange(LEVELS) + 0.5) / LEVELS)
    table.setflags(write=False)
    return table


@cache
def gumbel_levels() -> Floats:
    """Standard Gumbel quantiles at the midpoints of 65,536 equal slices, shape (65536,), read-only."""
    table = -np.log(-np.log((np.arange(LEVELS) + 0.5) / LEVELS))
    table.setflags(write=False)
    return table


@cache
def lognormal_levels(log_sd: float) -> NDArray[np.float32]:
    """Quantile midpoints of a lognormal with mean 1, shape (65536,), read-only."""
    table = np.exp(log_sd * normal_levels() - log_sd**2 / 2)
    table = (table / table.mean()).astype(np.float32)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=16)
def waiting_levels(*stays: float) -> NDArray[np.int32]:
    """Quantile midpoints of the whole weeks that pass while each is waited through, shape (k, 65536), read-only.

    Parameters
    ----------
    *stays
        Logarithms of k probabilities of waiting for another week, below zero.

    Examples
    --------
    >>> waiting_levels(np.log(0.5), np.log(0.25))[:, [1, LEVELS // 3, LEVELS - 1]].tolist()
    [[15, 1, 0], [7, 0, 0]]
    """
    table = np.empty((len(stays), LEVELS), dtype=np.int32)
    for row, stay in zip(table, stays, strict=True):
        row[:] = np.floor(np.log(_SHARES) / stay)
    table.setflags(write=False)
    return table


def poisson_quantile(u: Floats, mean: Floats) -> NDArray[np.int64]:
    """Poisson counts by inverse distribution function, one uniform each.

    A larger mean never lowers a count, so a policy that changes a rate adds or removes only the last
    events.

    Parameters
    ----------
    u
        Uniforms in (0, 1), shape (n,).
    mean
        Means >= 0, shape (n,).

    Examples
    --------
    >>> poisson_quantile(np.array([0.1, 0.5, 0.99]), np.array([2.0, 2.0, 2.0])).tolist()
    [0, 2, 6]
    """
    none = np.exp(-mean)
    count = np.zeros(u.shape, dtype=np.int64)
    hit = (u > none).nonzero()[0]
    # Summing the probabilities up is cheap for small means, looking the quantile up for large ones; which
    # is which changes with the length of the arrays only in time, never in the result.
    if hit.size and hit.size <= _MANY and mean[hit].max() < _SMALL:
        count[hit] = _add_up(u[hit], mean[hit], none[hit])
        return count
    if hit.size > _MANY:
        small = mean[hit] < 10.0
        _climb(u, mean, none, hit[small], count)
        hit = hit[~small]
    if hit.size:
        count[hit] = _look_up(u[hit], mean[hit])
    return count


def _add_up(u: Floats, mean: Floats, none: Floats) -> NDArray[np.int64]:
    """Add up P(0), P(1), ... of small means side by side, and count how many sums stay below each uniform."""
    terms = np.multiply.outer(mean, _INVERSES)
    sums = np.add.accumulate(np.multiply.accumulate(terms, axis=1, out=terms), axis=1, out=terms)
    sums += 1.0
    sums *= none[:, None]
    return 1 + (sums < u[:, None]).sum(axis=1)


def poisson_levels(mean: float) -> Floats:
    """Distribution function of a Poisson count up to where it is 1; ``searchsorted`` turns a uniform into a count.

    For counts that all have one mean this gives what `poisson_quantile` gives, in one step.

    Examples
    --------
    >>> poisson_levels(2.0).searchsorted([0.1, 0.5, 0.99]).tolist()
    [0, 2, 6]
    """
    from scipy.special import pdtr

    table = pdtr(np.arange(int(mean + 12.0 * np.sqrt(mean)) + 30), mean)
    table[-1] = 1.0
    table.setflags(write=False)
    return table


def _climb(u: Floats, mean: Floats, none: Floats, todo: NDArray, count: NDArray[np.int64]) -> None:
    """Add up P(1), P(2), ... until each uniform is reached; write the counts."""
    term, rate, k = none[todo], mean[todo], 0
    left = u[todo] - term
    while todo.size and k < 400:
        k += 1
        term = term * (rate / k)
        left = left - term
        count[todo] = k
        on = left > 0.0
        if not on.all():
            todo, term, rate, left = todo[on], term[on], rate[on], left[on]


def _look_up(u: Floats, mean: Floats) -> Floats:
    """Start from the Cornish-Fisher quantile and walk to the smallest k with P(X <= k) >= u."""
    ndtri, pdtr = _normal_and_poisson()
    z = ndtri(u)
    k = np.maximum(np.rint(mean + np.sqrt(mean) * z + (z * z - 4.0) / 6.0), 1.0)
    below = pdtr(k - 1.0, mean)
    todo = (below >= u).nonzero()[0]
    while todo.size:
        k[todo] -= 1.0
        below[todo] = pdtr(k[todo] - 1.0, mean[todo])
        todo = todo[below[todo] >= u[todo]]
    todo = (pdtr(k, mean) < u).nonzero()[0]
    while todo.size:
        k[todo] += 1.0
        todo = todo[pdtr(k[todo], mean[todo]) < u[todo]]
    return k


class Chance(Attributes):
    """All the randomness of one replicate.

    Parameters
    ----------
    seed
        Any integer; it is scrambled, so neighbouring seeds are unrelated.

    Examples
    --------
    >>> who = np.array([3, 5], dtype=np.uint64)
    >>> one = Chance(42).uniform("move", 10, who)
    >>> two = Chance(42).uniform("move", 10, who[1:])
    >>> bool(one[1] == two[0])
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self._start = _scramble((self.seed * _ODD + 1) & _MASK)
        self._keys: dict[str, dict[int, NDArray[np.uint64]]] = {}
        self._ahead: dict[str, tuple[int, Identity, Floats]] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of seed {self.seed}>"

    def key(self, decision: str, week: int) -> NDArray[np.uint64]:
        """Return the key of a decision in a week, an array without dimensions.

        Examples
        --------
        >>> Chance(42).key("move", 10).dtype
        dtype('uint64')
        """
        try:
            return self._keys[decision][week]
        except (KeyError, TypeError):
            return self._make_keys(decision, week)

    def _make_keys(self, decision: str, week: int) -> NDArray[np.uint64]:
        """Make the keys of a decision for this week, and of one that comes again for some more, all in one step."""
        if not isinstance(decision, str) or not isinstance(week, int | np.integer):
            raise ComponentError(
                f'a draw has the name of a decision and a number of the week, e.g. ("festival", model.week, ...), '
                f"and not ({decision!r}, {week!r}, ...)."
            )
        base = _scramble(self._start ^ _word(decision))
        weeks = range(week, week + (_AHEAD if decision in self._keys else 1))
        keys = mix(np.array([(base + (week + 1) * _ODD) & _MASK for week in weeks], dtype=np.uint64))
        known = self._keys.setdefault(decision, {})
        if len(known) > _KEPT:
            known.clear()
        known.update(zip(weeks, map(operand, keys), strict=True))
        return known[week]

    def bits(self, decision: str, week: int, who: Identity) -> Identity:
        """64 random bits for each identity, same shape as `who`.

        Examples
        --------
        >>> people = np.array([3, 5], dtype=np.uint64)
        >>> Chance(42).bits("move", 10, people).dtype
        dtype('uint64')
        """
        if who.__class__ is not np.ndarray or who.dtype != np.uint64:
            who = _identities(who)
        return mix(who + self.key(decision, week))

    def uniform(self, decision: str, week: int, who: Identity) -> Floats:
        """Uniform draws strictly inside (0, 1), same shape as `who`.

        Examples
        --------
        >>> people = np.array([3, 5], dtype=np.uint64)
        >>> draws = Chance(42).uniform("move", 10, people)
        >>> bool((draws == Chance(42).uniform("move", 10, people)).all())
        True
        """
        return unit(self.bits(decision, week, who))

    def uniforms(self, week: int, asked: Mapping[str, Identity]) -> list[Floats]:
        """Draw as `uniform` does for several decisions in one step, which for a few takes as long as for one of them.

        Examples
        --------
        >>> people = np.array([3, 5], dtype=np.uint64)
        >>> moves, stays = Chance(42).uniforms(10, {"move": people, "stay": people})
        >>> bool((moves == Chance(42).uniform("move", 10, people)).all())
        True
        """
        words = [who + self.key(decision, week) for decision, who in asked.items()]
        drawn = unit(mix(np.concatenate(words, axis=None)))
        ends = accumulate(word.size for word in words)
        return [drawn[end - word.size : end].reshape(word.shape) for word, end in zip(words, ends, strict=True)]

    def of_the_same(self, decision: str, week: int, who: Identity) -> Floats:
        """Draw as `uniform` does, for those who are asked every week; `who` must be the same array and unchanged.

        For a few, some weeks are drawn in one step and kept, since a step for a few costs as much as one for many.

        Examples
        --------
        >>> people = np.array([3, 5], dtype=np.uint64)
        >>> Chance(42).of_the_same("move", 10, people).shape
        (2,)
        """
        if who.size > _FEW:
            return self.uniform(decision, week, who)
        block = self._ahead.get(decision)
        if block is None or block[1] is not who or not block[0] <= week < block[0] + _AHEAD:
            keys = np.array([self.key(decision, week + later) for later in range(_AHEAD)])
            block = self._ahead[decision] = (week, who, unit(mix(np.add.outer(keys, who))))
        return block[2][week - block[0]]

    def normal(self, decision: str, week: int, who: Identity) -> Floats:
        """Standard normal draws, same shape as `who`.

        Examples
        --------
        >>> people = np.array([3, 5], dtype=np.uint64)
        >>> Chance(42).normal("move", 10, people).shape
        (2,)
        """
        from scipy.special import ndtri

        return ndtri(self.uniform(decision, week, who))

    def poisson(self, decision: str, week: int, who: Identity, mean: Floats) -> NDArray[np.int64]:
        """Poisson counts with the given means, same shape as `who`; monotone in the mean.

        Examples
        --------
        >>> estates = np.array([3, 5], dtype=np.uint64)
        >>> Chance(42).poisson("incidents", 10, estates, np.array([0.0, 2.0]))[0].item()
        0
        """
        return poisson_quantile(self.uniform(decision, week, who), np.asarray(mean, dtype=np.float64))


def _identities(who: Any) -> Identity:
    """Return whole numbers as identities."""
    given = np.asarray(who)
    if given.ndim == 0 or given.dtype.kind not in "iu" or (given.size and given.min() < 0):
        raise ComponentError(
            "a draw is for whom it concerns: whole numbers of 0 or more, one for each draw, such as "
            f"model.district.identity or np.arange(3); not {who!r}."
        )
    return given.astype(np.uint64)


def unit(bits: Identity) -> Floats:
    """Turn 64 random bits into a uniform strictly inside (0, 1)."""
    # The upper 52 bits as the fraction of a float from 1 to 2, less 1, and half a step up: both are exact.
    fraction = bits >> _12
    fraction |= _BITS_OF_ONE
    u: Floats = fraction.view(np.float64)
    u -= _ONE_LESS_HALF_STEP
    return u
