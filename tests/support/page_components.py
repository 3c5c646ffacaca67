"""The components that the page on extending the model shows: files of their own there, with a script below each."""

from __future__ import annotations

import re
import sys
import types
from functools import cache

import pytest

import sim
from tests.support.repository import ROOT

__all__ = ["EXAMPLES", "component_of", "forget", "source_of"]

EXAMPLES = {"festivals": "Festivals", "mediation_charity": "MediationCharity", "riders_clubs": "Clubs"}
"""Classes of the page by the titles of its files."""


def source_of(title: str) -> str:
    """Return an example of the page without the script that shows it."""
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    whole = page.split(f'```python title="{title}.py"\n')[1].split("\n```")[0]
    return re.split(r"\n(?:model|scenario) = ", whole)[0]


@cache
def component_of(title: str) -> type[sim.Component]:
    """Return the component of an example, whose module pickles find."""
    module = types.ModuleType(title)
    sys.modules[title] = module
    exec(source_of(title), vars(module))
    kind: type[sim.Component] = vars(module)[EXAMPLES[title]]
    return kind


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be one that knows no component of a user."""
    for name in (
        "experiments.core.design.user_strategies._loaded",
        "sim.component._OWN",
        "sim.outcomes.definitions._OWN",
    ):
        monkeypatch.setattr(name, {})
