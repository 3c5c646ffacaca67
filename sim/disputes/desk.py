"""The one queue that every handler uses (M4), and the desks of the district.

A firm's office, an owners' committee, a branch, a platform, a community, a street and the district are, as
handlers, the same thing: person-hours a week, skill, local knowledge, and cases that wait, first come first served
within urgency.  Nobody has a coefficient of their own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.component import Component, Desk, Step, fixed
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
from sim.parameters.parameter import Section, parameter, switch

__all__ = ["DUST", "INSTITUTION_OF_KIND", "Desks", "DesksSection", "serve"]

_BODIES: Final = fixed(~np.isin(np.arange(len(CATEGORIES)), NEIGHBOURLY))

INSTITUTION_OF_KIND: Final = fixed(
    np.array([BY_FIRM, BY_COMMITTEE, BY_BRANCH, BY_BRANCH, BY_AUTHORITY, BY_AUTHORITY, BY_AUTHORITY])
)
"""Institution whose standing is at stake, by kind of desk; a platform is the branch's, which convenes it."""

DUST: Final = 1e-9
"""Share of hours, of a desk or of a case's need, that rounding may make and that is nobody's time."""

_RANKS: Final = 4
"""Ranks of cases at a desk: what is dangerous, what goes on, what is over, what is not on a session's agenda."""

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

_TARGETS: Final = "docs/model.md, section 6: fitted to the median reply"


