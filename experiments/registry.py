"""The analyses that there are: the specification of each, and how it is run or read again.

A folder says in its ``experiment.json`` of which kind its analysis is and what was asked.  So one function runs every
kind, one gives back the result of a folder without running anything, and no command needs a way of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from experiments.analyses.result import Result
    from experiments.core.spec import Running, Spec


@dataclass(frozen=True)
class Kind:
    """A kind of analysis.

    `spec` says where its spec is, and `run` the function of a spec and a `Running` that gives its result:
    ``module:name``, the module beneath `experiments.analyses` or in full.  Where `unfinished`, a folder can be read
    before all its runs have ended.  `command` says in a line what the command of its name does; it is empty where there
    is none, or one that is written by hand.
    """

    spec: str
    run: str
    unfinished: bool = False
    command: str = ""


KINDS: Final[dict[str, Kind]] = {
    "comparison": Kind("compare.comparison_spec:ComparisonSpec", "compare.comparison:run_comparison", unfinished=True),
    "sweep": Kind("sweep.sweep_spec:SweepSpec", "sweep.swept:run_sweep", unfinished=True),
    "ablation": Kind("ablation.ablation:AblationSpec", "ablation.ablation:run_ablation", unfinished=True),
    "signmap": Kind("signmap.sign_map:SignMapSpec", "signmap.sign_map:run_signmap"),
    "sensitivity": Kind(
        "sensitivity.sensitivity_result:SensitivitySpec", "sensitivity.sensitivity_result:run_sensitivity"
    ),
    "calibration": Kind("calibration.calibration:CalibrationSpec", "calibration.calibration:run_calibration"),
    "validation": Kind("validation.validation:ValidationSpec", "validation.validation:run_validation"),
    "budget": Kind("budget.budget_spec:BudgetSpec", "budget.budget_result:run_budget"),
    "study": Kind("study.study_comparison:StudySpec", "study.study_comparison:run_study_spec", unfinished=True),
    "systems": Kind("study.systems_study:SystemsSpec", "study.sweeps:run_study_sweep"),
    "channels": Kind("study.desks:ChannelsSpec", "study.sweeps:run_study_sweep"),
    "assumptions": Kind("study.conventions:AssumptionsSpec", "study.sweeps:run_study_sweep"),
    "signs": Kind("signmap.region_search:RegionSearchSpec", "signmap.region_search:run_region_search"),
    "screening": Kind("assumptions.screening:ScreeningSpec", "assumptions.screening:run_screening"),
}
"""The analyses by the name under which a folder knows them."""


def perform(spec: Spec, running: Running) -> Result:
    """Run an analysis; what its folder holds is not run again."""
    result: Result = load(KINDS[spec.analysis].run)(spec, running)
    return result


def open(folder: str | Path) -> Result:  # noqa: A001  read as experiments.open
    """Give back the result that a folder of any analysis holds, without running anything; it may have been moved.

    Raises
    ------
    StoreError
        The folder holds no analysis, one that cannot be read by itself, or, of most kinds, an unfinished one.  The
        message names the command that goes on from there.

    Examples
    --------
    >>> result = open("results/compare")                                        # doctest: +SKIP
    >>> result.table, result.figures["effects"]("en")                           # doctest: +SKIP
    """
    from experiments.core.spec import Running
    from experiments.core.store.store import held
    from sim.core.errors import StoreError
    from sim.core.paths import expanded

    place = expanded(folder)
    record, command = held(place)
    kind = KINDS.get(str(record.get("analysis")))
    if kind is None:
        raise StoreError(f'{place} holds an analysis of a kind that is not known here: "{record.get("analysis")}".')
    spec = load(kind.spec).read(record, place)
    return perform(spec, Running.reading(place, command, kind.unfinished))


def merge(
    folders: Sequence[str | Path],
    out: str | Path,
    *,
    run: bool = False,
    model: Callable[..., Any] | None = None,
    plugin: str | Path | None = None,
    **running: Any,
) -> Result:
    """Make one folder of several, which hold parts of one comparison, study, sweep or ablation; they are not changed.

    Parameters
    ----------
    folders
        Of one kind, world and seed: they may differ in arms, replicates, districts, and in points that nest.  What
        keeps them from being merged is refused in one message.
    out
        The new folder; the same call continues what was interrupted.
    run
        Run what is in none of the folders; otherwise it is missing, as after an interruption.
    model, plugin
        The user's own, where the folders were made with one; what is in none of them is run with it.
    **running
        `command` and `execution`, as for any analysis.

    Examples
    --------
    >>> from experiments import merge
    >>> merge(["no-such-folder", "another"], "merged")
    Traceback (most recent call last):
    sim.StoreError: ...
    """
    from experiments.analyses.assumptions.over import held_sizes
    from experiments.analyses.merging import check_folders, merged_spec, stores_in
    from experiments.core.design.own_components import components_in
    from experiments.core.spec import Running
    from experiments.core.store.store import held
    from sim.core.errors import StoreError
    from sim.core.paths import expanded

    own, rest = Running.split({**running, "out": expanded(out)})
    if rest:
        raise TypeError(f"merge() got an unexpected keyword argument {next(iter(rest))!r}")
    places = [expanded(folder) for folder in folders]
    check_folders(places, expanded(out))
    specs: list[Spec] = []
    for place in places:
        record, _ = held(place)
        kind = KINDS.get(str(record.get("analysis")))
        if kind is None or not load(kind.spec).merging:
            raise StoreError(
                f"{place} holds an analysis that cannot be merged ({record.get('analysis')}): later runs of it depend "
                "on earlier ones, or all are needed at once. Comparisons, studies, sweeps and ablations can be."
            )
        file = plugin or (record.get("plugin") if run else None)
        if file is not None and (plugin is not None or expanded(file).exists()):
            components_in(file)  # from here on what it declares is at hand
        spec = load(kind.spec).read(record, place)
        given = {"plugin": plugin and str(plugin), "model": model}
        own_code = {name: value for name, value in given.items() if value and getattr(spec, name, None) is not None}
        specs.append(spec.replace(**own_code))
    whole = merged_spec(places, specs)
    if "assumptions" in type(whole).model_fields:
        worlds = {sizes.points for place in places if (sizes := held_sizes(place)) is not None}
        if len(worlds) > 1:
            raise StoreError(
                f"The folders have ranges over {' and '.join(map(str, sorted(worlds)))} worlds: one is needed."
            )
        whole = whole.replace(assumptions=max(worlds, default=0))
    sources = tuple(store.folder for place in places for store in stores_in(place))
    how = replace(own.execution, sources=sources, only_copied=not run)
    return perform(whole, replace(own, execution=how))


def load(where: str) -> Any:
    """Return what stands at ``module:name``."""
    module, name = where.split(":")
    full = module if module.startswith("experiments.") else f"experiments.analyses.{module}"
    return getattr(importlib.import_module(full), name)
