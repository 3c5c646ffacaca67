"""The design of an experiment: which arms are run, how often, on which ground and from which seeds.

An arm is a name (a coverage strategy or one of its controls) or a set of changes to the scenario.  Every arm
meets every replicate, so that arms can be compared in pairs; a replicate's seed is a hash of the master seed
and the replicate's number, so that no two experiments share a replicate by accident.  The design is data: a
table with one row per run, whose key says everything that the result may depend on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

import pandas as pd

from experiments.core.design.arms import Arm, Arms, baseline_of, changes_of, matched, source_of, with_sources
from experiments.core.design.own_components import version_with
from experiments.core.design.user_strategies import Plugin, bare, hash_of
from experiments.core.environment import digest, model_version
from sim import District, Scenario
from sim.core.errors import ScenarioError

POLICY = ("coverage", "branches", "services", "empowerment", "deliberation", "supervision", "meetings")
"""Sections that mean nothing before the policy starts, so that arms which differ in them share a past."""

SWITCHES = (
    "couriers.services",
    "couriers.reporting",
    "enterprises.political",
    "enterprises.economic",
    "enterprises.social",
    "emergency.switching",
)
"""Switches of policies in sections that describe the world as well; they too mean nothing before the policy starts."""

MOST_RUNS = 10_000_000
"""Runs of a design: of more than that, the list alone fills the memory."""


def seed_of(master: int, district: int, replicate: int) -> int:
    """Derive a run's seed by hashing, never by adding: neighbouring master seeds share nothing.

    Examples
    --------
    >>> seed_of(1, 0, 1) == seed_of(2, 0, 0)
    False
    """
    name = f"gongzhi/{master}/{district}/{replicate}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little") >> 1


def at_least_one(name: str, number: object) -> None:
    """Raise the error that says what a number must be, where it is no whole number of at least 1."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ScenarioError(f"{name} is {number!r}: a whole number of at least 1 is needed.")


def start_week(scenario: Scenario) -> int:
    """Return the first week in which the scenario's policy can act."""
    start = scenario.coverage.start_week
    return scenario.run.warmup if start is None else start


@dataclass(frozen=True)
class Run:
    """One run: an arm in a replicate on a ground.

    Its `key`, a hash of everything that the result may depend on, names its files.  `source` is the key of the run
    whose hours it replays, where it does; `keep_hours` says that another run replays its own.

    Examples
    --------
    >>> design = Design.of(["full"], Scenario(), [District.synthetic(3)], replicates=1)
    >>> design.runs[0].arm, len(design.runs[0].key)
    ('none', 20)
    """

    key: str
    arm: str
    replicate: int
    district: int
    seed: int
    scenario: Scenario = field(repr=False)
    source: str | None = None
    keep_hours: bool = False


