"""The mechanisms of the model, each named once, in order.

What a model builds, what a week is, what a fork copies, what a file holds and which columns are measured follow from
this list.
"""

from __future__ import annotations

from sim.disputes import Disputes, Frontline, PrivateSettlements
from sim.disputes.desk import Desks
from sim.disputes.hazards import Hazards
from sim.disputes.incidents import Incidents
from sim.disputes.matters import Matters
from sim.policies.coverage import Coverage
from sim.policies.deliberation import CrossAppointment, Deliberation
from sim.policies.emergency import Emergency
from sim.policies.empowerment import Awards, Empowerment, Evaluation, MicroProjects
from sim.policies.meetings import MeetingHelp
from sim.policies.services import Services
from sim.policies.supervision import Supervision
from sim.residents.collective import Collective
from sim.residents.grievances import Grievances
from sim.residents.residents import Residents
from sim.residents.satisfaction import Satisfaction
from sim.residents.trust import Trust
from sim.residents.voice import Voice
from sim.stakeholders.authorities import Authorities
from sim.stakeholders.branches import Branches
from sim.stakeholders.captains import Captains
from sim.stakeholders.committees import Committees
from sim.stakeholders.couriers import Couriers, Stations
from sim.stakeholders.enterprises import EnterpriseDesk, Enterprises
from sim.stakeholders.firms import Contracts, Firms
from sim.stakeholders.social import SocialOrganisations
from sim.stakeholders.volunteers import Volunteers

__all__ = ["Mechanisms"]


class Mechanisms:
    """The components of a model, as its attributes: in this order they are made, lower ones first."""

    desks: Desks
    residents: Residents
    incidents: Incidents
    hazards: Hazards
    matters: Matters
    disputes: Disputes
    private: PrivateSettlements
    frontline: Frontline
    trust: Trust
    satisfaction: Satisfaction
    grievances: Grievances
    voice: Voice
    collective: Collective
    firms: Firms
    contracts: Contracts
    committees: Committees
    branches: Branches
    authorities: Authorities
    stations: Stations
    couriers: Couriers
    enterprises: Enterprises
    enterprise_desk: EnterpriseDesk
    captains: Captains
    deliberation: Deliberation
    social_organisations: SocialOrganisations
    volunteers: Volunteers
    services: Services
    coverage: Coverage
    emergency: Emergency
    cross_appointment: CrossAppointment
    supervision: Supervision
    empowerment: Empowerment
    evaluation: Evaluation
    micro_projects: MicroProjects
    awards: Awards
    meeting_help: MeetingHelp
