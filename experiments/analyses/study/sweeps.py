"""Studies of all policies: what each system moves, what desks do, and what conventions decide.

Each runs contrasts (`contrasts`): the same world with and without a policy, again and again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from experiments.analyses.paged_result import PagedResult
from experiments.analyses.study import conventions as convention_table
from experiments.analyses.study import desks, systems_table
from experiments.analyses.study.contrasts import run_or_read_contrasts
from experiments.analyses.study.conventions import Convention
from experiments.analyses.study.desks import World
from experiments.analyses.study.systems_table import System
from experiments.core.spec import Count, Running, Spec
from experiments.core.store.store import Store, housed
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    from sim import Scenario

__all__ = [
    "Assumptions",
    "AssumptionsSpec",
    "Channels",
    "ChannelsSpec",
    "StudySweepSpec",
    "Systems",
    "SystemsSpec",
    "run_assumptions",
    "run_channels",
    "run_systems",
]


class StudySweepSpec(Spec):
    """What studies of all policies have in common.

    Attributes
    ----------
    replicates
        Of each world.
    """

    noun = "study"

    replicates: Count = 4

    @classmethod
    def sized(cls, scenario: Scenario, size: Mapping[str, int], **fields: Any) -> Self:
        """Make the spec of a study of some size.

        Parameters
        ----------
        scenario
            The world, whatever its size.
        size
            Estates, weeks and replicates.
        **fields
            What else the study is.
        """
        world = scenario.replace({"district.estates": size["estates"], "run.weeks": size["weeks"]})
        return cls.of({**fields, "replicates": size["replicates"], "scenario": world})

    @property
    def made_by(self) -> Finding:
        """How large it is."""
        return Finding(
            "study.made_by",
            name=self.analysis,
            estates=self.scenario.district.estates,
            weeks=self.scenario.run.weeks,
            replicates=self.replicates,
        )


class SystemsSpec(StudySweepSpec):
    """What each system moves: every system switched off and on."""

    analysis = "systems"

    systems: tuple[System, ...]


class AssumptionsSpec(StudySweepSpec):
    """What conventions decide: every policy against no branch under each setting of each convention."""

    analysis = "assumptions"

    conventions: tuple[Convention, ...]
    policies: dict[str, dict[str, Any]]


class ChannelsSpec(StudySweepSpec):
    """What desks do: desks off and on in every world, with no branch anywhere."""

    analysis = "channels"

    worlds_of_desks: tuple[World, ...]


@dataclass
class Systems(PagedResult):
    """What each system moves."""

    spec: SystemsSpec
    presented = "experiments.analyses.study.systems_report"
    languages = ("en",)


@dataclass
class Assumptions(PagedResult):
    """What conventions decide."""

    spec: AssumptionsSpec
    presented = "experiments.analyses.study.conventions_report"


@dataclass
class Channels(PagedResult):
    """What desks do."""

    spec: ChannelsSpec
    presented = "experiments.analyses.study.channels_report"


def run_systems(spec: SystemsSpec, running: Running) -> Systems:
    """Switch each system off and on, or read what came of it where nothing may be run."""
    outcomes = list(dict.fromkeys(name for system in spec.systems for name in system.outcomes))

    def run_in(home: Store) -> Systems:
        results = run_or_read_contrasts(
            systems_table.contrasts_of(spec.systems),
            spec.scenario,
            _fields(spec, outcomes),
            running.at(home.folder),
            spec,
        )
        return _written(
            Systems(home.folder, systems_table.table_of(spec.systems, results), spec, steps={"": results}), running
        )

    return housed(running.out, run_in)


def run_assumptions(spec: AssumptionsSpec, running: Running) -> Assumptions:
    """Set every convention otherwise, or read what came of it where nothing may be run."""
    contrasts = convention_table.contrasts_of(spec.conventions, spec.policies)

    def run_in(home: Store) -> Assumptions:
        results = run_or_read_contrasts(
            contrasts, spec.scenario, _fields(spec, convention_table.OUTCOMES), running.at(home.folder), spec
        )
        table = convention_table.table_of(spec.conventions, spec.policies, results)
        return _written(Assumptions(home.folder, table, spec, steps={"": results}), running)

    return housed(running.out, run_in)


def run_channels(spec: ChannelsSpec, running: Running) -> Channels:
    """Switch desks off and on in every world, or read what came of it where nothing may be run."""

    def run_in(home: Store) -> Channels:
        results = run_or_read_contrasts(
            desks.contrasts_of(spec.worlds_of_desks),
            spec.scenario,
            _fields(spec, desks.OUTCOMES),
            running.at(home.folder),
            spec,
        )
        return _written(
            Channels(home.folder, desks.table_of(spec.worlds_of_desks, results), spec, steps={"": results}), running
        )

    return housed(running.out, run_in)


def _fields(spec: StudySweepSpec, outcomes: Sequence[str]) -> dict[str, Any]:
    return {"replicates": spec.replicates, "outcomes": list(outcomes), "seed": spec.seed, "question": spec.question}


def _written[Made: PagedResult](result: Made, running: Running) -> Made:
    if not running.execution.only_stored:
        result.write()
    return result
