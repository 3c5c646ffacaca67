"""Rule 1 and table 2: a lever touches what the table says, and nothing else.

Each lever is switched on alone.  Around every line that the lever adds to the week, or in which it acts, all arrays of
all components are compared before and after; what was written must be on the lever's list.  The lists say in the
table's words why.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

import numpy as np
import pytest

from sim import District, GovernanceModel, Scenario
from tests.support.levers import BRANCHES_HELP, FULL, Lever
from tests.support.state_pieces import changed, pieces, watch

WEEKS, WARMUP = 50, 8
BUSY: Final = {
    "run.weeks": WEEKS,
    "run.warmup": WARMUP,
    "district.estates": 12,
    "district.members_rate": 0.01,
    "coverage.strategy": "none",
    "incidents.rate_noise": 1.0,
    "incidents.rate_service": 0.1,
    "branches.repute": False,
}


@cache
def ground() -> District:
    return District.synthetic(12, seed=2)


# Table 2 ------------------------------------------------------------------------------------------

OUTCOMES: Final = (
    "residents.*",
    "grievances.*",
    "tally.*",
    "satisfaction.*",
    "trust.*",
    "disputes.*",
    "collective.*",
    "matters.*",
    "private.*",
    "frontline.*",
    "desks.bank.*",
    "incidents.book*",
    "incidents.active",
    "voice.experience",
    "voice.success",
    "voice.wait",
    "desks.spent.*",
    "desks.handled.*",
    "record.*",
    "hazards.charging",
    "incidents.conditions.service",
    "incidents.conditions.parking",
    "incidents.conditions.noise",
    "incidents.conditions.facility",
    "incidents.conditions.charging",
    "incidents.conditions.committee",
    "contracts.deferred",
    "committees.present",
    "committees.attendance",
    "committees.integrity",
    "committees.skill",
    "enterprises.strain",
)
"""What people feel, do and suffer, how cases end, and the conditions that make incidents: no lever writes to these.

A lever that changes them does so through capacities, signals, costs, rules or payoffs, in the lines of others."""

TAKES_HOURS: Final = ("desks.hours.*", "authorities.taken", "costs")
"""Rule 5: hours that anybody takes leave a desk, and are booked."""

REPLACED: Final = (
    "contracts.firm",
    "contracts.since",
    "contracts.replaced",
    "contracts.news",
    "contracts.fee_share",
    "contracts.belief",
    "contracts.visible",
    "contracts.invisible",
    "firms.news",
    "firms.lost",
    "trust.estate_mean",
)
"""What changes where one firm makes place for another: a new firm, its beliefs and effort, and no opinion of it yet.

