"""Which version of the model this is."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["VERSION", "code_version"]

VERSION: Final = "0.1.0"


@cache
def code_version() -> str:
    """Return the version, and a hash of the model's code: results and saved models belong to both."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{VERSION}, code {digest.hexdigest()}"
