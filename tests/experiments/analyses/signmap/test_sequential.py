"""Looking more than once: signs, error control by simulation, giving up; and shares by terciles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.analyses.signmap.sequential import FUTILITY, analysis_schedule, chance_of_sign, needed_for, sign_of
from experiments.analyses.signmap.terciles import COUNTED, contrasts, groups_of, tercile_shares, wilson
from experiments.core.design.axes import Axis
from experiments.core.statistics.needed import replicates_needed
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import LEVEL, decided, region

BASE = 100.0


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=8), st.floats(0, 0.5), st.sampled_from(["lower", "higher"]))
def test_a_sign_is_what_its_interval_says(differences: list[float], margin: float, side: Any) -> None:
    base = np.full(len(differences), 10.0)
    result = paired(base + differences, base, side)
    assert sign_of(result, margin, side) == region(result.ci_low, result.ci_high, margin * 10.0, side)


def test_without_two_pairs_or_a_better_side_nothing_is_decided() -> None:
    assert sign_of(paired([1.0], [2.0]), 0.02, "lower") == "undecided"
    assert sign_of(paired([1.0, 1.1, 1.0], [2.0, 2.2, 2.1], "neither"), 0.02, "neither") == "falls"


@given(st.integers(1, 8), st.integers(2, 10))
def test_interim_analyses_spend_the_whole_level_and_double(number: int, first: int) -> None:
    looks = analysis_schedule(number, first)
    assert sum(look.level for look in looks) == pytest.approx(LEVEL)
    assert np.cumsum([look.added for look in looks]).tolist() == [look.replicates for look in looks]
    assert all(later.replicates == 2 * look.replicates for look, later in zip(looks, looks[1:], strict=False))


def asked(truth: float, margin: float, number: int, seed: int = 1) -> pd.DataFrame:
    """Ask so many points of one truth (in standard deviations of a pair), as a map does: sign and replicates."""
    looks, rng = analysis_schedule(3, 3), np.random.default_rng(seed)
    rows = []
    for values in rng.normal(truth, 1.0, (number, looks[-1].replicates)):
        for look in looks:
            here = values[: look.replicates]
            result = paired(BASE + here, np.full(here.size, BASE), "lower", confidence=1 - look.level)
            sign = sign_of(result, margin, "lower")
            if decided(sign) or look == looks[-1] or chance_of_sign(result, margin, looks[-1]) < FUTILITY:
                rows.append((sign, look.replicates))
                break
    return pd.DataFrame(rows, columns=["sign", "replicates"])


@pytest.mark.parametrize("margin", [0.0, 0.003, 0.01])
def test_where_nothing_is_there_at_most_one_in_twenty_gets_a_wrong_sign(margin: float) -> None:
    signs = asked(0.0, margin, 1500)["sign"]
    # Three standard errors of a share of 5 % at 1,500 points are 1.7 %.
    assert signs.isin(["helps", "harms", "better", "worse"]).mean() < LEVEL + 0.017


@pytest.mark.parametrize(("truth", "margin"), [(0.3, 0.002), (1.0, 0.0), (1.0, 0.009), (2.0, 0.019)])
def test_where_it_harms_at_most_one_in_twenty_is_called_anything_else(truth: float, margin: float) -> None:
    signs = asked(truth, margin, 1000)["sign"]
    assert truth > margin * BASE and (signs.map(decided) & (signs != "harms")).mean() < LEVEL + 0.02


@pytest.mark.parametrize(("truth", "margin"), [(0.5, 0.005), (0.5, 0.01), (1.0, 0.02), (1.3, 0.02)])
def test_what_does_not_matter_is_called_harm_in_at_most_one_in_twenty(truth: float, margin: float) -> None:
    signs = asked(truth, margin, 1000)["sign"]
    assert truth <= margin * BASE and signs.isin(["helps", "harms", "better"]).mean() < LEVEL + 0.02


def test_runs_go_where_the_sign_is_uncertain() -> None:
    plain, middling, nothing = (asked(truth, 0.0, 400) for truth in (5.0, 1.0, 0.0))
    assert (plain["sign"] == "harms").all() and plain["replicates"].mean() < 6
    assert middling["replicates"].mean() > nothing["replicates"].mean() > plain["replicates"].mean()
    assert (middling["sign"] == "harms").mean() > 0.75
    assert nothing["replicates"].mean() < 10  # of 12, since what is hopeless is given up


def test_the_predicted_chance_is_the_share_of_futures_that_decide() -> None:
    rng, last = np.random.default_rng(5), analysis_schedule(3, 3)[-1]
    seen = np.array([0.2, -1.0, 1.3, 0.4, 0.9, -0.3])
    result = paired(BASE + seen, np.full(6, BASE))
    freedom, total = seen.size - 1, last.replicates
    # Spread and mean of what is not known, drawn from what has been seen; the spread at the last look stays as it is.
    means = seen.mean() + seen.std(ddof=1) * np.sqrt(1 / 6 - 1 / total) * rng.standard_t(freedom, 400_000)
    from experiments.core.statistics.paired import t_quantile

    reach = t_quantile(1 - last.level / 2, total - 1) * seen.std(ddof=1) / np.sqrt(total)
    for margin in (0.0, 0.008, 0.0125, 0.05):
        room = margin * BASE
        decides = (np.abs(means) > room + reach) | (np.abs(means) + reach < room)
        assert chance_of_sign(result, margin, last) == pytest.approx(decides.mean(), abs=0.004)
    assert chance_of_sign(paired([1.0], [2.0]), 0.0, last) == 1.0


def test_needed_replicates_are_those_of_the_last_looks_interval() -> None:
    seen = np.array([0.2, -1.0, 1.3, 0.4, 0.9, -0.3])
    result = paired(BASE + seen, np.full(6, BASE))
    for margin in (0.0, 0.02):
        expected = replicates_needed(seen.mean(), seen.std(ddof=1), margin * BASE, 0.97)
        assert needed_for(result, margin, 0.03) == expected >= 2


@given(st.integers(0, 40), st.integers(1, 40))
def test_wilsons_interval_holds_the_share_and_solves_its_equation(count: int, total: int) -> None:
    count = min(count, total)
    low, high = wilson(count, total)
    share = count / total
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert (share - end) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / total, rel=1e-4)


def test_terciles_count_every_point_once() -> None:
    rng = np.random.default_rng(3)
    points = pd.DataFrame({"a": rng.uniform(0, 3, 60), "b": rng.choice(["x", "y"], 60), "n": rng.integers(0, 7, 60)})
    signs = np.where(points["a"] > 2, "helps", "undecided")
    table = pd.concat([points.assign(against=other, sign=signs) for other in ("none", "other")])
    found = tercile_shares(table, {"a": Axis("a", 0, 3), "b": Axis("b", levels=("y", "x")), "n": None})
    assert (found.groupby(["against", "parameter"])["count"].sum() == 60).all()
    assert set(found["sign"]) == set(COUNTED)
    helps = found[(found["against"] == "none") & (found["sign"] == "helps")].set_index(["parameter", "group"])["share"]
    assert helps["a"].tolist() == [0.0, 0.0, 1.0] and list(helps["b"].index) == ["y", "x"]
    clear = contrasts(found)
    first = clear.iloc[0]
    assert (first["parameter"], first["sign"], first["change"], first["clear"]) == ("a", "helps", 1.0, True)
    assert not clear.loc[clear["parameter"] == "b", "clear"].any()


def test_few_levels_are_groups_of_their_own() -> None:
    assert groups_of([0, 2, 6, 2]) == ["0", "2", "6", "2"] and groups_of([True, False]) == ["True", "False"]
    assert groups_of([0.0, 1.0, 2.0, 3.0], Axis("a", 0.0, 9.0))[-1] == "middle (3 to 6)"


def test_pairs_without_spread_decide_at_the_last_look_only_and_never_where_nothing_was_seen():
    same, nothing = paired([3.0, 1.0, 2.0], [3.0, 1.0, 2.0]), paired([0.0] * 12, [0.0] * 12)
    assert sign_of(same, 0.02, "lower", last=False) == "undecided" and sign_of(same, 0.02, "lower") == "equivalent"
    assert sign_of(nothing, 0.02, "lower", last=False) == sign_of(nothing, 0.02, "lower") == "undecided"


def test_a_rare_harm_is_not_called_nothing():
    """An event that a policy doubles from 0.1 to 0.2 a run is mostly not seen in three pairs."""
    rng = np.random.default_rng(4)
    looks, wrong = analysis_schedule(3, first=3), 0
    for _ in range(400):
        without, there = rng.poisson(0.1, 12).astype(float), rng.poisson(0.2, 12).astype(float)
        for look in looks:
            pairs = there[: look.replicates], without[: look.replicates]
            sign = sign_of(paired(*pairs, "lower", 1.0 - look.level), 0.02, "lower", look == looks[-1])
            if sign != "undecided":
                wrong += decided(sign) and sign != "harms"
                if decided(sign):
                    break
    assert wrong <= 0.05 * 400
