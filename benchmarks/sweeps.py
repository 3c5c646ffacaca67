"""`python -m benchmarks.sweeps`: a sweep of 2,000 runs on two cores: its speed, what it costs besides, its memory.

A run is 208 weeks of a district of about 20,000 adults with every mechanism on.  Four numbers are held against the
house's limits:

- *throughput*: runs an hour with two workers, over those with one;
- *overhead*: all time of both workers' cores in which no weeks were lived, from the first import to the last table
  (start of processes, design, files with their checksums and syncs, waiting, statistics), as a share of the time in
  which weeks were; the report with its figures is timed beside it;
- *growth*: the most memory that the laboratory's own process held after run 100, less what it held then;
- *growth of a worker*: the same of each worker after its first ten runs.

Each sweep is made by a process of its own.  Others at work on the machine slow all of it: its load is printed beside.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ESTATES, WEEKS = 17, 208
SETTLED, WORKER_SETTLED = 100, 10
"""Runs after which the memory of the laboratory, and of one of its workers, may no longer grow."""
LIMITS: Final = {"throughput": 1.8, "overhead": 0.05, "growth_mb": 200.0, "worker_growth_mb": 200.0}
"""The first at least, the others at most."""
COLUMNS: Final = (
    "what",
    "runs",
    "workers",
    "elapsed_s",
    "lived_s",
    "run_s",
    "runs_per_hour",
    "overhead",
    "plan_s",
    "report_s",
    "parent_cpu_s",
    "settled_mb",
    "growth_mb",
    "worker_mb",
    "worker_growth_mb",
    "load",
    "throughput",
)


class Memory(threading.Thread):
    """Looks once a second at what this process and its workers hold, and at how many runs have ended.

    Parameters
    ----------
    folder
        The sweep's.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.ended = threading.Event()
        self.own: list[tuple[int, float]] = []
        self.workers: dict[int, list[tuple[int, float]]] = {}

    def run(self) -> None:
        """Look until told to stop."""
        while not self.ended.wait(1.0):
            self.look()

    def look(self) -> None:
        """Note one moment."""
        runs = self.folder / "runs"
        done = sum(name.endswith(".json") for name in os.listdir(runs)) if runs.exists() else 0
        self.own.append((done, resident_mb("self")))
        for pid in children():
            held = resident_mb(pid)
            if held:
                self.workers.setdefault(pid, []).append((done, held))

    def grown(self) -> dict[str, float]:
        """Return megabytes held when settled, and how many more at most after that."""
        settled, growth = grown(self.own, SETTLED)
        # The helper of the pool that is no worker lives no weeks and stays small.
        each = [grown(seen, WORKER_SETTLED * len(self.workers)) for seen in self.workers.values()]
        return {
            "settled_mb": settled,
            "growth_mb": growth,
            "worker_mb": max((held for held, _ in each), default=0.0),
            "worker_growth_mb": max((more for _, more in each), default=0.0),
        }


def grown(seen: list[tuple[int, float]], settled: int) -> tuple[float, float]:
    """Return what was held when so many runs had ended, and the most that was held later, less that.

    Examples
    --------
    >>> grown([(0, 50.0), (101, 80.0), (400, 95.0), (500, 90.0)], 100)
    (80.0, 15.0)
    """
    later = [held for done, held in seen if done >= settled] or [held for _, held in seen[-1:]] or [0.0]
    return later[0], max(later) - later[0]


