"""Parameters: one number of the model's world with its unit, its range and where it comes from.

A referee asks of every number what it means and who says so.  Here the answer stands beside the number: a
component declares a `Section` whose fields are made with `parameter` or `switch`, and the table of all parameters,
the scenario files, the error messages and the sweeps are made from these declarations alone.

Hard limits (`low`, `high`) say what is meaningful and are enforced; `sweep` says what is plausible and is
explored.  Numbers are taken strictly: a whole number may stand for a real one, but never a text, a truth
value or a value that is not finite.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self, Union, get_args, get_origin

import numpy as np
from markupsafe import Markup
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PydanticUserError,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

from sim.core.attributes import UnknownAttribute
from sim.core.errors import ScenarioError, nearest, refusal
from sim.core.markup import titled
from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several, Word
from sim.parameters.parameter_page import parameter_table

__all__ = ["Section", "Status", "parameter", "shown", "switch"]

Status = Literal["study", "data", "literature", "assumed", "design"]
"""Where a default comes from: the field study, other data, literature, our assumption, or the design of the
experiment itself (lengths, switches, what is recorded), which is not a claim about the world."""

_WORDS: Final = {float: N_("a number"), int: N_("a whole number"), bool: N_("true or false"), str: N_("a text")}


def parameter(
    default: Any,
    *,
    unit: str,
    status: Status,
    source: str,
    doc: str,
    low: float | None = None,
    high: float | None = None,
    sweep: tuple[float, float] | None = None,
    choices: Sequence[str] | None = None,
) -> Any:
    """Declare one parameter as a field of a `Section`.

    Parameters
    ----------
    default
        Value in the default scenario; None where the field's type allows it and leaving out means something.
    unit
        In words, e.g. ``"hours per week"`` or ``"share"``.
    status
        Kind of evidence, see `Status`.
    source
        Where the default can be looked up, or why it was assumed.
    doc
        What it is, in one sentence.
    low, high
        Hard limits, both allowed values themselves.
    sweep
        Plausible values from, to; the hard limits where not given.
    choices
        Allowed texts, for a parameter that is a word.

    Returns
    -------
    Any
        A pydantic field that carries all of this.

    Raises
    ------
    TypeError
        When limits, default and sweep contradict one another.

    Examples
    --------
    >>> import sim
    >>> class Bells(sim.Section):
    ...     times: int = sim.parameter(3, unit="times", low=0, status="assumed", source="none", doc="rung")
    >>> Bells(times=5).times
    5
    """
    if status not in get_args(Status):
        raise TypeError(f'status "{status}" must be one of {", ".join(get_args(Status))}')
    bottom, top = (-np.inf if low is None else low), (np.inf if high is None else high)
    if bottom > top:
        raise TypeError(f"low {low} is above high {high}")
    numeric = isinstance(default, int | float) and not isinstance(default, bool)
    if numeric and not bottom <= default <= top:
        raise TypeError(f"default {default} is outside of its limits {low} to {high}")
    if sweep is not None and not bottom <= sweep[0] <= sweep[1] <= top:
        raise TypeError(f"sweep {sweep} does not run upwards inside of the limits {low} to {high}")
    if choices is not None and default is not None and default not in choices:
        raise TypeError(f"default {default!r} is none of the choices {list(choices)}")
    facts: dict[str, Any] = {
        "unit": unit,
        "status": status,
        "source": source,
        "low": low,
        "high": high,
        "sweep": [low, high] if sweep is None else list(sweep),
        "choices": None if choices is None else list(choices),
    }
    return Field(default, ge=low, le=high, description=doc, json_schema_extra={"parameter": facts})


def switch(doc: str, default: bool = True) -> Any:
    """Declare whether a mechanism is at work, so that its effect can be shown by leaving it out.

    Examples
    --------
    >>> import sim
    >>> class Bells(sim.Section):
    ...     enabled: bool = sim.switch("bells are rung")
    >>> Bells().enabled
    True
    """
    return parameter(default, unit="switch", status="design", doc=doc, source="switches a mechanism on, off")


def shown(value: Any) -> str:
    """Write a value as a scenario file would, for messages.

    Examples
    --------
    >>> shown(True), shown("full"), shown(0.5), shown(None)
    ('true', '"full"', '0.5', 'none')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def kind_of(field: FieldInfo) -> tuple[type, bool]:
    """Return the plain type of a field and whether it may be none."""
    annotation = field.annotation
    optional = False
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        optional = len(members) < len(get_args(annotation))
        annotation = members[0]
    if get_origin(annotation) is Literal:
        annotation = type(get_args(annotation)[0])
    return annotation if isinstance(annotation, type) else object, optional


