"""What the figures of a sign map share: the map as data, marks, words, and where on paper the sign changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.core.statistics.regions import decided
from experiments.figures import style
from experiments.figures.legend import Entry
from experiments.reporting import declared, words
from experiments.reporting.catalogue import N_, gettext

if TYPE_CHECKING:
    import pandas as pd

    from experiments.core.design.axes import Axis
    from sim import Scenario

__all__ = [
    "ALWAYS", "SIGN_WORDS", "Border", "Mapped", "entries", "mark", "note", "opponent", "parameter", "subtitle", "title",
]  # fmt: skip

Look_up = Callable[[str], Any]
"""Gives a parameter's value, or an array of the values that it has over a panel."""

SIGN_WORDS: Final[dict[str, str]] = {
    "helps": N_("helps"),
    "better": N_("slightly better"),
    "equivalent": N_("nothing that matters"),
    "worse": N_("slightly worse"),
    "harms": N_("harms"),
    "undecided_better": N_("better, size open"),
    "undecided_worse": N_("worse, size open"),
    "undecided": N_("undecided"),
}
"""Every region that a point may be in; *nothing that matters* is equivalent, and *slightly* is within the margin."""

TOLD: Final[dict[str, tuple[str, str]]] = {
    "both": (
        N_("against {whom}, {who} helps at {helps} of {n} points and harms at {harms}"),
        N_("against {whom}, {who} helps at {helps} and harms at {harms}"),
    ),
    "helps": (
        N_("against {whom}, {who} helps at {helps} of {n} points and harms at none"),
        N_("against {whom}, {who} helps at {helps} and harms at none"),
    ),
    "harms": (
        N_("against {whom}, {who} harms at {harms} of {n} points and helps at none"),
        N_("against {whom}, {who} harms at {harms} and helps at none"),
    ),
    "neither": (
        N_("against {whom}, {who} neither helps nor harms for certain at any of {n} points"),
        N_("against {whom}, {who} neither helps nor harms for certain at any point"),
    ),
}
"""What is said against the first opponent, and against further ones."""


@dataclass(frozen=True)
class Border:
    """Where on paper a sign changes: the zero of a gap between two sides.

    Attributes
    ----------
    words
        What is equal there.
    depends
        Parameters that decide it.
    gap
        The difference of the two sides, made of parameters' values or arrays of them.
    outcomes
        Outcomes whose sign it is about; empty for any.
    """

    words: str
    depends: tuple[str, ...]
    gap: Callable[[Look_up], Any] = field(compare=False)
    outcomes: tuple[str, ...] = ()

    def over(self, fixed: Scenario, across: tuple[str, NDArray[Any]], up: tuple[str, NDArray[Any]]) -> NDArray[Any]:
        """Return the gap over a panel, shape (up, across), everything else being as in `fixed`."""
        wide, high = np.meshgrid(across[1], up[1])
        panel = {across[0]: wide, up[0]: high}
        found = self.gap(lambda name: panel[name] if name in panel else fixed.get(name))
        return np.broadcast_to(np.asarray(found, dtype=float), wide.shape)


@dataclass(frozen=True)
class Mapped:
    """A sign map as its figures need it.

    Attributes
    ----------
    table, points
        A row for each point and opponent with its sign; a row for each point.
    axes
        The parameters that vary, with their axes where there are any.
    world
        The scenario under the policy, for what does not vary.
    policy, against, outcome, unit, better, margin
        What is asked.
    sizes
        Replicates at each look that there may be.
    apart
        Whether each point lives in chance of its own.
    borders
        Where on paper the sign changes.
    lang
        `en` or `zh`.
    """

    table: pd.DataFrame = field(repr=False)
    points: pd.DataFrame = field(repr=False)
    axes: Mapping[str, Axis | None]
    world: Scenario = field(repr=False)
    policy: str
    against: tuple[str, ...]
    outcome: str
    unit: str
    better: str
    margin: float
    sizes: tuple[int, ...]
    apart: bool
    borders: tuple[Border, ...]
    lang: str

    @property
    def names(self) -> list[str]:
        """The parameters that vary, in the design's order."""
        return list(self.axes)

    def levels(self, name: str) -> list[Any]:
        """Values that a parameter takes, in order: by size, or as the design lists them."""
        axis, found = self.axes[name], list(dict.fromkeys(self.points[name].tolist()))
        if axis is not None and axis.levels:
            return [level for level in axis.levels if level in found]
        return sorted(found, key=lambda value: (isinstance(value, str), value))

    def alone(self, other: str) -> Mapped:
        """Return this map against one opponent."""
        return replace(self, table=self.rows(other), against=(other,))

    def rows(self, other: str) -> pd.DataFrame:
        """Rows against one opponent."""
        return self.table[self.table["against"] == other]

    def counts(self, other: str) -> dict[str, int]:
        """Points with each sign against an opponent."""
        signs = self.rows(other)["sign"]
        return {sign: int((signs == sign).sum()) for sign in SIGN_WORDS}


def parameter(name: str, world: Scenario, lang: str) -> str:
    """Return a parameter's name, as a design says it, and its unit."""
    row = next((row for row in world.parameters() if row["name"] == name), {"unit": ""})
    return name if row["unit"] in ("", "switch", "name") else f"{name}\n({declared.unit(row, lang)})"


