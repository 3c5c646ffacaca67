"""The questions as data: each is a file beside this one, read and checked here, and asked by a command of its kind.

A table of changes may be the name of a policy in a file: ``policy = "arrangement"``, ``on = "full"``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, TypeAdapter

from experiments import presets
from experiments.analyses.study.conventions import Convention
from experiments.analyses.study.desks import World
from experiments.analyses.study.study_comparison import Study
from experiments.analyses.study.systems_study import System
from experiments.analyses.validation.validation import Null
from experiments.core.design.arms import changes_of

STUDIES: Final = ("empowerment", "deliberation", "supervision", "couriers", "enterprises", "emergency")
"""Paired comparisons of a policy's parts."""

SWEEPS: Final = ("channels", "systems", "assumptions")
"""Sweeps over all policies."""


def _policy(changes: str | Mapping[str, Any]) -> dict[str, Any]:
    return changes_of({"policy": changes})["policy"]


def _world(changes: str | Mapping[str, Any]) -> dict[str, Any]:
    return presets.changes(changes) if isinstance(changes, str) else dict(changes)


Changes = Annotated[dict[str, Any], BeforeValidator(_policy)]
Arms = Annotated[dict[str, dict[str, Any]], BeforeValidator(changes_of)]


@dataclass(frozen=True)
class Dissection:
    """A policy and its parts: changes that make it, that take each part out, and that the baseline has too."""

    question: str
    policy: Changes
    parts: dict[str, dict[str, Any]]
    world: dict[str, Any] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ("conflicts", "filed", "standing")


@dataclass(frozen=True)
class DriverQuestion:
    """What drives a conclusion.

    Its arms are a policy and what it is set against; or one arm, whose outcome is analysed; none of what only makes the
    list of what is least known.  All runs share the changes of `world`.  One that is `listed` begins with the head of
    the list of what is least known.
    """

    question: str
    arms: Arms = field(default_factory=dict)
    outcome: str = ""
    world: dict[str, Any] = field(default_factory=dict)
    listed: bool = False


@cache
def entries(name: str) -> dict[str, Any]:
    """Return what a file of questions says."""
    return tomllib.loads((presets.FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _read[Kind](kind: type[Kind], data: Any) -> Kind:
    """Make what a file says a value of a kind; what it does not know, or has another type, is refused."""
    return TypeAdapter(kind, config=ConfigDict(extra="forbid")).validate_python(data)


def question(name: str) -> str:
    """Return what a study, or a sweep over all policies, asks."""
    return str(entries(name)["question"])


def size(name: str) -> dict[str, int]:
    """Return how many estates, replicates and weeks one of `SWEEPS` has, unless other numbers are requested."""
    return {part: entries(name)[part] for part in ("estates", "replicates", "weeks")}


def study(name: str) -> Study:
    """Return one of `STUDIES`."""
    return _read(tuple[Study], [{"name": name, **entries(name)}])[0]


def systems() -> tuple[System, ...]:
    """Return the thirteen systems of the study, each with what switches it on and off."""
    rows = [
        {**row, "on": _policy(row["on"]), "off": _policy(row.get("off", {}))} for row in entries("systems")["systems"]
    ]
    return _read(tuple[System, ...], rows)


def conventions() -> tuple[Convention, ...]:
    """Return every choice of the model that was found to matter, with how else it may be made."""
    rows = [
        {
            **row,
            "settings": [
                {
                    "words": words,
                    "changes": _world(changes),
                    "shown": f"preset {changes}" if isinstance(changes, str) else "",
                }
                for words, changes in row["settings"].items()
            ],
        }
        for row in entries("assumptions")["conventions"]
    ]
    return _read(tuple[Convention, ...], rows)


def desk_worlds() -> tuple[World, ...]:
    """Return where desks are switched off and on, each time with no branch anywhere."""
    file = entries("channels")
    (first, old), (second, new) = editions = [(name, _world(changes)) for name, changes in file["editions"].items()]
    return (
        World(first, old),
        *(World(name, {**old, **changes}) for name, changes in file["between"].items()),
        World(second, new),
        *(
            World(f"{edition}: {reason}", {**world, **changes}, of=edition, reason=reason)
            for edition, world in editions
            for reason, changes in file["reasons"].items()
        ),
    )


def dissections() -> dict[str, Dissection]:
    """Return the policies that can be taken apart, by name."""
    return _read(dict[str, Dissection], entries("ablations"))


def drivers() -> dict[str, DriverQuestion]:
    """Return the questions of an analysis of sensitivity, by name."""
    return _read(dict[str, DriverQuestion], entries("drivers"))


def maps() -> dict[str, dict[str, Any]]:
    """Return the designs of sign maps, and of the search of `regions`, by name."""
    usual, named = entries("signmaps")["usual"], entries("signmaps")["maps"]
    designs = {name: own if "design" in own else usual | own for name, own in named.items()}
    return {**designs, "regions": entries("regions")}


def fitted() -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what a calibration fits, over which ranges, and the changes that make each of its worlds."""
    file = entries("calibration")
    return file["parameters"], {name: _policy(changes) for name, changes in file["worlds"].items()}


def rivals() -> dict[str, Null]:
    """Return the rivals of a validation, by the name of their arm."""
    return _read(dict[str, Null], entries("rivals"))


TEXTS: Final = frozenset(("question", "title", "name", "note", "lacks", "what"))
"""Entries that people read."""

LABELS: Final = frozenset(("editions", "between", "reasons", "parts", "settings", "worlds"))
"""Tables whose names people read."""


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name of each file and every text in it that is translated."""
    for file in sorted(presets.FOLDER.glob("*.toml")):
        data = entries(file.stem)
        if "screened" not in data:  # the list of what is least known has numbers
            yield from ((file.name, text) for text in (*_texts(data), *(data["arms"] if "focus" in data else ())))
    yield from (("rivals.toml", name) for name in entries("rivals"))
    yield from (("systems.toml", row["switch"]) for row in entries("systems")["systems"] if "(" in row["switch"])


def _texts(data: Any) -> Iterator[str]:
    for part in data if isinstance(data, list) else ():
        yield from _texts(part)
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, str) and name in TEXTS:
            yield value
        if isinstance(value, dict) and name in LABELS:
            yield from value
        yield from _texts(value)
