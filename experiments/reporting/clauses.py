"""What happens to an outcome, as a clause: which way and by how much, or that it is open.

Where a comparison has judged a change (by intervals that hold for all its rows together), its verdict is given.  Where
none has, the interval speaks for itself: a change is stated only where its interval does not cover zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.core.statistics.effect import DOWN, UP, Reading, reading
from experiments.reporting import words
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.dust import least, only_dust, per_cent
from experiments.reporting.numbers import aligned, percent, rounded, short

LARGEST = 1000.0
"""Per cent from which on a change is given in its unit, since it began from next to nothing."""

SILENT = frozenset(words.ENTRIES["units"]["silent"])
"""Units that a sentence leaves out."""


@dataclass(frozen=True)
class Move:
    """A change of an outcome: the mean paired difference and the ends of its 95 % interval, in the outcome's unit.

    The interval is NaN with a single pair, the `base`, the mean of what it is set against, where there is none; the
    verdict is empty where nothing was judged.
    """

    outcome: str
    difference: float
    low: float
    high: float
    base: float = math.nan
    verdict: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Move:
        """Make a move of a row of a table of effects; one without verdicts is read from its intervals."""
        difference, low, high = (float(row[name]) for name in ("difference", "ci_low", "ci_high"))
        base, verdict = float(row["baseline_mean"]), str(row.get("verdict", ""))
        if only_dust(difference, low, high, base):
            difference, verdict = 0.0, "equivalent"
            low, high = (0.0 if math.isfinite(end) else end for end in (low, high))
        return cls(str(row["outcome"]), difference, low, high, base, verdict)

    @property
    def kind(self) -> Reading:
        """What can be said of it."""
        return reading(self.difference, self.low, self.high, self.verdict)

    @property
    def known(self) -> bool:
        """Whether it has an interval."""
        return math.isfinite(self.low + self.high)

    @property
    def ranged(self) -> bool:
        """Whether it has a range over assumptions too."""
        return False

    @property
    def scale(self) -> float:
        """Per cent per unit; NaN where percentages say nothing."""
        usable = abs(self.difference) < LARGEST / 100 * abs(self.base)
        return per_cent(self.outcome, self.difference, self.base) if usable else math.nan

    @property
    def least(self) -> float:
        """Per cent below which no end of its interval is shown."""
        return least(self.outcome)

    def size(self, lang: str, signed: bool = False) -> str:
        """How large it is: in per cent where that says something, else in its unit."""
        value = self.difference if signed else abs(self.difference)
        if math.isfinite(self.scale):
            return percent(value * self.scale, signed)
        return sized(self.outcome, value, lang, signed)

    def ends(self, lang: str, named: bool = True) -> str:
        """Its 95 % interval, as words; called by its name, if `named`."""
        if math.isfinite(self.scale):
            low, high = (percent(max(end * self.scale, self.least), signed=True) for end in (self.low, self.high))
        else:
            low, high = aligned((self.low, self.high), (self.high - self.low) / 2)
        ends = gettext(lang, "{low} to {high}", low=low, high=high)
        return gettext(lang, "95% interval {ends}", ends=ends) if named else ends

    def brackets(self, lang: str, named: bool = True) -> str:
        """Its interval in brackets, behind a clause; nothing where there is none."""
        return bracketed(self.ends(lang, named), lang) if self.known else ""


def sized(outcome: str, value: float, lang: str, signed: bool = False) -> str:
    """Write a number of an outcome with its unit, as in a sentence.

    Examples
    --------
    >>> sized("yuan_purse", 120011.2, "en"), sized("satisfaction", 0.31, "en"), sized("open", -2.0, "en", signed=True)
    ('120,011 yuan per week', '0.31', '−2 per 1,000 households')
    """
    text = short(value, signed)
    if words.unit(outcome) in SILENT:
        return text
    return gettext(lang, "{text} {unit}", text=text, unit=words.unit(outcome, lang))


def bracketed(text: str, lang: str = "en") -> str:
    """Put a text in brackets behind another; nothing where there is none."""
    return gettext(lang, " ({ends})", ends=text) if text else ""


def grouped(moves: Iterable[Move], interval: bool) -> list[list[Move]]:
    """Group neighbours of which the same is said without a size: undecided, within the margin, the same.

    With intervals, one that has a range over assumptions too stays by itself.

    Examples
    --------
    >>> changes = [Move(name, -0.1, -0.3, 0.1, 3.0, "undecided") for name in ("filed", "standing")]
    >>> [len(group) for group in grouped([*changes, Move("conflicts", 0.0, 0.0, 0.0, 3.0, "equivalent")], False)]
    [2, 1]
    """
    groups: list[list[Move]] = []
    for move in moves:
        by_itself = move.kind in DOWN | UP or (interval and move.ranged)
        if groups and move.kind == groups[-1][0].kind and not by_itself:
            groups[-1].append(move)
        else:
            groups.append([move])
    return groups


def opposite(move: Move, other: Move) -> bool:
    """Return whether two changes go in opposite directions for certain."""
    return (move.kind in DOWN and other.kind in UP) or (move.kind in UP and other.kind in DOWN)


def enumerated(texts: Iterable[str], lang: str = "en", between: str = "names") -> str:
    """Join names, or clauses, by commas."""
    comma = pgettext(lang, "between names", ", ") if between == "names" else pgettext(lang, "between clauses", ", ")
    return comma.join(texts)


def listed(texts: Sequence[str], lang: str = "en", comma: bool = False) -> str:
    """Join texts as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b"], comma=True)
    ('a, b and c', 'a, and b')
    """
    *leading, last = texts or [""]
    if not leading:
        return last
    if comma:
        return gettext(lang, "{text}, and {clause}", text=enumerated(leading, lang, "clauses"), clause=last)
    return gettext(lang, "{some} and {last}", some=enumerated(leading, lang), last=last)


def span(ends: tuple[float, float], lang: str = "en") -> str:
    """Write an interval, or a single number where it has no width.

    Examples
    --------
    >>> span((0.0417, 1234.5)), span((3.0, 3.0)), span((math.nan, math.nan))
    ('0.0417 to 1,234', '3', '–')
    """
    low, high = ends
    if low == high or math.isnan(low):
        return rounded(low)
    return gettext(lang, "{low} to {high}", low=rounded(low), high=rounded(high))


def capital(text: str) -> str:
    """Begin a sentence; a name of code stays as it is written.

    Examples
    --------
    >>> capital("own branches only"), capital("old_first"), capital("branches.reach = 0.3")
    ('Own branches only', 'old_first', 'branches.reach = 0.3')
    """
    first = text.partition(" ")[0].rstrip(".,:;")
    return text if "_" in first or "." in first else text[:1].upper() + text[1:]
