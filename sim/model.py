"""The district lives: who is there, what a week is, and how another future is tried from the same past.

A week runs from conditions to incidents, grievances, voice, handling, reactions, rules and measurement.  The
order is data: ``print(model.agenda)`` shows it with the time that each line takes.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from sim import snapshot
from sim.agenda import Agenda, Line
from sim.chance import Chance
from sim.costs import Costs
from sim.desk import Desks
from sim.disputes import Disputes, Frontline, PrivateSettlements
from sim.district import District
from sim.errors import ScenarioError, StrategyError
from sim.everyday.collective import Collective
from sim.everyday.grievances import Grievances
from sim.everyday.hazards import Hazards
from sim.everyday.incidents import Incidents
from sim.everyday.matters import Matters
from sim.everyday.satisfaction import Satisfaction
from sim.everyday.trust import Trust
from sim.everyday.voice import Voice
from sim.institutions.coverage import Coverage
from sim.institutions.deliberation import CrossAppointment, Deliberation
from sim.institutions.emergency import Emergency
from sim.institutions.empowerment import Awards, Empowerment, Evaluation, MicroProjects
from sim.institutions.meetings import MeetingHelp
from sim.institutions.services import Services
from sim.institutions.supervision import Supervision
from sim.outcomes import Outcomes, Tally
from sim.population import PopulatedModel, Population
from sim.room import Room, move_in
from sim.scenario import Scenario
from sim.stakeholders.authorities import Authorities
from sim.stakeholders.branches import Branches
from sim.stakeholders.captains import Captains
from sim.stakeholders.committees import Committees
from sim.stakeholders.couriers import Couriers, Stations
from sim.stakeholders.enterprises import EnterpriseDesk, Enterprises
from sim.stakeholders.firms import Contracts, Firms
from sim.stakeholders.residents import MONTH, Residents
from sim.stakeholders.social import SocialOrganisations
from sim.stakeholders.volunteers import Volunteers

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["GovernanceModel"]

_GROUND = ("run", "district", "ground")
"""Sections of the scenario that a fork cannot change: the past was lived with them."""


def _whole(number: Any) -> int:
    """Return a whole number as Python's own, -1 for what is none."""
    try:
        return -1 if isinstance(number, bool) else operator.index(number)
    except TypeError:
        return -1


def _hours_to_replay(hours: Any) -> NDArray[np.float64] | None:
    """Return hours that a control replays, if they are numbers."""
    if hours is not None and np.asarray(hours).dtype.kind not in "biuf":
        raise StrategyError(
            f"replay is a {type(hours).__name__}; it must be hours by week and estate, such as the policy_hours of "
            "another model"
        )
    return hours


def _misplaced(scenario: Any) -> None:
    """Refuse a ground that stands where the scenario belongs."""
    table = isinstance(scenario, str | Path) and str(scenario).endswith(".csv")
    if isinstance(scenario, District) or table or hasattr(scenario, "to_csv"):
        raise ScenarioError(
            f"{type(scenario).__name__} stands where the scenario belongs; give the ground as district=..., e.g. "
            'GovernanceModel(district="estates.csv")'
        )


