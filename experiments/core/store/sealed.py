"""Notes that tell when they are not what was written: JSON that ends with its own checksum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from experiments.core.store.files import checksum

__all__ = ["opened", "sealed"]

SEAL = "checksum"
"""Name of the last entry: the SHA-256 of all the others as they stand."""


def sealed(content: Mapping[str, Any]) -> bytes:
    """Write down content with its checksum.

    Examples
    --------
    >>> opened(sealed({"status": "done"}))
    {'status': 'done'}
    >>> opened(sealed({"status": "done"}).replace(b"done", b"dome")) is None
    True
    """
    return _text({**content, SEAL: checksum(_text(content))})


def opened(data: bytes) -> dict[str, Any] | None:
    """Read content that was sealed, or return None where a single byte of it has changed."""
    try:
        content = json.loads(data)
    except ValueError:
        return None
    if not isinstance(content, dict) or SEAL not in content:
        return None
    del content[SEAL]
    return content if sealed(content) == data else None


def _text(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
