"""M4: mediation before anybody files, and branches at other tables; against what is known on paper."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim import District, GovernanceModel
from sim.core.codes import NOISE, SERVICE, SETTLED, TO_FIRM
from tests.support.quiet_models import level_ground, live
from tests.support.single_desk import CERTAIN, ONE_DESK, file

EARLY: dict[str, object] = {
    **ONE_DESK,
    "frontline.early": True,
    "frontline.committee_members": 0.0,
    "incidents.settlement_ends": True,
    "desks.meeting": 1.0,
    "desks.handoffs_simple": 1,
}


@pytest.fixture(scope="module")
def town() -> District:
    return level_ground(20, 500, adults=1000)


def causes(model: GovernanceModel, each: int, category: int = NOISE) -> np.ndarray:
    """Let causes be under way, so many in each estate."""
    estates = model.district.estates
    rows = model.incidents.book.append(
        each * estates,
        estate=np.repeat(np.arange(estates), each),
        category=category,
        began=0,
        until=1000,
        identity=model.chance.bits("cause", 0, np.arange(each * estates, dtype=np.uint64)),
        pool=10,
        stride=1,
        touches=5,
        severity=1.0,
    )
    model.incidents.active = rows
    return rows


def week(model: GovernanceModel) -> None:
    model.authorities.staff()
    model.disputes.handle()
    model.frontline.mediate()
    model.desks.keep()
    model.week += 1


@pytest.mark.parametrize(("sight", "workers", "knowledge"), [(0.05, 2.0, 0.25), (0.5, 1.0, 0.8), (2.0, 3.0, 0.5)])
def test_what_is_seen_follows_eyes_and_knowledge(
    town: District, sight: float, workers: float, knowledge: float
) -> None:
    """1 - exp(-sight x eyes x K) in a week; an estate of 1,000 adults has `workers` grid workers."""
    model = live(
        {**EARLY, "frontline.sight": sight, "frontline.grid_workers": workers, "desks.knowledge_authority": knowledge},
        town,
    )
    rows = causes(model, 400)
    week(model)
    seen = int(model.incidents.book.visited[rows].sum())
    expected = -np.expm1(-sight * workers * knowledge)
    assert stats.binomtest(seen, rows.size, float(expected)).pvalue > 0.001


def test_what_rounding_leaves_of_a_desks_hours_is_none(town: District) -> None:
    """A desk that has worked all its hours took causes in hand where the last digit of a sum was above zero."""
    model = live({**EARLY, "frontline.sight": 10.0}, town)
    rows = causes(model, 5)
    model.authorities.staff()
    model.disputes.handle()
    model.desks.spent[:] = model.desks.available() * (1.0 - 1e-15)
    assert not model.desks.left().any()
    model.frontline.mediate()
    assert not model.incidents.book.visited[rows].any()
    model.desks.spent[:] *= 0.5
    model.frontline.mediate()
    assert model.incidents.book.visited[rows].any()


def test_without_eyes_hours_or_the_switch_nobody_goes_anywhere(town: District) -> None:
    for changes in (
        {"frontline.sight": 0.0},
        {"frontline.grid_workers": 0.0},
        {"frontline.early": False},
        {"desks.hours_community": 0.0},
    ):
        model = live({**EARLY, "frontline.sight": 1.0, **changes}, town)
        rows = causes(model, 50)
        for _ in range(3):
            week(model)
        assert not model.incidents.book.visited[rows].any(), changes
        assert not model.desks.spent.any()


def test_cases_come_first_and_only_hours_to_spare_go_to_causes(town: District) -> None:
    """A desk that is full with cases sees nothing; one with hours to spare spends at most these."""
    model = live(
        {**EARLY, **CERTAIN, "frontline.sight": 5.0, "frontline.grid_workers": 50.0, "desks.work_small": 4.0}, town
    )
    model.authorities.hours[:] = 10.0
    causes(model, 30)
    people = np.arange(len(model.residents))
    full_desk = model.desks.community_of_estate[0]
    here = people[model.desks.community_of_estate[model.residents.estate] == full_desk]
    file(model, here[:50], -1)
    model.disputes.meet()
    for _ in range(3):
        week(model)
        assert (model.desks.spent <= model.desks.available() + 1e-9).all()
    at = model.frontline.book.desk[: model.frontline.book.size]
    assert at.size and not (at == full_desk).any()
    assert model.desks.spent[np.unique(at)] == pytest.approx(10.0)


def test_same_work_same_settlement(town: District) -> None:
    """Work of a case, the law of every settlement with the estate's mean trust and no grievance."""
    model = live(
        {
            **EARLY,
            "frontline.sight": 10.0,
            "frontline.grid_workers": 100.0,
            "desks.settle_constant": -1.0,
            "trust.spread": 0.0,
        },
        town,
    )
    model.authorities.hours[:] = 1e6
    rows = causes(model, 200)
    seen = 0
    for _ in range(4):
        week(model)
        seen += model.desks.spent.sum()
    assert model.incidents.book.visited[rows].all()
    assert seen == pytest.approx(3.0 * rows.size)
    trust = float(model.trust.mean(3)[0])
    logit = -1.0 + 1.5 * trust + 1.2 * model.scenario.desks.knowledge_authority
    settled = int(model.incidents.book.ended[rows].sum())
    # Knowledge grows a little with what is handled.
    low, high = (1.0 / (1.0 + np.exp(-(logit + more))) for more in (-0.01, 1.0))
    assert low * rows.size - 4 * np.sqrt(rows.size) / 2 < settled < high * rows.size


