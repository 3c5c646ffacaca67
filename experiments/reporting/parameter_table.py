"""Every parameter of a scenario, with unit, range, status and source: in every report, since much of it is assumed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from experiments.reporting import declared
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.elements import Html, join, table, tag

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["parameters", "written"]

STATUS = (N_("study"), N_("data"), N_("literature"), N_("assumed"), N_("design"))


def parameters(scenario: Scenario, lang: str) -> list[Html]:
    """Return the full table of parameters by section, with units, ranges, status and source."""
    rows: Iterable[dict[str, Any]] = scenario.parameters()
    sections: dict[str, list[list[str]]] = {}
    changed = 0
    for row in rows:
        section, _dot, name = str(row["name"]).partition(".")
        moved = "default" in row and row["value"] != row["default"]
        changed += moved
        value: Html = tag("span", written(row["value"], lang), class_="changed" if moved else "")
        if moved:
            was = gettext(lang, "default {default}", default=written(row['default'], lang))
            value = join([value, tag("span", was, class_="under")])
        status = str(row.get("status") or "")
        sections.setdefault(section, []).append(
            [
                join([tag("code", name), tag("span", declared.meaning(row, lang), class_="under")]),
                value,
                declared.unit(row, lang),
                _range(row, lang),
                gettext(lang, status) if status in STATUS else status,
                declared.source(row, lang),
            ]
        )
    head = [
        gettext(lang, "Parameter"),
        gettext(lang, "Value"),
        gettext(lang, "Unit"),
        gettext(lang, "Range to sweep"),
        gettext(lang, "Status"),
        gettext(lang, "Source"),
    ]
    text = gettext(
        lang,
        "The scenario that all runs start from; what an arm or a point changes stands with it. Values that "
        "differ from their defaults ({changed}) are set in bold.",
        changed=changed)
    return [tag("p", text), table(head, list(sections.items()), kind="tall parameters")]


def written(value: Any, lang: str = "en") -> str:
    """Write the value of a parameter for a reader.

    Examples
    --------
    >>> written(True), written(None), written(12345), written(0.5)
    ('on', 'none', '12,345', '0.5')
    """
    if value is None:
        return gettext(lang, "none")
    if isinstance(value, bool):
        return gettext(lang, "on") if value else gettext(lang, "off")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int) and abs(value) >= 10000:
        return f"{value:,}"
    return str(value)


def _range(row: dict[str, Any], lang: str) -> str:
    low = row.get("sweep_low") if row.get("sweep_low") is not None else row.get("low")
    high = row.get("sweep_high") if row.get("sweep_high") is not None else row.get("high")
    if low is None and high is None:
        return "–"
    if low is None or high is None:
        return f"≥ {written(low, lang)}" if high is None else f"≤ {written(high, lang)}"
    return f"{written(low, lang)} … {written(high, lang)}"
