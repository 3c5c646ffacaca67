"""The search for regions: what is chosen, what fresh worlds confirm of it, what a design may say, and the report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import experiments
from experiments import Execution
from experiments.analyses.signmap.region_search import (
    RegionSearch,
    RegionSearchSpec,
    chosen_regions,
    effects_of,
    region_effect,
    search_regions,
)
from experiments.analyses.study.contrasts import Contrast, Contrasts, points
from experiments.core.store import checked_json
from experiments.presets.questions import maps
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase
from sim import District
from sim.core.errors import GongzhiError, ScenarioError, StoreError
from tests.support.html_page import Page
from tests.support.known_effect import Known, known

SERIAL = Execution(executor="serial", progress=False)
PRESET = RegionSearchSpec.asked_of(maps()["regions"], {})
DESIGN: dict[str, Any] = {
    "search": "regions",
    "points": 24,
    "policies": {
        "coverage": {
            "arm": "full",
            "parameters": {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.1, 0.2]},
        },
    },
    "scenario": {"district.estates": 4, "run.warmup": 2, "run.weeks": 4},
}
WHAT: dict[str, Any] = {"model": known, "execution": SERIAL}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk, nor collect after every toy."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr("experiments.core.run.job.gc.collect", lambda: 0)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> RegionSearch:
    return search_regions(DESIGN, **WHAT, out=tmp_path_factory.mktemp("search") / "store")


def policy(**changes: Any) -> dict[str, Any]:
    """The design, with its policy changed; None takes an entry out."""
    entries = {**DESIGN["policies"]["coverage"], **changes}
    return DESIGN | {"policies": {"coverage": {name: value for name, value in entries.items() if value is not None}}}


def test_regions_of_help_and_of_harm_are_chosen_and_confirmed(searched: RegionSearch) -> None:
    """Full coverage helps where there is little paperwork, and harms where there is much."""
    helps, harms = searched.table.to_dict("records")
    assert "`branches.reporting_hours` from 0 to 2.4" in helps["region"] and helps["found"] == "helps"
    assert "`branches.reporting_hours` from 3.6 to 6" in harms["region"] and harms["found"] == "harms"
    assert len(searched.swept["coverage"][0]) == 24 and set(searched.table["worlds"]) == {searched.spec.fresh} == {12}
    sweep, *fresh = ({row["seed"] for row in store.read()["seeds"]} for store in searched.stores)
    assert sweep.isdisjoint(set().union(*fresh)), "regions are confirmed in chance that they were not chosen by"


def test_the_margin_is_the_users(searched: RegionSearch, tmp_path: Path) -> None:
    wide = search_regions(DESIGN, **WHAT, margin=0.9, out=tmp_path)
    assert wide.table["found"].tolist() == ["better", "worse"]
    assert wide.table["effect"].tolist() == searched.table["effect"].tolist()


def test_a_search_goes_on_to_the_same_bytes_and_refuses_another(searched: RegionSearch) -> None:
    before = (searched.folder / "table.csv").read_bytes()
    search_regions(DESIGN, **WHAT, out=searched.folder)
    assert (searched.folder / "table.csv").read_bytes() == before
    for changes, says in (({"margin": 0.05}, "margin: 0.02 there, 0.05 now"), ({"points": 8}, "worlds: 24 there, 8")):
        with pytest.raises(StoreError, match=says):
            search_regions(DESIGN, **WHAT, **changes, out=searched.folder)


def test_a_district_of_ones_own_is_the_ground_of_all_worlds(tmp_path: Path) -> None:
    own = District.synthetic(estates=3, seed=8)
    result = search_regions(DESIGN, **WHAT, points=4, district=own, out=tmp_path)
    assert result.spec.grounds == 1 and result.spec.size["estates"] == 3
    said = Page(result.report().read_text(encoding="utf-8")).said
    assert "3 estates" in said and "random numbers of its own." in said and "synthetic grounds" not in said
    assert "synthetic grounds" not in result.page() and experiments.open(tmp_path).table.equals(result.table)


def test_a_folder_of_the_version_before_opens_and_goes_on(tmp_path: Path) -> None:
    """It has the kind `signs` and names no margin."""
    made = search_regions(DESIGN, **WHAT, out=tmp_path)
    path = tmp_path / "experiment.json"
    record = checked_json.from_bytes(path.read_bytes())
    assert record is not None and record["spec"].pop("margin") == 0.02 and record["spec"]["analysis"] == "signs"
    path.write_bytes(checked_json.to_bytes(record))
    assert experiments.open(tmp_path).tables["table"].equals(made.table)
    assert search_regions(DESIGN, **WHAT, out=tmp_path).table.equals(made.table)


@pytest.mark.parametrize(
    ("design", "fields", "says"),
    [
        (DESIGN | {"search": "region"}, {}, "a map has no search"),
        (DESIGN | {"arms": ["none"]}, {}, '"arms" means nothing in a search of regions'),
        (DESIGN | {"policies": {}}, {}, r"as in \[policies.coverage\]"),
        (DESIGN | {"policies": {"../a": DESIGN["policies"]["coverage"]}}, {}, "names folders"),
        (DESIGN | {"policies": dict.fromkeys(("a b", "a-b"), DESIGN["policies"]["coverage"])}, {}, "one folder"),
        (policy(arm=None), {}, "policies.coverage: arm = none: the name of a strategy"),
        (policy(arm="ful"), {}, 'Did you mean "full"'),
        (policy(outcome="conflict"), {}, 'Did you mean "conflicts"'),
        (policy(outcome="branches"), {}, "no better side"),
        (policy(outcome="order"), {}, "relative to another arm"),
        (policy(parameter={}), {}, '"parameter" means nothing'),
        (policy(parameters={"services.effect": [0.0, 0.2]}), {}, "two parameters or more"),
        (policy(parameters={"services.effect": "declared", "desks.enabled": "declared"}), {}, "in place of levels"),
        (policy(scenario={"services.effect": 0.1}), {}, "which the points vary too"),
        (DESIGN, {"changes": {"services.effect": 0.1}}, "which the points vary too"),
        (DESIGN, {"looks": 2}, '"looks" means nothing in a search of regions'),
        (DESIGN, {"policy": "cover"}, 'Did you mean "coverage"'),
        (DESIGN, {"points": 0}, "points"),
        (DESIGN, {"margin": 1.0}, "margin is 1.0"),
    ],
)
def test_what_a_search_cannot_be_is_refused_before_a_folder_is_made(
    design: dict[str, Any], fields: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(GongzhiError, match=says):
        search_regions(design, **fields, execution=SERIAL, out=tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_two_policies_need_two_names() -> None:
    twice = {label: {**DESIGN["policies"]["coverage"], "name": "coverage"} for label in ("first", "second")}
    with pytest.raises(ScenarioError, match='Two policies are called "coverage"'):
        RegionSearchSpec.asked_of(DESIGN | {"policies": twice}, {})


MINE = """
search = "regions"
points = 4
[policies.own]
arm = "own"
outcome = "standing"
name = "own coverage"
[policies.own.parameters]
"branches.reporting_hours" = [0, 6]
"branches.targets" = [0, 20]
[policies.full]
arm = "full"
parameters = { "branches.reporting_hours" = "declared", "services.effect" = "declared" }
[scenario]
"district.estates" = 4
"run.warmup" = 2
"run.weeks" = 5
"outcomes.standing_after" = 1
"""


def test_a_search_of_ones_own_ends_in_a_report(gongzhi: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    status, out, err = gongzhi("signmap", "mine.toml", "--policy", "own", "--executor", "serial", "--lang", "zh")
    assert status == 0, err
    folder = tmp_path / "results/signmap-mine-own"
    assert "该政策" in out and "results/signmap-mine-own" in out
    assert pd.read_csv(folder / "table.csv")["policy"].unique().tolist() == ["own coverage"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert (
        "每项政策在哪个区域有利" in page
        and page.count("<figure") == 1
        and "Own coverage" in page
        and (folder / "signs.md").exists()
        and (folder / "signs.zh.md").exists()
    )
    spec = json.loads((folder / "experiment.json").read_text(encoding="utf-8"))["spec"]
    assert list(spec["policies"]) == ["own"] and spec["policies"]["own"]["ranges"]["branches.targets"] == [0.0, 20.0]
    status, _, err = gongzhi("signmap", "mine.toml", "--looks=2")
    assert status == 2 and 'mine.toml: "looks" means nothing' in err
    status, _, err = gongzhi("signmap", "mine.toml", "--points=0")
    assert status == 2 and "points" in err
    status, out, _ = gongzhi("signmap")
    assert status == 0 and f"regions       {PRESET.question}" in out


def test_the_study_of_signs_is_the_search_of_regions(gongzhi: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its old spelling gives the same analysis in the folder of before, and is not listed."""
    asked = {}
    for command in ("study", "signmap"):
        monkeypatch.setattr(
            f"experiments.cli.{command}.carry_out",
            lambda spec, running, *_, command=command: asked.__setitem__(command, (spec, running.out)) or 0,
        )
    for command in (("study", "signs"), ("signmap", "regions")):
        assert gongzhi(*command, "--estates=7", "--weeks=80", "--replicates=2", "--seed=3")[0] == 0
    (study, old), (search, new) = asked["study"], asked["signmap"]
    assert (
        study.record()
        == search.record()
        == {**PRESET.record(), "seed": 3, "replicates": 2, "scenario": study.record()["scenario"]}
    )
    assert (old.as_posix(), new.as_posix()) == ("results/study-signs", "results/signmap-regions")
    assert study.scenario.district.estates == 7 and study.scenario.run.weeks == 80
    assert gongzhi("study", "signs", "--quick")[0] == 0
    quick, _ = asked["study"]
    assert (quick.worlds, quick.replicates, quick.scenario.run.weeks) == (8, 4, 104)
    assert "signs" not in gongzhi("study", "--list")[1]


