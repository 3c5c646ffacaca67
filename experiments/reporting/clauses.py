"""What happens to an outcome, as a clause: which way and by how much, or that it is open.

Where a comparison has judged a change (by intervals that hold for all its rows together), its verdict is given.  Where
none has, the interval speaks for itself: a change is stated only where its interval does not cover zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.core.margin import MARGIN
from experiments.core.statistics.effect import DOWN, UP, Reading, reading
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.numbers import aligned, percent, rounded, short

LARGEST = 1000.0
"""Per cent from which on a change is given in its unit, since it began from next to nothing."""

SILENT = frozenset(words.ENTRIES["units"]["silent"])
"""Units that a sentence leaves out."""


@dataclass(frozen=True)
class Move:
    """A change of an outcome.

    Attributes
    ----------
    difference, low, high
        Mean paired difference and the ends of its 95 % interval (NaN with a single pair), in the outcome's unit.
    base
        Mean of what it is set against; NaN where there is none.
    verdict
        Of the comparison, or empty where nothing was judged.
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

    def size(self, lang: str, signed: bool = False) -> str:
        """How large it is: in per cent where that says something, else in its unit."""
        value = self.difference if signed else abs(self.difference)
        if math.isfinite(self.scale):
            return percent(value * self.scale, signed)
        return sized(self.outcome, value, lang, signed)

    def ends(self, lang: str, named: bool = True) -> str:
        """Its 95 % interval, as words; called by its name, if `named`."""
        if math.isfinite(self.scale):
            low, high = (percent(end * self.scale, signed=True) for end in (self.low, self.high))
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


def clause(move: Move, lang: str = "en", named: bool = True, margin: float = MARGIN, interval: bool = True) -> str:
    """Return one change as a clause; with its interval, if `interval`, and that called by its name, if `named`.

    Examples
    --------
    >>> clause(Move("conflicts", -0.2, -0.3, -0.1, 4.0))
    'conflicts fall by 5.0% (95% interval −7.5% to −2.5%)'
    >>> clause(Move("conflicts", -0.2, -0.5, 0.1, 4.0))
    'no change of conflicts is shown (−5.0%, 95% interval −12.5% to +2.5%)'
    >>> clause(Move("satisfaction", 0.0, 0.0, 0.0, 0.4))
    'satisfaction does not change at all'
    """
    name, plural = words.noun(move.outcome, lang)
    kind = move.kind
    s, do = ("", "do") if plural else ("s", "does")
    brackets = move.brackets(lang, named) if interval else ""
    match kind:
        case "unknown":
            return gettext(lang, "nothing is known of {name}", name=name)
        case "same":
            return gettext(lang, "{name} {do} not change at all", name=name, do=do)
        case "single":
            size = move.size(lang, signed=True)
            return gettext(lang, "{name} differ{s} by {size} in a single pair of runs", name=name, s=s, size=size)
        case "equivalent":
            within = f"±{100 * margin:g}%"
            return gettext(lang, "{name} stay{s} within {within}", name=name, s=s, within=within) + brackets
        case "undecided":
            message = N_("{name} are undecided") if plural else N_("{name} is undecided")
            return gettext(lang, message, name=name) + brackets
        case "zero":
            if not interval:
                return gettext(lang, "no change of {name} is shown", name=name)
            size, ends = move.size(lang, signed=True), move.ends(lang, named)
            return gettext(lang, "no change of {name} is shown ({size}, {ends})", name=name, size=size, ends=ends)
        case moved:
            way = N_("{name} fall{s} by {size}") if moved in DOWN else N_("{name} rise{s} by {size}")
            return gettext(lang, way, name=name, s=s, size=move.size(lang)) + to_margin(moved, margin, lang) + brackets


def bracketed(text: str, lang: str = "en") -> str:
    """Put a text in brackets behind another; nothing where there is none."""
    return gettext(lang, " ({ends})", ends=text) if text else ""


def to_margin(moved: str, margin: float, lang: str) -> str:
    """Say how a certain change lies to the margin; nothing where it is beyond it."""
    within = f"{100 * margin:g}%"
    if moved in ("lower", "higher"):
        return gettext(lang, ", within ±{within}", within=within)
    if moved in ("falling", "rising"):
        return gettext(lang, ", whether by more than {within} is open", within=within)
    return ""


