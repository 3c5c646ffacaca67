"""Populations: many Mesa agents whose state is kept in columns.

A district has a million residents.  As objects they are too many to step; as columns of numbers they are a
few milliseconds.  Here both are true at once: state lives in named, typed NumPy columns that belong to one
population of one model, and any row can be looked at as a Mesa `Agent`, which is made when asked for.

This folder is where the program touches Mesa; besides it only the model and the district's grid do.
"""

from sim.agents.agent import Agent, Column, column, derived
from sim.agents.agent_sets import Groups
from sim.agents.all_agents import Everyone, PopulatedModel
from sim.agents.population import Population, Subset

__all__ = [
    "Agent",
    "Column",
    "Everyone",
    "Groups",
    "PopulatedModel",
    "Population",
    "Subset",
    "column",
    "derived",
]
