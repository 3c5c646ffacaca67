"""``gongzhi merge``: parts of one analysis, run on several machines, as one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from experiments.cli import options
from experiments.cli.options import argument
from experiments.cli.present import present, stoppable
from experiments.core.option import Option


def merge(
    folders: Annotated[list[Path], argument("Two or more folders of one comparison, study, sweep or ablation.")],
    runs: options.Runs,
    output: options.Output,
    run: Annotated[bool, Option("Run what is in none of the folders.")] = False,
) -> int:
    """Merge folders that hold other arms, replicates or points of one analysis into a new one, which --out names.

    Stored runs are copied, and the folders are not changed; the result is byte-identical to that of a single machine.
    """
    from experiments.analyses.merging import copied_runs
    from experiments.registry import merge as merged
    from sim.errors import StoreError
    from sim.paths import expanded

    if output.out is None:
        raise StoreError("Give the new folder with --out.")
    running = output.running("merge", runs)
    result = stoppable(
        lambda: merged(folders, running.out or "", run=run, command=running.command, execution=running.execution),
        running,
    )
    if not output.quiet:
        for finding in copied_runs([expanded(folder) for folder in folders], result.folder):
            print(finding.text(output.lang))
    return present(result, output.lang, output.quiet)
