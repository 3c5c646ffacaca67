"""What disasters need a process of their own for: a full disk, a clock that jumps, a kill, a crowd at one folder.

Each function is a small program, run by `python -m tests.support.disaster_programs NAME FOLDER ...`, that prints what
happened as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.support import toy_model
from tests.support.repository import ROOT
from tests.support.toy_experiments import DESIGN, KINDS, ended


def program(*words: object, **others: Any) -> subprocess.Popen[str]:
    """Start one of the programs of this file."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.disaster_programs", *map(str, words)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **others,
    )


def answer(*words: object) -> Any:
    """Run one of the programs of this file and return what it printed."""
    running = program(*words)
    out, err = running.communicate(timeout=1200)
    assert running.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def until(condition: Callable[[], Any], seconds: float = 900.0) -> None:
    """Wait for something to happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.002)


# A disk that is full -------------------------------------------------------------------------------------------------


def full(folder: str, kind: str, workers: str, kilobytes: str) -> None:
    """Fill a small disk, make room, and go on; with 0 kilobytes, or where none may be mounted, limit the size of files.

    The limit is set when some runs have ended, and refuses the next one's files as a full disk does.
    """
    disk = Path(folder) / "disk"
    disk.mkdir()
    settings: dict[str, Any] = {} if workers == "serial" else {"workers": int(workers)}
    mounted = kilobytes != "0" and _mount(disk, f"size={kilobytes}k")
    store = disk / "store"
    if mounted:
        limits = contextlib.nullcontext()
    else:
        limits, settings = _small_files(store), {}
    with limits:
        said, before = _refused(lambda: KINDS[kind](store, model=toy_model.slow, **settings)), ended(store)
        again = _refused(lambda: KINDS[kind](store, model=toy_model.slow))
    if mounted:
        _mount(disk, "remount,size=64m")
    kept = {path: path.stat().st_ino for path in store.glob("runs/*.json")}
    KINDS[kind](store, model=toy_model.slow, **settings)
    same = all(path.stat().st_ino == number for path, number in kept.items())
    shutil.copytree(store, Path(folder) / "found")
    how = "a tmpfs" if mounted else "a limit on the size of files"
    print(json.dumps({"how": how, "said": said, "again": again, "ended": before, "kept": len(kept), "same": same}))


@contextlib.contextmanager
def _small_files(store: Path) -> Iterator[None]:
    import resource

    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def limit() -> None:
        until(lambda: ended(store) >= 3)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))

    limiter = threading.Thread(target=limit)
    limiter.start()
    yield
    limiter.join()
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _mount(disk: Path, options: str) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _refused(act: Callable[[], Any]) -> str:
    from sim.core.errors import StoreError

    try:
        act()
    except StoreError as error:
        return str(error)
    return ""


def own_mounts() -> list[str]:
    """Words before a command that give it mounts of its own, as root or as a user; empty where that is not allowed."""
    for words in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        try:
            if not subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
                return words
        except OSError:
            continue
    return []


# A clock that jumps --------------------------------------------------------------------------------------------------


def _jumping() -> float:
    """Tell the time of any day from 1970 to 2090."""
    return float(np.frombuffer(os.urandom(4), np.uint32)[0]) * 0.9


class Jumping(toy_model.SlowToy):
    """Lets the clock of its process jump from now on, where the environment says so."""

    def step(self) -> None:
        if "CLOCK_JUMPS" in os.environ:
            time.time = _jumping
            time.time_ns = lambda: int(_jumping() * 1e9)
        super().step()


def jumping(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> toy_model.ToyModel:
    """A toy whose process's clock may jump."""
    return Jumping(scenario, district, rng, replay)


def clock(folder: str, kind: str, workers: str) -> None:
    """Run while the clock jumps, in this process and in the workers; stop in the middle and go on."""
    place = Path(folder)
    settings: dict[str, Any] = {} if workers == "serial" else {"workers": int(workers)}
    # What is started in the background by a shell is deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["CLOCK_JUMPS"] = "yes"
    time.time = _jumping

    def stop() -> None:
        until(lambda: ended(place) >= 4)
        os.kill(os.getpid(), signal.SIGINT)

    stopper = threading.Thread(target=stop)
    stopper.start()
    stopped = False
    try:
        KINDS[kind](place, model=jumping, **settings)
    except KeyboardInterrupt:
        stopped = True
    stopper.join()
    before = ended(place)
    for number, path in enumerate(sorted(place.rglob("*"))):
        os.utime(path, (0, 0) if number % 2 else (4e9, 4e9))
    dates = {path: path.stat().st_mtime for path in place.glob("runs/*")}
    KINDS[kind](place, model=jumping, **settings)
    same = all(path.stat().st_mtime == date for path, date in dates.items() if path.with_suffix(".json") in dates)
    print(json.dumps({"stopped": stopped, "ended": before, "same": same}))


