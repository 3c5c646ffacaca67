"""From a strategy's word to a plan: who serves which estate from where.

Own branches sit at home.  Dispatched secretaries look after a few neighbouring estates of one community.
Joint branches are found by `grouping`.  The controls change a strategy's plan:

* ``placebo:X`` has X's names and no hours;
* ``shuffled:X`` moves kind, members, secretary and group together to other estates of the same size class;
* ``hours_matched:X`` has no branch and replays, at the community desks, the hours that X worked;
  ``hours_matched_tied:X`` ties them to their estates, ``hours_matched_net:X`` leaves out what X reported, and
  ``hours_offered:X`` replays all that X offered, used or not.  X may be a strategy, or a policy
  called after the study's whole arrangement (`sim.policies.arrangement.named`), such as ``arrangement, own``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import StrategyError, unknown
from sim.core.sentence import Sentence
from sim.policies import arrangement
from sim.policies.coverage.branch_kinds import BranchKind
from sim.policies.coverage.grouping import Grouping, Sites, group, places
from sim.policies.coverage.strategies import State, ask, find

if TYPE_CHECKING:
    from sim.district import District
    from sim.policies.coverage.coverage_parameters import CoverageSection

__all__ = ["CONTROLS", "REPLAYS", "Plan", "circuits", "parse", "plan"]

Rows = NDArray[np.int64]

REPLAYS: Final = {"hours_matched": 0, "hours_matched_tied": 0, "hours_matched_net": 1, "hours_offered": 2}
"""Controls that replay hours at the existing desks, and which kind of hours: worked, less reporting, offered."""
CONTROLS: Final = ("placebo", "shuffled", *REPLAYS)
_SIZE_CLASSES: Final = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """Which branch serves which estate.

    Attributes
    ----------
    kind
        Shape (estates,), numbers of `BranchKind`.
    home
        Row of the home estate of the branch that serves, -1 where none does, shape (estates,).
    members
        Formal members who stand behind the branch in each estate, shape (estates,).
    origin
        Row from which each estate's branch comes: its own, unless shuffled, shape (estates,).
    phantom
        Whether branches exist in name only.
    grouping
        How joint groups were found, where any were wanted.
    ungrouped
        Estates that wanted a joint branch and found no group.
    """

    kind: NDArray[np.int8]
    home: Rows
    members: Rows
    origin: Rows
    phantom: bool = False
    grouping: Grouping | None = field(default=None, repr=False)
    ungrouped: int = 0


def parse(name: str) -> tuple[str, str]:
    """Split a name into control (or '') and strategy, and check both.

    Examples
    --------
    >>> parse("placebo:full"), parse("own")
    (('placebo', 'full'), ('', 'own'))
    """
    control, colon, base = name.partition(":")
    if not colon:
        find(name)
        return "", name
    if control not in CONTROLS:
        raise StrategyError(Sentence('"{name}": {unknown}', name=name, unknown=unknown("control", control, CONTROLS)))
    if ":" in base:
        raise StrategyError(f'"{name}" is a control of a control; a control belongs to a strategy, e.g. {control}:full')
    policy = arrangement.named(base) if control in REPLAYS else None
    find(base if policy is None else str(policy.get("coverage.strategy", "none")))
    return control, base


def plan(
    name: str,
    district: District,
    members: Rows,
    state: State,
    section: CoverageSection,
    per_secretary: int,
) -> Plan:
    """Make the plan of a strategy or of a control other than matched hours.

    Parameters
    ----------
    name
        E.g. ``full`` or ``placebo:full``.
    district, members, state
        What the strategy is told.
    section
        Settings of the section `coverage`.
    per_secretary
        Estates that a dispatched secretary looks after.

    Raises
    ------
    StrategyError
        For an unknown name, or a strategy that fails or answers with something else than kinds.
    """
    control, base = parse(name)
    kind = ask(base, district, members, state)
    kind = np.where(state.covered, BranchKind.NONE, kind).astype(np.int8)
    rows = np.arange(district.estates)
    home = np.where(kind == BranchKind.OWN, rows, -1)
    sent = np.flatnonzero(kind == BranchKind.DISPATCHED)
    home[sent] = circuits(district, sent, per_secretary)
    found: Grouping | None = None
    ungrouped = 0
    wanted = np.flatnonzero(kind == BranchKind.JOINT)
    if wanted.size:
        found = group(Sites.from_district(district, members, wanted), section)
        inside = found.home >= 0
        home[wanted[inside]] = wanted[found.home[inside]]
        kind[wanted[~inside]] = BranchKind.NONE
        ungrouped = int(wanted.size - inside.sum())
    made = Plan(kind, home, members, rows, control == "placebo", found, ungrouped)
    return _shuffled(made, district, state) if control == "shuffled" else made


def circuits(district: District, rows: Rows, size: int) -> Rows:
    """Share estates out among secretaries, community by community; give the row of each one's first estate.

    In each community estates are taken in order along the axis in which they lie farther apart, so that a
    secretary's estates are neighbours.
    """
    if rows.size == 0:
        return rows
    place = places(district.x[rows], district.y[rows], district.identity[rows])
    community = district.community[rows]
    count = np.maximum(np.bincount(community, minlength=district.communities), 1)
    variance = []
    for axis in (0, 1):
        mean = np.bincount(community, place[:, axis], district.communities) / count
        variance.append(np.bincount(community, (place[:, axis] - mean[community]) ** 2, district.communities))
    along = np.where((variance[0] >= variance[1])[community], place[:, 0], place[:, 1])
    order = np.lexsort((along, community))
    line = community[order]
    start = np.searchsorted(line, line)
    turn = np.arange(rows.size) - start
    head = start + turn // size * size
    home = np.empty_like(rows)
    home[order] = rows[order[head]]
    return home


def _shuffled(made: Plan, district: District, state: State) -> Plan:
    """Exchange estates within classes of size; what belongs to an estate's branch goes along."""
    ranks = np.lexsort((district.identity, district.households)).argsort()
    size_class = ranks * _SIZE_CLASSES // district.estates
    draw = state.chance.uniform("shuffled coverage", 0, district.identity)
    settled = np.lexsort((district.identity, size_class))
    mixed = np.lexsort((draw, size_class))
    target = np.empty(district.estates, dtype=np.int64)
    target[settled] = mixed
    kind, home = np.zeros_like(made.kind), np.full_like(made.home, -1)
    members, origin = np.empty_like(made.members), np.empty_like(made.origin)
    kind[target] = made.kind
    home[target] = np.where(made.home >= 0, target[made.home], -1)
    members[target] = made.members
    origin[target] = made.origin
    return Plan(kind, home, members, origin, made.phantom, made.grouping, made.ungrouped)
