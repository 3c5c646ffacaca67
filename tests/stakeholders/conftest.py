"""A small living district whose components can be called one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sim import District, GovernanceModel


@pytest.fixture
def live(small_district: District) -> Callable[..., GovernanceModel]:
    """Make a model of the small district; keyword `changes` are dotted parameters."""

    def make(changes: dict[str, object] | None = None, rng: int = 1) -> GovernanceModel:
        from sim import GovernanceModel, Scenario

        return GovernanceModel(Scenario().replace(changes or {}), district=small_district, rng=rng)

    return make
