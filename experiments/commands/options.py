"""Options that several commands share, and what they mean; every error here is one sentence for a person."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from experiments.lab.run.execute import Execution
    from sim import District, Scenario

__all__ = [
    "COVERAGE", "DistrictFile", "Estates", "Executor", "Lang", "Map", "Policy", "Quiet", "RetryFailed", "Sample",
    "ScenarioFile", "Seed", "Set", "Weeks", "Workers", "execution", "language", "read_changes", "read_district",
    "read_scenario", "say", "sizes", "stopped", "target", "typed",
]  # fmt: skip

Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.NAME=VALUE", help="Change a parameter; may be given again."),
]
ScenarioFile = Annotated[
    Path | None, typer.Option("--scenario", metavar="FILE.toml", help="Read parameters from a TOML file.")
]
DistrictFile = Annotated[
    Path | None, typer.Option("--district", metavar="FILE.csv", help="Your own district, one row per estate.")
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="OURS=YOURS", help="Name of a column in your file, e.g. estate=estate_id."),
]
Estates = Annotated[int | None, typer.Option("--estates", metavar="N", help="Estates of the synthetic district.")]
Sample = Annotated[
    float | None,
    typer.Option("--sample", metavar="SHARE", help="Share of residents whose attitudes are kept."),
]
Weeks = Annotated[int | None, typer.Option("--weeks", metavar="N", help="Length of a run, warm-up included.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed; replicates' seeds are hashed from it.")]
COVERAGE = "coverage"
"""What a strategy is compared as where nothing is said, `design.policies.COVERAGE`."""
Policy = Annotated[
    str | None,
    typer.Option(
        "--policy", metavar="coverage|arrangement",
        help="Strategies by themselves, or each as the coverage of the study's whole arrangement. [default: coverage]",
        show_default=False,
    ),
]
Lang = Annotated[str, typer.Option("--lang", metavar="en|zh", help="Language of figures and report.")]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Processes. [default: one for each core]")
]
Executor = Annotated[
    str, typer.Option("--executor", metavar="NAME", help="processes, serial, or dask://host:port for a Dask cluster.")
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Run again what failed.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]


def execution(workers: int | None, executor: str, quiet: bool, retry_failed: bool = False) -> Execution:
    """Return how a command's runs are made; what a person should know meanwhile goes to standard error.

    Commands that go on from what they found (maps, calibration and the like) cannot retry what failed: with another
    result of an early run, all later ones would be others.
    """
    from experiments.lab.run.execute import Execution

    return Execution(workers=workers, executor=executor, retry_failed=retry_failed, progress=not quiet, notice=say,
                     only_stored=_only_stored.get())


_only_stored: ContextVar[bool] = ContextVar("_only_stored", default=False)


@contextmanager
def only_what_is_stored() -> Iterator[None]:
    """Let commands run nothing: what is missing in a folder is an error."""
    token = _only_stored.set(True)
    try:
        yield
    finally:
        _only_stored.reset(token)


def say(text: str) -> None:
    """Print a sentence at once, beside what the command answers."""
    print(text, file=sys.stderr, flush=True)


def typed() -> str:
    """Return the command as it was typed, so that a folder can say how to make it again."""
    return shlex.join(["gongzhi", *sys.argv[1:]])


def language(lang: str) -> str:
    """Return the language if there is one of that name."""
    from sim.errors import ScenarioError

    if lang not in ("en", "zh"):
        raise ScenarioError(f'"{lang}" is not a language here: en or zh.')
    return lang


def _preset(file: Path) -> Path:
    """Return the file of a preset that is named, such as first-edition; any other path as it is."""
    from experiments import presets

    return presets.path_of(str(file)) if str(file) in presets.names() and not file.exists() else file


def read_scenario(file: Path | None, settings: Sequence[str] | None, shortcuts: dict[str, Any]) -> Scenario:
    """Make the scenario: the file's, changed by the shortcuts that are not None, changed by the settings."""
    from sim import Scenario

    scenario = Scenario() if file is None else Scenario.load(_preset(file))
    changes = read_changes(settings, shortcuts)
    return scenario.replace(changes) if changes else scenario


def sizes(
    scenario: Path | None, ground: District | None, quick: bool, **wanted: tuple[int | None, int]
) -> dict[str, int]:
    """Return the sizes that a command sets: what an option says, else its own unless a scenario's file says it.

    Parameters
    ----------
    scenario, ground, quick
        The file, a district that has its own size, and whether a first look was asked for, which is small whatever the
        file says.
    **wanted
        `weeks`, `warmup`, `estates`: the option's value, None where it was not given, and the command's own size.
    """
    names = {"weeks": "run.weeks", "warmup": "run.warmup"} | ({} if ground else {"estates": "district.estates"})
    own = scenario is None or quick
    return {names[size]: usual if given is None else given
            for size, (given, usual) in wanted.items() if size in names and (own or given is not None)}


def read_changes(settings: Sequence[str] | None, shortcuts: dict[str, Any]) -> dict[str, Any]:
    """Return what the command line sets: shortcuts that are not None, and settings, which come last."""
    from sim import Scenario

    changes = {name: value for name, value in shortcuts.items() if value is not None}
    return changes | Scenario.parse_settings(settings or [])


def read_district(
    file: Path | None, mapping: Sequence[str] | None, estates: int | None = None, scenario: Path | None = None,
    settings: Sequence[str] | None = None,
) -> District | None:
    """Read the user's district, or return None where there is none.

    Names of columns come from the table ``[columns]`` of the scenario's file; ``--map`` overrides them.  What the table
    leaves open is filled as the scenario's section `ground` says, with what the settings change in it.
    """
    from sim import District
    from sim.errors import DistrictError

    if file is None:
        if mapping:
            raise DistrictError("--map names columns of your own district: give its file with --district.")
        return None
    if estates is not None:
        raise DistrictError("--estates sets the size of a synthetic district, and --district gives your own: use one.")
    columns: dict[str, str] = {}
    for pair in mapping or []:
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and equals and theirs):
            raise DistrictError(f'--map "{pair}" must be OURS=YOURS, e.g. estate=estate_id.')
        if ours in columns:
            raise DistrictError(f'--map names "{ours}" twice: {columns[ours]} and {theirs}.')
        columns[ours] = theirs
    own = [text for text in settings or () if text.strip().startswith("ground.")]
    ground = read_scenario(scenario, own, {}).ground
    return District.from_csv(file, _columns_of(scenario) | columns or None, ground=ground)


def _columns_of(scenario: Path | None) -> dict[str, str]:
    """Read the table ``[columns]`` of a scenario's file: our names of columns and the user's."""
    from sim.errors import ScenarioError
    from sim.scenario_file import read

    columns = {} if scenario is None else read(scenario).get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(theirs, str) for theirs in columns.values()):
        raise ScenarioError(f'{scenario}: [columns] must hold names in quotes, e.g. estate = "estate_id".')
    return columns


def target(path: Path) -> Path:
    """Return a file's path if it can be written there; make its folder."""
    from sim.errors import StoreError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise PermissionError(None, "permission denied")
    except (FileExistsError, NotADirectoryError):
        raise StoreError(f"{path} cannot be written: {path.parent} is not a folder.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from None
    return path


def stopped(folder: Path) -> str:
    """Say after Ctrl-C what is kept, and how to go on."""
    ended = len(list(folder.rglob("runs/*.json")))  # rounds are stores of their own within the folder
    return f"\nStopped. {ended} finished runs are kept in {folder}; the same command goes on from there."
