"""What stands once about something that can be asked for: a command has an option of it, a page a line.

A field of a `Spec` carries an `Option` in its annotation; its default and what is allowed are the field's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Option:
    """What a person reads of a field.

    Attributes
    ----------
    metavar
        What stands for its value; by default what its type suggests.
    name
        Of the option, where it is not the field's, such as ``--outcome`` of `outcomes`, which is given again; several
        are divided by spaces.
    usual
        What holds where nothing is said, in words, where it is not the field's default.
    """

    text: str
    metavar: str | None = None
    name: str | None = None
    usual: str | None = None


def option_of(metadata: Iterable[Any]) -> Option | None:
    """Return the option among the metadata of an annotation."""
    return next((part for part in metadata if isinstance(part, Option)), None)


def chosen(name: str, known: Iterable[str], what: str, advice: str = "") -> str:
    """Return a name if it is one of those that there are; raise the error that lists them, with advice behind.

    Examples
    --------
    >>> chosen("fulll", ["none", "full"], "strategy")
    Traceback (most recent call last):
    sim.ScenarioError: Unknown strategy "fulll". Did you mean "full"? Choose from: none, full.
    """
    from sim.core.errors import ScenarioError, unknown  # the help of a command imports no model
    from sim.core.sentence import Several

    names = list(known)
    if name not in names:
        raise ScenarioError(Several([unknown(what, name, names), advice], ""))
    return name


SEED: Final = Option("Seed; replicates' seeds are hashed from it.")
PLUGIN: Final = Option("Your own strategies and components (code, and run as such).", "FILE.py")
POLICY: Final = Option(
    "Strategies by themselves, or each as the coverage of the study's whole arrangement.",
    "coverage|arrangement",
    usual="coverage",
)
