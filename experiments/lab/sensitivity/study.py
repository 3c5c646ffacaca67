"""An analysis from the question to its tables: screen all, divide the variance among the few, show each alone.

The folder holds a sweep for each step (``morris``, ``sobol`` or ``surrogate``, ``tornado``), each with its design and
its runs, and beside them what was worked out of them.  Steps that ended are not run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.lab.design.arms import Arms, changes_of
from experiments.lab.design.axes import Axis
from experiments.lab.design.plan import outcomes_of
from experiments.lab.sensitivity.layout import latin, one_by_one, saltelli, trajectories
from experiments.lab.sensitivity.morris import NOT_ZERO, passes_by_chance, screened
from experiments.lab.sensitivity.parameters import Chosen, chosen
from experiments.lab.sensitivity.responses import responses
from experiments.lab.sensitivity.sobol import Indices, indices
from experiments.lab.sensitivity.steps import Question, Step, perform
from experiments.lab.sensitivity.surrogate import checked_axes, surrogate_indices
from experiments.lab.sensitivity.tornado import bars
from experiments.lab.store.files import replace_file
from experiments.lab.store.home import housed
from sim.paths import expanded

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.lab.run.execute import Execution
    from experiments.lab.store.store import Store
    from sim import District, Scenario

__all__ = ["METHODS", "Sensitivity", "sensitivity"]

METHODS: Final = ("morris", "sobol", "tornado", "both")
"""What can be asked for; ``both`` is screening first, then indices and tornado of what matters."""

MOST: Final = 20
"""Parameters over which indices are worked out at most, without screening."""
BARS: Final = 12
"""Parameters that a tornado shows after screening."""
ALONE: Final = 4
"""Times as many replicates for a tornado, whose points are few and share their chance."""


@dataclass
class Sensitivity:
    """What was found, as far as its steps were asked for.

    Attributes
    ----------
    asked
        The question: outcome, arms, scenario.
    chosen
        What was varied, and what was left out, with the reasons.
    steps
        What was run, by kind.
    screening
        See `screened`; None without that step.
    indices
        See `Indices`; None without that step, or where no parameter's effect differs from zero.
    bars
        See `bars`; likewise.
    by_chance
        How many parameters would pass the screening if none had an effect.
    folder
        Where all is.
    """

    asked: Question
    chosen: Chosen
    folder: Path
    steps: dict[str, Step] = field(default_factory=dict, repr=False)
    screening: pd.DataFrame | None = field(default=None, repr=False)
    indices: Indices | None = field(default=None, repr=False)
    bars: pd.DataFrame | None = field(default=None, repr=False)
    by_chance: float = 0.0

    @property
    def table(self) -> pd.DataFrame:
        """The indices; where there are none the screening, or the bars."""
        if self.indices is not None:
            return self.indices.table
        found = self.screening if self.screening is not None else self.bars
        assert found is not None
        return found

    @property
    def kinds(self) -> list[str]:
        """What can be drawn: `sobol`, `morris`, `tornado`."""
        there = {"sobol": self.indices, "morris": self.screening, "tornado": self.bars}
        return [kind for kind, found in there.items() if found is not None]

    @property
    def failed(self) -> int:
        """Number of runs that failed, over all steps."""
        return sum(step.failed for step in self.steps.values())

    def figure(self, kind: str | None = None, lang: str = "en") -> Figure:
        """Draw the indices, the screening or the tornado; by default the first of these that there is."""
        from experiments.lab.plots.sensitivity import sensitivity_figure

        return sensitivity_figure(self, kind or self.kinds[0], lang)

    def write(self) -> None:
        """Write the tables."""
        import pandas as pd

        left = pd.DataFrame(list(self.chosen.left_out.items()), columns=["parameter", "reason"])
        tables = {"morris.csv": self.screening, "sobol.csv": None if self.indices is None else self.indices.table,
                  "tornado.csv": self.bars, "left-out.csv": left}
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            if table is not None:
                replace_file(self.folder / name, table.to_csv(index=False, lineterminator="\n").encode())

    def report(self, path: str | Path | None = None, lang: str = "en") -> Path:
        """Write figures and report; return the report's path, by default ``report.html`` in the folder."""
        from experiments.lab.report.sensitivity import sensitivity_report

        return sensitivity_report(self, expanded(path) if path is not None else self.folder / "report.html", lang)

    def take(self, step: Step) -> None:
        """Work out what a step has to tell."""
        outcome, arms, layout = self.asked.outcome, list(self.asked.arms), step.layout
        values = responses(step.runs, layout, outcome, arms, step.where)
        if layout.kind == "morris":
            self.screening = screened(layout, values)
            self.by_chance = passes_by_chance(layout, values)
        elif layout.kind == "tornado":
            self.bars = bars(layout, values)
        else:
            self.indices = (indices if layout.kind == "sobol" else surrogate_indices)(layout, values)
        self.steps[layout.kind] = step


