"""What is measured: one table of all outcomes, `outcome_definitions.csv`, and nothing about them anywhere else.

A row declares an outcome: its name, which component measures it, its unit, which side of it is better, what it is
called in a sentence in English and in Chinese, and what it means.  The columns of `model.outcomes`, the units and
verdicts of every table, the words of figures and reports and the page `docs/outcomes.md` are all made from it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from sim.core.errors import OutcomeError, unknown
from sim.core.markup import table, titled
from sim.core.message_catalogue import LANGUAGES, MODEL, N_

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEFINITIONS", "Better", "Definition", "define", "definition", "describe", "measured_by", "read_definitions"]

Better = Literal["lower", "higher", "neither"]
"""Which direction of an outcome is read as the good one."""

TABLE: Final = Path(__file__).with_name("outcome_definitions.csv")

_YES_OR_NO: Final = {"yes": True, "no": False}

INDEX: Final = "index"
"""Component of what is no column of a run: it is worked out by the laboratory from several, beside a baseline."""


@dataclass(frozen=True, slots=True)
class Definition:
    """An outcome.

    Attributes
    ----------
    name
        Of its column.
    component
        Attribute of the model that measures it, or `record`, `spread` or `index` for what follows from the week's
        counts, from estates beside one another, or from runs beside one another.
    unit, unit_zh
        In English and in Chinese.
    better
        Its better side.
    label, label_zh
        A noun for sentences, in English and in Chinese.
    plural
        Whether the noun's verb is plural.
    off
        Its value where the component is off; NaN where there is no such thing.
    meaning
        In a sentence.
    """

    name: str
    component: str
    unit: str
    unit_zh: str
    better: Better
    label: str
    label_zh: str
    plural: bool
    off: float
    meaning: str


def read_definitions(path: Path = TABLE) -> dict[str, Definition]:
    """Read a table of definitions, by name, in its order.

    Raises
    ------
    ValueError
        Where a name stands twice, a cell is empty, or a better side is none.
    """
    found: dict[str, Definition] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, whole = row["name"], len(row) == len(fields(Definition)) and all(row.values())
            if name in found or not whole or row["better"] not in get_args(Better) or row["plural"] not in _YES_OR_NO:
                raise ValueError(
                    f"{path.name}, {name}: a name stands once, all cells are filled, better is one of "
                    f"{', '.join(get_args(Better))}, and plural is yes or no"
                )
            off = math.nan if row["off"] == "-" else float(row["off"])
            given: dict[str, Any] = {**row, "plural": _YES_OR_NO[row["plural"]], "off": off}
            found[name] = Definition(**given)
    return found


DEFINITIONS: Final = read_definitions()
"""All outcomes of the model, by name."""

_OWN: Final[dict[str, Definition]] = {}
"""Outcomes of a user's components, by name: the latest of each."""


def define(own: Mapping[str, Definition]) -> None:
    """Let outcomes of a user's components be known by name, beside those of the model."""
    _OWN.update(own)


def definition(name: str) -> Definition | None:
    """Return how an outcome of the model or of a user's component is declared; None where it is not.

    Examples
    --------
    >>> definition("filed").label, definition("nothing")
    ('filed cases', None)
    """
    return DEFINITIONS.get(name) or _OWN.get(name)


def measured_by(component: str) -> tuple[str, ...]:
    """Return the names of what a component measures.

    Examples
    --------
    >>> measured_by("captains")
    ('captains', 'captain_hours')
    """
    return tuple(one.name for one in DEFINITIONS.values() if one.component == component)


gettext: Final = MODEL.gettext
_SIDES: Final = {"lower": N_("lower"), "higher": N_("higher"), "neither": N_("neither")}


def describe(lang: str = "en", model: Any = None) -> pd.DataFrame:
    """Return the legend of ``model.outcomes``: label, unit, better side and meaning of every column, by name.

    Parameters
    ----------
    lang
        Of labels, units and sides, `en` or `zh`; meanings are in English.
    model
        A model with outcomes of a user's own, which stand at the end.

    Examples
    --------
    >>> describe().loc["filed", "label"], describe("zh").index.equals(describe().index)
    ('filed cases', True)
    """
    import pandas as pd

    if lang not in LANGUAGES:
        raise OutcomeError(unknown("language", lang, LANGUAGES))
    chinese = lang == LANGUAGES[1]
    rows = [
        (
            one.name,
            one.label_zh if chinese else one.label,
            one.unit_zh if chinese else one.unit,
            gettext(lang, _SIDES[one.better]),
            one.meaning,
        )
        for one in (DEFINITIONS if model is None else model.record.definitions).values()
        if one.component != INDEX
    ]
    legend = pd.DataFrame(rows, columns=["name", "label", "unit", "better", "meaning"]).set_index("name")
    # Pandas cuts long texts and long tables, and a legend is read whole; a part of it is a table like any other.
    object.__setattr__(legend, "_repr_html_", partial(_page, rows, lang))
    return legend


def _page(rows: Sequence[Sequence[str]], lang: str) -> str:
    names = (N_("column"), N_("label"), N_("unit"), N_("better"), N_("meaning"))
    title = gettext(lang, "{count} outcomes", count=len(rows))
    return str(titled(title, table([gettext(lang, name) for name in names], rows, lang)))
