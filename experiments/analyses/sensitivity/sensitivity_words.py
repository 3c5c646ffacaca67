"""What an analysis of sensitivity found, in sentences: titles of figures and the answer of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.analyses.sensitivity.morris import NOT_ZERO
from experiments.reporting import words
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.numbers import written

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.sensitivity.sensitivity_result import Sensitivity

__all__ = ["reason", "says", "shown", "subject", "title_indices", "title_screening", "title_tornado", "unit"]


def says(text: str, lang: str) -> str:
    """Return what the interval of an index says.

    Examples
    --------
    >>> says("changed nothing", "en")
    'changed nothing'
    """
    return gettext(lang, text) if text else text


def reason(text: str, lang: str) -> str:
    """Return why a parameter does not vary.

    Examples
    --------
    >>> reason("supervision is off", "en")
    'supervision is off'
    """
    room = text.removesuffix(" is off")
    if room != text:
        return gettext(lang, "{room} is off", room=room)
    return gettext(lang, text) if text else text


def subject(found: Sensitivity, lang: str) -> str:
    """Return what is asked about, within a sentence."""
    what = words.noun(found.asked.outcome, lang).name
    arms = [words.arm(label, lang) for label in found.asked.arms]
    if len(arms) == 1:
        return gettext(lang, "{what} under {arms}", what=what, arms=arms[0])
    return gettext(lang, "the effect of {arms} on {what}", arms=arms[0], what=what)


def unit(found: Sensitivity, lang: str) -> str:
    """Return the outcome's unit."""
    return words.unit(found.asked.outcome, lang)


def title_indices(found: Sensitivity, lang: str) -> str:
    """Say what the variance comes from."""
    assert found.indices is not None
    what, table = subject(found, lang), found.indices.table
    if not found.indices.responds:
        return gettext(lang, "Over these ranges, {what} varies no more than chance makes it", what=what)
    clear = table[table["total_says"] == NOT_ZERO].head(3)
    if clear.empty:
        return gettext(lang, "No parameter's share in the variance of {what} is different from zero", what=what)
    if len(clear) == 1:
        row = clear.iloc[0]
        share = f"{row['total']:.2f} [{row['total_low']:.2f}, {row['total_high']:.2f}]"
        return gettext(
            lang,
            "Of the variance of {what}, most hangs on {parameter}, which takes part in {share}",
            what=what, parameter=row['parameter'], share=share)
    told = [f"{row.parameter} {row.total:.2f} [{row.total_low:.2f}, {row.total_high:.2f}]"
            for row in clear.itertuples()]
    return gettext(
        lang,
        "Of the variance of {what}, most hangs on {names}: the shares that they take part in",
        what=what, names=pgettext(lang, "between names", ", ").join(told))


def without_rooms(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the switches of whole rooms: without incidents, voice or branches there is no effect left to explain.

    They stay in the tables; which mechanism carries an effect is the question of an ablation.
    """
    return table[~table["parameter"].str.endswith(".enabled")]


def title_screening(found: Sensitivity, lang: str) -> str:
    """Say how many parameters move the outcome, and which most."""
    assert found.screening is not None
    what, table = subject(found, lang), without_rooms(found.screening)
    clear = table[table["says"] == NOT_ZERO]
    if clear.empty:
        return gettext(
            lang,
            "No effect of {table} parameters on {what} can be distinguished from chance",
            table=len(table), what=what)
    first = clear["parameter"].head(3).tolist()
    return gettext(
        lang,
        "{clear} of {table} parameters move {what} by more than chance can explain, most of all {names}",
        clear=len(clear), table=len(table), what=what, names=pgettext(lang, "between names", ", ").join(first))


def title_tornado(found: Sensitivity, lang: str) -> str:
    """Say which parameter does most alone."""
    assert found.bars is not None
    what, table = subject(found, lang), without_rooms(found.bars)
    clear = table[table["says"] == NOT_ZERO]
    if clear.empty:
        return gettext(lang, "Alone, no parameter moves {what} by more than chance can explain", what=what)
    top = clear.loc[clear["change"].abs().idxmax()]
    change, low, high = (written(end, "+.3g") for end in (top.change, top.ci_low, top.ci_high))
    number = f"{change} [{low}, {high}]"
    value = shown(top["value"], lang)
    return gettext(
        lang,
        "Alone, {parameter} = {value} moves {what} most: by {number_} {unit}",
        parameter=top.parameter, value=value, what=what, number_=number, unit=unit(found, lang))


def shown(value: object, lang: str) -> str:
    """Write a parameter's value.

    Examples
    --------
    >>> shown(True, "en"), shown(0.25, "en"), shown("linear", "en")
    ('on', '0.25', 'linear')
    """
    if str(value) in ("True", "False"):
        return gettext(lang, "on") if str(value) == "True" else gettext(lang, "off")
    if isinstance(value, str):
        return value
    return written(float(value), ".4g")  # type: ignore[arg-type]
