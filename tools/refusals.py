"""The texts of errors, as messages of the catalogue: every f-string of an error with names for its places.

An error is written as a plain text where it is raised.  What is translated is its template, under the context
`refusal`; `sim.core.refusals` recognises a text by it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import sim.core.errors

__all__ = ["refusals", "template_of"]

MARKED: Final = (
    "refusal",
    "complain",
    "announce",
    *(name for name in sim.core.errors.__all__ if name.endswith("Error")),
)
"""Calls whose first argument is said to a person; so is what is appended to `problems`, told or logged."""
LEAST: Final = 3
"""Letters without which a text says nothing by itself."""


def refusals(path: Path) -> Iterator[str]:
    """Yield the template of every text of an error that a file makes.

    What is built of sentences of the catalogue needs none: it knows its languages already.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        hint = _sentence(node)
        if (
            hint is not None and hint.startswith(" ") and re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", hint))
        ):  # the end of longer texts, which make it plain
            yield hint
        function, text = node.func, node.args[0]
        if isinstance(function, ast.Attribute):
            listing = function.attr == "listing" and _of(function.value, MARKED)
            listed = function.attr == "append" and _of(function.value, ("problems",))
            logged = function.attr in ("info", "warning") and _of(function.value, ("log",))
            if not (listing or listed or logged or function.attr == "tell"):
                continue
        elif not _of(function, MARKED):
            continue
        for branch in _branches(text):
            template = template_of(branch)
            if template is None or re.fullmatch(r"[\w-]+", template):  # a word by itself is a name
                continue
            if len(re.findall("[A-Za-z]", re.sub(r"\{\w+\}", "", template))) >= LEAST:
                yield template


def _of(node: ast.expr, names: Sequence[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def template_of(node: ast.expr) -> str | None:
    """Return a text with named places; None where it is made elsewhere.

    Examples
    --------
    >>> template_of(ast.parse('f"{path.name} holds {len(rows)} rows: {{{path.name}}}"', mode="eval").body)
    '{name} holds {rows} rows: {{{name_2}}}'
    >>> template_of(ast.parse('Sentence("{path} is empty.", path=path)', mode="eval").body) is None
    True
    """
    if not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
        return None
    names: dict[str, int] = {}
    return _template(node, names)


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def _template(node: ast.expr, names: dict[str, int]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{", "{{").replace("}", "}}")
    if isinstance(node, ast.JoinedStr):
        return "".join(_template(part, names) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _template(node.left, names) + _template(node.right, names)
    if isinstance(node, ast.FormattedValue):
        known = isinstance(node.value, ast.Constant) or _sentence(node.value) is not None
        return _template(node.value, names) if known else _place(node.value, names)
    if (message := _sentence(node)) is not None:
        return message
    return _place(node, names)


def _sentence(node: ast.expr) -> str | None:
    """Return the message of a sentence of the catalogue that a longer text takes in, and makes plain."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence" and node.args:
        message = node.args[0]
        return message.value if isinstance(message, ast.Constant) and isinstance(message.value, str) else None
    return None


def _place(node: ast.expr, names: dict[str, int]) -> str:
    """Name a place after what fills it: its last name, numbered where it stands there twice."""
    name = _name(node)
    names[name] = names.get(name, 0) + 1
    return f"{{{name}}}" if names[name] == 1 else f"{{{name}_{names[name]}}}"


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_") or "value"
        case ast.Call(func=ast.Name(id="len" | "str" | "repr" | "sorted" | "shown" | "min" | "max"), args=[first, *_]):
            return _name(first)
        case ast.Call(func=ast.Attribute(attr="join"), args=[first, *_]):
            return _name(first)
        case ast.Call(func=function):
            return _name(function)
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _name(value)
        case ast.GeneratorExp(elt=value) | ast.ListComp(elt=value):
            return _name(value)
    return "value"
