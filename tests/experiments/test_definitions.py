"""An outcome is declared in one place, and what is declared is what is measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from experiments.cli.reference import outcomes_page
from experiments.core.statistics import measures
from experiments.reporting.words import noun, unit
from sim import GovernanceModel, Scenario
from sim.outcomes import COLUMNS, DEFINITIONS, record
from sim.outcomes.definitions import TABLE, measured_by, read_definitions
from sim.outcomes.outcome_columns import MEASURING
from tests.support.repository import ROOT

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_what_components_measure_is_what_is_declared_of_them() -> None:
    world = (
        Scenario()
        .with_everything_on()
        .replace(
            {
                "district.estates": 6,
                "run.warmup": 2,
                "run.weeks": 60,
                "coverage.strategy": "full",
                "emergency.start_week": 10,
            }
        )
    )
    model = GovernanceModel(world, rng=3)
    measured: dict[str, set[str]] = {component: set() for component in MEASURING}
    for _ in range(60):
        model.step()
        for component, names in measured.items():
            names.update(getattr(model, component).measures())
    assert measured == {component: set(measured_by(component)) for component in MEASURING}
    assert {one.component for one in DEFINITIONS.values()} == {*MEASURING, "record", "spread", "index"}


def test_every_outcome_has_words_in_both_languages_and_one_translation_of_its_unit() -> None:
    translated: dict[str, set[str]] = {}
    for one in DEFINITIONS.values():
        assert CHINESE.search(one.label_zh) and not CHINESE.search(one.label + one.meaning), one.name
        translated.setdefault(one.unit, set()).add(one.unit_zh)
        assert (noun(one.name), noun(one.name, "zh").name) == ((one.label, one.plural), one.label_zh)
        assert (unit(one.name), unit(one.name, "zh")) == (one.unit, one.unit_zh)
        assert (measures.better(one.name), measures.unit(one.name)) == (one.better, one.unit)
        assert not re.search(r"^(of these|the same)|of the same$", one.meaning), "a meaning stands alone"
    assert all(len(words) == 1 for words in translated.values()), translated
    assert all(COLUMNS[name] == (DEFINITIONS[name].unit, DEFINITIONS[name].meaning) for name in COLUMNS)


def test_what_a_user_adds_has_its_own_name_no_unit_and_no_better_side() -> None:
    assert (noun("hours_of_mine").name, unit("hours_of_mine"), measures.better("hours_of_mine")) == (
        "hours of mine",
        "",
        "neither",
    )


def test_the_page_of_outcomes_is_what_the_command_makes() -> None:
    page = (ROOT / "docs" / "outcomes.md").read_text(encoding="utf-8")
    assert page == outcomes_page(DEFINITIONS.values()), "run: make parameters"


def test_a_table_with_a_mistake_is_refused(tmp_path: Path) -> None:
    good = TABLE.read_text(encoding="utf-8")
    head, first, *_ = good.splitlines()
    for wrong in (
        f"{head}\n{first}\n{first}\n",
        f"{head}\n{first.replace(',lower,', ',down,')}\n",
        f"{head}\n{first.replace(',yes,', ',maybe,')}\n",
        f"{head}\n{first.replace('纠纷', '')}\n",
        f"{head}\n{first},more\n",
    ):
        path = tmp_path / "outcome_definitions.csv"
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"definitions\.csv, conflicts"):
            read_definitions(path)


def test_the_command_shows_outcomes_by_the_beginning_of_their_names(gongzhi) -> None:
    status, out, _ = gongzhi("outcomes", "trust_firm")
    assert status == 0 and [line.split()[0] for line in out.splitlines()] == [
        "trust_firm",
        "trust_firm_p10",
        "trust_firm_gini",
    ]
    status, _, err = gongzhi("outcomes", "trust_firm", "--out", "page.md")
    assert status == 2 and "all outcomes" in err
    status, _, err = gongzhi("outcomes", "conflict_s")
    assert status == 2 and 'Did you mean "conflicts"' in err


def test_a_component_that_forgets_what_it_declares_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mechanism that is on and leaves a column out would have recorded nothing at all in silence."""
    model = GovernanceModel(Scenario().replace({"district.estates": 2}), rng=1)
    monkeypatch.setattr(type(model.couriers), "measures", lambda _: {"riders_safe": 0.5})
    with pytest.raises(LookupError, match="couriers measures riders_safe; outcome_definitions.csv has"):
        model.step()


def test_a_number_that_a_component_has_is_an_outcome_by_a_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its attribute or method of that name, beside what `measures` returns, or without one."""
    model = sim.GovernanceModel({"district.estates": 12}, seed=1)
    model.run(weeks=3)
    for component, names in {"couriers": ("paid", "handled"), "branches": ("covered",), "residents": ("size",)}.items():
        own = getattr(model, component)
        usual = own.measures() if hasattr(own, "measures") else {}
        off = dict.fromkeys((*usual, *names), 0.0)
        monkeypatch.setitem(record._OFF, component, off)
        monkeypatch.setitem(record._NAMES, component, tuple(off))
        expected = [getattr(own, name) for name in names]
        found = model.record.measured(component)
        assert found == usual | {
            name: value() if callable(value) else value for name, value in zip(names, expected, strict=True)
        }
        assert all(type(value) is float for value in found.values()) and found.keys() == off.keys()
    monkeypatch.setitem(record._OFF, "residents", {"grievance": 0.0})
    with pytest.raises(sim.ComponentError, match='outcome "grievance" must be one number a week'):
        model.record.measured("residents")
    monkeypatch.setitem(record._OFF, "residents", {"joy": 0.0})
    with pytest.raises(LookupError, match="residents measures nothing; outcome_definitions.csv has joy"):
        model.record.measured("residents")
