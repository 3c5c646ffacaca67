"""Sign maps: which points are asked again, what a map is made of, and what cannot be one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import Execution
from experiments.analyses.signmap.boundaries import BOUNDARIES, hours_left, judged_alike
from experiments.analyses.signmap.sequential import SIGNS, analysis_schedule
from experiments.analyses.signmap.sign_map import SignMap, SignMapSpec, signmap
from experiments.analyses.signmap.signmap_figures import look
from experiments.analyses.signmap.terciles import COUNTED
from experiments.core.design.plan import Plan
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import decided
from experiments.presets.questions import maps
from experiments.reporting.finding import Finding
from sim import Scenario
from sim.core.errors import GongzhiError, StoreError, StrategyError
from sim.policies import arrangement
from tests.support.known_effect import SPREAD, effect_of, known
from tests.support.toy_model import toy

SERIAL = Execution(executor="serial", progress=False)
DESIGN: dict[str, Any] = {
    "design": "factorial",
    "levels": 2,
    "replicates": 3,
    "outcomes": ["conflicts"],
    "parameters": {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]},
    "arms": {"none": "none", "same": {}, "full": "full"},
    "scenario": {"district.estates": 4, "run.warmup": 2, "run.weeks": 4},
}
WHAT: dict[str, Any] = {"policy": "full", "against": ["none", "same"], "execution": SERIAL}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk, nor collect after every toy."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr("experiments.core.run.job.gc.collect", lambda: 0)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> SignMap:
    folder = tmp_path_factory.mktemp("map") / "store"
    return signmap(DESIGN, **WHAT, model=known, looks=2, store=folder)


def test_only_open_questions_are_lived_again_with_chance_of_their_own(drawn: SignMap) -> None:
    first = drawn.rounds[0][1]
    early = SignMap(drawn.spec, drawn.folder, [(1, first)])
    later = [swept for look, swept in drawn.rounds if look == 2]
    assert len(first.points) == 4 and early.open_points and early.open_points != {early.spec.against: [0, 1, 2, 3]}
    for swept, (opponents, points) in zip(later, early.open_points.items(), strict=True):
        assert swept.plan.points.equals(drawn.plan.points.loc[points])
        assert set(swept.plan.arms) == {"full", *opponents}
        assert {run.seed for run in swept.outcome.design.runs}.isdisjoint(run.seed for run in first.outcome.design.runs)


def test_the_map_is_the_paired_difference_over_the_looks_that_a_row_took_part_in(drawn: SignMap) -> None:
    assert set(drawn.table["sign"]) <= set(SIGNS) and len(drawn.table) == 8
    for row in drawn.table.to_dict("records"):
        here = drawn.runs[(drawn.runs["point"] == row["point"]) & (drawn.runs["round"] <= row["look"])]
        values = here.pivot_table(index=["round", "replicate"], columns="arm", values="conflicts")
        level = analysis_schedule(2, 3)[row["look"] - 1].level
        result = paired(values["full"], values[row["against"]], confidence=1 - level)
        assert row["difference"] == pytest.approx(result.difference)
        assert row["replicates"] == result.replicates == 3 * row["look"]
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((result.ci_low, result.ci_high))
        assert row["services.effect"] == drawn.plan.points.loc[row["point"], "services.effect"]
        assert decided(row["sign"]) == (row["ended"] == "decided") and row["ended"]


def test_a_map_goes_on_to_the_same_bytes(drawn: SignMap) -> None:
    names = ("map.csv", "runs.csv", "thirds.csv", "experiment.json")
    before = {name: (drawn.folder / name).read_bytes() for name in names}
    for path in sorted(drawn.folder.glob("round-*/runs/*.json"))[::3]:
        path.unlink()
    signmap(DESIGN, **WHAT, model=known, looks=2, store=drawn.folder)
    assert {name: (drawn.folder / name).read_bytes() for name in before} == before


@pytest.mark.slow
def test_the_whole_machinery_gives_wrong_signs_no_more_often_than_it_says(tmp_path: Path) -> None:
    # 30 of the points have no effect at all; with 5 % each, 5 wrong signs or more have a chance of 1.6 %.
    design = DESIGN | {
        "design": "latin",
        "levels": None,
        "points": 60,
        "replicates": 3,
        "arms": ["none", "full"],
        "parameters": {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]},
    }
    made = signmap(design, policy="full", model=known, store=tmp_path / "map", margin=0.0, execution=SERIAL)
    truth = np.array([effect_of(made.plan.scenario.replace(row)) for row in made.plan.points.to_dict("records")])
    signs = made.table["sign"].to_numpy()
    assert (truth == 0.0).sum() == 30
    assert (signs[truth == 0.0] != "undecided").sum() <= 4
    wrong = ((signs == "helps") & (truth > 0)) | ((signs == "harms") & (truth < 0))
    assert wrong.sum() <= 1
    far = np.abs(truth) > 3 * SPREAD  # more than two standard deviations of a pair: what is plain is found, and early
    assert far.sum() > 10 and (signs[far] == np.where(truth[far] < 0, "helps", "harms")).mean() > 0.9
    assert made.table.loc[far, "replicates"].mean() < 7 < made.table.loc[truth == 0.0, "replicates"].mean()


def test_neighbours_on_a_grid_share_chance_and_points_of_a_space_do_not() -> None:
    for design, seeds in (({}, 1), ({"design": "latin", "levels": None, "points": 4}, 4)):
        plan = SignMapSpec.asked_of(DESIGN | {"replicates": 2} | design, {"policy": "full"}).plan()
        first = [run for run in plan.design().runs if run.replicate == 0]
        assert len(plan.points) == 4 and len({run.seed for run in first}) == seeds
        by_point = {
            run.arm.split()[0]: {other.seed for other in first if other.arm.split()[0] == run.arm.split()[0]}
            for run in first
        }
        assert all(len(own) == 1 for own in by_point.values())  # arms of a point always share theirs


@pytest.mark.parametrize("design", ["latin", "factorial"])
@pytest.mark.parametrize("arms", [["none", "full", "hours_matched:full"], ["full", "hours_matched:own", "own"]])
def test_controls_replay_hours_of_their_own_point_and_chance(design: str, arms: list[str], tmp_path: Path) -> None:
    """Also where every point lives in chance of its own, and where the map has no arm of the strategy itself."""
    wanted = {**DESIGN, "design": design, "arms": arms, "scenario": {**DESIGN["scenario"], "run.weeks": 6}}
    size = {"levels": 2} if design == "factorial" else {"points": 4}
    wanted = {key: value for key, value in wanted.items() if key != "levels"}
    control = next(arm for arm in arms if arm.startswith("hours"))
    made = signmap(
        wanted,
        policy="full",
        against=[control],
        outcome="conflicts",
        model=toy,
        execution=SERIAL,
        looks=2,
        margin=0.0,
        store=tmp_path / "map",
        **size,
    )
    assert not made.failures and set(made.table["ended"]) <= {"decided", "looks used up", "given up"}
    for _, swept in made.rounds:
        runs = {run.key: run for run in swept.outcome.design.runs}
        replays = [run for run in runs.values() if run.source]
        assert replays and all(runs[run.source].seed == run.seed for run in replays)


def test_points_that_are_lived_again_share_no_chance_by_their_place(tmp_path: Path) -> None:
    plan = replace(
        Plan.of({**DESIGN, "design": "latin", "points": 6, "arms": ["none", "full"]} | {"levels": None}), apart=True
    )
    first, second = (replace(plan, points=plan.points.loc[places]) for places in ([1, 3], [3, 4, 5]))
    seeds = [{run.seed for run in part.design().runs if run.replicate == 0} for part in (first, second)]
    assert len(seeds[0]) == 2 and len(seeds[1]) == 3 and len(seeds[0] & seeds[1]) == 1, "point 3 alone is in both"


def test_a_null_policy_does_nothing_anywhere(tmp_path: Path) -> None:
    made = signmap(
        {**DESIGN, "scenario": {**DESIGN["scenario"], "run.weeks": 6}},
        policy="same",
        execution=SERIAL,
        store=tmp_path / "null",
    )
    # Pairs without any spread tell nothing of how far the next may lie, so that all looks are taken.
    assert [look for look, _ in made.rounds] == [1, 2, 3] and (made.table["sign"] == "equivalent").all()
    assert (made.table["difference"] == 0).all()
    assert made.findings == [Finding("signmap.signs", policy="same", points=4, title=False, opponents=[("none", 0, 0)])]
    assert "neither helps nor harms" in made.findings[0].text()
    assert "nothing that matters 4" in texts(made.figure())


def texts(figure: Any) -> str:
    from matplotlib.text import Text

    return " ".join(label.get_text() for label in figure.findobj(Text))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"policy": "ful"}, "Did you mean"),
        ({"against": ["nothing"]}, "is no arm"),
        ({"looks": 0}, "looks is 0"),
        ({"against": []}, "one arm or more"),
        ({"against": "full"}, "against itself"),
        ({"margin": -1}, "margin is -1"),
        ({"margin": float("nan")}, "margin is nan"),
        ({"looks": 20}, "from 1 to 8"),
        ({"policy": None}, "Whose sign"),
        ({"outcome": "order"}, "relative to another arm"),
        ({"outcome": "conflict"}, "Did you mean"),
        ({"outcome": "branches"}, "no better side"),
        ({"replicates": 1}, "at least 2"),
        ({"design": DESIGN | {"design": "one-at-a-time"}}, "cover a space"),
        ({"design": DESIGN | {"parameters": {"branches.targets": [0, 20]}}}, "two parameters or more"),
        ({"design": DESIGN | {"polcy": "full"}}, "means nothing in a design"),
    ],
)
def test_what_a_map_cannot_be_is_refused_before_a_folder_is_made(
    changes: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(GongzhiError, match=says):
        signmap(**{"design": DESIGN, **WHAT, **changes}, store=tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_folder_is_one_map_only(drawn: SignMap, tmp_path: Path) -> None:
    for changes, says in (
        ({"margin": 0.05}, "margin: 0.02 there, 0.05 now"),
        ({"looks": 3}, "looks: 2 there, 3 now"),
        ({"levels": 3}, "4 there, 9 now"),
    ):
        with pytest.raises(StoreError, match=says):
            signmap(DESIGN, **{**WHAT, "model": known, "looks": 2, **changes}, store=drawn.folder)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        signmap(DESIGN, **WHAT, model=known, store=tmp_path)
    (tmp_path / "mine.txt").unlink()
    (tmp_path / "experiment.json").write_text("[1]")
    with pytest.raises(StoreError, match="is damaged"):
        signmap(DESIGN, **WHAT, model=known, store=tmp_path)


def test_boundaries_on_paper() -> None:
    judged = {"firms.substitution": np.array([0.0, 0.6]), "empowerment.visible_share": np.array([1.0, 0.625])}
    assert judged_alike(judged.__getitem__) == pytest.approx([0.0, 0.0])
    p = Scenario().branches
    nobody = ("district.members_rate", "branches.reach")
    left = hours_left(lambda name: 0.0 if name in nobody else Scenario().get(name))
    assert left == p.secretary_hours - p.reporting_hours - p.targets * p.reporting_per_target
    # It follows what a user sets and a panel's level: an hour more from the secretary bears an hour of reports.
    across, up = ("district.members_rate", np.array([0.01])), ("branches.reporting_hours", np.array([1.0, 2.0]))
    one, two = (
        BOUNDARIES[0].over(Scenario().replace({"branches.secretary_hours": hours}), across, up) for hours in (1.0, 2.0)
    )
    assert one.shape == (2, 1) and one[0] == pytest.approx(two[1])


def fields(dimensions: int) -> dict[str, Any]:
    names = ("district.members_rate", "branches.reporting_hours", "branches.secretary_hours", "services.effect")
    ranges = ([0.002, 0.02], [0.0, 6.0], {"levels": [0.0, 6.0]}, [0.0, 0.2])
    return dict(zip(names[:dimensions], ranges, strict=False))


@pytest.mark.parametrize(
    ("design", "panels", "names"),
    [
        ({"design": "factorial", "levels": 3, "parameters": fields(2)}, 2, ["signmap"]),
        ({"design": "factorial", "levels": 3, "parameters": fields(3)}, 4, ["signmap", "signmap-thirds"]),
        pytest.param(
            {"design": "factorial", "levels": 2, "parameters": fields(4)},
            4,
            ["signmap", "signmap-2", "signmap-thirds"],
            marks=pytest.mark.slow,
        ),
        ({"design": "latin", "points": 6, "parameters": fields(2)}, 2, ["signmap", "signmap-thirds"]),
        (
            {
                "design": "sobol",
                "points": 8,
                "parameters": fields(4) | {"couriers.norm": {"levels": ["none", "linear"]}},
            },
            10,
            ["signmap", "signmap-2", "signmap-thirds"],
        ),
    ],
)
@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_figures_show_every_parameter_and_say_what_their_marks_mean(
    design: dict[str, Any], panels: int, names: list[str], lang: str
) -> None:
    made = made_up(design)
    assert list(made.figures) == names
    figures = {name: draw(lang) for name, draw in made.figures.items()}
    drawn = [axes for axes in figures["signmap"].axes if axes.axison]
    assert len(drawn) == panels
    said = texts(figures["signmap"])
    chinese = lang == "zh" and signmap_language() == "zh"
    after = "3、6、12" if chinese else "3, 6, 12"
    for word in ("95%", "Bonferroni", after, "±2%", *(design["parameters"] if panels != 10 else ())):
        assert word in said
    border = "全部工时" if chinese else "on paper"
    assert (border in said) == (panels != 10)


def signmap_language() -> str:
    from experiments.figures import style

    return style.language("zh")[0]


def made_up(design: dict[str, Any]) -> SignMap:
    """A map without a single run: its signs follow from its points."""
    asked = SignMapSpec.asked_of(
        {**DESIGN, "arms": ["none", "full", "hours_matched:full"], "replicates": 3, "levels": None, **design},
        {"policy": "full", "against": ["none", "hours_matched:full"]},
    )
    made = SignMap(asked, Path("nowhere"))
    rows = []
    for point, row in enumerate(made.plan.points.to_dict("records")):
        for other in asked.against:
            sign = COUNTED[(point + (other == "none")) % 4]
            rows.append(
                {
                    "point": point,
                    **row,
                    "against": other,
                    "outcome": "conflicts",
                    "difference": -1.0,
                    "ci_low": -2.0,
                    "ci_high": 1.0,
                    "relative": -0.1 + point / 100,
                    "sign": sign,
                    "replicates": 3,
                    "look": 1,
                    "ended": "given up" if sign == "undecided" else "decided",
                    "needed": 40.0,
                }
            )
    made.__dict__["table"] = pd.DataFrame(rows)
    return made


def test_no_mark_is_told_from_another_by_its_colour_alone() -> None:
    looks = [look(sign, given_up) for sign in SIGNS for given_up in (False, True)]
    assert len({(one.marker, one.hollow) for one in looks}) == len(SIGNS) + 3


def test_findings_are_the_numbers_of_the_map_and_of_its_terciles() -> None:
    made = made_up({"design": "latin", "points": 48, "parameters": fields(3)})
    helps = made.table["branches.reporting_hours"] < 2.0
    made.table["sign"] = np.where(helps, "helps", "undecided")
    made.table["ended"] = np.where(helps, "decided", "given up")
    signs, *each, undecided = made.findings
    points = int(helps.sum()) // 2
    opponents = [("none", points, 0), ("hours_matched:full", points, 0)]
    assert signs == Finding("signmap.signs", policy="full", points=48, title=False, opponents=opponents)
    assert [found.id for found in each] == ["signmap.largest", "signmap.contrast"] * 2
    for found, opponent in zip(each[::2], made.spec.against, strict=True):
        rows = made.table[helps & (made.table["against"] == opponent)]
        row = rows.loc[rows["relative"].abs().idxmax()]
        assert (found.values["against"], found.values["sign"]) == (opponent, "helps")
        assert dict(found.values["where"]) == {name: row[name] for name in made.plan.points.columns}
        sizes = [found.values[name] for name in ("size", "low", "high")]
        assert sizes == pytest.approx([100 * row["relative"] * size for size in (1.0, 2.0, -1.0)])
    for found, opponent in zip(each[1::2], made.spec.against, strict=True):
        values = found.values
        assert (values["against"], values["parameter"]) == (opponent, "branches.reporting_hours")
        assert (values["high"], values["more"].values["word"]) == (1.0, "low")
        assert (values["low"], values["less"].values["word"]) == (0.0, "high")
    assert undecided == Finding(
        "signmap.undecided", undecided=int((~helps).sum()), comparisons=96, given_up=int((~helps).sum()), needed=40.0
    )


MINE = """
design = "latin"
points = 4
replicates = 2
arms = ["none", "full"]
policy = "full"
{more}