class DesksSection(Section):
    """Parameters of M4."""

    enabled: bool = switch("desks work (off: cases wait until patience ends)")
    hours_community: float = parameter(
        120.0,
        unit="hours per week",
        low=0.0,
        high=2000.0,
        sweep=(20.0, 240.0),
        status="data",
        source="412,000 full-time mediators = 11.7 hours a week per 1,000 inhabitants, for all kinds of "
        "dispute; with street and district 9.6 (docs/evidence.md, 40)",
        doc="hours of a community's desk at average strength",
    )
    hours_street: float = parameter(
        200.0,
        unit="hours per week",
        low=0.0,
        high=5000.0,
        sweep=(40.0, 400.0),
        status="assumed",
        source="share of 9.6 hours a week per 1,000 residents for all authorities; the split is assumed "
        "(docs/evidence.md, 40)",
        doc="hours of a street's desk",
    )
    hours_district: float = parameter(
        400.0,
        unit="hours per week",
        low=0.0,
        high=10000.0,
        sweep=(80.0, 800.0),
        status="assumed",
        source="share of 9.6 hours a week per 1,000 residents for all authorities; the split is assumed "
        "(docs/evidence.md, 40)",
        doc="hours of the district's desk",
    )
    work_small: float = parameter(
        3.0,
        unit="hours",
        low=0.01,
        high=200.0,
        sweep=(1.0, 8.0),
        status="assumed",
        source="one session of about 75 minutes in 73 American cases; services visit each side and hold a joint "
        "meeting (docs/evidence.md, 30, 38)",
        doc="work of a case between neighbours (parking, noise, charging), mean",
    )
    work_large: float = parameter(
        6.0,
        unit="hours",
        low=0.01,
        high=200.0,
        sweep=(2.0, 16.0),
        status="assumed",
        source="nothing found; full-time mediators have some 50 hours a case at most (docs/evidence.md, 40)",
        doc="work of a case with a firm or committee (service, facility, fees, committee), mean",
    )
    work_log_sd: float = parameter(
        0.8,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.4, 1.2),
        status="assumed",
        source="prototype",
        doc="spread of the work of a case (lognormal)",
    )
    meeting: float = parameter(
        0.156,
        unit="probability per week",
        low=0.001,
        high=1.0,
        sweep=(0.08, 0.3),
        status="assumed",
        source=_TARGETS,
        doc="pi, probability that a party whom a case needs is met in a week",
    )
    handoffs_simple: int = parameter(
        1,
        unit="parties",
        low=0,
        high=5,
        sweep=(1, 3),
        status="assumed",
        source="prototype",
        doc="parties to be met for service, parking, noise and fees",
    )
    handoffs_complex: int = parameter(
        2,
        unit="parties",
        low=0,
        high=5,
        sweep=(1, 3),
        status="assumed",
        source="prototype",
        doc="parties to be met for facility, charging and committee",
    )
    handoff_loss: float = parameter(
        0.0,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.1),
        status="assumed",
        source="no data known",
        doc="l, that a case gets lost (counted as given up) between two parties",
    )
    patience: float = parameter(
        0.12,
        unit="rate per week",
        low=0.0,
        high=5.0,
        sweep=(0.02, 0.4),
        status="assumed",
        source="0.14 to 0.36 of those who ask reach the table, more if sent by a judge; held back from the fit "
        "(docs/evidence.md, 24 to 27)",
        doc="rate at which an open case is given up or sent up",
    )
    send_up_first: float = parameter(
        0.7,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.9),
        status="assumed",
        source="prototype",
        doc="that impatience sends a case from firm, committee or branch to the community's desk",
    )
    send_up_second: float = parameter(
        0.4,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.7),
        status="assumed",
        source="prototype",
        doc="that impatience sends a case from the community's to the street's desk",
    )
    send_up_third: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="prototype",
        doc="that impatience sends a case from the street's to the district's desk",
    )
    resubmission: float = parameter(
        0.4,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="prototype; weakly identified together with patience",
        doc="that a case handled in vain is tried again",
    )
    return_delay: float = parameter(
        4.0,
        unit="weeks",
        low=1.0,
        high=52.0,
        sweep=(1.0, 12.0),
        status="assumed",
        source="no data known",
        doc="mean weeks until a case handled in vain is tried again",
    )
    agreement_holds: float = parameter(
        0.70,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.5, 0.9),
        status="assumed",
        source="money claims met in full or part: 0.79 after mediation, 0.56 after judgment (Michigan 2004, n = "
        "600); most agreements of persons hold at six months (docs/evidence.md, 24, 37)",
        doc="that a consensual agreement keeps",
    )
    break_delay: float = parameter(
        8.0,
        unit="weeks",
        low=1.0,
        high=104.0,
        sweep=(2.0, 26.0),
        status="assumed",
        source="follow-ups ask after four to eight months; when agreements break is not told (docs/evidence.md, "
        "24, 38)",
        doc="mean weeks until an agreement that does not keep breaks",
    )
    settle_constant: float = parameter(
        0.6,
        unit="logit",
        low=-10.0,
        high=10.0,
        sweep=(-0.4, 1.6),
        status="assumed",
        source="prototype",
        doc="settlement: constant",
    )
    settle_legitimacy: float = parameter(
        1.5,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source="prototype",
        doc="settlement: weight of the resident's trust in the handler",
    )
    settle_knowledge: float = parameter(
        1.2,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.4),
        status="assumed",
        source="prototype",
        doc="settlement: weight of the handler's local knowledge",
    )
    settle_authority: float = parameter(
        0.6,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.2),
        status="assumed",
        source="prototype",
        doc="settlement: weight of what the handler can make a firm or committee lose (zero without M10 and M14)",
    )
    settle_severity: float = parameter(
        0.5,
        unit="logit per log grievance",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source="prototype",
        doc="settlement: weight of how far the grievance exceeds the threshold",
    )
    settle_interest: float = parameter(
        1.0,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="no data known",
        doc="settlement: weight of the handler's conflict of interest",
    )
    bundling: bool = switch("cases of one incident at one desk are handled as one matter")
    bundle_hours: float = parameter(
        1.0,
        unit="hours",
        low=0.0,
        high=50.0,
        sweep=(0.25, 3.0),
        status="assumed",
        source="nothing found; a visit. Nanshan's mediations of 2018 had 2.8 parties each (docs/evidence.md, 33)",
        doc="work that a further party adds to a matter, and that telling somebody of a settlement takes",
    )
    settle_numbers: float = parameter(
        0.0,
        unit="logit per log party",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known",
        doc="settlement: weight of the number of parties who bring the same matter",
    )
    living_first: bool = switch("after what is dangerous, matters whose cause goes on are handled first")
    bank_weeks: float = parameter(
        2.0,
        unit="weeks",
        low=0.0,
        high=52.0,
        sweep=(0.0, 8.0),
        status="assumed",
        source="no data known",
        doc="weeks of a desk's hours that may be kept when they are not used (0: unused hours are gone)",
    )
    knowledge_firm: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="no data known",
        doc="local knowledge of a firm's office at first",
    )
    knowledge_committee: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="no data known",
        doc="local knowledge of a committee at first",
    )
    knowledge_authority: float = parameter(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="that of a dispatched branch, whose people come from the same desk",
        doc="local knowledge of community, street and district at first",
    )
    knowledge_gain: float = parameter(
        0.02,
        unit="share per case and estate",
        low=0.0,
        high=1.0,
        sweep=(0.005, 0.05),
        status="assumed",
        source="no data known",
        doc="what handling a case teaches, of what is not yet known",
    )
    knowledge_leak: float = parameter(
        0.004,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.001, 0.01),
        status="assumed",
        source="turnover of residents and staff",
        doc="knowledge that people who leave take away",
    )
    skill_effect: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="how much faster a desk of skill 1 works than one of skill 0, around skill 1/2",
    )


