"""How what a folder holds differs from what is requested of it, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

FEW = 5
"""Entries of a list that are named."""

LONG = 60
"""Characters beyond which a value that differs is only named."""


def design_differences(stored: Mapping[str, Any], design: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Say what makes a design another experiment than a stored one, and what would only add to that."""
    firm = [
        f"{what}: {stored[name]} there, {design[name]} now"
        for name, what in (("seed", "seed"), ("model", "the model's code"))
        if stored[name] != design[name]
    ]
    growth = []
    for name in stored["strategies"].keys() & design["strategies"].keys():
        if stored["strategies"][name] != design["strategies"][name]:
            firm.append(f'the code of strategy "{name}"')
    for name in dict.fromkeys([*stored["scenario"], *design["scenario"]]):
        before, now = (side["scenario"].get(name, "absent") for side in (stored, design))
        if before != now:
            firm.append(f"{name}: {before} there, {now} now")
    for label, change in design["arms"].items():
        if label not in stored["arms"]:
            growth.append(f'arm "{label}": new')
        elif stored["arms"][label] != change:
            firm.append(f'arm "{label}": {stored["arms"][label]} there, {change} now')
    growth += [f'arm "{label}": there, not asked for now' for label in stored["arms"] if label not in design["arms"]]
    if stored["replicates"] != design["replicates"]:
        growth.append(f"replicates: {stored['replicates']} there, {design['replicates']} now")
    before, now = stored["districts"], design["districts"]
    if before != now:
        if before == now[: len(before)]:
            growth.append(f"districts: {len(before)} there, {len(now)} now")
        else:
            firm.append("the district: another ground (names, positions or sizes of estates)")
    return firm, growth


def value_differences(name: str, stored: Any, now: Any) -> Iterator[str]:
    """Say how two values of a field differ, entry by entry where they are tables of entries."""
    if isinstance(stored, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*stored, *now]):
            if stored.get(key) != now.get(key):
                yield from value_differences(
                    key if name == "scenario" else f"{name}, {key}", stored.get(key), now.get(key)
                )
    elif isinstance(stored, list) and isinstance(now, list):
        yield f"{name}: {_list_difference(stored, now)}"
    elif stored is None or now is None:
        yield f"{name}: {'now and not there' if stored is None else 'there and not now'}"
    elif max(len(str(stored)), len(str(now))) > LONG:
        yield name
    else:
        yield f"{name}: {stored} there, {now} now"


def _list_difference(stored: list[Any], now: list[Any]) -> str:
    """Say how two lists differ: by the names of their entries where they have any, else by how many there are."""
    before, after = (
        [str(entry.get("name", "")) if isinstance(entry, dict) else str(entry) for entry in side]
        for side in (stored, now)
    )
    if not all([*before, *after]) or any(isinstance(entry, int | float) for entry in [*stored, *now]):
        return f"{len(stored)} there, {len(now)} now" if len(stored) != len(now) else "other values"
    sides = []
    for names, rest, where in ((before, after, "there and not now"), (after, before, "now and not there")):
        if only := [name for name in names if name not in rest]:
            sides.append(f"{', '.join(only[:FEW])} {where}")
    return "; ".join(sides) or "other values, or in another order"
