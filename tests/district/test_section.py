"""The scenario's section of the ground has the study's defaults and sensible limits."""

from __future__ import annotations

import pytest

from sim.core.errors import ScenarioError
from sim.district import DistrictSection


def test_defaults_are_nanshan_with_everyone_in_it() -> None:
    section = DistrictSection()
    assert (section.estates, section.sample, section.seed, section.members_rate) == (1034, 1.0, 1, 0.005)


@pytest.mark.parametrize(
    "wrong",
    [
        {"estates": 0},
        {"sample": 0.0},
        {"sample": 1.5},
        {"members_rate": -0.1},
        {"seed": -1},
        {"estates": 12.5},
    ],
)
def test_values_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ScenarioError):
        DistrictSection(**wrong)
