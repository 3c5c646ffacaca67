"""The figures of studies: what arms, systems, conventions and desks change, in rows with intervals and verdicts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.analyses.study import conventions, systems_table
from experiments.analyses.study.desks import editions, row_of
from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.entry import Entry, band_entry, ink_of, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row, bulk
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.dust import least
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.phrases import phrase
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.study.study_comparison import StudyComparison

__all__ = ["channels_figure", "conventions_figure", "study_figure", "systems_figure"]

BAND = (-100 * MARGIN, 100 * MARGIN)
CHANNELS = {
    "averted_desk": (style.BLUE, ""),
    "averted_early": ("#93bdd6", "///"),
    "averted_private": (style.VERMILLION, "..."),
}


def study_figure(result: StudyComparison, lang: str = "en") -> Figure:
    """Draw a panel for each outcome with a row for each arm."""
    study, table = result.spec.study, result.table
    brings, price, *_ = result.findings
    rows = table[(table["against"] == study.baseline) & (table["strategy"] != study.baseline)]
    shown = [name for name in study.outcomes if name in set(rows["outcome"])]
    arms = list(dict.fromkeys(rows["strategy"]))
    by_cell = {(row["strategy"], row["outcome"]): row for row in rows.to_dict("records")}
    verdicts = {str(row["verdict"]) for row in by_cell.values() if row["outcome"] in shown}
    panels = [
        _outcome(outcome, [by_cell.get((arm, outcome)) for arm in arms], result.margin, lang) for outcome in shown
    ]
    return IntervalRows(
        title=Finding("common.headline", arm=study.focus, moves=brings.values["moves"]),
        subtitle=price,
        note=Finding("study.note", replicates=int(table["replicates"].max()), base=study.baseline),
        rows=[Row(capital(words.arm(arm, lang))) for arm in arms],
        panels=panels,
        key=[*verdict_key(verdicts, lang), *[band_entry(result.margin, lang)] * any(panel.band for panel in panels)],
        names=1.6,
    ).draw(lang)


def _outcome(outcome: str, rows: Sequence[dict[Any, Any] | None], margin: float, lang: str) -> Panel:
    """Return an outcome's changes, in per cent where there is enough to be a share of."""
    moves = [None if row is None else Move.of(row) for row in rows]
    known = [move for move in moves if move is not None]
    base = next((abs(move.base) for move in known), 0.0)
    largest = max((abs(move.difference) for move in known), default=0.0)
    per_cent = math.isfinite(base) and base > 0 and largest < 10 * base
    scale, lowest = (100.0 / base, least(outcome)) if per_cent else (1.0, -math.inf)
    points, numbers = [], []
    for row, move in zip(rows, moves, strict=True):
        verdict = "" if row is None else str(row["verdict"])
        ends = None if move is None else (move.low, move.difference, move.high)
        points.append([Point.of(ends, verdict_entry(verdict), scale, lowest)] if ends else [])
        size = scale * move.difference if move is not None and math.isfinite(move.difference) else math.nan
        number = percent(size, signed=True).removesuffix("%") if per_cent else amount(size, signed=True)
        shown = "" if math.isnan(size) else number if number.strip("+−0.") else "0"
        numbers.append((shown, ink_of(verdict)))
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "change, {unit}", unit="%" if per_cent else words.unit(outcome, lang)),
        points=points,
        under=gettext(lang, "baseline: {level}", level=amount(base) if math.isfinite(base) else "–"),
        numbers=numbers,
        unit="%" if per_cent else "",
        band=(-100 * margin, 100 * margin) if per_cent else None,
    )


