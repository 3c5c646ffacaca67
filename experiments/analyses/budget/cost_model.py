"""Coverage within a number of hours: rules that rank estates, and how far down the ranking the hours reach.

Strategies can be compared at equal cost only if each spends as much.  Here a strategy is asked, in the week of
founding, which estates it would cover first; the cost of these branches is calculated as the model carries them out
(secretaries of joint groups, circuits of dispatched secretaries, the most that a desk may lend), and estates are added
until the hours are spent.  So every strategy keeps within the hours in every replicate, without a run.

Cadre hours are those of secretaries and members, which are new, and of dispatched secretaries, which a community's desk
then lacks.  They are of the week of founding; fatigue makes the weeks that follow cheaper.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim import District, Scenario
    from sim.policies.coverage import State

__all__ = ["BUILT_IN", "FEATURES", "KINDS", "Rule", "Terms", "full_hours", "furthest", "price", "terms_of", "within"]

Assign = Callable[["District", NDArray[np.int64], "State"], NDArray[np.int8]]

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "own": ("own", "none"),
    "own, else joint": ("own", "joint"),
    "own, else dispatched": ("own", "dispatched"),
    "joint": ("joint", "joint"),
    "dispatched": ("dispatched", "dispatched"),
}
"""Kinds of branch that a rule may found: where members enough live, and elsewhere."""

FEATURES: Final = ("conflicts", "households", "members", "hours", "weakness")
"""By what a rule ranks estates: recent conflicts, size, members living there, hours that a branch would take, and how
weak their community is; each as a rank from 0 to 1 among the estates that the rule may cover."""

BUILT_IN: Final = ("random", "hotspot", "largest", "weakest", "budget")
"""Strategies of the model that cover more the more they are given."""

CLOSE: Final = 0.01
"""Share of the hours that may be left over before the search for more ends."""
TURNS: Final = 12
"""Questions after which the search only halves."""


class Rule(NamedTuple):
    """A rule of coverage: which kinds of branch, and the weights of `FEATURES` by which estates are ranked."""

    kinds: str
    weights: tuple[float, ...]


class Terms(NamedTuple):
    """What of the scenario decides how many hours branches take; plain, so that it is part of a strategy's identity."""

    hours_per_member: float
    active_share: float
    in_service: bool
    reach: float
    in_service_hours: float
    in_service_rate: float
    secretary_hours: float
    dispatched_hours: float
    dispatched_cap: float
    estates_per_secretary: int
    hours_community: float
    members_needed: int
    radius: float
    group_limit: int
    nearest: int
    node_limit: int

    @property
    def each_member(self) -> float:
        """Hours a week that a member gives on average."""
        return self.hours_per_member * self.active_share

    def of_in_service(self, district: District, members: NDArray) -> NDArray[np.float64]:
        """Hours a week that in-service members give in each estate, shape (estates,), if none does so elsewhere."""
        each = float(self.in_service * self.reach * self.active_share * self.in_service_hours)
        living: NDArray[np.float64] = np.zeros(members.size)
        if each > 0.0:
            living += each * district.in_service(self.in_service_rate, members)
        return living


def terms_of(scenario: Scenario) -> Terms:
    """Return the terms of a scenario."""
    rooms = (scenario.branches, scenario.desks, scenario.coverage, scenario.district)
    return Terms(*(next(getattr(room, name) for room in rooms if hasattr(room, name)) for name in Terms._fields))


def price(kinds: NDArray, district: District, members: NDArray, terms: Terms) -> float:
    """Calculate the cadre hours a week that branches would take if they were founded now.

    `kinds` are numbers of `sim.BranchKind`, and `members` how many live in each estate, shape (estates,).

    Examples
    --------
    >>> import sim
    >>> terms = terms_of(sim.Scenario().replace({"branches.reach": 0.0}))
    >>> price(np.ones(12), sim.District.synthetic(estates=12, seed=1), np.full(12, 5), terms)  # 12 (2 + 5 x 0.4 x 0.5)
    36.0
    """
    from sim import BranchKind
    from sim.policies.coverage.assignment import circuits
    from sim.policies.coverage.grouping import Sites, group

    served = np.asarray(kinds) == BranchKind.OWN
    secretaries = float(np.count_nonzero(served)) * terms.secretary_hours
    sent, wanted = (np.flatnonzero(np.asarray(kinds) == kind) for kind in (BranchKind.DISPATCHED, BranchKind.JOINT))
    lent = 0.0
    if sent.size:
        homes = np.unique(circuits(district, sent, terms.estates_per_secretary))
        asked = np.bincount(district.community[homes], minlength=district.communities) * terms.dispatched_hours
        lent = float(np.minimum(asked, terms.dispatched_cap * terms.hours_community * district.strength).sum())
        served[sent] = True
    if wanted.size:
        found = group(Sites.from_district(district, members, wanted), terms)
        inside = found.home >= 0
        secretaries += np.unique(found.home[inside]).size * terms.secretary_hours
        served[wanted[inside]] = True
    in_service = float(terms.of_in_service(district, members)[served].sum())
    return secretaries + lent + terms.each_member * float(members[served].sum()) + in_service


