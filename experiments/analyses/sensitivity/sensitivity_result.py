"""An analysis from the question to its tables: screen all, divide the variance among the few, show each alone.

The folder holds a sweep for each step (``morris``, ``sobol`` or ``surrogate``, ``tornado``), each with its design and
its runs.  Steps that ended are not run again.  A table of runs that were made elsewhere is analysed as a step is, if it
is of the design that lies beside it, and refused if not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Unpack

import pandas as pd
from pydantic import Field

from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.sensitivity import sampling_design
from experiments.analyses.sensitivity.morris import NOT_ZERO, passes_by_chance, screened
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.analyses.sensitivity.sobol import Indices, sobol_indices
from experiments.analyses.sensitivity.surrogate import checked_axes, checked_ranges, surrogate_indices
from experiments.analyses.sensitivity.tornado import bars
from experiments.analyses.sensitivity.varied_parameters import chosen
from experiments.analyses.stored_runs import StepRuns, run_housed, runs_table
from experiments.analyses.sweep.sweep_spec import single_point
from experiments.analyses.sweep.swept import Swept
from experiments.core.analysis_folder import claim
from experiments.core.design.arms import Arms, changes_of
from experiments.core.design.axes import Axis
from experiments.core.design.design import Design
from experiments.core.design.plan import outcomes_of
from experiments.core.environment import digest
from experiments.core.option import Option
from experiments.core.run.execute import run_design
from experiments.core.spec import Count, Running, Spec, WorldFields, whole
from experiments.core.store.store import Store, Tally
from sim import Scenario
from sim.core.errors import ScenarioError, StoreError, nearest
from sim.core.paths import expanded

METHODS: Final = ("morris", "sobol", "tornado", "both")
"""What can be asked for; ``both`` is screening first, then indices and tornado of what matters."""
MOST: Final = 20
"""Parameters over which indices are worked out at most, without screening."""
BESIDE = ("conflicts", "filed", "standing")
"""Outcomes that stand in the table of runs whatever is asked about: none is shown without the others."""


class SensitivitySpec(Spec):
    """An analysis of sensitivity.

    `arms` has the changes of the policy and of the arm that it is set against, or of one arm, whose outcome is asked
    about; `axes` what varies, `left_out` the reason of each parameter that was asked for and does not; `named` whether
    the user named what varies.  `runs` is a table of runs that were made elsewhere, which is analysed in their place.
    """

    analysis = "sensitivity"
    noun = "analysis"

    keywords = {
        "parameters": Annotated[
            tuple[str, ...],
            Option(
                "A parameter or a section; all for all that declare a range.",
                name="--parameter",
                usual="of coverage and arrangement those of which least is known, else all",
            ),
        ],
        "runs": Annotated[
            str, Option("Analyse runs made elsewhere; design.csv lies beside them.", "RUNS.csv", name="--from")
        ],
    }
    usual = {"estates": 16, "weeks": 52, "warmup": 26, "trajectories": 4, "points": 128, "few": 5}
    quick = {"estates": 12, "weeks": 46, "warmup": 20, "trajectories": 4, "points": 16, "few": 3}

    arms: dict[str, dict[str, Any]]
    outcome: Annotated[str, Option("By what it is judged.", usual="the question's")] = "standing"
    axes: tuple[Axis, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)
    named: bool = False
    method: Annotated[str, Option("morris, sobol, tornado, or both: the first, then the others over what matters.")] = (
        "both"
    )
    trajectories: Annotated[
        int, whole(4), Option("Of the screening.", usual="4, or 16 of those of which least is known")
    ] = 6
    points: Annotated[int, whole(8), Option("Rows of the indices, a power of two.")] = 64
    replicates: Annotated[int, Option("Runs of every arm at every point, at least 2.")] = 2
    few: Annotated[Count, Option("Parameters at most that pass to the indices.")] = 6
    surrogate: Annotated[bool, Option("Indices from a Gaussian process in the place of runs.")] = False
    runs: str | None = None

    @property
    def subject(self) -> dict[str, Any]:
        """The response: the outcome, and the arm under which, or the arms between which."""
        return {"outcome": self.outcome, "arms": list(self.arms)}

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What is kept of every run."""
        return tuple(dict.fromkeys([self.outcome, *(BESIDE if self.model is None else ())]))


