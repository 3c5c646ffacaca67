"""An attribute that is not there: refused with the nearest one, and with all that there are.

A slip in a name is the commonest error of somebody who looks around in a notebook, where nobody else corrects it.  The
message is made only when it is read, so that `hasattr` and copies cost what they cost without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import EnumType
from typing import TYPE_CHECKING, Any, ClassVar

from sim.core.errors import nearest

__all__ = ["Attributes", "Choices", "UnknownAttribute", "UnknownName"]


class UnknownAttribute(AttributeError):
    """An attribute that a thing does not have, with a message that is made when it is read.

    Parameters
    ----------
    message
        Makes it.

    Examples
    --------
    >>> print(UnknownAttribute(lambda: "There is no tea."))
    There is no tea.
    """

    def __init__(self, message: Callable[[], str]) -> None:
        # With a name and no object, Python's own suggestion does not stand behind this one.
        super().__init__(name="", obj=None)
        self._message = message

    def __str__(self) -> str:
        return self._message()

    def __repr__(self) -> str:
        return f"AttributeError({str(self)!r})"

    def __reduce__(self) -> Any:
        # Another process is sent the words, and not a whole model.
        return AttributeError, (str(self),)


class UnknownName(UnknownAttribute):
    """The same, with the nearest name and all that there are.

    Parameters
    ----------
    owner
        What it was asked of, as a sentence names it.
    word
        What was asked for.
    thing
        What it was asked of; None for a module.
    known
        What there is; the public attributes of the thing where not given.

    Examples
    --------
    >>> print(UnknownName("a week", "mondy", None, ["monday", "tuesday"]))
    a week has no "mondy". Did you mean "monday"? It has: monday, tuesday.
    """

    def __init__(self, owner: str, word: str, thing: Any, known: Iterable[str] | None = None) -> None:
        super().__init__(self._said)
        self._asked = owner, word, thing, known

    def _said(self) -> str:
        owner, word, thing, known = self._asked
        if word.startswith("_"):
            return f"{owner} has no {word!r}"
        if thing is not None:
            known = [name for name in dir(thing) if name[0] != "_"]
        names = list(known or ())
        beyond = getattr(type(thing), "_elsewhere", None)
        hint = (beyond(thing, word) if beyond else "") or nearest(word, names)
        return f'{owner} has no "{word}".{hint} It has: {", ".join(names) or "no attributes"}.'


for _kind in (UnknownAttribute, UnknownName):
    _kind.__name__ = _kind.__qualname__ = "AttributeError"
    _kind.__module__ = "builtins"


class Attributes:
    """Base of what people look into; a class may say in `_elsewhere` where else a name is found.

    Examples
    --------
    >>> import sim
    >>> sim.examples.small().district.househols
    Traceback (most recent call last):
    AttributeError: District has no "househols". Did you mean "households"? It has: adults, ...
    """

    __slots__ = ()
    _instead: ClassVar[str] = ""
    """What to write in the place of a number or name in brackets."""

    if not TYPE_CHECKING:  # a type checker would take every name for one that there is

        def __getattr__(self, name: str) -> Any:
            if name[:1] != "_" and hasattr(type(self), name):
                return object.__getattribute__(self, name)  # a property that failed says itself why
            raise UnknownName(type(self).__name__, name, self)

        def __getitem__(self, item: Any) -> Any:
            there = isinstance(item, str) and item[:1] != "_" and hasattr(self, item)
            raise TypeError(
                f"{type(self).__name__} is not asked for [{item!r}]; "
                + (f"write .{item}" if there else self._instead or "what it has is read with a dot, and dir() lists it")
            )


class Choices(EnumType):
    """Kind of an enumeration whose members are refused by name in the same way.

    Examples
    --------
    >>> import sim
    >>> sim.EstateKind.VILLAGE
    Traceback (most recent call last):
    AttributeError: EstateKind has no "VILLAGE". Did you mean "URBAN_VILLAGE"? It has: ...
    """

    if not TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Any:
            raise UnknownName(cls.__name__, name, None, cls.__members__)
