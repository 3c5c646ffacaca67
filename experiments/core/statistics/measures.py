"""The outcomes of a comparison: which are shown, in what unit, and which direction of each is the better one.

A verdict needs a better side.  For most outcomes it is plain: fewer people in conflict, and fewer whose dispute still
stands weeks later, are better.  Filing has none.  It is voice: filings rise when a new channel opens and when people
have more to complain about, and fall when there is less trouble and when people fall silent.  Nor has what follows the
number of filings, such as how many cases are mediated or settled, or how a conflict is met, borne or taken up with the
other side; what came of it shows in disputes that stand and in shares of what has ended.  Hence conflicts, filed
cases and standing disputes always stand side by side.
"""

from collections.abc import Mapping, Sequence

from experiments.core.statistics.outcome_indices import INDICES, PARTS
from sim import Scenario
from sim.core.errors import StoreError, nearest, refusal
from sim.outcomes import COLUMNS, Better
from sim.outcomes import definition as definition
from sim.outcomes.inequality import GROUPS

DEFAULT: tuple[str, ...] = tuple(
    "conflicts filed standing open settled escalated reply_median satisfaction trust_branch committees order vitality "
    "hours reporting_hours yuan_purse".split()
)
"""Outcomes of a table unless others are requested; the first three are never shown one without the others."""


def columns_of(scenario: Scenario) -> list[str]:
    """Name what runs of a scenario measure: the outcomes of the model, and those of the components that it carries."""
    return [*COLUMNS, *(outcome.name for component in scenario.components for outcome in component.outcomes)]


def better(outcome: str) -> Better:
    """Return which direction of an outcome is read as the good one; hours and yuan are a cost, so fewer are better.

    An outcome that nobody has declared has no better side; nor has what is only reported.

    Examples
    --------
    >>> better("conflicts"), better("resolution_true"), better("hours_members"), better("filed")
    ('lower', 'higher', 'lower', 'neither')
    """
    known = definition(outcome)
    return "neither" if known is None else known.better


def unit(outcome: str) -> str:
    """Return an outcome's unit; one that nobody has declared has none."""
    known = definition(outcome)
    return "" if known is None else known.unit


def chosen(outcomes: Sequence[str] | None, columns: Sequence[str]) -> list[str]:
    """Name the outcomes of a table: the requested ones, checked, or what the runs have of the default set."""
    if outcomes is None:
        return [name for name in DEFAULT if name in columns or any(part in columns for part in PARTS.get(name, ()))]
    if not isinstance(outcomes, Sequence):
        functions = isinstance(outcomes, Mapping) and any(map(callable, outcomes.values()))
        raise StoreError(
            refusal(
                f"outcomes = {outcomes!r}: in the laboratory a function of the model is an outcome as the measure of a "
                "component of your own (docs/extending.md), and is given by name."
            )
            if functions
            else f'{outcomes!r} is no outcome; give names, e.g. outcomes=["conflicts", "filed"].'
        )
    known = [*(column for column in columns if column != "week"), *INDICES]
    for name in outcomes:
        if not isinstance(name, str):
            raise StoreError(f'{name!r} is no outcome; give names, e.g. outcomes=["conflicts", "filed"].')
        if name not in known:
            if meant := _renamed(name):
                raise StoreError(f'"{name}" is not an outcome any more. {meant}')
            raise StoreError(
                f'"{name}" is not an outcome of these runs.{nearest(name, known)} There are: {", ".join(known)}. '
                "Those of a mechanism of your own come with its file: --plugin FILE.py, or plugin= in Python."
            )
    return list(dict.fromkeys(outcomes))


def _renamed(name: str) -> str:
    """Say what an outcome of old has become; nothing where it was none."""
    stands = (
        "residents in conflict some weeks before who have no agreement that holds and whose cause goes on, "
        "whichever way they took"
    )
    group = name.removeprefix("unresolved_")
    if name == "unresolved":
        return (
            f"It has become two: `standing`, {stands}; and `unresolved_filed`, what the old name counted: cases "
            "ended without an agreement, and agreements broken."
        )
    return f"There is `standing_{group}` now: {stands}." if group != name and group in GROUPS else ""