[parameters]
"branches.reporting_hours" = [0, 6]
"services.effect" = [0.0, 0.2]
"branches.targets" = [0, 20]

[scenario]
"district.estates" = 4
"run.warmup" = 2
"run.weeks" = 5
"outcomes.standing_after" = 1
"""


def test_a_map_of_ones_own_ends_in_a_report(gongzhi: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.format(more='outcome = "standing"\nmargin = 0.1\nlooks = 1'))
    status, out, err = gongzhi("signmap", "mine.toml", "--executor", "serial", "--lang", "zh")
    assert status == 0, err
    folder = tmp_path / "results" / "signmap-mine"
    assert "4 个点中" in out and "1 次查看中进行了 1 次，16 次运行。" in out
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure") == 2 and "standing" not in page.partition("</h1>")[0] and "全覆盖" in page
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{name}.{kind}" for name in ("signmap", "signmap-thirds") for kind in ("png", "svg")
    }
    assert pd.read_csv(folder / "map.csv")["outcome"].unique().tolist() == ["standing"]
    again = (folder / "report.html").read_bytes()
    assert gongzhi("signmap", "mine.toml", "--executor", "serial", "--lang", "zh")[0] == 0
    assert (folder / "report.html").read_bytes() == again


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('against = ["nobody"]', "mine.toml: against"),
        ("margin = 2", "mine.toml: margin is 2"),
        ('outcome = "conflict"', "mine.toml"),
        ("look = 3", 'mine.toml: "look" means nothing'),
    ],
)
def test_what_is_wrong_in_ones_own_map_is_said_with_its_file(
    more: str, says: str, gongzhi: Any, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(MINE.format(more=more))
    status, _, err = gongzhi("signmap", "mine.toml")
    assert status == 2 and says in err and not (tmp_path / "results").exists()


def test_the_command_lists_maps_and_refuses_what_is_none(gongzhi: Any) -> None:
    status, out, _ = gongzhi("signmap")
    assert status == 0 and all(name in out for name in maps())
    status, _, err = gongzhi("signmap", "reporting", "--set", "branches.reporting_hours=2")
    assert status == 2 and "which the points vary too" in err
    status, _, err = gongzhi("signmap", "crowding")
    assert status == 2 and "crowding-out" in err
    status, _, err = gongzhi("signmap", "least-known", "--levels", "3")
    assert status == 2 and "levels means nothing" in err
    assert gongzhi("signmap", "nowhere.toml")[0] == 2


def test_a_stopped_map_says_how_many_runs_of_all_rounds_are_kept(drawn: SignMap) -> None:
    from experiments.cli import options

    kept = len(list(drawn.folder.glob("round-*/runs/*.json")))
    assert kept and f"{kept} finished runs" in options.stopped(drawn.folder)


@pytest.mark.parametrize(
    ("name", "points", "varied"),
    [
        ("reporting", 36, ["district.members_rate", "branches.reporting_hours"]),
        ("crowding-out", 36, ["firms.substitution", "empowerment.visible_share"]),
        ("secretary", 48, ["district.members_rate", "branches.reporting_hours", "branches.secretary_hours"]),
        (
            "least-known",
            64,
            ["services.effect", "district.members_rate", "branches.secretary_hours", "branches.reporting_hours"],
        ),
        ("new-door", 36, ["voice.nest", "branches.reach"]),
        ("members", 48, ["branches.reach", "branches.in_service_hours", "branches.active_share"]),
        ("causes", 48, ["incidents.own_end", "private.ends_neighbour", "private.ends_other"]),
        ("early", 36, ["frontline.sight", "services.effect"]),
    ],
)
def test_named_maps_are_what_they_are_called(name: str, points: int, varied: list[str]) -> None:
    spec = SignMapSpec.asked_of(maps()[name], {})
    plan = spec.plan()
    assert list(plan.points.columns) == varied and len(plan.points) == points and spec.looks == 3
    if points == 36:
        assert plan.points.iloc[0].tolist() == [plan.axes[0].low, plan.axes[1].low]
        ends = {"reporting": [0.02, 6.0], "crowding-out": [0.9, 1.0], "new-door": [1.0, 1.0], "early": [0.3, 0.2]}
        assert [axis.high for axis in plan.axes] == ends[name]


@pytest.mark.parametrize(
    "name", ["new-door", *(pytest.param(name, marks=pytest.mark.slow) for name in ("members", "causes", "early"))]
)
def test_maps_of_conventions_ask_about_coverage_and_about_the_whole_arrangement(name: str, tmp_path: Path) -> None:
    design = maps()[name]
    for policy in ("full", "arrangement"):
        spec = SignMapSpec.asked_of(design, {"policy": policy})
        plan = spec.plan()
        assert spec.policy == policy and plan.arms["arrangement"] == arrangement.changes()
    small = {"district.estates": 4, "run.warmup": 2, "run.weeks": 4}
    ends = {
        axis.name: {"levels": [axis.levels[0], axis.levels[-1]] if axis.levels else [axis.low, axis.high]}
        for axis in plan.axes
    }
    tiny = {**design, "scenario": small, "levels": 2, "replicates": 2, "looks": 1, "parameters": ends}
    made = signmap(tiny, policy="arrangement", store=tmp_path / name, execution=SERIAL)
    assert len(made.table) == 2 ** len(plan.axes) and set(made.runs["arm"]) == {"arrangement", "none"}


def test_an_arm_that_a_point_cannot_run_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(StrategyError, match="Did you mean"):
        signmap(
            DESIGN | {"arms": {"none": "none", "full": {"coverage.strategy": "fulll"}}},
            policy="full",
            store=tmp_path / "a",
            execution=SERIAL,
        )
