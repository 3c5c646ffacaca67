"""Numbers that docs/model.md quotes as what the running model does, beside what it does today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from sim import GovernanceModel, Scenario
from tests.support.repository import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "model.md"
YEAR = 52


def quoted(sentence: str) -> list[float]:
    """The numbers that a sentence of the page quotes, where `#` stands for a number and a blank for any white space."""
    pattern = r"([0-9]*\.?[0-9]+)".join(map(re.escape, sentence.split("#"))).replace(r"\ ", r"\s+")
    found = re.search(pattern, PAGE.read_text(encoding="utf-8"))
    assert found, f"docs/model.md does not say: {sentence}"
    return [float(text) for text in found.groups()]


@cache
def lived(changes: tuple[tuple[str, object], ...], rng: int = 1) -> GovernanceModel:
    model = GovernanceModel(Scenario().replace(dict(changes)), rng=rng)
    model.run(progress=False)
    return model


def late(model: GovernanceModel, column: str, weeks: int = YEAR) -> float:
    return float(model.outcomes[column].iloc[-weeks:].mean())


# What firms do under a branch that evaluates (M10) ------------------------------------------------------

EVALUATED: Mapping[str, object] = {
    "district.estates": 60,
    "district.members_rate": 0.02,
    "coverage.strategy": "full",
    "empowerment.enabled": True,
    "empowerment.micro_projects": False,
    "empowerment.awards": False,
    "empowerment.capture": 0.0,
    "empowerment.weight": 1.0,
}


def table_of_efforts() -> dict[tuple[float, float | None], float]:
    """The page's table: firms' prior worth and visible share (None: no right), and invisible effort."""
    shares = (None, 0.3, 0.6, 0.85, 0.95)
    rows = re.findall(r"^\| (10\^6|[0-9]+)[^|]*\|((?: 0\.[0-9]+ \|){5})$", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(rows) == 3
    return {
        (float(prior.replace("10^6", "1e6")), share): float(cell)
        for prior, cells in rows
        for share, cell in zip(shares, cells.split("|"), strict=False)
    }


@pytest.mark.parametrize(("place", "expected"), table_of_efforts().items(), ids=str)
def test_invisible_effort_under_an_evaluating_branch(place: tuple[float, float | None], expected: float) -> None:
    prior, share = place
    changes = {**EVALUATED, "firms.prior_strength": prior}
    changes |= {"empowerment.enabled": False} if share is None else {"empowerment.visible_share": share}
    found = np.mean([late(lived(tuple(changes.items()), rng), "effort_invisible") for rng in (1, 2, 3)])
    assert found == pytest.approx(expected, abs=0.002)


# What supervision does at the defaults (M14) ------------------------------------------------------------


def supervised(strategy: str, enabled: bool = True) -> GovernanceModel:
    return lived((("coverage.strategy", strategy), ("supervision.enabled", enabled)))


def test_supervision_at_the_defaults() -> None:
    alone, full = quoted("an estate is inspected # times a quarter without branches and # times under full coverage")
    fine, more, usual, effort, with_branches, *resolution = quoted(
        "pF rises by # and #, invisible effort from # to # and #, "
        "reported resolution to # and # while true resolution is # and #"
    )
    without, there = supervised("none"), supervised("full")
    reported, true = resolution[:2], resolution[2:]
    for place, (model, often, rise, invisible) in enumerate(
        ((without, alone, fine, effort), (there, full, more, with_branches))
    ):
        estates = model.district.estates
        assert 13 * late(model, "inspections") / estates == pytest.approx(often, abs=0.06)
        assert model.contracts.extra_fine[model.contracts.present].mean() == pytest.approx(rise, abs=0.006)
        assert late(model, "effort_invisible") == pytest.approx(invisible, abs=0.006)
        assert late(model, "resolution_reported") == pytest.approx(reported[place], abs=0.006)
        assert late(model, "resolution_true") == pytest.approx(true[place], abs=0.006)
    assert late(supervised("none", False), "effort_invisible") == pytest.approx(usual, abs=0.006)


# Couriers (M12) and micro-projects (M10) ----------------------------------------------------------------


def test_couriers_at_the_defaults() -> None:
    (share,) = quoted("a district without a policy is at rest (#")
    low, high = quoted("single estates lie between # and # (5 % and 95 %)")
    reports, services = quoted("reports remove more hazards (Z #) than services do (#)")
    usual = lived((("run.weeks", 172),))
    assert usual.couriers.usual_share == pytest.approx(share, abs=0.006)
    # Averaged over households, in the district and week by week, hazards are the usual ones.
    weights = usual.district.households / usual.district.households.sum()
    assert np.quantile(usual.hazards.charging, (0.05, 0.95)) == pytest.approx((low, high), abs=0.012)
    assert float(weights @ usual.hazards.charging) == pytest.approx(1.0, abs=0.004)
    for lever, expected in (("reporting", reports), ("services", services)):
        model = lived(((f"couriers.{lever}", True),))
        assert late(model, "hazards") == pytest.approx(expected, abs=0.006)


def test_a_micro_project_costs_what_is_said() -> None:
    (thousands,) = quoted("With the defaults the model pays about #,000 yuan a project")
    model = lived((("coverage.strategy", "full"), ("empowerment.enabled", True)))
    projects = model.micro_projects
    to_come = float(projects.left @ projects.price)
    spent = float(model.outcomes["projects_yuan"].sum())
    assert (spent + to_come) / projects.begun.sum() == pytest.approx(1000 * thousands, rel=0.03)
