"""Which version of the model this is."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["VERSION", "code_version", "source_hash"]

VERSION: Final = "0.1.0"


@cache
def source_hash() -> str:
    """Hash all source files of the model, by relative path and content, the same on every system."""
    folder = Path(__file__).parent
    total = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*.py"), key=lambda item: item.relative_to(folder).as_posix()):
        for data in (path.relative_to(folder).as_posix().encode(), path.read_bytes().replace(b"\r\n", b"\n")):
            # With its length before it, a letter cannot move from one part to the next unnoticed.
            total.update(len(data).to_bytes(8, "little"))
            total.update(data)
    return total.hexdigest()


def code_version() -> str:
    """Return the release with a hash of the code: results and saved models belong to both."""
    return f"{VERSION}+{source_hash()[:12]}"
