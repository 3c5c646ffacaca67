"""Scenario files: TOML that a person can read, with every value's meaning beside it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.core.errors import ScenarioError, nearest
from sim.core.paths import expanded, named_file, write_whole

__all__ = ["read", "write"]

_HEAD = "# A scenario of Gongzhi. Every line may be left out: then the default holds.\n"


def read(path: str | Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    ScenarioError
        When it is missing, a folder, unreadable, not UTF-8 or not TOML; naming the file and, where there is
        one, the line.
    """
    path = expanded(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        beside = [str(other) for other in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise ScenarioError(f"{path}: there is no such file.{nearest(str(path), beside)}") from None
    except IsADirectoryError:
        raise ScenarioError(f"{path}: this is a folder; a TOML file is needed.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioError(f"{path}: the file cannot be read ({reason}).") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{path}, line {line}: this is not UTF-8; save the file in that encoding."
        raise ScenarioError(message) from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error), re.DOTALL)
        if found:
            what, line_text, column = found.groups()
            where = f"line {line_text}, column {column}"
        else:
            what = re.sub(r" \(at end of document\)$", "", str(error))
            where = f"line {text.rstrip().count(chr(10)) + 1}" if "end of document" in str(error) else ""
        place = f"{path}, {where}" if where else str(path)
        raise ScenarioError(f"{place}: this is not TOML: {what}.") from None


def write(path: str | Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write parameters, as `Section.rows` lists them, to a TOML file that is complete or not there at all.

    Raises
    ------
    ScenarioError
        When the file cannot be written.
    """
    path = named_file(path)
    try:
        write_whole(path, text_of(rows).encode("utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioError(f"{path}: the scenario cannot be written there ({reason}).") from None


def text_of(rows: Iterable[dict[str, Any]]) -> str:
    """Return the text of a scenario file."""
    parts = [_HEAD]
    current = ""
    for row in rows:
        section, _, name = row["name"].partition(".")
        if section != current:
            parts.append(f"\n[{section}]\n")
            current = section
        parts.append(f"# {_comment(row)}\n")
        value = row["value"]
        if value is None and row["default"] is None:
            parts.append(f"# {name} = ...  (left out)\n")
        else:
            parts.append(f"{name} = {_value(value)}\n")
    return "".join(parts)


def _comment(row: dict[str, Any]) -> str:
    low, high = row["low"], row["high"]
    limits = (
        f"{low:g} to {high:g}"
        if low is not None and high is not None
        else f"at least {low:g}"
        if low is not None
        else f"at most {high:g}"
        if high is not None
        else ""
    )
    if row["choices"]:
        limits = "one of " + ", ".join(row["choices"])
    facts = ", ".join(fact for fact in (row["unit"], limits) if fact)
    default = "" if row["value"] == row["default"] else f" Default: {_value(row['default'])}."
    source = "" if row["status"] == "design" else f" {row['status'].capitalize()}: {row['source']}."
    return " ".join(f"{row['doc']} ({facts}).{source}{default}".split())


def _value(value: Any) -> str:
    if value is None:
        return '"none"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
