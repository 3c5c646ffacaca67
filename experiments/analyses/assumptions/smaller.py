"""A smaller ground of the same kind, and a scenario whose hours are in proportion to it.

A range over assumptions needs many worlds, so each is small: fewer estates of the same recipe, or whole communities
of a user's own district, with as many hours for each of them as in the large one.  Desks and budgets that there is
one of for a street or for the district would otherwise serve a tenth of the people with all of their hours.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from experiments.core.design.design import seed_of
from experiments.core.design.grounds import grounds
from sim import District, Scenario

PER_DISTRICT: Final = ("coverage.hours", "desks.hours_district", "supervision.hours_district")
"""Hours of one office for the whole district."""

PER_STREET: Final = ("desks.hours_street", "supervision.hours_street")
"""Hours of an office in each street; a small district has one street, which is smaller than a usual one."""

SPARE: Final = 1.25  # times as many estates as are needed, up to which a user's own district is taken whole


def smaller_grounds(ground: District | None, scenario: Scenario, estates: int, count: int) -> list[District]:
    """Return `count` grounds of about so many estates, or no more than the scenario has.

    They are parts of the user's own ground, which stays whole and single where it is small already; where that is
    None they are synthetic, of the scenario's recipe.
    """
    if ground is None:
        size = min(estates, scenario.district.estates)
        return grounds(scenario.replace({"district.estates": size}), None, count)
    if ground.estates <= SPARE * estates:
        return [ground]
    return [_communities(ground, estates, number) for number in range(count)]


def _communities(ground: District, estates: int, number: int) -> District:
    """Whole communities of a district, drawn until there are enough estates."""
    # By hash, as all that must be the same tomorrow.
    order = np.argsort([seed_of(number, place, -2) for place in range(ground.communities)], kind="stable")
    sizes = np.bincount(ground.community, minlength=ground.communities)[order]
    enough = int(np.searchsorted(np.cumsum(sizes), estates)) + 1
    kept = np.isin(ground.community, order[:enough])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "district.csv"
        ground.to_csv(path)
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        table[kept].to_csv(path, index=False, encoding="utf-8")
        return District.from_csv(path)


def smaller_world(
    scenario: Scenario, estates: int, streets: int, small: Sequence[District], weeks: int, warmup: int
) -> tuple[Scenario, dict[str, float]]:
    """Return the scenario of a smaller ground, and by how much each parameter is scaled that has to be.

    `estates` and `streets` are those of the large one; `weeks` and `warmup` the longest run and warm-up, but a scenario
    whose policies start at a week of its own keeps its own.
    """
    ground, large_streets = small[0], max(1, streets)
    share = min(1.0, ground.estates / estates)
    density = min(1.0, (ground.estates / ground.streets) / (estates / large_streets))
    factors = dict.fromkeys(PER_DISTRICT, share) | dict.fromkeys(PER_STREET, density)
    changes = {name: float(scenario.get(name)) * factor for name, factor in factors.items() if factor < 1.0}
    if scenario.coverage.start_week is None:
        changes |= {"run.weeks": min(weeks, scenario.run.weeks), "run.warmup": min(warmup, scenario.run.warmup)}
    changes |= {"district.estates": ground.estates, "outcomes.record_estates": False}
    return scenario.replace(changes), factors