Trust is not learnt here: what was thought of the old firm says nothing about the new one.  `Contracts.replace` is the
only way, the same as for a vote of the owners."""


RIGHTS: Final = ("empowerment.claim", "empowerment.exercise", "empowerment.account", "empowerment.judge")
NO_RIGHTS: Final = {
    f"empowerment.{right}": False for right in ("evaluation", "micro_projects", "awards", "training", "accountability")
}
HELD: Final = ("branches.asked_rights", "branches.extra_targets")
"""A right asks for branch hours, and brings regulations to report on: M9 hours, in every row of the table on rights."""
EVENT: Final = {
    "emergency.enabled": True,
    "emergency.start_week": 10,
    "emergency.seeds": 30,
    "emergency.distrust": False,
}

LEVERS: Final = {
    # "M9 (kind, hours, knowledge, reporting load); through M3 the choice of channel"
    "coverage strategy": Lever(
        on=FULL,
        lines=("coverage.assign", "branches.staff", "branches.tire"),
        own=("branches.*", "coverage.*"),
        touches=(
            "desks.skill.branch",
            "desks.knowledge.branch",
            "desks.serves.branch",
            # Members' hours for cases; dispatched secretaries' leave the community's desk.
            "desks.hours.branch",
            "desks.hours.community",
        ),
        surely=(
            "branches.kind",
            "branches.home",
            "branches.in_service",
            "branches.access",
            "desks.knowledge.branch",
            "desks.hours.branch",
            "desks.hours.community",
            "branches.reporting",
            "branches.fatigue",
        ),
        needs={"coverage.second": "dispatched"},
    ),
    # "M6 replacement hazard and its visible share, M7 candidate veto, M9 hours"
    "right to evaluate and select": Lever(
        on={"empowerment.enabled": True, "empowerment.evaluation": True},
        lines=RIGHTS,
        needs={**FULL, **NO_RIGHTS, "empowerment.weight": 1.0, "empowerment.limit": 3.0, "empowerment.veto": 0.5},
        own=("empowerment.*", "evaluation.*"),
        touches=(
            *HELD,
            "contracts.branch_weight",
            "contracts.branch_visible",
            *REPLACED,
            "committees.vetting",
            "committees.vetting_cost",
            "committees.autonomy_cost",
            # M10: "makes the branch a target of capture"; more authority draws more cases (rule 1).
            "branches.conflicted",
            "desks.authority.branch",
        ),
        surely=(
            "branches.asked_rights",
            "contracts.branch_weight",
            "contracts.branch_visible",
            "contracts.firm",
            "committees.vetting",
            "committees.vetting_cost",
            "committees.autonomy_cost",
            "desks.authority.branch",
        ),
        except_for=("trust.estate_mean",),
    ),
    # "M1 repairs, M9 hours, fee-and-finance disputes"
    "right to lead micro-projects": Lever(
        on={"empowerment.enabled": True, "empowerment.micro_projects": True},
        lines=RIGHTS,
        needs={**FULL, **NO_RIGHTS},
        own=("empowerment.*", "micro_projects.*"),
        touches=(*HELD, "contracts.repairs", "incidents.conditions.fees*", "costs"),
        surely=("branches.asked_rights", "contracts.repairs", "incidents.conditions.fees", "costs"),
    ),
    # "M9 activity (extrinsic up, intrinsic down)"
    "right to recommend for awards": Lever(
        on={"empowerment.enabled": True, "empowerment.awards": True},
        lines=RIGHTS,
        needs={**FULL, **NO_RIGHTS},
        own=("empowerment.*", "awards.*"),
        touches=(*HELD, "branches.activity"),
        surely=("branches.asked_rights", "branches.activity"),
    ),
    # M9: "training raises it" (the secretary's capability), and the branch is itself accountable.
    "training and accountability of branches": Lever(
        on={
            "empowerment.enabled": True,
            "empowerment.awards": True,
            "empowerment.training": True,
            "empowerment.accountability": True,
        },
        lines=RIGHTS,
        needs={**FULL, **NO_RIGHTS, "empowerment.unserved_limit": 0.0, "empowerment.least_cases": 1},
        own=("empowerment.*", "awards.*"),
        touches=(*HELD, "branches.activity", "desks.skill.branch"),
        surely=("desks.skill.branch", "empowerment.suspended"),
    ),
    # "M11 handoffs, agenda, independence, hours"
    "platform and cross-appointment": Lever(
        on={"deliberation.enabled": True},
        needs={**FULL, "deliberation.interval": 2, "voice.base_platform": 2.0},
        lines=(
            "deliberation.convene",
            "deliberation.gather",
            "cross_appointment.sit",
            "cross_appointment.attend",
            "captains.work",
            "social_organisations.open",
        ),
        own=("deliberation.*", "cross_appointment.*", "captains.*", "social_organisations.*"),
        touches=(
            # Handoffs: parties are met sooner, or sit together at a channel of its own; bodies share knowledge.
            "desks.meeting_bodies",
            "voice.access.platform",
            "desks.knowledge.firm",
            "desks.knowledge.committee",
            "desks.knowledge.branch",
            "desks.knowledge.platform",
            "desks.skill.platform",
            # Independence.
            "committees.watch",
            "committees.audit_factor",
            # Hours: of the bodies' own desks, and of branches; captains' go to inspection and calling.
            "branches.asked_platform",
            "desks.hours.firm",
            "desks.hours.committee",
            "desks.hours.platform",
            "services.hands",
            "committees.turnout_captains",
            "costs",
        ),
        surely=(
            "desks.meeting_bodies",
            "voice.access.platform",
            "desks.knowledge.firm",
            "committees.watch",
            "committees.audit_factor",
            "branches.asked_platform",
            "desks.hours.platform",
            "desks.hours.firm",
            "services.hands",
            "committees.turnout_captains",
            "costs",
        ),
    ),
    # "M6 fines and rewards, M14 targets, honesty, formalism"; civil affairs: what committees' owners do not see (M7).
    "supervision with rewards and penalties": Lever(
        on={"supervision.enabled": True},
        lines=("supervision.command", "supervision.inspect", "supervision.announce"),
        needs={
            **FULL,
            "supervision.targeting": "two_group",
            "supervision.hours_community": 6.0,
            "supervision.reward_weeks": 0.3,
            "supervision.guidance_hours": 6.0,
        },
        own=("supervision.*",),
        touches=(
            # Fines, and what firms expect of them; who may fine has authority (rule 1).
            "contracts.extra_fine",
            "contracts.extra_reward",
            "contracts.supervisor_weight",
            "contracts.supervisor_visible",
            "desks.authority.*",
            "committees.guidance",
            # Targets, to be reported on by branches and firms.
            "branches.extra_targets",
            "contracts.burden",
            # Honesty and formalism of handlers who are ranked.
            "desks.premature.*",
            "desks.unworked.*",
            "desks.formalism.*",
            # Inspectors' hours, of the four tiers.
            "branches.asked_supervision",
            *TAKES_HOURS,
        ),
        surely=(
            "contracts.extra_fine",
            "contracts.extra_reward",
            "committees.guidance",
            "contracts.supervisor_weight",
            "desks.authority.street",
            "branches.extra_targets",
            "contracts.burden",
            "desks.premature.firm",
            "desks.unworked.branch",
            "desks.formalism.community",
            "branches.asked_supervision",
            "desks.hours.street",
            "costs",
        ),
    ),
    # "M15 reallocation rule and delay, fatigue"
    "routine-emergency switching": Lever(
        on={"emergency.switching": True},
        lines=("emergency.alert", "emergency.serve"),
        needs={**FULL, **EVENT, "services.volunteers": True, "deliberation.enabled": True, "emergency.on_above": 0.05},
        own=("emergency.*",),
        touches=("branches.moved", "services.hands", "volunteers.left", "volunteers.to_emergency", *TAKES_HOURS),
        surely=(
            "branches.moved",
            "emergency.to_reach",
            "emergency.fatigue",
            "desks.hours.community",
            "volunteers.to_emergency",
            "services.hands",
            "costs",
        ),
    ),
    # "M13 lists, service hours, time cost"
    "two-new policy": Lever(
        on={"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True},
        lines=("enterprises.organise", "enterprises.give", "enterprises.live"),
        needs={"enterprises.exit_rate": 0.01, "enterprises.listed_reach": 0.3, "enterprises.academy_hours": 0.2},
        # The enterprises themselves live on with or without the policy: their rows are the mechanism's own.
        own=("enterprises.*", "enterprise_desk.*"),
        touches=("services.hands", "services.gained", "desks.hours.street", "authorities.taken", "costs"),
        surely=(
            "enterprises.trained",
            "services.gained",
            "enterprises.branch",
            "enterprises.given",
            "enterprises.help",
            "enterprise_desk.spent",
            "services.hands",
            "desks.hours.street",
            "costs",
        ),
        except_for=("enterprises.strain",),
    ),
    # "M12 adoption, reports, the queue they enter, money"
    "courier services and reporting": Lever(
        on={"couriers.services": True, "couriers.reporting": True},
        lines=("couriers.ride", "couriers.report"),
        own=("couriers.*",),
        needs={"couriers.report_cap": 0.01},
        touches=(
            # What careless riders bring: written in every world with riders, policy or not.
            "hazards.source",
            "hazards.lanes",
            # Reports: their queue is the community desk's, and what is worked off is removed.
            "desks.hours.community",
            "authorities.taken",
            "hazards._stays",
            "services.hands",
            "costs",
        ),
        surely=(
            "couriers.uses",
            "couriers.waiting",
            "hazards.source",
            "hazards._stays",
            "desks.hours.community",
            "services.hands",
            "costs",
        ),
    ),
    # Not in the table, which has volunteers under M15 and S9: routine services, each on its own condition.
    "volunteers": Lever(
        on={"services.volunteers": True},
        lines=("volunteers.offer", "volunteers.serve", "volunteers.tire"),
        needs=FULL,
        own=("volunteers.*",),
        touches=("services.hands", "costs"),
        surely=("volunteers.to_services", "volunteers.fatigue", "services.hands", "costs"),
    ),
    "routine services": Lever(
        on={"services.enabled": True},
        needs={**FULL, "services.enabled": False},
        lines=("branches.staff", "services.act"),
        own=("services.*", "branches.*"),
        # Each service on its own condition: maintenance found, hazards removed, lanes freed; with hours of branches.
        touches=(
            "contracts.inspection_rate",
            "hazards._stays",
            "hazards.guided",
            "desks.hours.branch",
            "desks.hours.community",
        ),
        surely=("contracts.inspection_rate", "hazards._stays", "hazards.guided"),
    ),
    **BRANCHES_HELP,
}


def refused(lever: Lever, written: set[str]) -> set[str]:
    """What was written and is not on the lever's list."""
    allowed = (*lever.own, *lever.touches)
    return {name for name in written if not any(fnmatchcase(name, pattern) for pattern in allowed)}