def sensitivity(
    arms: Arms = ("full", "none"),
    outcome: str = "standing",
    *,
    parameters: Sequence[str] | Mapping[str, Any] = (),
    method: str = "both",
    trajectories: int = 6,
    points: int = 64,
    replicates: int = 2,
    few: int = 6,
    surrogate: bool = False,
    scenario: Scenario | None = None,
    district: District | None = None,
    changes: Mapping[str, Any] | None = None,
    weeks: int | None = None,
    seed: int = 1,
    question: str = "",
    store: str | Path | None = None,
    command: str = "",
    execution: Execution | None = None,
    model: Callable[..., Any] | None = None,
    say: Callable[[str], None] | None = None,
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
    method
        ``morris``, ``sobol``, ``tornado``, or ``both``: screening, then the others over what matters.
    trajectories, points
        Size of the screening, and of the indices (rows of the two matrices, a power of two; with a surrogate, points).
    replicates
        Runs of every arm at every point, at least 2; a tornado takes four times as many.
    few
        Parameters at most that pass from screening to indices; a switch is no uncertainty and does not pass.
    surrogate
        Work the indices out from a Gaussian process in the place of runs.
    scenario, district, changes, weeks, seed, store, command, execution
        As for `sweep`; without `store`, results go when the result does.
    question
        For the report.
    model
        In place of the laboratory's, as for a `Plan`.
    say
        Is told what is being done.

    Raises
    ------
    GongzhiError
        Before the first run, when something asked for cannot be done; after it, when hardly a run ended.

    Examples
    --------
    >>> found = sensitivity(["full", "none"], "standing")                     # doctest: +SKIP
    >>> found.table                                                             # doctest: +SKIP
    """
    from sim import Scenario

    counts = {"trajectories": trajectories, "points": points, "replicates": replicates, "few": few}
    _checked(method, surrogate, counts)
    world = (Scenario() if scenario is None else scenario).replace(dict(changes or {}))
    world = world if weeks is None else world.replace({"run.weeks": weeks})
    asked = Question(question, _outcome(outcome, model), _arms(arms), world, district, seed, command, model)
    picked = chosen(parameters, world, asked.arms, list(changes or {}))
    if method == "sobol" and len(picked.axes) > MOST:
        _too_many(len(picked.axes))

    def made(home: Store) -> Sensitivity:
        found = Sensitivity(asked, picked, home.folder)
        _steps(found, method, surrogate, counts, bool(parameters), execution, say)
        found.write()
        return found

    return housed(store, made)


def _steps(
    found: Sensitivity, method: str, surrogate: bool, size: Mapping[str, int], named: bool, execution: Execution | None,
    say: Callable[[str], None] | None,
) -> None:
    """Run the steps that are asked for, each on what the one before has found."""
    asked, axes, seed = found.asked, found.chosen.axes, found.asked.seed
    usual = {axis.name: asked.scenario.get(axis.name) for axis in axes}
    run = partial(perform, asked, found.folder, execution=execution, say=say)
    second = partial(latin if surrogate else saltelli, number=size["points"], seed=seed)
    if surrogate and method == "sobol":
        checked_axes(second(axes))
    if method in ("morris", "both"):
        found.take(run(trajectories(axes, size["trajectories"], seed, usual), size["replicates"]))
        matter = _matter(found, axes)
        narrow = [axis for axis in matter if named or not _is_switch(axis)][: size["few"]]
        shown = matter[:BARS]
    else:
        narrow = shown = list(axes)
    if method in ("sobol", "both") and narrow:
        layout = second(narrow)
        if surrogate:
            checked_axes(layout)
        found.take(run(layout, size["replicates"]))
    if method in ("tornado", "both") and shown:
        found.take(run(one_by_one(shown, usual), ALONE * size["replicates"]))


def _matter(found: Sensitivity, axes: Sequence[Axis]) -> list[Axis]:
    """Parameters whose effect differs from zero, the most important first."""
    assert found.screening is not None
    place = {axis.name: axis for axis in axes}
    clear = found.screening[found.screening["says"] == NOT_ZERO]
    return [place[name] for name in clear["parameter"]]


def _is_switch(axis: Axis) -> bool:
    return all(isinstance(level, bool) for level in axis.levels) if axis.levels else False


def _arms(arms: Arms) -> dict[str, dict[str, Any]]:
    from sim.errors import ScenarioError

    found = changes_of(arms)
    if len(found) > 2:
        raise ScenarioError(f"{len(found)} arms are given: one, whose outcome is asked about, or two, of which the "
                            "first is a policy and the second what it is set against.")
    return found


def _outcome(outcome: str, model: Callable[..., Any] | None) -> str:
    return outcome if model is not None else outcomes_of([outcome])[0]


def _checked(method: str, surrogate: bool, counts: Mapping[str, int]) -> None:
    from sim.errors import ScenarioError, nearest

    if method not in METHODS:
        raise ScenarioError(f'method = "{method}" is none.{nearest(method, METHODS)} There are: {", ".join(METHODS)}.')
    if surrogate and method in ("morris", "tornado"):
        raise ScenarioError(f"A surrogate is for indices, and {method} has none: use --method sobol or both.")
    least = {"trajectories": 4, "points": 8, "replicates": 2, "few": 1}
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < least[name]:
            why = ", or chance cannot be told from effects" if name == "replicates" else ""
            raise ScenarioError(f"{name} is {count}: a whole number of at least {least[name]} is needed{why}.")
    points = counts["points"]
    if not surrogate and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        raise ScenarioError(f"points = {points}: a Sobol sequence needs a power of two, like {below} or {2 * below}.")


def _too_many(count: int) -> None:
    from sim.errors import ScenarioError

    raise ScenarioError(f"Indices of {count} parameters at once need far too many runs, and {MOST} are the most: name "
                        "some with --parameters, or let --method both find those that matter.")