class GovernanceModel(PopulatedModel):
    """A district and its weeks.

    Parameters
    ----------
    scenario
        All parameters: a `Scenario`, a dictionary such as ``{"coverage.strategy": "full"}``, or the path of a TOML
        file; the defaults where not given.
    district
        The ground: a `District`, a pandas table or the path of a CSV file with a row for each estate, or a number of
        estates to make up; a synthetic one of ``district.estates`` estates where not given.
    rng
        Another word for `seed`, as Mesa has it.
    replay
        Hours that a control such as ``hours_matched:full`` replays: by week and estate, shape (weeks, estates), or the
        `policy_hours` of another model, of which the control takes the kind that it names.
    seed
        Seed of all randomness, a whole number >= 0; drawn afresh (and kept in the attribute) where not given.

    Raises
    ------
    GongzhiError
        When something is wrong with what was given: before the first step, in one message.

    Examples
    --------
    >>> model = GovernanceModel({"district.estates": 12}, seed=1)
    >>> model.run(weeks=4)
    >>> model.outcomes.week.tolist()
    [0, 1, 2, 3]
    """

    def __init__(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        district: District | pd.DataFrame | str | Path | int | None = None,
        rng: int | None = None,
        replay: NDArray[np.float64] | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        seed = self._seed_of(rng, seed)
        _misplaced(scenario)
        super().__init__(rng=seed)
        self.seed = seed
        self.scenario = Scenario.of(scenario)
        ground = self.scenario.district
        self.district = (
            District.synthetic(ground.estates, ground.seed, self.scenario.ground)
            if district is None
            else District.of(district, ground.seed, self.scenario.ground)
        )
        self.replay = _hours_to_replay(replay)
        self.chance = Chance(seed)
        self.week = 0
        self.members = self.district.members(ground.members_rate)
        self.in_service = self.district.in_service(ground.in_service_rate, self.members)
        self.tally, self.costs = Tally(self.district.estates), Costs()
        self._build()
        self.agenda = self._plan_week()

    @staticmethod
    def _seed_of(rng: int | None, seed: int | None = None) -> int:
        if rng is not None and seed is not None:
            raise ScenarioError(f"seed = {seed!r} and rng = {rng!r} are two words for one seed; give one of them")
        name, rng = ("seed", seed) if rng is None else ("rng", rng)
        if rng is None:
            return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
        number = _whole(rng)
        if number < 0:
            raise ScenarioError(f"{name} = {rng!r} is not a seed; it must be a whole number >= 0")
        return number

    def _build(self) -> None:
        """Make every room, lower ones first."""
        self.desks = Desks(self)
        self.residents = self._house(Residents(self))
        self.incidents = Incidents(self)
        self.hazards = Hazards(self)
        self.matters = Matters(self)
        self.disputes = Disputes(self)
        self.private = PrivateSettlements(self)
        self.frontline = Frontline(self)
        self.trust = Trust(self)
        self.satisfaction = Satisfaction(self)
        self.grievances = Grievances(self)
        self.voice = Voice(self)
        self.collective = Collective(self)
        self.firms = self._house(Firms(self))
        self.contracts = self._house(Contracts(self))
        self.committees = self._house(Committees(self))
        self.branches = self._house(Branches(self))
        self.authorities = self._house(Authorities(self))
        self.stations = self._house(Stations(self))
        self.couriers = self._house(Couriers(self))
        self.enterprises = self._house(Enterprises(self))
        self.enterprise_desk = EnterpriseDesk(self)
        self.captains = self._house(Captains(self))
        self.social_organisations = self._house(SocialOrganisations(self))
        self.volunteers = self._house(Volunteers(self))
        self.services = Services(self)
        self.emergency = Emergency(self)
        self.deliberation = Deliberation(self)
        self.cross_appointment = CrossAppointment(self)
        self.coverage = Coverage(self)
        self.empowerment = Empowerment(self)
        self.evaluation, self.micro_projects, self.awards = Evaluation(self), MicroProjects(self), Awards(self)
        self.supervision = Supervision(self)
        self.meeting_help = MeetingHelp(self)
        self.record = Outcomes(self)

    def _house[P: Population](self, population: P) -> P:
        self.add_population(population)
        return population

    def _plan_week(self) -> Agenda:
        """The week, in order."""
        week = Agenda()
        lines: list[tuple[str, Callable[[], Any], str, str]] = [
            ("coverage.assign", self.coverage.assign, "M9", "the policy founds branches, if this is the week"),
            ("emergency.alert", self.emergency.alert, "M15", "an emergency goes on; communities switch modes"),
            ("authorities.staff", self.authorities.staff, "M4", "community, street and district open their desks"),
            ("deliberation.convene", self.deliberation.convene, "M11", "platforms call sessions and ask for hours"),
            ("social_organisations.open", self.social_organisations.open, "M11", "communities buy mediators' hours"),
            ("cross_appointment.sit", self.cross_appointment.sit, "M11", "bodies take seats in one another"),
            ("supervision.command", self.supervision.command, "M14", "ranks and targets reach handlers"),
            ("empowerment.claim", self.empowerment.claim, "M10", "branches that hold rights ask for hours to use them"),
            ("meeting_help.ask", self.meeting_help.ask, "M7", "owners' meetings that are due ask branches for help"),
            ("branches.staff", self.branches.staff, "M9", "members and secretaries give hours, and report"),
            ("meeting_help.give", self.meeting_help.give, "M7", "helpers call on owners to come, or to found one"),
            ("supervision.inspect", self.supervision.inspect, "M14", "four tiers inspect firms, and fine"),
            ("empowerment.exercise", self.empowerment.exercise, "M10", "rights are used with the hours that there are"),
            ("couriers.ride", self.couriers.ride, "M12", "riders come and go, and change their ways"),
            ("couriers.report", self.couriers.report, "M12", "riders report hazards, and lend a hand"),
            ("captains.work", self.captains.work, "M11", "building captains call on people and look after buildings"),
            ("volunteers.offer", self.volunteers.offer, "S9", "volunteers say how many hours they have"),
            ("emergency.serve", self.emergency.serve, "M15", "hours call people up, test, trace and supply"),
            ("volunteers.serve", self.volunteers.serve, "S9", "volunteers join the routine services"),
            ("enterprises.organise", self.enterprises.organise, "M13", "the policy founds branches in enterprises"),
            ("enterprises.give", self.enterprises.give, "M13", "members of enterprises give hours to estates"),
            ("enterprises.live", self.enterprises.live, "M13", "enterprises close, have needs, are founded"),
            ("services.act", self.services.act, "S9", "inspection, patrol and traffic guidance act on conditions"),
            ("hazards.build", self.hazards.build, "M12", "hazards come and go, and make conditions"),
            ("firms.serve", self.contracts.serve, "M6", "firms' effort makes conditions; fees buy office hours"),
            ("empowerment.account", self.empowerment.account, "M10", "micro-projects are quarrelled about"),
            ("committees.work", self.committees.work, "M7", "committees open their desks; integrity makes conditions"),
            ("deliberation.gather", self.deliberation.gather, "M11", "who attends a session brings hours to it"),
            ("cross_appointment.attend", self.cross_appointment.attend, "M11", "seats in other bodies take hours"),
            ("incidents.begin", self.incidents.begin, "M1", "incidents begin and end"),
            ("residents.suffer", self.residents.suffer, "M1 M2", "touches and talk add to grievances; conflicts"),
            ("collective.stir", self.collective.stir, "M8", "shocks and broken agreements stir estates up"),
            ("residents.voice", self.residents.voice, "M3", "who is in conflict tolerates, settles or files"),
            ("private.conclude", self.private.conclude, "M3", "talks with the other side come to an end"),
            ("collective.act", self.collective.act, "M8", "crowds grow, petition, succeed or fail"),
            ("disputes.meet", self.disputes.meet, "M4", "cases meet their parties and join queues"),
            ("disputes.handle", self.disputes.handle, "M4", "desks give hours to cases and settle them, or not"),
            ("frontline.mediate", self.frontline.mediate, "M4", "hours to spare go to causes before anybody files"),
            ("desks.keep", self.desks.keep, "M4", "unused hours are kept for a while"),
            ("disputes.lose_patience", self.disputes.lose_patience, "M4", "who waits too long goes up or gives up"),
            ("disputes.reflect", self.disputes.reflect, "M5", "residents learn from how cases went"),
            ("trust.pass_week", self.trust.pass_week, "M5", "trust drifts home"),
            ("satisfaction.follow", self.satisfaction.follow, "M5", "satisfaction follows conditions"),
            ("voice.perceive", self.voice.perceive, "M3", "experience becomes what is expected of a channel"),
            ("desks.learn", self.desks.learn, "M9", "handling teaches; people who leave take knowledge along"),
            ("branches.tire", self.branches.tire, "M9", "fatigue follows load"),
            ("volunteers.tire", self.volunteers.tire, "S9", "volunteers' fatigue follows load"),
            ("committees.meet", self.committees.meet, "M7", "owners meet, elect, replace firms"),
            ("empowerment.judge", self.empowerment.judge, "M10", "branches judge firms, and answer for themselves"),
            ("supervision.announce", self.supervision.announce, "M14", "firms learn what to expect of inspections"),
            ("firms.bargain", self.contracts.bargain, "M6", "each quarter, firms choose effort; owners pay fees"),
            ("matters.look_back", self.matters.look_back, "M2", "which conflicts of some weeks ago still stand"),
            ("record", self.record.record, "", "the week is written down"),
        ]
        for name, function, equation, doc in lines:
            week.add(name, function, equation=equation, doc=doc)
        moves = Line(
            "residents.move",
            self.residents.move,
            doc="each month, some move out, others in",
            equation="S2",
            every=MONTH,
            phase=MONTH - 1,
        )
        week.insert(moves, before="trust.pass_week")
        return week

    @property
    def policy_week(self) -> int:
        """First week in which a policy may act: ``coverage.start_week``, or the end of the warm-up."""
        start = self.scenario.coverage.start_week
        return self.scenario.run.warmup if start is None else start

    @property
    def policy_on(self) -> bool:
        """Whether policies may act this week."""
        return self.week >= self.policy_week

    # Running --------------------------------------------------------------------------------------

    def step(self) -> None:
        """Live one week."""
        self.agenda.run(self.week)
        self.week += 1

    def run(self, weeks: int | None = None, progress: bool | None = None) -> None:
        """Live some weeks.

        Parameters
        ----------
        weeks
            How many; by default as many as are left of ``run.weeks``.
        progress
            Whether to show a progress bar; by default when a person is watching.
        """
        left = max(self.scenario.run.weeks - self.week, 0) if weeks is None else _whole(weeks)
        if left < 0:
            raise ScenarioError(f"weeks = {weeks!r} cannot be lived; it must be a whole number >= 0")
        if progress is False:
            for _ in range(left):
                self.step()
            return
        import sys

        from tqdm import tqdm

        hide = progress is None and not sys.stderr.isatty()
        for _ in tqdm(range(left), desc="weeks", unit="week", disable=hide, leave=False):
            self.step()

    def fork(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        replay: NDArray[np.float64] | None = None,
    ) -> Self:
        """Return an independent model with the same past and, if wanted, another future.

        Parameters
        ----------
        scenario
            Parameters from now on: a `Scenario` or the path of its file, or a dictionary of changes such as
            ``{"coverage.strategy": "full"}``; the same where not given.  The sections `run` and `district` must agree.
        replay
            Hours that a control replays.

        Raises
        ------
        ScenarioError
            When the scenario changes what the past was lived with.
        """
        if scenario is None:
            scenario = self.scenario
        elif isinstance(scenario, Mapping):
            scenario = self.scenario.replace(scenario)
        else:
            scenario = type(self.scenario).of(scenario)
        changed = [name for name in self.scenario.differences(scenario) if name.split(".")[0] in _GROUND]
        if changed:
            raise ScenarioError(
                f"a fork cannot change {', '.join(changed)}: the past was lived with it. "
                "Make a new GovernanceModel instead."
            )
        other = object.__new__(type(self))
        PopulatedModel.__init__(other, rng=self.seed)
        other.scenario = scenario
        for name in ("seed", "district", "chance", "week", "members", "in_service"):
            setattr(other, name, getattr(self, name))
        other.replay = self.replay if replay is None else _hours_to_replay(replay)
        other.tally, other.costs = Tally(self.district.estates), Costs()
        for name, thing in vars(self).items():
            if isinstance(thing, Room | Population):
                setattr(other, name, move_in(thing, other))
        for thing in vars(other).copy().values():
            if isinstance(thing, Population):
                other.add_population(thing)
        for thing in vars(other).values():
            if isinstance(thing, Room) or hasattr(thing, "prepare"):
                thing.prepare()
        other.agenda = other._plan_week()
        other.advance_clock(self.steps)
        return other

    def save(self, path: str | Path) -> None:
        """Write the model as it stands between two weeks to a ``.npz`` file, from which `load` goes on.

        Parameters
        ----------
        path
            Ends in ``.npz``; an older file of that name is replaced once the new one is complete.

        Raises
        ------
        SnapshotError
            When the file cannot be written.
        """
        snapshot.save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a saved model; what it lives from now on is to the byte what the saved one would have lived.

        A strategy of the user's own must be registered before.

        Raises
        ------
        SnapshotError
            When the file is missing, damaged, no saved model, or one of another version.
        """
        return snapshot.load(cls, path)

    # Looking --------------------------------------------------------------------------------------

    @property
    def outcomes(self) -> pd.DataFrame:
        """What was measured, one row per week; ``sim.outcomes.describe()`` has units and meanings."""
        return self.record.to_frame()

    @property
    def estate_outcomes(self) -> pd.DataFrame:
        """One row per week and estate, when ``outcomes.record_estates`` is on."""
        return self.record.estates_to_frame()

    @property
    def policy_hours(self) -> NDArray[np.float64]:
        """Hours that policies newly took from people, shape (3, weeks so far, estates).

        Hours worked, hours worked less reporting, and hours offered, whether used or not; what a control replays.
        """
        return self.record.policy_hours

    def parameters(self) -> pd.DataFrame:
        """The full table of parameters: name, value, default, unit, range, status, source, meaning."""
        import pandas as pd

        return pd.DataFrame(self.scenario.parameters())

    def __repr__(self) -> str:
        return (
            f"<GovernanceModel: {self.district.estates:,} estates, {len(self.residents):,} residents, "
            f"week {self.week}, seed {self.seed}>"
        )
