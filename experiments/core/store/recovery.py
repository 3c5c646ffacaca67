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


def take_over(folder: Path, wanted: set[str], listed: set[str], extend: bool) -> None:
    """Put the damaged file aside, if the folder's runs are those that are wanted.

    Parameters
    ----------
    folder
        Of the experiment.
    wanted, listed
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
    if held - wanted or (listed and not extend and wanted - held):
        raise StoreError(
            f"{path} {state}, and what is asked for is not what {folder} holds: {len(held - wanted)} of its "
            f"{len(held)} runs are not asked for, and {len(wanted - held)} are new. Give the command that began it, "
            "or another folder with --out."
        )
    if path.exists():
        os.replace(path, path.with_name("experiment.json.damaged"))
        state += " (it is kept as experiment.json.damaged)"
    log.warning(f"{path} {state}. It is made again from what is asked for; the runs that ended are kept.")


def design_differences(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Say in words how a wanted design differs from a stored one.

    Returns
    -------
    (list of str, list of str)
        What makes it another experiment, and what would only add to the stored one.
    """
    firm = [
        f"{what}: {stored[name]} there, {wanted[name]} now"
        for name, what in (("seed", "seed"), ("model", "the model's code"))
        if stored[name] != wanted[name]
    ]
    growth = []
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


def value_differences(name: str, there: Any, now: Any) -> Iterator[str]:
    """Say how two values of a field differ, entry by entry where they are tables of entries."""
    if isinstance(there, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*there, *now]):
            if there.get(key) != now.get(key):
                yield from value_differences(
                    key if name == "scenario" else f"{name}, {key}", there.get(key), now.get(key)
                )
    elif isinstance(there, list) and isinstance(now, list):
        yield f"{name}: {_list_difference(there, now)}"
    elif there is None or now is None:
        yield f"{name}: {'now and not there' if there is None else 'there and not now'}"
    elif max(len(str(there)), len(str(now))) > LONG:
        yield name
    else:
        yield f"{name}: {there} there, {now} now"


def _list_difference(there: list[Any], now: list[Any]) -> str:
    """Say how two lists differ: by the names of their entries where they have any, else by how many there are."""
    before, after = (
        [str(entry.get("name", "")) if isinstance(entry, dict) else str(entry) for entry in side]
        for side in (there, now)
    )
    if not all([*before, *after]) or any(isinstance(entry, int | float) for entry in [*there, *now]):
        return f"{len(there)} there, {len(now)} now" if len(there) != len(now) else "other values"
    gone, new = (
        [name for name in names if name not in others][:FEW] for names, others in ((before, after), (after, before))
    )
    sides = [
        f"{', '.join(names)} {where}"
        for names, where in ((gone, "there and not now"), (new, "now and not there"))
        if names
    ]
    return "; ".join(sides) or "other values, or in another order"
