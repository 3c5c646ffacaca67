"""Runs a design: what is missing in its store, and nothing else."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from experiments.core import environment
from experiments.core.design.design import Design, Run
from experiments.core.design.own_components import require_at_hand, require_sound
from experiments.core.design.user_strategies import plugins_for, registered, summaries
from experiments.core.log import log
from experiments.core.run import executors
from experiments.core.run.job import Job, in_order, past
from experiments.core.run.progress import about, progress, seconds, small, starting
from experiments.core.store.store import Status, Store
from sim import Scenario
from sim.core.errors import GongzhiError, StoreError
from sim.core.sentence import text_of


class Recorded(Protocol):
    """What was asked for, as a folder keeps it: `spec.Spec`."""

    def joined(self, design: Design) -> Recorded: ...

    def record(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Execution:
    """How a design is run; nothing here can change a result.

    Attributes
    ----------
    workers
        Processes to use; None is one for each core.
    executor
        ``"processes"``, ``"serial"``, ``"dask://host:port"``, or a `concurrent.futures.Executor`; its workers must see
        the folder. ``"auto"`` is serial where the work is done before other processes have started (`progress.small`)
        and no number of `workers` is given, else processes.
    only_stored
        Run and write nothing, and raise an error where something is missing.
    unfinished
        With `only_stored`, leave out what is missing.
    sources
        Folders whose runs are copied where they are those that are missing.
    only_copied
        Run nothing: what is in no source stays missing.

    Examples
    --------
    >>> from experiments import Execution
    >>> Execution(workers=2, progress=False).checked().workers
    2
    """

    workers: int | None = None
    executor: Any = "auto"
    retry_failed: bool = False
    progress: bool = True
    only_stored: bool = False
    unfinished: bool = False
    sources: tuple[Path, ...] = ()
    only_copied: bool = False

    def checked(self) -> Execution:
        """Return this if it can be used; raise the error that says why not.

        Examples
        --------
        >>> Execution(executor="serial").checked().executor
        'serial'
        """
        executors.checked(self.executor)
        executors.worker_count(self.workers)
        return self

    def of(self, jobs: Sequence[Job]) -> Execution:
        """Choose where jobs are done, where that is left open.

        Examples
        --------
        >>> Execution().of([]).executor
        'serial'
        """
        if not isinstance(self.executor, str) or self.executor != "auto":
            return self
        return replace(self, executor="serial" if self.workers is None and small(jobs) else "processes")


@dataclass
class Outcome:
    """What came of running a design, with what the folder held besides: keys of runs, and why those that failed did."""

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
    info: Mapping[str, Any] | None = None,
    spec: Recorded | None = None,
) -> Outcome:
    """Run what is missing of a design in a folder, which may hold a part of it.

    With `extend`, add to what the folder holds (see `Store.claim`).  In its ``experiment.json`` also stand `info`, such
    as question and command, and `spec`, the analysis whose only design this is.

    Examples
    --------
    >>> import tempfile
    >>> from experiments import Design, Execution, run_design
    >>> from sim import District, Scenario
    >>> design = Design.of(["full"], Scenario({"run.weeks": 6, "run.warmup": 2}), [District.synthetic(3)], replicates=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(run_design(design, folder, Execution(progress=False)).done)
    2
    """
    store = store if isinstance(store, Store) else Store(store)
    execution = (execution or Execution()).checked()
    if execution.only_stored:
        return _read(design, store, execution.unfinished)
    if design.model is None and not execution.only_copied:
        require_sound(design.scenario)
    with store.claim(design, extend) as design:
        own = summaries(arm.strategy for arm in design.arms)
        notes = {
            **(info or {}),
            **({"strategies": own} if own else {}),
            **({} if spec is None else {"spec": spec.joined(design).record()}),
            "versions": environment.environment(),
            "model": design.version,
            "revision": environment.revision(),
            "plugin": None if design.plugin is None else {"name": design.plugin.name, "hash": design.plugin.hash},
            "district_notes": [list(ground.notes) for ground in design.grounds],
            "district_notes_zh": [[text_of(note, "zh") for note in ground.notes] for ground in design.grounds],
            "failed": [],
        }
        status = {key: store.status(key) for key in dict.fromkeys(run.key for run in design.runs)}
        if execution.sources:
            if not store.folder.joinpath("experiment.json").exists():
                store.begin(design, notes)
            status |= _copied(store, [key for key, state in status.items() if state == "missing"], execution.sources)
        keys = store.damaged(key for key, state in status.items() if state == "missing")
        if len(keys) == 1:
            log.warning(f"The files of run {keys[0]} are damaged; it is run again.")
        elif keys:
            named = ", ".join(keys[:3]) + (", ..." if len(keys) > 3 else "")
            log.warning(f"The files of {len(keys)} runs are damaged ({named}); they are run again.")
        jobs = [] if execution.only_copied else _jobs(design, store, status, execution.retry_failed)
        if jobs:
            require_at_hand(design.scenario.components, store.folder)
        if jobs or not store.folder.joinpath("experiment.json").exists():
            store.begin(design, notes)
        else:
            for name in store.mend(design):
                log.warning(f"{store.folder / name} was not as it should be; it is written again.")
        _perform(design, store, execution, jobs)
        outcome = collected(design, store, checked=False)
        table = status_table(design, outcome)
        notes["failed"] = [
            {name: str(row[name]) for name in ("arm", "district", "replicate", "seed", "message")}
            for row in table[table["status"] == "failed"].to_dict("records")
        ]
        store.describe(design, notes, complete=bool((table["status"] == "done").all()))
    return outcome


def _copied(store: Store, keys: Sequence[str], sources: Sequence[Path]) -> dict[str, Status]:
    """Copy runs from the folders that hold them, one that ended well and kept most before others; say which there are.

    A key says all that a run depends on, so it does not matter for which analysis it was made.
    """
    states: dict[str, Status] = {}
    stores = [Store(folder) for folder in sources]
    for key in keys:
        held = [
            (state == "done", len(record["files"]), state, other)
            for other in stores
            if (state := other.status(key)) != "missing" and (record := other.record(key))
        ]
        if held:
            *_, states[key], other = max(held, key=lambda entry: entry[:2])
            store.copy(key, other)
    return states


def _read(design: Design, store: Store, unfinished: bool) -> Outcome:
    """See what a folder holds of a design, and that it is all, whichever version of the model made it."""
    stored = store.read()
    if "design" not in stored:
        raise StoreError(f"{store.folder} holds an analysis of several steps, and not the runs of one design.")
    design = design.joined(stored["design"]["arms"], stored["design"]["replicates"])
    rows = store.design_table()
    held = list(rows[["arm", "district", "replicate"]].itertuples(index=False, name=None))
    command = str(stored.get("command") or "")
    goes_on = f" The command that made the folder goes on from there:\n  {command}" if command else ""
    if held != [(run.arm, run.district, run.replicate) for run in design.runs]:
        raise StoreError(f"{store.folder} does not hold the runs of the analysis that it was made for.{goes_on}")
    outcome = collected(replace(design, known_keys=tuple(rows["run"])), store)
    keys = {run.key for run in outcome.design.runs}
    missing = keys - outcome.done - set(outcome.failed)
    if missing and not unfinished:
        raise StoreError(
            f"{len(missing)} of {len(keys)} runs in {store.folder} are missing, and a report runs none.{goes_on}"
        )
    return outcome


def _jobs(design: Design, store: Store, status: dict[str, Status], retry_failed: bool) -> list[Job]:
    """Group what is missing by district, seed and past: what can share a warm-up is run by one worker."""
    status = dict(status)
    for key, state in status.items():
        if state == "failed" and retry_failed:
            store.forget(key)
            status[key] = "missing"
    # A stored run without its hours, added as the source of a later control, is run again to keep them.
    for key in {run.source for run in design.runs if run.source and status[run.key] == "missing"}:
        if status.get(key) == "done" and not store.has_hours(key):
            status[key] = "missing"
    groups: dict[tuple[int, int, Scenario], dict[str, Run]] = {}
    for run in design.runs:
        if status[run.key] == "missing":
            groups.setdefault((run.district, run.seed, past(run.scenario)), {}).setdefault(run.key, run)
    strategies = {run.scenario.coverage.strategy for group in groups.values() for run in group.values()}
    components = {kind for group in groups.values() for run in group.values() for kind in run.scenario.components}
    plugins = plugins_for(strategies, [*components, design.model])
    folder, own = str(store.folder.resolve()), (design.model, plugins, registered(strategies))
    return [
        Job(folder, design.grounds[district], seed, design.start, tuple(runs.values()), *own)
        for (district, seed, _), runs in groups.items()
    ]


def _perform(design: Design, store: Store, execution: Execution, jobs: Sequence[Job]) -> None:
    waiting = {run.key for job in jobs for run in job.runs}
    for key in waiting:
        store.forget(key)
    total = len(waiting)
    held = len({run.key for run in design.runs} - waiting)
    pause = 0.0
    execution = execution.of(jobs)
    most = executors.worker_count(execution.workers)
    workers = min(most, total) if execution.executor == "processes" else 0
    if workers and not execution.progress:  # otherwise it says so itself
        log.info(starting(workers))
    with progress(total, execution.progress, held, _length(jobs, execution), workers) as reach:

        def tick(key: str) -> None:
            waiting.discard(key)
            reach(total - len(waiting))

        def poll() -> None:
            nonlocal pause
            before = time.monotonic()
            if before < pause:
                return
            ended = set(os.listdir(store.runs))
            for key in [key for key in waiting if f"{key}.json" in ended]:
                tick(key)
            # A folder of very many runs is looked at less often, so that looking never takes a hundredth of the time.
            now = time.monotonic()
            pause = now + 100 * (now - before)

        def left(job: Job) -> Job:
            return replace(job, runs=tuple(run for run in in_order(job.runs) if store.status(run.key) == "missing"))

        def fail(run: Run, message: str) -> None:
            store.fail(run.key, f"its process died ({message})")

        watch = executors.Watch(tick, poll, left, fail)
        try:
            returned = executors.perform(jobs, execution.executor, most, watch)
        except OSError as error:
            raise StoreError(
                f"The runs could not go on: {error.strerror or error}. What was finished is kept in {store.folder}; "
                "the same command goes on from there."
            ) from error
        pause = 0.0
        poll()
    _note_seconds(store, returned)
    strange = {item["environment"] for item in returned} - {environment.fingerprint()}
    if strange:
        log.warning(
            "Some runs were made on a machine with other library versions or another processor than this "
            "one; their last digits may differ from a run made here."
        )


def _length(jobs: Sequence[Job], execution: Execution) -> str:
    """Say about how long jobs take on this machine; an error of theirs is met, and reported, where they are run."""
    most = executors.worker_count(execution.workers)
    workers = {"serial": 1, "processes": most}.get(str(execution.of(jobs).executor))
    if not execution.progress or workers is None:
        return ""
    with suppress(GongzhiError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is tried is run again, and warns then
        expected = seconds(jobs, workers)
        return about(expected) if expected is not None else ""
    return ""


def collected(design: Design, store: Store, checked: bool = True) -> Outcome:
    """See what became of each run of a design; a run whose files are damaged is missing, which a warning says.

    Files are compared with their checksums if they are to be `checked`, which may have been done just before.
    """
    outcome = Outcome(design)
    texts: dict[str, None] = {}
    for key in dict.fromkeys(run.key for run in design.runs):
        record = store.record(key)
        if checked and store.damaged([key]):
            texts[f"The files of run {key} are damaged and left out: the command that made it runs it again."] = None
            continue
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
    taken = {key: f"{spent:.3f}" for item in returned for key, spent in item["seconds"].items()}
    path = store.folder / "timings.csv"
    if taken:
        before = path.read_text(encoding="utf-8", errors="replace").splitlines()[1:] if path.exists() else []
        old = {key: spent for key, _, spent in (line.partition(",") for line in before)}
        lines = [f"{key},{spent}\n" for key, spent in (old | taken).items()]
        store.write("timings.csv", "".join(["run,seconds\n", *lines]))


def status_table(design: Design, outcome: Outcome) -> pd.DataFrame:
    """Return the design with what became of each run."""
    table = design.to_frame()
    known = dict.fromkeys(outcome.done, "done") | dict.fromkeys(outcome.failed, "failed")
    table["status"] = [known.get(key, "missing") for key in table["run"]]
    table["message"] = [outcome.failed.get(key, "") for key in table["run"]]
    return table
