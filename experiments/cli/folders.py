"""``gongzhi report``, ``merge`` and ``diff``: folders of results, shown again, joined and compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.cli import options
from experiments.cli.options import argument
from experiments.cli.present import present, stoppable
from experiments.core.option import Option
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.numbers import written
from experiments.reporting.words import verdict

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
    result = stoppable(
        lambda: merged(
            folders, running.out or "", run=run, plugin=plugin, command=running.command, execution=running.execution
        ),
        running,
    )
    if not output.quiet:
        for finding in copied_runs([expanded(folder) for folder in folders], result.folder):
            print(finding.text(output.lang))
    return present(result, output.lang, output.quiet, output.brief, output.xlsx)


def diff(
    folder: Annotated[Path, argument("A folder of results.")],
    other: Annotated[Path, argument("Another one of the same command.")],
    whole: Annotated[bool, Option("Show everything that differs, however long.", name="--all")] = False,
    lang: options.Lang = "en",
) -> int:
    """Compare two folders of results; the status is 1 where a result differs, 0 where none does."""
    from experiments.analyses.folder_diff import origin_differences, table_differences
    from sim.core.errors import StoreError

    origins, results = origin_differences(folder, other), table_differences(folder, other)
    if not results:
        raise StoreError(f"{folder} and {other} have no table of results in common.")
    print(gettext(lang, "How they were made:") if origins else gettext(lang, "made alike"))
    absent = gettext(lang, "absent")
    _list([f"{name}: {first or absent} | {second or absent}" for name, first, second in origins], whole, lang)
    for table in results:
        print(_same_and_other(table, lang))
        _list([_effect(changed, lang) for changed in table.effects], whole, lang)
    return int(not all(table.same for table in results))


def _list(lines: list[str], whole: bool, lang: str) -> None:
    shown = lines if whole else lines[:SHOWN]
    for line in shown:
        print(f"  {line if whole or len(line) <= LONGEST else line[: LONGEST - 3] + '...'}")
    if len(shown) < len(lines):
        print("  " + gettext(lang, "and {count} more: --all shows them", count=len(lines) - len(shown)))


def _same_and_other(table: TableDifference, lang: str) -> str:
    if table.same:
        return gettext(lang, "{file}: the same, {rows} rows", file=table.file, rows=table.both)
    both = N_("{rows} rows in both") if table.both else N_("no row in both")
    parts = [gettext(lang, both, rows=table.both)]
    if table.first:
        parts.append(gettext(lang, "{count} only in the first", count=table.first))
    if table.second:
        parts.append(gettext(lang, "{count} only in the second", count=table.second))
    if not table.both:
        return gettext(lang, "{file}: {differences}.", file=table.file, differences=gettext(lang, ", ").join(parts))
    numbers = gettext(lang, "the same numbers")
    if table.cells:
        numbers = gettext(
            lang,
            "{cells} of {all} numbers differ, by up to {largest:.2%}",
            cells=table.cells,
            all=table.of,
            largest=table.largest,
        )
    clauses = [gettext(lang, ", ").join(parts), numbers]
    if table.effects:
        verdicts = sum(changed.verdict for changed in table.effects)
        disjoint = sum(changed.disjoint for changed in table.effects)
        judged = N_("differing verdicts: {verdicts}, disjoint intervals: {disjoint}")
        clauses.append(gettext(lang, judged, verdicts=verdicts, disjoint=disjoint))
    return gettext(lang, "{file}: {differences}.", file=table.file, differences=gettext(lang, "; ").join(clauses))


def _effect(changed: EffectDifference, lang: str) -> str:
    strategy, against, outcome = changed.name
    return gettext(
        lang,
        "{strategy} against {against}, {outcome}: {first} | {second}",
        strategy=strategy,
        against=against,
        outcome=outcome,
        first=_size(changed.first, lang),
        second=_size(changed.second, lang),
    )


def _size(row: Mapping[str, Any], lang: str) -> str:
    difference, low, high = (written(row[name], "+.3g") for name in ("difference", "ci_low", "ci_high"))
    return f"{verdict(str(row['verdict']), lang)} {difference} [{low}, {high}]"
