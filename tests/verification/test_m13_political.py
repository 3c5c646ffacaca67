"""M13: what lists, the academy, groups and kinds of needs do, against closed forms and plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel
from sim.stakeholders.enterprises.enterprises import NEW_BRANCH
from sim.stakeholders.enterprises.enterprises_equations import trained_after
from sim.stakeholders.in_service import elsewhere, reached
from tests.support.enterprise_models import many, pass_weeks
from tests.support.small_runs import differing, full, run

POLITICAL: dict[str, object] = {
    "enterprises.political": True,
    "enterprises.hours_per_member": 0.8,
    "enterprises.giving_share": 0.25,
    "enterprises.organised_before": 0.4,
    "enterprises.branch_hours": 0.3,
}


def given(changes: dict[str, object]) -> GovernanceModel:
    """A week's hours of 900 enterprises in 30 estates, of which the last have the most conflicts."""
    model = many({**POLITICAL, **changes}, number=900, estates=30)
    model.grievances.recent[:] = np.arange(30.0)
    model.enterprises.give()
    return model


@pytest.mark.parametrize("reach", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("social", [False, True])
def test_listed_members_who_report_where_they_live_help_where_conflicts_are(reach: float, social: bool) -> None:
    """reach x willing x hours for everybody on a list, by need; who helps at home does not help through the branch."""
    model = given({"enterprises.listed_reach": reach, "enterprises.social": social, "enterprises.by_need": 1.0})
    enterprises, need = model.enterprises, np.arange(30.0) / np.arange(30.0).sum()
    members, organised = enterprises.members * enterprises.present, enterprises.branch > 0
    listed = members * np.where(organised, 0.9, 0.4)
    at_home, at_work = 0.2 * reach * listed.sum(), 0.2 * (1 - reach) * (listed * organised).sum() * social
    assert enterprises.at_home == pytest.approx(at_home)
    np.testing.assert_allclose(model.services.hands[3], need * (at_home + at_work), rtol=1e-12)
    booked = model.costs.hours
    assert booked.get(("members", "reporting where they live"), 0.0) == pytest.approx(at_home)
    # What is given at home is nobody's working time; a member's week is one.
    np.testing.assert_allclose(enterprises.given, listed * organised * (0.3 + 0.2 * (1 - reach) * social))
    assert at_home + at_work <= 0.2 * listed.sum() * (1 + 1e-12)
    assert enterprises.reporting() == pytest.approx(reach * listed.sum())
    assert reached(model) == pytest.approx(min(reach * listed.sum() / model.in_service.sum(), 1.0))


@pytest.mark.parametrize("covered", [0, 12, 30])
@pytest.mark.parametrize("own", [0.0, 0.3])
def test_where_a_branch_stands_it_reaches_those_who_report_and_elsewhere_need_does(covered: int, own: float) -> None:
    """reach + (1 - reach) x listed / living; only those who live where no branch stands are asked by need."""
    changes = {**POLITICAL, "enterprises.listed_reach": 0.4, "enterprises.social": True, "branches.reach": own}
    model = many(changes, number=900, estates=30)
    model.grievances.recent[:] = np.arange(1.0, 31.0)
    model.branches.served[:covered] = True
    enterprises, living = model.enterprises, model.in_service
    listed = enterprises.listed.sum()
    assert living.sum() > 0.4 * listed
    assert reached(model) == pytest.approx(own + (1 - own) * 0.4 * listed / living.sum())
    at_work = 0.25 * 0.6 * (enterprises.listed * (enterprises.branch > 0)).sum()
    assert elsewhere(model) == pytest.approx(at_work / living.sum())
    enterprises.give()
    alone = living[covered:].sum() / living.sum()
    assert enterprises.at_home == pytest.approx(0.2 * 0.4 * listed * alone, abs=1e-12)
    need = np.where(np.arange(30) < covered, 0.0, np.arange(1.0, 31.0))
    here = enterprises.where_needed(enterprises.listed)
    np.testing.assert_allclose(here, listed * alone * need / max(need.sum(), 1e-300), rtol=1e-12)


def test_founding_branches_makes_members_reachable() -> None:
    """The political function alone: lists grow from 0.4 to 0.9 of the members, and with them what estates get."""
    model = given({"enterprises.listed_reach": 0.5, "enterprises.organised_before": 0.0})
    before, members = model.enterprises.at_home, model.enterprises.members[model.enterprises.present].sum()
    assert before == pytest.approx(0.2 * 0.5 * 0.4 * members)
    model.enterprises.branch[:] = NEW_BRANCH
    model.enterprises.give()
    assert model.enterprises.at_home == pytest.approx(before * 0.9 / 0.4)


def test_the_political_function_alone_reaches_the_conditions() -> None:
    others = {"enterprises.social": False, "enterprises.economic": False, "enterprises.listed_reach": 0.6}
    on, off = run(full(others)), run(full({**others, "enterprises.political": False}))
    # At the end, since the first weeks are those before the policy.
    assert on["hazards"].iloc[-1] < off["hazards"].iloc[-1]
    assert on["enterprise_hours"].iloc[-1] > 0.0 == off["enterprise_hours"].iloc[-1]


@pytest.mark.parametrize(("hours", "gain", "fade"), [(0.5, 0.1, 0.02), (0.2, 0.05, 0.01), (2.0, 0.4, 0.1)])
def test_the_academy_teaches_up_to_what_leaves_with_the_staff(hours: float, gain: float, fade: float) -> None:
    """T* = g / (g + fade), g = 1 - exp(-gain hours): geometric on the way, and fading where there is no branch."""
    g = 1 - np.exp(-gain * hours)
    model = many(
        {
            **POLITICAL,
            "enterprises.academy_hours": hours,
            "enterprises.academy_gain": gain,
            "enterprises.academy_fade": fade,
            "enterprises.academy_yuan": 70.0,
        },
        number=300,
    )
    enterprises = model.enterprises
    organised = enterprises.present & (enterprises.branch > 0)
    for week in range(1, 200):
        model.costs.clear()
        enterprises.give()
        if week in (1, 10, 199):
            expected = g / (g + fade) * (1 - (1 - g - fade) ** week)
            np.testing.assert_allclose(enterprises.trained, expected * organised, rtol=1e-9)
    listed = 0.9 * enterprises.members[organised].sum()
    assert model.costs.yuan["purse", "pioneer academy"] == pytest.approx(70.0 * hours * listed)
    assert model.costs.hours["enterprises", "pioneer academy"] == pytest.approx(hours * listed)
    np.testing.assert_allclose(enterprises.given[organised], (0.3 + hours) * 0.9 * enterprises.members[organised])
    assert float(trained_after(0.8, 0.0, gain=gain, fade=fade)) == pytest.approx(0.8 * (1 - fade))


@pytest.mark.parametrize("effect", [0.0, 0.5, 2.0])
def test_an_hour_of_a_trained_member_is_worth_more_and_costs_an_hour(effect: float) -> None:
    model = many(
        {
            **POLITICAL,
            "enterprises.social": True,
            "enterprises.listed_reach": 0.3,
            "enterprises.academy_effect": effect,
            "enterprises.by_need": 0.0,
        },
        number=900,
        estates=30,
    )
    enterprises = model.enterprises
    enterprises.trained[:] = np.linspace(0.0, 1.0, enterprises.size)
    enterprises.give()
    skill = 1 + effect * enterprises.trained  # what was learnt last week fades with this week's staff
    organised = enterprises.branch > 0
    hours = 0.2 * enterprises.listed * (0.3 + 0.7 * organised)
    assert model.services.hands[3].sum() == pytest.approx((hours * skill).sum())
    assert enterprises.to_estates.sum() == pytest.approx(hours.sum())
    spent = {use: amount for (_, use), amount in model.costs.hours.items()}
    assert spent["service in estates"] + spent["reporting where they live"] == pytest.approx(hours.sum())
    # What a control replays is hours, not what they were worth.
    model.services.act()
    np.testing.assert_allclose(model.services.joined, enterprises.to_estates, atol=1e-9)


def test_an_academy_that_nobody_attends_has_no_effect() -> None:
    nobody = {"enterprises.academy_hours": 0.0}
    idle = run(full(nobody))
    better = {"enterprises.academy_effect": 3.0, "enterprises.academy_gain": 1.0}
    assert not differing(run(full({**nobody, **better})), idle)
    assert differing(run(full({"enterprises.academy_hours": 0.5})), idle)


@pytest.mark.parametrize("grouping", ["cluster", "sector", "alone"])
@pytest.mark.parametrize(("needed", "sectors"), [(3, 6), (8, 2)])
def test_who_may_found_a_branch_against_a_plain_loop(grouping: str, needed: int, sectors: int) -> None:
    model = many(
        {
            "enterprises.grouping": grouping,
            "enterprises.members_needed": needed,
            "enterprises.sectors": sectors,
            "enterprises.members_per_employee": 0.02,
        },
        number=400,
    )
    enterprises, community = model.enterprises, model.district.community
    free = [row for row in range(enterprises.size) if enterprises.present[row] and enterprises.branch[row] == 0]
    assert set(enterprises.sector[enterprises.present].tolist()) == set(range(sectors))

    def group(row: int) -> tuple[int, ...]:
        sector = int(enterprises.sector[row])
        near = int(community[enterprises.estate[row]])
        return {"cluster": (near, sector), "sector": (sector,), "alone": (row,)}[grouping]

    members: dict[tuple[int, ...], int] = {}
    for row in free:
        members[group(row)] = members.get(group(row), 0) + int(enterprises.members[row])
    expected = [row for row in free if members[group(row)] >= needed and enterprises.members[row] > 0]
    assert enterprises._able().tolist() == expected and 0 < len(expected) < len(free)


FELT = {"talent": 0.0, "market": 1.0, "finance": 0.5, "transformation": 2.5}


def test_every_kind_of_need_is_felt_as_much_as_it_is_worth() -> None:
    """A need met adds its worth to help, one given up to strain; what is usual is the mean, so the factor is 1."""
    model = many(
        {
            **{f"enterprises.felt_{need}": worth for need, worth in FELT.items()},
            "enterprises.need_rate": 0.1,
            "enterprises.unmet_raises": 0.4,
            "enterprises.exit_rate": 1e-5,
            "enterprises.effect_weeks": 20.0,
        }
    )
    enterprises, desk = model.enterprises, model.enterprise_desk
    need = 1 - np.exp(-0.1)
    assert enterprises.usual_strain == pytest.approx(20 * need * 1.0)
    pass_weeks(model, 120)
    strain, factor = [], []
    for _ in range(40):
        before = enterprises.strain.copy()
        pass_weeks(model, 1)
        old = enterprises.founded < model.week
        gained = (enterprises.strain - before * 0.95)[old].sum()
        assert gained == pytest.approx(desk.unmet @ list(FELT.values()), abs=1e-6)
        here = np.flatnonzero(enterprises.present)
        strain.append(enterprises.strain[here].mean())
        factor.append(enterprises.exit_of(here).mean() / 1e-5)
    assert np.mean(strain) == pytest.approx(20 * need, rel=0.03)
    assert np.mean(factor) == pytest.approx(1.0, abs=0.01)
