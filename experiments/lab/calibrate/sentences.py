"""What a calibration has found, as sentences worked out from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab.plots.numbers import rounded, written
from experiments.lab.plots.words import pick
from experiments.lab.validate.figure_words import words_of
from experiments.reporting.catalogue import gettext, ngettext, pgettext

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.calibrate.calibration import Calibration

__all__ = [
    "emulated", "figure_name", "identified", "left", "listed", "met", "outside", "pressed", "readable",
    "together", "world_name",
]  # fmt: skip

WORLDS = {"policies off": "政策全关", "arrangement on": "整套安排"}
VERDICTS = {
    "yes": "是", "no": "否", "undecided": "未定", "not identified": "无法识别", "low": "下限", "high": "上限",
}  # fmt: skip
MOST = 4
"""Items that a sentence lists; of more it tells how many there are."""


def world_name(world: str, lang: str) -> str:
    """Return a world's name for people."""
    return WORLDS.get(world, world) if lang == "zh" else world


def figure_name(figure: str, lang: str, world: str = "") -> str:
    """Return a figure's name, and that of its world.

    Examples
    --------
    >>> figure_name("reply", "en", "policies off")
    'median reply (policies off)'
    """
    words = words_of(figure)
    name = pick(lang, words.name, words.chinese)
    return name + pick(lang, f" ({world})", f"（{world_name(world, lang)}）") if world else name


def listed(items: list[str], lang: str) -> str:
    """Join items; of many, the first and how many more there are."""
    if len(items) > MOST:
        more = len(items) - MOST
        items = [*items[:MOST], gettext(lang, "{more} more", more=more)]
    if len(items) < 2:
        return "".join(items)
    return pick(lang, ", ".join(items[:-1]) + " and " + items[-1], "、".join(items))


def met(made: Calibration, lang: str = "en") -> str:
    """How many figures lie in the data's intervals at the calibrated values."""
    table, all_ = made.predictive, len(made.aims)
    near = table[table["inside"] == "undecided"]
    mean = int(((near["target_low"] <= near["best"]) & (near["best"] <= near["target_high"])).sum())
    counts = {
        "inside": int((table["inside"] == "yes").sum()), "mean inside": mean, "mean outside": len(near) - mean,
        "outside": int((table["inside"] == "no").sum()),
    }  # fmt: skip
    sure = counts["inside"]
    first = gettext(
        lang,
        "With the calibrated values {sure} of {all} figures lie within the data's intervals",
        sure=sure, all=all_)
    more = {
        "mean inside": (f"{mean} more by their mean alone", f"另有 {mean} 项仅均值在区间内"),
        "mean outside": (f"{len(near) - mean} outside by their mean alone", f"{len(near) - mean} 项仅均值在区间外"),
        "outside": (f"{counts['outside']} outside", f"{counts['outside']} 项在区间外"),
    }  # fmt: skip
    return pgettext(
        lang, "between clauses",
        ", ").join([first, *(pick(lang, *text) for name, text in more.items() if counts[name])])


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

    def cell(value: Any) -> Any:
        if isinstance(value, float) and value == value:
            return rounded(value)
        return VERDICTS.get(value, value) if lang == "zh" and isinstance(value, str) else value

    return table.map(cell)
