"""Which module imports which, read from the syntax trees; and the circles among them.

`python -m tests.support.import_graph` prints the circles of every package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Final

from tests.support.repository import ROOT, tracked

__all__ = ["PACKAGES", "circles", "graph_of", "imports", "library", "module_of", "statements", "tree"]

PACKAGES: Final = ("sim", "experiments", "gongzhi")

Graph = dict[str, frozenset[str]]


def library() -> list[Path]:
    """List the files of the packages that are installed."""
    return tracked(rf"^({'|'.join(PACKAGES)})/.*\.py$")


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_of(path: Path) -> str:
    """Name a file as an import does."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(node: ast.AST, *, into_functions: bool, for_types: bool = False) -> Iterator[ast.AST]:
    """Go through what is below `node`.

    Parameters
    ----------
    into_functions
        Also what is run when a function is called, not only what is run when the file is imported.
    for_types
        Also what only type checkers read.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test) and not for_types:
            continue
        yield child
        if into_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from statements(child, into_functions=into_functions, for_types=for_types)


def imports(path: Path, *, into_functions: bool, for_types: bool = False) -> set[str]:
    """List the dotted names that a file imports; `from a import b` counts as `a.b`."""
    names: set[str] = set()
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in statements(tree(path), into_functions=into_functions, for_types=for_types):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).strip(".")
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def graph_of(paths: list[Path]) -> Graph:
    """Find which of these files import which others: at their top, inside functions and for types."""
    modules = {module_of(path): path for path in paths}
    graph = {}
    for module, path in modules.items():
        targets = set()
        for dotted in imports(path, into_functions=True, for_types=True):
            while dotted and dotted not in modules:
                dotted = dotted.rpartition(".")[0]
            if dotted and dotted != module:
                targets.add(dotted)
        graph[module] = frozenset(targets)
    return graph


def circles(graph: Mapping[str, Set[str]]) -> list[list[str]]:
    """Find the sets of modules each of which can be reached from every other (Tarjan 1972), by size and name.

    Examples
    --------
    >>> circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a", "d"}})
    [['b', 'c']]
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for target in sorted(graph[module]):
            if target not in order:
                visit(target)
                lowest[module] = min(lowest[module], lowest[target])
            elif target in stack:
                lowest[module] = min(lowest[module], order[target])
        if lowest[module] == order[module]:
            place = stack.index(module)
            components.append(sorted(stack[place:]))
            del stack[place:]

    for module in sorted(graph):
        if module not in order:
            visit(module)
    return sorted((members for members in components if len(members) > 1), key=lambda members: (len(members), members))


if __name__ == "__main__":
    for name in PACKAGES:
        for members in circles(graph_of(tracked(rf"^{name}/.*\.py$"))):
            print(f"{len(members)} files of {name}: {', '.join(members)}")
