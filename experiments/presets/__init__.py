"""Presets: questions (`questions`), and worlds that have a name, as files of changes to the scenario.

`first-edition` is the model before its second edition: with it the numbers published then come back, where the counting
is the same (`tests/golden/test_first_edition.py`).
"""

import tomllib
from pathlib import Path
from typing import Any, Final

from experiments.core.option import chosen
from sim import Scenario

FOLDER: Final = Path(__file__).parent

WORLDS: Final = FOLDER / "worlds"


def names() -> tuple[str, ...]:
    """Names of the presets.

    Examples
    --------
    >>> "first-edition" in names()
    True
    """
    return tuple(sorted(path.stem for path in WORLDS.glob("*.toml")))


def path_of(name: str) -> Path:
    """Return the file of a preset; refuse an unknown name."""
    return WORLDS / f"{chosen(name, names(), 'preset')}.toml"


def load(name: str) -> Scenario:
    """Return the scenario of a preset.

    Examples
    --------
    >>> load("first-edition").voice.nest
    1.0
    """
    return Scenario.load(path_of(name))


def changes(name: str) -> dict[str, Any]:
    """Return what a preset changes, by full names.

    Examples
    --------
    >>> changes("first-edition")["voice.nest"]
    1.0
    """
    sections = tomllib.loads(path_of(name).read_text(encoding="utf-8"))
    return {f"{section}.{key}": value for section, values in sections.items() for key, value in values.items()}