def resident_mb(pid: int | str) -> float:
    """Return the memory that a process holds, in megabytes; 0 where the system does not tell."""
    try:
        words = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(words[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def children() -> list[int]:
    """Return the processes that this one has started, as far as the system tells."""
    found: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def measured(runs: int, workers: int) -> dict[str, Any]:
    """Make one sweep in this process, with its tables and its report, and say what it took."""
    began = time.perf_counter()
    from experiments import Execution, Plan, sweep
    from sim import Scenario

    # Two arms and two replicates: half of the points' parameters leave the warm-up as it is, half do not.
    plan = Plan.of(
        {
            "points": max(1, runs // 4),
            "replicates": 2,
            "arms": ["own", "full"],
            "baseline": "own",
            "parameters": {"branches.reporting_hours": "declared", "residents.moving_tenants": "declared"},
        },
        scenario=Scenario().with_everything_on().replace({"run.weeks": WEEKS, "district.estates": ESTATES}),
    )
    planned = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-", dir=ROOT / "results") as folder:
        memory = Memory(Path(folder))
        memory.start()
        made = sweep(plan, store=folder, execution=Execution(workers=workers, progress=sys.stderr.isatty()))
        elapsed = time.perf_counter() - began
        made.report()
        reported = time.perf_counter() - began - elapsed
        memory.look()
        memory.ended.set()
        if made.outcome.failed:
            raise SystemExit(f"bench: runs failed: {next(iter(made.outcome.failed.values()))}")
        timings = (Path(folder) / "timings.csv").read_text(encoding="utf-8").splitlines()[1:]
    lived = sum(float(line.partition(",")[2]) for line in timings)
    ran = len(timings)
    return {
        "runs": ran,
        "workers": workers,
        "elapsed_s": elapsed,
        "lived_s": lived,
        "run_s": lived / ran,
        "runs_per_hour": 3600 * ran / elapsed,
        "overhead": workers * elapsed / lived - 1,
        "plan_s": planned - began,
        "report_s": reported,
        "parent_cpu_s": time.process_time(),
        **memory.grown(),
        "load": os.getloadavg()[0],
    }


def apart(runs: int, workers: int, what: str) -> dict[str, Any]:
    """Make one sweep in a process of its own."""
    print(f"{what}: {runs:,} runs, {workers} workers", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sweeps", "--only", str(runs), str(workers)],
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bench: the sweep of {runs} runs ended with status {done.returncode}")
    return {"what": what, **json.loads(done.stdout.splitlines()[-1])}


def verdicts(whole: dict[str, Any]) -> list[tuple[bool, str]]:
    """Hold the whole sweep against the house's limits."""
    found = []
    for name, limit in LIMITS.items():
        least = name == "throughput"
        met = whole[name] >= limit if least else whole[name] < limit
        bound = "at least" if least else "below"
        found.append((met, f"{'met   ' if met else 'MISSED'} {name} {whole[name]:.4g}, {bound} {limit:g}"))
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """Return what a person reads."""
    head = (
        "",
        "runs",
        "workers",
        "elapsed s",
        "a run s",
        "runs/hour",
        "overhead",
        "parent MB",
        "growth",
        "worker MB",
        "growth",
        "load",
    )
    lines = ["".join(f"{word:>11}" for word in head)]
    for row in rows:
        cells = (
            row["what"],
            f"{row['runs']:,}",
            row["workers"],
            f"{row['elapsed_s']:.1f}",
            f"{row['run_s']:.3f}",
            f"{row['runs_per_hour']:,.0f}",
            f"{100 * row['overhead']:.1f} %",
            f"{row['settled_mb']:.0f}",
            f"{row['growth_mb']:.0f}",
            f"{row['worker_mb']:.0f}",
            f"{row['worker_growth_mb']:.0f}",
            f"{row['load']:.1f}",
        )
        lines.append("".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write `results/bench-sweeps.csv`."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sweeps", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=2000, help="runs of the whole sweep")
    parser.add_argument("--sample", type=int, default=200, help="runs of the sweeps with one worker and with all")
    parser.add_argument("--workers", type=int, default=2, help="workers of the whole sweep")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if a limit is missed")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "bench-sweeps.csv", help="where the rows go")
    parser.add_argument("--only", type=int, nargs=2, metavar=("RUNS", "WORKERS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    (ROOT / "results").mkdir(exist_ok=True)
    if options.only:
        print(json.dumps(measured(*options.only)))
        return 0
    rows = [
        apart(options.sample, 1, "one core"),
        apart(options.sample, options.workers, "all cores"),
        apart(options.runs, options.workers, "whole"),
    ]
    for row in rows:
        row["throughput"] = row["runs_per_hour"] / rows[0]["runs_per_hour"]
    print(table(rows))
    print("Throughput over one worker's: " + ", ".join(f"{row['what']} {row['throughput']:.2f}" for row in rows[1:]))
    checks = verdicts(rows[-1])
    print("\n".join(line for _, line in checks))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    print(f"Written: {options.out}")
    return int(options.check and not all(met for met, _ in checks))


if __name__ == "__main__":
    sys.exit(main())
