"""Arms: what is compared, as a user writes it and as it is run.

An arm is a name (a coverage strategy or one of its controls) or a set of changes to the scenario.  What the
user leaves out is added here: the baseline, and the arm whose hours a control replays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim import Scenario
from sim.core.errors import ScenarioError
from sim.policies import arrangement

Arms = Sequence[str] | Mapping[str, str | Mapping[str, Any]]
"""Names of strategies, or labels with the changes that each makes to the scenario."""

GROUND = ("district.estates", "district.seed", "run.weeks", "run.warmup", "outcomes.record_estates")
"""Parameters that all arms must share, since a pair is one ground and one length; see `of_the_ground`."""

MATCHED = ("hours_matched:", "hours_matched_tied:", "hours_matched_net:", "hours_offered:")


def of_the_ground(name: str) -> bool:
    """Return whether a parameter is one that all arms must share: `GROUND`, and all with which a ground is made.

    Examples
    --------
    >>> of_the_ground("district.seed"), of_the_ground("ground.strength_log_sd"), of_the_ground("district.members_rate")
    (True, True, False)
    """
    return name in GROUND or name.startswith("ground.")


def matched(strategy: str) -> str | None:
    """Name the strategy whose hours a control replays, or None.

    Examples
    --------
    >>> matched("hours_matched:full"), matched("full")
    ('full', None)
    """
    return next((strategy.removeprefix(head) for head in MATCHED if strategy.startswith(head)), None)


@dataclass(frozen=True)
class Arm:
    """One thing that is compared: a label, its changes, and the scenario that they make.

    Examples
    --------
    >>> Arm.of(Scenario(), "full", {"coverage.strategy": "full"})
    Arm(label='full', changes={'coverage.strategy': 'full'})
    """

    label: str
    changes: Mapping[str, Any]
    scenario: Scenario = field(repr=False)

    @classmethod
    def of(cls, scenario: Scenario, label: str, changes: Mapping[str, Any]) -> Arm:
        """Apply changes to a scenario; raise the error that names the arm.

        Examples
        --------
        >>> Arm.of(Scenario(), "full", {"coverage.strategy": "full"}).strategy
        'full'
        """
        for name in changes:
            if of_the_ground(name):
                raise ScenarioError(
                    f'Arm "{label}" changes {name}, which all arms must share, since they are compared in pairs. '
                    "Change it in the scenario (with --set) instead."
                )
        try:
            return cls(label, changes, scenario.replace(dict(changes)))
        except ScenarioError as error:
            raise ScenarioError(f'Arm "{label}": {error}') from error

    @property
    def strategy(self) -> str:
        """The coverage strategy of this arm.

        Examples
        --------
        >>> Arm.of(Scenario(), "all", {"coverage.strategy": "full"}).strategy
        'full'
        """
        return self.scenario.coverage.strategy

    @property
    def policy(self) -> str:
        """What this arm does, by the name that a control of it bears: the study's arrangement, or its strategy.

        The arrangement may have another coverage, or be without one of its parts (`sim.policies.arrangement.named`).

        Examples
        --------
        >>> Arm.of(Scenario(), "all", {"coverage.strategy": "full"}).policy
        'full'
        """
        off = [
            part
            for part, changes in arrangement.PARTS.items()
            if part != "coverage" and any(self.scenario.get(name) != value for name, value in changes.items())
        ]
        usual = self.strategy == arrangement.PARTS["coverage"]["coverage.strategy"]
        if not off:
            without = arrangement.LESS + "coverage" if self.strategy == "none" else arrangement.WITH + self.strategy
            return arrangement.NAME if usual else without
        return arrangement.LESS + off[0] if usual and len(off) == 1 else self.strategy


def changes_of(arms: Arms, kind: type[Scenario] = Scenario) -> dict[str, dict[str, Any]]:
    """Return the changes of each arm by its label; `kind` has the parameters that may be changed.

    Examples
    --------
    >>> changes_of(["own", "full; branches.mediation=false"])
    {'own': {'coverage.strategy': 'own'},
     'full; branches.mediation=false': {'coverage.strategy': 'full', 'branches.mediation': False}}
    """
    if isinstance(arms, str):
        arms = [arms]
    if isinstance(arms, Mapping):
        wrong = [change for change in arms.values() if not isinstance(change, str | Mapping)]
    elif isinstance(arms, Iterable):
        wrong = [name for name in arms if not isinstance(name, str)]
    else:
        wrong = [arms]
    if wrong:
        written = (
            'names of strategies, ["none", "full"], or labels with changes, {"busy": {"branches.reporting_hours": 6.0}}'
        )
        raise ScenarioError(f"{wrong[0]!r} is no arm. Arms are {written}.")
    given = arms if isinstance(arms, Mapping) else {name: name for name in arms}
    if not given:
        raise ScenarioError("No arms are given: name at least one coverage strategy.")
    pairs = {
        label: _written(change, kind) if isinstance(change, str) else dict(change) for label, change in given.items()
    }
    for label in pairs:
        if not isinstance(label, str) or not label.strip() or not label.isprintable():
            raise ScenarioError(f"{label!r} cannot be the label of an arm: a line of text is needed.")
    return pairs


def _written(name: str, kind: type[Scenario]) -> dict[str, Any]:
    """Return the changes of a policy that has a name, and of settings after semicolons."""
    strategy, *settings = (part.strip() for part in name.split(";"))
    if not settings:
        return _named(name)
    changes = _named(strategy) if strategy else {}
    overrides = kind.parse_settings(part for part in settings if part)
    if changes and "coverage.strategy" in overrides:
        raise ScenarioError(f'"{name}" names two strategies: leave one of them out.')
    return {**changes, **overrides}


def _named(name: str) -> dict[str, Any]:
    """Return the changes of a policy that has a name: a strategy, a control, or one called after the arrangement."""
    changes = arrangement.named(name)
    return {"coverage.strategy": name} if changes is None else changes


def baseline_of(arms: Arms, label: str | None = None) -> str:
    """Return the arm that all others are compared with: the one that is named, else `none`, else the user's first.

    Examples
    --------
    >>> baseline_of(["full"]), baseline_of({"busy": {}, "calm": {}}), baseline_of(["own", "full"], "own")
    ('none', 'busy', 'own')
    """
    if label is not None:
        return label
    return "none" if not isinstance(arms, Mapping) or "none" in arms else next(iter(arms))


def source_of(arm: Arm) -> Scenario:
    """Return the scenario whose hours a control replays: its own, but with the strategy, or the arrangement, itself."""
    return arm.scenario.replace(_named(str(matched(arm.strategy))))


def with_sources(
    arms: Mapping[str, Arm], worlds: Mapping[str, int] | None = None
) -> tuple[tuple[Arm, ...], dict[str, int]]:
    """Put before each control the arm whose hours it replays, where it is not there already.

    Arms are given by label, and `worlds` as in a `Design`: what a control replays is run in the control's world.
    """
    ordered: dict[str, Arm] = {}
    places = dict(worlds or {})
    if not any(matched(arm.strategy) for arm in arms.values()):
        return tuple(arms.values()), places
    known = {(arm.scenario.fingerprint(), places.get(label)) for label, arm in arms.items()}
    for label, arm in arms.items():
        if strategy := matched(arm.strategy):
            scenario, place = source_of(arm), places.get(label)
            if (scenario.fingerprint(), place) not in known:
                known.add((scenario.fingerprint(), place))
                name = strategy if len(arm.changes) == 1 and strategy not in arms else f"{strategy}, as in {label}"
                ordered[name] = Arm(name, {**arm.changes, **_named(strategy)}, scenario)
                if place is not None:
                    places[name] = place
        ordered[label] = arm
    return tuple(ordered.values()), places
