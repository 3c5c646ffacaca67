"""What a page asks: sizes and values are checked, and the address and the command say the same as the page."""

from __future__ import annotations

import shlex

import pytest

from experiments.analyses.assumptions.least_known import LeastKnown
from experiments.analyses.assumptions.over import SHIPPED
from experiments.dashboard import controls
from experiments.dashboard.inquiry import ARMS, SIZES, WARMUP, Inquiry
from sim import Scenario
from sim.core.errors import ScenarioError


def test_both_panels_come_from_the_declarations_and_share_nothing() -> None:
    policy = {control.name for control in controls.policies()}
    world = {control.name for control in controls.assumptions()}
    assert "coverage.strategy" in policy and "supervision.enabled" in policy
    assert "branches.reach" in world and not policy & world
    assert len(world) > 300
    rows = {row["name"]: row for row in Scenario().parameters()}
    for control in (*controls.policies(), *controls.assumptions()):
        default = rows[control.name]["default"]
        assert control.value_of(default) == default
        if control.kind in ("whole", "number"):
            assert control.low <= default <= control.high and control.low < control.high


def test_the_assumptions_with_the_largest_pull_come_first() -> None:
    offered, chosen = controls.assumptions(), {control.name for control in controls.policies()}
    head = [name for name in LeastKnown.read(SHIPPED).names[: controls.FIRST] if name not in chosen]
    assert [control.name for control in offered if control.pulls] == head
    assert [control.name for control in offered[: len(head)]] == head and len(head) > 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("coverage.strategy", "everywhere"),
        ("coverage.strategy", "__import__('os')"),
        ("branches.reach", 7),
        ("branches.reach", "1e999"),
        ("branches.reach", [1]),
        ("branches.targets", 2.5),
        ("branches.targets", True),
        ("supervision.enabled", "yes"),
        ("run.weeks", 5),
        ("district.estates", 5),
        ("ground.strength_log_sd", 0.1),
        ("no.such", 1),
        (None, 1),
    ],
)
def test_what_a_page_may_not_set_is_refused_in_a_sentence(name: str, value: object) -> None:
    with pytest.raises(ScenarioError) as error:
        controls.control_of(name).value_of(value)
    assert str(error.value).endswith(".") and "--set" not in str(error.value)


def test_a_policy_makes_the_own_scenario_of_what_stands_on_the_right() -> None:
    asked = Inquiry().with_arm("right", "arrangement").with_policy("supervision.enabled", False)
    assert asked.right == "mine" and asked.policy["couriers.services"] is True
    assert asked.scenario("mine").supervision.enabled is False
    assert asked.scenario("none").coverage.strategy == "none"


def test_an_assumption_holds_in_both_futures_and_goes_when_it_is_the_default_again() -> None:
    asked = Inquiry().with_assumption("branches.reach", 0.5)
    assert {asked.scenario(arm).branches.reach for arm in ("none", "full")} == {0.5}
    assert asked.with_assumption("branches.reach", Scenario().branches.reach) == Inquiry()


def test_sizes_are_kept_within_what_a_page_may_take() -> None:
    for name, (least, _, most) in SIZES.items():
        assert getattr(Inquiry().with_size(name, -5), name) == least
        assert getattr(Inquiry().with_size(name, 10**9), name) == most
    for wrong in ("many", None, float("inf"), float("nan")):
        with pytest.raises(ScenarioError):
            Inquiry().with_size("weeks", wrong)


@pytest.mark.parametrize("arm", ARMS)
def test_an_address_opens_the_same_page_again(arm: str) -> None:
    asked = Inquiry(replicates=3).with_policy("coverage.strategy", "hotspot").with_assumption("branches.reach", 0.5)
    asked = asked.with_arm("left", arm).with_size("estates", 20).forked(9)
    assert Inquiry.read(asked.address) == asked


@pytest.mark.parametrize("address", ["policy=run.weeks%3D9999", "left=root", "assumptions=a.b%3D1", "estates=x"])
def test_an_address_that_asks_for_what_there_is_not_is_refused(address: str) -> None:
    with pytest.raises(ScenarioError):
        Inquiry.read(address)


def test_the_command_says_what_the_page_asks() -> None:
    asked = Inquiry().with_policy("branches.station", True).with_assumption("branches.reach", 0.5)
    words = shlex.split(asked.command)
    assert words[:4] == ["gongzhi", "compare", "none", "full; branches.station=true"]
    assert f"run.warmup={WARMUP}" in words and "branches.reach=0.5" in words


@pytest.mark.slow
def test_the_command_gives_the_numbers_of_the_page() -> None:
    import experiments
    from experiments.dashboard.experiment import Experiment, Memory
    from experiments.dashboard.inquiry import Inquiry

    asked = Inquiry(estates=12, weeks=10, replicates=3).with_assumption("branches.reach", 0.5)
    own = Experiment(asked, Memory())
    own.live()
    result = experiments.compare(
        ["none", "full"],
        replicates=3,
        scenario=asked.world,
        outcomes=["conflicts", "filed", "standing"],
        execution=experiments.Execution(executor="serial", progress=False),
    )
    table = result.table.query("strategy == 'full' and against == 'none'").set_index("outcome")
    for outcome in ("conflicts", "filed", "standing"):
        effect = own.effect(outcome)
        row = table.loc[outcome]
        assert effect.difference == pytest.approx(row["difference"], abs=1e-12)
        assert (effect.ci_low, effect.ci_high) == pytest.approx((row["ci_low"], row["ci_high"]), abs=1e-9)