@dataclass(frozen=True)
class Design:
    """All runs of an experiment.

    Attributes
    ----------
    scenario
        What the arms change; without any of their changes.
    model
        Makes a model of (scenario, district, seed, replay); None is the laboratory's own.
    known_keys
        Keys of the runs as a store has them, where the design is read from one and not made.
    worlds
        Numbers of arms that are not all compared with one another: arms of one number are run on one ground with common
        random numbers, those of different numbers share neither.  Empty where all arms meet in every replicate on every
        ground.

    Examples
    --------
    >>> from experiments import Design
    >>> from sim import District, Scenario
    >>> design = Design.of(["none", "full"], Scenario(), [District.synthetic(3)], replicates=2)
    >>> [(run.arm, run.replicate) for run in design.runs]
    [('none', 0), ('full', 0), ('none', 1), ('full', 1)]
    """

    arms: tuple[Arm, ...]
    baseline: str
    scenario: Scenario
    grounds: tuple[District, ...]
    replicates: int = 10
    seed: int = 1
    plugin: Plugin | None = None
    model: Callable[..., Any] | None = None
    known_keys: tuple[str, ...] = ()
    worlds: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        arms: Arms,
        scenario: Scenario,
        grounds: Sequence[District],
        *,
        baseline: str | None = None,
        worlds: Mapping[str, int] | None = None,
        **fields: Any,
    ) -> Design:
        """Make a design from what a user writes; adds the baseline and the arms that controls replay.

        The baseline is by default `none`, or the first arm where all arms are the user's own.

        Examples
        --------
        >>> design = Design.of(["full"], Scenario(), [District.synthetic(3)])
        >>> design.labels, design.baseline
        (['none', 'full'], 'none')
        """
        changes = changes_of(arms, type(scenario))
        baseline = baseline_of(arms, baseline)
        if baseline not in changes:
            changes = changes_of([baseline], type(scenario)) | changes
        own = {label: Arm.of(scenario, label, change) for label, change in changes.items()}
        all_arms, places = with_sources(own, worlds)
        return cls(all_arms, baseline, scenario, tuple(grounds), worlds=places, **fields).checked()

    def checked(self) -> Design:
        """Return this design if it can be run; raise the error that says why not.

        Examples
        --------
        >>> Design.of(["full"], Scenario(), [District.synthetic(3)], replicates=0)
        Traceback (most recent call last):
        sim.ScenarioError: replicates is 0: a whole number of at least 1 is needed.
        """
        at_least_one("replicates", self.replicates)
        at_least_one("districts", len(self.grounds))
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise ScenarioError(f"seed is {self.seed}: a whole number is needed.")
        runs = len(self.arms) * self.replicates * len(self.grounds)
        if runs > MOST_RUNS:
            raise ScenarioError(
                f"{len(self.arms)} arms, {self.replicates:,} replicates and {len(self.grounds):,} grounds are {runs:,} "
                f"runs; a folder holds {MOST_RUNS:,} at most."
            )
        return self

    @property
    def labels(self) -> list[str]:
        """Labels of the arms in order.

        Examples
        --------
        >>> Design.of(["full"], Scenario(), [District.synthetic(3)]).labels
        ['none', 'full']
        """
        return [arm.label for arm in self.arms]

    @property
    def start(self) -> int:
        """First week that counts: the end of warm-up, or the start that the scenario sets for all arms.

        Examples
        --------
        >>> Design.of(["full"], Scenario({"run.warmup": 13}), [District.synthetic(3)]).start
        13
        """
        return max(start_week(self.scenario), self.scenario.run.warmup)

    @cached_property
    def version(self) -> str:
        """The model's version, as it enters the keys.

        Examples
        --------
        >>> Design.of(["full"], Scenario(), [District.synthetic(3)]).version == model_version(None)
        True
        """
        return version_with(model_version(self.model), self.scenario.components)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """All runs, by district, replicate and arm.

        Examples
        --------
        >>> design = Design.of(["full"], Scenario(), [District.synthetic(3)], replicates=1)
        >>> design.runs[0].seed == design.runs[1].seed
        True
        """
        own = {arm.label: arm.scenario.fingerprint() for arm in self.arms}
        replayed = {arm.label: source_of(arm).fingerprint() for arm in self.arms if matched(arm.strategy)}
        runs = []
        for (district, ground), replicate, arm in product(enumerate(self.grounds), range(self.replicates), self.arms):
            world = self.worlds.get(arm.label)
            if world is not None and world % len(self.grounds) != district:
                continue
            master = self.seed if world is None else seed_of(self.seed, world, -1)
            seed = seed_of(master, district, replicate)
            facts = (ground.fingerprint, str(seed), hash_of(arm.strategy), self.version)
            source = replayed.get(arm.label)
            key, source_key = digest(own[arm.label], *facts)[:20], digest(source, *facts)[:20] if source else None
            kept = own[arm.label] in replayed.values()
            runs.append(Run(key, arm.label, replicate, district, seed, arm.scenario, source_key, kept))
        if not self.known_keys:
            return tuple(runs)
        known = dict(zip((run.key for run in runs), self.known_keys, strict=True))
        return tuple(replace(run, key=known[run.key], source=run.source and known[run.source]) for run in runs)

    def to_frame(self) -> pd.DataFrame:
        """Return the design as a table, one row per run.

        Examples
        --------
        >>> Design.of(["full"], Scenario(), [District.synthetic(3)], replicates=2).to_frame()["replicate"].tolist()
        [0, 0, 1, 1]
        """
        own = {arm.label: (arm.strategy, json.dumps(dict(arm.changes))) for arm in self.arms}
        rows = []
        for run in self.runs:
            strategy, changes = own[run.arm]
            rows.append((run.key, run.arm, strategy, run.district, run.replicate, run.seed, run.source or "", changes))
        columns = ["run", "arm", "strategy", "district", "replicate", "seed", "replays", "changes"]
        return pd.DataFrame(rows, columns=columns)

    def record(self) -> dict[str, Any]:
        """Return what identifies this design, as it is stored and compared with a stored one.

        Examples
        --------
        >>> Design.of(["full"], Scenario(), [District.synthetic(3)]).record()["arms"]
        {'none': {'coverage.strategy': 'none'}, 'full': {'coverage.strategy': 'full'}}
        """
        hashes = {bare(arm.strategy): hash_of(arm.strategy) for arm in self.arms}
        return {
            "arms": {arm.label: dict(arm.changes) for arm in self.arms},
            "replicates": self.replicates,
            "districts": [ground.fingerprint for ground in self.grounds],
            "seed": self.seed,
            "scenario": self.scenario.values(),
            "model": self.version,
            "strategies": {name: code for name, code in hashes.items() if code},  # the user's own
        } | ({"worlds": dict(self.worlds)} if self.worlds else {})

    def joined(self, arms: Mapping[str, Mapping[str, Any]], replicates: int) -> Design:
        """Return this design together with the arms and replicates of a stored one, the stored arms first.

        Examples
        --------
        >>> design = Design.of(["full"], Scenario(), [District.synthetic(3)], replicates=2)
        >>> design.joined({"own": {"coverage.strategy": "own"}}, replicates=5).labels
        ['own', 'none', 'full']
        """
        have = {arm.label: arm for arm in self.arms}
        stored = {label: have.get(label) or Arm.of(self.scenario, label, change) for label, change in arms.items()}
        return replace(self, arms=tuple({**stored, **have}.values()), replicates=max(self.replicates, replicates))