def serve(
    desk: NDArray[np.int64],
    work: NDArray[np.float64],
    hours: NDArray[np.float64],
    pace: float | None = None,
    rank: NDArray[np.integer] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give out each desk's hours to its cases, first come first served.

    Parameters
    ----------
    desk
        Desk of each case, shape (n,), cases in order of arrival.
    work
        Hours that each case still needs, shape (n,).
    hours
        Hours that each desk has, shape (desks,).
    pace
        Most hours that one case can take in this step, e.g. the length of the step where one person
        works on a case at a time; no limit by default.
    rank
        0 to 3, shape (n,): cases of a lower rank go before the others of their desk.

    Returns
    -------
    granted : shape (n,)
        Hours given to each case; their sum over a desk never exceeds the desk's hours.
    spent : shape (n,)
        Hours that the desk had given when it was done with the case.

    Examples
    --------
    >>> granted, spent = serve(np.array([0, 1, 0]), np.array([2.0, 1.0, 5.0]), np.array([4.0, 9.0]))
    >>> granted.tolist()
    [2.0, 1.0, 2.0]
    """
    line = desk if rank is None else _RANKS * desk + rank
    # Numbers of 16 bits are sorted in one pass.
    order = (line.astype(np.uint16) if _RANKS * hours.size < 2**16 else line).argsort(kind="stable")
    need = work[order] if pace is None else np.minimum(work[order], pace)
    at = desk[order]
    before = np.add.accumulate(need) - need
    ahead = before - before[at.searchsorted(at)]
    has = hours[at]
    give = np.minimum(np.maximum(has - ahead, 0.0), need)
    # Differences of a long running sum leave rounding dust: what is dust is not given, and a case that is done
    # but for dust is done.
    np.copyto(give, 0.0, where=give * 1e9 < np.minimum(need, has))
    np.copyto(give, need, where=give > need * (1.0 - DUST))
    granted, spent = np.empty_like(give), np.empty_like(give)
    granted[order] = give
    spent[order] = np.minimum(ahead + give, has)
    return granted, spent


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
        self.number_type = np.dtype(np.uint16 if _RANKS * self.size < 2**16 else np.uint32)
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
        """
        own = {desk.kind: desk for desk in self.own}
        if kind not in own:
            raise ComponentError(unknown("kind of desk of one's own", kind, tuple(own)))
        place, district = self.block(kind).start, self.model.district
        if own[kind].per == "estate":
            return place + np.asarray(estates)
        community = district.community[estates].astype(np.int64)
        if own[kind].per == "community":
            return place + community
        return place + district.street_of_community[community] * (own[kind].per == "street")

    def set_hours(self, kind: str, hours: ArrayLike) -> None:
        """Set the week's hours of the desks of a kind."""
        self.hours[self.block(kind)] = hours

    def add_hours(self, kind: str, hours: NDArray[np.float64]) -> None:
        """Lend hours of this week to the desks of a kind, or take some away."""
        self.hours[self.block(kind)] += hours

    def set_skill(self, kind: str, skill: ArrayLike, rows: NDArray[np.int64] | slice = slice(None)) -> None:
        """Set the skill of the desks of a kind, or of some of them."""
        self.skill[self.block(kind)][rows] = skill

    def set_knowledge(self, kind: str, knowledge: ArrayLike, rows: NDArray[np.int64] | NDArray[np.bool_]) -> None:
        """Set what some desks of a kind know of the place."""
        self.knowledge[self.block(kind)][rows] = knowledge

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
        """Give desks at least this authority this week: all, shape (desks,), or those of a kind."""
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
        hours = self.hours[self.block(kind)]
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
        left[left <= DUST * had] = 0.0
        return left

    def keep(self) -> None:
        """Keep unused hours for the coming weeks; a platform's belong to the bodies that meet there."""
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
        return np.where(at_their_table, self.meeting_bodies[estate], self.meeting[estate])

    def speed(self) -> NDArray[np.float64]:
        """Work done per hour, shape (desks,): 1 at average skill."""
        return 1.0 + self.parameters.skill_effect * (self.skill - 0.5)

    def learn(self) -> None:
        """Let knowledge grow with the cases handled, and leak with those who leave."""
        p = self.parameters
        grown = -np.expm1(-p.knowledge_gain * self.handled / self.serves)
        self.knowledge += grown * (1.0 - self.knowledge) - p.knowledge_leak * self.knowledge
