"""How far an experiment is (a bar where a person watches, ten lines in a log, or nothing), and how long it takes."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from experiments.core.log import announce, in_words
from experiments.core.run.job import Job, past, shares_past
from sim import GovernanceModel
from sim.core.errors import refusal
from sim.core.progress_bar import progress_bar, watched

BAR = "{percentage:3.0f}%|{bar}| "
LEFT = refusal("{n_fmt}/{total_fmt} runs, {elapsed} gone, {remaining} left")
LINE = refusal("{n_fmt} of {total_fmt} runs, {elapsed} gone, about {remaining} left")
LINES = 10


@contextmanager
def progress(
    total: int, shown: bool = True, ended: int = 0, length: str = "", workers: int = 0
) -> Iterator[Callable[[int], None]]:
    """Count the runs that have ended of a total that is to be done now; yields what takes how many they are.

    What `ended` earlier is not done again; `length` says about how long the others take, empty where that is not known.
    """
    if not shown or not total:
        yield lambda done: None
        return
    from tqdm import tqdm

    bars, began, lines = watched(), time.monotonic(), 0
    if ended:
        announce(f"{ended} runs are there already")
    if length:
        announce(f"{total} runs to do, {length}")
    elif not bars:
        announce(f"{total} runs to do")
    if workers:
        announce(starting(workers))
    bar = progress_bar(
        total=total,
        hidden=not bars,
        bar_format=BAR + in_words(LEFT),
        smoothing=0.05,
        dynamic_ncols=True,
        file=sys.stderr,
    )

    def reach(done: int) -> None:
        nonlocal lines
        if bars:
            bar.update(done - bar.n)
        elif done * LINES // total > lines:
            lines = done * LINES // total
            text = tqdm.format_meter(done, total, time.monotonic() - began, bar_format=in_words(LINE))
            print(text, file=sys.stderr, flush=True)

    with bar:
        yield reach


START: Final = 3.0
"""Seconds until a pool of worker processes does its first job, measured on two cores: each imports the laboratory."""
WEEK: Final = 1.2e-3
PER_ESTATE: Final = 2.0e-5
"""Seconds that a week takes, and each estate adds, measured with 12 to 60 estates; `seconds` measures this machine."""
SMALL: Final = 2.0 * START
"""Seconds of work up to which two processes that must be started are no quicker than the one that is there."""


def starting(workers: int) -> str:
    """Say that workers are started.

    Examples
    --------
    >>> starting(2)
    'Starting 2 worker processes, which takes about 3 seconds'
    """
    if workers == 1:
        return refusal(f"Starting 1 worker process, which takes about {START:.0f} seconds")
    return refusal(f"Starting {workers} worker processes, which takes about {START:.0f} seconds")


def small(jobs: Sequence[Job]) -> bool:
    """Return whether jobs are done sooner in this process than in others that must be started first.

    It is counted, not tried, so that the same design goes the same way on every machine and each time.  A model of the
    user's own may take any time, and may end its process: it is never small.
    """
    if any(job.model is not None for job in jobs):
        return False
    return sum(weeks_of(job) * (WEEK + PER_ESTATE * job.district.estates) for job in jobs) < SMALL


TRIED: Final = 10
"""Weeks that are tried; the first ones have less to do than later ones."""
LATER: Final = 1.25
"""How much longer a week takes later on, with all its cases and a policy, than one of those that are tried."""
WORTH_SAYING: Final = 15.0


def weeks_of(job: Job) -> int:
    """Count the weeks that a job runs: those before a policy once for all arms that share them."""
    shared = [run.scenario.run.warmup for run in job.runs if shares_past(run.scenario)]
    return max(shared, default=0) - sum(shared) + sum(run.scenario.run.weeks for run in job.runs)


def seconds(jobs: Sequence[Job], workers: int) -> float | None:
    """Try some weeks of the first job, and return about how many seconds all jobs take.

    None where a model of the user's own is run, which may do anything.
    """
    if not jobs or jobs[0].model is not None or jobs[0].plugins or jobs[0].strategies:
        return None
    job, scenario = jobs[0], jobs[0].runs[0].scenario
    tried = min(TRIED, scenario.run.weeks)
    began = time.monotonic()
    model = GovernanceModel(past(scenario), job.district, job.seed)
    ready = time.monotonic()
    model.run(weeks=tried, progress=False)
    week = LATER * (time.monotonic() - ready) / tried
    return sum((ready - began) + week * weeks_of(item) for item in jobs) / min(workers, len(jobs))


def about(length: float) -> str:
    """Say a length of time as roughly as it is known; nothing where it is not worth saying.

    Examples
    --------
    >>> about(4.0), about(50.0), about(100.0), about(1500.0), about(8000.0)
    ('', 'about a minute', 'about 2 minutes', 'about 25 minutes', 'about 2.2 hours')
    """
    if length < WORTH_SAYING:
        return ""
    minutes = length / 60.0
    if minutes < 1.5:
        return refusal("about a minute") if minutes > 0.5 else refusal("about half a minute")
    return refusal(f"about {minutes:.0f} minutes") if minutes < 90.0 else refusal(f"about {minutes / 60.0:.1f} hours")
