"""How to cite an experiment: the program with its version, and what makes this experiment the one that it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from experiments.reporting.catalogue import gap, gettext
from experiments.reporting.elements import Html, tag

__all__ = ["AUTHORS", "TITLE", "citation"]

AUTHORS: Final = "The Gongzhi authors"
TITLE: Final = "Gongzhi: an agent-based laboratory of community governance"
"""As in `CITATION.cff`."""


def citation(info: Mapping[str, Any], lang: str) -> list[Html]:
    """Return the sentence by which an experiment is cited.

    Parameters
    ----------
    info
        `experiment.json`: model, revision, command, seed and checksum of the design.
    """
    if not info.get("model"):
        return []
    revision = str(info.get("revision") or "")
    parts = [
        gettext(lang, "Version {model}", model=info["model"])
        + (gettext(lang, ", revision {revision}", revision=revision[:12]) if revision else "") + gettext(lang, "."),
    ]
    if command := str(info.get("command") or ""):
        parts.append(gettext(lang, "Experiment: {command}.", command=command))
    if checksum := str(info.get("checksum") or ""):
        parts.append(gettext(lang, "Checksum of its design: {checksum}.", checksum=checksum[:16]))
    told = f"{AUTHORS}. {TITLE}. {gap(lang).join(parts)}"
    return [tag("p", tag("strong", gettext(lang, "Cite as: ")), told, class_="note")]
