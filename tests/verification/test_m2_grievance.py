"""M2: grievance, conflict and talk against the closed forms of decay and of branching processes."""

from __future__ import annotations

from math import exp, factorial

import numpy as np
import pytest
from scipy import stats

from sim import RunawayError
from sim.core.codes import TO_HOTLINE
from tests.support.quiet_models import in_conflict, level_ground, live, suffer

TALK = {
    "grievances.talk": True,
    "grievances.talk_gain": 1.0,
    "grievances.contacts_open": 0.0,
    "incidents.touched_charging": 0.02,
}
"""Everybody who is told something is tipped over: a contact is a conflict."""


@pytest.mark.parametrize("half_life", [2.0, 6.0, 12.0])
def test_a_grievance_halves_in_every_half_life(half_life: float) -> None:
    model = live({"grievances.half_life": half_life}, level_ground(3, 10))
    people = model.residents
    who = np.arange(people.size)
    people.grievance[:] = np.linspace(0.0, 30.0, who.size)
    people.grievance_week[:] = who % 5
    for week in (5, 6, 17, 100):
        model.week = week
        expected = people.grievance * 2.0 ** (-(week - who % 5) / half_life)
        np.testing.assert_allclose(model.grievances.grievance_of(who), expected, rtol=1e-6)


@pytest.mark.parametrize(("half_life", "relief"), [(2.0, 0.4), (6.0, 0.4), (6.0, 1.0)])
def test_grievances_kept_lazily_equal_grievances_faded_every_week(half_life: float, relief: float) -> None:
    """Dense: h <- h 2^(-1/tau) + sum of the week's pushes; over the threshold and tolerated: h <- 0.4 h."""
    model = live(
        {
            "grievances.half_life": half_life,
            "grievances.threshold_median": 3.0,
            "grievances.threshold_log_sd": 0.5,
            "grievances.relief_tolerating": relief,
            "incidents.rate_noise": 2.0,
            "incidents.touched_noise": 15.0,
            "incidents.own_severity_log_sd": 0.6,
            "incidents.common_severity_log_sd": 1.0,
            "incidents.own_end": 0.3,
        },
        level_ground(20, 500, adults=200),
    )
    people, everyone = model.residents, np.arange(model.residents.size)
    dense, conflicts = np.zeros(everyone.size), 0
    for _ in range(30):
        model.incidents.begin()
        touches = model.incidents.touch()
        dense *= 2.0 ** (-1.0 / half_life)
        np.add.at(dense, touches.person, touches.push.astype(float))
        touched = np.unique(touches.person)
        over = touched[dense[touched] > people.threshold[touched]]
        model.residents.suffer()
        assert model.grievances.now.person.tolist() == over.tolist()
        np.testing.assert_allclose(model.grievances.now.grievance, dense[over], rtol=1e-5)
        model.residents.voice()
        dense[over] *= relief
        np.testing.assert_allclose(model.grievances.grievance_of(everyone), dense, rtol=2e-5, atol=1e-6)
        conflicts += over.size
        model.week += 1
    assert conflicts > 500


def test_thresholds_are_lognormal_between_persons() -> None:
    model = live({"grievances.threshold_median": 4.5, "grievances.threshold_log_sd": 0.5}, level_ground(50, 200))
    thresholds = np.log(model.residents.threshold.astype(float))
    assert stats.kstest(thresholds, stats.norm(np.log(4.5), 0.5).cdf).pvalue > 1e-3


def test_nobody_is_in_conflict_twice_in_a_week_or_with_a_case_open() -> None:
    model = live({"incidents.rate_noise": 2.0, "incidents.touched_noise": 60.0}, level_ground(10, 100, adults=50))
    model.residents.case[::3] = 0
    suffer(model, 1)
    person = model.grievances.now.person
    assert person.size > 50 and np.unique(person).size == person.size
    assert not np.isin(person, np.arange(model.residents.size)[::3]).any()


