"""Further arms of a comparison, on a smaller district of the same kind and with a baseline of their own.

Those of the headline are run on the whole district; others may be run on fewer estates of the same recipe, or on whole
communities of a user's own district (`assumptions.smaller`), with as many hours for each of them, and over fewer weeks.
They share seeds, replicates and scenario with the headline and nothing else, and are a comparison of their own, in a
folder of the comparison's, resumed and extended with it.

A week of few estates costs a third of a week of a thousand, however few they are; so the weeks are what is saved.  With
many arms a verdict that holds for all of them together takes replicates more than anything, so there are more of these,
and fewer outcomes are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from experiments.analyses.assumptions.smaller import smaller_grounds, smaller_world
from experiments.core.design.arms import Arms, changes_of
from experiments.core.design.design import Design
from experiments.core.design.user_strategies import check
from sim import District
from sim.core.errors import ScenarioError

FOLDER: Final = "further"  # of the store, in the comparison's
ESTATES: Final = 120  # of the smaller district
WARMUP: Final = 26
WEEKS: Final = 39  # measured weeks: the first nine months in which the policies act
REPLICATES: Final = 8

OUTCOMES: Final = ("conflicts", "filed", "standing", "open", "hours")
"""What many arms are judged by: what the figures of them show."""


@dataclass(frozen=True)
class Further:
    """What else is to be compared: arms as for `compare`, to which the baseline is added, and on how large a ground.

    `estates` and measured `weeks` are those of the smaller district; what is no larger is taken as it is.  There are no
    more weeks of `warmup`, and no fewer `replicates`, than the headline has.  `outcomes` are what is judged; None for
    what the headline is judged by.
    """

    arms: Arms
    estates: int = ESTATES
    weeks: int = WEEKS
    warmup: int | None = None
    replicates: int = 0
    outcomes: Sequence[str] | None = None


def further_design(design: Design, further: Further, district: District | None = None) -> Design:
    """Make the design of the further arms of a comparison, on parts of the user's own district or a synthetic one."""
    for name, number in (("estates", further.estates), ("weeks", further.weeks)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise ScenarioError(f"{name} of further arms is {number!r}: a whole number of at least 1 is needed.")
    ground, run = design.grounds[0], design.scenario.run
    warmup = run.warmup if further.warmup is None else min(run.warmup, further.warmup)
    weeks = design.start - run.warmup + warmup + further.weeks
    small = smaller_grounds(district, design.scenario, further.estates, len(design.grounds))
    world, _ = smaller_world(design.scenario, ground.estates, ground.streets, small, weeks, warmup)
    base = next(arm for arm in design.arms if arm.label == design.baseline)
    extension = Design.of(
        {base.label: dict(base.changes)} | changes_of(further.arms),
        world,
        small,
        baseline=design.baseline,
        replicates=max(design.replicates, further.replicates),
        seed=design.seed,
        plugin=design.plugin,
        model=design.model,
    )
    for arm in extension.arms:
        check(arm.strategy, arm.label)
    return extension
