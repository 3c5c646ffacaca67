"""Parameters as a notebook shows them: value, default, unit, what is allowed, and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from sim.core.markup import table, written
from sim.core.message_catalogue import MODEL, N_

__all__ = ["STATUS", "parameter_table"]

gettext, pgettext = MODEL.gettext, MODEL.pgettext

_HEAD: Final = (
    N_("parameter"),
    N_("value"),
    N_("default"),
    N_("unit"),
    N_("range"),
    N_("status"),
    N_("meaning"),
)
STATUS: Final = {
    "study": N_("study"),
    "data": N_("data"),
    "literature": N_("literature"),
    "assumed": N_("assumed"),
    "design": N_("design"),
}


def parameter_table(rows: Iterable[Mapping[str, Any]], lang: str = "en") -> Markup:
    """Return parameters as a table of HTML.

    Parameters
    ----------
    rows
        As `Section.rows` has them.
    lang
        `en` or `zh`.

    Examples
    --------
    >>> import sim
    >>> "hours per week" in parameter_table(sim.Scenario().branches.rows())
    True
    """
    return table([gettext(lang, name) for name in _HEAD], [_cells(row, lang) for row in rows], lang)


def _cells(row: Mapping[str, Any], lang: str) -> tuple[Any, ...]:
    low, high = (str(written(row[side], lang)) for side in ("low", "high"))
    within = ", ".join(row["choices"] or ()) or (f"{low}\u00a0–\u00a0{high}" if low or high else "")
    value, default = (_value(row[name], lang) for name in ("value", "default"))
    unit = pgettext(lang, "unit", row["unit"]) if row["unit"] else ""
    meaning = pgettext(lang, "parameter", row["doc"]) if row["doc"] else ""
    return row["name"], value, default, unit, within, gettext(lang, STATUS[row["status"]]), meaning


def _value(value: Any, lang: str) -> Any:
    if isinstance(value, bool):
        return gettext(lang, "on") if value else gettext(lang, "off")
    return gettext(lang, "none") if value is None else written(value, lang)
