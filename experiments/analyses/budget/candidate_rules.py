"""Candidates for the hours of cadres: the model's own strategies and rules spread over what a rule can weigh.

Weights may be negative, so that quiet, small or strong places may come first as well.  While candidates are on offer
they are strategies like a user's own, so that every worker knows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from experiments.analyses.budget.cost_model import BUILT_IN, FEATURES, KINDS, Rule, Terms, within
from experiments.core.design.axes import Axis
from experiments.core.design.points import latin
from experiments.reporting.finding import Finding
from sim.policies.coverage import strategy, unregister

Candidates = Mapping[str, Rule | str]
"""Rules by name, or names of the model's own strategies."""
PLUGIN = Path(__file__).with_name("plugin.txt")
"""The plugin file of a winner, with places for what is its own."""


def family(number: int, seed: int) -> dict[str, Rule | str]:
    """Make so many candidates: the model's own strategies first, then rules spread as a Latin hypercube.

    Examples
    --------
    >>> rules = family(7, seed=1)
    >>> list(rules)
    ['random', 'hotspot', 'largest', 'weakest', 'budget', 'rule-01', 'rule-02']
    >>> round(sum(abs(weight) for weight in rules["rule-01"].weights), 1)
    1.0
    """
    rules: dict[str, Rule | str] = {name: name for name in BUILT_IN[:number]}
    count = number - len(rules)
    if count > 0:
        axes = [Axis("kinds", levels=tuple(KINDS)), *(Axis(feature, -1.0, 1.0) for feature in FEATURES)]
        for place, row in enumerate(latin(axes, count, seed).to_dict("records"), start=1):
            weights = [float(row[feature]) for feature in FEATURES]
            whole = sum(map(abs, weights)) or 1.0
            rounded = tuple(round(weight / whole, 3) for weight in weights)
            rules[f"rule-{place:0{max(len(str(count)), 2)}}"] = Rule(str(row["kinds"]), rounded)
    return rules


def description(rule: Rule | str, most: int = len(FEATURES)) -> Finding:
    """Find what a candidate covers first: the `most` weights that matter most, none below 0.1.

    Examples
    --------
    >>> description("hotspot").text(), description(Rule("own, else joint", (0.7, -0.25, 0.0, 0.05, 0.0))).text()
    ('hotspots first', 'own, else joint: conflicts +0.7, size −0.25')
    """
    if isinstance(rule, str):
        return Finding("budget.strategy", name=rule)
    heavy = [(feature, weight) for feature, weight in zip(FEATURES, rule.weights, strict=True) if abs(weight) >= 0.1]
    weights = sorted(heavy, key=lambda pair: -abs(pair[1]))[:most]
    return Finding("budget.rule", kinds=rule.kinds, weights=weights)


def registered_as(name: str) -> str:
    """Name of the strategy that a candidate is while it is on offer."""
    return f"within-{name}"


@contextmanager
def on_offer(candidates: Candidates, terms: Terms) -> Iterator[None]:
    """Register candidates as strategies, and forget them afterwards."""
    try:
        for name, rule in candidates.items():
            strategy(registered_as(name))(within(rule, terms))
        yield
    finally:
        for name in candidates:
            unregister(registered_as(name))


def plugin_of(rule: Rule | str, terms: Terms, hours: float, origin: str) -> str:
    """Write a candidate as a plugin file that `gongzhi compare --plugin` reads; `origin` says how it was chosen."""
    settings = ",\n".join(f"    {field}={value!r}" for field, value in terms._asdict().items())
    chosen = repr(rule) if isinstance(rule, str) else f"Rule(kinds={rule.kinds!r}, weights={rule.weights!r})"
    values = {"name": f"best_{hours:g}", "hours": hours, "origin": origin, "chosen": chosen, "settings": settings}
    return PLUGIN.read_text("utf-8").format(rule=description(rule).text(), features=", ".join(FEATURES), **values)
