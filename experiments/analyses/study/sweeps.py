"""Studies of all policies: what each system moves, what desks do, and what conventions decide.

Each runs contrasts (`contrasts`): the same world with and without a policy, again and again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import pandas as pd

from experiments.analyses.study import conventions, desks, systems_table
from experiments.analyses.study.contrasts import Contrast, Contrasts, PagedResult, run_or_read_contrasts
from experiments.analyses.study.conventions import Convention
from experiments.analyses.study.desks import World
from experiments.analyses.study.systems_table import System
from experiments.core.spec import Count, Running, Spec
from experiments.core.store.store import Store, housed
from experiments.reporting.finding import Finding
from sim import Scenario


class StudySweepSpec(Spec):
    """What studies of all policies have in common: their contrasts, and the table that is made of them."""

    noun = "study"

    replicates: Count = 4

    @abstractmethod
    def contrasts(self) -> list[Contrast]: ...

    @abstractmethod
    def outcomes(self) -> tuple[str, ...]: ...

    @abstractmethod
    def table(self, contrasts: Contrasts) -> pd.DataFrame: ...

    @classmethod
    def sized(cls, scenario: Scenario, size: Mapping[str, int], **fields: Any) -> Self:
        """Make the spec of a study in a world of so many `estates`, with so many `weeks` and `replicates`."""
        world = scenario.replace({"district.estates": size["estates"], "run.weeks": size["weeks"]})
        return cls.of({**fields, "replicates": size["replicates"], "scenario": world})

    @property
    def size(self) -> dict[str, int]:
        """How large the world is, and how often each contrast is run."""
        return {
            "estates": self.scenario.district.estates,
            "weeks": self.scenario.run.weeks,
            "replicates": self.replicates,
        }

    @property
    def made_by(self) -> Finding:
        """How large it is, and by what command it was made."""
        return Finding("study.made_by", name=self.analysis, **self.size)


class SystemsSpec(StudySweepSpec):
    """What each system moves: every system switched off and on."""

    analysis = "systems"

    systems: tuple[System, ...]

    def contrasts(self) -> list[Contrast]:
        return systems_table.contrasts_of(self.systems)

    def outcomes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for system in self.systems for name in system.outcomes))

    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        return systems_table.table_of(self.systems, contrasts)


class AssumptionsSpec(StudySweepSpec):
    """What conventions decide: every policy against no branch under each setting of each convention."""

    analysis = "assumptions"

    conventions: tuple[Convention, ...]
    policies: dict[str, dict[str, Any]]

    def contrasts(self) -> list[Contrast]:
        return conventions.contrasts_of(self.conventions, self.policies)

    def outcomes(self) -> tuple[str, ...]:
        return conventions.OUTCOMES

    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        return conventions.table_of(self.conventions, self.policies, contrasts)


class ChannelsSpec(StudySweepSpec):
    """What desks do: desks off and on in every world, with no branch anywhere."""

    analysis = "channels"

    worlds_of_desks: tuple[World, ...]

    def contrasts(self) -> list[Contrast]:
        return desks.contrasts_of(self.worlds_of_desks)

    def outcomes(self) -> tuple[str, ...]:
        return desks.OUTCOMES

    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        return desks.table_of(self.worlds_of_desks, contrasts)


@dataclass
class StudySweep(PagedResult):
    """The result of a study of all policies."""

    spec: StudySweepSpec


class Systems(StudySweep):
    """What each system moves."""

    presented = "experiments.analyses.study.systems_report"
    languages = ("en",)


class Assumptions(StudySweep):
    """What conventions decide."""

    presented = "experiments.analyses.study.conventions_report"


class Channels(StudySweep):
    """What desks do."""

    presented = "experiments.analyses.study.channels_report"


RESULTS: Final[Mapping[str, type[StudySweep]]] = {
    "systems": Systems,
    "assumptions": Assumptions,
    "channels": Channels,
}


def run_study_sweep(spec: StudySweepSpec, running: Running) -> StudySweep:
    """Run the contrasts of a study, or read what came of them where nothing may be run."""
    fields = {
        "replicates": spec.replicates,
        "outcomes": list(spec.outcomes()),
        "seed": spec.seed,
        "question": spec.question,
    }

    def run_in(home: Store) -> StudySweep:
        results = run_or_read_contrasts(spec.contrasts(), spec.scenario, fields, running.at(home.folder), spec)
        result = RESULTS[spec.analysis](home.folder, spec.table(results), spec, steps={"": results})
        if not running.execution.only_stored:
            result.write()
        return result

    return housed(running.out, run_in)
