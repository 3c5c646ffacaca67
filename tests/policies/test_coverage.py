"""The policy in time, and what a user's own strategy may and may not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

import sim
from sim.policies.coverage import unregister


@pytest.fixture(scope="module")
def district() -> sim.District:
    return sim.District.synthetic(60, seed=1)


@pytest.fixture
def own_strategy() -> Iterator[Callable]:
    """Register a strategy for the length of a test."""
    names = []

    def register(name: str, function: Callable) -> None:
        sim.strategy(name)(function)
        names.append(name)

    yield register
    for name in names:
        unregister(name)


def scenario(strategy: str, **changes: object) -> sim.Scenario:
    return sim.Scenario().replace(
        {"run.weeks": 16, "run.warmup": 4, "coverage.wave_weeks": 3, "coverage.strategy": strategy} | changes
    )


def lived(district: sim.District, strategy: str, weeks: int = 6, **changes: object) -> sim.GovernanceModel:
    model = sim.GovernanceModel(scenario(strategy, **changes), district=district, rng=3)
    model.run(weeks=weeks, progress=False)
    return model


def test_a_strategy_of_ten_lines_is_carried_out(district, own_strategy) -> None:
    def oldest(district, members, state):  # noqa: ANN001, ANN202
        """Own branches in the older half of the estates, secretaries where too few members live."""
        old = district.year <= np.median(district.year)
        kinds = np.where(members >= state.needed, sim.BranchKind.OWN, sim.BranchKind.DISPATCHED)
        return np.where(old, kinds, sim.BranchKind.NONE)

    own_strategy("oldest", oldest)
    model = lived(district, "oldest")
    assert ((model.branches.kind > 0) == (district.year <= np.median(district.year))).all()


def test_nothing_is_founded_before_the_start(district) -> None:
    assert not (lived(district, "full", weeks=4).branches.kind > 0).any()
    assert (lived(district, "full", weeks=5).branches.kind > 0).any()
    assert not (lived(district, "full", weeks=8, **{"coverage.start_week": 8}).branches.kind > 0).any()
    assert (lived(district, "full", weeks=1, **{"coverage.start_week": 0}).branches.kind > 0).any()


def test_phased_grows_at_its_waves_only_and_nothing_moves(district) -> None:
    model = lived(district, "phased", weeks=4)
    before, grown = model.branches.home.copy(), []
    for week in range(4, 16):
        model.step()
        home = model.branches.home
        assert (home[before >= 0] == before[before >= 0]).all()
        if (home >= 0).sum() > (before >= 0).sum():
            grown.append(week)
        before = home.copy()
    assert grown == [4, 7, 10, 13]


def test_a_strategy_that_fails_is_named_with_its_file_and_line(district, own_strategy) -> None:
    own_strategy("breaks", lambda district, members, state: 1 / 0)
    with pytest.raises(sim.StrategyError, match=r'"breaks" failed in week 4: ZeroDivisionError.*test_coverage.py'):
        lived(district, "breaks")


def test_a_strategy_cannot_make_members(district, own_strategy) -> None:
    def forge(district, members, state):  # noqa: ANN001, ANN202
        members[0] = 99
        return np.zeros(district.estates, dtype=int)

    own_strategy("forge", forge)
    with pytest.raises(sim.StrategyError, match="read-only"):
        lived(district, "forge")


def test_an_own_branch_needs_members(district, own_strategy) -> None:
    own_strategy("paper", lambda district, members, state: ["own"] * district.estates)
    with pytest.raises(sim.StrategyError, match="fewer than 3 members"):
        lived(district, "paper")
    assert (lived(district, "paper", **{"district.members_rate": 1.0}).branches.kind == sim.BranchKind.OWN).all()


def test_a_strategy_with_other_arguments_is_refused_when_registered() -> None:
    with pytest.raises(sim.StrategyError, match="three arguments"):
        sim.strategy("short")(lambda district, members: None)


@pytest.mark.parametrize(
    "replay", [np.zeros((16, 3)), np.zeros(60), np.full((16, 60), -1.0), np.full((16, 60), np.nan)]
)
def test_hours_that_cannot_be_replayed_are_refused_before_the_first_week(district, replay) -> None:
    with pytest.raises(sim.StrategyError, match="hours to replay"):
        sim.GovernanceModel(scenario("hours_matched:full"), district=district, rng=3, replay=replay)


def test_a_fork_at_the_start_takes_another_strategy_and_a_later_one_is_refused(district) -> None:
    past = lived(district, "none", weeks=4)
    future = past.fork(scenario("full"))
    future.run(weeks=2, progress=False)
    assert (future.branches.kind == lived(district, "full").branches.kind).all()
    for before, after in (("none", "full"), ("full", "none")):
        with pytest.raises(sim.StrategyError, match="cannot change coverage.strategy"):
            lived(district, before).fork(scenario(after))
    again = lived(district, "none").fork(scenario("full", **{"coverage.start_week": 8}))
    again.run(weeks=3, progress=False)
    assert (again.branches.kind > 0).any()


@pytest.mark.parametrize("strategy", ["full", "phased", "budget", "random", "shuffled:full", "hours_matched:full"])
def test_without_branches_every_strategy_is_none(district, strategy) -> None:
    off = {"branches.enabled": False}
    replay = np.zeros((16, district.estates))
    model = sim.GovernanceModel(scenario(strategy, **off), district=district, rng=3, replay=replay)
    model.run(weeks=8, progress=False)
    assert model.outcomes.equals(lived(district, "none", weeks=8, **off).outcomes)
