"""A table of runs that were made elsewhere: analysed if it is of the design that lies beside it, and refused if not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.sensitivity.layout import Layout
from experiments.lab.sensitivity.parameters import Chosen
from experiments.lab.sensitivity.responses import read_runs
from experiments.lab.sensitivity.steps import Question, Step
from experiments.lab.sensitivity.study import Sensitivity
from experiments.lab.sensitivity.surrogate import checked_axes, checked_ranges
from sim.paths import expanded

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["reread"]


def reread(
    runs: str | Path, arms: list[str], outcome: str, *, scenario: Scenario, folder: str | Path, question: str = "",
    command: str = "",
) -> Sensitivity:
    """Analyse a table of runs.

    Parameters
    ----------
    runs
        A CSV with `point, arm, replicate`, the parameters and the outcome; ``design.csv`` lies beside it.
    arms
        One, or the policy and what it is set against, as they stand in the table.
    outcome
        A column of the table.
    scenario
        Of whose parameters the design is.
    folder
        Where results are to go.

    Raises
    ------
    StoreError
        The table was not made by the design, naming what differs.
    ScenarioError
        The runs are for a surrogate, and their points were placed over other ranges than the declared ones: indices
        from runs are of the points that there are, while a surrogate fills the ranges.
    """
    path = expanded(runs)
    there = path.with_name("design.csv")
    layout = Layout.read(there, scenario)
    if layout.kind == "surrogate":
        checked_axes(layout)
        checked_ranges(layout, str(there))
    labels: dict[str, dict[str, Any]] = {arm: {} for arm in arms}
    asked = Question(question, outcome, labels, scenario, command=command)
    found = Sensitivity(asked, Chosen(layout.axes), expanded(folder))
    found.take(Step(layout, read_runs(path), outcome, tuple(arms), str(path)))
    found.write()
    return found
