"""An outcome is declared in one place, and what is declared is what is measured."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from experiments.cli.reference import outcomes_page
from experiments.core.statistics import measures
from experiments.reporting.words import noun, unit
from sim import GovernanceModel, Scenario
from sim.outcomes import COLUMNS, DEFINITIONS, record
from sim.outcomes.definitions import TABLE, measured_by, read_definitions, registry
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
    with pytest.raises(LookupError, match="couriers measures riders_safe; its outcomes are"):
        model.step()


def test_a_number_that_a_component_has_is_an_outcome_by_its_declaration_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its attribute or method of that name, beside what `measures` returns, or without one."""
    model = sim.GovernanceModel({"district.estates": 12}, seed=1)
    model.run(weeks=3)

    def declare(component: str, *names: str) -> None:
        kind = type(getattr(model, component))
        monkeypatch.setattr(kind, "outcomes", (*kind.outcomes, *map(sim.Outcome, names)))

    for component, names in {"couriers": ("paid", "handled"), "branches": ("covered",), "residents": ("size",)}.items():
        own = getattr(model, component)
        declare(component, *names)
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
    declare("residents", "grievance")
    monkeypatch.setitem(record._OFF, "residents", {"grievance": 0.0})
    with pytest.raises(sim.ComponentError, match='outcome "grievance" must be one number a week'):
        model.record.measured("residents")
    declare("residents", "joy")
    monkeypatch.setitem(record._OFF, "residents", {"joy": 0.0})
    with pytest.raises(LookupError, match="residents measures nothing; its outcomes are joy"):
        model.record.measured("residents")


def test_two_mechanisms_cannot_measure_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sim.GovernanceModel.components[0], "outcomes", (sim.Outcome("filed"), sim.Outcome("early_seen"))
    )
    with pytest.raises(ValueError, match="two outcomes have one name: filed, early_seen"):
        registry(sim.GovernanceModel.components)


ADDED = """
        Outcome(
            "careless_riders",
            unit="riders",
            unit_zh="名",
            better="lower",
            label="careless riders",
            zh="不守规骑手",
            off=0,
            measure="count_careless",
            meaning="riders who ride without care",
        ),
    )
"""
COUNTED = """
    def count_careless(self) -> int:
        \"\"\"Riders who ride without care.\"\"\"
        return self.size - int(np.count_nonzero(self.safe))

    def measures("""
LOOK = """
import sim
from experiments.cli.reference import outcomes_page
from experiments.core.statistics import measures
from experiments.reporting.words import noun, unit

name = "careless_riders"
model = sim.GovernanceModel({"district.estates": 12, "couriers.enabled": True}, seed=1)
model.run(weeks=2)
careful = model.outcomes.riders_safe * len(model.couriers)
assert (model.outcomes[name] + careful - len(model.couriers)).abs().max() < 1e-9 < model.outcomes[name].min()
names = list(sim.outcomes.COLUMNS)
assert names.index(name) == names.index("reports_handled") + 1 and "filed" in names
assert sim.outcomes.describe().loc[name, "label"] == "careless riders"
assert sim.outcomes.describe("zh").loc[name, "unit"] == unit(name, "zh") == "\u540d"
assert (noun(name).name, measures.better(name)) == ("careless riders", "lower")
assert "| `careless_riders` |" in outcomes_page(sim.outcomes.DEFINITIONS.values())
print(sim.__file__)
"""


def test_a_column_more_of_a_mechanism_is_one_file_changed(tmp_path: Path) -> None:
    """A copy of the model in which the couriers' file alone is another has the column wherever columns are read."""
    for package in ("sim", "experiments"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    file = tmp_path / "sim" / "stakeholders" / "couriers" / "couriers.py"
    text = file.read_text(encoding="utf-8")
    assert text.count("\n    )\n    steps") == text.count("\n    def measures(") == 1
    text = text.replace("\n    )\n    steps", f"{ADDED}    steps").replace("\n    def measures(", COUNTED)
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


def test_a_unit_that_the_model_has_needs_no_chinese_of_ones_own() -> None:
    from sim import Outcome
    from sim.outcomes.definitions import definitions_of

    known = definitions_of([Outcome("festivals", unit="estates"), Outcome("songs", unit="songs sung")])
    assert known["festivals"].unit_zh == "\u4e2a\u5c0f\u533a"
    assert known["songs"].unit_zh == "songs sung"
