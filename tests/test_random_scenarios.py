"""Any scenario that can be written down runs, or is refused in words: parameters, switches, strategies at random.

Numbers come from the declarations alone: mostly from the plausible range of each parameter, now and then from its hard
limits.  What is looked at in every week follows from the declared units: a share lies within 0 and 1, an hour, a person
or a case cannot be less than none, and what must be a number is one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim import District, GovernanceModel, Scenario
from sim.agents import Population
from sim.core.errors import RunawayError
from sim.outcomes import COLUMNS
from sim.outcomes.inequality import BURDENS, GROUPS
from sim.policies.coverage.strategies import names, registered
from sim.stakeholders.couriers import at_rest

WEEKS: Final = 60
PARAMETERS: Final = {row["name"]: row for row in Scenario().parameters()}

OURS: Final = {
    "run.weeks",
    "run.warmup",
    "district.estates",
    "district.seed",
    "district.members_rate",
    "coverage.strategy",
    "coverage.start_week",
    "emergency.start_week",
}
"""Drawn by name below: lengths of runs, the ground, and the policy's time."""

PLAUSIBLE_ONLY: Final = {
    # With these at their hard limits a small district is a large one, or boils over whatever else it does.
    "couriers.riders",
    "couriers.stations",
    "couriers.reports",
    "enterprises.number",
    "enterprises.need_rate",
    "grievances.contacts_conflict",
    "grievances.contacts_open",
    "grievances.talk_gain",
    "grievances.threshold_median",
    "incidents.shock_rate",
    "incidents.shock_share",
    "incidents.size_elasticity",
    "coverage.node_limit",
    *(name for name in PARAMETERS if name.startswith(("incidents.rate_", "incidents.touched_", "incidents.share_"))),
}

SWITCHES: Final = [name for name, row in PARAMETERS.items() if row["unit"] == "switch"]
NUMBERS: Final = sorted(PARAMETERS.keys() - OURS - set(SWITCHES))

ENDED: Final = {"reply_median", "reply_p90", "resolution_true", "resolution_reported"}
"""Nothing can be said of these in a week in which no case ended at a desk."""
BY_GROUP: Final = {f"{burden}_{group}" for burden in BURDENS for group in GROUPS}
LOOKING_BACK: Final = (
    "standing",
    "standing_share",
    "alive_at_settlement",
    "unresolved_filed_share",
    "self_settled_share",
)
"""Not known before the first conflicts are old enough, or without any case, or talk, that ended."""
MAY_BE_NAN: Final = {*ENDED, *BY_GROUP, *LOOKING_BACK, "reproduction"}
MAY_BE_NEGATIVE: Final = {"yuan_purse", "yuan_firms", "mediation_on_call", "desks_on_call"}
"""The purse receives fines, and pays rewards to firms; a desk works off hours that it has kept."""

BOUNDED: Final = {"share", "0 to 1", "effort", "skill"}
DUST: Final = 1e-9


@cache
def ground(estates: int, seed: int) -> District:
    return District.synthetic(estates, seed)


def value_of(name: str) -> st.SearchStrategy[Any]:
    """Values of one parameter: mostly plausible, now and then anything that is allowed."""
    row = PARAMETERS[name]
    if row["choices"]:
        return st.sampled_from(row["choices"])
    kind: Callable[..., st.SearchStrategy[Any]] = st.integers if isinstance(row["default"], int) else st.floats
    plausible = kind(row["sweep_low"], row["sweep_high"])
    if name in PLAUSIBLE_ONLY or row["high"] is None:
        return plausible
    return st.one_of(plausible, plausible, plausible, kind(row["low"], row["high"]))


