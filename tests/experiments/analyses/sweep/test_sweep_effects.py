"""What a sweep says over all its points: counts, rank correlations and ranges that follow from the numbers alone."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.sweep.sweep_effects import clauses as found_in
from experiments.analyses.sweep.sweep_effects import (
    deviations,
    oat_points,
    range_effects,
    rank_effects,
    rank_effects_of,
    summary,
)
from experiments.analyses.sweep.swept import TABLE
from experiments.core.statistics.paired import paired
from experiments.reporting.clauses import Move
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence


def made_up(points: pd.DataFrame, effects: np.ndarray, kind: str = "latin") -> Any:
    """A sweep whose arm changes conflicts by given amounts, shape (points, replicates)."""
    rows, runs, arms = [], [], ("none", "full")
    for point, sizes in enumerate(effects):
        there = 10.0 + np.arange(len(sizes))
        for arm, values in zip(arms, (there, there + sizes), strict=True):
            gap = paired(values, there)
            rows.append(
                {
                    "point": point,
                    "arm": arm,
                    "outcome": "conflicts",
                    "mean": gap.mean,
                    "ci_low": gap.ci_low,
                    "ci_high": gap.ci_high,
                    "difference": gap.difference,
                    "difference_low": gap.ci_low,
                    "difference_high": gap.ci_high,
                    "replicates": len(sizes),
                }
            )
            runs += [{"point": point, "arm": arm, "replicate": n, "conflicts": v} for n, v in enumerate(values)]
    table = pd.DataFrame(rows).reindex(columns=list(TABLE))
    plan = SimpleNamespace(
        kind=kind, baseline="none", arms=dict.fromkeys(arms, {}), replicates=effects.shape[1], apart=False
    )

    def effect(outcome: str, arm: str | None = None) -> pd.Series:
        return table[table["arm"] == (arm or arms[-1])].set_index("point")["difference"]

    return SimpleNamespace(
        plan=plan, points=points, table=table, ended=pd.DataFrame(runs), effects=effect, grain_of=lambda _: 0.0
    )


def spread(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame({"x": np.arange(size) / size, "y": rng.random(size), "kind": ["a", "b"] * (size // 2)})


def test_points_are_counted_by_their_intervals() -> None:
    sizes = np.array([[-1.0, -1.1, -0.9], [1.0, 1.1, 0.9], [1.2, 1.1, 1.0], [-1.0, 1.0, 0.1]])
    counts = summary(made_up(spread(4), sizes), "conflicts", "full")
    assert (counts.points, counts.falls, counts.rises, counts.unclear, counts.single) == (4, 1, 2, 1, False)
    assert counts.lowest == pytest.approx(-1.0) and counts.highest == pytest.approx(1.1)


def test_a_single_replicate_is_counted_by_sign_and_said_to_be() -> None:
    result = made_up(spread(4), np.array([[-1.0], [1.0], [0.0], [2.0]]))
    counts = summary(result, "conflicts", "full")
    assert (counts.falls, counts.rises, counts.unclear, counts.single) == (1, 2, 1, True)
    counted = found_in(result, "conflicts", "full")[0]
    assert counted.id == "sweep.counted" and counted.values["single"] and "single pair of runs" in counted.text()


@pytest.mark.parametrize(("sign", "more", "higher"), [(1.0, "more", "多"), (-1.0, "fewer", "少")])
def test_the_parameter_that_an_effect_follows_is_named_with_its_direction(sign: float, more: str, higher: str) -> None:
    points = spread(40)
    result = made_up(points, np.repeat(sign * points[["x"]].to_numpy(), 2, axis=1) + [[0.0, 0.01]])
    first, *rest = rank_effects(result, "conflicts", "full")
    assert first.name == "x" and first.correlation == pytest.approx(sign) and first.clear
    assert not any(effect.clear for effect in rest)
    found = found_in(result, "conflicts", "full")[1]
    assert found.id == "sweep.follows" and found.values["first"] == first and not found.values["further"]
    assert f"The higher x, the {more} conflicts under full coverage beside no branches" in found.text()
    assert f"越{higher}" in found.text("zh")


def test_noise_is_told_as_noise_in_nineteen_of_twenty_sweeps() -> None:
    rng = np.random.default_rng(11)
    points = pd.DataFrame(rng.random((30, 6)), columns=list("abcdef"))
    false = sum(
        any(effect.clear for effect in rank_effects_of(points, pd.Series(rng.normal(size=30)))) for _ in range(200)
    )
    assert false <= 20  # 10 are expected; 21 or more come once in 1,000
    found = found_in(made_up(points, rng.normal(size=(30, 2))), "conflicts", "full")[1]
    why = found.values["why"]
    assert (found.id, why.id, why.values["parameters"]) == ("sweep.nothing_clear", "sweep.within_chance", 6)
    assert found.text().startswith("No single parameter is shown to move this effect: the clearest, ")


def test_what_points_show_and_replicates_cannot_is_not_called_chance() -> None:
    points = spread(40)
    result = made_up(points, points[["x"]].to_numpy() * [[1.0, 1.3]])
    found = found_in(result, "conflicts", "full")[1]
    why = found.values["why"]
    assert (found.id, why.id, why.values["clearest"].name) == ("sweep.nothing_clear", "sweep.few_replicates", "x")
    assert "stands out over 40 points, but 2 replicates are too few" in found.text()
    assert "within what chance makes" not in found.text() and "2 次重复" in found.text("zh")


def shared_slopes(rng: np.random.Generator, values: np.ndarray, replicates: int) -> pd.DataFrame:
    """Effects whose expectation is flat, with slopes that each replicate draws anew and all points share."""
    slopes = rng.normal(size=(values.shape[1], replicates))
    return pd.DataFrame((values - values.mean(axis=0)) @ slopes + rng.normal(0.0, 0.1, (len(values), replicates)))


@pytest.mark.parametrize(("parameters", "replicates"), [(3, 2), (1, 2), (1, 4)])
def test_luck_that_all_points_share_is_not_told_as_what_an_effect_follows(parameters: int, replicates: int) -> None:
    rng = np.random.default_rng(3)
    clear = {"over points": 0, "over both": 0}
    for _ in range(100):
        points = pd.DataFrame(rng.random((40, parameters))).rename(columns=str)
        each = shared_slopes(rng, points.to_numpy(), replicates)
        for kind, found in (
            ("over points", rank_effects_of(points, each.mean(axis=1))),
            ("over both", rank_effects_of(points, each.mean(axis=1), each)),
        ):
            clear[kind] += any(effect.clear for effect in found)
    assert clear["over points"] > 60
    assert clear["over both"] <= 12  # 5 are expected at most; 13 or more come once in 680


@pytest.mark.parametrize("levels", [2, 4])
def test_luck_of_levels_that_all_points_share_is_not_told_as_their_difference(levels: int) -> None:
    rng = np.random.default_rng(8)
    points = pd.DataFrame({"kind": np.array(list("abcd"))[np.arange(40) % levels]})
    over_points = over_both = 0
    for _ in range(100):
        luck = rng.normal(size=(levels, 3))[np.arange(40) % levels]
        each = pd.DataFrame(luck + rng.normal(0.0, 0.2, (40, 3)))
        over_points += rank_effects_of(points, each.mean(axis=1))[0].clear
        over_both += rank_effects_of(points, each.mean(axis=1), each)[0].clear
    assert over_points > 60 and over_both <= 12


def test_what_replicates_agree_on_is_clear_and_a_missing_run_does_not_hide_it() -> None:
    rng = np.random.default_rng(2)
    points = spread(40)
    sizes = points[["x"]].to_numpy() + 3.0 * (points[["kind"]] == "a").to_numpy() + rng.normal(0.0, 0.1, (40, 4))
    each = pd.DataFrame(sizes)
    each.iloc[3, 2] = each.iloc[8, 1] = np.nan
    each.iloc[:, 3] = np.nan
    found = {effect.name: effect for effect in rank_effects_of(points, each.mean(axis=1), each)}
    assert found["x"].clear and found["kind"].clear and not found["y"].clear and not found["x"].single


def test_p_is_the_larger_of_that_over_points_and_students_over_replicates() -> None:
    """Slopes of 1, 2 and 6 over ranks: mean 3, standard error the root of 7/3, t = 1.9640 with 2 degrees of freedom."""
    points = pd.DataFrame({"x": np.linspace(0.0, 1.0, 12)})
    each = pd.DataFrame(np.arange(12.0)[:, None] * [1.0, 2.0, 6.0])
    t = 3.0 / np.sqrt(7.0 / 3.0)
    assert rank_effects_of(points, each.mean(axis=1))[0].p == 0.0
    assert rank_effects_of(points, each.mean(axis=1), each)[0].p == pytest.approx(1.0 - t / np.sqrt(t * t + 2.0))


def test_a_single_replicate_is_said_to_speak_for_its_own_chance() -> None:
    points = spread(40)
    sizes = points[["x"]].to_numpy() + 0.01 * points[["y"]].to_numpy()
    result = made_up(points, sizes)
    assert rank_effects(result, "conflicts", "full")[0].single
    found = found_in(result, "conflicts", "full")[1]
    assert (
        "random numbers of the single replicate that all points share" in found.text()
        and "随机数而言" in found.text("zh")
    )
    result.plan.apart = True
    assert not rank_effects(result, "conflicts", "full")[0].single
    assert "single replicate" not in found_in(result, "conflicts", "full")[1].text()


def test_levels_without_an_order_matter_when_they_differ() -> None:
    points = spread(40)
    effect = pd.Series(np.where(points["kind"] == "a", 1.0, 2.0) + 0.01 * points["y"])
    first = rank_effects_of(points, effect)[0]
    assert first.name == "kind" and first.clear and np.isnan(first.correlation)


def test_a_correlation_lies_in_its_interval() -> None:
    points = spread(30)
    for effect in rank_effects_of(points, points["x"] + 0.5 * points["y"]):
        if np.isfinite(effect.correlation):
            assert effect.low <= effect.correlation <= effect.high


def test_one_at_a_time_has_changes_between_the_ends_of_each_range() -> None:
    points = pd.DataFrame({"x": [1.0, 0.0, 2.0, 1.0], "kind": ["a", "a", "a", "b"]})
    result = made_up(points, np.array([[0.0, 0.0], [-1.0, -1.2], [2.0, 2.2], [0.1, -0.1]]), kind="one-at-a-time")
    assert oat_points(points, "x") == [0, 1, 2] and oat_points(points, "kind") == [0, 3]
    first, second = range_effects(result, "conflicts", "full")
    assert (first.name, first.start, first.end) == ("x", 0.0, 2.0) and first.clear
    assert first.change.difference == pytest.approx(3.2)
    assert (second.name, second.start, second.end, second.clear) == ("kind", "a", "b", False)
    assert deviations(result, "conflicts", "full")["size"].tolist() == pytest.approx([0.0, -1.1, 2.1, 0.0])
    found = found_in(result, "conflicts", "full")[1]
    assert (found.id, found.values["parameter"]) == ("sweep.moves_most", "x")
    assert (found.values["start"], found.values["end"]) == (0.0, 2.0)


def test_the_level_that_differs_most_is_held_to_a_wider_interval() -> None:
    """Of five levels without any effect, the plain interval of the one that differs most misses zero too often."""
    rng = np.random.default_rng(4)
    points = pd.DataFrame({"kind": list("abcde")})
    plain = clear = 0
    for _ in range(200):
        sizes = pd.DataFrame(rng.normal(size=(5, 8)))
        runs = pd.DataFrame(
            {
                "point": np.tile(np.repeat(np.arange(5), 8), 2),
                "arm": np.repeat(["none", "full"], 40),
                "replicate": np.tile(np.arange(8), 10),
                "conflicts": np.append(np.zeros(40), sizes.to_numpy()),
            }
        )
        result: Any = SimpleNamespace(
            plan=SimpleNamespace(baseline="none"), points=points, ended=runs, grain_of=lambda _: 0.0
        )
        (moved,) = range_effects(result, "conflicts", "full")
        end = sizes.loc["abcde".index(moved.end)] - sizes.loc[0]
        clear += moved.clear
        plain += paired(end, np.zeros(8)).p < 0.05
        wide = paired(end, np.zeros(8), confidence=1 - 0.05 / 4)
        assert (moved.change.ci_low, moved.change.ci_high) == pytest.approx((wide.ci_low, wide.ci_high))
    assert plain > 18 >= clear  # at 5 % 10 are expected; 19 or more come once in 170


def test_a_sweep_of_which_nothing_ended_is_told_as_such() -> None:
    result = made_up(spread(4), np.full((4, 2), np.nan))
    result.ended = result.ended.iloc[:0]
    assert found_in(result, "conflicts", "full") == [Finding("sweep.unknown", outcome="conflicts")]


@pytest.mark.parametrize(
    ("move", "english", "chinese"),
    [
        (Move("conflicts", -0.2, -0.3, -0.1, 4.0, "helps"), "conflicts fall by 5.0%", "纠纷下降 5.0%"),
        (Move("conflicts", 0.2, 0.1, 0.3, 4.0, "harms"), "conflicts rise by 5.0%", "纠纷上升 5.0%"),
        (
            Move("conflicts", 0.06, 0.04, 0.08, 4.0, "worse"),
            "conflicts rise by 1.5%, within ±2% (95% interval +1.0% to +2.0%)",
            "纠纷上升 1.5%、不超出 ±2%（95% 区间 +1.0% 至 +2.0%）",
        ),
        (
            Move("conflicts", -0.2, -0.36, -0.04, 4.0, "undecided_better"),
            "conflicts fall by 5.0%, whether by more than 2% is open (95% interval −9.0% to −1.0%)",
            "纠纷下降 5.0%、是否超出 2% 未定（95% 区间 −9.0% 至 −1.0%）",
        ),
        (
            Move("conflicts", 0.2, 0.1, 0.3, 4.0, "undecided"),
            "the effect on conflicts is undecided",
            "对纠纷的效应未定",
        ),
        (Move("conflicts", 0.0, -0.01, 0.01, 4.0, "equivalent"), "conflicts stay within ±2%", "纠纷变化不超出 ±2%"),
        (Move("conflicts", 0.1, -0.1, 0.3, 4.0), "no change of conflicts is shown", "纠纷未显示变化"),
        (Move("conflicts", 0.1, np.nan, np.nan, 4.0), "differ by +2.5% in a single pair", "一对运行中相差 +2.5%"),
        (Move("conflicts", np.nan, np.nan, np.nan), "nothing is known of conflicts", "纠纷无结果"),
        (Move("yuan_purse", 500.0, 400.0, 600.0, 0.0), "rises by 500 yuan per week", "财政支出上升 500"),
    ],
)
def test_a_clause_says_what_its_interval_and_verdict_say(move: Move, english: str, chinese: str) -> None:
    assert english in sentence("en", "clauses.clause", move=move)
    assert chinese in sentence("zh", "clauses.clause", move=move)
    assert english.split(" (")[0] in sentence("en", "clauses.clauses", moves=[move])
    assert "95%" not in sentence("en", "clauses.clauses", moves=[move], interval=False)


@pytest.mark.parametrize("against", ["none", "own"])
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize(("falls", "rises"), [(25, 0), (3, 4), (0, 0), (64, 0)])
def test_what_a_count_of_points_lacks_leaves_no_gap(against: str, single: bool, falls: int, rises: int) -> None:
    counts = {"outcome": "conflicts", "arm": "full", "points": 64, "falls": falls, "rises": rises, "single": single}
    for lang in ("en", "zh"):
        said = sentence(lang, "sweep.counted", against=against, **counts)
        assert not re.search(r"\s[,，]|\s$", said), said
