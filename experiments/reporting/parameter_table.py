"""Every parameter of a scenario, with unit, range, status and source: in every report, since much of it is assumed."""

from __future__ import annotations

from typing import Any

from experiments.reporting.finding import Block
from sim import Scenario

__all__ = ["parameters"]


def parameters(scenario: Scenario) -> Block:
    """Return the full table of parameters by section, with units, ranges, status and source."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in scenario.parameters():
        section, _dot, key = str(row["name"]).partition(".")
        changed = "default" in row and row["value"] != row["default"]
        ends = {
            name: row.get(swept) if row.get(swept) is not None else row.get(end)
            for name, swept, end in (("least", "sweep_low", "low"), ("most", "sweep_high", "high"))
        }
        status = str(row.get("status") or "")
        sections.setdefault(section, []).append(row | ends | {"key": key, "changed": changed, "status": status})
    changed = sum(row["changed"] for rows in sections.values() for row in rows)
    return Block("sections.parameters", sections=sections, changed=changed)
