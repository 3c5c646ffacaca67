"""Coverage strategies: which estates get a branch, and of which kind.

A strategy is a function ``assign(district, members, state) -> kinds``.  It says *where*, and has no way to
touch an outcome.  Users register their own with `strategy`; built-in ones are registered the same way.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.core.attributes import Attributes
from sim.core.chance import Chance
from sim.core.errors import StrategyError, own_line, unknown
from sim.core.sentence import Sentence
from sim.policies import arrangement
from sim.policies.coverage.branch_kinds import KINDS, BranchKind

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["State", "Strategy", "ask", "find", "kinds_of", "names", "registered", "strategy", "unregister"]

Kinds = NDArray[np.int8]


class Strategy(Protocol):
    """What a strategy is: called, or asked through its method `assign`."""

    def __call__(self, district: District, members: NDArray[np.int64], state: State) -> Any:
        """Kinds of branch, shape (estates,), as numbers of `BranchKind` or as their names."""


@dataclass(frozen=True, slots=True)
class State(Attributes):
    """What is known when a strategy decides.

    Attributes
    ----------
    week, wave, waves
        The week; how many steps of a rollout have been made before; how many there are.
    share, hours, second, needed
        The scenario's settings of the section `coverage`.
    conflicts
        Mean weekly conflicts of each estate over about the past 26 weeks, shape (estates,).
    committee, covered
        Where a committee is in office; where a branch serves already.
    satisfaction, strength
        Mean satisfaction of the estate; strength of its community.
    own_hours, second_hours
        Cadre and member hours a week that an own branch, or what comes second, would take in each estate.
    chance
        Draws by identity; never use any others.
    """

    week: int
    wave: int
    waves: int
    share: float
    hours: float
    second: str
    needed: int
    conflicts: NDArray[np.float64]
    committee: NDArray[np.bool_]
    covered: NDArray[np.bool_]
    satisfaction: NDArray[np.float64]
    strength: NDArray[np.float64]
    own_hours: NDArray[np.float64]
    second_hours: NDArray[np.float64]
    chance: Chance


_registry: dict[str, Strategy] = {}
_BUILT_IN: set[str] = set()


def strategy(name: str) -> Callable[[Any], Any]:
    """Register a strategy under a name, by which it can be used wherever a built-in one can.

    The function below is given the district (a `sim.District`), the formal members of each estate, shape (estates,),
    and what is known when it decides: ``state.week``, ``state.conflicts``, ``state.covered`` and the like, see
    `State`.  It returns a `BranchKind`, or its name, for each estate.

    Parameters
    ----------
    name
        A name without colon, semicolon, comma or space, which part an arm; a built-in name cannot be taken.

    Examples
    --------
    >>> @strategy("villages")
    ... def villages(district, members, state):
    ...     return np.where(district.kind == 1, BranchKind.DISPATCHED, BranchKind.NONE)
    >>> unregister("villages")
    """
    if not isinstance(name, str):
        what = getattr(name, "__name__", "")
        what = what if what.isidentifier() else "mine"
        raise StrategyError(f'sim.strategy needs a name, in brackets before the function: @sim.strategy("{what}")')
    if not name or set(name) & set(":;,") or any(letter.isspace() or not letter.isprintable() for letter in name):
        raise StrategyError(
            f'"{name}" cannot name a strategy: it must not be empty nor have a comma, semicolon, colon or spaces'
        )
    if name in _BUILT_IN:
        raise StrategyError(f'"{name}" is a built-in strategy; choose another name')
    if name == arrangement.NAME:
        raise StrategyError(f'"{name}" is the study\'s policy; choose another name')

    def register(function: Any) -> Any:
        made = function() if isinstance(function, type) else function
        assign = getattr(made, "assign", made)
        if not callable(assign):
            raise StrategyError(f'strategy "{name}" is neither a function nor has it a method assign')
        try:
            inspect.signature(assign).bind(None, None, None)
        except TypeError:
            raise StrategyError(f'strategy "{name}" must take three arguments: (district, members, state)') from None
        _registry[name] = assign
        return function

    return register


def unregister(name: str) -> None:
    """Forget a strategy of the user's own."""
    if name not in _BUILT_IN:
        _registry.pop(name, None)


