"""The main study: what does the study's arrangement change, what its coverage alone, and is it more than its hours?

The field study reports that branches in all estates calmed the district, and knows no other district in which
there were none.  Here there is one: the same residents, the same incidents, week by week, with no branch
(`none`).  It asks about two policies side by side: coverage alone (`full`), the first step, and the whole
arrangement (`arrangement`), which is what the study credits.

It is run on two grounds, since a week of the whole district takes long:

- `MAIN` on the whole district, with everybody in it: the two policies, and the same hours at the existing desks for
  both.
- `FURTHER` on a smaller district of the same kind, with a baseline of its own, in the first nine months of the
  policies, with more replicates: the coverage strategies, each alone and as the coverage of the arrangement; the
  arrangement less each of its parts, set against the arrangement as well, which shows what the part contributes; and
  what takes full coverage apart (mediation and routine services, each alone; its hours, pooled and tied to estates; its
  name and its channel without hours; the name alone, which must change nothing; other places; the other kind of branch
  where fewer than three members live).

Both are in one folder, one report and one table, whose rows say on how many estates, over how many weeks and in how
many replicates.  The other way to save time would be two or three replicates of the whole district: with so few an
interval that holds for all rows together is so wide that it decides nothing.
"""

from collections.abc import Sequence
from typing import Any, Final

from experiments.core.design.arms import changes_of
from experiments.reporting.catalogue import N_
from sim import Scenario
from sim.policies import arrangement

QUESTION = N_(
    "Does the study's arrangement lower the dispute rate, does coverage alone, which coverage does it best, at what "
    "cost, and is it more than the extra hours?"
)

STRATEGIES = tuple("none own dispatched joint full random hotspot largest weakest phased budget".split())

MAIN: Final = changes_of(["none", "full", "arrangement", "hours_matched:full", "hours_matched:arrangement"])
"""On the whole district."""

PARTS: Final[dict[str, dict[str, Any]]] = {
    "full, mediation alone": {"coverage.strategy": "full", "services.enabled": False},
    "full, routine services alone": {"coverage.strategy": "full", "branches.mediation": False},
    "full, dispatched": {"coverage.strategy": "full", "coverage.second": "dispatched"},
}

CONTROLS: Final = "hours_matched:full hours_matched_tied:full placebo:full shuffled:full".split()

FURTHER: Final[dict[str, dict[str, Any]]] = {
    **changes_of([*STRATEGIES, "arrangement"]),
    **changes_of([arrangement.WITH + name for name in STRATEGIES if name not in ("none", "full")]),
    **changes_of([arrangement.LESS + part for part in arrangement.PARTS]),
    **PARTS,
    **changes_of(CONTROLS),
    **changes_of(
        [f"{kind}:{name}" for name in ("full", "arrangement") for kind in ("hours_matched_net", "hours_offered")]
    ),
    "placebo:full, no channel": {"coverage.strategy": "placebo:full", "branches.attraction": False},
}
"""On a smaller district."""

ARMS: Final[dict[str, dict[str, Any]]] = {**MAIN, **FURTHER}
"""All arms of the study, by label."""


def arms(names: Sequence[str] = (), kind: type[Scenario] = Scenario) -> dict[str, dict[str, Any]]:
    """Return the arms that are named; without names those of the whole district.

    A name is a label of this study; a strategy, control or policy called after the arrangement; or one of these with
    changes, after semicolons.  `kind` has the parameters which may be changed, those of a plugin among them.

    Examples
    --------
    >>> arms(["own", "full; branches.mediation=false"])
    {'own': {'coverage.strategy': 'own'},
     'full; branches.mediation=false': {'coverage.strategy': 'full', 'branches.mediation': False}}
    """
    changes = {name: dict(ARMS[name]) if name in ARMS else changes_of([name], kind)[name] for name in names}
    return changes or dict(MAIN)
