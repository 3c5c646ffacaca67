"""Every switch: off is as if the mechanism had never been written, and a policy that is off has no parameters.

Everything here is compared to the bit: a switched-off mechanism with a model whose week lacks the mechanism's lines, a
part that is off with the part at nothing, and a policy's parameters with its switch off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pytest

from experiments.core.design.design import POLICY, SWITCHES
from sim import GovernanceModel, Scenario
from sim.core.codes import FACILITY, FEES, SERVICE
from tests.support.small_runs import differing, full, ground, plain, run

# Switched off is left out -------------------------------------------------------------------------


@dataclass(frozen=True)
class Mechanism:
    """What a mechanism is made of.

    Attributes
    ----------
    lines
        Its lines of the week.
    calls
        What other components call, as ``component.method``: these do nothing in the model without it.
    without
        Parameters of both models, where the switch means more than that lines are left out, or where the mechanism
        would have nothing to do in these weeks.
    instead
        Makes what stands in its place, where a world cannot do without (a firm's office).
    but
        Columns in which the two may differ: what it measures of itself.
    """

    lines: tuple[str, ...]
    calls: tuple[str, ...] = ()
    without: Mapping[str, Any] = field(default_factory=dict)
    instead: Callable[[GovernanceModel], None] | None = None
    but: tuple[str, ...] = ()


def average_firms(model: GovernanceModel) -> None:
    """Firms off: conditions are average for ever, and offices have the hours that all fees pay."""
    contracts, p = model.contracts, model.scenario.firms

    def serve() -> None:
        hours = p.hours_per_500 * model.district.households / 500.0 * contracts.present
        reporting = np.minimum(contracts.burden, hours)
        model.desks.hours[model.desks.block("firm")] = hours - reporting
        model.costs.book("firms", "reporting", hours=float(reporting.sum()))
        model.incidents.conditions[[SERVICE, FACILITY, FEES]] = 1.0

    model.agenda.replace("firms.serve", serve)
    contracts.__dict__["replace"] = lambda estates: np.zeros(estates.size, dtype=np.bool_)


def everybody_tolerates(model: GovernanceModel) -> None:
    """Voice off: nobody chooses, everybody bears it."""

    def tolerate() -> None:
        now = model.grievances.now
        model.tally.count("tolerated", now.estate)
        model.grievances.relieve(now.person, model.scenario.grievances.relief_tolerating)

    model.agenda.replace("residents.voice", tolerate)


ALONE: Final = {
    # Services of branches alone: hours that others would give are theirs to keep when there is no service to join.
    "services.volunteers": False,
    "deliberation.enabled": False,
    "couriers.reporting": False,
    "enterprises.social": False,
    "emergency.enabled": False,
    "coverage.strategy": "own",
    "empowerment.awards": False,
}

MECHANISMS: Final = {
    "residents.enabled": Mechanism(("residents.move",)),
    "incidents.enabled": Mechanism(("incidents.begin",)),
    "grievances.enabled": Mechanism(("residents.suffer",)),
    "voice.enabled": Mechanism((), instead=everybody_tolerates),
    "collective.enabled": Mechanism(("collective.stir", "collective.act"), without={"incidents.shock_rate": 0.3}),
    "trust.enabled": Mechanism(("trust.pass_week",), ("trust.learn", "trust.feel_heard"), {"trust.drift": 0.0}),
    "satisfaction.enabled": Mechanism(("satisfaction.follow",), ("satisfaction.disturb", "satisfaction.wait")),
    "desks.enabled": Mechanism(("disputes.meet", "disputes.handle", "frontline.mediate", "desks.keep")),
    "frontline.early": Mechanism(("frontline.mediate",)),
    "firms.enabled": Mechanism(("firms.bargain",), without={"firms.fee_share": 1.0}, instead=average_firms),
    "committees.enabled": Mechanism(("committees.meet",)),
    "branches.enabled": Mechanism(("coverage.assign",)),
    "coverage.enabled": Mechanism(("coverage.assign",)),
    "services.enabled": Mechanism(("services.act",), without=ALONE, but=("hours", "routine_hours", "hours_members")),
    "services.volunteers": Mechanism(("volunteers.offer", "volunteers.serve", "volunteers.tire")),
    "emergency.enabled": Mechanism(("emergency.alert", "emergency.serve")),
    "empowerment.enabled": Mechanism(
        ("empowerment.claim", "empowerment.exercise", "empowerment.account", "empowerment.judge")
    ),
    "supervision.enabled": Mechanism(("supervision.command", "supervision.inspect", "supervision.announce")),
    "deliberation.enabled": Mechanism(
        (
            "deliberation.convene",
            "deliberation.gather",
            "cross_appointment.sit",
            "cross_appointment.attend",
            "captains.work",
            "social_organisations.open",
        )
    ),
    "meetings.enabled": Mechanism(("meeting_help.ask", "meeting_help.give")),
    "deliberation.captains": Mechanism(
        ("captains.work",), without={"deliberation.captain_calling": 0.0}, but=("captains",)
    ),
    "couriers.enabled": Mechanism(("couriers.ride", "couriers.report")),
    "couriers.reporting": Mechanism(("couriers.report",)),
    "enterprises.enabled": Mechanism(("enterprises.organise", "enterprises.give", "enterprises.live")),
    "enterprises.political": Mechanism(
        ("enterprises.organise",),
        without={"enterprises.branch_hours": 0.0, "enterprises.academy_hours": 0.0, "enterprises.listed_reach": 0.0},
    ),
}
"""Every switch with lines of its own in the week."""

FINES_FRIGHTEN_NOBODY: Final = {"desks.settle_authority": 0.0}
"""A tier that may fine has authority at its desk, with or without hours for inspections."""

PARTS: Final = {
    "grievances.talk": {"grievances.contacts_conflict": 0.0, "grievances.contacts_open": 0.0},
    "couriers.services": {f"couriers.rate_{kind}": 0.0 for kind in ("medical", "food", "housing", "travel")},
    "couriers.medical": {"couriers.rate_medical": 0.0, "couriers.yuan_medical": 0.0},
    "couriers.food": {"couriers.rate_food": 0.0, "couriers.yuan_food": 0.0},
    "couriers.housing": {"couriers.rate_housing": 0.0, "couriers.yuan_housing": 0.0},
    "couriers.travel": {"couriers.rate_travel": 0.0, "couriers.yuan_travel": 0.0},
    "couriers.cleanups": {"couriers.cleanup_hours": 0.0},
    "enterprises.economic": {"enterprises.service_hours": 0.0},
    "enterprises.social": {"enterprises.giving_share": 0.0},
    "empowerment.training": {"empowerment.training_hours": 0.0},
    "empowerment.accountability": {"empowerment.unserved_limit": 1.0},
    "supervision.district": {"supervision.hours_district": 0.0, **FINES_FRIGHTEN_NOBODY},
    "supervision.street": {"supervision.hours_street": 0.0, **FINES_FRIGHTEN_NOBODY},
    "supervision.community": {"supervision.hours_community": 0.0, **FINES_FRIGHTEN_NOBODY},
    "supervision.estate": {"supervision.hours_estate": 0.0},
    "supervision.housing": {
        **{f"supervision.hours_{tier}": 0.0 for tier in ("district", "street", "community", "estate")},
        **FINES_FRIGHTEN_NOBODY,
    },
    "supervision.organisation": {"supervision.rank_pressure": 0.0, "supervision.targets": 0},
    "supervision.civil_affairs": {"supervision.guidance_hours": 0.0},
    "deliberation.social_organisations": {"deliberation.mediator_hours": 0.0, "deliberation.professional_hours": 0.0},
    "meetings.branch": {"meetings.hours_branch": 0.0},
    "meetings.community": {"meetings.hours_community": 0.0},
    "committees.crowding": {"committees.crowding_out": 0.0},
    "committees.mobilisation": {"committees.mobilising": 0.0},
    "services.volunteer_mobilisation": {"services.volunteer_calling": 0.0},
    "branches.repute": {"branches.repute_trust": 0.0},
    "branches.in_service": {"branches.reach": 0.0},
    "branches.station": {
        "branches.station_access": 0.0,
        "branches.station_hours": 0.0,
        "branches.station_languages": 0.0,
    },
}
"""Switches of a part of a mechanism: off is the same as that part at nothing."""

FOUNDED: Final = {"committees.founding": 0.05, "committees.quorum": 0.5, "branches.reporting_hours": 0.0}
BUSY: Final = {
    "committees.crowding": FOUNDED,
    "committees.mobilisation": FOUNDED,
    "empowerment.accountability": {"empowerment.least_cases": 1},
}
"""What lets a part do anything at all in these weeks."""

WITHOUT: Final = {
    "private.enabled": "nobody settles with the other side: tests of M3",
    "private.by_effort": "causes end whatever the effort: tests of M3",
    "desks.bundling": "every case is a matter of its own: tests of M4",
    "desks.living_first": "what is over is handled as what goes on: tests of M4",
    "frontline.coordinates": "who waits elsewhere is not told: tests of M4",
    "frontline.speaks": "the firm's table is the firm's: tests of M4",
    "incidents.settlement_ends": "settlement leaves its incident alone: tests of M1",
    "incidents.broken_resumes": "what was ended stays so, whatever breaks: tests of M2",
    "collective.ends_shocks": "a petition leaves its shock alone: tests of M8",
    "branches.mediation": "hours of mediation go nowhere: tests of M9",
    "branches.attraction": "a branch that is no channel: tests of M9",
    "emergency.distrust": "unmet need teaches nothing: tests of M15",
    "emergency.switching": "its zero is a threshold that is never reached, below",
    "empowerment.evaluation": "each right alone: table 2",
    "empowerment.micro_projects": "each right alone: table 2",
    "empowerment.awards": "each right alone: table 2",
    "deliberation.platform": "its zero has no parameter: table 2",
    "outcomes.record_estates": "what is recorded: tests of the model",
}
"""Switches that are neither, and where they are tested."""


def leave_out(mechanism: Mechanism) -> Callable[[GovernanceModel], None]:
    def prepare(model: GovernanceModel) -> None:
        for line in mechanism.lines:
            model.agenda.remove(line)
        for call in mechanism.calls:
            component, _, method = call.partition(".")
            getattr(model, component).__dict__[method] = lambda *_, **__: None
        if mechanism.instead is not None:
            mechanism.instead(model)

    return prepare


def test_every_switch_is_looked_at() -> None:
    switches = {row["name"] for row in Scenario().parameters() if row["unit"] == "switch"}
    covered = [*MECHANISMS, *PARTS, *WITHOUT]
    assert switches == set(covered) and len(covered) == len(set(covered))


def test_every_line_of_the_week_belongs_to_a_switch_or_to_the_ground() -> None:
    """Lines that no switch takes out: desks open, cases are told, branches staff, records are kept."""
    always = {
        "branches.open",
        "authorities.staff",
        "branches.staff",
        "branches.tire",
        "hazards.build",
        "firms.serve",
        "committees.work",
        "residents.voice",
        "disputes.lose_patience",
        "disputes.reflect",
        "voice.perceive",
        "desks.learn",
        "record",
        "private.conclude",
        "matters.look_back",
    }
    lines = set(GovernanceModel(plain(), ground(), rng=1).agenda.names)
    assert lines - always == {line for mechanism in MECHANISMS.values() for line in mechanism.lines}


@pytest.mark.parametrize("switch", MECHANISMS)
def test_off_is_the_week_without_its_lines(switch: str) -> None:
    mechanism = MECHANISMS[switch]
    off = run(full({**mechanism.without, switch: False}))
    out = run(full(mechanism.without), prepare=leave_out(mechanism))
    assert not differing(off, out, mechanism.but)


@pytest.mark.parametrize("switch", MECHANISMS)
def test_on_is_not_the_same_as_off(switch: str) -> None:
    """Or the comparison above would say nothing: in its own world, and besides what a mechanism measures of itself."""
    mechanism = MECHANISMS[switch]
    off, on = run(full({**mechanism.without, switch: False})), run(full(mechanism.without))
    moved = differing(off, on, mechanism.but)
    assert {"conflicts", "filed", "satisfaction"} & set(moved), moved


def around(switch: str) -> tuple[Scenario, dict[str, Any]]:
    """Return the world in which a part is tried, and the part's own parameters with which it comes to nothing."""
    own = {name: value for name, value in PARTS[switch].items() if name.split(".")[0] == switch.split(".")[0]}
    others = {name: value for name, value in PARTS[switch].items() if name not in own}
    return full({**BUSY.get(switch, {}), **others}), own


@pytest.mark.parametrize("switch", PARTS)
def test_a_part_that_is_off_is_a_part_at_nothing(switch: str) -> None:
    world, own = around(switch)
    off = run(world.replace({switch: False}))
    assert not differing(run(world.replace(own)), off), "on, at nothing"
    assert not differing(run(world.replace({**own, switch: False})), off), "off, at anything"


@pytest.mark.parametrize("switch", PARTS)
def test_a_part_that_is_on_is_not_the_same_as_off(switch: str) -> None:
    """Or the test above would say nothing."""
    world, _ = around(switch)
    assert differing(run(world.replace({switch: False})), run(world.replace({switch: True})))


def test_a_threshold_that_is_never_reached_is_no_switching() -> None:
    never = full({"emergency.on_above": 1000.0})
    assert not differing(run(never), run(full({"emergency.switching": False})))


# A policy that is off has no parameters -----------------------------------------------------------

OFF: Final = {
    "empowerment": (("empowerment.enabled",), "empowerment."),
    "supervision": (("supervision.enabled",), "supervision."),
    "deliberation": (("deliberation.enabled",), "deliberation."),
    "emergency": (("emergency.enabled",), "emergency."),
    "switching": (
        ("emergency.switching",),
        (
            "emergency.level",
            "emergency.on_above",
            "emergency.off_below",
            "emergency.moved",
            "emergency.calls",
            "emergency.surge",
            "emergency.volunteer_hours",
            "emergency.fatigue",
        ),
    ),
    "volunteers": (("services.volunteers",), "services.volunteer_"),
    "help with meetings": (("meetings.enabled",), "meetings."),
    "calls for volunteers": (("services.volunteer_mobilisation",), "services.volunteer_calling"),
    "standing of secretaries": (("branches.repute",), "branches.repute_"),
    "branches": (("coverage.enabled",), ("branches.", "coverage.")),
    "stations": (("branches.station",), "branches.station_"),
    "courier services": (
        ("couriers.services",),
        (
            "couriers.rate_",
            "couriers.yuan_",
            "couriers.medical",
            "couriers.food",
            "couriers.housing",
            "couriers.travel",
            "couriers.services_act",
            "couriers.loyalty",
            "couriers.food_calms",
            "couriers.injuries",
            "couriers.housing_stays",
        ),
    ),
    "courier reports": (
        ("couriers.reporting",),
        (
            "couriers.report",
            "couriers.false_share",
            "couriers.duplicate_share",
            "couriers.hazards_per_500",
            "couriers.writing_hours",
            "couriers.cleanup",
            "couriers.motivated",
        ),
    ),
    "enterprises, political": (
        ("enterprises.political",),
        (
            "enterprises.new_branches",
            "enterprises.founding",
            "enterprises.branch_hours",
            "enterprises.members_needed",
            "enterprises.grouping",
            "enterprises.listed_reach",
            "enterprises.academy_",
        ),
    ),
    "enterprises, economic": (
        ("enterprises.economic",),
        ("enterprises.service_", "enterprises.work_", "enterprises.met_lowers"),
    ),
    "enterprises, social": (
        ("enterprises.social",),
        ("enterprises.giving_share", "enterprises.hours_per_member", "enterprises.by_need"),
    ),
}
"""Switches of a policy, and how the names of its parameters begin."""


def elsewhere(policy: str) -> dict[str, Any]:
    """Every parameter of a policy at the farther end of its plausible range, its own switches left alone."""
    switches, starts = OFF[policy]
    changes: dict[str, Any] = {}
    for row in Scenario().parameters():
        name, value = row["name"], row["default"]
        if not name.startswith(starts) or name in switches or name in ("coverage.start_week", "couriers.reports"):
            continue
        if row["unit"] == "switch":
            changes[name] = not value
        elif row["choices"]:
            changes[name] = next(choice for choice in row["choices"] if choice != value)
        elif isinstance(value, int | float):
            low, high = row["sweep_low"], row["sweep_high"]
            changes[name] = high if high - value >= value - low else low
    if policy == "emergency":
        changes["emergency.start_week"] = 12
    if policy == "branches":
        changes |= {"coverage.strategy": "dispatched"}
    return changes


@pytest.mark.parametrize("world", [plain, full])
@pytest.mark.parametrize("policy", OFF)
def test_a_policy_that_is_off_has_no_parameters(policy: str, world: Callable[[Mapping[str, Any]], Scenario]) -> None:
    """To the bit, among other policies too; on failure, the parameters that have an effect are named."""
    off = dict.fromkeys(OFF[policy][0], False)
    changes = elsewhere(policy)
    assert len(changes) >= 2
    usual = run(world(off))
    if not differing(run(world({**off, **changes})), usual):
        return
    one_by_one = {}
    for name, value in changes.items():
        moved = differing(run(world({**off, name: value})), usual)
        if moved:
            one_by_one[name] = moved[:3]
    pytest.fail(f"{policy} is off, and yet these have an effect: {one_by_one or 'only together'}")


@pytest.mark.parametrize("policy", OFF)
def test_a_policy_that_is_on_has_parameters(policy: str) -> None:
    """Or the test above would say nothing: what has no effect with the policy off has one with the policy on."""
    on = dict.fromkeys(OFF[policy][0], True)
    assert differing(run(full({**on, **elsewhere(policy)})), run(full(on)))


def test_policies_are_off_by_default() -> None:
    assert not any(
        name in switches and value
        for name, value in Scenario().values().items()
        for switches, _ in OFF.values()
        if name not in ("coverage.enabled", "branches.repute")
    )
    assert Scenario().coverage.strategy == "none"


def test_the_laboratory_knows_every_policy() -> None:
    """What is a policy here is one there, so that arms share a past only where they may."""
    sections = {switch for switches, _ in OFF.values() for switch in switches}
    for switch in sections - {"emergency.enabled"}:
        assert switch.split(".")[0] in POLICY or switch in SWITCHES, switch
