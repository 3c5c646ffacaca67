"""A command made from the spec of an analysis: its fields are the options, its docstring is their help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import make_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from experiments.cli import options
from experiments.cli.options import option
from experiments.cli.present import carry_out
from experiments.core.spec import Spec

__all__ = ["command_of"]

METAVARS: dict[type, str | None] = {int: "N", float: "X", str: "NAME", bool: None}
"""Kinds of values that can be typed, and what stands for them."""


def command_of(spec: type[Spec]) -> Callable[..., int]:
    """Return the command that runs an analysis.

    Raises
    ------
    TypeError
        A field without a default cannot be typed: the analysis needs a command of its own.
    """
    own = make_dataclass("Own", [*_options(spec), ("seed", options.Seed, 1)], frozen=True)

    def command(own: Any, world: options.World, runs: options.Retrying, output: options.Output) -> int:
        fields = options.fields_of(spec, own, scenario=world.to_scenario(world.shortcuts), district=world.ground)
        return carry_out(spec.of(fields), output.running(spec.analysis, runs), output)

    command.__doc__ = (inspect.getdoc(spec) or "").partition("\n\n")[0]
    command.__annotations__ |= {"own": own}
    return command


def _options(spec: type[Spec]) -> list[tuple[str, Any, Any]]:
    """Return name, kind and declaration of each field that can be typed and that not every spec has."""
    texts, entries = _attributes(inspect.getdoc(spec) or ""), list[tuple[str, Any, Any]]()
    for name, declared in spec.model_fields.items():
        if name in Spec.model_fields:
            continue
        required = declared.is_required()
        kind: Any = declared.annotation
        if get_origin(kind) in (UnionType, Union):
            kind = next(part for part in get_args(kind) if part is not type(None))
        several = get_origin(kind) is tuple
        value = get_args(kind)[0] if several else kind
        value = get_args(value)[0] if get_origin(value) is Annotated else value
        if value not in METAVARS:
            if required:
                raise TypeError(f"{spec.__name__}.{name} cannot be typed: the analysis needs a command of its own")
            continue
        text = texts.get(name, "") + " May be given again." * several
        usual = None if required else declared.get_default(call_default_factory=True)
        if usual is not None and not isinstance(usual, bool) and usual != ():  # 1 equals True
            text += f" [default: {', '.join(map(str, usual)) if several else usual}]"
        kind = list[value] if several else value  # type: ignore[valid-type]
        default = ... if required else bool(usual) if value is bool else None
        names = [f"--{name.replace('_', '-')}/--no-{name.replace('_', '-')}"] if usual is True else []
        declaration = option(text, METAVARS[value], *names, default=default)
        entries.append((name, kind | None if default is None else kind, declaration))
    return entries


def _attributes(text: str) -> dict[str, str]:
    """Read the descriptions of attributes from a docstring in NumPy's style."""
    section = text.partition("Attributes\n----------\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^(\S.*)\n((?:[ \t]+.*\n?)+)", section, re.MULTILINE)
    return {name: " ".join(words.split()) for names, words in entries for name in names.split(", ")}
