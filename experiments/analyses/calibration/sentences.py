"""What a calibration has found, as sentences worked out from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.analyses.validation.figure_words import name_of
from experiments.reporting import clauses
from experiments.reporting.catalogue import gettext, ngettext, pgettext
from experiments.reporting.numbers import rounded, written

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.calibration.calibration import Calibration

__all__ = [
    "emulated", "figure_name", "identified", "left", "listed", "met", "outside", "pressed", "readable",
    "together", "world_name",
]  # fmt: skip

MOST = 4
"""Items that a sentence lists; of more it tells how many there are."""


def world_name(world: str, lang: str) -> str:
    """Return a world's name for people."""
    return gettext(lang, world)


def figure_name(figure: str, lang: str, world: str = "") -> str:
    """Return a figure's name, and that of its world.

    Examples
    --------
    >>> figure_name("reply", "en", "policies off")
    'median reply (policies off)'
    """
    name = name_of(figure, lang)
    return gettext(lang, "{name} ({world})", name=name, world=world_name(world, lang)) if world else name


def listed(items: list[str], lang: str) -> str:
    """Join items; of many, the first and how many more there are."""
    if len(items) > MOST:
        more = len(items) - MOST
        items = [*items[:MOST], gettext(lang, "{more} more", more=more)]
    return clauses.listed(items, lang)


def met(made: Calibration, lang: str = "en") -> str:
    """How many figures lie in the data's intervals at the calibrated values."""
    table, all_ = made.predictive, len(made.aims)
    near = table[table["inside"] == "undecided"]
    mean = int(((near["target_low"] <= near["best"]) & (near["best"] <= near["target_high"])).sum())
    sure, out = (int((table["inside"] == word).sum()) for word in ("yes", "no"))
    parts = [gettext(
        lang,
        "With the calibrated values {sure} of {all} figures lie within the data's intervals",
        sure=sure, all=all_)]
    if mean:
        parts.append(gettext(lang, "{mean} more by their mean alone", mean=mean))
    if len(near) > mean:
        parts.append(gettext(lang, "{mean} outside by their mean alone", mean=len(near) - mean))
    if out:
        parts.append(gettext(lang, "{out} outside", out=out))
    return pgettext(lang, "between clauses", ", ").join(parts)


def outside(made: Calibration, lang: str = "en") -> str:
    """Which figures lie outside, and by how much; empty where none does."""
    rows = made.predictive[made.predictive["inside"] == "no"].to_dict("records")
    if not rows:
        return ""
    told = []
    for row in rows:
        best, low, high = (rounded(row[name]) for name in ("best", "target_low", "target_high"))
        told.append(figure_name(row["figure"], lang, row["world"]) + " " + gettext(
            lang,
            "{best} instead of {low} to {high}",
            best=best, low=low, high=high))
    return gettext(lang, "Outside: ") + listed(told, lang) + gettext(lang, ".")


def left(made: Calibration, lang: str = "en") -> str:
    """What history matching has left of the prior."""
    last, waves = made.regions[-1], len(made.waves)
    after = ngettext(lang, "After {number} wave", "After {number} waves", waves)
    if last.empty:
        near = rounded(float(last.found.values.min()))
        return gettext(
            lang,
            "{after} every point is ruled out: the nearest misses some figure by {near} standard deviations of "
            "all that is uncertain, where {rounded} would do. The targets cannot all be met at once.",
            after=after, near=near, rounded=rounded(last.wanted))  # fmt: skip
    share = last.share
    text = f"{100 * share:.2g}%" if share > 1e-4 else f"1 / {1 / share:.1e}"
    return gettext(lang, "{after} {text} of what was thought possible is not ruled out.", after=after, text=text)


def identified(made: Calibration, lang: str = "en") -> str:
    """Which parameters the data narrow, and which not."""
    table = made.summary
    known = table[table["identified"] == "yes"]
    to = gettext(lang, "to")
    names = [f"{row['parameter']} ({rounded(row['mean'])}, {rounded(row['ci_low'])} {to} {rounded(row['ci_high'])})"
             for row in known.to_dict("records")]
    unknown = list(table.loc[table["identified"] != "yes", "parameter"])
    text = gettext(
        lang,
        "The data narrow {known} of {table} parameters (mean, 95% interval)",
        known=len(known), table=len(table))
    if names:
        text += gettext(lang, ": ") + listed(names, lang)
    if unknown:
        text += gettext(lang, "; not identified: ") + listed(unknown, lang)
    return text + gettext(lang, ".")


def pressed(made: Calibration, lang: str = "en") -> str:
    """Which parameters press against an end of their range; empty where none does."""
    rows = made.summary[made.summary["presses"] != ""].to_dict("records")
    if not rows:
        return ""
    names = listed([row["parameter"] for row in rows], lang)
    return gettext(
        lang,
        "Against an end of the range press {names}: a wider range may hold better values.",
        names=names)


def together(made: Calibration, lang: str = "en") -> str:
    """Which parameters are identified together only."""
    rows = made.pairs[made.pairs["together"] == "yes"].to_dict("records")
    if not rows:
        return gettext(lang, "No two parameters hang together in the region (all rank correlations are below 0.5).")
    names = [gettext(
        lang,
        "{first} with {second} ({correlation})",
        first=row['first'], second=row['second'], correlation=written(row['correlation'], '+.2f')) for row in rows]
    if len(rows) > 2:
        return gettext(
            lang,
            "{rows} pairs of parameters are identified only together, most of all {names}.",
            rows=len(rows), names=names[0])
    return gettext(lang, "Identified only together (rank correlation): {listed}.", listed=listed(names, lang))


def emulated(made: Calibration, lang: str = "en") -> str:
    """Which figures the emulators foresee badly; empty where there is none."""
    rows: list[dict[Any, Any]] = made.quality[made.quality["sound"] == "no"].to_dict("records")
    if not rows:
        return ""
    names = listed([figure_name(row["figure"], lang, row["world"]) for row in rows], lang)
    return gettext(
        lang,
        "Badly foreseen at points left out in turn: {names}. What is said of the parameters leans on them: more "
        "points or replicates would tell.",
        names=names)  # fmt: skip


def readable(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Round the numbers of a table, and put its words in the reader's language."""
    known = {
        "yes": gettext(lang, "yes"), "no": gettext(lang, "no"), "undecided": gettext(lang, "undecided"),
        "not identified": gettext(lang, "not identified"), "low": pgettext(lang, "end of a range", "low"),
        "high": pgettext(lang, "end of a range", "high"),
    }  # fmt: skip

    def cell(value: Any) -> Any:
        if isinstance(value, float) and value == value:
            return rounded(value)
        return known.get(value, value) if isinstance(value, str) else value

    return table.map(cell)
