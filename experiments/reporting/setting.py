"""What a reader should know before any number: what was set otherwise, and what of the ground was filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from experiments.reporting.catalogue import gettext, ngettext, pgettext
from experiments.reporting.elements import Html, join, tag
from experiments.reporting.parameter_table import written

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["filled", "setting"]

MOST: Final = 12
"""Settings that are named; the table of all parameters has the others."""
RECORDING: Final = ("outcomes.record_estates",)
"""Settings that commands make for themselves, to draw maps; they change no result."""
_FILLED: Final = re.compile(r"^(?P<column>\w+): (?P<count>\d+) of (?P<all>\d+) estates filled\b")


def setting(scenario: Scenario | None, info: Mapping[str, Any], lang: str) -> list[Html]:
    """Return what differs from the defaults, and which columns of the district were filled; nothing where neither.

    Parameters
    ----------
    scenario
        That all runs start from; None where there is no single one.
    info
        `experiment.json`, with the notes of each district.
    """
    parts = []
    if scenario is not None and (changed := _changed(scenario, lang)):
        named = [tag("code", f"{name} = {value}") for name, value, _ in changed[:MOST]]
        was = [gettext(lang, " (default {default})", default=default) for _, _, default in changed[:MOST]]
        listed = join([join(pair) for pair in zip(named, was, strict=True)], pgettext(lang, "between clauses", ", "))
        more = len(changed) - MOST
        rest = ngettext(lang, ", and {number} more", ", and {number} more", more) if more > 0 else ""
        parts.append(tag("p", gettext(lang, "Changed from the defaults: "), listed, rest, class_="meta"))
    if columns := filled(info):
        told = [
            gettext(lang, "{column} ({count} of {estates})", column=column, count=count, estates=estates)
            for column, count, estates in columns]
        text = gettext(
            lang, "Not in the district's table but filled, so that nothing here is measured by them: {columns}.",
            columns=pgettext(lang, "between clauses", ", ").join(told))
        parts.append(tag("p", text, class_="meta"))
    return parts


def filled(info: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """List the columns of the first district that were filled, in how many estates, of how many.

    Examples
    --------
    >>> filled({"district_notes": [["kind: 3 of 9 estates filled by chance.", "Nobody's real estate."]]})
    [('kind', 3, 9)]
    """
    notes = next(iter(info.get("district_notes") or []), None) or []
    found = filter(None, map(_FILLED.match, notes))
    return [(one["column"], int(one["count"]), int(one["all"])) for one in found]


def _changed(scenario: Scenario, lang: str) -> list[tuple[str, str, str]]:
    """List the parameters that differ from their defaults: name, value, default."""
    return [
        (str(row["name"]), written(row["value"], lang), written(row["default"], lang))
        for row in scenario.parameters()
        if "default" in row and row["value"] != row["default"] and row["name"] not in RECORDING]
