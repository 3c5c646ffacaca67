"""The deliberation policy in a living district: off is off, on takes hours from somewhere, forks are equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import GovernanceModel, Scenario
from sim.core.codes import TO_PLATFORM
from sim.core.costs import BEARERS
from sim.core.errors import ScenarioError

START = 8
SMALL: dict[str, object] = {
    "district.estates": 24,
    "run.weeks": 60,
    "run.warmup": START,
    "coverage.strategy": "full",
    "incidents.rate_noise": 1.0,
    "incidents.rate_facility": 0.2,
    "district.members_rate": 0.01,
}
ON: dict[str, object] = {"deliberation.enabled": True, "deliberation.interval": 2}
LINES = (
    "deliberation.convene",
    "social_organisations.open",
    "cross_appointment.sit",
    "captains.work",
    "deliberation.gather",
    "cross_appointment.attend",
    "volunteers.offer",
    "volunteers.serve",
    "volunteers.tire",
)


def run(changes: dict[str, object], weeks: int = 40, without: tuple[str, ...] = ()) -> GovernanceModel:
    model = GovernanceModel(Scenario().replace(SMALL | changes), rng=3)
    for name in without:
        model.agenda.remove(name)
    model.run(weeks=weeks, progress=False)
    return model


def same(one: GovernanceModel, other: GovernanceModel) -> None:
    pd.testing.assert_frame_equal(one.outcomes, other.outcomes, check_exact=True)
    assert np.array_equal(one.residents.grievance, other.residents.grievance)
    assert np.array_equal(one.desks.knowledge, other.desks.knowledge)


@pytest.fixture(scope="module")
def plain() -> GovernanceModel:
    return run({})


@pytest.fixture(scope="module")
def deliberating() -> GovernanceModel:
    return run(ON | {"deliberation.overlap": 1})


def test_off_is_a_model_without_the_rooms(plain: GovernanceModel) -> None:
    same(plain, run({}, without=LINES))


@pytest.mark.parametrize(
    "changes",
    [
        {"deliberation.overlap": 3, "deliberation.agenda": 50, "deliberation.captain_share": 2.0},
        {
            "deliberation.enabled": True,
            "deliberation.platform": False,
            "deliberation.captains": False,
            "deliberation.social_organisations": False,
            "deliberation.overlap": 0,
        },
        {
            "deliberation.enabled": True,
            "deliberation.platform": False,
            "deliberation.captains": True,
            "deliberation.captain_share": 0.0,
            "deliberation.overlap": 0,
        },
        {"deliberation.enabled": True, "run.warmup": 50},
    ],
)
def test_what_is_switched_off_changes_nothing(plain: GovernanceModel, changes: dict[str, object]) -> None:
    """Off, or on without any mechanism, or not yet in force: not one bit of anything moves."""
    base = plain if "run.warmup" not in changes else run({"run.warmup": 50})
    same(base, run(changes))


def test_nothing_happens_before_the_policy_starts(plain: GovernanceModel, deliberating: GovernanceModel) -> None:
    before = slice(0, START)
    pd.testing.assert_frame_equal(plain.outcomes[before], deliberating.outcomes[before], check_exact=True)
    assert not plain.outcomes[START:].equals(deliberating.outcomes[START:])


def test_sessions_handle_cases_that_residents_brought(deliberating: GovernanceModel) -> None:
    book, after = deliberating.disputes.book.arrays(), deliberating.outcomes[START:]
    brought = book["channel"] == TO_PLATFORM
    assert brought.any() and book["filed"][brought].min() >= START
    assert after["platform_cases"].sum() > 20
    assert after["platform_sessions"].sum() > 10
    assert np.all(after["platform_cases"] <= 5 * after["platform_sessions"])
    assert np.all(after["platform_hours"].to_numpy()[after["platform_sessions"] == 0] == 0.0)
    assert np.all(after["platforms"] == after["platforms"].iloc[0])
    # A case at the platform waits for nobody else.
    frame = deliberating.disputes.to_frame()
    at = (frame["handler"] == "platform") & (frame["end"] == "open")
    assert at.any() and np.all(book["handoffs"][at.to_numpy()] == 0)


def test_hours_of_a_session_come_from_somewhere() -> None:
    """Week by week: what the platform has is what its people brought, and they no longer have it."""
    model = run(ON | {"desks.bundling": False}, weeks=START)
    desks, had, seen = model.desks, {}, []

    def look() -> None:
        had.update({kind: desks.hours[desks.block(kind)].copy() for kind in ("firm", "committee")})

    def audit() -> None:
        brought, branches = model.deliberation.brought, model.branches
        np.testing.assert_allclose(desks.hours[desks.block("platform")], brought.sum(axis=0), rtol=1e-12)
        for row, kind in enumerate(("firm", "committee")):
            left = desks.hours[desks.block(kind)]
            np.testing.assert_allclose(had[kind] - left, brought[row], atol=1e-12)
            assert np.all(left >= 0.0)
        seats = model.deliberation.by_home(model.cross_appointment._asked[2])
        assert np.all(model.deliberation.by_home(brought[2]) <= branches.for_platform + 1e-12)
        assert np.all(branches.for_platform <= branches.asked_platform + 1e-12)
        np.testing.assert_allclose(
            branches.asked_platform, model.deliberation.by_home(model.deliberation._asked) + seats
        )
        social = model.social_organisations
        assert np.all(social.used <= social.mediators + social.professionals)
        assert social.used.sum() == pytest.approx(brought[3].sum(), abs=1e-9)
        for bearer, row in (("firms", 0), ("committees", 1), ("residents", 4)):
            assert model.costs.hours.get((bearer, "platform"), 0.0) == pytest.approx(brought[row].sum(), abs=1e-12)
        seen.append(brought.sum() > 0)

    def check_spending() -> None:
        block = desks.block("platform")
        assert np.all(desks.spent[block] <= desks.hours[block] + 1e-9)
        assert np.all(desks.handled[block] <= model.scenario.deliberation.agenda)

    model.agenda.add("look", look, doc="", before="deliberation.gather")
    model.agenda.add("audit", audit, doc="", before="cross_appointment.attend")
    model.agenda.add("check spending", check_spending, doc="", before="disputes.lose_patience")
    model.run(weeks=30, progress=False)
    assert sum(seen) > 5 and len(seen) == 30


def test_communities_pay_for_what_they_buy_used_or_not(deliberating: GovernanceModel) -> None:
    after = deliberating.outcomes[START:]
    p = deliberating.scenario.deliberation
    hour = (p.mediator_hours * p.mediator_yuan + p.professional_hours * p.professional_yuan) / (
        p.mediator_hours + p.professional_hours
    )
    others = run(ON | {"deliberation.social_organisations": False}).outcomes[START:]
    assert not others["social_hours_bought"].any()
    extra = after["yuan_purse"] - others["yuan_purse"]
    np.testing.assert_allclose(extra, after["social_hours_bought"] * hour)
    assert np.all(after["social_hours"] <= after["social_hours_bought"])


def test_a_paper_branch_opens_no_platform() -> None:
    """A placebo's branches exist in name only: they are no body, and hold no seat."""
    model = run(ON | {"coverage.strategy": "placebo:full"}, weeks=START + 2)
    here = model.deliberation.here
    assert not here[2].any() and here[0].any()
    assert np.array_equal(model.deliberation.stands, here[:2].all(axis=0))


