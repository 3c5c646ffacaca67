"""What an analysis is: one frozen, checked value, from which the run, the resume and the report follow.

A `Spec` holds everything that identifies an analysis: the question, the world, what is compared or varied, the sizes
and the seed.  It is made from the options of a command or from the keywords of a Python call, saved whole in the
folder's ``experiment.json`` under the key ``spec``, and read from there by `experiments.open`.  How and where the
analysis is run (workers, folder, the command that was typed) is no part of it: that is `Running`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypedDict, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiments.core.design.own_components import record_of, recorded, with_plugin
from experiments.core.log import log
from experiments.core.option import SEED
from experiments.core.run.execute import Execution
from experiments.core.store.mismatch import value_differences
from sim import District, Scenario
from sim.core.errors import GongzhiError, ScenarioError, StoreError, nearest
from sim.core.sentence import Stored, text_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.core.design.design import Design

GROUND = "district-0.csv"
"""Where a folder keeps the district of its analysis."""


def whole(least: int | None = None, most: int | None = None) -> Any:
    """Declare the limits of a whole number, which a refusal names."""
    limits = "" if least is None else f" of at least {least}" if most is None else f" from {least} to {most}"
    return Field(strict=True, ge=least, le=most, description=f"a whole number{limits}")


Whole = Annotated[int, whole()]
Count = Annotated[int, whole(1)]
Share = Annotated[float, Field(strict=True, ge=0, lt=1, description="a number from 0 to below 1")]


_MEANT = {"rng": "seed", "random_state": "seed", "runs": "replicates", "repetitions": "replicates"}
"""What is meant by words that other programs use."""

_OF_THE_WORLD = {
    "estates": "district.estates",
    "weeks": "run.weeks",
    "warmup": "run.warmup",
    "sample": "district.sample",
}
"""Options of commands which are parameters of the scenario; some analyses have a field of that name."""


class RunFields(TypedDict, total=False):
    """Keywords that say how and where an analysis is run; none of them can change a result."""

    out: str | Path | None
    store: str | Path | None
    command: str
    extend: bool
    execution: Execution | None


class WorldFields(RunFields, total=False):
    """Keywords that every analysis takes besides its own."""

    question: str
    scenario: Scenario | Mapping[str, Any] | str | Path | None
    district: District | pd.DataFrame | str | Path | int | None
    seed: int
    model: Callable[..., Any] | None
    plugin: str | Path | None


@dataclass(frozen=True)
class Running:
    """How and where an analysis is run.

    The same analysis continues what is in the folder `out`; None is one that goes when the result does.  `command`, by
    which the results can be made again, stands in it.  With `extend` it may hold fewer replicates, districts or arms
    than are requested.
    """

    out: str | Path | None = None
    command: str = ""
    extend: bool = False
    execution: Execution = field(default_factory=Execution)

    @classmethod
    def reading(cls, folder: Path, command: str, unfinished: bool = False) -> Self:
        """Return how a folder is read: nothing is run or written; runs may be missing if `unfinished`."""
        return cls(folder, command, execution=Execution(only_stored=True, unfinished=unfinished, progress=False))

    def at(self, folder: Path) -> Running:
        """Return how an analysis is run in a folder."""
        return replace(self, out=folder)

    def within(self, name: str) -> Running:
        """Return how a step of the analysis is run, in a folder of its own within this one's."""
        return replace(self, out=Path(self.out or ".") / name, extend=False)

    def tell(self, text: str) -> None:
        """Log what is being done, unless it is only read."""
        if not self.execution.only_stored:
            log.info(text)

    @classmethod
    def split(cls, given: Mapping[str, Any]) -> tuple[Running, dict[str, Any]]:
        """Part the keywords of a call: how it is run, and what the analysis is, in a world with a plugin's components.

        Examples
        --------
        >>> running, rest = Running.split({"out": "results/mine", "replicates": 20})
        >>> running.out, rest
        ('results/mine', {'replicates': 20})
        """
        rest = dict(given)
        if (plugin := rest.pop("plugin", None)) is not None:
            rest["scenario"] = with_plugin(rest.get("scenario"), plugin)
        own = {name: rest.pop(name, None) for name in RunFields.__annotations__}
        folder = own.pop("store")
        own["out"] = own["out"] or folder
        if not isinstance(own["execution"], Execution | None):
            raise ScenarioError(
                f"execution is {own['execution']!r}; an Execution is needed, e.g. experiments.Execution(workers=2)."
            )
        return cls(**{name: value for name, value in own.items() if value is not None}), rest


