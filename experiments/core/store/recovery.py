"""What becomes of a folder whose `experiment.json` was damaged or lost.

A run's file is named by a hash of all that it depends on.  So where `experiment.json` was damaged or lost, the command
that began the experiment finds its runs again, and another one does not: it is refused, since nothing is left that
could tell what the folder was for.
"""

from __future__ import annotations

import os
from pathlib import Path

from experiments.core.log import log
from experiments.core.store import checked_json
from sim.errors import StoreError

__all__ = ["is_undescribed", "take_over"]


def is_undescribed(folder: Path) -> bool:
    """Return whether nothing that can be read says of what experiment a folder is."""
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
