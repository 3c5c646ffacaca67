"""JSON that ends with its own checksum, so that a damaged or changed note is recognised."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

CHECKSUM = "checksum"
"""Name of the last entry: the SHA-256 of all the others as they stand."""


def checksum(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def to_bytes(content: Mapping[str, Any]) -> bytes:
    """Write down content with its checksum.

    Examples
    --------
    >>> from_bytes(to_bytes({"status": "done"}))
    {'status': 'done'}
    >>> from_bytes(to_bytes({"status": "done"}).replace(b"done", b"dome")) is None
    True
    """
    return _text({**content, CHECKSUM: checksum(_text(content))})


def from_bytes(data: bytes) -> dict[str, Any] | None:
    """Read content that has a checksum, or return None where a single byte of it has changed."""
    content = _content(data)
    if content is None or content.pop(CHECKSUM, None) is None:
        return None
    return content if to_bytes(content) == data else None


def is_damaged(data: bytes) -> bool:
    """Return whether bytes are no content, or other content than was written; older content has no checksum."""
    content = _content(data)
    return content is None or (CHECKSUM in content and from_bytes(data) is None)


def _content(data: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(data)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _text(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
