"""Building captains and social organisations: their number, hours and fatigue, and what they bring."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import GovernanceModel, Scenario
from sim.core.errors import ScenarioError
from tests.support.quiet_models import level_ground
from tests.support.quiet_models import live as quiet

NOW: dict[str, object] = {"coverage.start_week": 0, "deliberation.enabled": True}
Live = Callable[..., GovernanceModel]


def begin(model: GovernanceModel) -> None:
    model.authorities.staff()
    model.deliberation.convene()
    model.captains.work()


def everywhere(model: GovernanceModel) -> None:
    """Let a committee work in every estate, so that two bodies meet."""
    model.committees.present[:] = True
    model.committees.failed[:] = 0
    model.contracts.present[:] = True


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0, 2.0])
def test_there_are_as_many_captains_as_the_share_of_buildings(live: Live, share: float) -> None:
    model = live(NOW | {"deliberation.captain_share": share})
    wanted = share * model.district.buildings
    assert np.all(np.abs(model.captains.number - wanted) < 1.0)
    assert model.captains.number.sum() == pytest.approx(wanted.sum(), abs=3 * np.sqrt(wanted.size) / 2)
    assert len(model.captains) == np.count_nonzero(model.captains.number)


def test_more_captains_are_the_same_captains_and_others(live: Live) -> None:
    few, many = (live(NOW | {"deliberation.captain_share": share}).captains.number for share in (0.3, 0.6))
    assert np.all(many >= few)


@pytest.mark.parametrize("changes", [{}, {"deliberation.enabled": True, "deliberation.captains": False}])
def test_without_the_policy_there_are_none(live: Live, changes: dict[str, object]) -> None:
    model = live(changes)
    model.run(weeks=2, progress=False)
    assert not model.captains.number.any() and len(model.captains) == 0
    assert model.record.measured("captains") == {"captains": 0.0, "captain_hours": 0.0}


def test_hours_are_split_between_calling_and_inspection_and_none_is_given_twice(live: Live) -> None:
    model = live(NOW | {"deliberation.captain_calling": 0.4})
    everywhere(model)
    model.week = int(model.committees.meeting_week[0])
    begin(model)
    captains = model.captains
    hours = 0.5 * captains.number
    meets = model.committees.meeting_week == model.week
    assert meets[0]
    np.testing.assert_allclose(captains.calling, np.where(meets, 0.4 * hours, 0.0))
    np.testing.assert_allclose(captains.calling + captains.inspecting, hours)
    assert model.costs.hours["residents", "captains"] == pytest.approx(hours.sum())
    assert model.services.hands[1].sum() == pytest.approx(captains.inspecting.sum())


def test_captains_call_when_a_session_is_due() -> None:
    model = quiet(NOW | {"deliberation.interval": 1}, level_ground(4, buildings=10))
    everywhere(model)
    begin(model)
    assert not model.captains.calling[model.committees.meeting_week != 0].any()
    model.deliberation.due[:] = True
    model.captains.work()
    assert np.all(model.captains.calling > 0)


@pytest.mark.parametrize("buildings", [1, 8, 200])
@pytest.mark.parametrize(("turnout", "most"), [(0.2, 3.0), (0.5, 1.0)])
def test_turnout_rises_with_captains_per_hundred_owners_up_to_a_bound(
    buildings: int,
    turnout: float,
    most: float,
) -> None:
    """logit = turnout x min(active captains per 100 owners, most), in the running model's attendance."""
    changes = NOW | {
        "deliberation.captain_turnout": turnout,
        "deliberation.captain_most": most,
        "deliberation.captain_share": 1.0,
        "deliberation.captain_fatigue": 0.0,
    }
    model = quiet(changes, level_ground(10, buildings=buildings))
    plain = quiet({}, level_ground(10, buildings=buildings))
    for one in (model, plain):
        everywhere(one)
        one.week = int(model.committees.meeting_week[3])
    begin(model)
    owners = np.rint(500 * 0.7)
    rows = np.arange(10)
    called = model.committees.meeting_week == model.week
    want = np.where(called, turnout * min(100.0 * buildings / owners, most), 0.0)
    assert called[3] and not called.all()
    odds = [np.log(p) - np.log1p(-p) for p in (one.committees.attendance_probability(rows) for one in (model, plain))]
    np.testing.assert_allclose(odds[0] - odds[1], want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("most", "pace"), [(0.3, 0.05), (0.6, 0.2)])
