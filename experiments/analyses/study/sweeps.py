"""Studies of all policies: what each system moves, what desks do, and what conventions decide.

Each runs contrasts (`contrasts`): the same world with and without a policy, again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import pandas as pd

from experiments.analyses.paged_result import PagedResult
from experiments.analyses.study import conventions, desks, systems_table
from experiments.analyses.study.contrasts import Contrast, Contrasts, run_or_read_contrasts
from experiments.analyses.study.conventions import Convention
from experiments.analyses.study.desks import World
from experiments.analyses.study.systems_table import System
from experiments.core.spec import Count, Running, Spec
from experiments.core.store.store import Store, housed
from experiments.reporting.finding import Finding
from sim import Scenario


class StudySweepSpec(Spec):
    """What studies of all policies have in common."""

    noun = "study"

    replicates: Count = 4

    @classmethod
    def sized(cls, scenario: Scenario, size: Mapping[str, int], **fields: Any) -> Self:
        """Make the spec of a study in a world of so many `estates`, with so many `weeks` and `replicates`."""
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
    contrasts = systems_table.contrasts_of(spec.systems)
    return _run(Systems, spec, running, contrasts, outcomes, partial(systems_table.table_of, spec.systems))


def run_assumptions(spec: AssumptionsSpec, running: Running) -> Assumptions:
    """Set every convention otherwise, or read what came of it where nothing may be run."""
    contrasts = conventions.contrasts_of(spec.conventions, spec.policies)
    table_of = partial(conventions.table_of, spec.conventions, spec.policies)
    return _run(Assumptions, spec, running, contrasts, conventions.OUTCOMES, table_of)


def run_channels(spec: ChannelsSpec, running: Running) -> Channels:
    """Switch desks off and on in every world, or read what came of it where nothing may be run."""
    contrasts = desks.contrasts_of(spec.worlds_of_desks)
    return _run(Channels, spec, running, contrasts, desks.OUTCOMES, partial(desks.table_of, spec.worlds_of_desks))


def _run[Made: PagedResult](
    make: Callable[..., Made],
    spec: StudySweepSpec,
    running: Running,
    contrasts: Sequence[Contrast],
    outcomes: Sequence[str],
    table_of: Callable[[Contrasts], pd.DataFrame],
) -> Made:
    fields = {
        "replicates": spec.replicates,
        "outcomes": list(outcomes),
        "seed": spec.seed,
        "question": spec.question,
    }

    def run_in(home: Store) -> Made:
        results = run_or_read_contrasts(contrasts, spec.scenario, fields, running.at(home.folder), spec)
        result = make(home.folder, table_of(results), spec, steps={"": results})
        if not running.execution.only_stored:
            result.write()
        return result

    return housed(running.out, run_in)
