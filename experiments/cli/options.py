"""Options that several commands share, and what they mean; every error here is one sentence for a person.

A command takes its options in groups: a parameter that is a dataclass stands for the options that it holds, one that is
`Entries` for those of a spec (`from_spec`).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.core.option import PLUGIN, SEED, Option

if TYPE_CHECKING:
    from experiments.core.spec import Running, Spec
    from sim import District, Scenario
    from sim.district.reading import Dialect


def argument(text: str, metavar: str | None = None) -> Any:
    """Declare what a command is about."""
    return typer.Argument(metavar=metavar, help=text, show_default=False)


Set = Annotated[list[str] | None, Option("Change a parameter; may be given again.", "SECTION.NAME=VALUE", "--set")]
Plugin = Annotated[Path | None, PLUGIN]
ScenarioFile = Annotated[Path | None, Option("Read parameters from a TOML file.", "FILE.toml")]
Map = Annotated[
    list[str] | None, Option("Name of a column in your file, e.g. estate=estate_id.", "OURS=YOURS", "--map")
]
Estates = Annotated[int | None, Option("Estates of the synthetic district.")]
Seed = Annotated[int, SEED]
Lang = Annotated[str, Option("Language of figures and report.", "en|zh")]
Listed = Annotated[bool, Option("List what can be asked for.", name="--list")]
Quiet = Annotated[bool, Option("Print errors only.", name="--quiet -q")]
Xlsx = Annotated[bool, Option("Write results.xlsx besides: findings, tables and parameters.")]
Brief = Annotated[bool, Option("Write brief.html besides: the answer on one page of A4.")]


@dataclass(frozen=True)
class Entries:
    """What was typed of the fields and keywords of a kind of spec; `quick` where a first look was requested."""

    spec: type[Spec]
    typed: Mapping[str, Any]
    quick: bool = False

    @property
    def size(self) -> dict[str, Any]:
        """The command's own sizes."""
        return {**self.spec.usual, **(self.spec.quick if self.quick else {})}

    def fields(self, *sources: Any, **known: Any) -> dict[str, Any]:
        """Return fields and keywords of the spec: what is known, which is neither an option nor a default, what was
        typed, and then what the first source says, a table or an object with such fields, before the command's sizes.
        """
        for source in (self.typed, *sources, self.size):
            for name in (*self.spec.model_fields, *self.spec.keywords):
                value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
                if name not in known and value is not None:
                    known[name] = value
        return known


