"""Where a result was made: versions, revision, processor, and the exact code of the model.

A stored run may be reused only while the model that made it is the one at hand, so the model's version is the
release number with a hash of its source files.  Versions of libraries and the processor's features are
recorded because the last bits of a sum may depend on them; workers that differ are reported.
"""

import hashlib
import inspect
import platform
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.core.version import code_version, meaning

LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "mesa", "loky")


def digest(*parts: bytes | str) -> str:
    """Hash parts, with their lengths, so that moving a letter from one to the next changes the result.

    Examples
    --------
    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "little"))
        total.update(data)
    return total.hexdigest()


def model_version(factory: Callable[..., Any] | None = None) -> str:
    """Name the model: the release and its source, or a factory of the user's own and its source."""
    version = code_version()
    if factory is None:
        return version
    return f"{version} with {getattr(factory, '__qualname__', type(factory).__qualname__)}:{code_hash(factory)}"


def code_hash(function: Any) -> str:
    """Hash what a function or class does and the plain values that it was made with; comments and docstrings are free.

    Of the laboratory's own it is the whole module, since a function leans on its neighbours.  Where there is no source
    to read, such as at a prompt, it is the compiled code that is hashed.
    """
    owner = getattr(function, "__self__", None)
    thing = type(owner) if owner is not None else function
    if not isinstance(thing, type) and not hasattr(thing, "__code__"):
        thing = type(thing)
    try:
        own = (getattr(thing, "__module__", None) or "").startswith("experiments.")
        text = meant(inspect.getsource(sys.modules[thing.__module__] if own else thing))
    except (OSError, TypeError):
        code = getattr(thing, "__code__", None)
        text = repr((code.co_code, code.co_consts, code.co_names)) if code else repr(thing)
    made_with = [getattr(thing, "__defaults__", None) or ()]
    for cell in getattr(thing, "__closure__", None) or ():
        with suppress(ValueError):  # of a cell that is empty
            made_with.append(cell.cell_contents)
    return digest(text, *(repr(value) for value in made_with if _plain(value)))[:12]


def meant(source: str) -> str:
    """Return what code does, without comments and docstrings; the text as it is where it is no code by itself.

    The lines of a lambda may begin in the middle of a bracket.

    Examples
    --------
    >>> meant("f = lambda x: x  # as it is") == meant("f = lambda x: x"), meant("lambda x: x)")
    (True, 'lambda x: x)')
    """
    try:
        return meaning(source)
    except (SyntaxError, ValueError):  # the latter for a null byte
        return source


def _plain(value: Any) -> bool:
    """Return whether a value's text is the same in every process."""
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def revision() -> str | None:
    """Return the commit of the source tree, with `+changes` where files differ from it; None outside git."""
    folder = Path(__file__).resolve().parents[2]

    def git(*words: str) -> str:
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()

    try:
        top, commit = git("rev-parse", "--show-toplevel"), git("rev-parse", "HEAD")
    except (OSError, subprocess.SubprocessError):
        return None
    if Path(top).resolve() != folder:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        commit += "+changes" if git("status", "--porcelain", "--", "sim", "experiments") else ""
    return commit


@cache
def environment() -> dict[str, Any]:
    """Describe what could move the last bits of a result."""
    facts: dict[str, Any] = {"python": platform.python_version(), "implementation": sys.implementation.name}
    facts |= dict.fromkeys(LIBRARIES)
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            facts[name] = version(name)
    facts |= {"system": platform.system(), "release": platform.release(), "machine": platform.machine()}
    try:
        from numpy._core._multiarray_umath import __cpu_features__ as features
    except ImportError:
        return facts | {"processor_features": "unknown"}
    return facts | {"processor_features": " ".join(sorted(name for name, present in features.items() if present))}


@cache
def fingerprint() -> str:
    """Shorten `environment` to a word that workers can compare."""
    return digest(repr(sorted(environment().items())))[:12]