def sensitivity_spec(arms: Arms, outcome: str, fields: Mapping[str, Any]) -> SensitivitySpec:
    """Make the spec of what a user asks of `sensitivity`: what varies is chosen, and all that can be wrong is found."""
    given = dict(fields)
    parameters, changes = given.pop("parameters", ()), dict(given.pop("changes", None) or {})
    weeks, world = given.pop("weeks", None), Scenario.of(given.pop("scenario", None))
    world = world.replace(changes if weeks is None else {**changes, "run.weeks": weeks})
    if given.get("model") is None:
        [outcome] = outcomes_of([outcome], world)
    own = {"arms": changes_of(arms), "outcome": outcome, "scenario": world, "named": bool(parameters)}
    spec = SensitivitySpec.of({**given, **own})
    _check(spec)
    picked = chosen(parameters, world, spec.arms, list(changes))
    if spec.method == "sobol" and len(picked.axes) > MOST:
        raise ScenarioError(
            f"Indices of {len(picked.axes)} parameters at once need far too many runs, and {MOST} are the most: name "
            "some with --parameters, or let --method both find those that matter."
        )
    if spec.method == "sobol" and spec.surrogate:
        checked_axes(picked.axes)
    return spec.replace(axes=picked.axes, left_out=picked.left_out)


def _check(spec: SensitivitySpec) -> None:
    method = spec.method
    if len(spec.arms) > 2:
        raise ScenarioError(
            f"{len(spec.arms)} arms are given: one, whose outcome is asked about, or two, of which the "
            "first is a policy and the second what it is set against."
        )
    if method not in METHODS:
        raise ScenarioError(f'method = "{method}" is none.{nearest(method, METHODS)} There are: {", ".join(METHODS)}.')
    if spec.surrogate and method in ("morris", "tornado"):
        raise ScenarioError(f"A surrogate is for indices, and {method} has none: use --method sobol or both.")
    if spec.replicates < 2:
        raise ScenarioError(
            f"replicates is {spec.replicates}: a whole number of at least 2 is needed, or chance cannot be given from "
            "effects."
        )
    points = spec.points
    if not spec.surrogate and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        raise ScenarioError(f"points = {points}: a Sobol sequence needs a power of two, like {below} or {2 * below}.")


BARS: Final = 12
"""Parameters that a tornado shows after screening."""
ALONE: Final = 4
"""Times as many replicates for a tornado, whose points are few and share random numbers."""
DOES: Final = {
    "morris": "Screening",
    "sobol": "Indices",
    "surrogate": "Runs for a surrogate",
    "tornado": "Each parameter alone",
}


@dataclass(frozen=True)
class Step:
    """A design that was run, or a table that was read, called `where` in messages.

    `runs` has a row per run: `point, arm, replicate`, parameters, outcomes; these are empty where it failed.  A table
    that was read may have more columns and arms, in any order; `counted` are the runs of the arms that are analysed,
    `lost` those of them that failed.  `stored` are the runs as the analysis has them in its own table.
    """

    spec: SensitivitySpec
    layout: SamplingDesign
    runs: pd.DataFrame
    where: str
    stored: StepRuns | None = None

    @property
    def counted(self) -> pd.DataFrame:
        return self.runs[self.runs["arm"].isin(list(self.spec.arms))]

    @property
    def lost(self) -> pd.DataFrame:
        return self.counted[self.counted[self.spec.outcome].isna()]

    @property
    def replicates(self) -> int:
        return int(self.counted["replicate"].nunique())


@dataclass
class Sensitivity(Result):
    """What was found, as far as its steps were requested.

    `indices` and `bars` are None without their step, or where no parameter's effect differs from zero; `by_chance` is
    how many parameters would pass the screening if none had an effect.

    Examples
    --------
    >>> from experiments import ready
    >>> ready.sensitivity().screening is ready.sensitivity().table
    True
    """

    spec: SensitivitySpec
    folder: Path
    steps: dict[str, Step] = field(default_factory=dict)
    screening: pd.DataFrame | None = None
    indices: Indices | None = None
    bars: pd.DataFrame | None = None
    by_chance: float = 0.0

    presented: ClassVar[str] = "experiments.analyses.sensitivity.sensitivity_report"

    @property
    def stores(self) -> list[Store]:
        """The stores of the steps; none where runs were made elsewhere."""
        return [] if self.spec.runs is not None else [Store(self.folder / kind) for kind in self.steps]

    @property
    def failures(self) -> list[dict[str, str]]:
        """The runs that failed; of a table that was made elsewhere, those without an outcome."""
        if self.spec.runs is None:
            return super().failures
        lost = pd.concat([step.lost for step in self.steps.values()])[["arm", "replicate"]].astype(str)
        return lost.assign(message="no outcome in the table").to_dict("records")

    @property
    def kinds(self) -> dict[str, pd.DataFrame]:
        """What has been worked out, with its table: `sobol`, `morris`, `tornado`.

        Examples
        --------
        >>> from experiments import ready
        >>> list(ready.sensitivity().kinds)
        ['morris']
        """
        indices = None if self.indices is None else self.indices.table
        tables = {"sobol": indices, "morris": self.screening, "tornado": self.bars}
        return {kind: table for kind, table in tables.items() if table is not None}

    @property
    def table(self) -> pd.DataFrame:
        """The indices; where there are none the screening, or the bars.

        Examples
        --------
        >>> from experiments import ready
        >>> sorted(ready.sensitivity().table["parameter"])
        ['desks.meeting', 'incidents.rate_noise']
        """
        return next(iter(self.kinds.values()))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`sobol`, `morris`, `tornado`, as far as they were requested, `left-out`, and `runs`."""
        left = pd.DataFrame(list(self.spec.left_out.items()), columns=["parameter", "reason"])
        return {**self.kinds, "left-out": left, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of all steps; of a table that was read, that table."""
        stored = {kind: step.stored for kind, step in self.steps.items() if step.stored is not None}
        return runs_table(stored) if stored else next(iter(self.steps.values())).runs

    @property
    def tally(self) -> Tally:
        """How many runs there are, and how many of them failed; of a table that was made elsewhere, its rows."""
        planned = sum(len(step.counted) for step in self.steps.values())
        failed = sum(len(step.lost) for step in self.steps.values())
        return Tally(planned - failed, failed, planned)


