"""Ready results for a first look, a class or a test, as `sim.examples` has ready models.

Three estates, eight weeks and two replicates are too few to find anything out.  A result takes about a second at first;
whoever asks again in one process gets the same.

>>> from experiments import ready
>>> ready.comparison()
<Comparison: 4 runs, in ...>
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from experiments.core.run.execute import Execution
from experiments.core.store.store import housed

if TYPE_CHECKING:
    from experiments.analyses.ablation.ablation import Ablation
    from experiments.analyses.budget.budget_result import Search
    from experiments.analyses.compare.comparison import Comparison
    from experiments.analyses.sensitivity.sensitivity_result import Sensitivity
    from experiments.analyses.signmap.sign_map import SignMap
    from experiments.analyses.sweep.swept import Swept
    from experiments.analyses.validation.validation import Validation

__all__ = ["ablation", "comparison", "search", "sensitivity", "sign_map", "swept", "validation"]

_WORLD: Final[dict[str, Any]] = {"district.estates": 3, "run.weeks": 8, "run.warmup": 4}
_FULL: Final = {"coverage.strategy": "full"}
_QUIET: Final = Execution(executor="serial", progress=False)


@cache
def comparison() -> Comparison:
    """Return full coverage compared with none.

    Examples
    --------
    >>> comparison().spec.baseline
    'none'
    """
    from experiments.analyses.compare.comparison import compare

    return compare(["none", "full"], scenario=_WORLD, replicates=2, execution=_QUIET)


@cache
def swept() -> Swept:
    """Return full coverage and none at two points of the hours that branches spend on reports.

    Examples
    --------
    >>> len(swept().points)
    2
    """
    from experiments.analyses.sweep.swept import sweep

    design = {"parameters": {"branches.reporting_hours": [0.0, 4.0]}, "points": 2, "outcomes": ["conflicts"]}
    world = {**_WORLD, "outcomes.record_estates": True}
    return sweep({**design, "arms": ["none", "full"], "scenario": world}, execution=_QUIET)


@cache
def ablation() -> Ablation:
    """Return full coverage taken apart, into services and what is left without them.

    Examples
    --------
    >>> list(ablation().spec.parts)
    ['services']
    """
    from experiments.analyses.ablation.ablation import ablate

    out = {"services": {"services.effect": 0.0}}
    return ablate(_FULL, out, outcomes=["conflicts"], replicates=2, scenario=_WORLD, execution=_QUIET)


@cache
def sign_map() -> SignMap:
    """Return a map of four points on which full coverage is set against none.

    Examples
    --------
    >>> len(sign_map().table)
    4
    """
    from experiments.analyses.signmap.sign_map import signmap

    varied = {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]}
    design = {"design": "factorial", "levels": 2, "parameters": varied, "arms": ["none", "full"], "replicates": 2}
    given: Any = {"policy": "full", "looks": 1, "scenario": _WORLD, "execution": _QUIET}
    return housed(None, lambda store: signmap({**design, "outcomes": ["conflicts"]}, out=store.folder, **given))


@cache
def search() -> Search:
    """Return a search for the better of two coverages within six hours a week.

    Examples
    --------
    >>> search().spec.hours
    (6.0,)
    """
    from experiments.analyses.budget.budget_result import budget

    given: Any = {"outcome": "conflicts", "candidates": 2, "replicates": 2, "confirm": 2, "scenario": _WORLD}
    return housed(None, lambda store: budget([6.0], out=store.folder, execution=_QUIET, **given))


@cache
def sensitivity() -> Sensitivity:
    """Return a screening of what drives conflicts under full coverage, among two parameters.

    Examples
    --------
    >>> list(sensitivity().kinds)
    ['morris']
    """
    from experiments.analyses.sensitivity.sensitivity_result import sensitivity as analysed

    varied = {"incidents.rate_noise": [0.2, 0.8], "desks.meeting": [0.2, 0.8]}
    few: Any = {"method": "morris", "trajectories": 4}
    return analysed({"full": _FULL}, "conflicts", parameters=varied, scenario=_WORLD, execution=_QUIET, **few)


@cache
def validation() -> Validation:
    """Return the model and a rival, in which nobody talks to neighbours, beside the median reply.

    Examples
    --------
    >>> list(validation().verdicts)
    ['model', 'no talk']
    """
    from experiments.analyses.validation.targets import shipped
    from experiments.analyses.validation.validation import Null, validate

    silent = Null("talk", "Nobody talks.", {"grievances.contacts_conflict": 0.0, "grievances.contacts_open": 0.0})
    year = {**_WORLD, "run.weeks": 56}
    return validate(
        {"no talk": silent}, {"reply": shipped()["reply"]}, replicates=2, pilots=0, scenario=year, execution=_QUIET
    )
