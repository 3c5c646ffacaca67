"""An analysis from the question to its tables: screen all, divide the variance among the few, show each alone.

The folder holds a sweep for each step (``morris``, ``sobol`` or ``surrogate``, ``tornado``), each with its design and
its runs.  Steps that ended are not run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.sensitivity.morris import NOT_ZERO, passes_by_chance, screened
from experiments.analyses.sensitivity.responses import responses
from experiments.analyses.sensitivity.sampling_design import latin, one_by_one, saltelli, trajectories
from experiments.analyses.sensitivity.sensitivity_spec import SensitivitySpec, sensitivity_spec
from experiments.analyses.sensitivity.sobol import Indices, sobol_indices
from experiments.analyses.sensitivity.steps import Step, run_method
from experiments.analyses.sensitivity.surrogate import checked_axes, surrogate_indices
from experiments.analyses.sensitivity.tornado import bars
from experiments.analyses.stored_runs import runs_table
from experiments.core.analysis_folder import claim
from experiments.core.design.arms import Arms
from experiments.core.design.axes import Axis
from experiments.core.spec import Running, WorldFields
from experiments.core.store.store import Store, Tally, housed
from sim.errors import StoreError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sensitivity", "run_sensitivity", "sensitivity"]

BARS: Final = 12
"""Parameters that a tornado shows after screening."""
ALONE: Final = 4
"""Times as many replicates for a tornado, whose points are few and share random numbers."""


@dataclass
class Sensitivity(Result):
    """What was found, as far as its steps were requested.

    `indices` and `bars` are None without their step, or where no parameter's effect differs from zero; `by_chance` is
    how many parameters would pass the screening if none had an effect.
    """

    spec: SensitivitySpec
    folder: Path
    steps: dict[str, Step] = field(default_factory=dict, repr=False)
    screening: pd.DataFrame | None = field(default=None, repr=False)
    indices: Indices | None = field(default=None, repr=False)
    bars: pd.DataFrame | None = field(default=None, repr=False)
    by_chance: float = 0.0

    presented: ClassVar[str] = "experiments.analyses.sensitivity.sensitivity_report"

    @property
    def subject(self) -> dict[str, Any]:
        """The response: the outcome, and the arm under which, or the arms between which."""
        return {"outcome": self.spec.outcome, "arms": list(self.spec.arms)}

    @property
    def stores(self) -> list[Store]:
        """The stores of the steps; none where runs were made elsewhere."""
        return [] if self.spec.runs is not None else [Store(self.folder / kind) for kind in self.steps]

    @property
    def failures(self) -> list[dict[str, str]]:
        """The runs that failed; of a table that was made elsewhere, those without an outcome."""
        if self.spec.runs is None:
            return super().failures
        return [
            {"arm": str(row["arm"]), "replicate": str(row["replicate"]), "message": "no outcome in the table"}
            for step in self.steps.values()
            for row in step.lost
        ]

    @property
    def _worked_out(self) -> dict[str, Any]:
        indices = None if self.indices is None else self.indices.table
        return {"sobol": indices, "morris": self.screening, "tornado": self.bars}

    @property
    def kinds(self) -> list[str]:
        """What there is: `sobol`, `morris`, `tornado`."""
        return [kind for kind, table in self._worked_out.items() if table is not None]

    @property
    def table(self) -> pd.DataFrame:
        """The indices; where there are none the screening, or the bars."""
        return self.tables[self.kinds[0]]

    @property
    def failed(self) -> int:
        """Number of runs that failed, over all steps."""
        return sum(step.failed for step in self.steps.values())

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`sobol`, `morris`, `tornado`, as far as they were requested, `left-out`, and `runs`."""
        import pandas as pd

        left = pd.DataFrame(list(self.spec.left_out.items()), columns=["parameter", "reason"])
        return {kind: self._worked_out[kind] for kind in self.kinds} | {"left-out": left, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of all steps; of a table that was read, that table."""
        stored = {kind: step.stored for kind, step in self.steps.items() if step.stored is not None}
        return runs_table(stored) if stored else next(iter(self.steps.values())).runs

    @property
    def tally(self) -> Tally:
        """How many runs there are, and how many of them failed; of a table that was made elsewhere, its rows."""
        planned = sum(len(step.counted) for step in self.steps.values())
        return Tally(planned - self.failed, self.failed, planned)

    def analyse(self, step: Step) -> None:
        """Work out the result of a step."""
        try:
            self._analyse(step)
        except StoreError as error:
            failed = step.info.get("failed") or []
            if not failed:
                raise
            raise StoreError(f"{error} {len(failed)} runs failed, the first with: {failed[0]['message']}") from error

    def _analyse(self, step: Step) -> None:
        layout = step.layout
        values = responses(step.runs, layout, self.spec.outcome, list(self.spec.arms), step.where)
        if layout.kind == "morris":
            self.screening = screened(layout, values)
            self.by_chance = passes_by_chance(layout, values)
        elif layout.kind == "tornado":
            self.bars = bars(layout, values)
        else:
            self.indices = (sobol_indices if layout.kind == "sobol" else surrogate_indices)(layout, values)
        self.steps[layout.kind] = step


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
    parameters
        Names of parameters or sections, or ranges by name as in a design; all that declare a range where left out.
    trajectories, points
        Size of the screening, and of the indices (rows of the two matrices, a power of two; with a surrogate, points).
    replicates
        Runs of every arm at every point, at least 2; a tornado takes four times as many.
    few
        Parameters at most that pass from screening to indices; a switch is no uncertainty and does not pass.
    scenario, district, changes, weeks, seed, out, command, execution
        As for `sweep`; without `out`, results go when the result does.
    question
        For the report.
    model
        In place of the laboratory's, as for a `Plan`.
    say
        Called with what is being done.
    **fields
        Also the other fields of `SensitivitySpec`: ``gongzhi sensitivity --help`` says what they are.

    Raises
    ------
    GongzhiError
        Before the first run, when something requested cannot be done; after it, when hardly a run ended.

    Examples
    --------
    >>> found = sensitivity(["full", "none"], "standing")                     # doctest: +SKIP
    >>> found.table                                                             # doctest: +SKIP
    """
    running, own = Running.split(fields)
    return delivered(run_sensitivity(sensitivity_spec(arms, outcome, own), running))


def run_sensitivity(spec: SensitivitySpec, running: Running) -> Sensitivity:
    """Run the steps of an analysis, or read them where nothing may be run."""

    def run(home: Store) -> Sensitivity:
        result = Sensitivity(spec, claim(home.folder, spec, running))
        _steps(result, replace(running, out=home.folder))
        if not running.execution.only_stored:
            result.write()
        return result

    return housed(running.out, run)


def _steps(result: Sensitivity, running: Running) -> None:
    """Run the requested steps, each on the result of the one before."""
    spec, axes, seed = result.spec, result.spec.axes, result.spec.seed
    usual = {axis.name: spec.scenario.get(axis.name) for axis in axes}
    second = partial(latin if spec.surrogate else saltelli, number=spec.points, seed=seed)
    if spec.method in ("morris", "both"):
        result.analyse(run_method(spec, trajectories(axes, spec.trajectories, seed, usual), spec.replicates, running))
        matter = _matter(result, axes)
        narrow = [axis for axis in matter if spec.named or not _is_switch(axis)][: spec.few]
        shown = matter[:BARS]
    else:
        narrow = shown = list(axes)
    if spec.method in ("sobol", "both") and narrow:
        layout = second(narrow)
        if spec.surrogate:
            checked_axes(layout)
        result.analyse(run_method(spec, layout, spec.replicates, running))
    if spec.method in ("tornado", "both") and shown:
        result.analyse(run_method(spec, one_by_one(shown, usual), ALONE * spec.replicates, running))


def _matter(result: Sensitivity, axes: Sequence[Axis]) -> list[Axis]:
    """Parameters whose effect differs from zero, the most important first."""
    assert result.screening is not None
    place = {axis.name: axis for axis in axes}
    clear = result.screening[result.screening["says"] == NOT_ZERO]
    return [place[name] for name in clear["parameter"]]


def _is_switch(axis: Axis) -> bool:
    return all(isinstance(level, bool) for level in axis.levels) if axis.levels else False
