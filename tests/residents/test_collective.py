"""Collective action in the whole model: off is off, on acts through its own channel, books balance, forks agree."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel, Scenario
from sim.core.codes import TO_COLLECTIVE
from sim.core.errors import ScenarioError
from sim.outcomes.definitions import measured_by

MEASURES = measured_by("collective")

BUSY = {
    "district.estates": 24,
    "run.weeks": 40,
    "run.warmup": 10,
    "incidents.shock_rate": 0.1,
    "incidents.shock_share": 0.1,
    "collective.trigger_shock": 0.8,
    "collective.petition_persons": 3,
    "collective.threshold_mean": 0.05,
    "voice.base_collective": 1.0,
}


def make(**changes: object) -> GovernanceModel:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return GovernanceModel(Scenario().replace({**BUSY, **named}), rng=3)


def lived(model: GovernanceModel, weeks: int = 40) -> GovernanceModel:
    model.run(weeks=weeks, progress=False)
    return model


@pytest.fixture(scope="module")
def busy() -> GovernanceModel:
    return lived(make())


def assert_same(one: GovernanceModel, other: GovernanceModel) -> None:
    here, there = one.outcomes, other.outcomes
    common = [name for name in here.columns if name in there.columns]
    for name in common:
        np.testing.assert_array_equal(here[name].to_numpy(), there[name].to_numpy(), err_msg=name)
    for name, column in one.disputes.book.arrays().items():
        np.testing.assert_array_equal(column, other.disputes.book.arrays()[name], err_msg=name)
    np.testing.assert_array_equal(one.residents.grievance, other.residents.grievance)
    np.testing.assert_array_equal(one.trust.estate_mean, other.trust.estate_mean)


def test_off_is_the_model_without_the_room() -> None:
    off, without = make(collective__enabled=False), make(collective__enabled=False)
    for line in ("collective.stir", "collective.act"):
        without.agenda.remove(line)
    assert_same(lived(off), lived(without))
    assert not any(off.outcomes[name].any() for name in MEASURES)
    assert np.all(off.voice.access[TO_COLLECTIVE - 1] == -np.inf)


def test_without_triggers_it_changes_nothing() -> None:
    still = make(collective__trigger_shock=0.0, collective__trigger_broken=0.0)
    assert_same(lived(still), lived(make(collective__enabled=False)))


def test_on_residents_act_together_and_everything_that_they_touch_moves(busy: GovernanceModel) -> None:
    frame, off = busy.outcomes, lived(make(collective__enabled=False)).outcomes
    assert all(frame[name].any() for name in MEASURES)
    assert frame.gathered.sum() > 0 and off.gathered.sum() == 0
    assert frame.filed.sum() < off.filed.sum()  # who acts together files no case
    assert frame.trust_authority.iloc[-1] != off.trust_authority.iloc[-1]
    assert np.all(frame.petition_successes <= frame.petitions)


def test_nobody_acts_where_the_estate_is_calm() -> None:
    model = make()
    crowds = model.collective

    def check() -> None:
        calm = crowds.since < 0
        assert np.all(model.voice.access[TO_COLLECTIVE - 1, calm] == -np.inf)
        assert np.all(model.voice.access[TO_COLLECTIVE - 1, ~calm] == 0.0)
        assert not crowds.taking_part[calm].any() and not calm[crowds.estate].any()
        assert np.unique(crowds.person).size == crowds.person.size
        assert np.array_equal(model.residents.estate[crowds.person], crowds.estate)
        assert np.array_equal(
            crowds.taking_part, np.bincount(crowds.estate[crowds.joined], minlength=crowds.since.size)
        )
        assert crowds.any == (~calm).any()
        assert np.all(model.week - crowds.since[~calm] < model.scenario.collective.weeks)

    model.agenda.add("look", check, doc="the crowds are counted", after="collective.act")
    lived(model)


def test_hours_are_booked_where_they_are_taken() -> None:
    model = make()
    p = model.scenario.collective

    def check() -> None:
        hours, thousand = model.costs.hours, model.district.households.sum() / 1000
        participants = model.collective.measures()["collective"] * thousand
        booked = hours.get(("residents", "collective action"), 0.0)
        assert booked == pytest.approx(p.hours_participant * participants)
        petitions = model.collective.measures()["petitions"] * thousand
        taken = model.authorities.taken["street"] + model.authorities.taken["district"]
        assert hours.get(("street_district", "petitions"), 0.0) == pytest.approx(taken)
        assert taken <= p.petition_hours * petitions + 1e-9

    model.agenda.add("audit", check, doc="an auditor reads the books", before="record")
    lived(model)
    assert model.outcomes.hours_residents.sum() > 0


def test_hours_for_petitions_are_missing_at_the_desks() -> None:
    """Authorities have the same hours, cases the fewer: the sum is that of the desks without petitions."""
    model = lived(make())
    p = model.scenario.desks
    expected = p.hours_community * model.district.strength.sum()
    expected += p.hours_street * model.district.streets + p.hours_district
    np.testing.assert_allclose(model.outcomes.authority_hours, expected)


def test_a_fork_lives_as_its_parent_does(busy: GovernanceModel) -> None:
    model = lived(make(), 17)
    twin = model.fork()
    lived(twin, 23)
    assert_same(twin, busy)
    assert_same(lived(model, 23), busy)


def test_a_fork_that_switches_it_off_sends_everybody_home() -> None:
    model = make()
    while not model.collective.any:
        model.step()
    twin = model.fork(model.scenario.replace({"collective.enabled": False}))
    assert twin.collective.any
    lived(twin, 3)
    assert not twin.collective.any and twin.collective.person.size == 0
    assert np.all(twin.voice.access[TO_COLLECTIVE - 1] == -np.inf)
    assert model.collective.any
    assert twin.outcomes.stirred.iloc[-3:].tolist() == [0.0] * 3


def test_two_models_share_no_crowd() -> None:
    one = lived(make(), 12)
    before = one.collective.since.copy()
    lived(make(), 20)
    np.testing.assert_array_equal(one.collective.since, before)


def test_a_quiet_week_measures_nothing_and_a_first_week_has_no_past() -> None:
    model = GovernanceModel(Scenario().replace({"district.estates": 3}), rng=1)
    assert model.collective.measures() == dict.fromkeys(MEASURES, 0.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trigger_shock", 1.1),
        ("weeks", 0),
        ("respond", 0.0),
        ("respond", 1.0),
        ("success_peak", 0.0),
        ("threshold_sd", -0.1),
        ("petition_persons", 0),
        ("representatives", 0),
        ("petition_hours", -1.0),
        ("media", float("nan")),
        ("enabled", 1),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=f"collective.{name}"):
        Scenario().replace({f"collective.{name}": value})
