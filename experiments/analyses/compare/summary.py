"""A comparison on one screen: the three series that belong together, and the question of hours."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

from experiments.analyses.compare.assumption_section import deciding
from experiments.analyses.compare.comparison_findings import same_hours_finding
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.core.design.arms import matched
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import written
from experiments.reporting.screen import columns, padded
from experiments.reporting.template_rendering import labels
from experiments.reporting.words import verdict

__all__ = ["on_screen"]

CELL = 34
"""Width of a column."""
OWN_ENDS, TOGETHER_ENDS = ("ci_low", "ci_high"), ("sim_low", "sim_high")

Line = Mapping[Hashable, Any]
"""A row of the table of effects."""


def on_screen(result: Any, lang: str = "en") -> list[str]:
    """Return the effects on conflicts, filings and standing disputes side by side, and the answer on hours."""
    reader = Reader(result)
    controls = [
        arm.label for policy in reader.policies for arm in result.outcome.design.arms if matched(arm.strategy) == policy
    ]
    lines = [*_board(result, lang), *(same_hours_finding(reader, control).text(lang) for control in controls)]
    for head, causes in deciding(reader):
        lines += [head.text(lang), *(f"  {place}. {cause.text(lang)}" for place, cause in enumerate(causes, start=1))]
    return lines + _further(result, lang)


def _board(result: Any, lang: str, further: bool = False) -> list[str]:
    """Return a line for each arm, and what stands in it; `further` where these are further arms of another."""
    table, words = result.effects, labels(lang, "comparison.screen")
    outcomes = [name for name in HEADLINE if name in set(table["outcome"])] or list(table["outcome"].unique())[:3]
    rows: dict[tuple[str, str], Line] = {
        (row["strategy"], row["outcome"]): row for row in table[table["against"] == result.baseline].to_dict("records")
    }
    arms = list(dict.fromkeys(strategy for strategy, _ in rows))
    judged, ranged = (f"  {words[name]}" for name in ("together", "range"))
    lines: list[tuple[str, list[str]]] = [(words["strategy"], outcomes)]
    for arm in arms:
        effects = [rows[arm, name] for name in outcomes]
        if arm == result.baseline:
            lines.append((arm, [f"{row['mean']:.4g}" for row in effects]))
        elif further:
            lines.append((arm, [_change(row, lang, TOGETHER_ENDS) for row in effects]))
        else:
            lines += [
                (arm, [_change(row, lang) for row in effects]),
                (judged, [_judged(row, lang) for row in effects]),
                (ranged, [*map(_over, effects)]),
            ]
    wide = max(map(columns, (words["strategy"], *arms, *([] if further else [ranged]))))
    note = Finding(
        "comparison.screen_note",
        outcomes={name: str(rows[arms[0], name]["unit"]) for name in outcomes},
        baseline=result.baseline,
        further=further,
        ground=result.further is not None,
        sample=Finding(
            "comparison.sample", count=int(table["replicates"].max()), districts=len(result.outcome.design.grounds) > 1
        ),
    )
    notes = [note, *([Finding("comparison.screen_range", worlds=result.assumed.worlds)] if result.assumed else [])]
    return [
        *(
            f"{padded(head, wide)}{''.join(f'  {padded(cell, CELL)}' for cell in cells)}".rstrip()
            for head, cells in lines
            if any(cells)
        ),
        *(finding.text(lang) for finding in notes),
    ]


def _further(result: Any, lang: str) -> list[str]:
    """Return the effects of further arms on their own ground; nothing where there are none."""
    further = result.further
    if further is None or not further.outcome.done:
        return []
    estates, weeks = further.size
    head = Finding("comparison.screen_further", smaller=estates < result.size[0], estates=estates, weeks=weeks)
    return ["", head.text(lang), *_board(further, lang, further=True)]


def _change(row: Line, lang: str = "en", ends: tuple[str, str] = OWN_ENDS) -> str:
    """Return an effect with an interval, and with the verdict where that is read from this interval."""
    if alike := _alike(row):
        return labels(lang, "comparison.screen")[alike]
    size = _scale(row) * row["difference"]
    change = written(row["difference"], "+.3g") if math.isnan(size) else f"{_signed(size)}%"
    return f"{change} {_judged(row, lang) if ends == TOGETHER_ENDS else _interval(row, ends)}".rstrip()


def _judged(row: Line, lang: str = "en") -> str:
    """Return the verdict, and before it the interval from which it is read."""
    return "" if _alike(row) else f"{_interval(row, TOGETHER_ENDS)} {verdict(str(row['verdict']), lang)}".lstrip()


def _interval(row: Line, names: tuple[str, str]) -> str:
    ends, scale = [float(row[name]) for name in names], _scale(row)
    if math.isnan(sum(ends)):
        return ""
    low, high = (written(end, "+.3g") if math.isnan(scale) else _signed(scale * end) for end in ends)
    return f"[{low}, {high}]"


def _scale(row: Line) -> float:
    return per_cent(str(row["outcome"]), row["difference"], row["baseline_mean"])


def _alike(row: Line) -> str:
    """Return why an effect is none at all; nothing where it is one."""
    if row["difference"] == 0 and row["verdict"] == "equivalent":
        return "same"
    dust = only_dust(row["difference"], row["ci_low"], row["ci_high"], row["mean"], row["baseline_mean"])
    return "dust" if dust else ""


def _over(row: Line) -> str:
    """Return the range over assumptions and the shares of worlds; empty where there is none."""
    low, high = (100.0 * float(row.get(name, math.nan)) for name in ("range_low", "range_high"))
    if not math.isfinite(low + high):
        return ""
    shares = [f"{100 * float(row[f'worlds_{way}']):.0f}" for way in ("lower", "little", "higher")]
    return f"[{_signed(low)}, {_signed(high)}] {'/'.join(shares[::-1] if row['better'] == 'higher' else shares)}"


def _signed(size: float) -> str:
    return written(size, "+.1f")
