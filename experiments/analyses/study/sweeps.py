"""Studies of all policies: what each system moves, what desks do, what conventions decide, and where signs turn.

Each runs contrasts (`contrasts`): the same world with and without a policy, again and again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from experiments.analyses.result import Result
from experiments.analyses.stored_runs import runs_table
from experiments.analyses.study import conventions as convention_table
from experiments.analyses.study import desks, signs
from experiments.analyses.study import systems as systems_table
from experiments.analyses.study.contrasts import Contrasts, lived_contrasts, points
from experiments.analyses.study.conventions import Convention
from experiments.analyses.study.desks import World
from experiments.analyses.study.signs import Policy
from experiments.analyses.study.systems import System
from experiments.core.analysis_folder import claim
from experiments.core.margin import MARGIN
from experiments.core.spec import Count, Running, Spec
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import Paired
from experiments.core.statistics.regions import region, together
from experiments.core.store.store import Store, housed
from experiments.reporting.catalogue import LANGUAGES
from experiments.reporting.finding import Finding
from experiments.reporting.pages import markdown

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = [
    "Assumptions",
    "AssumptionsSpec",
    "Channels",
    "ChannelsSpec",
    "Signs",
    "SignsSpec",
    "StudySweepSpec",
    "Systems",
    "SystemsSpec",
    "run_assumptions",
    "run_channels",
    "run_signs",
    "run_systems",
]


class StudySweepSpec(Spec):
    """What studies of all policies have in common.

    Attributes
    ----------
    replicates
        Of each world.
    """

    noun: ClassVar[str] = "study"

    replicates: Count = 4

    @classmethod
    def sized(cls, scenario: Scenario, size: Mapping[str, int], **fields: Any) -> Self:
        """Make the spec of a study of some size.

        Parameters
        ----------
        scenario
            The world, whatever its size.
        size
            Estates, weeks, replicates and, where there are any, worlds.
        **fields
            What else the study is.
        """
        world = scenario.replace({"district.estates": size["estates"], "run.weeks": size["weeks"]})
        own: dict[str, Any] = {
            name: size[name] for name in ("replicates", "worlds") if name in cls.model_fields and name in size
        }
        return cls.of({**fields, **own, "scenario": world})

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

    analysis: ClassVar[str] = "systems"

    systems: tuple[System, ...]


class AssumptionsSpec(StudySweepSpec):
    """What conventions decide: every policy against no branch under each setting of each convention."""

    analysis: ClassVar[str] = "assumptions"

    conventions: tuple[Convention, ...]
    policies: dict[str, dict[str, Any]]


class ChannelsSpec(StudySweepSpec):
    """What desks do: desks off and on in every world, with no branch anywhere."""

    analysis: ClassVar[str] = "channels"

    worlds_of_desks: tuple[World, ...]


class SignsSpec(StudySweepSpec):
    """Where policies help and harm: policies by name, and how many worlds each is tried in."""

    analysis: ClassVar[str] = "signs"

    policies: dict[str, Policy]
    worlds: int = 80

    @property
    def fresh(self) -> int:
        """Worlds that confirm a region."""
        return max(self.worlds // 2, 4)


@dataclass
class StudySweep(Result):
    """The result of a study of all policies.

    Attributes
    ----------
    folder
        Where all is.
    table
        A row for each effect.
    steps
        The contrasts that were run, by the folder of each within this one.
    """

    folder: Path
    table: pd.DataFrame = field(repr=False)
    steps: Mapping[str, Contrasts] = field(default_factory=dict, repr=False, kw_only=True)

    languages: ClassVar[tuple[str, ...]] = LANGUAGES
    """Languages in which there is a page."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`table` and `runs`."""
        return {"table": self.table, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of all contrasts."""
        return runs_table({name: contrasts.step_runs for name, contrasts in self.steps.items()})

    def page(self, lang: str = "en") -> str:
        """The page of the documentation, in English where there is none in the language."""
        return markdown(self.spec.analysis, lang if lang in self.languages else "en", **self._shows().page(self))

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write figure, pages and report; return the report's path."""
        for language in self.languages:
            ending = "" if language == "en" else f".{language}"
            Store(self.folder).write(f"{self.spec.analysis}{ending}.md", self.page(language))
        return super().report(lang, path)

    @property
    def finished(self) -> bool:
        """Whether any pair of runs has ended."""
        return bool(len(self.table))

    def in_short(self, lang: str = "en") -> list[str]:
        """The page, and where the rest is."""
        if not self.finished:
            return ["No run is finished.", f"The tables are in {self.folder}."]
        return [self.page(lang), f"The page, its tables and report.html are in {self.folder}."]


@dataclass
class Systems(StudySweep):
    """What each system moves."""

    spec: SystemsSpec
    presented = "experiments.analyses.study.systems_report"
    languages = ("en",)


@dataclass
class Assumptions(StudySweep):
    """What conventions decide."""

    spec: AssumptionsSpec
    presented = "experiments.analyses.study.conventions_report"


@dataclass
class Channels(StudySweep):
    """What desks do."""

    spec: ChannelsSpec
    presented = "experiments.analyses.study.channels_report"


@dataclass
class Signs(StudySweep):
    """Where policies help and harm.

    Attributes
    ----------
    swept
        For each policy the points of the first trial, and the mean effect at each.
    """

    spec: SignsSpec
    swept: Mapping[str, Any] = field(repr=False)
    presented = "experiments.analyses.study.signs_report"
    languages = ("en",)

    @property
    def stores(self) -> list[Store]:
        """The stores of the trials."""
        return [
            Store(self.folder / _place(name, tag)) for name in self.spec.policies for tag in ("sweep", "helps", "harms")
        ]


def run_systems(spec: SystemsSpec, running: Running) -> Systems:
    """Switch each system off and on, or read what came of it where nothing may be run."""
    outcomes = list(dict.fromkeys(name for system in spec.systems for name in system.outcomes))

    def run_in(home: Store) -> Systems:
        results = lived_contrasts(
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
        results = lived_contrasts(
            contrasts, spec.scenario, _fields(spec, convention_table.OUTCOMES), running.at(home.folder), spec
        )
        table = convention_table.table_of(spec.conventions, spec.policies, results)
        return _written(Assumptions(home.folder, table, spec, steps={"": results}), running)

    return housed(running.out, run_in)


def run_channels(spec: ChannelsSpec, running: Running) -> Channels:
    """Switch desks off and on in every world, or read what came of it where nothing may be run."""

    def run_in(home: Store) -> Channels:
        results = lived_contrasts(
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


def run_signs(spec: SignsSpec, running: Running) -> Signs:
    """Sweep each policy, and try the two regions that stand out again; or read what came of it."""
    import pandas as pd

    def run_in(home: Store) -> Signs:
        own = running.at(claim(home.folder, spec, running))
        swept: dict[str, Any] = {}
        steps: dict[str, Contrasts] = {}
        rows: list[tuple[Policy, str, str, Paired]] = []
        for name, policy in spec.policies.items():
            # A policy that is judged otherwise, or swept over something else, is told from worlds that nobody has seen.
            trial = f"{policy.name} {policy.outcome} {sorted(policy.ranges)}" + f" {policy.worlds}" * (
                policy.worlds > 1
            )
            chance = _seed(spec.seed, trial, "sweep")
            sample = points(policy.ranges, policy.worlds * spec.worlds, seed=chance)
            steps[_place(name, "sweep")] = tried = _tried(spec, own, name, sample, "sweep", chance)
            effects = signs.effects_of(tried, policy.outcome)
            means = effects.groupby("contrast", sort=False)["effect"].mean()
            swept[name] = (sample, means)
            regions = signs.chosen_regions(sample, means.to_numpy(), policy.ranges, policy.outcome)
            for box, sign in zip(regions, ("helps", "harms"), strict=True):
                chance = _seed(spec.seed, trial, sign)
                fresh = points(box.within(policy.ranges), policy.worlds * spec.fresh, seed=chance)
                steps[_place(name, sign)] = tried = _tried(spec, own, name, fresh, sign, chance)
                effect = signs.region_effect(signs.effects_of(tried, policy.outcome))
                rows.append((policy, sign, box.words(policy.ranges), effect))
        return _written(Signs(home.folder, pd.DataFrame(_judged(rows)), spec, swept, steps=steps), running)

    return housed(running.out, run_in)


def _fields(spec: StudySweepSpec, outcomes: Sequence[str]) -> dict[str, Any]:
    return {"replicates": spec.replicates, "outcomes": list(outcomes), "seed": spec.seed, "question": spec.question}


def _written[Made: Result](result: Made, running: Running) -> Made:
    if not running.execution.only_stored:
        result.write()
    return result


def _seed(master: int, *words: str) -> int:
    return int.from_bytes(blake2b("/".join([str(master), *words]).encode(), digest_size=4).digest(), "little") >> 1


def _tried(
    spec: SignsSpec,
    running: Running,
    name: str,
    sample: Sequence[Mapping[str, float]],
    tag: str,
    seed: int,
) -> Contrasts:
    """Try a policy with and without at each point."""
    policy = spec.policies[name]
    fields = {**_fields(spec, [policy.outcome]), "districts": signs.GROUNDS, "seed": seed}
    place = running.within(_place(name, tag))
    return lived_contrasts(signs.worlds(name, policy, sample, tag), spec.scenario, fields, place)


def _place(name: str, tag: str) -> str:
    """Name the folder of a trial."""
    return "-".join(f"{name} {tag}".replace("'", "").split())


def _judged(rows: Sequence[tuple[Policy, str, str, Paired]]) -> list[dict[str, Any]]:
    """Say what the second trials show: where the intervals lie that hold for all of them together.

    Effects are shares of the mean without the policy, so that the margin is itself their unit.
    """
    confidence, _ = together([effect for *_, effect in rows], [True] * len(rows))
    table = []
    for policy, claimed, where, effect in rows:
        low, high = effect.interval(confidence)
        table.append(
            {
                "policy": policy.name,
                "outcome": policy.outcome,
                "chosen_as": claimed,
                "found": region(low, high, MARGIN, better(policy.outcome)),
                "region": where,
                "effect": effect.difference,
                "ci_low": effect.ci_low,
                "ci_high": effect.ci_high,
                "sim_low": low,
                "sim_high": high,
                "worlds": effect.replicates,
            }
        )
    return table