def test_the_heaviest_push_names_the_conflict() -> None:
    model = live(
        {"incidents.rate_noise": 5.0, "incidents.touched_noise": 40.0, "incidents.own_severity_log_sd": 0.8},
        level_ground(10, 500, adults=60),
    )
    model.incidents.begin()
    touches = model.incidents.touch()
    model.residents.suffer()
    for person, incident in zip(model.grievances.now.person, model.grievances.now.incident, strict=True):
        mine = touches.person == person
        heaviest = touches.incident[mine][touches.push[mine] == touches.push[mine].max()]
        assert incident in heaviest


@pytest.mark.parametrize("contacts", [0.0, 0.3, 0.6, 0.8])
def test_total_conflicts_are_immigrants_over_one_minus_n(contacts: float) -> None:
    """With Poisson immigrants I, conflicts have mean I / (1 - n) and cascades E[S^2] = 1 / (1 - n)^3."""
    estates, rate, warm, weeks = 100, 20.0, 60, 60
    model = live(
        {**TALK, "incidents.rate_charging": rate, "grievances.contacts_conflict": contacts},
        level_ground(estates, 500, adults=10_000),
    )
    suffer(model, warm)
    before = model.tally.of("conflicts").sum()
    suffer(model, weeks)
    total = model.tally.of("conflicts").sum() - before
    immigrants = rate * 0.02 * estates * weeks
    error = np.sqrt(1.02 * immigrants / (1 - contacts) ** 3)
    # Of two contacts that meet in one person in one week only one makes a conflict: a bias below 0.2 %.
    assert total == pytest.approx(immigrants / (1 - contacts), abs=4 * error + 0.002 * total)
    caused, causing = sum(model.grievances.caused[-26:]), sum(model.grievances.causing[-27:-1])
    assert model.grievances.reproduction == pytest.approx(caused / causing)
    assert model.grievances.reproduction == pytest.approx(contacts, abs=4 * np.sqrt(contacts / causing) + 0.002)


@pytest.mark.parametrize(
    ("at_conflict", "open_week", "patience"), [(0.0, 0.1, 0.25), (0.3, 0.05, 0.12), (0.1, 0.3, 1.0)]
)
def test_open_cases_add_their_weeks_to_n(at_conflict: float, open_week: float, patience: float) -> None:
    """A case of rate-`patience` length is open at 1 / patience week-ends: n = m + m_open / patience."""
    n = at_conflict + open_week / patience
    estates, rate, warm, weeks = 60, 20.0, 60, 80
    changes = {f"voice.base_{name}": -10.0 for name in ("tolerate", "self", "firm", "committee", "branch")}
    model = live(
        {
            **TALK,
            **changes,
            "voice.enabled": True,
            "voice.base_hotline": 10.0,
            "voice.weight_trust": 0.0,
            "incidents.rate_charging": rate,
            "grievances.contacts_conflict": at_conflict,
            "grievances.contacts_open": open_week,
            "grievances.talk_estate": 1.0,
            "desks.enabled": False,
            "desks.patience": patience,
            "desks.send_up_second": 0.0,
        },
        level_ground(estates, 500, adults=20_000),
    )
    counts = []
    for _ in range(warm + weeks):
        model.incidents.begin()
        model.residents.suffer()
        model.residents.voice()
        model.disputes.lose_patience()
        model.disputes.reflect()
        counts.append(model.grievances.now.person.size)
        model.week += 1
    book = model.disputes.book
    assert np.all(book.channel[: book.size] == TO_HOTLINE) and book.size == sum(counts)
    immigrants = rate * 0.02 * estates * weeks
    total = sum(counts[warm:])
    # As above, and the number of a conflict's contacts is mixed over the length of its case.
    extra = (open_week / patience) ** 2
    error = np.sqrt(immigrants * (1.02 + extra) / (1 - n) ** 3)
    assert total == pytest.approx(immigrants / (1 - n), abs=4 * error + 0.004 * total)
    causing = sum(model.grievances.causing[-27:-1])
    assert model.grievances.reproduction == pytest.approx(n, abs=4 * np.sqrt((n + extra) / causing) + 0.004)


