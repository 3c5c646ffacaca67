"""Ablation: Shapley's axioms on games that are known, and a policy that is taken apart and adds up."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

import experiments
from experiments import Execution
from experiments.analyses.ablation.ablation import (
    BASELINE,
    Ablation,
    ablate,
    orders,
    over_pairs,
    sampled_interval,
    sets_of,
    shapley,
)
from experiments.analyses.ablation.ablation_report import ablation_figure
from experiments.core.statistics.paired import paired
from experiments.presets.questions import dissections
from sim import Scenario
from sim.core.errors import ScenarioError
from tests.support.drawn_axes import bars, marks
from tests.support.html_page import Page

SERIAL = Execution(executor="serial", progress=False)
SMALL = {"district.estates": 6, "run.warmup": 5, "run.weeks": 14}
NAMES = ("a", "b", "c", "d")


def game(worth: Any) -> dict[frozenset[str], np.ndarray]:
    return {some: np.array([float(worth(some))]) for some in sets_of(NAMES)}


def test_two_left_gloves_and_one_right_have_the_published_values() -> None:
    """Shapley 1953: the only right glove is worth 2/3, each of the left ones 1/6; who has none is worth nothing."""
    values = shapley(game(lambda some: "a" in some and bool(some & {"b", "c"})), NAMES)
    assert [float(values[name][0]) for name in NAMES] == pytest.approx([2 / 3, 1 / 6, 1 / 6, 0.0])


@given(st.lists(st.floats(-10, 10), min_size=16, max_size=16))
def test_values_add_up_and_are_those_of_all_orders(worths: list[float]) -> None:
    worth = {some: np.array([value]) for some, value in zip(sets_of(NAMES), worths, strict=True)}
    values = shapley(worth, NAMES)
    total = sum(float(value[0]) for value in values.values())
    assert total == pytest.approx(float((worth[frozenset(NAMES)] - worth[frozenset()])[0]), abs=1e-9)
    over_all = shapley(worth, NAMES, list(permutations(NAMES)))
    assert all(values[name] == pytest.approx(over_all[name], abs=1e-9) for name in NAMES)


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_where_parts_only_add_each_has_its_own_worth(own: list[float]) -> None:
    values = shapley(game(lambda some: sum(own[NAMES.index(name)] for name in some)), NAMES)
    assert [float(values[name][0]) for name in NAMES] == pytest.approx(own, abs=1e-9)


def test_parts_that_do_the_same_have_the_same_value() -> None:
    values = shapley(game(lambda some: len(some & {"a", "b"}) ** 3), NAMES)
    assert values["a"] == pytest.approx(values["b"]) and values["c"] == pytest.approx(0.0)


def test_sampled_orders_come_with_their_reverse_and_pass_through_sets_that_are_run() -> None:
    parts = [f"part {number}" for number in range(9)]
    sampled = orders(parts, 10, seed=4)
    assert all(one == two[::-1] for one, two in zip(sampled[::2], sampled[1::2], strict=True))
    sets = sets_of(parts, sampled)
    assert frozenset() in sets and frozenset(parts) in sets and len(sets) == len(set(sets)) < 10 * 9
    assert all(frozenset(parts) - {part} in sets for part in parts)
    worth = {some: np.array([float(len(some)) ** 2]) for some in sets}
    assert sum(float(value[0]) for value in shapley(worth, parts, sampled).values()) == pytest.approx(81.0)


SEVEN = tuple("abcdefg")


def noisy_game(rng: np.random.Generator, replicates: int) -> tuple[dict[frozenset[str], np.ndarray], dict[str, float]]:
    """Seven parts, every two of which work together or against each other, with little noise; their exact values."""
    own, both = rng.normal(size=7), rng.normal(size=(7, 7))
    both = np.triu(both, 1)
    three = rng.normal(size=7)
    worth = {}
    for some in sets_of(SEVEN):
        there = np.array([part in some for part in SEVEN], dtype=float)
        size = own @ there + there @ both @ there + three @ (there * np.roll(there, 1) * np.roll(there, 2))
        worth[some] = np.array([size])
    exact = {part: float(value[0]) for part, value in shapley(worth, SEVEN).items()}
    noise = rng.normal(0.0, 0.02, (len(worth), replicates))
    return {some: value + noise[place] for place, (some, value) in enumerate(worth.items())}, exact


def test_the_interval_of_a_sampled_value_holds_the_luck_of_the_orders() -> None:
    """The plain interval over replicates, which share the orders, misses the exact value in most games."""
    rng = np.random.default_rng(6)
    plain, honest = [], []
    for trial in range(60):
        worth, exact = noisy_game(rng, 8)
        sampled = orders(SEVEN, 20, seed=trial)
        values = shapley(worth, SEVEN, sampled)
        for part, table in over_pairs(worth, sampled).items():
            assert table.mean(axis=0) == pytest.approx(values[part])
            low, high = sampled_interval(table)
            honest.append(low <= exact[part] <= high)
            alone = paired(values[part], np.zeros(8))
            plain.append(alone.ci_low <= exact[part] <= alone.ci_high)
    assert np.mean(plain) < 0.6 and np.mean(honest) >= 0.9


def test_an_ablation_of_many_parts_tells_that_interval_and_adds_up() -> None:
    worth, _ = noisy_game(np.random.default_rng(9), 5)
    sampled = tuple(orders(SEVEN, 9, seed=2))
    labels = {some: " + ".join(sorted(some)) or "no part" for some in sets_of(SEVEN, sampled)}
    runs = pd.concat(
        [
            pd.DataFrame({"arm": label, "replicate": range(5), "conflicts": value})
            for label, value in [(BASELINE, np.zeros(5)), *((label, worth[some]) for some, label in labels.items())]
        ]
    )
    swept: Any = SimpleNamespace(plan=SimpleNamespace(outcomes=("conflicts",)), ended=runs, grain_of=lambda _: 0.0)
    spec: Any = SimpleNamespace(scenario=Scenario(), parts=dict.fromkeys(SEVEN), labels=labels, sampled=sampled)
    table = Ablation(spec, swept, Path("nowhere")).table.set_index("part")
    for part, values in over_pairs(worth, sampled).items():
        assert tuple(table.loc[part, ["ci_low", "ci_high"]]) == pytest.approx(sampled_interval(values))
    assert table.drop("whole")["shapley"].sum() == pytest.approx(table.loc["whole", "shapley"])


def test_a_sampled_interval_adds_the_variances_of_replicates_and_of_pairs() -> None:
    """Effects of pairs (0, 2) and of replicates (0, 3, 6) that add: mean 4, variance 9 / 3 + 2 / 2."""
    low, high = sampled_interval(np.array([[0.0, 3.0, 6.0], [2.0, 5.0, 8.0]]))
    assert (low, high) == pytest.approx((4.0 - 2 * 12.7062, 4.0 + 2 * 12.7062), abs=1e-3)
    assert np.isnan(sampled_interval(np.ones((1, 5)))).all() and sampled_interval(np.zeros((4, 1))) == (0.0, 0.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    wanted = dissections()["full"]
    return ablate(
        wanted.policy,
        wanted.parts,
        outcomes=["conflicts", "hours"],
        scenario=Scenario().replace(SMALL),
        replicates=3,
        name="full",
        store=tmp_path_factory.mktemp("ablation") / "store",
        execution=SERIAL,
    )


def test_the_parts_of_full_coverage_add_up_to_its_whole_effect(made: Any) -> None:
    assert len(made.spec.labels) == 2 ** len(made.spec.parts) == 16 and len(made.swept.runs) == 17 * 3
    runs = made.swept.runs.set_index(["arm", "replicate"])
    for outcome in ("conflicts", "hours"):
        table = made.table[made.table["outcome"] == outcome].set_index("part")
        whole = (runs.loc["with " + " + ".join(made.spec.parts), outcome] - runs.loc[BASELINE, outcome]).mean()
        assert table.loc["whole", "shapley"] == pytest.approx(whole)
        assert table.drop("whole")["shapley"].sum() == pytest.approx(whole)
        assert (table["ci_low"] <= table["shapley"]).all() and (table["shapley"] <= table["ci_high"]).all()
    read = (made.swept.store.folder / "ablation.csv").read_text()
    assert read.count("\n") == 1 + 2 * 6


def test_all_parts_in_is_the_policy_and_every_part_changes_something(made: Any) -> None:
    arms = {arm.label: arm.scenario for arm in made.swept.outcome.design.arms}
    full = Scenario().replace({**SMALL, "coverage.strategy": "full"})
    whole = arms["0 with " + " + ".join(made.spec.parts)]
    assert not {name: both for name, both in whole.differences(full).items() if name != "outcomes.record_estates"}
    for name, changes in dissections()["full"].parts.items():
        assert full.differences(full.replace(changes)), name


@pytest.mark.parametrize("name", dissections())
def test_every_policy_can_be_taken_apart(name: str) -> None:
    wanted = dissections()[name]
    world = Scenario().replace(wanted.world)
    policy = world.replace(wanted.policy)
    assert world.differences(policy)
    for part, changes in wanted.parts.items():
        assert policy.differences(policy.replace(changes)), part


def texts(figure: Any) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def test_a_figure_has_a_row_for_each_part_in_either_language(made: Any) -> None:
    english, chinese = (texts(ablation_figure(made).draw(lang)) for lang in ("en", "zh"))
    assert all(label in english for label in ("Mediation", "Channel", "Routine services", "What is left", "Whole"))
    assert english.startswith("Full coverage: ")
    assert all(label in chinese for label in ("调解", "诉求渠道", "日常服务", "填报", "余下部分", "合计"))


def test_a_figure_marks_the_three_values_of_every_part_with_their_intervals(made: Any) -> None:
    """In per cent of the mean without the policy; what is left and the whole have a share alone."""
    panels = [axes for axes in ablation_figure(made).draw().axes if axes.axison and marks(axes)]
    assert len(panels) == 2
    for axes, outcome in zip(panels, ("conflicts", "hours"), strict=True):
        scale = 100.0 / made.swept.runs.set_index("arm").loc[BASELINE, outcome].mean()
        table = made.table[made.table["outcome"] == outcome]
        rows = [
            marks_in
            for place in range(len(table))
            if (marks_in := sorted(mark for mark in marks(axes) if place <= mark[1] < place + 1))
        ]
        spans = {y[0]: tuple(x) for x, y in bars(axes) if y[0] == y[1]}
        for drawn, row in zip(rows, table.to_dict("records"), strict=True):
            names = {"shapley": "ci", "alone": "alone", "left_out": "left_out"}
            names = names if row["part"] in made.spec.parts else {"shapley": "ci"}
            values = sorted(
                (scale * row[name], scale * row[f"{end}_low"], scale * row[f"{end}_high"])
                for name, end in names.items()
            )
            assert [(x, *spans[y]) for x, y in drawn] == [pytest.approx(value) for value in values], row["part"]


def test_what_parts_do_together_is_the_whole_less_each_alone(made: Any) -> None:
    for outcome in ("conflicts", "hours"):
        table = made.table[made.table["outcome"] == outcome].set_index("part")
        gap = made.together(outcome)
        whole = table.loc["whole", "shapley"] - table.loc["what is left", "shapley"]
        assert gap.mean == pytest.approx(whole)
        assert gap.baseline_mean == pytest.approx(table.loc[list(made.spec.parts), "alone"].sum())


def test_the_report_tells_every_share_and_can_be_made_again_from_the_folder(made: Any) -> None:
    folder = made.swept.store.folder
    path = made.report()
    page = Page(path.read_text(encoding="utf-8"))
    assert [found.id for found in made.findings] == ["ablation.carried"] * 2 + [
        f"ablation.{'adds' if gap.ci_low <= 0 <= gap.ci_high else 'does_not_add'}"
        for outcome in ("conflicts", "hours")
        if (gap := made.together(outcome)).replicates > 1
    ]
    assert {
        name
        for found in made.findings[:2]
        if (carried := found.values["shares"].values)
        for name in (*(part for part, _ in carried["shares"]), *carried["vague"], *carried["nothing"])
    } >= set(made.spec.parts)
    assert all(found.text() in page.said for found in made.findings)
    shares = [row for row in page.rows if row[0] in ("Mediation", "Channel", "Routine services", "Reporting")]
    assert len(shares) >= 2 * 4
    before, figure = path.read_bytes(), (folder / "figures" / "ablation.png").read_bytes()
    again = experiments.open(folder)
    pd.testing.assert_frame_equal(again.table, made.table)
    assert again.report().read_bytes() == before and (folder / "figures" / "ablation.png").read_bytes() == figure


def test_parts_that_cannot_both_be_out_are_refused(tmp_path: Path) -> None:
    parts = {"one": {"branches.targets": 0}, "two": {"branches.targets": 9}}
    with pytest.raises(ScenarioError, match="cannot both be out"):
        ablate({"coverage.strategy": "full"}, parts, outcomes=["conflicts"], store=tmp_path / "a")
    with pytest.raises(ScenarioError, match="no parts"):
        ablate({"coverage.strategy": "full"}, {}, outcomes=["conflicts"], store=tmp_path / "a")


def test_the_command_takes_a_policy_apart(gongzhi: Any, tmp_path: Path) -> None:
    tiny = ("--estates", "5", "--set", "run.warmup=4", "--weeks", "9", "--executor", "serial")
    status, out, err = gongzhi("ablate", "full", *tiny, "--replicates", "2", "--outcome", "conflicts")
    assert status == 0, err
    assert "Under full coverage, conflicts " in out and (tmp_path / "results/ablate-full/figures/ablation.png").exists()
    status, out, _ = gongzhi("ablate")
    assert status == 0 and all(name in out for name in dissections())
    status, _, err = gongzhi("ablate", "fulll")
    assert status == 2 and 'Did you mean "full"?' in err
