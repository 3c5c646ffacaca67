"""Order and vitality are what their definitions say."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.core.statistics.measures import better, chosen
from experiments.core.statistics.outcome_indices import PARTS, with_indices
from sim.outcomes import COLUMNS


def means(arms: dict[str, dict[str, float]]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples([(arm, 0, 0) for arm in arms], names=["arm", "district", "replicate"])
    return pd.DataFrame(list(arms.values()), index=index)


def test_the_parts_are_columns_of_the_model() -> None:
    assert all(part in COLUMNS for parts in PARTS.values() for part in parts)
    assert "order" in chosen(None, list(COLUMNS)) and better("order") == better("vitality") == "higher"


def test_indices_on_paper() -> None:
    base = dict.fromkeys(("conflicts", "standing", "hazards", "collective"), 2.0) | {
        "committees": 40.0,
        "initiatives": 0.5,
        "enterprise_survival": 0.99,
        "rider_retention": 0.98,
    }
    calm = base | {
        "conflicts": 1.5,
        "standing": 1.0,
        "hazards": 3.0,
        "collective": 0.0,
        "committees": 20.0,
        "initiatives": 1.0,
    }
    made = with_indices(means({"none": base, "calm": calm}), "none")
    assert made.loc[("none", 0, 0), ["order", "vitality"]].tolist() == [0.0, 1.0]
    assert made.loc[("calm", 0, 0), "order"] == pytest.approx(1 - (0.75 + 0.5 + 1.5 + 0.0) / 4)
    assert made.loc[("calm", 0, 0), "vitality"] == pytest.approx((0.5 + 2.0 + 1.0 + 1.0) / 4)


def test_a_part_without_a_value_in_the_baseline_is_left_out() -> None:
    base = {"standing": 2.0, "hazards": 1.0, "collective": 0.0}
    made = with_indices(means({"none": base, "own": base | {"standing": 1.0, "collective": 5.0}}), "none")
    assert made.loc[("own", 0, 0), "order"] == pytest.approx(1 - (0.5 + 1.0) / 2)
    assert math.isnan(made.loc[("own", 0, 0), "vitality"])


def test_each_replicate_has_its_own_baseline() -> None:
    index = pd.MultiIndex.from_product([["none", "own"], [0], [0, 1]], names=["arm", "district", "replicate"])
    frame = pd.DataFrame({"standing": [1.0, 4.0, 2.0, 2.0]}, index=index)
    made = with_indices(frame, "none").xs("own", level="arm")["order"]
    np.testing.assert_allclose(made, [-1.0, 0.5])


def test_a_missing_baseline_leaves_no_index() -> None:
    made = with_indices(means({"own": {"standing": 1.0}}), "none")
    assert made["order"].isna().all()
