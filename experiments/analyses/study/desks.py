"""Desks off and on where nobody has a branch: what they reach, what they avert, and what that does to conflicts.

Touches that no longer happen because a cause has been ended are counted by channel.  If desks move conflicts through
causes, the touches averted say so; if they move them through grievances, talk or anything else, they say nothing.  So
each edition is tried again with one mechanism out of action on both sides: what is left of the change then is not owed
to that mechanism.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.compare.table import compared
from experiments.analyses.study.contrasts import Contrast, Contrasts
from experiments.core.margin import MARGIN
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import differences, paired
from experiments.core.statistics.regions import region
from experiments.reporting.catalogue import gettext
from experiments.reporting.template_rendering import sentence

OUTCOMES: Final = tuple(
    "conflicts returns standing alive_at_settlement averted_desk averted_early averted_private ended_desk ended_early "
    "ended_private filed self_begun tolerated failed withdrawn open".split()
)
AVERTED: Final = tuple(name for name in OUTCOMES if name.startswith("averted_"))


@dataclass(frozen=True)
class World:
    """Where desks are switched off and on: a name in English, and the changes of the scenario.

    Of an edition with a mechanism out of action, `of` is the edition's name, `reason` the mechanism, and the name that
    of both.
    """

    name: str
    changes: Mapping[str, Any]
    of: str = ""
    reason: str = ""

    def named(self, lang: str) -> str:
        return sentence(lang, "channels.world", name=self.name, of=self.of, reason=self.reason)


def contrasts_of(worlds: Sequence[World]) -> list[Contrast]:
    """Switch desks off and on in every world, with no branch anywhere."""
    return [
        Contrast(
            world.name, {**world.changes, "coverage.strategy": "none", "desks.enabled": False}, {"desks.enabled": True}
        )
        for world in worlds
    ]


def table_of(worlds: Sequence[World], contrasts: Contrasts) -> pd.DataFrame:
    """Return a row for each world and outcome.

    It has the means without and with desks, the mean paired difference in the outcome's unit and as a share of the mean
    without, and how much that share differs from the edition's as it is; intervals at 95 %, row by row.
    """
    rows: list[dict[str, Any]] = []
    usual: dict[tuple[str, str], NDArray[np.float64]] = {}
    for world in worlds:
        treated, control = contrasts.sides(world.name)
        # Without desks nothing is settled at them, and a share of nothing is no number.
        known = [name for name in OUTCOMES if control[name].notna().all()]
        effects = compared(treated[known], control[known], contrasts.seen)
        for outcome in OUTCOMES:
            row: dict[str, Any] = {
                "world": world.name,
                "world_zh": world.named("zh"),
                "of": world.of,
                "reason": world.reason,
                "reason_zh": gettext("zh", world.reason),
                "outcome": outcome,
                "without": control[outcome].mean(),
                "with": treated[outcome].mean(),
                "replicates": len(treated),
            }
            if outcome in effects:
                result = effects[outcome]
                base = abs(result.baseline_mean)
                row |= {
                    **{name: getattr(result, name) for name in ("difference", "ci_low", "ci_high")},
                    "verdict": region(result.ci_low, result.ci_high, MARGIN * base, better(outcome)),
                }
                if base:
                    effect = differences(treated[outcome], control[outcome]) / base
                    shift = paired(effect, usual.setdefault((world.of or world.name, outcome), effect))
                    row |= {
                        "relative": result.relative,
                        "low": result.ci_low / base,
                        "high": result.ci_high / base,
                        "shift": shift.difference,
                        "shift_low": shift.ci_low,
                        "shift_high": shift.ci_high,
                    }
            rows.append(row)
    return pd.DataFrame(rows)


def row_of(table: pd.DataFrame, world: str, outcome: str) -> dict[str, Any]:
    """Return the row of a world and outcome."""
    rows = table[(table["world"] == world) & (table["outcome"] == outcome)]
    return {str(name): value for name, value in rows.to_dict("records")[0].items()}


def editions(table: pd.DataFrame) -> list[str]:
    """Return the worlds that were tried again with mechanisms out of action."""
    return list(dict.fromkeys(table.loc[table["of"] != "", "of"]))