def clauses(moves: Iterable[Move], lang: str = "en", margin: float = MARGIN, interval: bool = True) -> str:
    """Return several changes, one after the other; the first interval is called by its name.

    Examples
    --------
    >>> moves = [Move(name, 0.1, -0.1, 0.3, 4.0) for name in ("conflicts", "filed")]
    >>> clauses(moves, interval=False)
    'no change of conflicts and filed cases is shown'
    """
    moves = list(moves)
    kinds = {move.kind for move in moves}
    if not interval and len(moves) > 1 and len(kinds) == 1 and kinds <= {"zero", "undecided"}:
        names = listed([words.noun(move.outcome, lang).name for move in moves], lang)
        if kinds == {"zero"}:
            return gettext(lang, "no change of {names} is shown", names=names)
        return gettext(lang, "{names} are undecided", names=names)
    texts = [clause(move, lang, not place, margin, interval) for place, move in enumerate(moves)]
    return listed(texts, lang, comma=True) if texts else gettext(lang, "nothing is known")


def changes(moves: Iterable[Move], lang: str = "en", margin: float = MARGIN, interval: bool = False) -> str:
    """Return several changes in one sentence: what goes the other way is set apart by "but", and then by "while".

    Neighbours of which the same is said without a size (undecided, within the margin, the same) share a clause; with
    intervals, one that has a range over assumptions too has a clause of its own.

    Examples
    --------
    >>> moves = [Move(name, -0.1, -0.3, 0.1, 3.0, "undecided") for name in ("filed", "standing")]
    >>> changes([*moves, Move("conflicts", 0.0, 0.0, 0.0, 3.0, "equivalent")])
    'filed cases and standing disputes are undecided, and conflicts are exactly the same'
    """
    groups: list[list[Move]] = []
    for move in moves:
        own_clause = move.kind in DOWN | UP or (interval and move.ranged)
        if groups and move.kind == groups[-1][0].kind and not own_clause:
            groups[-1].append(move)
        else:
            groups.append([move])
    texts = [_shared(group, lang, margin, interval, named=not place) for place, group in enumerate(groups)]
    text, contrast = texts[0] if texts else gettext(lang, "nothing is known"), N_("{text}, but {clause}")
    for place, clause_ in enumerate(texts[1:], start=1):
        if opposite(groups[place - 1][0], groups[place][0]):
            text, contrast = gettext(lang, contrast, text=text, clause=clause_), N_("{text}, while {clause}")
        elif place < len(groups) - 1:
            text = gettext(lang, "{text}, {clause}", text=text, clause=clause_)
        elif len(groups) == sum(map(len, groups)) == 2:
            text = gettext(lang, "{text} and {clause}", text=text, clause=clause_)
        else:
            text = gettext(lang, "{text}, and {clause}", text=text, clause=clause_)
    return text


def _shared(group: Sequence[Move], lang: str, margin: float, interval: bool, named: bool) -> str:
    """Return one clause for several outcomes of which the same is said."""
    names, kind = listed([words.noun(move.outcome, lang).name for move in group], lang), group[0].kind
    if kind == "same":
        many = len(group) > 1 or words.noun(group[0].outcome).plural
        message = N_("{names} are exactly the same") if many else N_("{names} is exactly the same")
        return gettext(lang, message, names=names)
    if len(group) == 1:
        return clause(group[0], lang, named, margin, interval)
    shared = {"equivalent": N_("{names} stay within {within}"), "undecided": N_("{names} are undecided")}
    message = shared.get(kind, N_("nothing is known of {names}"))
    within = f"±{100 * margin:g}%"
    text = gettext(lang, message, names=names, within=within)
    known = gettext(lang, "; ").join(move.ends(lang, named=False) for move in group if move.known)
    if not interval or not known:
        return text
    return text + bracketed(gettext(lang, "95% intervals {ends}", ends=known) if named else known, lang)


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
    """Begin a sentence."""
    return text[:1].upper() + text[1:]
