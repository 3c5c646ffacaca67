"""Folders of results made into one: parts of an analysis that were run on several machines.

A stored run is known by a hash of all that it depends on.  So the design of all folders together finds its runs in
whichever of them it is, and what comes of them is, to the byte, what one machine would have made of that design.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.core.design.own_components import version_with
from experiments.core.environment import model_version
from experiments.core.log import log
from experiments.core.spec import Spec
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding
from sim.core.errors import StoreError

NAMED = 5  # runs of another result that are named one by one


def stores_in(folder: Path) -> list[Store]:
    """Return the stores of a folder of results: its own, and those of its steps."""
    return [Store(path.parent) for path in sorted(folder.rglob("experiment.json")) if (path.parent / "runs").is_dir()]


def check_folders(folders: Sequence[Path], out: Path) -> None:
    """Refuse folders that are too few, or the same, or to be written to."""
    real, new = {folder.resolve() for folder in folders}, out.resolve()
    if len(real) < 2:
        raise StoreError("Merging takes at least two different folders of results.")
    if not real.isdisjoint([new, *new.parents]):
        which = "is" if new in real else "is within"
        raise StoreError(
            f"{out} {which} one of the folders that are merged: give a new one (--out, or out= in Python); "
            "none is changed."
        )


def merged_spec(folders: Sequence[Path], specs: Sequence[Spec]) -> Spec:
    """Return the analysis that asks for all that some folders hold, or refuse them in one message.

    It names fields in which they must not differ, other versions of the model, and runs that have another result.
    """
    whole, first = specs[0], folders[0]
    problems = []
    for number, folder in enumerate(folders[1:], start=1):
        lines = [*whole.misfits(specs[number]), *_versions(first, folder), *_results(folders[:number], folder)]
        if lines:
            problems += [f"{folder} does not fit {first} (there). It differs in:", *(f"  - {line}" for line in lines)]
        else:
            whole = whole.merged(specs[number])
    if problems:
        raise StoreError("The folders cannot be merged.\n" + "\n".join(problems))
    version = Store(first).read().get("model")
    own = version_with(model_version(whole.model), whole.scenario.components)
    if version != own:
        raise StoreError(
            f"The runs were made by version {version} of the model, and this is {own}. Merge them with that version, "
            "or run them again with this one."
        )
    return whole


def copied_runs(folders: Sequence[Path], out: Path) -> list[Finding]:
    """Count how many runs of the merged design each folder has brought, and how many are missing."""
    needed = {key for store in stores_in(out) for key in store.design_table()["run"]}
    left = set(needed)
    findings = []
    for folder in folders:
        brought = _ended(folder) & left
        left -= brought
        findings.append(Finding("merge.brought", folder=str(folder), runs=len(brought)))
    if missing := len(needed - _ended(out)):
        return [*findings, Finding("merge.missing", missing=missing, runs=len(needed))]
    return [*findings, Finding("merge.whole", runs=len(needed))]


def _versions(first: Path, folder: Path) -> list[str]:
    """Say whether the code differs with which two folders were made; another machine is worth a warning only."""
    before, now = Store(first).read(), Store(folder).read()
    if before.get("versions") != now.get("versions"):
        log.warning(
            f"{first} and {folder} were made on machines with other library versions or another processor; last digits "
            "may differ from those of one machine."
        )
    first_codes, codes = (record.get("design", {}).get("strategies", {}) for record in (before, now))
    lines = [f'the code of strategy "{name}"' for name, code in first_codes.items() if codes.get(name, code) != code]
    if before.get("model") != now.get("model"):
        lines.insert(0, f"the model's code: {before.get('model')} there, {now.get('model')} now")
    return lines


def _results(before: Sequence[Path], folder: Path) -> list[str]:
    """Name the runs that have another result in a folder than in those before it."""
    known: dict[str, tuple[Path, dict[str, Any]]] = {}
    for other in before:
        for store in stores_in(other):
            known |= {path.stem: (other, _files(store, path.stem)) for path in store.runs.glob("*.json")}
    lines = []
    for store in stores_in(folder):
        rows = store.design_table().set_index("run")
        for key in (path.stem for path in sorted(store.runs.glob("*.json"))):
            place, files = known.get(key, (folder, {}))
            if any(files.get(name, value) != value for name, value in _files(store, key).items()):
                row = rows.loc[[key]].iloc[0] if key in rows.index else {"arm": "", "replicate": ""}
                run = f'run {key} (arm "{row["arm"]}", replicate {row["replicate"]})'
                lines.append(f"{run}: another result than in {place}")
    more = len(lines) - NAMED
    return lines[:NAMED] + ([f"and {more} more runs with another result"] if more > 0 else [])


def _ended(folder: Path) -> set[str]:
    """Return the keys of the runs that a folder holds whole: others are not copied."""
    keys = ((store, path.stem) for store in stores_in(folder) for path in store.runs.glob("*.json"))
    return {key for store, key in keys if store.status(key) != "missing"}


def _files(store: Store, key: str) -> dict[str, Any]:
    record = store.record(key)
    return dict(record["files"]) if record is not None else {}
