"""What a store says about how results were made and are cited: failed runs, warnings, command, versions and seeds."""

from collections.abc import Mapping
from typing import Any, Final

from experiments.core.design.design import Design
from experiments.core.run.execute import Outcome
from experiments.core.store.store import Store
from experiments.reporting.finding import Block, Finding

AUTHORS: Final = "The Gongzhi authors"
TITLE: Final = "Gongzhi: an agent-based laboratory of community governance"
"""As in `CITATION.cff`."""

CHAINED = tuple(f"gongzhi {name}" for name in ("budget", "calibrate", "run", "sensitivity", "signmap", "validate"))
"""Commands in which a run that failed is not run again by itself, since later runs were chosen by its result."""


def info_of(store: Store, outcome: Outcome | None = None) -> dict[str, Any]:
    """Return what the store says, and what the runs have warned of, where that is known."""
    return {**store.read(), "warnings": [] if outcome is None else outcome.warnings}


def ground_of(design: Design) -> Finding:
    """Return on what district runs were made."""
    first = design.grounds[0]
    return Finding(
        "common.ground",
        districts=len(design.grounds),
        estates=first.estates,
        households=int(first.households.sum()),
        notes=len(first.notes),
    )


def runs_of(design: Design) -> Finding:
    """Return how the runs of a design were made: ground, weeks, replicates of each arm, and shared random numbers."""
    return Finding(
        "common.runs",
        ground=ground_of(design),
        arms=len(design.arms),
        weeks=design.scenario.run.weeks,
        start=design.start,
        replicates=design.replicates,
    )


def alarms(info: Mapping[str, Any]) -> list[str | Finding]:
    """Return what a reader must know before any number: that runs are missing, have failed, or have warned."""
    missing = [Finding("provenance.incomplete")] if info.get("complete") is False else []
    count = len(info.get("failed") or [])
    failures = [Finding("provenance.failures", number=count)] if count else []
    return [*missing, *failures, *map(str, info.get("warnings") or [])]


def failed(info: Mapping[str, Any]) -> Block:
    """Return the failed runs, or the statement that there are none."""
    command = str(info.get("command") or "")
    retrying = command.startswith("gongzhi ") and not command.startswith(CHAINED)
    return Block("sections.failed", runs=info.get("failed") or [], retrying=retrying)


def citation(info: Mapping[str, Any]) -> Block | None:
    """Return the sentence by which an experiment is cited: program, version, and what makes it the one that it is.

    None of one that does not know its model.
    """
    if not info.get("model"):
        return None
    revision, command, checksum = (str(info.get(name) or "") for name in ("revision", "command", "checksum"))
    made_by = {"model": str(info["model"]), "revision": revision[:12], "command": command, "checksum": checksum[:16]}
    return Block("sections.cited", text=Finding("citation.cited", authors=AUTHORS, title=TITLE, **made_by))


def again(info: Mapping[str, Any]) -> Block:
    """Return what is needed to make the same numbers again, and how they are cited."""
    facts = {name: info.get(name) for name in ("command", "revision", "model", "versions", "seeds")}
    return Block("sections.again", info=facts, cited=citation(info))
