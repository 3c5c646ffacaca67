"""What an interval says beside a margin: the one reading of intervals that all tables, maps and sentences share.

A difference smaller than the margin does not matter.  Where the interval of a difference lies, seen from zero and from
plus or minus the margin m, is one of these places, of which exactly one always holds:

| the interval                                     | better side     | worse side       | no side is better            |
|--------------------------------------------------|-----------------|------------------|------------------------------|
| lies wholly beyond the margin                    | helps           | harms            | rises, falls                 |
| lies within the margin and leaves zero out       | better          | worse            | higher, lower                |
| leaves zero out, and holds m (or -m)             | undecided_better| undecided_worse  | undecided_higher, .._lower   |
| lies within the margin and holds zero            | equivalent      | equivalent       | equivalent                   |
| else: it holds zero and reaches beyond the margin| undecided       | undecided        | undecided                    |

The words of the first, second and fourth line are *decided*.  Each says where the true difference lies: beyond the
margin on one side, or within it.  If two intervals of one comparison are decided and contradict each other, one of them
has missed the truth.  So more replicates turn a verdict into a contradicting one no more often than intervals miss,
whatever the difference is; *better* and *worse* only add a side to *equivalent* and do not contradict it.

An interval that leaves zero out and straddles the margin shows a side and not whether the difference matters.  It is no
decision, and its words begin with *undecided* for that reason; but to call it plainly undecided would hide that the
side is known, which a reader of a table of words could not recover.
"""

import math
from collections.abc import Sequence
from typing import Final, Literal

from experiments.core.statistics.paired import Paired
from sim.outcomes import Better

LEVEL: Final = 0.05
"""Chance that an interval misses; of several that are judged together, that any of them does."""

Judged = Literal["helps", "better", "undecided_better", "harms", "worse", "undecided_worse"]
Sided = Literal["rises", "higher", "undecided_higher", "falls", "lower", "undecided_lower"]
Region = Literal["equivalent", "undecided"] | Judged | Sided

WORDS: Final[dict[str, tuple[Region, Region, Region]]] = {
    "good": ("helps", "better", "undecided_better"),
    "bad": ("harms", "worse", "undecided_worse"),
    "up": ("rises", "higher", "undecided_higher"),
    "down": ("falls", "lower", "undecided_lower"),
}
"""Words of a side: beyond the margin, within it, across it."""

_BEYOND, _WITHIN, _ACROSS = zip(*WORDS.values(), strict=True)
BEYOND: Final = frozenset[str](_BEYOND)
"""The difference matters."""
WITHIN: Final = frozenset[str]((*_WITHIN, "equivalent"))
"""The difference does not matter."""
OPEN: Final = frozenset[str](_ACROSS)
"""The side is known; whether the difference matters is not."""


def side(low: float, high: float) -> int:
    """Return on which side of zero an interval lies: 1 above, -1 below, 0 where it holds zero or is not known.

    Examples
    --------
    >>> side(0.1, 0.3), side(-0.3, -0.1), side(-0.1, 0.3), side(math.nan, math.nan)
    (1, -1, 0, 0)
    """
    return 1 if low > 0.0 else -1 if high < 0.0 else 0


def region(low: float, high: float, room: float, better: Better = "lower") -> Region:
    """Say where the interval of a difference lies, seen from the margin `room` in its unit; see the table above.

    Examples
    --------
    >>> [region(*ends, room=2.0) for ends in ((-5, -3), (-1.5, -0.5), (-1, 1), (0.5, 1.5), (3, 5), (-1, 3), (1, 3))]
    ['helps', 'better', 'equivalent', 'worse', 'harms', 'undecided', 'undecided_worse']
    >>> region(3, 5, room=2.0, better="neither"), region(0.0, 0.0, room=0.0)
    ('rises', 'equivalent')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "undecided"
    sign, inside = side(low, high), -room <= low and high <= room
    if not sign:
        return "equivalent" if inside else "undecided"
    if better == "neither":
        words = WORDS["up" if sign > 0 else "down"]
    else:
        words = WORDS["good" if (sign < 0) == (better == "lower") else "bad"]
    return words[0] if low > room or high < -room else words[1] if inside else words[2]


def decided(word: str) -> bool:
    """Return whether a word says where the difference lies, beyond the margin or within it."""
    return word in BEYOND or word in WITHIN


def together(results: Sequence[Paired], tested: Sequence[bool]) -> tuple[float, list[float]]:
    """Judge several comparisons at once: confidence of each interval so that all hold with 95 %, and p adjusted alike.

    Bonferroni's way: of k tests each gets the k-th part of the 5 %.  It holds whatever hangs together with whatever,
    and interval and p say the same, since both come from one t.  Holm's steps would adjust a few p by less, but no
    interval goes with them; and the largest of k bootstrapped t, which would use that outcomes hang together, has to be
    drawn from ten replicates or fewer, where its far tail is made of single replicates.

    Some are `tested`; an arm against itself, or a single pair, tests nothing, and the p of the former is 1.
    """
    count = max(1, sum(test and result.replicates > 1 for result, test in zip(results, tested, strict=True)))
    p = [count * result.p if test else 1.0 for result, test in zip(results, tested, strict=True)]
    return 1.0 - LEVEL / count, [value if math.isnan(value) else min(1.0, value) for value in p]