def test_a_settled_cause_is_told_to_who_waits_there(town: District) -> None:
    model = live(
        {
            **EARLY,
            **CERTAIN,
            "frontline.sight": 10.0,
            "frontline.grid_workers": 100.0,
            "desks.handoffs_simple": 2,
            "desks.hours_community": 200.0,
        },
        town,
    )
    rows = causes(model, 1)
    week(model)
    assert model.incidents.book.visited[rows].all()
    waits = file(model, np.flatnonzero(model.residents.estate == 3)[:2], rows[3])
    for _ in range(4):
        week(model)
    book = model.disputes.book
    assert model.incidents.book.ended[rows[3]]
    assert book.told[waits[0]] and (book.end[waits] == SETTLED).all()


def with_branches(town: District, changes: dict[str, object]) -> GovernanceModel:
    model = live(
        {
            **ONE_DESK,
            "coverage.strategy": "full",
            "coverage.start_week": 0,
            "district.members_rate": 0.02,
            "branches.hours_per_member": 10.0,
            "branches.reporting_hours": 0.0,
            **changes,
        },
        town,
    )
    model.coverage.assign()
    model.authorities.staff()
    model.branches.staff()
    return model


def test_a_branch_speaks_with_its_own_standing_and_knowledge(town: District) -> None:
    """At the firm's table the larger of the two counts, for the declared hours of the branch and no longer."""
    shares = []
    for speaks in (False, True):
        model = with_branches(
            town,
            {
                "frontline.speaks": speaks,
                "frontline.speaking_hours": 0.1,
                "trust.spread": 0.0,
                "desks.settle_constant": -1.5,
                "desks.settle_severity": 0.0,
                "desks.settle_interest": 0.0,
                "desks.bundling": False,
            },
        )
        model.desks.knowledge[model.desks.block("firm")] = 0.1
        model.desks.knowledge[model.desks.block("branch")] = 0.9
        model.desks.hours[model.desks.block("firm")] = 1e5
        covered = np.flatnonzero(model.branches.standing()[model.residents.estate])
        now = covered[: covered.size // 2]
        rows = file(model, now, -1, channel=TO_FIRM, category=SERVICE)
        before = model.desks.spent[model.desks.block("branch")].sum()
        model.disputes.handle()
        spent = model.desks.spent[model.desks.block("branch")].sum() - before
        settled = (model.disputes.book.end[rows] == SETTLED).mean()
        shares.append((settled, spent, rows.size))
    trust = 0.5
    alone = 1.0 / (1.0 + np.exp(-(-1.5 + 1.5 * trust + 1.2 * 0.1)))
    beside = 1.0 / (1.0 + np.exp(-(-1.5 + 1.5 * trust + 1.2 * 0.9)))
    (first, no_hours, count), (second, hours, _) = shares
    assert no_hours == 0.0 and 0.0 < hours <= model.branches.mediating.sum() + 1e-9
    accompanied = hours / 0.1 / count
    assert first == pytest.approx(alone, abs=4 * 0.5 / np.sqrt(count))
    assert second == pytest.approx(alone + accompanied * (beside - alone), abs=4 * 0.5 / np.sqrt(count))


@pytest.mark.parametrize("coordinates", [False, True])
def test_a_branch_informs_who_waits_elsewhere(town: District, coordinates: bool) -> None:
    model = with_branches(town, {**CERTAIN, "frontline.coordinates": coordinates, "desks.handoffs_simple": 0})
    estate = int(np.flatnonzero(model.branches.standing())[0])
    rows = causes(model, 1)
    people = np.flatnonzero(model.residents.estate == estate)
    at_community = file(model, people[:1], rows[estate])
    other = file(model, people[1:2], rows[estate], channel=TO_FIRM, category=SERVICE)
    model.disputes.handle()
    book = model.disputes.book
    assert (book.end[at_community] == SETTLED).all()
    assert bool(book.told[other].all()) is coordinates