def acting(lever: Lever, prepare: Callable[[GovernanceModel], None] | None = None) -> dict[str, set[str]]:
    """Live with this lever alone, from the week before the policy on; return what each of its lines wrote."""
    model = GovernanceModel(Scenario().replace({**BUSY, **lever.needs, **lever.on}), ground(), rng=5)
    if prepare is not None:
        prepare(model)
    model.run(weeks=WARMUP - 1, progress=False)
    written = watch(model, lever.lines)
    model.run(progress=False)
    return written


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_touches_what_the_table_says_and_nothing_else(name: str) -> None:
    lever = LEVERS[name]
    written = acting(lever)
    for line, names in written.items():
        assert not refused(lever, names), f"{line} writes to what table 2 does not let {name} touch"
    all_of_it = set[str]().union(*written.values())
    missing = set(lever.surely) - all_of_it
    assert not missing, f"{name} did not act on {missing}, so nothing was tested"


@pytest.mark.parametrize("name", LEVERS)
def test_two_worlds_part_in_a_line_of_the_lever_and_on_its_list(name: str) -> None:
    """Beside the same world without the lever, line by line to the first in which the two are no longer alike."""
    lever = LEVERS[name]
    without, with_it = (
        GovernanceModel(Scenario().replace({**BUSY, **lever.needs, **on}), ground(), rng=5) for on in ({}, lever.on)
    )
    # What follows from the parameters alone differs before the first week: captains who could be called, for one.
    given = changed(pieces(without), pieces(with_it))
    assert not refused(lever, given)
    for model in (without, with_it):
        model.run(weeks=WARMUP, progress=False)
    assert changed(pieces(without), pieces(with_it)) <= given, "the lever acted before its first week"
    line, names = first_difference(without, with_it, given)
    assert line in lever.lines, f"the worlds part in {line}, which is no line of {name}"
    assert not refused(lever, names), f"{line} parts the worlds where table 2 does not let {name} touch anything"


