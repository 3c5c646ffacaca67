"""The table of evidence: well formed, and of parameters that can be found.

What the table says is what the code has: default, range and status.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

import pytest

import sim
from sim.parameters.parameter import facts_of
from tests.support.repository import ROOT

DOCS: Final = ROOT / "docs"
TABLES: Final[list[dict[str, Any]]] = tomllib.loads((DOCS / "evidence.toml").read_text("utf-8"))["parameter"]
CHANGES: Final = {"default", "range", "status", "source"}


def _declared(name: str) -> dict[str, Any] | None:
    section, _, field = name.partition(".")
    whole = type(sim.Scenario()).model_fields
    fields = type(getattr(sim.Scenario(), section)).model_fields if section in whole else {}
    return facts_of(fields[field]) if field in fields else None


def test_no_parameter_stands_twice() -> None:
    names = [one["name"] for one in TABLES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("one", TABLES, ids=lambda one: str(one["name"]))
def test_evidence_is_well_formed_and_within_the_limits_of_the_code(one: dict[str, Any]) -> None:
    assert one["low"] <= one["default"] <= one["high"]
    assert one["status"] in ("study", "data", "literature", "assumed")
    assert one["source"].strip() and "from memory" not in one["source"]
    assert one["change"] and set(one["change"]) <= CHANGES
    facts = _declared(one["name"])
    assert facts is not None or one.get("new"), "no such parameter, and not marked as new"
    if facts is not None:
        assert facts["low"] <= one["low"] and one["high"] <= facts["high"]


@pytest.mark.parametrize("one", TABLES, ids=lambda one: str(one["name"]))
def test_the_code_has_taken_over_what_the_evidence_says(one: dict[str, Any]) -> None:
    section, _, field = one["name"].partition(".")
    facts = _declared(one["name"])
    assert facts is not None and getattr(getattr(sim.Scenario(), section), field) == one["default"]
    assert tuple(facts["sweep"]) == (one["low"], one["high"]) and facts["status"] == one["status"]


def test_every_source_that_is_cited_is_listed() -> None:
    page = (DOCS / "evidence.md").read_text("utf-8")
    body, _, sources = page.partition("\n## Sources")
    listed = {int(number) for number in re.findall(r"(?:^|\. |\) |\s)(\d{1,2})[a-d]? [A-Z\"*a-z]", sources)}
    for text in (body, *(one["source"] for one in TABLES)):
        for cited in re.findall(r"docs/evidence\.md, ([\d, a-z]+)\)", text):
            assert {int(number) for number in re.findall(r"\d+", cited)} <= listed, cited