def test_more_overlap_finds_parties_sooner_and_looks_away_more(deliberating: GovernanceModel) -> None:
    outcomes = [run(ON | {"deliberation.overlap": x}, weeks=30).outcomes[START:] for x in (0, 3)]
    assert np.all(outcomes[0]["overlap"] == 0.0) and np.all(outcomes[0]["independence"] == 1.0)
    assert np.all(outcomes[1]["overlap"] > deliberating.outcomes["overlap"].iloc[-1])
    assert np.all(outcomes[1]["independence"] < deliberating.outcomes["independence"].iloc[-1])
    assert outcomes[0]["seat_hours"].sum() == 0.0 < outcomes[1]["seat_hours"].min()


def test_a_fork_equals_its_parent(deliberating: GovernanceModel) -> None:
    model = run(ON | {"services.volunteers": True}, weeks=20)
    fork = model.fork()
    for one in (model, fork):
        one.run(weeks=15, progress=False)
    assert np.array_equal(model.desks.knowledge, fork.desks.knowledge)
    names = ["conflicts", "filed", "settled", "platform_cases", "captain_hours", "volunteer_hours", "hours_residents"]
    pd.testing.assert_frame_equal(
        model.outcomes[names].iloc[20:].reset_index(drop=True),
        fork.outcomes[names].iloc[-15:].reset_index(drop=True),
        check_exact=True,
    )
    assert np.array_equal(model.deliberation.brought, fork.deliberation.brought)
    fork.run(weeks=3, progress=False)
    assert not np.shares_memory(model.deliberation.here, fork.deliberation.here)


