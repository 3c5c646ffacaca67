"""Conventions: choices of modelling that no datum settles, and what is left of the headline under each of them.

A convention is set otherwise, one at a time and all together, and the headline is worked out anew: each policy against
no branch *under the same convention*, on common random numbers.  Since all settings share their draws as well, the
effect under one can be set beside the effect under the defaults replicate by replicate, which shows whether it changes
sign or is halved with far fewer runs than two intervals side by side would.

How the effect under a setting, e, lies to that under the defaults, d, is read from intervals at 95 %:

| word    | what is certain                                                          |
|---------|--------------------------------------------------------------------------|
| turns   | e and d both leave zero out, on different sides                          |
| halves  | e - d/2 lies on the far side of zero: less than half of d is left        |
| doubles | e - 2d lies beyond zero: more than twice d                               |
| keeps   | e - d/2 lies beyond zero: more than half of d is left                    |
| open    | none of these                                                            |
| falls, rises | d itself holds zero and e does not                                  |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.compare.table import compared
from experiments.analyses.study.contrasts import Contrast, Contrasts
from experiments.core.margin import MARGIN
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import differences, paired
from experiments.core.statistics.regions import region, side
from experiments.reporting.catalogue import N_, gettext

OUTCOMES: Final = ("conflicts", "standing")  # the headline
Beside = Literal["turns", "halves", "doubles", "keeps", "open", "falls", "rises"]


@dataclass(frozen=True)
class Setting:
    """A convention set otherwise than by default: what then holds, as a clause, and the changes of the scenario.

    `shown` is what is typed to have it, where that is not the changes one by one.
    """

    words: str
    changes: Mapping[str, Any]
    shown: str = ""

    @property
    def typed(self) -> str:
        return self.shown or ", ".join(f"{name} = {json.dumps(value)}" for name, value in self.changes.items())


DEFAULTS: Final = Setting(N_("the defaults"), {}, "nothing")


@dataclass(frozen=True)
class Convention:
    """A choice of modelling: what is chosen, and how else it may be set.

    Where `branches_only`, nothing depends on it without a branch, so that one run without any serves all its settings.
    """

    name: str
    settings: tuple[Setting, ...]
    branches_only: bool = False


def settings_of(conventions: Sequence[Convention]) -> list[tuple[Convention | None, Setting]]:
    """List the defaults, and after them every setting with its convention."""
    return [(None, DEFAULTS), *((convention, setting) for convention in conventions for setting in convention.settings)]


def _label(setting: Setting, policy: str) -> str:
    return f"{setting.typed}: {policy}"


def contrasts_of(conventions: Sequence[Convention], policies: Mapping[str, Mapping[str, Any]]) -> list[Contrast]:
    """Set every policy against no branch under every setting; worlds alike without a branch have one run in common."""
    contrasts = []
    for convention, setting in settings_of(conventions):
        alike = convention is not None and convention.branches_only
        world, own = ({}, setting.changes) if alike else (setting.changes, {})
        contrasts += [
            Contrast(_label(setting, name), {**world, "coverage.strategy": "none"}, {**own, **policy})
            for name, policy in policies.items()
        ]
    return contrasts


def beside(default: NDArray[np.float64], variant: NDArray[np.float64], sides: tuple[int, int]) -> Beside:
    """Say how the effect under a setting lies to the effect under the defaults; see the table above.

    Both are relative effects of the same replicates, shape (replicates,); `sides` says on which side of zero the
    interval of each lies: 1, -1, or 0 where it holds zero.

    Examples
    --------
    >>> d = np.array([-0.10, -0.11, -0.09])
    >>> [beside(d, factor * d, (-1, -1)) for factor in (0.2, 0.9, 3.0)], beside(d, -d, (-1, 1))
    (['halves', 'keeps', 'doubles'], 'turns')
    """
    before, now = sides
    if not before:
        return "falls" if now < 0 else "rises" if now > 0 else "open"
    if now == -before:
        return "turns"
    if not (np.isfinite(default).all() and np.isfinite(variant).all()):
        return "open"
    half, double = (paired(before * variant, share * before * default) for share in (0.5, 2.0))
    if side(double.ci_low, double.ci_high) > 0:
        return "doubles"
    match side(half.ci_low, half.ci_high):
        case -1:
            return "halves"
        case 1:
            return "keeps"
    return "open"


def table_of(
    conventions: Sequence[Convention], policies: Mapping[str, Mapping[str, Any]], contrasts: Contrasts
) -> pd.DataFrame:
    """Return a row for each setting, policy and outcome.

    `relative`, `low` and `high` are shares of the mean without a branch under the same setting; interval and verdict
    hold for their row alone, with 95 %.
    """
    rows: list[dict[str, Any]] = []
    usual: dict[tuple[str, str], tuple[NDArray[np.float64], int]] = {}
    for convention, setting in settings_of(conventions):
        name = "" if convention is None else convention.name
        for policy in policies:
            treated, control = contrasts.sides(_label(setting, policy))
            for outcome, result in compared(treated, control, contrasts.seen).items():
                base = abs(result.baseline_mean)
                effect = differences(treated[outcome], control[outcome]) / (base or np.nan)
                now = side(result.ci_low, result.ci_high)
                default, before = usual.setdefault((policy, outcome), (effect, now))
                rows.append(
                    {
                        "convention": name,
                        "convention_zh": gettext("zh", name),
                        "setting": setting.typed,
                        "words": setting.words,
                        "words_zh": gettext("zh", setting.words),
                        "policy": policy,
                        "outcome": outcome,
                        "without": result.baseline_mean,
                        "with": result.mean,
                        "difference": result.difference,
                        "relative": result.relative,
                        "low": result.ci_low / (base or np.nan),
                        "high": result.ci_high / (base or np.nan),
                        "verdict": region(result.ci_low, result.ci_high, MARGIN * base, better(outcome)),
                        "beside": "" if convention is None else beside(default, effect, (before, now)),
                        "replicates": result.replicates,
                    }
                )
    return pd.DataFrame(rows)


def counted(table: pd.DataFrame) -> dict[str, int]:
    """Count the settings, those that turn an effect of the headline, and those that halve one."""
    turned, halved = (table.loc[table["beside"] == word, "setting"].nunique() for word in ("turns", "halves"))
    return {"settings": table.loc[table["convention"] != "", "setting"].nunique(), "turned": turned, "halved": halved}
