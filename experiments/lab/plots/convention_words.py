"""What conventions do to the headline, in sentences made from the numbers and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from experiments.lab.plots import words
from experiments.lab.plots.clauses import capital, listed
from experiments.lab.plots.numbers import percent
from experiments.lab.plots.words import pick
from experiments.reporting.catalogue import gap, gettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BESIDE", "counted", "deciding", "effect", "headline", "opening", "together", "told"]

BESIDE: Final[Mapping[str, tuple[str, str]]] = {
    "turns": ("turns", "反转"),
    "halves": ("less than half", "不足一半"),
    "doubles": ("more than twice", "超过两倍"),
    "keeps": ("", ""),
    "open": ("", ""),
    "falls": ("falls", "下降"),
    "rises": ("rises", "上升"),
}
"""How an effect lies to that under the defaults, where that is worth a word beside its number."""

FEW: Final = 6
"""Settings up to which a sentence names them."""


def effect(row: Mapping[Any, Any], lang: str = "en", named: bool = False) -> str:
    """Write a relative effect with its interval.

    Examples
    --------
    >>> effect({"relative": -0.0124, "low": -0.0213, "high": -0.0035})
    '−1.2% (−2.1% to −0.4%)'
    """
    size, low, high = (percent(100 * float(row[name]), signed=True) for name in ("relative", "low", "high"))
    ends = gettext(lang, "{low} to {high}", low=low, high=high)
    if named:
        ends = gettext(lang, "95% interval {ends}", ends=ends)
    return gettext(lang, "{size} ({ends})", size=size, ends=ends)


def _of(table: pd.DataFrame, policy: str, outcome: str) -> pd.DataFrame:
    return table[(table["policy"] == policy) & (table["outcome"] == outcome)]


def headline(table: pd.DataFrame, lang: str = "en", setting: str = "nothing") -> str:
    """Say what each policy does under a setting, without a full stop."""
    here = table[table["setting"] == setting]
    parts: list[str] = []
    for policy in dict.fromkeys(here["policy"]):
        moved: list[str] = []
        for row in here[here["policy"] == policy].to_dict("records"):
            name = words.noun(str(row["outcome"]), lang).name
            ends = effect(row, lang, named=not parts and not moved)
            moved.append(gettext(lang, "{name} by {ends}", name=name, ends=ends))
        name = words.arm(str(policy), lang)
        parts.append(gettext(lang, "{name} changes {listed}", name=name, listed=listed(moved, lang)))
    return gettext(lang, "; ").join(parts)


def told(table: pd.DataFrame, policy: str, outcome: str, lang: str = "en") -> str:
    """Say which settings turn, halve or double one effect, and of how many nothing of the kind is shown."""
    here = _of(table, policy, outcome)
    others = here[here["convention"] != ""]
    count = len(others)
    found = {word: list(rows["words_zh" if lang == "zh" else "words"]) for word, rows in others.groupby("beside")}
    name, what = capital(words.arm(policy, lang)), words.noun(outcome, lang).name
    head = gettext(lang, "{name}, {what}: ", name=name, what=what)
    parts = []
    if {"falls", "rises"} & set(found) or set(found) == {"open"}:
        head += gettext(lang, "under the defaults chance leaves the sign open; ")
        says = {"falls": ("it falls", "下降"), "rises": ("it rises", "上升")}
    else:
        says = {"turns": ("the sign turns", "方向反转"), "halves": ("less than half of the effect is left",
                "作用不足一半"), "doubles": ("the effect is more than twice as large", "作用超过两倍")}
    for word, (english, chinese) in says.items():
        names = found.pop(word, [])
        named = _named(names, lang)
        if names:
            parts.append(pick(lang, f"{english} in {len(names)} of {count} settings{named}",
                              f"{count} 种设定中有 {len(names)} 种{chinese}{named}"))
        elif word in ("turns", "halves"):
            parts.append(pick(lang, f"{english} in none of {count} settings", f"{count} 种设定中没有一种{chinese}"))
    kept, left = len(found.pop("keeps", [])), sum(map(len, found.values()))
    if kept:
        parts.append(gettext(lang, "more than half of it is certainly left in {kept}", kept=kept))
    if left:
        parts.append(gettext(lang, "chance leaves it open in {left}", left=left))
    return capital(head + gettext(lang, "; ").join(parts)) + gettext(lang, ".")


def _named(names: list[str], lang: str) -> str:
    if not names:
        return ""
    text = gettext(lang, "; ").join(names[:FEW]) + gettext(lang, "; ...") * (len(names) > FEW)
    return gettext(lang, " ({text})", text=text)


def _deciding(table: pd.DataFrame, word: str) -> dict[str, list[tuple[str, str]]]:
    """Return the settings under which some effect is what a word says, each with the policies and outcomes."""
    rows = table[table["beside"] == word]
    return {
        str(setting): list(zip(map(str, some["policy"]), map(str, some["outcome"]), strict=True))
        for setting, some in rows.groupby("setting", sort=False)
    }


def counted(table: pd.DataFrame, lang: str = "en") -> str:
    """Count the settings that turn and that halve an effect of the headline, without a full stop."""
    count = table.loc[table["convention"] != "", "setting"].nunique()
    turned, halved = (len(_deciding(table, word)) for word in ("turns", "halves"))
    return pick(
        lang,
        f"Of {count} settings, {turned or 'none'} turn{'s' * (turned < 2)} the sign of an effect of the headline, and "
        f"{halved or 'none'} leave{'s' * (halved < 2)} certainly less than half of one",
        f"{count} 种设定中，{turned} 种使主要结论的某项作用反转，{halved} 种确定使某项作用不足一半",
    )


def deciding(table: pd.DataFrame, lang: str = "en") -> list[str]:
    """Name the settings that turn and that halve an effect of the headline, and which."""
    lines = []
    clauses = dict(zip(table["setting"], table["words_zh" if lang == "zh" else "words"], strict=True))
    for word, english, chinese in (("turns", "A sign turns where", "反转："), ("halves", "Less than half is left where",
                                                                         "不足一半：")):
        parts = []
        for setting, pairs in _deciding(table, word).items():
            what = listed([gettext(
                lang,
                "{arm}: {name}",
                arm=words.arm(policy, lang), name=words.noun(outcome, lang).name)
                           for policy, outcome in pairs], lang)
            parts.append(gettext(lang, "{clauses} ({what})", clauses=clauses[setting], what=what))
        if parts:
            lines.append(pick(lang, f"{english} {'; '.join(parts)}.", f"{chinese}{'；'.join(parts)}。"))
    return lines


def together(table: pd.DataFrame, convention: str = "all together", lang: str = "en") -> str:
    """Say what is left when all conventions are set otherwise at once; nothing where that was not tried."""
    rows = table[table["convention"] == convention]
    told_of = []
    for setting in dict.fromkeys(rows["setting"]):
        clause = str(rows.loc[rows["setting"] == setting, "words_zh" if lang == "zh" else "words"].iloc[0])
        told_of.append(gettext(
            lang,
            "With {clause}, {headline}.",
            clause=clause, headline=headline(table, lang, setting)))
    return gap(lang).join(told_of)


def opening(table: pd.DataFrame, lang: str = "en") -> list[str]:
    """Return the sentences that open page and report: the headline, what turns and halves it, and all together."""
    first = gettext(lang, "With every convention as by default, {headline}.", headline=headline(table, lang))
    return [first, counted(table, lang) + gettext(lang, "."), *deciding(table, lang),
            *filter(None, [together(table, lang=lang)])]
