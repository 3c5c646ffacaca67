"""How a wanted experiment differs from a stored one, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["differences", "plain"]


def differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Say in words how a wanted design differs from a stored one.

    Returns
    -------
    (list of str, list of str)
        What makes it another experiment, and what would only add to the stored one.
    """
    firm, growth = [], []
    for name, what in (("seed", "seed"), ("model", "the model's code")):
        if stored[name] != wanted[name]:
            firm.append(f"{what}: {stored[name]} there, {wanted[name]} now")
    for name in stored["strategies"].keys() & wanted["strategies"].keys():
        if stored["strategies"][name] != wanted["strategies"][name]:
            firm.append(f'the code of strategy "{name}"')
    for name in dict.fromkeys([*stored["scenario"], *wanted["scenario"]]):
        there, now = (side["scenario"].get(name, "absent") for side in (stored, wanted))
        if there != now:
            firm.append(f"{name}: {there} there, {now} now")
    for label, change in wanted["arms"].items():
        if label not in stored["arms"]:
            growth.append(f'arm "{label}": new')
        elif stored["arms"][label] != change:
            firm.append(f'arm "{label}": {stored["arms"][label]} there, {change} now')
    growth += [f'arm "{label}": there, not asked for now' for label in stored["arms"] if label not in wanted["arms"]]
    if stored["replicates"] != wanted["replicates"]:
        growth.append(f"replicates: {stored['replicates']} there, {wanted['replicates']} now")
    there, now = stored["districts"], wanted["districts"]
    if there != now:
        if there == now[: len(there)]:
            growth.append(f"districts: {len(there)} there, {len(now)} now")
        else:
            firm.append("the district: another ground (names, positions or sizes of estates)")
    return firm, growth


def plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it looks once it has been written and read."""
    return json.loads(json.dumps(record))