class SensitivityFields(WorldFields, total=False):
    """Keywords of an analysis of sensitivity; see `sensitivity`."""

    parameters: Sequence[str] | Mapping[str, Any]
    method: str
    trajectories: int
    points: int
    replicates: int
    few: int
    surrogate: bool
    changes: Mapping[str, Any] | None
    weeks: int | None


def sensitivity(
    arms: Arms = ("full", "none"), outcome: str = "standing", **fields: Unpack[SensitivityFields]
) -> Sensitivity:
    """Find out what drives an outcome, or the effect of a policy on it.

    Parameters
    ----------
    arms
        The policy, and the arm that it is set against: what is analysed is the difference, with common random numbers.
        With a single arm it is the outcome itself.
    outcome
        A mean over the weeks from the end of the warm-up on.
    **fields
        `parameters` are names of parameters or sections, or ranges by name as in a design; all that declare a range
        where left out.  `few` of them pass from screening to indices; a switch is no uncertainty and does not pass.
        The other fields of `SensitivitySpec` are those of ``gongzhi sensitivity --help``; with the keywords of `sweep`.
        Without `out`, results go when the result does.

    Raises
    ------
    GongzhiError
        Before the first run, when something requested cannot be done; after it, when hardly a run ended.

    Examples
    --------
    >>> result = sensitivity(["full", "none"], "standing")                     # doctest: +SKIP
    >>> result.table                                                            # doctest: +SKIP
    """
    running, own = Running.split(fields)
    return delivered(run_sensitivity(sensitivity_spec(arms, outcome, own), running))


def reread(runs: str | Path, arms: list[str], outcome: str, **fields: Unpack[WorldFields]) -> Sensitivity:
    """Analyse a table of runs that were made elsewhere, or refuse it, naming where it differs from its design.

    `runs` is a CSV with `point, arm, replicate`, the parameters and the outcome; ``design.csv``, whose parameters are
    those of the `scenario`, lies beside it.  Points for a surrogate must have been placed over the declared ranges:
    indices from runs are of the points that there are, while a surrogate fills the ranges.
    """
    running, own = Running.split(fields)
    return delivered(run_sensitivity(reread_spec(runs, arms, outcome, own), running))


def reread_spec(runs: str | Path, arms: Sequence[str], outcome: str, fields: Mapping[str, Any]) -> SensitivitySpec:
    """Make the spec of an analysis of runs that were made elsewhere."""
    path = expanded(runs).resolve()
    source = path.with_name("design.csv")
    layout = SamplingDesign.read(source, Scenario.of(fields.get("scenario")))
    if layout.kind == "surrogate":
        checked_axes(layout.axes)
        checked_ranges(layout, str(source))
    return SensitivitySpec.of(
        {**fields, "arms": {arm: {} for arm in arms}, "outcome": outcome, "axes": layout.axes, "runs": str(path)}
    )


def run_sensitivity(spec: SensitivitySpec, running: Running) -> Sensitivity:
    """Run the steps of an analysis, or read them where nothing may be run, or the runs that somebody else has made."""

    def run(home: Store) -> Sensitivity:
        result = Sensitivity(spec, home.folder)
        if spec.runs is None:
            claim(home.folder, spec, running)
            _run_steps(result, running.at(home.folder))
        else:
            path = Path(spec.runs)
            layout = SamplingDesign.read(path.with_name("design.csv"), spec.scenario)
            _analyse(result, Step(spec, layout, sampling_design.read_runs(path), str(path)))
            claim(home.folder, spec, running)
        return result

    return run_housed(running if spec.runs is None or running.out else running.at(Path()), run)


