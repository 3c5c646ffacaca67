"""What is asked of an analysis of sensitivity, and all that can be wrong with it before the first run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from pydantic import Field

from experiments.analyses.sensitivity.sampling_design import latin
from experiments.analyses.sensitivity.surrogate import checked_axes
from experiments.analyses.sensitivity.varied_parameters import chosen
from experiments.core.design.arms import Arms, changes_of
from experiments.core.design.axes import Axis
from experiments.core.design.plan import outcomes_of
from experiments.core.spec import Spec

__all__ = ["METHODS", "SensitivitySpec", "sensitivity_spec"]

METHODS: Final = ("morris", "sobol", "tornado", "both")
"""What can be asked for; ``both`` is screening first, then indices and tornado of what matters."""

MOST: Final = 20
"""Parameters over which indices are worked out at most, without screening."""

BESIDE = ("conflicts", "filed", "standing")
"""Outcomes that stand in the table of runs whatever is asked about: none is shown without the others."""


class SensitivitySpec(Spec):
    """An analysis of sensitivity.

    Attributes
    ----------
    arms
        Changes of the policy and of the arm that it is set against; or of one arm, whose outcome is asked about.
    outcome
        By what it is judged.
    axes, left_out
        What varies, and for each parameter that was asked for and does not vary, the reason.
    named
        Whether the user named what varies.
    method
        ``morris``, ``sobol``, ``tornado``, or ``both``: screening, then the others over what matters.
    trajectories, points, replicates, few
        Sizes of the screening and of the indices, runs of every arm at every point, and how many parameters pass.
    surrogate
        Whether indices are worked out from a Gaussian process in the place of runs.
    runs
        A table of runs that were made elsewhere, which is analysed in their place.
    """

    analysis: ClassVar[str] = "sensitivity"
    noun: ClassVar[str] = "analysis"

    arms: dict[str, dict[str, Any]]
    outcome: str = "standing"
    axes: tuple[Axis, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)
    named: bool = False
    method: str = "both"
    trajectories: int = 6
    points: int = 64
    replicates: int = 2
    few: int = 6
    surrogate: bool = False
    runs: str | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What is kept of every run."""
        return tuple(dict.fromkeys([self.outcome, *(BESIDE if self.model is None else ())]))


def sensitivity_spec(arms: Arms, outcome: str, fields: Mapping[str, Any]) -> SensitivitySpec:
    """Make the spec of what a user asks: what varies is chosen, and everything that can be wrong is found here.

    Parameters
    ----------
    arms, outcome
        As for `sensitivity`.
    fields
        As in `SensitivityFields`, without those that say how it is run.
    """
    from sim import Scenario

    given = dict(fields)
    parameters, changes = given.pop("parameters", ()), dict(given.pop("changes", None) or {})
    weeks = given.pop("weeks", None)
    world = (given.pop("scenario", None) or Scenario()).replace(
        changes | ({} if weeks is None else {"run.weeks": weeks})
    )
    spec = SensitivitySpec.of(
        {
            **given,
            "arms": _arms(arms),
            "outcome": _outcome(outcome, given.get("model")),
            "scenario": world,
            "named": bool(parameters),
        }
    )
    _checked(spec)
    picked = chosen(parameters, world, spec.arms, list(changes))
    if spec.method == "sobol" and len(picked.axes) > MOST:
        _too_many(len(picked.axes))
    if spec.method == "sobol" and spec.surrogate:
        checked_axes(latin(picked.axes, spec.points, spec.seed))
    return spec.replace(axes=picked.axes, left_out=picked.left_out)


def _arms(arms: Arms) -> dict[str, dict[str, Any]]:
    from sim.errors import ScenarioError

    changes = changes_of(arms)
    if len(changes) > 2:
        raise ScenarioError(
            f"{len(changes)} arms are given: one, whose outcome is asked about, or two, of which the "
            "first is a policy and the second what it is set against."
        )
    return changes


def _outcome(outcome: str, model: Callable[..., Any] | None) -> str:
    return outcome if model is not None else outcomes_of([outcome])[0]


def _checked(spec: SensitivitySpec) -> None:
    from sim.errors import ScenarioError, nearest

    method = spec.method
    if method not in METHODS:
        raise ScenarioError(f'method = "{method}" is none.{nearest(method, METHODS)} There are: {", ".join(METHODS)}.')
    if spec.surrogate and method in ("morris", "tornado"):
        raise ScenarioError(f"A surrogate is for indices, and {method} has none: use --method sobol or both.")
    least = {"trajectories": 4, "points": 8, "replicates": 2, "few": 1}
    for name, fewest in least.items():
        count = getattr(spec, name)
        if count < fewest:
            why = ", or chance cannot be given from effects" if name == "replicates" else ""
            raise ScenarioError(f"{name} is {count}: a whole number of at least {fewest} is needed{why}.")
    points = spec.points
    if not spec.surrogate and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        raise ScenarioError(f"points = {points}: a Sobol sequence needs a power of two, like {below} or {2 * below}.")


def _too_many(count: int) -> None:
    from sim.errors import ScenarioError

    raise ScenarioError(
        f"Indices of {count} parameters at once need far too many runs, and {MOST} are the most: name "
        "some with --parameters, or let --method both find those that matter."
    )
