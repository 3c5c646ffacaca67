"""What conventions do to the headline, in sentences made from the numbers and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from experiments.reporting import words
from experiments.reporting.catalogue import N_, gap, gettext, ngettext
from experiments.reporting.clauses import capital, listed
from experiments.reporting.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BESIDE", "counted", "deciding", "effect", "headline", "opening", "together", "told"]

BESIDE: Final[Mapping[str, str]] = {
    "turns": N_("turns"),
    "halves": N_("less than half"),
    "doubles": N_("more than twice"),
    "falls": N_("falls"),
    "rises": N_("rises"),
}
"""How an effect lies to that under the defaults, where that is worth a word beside its number."""

IN_SOME: Final[Mapping[str, str]] = {
    "turns": N_("the sign turns in {some} of {count} settings{named}"),
    "halves": N_("less than half of the effect is left in {some} of {count} settings{named}"),
    "doubles": N_("the effect is more than twice as large in {some} of {count} settings{named}"),
    "falls": N_("it falls in {some} of {count} settings{named}"),
    "rises": N_("it rises in {some} of {count} settings{named}"),
}
"""What is said of the settings under which an effect is so."""

IN_NONE: Final[Mapping[str, str]] = {
    "turns": N_("the sign turns in none of {count} settings"),
    "halves": N_("less than half of the effect is left in none of {count} settings"),
}
"""What is said where it is so under none, as far as that is worth a word."""

WHERE: Final[Mapping[str, str]] = {
    "turns": N_("A sign turns where {settings}."), "halves": N_("Less than half is left where {settings}."),
}
"""What is said of the settings that decide."""

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
    asked: tuple[str, ...]
    if {"falls", "rises"} & set(found) or set(found) == {"open"}:
        head += gettext(lang, "under the defaults chance leaves the sign open; ")
        asked = ("falls", "rises")
    else:
        asked = ("turns", "halves", "doubles")
    for word in asked:
        if names := found.pop(word, []):
            named = _named(names, lang)
            parts.append(gettext(lang, IN_SOME[word], some=len(names), count=count, named=named))
        elif word in IN_NONE:
            parts.append(gettext(lang, IN_NONE[word], count=count))
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
    turn = ngettext(
        lang,
        "{number} turns the sign of an effect of the headline", "{number} turn the sign of an effect of the headline",
        turned) if turned else gettext(lang, "none turns the sign of an effect of the headline")
    leave = ngettext(
        lang,
        "{number} leaves certainly less than half of one", "{number} leave certainly less than half of one",
        halved) if halved else gettext(lang, "none leaves certainly less than half of one")
    return gettext(lang, "Of {count} settings, {turn}, and {leave}", count=count, turn=turn, leave=leave)


def deciding(table: pd.DataFrame, lang: str = "en") -> list[str]:
    """Name the settings that turn and that halve an effect of the headline, and which."""
    lines = []
    clauses = dict(zip(table["setting"], table["words_zh" if lang == "zh" else "words"], strict=True))
    for word, message in WHERE.items():
        parts = []
        for setting, pairs in _deciding(table, word).items():
            what = listed(
                [gettext(lang, "{arm}: {name}", arm=words.arm(policy, lang), name=words.noun(outcome, lang).name)
                 for policy, outcome in pairs], lang)
            parts.append(gettext(lang, "{clauses} ({what})", clauses=clauses[setting], what=what))
        if parts:
            lines.append(gettext(lang, message, settings=gettext(lang, "; ").join(parts)))
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
