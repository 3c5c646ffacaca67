"""Who does the jobs: this process, a pool of processes, a Dask cluster, or any executor that the user brings.

The pool is loky's, kept between calls: it works from a notebook cell and an unguarded script, takes functions
defined on the spot, and survives the death of a worker.  Every worker has one thread for linear algebra, so
that its results do not depend on how many workers there are, leaves Ctrl-C to the laboratory, and ends with it.
"""

import concurrent.futures as futures
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from experiments.core.design.design import Run, at_least_one
from experiments.core.run import job as run
from experiments.core.run.job import Job, Tick
from experiments.core.store import files
from sim.core.errors import ScenarioError, StoreError, nearest

EXECUTORS = ("auto", "processes", "serial")
CLUSTER = "dask://"
"""What the address of a Dask scheduler begins with."""

TEMPORARY = f"{os.sep}{files.TEMPORARY}"
"""What the name of a folder begins with that goes with its result."""

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}

OF_WORKERS = {**ONE_THREAD, "PYTHONSAFEPATH": "1"}
"""The environment of a worker: a file of the user's called `queue.py` or `random.py` is no library of Python's."""

PATIENCE = 60.0
"""Seconds that a cluster may be without a worker."""

Poll = Callable[[], None]
"""Called twice a second while jobs run elsewhere."""


@dataclass(frozen=True)
class Watch:
    """How the laboratory sees to jobs that are done elsewhere.

    Of a job, `left` are the runs that have not ended, in their order; `fail` notes that a run's process died, and why.
    """

    tick: Tick
    poll: Poll
    left: Callable[[Job], Job]
    fail: Callable[[Run, str], None]


def checked(executor: Any) -> Any:
    """Return the executor if it can be used; raise the error that says why not."""
    if not isinstance(executor, str):
        if not callable(getattr(executor, "submit", None)):
            raise ScenarioError(f"{executor!r} is not an executor: it has no method submit.")
    elif executor.startswith(CLUSTER):
        host, _, port = executor.removeprefix(CLUSTER).rpartition(":")
        if not (host and port.isdecimal()):
            raise ScenarioError(f'"{executor}" is no address of a scheduler: {CLUSTER}host:port is needed.')
    elif executor not in EXECUTORS:
        raise ScenarioError(
            f'"{executor}" is not an executor.{nearest(executor, EXECUTORS)} There are: {", ".join(EXECUTORS)} and '
            f"{CLUSTER}host:port; in Python also any concurrent.futures.Executor."
        )
    return executor


def worker_count(workers: int | None) -> int:
    """Return how many processes to use: as requested, or one for each core that this process may use."""
    if workers is None:
        from loky import cpu_count

        return int(cpu_count())
    at_least_one("workers", workers)
    return workers


def share_out(jobs: Sequence[Job], workers: int) -> list[Job]:
    """Cut the jobs that would leave workers idle in the last round into parts.

    Each part runs the warm-up once more, which costs little beside an idle core.  A run and the runs that
    replay its hours stay together.
    """
    left = len(jobs) % workers
    if left == 0 or workers == 1:
        return list(jobs)
    whole = list(jobs[: len(jobs) - left])
    parts = max(2, round(2 * workers / left))
    for job in jobs[len(jobs) - left :]:
        chains: dict[str, list[Run]] = {}
        for member in job.runs:
            chains.setdefault(member.source or member.key, []).append(member)
        hands: list[list[Run]] = [[] for _ in range(min(parts, len(chains)))]
        for chain in sorted(chains.values(), key=len, reverse=True):
            min(hands, key=len).extend(chain)
        keys = [{member.key for member in hand} for hand in hands]
        whole += [replace(job, runs=tuple(member for member in job.runs if member.key in own)) for own in keys]
    return whole


def perform(jobs: Sequence[Job], executor: Any, workers: int, watch: Watch) -> list[dict[str, Any]]:
    """Do all jobs and return what they returned."""
    with _ending_with_a_word(jobs):
        if executor == "serial":
            return [run.do(job, watch.tick) for job in jobs]
        if executor == "processes":
            return _in_pools(share_out(jobs, workers), workers, watch)
        if not isinstance(executor, str):
            return _on_executor(jobs, executor, watch)
        with _cluster(executor, watch.poll) as (pool, size, poll):
            return _on_executor(share_out(jobs, size), pool, replace(watch, poll=poll))


@contextmanager
def _ending_with_a_word(jobs: Sequence[Job]) -> Iterator[None]:
    """End a script on SIGTERM as Ctrl-C would: without this its pool is left behind, with a page of warnings.

    A program that sees to the signal itself, such as the command line, is left to it.
    """
    number = signal.SIGTERM
    mine = threading.current_thread() is threading.main_thread() and signal.getsignal(number) is signal.SIG_DFL
    if not mine or not jobs:
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        signal.signal(number, signal.SIG_DFL)
        folder = jobs[0].folder
        kept = f"What was finished is kept in {folder}; the same call goes on from there."
        if TEMPORARY in folder:
            kept = "Nothing is kept, since no store was named."
        print(f"Stopped. {kept}", file=sys.stderr, flush=True)
        raise SystemExit(128 + number)

    signal.signal(number, stop)
    try:
        yield
    finally:
        signal.signal(number, signal.SIG_DFL)


