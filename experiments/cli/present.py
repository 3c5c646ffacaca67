"""What every command does with its result: report, a few lines on the screen, failed runs, exit status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli import options
from experiments.core.log import log

if TYPE_CHECKING:
    from experiments.analyses.result import Result
    from experiments.core.spec import Running, Spec


def carry_out(
    spec: Spec, running: Running, output: options.Output, also: Callable[[Result], object] | None = None
) -> int:
    """Run an analysis, do with its result what is to be done `also`, and present it; return the exit status."""
    from experiments.registry import perform
    from sim.core.workbook import require_excel

    if output.xlsx:
        require_excel()
    result = stoppable(lambda: perform(spec, running), running)
    if also is not None:
        also(result)
    return present(result, output.lang, output.quiet, getattr(output, "brief", False), output.xlsx)


def stoppable[Made](run: Callable[[], Made], running: Running) -> Made:
    """Say after Ctrl-C what is kept."""
    try:
        return run()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(Path(running.out or "."))) from None


def present(result: Result, lang: str, quiet: bool, brief: bool = False, xlsx: bool = False) -> int:
    """Draw and write what a result shows, print it in short, name what failed, and return the exit status."""
    if result.finished:
        # It may take as long as a small comparison, and nothing moves on the screen meanwhile.
        log.info("Drawing the figures and writing the report.")
        if brief:
            result.brief(lang)
        result.report(lang=lang)
        if xlsx:
            result.xlsx(lang)
    if not quiet:
        for line in result.in_short(lang):
            print(line)
    for text in result.warnings:
        log.warning(f"Warning from the runs: {text}")
    for line in result.complaints():
        log.warning(line)
    return 1 if result.failures else 0
