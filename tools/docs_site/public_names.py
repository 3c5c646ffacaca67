"""The public names of Gongzhi: how the site documents each, and which pages list them."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any, Final

from tools.docs_site.page_tree import ROOT

PAGES: Final = ("docs/api-model.md", "docs/api-laboratory.md")


def listed() -> list[str]:
    """Return the names that the pages list in their tables."""
    texts = ((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    return [name for text in texts for name in re.findall(r"^\| `([\w.]+)`", text, re.MULTILINE)]


def public() -> list[str]:
    """Return the names that the packages declare as theirs."""
    import experiments
    import sim

    return [f"{package.__name__}.{name}" for package in (sim, experiments) for name in package.__all__]


def found(name: str) -> Any:
    """Return what a dotted name stands for."""
    module, _, last = name.rpartition(".")
    return getattr(importlib.import_module(module), last)


def directives(names: Iterable[str]) -> list[str]:
    """Return the directive by which Sphinx shows the docstring of each name."""
    return [_directive(name) for name in names]


def _directive(name: str) -> str:
    what = found(name)
    if isinstance(what, ModuleType):
        return f".. automodule:: {name}\n   :members:"
    if not inspect.isclass(what):
        return f".. autofunction:: {name}"
    if issubclass(what, BaseException) or _is_agent(what):
        return f".. autoclass:: {name}\n   :show-inheritance:"
    return f".. autoclass:: {name}\n   :members:\n   :show-inheritance:"


def _is_agent(what: type) -> bool:
    """Whether it is one of the model's own agents, whose columns stand in its docstring."""
    import sim

    return issubclass(what, sim.Agent) and what is not sim.Agent
