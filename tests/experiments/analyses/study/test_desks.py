"""Desks off and on: worlds that exist, an account that adds up, and a sentence that follows its numbers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.study.desks import (
    OUTCOMES,
    Channels,
    ChannelsSpec,
    World,
    channels_figure,
)
from experiments.analyses.study.sweeps import run_study_sweep
from experiments.core.run.execute import Execution
from experiments.core.spec import Running
from experiments.core.statistics.regions import region
from experiments.presets.questions import desk_worlds, entries, question
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase
from sim import Scenario
from sim.outcomes import COLUMNS
from tests.support.small_contrasts import run_contrasts

SIZE = {"estates": 5, "weeks": 20, "replicates": 2}
SHORT = Scenario().replace({"run.warmup": 6})
SERIAL = Execution(workers=1, executor="serial", progress=False)
FEW = (
    World("as it is", {}),
    World("as it is: no ends", {"incidents.settlement_ends": False}, "as it is", "no ends"),
)


def test_worlds_exist_and_are_switched_in_their_desks_alone() -> None:
    worlds = desk_worlds()
    made = [Scenario().replace({**one.world, **one.policy}) for one in ChannelsSpec(worlds_of_desks=worlds).contrasts()]
    assert len({world.fingerprint() for world in made}) == len(worlds) == 4 + 2 * len(entries("channels")["reasons"])
    for contrast in ChannelsSpec(worlds_of_desks=worlds).contrasts():
        off, on = (Scenario().replace({**contrast.world, **more}) for more in ({}, contrast.policy))
        assert list(off.differences(on)) == ["desks.enabled"] and off.coverage.strategy == "none", contrast.label
    for world in worlds:
        assert re.search("[\u4e00-\u9fff]", world.named("zh")) and not re.search("[a-z]", world.named("zh"))
        assert world.named("en") == world.name and bool(world.of) == bool(world.reason)
    assert set(OUTCOMES) <= set(COLUMNS) and phrase(question("channels"), "zh") != question("channels")


def test_a_world_is_told_with_and_without_desks(tmp_path: Path) -> None:
    world = Scenario().replace({"district.estates": 6, "run.weeks": 30, "run.warmup": 10})
    spec = ChannelsSpec(worlds_of_desks=FEW)
    made = run_contrasts(spec.contrasts(), world, replicates=2, outcomes=OUTCOMES, store=tmp_path, execution=SERIAL)
    table = spec.table(made)
    assert len(table) == 2 * len(OUTCOMES)
    rows = table.set_index(["world", "outcome"])
    for name in ("as it is", "as it is: no ends"):
        for outcome in ("conflicts", "filed", "open"):
            row = rows.loc[(name, outcome)]
            assert row["difference"] == pytest.approx(row["with"] - row["without"])
        assert rows.loc[(name, "failed"), "without"] == 0.0 < rows.loc[(name, "failed"), "with"]
        assert np.isnan(rows.loc[(name, "alive_at_settlement"), "without"])
    assert rows.loc[("as it is", "conflicts"), "shift"] == 0.0
    relative = rows["relative"].xs("conflicts", level="outcome")
    shift = rows.loc[("as it is: no ends", "conflicts"), "shift"]
    assert shift == pytest.approx(relative["as it is: no ends"] - relative["as it is"])
    assert rows.loc[("as it is: no ends", "averted_desk"), "with"] == 0.0


def findings_in(table: pd.DataFrame) -> list[Finding]:
    return Channels(Path(), table, ChannelsSpec(worlds_of_desks=FEW)).findings


def made_up(effect: float, shift: float) -> pd.DataFrame:
    """A table of one edition and one mechanism: what desks do to conflicts, and how far that differs without it."""
    rows = []
    silent = "nobody talks of a case that waits"
    for of, reason, change in (("", "", effect), ("first edition", silent, effect + shift)):
        for outcome in OUTCOMES:
            own = {"averted_desk": 3.0, "averted_early": 1.0, "averted_private": -5.0}.get(outcome, 2.0 * change)
            rows.append(
                {
                    "world": f"{of}: {reason}" if of else "first edition",
                    "world_zh": "第一版",
                    "of": of,
                    "reason": reason,
                    "reason_zh": "无人谈论" if reason else "",
                    "outcome": outcome,
                    "without": 2.0,
                    "with": 0.125 if outcome == "alive_at_settlement" else 2.0 + own,
                    "difference": own,
                    "ci_low": own - 0.02,
                    "ci_high": own + 0.02,
                    "relative": own / 2.0,
                    "verdict": region(own - 0.02, own + 0.02, 0.04),
                    "low": own / 2.0 - 0.01,
                    "high": own / 2.0 + 0.01,
                    "shift": shift if of else 0.0,
                    "shift_low": shift - 0.01 if of else 0.0,
                    "shift_high": shift + 0.01 if of else 0.0,
                    "replicates": 4,
                }
            )
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("effect", "says", "chinese"),
    [
        (0.05, "raises", "增加"),
        (-0.05, "lowers", "减少"),
        (0.0, "is not shown to move", "未显示仅设立"),
    ],
)
def test_the_sentence_follows_the_sign_and_says_what_it_is_owed_to(effect: float, says: str, chinese: str) -> None:
    (edition,) = findings_in(made_up(effect, -0.2))
    values = edition.values
    assert edition.id == "channels.edition" and values["world"] == "first edition"
    assert values["way"] == np.sign(effect) and values["alive"] == 12.5 and values["tried"] == 1
    assert (values["reached"], values["private"], values["net"]) == (4.0, -5.0, -1.0)
    assert values["change"] == pytest.approx([100 * effect, 100 * effect - 1, 100 * effect + 1])
    ((reason, size),) = values["owed"]
    assert reason == "nobody talks of a case that waits" and size == pytest.approx(100 * (effect - 0.2))
    told = edition.text()
    assert f"the mere existence of desks {says} the number of conflicts" in told and told.count(". ") == 0
    assert "finds 12.5% of causes alive" in told
    assert "desks avert 4.00 touches per 1,000 households and week and private words 5.00 fewer" in told
    assert "so that 1.00 fewer are averted in all" in told
    assert re.search(r"the change would be .* where nobody talks of a case that waits\.$", told)
    assert chinese in edition.text("zh") and "第一版" in edition.text("zh")
    (small,) = findings_in(made_up(effect, 0.001))
    assert small.values["owed"] == []
    assert "none of 1 mechanisms put out of action is shown to change this" in small.text()


def test_page_and_figure_show_every_world() -> None:
    table = made_up(0.05, -0.2)
    result = Channels(Path(), table, ChannelsSpec.sized(SHORT, SIZE, worlds_of_desks=desk_worlds()))
    page = result.page()
    assert "| First edition | 2.00 | 2.10 | +5.0% | +4.0% to +6.0% | harms | +3.00 | +1.00 | −5.00 |" in page
    assert page.count("| First edition | without desks") == 1 and "5 estates, 20 weeks, 2 replicates;" in page
    chinese = result.page("zh")
    assert "受理窗口" in chinese and "| 第一版：无人谈论等待办理的诉求 |" in chinese
    for lang in ("en", "zh"):
        figure = channels_figure(table, lang)
        changes, averted = figure.axes
        assert len(changes.patches) == 1 and len(averted.patches) == 2 * 3
        title = figure.texts[0].get_text().replace("\n", " ")
        assert lang == "zh" or title == "With desks, conflicts change by +5.0% in the first edition"


def test_pages_figure_and_report_are_written(tmp_path: Path) -> None:
    spec = ChannelsSpec.sized(SHORT, SIZE, worlds_of_desks=FEW, question=question("channels"))
    made = run_study_sweep(spec, Running(tmp_path, "gongzhi study channels", execution=SERIAL))
    made.report()
    page = made.page()
    assert (tmp_path / "channels.md").read_text(encoding="utf-8") == page and "In the as it is" in page
    assert (tmp_path / "figures/channels.png").exists() and (tmp_path / "channels.zh.md").exists()
    assert "mere existence of desks" in (tmp_path / "report.html").read_text(encoding="utf-8")
