"""What a sign map is to show: read from a design file with a few entries more than a sweep's, and checked whole.

::

    question = "Where does full coverage help?"
    design = "factorial"            # or latin, sobol, table
    levels = 4
    arms = ["none", "full", "hours_matched:full"]

    policy = "full"                 # whose sign
    against = ["none", "hours_matched:full"]
    outcome = "conflicts"           # judged by what
    margin = 0.02                   # a difference within this share of the comparator's mean is none
    looks = 3                       # after n, 2n, 4n replicates

    [parameters]
    "branches.reporting_hours" = "declared"
    "district.members_rate" = [0.002, 0.02]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, Self

from experiments.analyses.sweep.sweep_spec import REPLACED, PlanSpec, SweepFields
from experiments.core.design.plan import Plan, naming, outcomes_of, read_design
from experiments.core.margin import MARGIN
from experiments.core.option import Option
from experiments.core.spec import Count, Share, whole
from experiments.core.statistics.measures import better
from sim.errors import ScenarioError, nearest

OWN: Final[tuple[str, ...]] = ("policy", "against", "outcome", "margin", "looks")
"""Entries of a design that a sweep does not know."""

REPLICATES: Final = 3
"""Replicates of the first look where a design names none."""

OUTCOME: Final = "conflicts"
"""By which a policy is judged where a design names none."""

MOST_LOOKS: Final = 8
"""Each doubles the replicates."""

SPREAD: Final = ("factorial", "latin", "sobol", "table")
"""Designs whose points cover a space; the others walk along lines of it."""


def _checked(own: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Return what is asked at every point, checked against the arms that there are."""
    arms = list(plan.arms)
    there_are = f" There are: {', '.join(arm for arm in arms if arm)}." if any(arms) else " The design names no arms."
    against = own.get("against", "none")
    against = (against,) if isinstance(against, str) else against
    if "policy" not in own:
        refuse(f'Whose sign is asked? Say policy = "full", or another arm of the design.{there_are}')
    if not isinstance(against, Sequence) or not against:
        refuse(f'against = {own["against"]!r}: name one arm or more, such as ["none"].')
    for name, arm in (("policy", own["policy"]), *(("against", other) for other in against)):
        if not isinstance(arm, str) or arm not in arms:
            refuse(f'{name}: "{arm}" is no arm of the design.{nearest(str(arm), arms)}{there_are}')
    if own["policy"] in against:
        refuse(f'"{own["policy"]}" cannot be set against itself.')
    outcome = own.get("outcome", OUTCOME)
    if not isinstance(outcome, str):
        refuse(f"outcome = {outcome!r}: name one outcome, such as conflicts.")
    return {**own, "outcome": outcome, "against": tuple(dict.fromkeys(against))}


def _mappable(plan: Plan) -> None:
    if plan.kind not in SPREAD:
        refuse(
            f'design = "{plan.kind}" walks along lines, and a map needs points that cover a space: '
            f"use {', '.join(SPREAD)}."
        )
    if plan.points.shape[1] < 2:
        refuse("A map needs two parameters or more that vary.")
    if plan.replicates < 2:
        refuse("replicates is 1: an interval needs at least 2 at the first look.")


def refuse(text: str) -> NoReturn:
    """Refuse what a map is asked to be."""
    raise ScenarioError(text)


def refuse_unsided(outcome: str) -> None:
    """Refuse an outcome by which nothing can be judged."""
    if better(outcome) == "neither":
        refuse(f"{outcome} has no better side, so that nothing can help or harm: choose another outcome.")


class SignMapFields(SweepFields, total=False):
    """Keywords of a sign map; see `signmap`."""

    policy: str | None
    against: str | Sequence[str] | None
    outcome: str | None
    margin: float | None
    looks: int | None


class SignMapSpec(PlanSpec):
    """A sign map: the sweep of its first round, and what is asked at every point of it.

    Attributes
    ----------
    against
        Arms that the policy is set against.
    """

    analysis = "signmap"
    noun = "map"

    quick = {"levels": 3, "points": 16, "replicates": 2, "looks": 1}

    policy: Annotated[
        str,
        Option(
            "Whose sign: an arm of the map, or arrangement or coverage, for its strategies as that policy.",
            "ARM",
            usual="the map's own",
        ),
    ]
    against: tuple[str, ...]
    outcome: Annotated[str, Option("By what it is judged.", usual="the map's own, or conflicts")] = OUTCOME
    margin: Annotated[
        Share,
        Option(
            "A difference within this share of the comparator's mean is none.",
            "SHARE",
            usual=f"the map's own, or {MARGIN}",
        ),
    ] = MARGIN
    looks: Annotated[
        int,
        whole(1, MOST_LOOKS),
        Option("Looks at most, each at twice the replicates, where a sign is open.", usual="the map's own, or 3"),
    ] = 3
    replicates: Annotated[Count, Option("Runs of every arm at the first look.", usual="the map's own")] = 1

    @classmethod
    def asked_of(cls, source: str | Path | Mapping[str, Any], fields: Mapping[str, Any]) -> Self:
        """Make the spec of a design, a file or a dictionary, which may say `OWN` as well; `fields`, as in
        `SignMapFields`, replace what the design says.

        Raises
        ------
        ScenarioError
            Naming the file, and what in it cannot be mapped.
        """
        rest = dict(fields)
        design, file = read_design(source)
        own = {name: design.pop(name) for name in OWN if name in design}
        own |= {name: value for name in OWN if (value := rest.pop(name, None)) is not None}
        sizes = {name: rest.pop(name, None) for name in REPLACED}
        design.setdefault("replicates", REPLICATES)
        with naming(file):
            plan = Plan.of(design, folder=None if file is None else file.parent, overrides=sizes, **rest)
            plan = replace(plan, apart=plan.kind != "factorial")
            checked = _checked(own, plan)
            _mappable(plan)
            outcome = checked["outcome"]
            if rest.get("model") is None and outcome not in plan.outcomes:
                plan = replace(plan, outcomes=(*outcomes_of([outcome]), *plan.outcomes))
            refuse_unsided(outcome)
            plan.design()  # what a point or an arm cannot be is refused with the rest
            return cls.of_plan(plan, **checked)