def first_difference(one: GovernanceModel, two: GovernanceModel, given: set[str]) -> tuple[str, set[str]]:
    """Live on in two models at once, line by line, until they differ in more than what was given."""
    while one.week < WEEKS:
        for line, same_line in zip(one.agenda, two.agenda, strict=True):
            if line.every == 1 or one.week % line.every == line.phase:
                line.function()
                same_line.function()
                found = changed(pieces(one), pieces(two)) - given
                if found:
                    return line.name, found
        for each in (one, two):
            vars(each)["week"] += 1
    raise AssertionError("the lever never made a difference")


# The world's own parts ---------------------------------------------------------------------------

CHOICES: Final = ("disputes.*", "private.*", "residents.*", "tally.*")
"""What follows from a choice: a case, a talk, a grievance vented, and their counts."""

PARTS_OF_THE_WORLD: Final = {
    "nested voice": ({"voice.nest": 1.0}, "residents.voice", CHOICES),
    "a barrier for residents from abroad": ({"voice.foreign_barrier": 0.0}, "residents.voice", CHOICES),
    "talks that take weeks": ({"private.weeks": 0.0}, "residents.voice", ("private.book.due",)),
    "one neighbour of several": (
        {"private.neighbour_share": 1.0},
        "private.conclude",
        ("incidents.book.*", "incidents._*ed"),
    ),
    "causes that end by effort": (
        {"private.by_effort": False},
        "private.conclude",
        ("incidents.book.*", "incidents._*ed"),
    ),
    "talks that are come back to": (
        {"private.retry": 0.0},
        "private.conclude",
        ("private._due", "private._coming_back"),
    ),
    "bundling": (
        {"desks.bundling": False},
        "residents.voice",
        (
            *("disputes.book.work", "disputes.book.left", "disputes.book.lead"),
            *("disputes.attached", "disputes.waiting", "disputes.history.*"),
        ),
    ),
    "living causes first": ({"desks.living_first": False}, "disputes.handle", ("disputes.*", "desks.spent.*")),
    "hours that are kept": ({"desks.bank_weeks": 0.0}, "desks.keep", ("desks.bank.*",)),
    "early mediation": ({"frontline.early": False}, "frontline.mediate", ("frontline.*", "incidents.book.visited")),
    "speaking for residents": (
        {"frontline.speaks": False},
        "disputes.handle",
        ("frontline._speaking", "desks.spent.branch"),
    ),
    "telling who waits elsewhere": (
        {"frontline.coordinates": False},
        "disputes.handle",
        (
            *("frontline._speaking", "desks.spent.branch", "disputes.book.*"),
            *("disputes.waiting", "disputes.queue", "disputes.history.*"),
        ),
    ),
    "mobilisation of owners": ({"committees.mobilisation": False}, "committees.meet", ("committees.attendance",)),
    "members in service": ({"branches.reach": 0.0}, "branches.staff", ("branches.*", "desks.hours.branch")),
    "when a dispute stands": ({"outcomes.standing_after": 4}, "matters.look_back", ("tally.*",)),
}
"""Parts of the second edition that are the world's and no policy's: what switches each off, and where it acts first."""


