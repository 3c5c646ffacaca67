"""Compare arms on common random numbers: where most analyses begin.

>>> from experiments import compare
>>> result = compare(["none", "own"], scenario=sim.Scenario().replace(     # doctest: +SKIP
...     {"district.estates": 60}), replicates=4, weeks=104)
>>> result.table[["strategy", "outcome", "difference", "verdict"]]          # doctest: +SKIP
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from experiments.analyses.assumptions.over import ranged
from experiments.analyses.compare.comparison import Comparison
from experiments.analyses.compare.comparison_spec import ComparisonFields, ComparisonSpec
from experiments.analyses.compare.further import FOLDER, further_design
from experiments.analyses.failed_runs import delivered
from experiments.core.design.arms import Arms
from experiments.core.run.execute import run_design
from experiments.core.spec import Running
from experiments.core.store.store import Store, housed

if TYPE_CHECKING:
    from experiments.core.design.design import Design

__all__ = ["compare", "run_comparison"]


def compare(arms: Arms, **fields: Unpack[ComparisonFields]) -> Comparison:
    """Compare arms in pairs of runs that share all their draws.

    Parameters
    ----------
    arms
        Names of strategies or controls, or labels with changes, such as
        ``{"busy": {"branches.reporting_hours": 6.0}}``.
        The baseline and the arms whose hours a control replays are added where missing.
    policy
        What a strategy is compared as: `coverage`, by itself, or `arrangement`, as the coverage of the study's whole
        arrangement (`design.policies`).
    further
        More arms, on a smaller ground and with a baseline of their own; in the same table, figures and report.
    baseline
        What all arms are compared with: by default `none`, or the first arm where all are the user's own.
    weeks
        Length of a run, warm-up included; by default the scenario's.
    scenario, district
        The world; by default the standard scenario and its synthetic district.
    out
        Folder for the results, which the same call continues; without one they go when the result does.  `store` is
        another word for it.
    question
        The question; stands in the store and the report.
    command
        How the results can be made again; by default this process's command line.
    model
        Makes another model: called with scenario, district, rng, replay.
    extend
        Allow the folder to hold fewer replicates or arms than are requested.
    execution
        Workers, executor, what to do with failed runs.
    assumptions
        Worlds of the range over assumptions: how far the effects of the headline reach over what is least known
        (`presets/least-known.toml`).  0 for none; None for as many as a third of the time allows, as the command has
        it.
    fixed
        Parameters that are known here and do not vary in the range.
    **fields
        Also the other fields of `ComparisonSpec`: ``gongzhi compare --help`` says what they are.

    Returns
    -------
    Comparison

    Raises
    ------
    GongzhiError
        Before the first step, when something requested cannot be done.
    """
    running, own = Running.split(fields)
    return delivered(run_comparison(ComparisonSpec.asked_of(arms, own), running))


def run_comparison[Shape: Comparison](
    spec: ComparisonSpec,
    running: Running,
    shape: type[Shape] = Comparison,  # type: ignore[assignment]
) -> Shape:
    """Run a comparison, or read it where nothing may be run, as a result of some kind."""
    command = running.command or shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    running = replace(running, command=command)
    stored = running.execution.only_stored
    design = spec.design(stored=stored)
    beside = None if spec.further is None else further_design(design, spec.further, spec.district)

    def result_in(home: Store) -> Shape:
        info = {"question": spec.question, "command": running.command}
        outcome = run_design(design, home, running.execution, extend=running.extend, info=info, spec=spec)
        other = None if beside is None else _further(spec, beside, home, running)
        beside_it = [] if other is None else [other.outcome.design]
        assumed = ranged(outcome, home, spec, running.execution, beside_it)
        return shape(spec.joined(outcome.design), home, outcome, running.execution, assumed, other)

    result = housed(running.out, result_in)
    if not stored:
        result.write()
    return result


def _further(spec: ComparisonSpec, design: Design, home: Store, running: Running) -> Comparison | None:
    """Run the further arms in their own folder; None where that is only read and was not begun."""
    store = Store(home.folder / FOLDER)
    if running.execution.only_stored and not (store.folder / "experiment.json").exists():
        return None
    info = {"question": spec.question, "command": running.command}
    outcome = run_design(design, store, running.execution, extend=running.extend, info=info)
    judged = spec.outcomes or (spec.further and spec.further.outcomes)
    own = spec.replace(further=None, outcomes=judged)
    return Comparison(own.joined(outcome.design), store, outcome, running.execution)
