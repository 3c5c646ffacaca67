"""Sign maps: what an interval says, which points are asked again, and what a map is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import Execution
from experiments.lab.signmap import SIGNS, SignMap, sign_of, signmap
from experiments.lab.statistics import paired
from experiments.signmap import MAPS, hours_of_reports
from sim import Scenario
from sim.errors import GongzhiError

SERIAL = Execution(executor="serial", progress=False)
DESIGN: dict[str, Any] = {
    "design": "factorial", "levels": 2, "replicates": 2, "outcomes": ["conflicts"],
    "parameters": {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]},
    "arms": {"none": "none", "same": {}, "full": "full"},
    "scenario": {"district.estates": 4, "run.warmup": 4, "run.weeks": 10},
}  # fmt: skip
WHAT: dict[str, Any] = {"policy": "full", "against": ["none"], "outcome": "conflicts", "execution": SERIAL}


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=8), st.floats(0, 0.5), st.sampled_from(["lower", "higher"]))
def test_a_sign_is_what_its_interval_says(differences: list[float], margin: float, side: Any) -> None:
    base = np.full(len(differences), 10.0)
    result = paired(base + differences, base, side)
    sign, room = sign_of(result, margin, side), margin * 10.0
    inside = -room <= result.ci_low and result.ci_high <= room
    assert (sign == "equivalent") == inside
    if not inside:
        below, above = result.ci_high < 0, result.ci_low > 0
        good, bad = (below, above) if side == "lower" else (above, below)
        assert sign == ("helps" if good else "harms" if bad else "undecided")


def test_without_two_pairs_or_a_better_side_nothing_is_decided() -> None:
    assert sign_of(paired([1.0], [2.0]), 0.02, "lower") == "undecided"
    assert sign_of(paired([1.0, 1.1, 1.0], [2.0, 2.2, 2.1], "neither"), 0.02, "neither") == "undecided"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> SignMap:
    return signmap(DESIGN, **WHAT, looks=2, store=tmp_path_factory.mktemp("map") / "store")


def test_only_uncertain_points_are_lived_again_with_chance_of_their_own(drawn: SignMap) -> None:
    first, *later = drawn.rounds
    assert len(first.points) == 4 and len(later) <= 1
    early = SignMap(drawn.plan, "full", ("none",), "conflicts", 0.02, 2, [first], drawn.folder)
    assert bool(later) == bool(early.uncertain)
    for swept in later:
        assert swept.plan.points.index.tolist() == early.uncertain
        assert {run.seed for run in swept.outcome.design.runs}.isdisjoint(run.seed for run in first.outcome.design.runs)
        assert swept.plan.points.equals(drawn.plan.points.loc[early.uncertain])


def test_the_map_is_the_paired_difference_over_all_rounds(drawn: SignMap) -> None:
    assert set(drawn.table["sign"]) <= set(SIGNS)
    for row in drawn.table.to_dict("records"):
        here = drawn.runs[drawn.runs["point"] == row["point"]].set_index(["arm", "round", "replicate"])["conflicts"]
        result = paired(here["full"].sort_index(), here["none"].sort_index(), confidence=1 - 0.05 / 2)
        assert row["difference"] == pytest.approx(result.difference) and row["replicates"] == result.replicates
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((result.ci_low, result.ci_high))
        assert row["services.effect"] == drawn.plan.points.loc[row["point"], "services.effect"]
    assert (drawn.folder / "map.csv").exists() and (drawn.folder / "runs.csv").exists()


def test_a_map_goes_on_to_the_same_bytes(drawn: SignMap) -> None:
    before = {name: (drawn.folder / name).read_bytes() for name in ("map.csv", "runs.csv")}
    for path in sorted((drawn.folder / "round-1" / "runs").glob("*.json"))[:3]:
        path.unlink()
    signmap(DESIGN, **WHAT, looks=2, store=drawn.folder)
    assert {name: (drawn.folder / name).read_bytes() for name in before} == before


def test_a_null_policy_does_nothing_anywhere(tmp_path: Path) -> None:
    made = signmap(DESIGN, **{**WHAT, "policy": "same"}, looks=3, store=tmp_path / "null")
    assert len(made.rounds) == 1 and (made.table["sign"] == "equivalent").all()
    assert (made.table["difference"] == 0).all()
    assert "nothing that matters at 4" in made.figure()._suptitle.get_text().replace("\n", " ")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"policy": "ful"}, "full"), ({"against": ["nothing"]}, "is no arm"), ({"looks": 0}, "looks is 0"),
     ({"outcome": "order"}, "relative to another arm"),
     ({"outcome": "conflict"}, "Did you mean")],
)  # fmt: skip
def test_what_a_map_cannot_be_is_refused(changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(GongzhiError, match=says):
        signmap(DESIGN, **{"looks": 2, **WHAT, **changes}, store=tmp_path / "a")


def test_borders_on_paper() -> None:
    words, at = MAPS["crowding-out"].border or ("", None)
    assert at is not None and at(np.array([0.0, 0.6])).tolist() == pytest.approx([1.0, 0.625])
    p = Scenario().branches
    assert hours_of_reports(np.array([0.0]))[0] == p.secretary_hours - p.targets * p.reporting_per_target
    assert "hours" in (MAPS["reporting"].border or ("",))[0] and "phi" in words

def test_the_command_draws_a_map_and_refuses_what_it_varies(gongzhi: Any, tmp_path: Path) -> None:
    tiny = ("--estates", "5", "--set", "run.warmup=4", "--weeks", "9", "--executor", "serial")
    status, out, err = gongzhi("signmap", "crowding-out", "--quick", *tiny)
    assert status == 0, err
    assert "of 9 points" in out and (tmp_path / "results/signmap-crowding-out-quick/figures/signmap.png").exists()
    assert (tmp_path / "results/signmap-crowding-out-quick/map.csv").read_text().count("\n") == 10
    status, _, err = gongzhi("signmap", "reporting", "--set", "branches.reporting_hours=2")
    assert status == 2 and "which the points vary too" in err
    status, out, _ = gongzhi("signmap")
    assert status == 0 and all(name in out for name in MAPS)
    assert gongzhi("signmap", "crowding")[0] == 2
