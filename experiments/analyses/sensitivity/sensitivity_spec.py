"""What is asked of an analysis of sensitivity, and all that can be wrong with it before the first run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from experiments.analyses.sensitivity.sampling_design import latin
from experiments.analyses.sensitivity.surrogate import checked_axes
from experiments.analyses.sensitivity.varied_parameters import chosen
from experiments.core.design.arms import Arms, changes_of
from experiments.core.design.axes import Axis
from experiments.core.design.plan import outcomes_of
from experiments.core.option import Option
from experiments.core.spec import Count, Spec, whole

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
    axes, left_out
        What varies, and for each parameter that was asked for and does not vary, the reason.
    named
        Whether the user named what varies.
    runs
        A table of runs that were made elsewhere, which is analysed in their place.
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
    from sim.errors import ScenarioError

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
            "outcome": outcomes_of([outcome])[0] if given.get("model") is None else outcome,
            "scenario": world,
            "named": bool(parameters),
        }
    )
    _checked(spec)
    picked = chosen(parameters, world, spec.arms, list(changes))
    if spec.method == "sobol" and len(picked.axes) > MOST:
        raise ScenarioError(
            f"Indices of {len(picked.axes)} parameters at once need far too many runs, and {MOST} are the most: name "
            "some with --parameters, or let --method both find those that matter."
        )
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


def _checked(spec: SensitivitySpec) -> None:
    from sim.errors import ScenarioError, nearest

    method = spec.method
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
