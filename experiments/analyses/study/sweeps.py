"""Studies of all policies: what each system moves, what desks do, and what conventions decide.

Each runs contrasts (`contrasts`), the same world with and without a policy, again and again, and has a module of its
own: what is declared, the table, what it says, and how it is shown.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from experiments.analyses.stored_runs import run_housed
from experiments.analyses.study.contrasts import Contrast, Contrasts, PagedResult, run_or_read_contrasts
from experiments.core.margin import MARGIN
from experiments.core.spec import Count, Running, Spec
from experiments.core.store.store import Store
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.provenance import info_of
from sim import Scenario

BAND = (-100 * MARGIN, 100 * MARGIN)
"""Within which nothing matters, in per cent."""


@dataclass
class StudySweep(PagedResult):
    """The result of a study of all policies."""

    spec: StudySweepSpec


class StudySweepSpec(Spec):
    """What studies of all policies have in common: the contrasts that are run, the table of them, and their result."""

    noun = "study"
    result: ClassVar[type[StudySweep]]

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

    @property
    @abstractmethod
    def outcomes(self) -> Sequence[str]:
        """What is kept of every run."""

    @abstractmethod
    def contrasts(self) -> list[Contrast]:
        """Return what is run."""

    @abstractmethod
    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        """Make the table of what was run."""


def run_study_sweep(spec: StudySweepSpec, running: Running) -> StudySweep:
    """Run the contrasts of a study, or read what came of them where nothing may be run."""
    shared = ("outcomes", "replicates", "seed", "question", "district")
    fields = {name: getattr(spec, name) for name in shared}

    def result_in(home: Store) -> StudySweep:
        done = run_or_read_contrasts(spec.contrasts(), spec.scenario, fields, running.at(home.folder), spec)
        return spec.result(home.folder, spec.table(done), spec, steps={"": done})

    return run_housed(running, result_in)


def noted(table: pd.DataFrame) -> dict[str, Any]:
    """Return what every caption gives: how many replicates there are, and from where on a change matters."""
    return {"replicates": int(table["replicates"].max()), "margin": MARGIN}


def study_document(
    result: StudySweep, drawn: Mapping[str, Path], caption: Finding, effects: Shown, method: list[Finding], limit: str
) -> Document:
    """Make the report, of which a study gives the caption, the table, the method, and the id of its limits."""
    return Document(
        title=Finding("common.question", text=result.spec.question),
        findings=result.findings,
        figures=[(path, caption) for path in drawn.values()],
        tables=[effects],
        method=method,
        limits=[Finding(limit)],
        scenario=result.spec.listed,
        info=info_of(result.stores[0]),
    )
