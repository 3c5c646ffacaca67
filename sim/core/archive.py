"""A model's state on disk: an ``.npz`` file of arrays and one text, without pickle.

What a component keeps is plain: arrays, ledgers, numbers, texts, and lists, tuples, dictionaries and records of these.
`pack` turns it into named arrays and a description in JSON; `unpack` makes it again, writable where it was.  The file
is an ordinary zip archive of NumPy arrays whose checksums are verified on reading, and nothing in it is ever run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import SnapshotError
from sim.core.ledger import Ledger
from sim.core.paths import named_file

__all__ = ["FORMAT", "pack", "read", "unpack", "write"]

FORMAT: Final = 1
"""Number of the file format; another one cannot be read."""

_DESCRIPTION: Final = "description"
_PLAIN: Final = (bool, int, float, str, type(None))

Arrays = dict[str, NDArray]


def pack(value: Any, arrays: Arrays) -> Any:
    """Describe a value in JSON, putting its arrays aside.

    Parameters
    ----------
    value
        Arrays, ledgers, plain values, and lists, tuples, dictionaries (with texts as keys) and dataclasses of these.
    arrays
        Takes the arrays, by names that the description refers to.

    Raises
    ------
    TypeError
        For anything else, which a component must not keep.

    Examples
    --------
    >>> aside = {}
    >>> text = pack({"week": 3, "hours": np.ones(2)}, aside)
    >>> unpack(text, aside, {})
    {'week': 3, 'hours': array([1., 1.])}
    """
    if isinstance(value, np.generic):
        return {"scalar": pack(np.array(value), arrays)}
    if type(value) in _PLAIN:
        return value
    if isinstance(value, str):  # a sentence is kept as its English text
        return str(value)
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("an array of Python objects cannot be saved")
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name} if value.flags.writeable else {"array": name, "fixed": True}
    if isinstance(value, Ledger):
        return {"ledger": pack(value.arrays(), arrays), "indices": list(value.indices)}
    if isinstance(value, list) and value and _alike(value):
        return {"stack": pack(np.stack(value), arrays)}
    if isinstance(value, list | tuple):
        return {"list" if isinstance(value, list) else "tuple": [pack(item, arrays) for item in value]}
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a dictionary can be saved only with texts as keys")
        return {"dict": {key: pack(item, arrays) for key, item in value.items()}}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: pack(getattr(value, field.name), arrays) for field in fields(value)}
        return {"record": type(value).__name__, "fields": parts}
    raise TypeError(f"a {type(value).__name__} cannot be saved; keep arrays, ledgers and plain values in a component")


def _alike(values: list[Any]) -> bool:
    """Whether all are writable arrays of one form, so that one array can hold them."""
    first = values[0]
    return (
        isinstance(first, np.ndarray)
        and not first.dtype.hasobject
        and all(
            isinstance(value, np.ndarray)
            and value.shape == first.shape
            and value.dtype == first.dtype
            and value.flags.writeable
            for value in values
        )
    )


def unpack(node: Any, arrays: Mapping[str, NDArray], records: Mapping[str, type]) -> Any:
    """Make a value from its description.

    Parameters
    ----------
    node, arrays
        As `pack` made them.
    records
        The dataclasses that may be made, by name.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where the description does not describe anything.
    """
    if type(node) in _PLAIN:
        return node
    if "array" in node:
        array = arrays[node["array"]]
        array.setflags(write=not node.get("fixed", False))
        return array
    if "scalar" in node:
        return unpack(node["scalar"], arrays, records)[()]
    if "stack" in node:
        return [row.copy() for row in unpack(node["stack"], arrays, records)]
    if "ledger" in node:
        return Ledger.of(unpack(node["ledger"], arrays, records), node["indices"])
    if "dict" in node:
        return {key: unpack(item, arrays, records) for key, item in node["dict"].items()}
    if "record" in node:
        parts = {name: unpack(item, arrays, records) for name, item in node["fields"].items()}
        return records[node["record"]](**parts)
    kind = "list" if "list" in node else "tuple"
    items = [unpack(item, arrays, records) for item in node[kind]]
    return items if kind == "list" else tuple(items)


def write(path: str | Path, state: Any, about: Mapping[str, Any]) -> None:
    """Write a state to a file, wholly or not at all.

    Parameters
    ----------
    path
        Ends in ``.npz``.
    state
        What `pack` can describe.
    about
        Plain facts that are read before the state, such as the version.

    Raises
    ------
    SnapshotError
        When the file cannot be written.
    """
    target = named_file(path)
    if target.suffix != ".npz":
        raise SnapshotError(f"{target}: a saved model ends in .npz, e.g. {target.with_suffix('.npz').name}")
    arrays: Arrays = {}
    description = json.dumps({"format": FORMAT, "about": dict(about), "state": pack(state, arrays)})
    arrays[_DESCRIPTION] = np.frombuffer(description.encode(), dtype=np.uint8)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(beside, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SnapshotError(f"{target} cannot be written: {error.strerror or error}.") from error


def read(path: str | Path) -> tuple[dict[str, Any], Any, Arrays]:
    """Read a file that `write` made.

    Returns
    -------
    about, state, arrays
        Plain facts, and the description and arrays for `unpack`.

    Raises
    ------
    SnapshotError
        When there is no such file, it is damaged, or it is something else.
    """
    path = named_file(path)
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        whole = json.loads(arrays.pop(_DESCRIPTION).tobytes().decode())
        number, about, state = whole["format"], whole["about"], whole["state"]
    except FileNotFoundError:
        raise SnapshotError(f"{path}: there is no such file.") from None
    except Exception as error:  # whatever a damaged file brings up in those who read it
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged, or something else"
        raise SnapshotError(f"{path} cannot be read as a saved model: {reason}.") from error
    if number != FORMAT:
        raise SnapshotError(f"{path} has file format {number}; this version reads format {FORMAT}.")
    return about, state, arrays
