"""The one queue that every handler uses (M4), and the desks of the district.

A firm's office, an owners' committee, a branch, a platform, a community, a street and the district are, as
handlers, the same thing: person-hours a week, skill, local knowledge, and cases that wait, first come first served
within urgency.  Nobody has a coefficient of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.component import Component, Desk, Step, amounts, fixed, rows_in
from sim.core.codes import (
    BY_AUTHORITY,
    BY_BRANCH,
    BY_COMMITTEE,
    BY_FIRM,
    CATEGORIES,
    COMMUNITY_DESK,
    DESKS,
    INSTITUTIONS,
    NEIGHBOURLY,
)
from sim.core.errors import ComponentError, unknown
from sim.core.operands import operand
from sim.disputes.disputes_equations import DUST, RANKS, learnt

__all__ = ["INSTITUTION_OF_KIND", "Desks"]

_DUST, _NOTHING = operand(DUST), operand(0.0)
_SET_IN: Final = {
    "firm": "firms.serve",
    "committee": "committees.work",
    "branch": "branches.staff",
    "platform": "deliberation.gather",
    **dict.fromkeys(("community", "street", "district"), "authorities.staff"),
}
"""Line of the week in which the hours of each kind of desk are set."""
_BODIES: Final = fixed(~np.isin(np.arange(len(CATEGORIES)), NEIGHBOURLY))

INSTITUTION_OF_KIND: Final = fixed(
    np.array([BY_FIRM, BY_COMMITTEE, BY_BRANCH, BY_BRANCH, BY_AUTHORITY, BY_AUTHORITY, BY_AUTHORITY])
)
"""Institution whose standing is at stake, by kind of desk; a platform is the branch's, which convenes it."""

_COLUMNS: Final = (
    "hours",
    "handled",
    "spent",
    "spent_tied",
    "bank",
    "skill",
    "authority",
    "formalism",
    "premature",
    "unworked",
    "knowledge",
    "serves",
)
"""State with a number for each desk."""


