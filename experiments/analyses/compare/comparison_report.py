"""The report of a comparison: one page of HTML that stands alone, for a referee and for a minister.

Its findings are sentences worked out from the table. It says where an effect is undecided, and whether the
branch beats its own hours, whichever way that comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.analyses.compare import (
    assumption_section as assumptions,
)
from experiments.analyses.compare import comparison_captions as captions
from experiments.analyses.compare import (
    comparison_method as method,
)
from experiments.analyses.compare import (
    comparison_tables as tables,
)
from experiments.analyses.compare.answer import answer
from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.groups import groups
from experiments.analyses.compare.one_page import one_page
from experiments.analyses.compare.price import price
from experiments.figures import style
from experiments.reporting import limits, meanings, words
from experiments.reporting import provenance as record
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.citation import citation
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, tag
from experiments.reporting.frame import Section, Title, write_page
from experiments.reporting.parameter_table import parameters
from experiments.reporting.setting import setting

__all__ = ["write", "write_one_page"]


def write(comparison: Any, path: str | Path, figures: Mapping[str, Path], lang: str = "en") -> Path:
    """Write the report of a comparison.

    Parameters
    ----------
    comparison
        The result of `compare`.
    path
        The file to write.
    figures
        Paths of the figures by name, as `plots.figures` returns them; they are put inside the page.
    lang
        `en` or `zh`.  A browser finds its own fonts, so a Chinese report may hold figures in English.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If the language is neither `en` nor `zh`.
    """
    drawn, note = style.language(lang)
    reader = Reader(comparison)
    title = _question(reader, lang)
    sections: list[Section] = [
        ("answer", gettext(lang, "The answer in short"), answer(reader, lang)),
        ("design", gettext(lang, "How it was found out"), method.design(reader, lang)),
        (
            "figures",
            gettext(lang, "Figures"),
            captions.pictures(reader, figures, lang, note if drawn != lang else ""),
        ),
        (
            "table",
            gettext(lang, "All effects"),
            [tag("p", _reading(lang)), *_tables(reader, lang)],
        ),
        (
            "assumptions",
            gettext(lang, "How far it reaches over assumptions"),
            assumptions.section(reader, lang),
        ),
        ("groups", gettext(lang, "For whom"), groups(reader, lang)),
        ("cost", gettext(lang, "Cost by who bears it"),
         [*price(reader, lang), *tables.bearers(reader, lang)]),
        ("parameters", gettext(lang, "All parameters"), parameters(reader.comparison.scenario, lang)),
        (
            "limits",
            gettext(lang, "What the model cannot say"),
            limits.limits(reader.comparison.scenario, lang),
        ),
        ("failed", gettext(lang, "Failed runs"), record.failed(reader.info, lang)),
        ("again", gettext(lang, "How to make it again"),
         [*record.again(reader.info, lang), *citation(reader.info, lang)]),
    ]
    head = Title(title, _standing(reader, lang), setting(reader.comparison.scenario, reader.info, lang))
    return write_page(path, lang, head, record.alarms(reader.info, lang), sections)


def write_one_page(comparison: Any, path: str | Path, lang: str = "en") -> Path:
    """Write a comparison on one page of A4; return its path."""
    style.language(lang)
    reader = Reader(comparison)
    return one_page(comparison, path, (_question(reader, lang), _standing(reader, lang)), lang)


def _question(reader: Reader, lang: str) -> str:
    asked = meanings.question(str(reader.info.get("question") or "").strip(), lang)
    if asked:
        return asked
    names = [words.arm(name, lang) for name in reader.strategies[:3]]
    listed = pgettext(lang, "between names", ", ").join(names)
    more = len(reader.strategies) > 3
    base = words.arm(reader.baseline, lang)
    return (
        gettext(lang, "What do {listed} and others change, beside {base}?", listed=listed, base=base)
        if more else
        gettext(lang, "What do {listed} change, beside {base}?", listed=listed, base=base))


def _standing(reader: Reader, lang: str) -> str:
    district = reader.comparison.district
    estates, households = len(district.names), int(district.households.sum())
    arms = 1 + len({*reader.arms, *(reader.further.arms if reader.further else ())})
    return gettext(
        lang,
        "Gongzhi, laboratory of community governance · {estates:,} estates, {households:,} households · {arms} "
        "arms · {units} · a conditional map, not a forecast",
        estates=estates, households=households, arms=arms, units=reader.units(lang))


def _tables(reader: Reader, lang: str) -> list[Html]:
    """Return the table of all effects, and that of further arms on their own ground."""
    if reader.further is None:
        return [tables.effects(reader, lang)]
    return [
        part
        for one in (reader, reader.further)
        for part in (tag("h3", capital(one.units(lang))), tables.effects(one, lang))
    ]


def _reading(lang: str) -> str:
    return gettext(
        lang,
        "Means over the measured weeks. “There” is the mean of what the arm is set against; % is the difference "
        "in per cent of it. “Helped” is the share of replicates in which the difference is on the better side. "
        "“All together” is the interval that holds for all rows at once, with its p; the verdict is read from "
        "it. “n needed” is how many replicates in all would decide with a chance of 80%, were difference and "
        "spread what they seem. “Variance ÷” is by how much pairing divides the variance of the difference, with "
        "its 95% interval.")