class Quiet(Known):
    """A toy in which there is no conflict."""

    @property
    def outcomes(self) -> pd.DataFrame:
        return super().outcomes.assign(conflicts=0.0)


def test_a_search_in_which_nothing_can_be_compared_says_so(tmp_path: Path) -> None:
    """Where a world has none of what is judged, there is no relative effect."""
    result = search_regions(DESIGN, **WHAT | {"model": Quiet}, out=tmp_path)
    assert set(result.table["found"]) == {"undecided"} and set(result.table["worlds"]) == {0}
    assert "undecided" in Page(result.report().read_text(encoding="utf-8")).said


@pytest.mark.parametrize(("outcome", "sign"), [("conflicts", 1.0), ("enterprises", -1.0)])
def test_the_regions_that_differ_are_found(outcome: str, sign: float) -> None:
    ranges = {"services.effect": (0.0, 1.0), "branches.hours_per_member": (0.0, 2.0), "voice.memory": (8.0, 104.0)}
    sample = points(ranges, 60, seed=1)
    noise = np.random.default_rng(2).normal(0.0, 0.01, 60)
    effects = sign * np.array([point["services.effect"] - 0.5 for point in sample]) + noise
    helps, harms = chosen_regions(sample, effects, ranges, outcome)
    assert ("services.effect", "low") in helps.sides and ("services.effect", "high") in harms.sides
    inside = helps.within(ranges)
    assert inside["services.effect"] == (0.0, 0.4) and "`services.effect` from 0 to 0.4" in helps.words(ranges)
    assert [side for _, side in helps.sides] != [side for _, side in harms.sides]


