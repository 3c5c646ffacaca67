"""How what a folder holds differs from what is asked of it, in words; and what becomes of it where it was damaged.

A run's file is named by a hash of all that it depends on.  So where `experiment.json` was damaged or lost, the command
that began the experiment finds its runs again, and another one does not: it is refused, since nothing is left that
could tell what the folder was for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments.core.log import log
from experiments.core.store import checked_json

__all__ = ["design_differences", "is_undescribed", "take_over", "value_differences"]

FEW = 5
"""Entries of a list that are named."""

LONG = 60
"""Characters beyond which a value that differs is only named."""


def is_undescribed(folder: Path) -> bool:
    """Tell whether nothing that can be read says of what experiment a folder is."""
    try:
        return checked_json.is_damaged((folder / "experiment.json").read_bytes())
    except FileNotFoundError:
        return True
    except OSError:
        return False


def take_over(folder: Path, keys: set[str], listed: set[str], extend: bool) -> None:
    """Put the damaged file aside, if the folder's runs are those that are wanted.

    Parameters
    ----------
    folder
        Of the experiment.
    keys, listed
        Keys of the runs that are asked for, and of those that the folder was for, as far as its design can be read.
    extend
        Whether more may be asked for.

    Raises
    ------
    StoreError
        They are not, or not all that the folder was for are asked for.
    """
    from sim.errors import StoreError

    path = folder / "experiment.json"
    state = "is damaged" if path.exists() else "is gone"
    held = listed or {place.stem for place in folder.glob("runs/*.json")}
    if held - keys or (listed and not extend and keys - held):
        raise StoreError(
            f"{path} {state}, and what is asked for is not what {folder} holds: {len(held - keys)} of its "
            f"{len(held)} runs are not asked for, and {len(keys - held)} are new. Give the command that began it, "
            "or another folder with --out."
        )
    if path.exists():
        os.replace(path, path.with_name("experiment.json.damaged"))
        state += " (it is kept as experiment.json.damaged)"
    log.warning(f"{path} {state}. It is made again from what is asked for; the runs that ended are kept.")


def design_differences(stored: Mapping[str, Any], design: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Say in words how a wanted design differs from a stored one.

    Returns
    -------
    (list of str, list of str)
        What makes it another experiment, and what would only add to the stored one.
    """
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
    gone, new = (
        [name for name in names if name not in rest][:FEW] for names, rest in ((before, after), (after, before))
    )
    sides = [
        f"{', '.join(names)} {where}"
        for names, where in ((gone, "there and not now"), (new, "now and not there"))
        if names
    ]
    return "; ".join(sides) or "other values, or in another order"