def _in_pools(jobs: Sequence[Job], workers: int, watch: Watch) -> list[dict[str, Any]]:
    """Do jobs in a pool, and in another one whenever a worker's death has ended it.

    All that waited in a pool goes with it.  Jobs are begun in order, so that only the first of those left can have
    been under way: of each of these, the next run is done by itself, twice if need be, so that the one that kills its
    worker is told from those that were only near, and from a worker that was killed from outside.  The rest is run in a
    new pool.
    """
    returned: list[dict[str, Any]] = []
    waiting = list(jobs)
    while waiting:
        done, died = _in_pool(waiting, workers, watch.poll)
        returned += done
        lost = [job for job in (watch.left(job) for job, _ in died) if job.runs]
        waiting = []
        # A pool hands out one job more than it has workers, and the next when one of these has ended.
        for job in lost[: 2 * workers + 1]:
            for _ in range(2):
                results, dead = _in_pool([replace(job, runs=job.runs[:1])], 1, watch.poll)
                returned += results
                if not dead:
                    break
            else:
                watch.fail(job.runs[0], _shortly(dead[0][1]))
            if job.runs[1:]:
                waiting.append(replace(job, runs=job.runs[1:]))
        waiting += lost[2 * workers + 1 :]
    return returned


def _on_executor(jobs: Sequence[Job], executor: Any, watch: Watch) -> list[dict[str, Any]]:
    """Do jobs on a cluster or the user's own executor."""
    returned: list[dict[str, Any]] = []
    waiting = list(jobs)
    while waiting:
        done, died = _collect(waiting, executor, watch.poll, cancel=True)
        returned += done
        waiting = []
        for job, error in died:
            if isinstance(error, futures.BrokenExecutor):
                raise StoreError(
                    f"The executor has broken ({_shortly(error)}). What was finished is kept; the same command goes on "
                    'from there. With executor="processes" a run that ends its process is found and left out.'
                ) from error
            # The cluster has seen several of its workers die of this job.
            lost = watch.left(job)
            if lost.runs:
                watch.fail(lost.runs[0], _shortly(error))
                waiting += [replace(lost, runs=lost.runs[1:])] if lost.runs[1:] else []
    return returned


@contextmanager
def _cluster(address: str, poll: Poll) -> Iterator[tuple[Any, int, Poll]]:
    """Open the executor of a Dask cluster whose workers see the folder of results.

    The cluster gives a job whose worker has gone to another one, which leaves out the runs that had ended.  Yields the
    executor, how many workers there are, and what is to be called while jobs run: it also notices when no worker is
    left, since the cluster would wait for ever.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ScenarioError(f'{address} needs Dask: pip install "gongzhi[cluster]".') from None
    try:
        client = Client(f"tcp://{address.removeprefix(CLUSTER)}", timeout=10, set_as_default=False)
    except OSError as error:
        why = _shortly(error)
        raise ScenarioError(f"{address} does not answer ({why}). Is a Dask scheduler at work there?") from None
    seen = time.monotonic()

    def watch() -> None:
        nonlocal seen
        poll()
        now = time.monotonic()
        if now - seen > PATIENCE / 10 and client.nthreads():
            seen = now
        elif now - seen > PATIENCE:
            raise StoreError(
                f"All workers of {address} have gone. What was finished is kept; the same command goes on from there."
            )

    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ScenarioError(f"{address} has no workers: start some with `dask worker`, one thread each.") from None
        try:
            yield client.get_executor(pure=False), len(client.nthreads()), watch
        except futures.CancelledError:
            raise StoreError(
                f"The cluster at {address} went away. What was finished is kept; the same command goes on from there."
            ) from None


def _in_pool(jobs: Sequence[Job], workers: int, poll: Poll) -> tuple[list[Any], list[tuple[Job, Exception]]]:
    from loky import get_reusable_executor

    if not jobs:
        return [], []
    pool = get_reusable_executor(
        max_workers=min(workers, len(jobs)), timeout=60, initializer=_be_a_worker, env=OF_WORKERS
    )
    try:
        # What waits in a pool that is being killed is ended by loky, which complains if we did so first.
        return _collect(jobs, pool, poll, cancel=False)
    except BaseException:
        pool.shutdown(wait=True, kill_workers=True)
        raise


def _be_a_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(laboratory: int) -> None:
    """End when the laboratory was killed: a worker that waits for the second half of a job would wait for ever."""
    while os.getppid() == laboratory:
        time.sleep(1.0)
    os._exit(1)


def _collect(
    jobs: Sequence[Job], executor: Any, poll: Poll, cancel: bool
) -> tuple[list[Any], list[tuple[Job, Exception]]]:
    """Return what jobs returned, and those whose process died, with the reason, in their order."""
    returned: list[Any] = []
    died: dict[int, Exception] = {}
    waiting: dict[futures.Future[Any], int] = {}
    # Futures come here when they end: to ask all of them each time would take the square of their number.
    ended: queue.SimpleQueue[futures.Future[Any]] = queue.SimpleQueue()
    try:
        for place, job in enumerate(jobs):
            try:
                future = executor.submit(run.do, job)
            except futures.BrokenExecutor as error:
                died[place] = error
                continue
            waiting[future] = place
            future.add_done_callback(ended.put)
        while waiting:
            try:
                future = ended.get(timeout=0.5)
            except queue.Empty:
                poll()
                continue
            poll()
            place = waiting.pop(future)
            try:
                returned.append(future.result())
            except futures.BrokenExecutor as error:
                died[place] = error
            except pickle.PicklingError as error:
                raise ScenarioError(
                    f"The model or a strategy cannot be sent to another process ({_shortly(error)}). "
                    'Define it at the top of a module, or use executor="serial".'
                ) from error
            except Exception as error:
                # Dask's word for a job that has taken several workers along.
                if type(error).__name__ != "KilledWorker":
                    raise
                died[place] = error
    except BaseException:
        for future in waiting if cancel else ():
            future.cancel()
        raise
    return returned, [(jobs[place], died[place]) for place in sorted(died)]


def _shortly(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}"
