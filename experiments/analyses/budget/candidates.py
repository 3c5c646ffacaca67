"""Candidates for the hours of cadres: the model's own strategies and rules spread over what a rule can weigh.

A rule says which kinds of branch are founded and how estates are ranked; its weights may be negative, so that quiet,
small or strong places may come first as well.  While candidates are on offer they are strategies like a user's own, so
that every worker knows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from experiments.analyses.budget.rules import BUILT_IN, FEATURES, KINDS, Rule, Terms, within
from experiments.core.design.axes import Axis
from experiments.core.design.points import latin
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.numbers import written

__all__ = ["Candidates", "family", "in_words", "on_offer", "plugin_of", "registered_as"]

Candidates = Mapping[str, Rule | str]
"""Rules by name, or names of the model's own strategies."""


def family(number: int, seed: int) -> dict[str, Rule | str]:
    """Make so many candidates: the model's own strategies first, then rules spread as a Latin hypercube.

    Examples
    --------
    >>> made = family(7, seed=1)
    >>> list(made)
    ['random', 'hotspot', 'largest', 'weakest', 'budget', 'rule-01', 'rule-02']
    >>> round(sum(abs(weight) for weight in made["rule-01"].weights), 1)
    1.0
    """
    found: dict[str, Rule | str] = {name: name for name in BUILT_IN[:number]}
    count = number - len(found)
    if count > 0:
        axes = [Axis("kinds", levels=tuple(KINDS)), *(Axis(feature, -1.0, 1.0) for feature in FEATURES)]
        for place, row in enumerate(latin(axes, count, seed).to_dict("records"), start=1):
            weights = [float(row[feature]) for feature in FEATURES]
            whole = sum(map(abs, weights)) or 1.0
            rounded = tuple(round(weight / whole, 3) for weight in weights)
            found[f"rule-{place:0{max(len(str(count)), 2)}}"] = Rule(str(row["kinds"]), rounded)
    return found


def in_words(rule: Rule | str, lang: str = "en", most: int = len(FEATURES)) -> str:
    """Say what a candidate covers first, in a line: the `most` weights that matter most, none below 0.1.

    Examples
    --------
    >>> in_words(Rule("own, else joint", (0.7, -0.25, 0.0, 0.05, 0.0)))
    'own, else joint: conflicts +0.7, size −0.25'
    >>> in_words("hotspot")
    'hotspots first'
    """
    if isinstance(rule, str):
        from experiments.reporting.words import arm

        return arm(rule, lang)
    told = [(feature, weight) for feature, weight in zip(FEATURES, rule.weights, strict=True) if abs(weight) >= 0.1]
    told.sort(key=lambda pair: -abs(pair[1]))
    told = told[:most]
    weights = [f"{_features(lang)[feature]} {written(weight, '+.2g')}" for feature, weight in told]
    parts = pgettext(lang, "between clauses", ", ").join(weights)
    return gettext(lang, "{kinds}: {parts}", kinds=_kinds(lang)[rule.kinds], parts=parts)


def _features(lang: str) -> dict[str, str]:
    """Return what each weight of a rule is a weight of."""
    names = (
        pgettext(lang, "weight of a rule", "conflicts"), pgettext(lang, "weight of a rule", "size"),
        pgettext(lang, "weight of a rule", "members"), pgettext(lang, "weight of a rule", "hours"),
        pgettext(lang, "weight of a rule", "weakness"),
    )  # fmt: skip
    return dict(zip(FEATURES, names, strict=True))


def _kinds(lang: str) -> dict[str, str]:
    """Return the kinds of branch that a rule may found."""
    names = (
        pgettext(lang, "kinds of branch", "own"), pgettext(lang, "kinds of branch", "own, else joint"),
        pgettext(lang, "kinds of branch", "own, else dispatched"), pgettext(lang, "kinds of branch", "joint"),
        pgettext(lang, "kinds of branch", "dispatched"),
    )  # fmt: skip
    return dict(zip(KINDS, names, strict=True))


def registered_as(name: str) -> str:
    """Name of the strategy that a candidate is while it is on offer."""
    return f"within-{name}"


@contextmanager
def on_offer(candidates: Candidates, terms: Terms) -> Iterator[None]:
    """Register candidates as strategies, and forget them afterwards."""
    from sim.institutions.coverage import strategy, unregister

    try:
        for name, rule in candidates.items():
            strategy(registered_as(name))(within(rule, terms))
        yield
    finally:
        for name in candidates:
            unregister(registered_as(name))


def plugin_of(rule: Rule | str, terms: Terms, hours: float, told: str) -> str:
    """Write a candidate as a plugin file that `gongzhi compare --plugin` reads.

    Parameters
    ----------
    rule, terms, hours
        What is covered, on what terms, within how many hours a week.
    told
        How it was chosen, a sentence for the file's head.
    """
    name = f"best_{hours:g}"
    settings = ",\n".join(f"    {field}={value!r}" for field, value in terms._asdict().items())
    chosen = repr(rule) if isinstance(rule, str) else f"Rule(kinds={rule.kinds!r}, weights={rule.weights!r})"
    return f'''"""Coverage within {hours:g} cadre hours a week: {in_words(rule)}.

{told}

    gongzhi compare none {name} hours_offered:{name} --plugin best-{hours:g}.py
"""

import sim
from experiments.analyses.budget.rules import Rule, Terms, within

RULE: Rule | str = {chosen}
"""Kinds of branch, and weights of: {", ".join(FEATURES)}; or a strategy of the model."""
TERMS = Terms(
{settings},
)
"""Of the scenario in which the rule was chosen: what is changed there has to be changed here."""

chosen = within(RULE, TERMS, hours={hours!r})


@sim.strategy("{name}")
def best(district, members, state):
    """Cover estates by the rule, as far as the hours reach."""
    return chosen(district, members, state)
'''
