"""The scenario: every parameter of the model, a section for each room.

A policy researcher changes a world by changing numbers here, and defends each of them by the unit, the range
and the source that stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim import arrangement
from sim.desk import DesksSection
from sim.disputes.frontline import FrontlineSection
from sim.disputes.private import PrivateSection
from sim.district.district_parameters import DistrictSection
from sim.district.ground import GroundSection
from sim.everyday.collective.collective_parameters import CollectiveSection
from sim.everyday.grievances import GrievancesSection
from sim.everyday.incidents import IncidentsSection
from sim.everyday.satisfaction import SatisfactionSection
from sim.everyday.trust import TrustSection
from sim.everyday.voice import VoiceSection
from sim.institutions.coverage.coverage_parameters import CoverageSection
from sim.institutions.deliberation.deliberation_parameters import DeliberationSection
from sim.institutions.emergency.emergency_parameters import EmergencySection
from sim.institutions.empowerment.empowerment_parameters import EmpowermentSection
from sim.institutions.meetings.meetings_parameters import MeetingsSection
from sim.institutions.services import ServicesSection
from sim.institutions.supervision.supervision_parameters import SupervisionSection
from sim.outcomes import OutcomesSection, RunSection
from sim.scenario_base import ScenarioBase
from sim.stakeholders.branches import BranchesSection
from sim.stakeholders.committees import CommitteesSection
from sim.stakeholders.couriers.couriers_parameters import CouriersSection
from sim.stakeholders.enterprises.enterprises_parameters import EnterprisesSection
from sim.stakeholders.firms import FirmsSection
from sim.stakeholders.residents import ResidentsSection

__all__ = ["Scenario"]


class Scenario(ScenarioBase):
    """All parameters of one run, frozen and checked.

    Examples
    --------
    >>> scenario = Scenario().replace({"coverage.strategy": "full", "run.weeks": 104})
    >>> scenario.coverage.strategy, scenario.get("run.weeks")
    ('full', 104)
    >>> scenario
    <Scenario: run.weeks = 104, coverage.strategy = "full">
    """

    run: RunSection = RunSection()
    district: DistrictSection = DistrictSection()
    ground: GroundSection = GroundSection()
    residents: ResidentsSection = ResidentsSection()
    incidents: IncidentsSection = IncidentsSection()
    grievances: GrievancesSection = GrievancesSection()
    voice: VoiceSection = VoiceSection()
    private: PrivateSection = PrivateSection()
    collective: CollectiveSection = CollectiveSection()
    trust: TrustSection = TrustSection()
    satisfaction: SatisfactionSection = SatisfactionSection()
    desks: DesksSection = DesksSection()
    frontline: FrontlineSection = FrontlineSection()
    firms: FirmsSection = FirmsSection()
    committees: CommitteesSection = CommitteesSection()
    branches: BranchesSection = BranchesSection()
    coverage: CoverageSection = CoverageSection()
    services: ServicesSection = ServicesSection()
    emergency: EmergencySection = EmergencySection()
    empowerment: EmpowermentSection = EmpowermentSection()
    supervision: SupervisionSection = SupervisionSection()
    deliberation: DeliberationSection = DeliberationSection()
    meetings: MeetingsSection = MeetingsSection()
    couriers: CouriersSection = CouriersSection()
    enterprises: EnterprisesSection = EnterprisesSection()
    outcomes: OutcomesSection = OutcomesSection()

    def with_everything_on(self) -> Scenario:
        """Return this scenario with every switch on, so that every mechanism is at work; what is recorded stays.

        Examples
        --------
        >>> scenario = Scenario().with_everything_on()
        >>> scenario.empowerment.enabled, scenario.emergency.switching, scenario.outcomes.record_estates
        (True, True, False)
        """
        names = (row["name"] for row in self.parameters() if row["unit"] == "switch")
        return self.replace({name: True for name in names if not name.startswith("outcomes.")})

    def arrangement(self, without: Iterable[str] = ()) -> Scenario:
        """Return this scenario with the study's whole arrangement in force, or without some of its parts.

        Parameters
        ----------
        without
            Parts to be left out, see `sim.arrangement.PARTS`.

        Examples
        --------
        >>> scenario = Scenario().arrangement(without=["supervision"])
        >>> scenario.coverage.strategy, scenario.empowerment.enabled, scenario.supervision.enabled
        ('full', True, False)
        """
        return self.replace(arrangement.changes(without))

    @classmethod
    def contradictions(cls, parts: Mapping[str, Any]) -> list[str]:
        """Compare lengths: warm-up, start of the policy and whole run."""
        run, coverage = parts.get("run"), parts.get("coverage")
        problems = []
        if run is not None and run.warmup >= run.weeks:
            problems.append(
                f"run.warmup = {run.warmup} must be less than run.weeks = {run.weeks}, the length of the whole run."
            )
        start = coverage.start_week if coverage is not None else None
        if run is not None and start is not None and start >= run.weeks:
            problems.append(
                f"coverage.start_week = {start} must be less than run.weeks = {run.weeks}: "
                "the policy would begin after the end."
            )
        return problems
