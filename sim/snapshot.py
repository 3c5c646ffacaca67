"""Saving a model between two weeks, and going on from there.

A file holds the scenario, the ground, the seed, and the state of every component; what follows from these is made anew.
It belongs to the version that wrote it: a model whose equations have changed since is another model, and going on
with it would be neither the old run nor a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.agenda import Agenda
from sim.agents import Agent, Population
from sim.component import Component, declared_in, own_component, source_of
from sim.core import archive
from sim.core.errors import GongzhiError, SnapshotError
from sim.core.version import code_version
from sim.district import District
from sim.district.projection import Plane
from sim.policies.coverage.assignment import Plan
from sim.policies.coverage.grouping import Grouping
from sim.residents.grievances import Conflicts
from sim.scenario import Scenario

__all__ = ["Saved", "load", "save"]

_RECORDS = {record.__name__: record for record in (District, Plane, Conflicts, Plan, Grouping)}


class Saved(Protocol):
    """A model, as far as a file of it holds: what it is made from, its week, and its components."""

    seed: int
    week: int
    running: bool
    scenario: Scenario
    district: District
    replay: NDArray[np.float64] | None
    agenda: Agenda
    populations: dict[type[Agent], Population]
    own_outcomes: dict[str, Callable[[Any], float]]

    def __init__(
        self,
        scenario: Scenario,
        district: District,
        *,
        rng: int,
        replay: NDArray[np.float64] | None,
        outcomes: Mapping[str, Callable[[Any], float]] | None = None,
    ) -> None: ...

    @property
    def mechanisms(self) -> dict[str, Component]:
        """Every component by name."""

    def advance_clock(self, steps: int) -> None:
        """Go on from that week."""


def save(model: Saved, path: str | Path) -> None:
    """Write a model to a file; see `GovernanceModel.save`."""
    own = model.scenario.components
    if model.scenario.shipped is not Scenario:
        raise SnapshotError(
            f"{path} cannot be written: no file holds the class {model.scenario.shipped.__name__} of the scenario. Let "
            "its sections be Parameters of a sim.Component, and give that to the model: components=[...]."
        )
    for kind in own:
        component = model.mechanisms[kind.name]
        try:
            archive.pack(component.state(), {})
        except TypeError as error:
            raise SnapshotError(
                f'{path} cannot be written: component "{kind.name}" keeps what no file holds: {error}.'
            ) from error
    known = set(map(id, model.mechanisms.values()))
    strangers = [type(own).__name__ for own in model.populations.values() if id(own) not in known]
    if strangers:
        raise SnapshotError(
            f"{path} cannot be written: a file holds components, and {', '.join(strangers)} is a population that is "
            "none. Derive it from sim.Stakeholders and give it to the model: GovernanceModel(components=[...])."
        )
    strange = [f'"{line.name}"' for line in model.agenda if not line.planned]
    if strange:
        raise SnapshotError(
            f"{path} cannot be written: a file holds no functions, and the week has lines of its own: "
            f"{', '.join(strange)}. Make them steps of a sim.Component, or take them out first and add them again "
            f"after loading: model.agenda.remove({strange[0]})."
        )
    state = {
        "seed": model.seed,
        "week": model.week,
        "components": {kind.name: {"source": source_of(kind), "declared": declared_in(kind)} for kind in own},
        "outcomes": list(model.own_outcomes),
        "scenario": model.scenario.to_dict(),
        "district": model.district,
        "replay": model.replay,
        "agenda": model.agenda.names,
        "state": {name: thing.state() for name, thing in model.mechanisms.items()},
    }
    archive.write(path, state, {"version": code_version(), "week": model.week})


def load[M: Saved](kind: type[M], path: str | Path, outcomes: Mapping[str, Callable[[Any], float]] | None = None) -> M:
    """Make a model from a file; see `GovernanceModel.load`."""
    about, node, arrays = archive.read(path)
    if about.get("version") != code_version():
        raise SnapshotError(
            f"{path} was saved by version {about.get('version')}; this is {code_version()}. A model goes on only "
            "with the code that it began with: use that version, or run it anew."
        )
    try:
        state = archive.unpack(node, arrays, _RECORDS)
        scenario = _scenario(path, state)
        given = _given(path, state["outcomes"], outcomes or {})
        more = {"outcomes": given} if given else {}
        model = kind(scenario, state["district"], rng=state["seed"], replay=state["replay"], **more)
        components = model.mechanisms
        if components.keys() != state["state"].keys():
            raise KeyError("state")
        for name, component in components.items():
            component.restore(state["state"][name])
        model.agenda.rearrange(state["agenda"])
        model.week = state["week"]
        model.running = model.week < model.scenario.run.weeks
    except GongzhiError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise SnapshotError(f"{path} is damaged: its parts do not make a model.") from error
    model.advance_clock(model.week)
    return model


def _scenario(path: str | Path, state: Mapping[str, Any]) -> Scenario:
    """Make the scenario of a file, with the components of a user that it names."""
    told: dict[str, dict[str, str]] = state["components"]
    kinds = {name: own_component(name, about["declared"]) for name, about in told.items()}
    missing = [
        f'"{name}"' + (f" (import {source} first)" if (source := told[name]["source"]) else " (run its cell first)")
        for name, kind in kinds.items()
        if kind is None
    ]
    if missing:
        raise SnapshotError(f"{path} was saved with components that are not known here: {', '.join(missing)}.")
    return Scenario.including(*(kind for kind in kinds.values() if kind is not None))(**state["scenario"])


def _given(
    path: str | Path, names: list[str], outcomes: Mapping[str, Callable[[Any], float]]
) -> dict[str, Callable[[Any], float]]:
    """Take the functions of the outcomes that a file names."""
    missing = [f'"{name}"' for name in names if name not in outcomes]
    if missing:
        raise SnapshotError(
            f"{path} was saved with outcomes whose functions no file holds: {', '.join(missing)}. Give them again: "
            f"load(path, outcomes={{{missing[0]}: function}})."
        )
    return {name: outcomes[name] for name in names}