@st.composite
def coverage(draw: st.DrawFn) -> str:
    base = draw(st.sampled_from([name for name in names() if name not in registered()]))
    control = draw(st.sampled_from(["", "", "", "placebo:", "shuffled:", "hours_matched:", "hours_matched_tied:"]))
    return control + base


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any scenario of a small district."""
    changes: dict[str, Any] = {
        "run.weeks": WEEKS,
        "run.warmup": draw(st.one_of(st.integers(1, 20), st.integers(1, WEEKS - 1))),
        "district.estates": draw(st.integers(1, 12)),
        "district.seed": draw(st.integers(0, 7)),
        "district.members_rate": draw(st.one_of(value_of("district.members_rate"), st.floats(0.01, 0.1))),
        "coverage.strategy": draw(coverage()),
        "coverage.start_week": draw(st.one_of(st.none(), st.integers(0, WEEKS - 1))),
        "emergency.start_week": draw(st.integers(0, WEEKS + 20)),
    }
    for name in SWITCHES:
        # Policies are on or off; the world's mechanisms are mostly on, or nothing would ever happen.
        off_by_default = not PARAMETERS[name]["default"]
        changes[name] = draw(st.booleans()) if off_by_default else draw(st.integers(0, 9)) < 9
    number = draw(st.integers(0, 120))
    for name in draw(st.lists(st.sampled_from(NUMBERS), unique=True, min_size=number, max_size=number)):
        changes[name] = draw(value_of(name))
    return Scenario().replace(changes)


def must_be(array: NDArray | float, what: str, high: float = np.inf) -> None:
    """A stock: a number, never less than none, and a share never more than all."""
    values = np.asarray(array, dtype=np.float64)
    assert np.isfinite(values).all(), f"{what} is not a number"
    assert values.min(initial=0.0) >= -DUST, f"{what} is negative: {values.min()}"
    assert values.max(initial=0.0) <= high * (1.0 + DUST) + DUST, f"{what} is above {high}: {values.max()}"


def look_at_people(model: GovernanceModel) -> None:
    """Columns of every population, by their units."""
    for kind, population in model.populations.items():
        for name, declared in population.agent.columns.items():
            if declared.unit in BOUNDED:
                must_be(population.arrays()[name], f"{kind}.{name}", 1.0)
            elif declared.unit.startswith(("hours", "persons", "estates", "reports", "employees", "needs", "deferred")):
                must_be(population.arrays()[name], f"{kind}.{name}")


def look_at_rooms(model: GovernanceModel) -> None:
    """Stocks of the components, which have no declared units."""
    desks, emergency, hazards = model.desks, model.emergency, model.hazards
    for name in ("skill", "knowledge", "authority", "formalism", "premature", "unworked", "meeting"):
        must_be(getattr(desks, name), f"desks.{name}", 1.0)
    for name in ("hours", "spent", "handled"):
        must_be(getattr(desks, name), f"desks.{name}")
    for name in ("charging", "source", "lanes"):
        must_be(getattr(hazards, name), f"hazards.{name}")
    must_be(hazards.guided, "hazards.guided", 1.0)
    must_be(model.incidents.conditions, "incidents.conditions")
    must_be(model.services.hands, "services.hands")
    book = model.disputes.book.arrays()
    must_be(book["left"], "cases' work left")
    assert np.all(book["left"] <= book["work"])
    must_be(model.residents.grievance, "grievance")
    must_be(model.trust.means(), "trust", 1.0)
    must_be(model.satisfaction.mean, "satisfaction", 1.0)
    must_be(model.grievances.recent, "recent conflicts")
    must_be(model.collective.share, "share in collective action", 1.0)
    for name in ("susceptible", "infected", "removed", "demand", "to_reach"):
        must_be(getattr(emergency, name), f"emergency.{name}")
    for name in ("coverage", "standing", "fatigue"):
        must_be(getattr(emergency, name), f"emergency.{name}", 1.0)
    must_be(model.couriers.waiting, "riders' reports that wait")
    must_be(model.enterprise_desk.left, "work of needs")
    must_be(model.evaluation.captured, "capture of branches", 1.0)
    must_be(model.evaluation.attention, "attention of branches", 1.0)
    must_be(model.awards.motivation, "motivation", 1.0)
    must_be(model.micro_projects.left, "weeks of projects")
    must_be(model.supervision.rate, "rate of inspections")
    must_be(model.deliberation.brought, "hours brought to sessions")
    must_be(model.cross_appointment.hours, "hours of seats")


def look_at_outcomes(model: GovernanceModel) -> None:
    """Columns of the record, by their units."""
    table = model.outcomes
    assert list(table.columns) == ["week", *COLUMNS] and table.week.tolist() == list(range(len(table)))
    for name, (unit, _) in COLUMNS.items():
        values = table[name].to_numpy()
        if name in MAY_BE_NAN:
            values = values[~np.isnan(values)]
        if name in MAY_BE_NEGATIVE:
            assert np.isfinite(values).all(), name
        else:
            must_be(values, name, 1.0 if unit in ("share", "0 to 1") else np.inf)
    unsaid(table, model.district, model.scenario.outcomes.standing_after)


def unsaid(table: pd.DataFrame, district: District, after: int) -> None:
    """NaN stands where there is nothing to speak of, and nowhere else; what stands is known `after` some weeks."""
    none_ended = (table.settled + table.failed).to_numpy() == 0.0
    for name in ENDED:
        assert np.array_equal(table[name].isna(), none_ended), f"{name} is nan in other weeks than those without cases"
    for name in BY_GROUP:
        absent = table[name].isna()
        if name.startswith("standing_"):
            absent = absent[after:]
        assert absent.all() or not absent.any(), f"{name}: a group is there or not"
    if district.estates > 1:
        assert not table.conflicts_small.isna().any() and not table.conflicts_large.isna().any()
    had = table.conflicts.to_numpy().cumsum() > 0.0
    # Conflicts of the first weeks are known to have had the chance to cause others only a week later.
    assert not (table.reproduction.isna().to_numpy()[1:] & _lately(had, table)[:-1]).any()


def _lately(had: NDArray[np.bool_], table: pd.DataFrame) -> NDArray[np.bool_]:
    """Weeks within 26 weeks after conflicts, by the end of each week."""
    recent = table.conflicts.rolling(26, min_periods=1).sum().to_numpy() > 1e-9
    return had & recent


def live(scenario: Scenario, seed: int) -> GovernanceModel | None:
    """Live the run and look at it week by week; None where the district boiled over and was refused."""
    section = scenario.district
    district = ground(section.estates, section.seed)
    replay = np.full((scenario.run.weeks, section.estates), 1.5) if "matched" in scenario.coverage.strategy else None
    model = GovernanceModel(scenario, district, rng=seed, replay=replay)
    assert all(isinstance(population, Population) for population in model.populations.values())
    try:
        for _ in range(scenario.run.weeks):
            model.step()
            look_at_people(model)
            look_at_rooms(model)
    except RunawayError as error:
        assert "conflicts cause" in str(error)
        return None
    look_at_outcomes(model)
    return model


QUIET: Final = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
STOPPED: Final = given(scenario=scenarios(), seed=st.integers(0, 3), stop=st.integers(0, WEEKS), save=st.booleans())


@settings(max_examples=6, suppress_health_check=QUIET)
@given(scenario=scenarios(), seed=st.integers(0, 3))
def test_any_scenario_runs_or_boils_over(scenario: Scenario, seed: int) -> None:
    live(scenario, seed)


@settings(max_examples=3, suppress_health_check=QUIET)
@STOPPED
def test_any_scenario_goes_on_from_a_fork_or_a_file(scenario: Scenario, seed: int, stop: int, save: bool) -> None:
    """Nothing that any mechanism keeps is lost or shared: to the byte the run that was never stopped."""
    goes_on(scenario, seed, stop, save)


@pytest.mark.slow
@settings(max_examples=80, suppress_health_check=QUIET)
@STOPPED
def test_many_scenarios_go_on_from_a_fork_or_a_file(scenario: Scenario, seed: int, stop: int, save: bool) -> None:
    goes_on(scenario, seed, stop, save)


def goes_on(scenario: Scenario, seed: int, stop: int, save: bool) -> None:
    """Hold a run that is stopped and goes on, from a fork or a file, to the one that was never stopped."""
    whole = live(scenario, seed)
    if whole is None:
        return
    model = GovernanceModel(scenario, whole.district, rng=seed, replay=whole.replay)
    model.run(weeks=stop, progress=False)
    if save:
        with TemporaryDirectory() as folder:
            model.save(Path(folder) / "stopped.npz")
            stopped = GovernanceModel.load(Path(folder) / "stopped.npz")
    else:
        stopped = model.fork()
    stopped.run(progress=False)
    model.run(progress=False)
    for other in (stopped, model):
        pd.testing.assert_frame_equal(other.outcomes, whole.outcomes, check_exact=True)


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=QUIET)
@given(scenario=scenarios(), seed=st.integers(0, 1000))
def test_many_scenarios_run_or_boil_over(scenario: Scenario, seed: int) -> None:
    live(scenario, seed)


@pytest.mark.parametrize("estates", [1, 2, 3])
def test_the_smallest_districts_with_everything_on(estates: int) -> None:
    small = {"district.estates": estates, "run.weeks": WEEKS, "run.warmup": 5, "coverage.strategy": "full"}
    assert live(Scenario().replace({**small, "emergency.start_week": 8}).with_everything_on(), seed=1) is not None


def everything(weeks: int, changes: dict[str, Any]) -> Scenario:
    """Everything on and busy from the first weeks, in a small district."""
    early = {
        "district.estates": 3,
        "district.members_rate": 0.05,
        "run.weeks": weeks,
        "run.warmup": 1,
        "coverage.strategy": "full",
        "emergency.start_week": 4,
        "incidents.rate_noise": 1.0,
    }
    return Scenario().replace(early).with_everything_on().replace(changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"services.volunteer_response": 1e-309},
        {"services.volunteer_response": 1e-300, "services.volunteer_trust": 50.0},
        {"services.volunteer_response": 1.0 - 1e-16, "services.volunteer_trust": 50.0},
        {"empowerment.noise": 1e-309},
        {"enterprises.need_patience": 1e-309},
        {"couriers.norm_strength": 1e-308},
    ],
)
def test_next_to_nothing_is_as_good_as_nothing(changes: dict[str, float]) -> None:
    """Found here: allowed numbers whose logarithm or inverse overflowed."""
    assert live(everything(WEEKS, changes), seed=1) is not None


@pytest.mark.slow
def test_every_number_may_be_next_to_nothing_or_next_to_all() -> None:
    """One parameter after the other at the smallest number that is not none, or at the last before one."""
    for name in NUMBERS:
        row = PARAMETERS[name]
        if isinstance(row["default"], float):
            ends = [5e-324] * (row["low"] == 0.0) + [float(np.nextafter(1.0, 0.0))] * (row["high"] == 1.0)
            for value in ends:
                live(everything(16, {name: value}), seed=3)


@pytest.mark.parametrize("norm", ["linear", "quadratic"])
def test_a_norm_of_next_to_nothing_is_no_norm(norm: str) -> None:
    """Found here: its far root overflowed, and rounding errors moved where riders rest (0.125 in place of 0.145)."""
    for strength in (1e-8, 1e-10, 1e-12, 1e-16, 1e-18, 1e-200, 1.1e-308):
        assert at_rest(a=0.005, b=strength, d=0.0295, norm=norm) == pytest.approx([0.005 / 0.0345], abs=1e-7)


def test_every_parameter_can_be_drawn() -> None:
    """The net has no holes: every declared number has a range, and is drawn here or named as ours."""
    for name in NUMBERS:
        row = PARAMETERS[name]
        assert row["choices"] or (row["sweep_low"] is not None and row["sweep_high"] is not None), name
    assert PARAMETERS.keys() >= OURS and PARAMETERS.keys() >= PLAUSIBLE_ONLY
    assert len(NUMBERS) + len(SWITCHES) + len(OURS) == len(PARAMETERS)


def test_a_negative_stock_or_a_share_above_one_is_seen() -> None:
    with pytest.raises(AssertionError, match="negative"):
        must_be(np.array([0.5, -1e-6]), "a stock")
    with pytest.raises(AssertionError, match="above 1"):
        must_be(np.array([0.5, 1.001]), "a share", 1.0)
    with pytest.raises(AssertionError, match="not a number"):
        must_be(np.array([np.nan]), "a stock")
