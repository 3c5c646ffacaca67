"""How what a folder holds differs from what is requested of it, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.core.errors import refusal

FEW = 5
"""Entries of a list that are named."""

LONG = 60
"""Characters beyond which a value that differs is only named."""


def design_differences(stored: Mapping[str, Any], design: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Say what makes a design another experiment than a stored one, and what would only add to that."""
    firm = []
    if stored["seed"] != design["seed"]:
        firm.append(refusal(f"seed: {stored['seed']} there, {design['seed']} now"))
    if stored["model"] != design["model"]:
        firm.append(refusal(f"the model's code: {stored['model']} there, {design['model']} now"))
    growth = []
    for name in stored["strategies"].keys() & design["strategies"].keys():
        if stored["strategies"][name] != design["strategies"][name]:
            firm.append(refusal(f'the code of strategy "{name}"'))
    for name in dict.fromkeys([*stored["scenario"], *design["scenario"]]):
        before, now = (side["scenario"].get(name, "absent") for side in (stored, design))
        if before != now:
            firm.append(f"{name}: {before} there, {now} now")
    for label, change in design["arms"].items():
        if label not in stored["arms"]:
            growth.append(refusal(f'arm "{label}": new'))
        elif stored["arms"][label] != change:
            firm.append(refusal(f'arm "{label}": {stored["arms"][label]} there, {change} now'))
    gone = [label for label in stored["arms"] if label not in design["arms"]]
    growth += [refusal(f'arm "{label}": there, not asked for now') for label in gone]
    if stored["replicates"] != design["replicates"]:
        growth.append(refusal(f"replicates: {stored['replicates']} there, {design['replicates']} now"))
    before, now = stored["districts"], design["districts"]
    if before != now:
        if before == now[: len(before)]:
            growth.append(refusal(f"districts: {len(before)} there, {len(now)} now"))
        else:
            firm.append(refusal("the district: another ground (names, positions or sizes of estates)"))
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
        yield refusal(f"{name}: now and not there") if stored is None else refusal(f"{name}: there and not now")
    elif max(len(str(stored)), len(str(now))) > LONG:
        yield name
    else:
        yield refusal(f"{name}: {stored} there, {now} now")


def _list_difference(stored: list[Any], now: list[Any]) -> str:
    """Say how two lists differ: by the names of their entries where they have any, else by how many there are."""
    before, after = (
        [str(entry.get("name", "")) if isinstance(entry, dict) else str(entry) for entry in side]
        for side in (stored, now)
    )
    if not all([*before, *after]) or any(isinstance(entry, int | float) for entry in [*stored, *now]):
        if len(stored) == len(now):
            return refusal("other values")
        return refusal(f"{len(stored)} there, {len(now)} now")
    sides = []
    for names, rest, where in ((before, after, "there and not now"), (after, before, "now and not there")):
        if only := [name for name in names if name not in rest]:
            sides.append(f"{', '.join(only[:FEW])} {where}")
    return "; ".join(sides) or refusal("other values, or in another order")
