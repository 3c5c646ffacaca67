"""A study: one question about one policy, as a page that can be read, run and argued with.

A study names its arms, the outcomes that answer its question, and the arm that its finding is about; the laboratory
runs the paired comparison, draws the figure and writes the finding from the numbers, whichever way they point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, Unpack

from experiments.analyses.compare.comparison import Comparison, run_comparison
from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.analyses.failed_runs import delivered
from experiments.core.spec import RunFields, Running
from experiments.reporting.template_rendering import in_language, markdown
from sim import District, Scenario
from sim.core.errors import ScenarioError
from sim.core.message_catalogue import LANGUAGES


@dataclass(frozen=True)
class Study:
    """A question, a design and the outcomes that answer it.

    `arms` are changes, beside those of the `world`, by label; others are compared with the first, and findings are
    about the `focus`: what it does to the `benefits`, and to the `costs`, with that of the `parts`, arms, which moves
    the first benefit most.  Of the size, `estates`, `replicates` and `weeks`, another may be requested.
    """

    name: str
    title: str
    question: str
    arms: Mapping[str, Mapping[str, Any]]
    outcomes: tuple[str, ...]
    focus: str
    benefits: tuple[str, ...] = ("conflicts", "standing")
    costs: tuple[str, ...] = ("hours_members", "hours_community", "yuan_purse")
    parts: tuple[str, ...] = ()
    world: Mapping[str, Any] = field(default_factory=dict)
    estates: int = 240
    replicates: int = 8
    weeks: int = 156

    @property
    def baseline(self) -> str:
        return next(iter(self.arms))


class StudyFields(RunFields, total=False):
    """Keywords of a study's comparison; see `run_study`."""

    plugin: str | Path | None
    scenario: Scenario | None
    district: District | None
    estates: int | None
    replicates: int | None
    weeks: int | None
    seed: int


class StudySpec(ComparisonSpec):
    """A study: its paired comparison, and the outcomes that answer it."""

    analysis = "study"
    noun = "study"

    study: Study

    @classmethod
    def of_study(cls, study: Study, fields: Mapping[str, Any]) -> Self:
        """Make the spec of a study; `fields` are those of `StudyFields`, without those that say how it is run.

        On a district of the user's own it has that district's estates.
        """
        own = {name: value for name, value in fields.items() if value is not None}
        if {"district", "estates"} <= set(own):
            raise ScenarioError("estates sets the size of a synthetic district, and district gives your own: use one.")
        keywords = {name: getattr(study, name) for name in ("estates", "replicates", "weeks")} | own
        estates = keywords.pop("estates")
        changes = study.world if "district" in own else {**study.world, "district.estates": estates}
        keywords["scenario"] = keywords.get("scenario", Scenario()).replace(changes)
        outcomes = list(dict.fromkeys((*study.outcomes, *study.benefits, *study.costs)))
        return cls.asked_of(
            study.arms,
            {**keywords, "baseline": study.baseline, "outcomes": outcomes, "question": study.question, "study": study},
        )


FINDING: Final = Path("finding.md")
"""Question and finding, a page in each language."""


@dataclass
class StudyComparison(Comparison):
    """The result of a study: its comparison, with the study's own figure, finding and report."""

    spec: StudySpec
    presented = "experiments.analyses.study.study_report"

    @property
    def beside(self) -> tuple[str, ...]:
        return tuple(in_language(FINDING, lang).name for lang in LANGUAGES)

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write the study's figure, finding and report; return the report's path."""
        self.require_finished()
        for language, name in zip(LANGUAGES, self.beside, strict=True):
            page = markdown("study", language, study=self.spec.study, findings=self.findings[:2])
            self.store.write(name, page)
        return super().report(lang, path)


def run_study(study: Study, **fields: Unpack[StudyFields]) -> StudyComparison:
    """Run a study's paired comparison, in a world or of a size other than its own; fields are as in `compare`."""
    running, own = Running.split(fields)
    return delivered(run_study_spec(StudySpec.of_study(study, own), running))


def run_study_spec(spec: StudySpec, running: Running) -> StudyComparison:
    """Run a study's paired comparison, or read it where nothing may be run."""
    return run_comparison(spec, running, StudyComparison)
