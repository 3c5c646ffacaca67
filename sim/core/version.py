"""Which version of the model this is."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import os
import sys
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["VERSION", "code_version", "hash_of", "meaning", "source_hash"]

VERSION: Final = "0.1.0"

_OF_THE_MODEL: Final = (".py", ".toml", ".csv")
"""Files that say what the model does: its code, the numbers that it comes with, and what it measures."""

_OF_A_RUN: Final = ("name", "component")
"""Columns of a table of outcomes that change what a run holds; words and units change what is said of it."""

_OF_A_REPORT: Final = frozenset("unit unit_zh better label zh plural meaning".split())
"""What else an `Outcome` of the model declares: it changes what is said of a run, and not what the run holds."""


@cache
def source_hash() -> str:
    """Hash what the source files of the model mean, the same on every system and Python; see `hash_of`."""
    return hash_of(Path(__file__).parent.parent)


def hash_of(home: Path) -> str:
    """Hash what all source files below a folder mean, by relative path.

    A comment, a docstring or a blank line makes no other model, so what was run or saved before stays usable.  To read
    all code takes a second, so the result is kept beside Python's own, in ``__pycache__``, with a hash of the bytes.
    """
    paths = (path for path in home.rglob("*") if path.suffix in _OF_THE_MODEL)
    files = sorted((path.relative_to(home).as_posix(), path.read_bytes()) for path in paths)
    bytes_hash = _digest(part for name, data in files for part in (name.encode(), data))
    kept = home / "__pycache__" / "source_hash.txt"
    with suppress(OSError, ValueError):
        of_bytes, of_meaning = kept.read_text(encoding="ascii").split()
        if of_bytes == bytes_hash and len(of_meaning) == len(bytes_hash):
            return of_meaning
    result = _digest(part for name, data in files for part in (name.encode(), _meant(name, data).encode()))
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            kept.parent.mkdir(exist_ok=True)
            ready = kept.with_name(f"{kept.name}.{os.getpid()}")
            ready.write_text(f"{bytes_hash} {result}\n", encoding="ascii")
            ready.replace(kept)
    return result


def _digest(parts: Iterable[bytes]) -> str:
    """Hash parts, each with its length before it: a letter cannot move from one to the next unnoticed."""
    total = hashlib.blake2b(digest_size=16)
    for data in parts:
        total.update(len(data).to_bytes(8, "little"))
        total.update(data)
    return total.hexdigest()


def _meant(name: str, data: bytes) -> str:
    # A file that begins with a byte order mark means the same without it, and so it does with another end of line.
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    if name.endswith(".csv"):
        return ascii([[row.get(column) for column in _OF_A_RUN] for row in csv.DictReader(io.StringIO(text))])
    return _written(_wordless(ast.parse(text))) if name.endswith(".py") else ascii(_in_order(tomllib.loads(text)))


def _wordless(tree: ast.Module) -> ast.Module:
    """Leave out the words and units of what mechanisms measure."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Outcome":
            node.keywords = [word for word in node.keywords if word.arg not in _OF_A_REPORT]
    return tree


def code_version() -> str:
    """Return the release with a hash of the code: results and saved models belong to both."""
    return f"{VERSION}+{source_hash()[:12]}"


def meaning(source: str) -> str:
    """Write down what Python code does: its syntax tree without comments, docstrings and places.

    Parameters
    ----------
    source
        Code; it may be indented as a whole, as a method's is.

    Returns
    -------
    str
        The same for every version of Python that reads the code in the same way.

    Raises
    ------
    SyntaxError
        When it is no code.

    Examples
    --------
    >>> meaning("x = 1  # one") == meaning("x = (1)"), meaning("x = 1") == meaning("x = 2")
    (True, False)
    """
    return _written(ast.parse(f"if True:\n{source}" if source[:1] in (" ", "\t") else source))


def _written(tree: ast.Module) -> str:
    parts: list[str] = []
    _write(tree, parts.append)
    return "".join(parts)


def _write(node: Any, put: Any) -> None:
    """Write a syntax tree in pieces.

    `ast.dump` is not used, since versions of Python differ in the fields that they have and in the empty ones that
    they show.  Here a field that is empty is left out, so that a field that is new and unused changes nothing.
    """
    if isinstance(node, ast.JoinedStr):
        # Some versions end a format with an empty text.
        put("f")
        _write([part for part in node.values if getattr(part, "value", None) != ""], put)
    elif isinstance(node, ast.Constant):
        # Its kind would tell u"a" from "a", which are the same; `ascii`, because what `repr` shows of a letter depends
        # on the version's table of letters.
        put(f"{type(node.value).__name__} {ascii(node.value)};")
    elif isinstance(node, ast.AST):
        put(f"{type(node).__name__}(")
        for name in node._fields:
            value = getattr(node, name, None)
            if value is not None and value != []:
                put(f"{name}=")
                _write(value, put)
        put(")")
    elif isinstance(node, list):
        put("[")
        for item in node:
            if not _says_nothing(item):
                _write(item, put)
        put("]")
    else:
        put(f"{ascii(node)};")


def _says_nothing(node: Any) -> bool:
    """Tell whether a statement is a text alone: a docstring, or one beneath a constant."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _in_order(value: Any) -> Any:
    """Return a table whose lines are in the order of their names."""
    return {name: _in_order(value[name]) for name in sorted(value)} if isinstance(value, dict) else value