NEEDS: Final = {"mobilisation of owners": {"committees.founding": 0.5}}
"""Settings of both worlds in which a part has something to act on, whatever chance brings."""
LATE: Final = ("mobilisation of owners",)
"""Parts that act so late that all lines of many weeks are looked at before."""


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=pytest.mark.slow) if part in LATE else part for part in PARTS_OF_THE_WORLD]
)
def test_a_part_of_the_world_acts_where_it_says(part: str) -> None:
    """Beside the same world without it, line by line to the first in which the two are no longer alike."""
    off, line, touches = PARTS_OF_THE_WORLD[part]
    with_it, without = (
        GovernanceModel(Scenario().replace({**BUSY, **FULL, **NEEDS.get(part, {}), **change}), ground(), rng=5)
        for change in ({}, off)
    )
    given = changed(pieces(with_it), pieces(without))
    where, names = first_difference(with_it, without, given)
    assert where == line
    assert not {name for name in names if not any(fnmatchcase(name, pattern) for pattern in touches)}


def test_no_list_has_an_outcome_on_it() -> None:
    """The lists themselves obey rule 1; exceptions are named beside the lever, with their reason."""
    everything = pieces(GovernanceModel(Scenario().replace(BUSY), ground(), rng=1)).keys()
    for name, lever in LEVERS.items():
        allowed = {piece for piece in everything if not refused(lever, {piece})}
        outcomes = {piece for piece in allowed if any(fnmatchcase(piece, pattern) for pattern in OUTCOMES)}
        assert outcomes <= set(lever.except_for), f"{name} may write to {outcomes}"


def test_lists_name_what_exists() -> None:
    """A misspelt name would allow nothing, and forbid nothing."""
    everything = pieces(GovernanceModel(Scenario().replace(BUSY), ground(), rng=1)).keys()
    patterns = {pattern for lever in LEVERS.values() for pattern in (*lever.own, *lever.touches, *lever.surely)}
    for pattern in {*patterns, *OUTCOMES}:
        assert any(fnmatchcase(piece, pattern) for piece in everything), pattern


