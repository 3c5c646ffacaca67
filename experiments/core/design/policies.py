"""What a coverage strategy is compared as: by itself, or as the coverage of the study's arrangement.

The study does not claim that covering estates calms a district; it claims that what branches then do does.  So every
strategy can be tried in two ways, under one word: `coverage`, the strategy and nothing else, or `arrangement`, the
strategy with all other parts of the arrangement in force (`sim.policies.arrangement`).  Nothing at all stays nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from experiments.core.design.arms import Arms, changes_of, matched
from experiments.core.option import chosen
from sim import Scenario
from sim.core.errors import ScenarioError
from sim.policies import arrangement

COVERAGE: Final = "coverage"
POLICIES: Final = (COVERAGE, arrangement.NAME)
"""What `--policy` and the argument `policy` take."""

STRATEGY: Final = "coverage.strategy"


def checked(policy: str) -> str:
    """Return the policy if there is one of that name; refuse any other."""
    return chosen(str(policy), POLICIES, "policy")


def under(strategy: str, policy: str = COVERAGE) -> str:
    """Return the name of a strategy or a control under a policy.

    Hours that a control replays are those of the arrangement with that coverage; its own desks have no branch and no
    other part.  Names that speak of the arrangement already stay.

    Examples
    --------
    >>> [under(name, "arrangement") for name in ("none", "full", "own", "hours_matched:full", "placebo:full")]
    ['none', 'arrangement', 'arrangement, own', 'hours_matched:arrangement', 'arrangement, placebo:full']
    """
    if checked(policy) == COVERAGE or strategy == "none" or arrangement.named(strategy) is not None:
        return strategy
    replayed = matched(strategy)
    if replayed is not None:
        return f"{strategy.removesuffix(replayed)}{under(replayed, policy)}"
    return arrangement.NAME if strategy == "full" else arrangement.WITH + strategy


def as_policy(arms: Arms, policy: str = COVERAGE, kind: type[Scenario] = Scenario) -> dict[str, dict[str, Any]]:
    """Return arms under a policy, by label, with the changes that each makes.

    A label that names its strategy is renamed with it; labels of the user's own stay, and so do arms that are called
    after the arrangement, with what they change.  Two arms that would have one label are refused.

    Examples
    --------
    >>> list(as_policy(["none", "own"], "arrangement"))
    ['none', 'arrangement, own']
    >>> as_policy({"busy": {"coverage.strategy": "own"}}, "arrangement")["busy"]["supervision.enabled"]
    True
    """
    plain = changes_of(arms, kind)
    if checked(policy) == COVERAGE:
        return plain
    policy_arms: dict[str, dict[str, Any]] = {}
    for label, changes in plain.items():
        strategy, name = str(changes.get(STRATEGY, "full")), label.partition(";")[0].strip()
        whole = name == arrangement.NAME or name.startswith((arrangement.WITH, arrangement.LESS))
        named = not whole and (name == strategy or label.startswith(f"{strategy}, "))
        new = f"{under(strategy, policy)}{label.removeprefix(strategy)}" if named else label
        if new in policy_arms:
            raise ScenarioError(f'Two arms would be "{new}" under the policy {policy}: leave one of them out.')
        policy_arms[new] = changes if whole else changes_under(changes, policy)
    return policy_arms


def changes_under(changes: Mapping[str, Any], policy: str = COVERAGE) -> dict[str, Any]:
    """Return an arm's changes under a policy: its own on top of what its strategy, or else full coverage, is there.

    Examples
    --------
    >>> changes_under({"coverage.strategy": "own"})
    {'coverage.strategy': 'own'}
    >>> changes_under({"coverage.strategy": "arrangement less couriers"}) == arrangement.changes(without=["couriers"])
    True
    """
    name = under(str(changes.get(STRATEGY, "full")), policy)
    named = arrangement.named(name)
    if named is None and policy == COVERAGE:  # nothing to put in its place
        return dict(changes)
    rest = {name: value for name, value in changes.items() if name != STRATEGY}
    return ({STRATEGY: name} if named is None else named) | rest


def posed(
    arms: Arms, baseline: str | None, policy: str = COVERAGE, kind: type[Scenario] = Scenario
) -> tuple[Arms, str | None]:
    """Return arms and baseline of a comparison under a policy.

    Examples
    --------
    >>> arms, baseline = posed(["own", "full"], "full", "arrangement")
    >>> list(arms), baseline
    (['arrangement, own', 'arrangement'], 'arrangement')
    """
    if checked(policy) == COVERAGE:
        return arms, baseline
    policy_arms = as_policy(arms, policy, kind)
    if baseline is None:
        return policy_arms, None if isinstance(arms, Mapping) else "none"
    return policy_arms, baseline if baseline in policy_arms else under(baseline, policy)