@pytest.mark.parametrize("contacts", [0.4, 0.8, 1.0])
def test_sizes_of_cascades_follow_the_borel_law_up_to_the_critical_point(contacts: float) -> None:
    """P(S = s) = e^(-n s) (n s)^(s-1) / s!, exact for s up to 6 after six generations, at n = 1 too."""
    estates = 2500
    model = live({**TALK, "grievances.contacts_conflict": contacts}, level_ground(estates, 500, adults=400), rng=4)
    model.grievances.now = in_conflict(model, model.residents.first.copy(), incident=0)
    suffer(model, 6)
    size = 1 + model.tally.of("conflicts")
    law = [exp(-contacts * s) * (contacts * s) ** (s - 1) / factorial(s) for s in range(1, 7)]
    law.append(1.0 - sum(law))
    seen = np.bincount(np.minimum(size, 7), minlength=8)[1:]
    assert stats.chisquare(seen, estates * np.array(law)).pvalue > 1e-3


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_talk_reaches_the_own_building_except_for_the_share_that_goes_to_the_estate(share: float) -> None:
    """A listener lives in the speaker's building with probability (1 - v) + v / buildings."""
    estates, buildings = 200, 8
    model = live(
        {**TALK, "grievances.contacts_conflict": 20.0, "grievances.talk_estate": share},
        level_ground(estates, 500, adults=8000, buildings=buildings),
        rng=5,
    )
    speaker = model.residents.first + 3
    model.grievances.now = in_conflict(model, speaker, incident=0)
    suffer(model, 1)
    listener = model.grievances.now.person
    assert listener.size == pytest.approx(20 * estates, abs=4 * np.sqrt(20 * estates) + 20)
    place = listener - model.residents.first[model.residents.estate[listener]]
    near = np.mean(place % buildings == 3)
    chance = (1 - share) + share / buildings
    assert near == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / listener.size) + 1e-9)


@pytest.mark.parametrize("contacts", [1.3, 3.0])
def test_a_district_that_boils_over_is_refused_with_the_names_of_what_to_change(contacts: float) -> None:
    model = live(
        {**TALK, "incidents.rate_charging": 20.0, "grievances.contacts_conflict": contacts},
        level_ground(50, 500, adults=4000),
    )
    with pytest.raises(RunawayError) as refusal:
        suffer(model, 40)
    message = str(refusal.value)
    for name in ("contacts_conflict", "contacts_open", "talk_gain", "threshold_median"):
        assert f"grievances.{name}" in message
    assert f"{contacts:g}" in message


@pytest.mark.parametrize("contacts", [0.8, 0.9])
def test_a_district_below_the_critical_point_is_not_refused_while_it_fills_up(contacts: float) -> None:
    """From rest, children of weeks 1..w are n times the parents of weeks 0..w-1 and stay below them."""
    model = live(
        {
            **TALK,
            "incidents.rate_charging": 20.0,
            "incidents.touched_charging": 0.2,
            "grievances.contacts_conflict": contacts,
        },
        level_ground(200, 500, adults=10_000),
    )
    suffer(model, 15)
    assert model.grievances.reproduction == pytest.approx(contacts, abs=0.03)


@pytest.mark.parametrize("households", [100, 2000])
def test_without_talk_and_clusters_conflicts_are_poisson_given_xi(households: int) -> None:
    """Dispersion index 1 + m with m = 0.02 touches an incident, against each estate's own mean."""
    estates, weeks, touched = 300, 25, 0.02
    model = live(
        {
            "incidents.heterogeneity": 1.0,
            "incidents.rate_parking": 20.0,
            "incidents.touched_parking": touched,
        },
        level_ground(estates, households, adults=5000),
        rng=6,
    )
    suffer(model, weeks)
    xi, counts = model.incidents.character, model.tally.of("conflicts")
    mean = 20.0 * touched * (households / 500) ** 1.1 * xi * weeks
    some = mean > 1.0
    index = np.mean((counts[some] - mean[some]) ** 2 / mean[some])
    error = np.sqrt(np.mean(2 + 1 / mean[some]) / some.sum())
    assert index == pytest.approx(1 + touched, abs=4 * error)


def test_switched_off_nobody_comes_into_conflict() -> None:
    model = live({"grievances.enabled": False, "incidents.rate_noise": 20.0}, level_ground(10, 100))
    suffer(model, 5)
    assert model.tally.of("conflicts").sum() == 0
    assert not model.residents.grievance.any()
