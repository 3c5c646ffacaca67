"""Sweeps: points are where they should be, a design is checked whole, and tables are what was run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from experiments import Execution, Plan, sweep
from experiments.analyses.sweep.sweep_effects import rank_effects_of
from experiments.core.design import points
from experiments.core.design.axes import Axis, axes_of
from sim import Scenario
from sim.core.errors import GongzhiError, ScenarioError, StoreError

SERIAL = Execution(executor="serial", progress=False)
SMALL: dict[str, Any] = {"district.estates": 4, "run.warmup": 4, "run.weeks": 10}
DESIGN: dict[str, Any] = {
    "points": 3,
    "replicates": 2,
    "outcomes": ["conflicts", "hours"],
    "scenario": SMALL,
    "arms": ["none", "full"],
    "parameters": {"branches.reporting_hours": "declared", "branches.targets": [2, 9]},
}
A, B, C = (Axis(name, 0.0, 1.0) for name in "abc")


# Points ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 7, 40])
def test_a_latin_hypercube_has_one_point_in_every_strip(number: int) -> None:
    made = points.latin([A, B, Axis("whole", 1, number, whole=True)], number, seed=3)
    for name in "ab":
        assert sorted(np.floor(made[name] * number * (1 - 1e-9)).astype(int)) == list(range(number))
    assert sorted(made["whole"]) == list(range(1, number + 1))


def test_a_sobol_sequence_is_balanced_in_every_half_and_quarter() -> None:
    made = points.sobol([A, B, C], 64, seed=5)
    for name in "abc":
        assert np.bincount((made[name] * 4).astype(int)).tolist() == [16] * 4
    for one, two in (("a", "b"), ("b", "c")):
        cells = (made[one] * 2).astype(int) * 2 + (made[two] * 2).astype(int)
        assert np.bincount(cells).tolist() == [16] * 4
    with pytest.raises(ScenarioError, match="like 64 or 128"):
        points.sobol([A], 100)


def test_a_factorial_has_every_combination_once() -> None:
    made = points.factorial([A, Axis("whole", 0, 2, whole=True), Axis("name", levels=("x", "y"))], 5)
    assert len(made) == len(made.drop_duplicates()) == 5 * 3 * 2
    assert sorted(set(made["a"])) == [0.0, 0.25, 0.5, 0.75, 1.0]
    with pytest.raises(ScenarioError, match="10,000,000 points"):
        points.factorial([Axis(str(number), 0, 1) for number in range(7)], 10)


def test_one_at_a_time_leaves_the_others_as_usual() -> None:
    made = points.one_at_a_time([A, B], 3, usual=[0.5, 0.2])
    assert made.iloc[0].tolist() == [0.5, 0.2]
    assert ((made["a"] == 0.5) | (made["b"] == 0.2)).all() and not made.duplicated().any()
    assert len(made) == 1 + 2 + 3  # the middle of a is as usual


def test_morris_trajectories_change_every_parameter_once() -> None:
    made = points.morris([A, B, C], 6, seed=1).to_numpy().reshape(6, 4, 3)
    changed = np.diff(made, axis=1) != 0.0
    assert np.all(changed.sum(axis=1) == 1) and np.all(changed.sum(axis=2) == 1)
    assert np.allclose(np.abs(np.diff(made, axis=1)).sum(axis=2), 2 / 3)


@given(st.floats(0.0, 1.0), st.integers(-5, 5), st.integers(0, 9))
def test_an_axis_never_leaves_its_range(share: float, low: int, span: int) -> None:
    whole = Axis("whole", low, low + span, whole=True)
    assert low <= whole.at([share])[0] <= low + span
    plain = Axis("plain", low / 7, (low + span + 1) / 7)
    assert plain.low - 1e-7 <= plain.at([share])[0] <= plain.high + 1e-7
    assert Axis("names", levels=("x", "y", "z")).at([share])[0] in "xyz"


def test_declared_ranges_of_all_parameters_can_be_swept_to_their_ends() -> None:
    scenario = Scenario()
    names = [
        row["name"]
        for row in scenario.parameters()
        if row["sweep_low"] is not None
        and row["sweep_low"] < row["sweep_high"]
        and row["default"] is not None
        and not row["name"].startswith("run.")
    ]
    axes = axes_of(dict.fromkeys(names, "declared"), scenario)
    assert len(axes) > 200
    for axis in axes:
        for value in axis.grid(2):
            scenario.replace({axis.name: value})


# Designs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"parameters": {}}, "varies nothing"),
        ({"parameters": {"branches.reporting_hour": "declared"}}, "branches.reporting_hours"),
        ({"parameters": {"branches.reporting_hours": [3, 1]}}, "must be below"),
        ({"parameters": {"branches.reporting_hours": [0, 600]}}, "from 0 to 60"),
        ({"parameters": {"branches.targets": [0.5, 3]}}, "whole number"),
        ({"parameters": {"branches.reporting_hours": [0]}}, r"\[low, high\]"),
        ({"parameters": {"coverage.strategy": "declared"}}, "declares no range"),
        ({"parameters": {"couriers.norm": {"levels": ["linear", "cubic"]}}}, "cubic"),
        ({"parameters": {"couriers.norm": {"steps": 3}}}, "levels"),
        ({"design": "latin square"}, '"latin square" is none'),
        ({"designs": "latin"}, "design"),
        ({"levels": 3}, "size is told by points"),
        ({"points": 0}, "points = 0"),
        ({"points": "many"}, 'points = "many"'),
        ({"replicates": 1.5}, "replicates = 1.5"),
        ({"outcomes": ["conflict"]}, "conflicts"),
        ({"outcomes": ["order"]}, "relative to another arm"),
        ({"baseline": "nobody"}, '"nobody" is no arm'),
        ({"arms": ["none", "fulll"]}, "full"),
        ({"arms": {"busy": {"branches.targets": 3}, "none": "none"}}, "which the points vary too"),
        ({"scenario": {"district": {"estate": 4}}}, "district.estates"),
        ({"design": "table"}, "size is told by file"),
        ({"design": "table", "points": None}, "needs file"),
        ({"design": "table", "points": None, "file": "p.csv"}, "leave \\[parameters\\] out"),
    ],
)
def test_what_a_design_cannot_mean_is_refused_in_words(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(GongzhiError, match=says):
        Plan.of({**DESIGN, **changes}).design()


def test_all_problems_of_the_parameters_are_told_at_once() -> None:
    wanted = {"branches.reporting_hours": [0, 600], "branches.targets": [9, 2], "services.efect": "declared"}
    with pytest.raises(ScenarioError) as caught:
        Plan.of({**DESIGN, "parameters": wanted})
    names = ("branches.reporting_hours", "branches.targets", "services.effect")
    assert all(name in str(caught.value) for name in names)


def test_a_design_file_says_what_a_dictionary_says(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'points = 3\nreplicates = 2\noutcomes = ["conflicts", "hours"]\narms = ["none", "full"]\n'
        '[parameters]\n"branches.reporting_hours" = "declared"\n"branches.targets" = [2, 9]\n'
        "[scenario.district]\nestates = 4\n[scenario.run]\nwarmup = 4\nweeks = 10\n",
        encoding="utf-8",
    )
    read, made = Plan.read(path), Plan.of(DESIGN)
    assert read.points.equals(made.points) and read.scenario == made.scenario and read.baseline == "none"
    assert [run.key for run in read.design().runs] == [run.key for run in made.design().runs]
    path.write_text("points = ", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.toml"):
        Plan.read(path)


def test_what_is_set_for_all_wins_over_the_design_and_must_not_vary(tmp_path: Path) -> None:
    made = Plan.of(DESIGN, changes={"district.estates": 7})
    assert made.scenario.district.estates == 7 and made.scenario.run.weeks == 10
    with pytest.raises(ScenarioError, match=r"branches\.targets is set for all runs"):
        Plan.of(DESIGN, changes={"branches.targets": 3})


def test_a_table_of_points_is_read_whole_and_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    plain = {**DESIGN, "design": "table", "file": "points.csv", "parameters": {}}
    del plain["points"]
    path.write_text("branches.targets,couriers.norm\n3,linear\n9,none\n", encoding="utf-8-sig")
    made = Plan.of(plain, folder=tmp_path)
    assert made.points["branches.targets"].tolist() == [3, 9]
    assert made.points["couriers.norm"].tolist() == ["linear", "none"]
    rows = "".join(f"{number + 300},linear\n" for number in range(12))
    path.write_text("branches.targets,couriers.norm\n3,linear\n" + rows + "4,cubic\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Plan.of(plain, folder=tmp_path)
    text = str(caught.value)
    assert all(words in text for words in ("13 of 14 points", "line 3", "and 3 more", str(path)))
    for content, says in (
        ("", "not a table"),
        ("branches.targets\n", "no rows"),
        ("branches.target\n3\n", "targets"),
        ("branches.targets,branches.targets\n1,2\n", "twice"),
        ("branches.targets\nx\n", "line 2"),
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ScenarioError, match=says):
            Plan.of(plain, folder=tmp_path)


# Runs -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return sweep(DESIGN, store=tmp_path_factory.mktemp("sweep") / "store", execution=SERIAL)


def test_every_point_is_lived_by_every_arm_with_the_same_chance(swept: Any) -> None:
    assert len(swept.runs) == 3 * 2 * 2
    seeds = {(run.replicate, run.seed) for run in swept.outcome.design.runs}
    assert len(seeds) == 2
    for _, rows in swept.runs.groupby("point"):
        assert rows["branches.reporting_hours"].nunique() == 1
    none = swept.runs[swept.runs["arm"] == "none"]
    assert none.groupby("replicate")["conflicts"].nunique().eq(1).all()  # without branches their hours move nothing


def test_the_tables_are_what_the_runs_say(swept: Any) -> None:
    runs = swept.runs.set_index(["point", "arm", "replicate"]).sort_index()
    table = swept.table.set_index(["point", "arm", "outcome"]).sort_index()
    for point in range(3):
        with_, without = runs.loc[(point, "full"), "conflicts"], runs.loc[(point, "none"), "conflicts"]
        row = table.loc[(point, "full", "conflicts")]
        assert row["mean"] == pytest.approx(with_.mean()) and row["replicates"] == 2
        assert row["difference"] == pytest.approx((with_ - without).mean())
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]
    assert swept.effects("conflicts").tolist() == pytest.approx(
        table.xs(("full", "conflicts"), level=("arm", "outcome"))["difference"].tolist()
    )
    for name, frame in (("points.csv", None), ("runs.csv", swept.runs), ("table.csv", swept.table)):
        read = pd.read_csv(swept.store.folder / name)
        assert frame is None or (list(read.columns) == list(frame.columns) and len(read) == len(frame))


def test_a_sweep_goes_on_where_it_stopped_to_the_same_bytes(swept: Any) -> None:
    folder = swept.store.folder
    before = {name: (folder / name).read_bytes() for name in ("runs.csv", "table.csv", "points.csv")}
    for path in sorted((folder / "runs").glob("*.json"))[:5]:
        path.unlink()
    again = sweep(DESIGN, store=folder, execution=Execution(workers=2, progress=False))
    assert len(again.runs) == 12
    assert {name: (folder / name).read_bytes() for name in before} == before
    with pytest.raises(StoreError, match="another experiment"):
        sweep({**DESIGN, "points": 4}, store=folder, execution=SERIAL)
    more = sweep({**DESIGN, "replicates": 3}, store=folder, extend=True, execution=SERIAL)
    assert len(more.runs) == 18 and more.table["replicates"].eq(3).all()


def test_a_figure_has_a_panel_for_each_parameter(swept: Any) -> None:
    for lang in ("en", "zh"):
        told = [text.get_text() for text in swept.figure("conflicts", lang).findobj(Text)]
        names = {line for text in told for line in text.split("\n")}
        assert {"branches.reporting_hours", "branches.targets"} <= names
        assert any("full coverage" in text.lower() or "全覆盖" in text for text in told)


def test_rank_effects_name_the_strongest_first_and_give_names_no_correlation() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": list("vwxyz"), "d": [1] * 5})
    found = {item.name: item for item in rank_effects_of(table, pd.Series([-1.0, -8.0, -27.0, -64.0, -125.0]))}
    assert list(found) == ["a", "b", "c"] and not found["c"].ordered
    assert found["a"].correlation == pytest.approx(-1.0) and found["b"].correlation == pytest.approx(-0.8)


def test_the_command_writes_tables_and_figures_and_names_what_failed(gongzhi: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'points = 2\noutcomes = ["conflicts"]\narms = ["none", "full"]\n[parameters]\n"services.effect" = "declared"\n',
        encoding="utf-8",
    )
    tiny = ("--estates", "5", "--set", "run.warmup=4", "--weeks", "9", "--executor", "serial")
    status, out, err = gongzhi("sweep", "mine.toml", *tiny)
    assert status == 0, err
    assert "2 points, 4 runs." in out
    folder = tmp_path / "results" / "sweep-mine"
    assert (folder / "figures" / "conflicts.png").exists() and (folder / "table.csv").exists()
    assert len(pd.read_csv(folder / "district-0.csv")) == 5
    status, _, err = gongzhi("sweep", "mine.toml", "--set", "services.effect=0.1")
    assert status == 2 and "services.effect is set for all runs" in err and "mine.toml" in err
