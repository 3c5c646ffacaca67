"""What a comparison's page says of hours, of places and of its arms agrees with the runs, and with the screen."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import sim
from experiments import Execution, compare
from experiments.analyses.compare.comparison_report import _lent, bearers, brief, design, on_screen
from experiments.analyses.compare.comparison_view import GIVEN, Effect, Reader
from experiments.analyses.compare.served import served
from experiments.reporting.setting import _known
from experiments.reporting.template_rendering import sentence, spaced
from tests.support.synthetic_comparison import comparison

ARMS = ["none", "full", "oldest", "arrangement", "hours_matched:full", "hours_matched:arrangement"]


@pytest.fixture(scope="module")
def result() -> Any:
    @sim.strategy("oldest")
    def oldest(district: Any, members: Any, state: Any) -> Any:
        """Secretaries for the older half.

        No more than that.
        """
        return np.where(district.year <= np.median(district.year), "dispatched", "none")

    world = {"run.weeks": 14, "run.warmup": 4}
    quiet = Execution(executor="serial", progress=False)
    yield compare(ARMS, district=14, scenario=world, replicates=2, execution=quiet)
    sim.policies.coverage.unregister("oldest")


def test_every_hour_has_a_column_and_every_row_adds_up(result: Any) -> None:
    block = bearers(Reader(result))
    assert block is not None
    for means, total in zip(block.values["tables"], ("hours", "everybody"), strict=True):
        before = means.iloc[:, : means.columns.get_loc(total)]
        assert np.allclose(before.sum(axis=1), means[total]) and len(before.columns) > 3
    assert block.values["tables"][0].loc["arrangement", "other_hours"] > 0.0


def test_the_cost_is_told_with_the_hours_of_everybody_as_the_runs_add_up(result: Any) -> None:
    runs = result.runs.groupby("arm")[list(GIVEN)].mean().sum(axis=1)
    reader = Reader(result)
    given, hours = reader.given("arrangement"), reader.effect("arrangement", "hours")
    assert given is not None and hours is not None
    assert given.difference == pytest.approx(runs["arrangement"] - runs["none"]) and given.low < given.difference
    assert given.difference > 1.5 * hours.difference
    said = sentence("en", "comparison.cost", policy="arrangement", hours=hours, given=given)
    assert (
        f"{given.difference:.3g} hours a week more" in said and f"{hours.difference:.3g} hours a week at desks" in said
    )


def test_what_a_control_lends_is_told_from_the_numbers(result: Any) -> None:
    block = bearers(Reader(result))
    assert block is not None
    lent = {control: rest for control, *rest in block.values["lent"]}
    assert lent["hours_matched:full"][1] < lent["hours_matched:full"][2]
    assert lent["hours_matched:arrangement"][1] > lent["hours_matched:arrangement"][2]
    texts = [sentence("en", "comparison_parts.lending", **_named(line)) for line in block.values["lent"]]
    assert ["volunteers" in text for text in texts] == [False, True]
    assert all("without hours on call" in text for text in texts)
    assert not _lent(block.values["tables"][0].loc[["none", "full"]])


def _named(line: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("control", "policy", "hours", "added", "idle", "beside"), line, strict=True))


def test_estates_without_a_branch_are_counted_as_in_the_runs_and_named(result: Any) -> None:
    found = {finding.values["arm"]: finding.values for finding in served(Reader(result))}
    model = sim.GovernanceModel(result.outcome.design.arms[1].scenario, result.district)
    model.run(weeks=5)
    empty = [str(name) for name in np.asarray(result.district.names)[model.branches.kind == 0]]
    assert empty and found["full"]["names"] == found["arrangement"]["names"] == empty
    assert found["full"]["count"] == 14 - len(empty) and found["oldest"] == found["oldest"] | {"count": 7, "names": []}
    assert empty[0] in brief(result).text("en") and empty[0] in brief(result).text("zh")


def test_a_strategy_of_the_users_own_is_told_in_its_authors_words(result: Any) -> None:
    assert result.info["strategies"] == {"oldest": "Secretaries for the older half."}
    for lang in ("en", "zh"):
        assert "Secretaries for the older half." in design(Reader(result)).text(lang)


def test_the_page_has_one_name_for_an_arm() -> None:
    page = brief(comparison(arms=["full", "hours_matched:full"])).text("zh") + design(
        Reader(comparison(arms=["full", "hours_matched:full"]))
    ).text("zh")
    name = sentence("zh", "common.arm", name="hours_matched:full", short=True)
    same = sentence(
        "zh", "comparison.hours", policy="full", control="hours_matched:full", beats="no", effects=[], margin=0.02
    )
    assert name in page and name in same


def test_latin_names_stand_apart_from_chinese() -> None:
    head = sentence(
        "zh", "comparison.whole", policy="old_first", baseline="none", effects=[], margin=0.02, opposite=False
    )
    assert "old_first " in head and not re.search(r"[A-Za-z_][\u4e00-\u9fff]", head)
    assert spaced("95% \u533a\u95f4") == "95% \u533a\u95f4"


def test_an_undecided_effect_whose_own_interval_leaves_zero_out_says_why() -> None:
    effect = Effect("filed", 0.4, 0.2, 0.6, 4.0, "undecided", together=(-0.8, 1.6))
    assert effect.ends("en", named=False) == "+5.0% to +15.0%, but −20.0% to +40.0% with all comparisons together"
    plain = Effect("filed", 0.4, -0.2, 1.0, 4.0, "undecided", together=(-0.8, 1.6))
    assert "but" not in plain.ends("en") and "but" in effect.ends("en")


def test_the_brief_says_of_what_level_its_percentages_are(result: Any) -> None:
    mean = result.runs[result.runs["arm"] == "none"]["conflicts"].mean()
    text = brief(result).text("en")
    assert f"No branches: {mean:.3g}" in text and "per 1,000 households and week" in text


def test_screen_and_page_read_an_effect_alike(result: Any) -> None:
    board, reader = "\n".join(on_screen(result)), Reader(result)
    for effect in reader.effects("arrangement"):
        size = sentence("en", "comparison.screen_change", effect=effect)
        assert size in board and size.startswith(effect.size("en", signed=True))
    wide = Effect("standing", -0.9, -1.2, -0.6, 1.0, "undecided", together=(-2.0, 0.2))
    assert sentence("en", "comparison.screen_judged", effect=wide) == "[−100, +20.0] undecided"
    exact = Effect("filed", 0.0, -0.01, 0.01, 4.0, "equivalent", together=(-0.02, 0.02))
    assert sentence("en", "comparison.screen_judged", effect=exact) == "[−0.5, +0.5] equivalent"


def test_replicates_are_advised_for_each_policy_by_name(result: Any) -> None:
    more = design(Reader(result)).values["more"]
    assert set(more) <= {"full", "arrangement"} and more
    said = sentence("en", "comparison_parts.many", reader=Reader(result), more=more)
    assert all(f"under {name}" in said for name in [sentence("en", "common.arm", name=policy) for policy in more])


def test_parameters_by_ground_add_up_to_all() -> None:
    known = _known(sim.Scenario())
    assert known is not None
    ground = dict(known.values)
    assert ground.pop("total") == sum(ground.values()) and ground["design"] > 0
