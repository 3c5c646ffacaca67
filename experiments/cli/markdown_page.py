"""Pages of the documentation that commands write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from experiments.cli import options


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table in Markdown, after an empty one."""
    lines = [f"| {' | '.join(str(cell).replace('|', '\\|') for cell in row)} |" for row in (heads, *rows)]
    return ["", lines[0], "|---" * len(heads) + "|", *lines[1:]]


def write(path: Path, text: str, content: str) -> None:
    """Write a file, and say of what it holds how much there is."""
    options.target(path).write_text(text, encoding="utf-8")
    print(f"{path}: {content}.")
