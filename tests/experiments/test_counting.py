"""What is counted: which side is better, what an old name has become, and where 100 conflicts go."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from experiments.analyses.compare.comparison_findings import WAYS, channel_finding
from experiments.analyses.compare.comparison_report import channel_table
from experiments.analyses.compare.comparison_view import Reader
from experiments.core.statistics.measures import DEFAULT, better, chosen
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import region
from experiments.reporting.setting import limits
from sim.core.errors import StoreError
from sim.outcomes import COLUMNS
from tests.support.synthetic_comparison import comparison

VOICE = ("filed", "filed_firm", "filed_committee", "filed_branch", "filed_platform", "hotline", "to_authority")
MET = ("tolerated", "self_begun", "self_settled", "settled", "settled_alive", "alive_at_settlement", "mediated")
FEWER = (
    "conflicts",
    "returns",
    "conflicts_all",
    "standing",
    "standing_share",
    "standing_old",
    "unresolved_filed",
    "unresolved_filed_share",
    "self_failed",
    "self_broken",
    "conflicts_village",
)


def test_filing_and_the_way_a_conflict_is_met_have_no_better_side() -> None:
    assert {better(name) for name in (*VOICE, *MET)} == {"neither"}
    assert {better(name) for name in FEWER} == {"lower"}
    assert DEFAULT[:3] == ("conflicts", "filed", "standing")


def test_what_has_no_better_side_rises_or_falls() -> None:
    low, high = [1.0, 1.1, 0.9], [2.0, 2.2, 1.9]
    up, down = (paired(one, other, "neither") for one, other in ((high, low), (low, high)))
    assert region(up.ci_low, up.ci_high, 0.02, "neither") == "rises"
    assert region(down.ci_low, down.ci_high, 0.02, "neither") == "falls"
    assert region(-0.1, 0.3, 0.02, "neither") == "undecided"


def test_an_old_name_is_refused_with_what_it_has_become(gongzhi, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="`standing`, residents in conflict.*`unresolved_filed`, what the old name"):
        chosen(["conflicts", "unresolved"], list(COLUMNS))
    with pytest.raises(StoreError, match="`standing_old` now"):
        chosen(["unresolved_old"], list(COLUMNS))
    # Runs of earlier versions have it still.
    assert chosen(["unresolved"], ["week", "unresolved"]) == ["unresolved"]
    for words in (["compare", "own", "--outcome", "unresolved"], ["budget", "3", "--outcome", "unresolved"]):
        status, _, told = gongzhi(*words, "--estates", "4")
        assert status == 2 and "`standing`" in told and "`unresolved_filed`" in told


def test_every_conflict_goes_one_of_the_ways() -> None:
    changes = {
        "district.estates": 12,
        "coverage.strategy": "full",
        "coverage.start_week": 0,
        "deliberation.enabled": True,
        "private.weeks": 2.0,
    }
    model = sim.GovernanceModel(sim.Scenario().replace(changes), rng=1)
    model.run(weeks=12, progress=False)
    told = model.outcomes
    assert (told[list(WAYS)].sum(axis=1) - told["conflicts_all"]).abs().max() < 1e-9
    doors = ["filed_firm", "filed_committee", "filed_branch", "filed_platform", "hotline"]
    assert (told[doors].sum(axis=1) - told["filed"]).abs().max() < 1e-9
    assert (told[["filed_firm", "filed_branch", "filed_platform", "hotline"]].sum() > 0).all()


def test_the_report_says_which_ways_gain_and_which_lose() -> None:
    reader = Reader(comparison(weeks=60, replicates=2))
    found = channel_finding(reader)
    assert found is not None and found.values["filed"] == pytest.approx(42.0)
    said = found.text("en")
    assert "42.0 are filed under full coverage and 37.0 under no branches" in said
    assert "more are filed with the branch (+9.0); fewer are taken up with the other side (−3.0), borne (−2.0)" in said
    reverse = channel_finding(Reader(comparison(sign=-1.0, weeks=60, replicates=2)))
    assert reverse is not None
    turned = reverse.text("zh")
    assert "增加的有自行交涉（+3.0）" in turned and "忍让（+2.0）" in turned and "减少的有提交支部（−9.0）" in turned
    table = channel_table(reader)
    assert table is not None
    html = table.text("en")
    assert "<td>Full coverage</td>" in html and "26.0" in html and "Filing has no better side" in html


def test_nothing_is_said_of_ways_that_the_runs_do_not_tell() -> None:
    result = comparison(arms=["full"], weeks=60, replicates=2)
    result.series = result.series.drop(columns="tolerated")
    assert channel_table(Reader(result)) is None and channel_finding(Reader(result)) is None


def test_the_limits_say_the_same_of_voice_in_both_languages() -> None:
    english, chinese = (limits(None).text(lang) for lang in ("en", "zh"))
    assert "no side of it is the better one" in english and "无好坏之分" in chinese
    assert "borne in silence stands" in english and "默默忍让" in chinese
    assert "toleration" not in english and "不再忍让" not in chinese
