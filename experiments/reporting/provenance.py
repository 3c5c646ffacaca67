"""What a store says about how results were made: failed runs, warnings, command, versions and seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.reporting import words
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.elements import Html, table, tag
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    from experiments.core.design.design import Design
    from experiments.core.run.execute import Outcome
    from experiments.core.store.store import Store

__all__ = ["again", "alarms", "failed", "ground", "info_of"]

RETRYING = ("gongzhi compare", "gongzhi study", "gongzhi sweep", "gongzhi ablate")
"""Commands in which a run that failed can be run again, since no other run was chosen by its result."""


def info_of(store: Store, outcome: Outcome | None = None) -> dict[str, Any]:
    """Return what the store says, and what the runs have warned of, where that is known."""
    return {**store.read(), "warnings": [] if outcome is None else outcome.warnings}


def ground_of(design: Design) -> Finding:
    """Return on what district runs were made."""
    first = design.grounds[0]
    return Finding("common.ground", districts=len(design.grounds), estates=first.estates,
                   households=int(first.households.sum()), notes=len(first.notes))


def ground(design: Design, lang: str) -> str:
    """Say on what district runs were made."""
    return ground_of(design).text(lang)


def alarms(info: Mapping[str, Any], lang: str) -> list[str]:
    """Return what a reader must know before any number: that runs are missing, have failed, or have warned."""
    told: list[str] = []
    failed = len(info.get("failed") or [])
    if info.get("complete") is False:
        told.append(gettext(lang, "This experiment is not complete."))
    if failed:
        told.append(
            ngettext(lang, "{number} run failed: see below.", "{number} runs failed: see below.", failed)
        )
    return told + [str(text) for text in info.get("warnings") or []]


def failed(info: Mapping[str, Any], lang: str) -> list[Html]:
    """Return the failed runs, or the statement that there are none."""
    rows: list[dict[str, Any]] = list(info.get("failed") or [])
    if not rows:
        return [tag("p", gettext(lang, "No run failed."))]
    lines = [
        [
            words.arm(str(row.get("arm", "")), lang),
            str(row.get("replicate", "")),
            tag("code", str(row.get("seed", ""))),
            str(row.get("message", "")),
        ]
        for row in rows
    ]
    head = [
        gettext(lang, "Arm"),
        gettext(lang, "Replicate"),
        gettext(lang, "Seed"),
        gettext(lang, "Message"),
    ]
    text = ngettext(
        lang,
        "{number} run failed. The pairs that they belong to are left out; all other runs are complete.",
        "{number} runs failed. The pairs that they belong to are left out; all other runs are complete.",
        len(rows))
    if str(info.get("command") or "").startswith(RETRYING):
        text += gettext(lang, " The same command with --retry-failed runs them again.")
    return [tag("p", text), table(head, [("", lines)])]


def again(info: Mapping[str, Any], lang: str) -> list[Html]:
    """Return what is needed to make the same numbers again."""
    versions = {
        str(name): str(value)
        for name, value in dict(info.get("versions") or {}).items()
        if value not in (None, "") and name != "processor_features"
    }
    seeds = [
        str(item.get("seed")) if isinstance(item, dict) else str(item) for item in info.get("seeds") or []
    ]
    known = [
        (
            gettext(lang, "Revision"),
            str(info.get("revision") or gettext(lang, "not under version control")),
        ),
        (gettext(lang, "Model"), str(info.get("model") or "")),
        (gettext(lang, "Libraries"), ", ".join(f"{name} {value}" for name, value in versions.items())),
        (gettext(lang, "Seeds"), ", ".join(seeds)),
    ]
    entries = [tag(kind, text) for name, text in known if text for kind, text in (("dt", name), ("dd", text))]
    command = str(info.get("command") or "")
    parts = [tag("dl", *entries)]
    if command:
        parts.insert(0, tag("pre", command))
    parts.append(
        tag(
            "p",
            gettext(
                lang,
                "The same command, revision and libraries give the same table to the last digit, with any number "
                "of workers. In the same folder it runs only what is missing."),
            class_="note",
        )
    )
    return parts
