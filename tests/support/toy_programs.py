"""Comparisons with the toy that need a process of their own, to be killed or interrupted.

Each function is a small program, run by `python -m tests.support.toy_programs NAME FOLDER ...`.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from tests.support import toy_model


def run(folder: Path, model: Any, **settings: Any) -> None:
    """Compare with a toy."""
    import sim
    from experiments import Execution, compare

    compare(
        toy_model.ARMS,
        replicates=2,
        scenario=sim.Scenario().replace(toy_model.SMALL),
        store=folder,
        model=model,
        execution=Execution(progress=False, **settings),
    )


def pooled(folder: Path) -> None:
    """Compare in two processes."""
    run(folder, toy_model.slow, workers=2)


def alone(folder: Path) -> None:
    """Compare in this process."""
    run(folder, toy_model.slow, executor="serial")


def killed(folder: Path) -> None:
    """Kill comparisons at many points; then let one finish what they began, and one do it all."""
    import json

    import pyarrow.parquet  # noqa: F401  imported once, so that the victims start at once

    import experiments.analyses.compare  # noqa: F401
    import sim  # noqa: F401

    runs = folder / "killed" / "runs"

    def files(pattern: str) -> int:
        return len(list(runs.glob(pattern)))

    deaths, found = 0, []
    for wanted in (0, 2, 6, 10, 14):
        victim = os.fork()
        if not victim:
            run(folder / "killed", toy_model.slow, executor="serial")
            os._exit(0)
        deadline = time.monotonic() + 900
        while files("*") < wanted and time.monotonic() < deadline:
            time.sleep(0.0005)
        os.kill(victim, signal.SIGKILL)
        deaths += os.WIFSIGNALED(os.waitpid(victim, 0)[1])
        found.append(files("*.json"))
    for name in ("killed", "whole"):
        run(folder / name, toy_model.slow, executor="serial")
    print(json.dumps({"killed": deaths, "found": found}))


def interrupted(folder: Path) -> None:
    """Be the command line, with a slow toy for a model, in two processes."""
    import sys

    from experiments.analyses.compare.comparison_spec import ComparisonSpec
    from experiments.cli import app as cli

    whole = ComparisonSpec.design
    ComparisonSpec.design = lambda spec, **keywords: whole(spec.replace(model=toy_model.slower), **keywords)
    settings = [f"--set={name}={value}" for name, value in toy_model.SMALL.items()]
    sys.argv = [
        "gongzhi",
        "compare",
        *toy_model.ARMS,
        "--replicates=20",
        "--workers=1",
        f"--out={folder}",
        *settings,
        *sys.argv[3:],
    ]
    cli.main()


if __name__ == "__main__":
    import sys

    from tests.support import toy_programs

    getattr(toy_programs, sys.argv[1])(Path(sys.argv[2]))
