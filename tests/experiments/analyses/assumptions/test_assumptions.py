"""The range over assumptions: worlds, resume, table, sentences; the list, and the screening that makes it."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from experiments import Execution, compare, presets
from experiments import open as reopened
from experiments.analyses.assumptions import over
from experiments.analyses.assumptions.least_known import USED, Assumption, LeastKnown
from experiments.analyses.assumptions.screening import ARMS, Screen, candidates, screen
from experiments.analyses.assumptions.smaller import smaller_grounds, smaller_world
from experiments.analyses.compare.comparison import Comparison
from experiments.analyses.compare.comparison_figures import draw
from experiments.analyses.compare.comparison_findings import deciding_findings, decisive, summary
from experiments.analyses.compare.comparison_report import captions, findings, on_screen
from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.forest import THICK, THIN, Row, key
from experiments.analyses.sensitivity.varied_parameters import sorted_out
from experiments.core.design.arms import changes_of
from experiments.core.design.design import Design
from experiments.core.spec import Running
from experiments.reporting.template_rendering import labels, sentence
from sim.core.errors import ScenarioError, StoreError
from tests.support import toy_model
from tests.support.synthetic_comparison import comparison, write
from tests.support.toy_experiments import contents

SERIAL = Execution(executor="serial", progress=False)
ARMS_RUN = ["none", "full", "hours_matched:full"]
if not over.SHIPPED.exists():
    pytest.skip("the list of what is least known has not been made", allow_module_level=True)
SHIPPED = LeastKnown.read(over.SHIPPED)


@pytest.fixture(scope="module")
def tiny() -> sim.Scenario:
    return sim.Scenario().replace({"district.estates": 2, "run.weeks": 5, "run.warmup": 2})


@pytest.fixture(scope="module")
def made(tiny: sim.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    folder = tmp_path_factory.mktemp("range")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        yield compare(ARMS_RUN, replicates=1, scenario=tiny, store=folder / "a", assumptions=16, execution=SERIAL)


@pytest.fixture(scope="module")
def toyed(tiny: sim.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    folder = tmp_path_factory.mktemp("toyed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        yield toy(tiny, folder / "a", 16)


def toy(scenario: sim.Scenario, folder: Path, worlds: int | None) -> Comparison:
    return compare(
        ARMS_RUN,
        replicates=2,
        scenario=scenario,
        store=folder,
        assumptions=worlds,
        model=toy_model.toy,
        execution=SERIAL,
    )


# The list


def test_the_list_that_is_shipped_says_how_it_was_made_and_can_be_varied() -> None:
    assert len(SHIPPED.assumptions) >= USED and len(set(SHIPPED.names)) == len(SHIPPED.names)
    SHIPPED.checked(sim.Scenario())
    pulls = [one.pull for one in SHIPPED.assumptions]
    assert pulls == sorted(pulls, reverse=True)
    assert "sensitivity least-known" in SHIPPED.provenance["command"] and SHIPPED.provenance["rule"]
    declared = {axis.name: axis for axis in candidates(sim.Scenario(), changes_of(ARMS))[0]}
    for one in SHIPPED.assumptions:
        axis = declared[one.name]
        assert (one.low, one.high) == pytest.approx((axis.low, axis.high)) and one.levels == axis.levels, one.name


def test_what_is_varied_has_words_in_both_languages() -> None:
    high = set(labels("en", "assumption_high.high"))
    assert set(SHIPPED.head().names) <= high <= {row["name"] for row in sim.Scenario().parameters()}
    assert sentence("zh", "assumption_high.where", parameter="services.effect") == "日常服务每小时成效较大"
    other = sentence("en", "assumption_high.where", parameter="own.thing", doc="how much of it there is.")
    assert other == "own.thing is higher (how much of it there is)"


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = LeastKnown(
        (
            Assumption("services.effect", "linear", 0.0, 0.2, pull=0.25, p=1e-9, pulls={"full: conflicts": 0.3}),
            Assumption("desks.bundling", "levels", levels=(False, True)),
            Assumption("branches.targets", "whole", 0.0, 20.0),
            Assumption("couriers.norm", "levels", levels=("none", "linear")),
        ),
        {"command": 'a "command"', "seed": 1},
    )
    path = tmp_path / "list.toml"
    path.write_text(known.to_toml(), encoding="utf-8")
    again = LeastKnown.read(path)
    assert again.assumptions == known.assumptions and again.provenance == known.provenance
    assert again.assumptions[2].axis().at([0.999]) == [20] and again.assumptions[0].axis(0.5).high == 0.1
    path.write_text("assumption = 3", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no list of what is least known"):
        LeastKnown.read(path)
    wrong = LeastKnown((Assumption("services.effect", "linear", 0.0, 99.0),))
    with pytest.raises(ScenarioError, match=r"services\.effect"):
        wrong.checked(sim.Scenario())
    assert "least-known" not in presets.names()


def test_candidates_are_all_that_is_assumed_and_the_rest_has_a_reason() -> None:
    scenario = sim.Scenario()
    axes, left = candidates(scenario, changes_of(ARMS))
    names = {axis.name for axis in axes}
    facts = {row["name"]: row for row in scenario.parameters()}
    assert names | set(left) == set(facts) and not names & set(left)
    assert {"voice.nest", "services.effect", "desks.bundling", "branches.repute", "frontline.early"} <= names
    assert {"branches.reach", "district.in_service_rate", "desks.hours_community"} <= names  # known elsewhere only
    assert left["supervision.targeting"] == "rests on design" and left["coverage.members_needed"] == "rests on study"
    assert left["branches.enabled"] == "switches a whole room off"
    assert left["supervision.housing"] == left["couriers.food"] == "a part of a policy"
    assert left["coverage.strategy"] == "shared by all runs" and left["services.volunteers"] == "set by an arm"
    logged = {axis.name for axis in axes if axis.log}
    assert "incidents.touched_noise" in logged and "services.effect" not in logged


def test_a_screening_of_what_matters_ranks_it_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.analyses.assumptions import screening

    def pretended(_: Any, axes: Any, worlds: int, __: Any, seed: int) -> Any:
        from types import SimpleNamespace

        points = screening.placed.latin(axes, worlds, seed)
        rng, column = np.random.default_rng(1), {axis.name: axis for axis in axes}
        pull = column["services.effect"].shares(points["services.effect"].tolist())
        rows = []
        for point, arm in product(range(worlds), ARMS):
            level = 3.0 * (1 + (arm != "none") * (0.3 * pull[point] + rng.normal(0, 0.05)))
            rows.append({"point": point, "arm": arm, "conflicts": level, "standing": level})
        return SimpleNamespace(
            points=points, ended=pd.DataFrame(rows), folder=tmp_path, step_runs=None, stores=[], warnings=[]
        )

    monkeypatch.setattr(screening, "_round", pretended)
    monkeypatch.setattr("experiments.analyses.stored_runs.runs_table", lambda _: pd.DataFrame())
    found = screen(sim.Scenario(), Running(tmp_path, "gongzhi"), Screen(first=60, second=60, passing=10))
    assert found.names[0] == "services.effect" and found.assumptions[0].p < 1e-6
    assert found.assumptions[0].pull > 0.5 > 0.1 > found.assumptions[1].pull
    assert found.provenance["screened"] > 300 and found.provenance["passed"] == 10
    table = pd.read_csv(tmp_path / "screening.csv")
    assert table["parameter"].iloc[0] == "services.effect" and len(table) == found.provenance["screened"]
    assert LeastKnown.read(tmp_path / "least-known.toml").names == found.names


# Worlds


def test_a_smaller_world_has_as_many_hours_for_each_estate() -> None:
    scenario = sim.Scenario()
    small = smaller_grounds(None, scenario, 100, 3)
    world, factors = smaller_world(scenario, 1000, 10, small, 92, 40)
    assert [ground.estates for ground in small] == [100] * 3 and len({ground.fingerprint for ground in small}) == 3
    assert world.coverage.hours == pytest.approx(scenario.coverage.hours / 10)
    assert world.desks.hours_district == pytest.approx(scenario.desks.hours_district / 10)
    assert world.desks.hours_community == scenario.desks.hours_community
    assert factors["desks.hours_street"] == 1.0 and (world.run.weeks, world.run.warmup) == (92, 40)
    late = scenario.replace({"coverage.start_week": 60})
    assert smaller_world(late, 1000, 10, small, 92, 40)[0].run.weeks == late.run.weeks


def test_of_a_users_own_district_whole_communities_are_taken() -> None:
    own = sim.District.synthetic(estates=60, seed=3)
    assert smaller_grounds(own, sim.Scenario(), 55, 3) == [own]
    first, second = smaller_grounds(own, sim.Scenario(), 20, 2)
    assert 20 <= first.estates < 40 and first != second
    for name in first.community_names:
        there = int((own.community_names[own.community] == name).sum())
        assert int((first.community_names[first.community] == name).sum()) == there


def test_the_range_stands_in_the_table_beside_the_interval_of_chance(made: Comparison) -> None:
    table = made.table.set_index(["strategy", "against", "outcome"])
    row = table.loc[("full", "none", "satisfaction")]
    assert row["worlds"] == 16 and row["range_low"] <= row["range_high"]
    assert row[["worlds_lower", "worlds_little", "worlds_higher"]].sum() == pytest.approx(1.0)
    assert math.isfinite(table.loc[("full", "hours_matched:full", "satisfaction"), "range_low"])
    assert np.isnan(table.loc[("none", "none", "satisfaction"), "range_low"])
    again = made.assumed
    assert again is not None and again.worlds == 16 and len(again.rows) == 22
    assert set(again.labels) == set(ARMS_RUN) and again.labels[0] == "none"
    # Arms of a world share its chance; worlds, and the two lives of one world, share none.
    design = again.outcome.design
    seeds = {run.arm: run.seed for run in design.runs}
    assert seeds["0003 none"] == seeds["0003 full"] and len({seeds[f"{row:04} none"] for row in range(22)}) == 22
    places = {run.arm: run.district for run in design.runs}
    assert places["0000 none"] != places["0016 none"]
    assert (made.folder / "assumptions.csv").exists()


def test_a_range_that_was_stopped_goes_on_to_the_same_bytes(
    toyed: Comparison, tiny: sim.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    half = tmp_path / "b"
    shutil.copytree(toyed.folder, half)
    for path in sorted((half / over.FOLDER / "runs").glob("*.json"))[::2]:
        path.unlink()
    (half / "table.csv").unlink()
    part = reopened(half)
    assert part.assumed is not None and len(part.assumed.outcome.done) < len(part.assumed.outcome.design.runs)
    kept = {path: path.stat().st_mtime_ns for path in (half / over.FOLDER / "runs").glob("*.json")}
    toy(tiny, half, None)
    assert contents(half) == contents(toyed.folder)
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items()), "what had ended was not run again"
    for name in ("assumptions.csv", "assumptions/design.parquet"):
        assert (half / name).read_bytes() == (toyed.folder / name).read_bytes()
    whole = reopened(half)
    pd.testing.assert_frame_equal(whole.table, toyed.table)
    pd.testing.assert_frame_equal(whole.deciding, toyed.deciding)
    with pytest.raises(StoreError, match="another range over assumptions"):
        toy(tiny, half, 24)


def test_a_folder_without_a_range_stays_readable_and_may_have_one_later(toyed: Comparison, tmp_path: Path) -> None:
    plain = tmp_path / "c"
    shutil.copytree(toyed.folder, plain)
    shutil.rmtree(plain / over.FOLDER)
    result = reopened(plain)
    assert result.assumed is None and result.deciding.empty and "worlds" not in result.table
    assert "over assumptions" not in "\n".join(on_screen(result))


def test_a_quick_comparison_has_no_range_unless_asked_and_a_long_one_takes_a_third_at_most(tiny: sim.Scenario) -> None:
    ground = sim.District.synthetic(estates=2)
    assert over.sizes_for(Design.of(ARMS_RUN, tiny, [ground])) is None
    arms = {f"a{n}": {"branches.targets": n} for n in range(20)} | {"none": {"coverage.strategy": "none"}}
    large = Design.of(arms, sim.Scenario(), [sim.District.synthetic()], baseline="none", replicates=10)
    sizes = over.sizes_for(large)
    assert sizes is not None and sizes.points == 64 and sizes.repeated == 24
    with pytest.raises(ScenarioError, match="16 worlds or more"):
        over.Sizes.of(5)


def test_of_many_arms_the_headline_has_the_range_and_of_few_all(tiny: sim.Scenario) -> None:
    ground = sim.District.synthetic(estates=2)

    def picked(*arms: str) -> list[str]:
        return [arm.label for arm in over.headline_arms(Design.of(arms, tiny, [ground]))]

    every = ("own", "random", "full", "largest", "arrangement", "hours_matched:full", "hours_matched:arrangement")
    assert picked(*every) == ["full", "arrangement"]
    assert picked("own", "random") == ["own", "random"]
    assert picked("own", "random", "largest", "weakest", "hotspot") == ["own", "random", "largest"]


def test_what_the_user_sets_or_an_arm_changes_is_taken_as_known(tiny: sim.Scenario) -> None:
    one, two, three = SHIPPED.names[:3]
    varied, left = sorted_out(
        [one, two, three],
        tiny,
        {"none": {}, "arrangement": {**sim.policies.arrangement.changes(), one: sim.Scenario().get(one)}},
        [two],
    )
    assert list(varied) == [three] and left == {one: "set by an arm", two: "set for all runs"}


def test_whatever_the_list_names_varies_in_the_headline_and_nothing_fails_in_silence() -> None:
    varied, left = sorted_out(SHIPPED.head().names, sim.Scenario(), changes_of(ARMS))
    assert set(varied) == set(SHIPPED.head().names) and not left


# Words


def ranged(**changes: Any) -> Any:
    """A made-up comparison with a range."""
    made = comparison(**changes)
    table = made.table
    headline_rows = table["strategy"].isin(["full", "hours_matched:full"]) & (table["strategy"] != table["against"])
    for name, value in (
        ("range_low", -0.2),
        ("range_high", 0.05),
        ("worlds_lower", 0.625),
        ("worlds_little", 0.25),
        ("worlds_higher", 0.125),
        ("worlds", 64.0),
    ):
        table[name] = np.where(headline_rows, value, np.nan)
    names = ["services.effect", "voice.nest", "desks.bundling", "own.thing"]
    rows = [
        (
            "full",
            "none",
            outcome,
            rank + 1,
            name,
            [1.0, -1.0, 1.0, np.nan][rank],
            [-0.1, 0.02, -0.02, -0.1][rank],
            [-0.02, -0.06, -0.09, 0.1][rank],
            0.4 - 0.1 * rank,
            0.2,
            0.6,
            0.001,
            rank < 3,
        )
        for outcome in ("conflicts", "standing")
        for rank, name in enumerate(names)
    ]
    made.deciding = pd.DataFrame(rows, columns=list(over.CAUSES))
    return made


def test_intervals_of_chance_and_assumptions_stand_in_one_sentence() -> None:
    reader = Reader(ranged())
    found = summary(reader, "full", interval=True)
    assert all(effect.ranged for effect in found.values["effects"])
    said = found.text()
    assert "[chance 95%: −3.7% to −2.5%; over assumptions 90%: −20.0% to +5.0%, helps in 62% of worlds, " in said
    assert "does nothing that matters in 25%, harms in 12%]" in said
    assert "falls in 62% of worlds, hardly changes in 25%, rises in 12%" in said
    chinese = found.text("zh")
    assert "假设范围 90%：−20.0% 至 +5.0%，62% 的情形有利" in chinese


def said(causes: pd.DataFrame, lang: str = "en") -> tuple[str, list[str]]:
    head, found = deciding_findings(causes, "full")
    return head.text(lang), [cause.text(lang) for cause in found]


def test_what_decides_is_among_what_was_found() -> None:
    made = ranged()
    head, *causes = findings(made)[:4]
    assert (head.id, head.values["policy"]) == ("assumptions_range.head", "full")
    assert [cause.values["parameter"] for cause in causes] == ["services.effect", "voice.nest", "desks.bundling"]


def test_what_decides_is_told_with_direction_and_share() -> None:
    causes = ranged().deciding
    head, told = said(causes)
    assert head == "The three assumptions that decide most what full coverage does:"
    assert told[0].startswith(
        "Where routine services achieve more per hour, full coverage lowers conflicts less: −2.0%, against −10.0% at "
        "the other end (explains 40%, 95% interval 20% to 60% of the spread"
    )
    assert "lowers conflicts (−6.0%); at the other end it raises them (+2.0%" in told[1]
    assert "full coverage lowers conflicts more: −9.0%, against −2.0%" in told[2] and len(told) == 3
    assert "可解释该效应在各假设间差异的 40%" in said(causes, "zh")[1][0]
    few = causes.assign(clear=causes["parameter"] == "voice.nest")
    head, told = said(few)
    assert head.startswith("Of 4 assumptions only one can be distinguished from chance") and len(told) == 1
    head, told = said(causes.assign(clear=False))
    assert "of 4 assumptions none stands out" in head and not told
    assert list(decisive(causes, "full")["parameter"]) == ["services.effect", "voice.nest", "desks.bundling"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_report_and_figure_show_the_range(lang: str, tmp_path: Path) -> None:
    made = ranged()
    reader = Reader(made)
    path = write(made, tmp_path / "report.html", {}, lang=lang)
    said = path.read_text(encoding="utf-8")
    assert ("over assumptions, 90%: −20.0% to +5.0%" if lang == "en" else "假设范围 90%：−20.0% 至 +5.0%") in said
    opens = "routine services achieve more" if lang == "en" else "日常服务每小时成效较大"
    assert said.index(opens) < said.index('id="design"')
    assert reader.worlds == 64 and "64" in captions(reader)["effects"].text(lang)
    labels = [entry.label for entry in key(reader, [Row("", "full")], ("conflicts",), lang)]
    assert ("thin: over assumptions, 90% of worlds" if lang == "en" else "细线：假设范围，情形的 90%") in labels
    plain = Reader(comparison())
    assert plain.worlds == 0 and not re.search("assumptions|假设", captions(plain)["effects"].text(lang))
    assert not any(
        "assumptions" in entry.label or "假设" in entry.label
        for entry in key(plain, [Row("", "full")], ("conflicts",), lang)
    )


def test_chance_is_a_thick_bar_and_assumptions_a_thin_one() -> None:
    figure = draw(ranged(), "effects", "en")
    widths = {line.get_linewidth() for axes in figure.axes for line in axes.get_lines()}
    assert {THICK, THIN} <= widths


def test_the_command_makes_a_range_where_one_is_asked_for(
    gongzhi: Callable[..., tuple[int, str, str]], toyed: Comparison
) -> None:
    shown = "\n".join(on_screen(toyed))
    assert "over assumptions" in shown and "central 90% of 16 worlds" in shown
    status, said, _ = gongzhi("compare", "--help")
    assert status == 0 and "--assumptions" in said
    status, said, _ = gongzhi("sensitivity", "--list")
    assert status == 0 and "least-known" in said


def test_a_screening_asks_what_the_command_lists() -> None:
    from experiments.analyses.assumptions.screening import ScreeningSpec
    from experiments.presets.questions import drivers

    assert ScreeningSpec.model_fields["question"].default == drivers()["least-known"].question