def registered() -> dict[str, Strategy]:
    """Strategies of the user's own, by name."""
    return {name: function for name, function in _registry.items() if name not in _BUILT_IN}


def find(name: str) -> Strategy:
    """Return the strategy of a name; StrategyError with the nearest name where there is none."""
    if name not in _registry:
        raise StrategyError(
            Sentence(
                "{unknown} Controls: placebo:X, shuffled:X, hours_matched:X, hours_matched_tied:X, hours_matched_net:X "
                "and hours_offered:X of any of them. The study's policy, where arms are named: arrangement, "
                "'arrangement, own' or 'arrangement less couriers'. One of your own is read from a file: --plugin "
                "FILE.py, or plugin= in Python.",
                unknown=unknown("strategy", name, _registry),
            )
        )
    return _registry[name]


def ask(name: str, district: District, members: NDArray[np.int64], state: State) -> Kinds:
    """Ask a strategy for its kinds, and check them.

    Parameters
    ----------
    name
        Of the strategy.
    district, members, state
        What it is told; it cannot write to `members`.

    Raises
    ------
    StrategyError
        For an unknown name, a strategy that fails, an answer that is no kinds, or an own branch where fewer
        members live than a branch needs.
    """
    assign, told = find(name), members.copy()
    told.setflags(write=False)
    try:
        answer = assign(district, told, state)
    except Exception as error:
        raise StrategyError(
            f'strategy "{name}" failed in week {state.week}: {type(error).__name__}: {error} ({own_line(error)})'
        ) from error
    kinds = kinds_of(name, answer, district.estates)
    short = np.flatnonzero((kinds == BranchKind.OWN) & (members < state.needed))
    if short.size:
        raise StrategyError(
            f'strategy "{name}" gave an own branch to {short.size} estates with fewer than {state.needed} members '
            f"(first: {district.names[short[0]]} with {members[short[0]]}); give them joint or dispatched, or lower "
            "coverage.members_needed"
        )
    return kinds


def kinds_of(name: str, answer: Any, estates: int) -> Kinds:
    """Check what a strategy answered, and turn names into numbers, shape (estates,)."""
    kinds = np.asarray(answer)
    if kinds.shape != (estates,):
        raise StrategyError(
            f'strategy "{name}" gave {kinds.shape} kinds; it must give one for each of {estates} estates'
        )
    if kinds.dtype.kind in "UO":
        wrong = [str(kind) for kind in kinds.tolist() if kind not in KINDS]
        if wrong:
            raise StrategyError(f'strategy "{name}" gave "{wrong[0]}"; kinds are {", ".join(KINDS)}')
        return np.array([KINDS.index(kind) for kind in kinds.tolist()], dtype=np.int8)
    if kinds.dtype.kind == "b":
        raise StrategyError(
            f'strategy "{name}" gave true and false, which are no kinds of branch; say which branch is meant where it '
            f'is true, e.g. np.where(chosen, "dispatched", "none"). Kinds are {", ".join(KINDS)}'
        )
    if kinds.dtype.kind not in "iu" or (kinds.size and not 0 <= kinds.min() <= kinds.max() < len(KINDS)):
        raise StrategyError(f'strategy "{name}" gave kinds other than 0 to {len(KINDS) - 1} ({", ".join(KINDS)})')
    return kinds.astype(np.int8)


# Built in -----------------------------------------------------------------------------------------


def _eligible(chosen: NDArray[np.bool_], members: NDArray, state: State) -> Kinds:
    """An own branch where members enough live, what comes second elsewhere, in the chosen estates."""
    second = BranchKind.JOINT if state.second == "joint" else BranchKind.DISPATCHED
    kinds = np.where(members >= state.needed, BranchKind.OWN, second)
    return np.where(chosen, kinds, BranchKind.NONE).astype(np.int8)


