"""The first edition of the model is a preset: with it the old numbers come back, where the counting is the same.

`first_edition.csv` was frozen before the second edition was begun and is never renewed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from experiments import presets
from sim import Scenario
from sim.core.errors import ScenarioError
from tests.golden import cases, model
from tests.golden.cases import CASES
from tests.golden.model import Row
from tests.golden.rounding import HERE
from tests.golden.telling import failure

FROZEN: Final = Path(__file__).with_name("first_edition.csv")

NAMES: Final = {"conflicts": "conflicts_all", "dispute_rate": "conflicts_all", "unresolved": "unresolved_filed"}
"""What was counted under another name."""

RECOUNTED: Final = ("conflicts_", "unresolved_")
"""Groups of estates: first conflicts and standing ones are counted now."""


MORE_HANDS: Final = ("every policy", "everything", "saved")
"""Runs whose policies take hours of others than branches; these are replayed too now."""


def first_edition() -> Scenario:
    return presets.load("first-edition")


def in_old_names(rows: list[Row]) -> dict[tuple[str, str], Row]:
    return {(row.table, row.column): row for row in rows}


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Controls replayed the hours that were offered."""

    def hours(base: Scenario) -> np.ndarray:
        return cases._lived(cases._model(base, {"coverage.strategy": "full"})).policy_hours[2]

    monkeypatch.setattr(cases, "_hours_of_full", hours)


@pytest.mark.parametrize("run", CASES)
def test_the_old_numbers_come_back(run: str) -> None:
    made_on, frozen = model.read(FROZEN)
    old = [row for row in frozen if row.run == run]
    if not old:
        pytest.skip("this run came with the second edition")
    lived = CASES[run](first_edition())
    found = in_old_names(model.measure(run, lived))
    offered_hours = lived.policy_hours[2]
    found["policy", "hours"] = Row(run, "policy", "hours", model._mean(offered_hours), model._digest(offered_hours))
    kept, new = [], []
    for row in old:
        name = row.column
        if row.table == "policy" and run in MORE_HANDS:
            continue
        if row.table in ("outcomes", "estates"):
            if name.startswith(RECOUNTED) or (row.table == "estates" and name == "conflicts"):
                continue
            name = NAMES.get(name, name)
        assert (row.table, name) in found, f"{row.table}.{name} has gone"
        kept.append(row)
        new.append(found[row.table, name]._replace(column=row.column))
    assert len(kept) > 100
    changes = model.differences(kept, new, exact=made_on == HERE)
    assert not changes, failure(changes, made_on)


def test_presets_have_names_and_are_worlds_of_their_own() -> None:
    assert "first-edition" in presets.names() and presets.load("first-edition") != Scenario()
    with pytest.raises(ScenarioError, match="Choose from: first-edition"):
        presets.path_of("third-edition")


def test_the_arrangement_can_be_taken_apart() -> None:
    from experiments.presets.questions import dissections
    from sim.policies import arrangement

    whole = Scenario().arrangement()
    for part, off in dissections()["arrangement"].parts.items():
        without = Scenario().arrangement(without=[part])
        taken = whole.replace(off)
        for name in arrangement.PARTS[part]:
            switch = name.endswith((".enabled", ".strategy", ".station", ".volunteers"))
            assert not switch or taken.get(name) == without.get(name), name
    assert set(dissections()["arrangement"].parts) == set(arrangement.PARTS)
