"""What the functions of the model use of other components, and which write into one, read from the syntax trees.

`python -m tests.support.cross_writes` prints the latter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

import sim
from tests.support.import_graph import tree
from tests.support.repository import name_of, tracked

__all__ = ["cross_writes", "uses", "written"]

_IN_PLACE: Final = {"fill", "sort", "partition", "put", "resize", "itemset", "setfield"}
_UFUNC_AT: Final = {"at", "copyto", "putmask", "place"}

Chain = tuple[str, ...]


def _chain(node: ast.AST, aliases: Mapping[str, Chain]) -> Chain:
    """Names from the root of an expression to its end, subscripts left out: model, desks, hours."""
    if isinstance(node, ast.Subscript | ast.Starred):
        return _chain(node.value, aliases)
    if isinstance(node, ast.Attribute):
        before = _chain(node.value, aliases)
        return (*before, node.attr) if before else ()
    if isinstance(node, ast.Name):
        return aliases.get(node.id, (node.id,))
    return ()


def _component(chain: Chain, names: set[str]) -> Chain:
    """Component and attribute at the beginning of a chain; nothing where it is no component's."""
    rest = chain[1:] if chain[:1] == ("self",) else chain
    rest = rest[1:] if rest[:1] == ("model",) else ()
    return rest[:2] if len(rest) > 1 and rest[0] in names else ()


def _elements(node: ast.AST) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List) else [node]  # type: ignore[list-item]


def _aliases(function: ast.FunctionDef) -> dict[str, Chain]:
    """Local names of what belongs to the model or to `self`."""
    aliases: dict[str, Chain] = {}
    for node in ast.walk(function):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            for left, right in pairs:
                chain = _chain(right, aliases)
                if isinstance(left, ast.Name) and chain and chain[0] in ("self", "model"):
                    aliases[left.id] = chain
    return aliases


def written(function: ast.FunctionDef, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield line and target, ``component.attribute``, of every write into a component by a function.

    Assignments, `out=`, methods and functions of NumPy that change an array count; local names are followed.
    """
    aliases = _aliases(function)
    loops: dict[str, list[Chain]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple | ast.List):
            for item in node.iter.elts:
                rows = zip(_elements(node.target), _elements(item), strict=False)
                for left, right in rows:
                    chain = _chain(right, aliases)
                    if isinstance(left, ast.Name) and _component(chain, names):
                        loops.setdefault(left.id, []).append(chain)
    for node in ast.walk(function):
        targets: list[ast.AST] = []
        if isinstance(node, ast.Assign):
            for target in node.targets:
                targets += target.elts if isinstance(target, ast.Tuple) else [target]
            targets = [target for target in targets if not isinstance(target, ast.Name)]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call):
            targets = [word.value for word in node.keywords if word.arg == "out"]
            if isinstance(node.func, ast.Attribute):
                if node.func.attr in _IN_PLACE:
                    targets.append(node.func.value)
                elif node.func.attr in _UFUNC_AT and node.args:
                    targets.append(node.args[0])
        for target in targets:
            chain = _chain(target, aliases)
            for item in loops.get(chain[0], [chain]) if chain else []:
                found = _component(item, names)
                if found:
                    yield node.lineno, ".".join(found)


def uses() -> dict[tuple[str, str], str]:
    """Component and attribute of all that the model uses of a component, with a place where it does."""
    names = {kind.name for kind in sim.GovernanceModel.components}
    found: dict[tuple[str, str], str] = {}
    for path in tracked(r"^sim/.*\.py$"):
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef):
                aliases = _aliases(function)
                for node in ast.walk(function):
                    used = _component(_chain(node, aliases), names) if isinstance(node, ast.Attribute) else ()
                    if used:
                        found[used[0], used[1]] = f"{name_of(path)}:{node.lineno}"
    return found


def cross_writes() -> list[tuple[str, int, str]]:
    """List file, line and target of all such writes in the model."""
    names = {kind.name for kind in sim.GovernanceModel.components}
    return sorted(
        (name_of(path), line, target)
        for path in tracked(r"^sim/.*\.py$")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        for line, target in written(node, names)
    )


if __name__ == "__main__":
    for file, line, target in cross_writes():
        print(f"{file}:{line}: {target}")
