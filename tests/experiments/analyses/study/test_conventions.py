"""Conventions: what is declared exists, what is said to be shared is, and words follow the numbers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.study.conventions import (
    DEFAULTS,
    Assumptions,
    AssumptionsSpec,
    Convention,
    Setting,
    beside,
    conventions_figure,
    counted,
    each,
    opening,
    settings_of,
)
from experiments.analyses.study.sweeps import run_study_sweep
from experiments.core.run.execute import Execution
from experiments.core.spec import Running
from experiments.core.statistics.regions import region
from experiments.presets.questions import conventions, question
from experiments.reporting.catalogue import LANGUAGES, gettext
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase
from sim import GovernanceModel, Scenario
from tests.support.small_contrasts import run_contrasts

SERIAL = Execution(workers=1, executor="serial", progress=False)
SMALL = {"district.estates": 6, "run.weeks": 16, "run.warmup": 6}
POLICIES = {"full": {"coverage.strategy": "full"}}
TWO = (
    Convention(
        "what a new door draws from",
        (
            Setting("a new door draws from other third parties almost alone", {"voice.nest": 0.1}),
            Setting("a new door draws from everything in proportion", {"voice.nest": 0.9}),
        ),
        branches_only=True,
    ),
    Convention(
        "how long causes last", (Setting("causes last twenty weeks by themselves", {"incidents.own_end": 0.05}),)
    ),
)
SPEC = AssumptionsSpec(conventions=TWO, policies=POLICIES)
SIZE = {"estates": 5, "weeks": 12, "replicates": 2}
SHORT = Scenario().replace({"run.warmup": 6})


def declared() -> list[tuple[Convention | None, Setting]]:
    return settings_of(conventions())


@pytest.mark.parametrize("setting", [one for _, one in declared() if one is not DEFAULTS], ids=lambda one: one.typed)
def test_a_setting_exists_and_differs_from_the_defaults(setting: Setting) -> None:
    assert Scenario().differences(Scenario().replace(dict(setting.changes))), setting.typed
    english, chinese = setting.words, gettext("zh", setting.words)
    assert english == english.strip() and re.search("[\u4e00-\u9fff]", chinese) and not re.search("[a-z]", chinese)


def test_no_two_settings_are_one_world_and_all_have_words_of_their_own() -> None:
    worlds = [Scenario().replace(dict(setting.changes)).fingerprint() for _, setting in declared()]
    assert len(set(worlds)) == len(worlds) > 30
    for lang in LANGUAGES:
        texts = [gettext(lang, setting.words) for _, setting in declared()]
        assert len(set(texts)) == len(texts)
    assert len({convention.name for convention in conventions()}) == len(conventions())
    assert phrase(question("assumptions"), "zh") != question("assumptions")


@pytest.mark.parametrize(
    "setting",
    [setting for convention, setting in declared() if convention is not None and convention.branches_only],
    ids=lambda one: one.typed,
)
def test_what_is_said_to_need_a_branch_changes_nothing_without_one(setting: Setting) -> None:
    world = Scenario().replace({**SMALL, "run.weeks": 12})
    here = GovernanceModel(world.replace(dict(setting.changes)), rng=7)
    usual = GovernanceModel(world, rng=7)
    here.run(progress=False)
    usual.run(progress=False)
    pd.testing.assert_frame_equal(here.outcomes, usual.outcomes, check_exact=True)


def test_the_table_has_every_effect_and_worlds_alike_are_run_once(tmp_path: Path) -> None:
    contrasts = SPEC.contrasts()
    assert [contrast.label for contrast in contrasts] == [
        "nothing: full",
        "voice.nest = 0.1: full",
        "voice.nest = 0.9: full",
        "incidents.own_end = 0.05: full",
    ]
    made = run_contrasts(
        contrasts,
        Scenario().replace(SMALL),
        replicates=2,
        outcomes=["conflicts", "standing"],
        store=tmp_path,
        execution=SERIAL,
    )
    # Without a branch there are two worlds: the defaults', which doors do not change, and that of lasting causes.
    assert len(list((tmp_path / "runs").glob("*.json"))) == 2 * (4 + 2)
    table = SPEC.table(made)
    assert len(table) == 4 * 2
    for row in table.to_dict("records"):
        label = f"{row['setting']}: full"
        pair = [made.means.xs(f"{label} {which}", level="arm")[row["outcome"]] for which in ("with", "without")]
        assert row["difference"] == pytest.approx((pair[0] - pair[1]).mean(), abs=1e-12)
        if row["without"]:
            assert row["relative"] == pytest.approx(row["difference"] / row["without"])
    assert (table.loc[table["convention"] == "", "beside"] == "").all()
    assert len({row["without"] for row in table[table["outcome"] == "conflicts"].to_dict("records")}) == 2


@pytest.mark.parametrize(
    ("factor", "word"),
    [
        (0.0, "halves"),
        (0.3, "halves"),
        (0.5, "open"),
        (0.8, "keeps"),
        (1.0, "keeps"),
        (2.0, "keeps"),
        (2.5, "doubles"),
    ],
)
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_an_effect_is_set_beside_the_default_by_the_replicates_of_both(factor: float, word: str, sign: float) -> None:
    luck = np.array([0.004, -0.003, 0.001, -0.002])
    default = sign * (0.10 + 3.0 * luck)
    here = factor * default + np.array([1.0, -1.0, -1.0, 1.0]) * 1e-4
    sides = (int(sign), int(sign) if factor else 0)
    assert beside(default, here, sides) == word


def test_a_sign_turns_only_where_both_intervals_leave_zero_out() -> None:
    default = np.array([-0.10, -0.11, -0.09])
    assert beside(default, -default, (-1, 1)) == "turns"
    assert beside(default, 0.2 * default[::-1] + 0.03, (-1, 0)) == "halves"
    assert beside(default, default, (0, -1)) == "falls" and beside(default, default, (0, 1)) == "rises"
    assert beside(default, default, (0, 0)) == "open"
    assert beside(np.full(3, np.nan), default, (-1, -1)) == "open"


def made_up(words: dict[str, str]) -> pd.DataFrame:
    """A table in which settings do to conflicts what is said, and standing disputes are halved by none."""
    rows = []
    settings: list[tuple[Convention | None, Setting]] = settings_of(TWO)
    for convention, setting in settings:
        for policy in ("full", "arrangement"):
            for outcome in ("conflicts", "standing"):
                lot = "" if convention is None else words.get(f"{setting.typed} {policy} {outcome}", "keeps")
                effect = 0.05 if lot == "turns" else -0.01 if lot == "halves" else -0.06
                rows.append(
                    {
                        "convention": "" if convention is None else convention.name,
                        "setting": setting.typed,
                        "words": setting.words,
                        "policy": policy,
                        "outcome": outcome,
                        "without": 2.0,
                        "with": 2.0 + 2.0 * effect,
                        "difference": 2.0 * effect,
                        "relative": effect,
                        "low": effect - 0.005,
                        "high": effect + 0.005,
                        "beside": lot,
                        "replicates": 4,
                        "verdict": region(effect - 0.005, effect + 0.005, 0.02),
                    }
                )
    return pd.DataFrame(rows)


def test_page_and_report_say_which_settings_turn_and_halve_the_headline() -> None:
    table = made_up(
        {
            "voice.nest = 0.9 full conflicts": "turns",
            "incidents.own_end = 0.05 full standing": "halves",
            "incidents.own_end = 0.05 arrangement standing": "halves",
        }
    )
    assert counted(table) == {"settings": 3, "turned": 1, "halved": 1}
    by_default, count, turned, halved = opening(table)
    assert by_default.id == "conventions.by_default" and count == Finding("conventions.counted", **counted(table))
    assert [policy for policy, _ in by_default.values["changes"]] == ["full", "arrangement"]
    (outcome, share), _ = by_default.values["changes"][0][1]
    assert outcome == "conflicts" and share == pytest.approx([-6.0, -6.5, -5.5])
    some, last = "a new door draws from everything in proportion", "causes last twenty weeks by themselves"
    assert turned == Finding("conventions.deciding", beside="turns", settings=[(some, [("full", "conflicts")])])
    assert halved == Finding(
        "conventions.deciding", beside="halves", settings=[(last, [("full", "standing"), ("arrangement", "standing")])]
    )
    assert count.text() == (
        "Of 3 settings, 1 turns the sign of an effect of the headline, and 1 leaves certainly less than half of one."
    )
    assert halved.text() == (
        f"Less than half is left where {last} (full coverage: standing disputes and "
        "the arrangement: standing disputes)."
    )
    first, _, third, _ = each(table)
    assert first.values == {
        "policy": "full",
        "outcome": "conflicts",
        "settings": 3,
        "vague": False,
        "shown": [("turns", [some]), ("halves", [])],
        "kept": 2,
        "left": 0,
    }
    assert third.values["policy"] == "arrangement" and third.values["shown"] == [("turns", []), ("halves", [])]
    assert f"the sign turns in 1 of 3 settings ({some})" in first.text()
    assert "the sign turns in none of 3 settings" in third.text()
    assert "full coverage changes conflicts by −6.0% (95% interval −6.5% to −5.5%)" in by_default.text()
    result = Assumptions(Path(), table, AssumptionsSpec.sized(SHORT, SIZE, conventions=TWO, policies=POLICIES))
    page = result.page()
    assert page.count("\n| ") == 1 + 4 and "**turns**" in page and page.count("**less than half**") == 2
    assert "+5.0% (+4.5% to +5.5%) harms **turns**" in page
    chinese = result.page("zh")
    assert "**反转**" in chinese and gettext("zh", some) in chinese and "a new door" not in chinese


def test_what_is_left_when_all_is_set_otherwise_at_once_is_told() -> None:
    table = made_up({})
    table.loc[table["setting"] == TWO[1].settings[0].typed, "convention"] = "all together"
    *_, last = opening(table)
    assert last.id == "conventions.at_once" and last.values["words"] == TWO[1].settings[0].words
    assert last.text().startswith(f"With {last.values['words']}, full coverage changes conflicts by −6.0%")


def test_where_chance_leaves_the_headline_open_settings_that_show_a_sign_are_named() -> None:
    table = made_up({f"{setting.typed} full conflicts": "open" for _, setting in settings_of(TWO)[1:]})
    first = each(table)[0]
    assert first.values["vague"] and (first.values["shown"], first.values["left"]) == ([], 3)
    assert "chance leaves the sign open; chance leaves it open in 3" in first.text()
    last = TWO[1].settings[0].words
    table.loc[(table["words"] == last) & (table["policy"] == "full") & (table["outcome"] == "conflicts"), "beside"] = (
        "falls"
    )
    first = each(table)[0]
    assert first.values["shown"] == [("falls", [last])] and first.values["left"] == 2
    assert f"it falls in 1 of 3 settings ({last})" in first.text()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_figure_has_a_panel_for_each_effect_and_a_mark_for_each_setting(lang: str) -> None:
    table = made_up({"voice.nest = 0.9 full conflicts": "turns"})
    table.loc[3, ["relative", "low", "high"]] = np.nan
    figure = conventions_figure(table, lang)
    assert len(figure.axes) == 4
    marks = [
        sum(line.get_marker() not in ("None", None, "") for line in axes.lines) for axes in figure.axes if axes.axison
    ]
    assert marks[0] >= 4 and marks[3] >= 3


def test_the_pages_are_written_in_both_languages(tmp_path: Path) -> None:
    spec = AssumptionsSpec.sized(SHORT, SIZE, conventions=TWO[1:], policies=POLICIES, question=question("assumptions"))
    made = run_study_sweep(spec, Running(tmp_path, "gongzhi study assumptions", execution=SERIAL))
    made.report()
    page = made.page()
    assert (tmp_path / "assumptions.md").read_text(encoding="utf-8") == page
    assert "| 默认设定 |" in (tmp_path / "assumptions.zh.md").read_text(encoding="utf-8")
    assert (tmp_path / "figures/assumptions.png").exists()
    assert "causes last twenty weeks" in (tmp_path / "report.html").read_text(encoding="utf-8").lower()
    assert len(pd.read_csv(tmp_path / "table.csv")) == 4