class Desks(Component):
    """All desks of the district, numbered in blocks: firm, committee, branch and platform by estate, then authorities.

    Desks that components of a user declare come after them, each kind a block; see `sim.Desk`.

    Attributes
    ----------
    hours
        Hours of the week, shape (desks,); each stakeholder writes its own block every week.
    skill
        In [0, 1], 1/2 is average, shape (desks,).
    knowledge
        Local knowledge in [0, 1], shape (desks,).
    handled
        Cases brought to an end this week, shape (desks,).
    spent
        Hours spent on cases this week, shape (desks,).
    spent_tied
        Of these, hours of workers who are tied to one estate, shape (desks,).
    bank
        Unused hours of earlier weeks that are kept, shape (desks,).
    serves
        Estates that the desk serves, shape (desks,).
    authority
        What the desk can make a firm or committee lose, in [0, 1], shape (desks,); zero unless a right to evaluate or
        a fine is in force this week.
    formalism
        Share of the desk's hours that go into form, in [0, 1], shape (desks,).
    premature
        Share of the cases handled in vain that the desk reports as resolved all the same, shape (desks,).
    unworked
        Share of the cases that reach the desk's queue and are closed without any work, shape (desks,).
    meeting
        pi, probability of meeting a needed party in a week, shape (estates,).
    meeting_bodies
        The same where firm, committee or branch meets one of the three at its own table, shape (estates,): where they
        hold seats in one another it is higher.
    tied
        Hours a week of community workers who may serve one estate only (a control), shape (estates,) or None.
    """

    section = "desks"
    inputs = ("meeting", "meeting_bodies")
    factors: ClassVar[Mapping[str, str]] = {"meeting": "probability that a desk meets a party of a case of an estate"}
    used_in: ClassVar[Mapping[str, str]] = {"meeting": "disputes.meet"}
    steps = (
        Step("keep", doc="unused hours are kept for a while", equation="M4", stage="waiting"),
        Step("learn", doc="handling teaches; people who leave take knowledge along", equation="M9", stage="learning"),
    )

    def prepare(self) -> None:
        district = self.model.district
        self.own = self._declared()
        number = {
            "estate": district.estates,
            "community": district.communities,
            "street": district.streets,
            "district": 1,
        }
        self.kinds = (*DESKS, *(desk.kind for desk in self.own))
        sizes = [district.estates] * COMMUNITY_DESK + [district.communities, district.streets, 1]
        sizes += [number[desk.per] for desk in self.own]
        ends = np.cumsum(sizes)
        spans = zip(self.kinds, sizes, ends, strict=True)
        self._blocks = {kind: slice(int(end - size), int(end)) for kind, size, end in spans}
        self.size = int(ends[-1])
        self.kind = fixed(np.repeat(np.arange(len(self.kinds)), sizes))
        self.above_estate = slice(self.block("community").start, self.block("district").stop)
        standing = [INSTITUTIONS.index(desk.trusted_as) for desk in self.own]
        self.institution = fixed(np.concatenate([INSTITUTION_OF_KIND, np.array(standing, dtype=np.int64)]))
        self._at_estate = fixed(self.kind < COMMUNITY_DESK)
        self.number_type = np.dtype(np.uint16 if RANKS * self.size < 2**16 else np.uint32)
        community = self.block("community").start + district.community
        street = self.block("street").start + district.street_of_community
        self.community_of_estate = fixed(community.astype(np.int64))
        above = np.zeros(self.size, dtype=np.int64)
        for kind in DESKS[:COMMUNITY_DESK]:
            above[self.block(kind)] = community
        above[self.block("community")] = street
        district_desk = self.block("district").start
        above[self.block("street")] = district_desk
        above[district_desk] = -1
        self.above = fixed(above)
        self._make_room()

    def _declared(self) -> tuple[Desk, ...]:
        """Desks of the scenario's components; those that this model has had already keep their numbers."""
        had: tuple[Desk, ...] = vars(self).get("own", ())
        declared = [desk for kind in self.model.scenario.components for desk in kind.desks]
        return (*had, *(desk for desk in declared if desk not in had))

    def _make_room(self) -> None:
        """Let a fork that has further desks begin with them as a new model does."""
        if "hours" not in vars(self) or self.hours.size == self.size:
            return
        had = {name: vars(self)[name] for name in _COLUMNS}
        kept = {name: vars(self)[name] for name in ("meeting", "meeting_bodies", "tied")}
        self.settle_in()
        for name, values in had.items():
            vars(self)[name][: values.size] = values
        vars(self).update(kept)

    def settle_in(self) -> None:
        p, district = self.parameters, self.model.district
        self.hours = np.zeros(self.size)
        self.handled = np.zeros(self.size)
        self.spent = np.zeros(self.size)
        self.spent_tied = np.zeros(self.size)
        self.bank = np.zeros(self.size)
        self.skill = np.full(self.size, 0.5)
        self.authority = np.zeros(self.size)
        self.formalism = np.zeros(self.size)
        self.premature = np.zeros(self.size)
        self.unworked = np.zeros(self.size)
        self.meeting = np.full(district.estates, p.meeting)
        self.meeting_bodies = np.full(district.estates, p.meeting)
        self.tied: NDArray[np.float64] | None = None
        self.knowledge = np.full(self.size, p.knowledge_authority)
        self.knowledge[self.block("firm")] = p.knowledge_firm
        self.knowledge[self.block("committee")] = p.knowledge_committee
        self.serves = np.ones(self.size)
        self.serves[self.block("community")] = np.bincount(district.community, minlength=district.communities)
        street = district.street_of_community[district.community]
        self.serves[self.block("street")] = np.maximum(np.bincount(street, minlength=district.streets), 1)
        self.serves[self.block("district")] = district.estates
        for desk in self.own:
            block = self.block(desk.kind)
            if desk.per != "estate":
                self.serves[block] = self.serves[self.block(desk.per)]

    def open(self, above: NDArray[np.float64]) -> None:
        """Begin the week with plain desks: what a policy adds or takes is set anew every week.

        Parameters
        ----------
        above
            Hours of the desks above the estate, shape (communities + streets + 1,).
        """
        self.hours[self.above_estate] = above
        self.tied = None
        for array in (self.authority, self.formalism, self.premature, self.unworked):
            array.fill(0.0)
        self.meeting.fill(self.parameters.meeting)
        self.meeting_bodies.fill(self.parameters.meeting)

    def block(self, kind: str) -> slice:
        """Slice of the desks of a kind, in the arrays that have a number for each desk.

        Raises
        ------
        ComponentError
            When there are none of this kind.

        Examples
        --------
        >>> import sim
        >>> desks = sim.examples.small().desks
        >>> desks.hours[desks.block("firm")].shape
        (12,)
        """
        try:
            return self._blocks[kind]
        except KeyError:
            raise ComponentError(unknown("kind of desk", kind, self.kinds)) from None

    def at(self, kind: str, estates: NDArray[np.int64]) -> NDArray[np.int64]:
        """Desks of a kind of a user's own that serve these estates, shape (n,), as `Disputes.refer` takes them.

        Raises
        ------
        ComponentError
            When there are none of this kind.

        Examples
        --------
        >>> import sim
        >>> class Charity(sim.Component):
        ...     desks = sim.Desk("charity", per="estate")
        >>> desks = sim.GovernanceModel({"district.estates": 3}, seed=1, components=[Charity]).desks
        >>> (desks.at("charity", np.array([2, 0])) - desks.block("charity").start).tolist()
        [2, 0]
        """
        own = {desk.kind: desk for desk in self.own}
        if kind not in own:
            self.block(kind)
            raise ComponentError(f'desks.at finds desks of a component of your own, and "{kind}" is none of them.')
        place, district = self.block(kind).start, self.model.district
        estates = rows_in(estates, district.estates, "estates")
        if own[kind].per == "estate":
            return place + np.asarray(estates)
        community = district.community[estates].astype(np.int64)
        if own[kind].per == "community":
            return place + community
        return place + district.street_of_community[community] * (own[kind].per == "street")

    def set_hours(self, kind: str, hours: ArrayLike) -> None:
        """Set the week's hours of the desks of a kind, shape (desks of the kind,) or one number for all.

        Examples
        --------
        >>> import sim
        >>> desks = sim.examples.small().desks
        >>> desks.set_hours("district", 40.0)
        >>> desks.hours[desks.block("district")].tolist()
        [40.0]
        """
        own = self.hours[self.block(kind)]
        own[:] = amounts(hours, own.shape, f'desks.hours["{kind}"]', least=0.0)

    def add_hours(self, kind: str, hours: NDArray[np.float64]) -> None:
        """Lend hours of this week to the desks of a kind, shape (desks of the kind,), or take some away.

        Examples
        --------
        >>> import sim
        >>> desks = sim.examples.small().desks
        >>> desks.set_hours("district", 40.0)
        >>> desks.add_hours("district", np.array([-2.5]))
        >>> desks.hours[desks.block("district")].tolist()
        [37.5]
        """
        self.require_time(f'hours["{kind}"]', "disputes.handle", _SET_IN.get(kind, ""))
        own = self.hours[self.block(kind)]
        own += amounts(hours, own.shape, f'desks.hours["{kind}"]')

    def set_skill(self, kind: str, skill: ArrayLike, rows: NDArray[np.int64] | slice = slice(None)) -> None:
        """Set the skill of the desks of a kind, or of some of them: their places within the kind, from 0.

        Examples
        --------
        >>> import sim
        >>> desks = sim.examples.small().desks
        >>> desks.set_skill("district", 0.5)
        >>> desks.skill[desks.block("district")].tolist()
        [0.5]
        """
        self._set("skill", kind, skill, rows)

    def set_knowledge(self, kind: str, knowledge: ArrayLike, rows: NDArray[np.int64] | NDArray[np.bool_]) -> None:
        """Set what some desks of a kind know of the place: their places within the kind, from 0, or a mask of them.

        Examples
        --------
        >>> import sim
        >>> desks = sim.examples.small().desks
        >>> desks.set_knowledge("district", 0.25, np.array([0]))
        >>> desks.knowledge[desks.block("district")].tolist()
        [0.25]
        """
        self._set("knowledge", kind, knowledge, rows)

    def _set(self, name: str, kind: str, values: ArrayLike, rows: Any) -> None:
        """Set a share, from 0 to 1, of some desks of a kind."""
        own = getattr(self, name)[self.block(kind)]
        rows = rows_in(rows, own.size, f'desks of "{kind}"')
        own[rows] = amounts(values, own[rows].shape, f'desks.{name}["{kind}"]', 0.0, 1.0)

    def teach(self, learnt: NDArray[np.float64]) -> None:
        """Let desks learn of the place, shape (desks,)."""
        self.knowledge += learnt

    def serve_estates(self, kind: str, number: ArrayLike, rows: NDArray[np.int64]) -> None:
        """Set how many estates some desks of a kind serve."""
        self.serves[self.block(kind)][rows] = number

    def tie(self, hours: NDArray[np.float64]) -> None:
        """Have community workers this week who may serve one estate only, hours by estate."""
        self.tied = hours

    def raise_authority(self, power: NDArray[np.float64], kind: str | None = None) -> None:
        """Give desks at least this authority this week: all, shape (desks,), or those of a kind.

        Examples
        --------
        >>> import sim
        >>> desks = sim.examples.small().desks
        >>> desks.raise_authority(np.array([0.5]), kind="district")
        >>> desks.authority[desks.block("district")].tolist()
        [0.5]
        """
        authority = self.authority if kind is None else self.authority[self.block(kind)]
        np.maximum(authority, power, out=authority)

    def forget_work(self) -> None:
        """Begin to count the week's work anew."""
        self.handled[:] = 0.0
        self.spent[:] = 0.0
        self.spent_tied[:] = 0.0

    def spend(self, desk: NDArray[np.int64], hours: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Note hours spent on cases at desks, which may repeat, shape (n,), or as many on each.

        Returns
        -------
        NDArray
            These hours by desk, shape (desks,).
        """
        used: NDArray[np.float64]
        if isinstance(hours, np.ndarray):
            used = np.bincount(desk, hours, self.size)
        else:
            used = np.multiply(np.bincount(desk, minlength=self.size), hours)
        self.spent += used
        return used

    def spend_tied(self, desk: NDArray[np.int64], hours: NDArray[np.float64]) -> None:
        """Note hours that workers tied to one estate spent, shape (n,); once a week."""
        self.spent_tied += np.bincount(desk, hours, self.size)
        self.spent += self.spent_tied

    def count_handled(self, desk: NDArray[np.int64]) -> None:
        """Count cases that were brought to an end at desks, shape (n,)."""
        self.handled += np.bincount(desk, minlength=self.size)

    def rank_desks(self, ranked: NDArray[np.bool_], *, form: float, premature: float, unworked: float) -> None:
        """Let desks that are ranked lose time to form, and close cases for show, this week."""
        for column, value in ((self.formalism, form), (self.premature, premature), (self.unworked, unworked)):
            np.copyto(column, value, where=ranked)

    def take(self, kind: str, asked: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take hours of this week from the desks of a kind for something else than their cases.

        Parameters
        ----------
        kind
            One of `DESKS`; its desks must have been staffed for the week.
        asked
            Hours wanted from each, shape (desks of the kind,).

        Returns
        -------
        NDArray
            Hours that the desks had to give, at most those asked for.
        """
        self.require_time(f'hours["{kind}"]', "disputes.handle", _SET_IN.get(kind, ""))
        hours = self.hours[self.block(kind)]
        asked = amounts(asked, hours.shape, f'desks.take("{kind}", ...)')
        granted = np.minimum(np.maximum(asked, 0.0), hours)
        hours -= granted
        return granted

    def on_call(self) -> NDArray[np.float64]:
        """Hours for which each desk was open this week and that it did not work, shape (desks,).

        Below zero where it worked off hours that it had kept.  Workers who are tied to one estate count.
        """
        open_for = self.hours * (1.0 - self.formalism)
        if self.tied is not None:
            open_for += np.bincount(self.community_of_estate, self.tied, self.size)
        return open_for - self.spent

    def available(self) -> NDArray[np.float64]:
        """Hours that each desk can work this week, shape (desks,): the week's, less form, and those kept."""
        hours = self.hours * (1.0 - self.formalism) if np.count_nonzero(self.formalism) else self.hours
        return hours + self.bank if self.parameters.bank_weeks > 0.0 else hours.copy()

    def left(self) -> NDArray[np.float64]:
        """Hours that each desk can still work this week, shape (desks,); what rounding leaves over is none."""
        had = self.available()
        left = had - (self.spent if self.tied is None else self.spent - self.spent_tied)
        left[left <= _DUST * had] = _NOTHING
        return left

    def keep(self) -> None:
        """Keep unused hours for the coming weeks; a platform's belong to the bodies that meet there."""
        self.take_factor("meeting")
        most = self.parameters.bank_weeks
        if most == 0.0:
            return
        np.minimum(self.left(), most * self.hours, out=self.bank)
        self.bank[self.block("platform")] = 0.0

    def meets(
        self,
        desk: NDArray[np.int64],
        estate: NDArray[np.int64],
        category: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Probability that a desk meets the next party of a case this week, shape (cases,).

        Parameters
        ----------
        desk, estate, category
            Of each case, shape (cases,).
        """
        at_their_table = self._at_estate[desk] & _BODIES[category]
        chance = np.where(at_their_table, self.meeting_bodies[estate], self.meeting[estate])
        factor = self.factor("meeting")
        return chance if factor is None else np.minimum(chance * factor[estate], 1.0)

    def speed(self) -> NDArray[np.float64]:
        """Work done per hour, shape (desks,): 1 at average skill."""
        return 1.0 + self.parameters.skill_effect * (self.skill - 0.5)

    def learn(self) -> None:
        """Let knowledge grow with the cases handled, and leak with those who leave."""
        p = self.parameters
        self.knowledge += learnt(self.knowledge, self.handled, self.serves, p.knowledge_gain, p.knowledge_leak)
