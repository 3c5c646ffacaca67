"""``gongzhi report``, ``merge`` and ``diff``: folders of results, shown again, joined and compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.cli import options
from experiments.cli.options import argument
from experiments.cli.present import present, stoppable
from experiments.core.option import Option
from experiments.reporting.numbers import written

if TYPE_CHECKING:
    from experiments.analyses.folder_diff import EffectDifference, TableDifference

SHOWN = 12
"""Differences that are shown of a list."""
LONGEST = 400
"""Characters of a line at most, unless all is asked for."""


def report(
    folder: Annotated[
        Path,
        argument(
            "Folder of any command's results; of a comparison, a study, a sweep or an ablation also an unfinished one."
        ),
    ],
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
    brief: options.Brief = False,
    xlsx: options.Xlsx = False,
) -> int:
    """Make tables, figures and report again from what a folder holds."""
    from experiments.registry import open as opened

    result = opened(folder)
    result.require_finished()
    result.write()
    return present(result, lang, quiet, brief, xlsx)


def merge(
    folders: Annotated[list[Path], argument("Two or more folders of one comparison, study, sweep or ablation.")],
    runs: options.Runs,
    output: options.Output,
    run: Annotated[bool, Option("Run what is in none of the folders.")] = False,
    plugin: options.Plugin = None,
) -> int:
    """Merge folders that hold other arms, replicates or points of one analysis into a new one, which --out names.

    Stored runs are copied, and the folders are not changed; the result is byte-identical to that of a single machine.
    """
    from experiments.analyses.merging import copied_runs
    from experiments.registry import merge as merged
    from sim.core.errors import StoreError
    from sim.core.paths import expanded

    if output.out is None:
        raise StoreError("Give the new folder with --out.")
    running = output.running("merge", runs)
    result = stoppable(
        lambda: merged(
            folders, running.out or "", run=run, plugin=plugin, command=running.command, execution=running.execution
        ),
        running,
    )
    if not output.quiet:
        for finding in copied_runs([expanded(folder) for folder in folders], result.folder):
            print(finding.text(output.lang))
    return present(result, output.lang, output.quiet, xlsx=output.xlsx)


def diff(
    folder: Annotated[Path, argument("A folder of results.")],
    other: Annotated[Path, argument("Another one of the same command.")],
    whole: Annotated[bool, Option("Show everything that differs, however long.", name="--all")] = False,
) -> int:
    """Compare two folders of results; the status is 1 where a result differs, 0 where none does."""
    from experiments.analyses.folder_diff import origin_differences, table_differences
    from sim.core.errors import StoreError

    origins, results = origin_differences(folder, other), table_differences(folder, other)
    if not results:
        raise StoreError(f"{folder} and {other} have no table of results in common.")
    print("How they were made:" if origins else "They were made alike.")
    _list([f"{name}: {first or 'absent'} | {second or 'absent'}" for name, first, second in origins], whole)
    for table in results:
        print(_same_and_other(table))
        _list([_effect(changed) for changed in table.effects], whole)
    return int(not all(table.same for table in results))


def _list(lines: list[str], whole: bool) -> None:
    shown = lines if whole else lines[:SHOWN]
    for line in shown:
        print(f"  {line if whole or len(line) <= LONGEST else line[: LONGEST - 3] + '...'}")
    if len(shown) < len(lines):
        print(f"  and {len(lines) - len(shown)} more: --all shows them")


def _same_and_other(table: TableDifference) -> str:
    if table.same:
        return f"{table.file}: the same, {table.both} rows."
    rows = {"first": table.first, "second": table.second}
    unmatched = "".join(f", {count} only in the {which}" for which, count in rows.items() if count)
    if not table.both:
        return f"{table.file}: no row in both{unmatched}; there is nothing to compare."
    numbers = "the same numbers"
    if table.cells:
        numbers = f"{table.cells} of {table.of} numbers differ, by up to {table.largest:.2%}"
    verdicts = sum(changed.verdict for changed in table.effects)
    disjoint = sum(changed.disjoint for changed in table.effects)
    judged = f"; {verdicts} verdicts differ, {disjoint} intervals do not meet" if table.effects else ""
    return f"{table.file}: {table.both} rows in both{unmatched}; {numbers}{judged}."


def _effect(changed: EffectDifference) -> str:
    strategy, against, outcome = changed.name
    return f"{strategy} against {against}, {outcome}: {_size(changed.first)} | {_size(changed.second)}"


def _size(row: Mapping[str, Any]) -> str:
    difference, low, high = (written(row[name], "+.3g") for name in ("difference", "ci_low", "ci_high"))
    return f"{row['verdict']} {difference} [{low}, {high}]"
