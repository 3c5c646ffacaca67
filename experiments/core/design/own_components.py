"""Components of a user's own that a scenario carries: their part in the key of a run, and in what a folder says.

The key contains a hash of what each component does, as it does of a strategy of the user's own.  A folder describes the
parameters and outcomes of the components, so that it is read where these are not at hand: stand-ins that are made of
the description declare the same and do nothing.
"""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any, ClassVar, Final

from pydantic import create_model

from experiments.core.design.user_strategies import Plugin, plugin_of
from experiments.core.environment import code_hash, digest
from experiments.core.log import log
from sim import GovernanceModel, Scenario
from sim.component import Component, Outcome, own_components, source_of
from sim.core.errors import AgendaError, ComponentError, GongzhiError, StoreError
from sim.parameters.parameter import Section, facts_of, kind_of, parameter

KINDS: Final[dict[str, type]] = {"float": float, "int": int, "bool": bool, "str": str}
"""Types of parameters."""

_LIBRARIES: Final = ("sim", "builtins", "mesa", "pydantic", "abc", "typing")
"""Packages whose classes are no user's own."""


class StandIn(Component, own=False):
    """What stands for a component that is not at hand: it has its parameters and outcomes, and cannot be run."""

    code: ClassVar[str] = ""
    source: ClassVar[str] = ""


def hash_of_component(component: type[Component]) -> str:
    """Hash what a component does; one of a plugin stands for its whole file, whose helpers it may call."""
    if issubclass(component, StandIn):
        return component.code
    kinds = [*component.__mro__, getattr(component, "Parameters", None), getattr(component, "agent", None)]
    own = [kind for kind in kinds if kind is not None and kind.__module__.partition(".")[0] not in _LIBRARIES]
    return plugin_of(component) or digest(*map(_hash_of_class, own), json.dumps(_parameters(component)))[:12]


def _hash_of_class(kind: type) -> str:
    """Hash what a class does; of its methods and plain values where its source cannot be read, as in a notebook."""
    try:
        inspect.getsource(kind)
    except (OSError, TypeError):
        parts = []
        for name, held in vars(kind).items():
            part = getattr(held, "fget", None) or getattr(held, "__func__", held)
            if isinstance(part, FunctionType) and (not name.startswith("__") or isinstance(held, FunctionType)):
                parts.append((name, code_hash(part)))
            elif isinstance(part, str | int | float | list | tuple) and not name.startswith("__"):
                parts.append((name, repr(part)))
        return digest(repr(sorted(parts)))
    return code_hash(kind)


def version_with(version: str, components: Iterable[type[Component]]) -> str:
    """Name the version of a model with components, which is that of the model alone where there are none."""
    own = ", ".join(f"{component.name}:{hash_of_component(component)}" for component in components)
    return f"{version} with {own}" if own else version


def components_in(plugin: str | Path) -> tuple[type[Component], ...]:
    """Load a plugin and return its components."""
    code = Plugin.read(plugin)
    code.load()
    return code.components


def with_plugin(scenario: Any, plugin: str | Path) -> Any:
    """Load a plugin; return the scenario that is meant, with its components: None where there are none and none is.

    Each component takes the place of another version of itself.
    """
    components = components_in(plugin)
    if not isinstance(scenario, Scenario):
        return scenario if not components else Scenario.including(*components).of(scenario)
    if set(components) <= set(scenario.components):
        return scenario
    names = {component.name for component in components}
    kept = [component for component in scenario.components if component.name not in names]
    usual = type(scenario).shipped.including(*kept, *components)()
    known = usual.values()
    return usual.replace({name: value for name, value in scenario.values().items() if name in known})


def require_sound(scenario: Scenario) -> None:
    """Raise the error that says how components of a user's own are declared in a way that no model can use.

    A small model is made of them, so that it is said once and before anything is run or written.  What fails there for
    a reason of the code's own may depend on the ground: that is left to the runs.
    """
    at_hand = scenario.components and not any(issubclass(component, StandIn) for component in scenario.components)
    if at_hand and (error := _unsound(type(scenario))) is not None:
        raise error


@lru_cache(maxsize=64)
def _unsound(kind: type[Scenario]) -> GongzhiError | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            GovernanceModel(kind().replace({"district.estates": 3}), rng=1)
    except (ComponentError, AgendaError) as error:
        return error
    except Exception as error:
        log.debug(f"The components cannot be tried on a small ground: {error}")
    return None


def record_of(components: Iterable[type[Component]]) -> dict[str, dict[str, Any]]:
    """Describe components by name, as plain data of which stand-ins can be made."""
    return {
        component.name: {
            "code": hash_of_component(component),
            "source": getattr(component, "source", "") or source_of(component),
            "section": component.section,
            "parameters": _parameters(component),
            "outcomes": [asdict(outcome) for outcome in component.outcomes],
            **({"zh": dict(component.zh)} if component.zh else {}),
        }
        for component in components
    }


def _parameters(component: type[Component]) -> dict[str, Any] | None:
    own: type[Section] | None = getattr(component, "Parameters", None)
    if own is None:
        return None
    described = {}
    for name, field in own.model_fields.items():
        kind, optional = kind_of(field)
        first = {"type": kind.__name__, "optional": optional, "default": field.default}
        described[name] = {**first, **facts_of(field), "doc": field.description}
    return described


def recorded(records: Mapping[str, Mapping[str, Any]]) -> tuple[type[Component], ...]:
    """Return the components that a folder describes: what is at hand and does the same, or a stand-in."""
    return tuple(
        next((kind for kind in own_components(name) if hash_of_component(kind) == record["code"]), None)
        or _stand_in(name, json.dumps(record))
        for name, record in records.items()
    )


@lru_cache(maxsize=256)
def _stand_in(name: str, text: str) -> type[Component]:
    """Make the stand-in of a description: one for each, so that what is read twice is equal."""
    record = json.loads(text)
    declared: dict[str, Any] = {key: record[key] for key in ("section", "code", "source")}
    declared |= {"__module__": __name__, "name": name, "zh": record.get("zh", {})}
    declared["outcomes"] = tuple(Outcome(**outcome) for outcome in record["outcomes"])
    if record["parameters"] is not None:
        fields: dict[str, Any] = {}
        for field, facts in record["parameters"].items():
            kind, optional, sweep = KINDS[facts.pop("type")], facts.pop("optional"), facts.pop("sweep")
            whole = None if None in sweep else tuple(sweep)
            fields[field] = (kind | None if optional else kind, parameter(facts.pop("default"), sweep=whole, **facts))
        declared["Parameters"] = create_model("Parameters", __base__=Section, **fields)
    return type(name, (StandIn,), declared, own=False)


def require_at_hand(components: Iterable[type[Component]], folder: Path) -> None:
    """Raise the error that names a component, and its file, that runs need and that is not at hand."""
    for component in components:
        if issubclass(component, StandIn):
            source = component.source or "a notebook"
            raise StoreError(
                f'{folder} was made with the component "{component.name}" of {source}, without which nothing more can '
                f"be run: give its file with --plugin (plugin= in Python), or import it before the folder is opened."
            )
