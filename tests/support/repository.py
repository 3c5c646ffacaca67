"""The repository in which the tests stand: its root and the files that are, or would be, in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

__all__ = ["ROOT", "name_of", "tracked"]

ROOT: Final = Path(__file__).resolve().parents[2]


def tracked(pattern: str = "") -> list[Path]:
    """List files that are, or would be, in the repository; `pattern` is a regular expression on the path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
    else:  # an unpacked archive
        aside = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        names = [path.as_posix() for path in paths if not aside & set(path.parts)]
    matching = sorted(name for name in set(names) if re.search(pattern, name))
    return [ROOT / name for name in matching if (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    """Write a path from the root on, with slashes."""
    return path.relative_to(ROOT).as_posix()
