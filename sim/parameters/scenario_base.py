"""What a scenario can do, whatever its sections are.

A scenario is the whole set of parameters of one run: frozen, complete and checked.  To change one is to make
another.  This module has the machinery; `sim.scenario` lists the sections.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from sim.core.attributes import UnknownAttribute
from sim.core.errors import ScenarioError, most_like, nearest, refusal
from sim.core.markup import paragraph, titled
from sim.core.message_catalogue import MODEL
from sim.core.sentence import Sentence
from sim.parameters.parameter import Section, allowed, kind_of, shown
from sim.parameters.parameter_page import parameter_table
from sim.parameters.scenario_file import read, write

__all__ = ["ScenarioBase"]

gettext = MODEL.gettext

_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class ScenarioBase(BaseModel):
    """A frozen set of sections; subclasses declare them as fields with defaults.

    Parameters
    ----------
    given
        Values by dotted name, ``{"coverage.strategy": "full"}``, or by section, ``{"coverage": {"strategy": "full"}}``;
        or the path of a TOML file.  What is not given has its default.
    **sections
        The same by section, ``coverage={"strategy": "full"}``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    sections: ClassVar[dict[str, type[Section]]] = {}
    components: ClassVar[tuple[Any, ...]] = ()
    """Mechanisms of a user whose parameters the scenario carries, in order."""

    def __init__(self, given: Mapping[str, Any] | str | Path | None = None, /, **sections: Any) -> None:
        opening = refusal("The scenario cannot be used")
        if given is None:
            super().__init__(**self._checked(sections, None, opening))
            return
        base = None if isinstance(given, Mapping) else self.of(given)
        nested, problems = self._nested({**(given if isinstance(given, Mapping) else {}), **sections})
        super().__init__(**self._without(problems, nested, base, opening))

    @classmethod
    def of(cls, given: Any) -> Self:
        """Return the scenario that a person means: a scenario itself, a dictionary of values, the path of a file.

        Parameters
        ----------
        given
            One of these, or None for all defaults.

        Raises
        ------
        ScenarioError
            When it is something else, or its values cannot be used.

        Examples
        --------
        >>> from sim import Scenario
        >>> Scenario.of({"coverage.strategy": "full"}) == Scenario.of({"coverage": {"strategy": "full"}})
        True
        """
        if isinstance(given, cls):
            return given
        if given is None:
            return cls()
        if isinstance(given, Mapping):
            return cls(given)
        if isinstance(given, Path) or (isinstance(given, str) and (Path(given).suffix or Path(given).exists())):
            return cls.load(given)
        mesa = " In Mesa's batch_run, a Scenario stands in a list." if isinstance(given, tuple) else ""
        raise ScenarioError(
            f"{shown(given)} is not a scenario. Give a sim.Scenario, a dictionary of parameters such as "
            f'{{"coverage.strategy": "full"}}, or the path of a TOML file.{mesa}'
        )

    @classmethod
    def _nested(cls, given: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Put values by dotted name and by section together, by section; say which are in none."""
        nested: dict[str, dict[str, Any]] = {}
        problems: list[str] = []
        for name, value in given.items():
            section, _, key = str(name).partition(".")
            if section not in cls.sections:
                grouped = not key and isinstance(value, Mapping | Section)
                problems.append(cls._unknown_section(section, value) if grouped else cls._unknown_parameter(str(name)))
            elif key:
                nested.setdefault(section, {})[key] = value
            elif isinstance(value, Mapping | Section):
                nested.setdefault(section, {}).update(value)
            else:
                problems.append(
                    f"{section} = {shown(value)} is a section, with the parameters "
                    f"{', '.join(cls.sections[section].model_fields)}."
                )
        return nested, problems

    @classmethod
    def _without(
        cls, problems: list[str], nested: Mapping[str, Any], base: ScenarioBase | None, opening: str
    ) -> dict[str, Section]:
        """Make all sections as `_checked` does; what was wrong before stands with what is wrong now."""
        try:
            parts = cls._checked(nested, base, opening)
        except ScenarioError as error:
            problems = [*problems, *error.problems]
        if problems:
            raise ScenarioError.listing(opening, problems)
        return parts

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.sections = {}
        for name, field in cls.model_fields.items():
            if not (isinstance(field.annotation, type) and issubclass(field.annotation, Section)):
                raise TypeError(f"{cls.__name__}.{name} must be a Section")
            cls.sections[name] = field.annotation
        lines = [f"{name} : {(kind.__doc__ or '').partition(chr(10))[0]}" for name, kind in cls.sections.items()]
        summary = (vars(cls).get("__doc__") or "").strip().partition("\n\nSections\n")[0]
        cls.__doc__ = "\n".join([summary, "", "Sections", "--------", *lines, ""])

    @classmethod
    def contradictions(cls, parts: Mapping[str, Any]) -> list[str]:
        """Say which values, each allowed by itself, do not go together.

        Parameters
        ----------
        parts
            The sections by name; one that cannot be made is missing.

        Examples
        --------
        >>> import sim
        >>> scenario = sim.Scenario()
        >>> sim.Scenario.contradictions({"run": scenario.run, "coverage": scenario.coverage})
        []
        """
        return []

    @classmethod
    def _checked(cls, given: Mapping[str, Any], base: ScenarioBase | None, opening: str) -> dict[str, Section]:
        """Make all sections from what is given on top of `base`, or report everything that is wrong."""
        parts: dict[str, Section] = {}
        problems: list[str] = []
        for name in given:
            if name not in cls.sections:
                problems.append(cls._unknown_section(name, given[name]))
        for name, kind in cls.sections.items():
            values = given.get(name, {} if base is None else getattr(base, name))
            if isinstance(values, kind):
                parts[name] = values
                continue
            if not isinstance(values, Mapping):
                problems.append(
                    f"{name} = {shown(values)} must be a section with parameters: {', '.join(kind.model_fields)}."
                )
                continue
            known = {key: value for key, value in values.items() if key in kind.model_fields}
            problems += [cls._unknown_parameter(f"{name}.{key}") for key in values if key not in known]
            part, found = kind.build({**({} if base is None else dict(getattr(base, name))), **known}, f"{name}.")
            problems += found
            if part is not None:
                parts[name] = part
        problems += cls.contradictions(parts)
        if problems:
            raise ScenarioError.listing(opening, problems)
        return parts

    @classmethod
    def names(cls) -> list[str]:
        """All parameters as dotted names, in order.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario.names()[:2]
        ['run.weeks', 'run.warmup']
        """
        return [f"{section}.{name}" for section, kind in cls.sections.items() for name in kind.model_fields]

    @classmethod
    def _unknown_section(cls, name: str, value: Any) -> str:
        if isinstance(value, Mapping | Section):
            hint = nearest(name, cls.sections)
            return refusal(f"{name} is not a section.{hint} Sections are: {', '.join(cls.sections)}.")
        return refusal(f"{name} = {shown(value)} is in no section.{cls.meant(name)}")

    @classmethod
    def _unknown_parameter(cls, name: str) -> str:
        section, _, key = name.partition(".")
        dotted = [other for other in cls.names() if other.replace(".", "_") == name]
        if dotted:
            return refusal(f'{name} is not a parameter; names are section.parameter. Did you mean "{dotted[0]}"?')
        if not key:
            typed = name or shown(name)
            return refusal(f"{typed} is not a parameter; names are section.parameter.{cls.meant(name)}")
        if section not in cls.sections:
            hint = nearest(name, cls.names()) or nearest(section, cls.sections)
            yours = " Those of a mechanism of your own are read from its file: --plugin FILE.py, or plugin= in Python."
            more = "" if getattr(cls, "components", ()) else yours
            return refusal(f"{name} is not a parameter.{hint} Sections are: {', '.join(cls.sections)}.{more}")
        own = cls.sections[section].model_fields
        elsewhere = [other for other in cls.names() if other.partition(".")[2] == key]
        here = [f"{section}.{other}" for other in own]
        # A slip of the pen is likelier than a wrong section, and a wrong section than a word that is far off.
        slip = nearest(name, [other for other in here if nearest(key, [other.partition(".")[2]], 0.85)])
        hint = slip or (cls.meant(key) if elsewhere else nearest(name, here))
        return refusal(f"{name} is not a parameter.{hint} Section {section} has: {', '.join(own)}.")

    @classmethod
    def _example(cls, name: str) -> str:
        """Return a setting of the parameter of that name, or of one that always is there."""
        section, _, key = (name if name in cls.names() else cls.names()[0]).partition(".")
        return f"{section}.{key}={shown(cls.sections[section].model_fields[key].default)}"

    @classmethod
    def meant(cls, key: str) -> str:
        """Name the parameters that are called `key` in some section, or the nearest, as the end of a message.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario.meant("warmup")
        ' Did you mean "run.warmup"?'
        """
        same = [f'"{name}"' for name in cls.names() if name.partition(".")[2] == key]
        if same:
            return refusal(f" Did you mean {' or '.join(same)}?")
        by_key = {name.partition(".")[2]: name for name in cls.names()}
        like = most_like(key, by_key)
        return Sentence(' Did you mean "{word}"?', word=by_key[like]) if like else ""

    def __bool__(self) -> bool:
        # Mesa's page takes a scenario that is true for one of its own classes, and refuses the model; where it is not
        # true, it takes the parameters as any others. Nobody else is to notice.
        return sys._getframe(1).f_globals.get("__name__") != "mesa.visualization.solara_viz"

    def replace(self, changes: Mapping[str, Any] | None = None, /, **sections: Any) -> Self:
        """Return a scenario with some values changed.

        Parameters
        ----------
        changes
            By dotted name, e.g. ``{"coverage.strategy": "full"}``, or by section,
            ``{"coverage": {"strategy": "full"}}``.
        **sections
            The same by section, ``coverage={"strategy": "full"}``.

        Raises
        ------
        ScenarioError
            With everything that is wrong with the changes.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario().replace({"run.weeks": 104, "coverage": {"strategy": "full"}})
        <Scenario: run.weeks = 104, coverage.strategy = "full">
        >>> sim.Scenario().replace(run={"weeks": 104})
        <Scenario: run.weeks = 104>
        """
        opening = refusal("The changes cannot be made")
        if changes is not None and not isinstance(changes, Mapping):
            raise ScenarioError(
                f"{opening}: {shown(changes)} is not a dictionary of parameters, such as "
                f'{{"{self.names()[0]}": {shown(self.get(self.names()[0]))}}}.'
            )
        nested, problems = self._nested({**(changes or {}), **sections})
        return type(self)(**self._without(problems, nested, self, opening))

    def get(self, name: str) -> Any:
        """Return a value by its dotted name.

        Raises
        ------
        ScenarioError
            When there is no such parameter.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario().get("coverage.strategy")
        'none'
        """
        section, _, key = str(name).partition(".")
        if section not in self.sections or key not in self.sections[section].model_fields:
            raise ScenarioError(self._unknown_parameter(str(name)))
        return getattr(getattr(self, section), key)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name) if name in self.sections else self.get(name)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return all values as ``{section: {name: value}}``.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario({"run.weeks": 104}).to_dict()["run"]["weeks"]
        104
        """
        return {name: dict(getattr(self, name)) for name in self.sections}

    def values(self) -> dict[str, Any]:
        """Return all values by dotted name.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario({"run.weeks": 104}).values()["run.weeks"]
        104
        """
        return {f"{name}.{key}": value for name in self.sections for key, value in getattr(self, name)}

    def differences(self, other: ScenarioBase) -> dict[str, tuple[Any, Any]]:
        """Return ``{name: (here, there)}`` for every value that differs in another scenario.

        Examples
        --------
        >>> import sim
        >>> usual = sim.Scenario()
        >>> usual.differences(usual.replace({"coverage.strategy": "full"}))
        {'coverage.strategy': ('none', 'full')}
        """
        here, there = self.values(), (other if isinstance(other, ScenarioBase) else self.of(other)).values()
        return {
            name: (here.get(name), there.get(name)) for name in {**here, **there} if here.get(name) != there.get(name)
        }

    def fingerprint(self) -> str:
        """Return a hash of all values, the same in every process and on every machine.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario().fingerprint() == sim.Scenario({"coverage.strategy": "none"}).fingerprint()
        True
        >>> len(sim.Scenario().fingerprint())
        64
        """
        text = json.dumps(self.values(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def parameters(self) -> list[dict[str, Any]]:
        """List every parameter with value, default, unit, limits, status and source; see `Section.rows`.

        Examples
        --------
        >>> import sim
        >>> row = sim.Scenario({"run.weeks": 104}).parameters()[0]
        >>> row["name"], row["value"], row["unit"]
        ('run.weeks', 104, 'weeks')
        """
        return [row for name in self.sections for row in getattr(self, name).rows(f"{name}.")]

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a scenario from a TOML file; what the file leaves out has its default.

        Raises
        ------
        ScenarioError
            When the file cannot be read or has errors, with all of them and the file's name.

        Examples
        --------
        >>> import tempfile
        >>> import sim
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "mine.toml"
        ...     _ = file.write_text("run.weeks = 104", encoding="utf-8")
        ...     scenario = sim.Scenario.load(file)
        >>> scenario
        <Scenario: run.weeks = 104>
        """
        given = read(path)
        # Names of a table's columns may stand in the same file; they are no parameters.
        given.pop("columns", None)
        for name, kind in cls.sections.items():
            values = given.get(name)
            for key, field in kind.model_fields.items():
                if isinstance(values, dict) and values.get(key) == "none" and kind_of(field)[1]:
                    values[key] = None
        return cls(**cls._checked(given, None, str(path)))

    def save(self, path: str | Path) -> None:
        """Write all values to a TOML file, each with its meaning, unit, limits and source as a comment.

        Examples
        --------
        >>> import tempfile
        >>> import sim
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sim.Scenario({"run.weeks": 104}).save(Path(folder) / "mine.toml")
        ...     again = sim.Scenario.load(Path(folder) / "mine.toml")
        >>> again
        <Scenario: run.weeks = 104>
        """
        write(path, self.parameters())

    @classmethod
    def parse_setting(cls, text: str) -> tuple[str, Any]:
        """Read a setting of the command line.

        Parameters
        ----------
        text
            Like ``"coverage.strategy=full"``; the value is read by the parameter's type, and ``none`` leaves
            an optional parameter out.

        Returns
        -------
        tuple
            Dotted name and value, ready for `replace`.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario.parse_setting("run.weeks=104")
        ('run.weeks', 104)
        """
        name, equals, word = (part.strip() for part in text.partition("="))
        if not equals:
            raise ScenarioError(f'"{text}" must be section.parameter=value, e.g. {cls._example(name)}.')
        if name not in cls.names():
            raise ScenarioError(cls._unknown_parameter(name))
        section, _, key = name.partition(".")
        field = cls.sections[section].model_fields[key]
        kind, optional = kind_of(field)
        value: Any = word
        if optional and word.casefold() in ("", "none"):
            return name, None
        if kind is str and len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
            value = word[1:-1]
        elif kind is bool:
            value = _TRUTH.get(word.casefold(), word)
        elif kind in (int, float):
            try:
                value = kind(word)
            except ValueError:
                raise ScenarioError(
                    Sentence(
                        "{name} = {value} must be {allowed}.{hint}",
                        name=name,
                        value=word or shown(word),
                        allowed=allowed(field),
                        hint="",
                    )
                ) from None
        part, problems = cls.sections[section].build({key: value}, f"{section}.")
        if part is None:
            raise ScenarioError.listing("--set", problems)
        return name, getattr(part, key)

    @classmethod
    def parse_settings(cls, texts: Iterable[str]) -> dict[str, Any]:
        """Read several settings of the command line and report all errors; the last of a name counts.

        Examples
        --------
        >>> import sim
        >>> sim.Scenario().replace(sim.Scenario.parse_settings(["run.weeks=104", "coverage.strategy=full"]))
        <Scenario: run.weeks = 104, coverage.strategy = "full">
        """
        settings: dict[str, Any] = {}
        problems: list[str] = []
        for text in texts:
            try:
                name, value = cls.parse_setting(text)
            except ScenarioError as error:
                problems += error.problems or [error.args[0]]
            else:
                settings[name] = value
        if problems:
            raise ScenarioError.listing("The settings cannot be used", problems)
        return settings

    def __getattr__(self, name: str) -> Any:
        if name[0] == "_":
            raise AttributeError(name)
        raise UnknownAttribute(lambda: self._without_section(name))

    def _without_section(self, name: str) -> str:
        hint = nearest(name, self.sections) or self.meant(name)
        return f'Unknown section "{name}".{hint} Choose from: {", ".join(self.sections)}.'

    def __dir__(self) -> list[str]:
        own = [name for kind in type(self).__mro__ if issubclass(kind, ScenarioBase) for name in vars(kind)]
        inner = {"contradictions", "model_config", "model_fields"}
        return sorted({*self.sections, *(name for name in own if name[0] != "_" and name not in inner)})

    def _html(self, lang: str) -> Markup:
        rows = self.parameters()
        changed = [row for row in rows if repr(row["value"]) != repr(row["default"])]
        title = gettext(
            lang,
            "{name}: {parameters} parameters, {changed} not at their default",
            name=type(self).__name__,
            parameters=len(rows),
            changed=len(changed),
        )
        return titled(title, parameter_table(changed, lang) if changed else paragraph(gettext(lang, "all defaults")))

    def _repr_html_(self) -> str:
        return str(self._html("en"))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a scenario is frozen; make a changed copy with scenario.replace({...})")

    def __repr__(self) -> str:
        changed = self.differences(type(self)())
        inside = ", ".join(f"{name} = {shown(here)}" for name, (here, _) in changed.items())
        return f"<{type(self).__name__}: {inside or 'all defaults'}>"

    __str__ = __repr__