def within(rule: Rule | str, terms: Terms, hours: float | None = None) -> Assign:
    """Make a strategy that covers estates by a rule, or by one of `BUILT_IN`, as far as the cadre hours a week reach;
    by default those of the scenario's ``coverage.hours``.
    """

    def assign(district: District, members: NDArray[np.int64], state: State) -> NDArray[np.int8]:
        limit = state.hours if hours is None else hours
        choose = (
            _built_in(rule, district, members, state)
            if isinstance(rule, str)
            else _ranked(rule, terms, district, members, state)
        )

        def cost(count: int) -> float:
            return price(choose(count), district, members, terms)

        each = _each(district, members, terms)
        rows = np.arange(district.estates)
        return choose(furthest(cost, lambda count: float(each[choose(count), rows].sum()), district.estates, limit))

    return assign


def furthest(cost: Callable[[int], float], sketch: Callable[[int], float], most: int, limit: float) -> int:
    """Find how many of `most` can be had within a limit, asking for few exact costs.

    `cost` grows by and large with the number, and is 0 for none; `sketch` is about the same and quick to compute, and
    where it meets the limit, stretched as the last exact cost says, is evaluated next.  One more than the number
    returned would cost more than the limit, unless less than `CLOSE` of it is left over.

    Examples
    --------
    >>> furthest(lambda count: 2.5 * count, lambda count: count, 100, 50.0)
    20
    """
    low, low_cost, high, stretch, turn = 0, 0.0, most + 1, 1.0, 0
    while high - low > 1 and not (low and limit - low_cost <= CLOSE * limit):
        turn += 1
        places = range(low + 1, high)
        guess = (low + high) // 2
        # Always halving, once it has taken long, keeps a bend in the costs from stopping the search.
        if turn <= TURNS:
            guess = places[max(bisect_right(places, limit, key=lambda count: stretch * sketch(count)) - 1, 0)]
        asked = cost(guess)
        if asked <= limit:
            low, low_cost = guess, asked
        else:
            high = guess
        about = sketch(guess)
        stretch = asked / about if asked > 0.0 and about > 0.0 else 1.0
    return low


def full_hours(district: District, scenario: Scenario) -> float:
    """Reckon the cadre hours a week that full coverage takes."""
    from sim import BranchKind

    members = district.members(scenario.district.members_rate)
    second = BranchKind.JOINT if scenario.coverage.second == "joint" else BranchKind.DISPATCHED
    kinds = np.where(members >= scenario.coverage.members_needed, BranchKind.OWN, second)
    return price(kinds, district, members, terms_of(scenario))


def _each(district: District, members: NDArray, terms: Terms) -> NDArray[np.float64]:
    """About what each kind of branch takes in each estate, shape (kinds, estates), groups and circuits being full."""
    circuit, joint = terms.dispatched_hours / terms.estates_per_secretary, terms.secretary_hours / terms.group_limit
    secretary = np.array([0.0, terms.secretary_hours, circuit, joint])
    each = secretary[:, None] + terms.each_member * members + terms.of_in_service(district, members)
    each[0] = 0.0
    return each


def _built_in(name: str, district: District, members: NDArray, state: State) -> Callable[[int], NDArray[np.int8]]:
    """Return what a strategy of the model answers when it may cover so many estates, or spend so many parts of all."""
    from sim.policies.coverage.strategies import ask

    everything = float(np.where(members >= state.needed, state.own_hours, state.second_hours).sum())

    def choose(count: int) -> NDArray[np.int8]:
        part = count / district.estates
        return ask(name, district, members, replace(state, share=part, hours=part * everything * (1.0 + 1e-12)))

    return choose


def _ranked(
    rule: Rule, terms: Terms, district: District, members: NDArray, state: State
) -> Callable[[int], NDArray[np.int8]]:
    """Return what a rule covers when it may cover so many estates."""
    from sim import BranchKind

    enough, few = (BranchKind[kind.upper()] for kind in KINDS[rule.kinds])
    kinds = np.where(members >= state.needed, enough, few).astype(np.int8)
    marginal = _each(district, members, terms)[kinds, np.arange(district.estates)]
    features = (state.conflicts, district.households, members, marginal, -state.strength)
    score = np.zeros(district.estates)
    for weight, feature in zip(rule.weights, features, strict=True):
        score += weight * _rank(np.asarray(feature, dtype=np.float64))
    # Estates that the rule leaves out come last; ties go by identity, never by row.
    order = np.lexsort((district.identity, -score, kinds == BranchKind.NONE))
    place = order.argsort()
    return lambda count: np.where(place < count, kinds, np.int8(BranchKind.NONE))


def _rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank values from 0 to 1; equal ones share the middle of their ranks."""
    from scipy.stats import rankdata

    ranks: NDArray[np.float64] = (rankdata(values) - 1.0) / max(values.size - 1, 1)
    return ranks