def facts_of(field: FieldInfo) -> dict[str, Any]:
    """Return what was declared about a field, with the choices that its type implies."""
    extra = field.json_schema_extra
    assert isinstance(extra, dict) and isinstance(extra["parameter"], dict)
    facts: dict[str, Any] = dict(extra["parameter"])
    if facts["choices"] is None:
        whole = field.annotation
        members = (whole,) if get_origin(whole) is Literal else get_args(whole)
        words = [word for member in members if get_origin(member) is Literal for word in get_args(member)]
        facts["choices"] = words or None
    return facts


def allowed(field: FieldInfo) -> str:
    """Say in words what a field may hold."""
    (kind, optional), facts = kind_of(field), facts_of(field)
    low, high, choices = facts["low"], facts["high"], facts["choices"]
    if choices is not None:
        text: str = Sentence("one of {words}", words=Several([shown(word) for word in choices], N_(", ")))
    else:
        word = Sentence(_WORDS.get(kind, kind.__name__))
        if low is not None and high is not None:
            text = Sentence("{word} from {low} to {high}", word=word, low=f"{low:g}", high=f"{high:g}")
        elif low is not None:
            text = Sentence("{word} of at least {low}", word=word, low=f"{low:g}")
        elif high is not None:
            text = Sentence("{word} of at most {high}", word=word, high=f"{high:g}")
        else:
            text = word
        if kind in (int, float) and facts["unit"]:
            text = Sentence("{allowed} ({unit})", allowed=text, unit=Word(facts["unit"], "unit"))
    return Sentence("{allowed}, or left out", allowed=text) if optional else text


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass as _OfSections
else:

    class _OfSections(type(BaseModel)):
        """Kind of all sections: it says which parameter lacks its type."""

        def __new__(cls, name: str, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().__new__(cls, name, *args, **kwargs)
            except PydanticUserError as error:
                if error.code != "model-field-missing-annotation":
                    raise
                lacking = error.message.partition("\n")[0]
                raise TypeError(f"{name}: {lacking}, e.g. share: float = sim.parameter(...)") from None


class Section(BaseModel, metaclass=_OfSections):
    """The parameters of one component: frozen, closed and strict.

    Examples
    --------
    >>> class Tea(Section):
    ...     enabled: bool = switch("tea is served")
    ...     cups: float = parameter(2.0, unit="cups per day", low=0, high=20, status="assumed",
    ...                             source="habit", doc="tea drunk")
    >>> Tea(cups=3).cups
    3.0
    >>> Tea(cups=-1)
    Traceback (most recent call last):
        ...
    sim.ScenarioError: Tea cannot be made: cups = -1 must be a number from 0 to 20 (cups per day).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
        protected_namespaces=(),
    )

    _choices: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**_plain(values))
        except ValidationError as error:
            problems = _problems(type(self), error, "")
        else:
            return
        raise ScenarioError.listing(f"{type(self).__name__} cannot be made", problems)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls._choices = {}
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if not isinstance(extra, dict) or "parameter" not in extra:
                raise TypeError(f"{cls.__name__}.{name} must be declared with parameter(...) or switch(...)")
            if kind_of(field) == (str, True):
                raise TypeError(f"{cls.__name__}.{name}: a text cannot be None; use an empty text instead")
            choices = facts_of(field)["choices"]
            if choices is not None:
                cls._choices[name] = tuple(choices)
        cls()
        cls.__doc__ = f"{(vars(cls).get('__doc__') or '').strip()}\n\n{cls._listed()}"

    @classmethod
    def _listed(cls) -> str:
        """List the parameters as a docstring does: default, what is allowed, meaning."""
        lines = ["Parameters", "----------"]
        for name, field in cls.model_fields.items():
            lines += [f"{name} = {shown(field.default)} : {allowed(field)}", f"    {field.description}"]
        return "\n".join(lines) + "\n"

    def __getitem__(self, name: str) -> Any:
        return getattr(self, str(name))

    def __getattr__(self, name: str) -> Any:
        if name[0] == "_":
            raise AttributeError(name)
        own = type(self).model_fields
        raise UnknownAttribute(
            lambda: f'Unknown parameter "{name}".{nearest(name, own)} Choose from: {", ".join(own)}.'
        )

    def __dir__(self) -> list[str]:
        return [*type(self).model_fields, "rows"]

    def _html(self, lang: str) -> Markup:
        return titled(type(self).__name__, parameter_table(self.rows(), lang))

    def _repr_html_(self) -> str:
        return str(self._html("en"))

    def __setattr__(self, name: str, value: Any) -> None:
        kind = type(self).__name__
        raise AttributeError(f"{kind} is frozen; make a changed copy with scenario.replace({{...}})")

    @field_validator("*")
    @classmethod
    def _is_a_choice(cls, value: Any, info: ValidationInfo) -> Any:
        choices = cls._choices.get(str(info.field_name))
        if choices is not None and value is not None and value not in choices:
            raise ValueError("not one of the choices")
        return value

    @classmethod
    def build(cls, values: Mapping[str, Any], prefix: str) -> tuple[Self | None, list[str]]:
        """Make a section, or say everything that is wrong with the values.

        Parameters
        ----------
        values
            By name, without prefix.
        prefix
            Put before every name in the messages, e.g. ``"branches."``.

        Returns
        -------
        tuple
            The section and no problems, or None and at least one.

        Examples
        --------
        >>> import sim
        >>> section, problems = type(sim.Scenario().run).build({"weeks": -3}, "run.")
        >>> section is None, len(problems)
        (True, 1)
        """
        section = cls.__new__(cls)
        # TOML has no word for nothing; no text may be left out, so that this one can mean nothing else.
        words = [name for name, value in values.items() if isinstance(value, str) and value == "none"]
        left_out = [name for name in words if name in cls.model_fields and kind_of(cls.model_fields[name])[1]]
        values = {**values, **dict.fromkeys(left_out)}
        try:
            BaseModel.__init__(section, **_plain(values))
        except ValidationError as error:
            return None, _problems(cls, error, prefix)
        return section, []

    def rows(self, prefix: str = "") -> list[dict[str, Any]]:
        """List the parameters as rows of a table.

        Parameters
        ----------
        prefix
            Put before every name, e.g. ``"branches."``.

        Returns
        -------
        list of dict
            With `name, value, default, unit, low, high, sweep_low, sweep_high, status, source, doc, choices`;
            None where something does not apply.

        Examples
        --------
        >>> import sim
        >>> [row["name"] for row in sim.Scenario().run.rows("run.")]
        ['run.weeks', 'run.warmup']
        """
        table = []
        standard = type(self)()
        for name, field in type(self).model_fields.items():
            facts = facts_of(field)
            table.append(
                {
                    "name": prefix + name,
                    "value": getattr(self, name),
                    "default": getattr(standard, name),
                    "unit": facts["unit"],
                    "low": facts["low"],
                    "high": facts["high"],
                    "sweep_low": facts["sweep"][0],
                    "sweep_high": facts["sweep"][1],
                    "status": facts["status"],
                    "source": facts["source"],
                    "doc": field.description,
                    "choices": facts["choices"],
                }
            )
        return table


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn NumPy scalars, as designs hold them, into Python's own numbers, and -0.0 into 0.0."""
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}
    return {name: value + 0.0 if type(value) is float else value for name, value in plain.items()}


def _problems(cls: type[Section], error: ValidationError, prefix: str) -> list[str]:
    """Put pydantic's findings into our words, one for each name."""
    found: dict[str, str] = {}
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        if name not in cls.model_fields:
            others = ", ".join(cls.model_fields)
            hint = nearest(name, cls.model_fields)
            found[name] = refusal(f"{prefix}{name} is not a parameter.{hint} There are: {others}.")
            continue
        field, value = cls.model_fields[name], detail["input"]
        choices = facts_of(field)["choices"]
        hint = nearest(value, choices) if choices and isinstance(value, str) else ""
        found[name] = Sentence(
            "{name} = {value} must be {allowed}.{hint}",
            name=prefix + name,
            value=shown(value),
            allowed=allowed(field),
            hint=hint,
        )
    return list(found.values())
