"""Saving a model between two weeks, and going on from there.

A file holds the scenario, the ground, the seed, and the state of every room and population; what follows from these is
made anew.  It belongs to the version that wrote it: a model whose equations have changed since is another model, and
going on with it would be neither the old run nor a new one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim import archive
from sim.district import District
from sim.errors import GongzhiError, SnapshotError
from sim.everyday.grievances import Conflicts
from sim.institutions.coverage.assignment import Plan
from sim.institutions.coverage.grouping import Grouping
from sim.population import Population
from sim.room import Room
from sim.scenario import Scenario
from sim.version import code_version

__all__ = ["Saved", "components_of", "load", "save"]

_RECORDS = {record.__name__: record for record in (District, Conflicts, Plan, Grouping)}


class Saved(Protocol):
    """A model, as far as a file of it holds: what it is made from, its week, and its rooms among its attributes."""

    seed: int
    week: int
    running: bool
    scenario: Scenario
    district: District
    replay: NDArray[np.float64] | None

    def __init__(
        self, scenario: Scenario, district: District, rng: int, replay: NDArray[np.float64] | None
    ) -> None: ...

    def advance_clock(self, steps: int) -> None:
        """Go on from that week."""


def components_of(model: Any) -> dict[str, Any]:
    """Every room and population of a model by name."""
    return {name: thing for name, thing in vars(model).items() if isinstance(thing, Room | Population)}


def save(model: Saved, path: str | Path) -> None:
    """Write a model to a file; see `GovernanceModel.save`."""
    state = {
        "seed": model.seed,
        "week": model.week,
        "scenario": model.scenario.to_dict(),
        "district": model.district,
        "replay": model.replay,
        "rooms": {name: thing.state() for name, thing in components_of(model).items()},
    }
    archive.write(path, state, {"version": code_version(), "week": model.week})


def load[M: Saved](kind: type[M], path: str | Path) -> M:
    """Make a model from a file; see `GovernanceModel.load`."""
    about, node, arrays = archive.read(path)
    if about.get("version") != code_version():
        raise SnapshotError(
            f"{path} was saved by version {about.get('version')}; this is {code_version()}. A model goes on only "
            "with the code that it began with: use that version, or run it anew."
        )
    try:
        state = archive.unpack(node, arrays, _RECORDS)
        model = kind(Scenario(**state["scenario"]), state["district"], state["seed"], state["replay"])
        rooms = components_of(model)
        if rooms.keys() != state["rooms"].keys():
            raise KeyError("rooms")
        for name, room in rooms.items():
            room.restore(state["rooms"][name])
        model.week = state["week"]
        model.running = model.week < model.scenario.run.weeks
    except GongzhiError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise SnapshotError(f"{path} is damaged: its parts do not make a model.") from error
    model.advance_clock(model.week)
    return model
