"""Residents (S2): every adult of the district, who lives there, suffers, talks, speaks up and moves.

Persons have identities 0, 1, ... in each estate at every sample fraction, and incidents, grievances, cases,
talk and votes are in whole persons, never weighted.  Only slow attitudes (trust, satisfaction) may be kept
for fewer rows than persons: person p then reads row ``p mod n`` and writes it only if ``p < n``.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column, derived
from sim.component import Stakeholders, Step, fixed
from sim.core.chance import combine, level, normal_levels, share
from sim.core.codes import BY_AUTHORITY, BY_BRANCH, BY_COMMITTEE, BY_FIRM
from sim.core.ledger import distinct
from sim.core.pieces import pieces
from sim.parameters.parameter import Section, parameter, switch

__all__ = ["MONTH", "Resident", "Residents", "ResidentsSection"]

_CENSUS = "seventh national census 2020, Shenzhen; rounded"


MONTH = 4
"""Weeks between two days on which homes change hands."""


class ResidentsSection(Section):
    """Parameters of who lives in the district."""

    enabled: bool = switch("residents move in and out (off: everybody stays)")
    moving_owners: float = parameter(
        0.0006,
        unit="probability per week",
        low=0.0,
        high=0.5,
        sweep=(0.0002, 0.002),
        status="assumed",
        source="about 3 % a year; no data known",
        doc="that an owner moves out and somebody else moves in",
    )
    moving_tenants: float = parameter(
        0.006,
        unit="probability per week",
        low=0.0,
        high=0.5,
        sweep=(0.002, 0.02),
        status="assumed",
        source="about 30 % a year; no data known",
        doc="that a tenant moves out and somebody else moves in",
    )
    educated: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.34, 0.7),
        status="assumed",
        source="Shenzhen 2020: 0.29 of residents, 0.34 of those of 15 and over; Nanshan is said to be above "
        "(docs/evidence.md, 77)",
        doc="adults with higher education",
    )
    foreign: float = parameter(
        0.02,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.1),
        status="assumed",
        source="the study calls residents international; numbers of Nanshan were looked for and not found",
        doc="adults from abroad (see voice.foreign_barrier)",
    )
    aware_base: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.5),
        status="assumed",
        source="no data known",
        doc="aware of their rights, of those without higher education",
    )
    aware_educated: float = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.9),
        status="assumed",
        source="direction: the study's account of educated residents; size unknown",
        doc="aware of their rights, of those with higher education",
    )


class Resident(Agent):
    """An adult who lives in an estate.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.residents[3]
    <Resident 3: estate "E0001", grievance ...>
    """

    shown = ("estate", "grievance", "threshold", "case", "owner", "member", "satisfaction")
    estate = column(np.int32, doc="row of the estate", of="estate")
    grievance = column(np.float32, unit="grievance", doc="grievance at the week of its last change")
    grievance_week = column(np.int16, unit="week", doc="week of that change")
    threshold = column(np.float32, unit="grievance", doc="grievance above which the person is in conflict")
    case = column(np.int32, default=-1, doc="ledger row of the open case, -1 without one")
    talking = column(np.bool_, doc="is settling a conflict with the other side")
    matter = column(np.int32, default=-1, doc="ledger row of the latest matter, -1 without one")
    arrival = column(np.int16, unit="week", doc="week in which the person moved in, 0 if there from the start")
    owner = column(np.bool_, doc="owns the home (else a tenant)")
    aware = column(np.bool_, doc="aware of the rights of a resident")
    foreign = column(np.bool_, doc="comes from abroad")


class Residents(Stakeholders):
    """Every adult; rows of an estate are contiguous, in the order of the district's estates."""

    agent: ClassVar[type[Agent]] = Resident
    section: ClassVar[str] = "residents"
    steps = (
        Step("suffer", doc="touches and talk add to grievances; conflicts", equation="M1 M2", stage="grievances"),
        Step("voice", doc="who is in conflict tolerates, settles or files", equation="M3", stage="voice"),
        Step(
            "move",
            doc="each month, some move out, others in",
            equation="S2",
            before="trust.pass_week",
            every=MONTH,
            phase=MONTH - 1,
        ),
    )

    def places(self, model: Any) -> int:
        """Every adult of the district."""
        return int(model.district.adults.sum())

    def settle_in(self) -> None:
        """Let everybody live where they live."""
        model = self.model
        district = model.district
        adults = district.adults
        ends = adults.cumsum()
        self.first = fixed(ends - adults)
        self.estate[:] = np.repeat(np.arange(adults.size, dtype=np.int32), adults)
        sample = model.scenario.district.sample
        self.sampled = sample < 1.0
        self.attitudes = fixed(np.maximum(np.rint(sample * adults), 1).astype(np.int64) if self.sampled else adults)
        self.attitude_first = fixed(self.attitudes.cumsum() - self.attitudes)
        self.attitude_rows = int(self.attitudes.sum())
        for _, rows in pieces(adults):
            tenure = model.chance.uniform("tenure", 0, self.identity(rows))
            self.owner[rows] = tenure < district.owners[self.estate[rows]]
            self._settle(rows)
        self.estate.setflags(write=False)
        self.owner.setflags(write=False)

    def prepare(self) -> None:
        """Compute what follows from parameters alone."""
        p = self.model.scenario.grievances
        # A lognormal table of mean one would not do: the parameter is the median.
        self._thresholds = fixed((p.threshold_median * np.exp(p.threshold_log_sd * normal_levels())).astype(np.float32))

    # What happens to them -------------------------------------------------------------------------

    def set_grievance(self, rows: NDArray[np.int64], grievance: NDArray | float) -> None:
        """Write grievances as of this week; a row that stands twice must be given the same twice."""
        self.grievance[rows] = grievance
        self.grievance_week[rows] = self.model.week

    def push_grievance(self, rows: NDArray[np.int64], push: NDArray) -> None:
        """Add to grievances, as often as a row is given."""
        np.add.at(self.grievance, rows, push)

    def add_grievance(self, rows: NDArray[np.int64], grievance: NDArray) -> None:
        """Add to grievances, rows given once each."""
        self.grievance[rows] += grievance

    def set_case(self, rows: NDArray[np.int64], case: NDArray[np.int64] | int) -> None:
        """Let these residents have a case each, -1 for none."""
        self.case[rows] = case

    def set_matter(self, rows: NDArray[np.int64], matter: NDArray[np.int64]) -> None:
        """Let these residents have a latest matter each."""
        self.matter[rows] = matter

    # Who is who -----------------------------------------------------------------------------------

    def identity(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Identity of the home of each row, which follows from the estate's and nothing else, shape (n,)."""
        estate = self.estate[rows].astype(np.int64)
        place = np.asarray(rows - self.first[estate], dtype=np.int64)
        return self.model.district.identity[estate] + place.view(np.uint64)

    def attitude_row(self, rows: NDArray[np.int64], estate: NDArray[np.integer]) -> NDArray[np.int64]:
        """Row of the attitudes that each person reads, shape (n,)."""
        if not self.sampled:
            return rows
        return self.attitude_first[estate] + (rows - self.first[estate]) % self.attitudes[estate]

    def has_own_attitude(self, rows: NDArray[np.int64], estate: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Whether each person writes the attitude row that it reads, shape (n,)."""
        if not self.sampled:
            return np.ones(rows.size, dtype=bool)
        return rows - self.first[estate] < self.attitudes[estate]

    def attitude_person(self, estates: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Person to whom each attitude row belongs, shape (n,); `rows` are all those of the given estates."""
        if not self.sampled:
            return rows
        return rows + (self.first - self.attitude_first)[estates].repeat(self.attitudes[estates])

    def free(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each person has nothing under way: no open case, and no talk with the other side, shape (n,)."""
        return (self.case.take(rows) < 0) & ~self.talking.take(rows)

    def _traits(self, bits: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Education, foreign origin and awareness, from three fields of each person's word of chance."""
        p = self.model.scenario.residents
        educated = share(bits, 0) < p.educated
        foreign = share(bits, 1) < p.foreign
        return educated, foreign, share(bits, 2) < np.where(educated, p.aware_educated, p.aware_base)

    def _bits(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Word of chance of the persons who live there now: of the home, and of the week of moving in."""
        person = combine(self.identity(rows), self.arrival[rows].astype(np.int64))
        return self.model.chance.bits("traits", 0, person)

    def _settle(self, rows: NDArray[np.int64]) -> None:
        """Give persons the traits with which they arrive."""
        bits = self._bits(rows)
        _, self.foreign[rows], self.aware[rows] = self._traits(bits)
        self.threshold[rows] = self._thresholds[level(bits, 3)]

    @derived
    def educated(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Has higher education."""
        return self._traits(self._bits(rows))[0]

    @derived
    def member(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Is a party member registered in the estate."""
        estate = self.estate[rows]
        return rows - self.first[estate] < self.model.members[estate]

    @derived
    def in_service(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Is a party member registered elsewhere, who reports to the estate as one who lives there."""
        estate = self.estate[rows]
        place = rows - self.first[estate] - self.model.members[estate]
        return (place >= 0) & (place < self.model.in_service[estate])

    @derived
    def satisfaction(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Satisfaction with life in the estate, in [0, 1]."""
        return self.model.satisfaction.of(rows)

    @derived
    def trust_firm(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Trust in the property firm, in [0, 1]."""
        return self.model.trust.of(rows, self.estate[rows])[:, BY_FIRM]

    @derived
    def trust_committee(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Trust in the owners' committee, in [0, 1]."""
        return self.model.trust.of(rows, self.estate[rows])[:, BY_COMMITTEE]

    @derived
    def trust_branch(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Trust in the estate's branch, in [0, 1]."""
        return self.model.trust.of(rows, self.estate[rows])[:, BY_BRANCH]

    @derived
    def trust_authority(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Trust in community, street and district, in [0, 1]."""
        return self.model.trust.of(rows, self.estate[rows])[:, BY_AUTHORITY]

    # What they do ---------------------------------------------------------------------------------

    def begin_talks(self, rows: NDArray[np.int64]) -> None:
        """Let persons talk to the other side of their conflict."""
        self.talking[rows] = True

    def end_talks(self, rows: NDArray[np.int64]) -> None:
        """Let the talks of persons with the other side be over."""
        self.talking[rows] = False

    def suffer(self) -> None:
        """Bear the week's incidents, hear others talk, and come into conflict where it is too much."""
        self.model.grievances.suffer()

    def voice(self) -> None:
        """Choose what to do about a conflict: tolerate, settle, or file a case."""
        self.model.voice.choose()

    def move(self) -> None:
        """Let some residents leave, and others move into their homes: a month's moves at its end."""
        model, p = self.model, self.model.scenario.residents
        owners, tenants = (1.0 - (1.0 - rate) ** MONTH for rate in (p.moving_owners, p.moving_tenants))
        fastest = max(owners, tenants)
        if not p.enabled or fastest == 0.0:
            return
        district, chance, week = model.district, model.chance, model.week
        # Rounded up or down by chance: as many move as the rate says, and hardly more in one week than another.
        expected = fastest * district.adults + chance.uniform("movers", week, district.identity)
        counts = expected.astype(np.int64)
        estate = np.repeat(np.arange(counts.size), counts)
        if estate.size == 0:
            return
        ends = counts.cumsum()
        which = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
        bits = chance.bits("mover", week, combine(district.identity[estate], which))
        place = ((bits >> np.uint64(32)) * district.adults[estate].view(np.uint64)) >> np.uint64(32)
        rows = self.first[estate] + place.view(np.int64)
        rate = np.where(self.owner[rows], owners, tenants)
        rows = distinct(rows[share(bits, 0) < rate / fastest])
        cases = self.case[rows]
        model.disputes.withdraw(cases[cases >= 0].astype(np.int64))
        self.end_talks(rows)
        self.matter[rows] = -1
        self.arrival[rows] = week + 1
        self.grievance[rows] = 0.0
        self._settle(rows)
        estate = self.estate[rows].astype(np.int64)
        model.trust.newcomers(rows, estate)
        model.satisfaction.newcomers(rows, estate)
