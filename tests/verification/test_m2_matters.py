"""M2: what counts as a conflict, as a return and as standing, against the definitions and their closed forms.

A person's matter with a cause begins with the first conflict over it.  `after` weeks later it stands unless there is
an agreement that holds or the cause has gone.  A cause that is under way in a week is under way k weeks later with
probability (1 - p)^k, however long it has lasted: lives are geometric, of at least one week.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from sim import GovernanceModel
from sim.core.codes import CHANNELS, SERVICE
from tests.support.quiet_models import level_ground, live

CAUSES: dict[str, object] = {
    "incidents.rate_service": 0.5,
    "incidents.share_service": 0.04,
    "incidents.own_end": 0.3,
    "incidents.rate_noise": 0.5,
    "incidents.touched_noise": 3.0,
}
"""Two causes a week in an estate, one of them shared by the whole of it; a few persons are touched by each."""

TALKS: dict[str, object] = {
    **{f"voice.base_{name}": -10.0 for name in CHANNELS},
    "voice.enabled": True,
    "voice.base_self": 10.0,
    "private.ends_neighbour": 0.0,
    "private.ends_other": 0.0,
    "desks.settle_severity": 0.0,
    "desks.settle_legitimacy": 0.0,
    "desks.settle_constant": 10.0,
}
"""Everybody has a word with the other side, to whom each word sounds alike; nobody's cause ends by it."""


def world(changes: Mapping[str, object], estates: int = 40, adults: int = 100) -> GovernanceModel:
    return live({**CAUSES, "outcomes.record_estates": True, **changes}, level_ground(estates, 50, adults=adults))


def alone(model: GovernanceModel) -> None:
    """Let one cause at a time trouble an estate: whatever begins beside it ends before it has touched anybody."""

    def silence() -> None:
        incidents = model.incidents
        _, oldest = np.unique(incidents.book.estate[incidents.active], return_index=True)
        kept = np.sort(incidents.active[oldest])
        incidents.book.ended[np.setdiff1d(incidents.active, kept)] = True
        incidents.active = kept

    model.agenda.add("one at a time", silence, before="residents.suffer", equation="", doc="")


@pytest.mark.parametrize("causes", ["one", "several"])
def test_columns_are_those_of_every_matter_written_down_by_hand(causes: str) -> None:
    """Nobody agrees to anything: a matter stands as long as its cause goes on."""
    after = 5
    model = world({"outcomes.standing_after": after, "grievances.half_life": 2.0}, estates=80)
    if causes == "one":
        alone(model)
    thousand = model.district.households.sum() / 1000.0
    known: dict[tuple[int, int], int] = {}
    fresh, again, standing = [], [], []
    for week in range(30):
        model.step()
        now, book = model.grievances.now, model.incidents.book
        met = list(zip(now.person.tolist(), now.incident.tolist(), strict=True))
        new = [matter for matter in met if matter not in known]
        known |= dict.fromkeys(new, week)
        fresh.append(len(new))
        again.append(len(met) - len(new))
        standing.append(
            sum(int(book.until[cause]) > week for (_, cause), began in known.items() if began == week - after)
        )
    told = model.outcomes
    assert min(sum(fresh), sum(again), sum(standing)) > 300
    np.testing.assert_allclose(told["conflicts"] * thousand, fresh)
    np.testing.assert_allclose(told["returns"] * thousand, again)
    np.testing.assert_allclose(told["conflicts_all"], told["conflicts"] + told["returns"])
    assert told["standing"][:after].isna().all()
    np.testing.assert_allclose(told["standing"][after:] * thousand, standing[after:])
    share = np.array(standing[after:]) / np.array(fresh[:-after])
    np.testing.assert_allclose(told["standing_share"][after:], share)


