"""`python -m benchmarks`: time and memory of our week, beside a tick of the toy, read as ratios.

Every model lives in its own process and only one of them works at a time; they take turns, a few weeks
each, so that a busy minute of the machine falls on all alike.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

# This process stays small on purpose: a child's peak memory starts at what its parent held.
ROOT: Final = Path(__file__).resolve().parent.parent
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
TOY_OF: Final = {20_000: 20_000, 200_000: 200_000, 1_250_000: 1_000_000}
WARM_UP, MEASURED, TOY_WARM_UP = 52, 156, 10
WORLDS: Final = ("none", "full", "everything", "first-edition", "old-parts")
DEFAULTS: Final = {
    (20_000, "ratio"): 5.0,
    (1_250_000, "ratio"): 25.0,
    (1_250_000, "run_s"): 16.0,
    (1_250_000, "memory_mb"): 450.0,
    (1_250_000, "setup_s"): 2.0,
}
LIMITS: Final = {
    "everything": {(20_000, "ratio"): 3.5, (1_250_000, "ratio"): 22.0, (1_250_000, "run_s"): 18.0},
    "first-edition": {(20_000, "ratio"): 7.2, (1_250_000, "ratio"): 54.0},
    "old-parts": {},
}
"""What the house promises: the ratio at least, the others at most.

