"""Whatever a user can name has an example that runs, and types that a checker reads."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import Any, Final

import pytest

import gongzhi
from experiments.analyses.ablation.ablation import Ablation
from experiments.analyses.budget.budget_result import Search
from experiments.analyses.result import Result
from experiments.analyses.sensitivity.sensitivity_result import Sensitivity
from experiments.analyses.signmap.sign_map import SignMap
from experiments.analyses.validation.validation import Validation
from experiments.core.design.arms import Arm
from experiments.core.design.axes import Axis
from experiments.core.design.design import Run
from experiments.core.store.store import Tally as StoreTally
from experiments.reporting.finding import Finding
from sim.agenda import Agenda, Line
from sim.agents.agent_sets import Groups
from sim.agents.all_agents import Everyone
from sim.agents.population import Subset
from sim.core.chance import Chance
from sim.core.costs import Costs
from sim.disputes.disputes import Disputes
from sim.disputes.story import Story
from sim.outcomes.definitions import Definition
from sim.outcomes.record import Outcomes
from sim.outcomes.tally import Tally
from tests.support.repository import ROOT

NAMED: Final = tuple(thing for name in gongzhi.__all__ if isinstance(thing := getattr(gongzhi, name), type))
REACHED: Final = (
    *(Ablation, Result, Search, Sensitivity, SignMap, Validation),
    *(Agenda, Arm, Axis, Chance, Costs, Definition, Disputes, Everyone, Finding, Groups, Line, Outcomes, Run),
    *(Story, StoreTally, Subset, Tally),
)
"""Classes of what those of `gongzhi` give: results, findings, agents of all kinds, cases, the week, draws, accounts."""

WITHOUT: Final[dict[str, str]] = {
    "what a fork, a file and a restored week are made of, by `model.fork`, `save` and `load`": (
        "Component.copy_into Component.restore Component.state Population.restore Population.state "
        "Stakeholders.copy_into Stakeholders.restore Stakeholders.state"
    ),
    "called by the classes themselves as they are declared": "Agent.describe_columns",
    "what readers of tables end with; a user calls `District.read`": "District.of_reading",
    "the laboratory's way of writing a folder that another process may hold; a user calls `run_design`": (
        "Store.begin Store.claim Store.describe Store.mend Store.write_through"
    ),
    "steps of the week, called by its agenda, whose lines say what they do": (
        "Cases.file Cases.inform Cases.returning Cases.withdraw Disputes.gather Disputes.handle Disputes.lose_patience "
        "Disputes.meet Disputes.rank Disputes.reflect Outcomes.record"
    ),
}
"""Names without an example, by the reason why one would add nothing.  This list may only become shorter."""


def examples_in(thing: Any) -> bool:
    return ">>>" in (inspect.getdoc(getattr(thing, "__func__", thing)) or "")


def bare(kind: type) -> set[str]:
    """Public methods and properties of a class, its bases' included, of which no class of ours has an example."""
    ours = [base for base in kind.__mro__ if base.__module__.partition(".")[0] in ("sim", "experiments")]
    names: set[str] = set()
    for name in {name for base in ours for name in vars(base) if name[0] != "_"}:
        homes = {
            base.__name__: thing
            for base in ours
            if inspect.isroutine(thing := vars(base).get(name)) or isinstance(thing, property | cached_property)
        }
        if homes and not any(map(examples_in, homes.values())):
            names.add(f"{next(iter(homes))}.{name}")
    return names


def test_every_public_name_has_an_example() -> None:
    """`make test` runs them all."""
    lacking = [name for name in gongzhi.__all__ if not examples_in(getattr(gongzhi, name))]
    assert not lacking, "write a short example, in classroom size"


@pytest.mark.parametrize("kind", REACHED, ids=lambda kind: kind.__name__)
def test_what_public_names_give_has_an_example(kind: type) -> None:
    assert examples_in(kind), "write a short example, in classroom size"


def test_what_they_can_do_has_examples() -> None:
    lacking = set().union(*map(bare, (*NAMED, *REACHED)))
    excused = {name for names in WITHOUT.values() for name in names.split()}
    assert not lacking - excused, "write a short example, in classroom size (experiments.ready has small results)"
    assert not excused - lacking, "these have an example, or are gone: take them off the list WITHOUT"


def test_an_example_of_a_base_serves_and_a_lack_is_seen() -> None:
    class Base:
        __module__ = "sim.base"

        def shown(self) -> None:
            """Do.

            >>> 1
            1
            """

        def silent(self) -> None:
            """Do nothing."""

    class Kind(Base):
        __module__ = "sim.kind"

        def shown(self) -> None:
            """Do otherwise."""

        @property
        def one(self) -> int:
            """One."""
            return 1

    assert bare(Kind) == {"Base.silent", "Kind.one"}


def test_type_checkers_read_our_types() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in ("sim", "experiments", "gongzhi"))
