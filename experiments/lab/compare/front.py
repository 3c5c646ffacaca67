"""The front door of the laboratory: compare arms on common random numbers.

>>> from experiments import compare
>>> result = compare(["none", "own"], scenario=sim.Scenario().replace(     # doctest: +SKIP
...     {"district.estates": 60}), replicates=4, weeks=104)
>>> result.table[["strategy", "outcome", "difference", "verdict"]]          # doctest: +SKIP
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.assumptions.over import ranged
from experiments.lab.compare.comparison import Comparison
from experiments.lab.compare.further import FOLDER, Further, further_design
from experiments.lab.design import planning
from experiments.lab.design.arms import Arms
from experiments.lab.design.policies import COVERAGE, as_policy, posed
from experiments.lab.margin import MARGIN
from experiments.lab.run.execute import Execution, run_design
from experiments.lab.statistics import measures
from experiments.lab.store.home import housed
from experiments.lab.store.store import Store

if TYPE_CHECKING:
    from sim import District, Scenario

__all__ = ["compare"]


def compare(
    arms: Arms,
    *,
    policy: str = COVERAGE,
    further: Further | None = None,
    baseline: str | None = None,
    replicates: int = 10,
    weeks: int | None = None,
    scenario: Scenario | None = None,
    district: District | None = None,
    districts: int = 1,
    outcomes: Sequence[str] | None = None,
    margin: float = MARGIN,
    store: str | Path | None = None,
    seed: int = 1,
    question: str = "",
    command: str = "",
    plugin: str | Path | None = None,
    model: Callable[..., Any] | None = None,
    extend: bool = False,
    execution: Execution | None = None,
    assumptions: int | None = 0,
    fixed: Sequence[str] = (),
) -> Comparison:
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
    replicates
        Runs of every arm, each with its own seed.
    weeks
        Length of a run, warm-up included; by default the scenario's.
    scenario, district
        The world; by default the standard scenario and its synthetic district.
    districts
        Synthetic districts to run on, to vary the ground as well; each has all replicates.
    outcomes
        Columns of `model.outcomes` for the table.
    margin
        A difference within this share of the baseline's mean does not matter.
    store
        Folder for the results, which the same call continues; without one they go when the result does.
    seed
        Master seed, from which those of the replicates are hashed.
    question
        What is asked; stands in the store and the report.
    command
        How the results can be made again; by default this process's command line.
    plugin
        A Python file that registers strategies.
    model
        Makes another model: called with scenario, district, rng, replay.
    extend
        Allow the folder to hold fewer replicates or arms than are asked for.
    execution
        Workers, executor, what to do with failed runs.
    assumptions
        Worlds of the range over assumptions: how far the effects of the headline reach over what is least known
        (`presets/least-known.toml`).  0 for none; None for as many as a third of the time allows, as the command has
        it.
    fixed
        Parameters that are known here and do not vary in the range.

    Returns
    -------
    Comparison

    Raises
    ------
    GongzhiError
        Before the first step, when something asked for cannot be done.
    """
    arms, baseline = posed(arms, baseline, policy)
    design, margin = planning.planned(
        arms,
        baseline=baseline,
        replicates=replicates,
        weeks=weeks,
        scenario=scenario,
        district=district,
        districts=districts,
        margin=margin,
        seed=seed,
        plugin=plugin,
        model=model,
    )
    if outcomes is not None and model is None:
        from sim.outcomes import COLUMNS

        measures.chosen(outcomes, list(COLUMNS))
    beside = None if further is None else further_design(
        design, replace(further, arms=as_policy(further.arms, policy)), district)
    judged = outcomes or (None if further is None else further.outcomes)
    execution = execution or Execution()
    info = {
        "question": question,
        "command": command or _command(),
        "margin": margin,
        "outcomes": None if outcomes is None else list(outcomes),
    }
    named = {} if beside is None else {"further": FOLDER}

    def made(home: Store) -> Comparison:
        outcome = run_design(design, home, execution, extend=extend, info=info | named)
        other = None
        if beside is not None:
            store = Store(home.folder / FOLDER)
            judging = {"outcomes": None if judged is None else list(judged)}
            ended = run_design(beside, store, execution, extend=extend, info=info | judging)
            other = Comparison(store, ended, margin, judged, execution)
        assumed = ranged(
            outcome, home, assumptions, fixed, district=district, execution=execution,
            beside=[] if other is None else [other.outcome.design])
        return Comparison(home, outcome, margin, outcomes, execution, assumed, other)

    result = housed(store, made)
    result.write()
    return result


def _command() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