def _foremost(district: District, state: State, *keys: NDArray) -> NDArray[np.bool_]:
    """The share of estates that comes first by the keys, largest first; ties by identity, never by row."""
    count = round(state.share * district.estates)
    order = np.lexsort((district.identity, *(-key for key in reversed(keys))))
    chosen = np.zeros(district.estates, dtype=bool)
    chosen[order[:count]] = True
    return chosen


@strategy("none")
def none(district: District, members: NDArray, state: State) -> Kinds:
    """No branch anywhere."""
    return np.zeros(district.estates, dtype=np.int8)


@strategy("own")
def own(district: District, members: NDArray, state: State) -> Kinds:
    """Own branches, only where at least three members live."""
    return np.where(members >= state.needed, BranchKind.OWN, BranchKind.NONE).astype(np.int8)


@strategy("dispatched")
def dispatched(district: District, members: NDArray, state: State) -> Kinds:
    """A dispatched secretary for every estate."""
    return np.full(district.estates, BranchKind.DISPATCHED, dtype=np.int8)


@strategy("joint")
def joint(district: District, members: NDArray, state: State) -> Kinds:
    """Joint branches everywhere."""
    return np.full(district.estates, BranchKind.JOINT, dtype=np.int8)


@strategy("full")
def full(district: District, members: NDArray, state: State) -> Kinds:
    """The study's rule: own where at least three members live, `coverage.second` elsewhere."""
    return _eligible(np.ones(district.estates, dtype=bool), members, state)


@strategy("random")
def random(district: District, members: NDArray, state: State) -> Kinds:
    """The rule of `full` in a share of the estates, drawn by chance."""
    return _eligible(
        _foremost(district, state, state.chance.uniform("random coverage", 0, district.identity)), members, state
    )


@strategy("hotspot")
def hotspot(district: District, members: NDArray, state: State) -> Kinds:
    """The rule of `full` in the share of estates with most recent conflicts."""
    return _eligible(_foremost(district, state, state.conflicts), members, state)


@strategy("largest")
def largest(district: District, members: NDArray, state: State) -> Kinds:
    """The rule of `full` in the share of estates with most households."""
    return _eligible(_foremost(district, state, district.households), members, state)


@strategy("weakest")
def weakest(district: District, members: NDArray, state: State) -> Kinds:
    """The rule of `full` in the weakest communities first, there in estates without a committee first."""
    return _eligible(
        _foremost(district, state, -state.strength, -state.committee.astype(float), district.households), members, state
    )


@strategy("phased")
def phased(district: District, members: NDArray, state: State) -> Kinds:
    """The rule of `full`, community by community in steps (a stepped wedge) whose order is drawn by chance."""
    first = np.searchsorted(district.community, np.arange(district.communities))
    # A community is known by its estates, so that its turn does not depend on the order of rows.
    who = np.bitwise_xor.reduceat(district.identity, first)
    turn = state.chance.uniform("phased coverage", 0, who).argsort().argsort() * state.waves // who.size
    return _eligible(turn[district.community] <= state.wave, members, state)


@strategy("budget")
def budget(district: District, members: NDArray, state: State) -> Kinds:
    """The rule of `full`, greedily: most recent conflicts per hour first, until the hours are spent."""
    cost = np.where(members >= state.needed, state.own_hours, state.second_hours)
    order = np.lexsort((district.identity, -state.conflicts / np.maximum(cost, 1e-9)))
    chosen = np.zeros(district.estates, dtype=bool)
    chosen[order[cost[order].cumsum() <= state.hours]] = True
    return _eligible(chosen, members, state)


_BUILT_IN.update(_registry)


def names() -> Sequence[str]:
    """Names of all strategies, built-in ones first."""
    return tuple(_registry)