class Spec(BaseModel):
    """What an analysis is; each kind of analysis has its own.

    Attributes
    ----------
    question
        In English; where it is one of the catalogue's, it is translated.
    scenario
        The world before any arm or point changes it.
    district
        The user's own ground; None where it is synthetic.
    model
        What is run in place of the laboratory's model: called with scenario, district, rng, replay.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    analysis: ClassVar[str] = ""
    """The kind of analysis, as in the registry."""
    noun: ClassVar[str] = "analysis"
    """What messages call it."""
    beside: ClassVar[tuple[str, ...]] = ("question",)
    """Fields in which a folder and what is asked of it may differ."""
    growing: ClassVar[tuple[str, ...]] = ()
    """Fields in which more may be asked than a folder holds, where it may be extended."""
    keywords: ClassVar[Mapping[str, Any]] = {}
    """What can be asked for besides fields, with its annotation: fields are made of it."""
    usual: ClassVar[Mapping[str, Any]] = {}
    """What a command takes in place of the defaults of a call; `weeks`, `warmup` and `estates` are of the world."""
    quick: ClassVar[Mapping[str, int]] = {}
    """Those of a first look; the command has no `--quick` where there are none."""
    merging: ClassVar[tuple[str, ...]] = ()
    """Fields in which folders may differ that are merged into one: numbers, or entries by name."""

    question: str = ""
    scenario: Scenario = Field(default_factory=Scenario)
    district: District | None = None
    seed: Annotated[Whole, SEED] = 1
    model: Callable[..., Any] | None = None

    @property
    def listed(self) -> Scenario:
        """The scenario as people read it: of a district of one's own, with as many estates as that has."""
        own = self.district
        return self.scenario if own is None else self.scenario.replace({"district.estates": own.estates})

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Make a spec of keywords, of which None means the default; a refusal names field, value and what is allowed.

        Examples
        --------
        >>> Spec.of({"sead": 2})
        Traceback (most recent call last):
        sim.ScenarioError: Unknown field "sead" of an analysis. Did you mean "seed"? Choose from: ...
        """
        known = list(cls.model_fields)
        if (name := next((name for name in given if name not in known), None)) is not None:
            noun = f"{'an' if cls.noun[:1] in 'aeiou' else 'a'} {cls.noun}"
            meant = _MEANT.get(name, "")
            hint = f' Did you mean "{meant}"?' if meant in known else nearest(name, known)
            if name in _OF_THE_WORLD:
                hint = f' It is a parameter of the world: scenario={{"{_OF_THE_WORLD[name]}": ...}}.'
            if name in Execution.__annotations__:
                hint = f" It is given as execution=experiments.Execution({name}=...)."
            raise ScenarioError(f'Unknown field "{name}" of {noun}.{hint} Choose from: {", ".join(known)}.')
        optional = {name for name, declared in cls.model_fields.items() if type(None) in get_args(declared.annotation)}
        values = {name: value for name, value in given.items() if value is not None or name in optional}
        if values.get("scenario") is not None:
            values["scenario"] = Scenario.of(values["scenario"])
        if values.get("district") is not None:
            world = Scenario.of(values.get("scenario")).district
            values["district"] = District.of(values["district"], world.seed)
        for name, value in values.items():
            if isinstance(value, str) and "tuple[str, ...]" in str(cls.model_fields[name].annotation):
                values[name] = (value,)
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name, message = str(first["loc"][0]) if first["loc"] else cls.noun, str(first["msg"])
            declared = cls.model_fields.get(name)
            text = f"{'.'.join(map(str, first['loc']))} is {first['input']!r}: {message[:1].lower()}{message[1:]}."
            if declared is not None and declared.description:
                text = f"{name} is {first['input']!r}: {declared.description} is needed."
            raise ScenarioError(text) from None

    def replace(self, **changes: Any) -> Self:
        """Return this spec with some fields changed, checked again."""
        return type(self).of({**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    def misfits(self, other: Spec, free: Sequence[str] = ()) -> list[str]:
        """Say what keeps another analysis from being merged with this one: each field, but for those that are `free`,
        in which they must not differ.
        """
        before, now = ({"components": {}, **spec.record()} for spec in (self, other))
        if before["analysis"] != now["analysis"]:
            return [f"the kind of analysis: {before['analysis']} there, {now['analysis']} now"]
        lines: list[str] = []
        for name, first in before.items():
            second = now[name]
            if name in self.merging and isinstance(first, dict):
                common = [key for key in first if key in second]
                first, second = {key: first[key] for key in common}, {key: second[key] for key in common}
            elif name in (*self.beside, *self.merging, *free):
                continue
            if first != second:
                lines += value_differences(name, first, second)
        return lines

    def merged(self, other: Self) -> Self:
        """Return the analysis that asks for all that this one and another ask for, what is this one's first."""
        changes = {}
        for name in self.merging:
            mine, its = getattr(self, name), getattr(other, name)
            changes[name] = {**mine, **its} if isinstance(mine, dict) else max(mine, its)
        return self.replace(**changes)

    def joined(self, design: Design) -> Self:
        """Return the spec of what a folder holds after this one was run there: more where it held more."""
        return self

    def record(self) -> dict[str, Any]:
        """Return the spec as plain data, as ``experiment.json`` keeps it; a ground lies beside it as a table.

        Components of the user's own are described, so that the folder can be read without them.
        """
        values = {name: _plain(getattr(self, name)) for name in type(self).model_fields}
        if self.scenario.components:
            values["components"] = record_of(self.scenario.components)
        return {"analysis": self.analysis, **json.loads(json.dumps(values))}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Return, as plain data, what holds where an earlier version did not know a field."""
        return {
            name: _plain(declared.get_default(call_default_factory=True))
            for name, declared in cls.model_fields.items()
            if not declared.is_required()
        }

    @classmethod
    def read(cls, record: Mapping[str, Any], folder: Path) -> Self:
        """Make a spec of what a folder, in which its ground lies, says of it; refuse what is no longer known."""
        values = {name: value for name, value in record.items() if name not in ("analysis", "components")}
        try:
            world = Scenario.including(*recorded(record.get("components", {})))
            values["scenario"] = world().replace(values.get("scenario", {}))
            if values.get("district") is not None:
                values["district"] = _ground(folder, values["district"])
            if values.get("model") is not None:
                values["model"] = Elsewhere(str(values["model"]))
            return cls.of(values)
        except GongzhiError as error:
            raise StoreError(f"{folder / 'experiment.json'}, spec: {error}") from None


@dataclass(frozen=True)
class Elsewhere:
    """A user's own model, of a folder that is read where the model is not at hand: it cannot be run."""

    name: str

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Refuse to be run."""
        raise StoreError(f"The folder was made with a model of your own, {self.name}: call the analysis in Python.")


def _plain(value: Any) -> Any:
    """Turn a field's value into what JSON can hold."""
    if isinstance(value, Scenario):
        return value.values()
    if isinstance(value, District):
        notes_zh = [text_of(note, "zh") for note in value.notes]
        return {"fingerprint": value.fingerprint, "notes": list(value.notes), "notes_zh": notes_zh}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Elsewhere):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return value.item() if hasattr(value, "item") else value


def _ground(folder: Path, record: Mapping[str, Any]) -> District:
    """Read the ground that lies in a folder; what was filled is known from its first reading alone."""
    notes = record.get("notes", ())
    pairs = zip(notes, record.get("notes_zh", notes), strict=True)
    return replace(District.from_csv(folder / GROUND), remarks=tuple(Stored(note, zh=zh) for note, zh in pairs))