def test_a_region_keeps_to_the_steepest_slopes_and_overlooks_lost_points() -> None:
    a, b, c, d, e = (f"voice.weight_{name}" for name in ("trust", "success", "wait", "grievance", "authority"))
    ranges = dict.fromkeys((a, b, c, d, e), (0.0, 2.0))
    sample = points(ranges, 40, seed=3)
    effects = np.array([3.0 * p[a] - 2.0 * p[c] + 1.0 * p[e] + 0.01 * p[b] for p in sample])
    effects[7] = np.nan
    helps, harms = chosen_regions(sample, effects, ranges, "conflicts")
    assert helps.sides == ((a, "low"), (c, "high"), (e, "low"))
    assert harms.sides == ((a, "high"), (c, "low"), (e, "high"))


def test_a_region_is_judged_by_its_worlds_and_not_by_its_runs() -> None:
    worlds = {"a": 2.0, "b": 0.2}
    rows = {
        (f"{label} {side}", 0, replicate): value if side == "with" else 1.0
        for label, value in worlds.items()
        for side in ("without", "with")
        for replicate in range(50)
    }
    index = pd.MultiIndex.from_tuples(rows, names=["arm", "district", "replicate"])
    means = pd.DataFrame({"conflicts": list(rows.values())}, index=index)
    contrasts: Any = Contrasts(tuple(Contrast(label, {}, {}) for label in worlds), means, seen=None, outcome=None)
    effects = effects_of(contrasts, "conflicts")
    assert effects.to_dict() == pytest.approx({"a": 1.0, "b": -0.8})
    effect = region_effect(effects)
    assert effect.replicates == 2 and effect.ci_low < 0 < effect.ci_high


