"""Studies of all policies: what each system moves, what desks do, and what conventions decide.

Each runs contrasts (`contrasts`): the same world with and without a policy, again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import pandas as pd

from experiments.analyses.stored_runs import run_housed
from experiments.analyses.study import conventions as settings
from experiments.analyses.study import desks, systems_table
from experiments.analyses.study.contrasts import Contrast, Contrasts, PagedResult, run_or_read_contrasts
from experiments.analyses.study.conventions import Convention
from experiments.core.spec import Count, Running, Spec
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding
from sim import Scenario


class StudySweepSpec(Spec):
    """What studies of all policies have in common."""

    noun = "study"

    replicates: Count = 4

    @classmethod
    def sized(cls, scenario: Scenario, size: Mapping[str, int], **fields: Any) -> Self:
        """Make the spec of a study with so many `weeks` and `replicates`, in a world of so many `estates` where no
        district is given.
        """
        estates = {} if fields.get("district") is not None else {"district.estates": size["estates"]}
        world = scenario.replace({**estates, "run.weeks": size["weeks"]})
        return cls.of({**fields, "replicates": size["replicates"], "scenario": world})

    @property
    def size(self) -> dict[str, int]:
        ground = self.scenario.district if self.district is None else self.district
        return {"estates": ground.estates, "weeks": self.scenario.run.weeks, "replicates": self.replicates}

    @property
    def made_by(self) -> Finding:
        return Finding("study.made_by", name=self.analysis, **self.size)


class SystemsSpec(StudySweepSpec):
    """What each system moves: every system switched off and on."""

    analysis = "systems"
    systems: tuple[systems_table.System, ...]


class AssumptionsSpec(StudySweepSpec):
    """What conventions decide: every policy against no branch under each setting of each convention."""

    analysis = "assumptions"
    conventions: tuple[Convention, ...]
    policies: dict[str, dict[str, Any]]


class ChannelsSpec(StudySweepSpec):
    """What desks do: desks off and on in every world, with no branch anywhere."""

    analysis = "channels"
    worlds_of_desks: tuple[desks.World, ...]


@dataclass
class StudySweep(PagedResult):
    """The result of a study of all policies."""

    spec: StudySweepSpec


class Systems(StudySweep):
    """What each system moves."""

    presented = "experiments.analyses.study.systems_report"


class Assumptions(StudySweep):
    """What conventions decide."""

    presented = "experiments.analyses.study.conventions_report"


class Channels(StudySweep):
    """What desks do."""

    presented = "experiments.analyses.study.channels_report"


def run_study_sweep(spec: StudySweepSpec, running: Running) -> StudySweep:
    """Run the contrasts of a study, or read what came of them where nothing may be run."""
    kind, contrasts, outcomes, table_of = _parts(spec)
    shared = ("replicates", "seed", "question", "district")
    fields = {"outcomes": outcomes, **{name: getattr(spec, name) for name in shared}}

    def result_in(home: Store) -> StudySweep:
        results = run_or_read_contrasts(contrasts, spec.scenario, fields, running.at(home.folder), spec)
        return kind(home.folder, table_of(results), spec, steps={"": results})

    return run_housed(running, result_in)


def _parts(
    spec: StudySweepSpec,
) -> tuple[type[StudySweep], list[Contrast], Sequence[str], Callable[[Contrasts], pd.DataFrame]]:
    """Return the kind of the result, what is run, the outcomes that are kept, and what makes the table of them."""
    match spec:
        case SystemsSpec(systems=systems):
            outcomes = list(dict.fromkeys(name for system in systems for name in system.outcomes))
            table_of = partial(systems_table.table_of, systems)
            return Systems, systems_table.contrasts_of(systems), outcomes, table_of
        case AssumptionsSpec(conventions=conventions, policies=policies):
            table_of = partial(settings.table_of, conventions, policies)
            return Assumptions, settings.contrasts_of(conventions, policies), settings.OUTCOMES, table_of
        case ChannelsSpec(worlds_of_desks=worlds):
            return Channels, desks.contrasts_of(worlds), desks.OUTCOMES, partial(desks.table_of, worlds)
    raise TypeError(f"{spec.analysis} is no study of all policies")