def opponent(made: Mapped, other: str, short: bool = False) -> str:
    """Return an opponent's name for people."""
    return words.arm(other, made.lang, short=short or words.base_of(other) == made.policy)


def mark(sign: str, ended: str) -> dict[str, Any]:
    """Return how a point is drawn: every sign has a shape of its own, and what was given up is hollow."""
    marker, colour, size = style.VERDICT_MARKS[sign]
    hollow = not decided(sign) and ended == "given up"
    return {"marker": marker, "size": 0.75 * size if hollow else size, "face": "white" if hollow else colour,
            "edge": "#8a8a8a" if hollow else "white"}


def title(made: Mapped) -> str:
    """Say where the policy helps and harms, worked out from the signs."""
    lang, parts = made.lang, []
    for place, other in enumerate(made.against):
        counts, whom = made.counts(other), opponent(made, other)
        helps, harms = counts["helps"], counts["harms"]
        case = "both" if helps and harms else "helps" if helps else "harms" if harms else "neither"
        who = words.arm(made.policy, lang) if place == 0 else gettext(lang, "it")
        parts.append(gettext(
            lang, TOLD[case][min(place, 1)], whom=whom, who=who, helps=helps, harms=harms, n=len(made.points)))
    text = gettext(lang, "; ").join(parts)
    return text[:1].upper() + text[1:]


def subtitle(made: Mapped) -> str:
    """Say by what the policy is judged."""
    lang = made.lang
    side = {"lower": gettext(lang, "fewer or less is better"),
            "higher": gettext(lang, "more is better")}[made.better]
    what = words.noun(made.outcome, lang).name
    measured = words.unit(made.outcome, lang, made.unit)
    return (
        gettext(lang, "Judged by {what} ({measured}); {side}.", what=what, measured=measured, side=side)
        if measured else
        gettext(lang, "Judged by {what}; {side}.", what=what, side=side))


def note(made: Mapped, numbers: bool = False) -> str:
    """Say what an interval is, what the margin is, and how many replicates there are."""
    lang, counts = made.lang, made.table["replicates"]
    low, high = int(counts.min()), int(counts.max())
    ran = f"{low}" if low == high else f"{low}–{high}"
    sizes, looks, margin = ", ".join(map(str, made.sizes)), len(made.sizes), f"{100 * made.margin:g}"
    held = gettext(lang, "Intervals hold with 95% at one look. ")
    if looks > 1:
        held = gettext(
            lang,
            "Intervals hold with 95% over all {looks} looks together (Bonferroni), after {sizes} replicates. ",
            looks=looks, sizes=sizes)
    luck = gettext(lang, "Points share random numbers: neighbours err together. ")
    if made.apart:
        luck = gettext(lang, "Each point has random numbers of its own. ")
    text = gettext(
        lang,
        "A mark says where the interval of the mean paired difference lies. {held}Margin: ±{margin}% of the "
        "opponent's mean. Replicates per point: {ran}. {luck}5% is for one point against one opponent.",
        held=held, margin=margin, ran=ran, luck=luck)
    if numbers:
        text += gettext(lang, " Numbers: mean difference in % of the opponent's mean.")
    return text


def entries(made: Mapped, borders: Sequence[Border] = ()) -> list[Entry]:
    """Return the key: what each mark and line means."""
    lang, margin = made.lang, f"{100 * made.margin:g}"
    meanings = {
        "helps": gettext(lang, "helps: interval beyond {margin}%, on the better side", margin=margin),
        "harms": gettext(lang, "harms: the same on the worse side"),
        "equivalent": gettext(lang, "nothing that matters: interval within ±{margin}%", margin=margin),
        "better": gettext(lang, "slightly better: within ±{margin}% and not zero", margin=margin),
        "worse": gettext(lang, "slightly worse: likewise"),
        "undecided_better": gettext(lang, "better; beyond {margin}% or not is open", margin=margin),
        "undecided_worse": gettext(lang, "worse; likewise"),
        "undecided": gettext(lang, "undecided: none of these after the last look"),
    }
    found, drawn = [], set(made.table["sign"])
    for sign, text in meanings.items():
        if sign not in drawn and sign not in ALWAYS:
            continue
        marker, colour, size = style.VERDICT_MARKS[sign]
        found.append(Entry(text, colour, marker=marker, size=5.0 * size, width=0.0))
    if (made.table["ended"] == "given up").any():
        text = gettext(lang, "undecided and given up: under 1 chance in 10 that the last look decides")
        found.append(Entry(text, "#8a8a8a", marker="D", size=4.2, width=0.0, hollow=True))
    for number, border in enumerate(borders):
        text = gettext(lang, "on paper: {border}", border=gettext(lang, border.words))
        found.append(Entry(text, style.INK, dashes=DASHES[number % len(DASHES)], width=1.3, fresh=number == 0))
    return found


ALWAYS: Final = ("helps", "harms", "equivalent", "undecided")
"""Signs that the key names whether or not there are any."""

DASHES: Final = ((0, (4, 2)), (0, (1, 1.5)), (0, (6, 1.5, 1, 1.5)))
