"""Do desks reach the causes of disputes, and does their mere existence raise the number of conflicts?

A desk that settles a case when its cause is gone comforts somebody and prevents nothing.  How many causes still go on
when a desk settles, and how many touches are averted by desks, by private words and by early mediation, are outcomes of
every run; this study sets them side by side, without desks, with them, and with the ways in which a desk can reach a
living cause.
"""

from __future__ import annotations

from experiments.lab.study.study import Study

__all__ = ["STUDY"]

_ROUTES = {
    "desks.bundling": True, "desks.living_first": True, "desks.bank_weeks": 2.0, "frontline.early": True,
}  # fmt: skip
_WORDS = {
    "private.weeks": 2.0, "private.ends_neighbour": 0.4, "private.neighbour_share": 0.5, "private.ends_other": 0.1,
    "private.by_effort": True, "private.holds": 0.6, "private.retry": 0.4,
}  # fmt: skip

STUDY = Study(
    name="channels",
    title="What desks and private words do to causes",
    question="Do desks reach the causes of disputes, and does their existence raise the number of conflicts?",
    arms={
        "no desks": {"desks.enabled": False},
        "desks": {},
        "desks that reach causes": _ROUTES,
        "private words with limits": _WORDS,
        "both": {**_ROUTES, **_WORDS},
    },
    outcomes=(
        "conflicts", "returns", "standing", "alive_at_settlement", "averted_desk", "averted_private", "averted_early",
        "ended_desk", "ended_private", "ended_early",
    ),
    focus="desks",
    benefits=("conflicts", "standing"),
    costs=("averted_desk", "averted_private"),
    parts=("desks that reach causes", "both"),
)  # fmt: skip