def test_saved_and_loaded_it_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    model = run(ON | {"services.volunteers": True, "deliberation.overlap": 2}, weeks=20)
    model.save(tmp_path / "model.npz")
    loaded = GovernanceModel.load(tmp_path / "model.npz")
    for one in (model, loaded):
        one.run(weeks=10, progress=False)
    same(model, loaded)


def test_a_fork_without_the_policy_keeps_nothing_of_it() -> None:
    model = run(ON | {"services.volunteers": True}, weeks=20)
    off = model.fork(model.scenario.replace({"deliberation.enabled": False, "services.volunteers": False}))
    off.run(weeks=2, progress=False)
    assert np.all(off.voice.access[TO_PLATFORM - 1] == -np.inf)
    assert np.all(off.committees.watch == 1.0) and np.all(off.committees.audit_factor == 1.0)
    assert not off.committees.turnout_captains.any() and not off.branches.asked_platform.any()
    assert not off.desks.hours[off.desks.block("platform")].any()
    assert np.all(off.desks.meeting == off.scenario.desks.meeting)
    assert np.all(off.desks.meeting_bodies == off.scenario.desks.meeting)
    last = off.outcomes.iloc[-1]
    for name in ("platforms", "platform_sessions", "platform_hours", "captains", "volunteers", "overlap", "seat_hours"):
        assert last[name] == 0.0
    assert last["independence"] == 1.0
    # The cases that were left at the platform are open still, or went on when patience ended.
    assert np.all(off.disputes.book.end[off.disputes.queue] == 0)


def test_a_fork_may_change_the_overlap() -> None:
    model = run(ON | {"deliberation.overlap": 0}, weeks=20)
    fork = model.fork(model.scenario.replace({"deliberation.overlap": 3}))
    fork.run(weeks=1, progress=False)
    assert fork.cross_appointment.overlap.max() == 3


def test_every_bearer_of_costs_is_known(deliberating: GovernanceModel) -> None:
    assert {f"hours_{who}" for who in BEARERS if who != "purse"} <= set(deliberating.outcomes.columns)
    assert deliberating.outcomes["hours_residents"].iloc[-1] > deliberating.outcomes["captain_hours"].iloc[-1] - 1e-9


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("overlap", 4),
        ("overlap", -1),
        ("overlap", 1.5),
        ("interval", 0),
        ("agenda", 0),
        ("quorum", 4),
        ("attendance", 1.2),
        ("independence_loss", -0.1),
        ("captain_share", -1.0),
        ("body_hours", -1.0),
        ("seats", 1),
    ],
)
def test_nonsense_is_refused(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=f"deliberation.{name}"):
        Scenario().replace({f"deliberation.{name}": value})
