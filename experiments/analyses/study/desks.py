"""Desks off and on where nobody has a branch: what they reach, what they avert, and what that does to conflicts.

Touches that no longer happen because a cause has been ended are counted by channel.  If desks move conflicts through
causes, the touches averted say so; if they move them through grievances, talk or anything else, they say nothing.  So
each edition is tried again with one mechanism out of action on both sides: what is left of the change then is not owed
to that mechanism.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.result import Draw
from experiments.analyses.study.contrasts import Contrast, Contrasts, relative_effects
from experiments.analyses.study.sweeps import BAND, StudySweep, StudySweepSpec, noted, study_document
from experiments.core.margin import MARGIN
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import side
from experiments.figures import style
from experiments.figures.entry import Entry, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import least
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OUTCOMES: Final = tuple(
    "conflicts returns standing alive_at_settlement averted_desk averted_early averted_private ended_desk ended_early "
    "ended_private filed self_begun tolerated failed withdrawn open".split()
)
CHANNELS: Final = {
    "averted_desk": {"color": style.BLUE, "hatch": ""},
    "averted_early": {"color": "#93bdd6", "hatch": "///"},
    "averted_private": {"color": style.VERMILLION, "hatch": "..."},
}
"""Who ended causes, so that touches are averted, and how that is drawn."""
COLUMNS: Final = (
    "world world_zh of reason reason_zh outcome without with replicates difference ci_low ci_high verdict relative low "
    "high shift shift_low shift_high"
).split()


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


class Channels(StudySweep):
    """What desks do."""


class ChannelsSpec(StudySweepSpec):
    """What desks do: desks off and on in every world, with no branch anywhere."""

    analysis = "channels"
    result = Channels
    worlds_of_desks: tuple[World, ...]

    @property
    def outcomes(self) -> Sequence[str]:
        return OUTCOMES

    def contrasts(self) -> list[Contrast]:
        off = {"coverage.strategy": "none", "desks.enabled": False}
        worlds = {world.name: {**world.changes, **off} for world in self.worlds_of_desks}
        return [Contrast(name, changes, {"desks.enabled": True}) for name, changes in worlds.items()]

    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        """Return a row for each world and outcome.

        It has the means without and with desks, the mean paired difference in the outcome's unit and as a share of the
        mean without, and how much that share differs from the edition's as it is; intervals at 95 %, row by row.
        """
        rows: list[dict[str, Any]] = []
        usual: dict[tuple[str, str], NDArray[np.float64]] = {}
        for world in self.worlds_of_desks:
            treated, control = contrasts.sides(world.name)
            # Without desks nothing is settled at them, and a share of nothing is no number.
            known = [name for name in OUTCOMES if control[name].notna().all()]
            effects = relative_effects(treated[known], control[known], contrasts.seen)
            shares = {row["outcome"]: (row, effect) for row, effect in effects}
            for outcome in OUTCOMES:
                row, effect = shares.get(outcome, ({}, np.empty(0)))
                without, with_desks = control[outcome].mean(), treated[outcome].mean()
                row |= {"outcome": outcome, "without": without, "with": with_desks, "replicates": len(treated)}
                if without and effect.size:
                    shift = paired(effect, usual.setdefault((world.of or world.name, outcome), effect))
                    row |= {"shift": shift.difference, "shift_low": shift.ci_low, "shift_high": shift.ci_high}
                named = {"world": world.name, "world_zh": world.named("zh"), "of": world.of}
                rows.append({**named, "reason": world.reason, "reason_zh": gettext("zh", world.reason), **row})
        return pd.DataFrame(rows, columns=COLUMNS)


def findings(result: Channels) -> list[Finding]:
    """Find for every edition whether conflicts rise by the existence of desks, and what that is owed to."""
    return [_edition(result.table, world) for world in _editions(result.table)]


def _editions(table: pd.DataFrame) -> list[str]:
    """Return the worlds that were tried again with mechanisms out of action."""
    return list(dict.fromkeys(table.loc[table["of"] != "", "of"]))


def _edition(table: pd.DataFrame, world: str) -> Finding:
    rows = table[table["world"] == world].set_index("outcome")
    conflicts, averted = rows.loc["conflicts"], rows["difference"]
    tried = table[(table["of"] == world) & (table["outcome"] == "conflicts")]
    by_shift = tried.sort_values("shift", key=lambda shift: -shift.abs(), kind="stable").to_dict("records")
    return Finding(
        "channels.edition",
        world=world,
        way=side(conflicts["ci_low"], conflicts["ci_high"]),
        change=[100 * float(conflicts[name]) for name in ("relative", "low", "high")],
        alive=100 * float(rows.loc["alive_at_settlement", "with"]),
        reached=averted["averted_desk"] + averted["averted_early"],
        private=averted["averted_private"],
        net=sum(averted[list(CHANNELS)]),
        tried=len(tried),
        owed=[
            (row["reason"], 100 * float(row["relative"]))
            for row in by_shift
            if side(row["shift_low"], row["shift_high"])
        ],
    )


def figures(result: Channels) -> dict[str, Draw]:
    """What desks do to causes and conflicts."""
    return {"channels": partial(channels_figure, result.table)}


def channels_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each world: what desks do to conflicts, and to the touches that are averted, by channel."""
    rows = table[table["outcome"] == "conflicts"].set_index("world")
    averted = table.pivot(index="world", columns="outcome", values="difference").loc[rows.index, list(CHANNELS)]
    names = [
        sentence(lang, "channels.world", name=world, of=row["of"], reason=row["reason"])
        for world, row in rows.iterrows()
    ]
    ends = rows[["low", "relative", "high"]].to_numpy(float)
    marks = map(verdict_entry, rows["verdict"])
    points = [[Point.of(end, look, 100.0, least("conflicts"))] for end, look in zip(ends, marks, strict=True)]
    channels = [
        Entry(words.noun(outcome, lang).name, look["color"], band=True, hatch=look["hatch"])
        for outcome, look in CHANNELS.items()
        if averted[outcome].any()
    ]
    changes = [(world, 100 * float(rows.loc[world, "relative"])) for world in _editions(table)]
    return IntervalRows(
        title=Finding("channels.title", changes=changes),
        note=Finding("channels.note", **noted(table)),
        rows=[Row(capital(name)) for name in names],
        panels=[
            Panel("", gettext(lang, "conflicts, change with desks, %"), points, band=BAND),
            Stacks("", gettext(lang, "touches averted, change"), averted=averted.to_dict("records")),
        ],
        key=[*verdict_key(rows["verdict"], lang), *channels],
        size=7,
        names=3,
    ).draw(lang)


