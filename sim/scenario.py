"""The scenario: every parameter of the model, a section for each component.

A policy researcher changes a world by changing numbers here, and defends each of them by the unit, the range
and the source that stand beside it.

The sections stand here by name although each belongs to a mechanism of `sim.mechanisms`, for two reasons.  Type
checkers and editors know an attribute such as ``scenario.branches.targets`` by its annotation alone: no type can be
computed from the list of mechanisms.  And the order differs: mechanisms are made lower ones first, while sections stand
as people read them, in files, in tables and in the columns of designs, where they must stay.  A test holds both lists
to each other (``tests/test_components.py``) and says which line is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import create_model

from sim.component import Component, Outcome, not_given, own_component, section_problems
from sim.core.errors import ComponentError
from sim.core.message_catalogue import MODEL
from sim.disputes.desks_parameters import DesksSection
from sim.disputes.frontline import FrontlineSection
from sim.disputes.incidents import IncidentsSection
from sim.disputes.private import PrivateSection
from sim.district.district_parameters import DistrictSection
from sim.district.ground import GroundSection
from sim.outcomes import OutcomesSection, RunSection, define, definitions_of
from sim.parameters.scenario_base import ScenarioBase
from sim.policies import arrangement
from sim.policies.coverage.coverage_parameters import CoverageSection
from sim.policies.deliberation.deliberation_parameters import DeliberationSection
from sim.policies.emergency.emergency_parameters import EmergencySection
from sim.policies.empowerment.empowerment_parameters import EmpowermentSection
from sim.policies.meetings.meetings_parameters import MeetingsSection
from sim.policies.services import ServicesSection
from sim.policies.supervision.supervision_parameters import SupervisionSection
from sim.residents.collective.collective_parameters import CollectiveSection
from sim.residents.grievances import GrievancesSection
from sim.residents.residents import ResidentsSection
from sim.residents.satisfaction import SatisfactionSection
from sim.residents.trust import TrustSection
from sim.residents.voice import VoiceSection
from sim.stakeholders.branches import BranchesSection
from sim.stakeholders.committees import CommitteesSection
from sim.stakeholders.couriers.couriers_parameters import CouriersSection
from sim.stakeholders.enterprises.enterprises_parameters import EnterprisesSection
from sim.stakeholders.firms import FirmsSection

__all__ = ["Scenario"]

_EXTENDED: Final[dict[tuple[type, tuple[type[Component], ...]], type[Scenario]]] = {}


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

    if TYPE_CHECKING:  # pydantic would have type checkers believe that values are given by section only

        def __init__(self, given: Mapping[str, Any] | str | Path | None = None, /, **sections: Any) -> None: ...

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

    shipped: ClassVar[type[Scenario]]
    """The scenario without components of a user."""

    @classmethod
    def including(cls, *components: type[Component]) -> type[Scenario]:
        """Return the scenario with components of a user, whose parameters are sections like any other.

        Parameters
        ----------
        components
            Subclasses of `sim.Component`; those of this scenario stay.

        Raises
        ------
        ComponentError
            When a section has the name of another one, or there is none of the name that a component gives.

        Examples
        --------
        >>> import sim
        >>> class Bells(sim.Component):
        ...     class Parameters(sim.Section):
        ...         times: int = sim.parameter(3, unit="times", low=0, status="assumed", source="none", doc="rung")
        >>> scenario = sim.Scenario.including(Bells)().replace({"bells.times": 5, "run.weeks": 60})
        >>> scenario
        <Scenario: run.weeks = 60, bells.times = 5>
        >>> sim.Scenario.including(Bells) is sim.Scenario.including(Bells)
        True
        """
        problems = cls.problems_of([component for component in components if component not in cls.components])
        if problems:
            raise ComponentError.listing("The components cannot be used", problems)
        kinds = tuple(dict.fromkeys((*cls.components, *components)))
        if not kinds:
            return cls
        for kind in kinds:
            MODEL.add(kind.zh if isinstance(kind.zh, Mapping) else {})
        define(definitions_of(one for kind in kinds for one in kind.outcomes if isinstance(one, Outcome)))
        if (cls.shipped, kinds) not in _EXTENDED:
            sections: dict[str, Any] = {
                kind.section: (kind.Parameters, kind.Parameters()) for kind in kinds if hasattr(kind, "Parameters")
            }
            extended = create_model(cls.shipped.__name__, __base__=cls.shipped, __module__=cls.__module__, **sections)
            extended.shipped, extended.components = cls.shipped, kinds
            _EXTENDED[cls.shipped, kinds] = extended
        return _EXTENDED[cls.shipped, kinds]

    @classmethod
    def problems_of(cls, components: Sequence[type[Component]]) -> list[str]:
        """Say what is wrong with the sections of components that would be added.

        Examples
        --------
        >>> import sim
        >>> class Coverage(sim.Component):
        ...     class Parameters(sim.Section):
        ...         share: float = sim.parameter(0.5, unit="share", status="assumed", source="none", doc="covered")
        >>> sim.Scenario.problems_of([Coverage])
        ['component "coverage": the scenario has a section "coverage" already; choose another name.']
        """
        return section_problems(components, cls.sections)

    @classmethod
    def _unknown_section(cls, name: str, value: Any) -> str:
        return super()._unknown_section(name, value) + cls._left_out(name)

    @classmethod
    def _unknown_parameter(cls, name: str) -> str:
        return super()._unknown_parameter(name) + cls._left_out(name.partition(".")[0])

    @classmethod
    def _left_out(cls, section: str) -> str:
        """Say how a component of a user becomes part of the scenario, where a parameter of its section is set."""
        kind = own_component(section)
        if section in cls.sections or kind is None or not hasattr(kind, "Parameters"):
            return ""
        return not_given(kind)

    def with_components(self, components: Sequence[type[Component]]) -> Scenario:
        """Return this scenario with components of a user at their defaults; see `including`.

        Examples
        --------
        >>> import sim
        >>> class Bells(sim.Component):
        ...     class Parameters(sim.Section):
        ...         times: int = sim.parameter(3, unit="times", low=0, status="assumed", source="none", doc="rung")
        >>> Scenario({"run.weeks": 60}).with_components([Bells]).get("bells.times")
        3
        """
        kind = type(self).including(*components)
        return self if kind is type(self) else kind(**{name: getattr(self, name) for name in self.sections})

    def with_components_first(self, components: Sequence[type[Component]]) -> Scenario:
        """Return this scenario with some of its components before the others: the order in which a past had them.

        Examples
        --------
        >>> import sim
        >>> class Bells(sim.Component):
        ...     pass
        >>> class Lamps(sim.Component):
        ...     pass
        >>> scenario = Scenario().with_components([Bells, Lamps]).with_components_first([Lamps])
        >>> [component.name for component in scenario.components]
        ['lamps', 'bells']
        """
        order = tuple(dict.fromkeys((*components, *self.components)))
        if order == self.components:
            return self
        kind = self.shipped.including(*order)
        return kind(**{name: getattr(self, name) for name in self.sections})

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not cls.components:
            cls.shipped = cls

    def __reduce_ex__(self, protocol: Any) -> Any:
        # A scenario with components has a class that no module holds: it is made anew from what it consists of.
        if type(self) is _EXTENDED.get((self.shipped, self.components)):
            return _rebuilt, (self.shipped, self.components, self.to_dict())
        return super().__reduce_ex__(protocol)

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
            Parts to be left out, see `sim.policies.arrangement.PARTS`.

        Examples
        --------
        >>> scenario = Scenario().arrangement(without=["supervision"])
        >>> scenario.coverage.strategy, scenario.empowerment.enabled, scenario.supervision.enabled
        ('full', True, False)
        """
        return self.replace(arrangement.changes(without))

    @classmethod
    def contradictions(cls, parts: Mapping[str, Any]) -> list[str]:
        """Compare lengths: warm-up, start of the policy and whole run.

        Examples
        --------
        >>> late = Scenario({"coverage.start_week": 100}).coverage
        >>> Scenario.contradictions({"run": Scenario({"run.weeks": 60}).run, "coverage": late})
        ['coverage.start_week = 100 must be less than run.weeks = 60: the policy would begin after the end.']
        """
        run, coverage = parts.get("run"), parts.get("coverage")
        problems = []
        if run is not None and run.warmup >= run.weeks:
            problems.append(
                f"run.warmup = {run.warmup} must be less than run.weeks = {run.weeks}, the length of the whole run: "
                "lengthen it, or shorten the warm-up with --set run.warmup=."
            )
        start = coverage.start_week if coverage is not None else None
        if run is not None and start is not None and start >= run.weeks:
            problems.append(
                f"coverage.start_week = {start} must be less than run.weeks = {run.weeks}: "
                "the policy would begin after the end."
            )
        return problems


def _rebuilt(shipped: type[Scenario], components: tuple[type[Component], ...], values: dict[str, Any]) -> Scenario:
    """Make a scenario anew where it has been sent."""
    return shipped.including(*components)(**values)


Scenario.shipped = Scenario