def systems_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each system and outcome of `systems_table`, in per cent or, without a base, with its number."""
    rows, points, numbers, before = [], [], [], ""
    for row in table.to_dict("records"):
        name = f"{row['contrast']}  {capital(phrase(str(row['system']), lang))}" if row["contrast"] != before else ""
        before, base, verdict = row["contrast"], abs(float(row["without"])), str(row["verdict"])
        rows.append(Row(name, bold=True, line=bool(name), beside=words.noun(str(row["outcome"]), lang).name))
        scale = 100.0 / base if math.isfinite(base) and base > 0 else math.nan
        ends = (row["ci_low"], row["difference"], row["ci_high"])
        points.append([Point.of(ends, verdict_entry(verdict), scale, least(str(row["outcome"])))])
        share, size = points[-1][0].mean, float(row["difference"])
        text = percent(share, signed=True) if math.isfinite(share) else amount(size, signed=True)
        numbers.append((text, ink_of(verdict)))
    axis, span = gettext(lang, "change when the system is on, %"), bulk(points, 100 * MARGIN)
    return IntervalRows(
        title=Finding("systems.title", **systems_table.counted(table, "conflicts")),
        note=Finding("systems.note", replicates=int(table["replicates"].max()), margin=MARGIN),
        rows=rows,
        panels=[Panel("", axis, points, numbers=numbers, band=BAND, span=span)],
        key=[*verdict_key(table["verdict"], lang), band_entry(MARGIN, lang)],
    ).draw(lang)


def conventions_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a panel for each policy and outcome; a dotted line is the effect in the usual setting."""
    rows, panels, before, named = [], [], None, ""
    for setting in table.drop_duplicates("setting").to_dict("records"):
        cells = table[table["setting"] == setting["setting"]]
        bold = not setting["convention"] or bool(cells["beside"].isin(("turns", "halves")).any())
        line = before is not None and setting["convention"] != before
        rows.append(Row(capital(phrase(str(setting["words"]), lang)), bold=bold, line=line))
        before = setting["convention"]
    for (policy, outcome), cells in table.groupby(["policy", "outcome"], sort=False):
        ends = 100.0 * cells[["low", "relative", "high"]].to_numpy(dtype=float)
        marks = [verdict_entry(str(verdict), 4.2) for verdict in cells["verdict"]]
        points = [[Point.of(row, look, least=least(str(outcome)))] for row, look in zip(ends, marks, strict=True)]
        title, under = capital(words.arm(str(policy), lang)) if policy != named else "", words.noun(outcome, lang).name
        look: dict[str, Any] = {"guide": float(ends[0, 1]), "span": bulk(points, 100 * MARGIN)}
        panels.append(Panel(title, "", points, under=under, band=BAND, **look))
        named = policy
    return IntervalRows(
        title=Finding("conventions.title", **conventions.counted(table)),
        note=Finding("conventions.note", replicates=int(table["replicates"].max()), margin=MARGIN),
        rows=rows,
        panels=panels,
        key=[*verdict_key(table["verdict"], lang), band_entry(MARGIN, lang)],
        axis=gettext(lang, "change against no branch, %"),
        across=len(panels),
        size=7,
        names=3,
    ).draw(lang)


def channels_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each world: what desks do to conflicts, and to the touches that are averted, by channel."""
    rows = table[table["outcome"] == "conflicts"].to_dict("records")
    names = [sentence(lang, "channels.world", name=row["world"], of=row["of"], reason=row["reason"]) for row in rows]
    averted = [table[table["world"] == row["world"]].set_index("outcome")["difference"] for row in rows]
    ends = [(row["low"], row["relative"], row["high"]) for row in rows]
    marks = [verdict_entry(str(row["verdict"])) for row in rows]
    points = [[Point.of(end, look, 100.0, least("conflicts"))] for end, look in zip(ends, marks, strict=True)]
    channels = [
        Entry(noun.name, colour, band=True, hatch=hatch)
        for outcome, (colour, hatch) in CHANNELS.items()
        for noun in [words.noun(outcome, lang)]
        if any(float(changes[outcome]) for changes in averted)
    ]
    changes = [(world, 100 * float(row_of(table, world, "conflicts")["relative"])) for world in editions(table)]
    return IntervalRows(
        title=Finding("channels.title", changes=changes),
        note=Finding("channels.note", replicates=int(table["replicates"].max()), margin=MARGIN),
        rows=[Row(capital(name)) for name in names],
        panels=[
            Panel("", gettext(lang, "conflicts, change with desks, %"), points, band=BAND),
            Stacks("", gettext(lang, "touches averted, change"), averted=averted),
        ],
        key=[*verdict_key((str(row["verdict"]) for row in rows), lang), *channels],
        size=7,
        names=3,
    ).draw(lang)


@dataclass(frozen=True)
class Stacks(Panel):
    """What is averted more, stacked to the right of zero, and what is averted less, to the left."""

    averted: Sequence[Any] = field(default=(), kw_only=True)

    def draw(self, axes: Axes, lang: str) -> None:
        """Draw the stacks of all rows."""
        super().draw(axes, lang)
        for place, changes in enumerate(self.averted):
            ends = {1: 0.0, -1: 0.0}
            for outcome, (colour, hatch) in CHANNELS.items():
                size = float(changes[outcome])
                if math.isfinite(size) and size:
                    way = 1 if size > 0 else -1
                    edge: dict[str, Any] = {"height": 0.6, "hatch": hatch, "edgecolor": "white", "linewidth": 0.4}
                    axes.barh(place + 0.5, size, left=ends[way], color=colour, **edge)
                    ends[way] += size
