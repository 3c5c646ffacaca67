"""Commands as Typer takes them: groups of options become parameters, and a spec's fields become a group.

What an option says stands at the field (`experiments.core.option`), its default and what is allowed in the spec.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import partial
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer

from experiments.cli.options import Entries, Output, Retrying, World
from experiments.cli.present import carry_out
from experiments.core.option import Option, option_of
from experiments.registry import KINDS, load

if TYPE_CHECKING:
    from experiments.core.spec import Spec

METAVARS: dict[type, str | None] = {int: "N", float: "X", str: "NAME", bool: None}
"""Kinds of values that can be typed, and what stands for them."""

QUICK = "quick"
FRESH = {"confirm": "replicates afterwards", "few": "parameters that pass", "warmup": "weeks of warm-up"}
"""Sizes whose names are no nouns."""


def command_of(kind: str) -> Callable[..., int]:
    """Return the command that runs an analysis: fields of its spec are the options, its docstring is the help."""
    spec: type[Spec] = load(KINDS[kind].spec)
    for name, declared in spec.model_fields.items():
        if declared.is_required() and option_of(declared.metadata) is None:
            raise TypeError(f"{spec.__name__}.{name} has no option: the analysis needs a command of its own")

    def command(own: Entries, world: World, runs: Retrying, output: Output) -> int:
        fields = own.fields(scenario=world.to_scenario(world.sized(own.size, own.quick)), district=world.ground)
        return carry_out(spec.of(fields), output.running(kind, runs, own.quick), output)

    command.__doc__ = (inspect.getdoc(spec) or "").partition("\n\n")[0]
    command.__annotations__["own"] = Annotated[Entries, kind]
    return command


def grouped(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Let a command take its options in groups; an argument that may be None, or a switch, need not be given.

    Examples
    --------
    >>> def shown(output: Output) -> int:
    ...     return 0
    >>> list(inspect.signature(grouped(shown)).parameters)
    ['out', 'lang', 'quiet', 'xlsx']
    """
    flat, groups = dict[str, inspect.Parameter](), dict[str, tuple[list[str], Callable[..., Any]]]()
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in inspect.signature(command).parameters.items():
        kind: Any = hints[name]
        bare, make = _bare(kind), kind
        if bare is Entries:
            spec = load(KINDS[get_args(kind)[1]].spec)
            parts, make = list(_of_spec(spec)), partial(_entries, spec)
        elif is_dataclass(kind):
            inner = get_type_hints(kind, include_extras=True)
            parts = [_parameter(part.name, inner[part.name], part.default) for part in fields(kind)]
        else:
            unsaid = None if type(None) in get_args(bare) else False if bare is bool else parameter.empty
            default = unsaid if parameter.default is parameter.empty else parameter.default
            flat[name] = _parameter(name, kind, default)
            continue
        flat |= {part.name: part for part in parts}
        groups[name] = [part.name for part in parts], make

    def run(**given: Any) -> int | None:
        own = {name: make(**{part: given.pop(part) for part in parts}) for name, (parts, make) in groups.items()}
        return command(**given, **own)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {name: parameter.annotation for name, parameter in flat.items()}
    run.__signature__ = inspect.Signature(list(flat.values()))  # type: ignore[attr-defined]
    return run


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    """Return a parameter as Typer takes it, an option by its own name, without an opposite, its default in its help."""
    if (words := option_of(get_args(kind))) is not None:
        usual = _default(default) if words.usual is None else f" [default: {words.usual}]"
        names = (words.name or f"--{name.replace('_', '-')}").split()
        metavar = words.metavar or METAVARS.get(_plain(kind))
        shown = typer.Option(..., *names, metavar=metavar, help=words.text + usual, show_default=False)
        kind = Annotated[_bare(kind), shown]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _plain(kind: Any) -> Any:
    """Return the type of a value: of one that may be None, or of each of several."""
    kind = _bare(kind)
    if get_origin(kind) in (UnionType, Union):
        return _plain(next(part for part in get_args(kind) if part is not type(None)))
    return _plain(get_args(kind)[0]) if get_origin(kind) in (list, tuple) else kind


def _default(value: Any) -> str:
    """Say what holds where nothing is typed, unless that is nothing."""
    if value is None or isinstance(value, bool) or value in (..., inspect.Parameter.empty, ()):
        return ""
    return f" [default: {', '.join(map(str, value)) if isinstance(value, tuple) else value}]"


def _entries(spec: type[Spec], /, **given: Any) -> Entries:
    quick = bool(given.pop(QUICK, False))
    # Of a list, Typer gives an empty one where nothing was typed.
    return Entries(spec, {name: value for name, value in given.items() if value is not None and value != []}, quick)


def _of_spec(spec: type[Spec]) -> Iterator[inspect.Parameter]:
    """Return an option for each keyword and field that has an `Option`, those of every spec last."""
    from experiments.core.spec import Spec

    for name, kind in spec.keywords.items():
        value, words = get_args(kind)
        yield _of_field(name, value, words, spec.usual.get(name))
    for name, declared in sorted(spec.model_fields.items(), key=lambda item: item[0] in Spec.model_fields):
        words = option_of(declared.metadata)
        if words is not None and name not in spec.keywords:
            usual = ... if declared.is_required() else declared.get_default(call_default_factory=True)
            yield _of_field(name, declared.annotation, words, spec.usual.get(name, usual))
    if spec.quick:
        yield _parameter(QUICK, Annotated[bool, Option(f"A first look: {_sizes(spec)}.")], False)


def _of_field(name: str, kind: Any, words: Option, usual: Any) -> inspect.Parameter:
    """Return the option of a field, which is None where nothing was typed."""
    value, text, several = _plain(kind), words.text, any(get_origin(part) is tuple for part in (kind, *get_args(kind)))
    required = usual is ... and words.usual is None
    if several:
        text += " May be given again."
    if usual is True:
        words = replace(words, name=f"--{name.replace('_', '-')}/--no-{name.replace('_', '-')}")
    if words.usual is None:
        text += _default(usual)
    kind = list[value] if several else value  # type: ignore[valid-type]
    kind = Annotated[kind if required else kind | None, replace(words, text=text)]
    return _parameter(name, kind, inspect.Parameter.empty if required else None)


def _sizes(spec: type[Spec]) -> str:
    """Name the sizes of a first look, such as ``60 estates, 1 look``."""
    pairs = ((count, FRESH.get(name, name)) for name, count in spec.quick.items())
    return ", ".join(f"{count} {noun.removesuffix('s') if count == 1 else noun}" for count, noun in pairs)
