"""What `experiment.json` is made of: entries, and of which kind each is."""

from collections.abc import Mapping
from typing import Any, Final

ENTRIES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "spec": (dict, type(None)),
    "spec.scenario": dict,
    "spec.components": dict,
    "spec.district": (dict, type(None)),
    "spec.district.notes": list,
    "spec.district.notes_zh": list,
    "design": dict,
    "design.arms": dict,
    "design.replicates": int,
    "design.seed": int,
    "design.districts": list,
    "design.scenario": dict,
    "design.strategies": dict,
    "checksums": dict,
    "seeds": list,
    "failed": list,
}
"""Entries by dotted name, where there are any: an earlier version, or a step of an analysis, may lack some."""

OF_DESIGN: Final = ("arms", "replicates", "seed", "districts", "scenario", "strategies", "model")
"""Entries that every design has."""


def misfit(content: Mapping[str, Any]) -> str:
    """Name the first entry that is missing or of another kind than is written here; empty where all is as it should be.

    Examples
    --------
    >>> misfit({"format": 1, "spec": {"scenario": {}}}), misfit({"spec": {"scenario": []}}), misfit({"design": {}})
    ('', 'spec.scenario', 'design.arms')
    """
    for name, kind in ENTRIES.items():
        node: Any = content
        for part in name.split("."):
            if not isinstance(node, Mapping) or part not in node:
                break
            node = node[part]
        else:
            if not isinstance(node, kind) or (kind is int and isinstance(node, bool)):
                return name
    design = content.get("design")
    if design is None:
        return ""
    if lacking := [name for name in OF_DESIGN if name not in design]:
        return f"design.{lacking[0]}"
    return next((f"design.arms, {label}" for label, arm in design["arms"].items() if not isinstance(arm, dict)), "")