def test_fatigue_follows_full_load_to_its_end(most: float, pace: float) -> None:
    """F(t) = F_max (1 - (1 - pace)^t) while every hour is used; hours fall with it."""
    model = quiet(
        NOW | {"deliberation.captain_fatigue": most, "deliberation.captain_fatigue_pace": pace},
        level_ground(3, buildings=10),
    )
    everywhere(model)
    for week in range(1, 20):
        begin(model)
        np.testing.assert_allclose(model.captains.fatigue, most * (1 - (1 - pace) ** week), rtol=1e-12)
    begin(model)
    offered = 0.5 * model.captains.number * (1 - most * (1 - (1 - pace) ** 19))
    np.testing.assert_allclose(model.captains.inspecting + model.captains.calling, offered, rtol=1e-12)


def test_captains_find_repairs_sooner_and_nothing_else() -> None:
    """Their hours act as inspection: deferred maintenance falls, lanes and charging stay as they are."""
    runs = []
    for share in (0.0, 1.0):
        model = quiet(
            NOW | {"deliberation.captain_share": share, "deliberation.overlap": 0, "deliberation.platform": False},
            level_ground(12, buildings=10),
        )
        everywhere(model)
        for _ in range(12):
            begin(model)
            model.services.act()
            model.hazards.build()
            model.contracts.serve()
            model.week += 1
        runs.append((model.contracts.deferred.mean(), model.hazards.charging.copy(), model.hazards.guided.copy()))
    assert runs[1][0] < runs[0][0]
    assert np.array_equal(runs[0][1], runs[1][1]) and np.array_equal(runs[0][2], runs[1][2])


# Social organisations -------------------------------------------------------------------------------------------


def test_sessions_of_a_week_share_the_hours_of_their_community(live: Live) -> None:
    model = live(NOW | {"deliberation.mediator_hours": 5.0, "deliberation.professional_hours": 1.0})
    community = model.district.community
    estates = np.array([0, 1, 2, 20, 39])
    offer = model.social_organisations.offer(estates)
    total = np.bincount(community[estates], offer, model.district.communities)
    assert np.all(total[np.unique(community[estates])] == pytest.approx(6.0))


def test_a_social_organisation_gives_no_more_than_was_bought(live: Live) -> None:
    model = live(NOW)
    social = model.social_organisations
    asked = np.linspace(0.0, 9.0, model.district.estates)
    given = social.give(asked)
    by_community = np.bincount(model.district.community, given, social.size)
    np.testing.assert_allclose(by_community, social.used)
    assert np.all(given <= asked) and np.all(social.used <= 8.0 + 1e-12)


def test_skill_belongs_to_the_community_and_not_to_its_row(live: Live) -> None:
    model = live(NOW)
    skill = model.social_organisations.skill
    assert np.all((skill >= 0.4) & (skill <= 0.8)) and np.unique(skill).size == skill.size
    again = GovernanceModel(model.scenario, model.district, rng=1).social_organisations.skill
    assert np.array_equal(skill, again)


@pytest.mark.parametrize(
    "changes", [{}, {"deliberation.platform": False}, {"deliberation.social_organisations": False}]
)
def test_nothing_is_bought_where_no_platform_can_use_it(live: Live, changes: dict[str, object]) -> None:
    model = live((NOW | changes) if changes else {})
    model.run(weeks=2, progress=False)
    assert not model.record.measured("social_organisations")["social_hours_bought"]


@pytest.mark.parametrize("name", ["captain_share", "captain_hours", "captain_fatigue", "mediator_hours"])
def test_negative_numbers_are_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=name):
        Scenario().replace({f"deliberation.{name}": -0.5})