# Kills and crowds ----------------------------------------------------------------------------------------------------


def run(folder: str, kind: str, workers: str = "serial") -> None:
    """Make a slow sweep or comparison, and say in what it was refused."""
    settings: dict[str, Any] = {} if workers == "serial" else {"workers": int(workers)}
    print(json.dumps(_refused(lambda: KINDS[kind](Path(folder), model=toy_model.slow, **settings))))


def shot(folder: str, kind: str, times: str) -> None:
    """Make a slow sweep or comparison with two workers, of which one is shot now and then."""
    place, shots = Path(folder), 0
    over = threading.Event()

    def shoot() -> None:
        nonlocal shots
        for number in range(int(times)):
            while ended(place) < 3 + 3 * number:
                if over.wait(0.002):
                    return
            workers = workers_of(os.getpid())
            if workers:
                os.kill(workers[0], signal.SIGKILL)
                shots += 1

    gunner = threading.Thread(target=shoot)
    gunner.start()
    made = KINDS[kind](place, model=toy_model.slow, workers=2)
    over.set()
    gunner.join()
    print(json.dumps({"shots": shots, "failed": made.outcome.failed}))


def workers_of(laboratory: int) -> list[int]:
    """Find the processes of a laboratory that do runs; none where the system does not tell."""
    found = []
    for threads in Path(f"/proc/{laboratory}/task").glob("*/children"):
        found += [pid for pid in map(int, threads.read_text().split()) if b"popen_loky" in _words(pid)]
    return found


def alive(pid: int) -> bool:
    """Tell whether a process does anything."""
    return bool(_words(pid))


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def crowd(folder: str) -> None:
    """Hold the folder's lock a while, if it can be had, and log when."""
    from experiments.core.store.files import hold
    from sim.core.errors import StoreError

    place = Path(folder)
    until(lambda: (place / "go").exists())
    try:
        with hold(place / ".lock"):
            _log(place, "in")
            time.sleep(0.05)
            _log(place, "out")
    except StoreError as error:
        assert "in use" in str(error), error
        _log(place, "refused")


def _log(place: Path, word: str) -> None:
    handle = os.open(place / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{word} {os.getpid()}\n".encode())
    os.close(handle)


# What a sweep leaves as it was ---------------------------------------------------------------------------------------


def _state() -> dict[str, Any]:
    import gc
    import locale
    import multiprocessing
    import random
    import warnings

    signals = [number for number in signal.Signals if number not in (signal.SIGKILL, signal.SIGSTOP)]
    return {
        "start method": multiprocessing.get_start_method(allow_none=True),
        "random": random.getstate(),
        "NumPy's random": np.random.get_state(legacy=True)[1].tobytes(),  # noqa: NPY002  it must not have moved
        "warnings": list(warnings.filters),
        "signals": [signal.getsignal(number) for number in signals],
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "locale": locale.setlocale(locale.LC_ALL),
        "floating point": np.geterr(),
        "pandas": pd.get_option("display.max_rows"),
        "excepthook": sys.excepthook,
    }


def leaves(folder: str) -> None:
    """Sweep in every way and name what is not as it was."""
    import warnings

    # What libraries do when they are first imported is theirs; what a sweep does is ours.
    import pyarrow.parquet  # noqa: F401
    import SALib.sample.morris  # noqa: F401
    import scipy.stats  # noqa: F401

    import experiments.analyses.sweep.sweep_figure  # noqa: F401
    from experiments import Execution, Plan, sweep

    warnings.simplefilter("error", category=ResourceWarning)
    signal.signal(signal.SIGUSR1, lambda *_: None)
    found: dict[str, list[str]] = {}
    for number, (how, settings) in enumerate((("serial", {"executor": "serial"}), ("two", {"workers": 2}))):
        for kind, size in (("latin", {"points": 3}), ("sobol", {"points": 2}), ("morris", {"trajectories": 1})):
            before = _state()
            wanted = {**{name: value for name, value in DESIGN.items() if name != "points"}, "design": kind, **size}
            sweep(
                Plan.of(wanted, model=toy_model.warning),
                store=Path(folder) / f"{number}-{kind}",
                execution=Execution(progress=False, **settings),
            )
            after = _state()
            found[f"{how}, {kind}"] = [name for name in before if before[name] != after[name]]
    print(json.dumps(found))


if __name__ == "__main__":
    from tests.support import disaster_programs

    getattr(disaster_programs, sys.argv[1])(*sys.argv[2:])