def test_every_line_of_a_lever_is_watched() -> None:
    """Whoever adds a line to the week adds it to a lever of table 2, or names it as the world's."""
    world = {
        "branches.open",
        "authorities.staff",
        "hazards.build",
        "firms.serve",
        "firms.bargain",
        "committees.work",
        "committees.meet",
        "incidents.begin",
        "residents.suffer",
        "residents.voice",
        "residents.move",
        "collective.stir",
        "collective.act",
        "disputes.meet",
        "disputes.handle",
        "disputes.lose_patience",
        "disputes.reflect",
        "trust.pass_week",
        "satisfaction.follow",
        "voice.perceive",
        "desks.learn",
        "record",
        "private.conclude",
        "frontline.mediate",
        "desks.keep",
        "matters.look_back",
    }
    lines = set(GovernanceModel(Scenario().replace(BUSY), ground(), rng=1).agenda.names)
    watched = {line for lever in LEVERS.values() for line in lever.lines}
    assert lines == watched | world and not watched & world


def test_unmet_need_in_an_emergency_touches_trust_by_learning_alone() -> None:
    """M15: what is not served costs the authorities trust, by the one rule of M5; nothing else does."""
    lever = LEVERS["routine-emergency switching"]
    told = Lever({**lever.on, "emergency.distrust": True}, lever.lines, lever.own, lever.touches, (), lever.needs)
    written = refused(told, set().union(*acting(told).values()))
    assert written and all(name.startswith("trust.") for name in written)

    def silent(model: GovernanceModel) -> None:
        model.trust.__dict__["learn"] = lambda *_: None

    assert not refused(told, set().union(*acting(told, silent).values()) - {"trust.learn"})


def test_nobody_has_authority_without_a_right_or_a_fine() -> None:
    """Rule 1: authority is what a handler can make another party lose."""
    everything = Scenario().replace({**BUSY, **FULL}).with_everything_on()
    for powerless, expected in (
        ({"empowerment.evaluation": False, "supervision.fine_weeks": 0.0}, False),
        ({"empowerment.evaluation": False}, True),
        ({"supervision.fine_weeks": 0.0}, True),
    ):
        model = GovernanceModel(everything.replace(powerless), ground(), rng=5)
        had = False
        for _ in range(WARMUP + 15):
            model.step()
            had |= bool(model.desks.authority.any())
        assert had is expected


# The check can fail -------------------------------------------------------------------------------


def soothe(model: GovernanceModel) -> None:
    """A lever with a coefficient of its own: whoever holds a right has calmer residents."""
    line = model.agenda["empowerment.exercise"].function

    def exercise() -> None:
        line()
        if model.empowerment.holds.any():
            model.residents.grievance[:] *= np.float32(0.99)

    model.agenda.replace("empowerment.exercise", exercise)


def settle(model: GovernanceModel) -> None:
    """A lever that ends cases by itself."""
    line = model.agenda["empowerment.exercise"].function

    def exercise() -> None:
        line()
        if model.empowerment.holds.any():
            model.disputes.withdraw(model.disputes.open[:1])

    model.agenda.replace("empowerment.exercise", exercise)


def please(model: GovernanceModel) -> None:
    """A lever that makes people content and trusting, and counts what did not happen."""
    line = model.agenda["empowerment.judge"].function

    def judge() -> None:
        line()
        if model.empowerment.holds.any():
            model.satisfaction.mean += 0.01
            model.trust.estate_mean[2] += 0.01
            model.tally.count("settled", np.array([0]))

    model.agenda.replace("empowerment.judge", judge)


@pytest.mark.parametrize(
    ("fake", "caught"),
    [
        (soothe, {"residents.grievance"}),
        (settle, {"residents.case", "disputes.book.end", "tally.noted"}),
        (please, {"satisfaction.mean", "trust.estate_mean", "tally.noted"}),
    ],
)
def test_a_lever_that_touches_an_outcome_is_caught(fake: Callable[[GovernanceModel], None], caught: set[str]) -> None:
    lever = LEVERS["right to recommend for awards"]
    found = refused(lever, set().union(*acting(lever, fake).values()))
    assert caught <= found