In the first edition's world at least nine tenths of what the first edition promised (8 and 60).  In the world of today
twice as many are touched in a week, three times as many come into conflict and twice as many file, which costs what it
costs; what the parts themselves may cost says `NEW_PARTS`.
"""
NEW_PARTS: Final = 0.2
"""Share of a week that the parts of the second edition may take where as much goes on without them."""

COLUMNS: Final = (
    "what",
    "size",
    "adults",
    "estates",
    "world",
    "setup_s",
    "week_ms",
    "week_ms_p90",
    "run_s",
    "memory_mb",
    "model_mb",
    "peak_mb",
    "ratio",
)


class Child:
    """A worker process and what was measured in it.

    Parameters
    ----------
    what
        `week` or `toy`.
    size
        Nominal number of adults.
    world
        World of a week, see `benchmarks.week.world`; empty for a toy.
    """

    def __init__(self, what: str, size: int, world: str = "") -> None:
        self.row: dict[str, Any] = {"what": what, "size": size, "world": world}
        self.seconds: list[float] = []
        self.early = 0.0
        self.words = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", what, str(size), world],
            cwd=ROOT,
            env=os.environ | dict.fromkeys(THREADS, "1"),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, **order: Any) -> Any:
        """Send one order and wait for its answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"bench: the worker for {self.row} ended; its message stands above")
        return json.loads(answer)

    def start(self) -> None:
        """Set up, and run until the start no longer shows."""
        self.row |= self.ask(set_up=True)
        weeks = self.ask(advance=WARM_UP if self.row["what"] == "week" else TOY_WARM_UP)
        self.early = sum(weeks)

    def advance(self, steps: int) -> None:
        """Take a turn."""
        self.seconds += self.ask(advance=steps)

    def finish(self) -> None:
        """Fetch memory and words, and let the process end."""
        report = self.ask(report=True)
        peak = report["peak_mb"]
        self.words = report["words"]
        self.row |= {
            "week_ms": 1e3 * median(self.seconds),
            "week_ms_p90": 1e3 * quantiles(self.seconds, n=10)[-1],
            "memory_mb": peak - report["bare_mb"],
            "model_mb": peak - report["loaded_mb"],
            "peak_mb": peak,
        }
        if self.row["what"] == "week":
            self.row["run_s"] = self.early + sum(self.seconds)
        self.stop()

    def stop(self) -> None:
        """Close the worker's input, at which it ends."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait()


def measure(sizes: Sequence[int], worlds: Sequence[str], rounds: int) -> list[Child]:
    """Run all models in turns.

    Parameters
    ----------
    sizes
        Nominal numbers of adults, keys of `TOY_OF`.
    worlds
        Worlds to time.
    rounds
        Turns; weeks are divided among them.

    Returns
    -------
    list of Child
        Finished, the toy of each size first.
    """
    done = []
    for size in sizes:
        children = [Child("toy", TOY_OF[size])] + [Child("week", size, name) for name in worlds]
        try:
            for child in children:
                say(f"{size:,} adults: setting up {describe(child)}")
                child.start()
            for turn in range(rounds):
                say(f"{size:,} adults: turn {turn + 1} of {rounds}")
                children[0].advance(4 if size <= 20_000 else 1)
                for child in children[1:]:
                    child.advance(MEASURED // rounds)
            for child in children:
                child.finish()
        finally:
            for child in children:
                child.stop()
        tick = children[0].row["week_ms"]
        for child in children[1:]:
            child.row["ratio"] = tick / child.row["week_ms"]
        done += children
    say("")
    return done


def describe(child: Child) -> str:
    """Name a model in a few words."""
    return "the toy in plain Mesa" if child.row["what"] == "toy" else f"our week, {child.row['world']}"


def say(line: str) -> None:
    """Show progress to a person who is watching."""
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


def table(children: Sequence[Child]) -> str:
    """Return the measurements as text."""
    widths = (24, 11, 9, 10, 10, 11, 9, 10)
    heads = (
        ("", "adults", "set-up", "week", "90 %", "208 weeks", "memory", "toy tick"),
        ("", "", "s", "ms", "ms", "s", "MB", "/ week"),
    )
    lines = ["".join(f"{word:>{width}}" for word, width in zip(head, widths, strict=True)) for head in heads]
    for child in children:
        row = child.row
        run = f"{row['run_s']:.2f}" if "run_s" in row else ""
        ratio = f"{row['ratio']:.1f}" if "ratio" in row else ""
        lines.append(
            f"{describe(child):24}{row['adults']:>11,}{row['setup_s']:>9.2f}{row['week_ms']:>10.2f}"
            f"{row['week_ms_p90']:>10.2f}{run:>11}{row['memory_mb']:>9.0f}{ratio:>10}"
        )
    lines.append("Memory: the most that the process held, less the bare interpreter; libraries included.")
    lines.append(
        f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. "
        "On a busy one read the ratios, not the times."
    )
    return "\n".join(lines)


def verdicts(children: Sequence[Child]) -> list[tuple[bool, str]]:
    """Hold the weeks against the house's limits."""
    found = []
    for child in children:
        for (size, name), limit in LIMITS.get(child.row["world"], DEFAULTS).items():
            if child.row["what"] == "week" and child.row["size"] == size:
                value = child.row[name]
                met = value >= limit if name == "ratio" else value < limit
                bound = "at least" if name == "ratio" else "below"
                found.append((met, f"{child.row['world']}, {size:,} adults: {name} {value:.4g}, {bound} {limit:g}"))
    weeks = {(child.row["size"], child.row["world"]): child.row["week_ms"] for child in children}
    for size in TOY_OF:
        if (size, "full") in weeks and (size, "old-parts") in weeks:
            share = 1.0 - weeks[size, "old-parts"] / weeks[size, "full"]
            text = f"new parts, {size:,} adults: {share:.0%} of a week, at most {NEW_PARTS:.0%}"
            found.append((share <= NEW_PARTS, text))
    return [(met, f"{'met   ' if met else 'MISSED'} {text}") for met, text in found]


def main() -> int:
    """Measure, print, write `results/bench.csv`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the smallest district")
    parser.add_argument("--worlds", default=",".join(WORLDS), help="what to time: %(default)s")
    parser.add_argument("--rounds", type=int, default=12, choices=(4, 6, 12, 13), help="turns that are taken")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if a limit is missed")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "bench.csv", help="where the rows go")
    options = parser.parse_args()

    sizes = list(TOY_OF)[:1] if options.quick else list(TOY_OF)
    children = measure(sizes, options.worlds.split(","), options.rounds)
    for child in children:
        if child.row["what"] == "week":
            print(f"{describe(child)}, {child.row['adults']:,} adults:\n{child.words}\n")
    print(table(children))
    checks = verdicts(children)
    print("\n".join(line for _, line in checks))

    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(child.row for child in children)
    print(f"Written: {options.out}")
    return int(options.check and not all(met for met, _ in checks))


if __name__ == "__main__":
    sys.exit(main())