@pytest.mark.parametrize(("ends", "after"), [(0.1, 1), (0.1, 8), (0.27, 4), (0.5, 2), (0.05, 20)])
def test_without_agreements_the_share_that_stands_is_that_of_causes_that_go_on(ends: float, after: int) -> None:
    """(1 - p)^k, within what chance allows between estates."""
    model = world({"incidents.own_end": ends, "outcomes.standing_after": after}, estates=300)
    model.run(weeks=after + 25, progress=False)
    table = model.record.estates_to_frame()
    began, stands = (
        table[(table.week >= first) & (table.week < first + 25)].groupby("estate")[name].sum().to_numpy()
        for name, first in (("conflicts", 0), ("standing", after))
    )
    share = stands.sum() / began.sum()
    error = np.sqrt(((stands - share * began) ** 2).sum()) / began.sum()
    assert began.sum() > 5000 and error < 0.03
    assert abs(share - (1.0 - ends) ** after) < 4.0 * error


@pytest.mark.parametrize("after", [1, 2, 8])
def test_nothing_stands_where_every_cause_ends_in_the_week_in_which_it_begins(after: int) -> None:
    model = world({"incidents.own_end": 1.0, "outcomes.standing_after": after})
    model.run(weeks=after + 10, progress=False)
    told = model.outcomes
    assert (told["conflicts"] > 0).all() and (told["standing"][after:] == 0.0).all()
    assert (told["returns"] == 0.0).all()  # a cause of one week touches a person in one week


@pytest.mark.parametrize("channels", ["tolerate", "self", "all"])
@pytest.mark.parametrize("causes", ["one", "several"])
def test_nobody_comes_into_conflict_twice_for_the_first_time_over_one_cause(channels: str, causes: str) -> None:
    """Causes that hardly end touch the same few people week after week, who bear them, settle or file."""
    acts = {
        "tolerate": {},
        "self": {**TALKS, "private.holds": 0.5, "private.retry": 0.5, "private.weeks": 2.0},
        "all": {"voice.enabled": True},
    }[channels]
    model = world(
        {"incidents.own_end": 0.001, "incidents.rate_service": 0.05, "incidents.rate_noise": 0.1, **acts}, adults=20
    )
    if causes == "one":
        alone(model)
    first: list[tuple[int, int]] = []
    returns = 0
    for _ in range(40):
        model.step()
        now = model.grievances.now
        first += zip(now.person[now.first].tolist(), now.incident[now.first].tolist(), strict=True)
        returns += np.count_nonzero(~now.first)
    assert len(first) == len(set(first)) > 300 and returns > 700
    told, thousand = model.outcomes, model.district.households.sum() / 1000.0
    assert told["conflicts"].sum() * thousand == pytest.approx(len(first))
    assert told["conflicts_all"].sum() * thousand == pytest.approx(len(first) + returns)


def one_round(changes: Mapping[str, object], after: int) -> tuple[int, int, GovernanceModel]:
    """One week of conflict and talk; then nothing touches anybody, and whoever comes back bears it.

    Returns how many came into conflict in that week and whose cause goes on, how many of them stand, and the model.
    """
    model = world(
        {
            **TALKS,
            "incidents.own_end": 0.001,
            "incidents.rate_service": 3.0,
            "outcomes.standing_after": after,
            **changes,
        },
        estates=200,
    )
    model.step()
    met = model.grievances.now
    model.residents.threshold[:] = 1e6
    model = model.fork(model.scenario.replace({"voice.enabled": False}))
    model.run(weeks=after, progress=False)
    goes_on = int(np.count_nonzero(model.incidents.book.until[met.incident] > after))
    thousand = model.district.households.sum() / 1000.0
    return goes_on, round(float(model.outcomes["standing"].iloc[-1]) * thousand), model


def test_what_has_been_agreed_and_keeps_does_not_stand_though_the_cause_goes_on() -> None:
    goes_on, stands, model = one_round({}, 8)
    assert goes_on > 2000 and stands == 0 and model.outcomes["returns"].sum() == 0.0


