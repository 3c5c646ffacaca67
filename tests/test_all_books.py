"""All the books with everything on: every week, people, hours, money, cases, reports and needs add up.

`tests.support.auditor` does the sums; here are the worlds in which it does them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim import District, GovernanceModel, Scenario
from sim.core.codes import FAILED, OPEN, SETTLED, WITHDRAWN
from sim.core.costs import BEARERS
from tests.support.auditor import LEVELS, Auditor

WEEKS, WARMUP = 60, 10
BUSY: Final = {
    "run.weeks": WEEKS,
    "run.warmup": WARMUP,
    "district.members_rate": 0.01,
    "emergency.start_week": 16,
    "emergency.seeds": 20,
    "coverage.strategy": "full",
    "incidents.rate_noise": 1.0,
    "incidents.rate_service": 0.1,
    "empowerment.veto": 0.5,
    "supervision.hours_estate": 0.3,
    "deliberation.interval": 2,
    "branches.reach": 0.5,
    "voice.base_platform": 0.5,
    "collective.petition_persons": 2,
    "residents.moving_tenants": 0.02,
}


@cache
def ground(estates: int) -> District:
    return District.synthetic(estates, seed=2)


def audited(changes: dict[str, Any], estates: int, seed: int) -> GovernanceModel:
    """Live a run with everything on, under the eyes of an auditor."""
    scenario = Scenario().replace({**BUSY, "district.estates": estates, **changes}).with_everything_on()
    model = GovernanceModel(scenario, ground(estates), rng=seed)
    auditor = Auditor(model)
    filed = np.zeros(4, dtype=np.int64)
    thousand = model.district.households.sum() / 1000.0
    for _ in range(WEEKS):
        model.step()
        auditor.check_record()
        row = model.outcomes.iloc[-1]
        filed += np.rint([row[name] * thousand for name in ("filed", "settled", "failed", "withdrawn")]).astype(int)
    book = model.disputes.book
    ends = np.bincount(book.end[: book.size], minlength=4)
    assert ends.sum() == book.size == filed[0]
    assert ends[OPEN] == model.disputes.open.size
    assert [ends[SETTLED], ends[FAILED], ends[WITHDRAWN]] == filed[1:].tolist()
    return model


def test_with_everything_on_all_books_balance_and_everything_happens() -> None:
    """The plain scenario; the second half says that the books are not balanced by being empty."""
    table = audited({}, 14, 3).outcomes
    for name in (
        "filed",
        "settled",
        "failed",
        "withdrawn",
        "broken",
        "premature",
        "escalated",
        "reporting_hours",
        "mediation_hours",
        "routine_hours",
        "rights_hours",
        "projects_yuan",
        "inspections",
        "fines_yuan",
        "courier_reports",
        "reports_handled",
        "rider_services_yuan",
        "enterprise_exits",
        "enterprise_hours",
        "needs_met",
        "needs_unmet",
        "platform_sessions",
        "platform_cases",
        "seat_hours",
        "captain_hours",
        "social_hours",
        "volunteer_hours",
        "infected",
        "emergency_share",
        "emergency_hours",
        "guard_hours",
        *(f"hours_{bearer}" for bearer in BEARERS if bearer != "purse"),
        "yuan_firms",
        "yuan_purse",
        "meeting_help_hours",
    ):
        assert (table[name] != 0.0).any(), f"{name} never happened, so nothing was audited"


ANY: Final = given(
    estates=st.integers(2, 14),
    seed=st.integers(0, 50),
    strategy=st.sampled_from(["full", "own", "dispatched", "joint", "phased", "shuffled:full", "largest"]),
    event=st.sampled_from(["epidemic", "pulse"]),
    targeting=st.sampled_from(["random", "complaints", "two_group"]),
    changes=st.fixed_dictionaries(
        {},
        optional={
            "branches.secretary_hours": st.floats(0.0, 6.0),
            "branches.targets": st.integers(0, 20),
            "branches.fatigue_most": st.floats(0.0, 0.6),
            "coverage.second": st.sampled_from(["joint", "dispatched"]),
            "desks.hours_community": st.floats(0.0, 40.0),
            "desks.hours_district": st.floats(0.0, 10.0),
            "desks.handoffs_simple": st.integers(0, 3),
            "desks.handoff_loss": st.floats(0.0, 0.3),
            "supervision.targets": st.integers(0, 20),
            "supervision.burden_per_target": st.floats(0.0, 2.0),
            "supervision.unworked": st.floats(0.0, 1.0),
            "deliberation.overlap": st.integers(0, 3),
            "deliberation.seat_hours": st.floats(0.0, 20.0),
            "deliberation.body_hours": st.floats(0.0, 20.0),
            "deliberation.captain_fatigue": st.floats(0.0, 1.0),
            "deliberation.captain_calling": st.floats(0.0, 1.0),
            "emergency.moved": st.floats(0.0, 1.0),
            "emergency.level": st.sampled_from(["community", "district"]),
            "emergency.surge": st.floats(0.0, 0.2),
            "emergency.on_above": st.floats(0.0, 2.0),
            "empowerment.evaluation_hours": st.floats(0.0, 4.0),
            "empowerment.project_hours": st.floats(0.0, 4.0),
            "couriers.reports": st.floats(0.0, 5.0),
            "couriers.report_hours": st.floats(0.01, 4.0),
            "couriers.report_cap": st.floats(0.0, 1.0),
            "enterprises.need_rate": st.floats(0.0, 1.0),
            "enterprises.exit_rate": st.floats(0.0001, 0.05),
            "enterprises.service_hours": st.floats(0.0, 2000.0),
            "services.volunteer_share": st.floats(0.0, 1.0),
            "services.volunteer_demand": st.floats(0.0, 50.0),
            "collective.petition_hours": st.floats(0.0, 200.0),
            "coverage.start_week": st.integers(0, 30),
        },
    ),
)
"""Any scenario that moves hours about."""


@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@ANY
# Found here: what was left of a branch's week, less its parts, was a little less than nothing.
@example(
    estates=4,
    seed=45,
    strategy="full",
    event="pulse",
    targeting="complaints",
    changes={
        "collective.petition_hours": 28.02749132873706,
        "deliberation.seat_hours": 11.100071002967738,
        "empowerment.project_hours": 4.0,
        "coverage.second": "dispatched",
        "emergency.moved": 0.24054636781699396,
        "emergency.surge": 0.0,
        "supervision.burden_per_target": 0.06019978207618372,
        "empowerment.evaluation_hours": 2.2722674169945987,
        "desks.handoffs_simple": 2,
    },
)
# Found here: office hours that reporting on targets takes were lost, and booked on nobody.
@example(estates=2, seed=0, strategy="full", event="epidemic", targeting="random", changes={})
# More to report on than an office has hours.
@example(
    estates=6,
    seed=1,
    strategy="own",
    event="epidemic",
    targeting="random",
    changes={"supervision.targets": 20, "supervision.burden_per_target": 2.0},
)
def test_all_books_balance_under_any_scenario(
    estates: int, seed: int, strategy: str, event: str, targeting: str, changes: dict[str, Any]
) -> None:
    given_ = {"coverage.strategy": strategy, "emergency.event": event, "supervision.targeting": targeting}
    audited({**given_, **changes}, estates, seed)


@pytest.mark.slow
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@ANY
def test_all_books_balance_under_many_scenarios(
    estates: int, seed: int, strategy: str, event: str, targeting: str, changes: dict[str, Any]
) -> None:
    given_ = {"coverage.strategy": strategy, "emergency.event": event, "supervision.targeting": targeting}
    audited({**given_, **changes}, estates, seed)


@pytest.mark.parametrize("hours", [0.0, 1.0])
def test_books_balance_where_the_desks_have_next_to_nothing(hours: float) -> None:
    """Everybody takes, and there is nothing to take."""
    poor = {f"desks.hours_{level}": hours for level in LEVELS}
    audited({**poor, "firms.hours_per_500": hours, "committees.hours": hours}, 8, 4)


def test_the_auditor_sees_hours_that_come_from_nowhere() -> None:
    """The audit can fail: half an hour that nobody gave is found."""
    scenario = Scenario().replace({**BUSY, "district.estates": 8}).with_everything_on()
    model = GovernanceModel(scenario, ground(8), rng=1)
    auditor = Auditor(model)

    def conjure() -> None:
        model.desks.hours[model.desks.block("community")] += 0.5

    model.agenda.add("conjure", conjure, doc="hours from nowhere", after="services.act")
    with pytest.raises(AssertionError, match="hours at the community desks"):
        model.step()
    assert auditor.week.took.size == model.desks.size
