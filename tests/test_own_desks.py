"""Desks of a user's own: the charity of the page on extending the model, and whatever else handles cases."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.core.codes import INSTITUTIONS, OPEN, PARKING, SETTLED
from tests.support.auditor import Auditor
from tests.support.case_ledger import check_week
from tests.support.festival import Festivals
from tests.support.page_components import component_of

CHARITY = component_of("mediation_charity")
SMALL = {
    "district.estates": 12,
    "run.weeks": 24,
    "run.warmup": 6,
    "incidents.rate_parking": 2.0,
    "incidents.rate_noise": 0.5,
    "desks.settle_numbers": 0.2,
}
PER = ("estate", "community", "street", "district")


def charitable(*more: type[sim.Component], **changes: Any) -> sim.GovernanceModel:
    """Make a model with the charity of the page; changes have underscores for dots, twice."""
    kind = sim.Scenario.including(CHARITY, *more)
    given = {name.replace("__", "."): value for name, value in changes.items()}
    return sim.GovernanceModel(kind({**SMALL, **given}), seed=5)


def counting(model: sim.GovernanceModel, weeks: int) -> tuple[float, float, float]:
    """Live some weeks; return the work done at all desks, the cases that they ended, and the most left over."""
    sums = np.zeros(2)

    def write(model: sim.GovernanceModel) -> None:
        check_week(model)
        desks = model.desks
        assert np.all(desks.spent <= desks.available() * (1 + 1e-9) + 1e-9)
        sums[:] += float(desks.spent @ desks.speed()), float(desks.handled.sum())

    model.agenda.add("audit", write, doc="an auditor reads the books", after="disputes.handle")
    model.run(weeks=weeks, progress=False)
    return sums[0], sums[1], float(model.desks.size)


def test_cases_come_to_the_charity_and_are_settled_there() -> None:
    model = charitable()
    model.run(progress=False)
    frame, outcomes = model.disputes.to_frame(), model.outcomes
    theirs = frame[frame.handler == "charity"]
    assert set(theirs.category) == {"parking"} and (theirs.filed >= 6).all()
    assert {"settled", "open"} <= set(theirs.end) and theirs.handled_by.str.startswith("charity of C").all()
    assert outcomes.charity_cases[:6].sum() == 0 < outcomes.charity_cases.sum()
    ended = theirs[theirs.end.isin(["settled", "failed"]) & (theirs.lead < 0)]
    assert len(ended) == outcomes.charity_cases.sum(), "a matter of several parties is handled once"
    assert outcomes.charity_hours[outcomes.charity_cases > 0].gt(0).all() and outcomes.hours_residents.sum() > 0


@pytest.mark.parametrize("bundling", [False, True])
def test_the_work_done_is_the_hours_spent_whoever_handles(bundling: bool) -> None:
    """Nothing of a case is lost or made when it goes to another desk; one more at a table takes an hour of it."""
    model = charitable(desks__bundling=bundling, desks__handoff_loss=0.0, frontline__early=False)
    worked, handled, _ = counting(model, 24)
    book = model.disputes.book.arrays()
    ended = np.isin(book["end"], (1, 2))
    assert np.all((book["left"] >= 0) & (book["left"] <= book["work"] + 1e-9))
    if not bundling:
        assert handled == ended.sum()
        assert worked == pytest.approx((book["work"] - book["left"]).sum(), rel=1e-9)
    referred = model.disputes.history.to_frame().query("event == 5")
    assert (referred.case.map(dict(enumerate(book["category"]))) == PARKING).all() and len(referred) > 20


def test_whoever_waits_in_a_matter_goes_along() -> None:
    model = charitable(incidents__rate_parking=6.0)
    seen = 0

    def look(model: sim.GovernanceModel) -> None:
        nonlocal seen
        book, attached = model.disputes.book, model.disputes.attached
        lead = book.lead[attached]
        assert np.isin(lead, model.disputes.leading()).all(), "who leads leads itself"
        assert np.array_equal(book.desk[lead], book.desk[attached])
        assert np.array_equal(book.incident[lead], book.incident[attached])
        seen += int((model.desks.kind[book.desk[attached]] == 7).sum())

    model.agenda.add("look", look, doc="", after="mediation_charity.take_cases")
    model.run(progress=False)
    assert seen > 0


@pytest.mark.parametrize("strategy", ["none", "full"])
@pytest.mark.parametrize("changes", [{"hours": 0.0}, {"enabled": False}])
def test_without_hours_nothing_else_changes_to_the_byte(strategy: str, changes: dict[str, Any]) -> None:
    world = sim.Scenario({**SMALL, "coverage.strategy": strategy}).with_everything_on()
    plain = sim.GovernanceModel(world, seed=5)
    idle = {f"mediation_charity.{name}": value for name, value in changes.items()}
    model = sim.GovernanceModel(world.with_components([CHARITY]).replace(idle), seed=5)
    for each in (plain, model):
        each.run(weeks=16, progress=False)
    outcomes = model.outcomes
    assert not outcomes[["charity_cases", "charity_hours"]].to_numpy().any()
    pd.testing.assert_frame_equal(outcomes[plain.outcomes.columns], plain.outcomes, check_exact=True)
    pd.testing.assert_frame_equal(
        model.disputes.to_frame().astype({"handler": str, "handled_by": str, "filed_with": str}),
        plain.disputes.to_frame().astype({"handler": str, "handled_by": str, "filed_with": str}),
        check_exact=True,
    )


def test_all_books_balance_with_everything_on() -> None:
    """Cases, hours and costs, as in test_all_books; the charity's hours are its volunteers', who are residents."""
    world = {**SMALL, "coverage.strategy": "full", "run.weeks": 40, "district.members_rate": 0.01}
    scenario = sim.Scenario.including(CHARITY)(world).with_everything_on()
    model = sim.GovernanceModel(scenario, seed=3)
    auditor = Auditor(
        model, own={"residents": lambda model: float(model.desks.spent[model.desks.block("charity")].sum())}
    )
    for _ in range(40):
        model.step()
        auditor.check_record()
    assert model.outcomes.charity_hours.sum() > 50 and model.outcomes.charity_cases.sum() > 10


def test_its_hours_are_worth_something() -> None:
    """More cases about parking are settled where there is somebody who mediates."""
    few, many = (charitable(mediation_charity__hours=hours, desks__hours_community=5.0) for hours in (0.0, 60.0))
    for model in (few, many):
        model.run(progress=False)
    settled = [
        np.count_nonzero((book["category"] == PARKING) & (book["end"] == SETTLED))
        for book in (model.disputes.book.arrays() for model in (few, many))
    ]
    assert settled[1] > settled[0] and many.outcomes.hours_residents.sum() > few.outcomes.hours_residents.sum()


def test_forks_copies_and_files_carry_the_desk(tmp_path: Path) -> None:
    whole, model = charitable(), charitable()
    whole.run(progress=False)
    model.run(weeks=12, progress=False)
    model.save(tmp_path / "charity.npz")
    ways = {
        "fork": model.fork(),
        "deepcopy": copy.deepcopy(model),
        "pickle": pickle.loads(pickle.dumps(model)),
        "load": sim.GovernanceModel.load(tmp_path / "charity.npz"),
    }
    for way, other in ways.items():
        other.run(progress=False)
        pd.testing.assert_frame_equal(other.outcomes, whole.outcomes, check_exact=True, obj=way)
    assert model.week == 12
    ways = model.fork({"mediation_charity.hours": 0.0, "mediation_charity.skill": 0.2})
    ways.run(progress=False)
    assert ways.outcomes.charity_hours[13:].sum() == 0 and (ways.desks.skill[ways.desks.block("charity")] == 0.2).all()


def desk_of(name: str, per: str = "district", **more: Any) -> type[sim.Component]:
    """Return a component with a desk that takes everything which is filed."""

    def take(self: Any) -> None:
        model = self.model
        model.desks.set_hours(name, 50.0)
        book, cases = model.disputes.book, model.disputes.leading()
        new = cases[book.filed[cases] >= model.week]
        model.disputes.refer(new, model.desks.at(name, book.estate[new]))

    return type(
        name.title(),
        (sim.Component,),
        {
            "__module__": __name__,
            "desks": (sim.Desk(name, per=per, **more),),  # type: ignore[arg-type]
            "steps": (sim.Step("take", before="disputes.meet", doc="takes all new cases"),),
            "take": take,
        },
        own=True,
    )


def test_a_fork_may_add_a_desk_whatever_the_order(tmp_path: Path) -> None:
    model = charitable()
    model.run(weeks=10, progress=False)
    later = desk_of("ombudsman")
    world = sim.Scenario.including(later, CHARITY)(model.scenario.values())
    fork = model.fork(world)
    assert fork.desks.kinds[-2:] == ("charity", "ombudsman") and fork.desks.size == model.desks.size + 1
    assert np.array_equal(fork.desks.knowledge[: model.desks.size], model.desks.knowledge)
    assert fork.desks.skill[-1] == 0.5 and fork.desks.serves[-1] == 12
    fork.save(tmp_path / "fork.npz")
    loaded = sim.GovernanceModel.load(tmp_path / "fork.npz")
    for other in (fork, loaded):
        other.run(progress=False)
    assert (fork.disputes.to_frame().handler == "ombudsman").any()
    pd.testing.assert_frame_equal(loaded.outcomes, fork.outcomes, check_exact=True)
    pd.testing.assert_frame_equal(loaded.disputes.to_frame(), fork.disputes.to_frame(), check_exact=True)
    with_none = sim.GovernanceModel(sim.Scenario(SMALL), seed=5)
    with_none.run(weeks=10, progress=False)
    late = with_none.fork(with_none.scenario.with_components([CHARITY]))
    late.run(progress=False)
    assert late.outcomes.charity_cases[10:].sum() > 0


@pytest.mark.parametrize("per", PER)
@pytest.mark.parametrize("institution", INSTITUTIONS)
def test_a_desk_may_serve_any_place_and_have_any_standing(per: str, institution: str) -> None:
    model = sim.GovernanceModel(
        sim.Scenario(SMALL), seed=2, components=[desk_of("mine", per, trusted_as=institution), Festivals]
    )
    model.run(weeks=8, progress=False)
    check_week(model)
    desks, district = model.desks, model.district
    count = {"estate": 12, "community": district.communities, "street": district.streets, "district": 1}[per]
    block = desks.block("mine")
    assert block.stop - block.start == count and block.stop == desks.size
    assert desks.serves[block].sum() == (12 if per != "street" else desks.serves[desks.block("street")].sum())
    estates = np.arange(12)
    served = {
        "estate": estates,
        "community": district.community,
        "street": district.street_of_community[district.community],
        "district": np.zeros(12, dtype=int),
    }[per]
    assert np.array_equal(desks.at("mine", estates), block.start + served)
    assert desks.institution[-1] == INSTITUTIONS.index(institution)
    frame = model.disputes.to_frame()
    assert (frame[frame.end == "settled"].handler == "mine").any()
    words = model.disputes.story(int(frame.index[frame.handler == "mine"][0]))
    assert "referred the case to the desk mine" in words


def test_stories_have_its_name_in_both_languages() -> None:
    model = charitable()
    model.run(progress=False)
    frame = model.disputes.to_frame()
    case = int(frame.index[(frame.handler == "charity") & (frame.end == "settled")][0])
    place = frame.handled_by[case].removeprefix("charity of ")
    assert f"referred the case to the mediation charity of {place}." in model.disputes.story(case)
    assert f"转介至{place}公益调解机构。" in model.disputes.story(case, lang="zh")
    assert sim.Desk("door").title("X", "zh") == "the desk door of X" and sim.Desk("door").title("") == "the desk door"


def test_what_cannot_be_referred_is_said() -> None:
    model = charitable(incidents__rate_parking=6.0)
    model.run(weeks=12, progress=False)
    disputes, desks = model.disputes, model.desks
    cases, ended = disputes.leading()[:2], np.flatnonzero(disputes.book.end[: disputes.book.size] != OPEN)[:1]
    to = desks.at("charity", disputes.book.estate[cases])
    for rows, desk, words in (
        (ended, to[:1], f"case {ended[0]} is none"),
        (cases[[0, 0]], to, "a case was given twice"),
        (cases, to[:1], r"one desk for each case, not \(1,\) desks for \(2,\) cases"),
        (cases, to + 1000, "desks are 0 to .*platform, community, street, district, charity"),
        (disputes.attached[:1], to[:1], "is none"),
    ):
        before = disputes.book.desk[: disputes.book.size].copy()
        with pytest.raises(sim.CaseError, match=words):
            disputes.refer(rows, desk)
        assert np.array_equal(before, disputes.book.desk[: disputes.book.size])
    disputes.refer(cases[:0], to[:0])
    disputes.refer(cases, to)
    check_week(model)
    for ask in (
        lambda: desks.block("charite"),
        lambda: desks.set_hours("charite", 1.0),
        lambda: desks.at("charite", cases),
    ):
        with pytest.raises(sim.ComponentError, match='"charite". Did you mean "charity"'):
            ask()


def test_desks_that_cannot_be_are_refused() -> None:
    class Wrong(sim.Component):
        desks = (
            sim.Desk("firm"),
            sim.Desk("a b"),
            sim.Desk("mine", per="estates"),  # type: ignore[arg-type]
            sim.Desk("yours", trusted_as="comittee"),
            sim.Desk("mine"),
            "charity",
        )

    with pytest.raises(sim.ComponentError) as caught:
        sim.GovernanceModel(sim.Scenario(SMALL), seed=1, components=[Wrong])
    for words in (
        'component "wrong": desk "firm" cannot be called so: the model has desks of this kind already',
        'desk "a b" cannot be called so: it must be a name in Python',
        'desk "mine": per = "estates" must be one of estate, community, street, district. Did you mean "estate"?',
        'desk "yours": trusted_as = "comittee" must be one of firm, committee, branch, authority. Did you mean "comm',
        'desk "mine" cannot be called so',
        "desks holds 'charity'; declare sim.Desk(",
    ):
        assert words in str(caught.value), words
