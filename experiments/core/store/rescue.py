"""What becomes of finished runs whose `experiment.json` was damaged or lost: they are kept, where they are asked for.

A run's file is named by a hash of all that it depends on.  So the command that began an experiment finds its runs
again, and another one does not: it is refused, since there is nothing left that could tell what the folder was for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from experiments.core.store.sealed import SEAL, opened

if TYPE_CHECKING:
    from experiments.core.design.design import Design
    from experiments.core.store.store import Store

__all__ = ["needed", "take_over"]


def needed(store: Store) -> bool:
    """Tell whether the folder holds runs and nothing that can be read says of what experiment."""
    if not any(store.runs.glob("*.json")) and not _listed(store):
        return False
    try:
        data = (store.folder / "experiment.json").read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        found = json.loads(data)
    except ValueError:
        return True
    return not isinstance(found, dict) or (SEAL in found and opened(data) is None)


def take_over(store: Store, design: Design, extend: bool, notice: Callable[[str], None]) -> None:
    """Put the damaged file aside, if the folder's runs are those of the design.

    Raises
    ------
    StoreError
        They are not, or not all that the folder was for are asked for.
    """
    from sim.errors import StoreError

    path = store.folder / "experiment.json"
    state = "is damaged" if path.exists() else "is gone"
    wanted = {run.key for run in design.runs}
    listed = _listed(store)
    held = listed or {place.stem for place in store.runs.glob("*.json")}
    new = wanted - held if listed and not extend else set()
    if held - wanted or new:
        raise StoreError(
            f"{path} {state}, and what is asked for is not what {store.folder} holds: {len(held - wanted)} of its "
            f"{len(held)} runs are not asked for, and {len(wanted - held)} are new. Give the command that began it, "
            "or another folder with --out."
        )
    if path.exists():
        os.replace(path, path.with_name("experiment.json.damaged"))
        state += " (it is kept as experiment.json.damaged)"
    notice(f"{path} {state}. It is made again from what is asked for; the runs that ended are kept.")


def _listed(store: Store) -> set[str]:
    """Keys of all runs that the folder was for, as far as its design can be read."""
    from sim.errors import StoreError

    try:
        return set(store.design_table()["run"])
    except (StoreError, KeyError):
        return set()