def test_an_agreement_that_broke_stands_again() -> None:
    goes_on, stands, model = one_round({"private.holds": 0.0, "private.break_delay": 1.0}, 8)
    assert stands == goes_on > 2000
    assert model.outcomes["self_broken"].sum() == pytest.approx(model.outcomes["self_settled"].sum())


def test_whoever_comes_into_conflict_anew_has_no_agreement_any_more() -> None:
    """A matter that was agreed on does not stand, until its person is in conflict over the cause once more."""
    model = live({}, level_ground(2, 50))
    cause = model.incidents.book.append(
        1,
        estate=0,
        category=SERVICE,
        began=0,
        until=1000,
        identity=np.uint64(7),
        pool=10,
        stride=1,
        touches=7,
        severity=1.0,
    )
    people, causes = np.arange(10), np.repeat(cause, 10)
    matter, first = model.matters.enter(people, causes)
    assert first.all()
    model.matters.agree(matter)
    assert not model.matters.stands(matter).any()
    again, first = model.matters.enter(people[:4], causes[:4])
    assert np.array_equal(again, matter[:4]) and not first.any()
    assert model.matters.stands(matter).tolist() == [True] * 4 + [False] * 6


def test_an_agreement_with_the_other_side_clears_nothing_where_it_never_comes_about() -> None:
    goes_on, stands, _ = one_round({"desks.settle_constant": -10.0}, 8)
    assert goes_on >= stands > 0.99 * goes_on


@pytest.mark.parametrize(
    ("logit", "holds", "delay", "after"),
    [(0.0, 1.0, 8.0, 8), (0.0, 0.4, 8.0, 8), (1.5, 0.2, 3.0, 4), (10.0, 0.5, 8.0, 20), (1.5, 0.0, 26.0, 8)],
)
def test_the_share_that_stands_is_one_less_the_agreements_that_keep_so_far(
    logit: float, holds: float, delay: float, after: int
) -> None:
    """Agreed with q, kept with h, else broken after W weeks, geometric of at least one:

    stands = 1 - q [h + (1 - h) (1 - 1/d)^k] of those whose cause goes on.
    """
    goes_on, stands, _ = one_round(
        {"desks.settle_constant": logit, "private.holds": holds, "private.break_delay": delay}, after
    )
    agreed = 1.0 / (1.0 + np.exp(-logit))
    expected = 1.0 - agreed * (holds + (1.0 - holds) * (1.0 - 1.0 / delay) ** after)
    error = np.sqrt(expected * (1.0 - expected) / goes_on)
    assert abs(stands / goes_on - expected) < 4.0 * error


@pytest.mark.parametrize("ends", ["incidents.own_end", "private.ends"])
def test_a_cause_that_an_agreement_ended_stands_for_nobody(ends: str) -> None:
    """Who only bore it is rid of it too: the cause is gone."""
    changes = (
        {
            "private.ends_neighbour": 1.0,
            "private.ends_other": 1.0,
            "incidents.settlement_ends": True,
            "voice.base_tolerate": 10.0,
        }
        if ends == "private.ends"
        else {"incidents.own_end": 1.0}
    )
    model = world(
        {**TALKS, "incidents.own_end": 0.001, "incidents.rate_service": 3.0, "outcomes.standing_after": 3, **changes},
        estates=100,
    )
    model.step()
    met = model.grievances.now
    model.residents.threshold[:] = 1e6
    model.run(weeks=3, progress=False)
    told, book = model.outcomes, model.incidents.book
    stands = np.count_nonzero((book.until[met.incident] > 3) & ~book.ended[met.incident])
    thousand = model.district.households.sum() / 1000.0
    settled = float(told["self_settled"].sum())
    if ends == "private.ends":
        assert 0.0 < settled < told["conflicts"][0]  # some agree, some bear it
    # Of those whose cause goes on, nobody has agreed: an agreement would have ended it.
    assert told["standing"][3] * thousand == pytest.approx(stands)
