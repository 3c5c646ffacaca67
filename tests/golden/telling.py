"""What a test or the command says about results that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.golden.rounding import HERE, TOLERANCE

__all__ = ["failure", "how"]

MOST: Final = 40
"""Lines that a failing test shows; `make golden` shows all."""


def how(made_on: str) -> str:
    """Say how results are compared here with those of a machine; empty where it is to the byte."""
    if made_on == HERE:
        return ""
    return (
        f"This machine may round differently, so numbers are compared to {TOLERANCE:g} instead of to the byte.\n"
        f"  frozen on: {made_on}\n  here:      {HERE}"
    )


def failure(changes: Sequence[str], made_on: str) -> str:
    """Return the message of a failing test."""
    lines = [f"{len(changes)} results changed:", *(f"  {line}" for line in changes[:MOST])]
    if len(changes) > MOST:
        lines.append(f"  ... and {len(changes) - MOST} more")
    lines += filter(None, [how(made_on)])
    lines.append("If this is meant, run `make golden`, look at the difference, and name the change in CHANGELOG.md.")
    return "\n".join(lines)
