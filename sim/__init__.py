"""Gongzhi (governing together): the model.

>>> import sim
>>> model = sim.GovernanceModel({"district.estates": 12}, seed=42)
>>> model.run(weeks=2)
>>> len(model.outcomes)
2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sim.agents as _agents  # noqa: F401  # first, with Mesa: it looks at all imports under way, the slower the more
from sim import examples, outcomes
from sim.agents import Agent, Population, column, derived
from sim.component import Component, Desk, Outcome, Stakeholders, Step
from sim.core.attributes import UnknownName as _UnknownName
from sim.core.errors import (
    AgendaError,
    CaseError,
    ComponentError,
    DistrictError,
    GongzhiError,
    OutcomeError,
    PathError,
    RunawayError,
    ScenarioError,
    SnapshotError,
    StoreError,
    StrategyError,
    UnfinishedWeekError,
)
from sim.core.markup import show
from sim.core.version import VERSION
from sim.district import District, EstateKind
from sim.film import Film, animate
from sim.model import GovernanceModel
from sim.parameters.parameter import Section, parameter, switch
from sim.plot import plot
from sim.policies.coverage import BranchKind, strategy
from sim.residents.residents import Resident
from sim.scenario import Scenario
from sim.stakeholders.authorities import Authority
from sim.stakeholders.branches import Branch
from sim.stakeholders.captains import Captain
from sim.stakeholders.committees import Committee
from sim.stakeholders.couriers import Courier, Station
from sim.stakeholders.enterprises import Enterprise
from sim.stakeholders.firms import Contract, Firm
from sim.stakeholders.social import SocialOrganisation
from sim.stakeholders.volunteers import Volunteer

__version__ = VERSION

__all__ = [
    "AgendaError",
    "Agent",
    "Authority",
    "Branch",
    "BranchKind",
    "Captain",
    "CaseError",
    "Committee",
    "Component",
    "ComponentError",
    "Contract",
    "Courier",
    "Desk",
    "District",
    "DistrictError",
    "Enterprise",
    "EstateKind",
    "Film",
    "Firm",
    "GongzhiError",
    "GovernanceModel",
    "Outcome",
    "OutcomeError",
    "PathError",
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
    "animate",
    "column",
    "derived",
    "examples",
    "outcomes",
    "parameter",
    "plot",
    "show",
    "strategy",
    "switch",
]

if not TYPE_CHECKING:  # a type checker would take every name for one that there is

    def __getattr__(name: str) -> Any:
        raise _UnknownName("sim", name, None, __all__)
