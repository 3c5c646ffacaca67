"""Conditions of a week that others touch: two who touch one multiply, and the week after is as usual."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.core.codes import CATEGORIES
from tests.support.repository import ROOT

WORLD: dict[str, object] = {
    "district.estates": 12,
    "run.weeks": 60,
    "run.warmup": 8,
    "coverage.strategy": "full",
    "coverage.start_week": 2,
    "services.volunteers": True,
    "couriers.riders": 60_000,
    "incidents.shock_rate": 0.05,
}
FROM, UNTIL = 20, 40
OWNERS = {kind.name: kind for kind in sim.GovernanceModel.components if kind.factors}
EVERY = [(owner, name) for owner, kind in OWNERS.items() for name in kind.factors]
ONE_BY_ONE = [pytest.param(*pair, marks=[] if pair == ("grievances", "push") else pytest.mark.slow) for pair in EVERY]


def touching(owner: str, name: str, factor: float, called: str) -> type[sim.Component]:
    """Return a mechanism of a user that multiplies one condition in twenty weeks."""

    class Touching(sim.Component, own=False):
        """One that touches."""

        steps = (sim.Step("touch", stage="policy", doc="a condition is touched"),)

        def touch(self) -> None:
            if FROM <= self.model.week < UNTIL:
                getattr(self.model, owner).multiply_inputs(**{name: factor})

    Touching.name = called
    return Touching


def lived(*components: type[sim.Component], weeks: int = UNTIL) -> sim.GovernanceModel:
    model = sim.GovernanceModel(sim.Scenario().replace(WORLD), seed=4, components=components)
    model.run(weeks=weeks, progress=False)
    return model


def same(first: sim.GovernanceModel, second: sim.GovernanceModel) -> bool:
    try:
        pd.testing.assert_frame_equal(first.outcomes, second.outcomes, check_exact=True)
    except AssertionError:
        return False
    return True


@pytest.fixture(scope="module")
def usual() -> sim.GovernanceModel:
    return lived()


@pytest.mark.parametrize(("owner", "name"), ONE_BY_ONE)
def test_two_who_touch_a_condition_multiply_and_neither_erases_the_other(
    owner: str, name: str, usual: sim.GovernanceModel
) -> None:
    """Factors of 8 and 1/2 are a factor of 4, in either order; of 8 and 1/8, nothing at all."""
    many, half, undone = (
        touching(owner, name, factor, called) for factor, called in ((8, "a"), (0.5, "b"), (1 / 8, "c"))
    )
    both = lived(many, half)
    assert same(both, lived(half, many)) and same(both, lived(touching(owner, name, 4.0, "d")))
    assert same(usual, lived(many, undone))
    assert not same(usual, both)
    np.testing.assert_array_equal(both.outcomes[:FROM], usual.outcomes[:FROM])


RISES: dict[tuple[str, str], Callable[[sim.GovernanceModel], float]] = {
    ("grievances", "push"): lambda model: model.outcomes.conflicts[FROM:].mean(),
    ("grievances", "talk"): lambda model: model.outcomes.reproduction.iloc[-1],
    ("voice", "odds"): lambda model: -model.outcomes.tolerated[FROM:].mean(),
    ("disputes", "patience"): lambda model: model.outcomes.withdrawn[FROM:].mean(),
    ("disputes", "agreement"): lambda model: model.outcomes.resolution_true[FROM:].mean(),
    ("private", "agreement"): lambda model: model.outcomes.self_settled_share[FROM:].mean(),
    ("desks", "meeting"): lambda model: -model.outcomes.reply_median[FROM:].mean(),
    ("hazards", "source"): lambda model: model.outcomes.hazards.iloc[-1],
    ("hazards", "lanes"): lambda model: (model.incidents.book.category[: model.incidents.book.size] == PARKING).sum(),
    ("collective", "stir"): lambda model: model.outcomes.stirred[FROM:].mean(),
    ("contracts", "repair"): lambda model: -model.contracts.deferred.mean(),
    ("committees", "attendance"): lambda model: model.outcomes.attendance.iloc[-1],
    ("volunteers", "response"): lambda model: model.outcomes.volunteers[FROM:].mean(),
    ("couriers", "care"): lambda model: model.outcomes.riders_safe.iloc[-1],
}
PARKING = CATEGORIES.index("parking")


@pytest.mark.parametrize(("owner", "name"), ONE_BY_ONE)
def test_each_condition_does_what_it_says(owner: str, name: str, usual: sim.GovernanceModel) -> None:
    rises = RISES[owner, name]
    assert rises(lived(touching(owner, name, 8.0, "a"))) > rises(usual)


def test_a_condition_holds_for_one_use_and_forks_copies_and_files_carry_it(tmp_path: Any) -> None:
    model = lived(weeks=10)
    model.grievances.multiply_inputs(push=3.0)
    model.volunteers.multiply_inputs(response=np.arange(12))
    model.save(tmp_path / "touched.npz")
    others = [model.fork(), copy.deepcopy(model), sim.GovernanceModel.load(tmp_path / "touched.npz")]
    for other in (model, *others):
        assert other.grievances.factor("push").tolist() == [3.0] * 12
        assert other.volunteers.factor("response").tolist() == list(range(12))
        other.run(weeks=1, progress=False)
        assert other.grievances.factor("push") is other.volunteers.factor("response") is None
    for other in others:
        other.run(weeks=3, progress=False)
    model.run(weeks=3, progress=False)
    assert all(same(model, other) for other in others)


def test_what_cannot_be_a_condition_is_refused() -> None:
    model = sim.GovernanceModel({"district.estates": 12}, seed=1)
    with pytest.raises(AttributeError, match="'pusch' of grievances is not for others to write. Did you mean"):
        model.grievances.multiply_inputs(pusch=1.0)
    with pytest.raises(AttributeError, match="is multiplied, with multiply_inputs"):
        model.grievances.set_inputs(push=1.0)
    with pytest.raises(sim.ComponentError, match=r"grievances.push has the shape \(12,\), and not \(3,\)"):
        model.grievances.multiply_inputs(push=[1.0, 2.0, 3.0])
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(sim.ComponentError, match="numbers of 0 or more"):
            model.grievances.multiply_inputs(push=wrong)
    assert model.grievances.factor("push") is None


TOUCHED: dict[str, tuple[Callable[[sim.GovernanceModel], None], str, str]] = {
    f"{owner}.{name}": (
        lambda model, owner=owner, name=name: getattr(model, owner).multiply_inputs(**{name: 1.0}),
        "",
        OWNERS[owner].used_in[name],
    )
    for owner, name in EVERY
} | {
    "noise": (lambda model: model.incidents.multiply_condition("noise", 1.0), "", "incidents.begin"),
    "targets": (lambda model: model.branches.add_to_inputs(extra_targets=0.0), "branches.open", "branches.staff"),
    "firm": (lambda model: model.desks.add_hours("firm", 0.0), "firms.serve", "disputes.handle"),
    "street": (lambda model: model.desks.add_hours("street", 0.0), "authorities.staff", "disputes.handle"),
}
"""How something of a week is touched, and between which lines; from the first line where there is none."""


@pytest.mark.parametrize("touched", TOUCHED)
def test_what_comes_too_late_in_a_week_or_too_early_is_refused(touched: str) -> None:
    """At each line of the week in turn: it is taken exactly between the two."""
    touch, first, last = TOUCHED[touched]
    model = sim.GovernanceModel({"district.estates": 4}, seed=1)
    names, answers = model.agenda.names, {}

    def try_it(line: str) -> Callable[[], None]:
        def tried() -> None:
            try:
                touch(model)
            except sim.ComponentError as error:
                answers[line] = str(error)

        return tried

    for line in names:
        model.agenda.add(f"before {line}", try_it(line), doc="somebody tries", before=line)
    touch(model)  # between two weeks
    model.step()
    early = names[: names.index(first) + 1] if first else []
    late = names[names.index(last) + 1 :]
    assert list(answers) == [*early, *late]
    assert all(f'after="{first}"' in answers[line] and "would be lost" in answers[line] for line in early)
    assert all(f'before="{last}"' in answers[line] for line in late)
    assert all(f'"before {line}" must stand before it' in answers[line] for line in late)


def test_each_condition_is_used_in_the_line_that_is_named_for_it() -> None:
    """Taken away in that line, and not in an earlier one."""
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (?:multiplies|adds) \| .+? \| (.+?) \|", page, re.M)
    named = {(owner, name): re.findall(r"`([\w.]+)`", lines)[0] for owner, name, lines in rows}
    used = {(kind.name, name): line for kind in sim.GovernanceModel.components for name, line in kind.used_in.items()}
    assert named == used and {(owner, name) for owner, name in EVERY} <= set(used)


@pytest.mark.parametrize(
    ("category", "factor", "words"),
    [
        (
            "noise",
            -2,
            'incidents.conditions["noise"] takes numbers of 0 or more, one for all or of the',
        ),
        ("noise", np.nan, "the shape (12,); not nan."),
        ("noise", [1.0] * 11 + [np.inf], "not inf."),
        ("noise", [1.0, 2.0], 'incidents.conditions["noise"] has the shape (12,), and not (2,).'),
        ("noise", "twice", "not 'twice'."),
        (99, 1.0, "Unknown category 99. Choose from: service,"),
        (-1, 1.0, "Unknown category -1. Choose from: service,"),
        (True, 1.0, "Unknown category True."),
        ("nois", 1.0, 'Unknown category "nois". Did you mean "noise"?'),
    ],
)
def test_an_impossible_factor_of_causes_changes_nothing(category: Any, factor: Any, words: str) -> None:
    incidents = sim.GovernanceModel({"district.estates": 12}, seed=1).incidents
    before = incidents.conditions.copy()
    with pytest.raises(sim.ComponentError, match=re.escape(words)):
        incidents.multiply_condition(category, factor)
    np.testing.assert_array_equal(incidents.conditions, before)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: m.disputes.multiply_inputs(agreement="a"), "disputes.agreement takes numbers of 0 or more"),
        (
            lambda m: m.committees.set_inputs(guidance=[1, 2]),
            "committees.guidance has the shape (12,), and not (2,)",
        ),
        (lambda m: m.branches.add_to_inputs(asked_rights=np.nan), "branches.asked_rights takes numbers, one"),
        (lambda m: m.desks.set_hours("firm", -1.0), 'desks.hours["firm"] takes numbers of 0 or more'),
        (lambda m: m.desks.set_hours("firm", "many"), "not 'many'"),
        (lambda m: m.desks.add_hours("firm", np.ones(3)), 'desks.hours["firm"] has the shape (12,), and not (3,)'),
    ],
)
def test_what_is_no_number_for_a_mechanism_is_refused_by_name(
    call: Callable[[sim.GovernanceModel], None], words: str
) -> None:
    with pytest.raises(sim.ComponentError, match=re.escape(words)):
        call(sim.GovernanceModel({"district.estates": 12}, seed=1))


def test_odds_of_nothing_close_a_channel() -> None:
    model = lived(weeks=12)
    model.voice.multiply_inputs(odds=np.zeros((7, 1)))
    model.run(weeks=1, progress=False)
    week = model.outcomes.iloc[-1]
    assert week.filed == week.self_begun == 0.0 and week.tolerated > 0.0


def test_the_page_on_extending_lists_what_others_may_touch() -> None:
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| multiplies \| (.+?) \|", page, re.M)
    assert [(owner, name) for owner, name, _ in rows] == EVERY
    assert [meaning for *_, meaning in rows] == [OWNERS[owner].factors[name] for owner, name in EVERY]
    assert {name for name, own in re.findall(r"`(\w+)` \| (adds)", page)} == {
        name for kind in sim.GovernanceModel.components for name in kind.weekly
    }
