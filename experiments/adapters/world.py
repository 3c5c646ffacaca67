"""The model as a function: values of parameters in, outcomes out, which can be sent to another process.

It runs the same replicates at every point, with the random numbers that a sweep would give them, so that it returns
what a sweep returns and points differ by their parameters alone.
"""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.core.design.design import Design
from experiments.core.run.job import Job, do
from experiments.core.store.files import TEMPORARY
from experiments.core.store.store import Store
from sim import District, Scenario

LABEL = "run"


class RunFailed(Exception):
    """A run did not reach its end at a point; the message says why, and in which replicate."""


@dataclass(frozen=True)
class World:
    """A function of parameters: the means of `outcomes` over the weeks from the end of the warm-up on, and of `series`
    by week, both over replicates.

    Runs are kept in `folder`, unless it is None; `strategies` are the user's own, registered where the function is
    called.
    """

    scenario: Scenario = field(repr=False)
    district: District = field(repr=False)
    replicates: int
    seed: int
    outcomes: tuple[str, ...]
    series: tuple[str, ...] = ()
    folder: str | None = None
    model: Callable[..., Any] | None = field(default=None, repr=False)
    strategies: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def constants(self) -> dict[str, Any]:
        """What is the same at every point, by name."""
        length = {name: self.scenario.get(name) for name in ("run.weeks", "run.warmup")}
        ground = {"district": self.district.fingerprint, "district.estates": self.district.estates}
        return {**ground, **length, "replicates": self.replicates, "seed": self.seed}

    def design(self, changes: Mapping[str, Any]) -> Design:
        """Return the runs at one point."""
        return Design.of(
            {LABEL: dict(changes)},
            self.scenario,
            [self.district],
            replicates=self.replicates,
            seed=self.seed,
            model=self.model,
        )

    def __call__(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Run the model at one point, given values by dotted name.

        A number for each of `outcomes`, and for each of `series`, followed by `_by_week`, an array of shape (weeks,).
        Where a replicate did not end, `RunFailed` is raised.
        """
        design = self.design(changes)
        with ExitStack() as stack:
            folder = self.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix=TEMPORARY))
            store = Store(folder)
            store.runs.mkdir(exist_ok=True)
            tables = [self._run_replicate(design, store, replicate) for replicate in range(self.replicates)]
        late = [table.loc[table["week"] >= design.start, list(self.outcomes)].mean().to_numpy() for table in tables]
        outcomes: dict[str, Any] = dict(zip(self.outcomes, np.mean(late, axis=0).tolist(), strict=True))
        for name in self.series:
            outcomes[f"{name}_by_week"] = np.mean([table[name].to_numpy(dtype=np.float64) for table in tables], axis=0)
        return outcomes

    def _run_replicate(self, design: Design, store: Store, replicate: int) -> Any:
        """Run one replicate, or read it where it is stored; a control is preceded by the run that it replays."""
        runs = tuple(run for run in design.runs if run.replicate == replicate)
        own = next(run for run in runs if run.arm == LABEL)
        if store.status(own.key) == "missing":
            if own.source is not None and not store.has_hours(own.source):
                store.forget(own.source)  # it was run for its own sake, and its hours were not kept
            ground, strategies = self.district, self.strategies
            do(Job(str(store.folder), ground, own.seed, design.start, runs, self.model, strategies=strategies))
        record = store.record(own.key)
        if record is None or record["status"] != "done":
            why = "it was interrupted" if record is None else record["message"]
            raise RunFailed(f"replicate {replicate} (seed {own.seed}) failed: {why}")
        return store.outcomes(own.key, list(dict.fromkeys(["week", *self.outcomes, *self.series])))
