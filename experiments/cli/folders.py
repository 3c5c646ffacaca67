"""``gongzhi report``, ``merge`` and ``diff``: folders of results, shown again, joined and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from experiments.cli import options
from experiments.cli.present import present, stoppable
from experiments.core.option import Option


def report(
    folder: Annotated[
        Path,
        options.argument(
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
    folders: Annotated[
        list[Path], options.argument("Two or more folders of one comparison, study, sweep or ablation.")
    ],
    runs: options.Runs,
    output: options.Paged,
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
    how: dict[str, Any] = {"plugin": plugin, "command": running.command, "execution": running.execution}
    result = stoppable(lambda: merged(folders, running.out or "", run=run, **how), running)
    if not output.quiet:
        for finding in copied_runs([expanded(folder) for folder in folders], result.folder):
            print(finding.text(output.lang))
    return present(result, output.lang, output.quiet, output.brief, output.xlsx)


def diff(
    folder: Annotated[Path, options.argument("A folder of results.")],
    other: Annotated[Path, options.argument("Another one of the same command.")],
    whole: Annotated[bool, Option("Show everything that differs, however long.", name="--all")] = False,
    lang: options.Lang = "en",
) -> int:
    """Compare two folders of results; the status is 1 where a result differs, 0 where none does."""
    from experiments.analyses.folder_diff import origin_differences, table_differences
    from experiments.cli.difference_lines import effect_line, print_lines, table_line
    from experiments.reporting.catalogue import gettext
    from sim.core.errors import StoreError

    origins, results = origin_differences(folder, other), table_differences(folder, other)
    if not results:
        raise StoreError(f"{folder} and {other} have no table of results in common.")
    print(gettext(lang, "How they were made:") if origins else gettext(lang, "made alike"))
    absent = gettext(lang, "absent")
    print_lines([f"{name}: {first or absent} | {second or absent}" for name, first, second in origins], whole, lang)
    for table in results:
        print(table_line(table, lang))
        print_lines([effect_line(changed, lang) for changed in table.effects], whole, lang)
    return int(not all(table.same for table in results))
