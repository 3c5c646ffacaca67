"""Runs a design: what is missing in its store, and nothing else."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab import environment, executors
from experiments.lab.design import Design, Run
from experiments.lab.progress import Progress
from experiments.lab.run import Job, in_order, past
from experiments.lab.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = ["Execution", "Notice", "Outcome", "collected", "run_design", "status_table"]

Notice = Callable[[str], None]
"""Told, in a sentence, what a person should know while it happens."""


def warn(text: str) -> None:
    """Tell a person by a warning, which a notebook shows."""
    warnings.warn(text, stacklevel=2)


@dataclass(frozen=True)
class Execution:
    """How a design is run; nothing here can change a result.

    Attributes
    ----------
    workers
        Processes to use; None is one for each core.
    executor
        ``"processes"``, ``"serial"``, ``"dask://host:port"``, or a `concurrent.futures.Executor`; its workers must see
        the folder.
    retry_failed
        Run again what failed earlier.
    progress
        Show how far it is.
    notice
        Is told what is unusual, such as a damaged file that is run again.
    """

    workers: int | None = None
    executor: Any = "processes"
    retry_failed: bool = False
    progress: bool = True
    notice: Notice = warn

    def checked(self) -> Execution:
        """Return this if it can be used; raise the error that says why not."""
        executors.checked(self.executor)
        executors.worker_count(self.workers)
        return self


@dataclass
class Outcome:
    """What came of running a design.

    Attributes
    ----------
    design
        What was run, with what the folder held besides.
    done, failed
        Keys of runs.
    """

    design: Design
    done: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def run_design(
    design: Design,
    store: Store | str | Path,
    execution: Execution | None = None,
    *,
    extend: bool = False,
    info: dict[str, Any] | None = None,
) -> Outcome:
    """Run what is missing of a design.

    Parameters
    ----------
    design
        See `Design.of`.
    store
        The folder; it may hold a part of the same design.
    execution
        Workers and the like.
    extend
        Add to what the folder holds; see `Store.claim`.
    info
        What else is to stand in ``experiment.json``: question, command.

    Raises
    ------
    GongzhiError
        Before the first step, when something asked for cannot be done.
    """
    store = store if isinstance(store, Store) else Store(store)
    execution = (execution or Execution()).checked()
    with store.claim(design, extend=extend) as design:
        notes = {
            **(info or {}),
            "versions": environment.environment(),
            "model": design.version,
            "revision": environment.revision(),
            "plugin": None if design.plugin is None else {"name": design.plugin.name, "hash": design.plugin.hash},
            "district_notes": [list(ground.notes) for ground in design.grounds],
            "failed": [],
        }
        keys = list(dict.fromkeys(run.key for run in design.runs))
        for key in store.damaged(keys):
            execution.notice(f"The files of run {key} are damaged; it is run again.")
        jobs = _jobs(design, store, execution.retry_failed)
        complete = not jobs and store.folder.joinpath("experiment.json").exists()
        if not complete:
            store.begin(design, notes)
        _perform(design, store, execution, jobs)
        outcome = collected(design, store)
        table = status_table(design, outcome)
        notes["failed"] = [
            {name: str(row[name]) for name in ("arm", "district", "replicate", "seed", "message")}
            for row in table[table["status"] == "failed"].to_dict("records")
        ]
        store.describe(design, notes, complete=bool((table["status"] == "done").all()))
    return outcome


def _jobs(design: Design, store: Store, retry_failed: bool) -> list[Job]:
    """Group what is missing by district, seed and past: what can share a warm-up is run by one worker."""
    from experiments.lab.strategies import registered

    status = {run.key: store.status(run.key) for run in design.runs}
    for key, state in status.items():
        if state == "failed" and retry_failed:
            store.forget(key)
            status[key] = "missing"
    # A stored run without its hours, added as the source of a later control, is run again to keep them.
    sources = {run.source for run in design.runs if run.source and status[run.key] == "missing"}
    for key in sources:
        if key in status and status[key] == "done" and not store.has_hours(key):
            status[key] = "missing"
    groups: dict[tuple[int, int, Scenario], dict[str, Run]] = {}
    for run in design.runs:
        if status[run.key] == "missing":
            groups.setdefault((run.district, run.seed, past(run.scenario)), {}).setdefault(run.key, run)
    return [
        Job(
            folder=str(store.folder.resolve()),
            district=design.grounds[district],
            seed=seed,
            start=design.start,
            runs=tuple(runs.values()),
            model=design.model,
            plugin=design.plugin,
            strategies=registered(),
        )
        for (district, seed, _), runs in groups.items()
    ]


def _perform(design: Design, store: Store, execution: Execution, jobs: Sequence[Job]) -> None:
    from sim.errors import StoreError

    waiting = {run.key for job in jobs for run in job.runs}
    for key in waiting:
        store.forget(key)
    total = len(waiting)
    with Progress(total, execution.progress) as progress:

        def tick(key: str) -> None:
            waiting.discard(key)
            progress.reach(total - len(waiting))

        def poll() -> None:
            for key in [key for key in waiting if (store.runs / f"{key}.json").exists()]:
                tick(key)

        def lost(job: Job, message: str) -> Job | None:
            left = [run for run in in_order(job.runs) if store.status(run.key) == "missing"]
            if left:
                store.fail(left[0].key, f"its process died ({message})")
            return replace(job, runs=tuple(left[1:])) if left[1:] else None

        try:
            returned = executors.perform(
                jobs, execution.executor, executors.worker_count(execution.workers), tick, poll, lost
            )
        except OSError as error:
            raise StoreError(
                f"Results could not be written to {store.folder}: {error.strerror or error}. What was "
                "finished is kept; once the folder can be written, the same command goes on from there."
            ) from error
        poll()
    _note_seconds(store, returned)
    strange = {item["environment"] for item in returned} - {environment.fingerprint()}
    if strange:
        execution.notice(
            "Some runs were made on a machine with other library versions or another processor than this "
            "one; their last digits may differ from a run made here."
        )


def collected(design: Design, store: Store) -> Outcome:
    """See what became of each run of a design."""
    outcome = Outcome(design)
    texts: dict[str, None] = {}
    for key in dict.fromkeys(run.key for run in design.runs):
        record = store.record(key)
        if record is None:
            continue
        texts |= dict.fromkeys(record["warnings"])
        if record["status"] == "done":
            outcome.done.add(key)
        else:
            outcome.failed[key] = record["message"]
    outcome.warnings = list(texts)
    return outcome


def _note_seconds(store: Store, returned: Sequence[dict[str, Any]]) -> None:
    """Add to the list of how long each run took, which stands apart because it is never the same twice."""
    lines = [f"{key},{taken:.3f}\n" for item in returned for key, taken in item["seconds"].items()]
    path = store.folder / "timings.csv"
    before = path.read_text(encoding="utf-8") if path.exists() else "run,seconds\n"
    if lines:
        store.write("timings.csv", before + "".join(lines))


def status_table(design: Design, outcome: Outcome) -> pd.DataFrame:
    """Return the design with what became of each run."""
    table = design.to_frame()
    known = dict.fromkeys(outcome.done, "done") | dict.fromkeys(outcome.failed, "failed")
    table["status"] = [known.get(key, "missing") for key in table["run"]]
    table["message"] = [outcome.failed.get(key, "") for key in table["run"]]
    return table
