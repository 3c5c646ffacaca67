"""What is measured: one registry of all outcomes, `DEFINITIONS`, from which everybody reads.

A mechanism declares what it measures in its class, as a mechanism of a user does: `outcomes`, an `Outcome` for each
column.  What the record works out of the whole district, and what follows from it, is declared in the table
`outcome_definitions.csv`, a row for each.  Either says the name, the unit, which side is better, what it is called in a
sentence in English and in Chinese, and what it means.  The columns of `model.outcomes`, the units and verdicts of every
table, the words of figures and reports and the page `docs/outcomes.md` are all made from the registry.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from sim.component import Component, Outcome, components_of
from sim.core.attributes import Attributes
from sim.core.errors import OutcomeError, unknown
from sim.core.markup import table, titled
from sim.core.message_catalogue import LANGUAGES, MODEL, N_
from sim.mechanisms import Mechanisms

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEFINITIONS",
    "Better",
    "Definition",
    "define",
    "definition",
    "definitions_of",
    "describe",
    "measured_by",
    "read_definitions",
    "registry",
]

Better = Literal["lower", "higher", "neither"]
"""Which direction of an outcome is read as the good one."""

TABLE: Final = Path(__file__).with_name("outcome_definitions.csv")
"""What is measured beside the mechanisms."""

_YES_OR_NO: Final = {"yes": True, "no": False}

INDEX: Final = "index"
"""Component of what is no column of a run: it is worked out by the laboratory from several, beside a baseline."""

_IN_ORDER: Final = (
    "incidents frontline collective empowerment supervision couriers enterprises deliberation cross_appointment "
    "captains meeting_help social_organisations volunteers emergency"
).split()
"""Mechanisms in the order in which tables have had their columns; those of others follow, in the model's order."""


@dataclass(frozen=True, slots=True)
class Definition(Attributes):
    """An outcome.

    Attributes
    ----------
    name
        Of its column.
    component
        Attribute of the model that measures it; or `record`, `spread` or `index` for what follows from the week's
        counts, from estates beside one another, or from runs beside one another; or `own` for a user's.
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

    Examples
    --------
    >>> import sim
    >>> sim.outcomes.DEFINITIONS["filed"].label
    'filed cases'
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
    """Read a table of what is measured beside the mechanisms, by name, in its order.

    Raises
    ------
    ValueError
        Where a name stands twice, a cell is empty, or a better side is none.
    """
    found: dict[str, Definition] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, whole = row["name"], len(row) == len(fields(Definition)) - 1 and all(row.values())
            if name in found or not whole or row["better"] not in get_args(Better) or row["plural"] not in _YES_OR_NO:
                raise ValueError(
                    f"{path.name}, {name}: a name stands once, all cells are filled, better is one of "
                    f"{', '.join(get_args(Better))}, and plural is yes or no"
                )
            given: dict[str, Any] = {**row, "plural": _YES_OR_NO[row["plural"]], "off": math.nan}
            found[name] = Definition(**given)
    return found


def definitions_of(outcomes: Iterable[Outcome], component: str = "own") -> dict[str, Definition]:
    """Define outcomes that a component declares, by name.

    Parameters
    ----------
    outcomes
        As declared.
    component
        Its name in the model, where it is one of the model's.

    Examples
    --------
    >>> definitions_of([Outcome("festivals", unit="estates")])["festivals"].label
    'festivals'
    """
    return {outcome.name: _definition(outcome, component) for outcome in outcomes}


def _definition(outcome: Outcome, component: str) -> Definition:
    label = outcome.label or outcome.name.replace("_", " ")
    return Definition(
        name=outcome.name,
        component=component,
        unit=outcome.unit,
        # A unit that the model has too need not be translated again.
        unit_zh=outcome.unit_zh or MODEL.translation(LANGUAGES[1], outcome.unit, "unit") or outcome.unit,
        better=outcome.better or "neither",
        label=label,
        label_zh=outcome.zh or label,
        plural=outcome.plural,
        off=math.nan if outcome.off is None else float(outcome.off),
        meaning=outcome.meaning or label,
    )


def registry(components: Iterable[type[Component]]) -> dict[str, Definition]:
    """Define all that a model of these components measures, by name, in the order of its columns.

    Raises
    ------
    ValueError
        Where two outcomes have one name.
    """
    table, kinds = read_definitions(), {kind.name: kind for kind in components if kind.outcomes}
    listed = [name for name in _IN_ORDER if name in kinds]
    declared = [definitions_of(kinds[name].outcomes, name) for name in dict.fromkeys((*listed, *kinds))]
    last = {name: one for name, one in table.items() if one.component == INDEX}
    parts = [{name: one for name, one in table.items() if name not in last}, *declared, last]
    found = {name: one for part in parts for name, one in part.items()}
    if len(found) < sum(len(kinds[name].outcomes) for name in kinds) + len(table):
        names = [*table, *(one.name for kind in kinds.values() for one in kind.outcomes)]
        raise ValueError(f"two outcomes have one name: {', '.join(name for name in found if names.count(name) > 1)}")
    return found


DEFINITIONS: Final = registry(components_of(Mechanisms))
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
