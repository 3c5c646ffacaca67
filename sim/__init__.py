"""Gongzhi (governing together): the model.

>>> import sim
>>> model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 12}), rng=42)
>>> model.run(weeks=2)
>>> len(model.outcomes)
2
"""

from __future__ import annotations

from sim.component import Component, Outcome, Stakeholders, Step
from sim.district import District, EstateKind
from sim.errors import (
    AgendaError,
    ComponentError,
    DistrictError,
    GongzhiError,
    RunawayError,
    ScenarioError,
    SnapshotError,
    StoreError,
    StrategyError,
    UnfinishedWeekError,
)
from sim.institutions.coverage import BranchKind, strategy
from sim.model import GovernanceModel
from sim.parameter import Section, parameter, switch
from sim.plot import plot
from sim.population import Agent, Population, column
from sim.scenario import Scenario
from sim.stakeholders.authorities import Authority
from sim.stakeholders.branches import Branch
from sim.stakeholders.captains import Captain
from sim.stakeholders.committees import Committee
from sim.stakeholders.couriers import Courier, Station
from sim.stakeholders.enterprises import Enterprise
from sim.stakeholders.firms import Contract, Firm
from sim.stakeholders.residents import Resident
from sim.stakeholders.social import SocialOrganisation
from sim.stakeholders.volunteers import Volunteer
from sim.version import VERSION

__version__ = VERSION

__all__ = [
    "AgendaError",
    "Agent",
    "Authority",
    "Branch",
    "BranchKind",
    "Captain",
    "Committee",
    "Component",
    "ComponentError",
    "Contract",
    "Courier",
    "District",
    "DistrictError",
    "Enterprise",
    "EstateKind",
    "Firm",
    "GongzhiError",
    "GovernanceModel",
    "Outcome",
    "Population",
    "Resident",
    "RunawayError",
    "Scenario",
    "ScenarioError",
    "Section",
    "SnapshotError",
    "SocialOrganisation",
    "Stakeholders",
    "Station",
    "Step",
    "StoreError",
    "StrategyError",
    "UnfinishedWeekError",
    "Volunteer",
    "column",
    "parameter",
    "plot",
    "strategy",
    "switch",
]
