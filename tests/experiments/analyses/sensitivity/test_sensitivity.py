"""Sensitivity: published indices of a known function, what noise does to them, tables that are not of the design."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.sensitivity.cross_replicate import cross_product, signed_size
from experiments.analyses.sensitivity.morris import (
    NOT_ZERO,
    NOTHING,
    ZERO,
    elementary_effects,
    passes_by_chance,
    screened,
)
from experiments.analyses.sensitivity.sampling_design import (
    SamplingDesign,
    latin,
    one_by_one,
    read_runs,
    responses,
    saltelli,
    trajectories,
)
from experiments.analyses.sensitivity.sobol import estimate_indices, matrices, sobol_indices
from experiments.analyses.sensitivity.surrogate import checked_ranges, surrogate_indices
from experiments.analyses.sensitivity.tornado import bars
from experiments.core.design.axes import Axis
from sim.core.errors import ScenarioError, StoreError

AXES = tuple(Axis(f"x{number}", -np.pi, np.pi) for number in (1, 2, 3))
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
"""Published indices of the Ishigami function with a = 7, b = 0.1 (Ishigami and Homma 1990)."""
NOISE = 4.0
"""Standard deviation: noise of more variance than the function itself, which has 13.84."""


def ishigami(points: pd.DataFrame) -> np.ndarray:
    x = points.to_numpy(dtype=float)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def noisy(layout: SamplingDesign, replicates: int, seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0.0, NOISE, (len(layout.points), replicates))
    return ishigami(layout.points)[:, None] + noise


def by_name(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("parameter").loc[["x1", "x2", "x3"]]


def test_indices_of_ishigami_are_the_published_ones() -> None:
    layout = saltelli(AXES, 1024, 1)
    found = sobol_indices(layout, ishigami(layout.points)[:, None], corrected=False)
    table = by_name(found.table)
    assert table["total"].to_numpy() == pytest.approx(TOTAL, abs=0.03)
    assert table["first"].to_numpy()[:2] == pytest.approx(FIRST[:2], abs=0.03)
    assert table["first_says"].tolist() == [NOT_ZERO, NOT_ZERO, ZERO] and abs(table["first"].iloc[2]) < 0.03
    assert found.variance[0] == pytest.approx(
        0.5 + 49.0 / 8.0 + 0.1 * np.pi**4 / 5.0 + 0.01 * np.pi**8 / 18.0, rel=0.03
    )


def test_without_noise_indices_are_those_of_salib_and_scipy() -> None:
    from SALib.analyze import sobol as salib
    from scipy.stats import sobol_indices

    layout = saltelli(AXES, 256, 3)
    values = ishigami(layout.points)
    a, b, ab, _ = matrices(layout, values[:, None])
    _, first, total = estimate_indices(a, b, ab, False, np.full((1, 256), 1 / 256))
    problem = {"num_vars": 3, "names": layout.names, "bounds": [[-np.pi, np.pi]] * 3}
    theirs = salib.analyze(problem, values, calc_second_order=False, seed=1)
    # SALib centres on the mean of all points, here it is that of A and B.
    assert first[0] == pytest.approx(np.asarray(theirs["S1"]), abs=1e-5)
    assert total[0] == pytest.approx(np.asarray(theirs["ST"]), abs=1e-10)
    blocks = {"f_A": a[None, :, 0], "f_B": b[None, :, 0], "f_AB": ab[:, None, :, 0]}
    again = sobol_indices(func=blocks, n=256)
    assert total[0] == pytest.approx(again.total_order.ravel(), rel=0.02)


def test_with_noise_corrected_indices_hold_the_published_ones_and_uncorrected_do_not() -> None:
    layout = saltelli(AXES, 1024, 1)
    values = noisy(layout, 2)
    table, wrong = (
        by_name(sobol_indices(layout, values).table),
        by_name(sobol_indices(layout, values, corrected=False).table),
    )
    for kind, published in (("first", FIRST), ("total", TOTAL)):
        low, high = (table[f"{kind}_{end}"].to_numpy() for end in ("low", "high"))
        assert (low <= published).all() and (published <= high).all(), kind
    assert (wrong["total_low"].to_numpy()[1:] > TOTAL[1:]).all()
    assert (wrong["first_high"].to_numpy()[1:2] < FIRST[1:2]).all()
    assert sobol_indices(layout, values).noise == pytest.approx(NOISE**2, rel=0.1)


def test_noise_that_the_points_of_a_row_share_biases_nothing() -> None:
    """Shared chance makes differences sharper and the total index of single replicates too small."""
    layout = saltelli(AXES, 512, 1)
    rng = np.random.default_rng(4)
    shared = rng.normal(0.0, NOISE, (512, 2))[layout.units]
    found = sobol_indices(layout, ishigami(layout.points)[:, None] + shared)
    table = by_name(found.table)
    assert (table["total_low"].to_numpy() <= TOTAL).all() and (table["total_high"].to_numpy() >= TOTAL).all()
    assert found.variance[1] < 13.84 < found.variance[2]


def test_noise_alone_is_called_not_different_from_zero() -> None:
    layout = saltelli(AXES, 64, 1)
    values = np.random.default_rng(8).normal(size=(len(layout.points), 2))
    found = sobol_indices(layout, values)
    assert not found.responds
    assert found.table["first"].isna().all() and found.table["total"].isna().all()
    assert set(found.table["total_says"]) == {ZERO}


def test_every_index_is_told_whole_whether_or_not_it_differs_from_zero() -> None:
    """Those alone that differ would show the ones that luck made large: told together they are right on average."""
    layout, firsts = saltelli(AXES, 64, 1), []
    for seed in range(30):
        table = by_name(sobol_indices(layout, noisy(layout, 2, seed), resamples=200).table)
        for kind in ("first", "total"):
            assert table[[kind, f"{kind}_low", f"{kind}_high"]].notna().all(axis=None)
            clear = table[f"{kind}_says"] == NOT_ZERO
            assert (clear == (table[f"{kind}_low"] > 0.0)).all()
        firsts.append(table["first"].to_numpy())
    ends = np.array(firsts)
    assert (ends[:, 2] < 0.0).any() and (ends[:, 2] > 0.0).any()  # x3 alone does nothing: chance lies on both sides
    assert ends.mean(axis=0) == pytest.approx(FIRST, abs=4 * float((ends.std(axis=0) / 30**0.5).max()))


@pytest.mark.slow
def test_intervals_cover_the_published_indices_about_as_often_as_they_say() -> None:
    covered: list[bool] = []
    for seed in range(100):
        layout = saltelli(AXES, 256, seed)
        table = by_name(sobol_indices(layout, noisy(layout, 2, seed), resamples=400).table)
        for kind, truths in (("first", FIRST), ("total", TOTAL)):
            ends = zip(truths, table[f"{kind}_low"], table[f"{kind}_high"], strict=True)
            covered += [low <= truth <= high for truth, low, high in ends]
    assert 0.91 <= np.mean(covered) <= 1.0


def test_products_of_different_replicates_have_the_expectation_of_the_square() -> None:
    rng = np.random.default_rng(2)
    values = 3.0 + rng.normal(0.0, 2.0, (200_000, 3))
    assert cross_product(values, values).mean() == pytest.approx(9.0, abs=0.05)
    assert cross_product(values, values, corrected=False).mean() == pytest.approx(9.0 + 4.0 / 3.0, abs=0.05)


def test_sizes_of_noise_alone_have_expectation_zero_and_sizes_without_noise_are_sizes() -> None:
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(100_000, 3))
    assert signed_size(noise).mean() == pytest.approx(0.0, abs=0.01)
    assert signed_size(noise, corrected=False).mean() == pytest.approx(np.sqrt(2.0 / np.pi / 3.0), abs=0.01)
    still = np.repeat(rng.normal(size=(50, 1)), 3, axis=1)
    assert signed_size(still) == pytest.approx(np.abs(still[:, 0]))


def test_without_noise_screening_is_that_of_salib() -> None:
    from SALib.analyze import morris as salib

    layout = trajectories(AXES, 20, 5, {})
    values = ishigami(layout.points)
    table = by_name(screened(layout, values[:, None], corrected=False))
    problem = {"num_vars": 3, "names": layout.names, "bounds": [[-np.pi, np.pi]] * 3}
    theirs = salib.analyze(problem, layout.points.to_numpy(), values, num_levels=4, seed=1)
    assert table["mu_star"].to_numpy() == pytest.approx(np.asarray(theirs["mu_star"]), rel=1e-6)
    assert table["sigma"].to_numpy() == pytest.approx(np.asarray(theirs["sigma"]), rel=1e-6)
    assert table["mu"].to_numpy() == pytest.approx(np.asarray(theirs["mu"]), rel=1e-6, abs=1e-9)


def test_screening_tells_what_does_nothing_from_what_only_chance_moves() -> None:
    layout = trajectories((*AXES, Axis("chance"), Axis("idle")), 12, 1, {})
    truth = ishigami(layout.points[["x1", "x2", "x3"]])
    idle = layout.roles[layout.roles["parameter"] == "idle"]
    passed = 0
    for seed in range(40):
        noise = np.random.default_rng(seed).normal(0.0, 0.25, (len(truth), 2))
        # The idle parameter changes not a bit: its point has the noise of the one before.
        noise[idle.index] = noise[idle["origin"]]
        table = screened(layout, truth[:, None] + noise, resamples=400).set_index("parameter")
        # At the ends of x1 its sine is zero, so that x3 moves something in half of the trajectories only.
        assert (table.loc[["x1", "x2"], "says"] == NOT_ZERO).all() and table.loc["x3", "mu_star"] > 1.0
        assert table.loc["idle", "says"] == NOTHING and table.loc["idle", "mu_star"] == 0.0
        assert table.loc["chance", "chance"] > 0.1
        passed += table.loc["chance", "says"] == NOT_ZERO
    assert passed <= 6


def test_of_many_idle_parameters_about_as_many_pass_as_are_expected_by_chance() -> None:
    axes = tuple(Axis(f"x{number}") for number in range(200))
    layout = trajectories(axes, 6, 1, {})
    values = np.random.default_rng(1).normal(size=(len(layout.points), 2))
    passed = int((screened(layout, values, resamples=400)["says"] == NOT_ZERO).sum())
    expected = passes_by_chance(layout, values)
    assert 4 <= expected <= 20 and abs(passed - expected) < 4 * np.sqrt(expected)


def test_a_failed_run_costs_the_steps_that_need_it_and_a_row_as_a_whole() -> None:
    layout = trajectories(AXES, 6, 1, {})
    values = noisy(layout, 2)
    values[1, 0] = np.nan
    lost = {name: int(np.isnan(found).all(axis=1).sum()) for name, found in elementary_effects(layout, values).items()}
    assert sorted(lost.values()) == [0, 1, 1]
    rows = saltelli(AXES, 16, 1)
    values = noisy(rows, 2)
    values[7, 1] = np.nan
    found = sobol_indices(rows, values)
    assert (found.rows, found.lost) == (15, 1)
    values[:60] = np.nan
    with pytest.raises(StoreError, match=r"Only 4 of 16 rows are whole.*narrow the ranges"):
        sobol_indices(rows, values)


def test_a_single_replicate_is_refused() -> None:
    for layout, analyse in ((trajectories(AXES, 6, 1, {}), screened), (saltelli(AXES, 8, 1), sobol_indices)):
        with pytest.raises(StoreError, match="at least 2 are needed, or chance cannot be told"):
            analyse(layout, noisy(layout, 1))


def test_trajectories_change_one_parameter_at_a_time_and_put_switches_back() -> None:
    axes = (
        Axis("a"),
        Axis("n", 0, 20, whole=True),
        Axis("on", levels=(False, True)),
        Axis("kind", levels=("x", "y", "z")),
    )
    layout = trajectories(axes, 6, 2, {"on": True, "kind": "y"})
    assert len(layout.points) == 6 * 5
    for point, role in layout.roles.iterrows():
        if role["parameter"]:
            differs = layout.points.loc[point] != layout.points.loc[role["origin"]]
            assert differs[differs].index.tolist() == [role["parameter"]] and role["step"] != 0.0
            assert layout.units[int(point)] == layout.units[role["origin"]]
    walks = layout.roles["role"] != "flip"
    assert layout.points.loc[walks, "on"].all() and (layout.points.loc[walks, "kind"] == "y").all()
    assert set(layout.points.loc[~walks, "kind"]) == {"x", "y", "z"}


def table_for(layout: SamplingDesign, replicates: int = 2) -> pd.DataFrame:
    points = np.repeat(np.arange(len(layout.points)), replicates)
    numbers = np.tile(np.arange(replicates), len(layout.points))
    table = pd.DataFrame({"point": points, "arm": "only", "replicate": numbers})
    return pd.concat([table, layout.points.iloc[points].reset_index(drop=True)], axis=1).assign(
        y=noisy(layout, replicates).ravel()
    )


def test_a_table_of_the_design_is_taken_in_any_order_of_its_rows() -> None:
    layout = saltelli(AXES, 8, 1)
    table = table_for(layout)
    values = responses(table, layout, "y", ["only"])
    assert (values == noisy(layout, 2)).all()
    assert (responses(table.sample(frac=1.0, random_state=1), layout, "y", ["only"]) == values).all()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda table: table.drop(index=[5, 9]), "lacks 2 runs of this design, the first of them point 2"),
        (
            lambda table: table.assign(x2=table["x2"] + (table["point"] == 3)),
            r"x2 is .* at point 3.*1 of 40 points differ",
        ),
        (lambda table: table.assign(point=39 - table["point"]), "points differ; rows of another order"),
        (
            lambda table: table.assign(point=table["point"] + 10),
            "holds point 40, but the design has the points 0 to 39",
        ),
        (lambda table: pd.concat([table, table.tail(1)]), 'holds point 39, arm "only", replicate 1 more than once'),
        (lambda table: table.drop(columns="x1"), "has no column x1"),
        (lambda table: table.assign(arm="other"), "no rows of the arm only"),
        (lambda table: table.assign(y="much"), '"y" must hold numbers'),
    ],
)
def test_a_table_that_is_not_of_the_design_is_refused(spoil: Any, told: str) -> None:
    layout = saltelli(AXES, 8, 1)
    with pytest.raises(StoreError, match=told):
        responses(spoil(table_for(layout)), layout, "y", ["only"])


def test_an_empty_cell_is_a_run_that_failed(tmp_path: Path) -> None:
    layout = saltelli(AXES, 8, 1)
    table = table_for(layout)
    table.loc[3, "y"] = np.nan
    table.to_csv(tmp_path / "runs.csv", index=False)
    values = responses(read_runs(tmp_path / "runs.csv"), layout, "y", ["only"])
    assert np.argwhere(np.isnan(values)).tolist() == [[1, 1]]


def test_the_tornado_knows_what_a_parameter_does_alone() -> None:
    axes = (Axis("a", 0.0, 2.0), Axis("b", 0.0, 1.0))
    layout = one_by_one(axes, {"a": 1.0, "b": 0.5})
    noise = np.random.default_rng(1).normal(size=8)
    values = 3.0 * layout.points["a"].to_numpy()[:, None] + noise + 0.0 * layout.points["b"].to_numpy()[:, None]
    table = bars(layout, values)
    assert table["parameter"].tolist() == ["a", "a", "b", "b"]
    assert table["change"].tolist()[:2] == pytest.approx([-3.0, 3.0]) and set(table["says"][2:]) == {NOTHING}


def quadratic(points: pd.DataFrame) -> np.ndarray:
    x = points.to_numpy(dtype=float)
    return 4.0 * x[:, 0] + 2.0 * x[:, 1] + 6.0 * (x[:, 0] - 0.5) * (x[:, 1] - 0.5)


def test_a_surrogate_finds_the_indices_of_a_known_function_and_is_refused_where_it_predicts_nothing() -> None:
    """Variances on paper: 16/12 and 4/12 alone, 36/144 together."""
    axes = tuple(Axis(f"x{number}") for number in (1, 2, 3))
    layout = latin(axes, 60, 1)
    noise = np.random.default_rng(5).normal(0.0, 0.3, (60, 4))
    found = surrogate_indices(layout, quadratic(layout.points)[:, None] + noise)
    whole = 16 / 12 + 4 / 12 + 36 / 144
    table = by_name(found.table)
    assert found.quality is not None and found.quality > 0.9 and found.variance[0] == pytest.approx(whole, rel=0.1)
    for kind, paper in (("first", (16 / 12, 4 / 12, 0.0)), ("total", (16 / 12 + 0.25, 4 / 12 + 0.25, 0.0))):
        low, high = (table[f"{kind}_{end}"].to_numpy() for end in ("low", "high"))
        assert (low - 0.01 <= np.array(paper) / whole).all() and (np.array(paper) / whole <= high).all()
    with pytest.raises(StoreError, match=r"predicts .* of the variance of points that it has not seen \(Q2\)"):
        surrogate_indices(layout, np.random.default_rng(6).normal(size=(60, 4)))


@pytest.mark.parametrize(("seed", "spread"), [(1, 0.1), (4, 0.1), (1, 0.5), (4, 0.5), (4, 1.0)])
def test_a_surrogate_tells_no_index_from_zero_that_it_cannot_resolve(seed: int, spread: float) -> None:
    """c and d do nothing, and still the totals of all drawn functions are above zero; with seed 4, so is Q2 above 1."""
    layout = latin(tuple(Axis(name) for name in "abcd"), 60, seed)
    x = layout.points.to_numpy(dtype=float)
    values = (3.0 * x[:, 0] + 2.0 * x[:, 1])[:, None] + np.random.default_rng(seed).normal(0.0, spread, (60, 2))
    found = surrogate_indices(layout, values)
    assert found.quality is not None and (found.quality > 1.0) == (seed == 4)
    assert found.unresolved > 0.0 and found.unresolved >= 1.0 - found.quality
    table = found.table.set_index("parameter").loc[list("abcd")]
    assert table.loc[["a", "b"], "total_says"].tolist() == [NOT_ZERO, NOT_ZERO]
    idle = table.loc[["c", "d"]]
    assert (idle["total_low"] > 0.0).all() and set(idle["total_says"]) == set(idle["first_says"]) == {ZERO}
    assert (idle["total"] < found.unresolved).all()


def test_points_that_were_placed_over_other_ranges_are_no_surrogate_of_the_declared_ones() -> None:
    declared = (Axis("x", 0.0, 4.0), Axis("n", 0, 20, whole=True), Axis("on", levels=(False, True)))

    def read(*placed: Axis, points: int = 24, seed: int = 1) -> SamplingDesign:
        made = latin(placed, points, seed)
        return SamplingDesign("surrogate", declared, made.points, made.roles)

    for points in (3, 5, 8, 19, 20, 21, 64):
        for seed in range(20):
            checked_ranges(read(*declared, points=points, seed=seed))
    others = {
        "x: the points of design.csv span 1.* to 2.*declared range is 0 to 4": (Axis("x", 1.0, 3.0), *declared[1:]),
        "x: the points of design.csv span .* to 4.*declared range is 0 to 4": (Axis("x", 0.0, 5.0), *declared[1:]),
        "n: the points of design.csv span 2 to 8, .*0 to 20": (declared[0], Axis("n", levels=(2, 8)), declared[2]),
        "n: the points of design.csv span 1 to 29, ": (declared[0], Axis("n", 0, 30, whole=True), declared[2]),
        "on: the points of design.csv span True, .*False, True": (*declared[:2], Axis("on", levels=(True,))),
    }
    for told, placed in others.items():
        with pytest.raises(ScenarioError, match=f"{told}.*analysed with runs, but not with --surrogate --from"):
            checked_ranges(read(*placed))


@pytest.mark.parametrize(
    ("words", "varied"),
    [
        ((), 16),
        (("arrangement",), 16),
        (("--quick",), 10),
        (("--parameters", "all"), 0),
        (("disputes",), 0),
        (("--policy", "own"), 0),
        (("--under", "full"), 0),
        (("--outcome", "open"), 0),
        (("--parameters", "voice.nest"), 1),
    ],
)
def test_a_question_begins_with_what_is_least_known_only_where_that_was_screened_for_it(
    gongzhi: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], varied: int
) -> None:
    """For other arms and outcomes the list says nothing, and everything is screened."""
    asked: list[tuple[int, int]] = []

    def run(_: Any, __: str, fields: dict[str, Any]) -> None:
        asked.append((len(fields["parameters"]), fields["trajectories"]))
        raise ScenarioError("that is enough")

    monkeypatch.setattr("experiments.cli.sensitivity.sensitivity_spec", run)
    assert gongzhi("sensitivity", *words)[0] == 2
    assert asked == [(varied, 16 if varied == 16 else 4)]
