"""Where results live: in the folder that was named, or in a temporary one that goes when the result does."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.core.store.files import TEMPORARY, remove_leftovers
from experiments.core.store.sealed import opened, sealed
from experiments.core.store.store import FORMAT, Store
from sim.paths import expanded

if TYPE_CHECKING:
    from experiments.core.spec import Running, Spec

__all__ = ["claim", "held", "housed"]

"""What the name of a temporary folder begins with."""

FEW = 5
"""Entries of a list that are named."""

LONG = 60
"""Characters beyond which a value that differs is only named."""


def housed[Result](folder: str | Path | None, make: Callable[[Store], Result]) -> Result:
    """Make a result that is kept in a store.

    Parameters
    ----------
    folder
        Of the store; None for a temporary one, which goes with the result, or at once if none comes of it.
    make
        Makes the result, given the store.

    Examples
    --------
    >>> class Result:
    ...     def __init__(self, store):
    ...         self.folder = store.folder
    >>> made = housed(None, Result)
    >>> place = made.folder
    >>> place.exists()
    True
    >>> del made
    >>> place.exists()
    False
    """
    if folder is not None:
        return make(Store(folder))
    place = tempfile.mkdtemp(prefix=TEMPORARY)
    try:
        result = make(Store(place))
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    weakref.finalize(result, shutil.rmtree, place, ignore_errors=True)
    return result


def claim(folder: str | Path, spec: Spec, running: Running) -> Path:
    """Make a folder that of an analysis of several steps, or see that it is; each step has a store of its own in it.

    A folder whose ``experiment.json`` was lost, or that an earlier version made without one, becomes whole again:
    every step's own store refuses what is not its own.

    Raises
    ------
    StoreError
        Nothing can be written there, or it holds something else, which is named.
    """
    from sim.errors import StoreError

    place = expanded(folder)
    if running.execution.only_stored:
        return place
    try:
        place.mkdir(parents=True, exist_ok=True)
        remove_leftovers(place)
        stored = _stored(place)
        if stored is None:
            _refuse_strangers(place)
        else:
            _refuse_another(place, stored, spec, running.extend)
        if stored is None or running.extend:
            _describe(place, spec, running.command)
    except OSError as error:
        raise StoreError(f"Results cannot be written to {place}: {error.strerror or error}. "
                         "Give a folder that can be written, with --out.") from None
    return place


def held(folder: str | Path) -> tuple[dict[str, Any], str]:
    """Return what a folder says of its analysis, and the command that made it.

    Raises
    ------
    StoreError
        It says nothing of an analysis; the message names the way over.
    """
    from sim.errors import StoreError

    place = expanded(folder)
    if (place / "experiment.json").exists():
        stored = Store(place).read()
    else:
        inside = sorted(place.glob("*/experiment.json"))
        if not inside:
            raise StoreError(f"{place} holds no experiment: there is no {place / 'experiment.json'}.")
        stored = {**Store(inside[0].parent).read(), "spec": None}
    record, command = stored.get("spec"), str(stored.get("command") or "")
    if isinstance(record, dict):
        return record, command
    made = f":\n  {command}" if command else ", or the call that made it in Python."
    raise StoreError(
        f"{place} does not say what its analysis is: it was made by an earlier version, or is a step within another "
        "analysis' folder. The command that made it adds what is lacking, and runs nothing again that has ended"
        f"{made}"
    )


def _stored(folder: Path) -> dict[str, Any] | None:
    path = folder / "experiment.json"
    if not path.exists():
        return None
    found = opened(path.read_bytes())
    if found is None and not any(folder.glob("*/experiment.json")):
        from sim.errors import StoreError

        raise StoreError(f"{path} is damaged. Give another folder with --out.")
    return found


def _refuse_strangers(folder: Path) -> None:
    from sim.errors import StoreError

    if any(folder.glob("*/experiment.json")):
        return
    strangers = sorted(path.name for path in folder.iterdir()
                       if not path.name.startswith(".") and path.name != "experiment.json")
    if strangers:
        raise StoreError(f"{folder} holds other files ({', '.join(strangers[:3])}) and no experiment.json. "
                         "Give a new or an empty folder with --out, so that nothing of yours is overwritten.")


def _refuse_another(folder: Path, stored: Mapping[str, Any], spec: Spec, extend: bool) -> None:
    from sim.errors import StoreError

    there, now = stored.get("spec") or {}, spec.record()
    if there.get("analysis") != now["analysis"]:
        kind = there.get("analysis") or "another analysis"
        raise StoreError(f"{folder} holds another experiment: {kind} there, {now['analysis']} now. "
                         "Give another folder with --out.")
    free = {*spec.beside, *(spec.growing if extend else ())}
    other = [name for name, value in now.items() if name not in free and value != there.get(name)]
    if other:
        advice = "Give another folder with --out"
        advice += ", or add to what is there with --extend." if set(other) <= set(spec.growing) else "."
        differ = [f"\n  - {text}" for name in other for text in _apart(name, there.get(name), now[name])]
        raise StoreError(f"{folder} holds another {spec.noun}. It differs in:{''.join(differ)}\n{advice}")


def _apart(name: str, there: Any, now: Any) -> Iterator[str]:
    """Say how two values of a field differ, entry by entry where they are tables of entries."""
    if isinstance(there, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*there, *now]):
            if there.get(key) != now.get(key):
                yield from _apart(key if name == "scenario" else f"{name}, {key}", there.get(key), now.get(key))
        return
    if isinstance(there, list) and isinstance(now, list):
        yield _apart_in_entries(name, there, now)
        return
    if there is None or now is None:
        yield f"{name}: {'now and not there' if there is None else 'there and not now'}"
        return
    texts = [str(value) for value in (there, now)]
    yield name if max(map(len, texts)) > LONG else f"{name}: {texts[0]} there, {texts[1]} now"


def _apart_in_entries(name: str, there: list[Any], now: list[Any]) -> str:
    """Say how two lists differ: by the names of their entries where they have any, else by how many there are."""
    sides = [[str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in side] for side in (there, now)]
    plain = any(isinstance(one, int | float) for one in [*there, *now])
    if plain or not all(one for side in sides for one in side):
        return f"{name}: {len(there)} there, {len(now)} now" if len(there) != len(now) else f"{name}: other values"
    told = [f"{', '.join(some)} {where}" for some, where in (
        ([one for one in sides[0] if one not in sides[1]][:FEW], "there and not now"),
        ([one for one in sides[1] if one not in sides[0]][:FEW], "now and not there")) if some]
    return f"{name}: {'; '.join(told) or 'other values, or in another order'}"


def _describe(folder: Path, spec: Spec, command: str) -> None:
    """Write down what the folder is for; its ground, where it is the user's own, lies beside it."""
    from experiments.core import environment
    from experiments.core.spec import GROUND

    store = Store(folder)
    if spec.district is not None:
        temporary = folder / f".{GROUND}.tmp.csv"
        spec.district.to_csv(temporary)
        store.write(GROUND, temporary.read_bytes())
        temporary.unlink()
    store.write("experiment.json", sealed({
        "format": FORMAT, "question": spec.question, "command": command, "spec": spec.record(),
        "versions": environment.environment(), "model": environment.model_version(spec.model),
        "revision": environment.revision(),
    }))  # fmt: skip