def _analyse(result: Sensitivity, step: Step) -> None:
    """Work out the result of a step."""
    layout = step.layout
    try:
        values = sampling_design.responses(step.runs, layout, result.spec.outcome, list(result.spec.arms), step.where)
        if layout.kind == "morris":
            result.screening, result.by_chance = screened(layout, values), passes_by_chance(layout, values)
        elif layout.kind == "tornado":
            result.bars = bars(layout, values)
        else:
            result.indices = (sobol_indices if layout.kind == "sobol" else surrogate_indices)(layout, values)
    except StoreError as error:
        failed = list(step.stored.outcome.failed.values()) if step.stored is not None else []
        if not failed:
            raise
        raise StoreError(f"{error} {len(failed)} runs failed, the first with: {failed[0]}") from error
    result.steps[layout.kind] = step


def _run_steps(result: Sensitivity, running: Running) -> None:
    """Run the requested steps, each on the result of the one before."""
    spec, axes = result.spec, list(result.spec.axes)
    usual = {axis.name: spec.scenario.get(axis.name) for axis in axes}
    narrow = shown = axes

    def run(layout: SamplingDesign, times: int = 1) -> None:
        _analyse(result, _run_step(spec, layout, times * spec.replicates, running))

    if spec.method in ("morris", "both"):
        run(sampling_design.trajectories(axes, spec.trajectories, spec.seed, usual))
        assert result.screening is not None
        known = {axis.name: axis for axis in axes}
        clear = [known[name] for name in result.screening.loc[result.screening["says"] == NOT_ZERO, "parameter"]]
        shown = clear[:BARS]
        narrow = [axis for axis in clear if spec.named or not _is_switch(axis)][: spec.few]
    if spec.method in ("sobol", "both") and narrow:
        if spec.surrogate:
            checked_axes(narrow)
        run((sampling_design.latin if spec.surrogate else sampling_design.saltelli)(narrow, spec.points, spec.seed))
    if spec.method in ("tornado", "both") and shown:
        run(sampling_design.one_by_one(shown, usual), ALONE)


def _is_switch(axis: Axis) -> bool:
    return bool(axis.levels) and all(isinstance(level, bool) for level in axis.levels)


class _ManyPoints(Design):
    """A design of very many points, whose record names a point by a digest instead of by hundreds of values."""

    def record(self) -> dict[str, Any]:
        """Return what identifies this design; that points are the same is seen from their digests."""
        arms = {
            arm.label: {"coverage.strategy": arm.strategy, "point": digest(json.dumps(dict(arm.changes)))[:16]}
            for arm in self.arms
        }
        return super().record() | {"arms": arms}


def _run_step(spec: SensitivitySpec, layout: SamplingDesign, replicates: int, running: Running) -> Step:
    """Run a design in a folder of its own within the analysis'; what is there is not run again."""
    home = Store(Path(running.out or ".") / layout.kind)
    path = home.folder / "design.csv"
    layout.checked_against(path, "Give another folder (--out, or out= in Python).")
    baseline = "" if len(spec.arms) == 1 else list(spec.arms)[-1]
    plan = single_point(spec, spec.arms, spec.outcomes, baseline, replicates, spec.seed)
    plan = replace(plan, kind=layout.kind, axes=layout.axes, points=layout.points)
    many = len(layout.points) * len(spec.arms) * replicates
    running.tell(f"{DOES[layout.kind]}: {len(layout.axes)} parameters, {len(layout.points)} points, {many} runs.")
    # Points of one unit share random numbers, those of different units do not.
    wide = plan.design(layout.units.tolist(), stored=running.execution.only_stored)
    design = _ManyPoints(**{part.name: getattr(wide, part.name) for part in fields(wide)})
    info = {"question": spec.question, "command": running.command}
    try:
        swept = Swept(plan, run_design(design, home, running.execution, info=info), home)
    finally:
        # Whatever stopped it, the folder says which design it holds a part of.
        if (home.folder / "experiment.json").exists() and not path.exists():
            home.write(path.name, layout.to_csv())
    runs = swept.runs
    if not running.execution.only_stored:
        home.write("runs.csv", runs.to_csv(index=False, lineterminator="\n"))
    return Step(spec, layout, runs, str(home.folder / "runs.csv"), swept.step_runs)