@dataclass(frozen=True)
class Stacks(Panel):
    """What is averted more, stacked to the right of zero, and what is averted less, to the left."""

    averted: Sequence[Mapping[Any, float]] = field(default=(), kw_only=True)

    def draw(self, axes: Axes, lang: str) -> None:
        """Draw the stacks of all rows."""
        super().draw(axes, lang)
        for place, changes in enumerate(self.averted):
            ends = {True: 0.0, False: 0.0}
            for outcome, look in CHANNELS.items():
                size = changes[outcome]
                if math.isfinite(size) and size:
                    edge: dict[str, Any] = {"height": 0.6, "edgecolor": "white", "linewidth": 0.4, **look}
                    axes.barh(place + 0.5, size, left=ends[size > 0], **edge)
                    ends[size > 0] += size


def page(result: Channels) -> dict[str, Any]:
    """Return what the page is filled with."""
    worlds = [rows.to_dict("records") for _, rows in result.table.groupby("world", sort=False)]
    return {
        "findings": result.findings,
        "made_by": result.spec.made_by,
        "margin": MARGIN,
        "averted": tuple(CHANNELS),
        "worlds": [{row["outcome"]: row for row in rows} for rows in worlds],
    }


def document(result: Channels, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    rows, columns = result.table.to_dict("records"), "world outcome without with change interval per_cent unit"
    effects = Shown.of(Finding("channels.effects"), rows, columns, "channels.cell")
    method = [result.spec.made_by, Finding("channels.method")]
    caption = Finding("channels.note", **noted(result.table))
    return study_document(result, drawn, caption, effects, method, "channels.no_policy")
