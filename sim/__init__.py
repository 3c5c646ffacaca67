"""Gongzhi (governing together): the model.

>>> import sim
>>> model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 12}), rng=42)
>>> model.run(weeks=2)
>>> len(model.outcomes)
2
"""

from __future__ import annotations

from sim.district import District, EstateKind
from sim.errors import (
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
from sim.plot import plot
from sim.population import Agent, Population, column
from sim.scenario import Scenario
from sim.stakeholders.authorities import Authority
from sim.stakeholders.branches import Branch
from sim.stakeholders.committees import Committee
from sim.stakeholders.firms import Contract, Firm
from sim.stakeholders.residents import Resident
from sim.version import VERSION

__version__ = VERSION

__all__ = [
    "Agent",
    "Authority",
    "Branch",
    "BranchKind",
    "Committee",
    "Contract",
    "District",
    "DistrictError",
    "EstateKind",
    "Firm",
    "GongzhiError",
    "GovernanceModel",
    "Population",
    "Resident",
    "RunawayError",
    "Scenario",
    "ScenarioError",
    "SnapshotError",
    "StoreError",
    "StrategyError",
    "UnfinishedWeekError",
    "column",
    "plot",
    "strategy",
]