@dataclass(frozen=True)
class Parameters:
    """The parameters of a world: of a file, as they are set, and those of a plugin's components."""

    settings: Set = None
    scenario: ScenarioFile = None
    plugin: Plugin = None

    @property
    def kind(self) -> type[Scenario]:
        """The kind of scenario that has the components of the plugin, which is run."""
        from sim import Scenario

        if self.plugin is None:
            return Scenario
        from experiments.core.design.own_components import components_in

        return Scenario.including(*components_in(self.plugin))

    @property
    def base(self) -> Scenario:
        """The scenario of the file, which may be a preset that is named, such as first-edition; else the usual one."""
        from experiments import presets

        file = self.scenario
        if file is not None and str(file) in presets.names() and not file.exists():
            file = presets.path_of(str(file))
        return self.kind() if file is None else self.kind.load(file)

    def changes(self, shortcuts: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what is set: by shortcuts that are not None, and by ``--set``, which comes last."""
        changes = {name: value for name, value in (shortcuts or {}).items() if value is not None}
        return changes | self.kind.parse_settings(self.settings or [])

    def to_scenario(self, shortcuts: Mapping[str, Any] | None = None) -> Scenario:
        """Return the scenario, with its changes."""
        base, changes = self.base, self.changes(shortcuts)
        return base.replace(changes) if changes else base


@dataclass(frozen=True)
class Synthetic(Parameters):
    """The world of a question that is asked of a synthetic district."""

    weeks: Annotated[int | None, Option("Length of a run, warm-up included.", "N")] = None
    estates: Estates = None
    sample: Annotated[float | None, Option("Share of residents whose attitudes are kept.", "SHARE")] = None

    @property
    def shortcuts(self) -> dict[str, Any]:
        """What the short options set, by parameter."""
        return {"run.weeks": self.weeks, "district.estates": self.estates, "district.sample": self.sample}

    def sized(self, usual: Mapping[str, Any], quick: bool) -> dict[str, Any]:
        """Return what a command sets of the world's size: an option's, else its own unless a scenario's file says it.

        A first look, which is `quick`, is small whatever the file says.
        """
        own = usual if self.scenario is None or quick else {}
        sizes = {"district.sample": None, "run.weeks": own.get("weeks"), "run.warmup": own.get("warmup")}
        sizes |= {"district.estates": own.get("estates")}
        sizes |= {name: value for name, value in self.shortcuts.items() if value is not None}
        if getattr(self, "district", None) is not None:
            del sizes["district.estates"]
        return {name: value for name, value in sizes.items() if value is not None}


@dataclass(frozen=True)
class Table:
    """How a user's own table is written, where it does not say so itself."""

    columns: Map = None
    sheet: Annotated[str | None, Option("Sheet of a workbook, where several could be meant.", "NAME")] = None
    values: Annotated[
        Path | None, Option("What cells mean: a table with the columns column, cell and meaning.", "FILE")
    ] = None
    coordinates: Annotated[
        str | None, Option("System of longitude and latitude, if no heading names it.", "wgs84|gcj02|bd09")
    ] = None
    decimal: Annotated[str | None, Option("Sign before decimals, where both are possible.", "point|comma")] = None

    @property
    def dialect(self) -> Dialect:
        """The same as the reader takes it."""
        from sim.district.reading import Dialect

        return Dialect(self.sheet, self.values, self.coordinates, self.decimal)

    @property
    def named(self) -> dict[str, str]:
        """Our names of columns and the user's, as ``--map`` gives them."""
        from sim.core.errors import DistrictError

        columns: dict[str, str] = {}
        for pair in self.columns or []:
            ours, equals, theirs = (part.strip() for part in pair.partition("="))
            if not (ours and equals and theirs):
                raise DistrictError(f'--map "{pair}" must be OURS=YOURS, e.g. estate=estate_id.')
            if ours in columns:
                raise DistrictError(f'--map names "{ours}" twice: {columns[ours]} and {theirs}.')
            columns[ours] = theirs
        return columns


@dataclass(frozen=True)
class World(Table, Synthetic):
    """The world, which may be a district of the user's own."""

    district: Annotated[Path | None, Option("Your own district, one row per estate: CSV or .xlsx.", "FILE")] = None

    def over_design(self) -> dict[str, Any]:
        """What replaces or completes what a design says of the world."""
        changes = self.changes({**self.shortcuts, "run.weeks": None})
        return {"scenario": self.base, "district": self.ground, "weeks": self.weeks, "changes": changes}

    @property
    def ground(self) -> District | None:
        """The user's own district; None where it is synthetic.

        Names of columns come from the table ``[columns]`` of the scenario's file; ``--map`` overrides them.  What the
        table leaves open is filled as the scenario's section `ground` says, with what the settings change in it.
        """
        from sim import District
        from sim.core.errors import DistrictError

        if self.district is None:
            if self.columns:
                raise DistrictError("--map names columns of your own district: give its file with --district.")
            for name in ("sheet", "values", "coordinates", "decimal"):
                if getattr(self, name) is not None:
                    raise DistrictError(
                        f"--{name} says how your own district is written: give its file with --district."
                    )
            return None
        if self.estates is not None:
            raise DistrictError(
                "--estates sets the size of a synthetic district, and --district gives your own: use one."
            )
        columns = self.named
        own = [text for text in self.settings or () if text.strip().startswith("ground.")]
        ground = replace(self, settings=own).to_scenario().ground
        mapping = self._columns_of_scenario() | columns or None
        return District.from_csv(self.district, mapping, ground=ground, dialect=self.dialect)

    def _columns_of_scenario(self) -> dict[str, str]:
        from sim.core.errors import ScenarioError
        from sim.parameters.scenario_file import read

        columns = {} if self.scenario is None else read(self.scenario).get("columns", {})
        if not isinstance(columns, dict) or not all(isinstance(theirs, str) for theirs in columns.values()):
            raise ScenarioError(f'{self.scenario}: [columns] must hold names in quotes, e.g. estate = "estate_id".')
        return columns


@dataclass(frozen=True)
class Runs:
    """How runs are made, of analyses in which later runs depend on earlier ones.

    These cannot retry what failed: with another result of an early run, all later ones would be others.
    """

    workers: Annotated[int | None, Option("Processes. [default: one for each core]", "N")] = None
    executor: Annotated[
        str,
        Option(
            "auto (a small job in this process, others in several), processes, serial, or dask://host:port for a Dask "
            "cluster.",
            "NAME",
        ),
    ] = "auto"

    def to_running(self, folder: Path, quiet: bool) -> Running:
        """Return how an analysis is run in a folder."""
        from experiments.core.run.execute import Execution
        from experiments.core.spec import Running

        retry, extend = (getattr(self, name, False) for name in ("retry_failed", "extend"))
        execution = Execution(workers=self.workers, executor=self.executor, retry_failed=retry, progress=not quiet)
        return Running(folder, typed(), extend=extend, execution=execution)


@dataclass(frozen=True)
class Retrying(Runs):
    """How runs are made, where each stands for itself."""

    retry_failed: Annotated[bool, Option("Run again what failed.")] = False


@dataclass(frozen=True)
class Extending(Runs):
    """How runs are made, where more replicates may be added later."""

    extend: Annotated[bool, Option("Add replicates, districts or arms to what the folder holds.")] = False


@dataclass(frozen=True)
class Growing(Extending, Retrying):
    """How runs are made, where each stands for itself and more may be added later."""


@dataclass(frozen=True)
class Place:
    """Where something goes, and what is shown of it."""

    out: Annotated[Path | None, Option("[default: results/, by the command and its question]", "FOLDER")] = None
    lang: Lang = "en"
    quiet: Quiet = False


@dataclass(frozen=True)
class Output(Place):
    """Where results go, and what is shown of them."""

    xlsx: Xlsx = False

    def running(self, name: str, runs: Runs, quick: bool = False) -> Running:
        """Return how an analysis is run: in the folder of its name, unless another was given."""
        return runs.to_running(self.out or Path("results") / f"{name}{'-quick' * quick}", self.quiet)


@dataclass(frozen=True)
class Paged(Output):
    """Where results go, of analyses that have an answer on one page."""

    brief: Brief = False


def listing(questions: Mapping[str, str], lang: str) -> int:
    """Print names and what each of them asks; return the exit status."""
    from experiments.reporting.catalogue import gettext

    width = max(map(len, questions))
    for name, question in questions.items():
        print(f"{name:{width}}  {gettext(lang, question)}")
    return 0


def typed() -> str:
    """Return the command as it was typed, so that a folder can say how to make it again."""
    return shlex.join(["gongzhi", *sys.argv[1:]])


def target(path: Path) -> Path:
    """Return a file's path if it can be written there; make its folder."""
    from sim.core.errors import StoreError

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
    from sim.core.errors import refusal

    ended = len(list(folder.rglob("runs/*.json")))  # rounds are stores of their own within the folder
    return "\n" + refusal(f"Stopped. {ended} finished runs are kept in {folder}; the same command goes on from there.")