def table_of(found: tuple[str, str]) -> pd.DataFrame:
    policies = PRESET.policies.values()
    return pd.DataFrame(
        [
            {
                "policy": policy.name,
                "outcome": policy.outcome,
                "chosen_as": claim,
                "found": said,
                "effect": -0.05,
                "region": "`services.effect` from -1 to 0.4",
                "ci_low": -0.06,
                "ci_high": -0.04,
                "sim_low": -0.07,
                "sim_high": -0.03,
                "worlds": 8,
            }
            for policy in policies
            for claim, said in zip(("helps", "harms"), found, strict=True)
        ]
    )


def test_the_report_of_signs_tells_only_what_the_second_trial_found(tmp_path: Path) -> None:
    spec = PRESET.replace(worlds=9)
    assert spec.fresh == 4
    rng = np.random.default_rng(1)
    swept = {
        name: ([{key: float(rng.random()) for key in policy.ranges} for _ in range(9)], pd.Series(rng.normal(size=9)))
        for name, policy in spec.policies.items()
    }
    (tmp_path / "coverage-sweep").mkdir()
    (tmp_path / "coverage-sweep/experiment.json").write_text('{"format": 1}', encoding="utf-8")
    both, one = ("helps", "harms"), ("helps", "undecided")
    for found_, count, says in ((both, 5, "5 of 5 policies are shown"), (one, 0, "None of 5 policies")):
        result = RegionSearch(tmp_path, table_of(found_), spec, swept)
        first, *each = result.findings
        assert first == Finding("signs.confirmed", both=count, policies=5)
        assert [one.values["policy"] for one in each] == [policy.name for policy in spec.policies.values()]
        for region_, said in zip(each[0].values["regions"], found_, strict=True):
            assert (region_.id, region_.values["found"]) == ("signs.region", said)
            assert region_.values["sides"] == [("services.effect", -1.0, 0.4)]
            assert region_.values["effect"] == pytest.approx([-5.0, -6.0, -4.0])
        page = Page(result.report().read_text(encoding="utf-8"))
        assert says in page.said and "helps with services.effect from −1 to 0.4" in page.said
        assert ("undecided where it had looked like it harms" in page.said) == (found_[1] == "undecided")
    chinese = result.report("zh").read_text(encoding="utf-8")
    assert "services.effect 在 −1 至 0.4" in chinese


def test_policies_and_their_notes_have_their_chinese() -> None:
    for text in (
        PRESET.question,
        *(text for policy in PRESET.policies.values() for text in (policy.name, policy.note)),
    ):
        assert not text or re.search("[\u4e00-\u9fff]", phrase(text, "zh")), text
