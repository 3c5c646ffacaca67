"""How to cite an experiment: the program with its version, and what makes this experiment the one that it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from experiments.reporting.finding import Block, Finding

__all__ = ["AUTHORS", "TITLE", "citation"]

AUTHORS: Final = "The Gongzhi authors"
TITLE: Final = "Gongzhi: an agent-based laboratory of community governance"
"""As in `CITATION.cff`."""


def citation(info: Mapping[str, Any]) -> Block | None:
    """Return the sentence by which an experiment is cited; None of one that does not know its model.

    Parameters
    ----------
    info
        `experiment.json`: model, revision, command, seed and checksum of the design.
    """
    if not info.get("model"):
        return None
    revision, command, checksum = (str(info.get(name) or "") for name in ("revision", "command", "checksum"))
    return Block(
        "sections.cited",
        text=Finding(
            "citation.cited",
            authors=AUTHORS,
            title=TITLE,
            model=str(info["model"]),
            revision=revision[:12],
            command=command,
            checksum=checksum[:16],
        ),
    )
