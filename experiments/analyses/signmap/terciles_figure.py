"""The shares of signs in the low, middle and high third of each parameter, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.signmap import signmap_view as mapped
from experiments.analyses.signmap.signmap_view import ALWAYS, SIGN_WORDS, Mapped
from experiments.analyses.signmap.thirds import contrasts
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["contrast_sentence", "group_name", "thirds_figure"]

ACROSS: Final = 3
LEFT, GAP, HEAD, HEIGHT = 0.56, 0.16, 0.26, 1.15
THIRDS: Final[dict[str, tuple[str, str]]] = {
    "low": (N_("low ({low} to {high})"), N_("low\n{low}–{high}")),
    "middle": (N_("middle ({low} to {high})"), N_("middle\n{low}–{high}")),
    "high": (N_("high ({low} to {high})"), N_("high\n{low}–{high}")),
}
"""Thirds of a range, in a sentence and below an axis."""

CONTRASTS: Final[dict[str, str]] = {
    "helps": N_(
        "Against {whom}, {who} helps at {high} of the points where {name} is {more}, and at {low} where it is {less}"),
    "harms": N_(
        "Against {whom}, {who} harms at {high} of the points where {name} is {more}, and at {low} where it is {less}"),
}
"""What is said of a parameter that decides how often a policy has a sign."""


def group_name(group: str, lang: str) -> str:
    """Return a group's name, as thirds are named in a table.

    Examples
    --------
    >>> group_name("low (0 to 2)", "en"), group_name("linear", "zh")
    ('low (0 to 2)', 'linear')
    """
    return _named(group, lang, 0) or group


def _named(group: str, lang: str, place: int) -> str:
    """Return a third's name, in a sentence (0) or below an axis (1); nothing for a level that has a name of its own."""
    word, bracket, rest = group.partition(" (")
    low, to, high = rest.removesuffix(")").partition(" to ")
    return gettext(lang, THIRDS[word][place], low=low, high=high) if bracket and to and word in THIRDS else ""


def contrast_sentence(made: Mapped, shares: pd.DataFrame, other: str, sign: str) -> str:
    """Say which parameter most clearly decides how often a policy helps or harms; empty where none does so clearly."""
    found = contrasts(shares[shares["against"] == other])
    rows = found[(found["sign"] == sign) & found["clear"]]
    if not len(rows):
        return ""
    name = str(rows.iloc[0]["parameter"])
    groups = shares[(shares["against"] == other) & (shares["parameter"] == name) & (shares["sign"] == sign)]
    more, less = ((groups.iloc[place]["share"], str(groups.iloc[place]["group"])) for place in
                  ((-1, 0) if rows.iloc[0]["change"] > 0 else (0, -1)))
    lang = made.lang
    who, whom = words.arm(made.policy, lang), mapped.opponent(made, other)
    high, low = f"{100 * more[0]:.0f}%", f"{100 * less[0]:.0f}%"
    return gettext(
        lang, CONTRASTS[sign], whom=whom, who=who, high=high, name=name, more=group_name(more[1], lang), low=low,
        less=group_name(less[1], lang))


def thirds_figure(made: Mapped, shares: pd.DataFrame) -> Figure:
    """Draw a panel for each parameter, a block of them for each opponent."""
    names, lang = made.names, made.lang
    across = min(len(names), ACROSS)
    lines = -(-len(names) // across)
    width = (WIDTH - LEFT - 0.06 - GAP * (across - 1)) / across
    keys = [Entry(gettext(lang, SIGN_WORDS[sign]), style.VERDICT_MARKS[sign][1],
                  marker=style.VERDICT_MARKS[sign][0], size=4.6 * style.VERDICT_MARKS[sign][2], width=0.0)
            for sign in ALWAYS]
    foot = 0.62 if shares["group"].str.contains(" (", regex=False).any() else 0.50
    block = HEAD + lines * (HEIGHT + foot)
    height = block * len(made.against) + 0.02
    sheet = Sheet(_title(made, shares), mapped.subtitle(made), _note(lang), height + key_height(keys, lang), lang)
    for number, other in enumerate(made.against):
        start = number * block
        head = gettext(lang, "against {opponent}", opponent=mapped.opponent(made, other))
        sheet.text(0.05, start + 0.18, head, size=8, weight="bold")
        for place, name in enumerate(names):
            line, column = divmod(place, across)
            axes = sheet.axes(LEFT + column * (width + GAP), start + HEAD + line * (HEIGHT + foot), width, HEIGHT)
            here = shares[(shares["against"] == other) & (shares["parameter"] == name)]
            _panel(axes, here, lang)
            axes.set_xlabel(name, size=7, labelpad=2)
            axes.tick_params(labelleft=column == 0)
            if column == 0:
                axes.set_ylabel(gettext(lang, "share of points (%)"), size=7)
    draw_key(sheet, keys, height)
    return sheet.finished()


def _panel(axes: Axes, here: pd.DataFrame, lang: str) -> None:
    groups = list(dict.fromkeys(here["group"]))
    for step, sign in enumerate(ALWAYS):
        marker, colour, size = style.VERDICT_MARKS[sign]
        for row in here[here["sign"] == sign].to_dict("records"):
            x = groups.index(row["group"]) + 0.19 * (step - 1.5)
            axes.plot([x, x], [100 * row["low"], 100 * row["high"]], color=colour, linewidth=1.0, zorder=2)
            axes.plot(x, 100 * row["share"], marker=marker, color=colour, markersize=4.0 * size, linestyle="none",
                      markeredgecolor="white", markeredgewidth=0.4, zorder=3)
    for place in range(1, len(groups)):
        axes.axvline(place - 0.5, color=style.PALE, linewidth=0.5, zorder=0)
    axes.set_xticks(range(len(groups)), [_broken(group, lang) for group in groups])
    axes.tick_params(axis="x", labelsize=6.2, length=0)
    axes.tick_params(axis="y", labelsize=6.5)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.set_ylim(-3, 103)


def _broken(group: str, lang: str) -> str:
    """Put what stands in brackets on a line of its own, in as little room as it needs."""
    head, bracket, rest = group.partition(" (")
    broken = f"{head}\n{rest.removesuffix(')')}".replace(" to ", "–") if bracket else group
    return _named(group, lang, 1) or broken


def _title(made: Mapped, shares: pd.DataFrame) -> str:
    for sign in ("helps", "harms"):
        for other in made.against:
            text: Any = contrast_sentence(made, shares, other, sign)
            if text:
                return str(text)
    who = words.arm(made.policy, made.lang)
    return gettext(made.lang, "No single parameter clearly decides how often {who} helps or harms", who=who)


def _note(lang: str) -> str:
    return gettext(
        lang,
        "Marks: share of the points in this part of the parameter's range with each sign, averaged over the "
        "other parameters as the design spread them. Bars: Wilson's 95% interval, for the points being a sample "
        "of the space; it does not hold the chance inside a sign.")
