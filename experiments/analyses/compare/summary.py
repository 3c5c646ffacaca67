"""A comparison on one screen: the three series that belong together, and the question of hours."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from experiments.analyses.compare.assumption_section import deciding
from experiments.analyses.compare.comparison_findings import same_hours_finding
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.core.design.arms import matched
from experiments.reporting import words
from experiments.reporting.document import Text, text_of
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.finding import Finding

__all__ = ["headline"]

JUDGED, RANGED = "  all together", "  over assumptions"
"""Begin the lines below an effect: of the interval from which its verdict is read, and of its range."""
OWN_ENDS, TOGETHER_ENDS = ("ci_low", "ci_high"), ("sim_low", "sim_high")

Line = Mapping[Hashable, Any]
"""A row of the table of effects."""


def headline(result: Any, lang: str = "en") -> str:
    """Return the effects on conflicts, filings and standing disputes side by side, and the answer on hours."""
    causes = [line for head, texts in deciding(Reader(result)) for line in _numbered(head, texts, lang)]
    lines = [*_board(result), *_hours(result), *causes, *_further(result)]
    return "\n".join(text_of(line, lang) for line in lines)


def _numbered(head: Finding, causes: Sequence[Finding], lang: str) -> list[str]:
    return [head.text(lang), *(f"  {number}. {cause.text(lang)}" for number, cause in enumerate(causes, start=1))]


def _board(result: Any, further: bool = False) -> list[Text]:
    """Return a line for each arm, and what stands in it; `further` where these are further arms of another."""
    table = result.effects
    outcomes = [name for name in HEADLINE if name in set(table["outcome"])] or list(table["outcome"].unique())[:3]
    rows: dict[tuple[str, str], Line] = {
        (row["strategy"], row["outcome"]): row for row in table[table["against"] == result.baseline].to_dict("records")
    }
    labels = list(dict.fromkeys(strategy for strategy, _ in rows))
    lines: list[tuple[str, list[str]]] = [("strategy", outcomes)]
    for label in labels:
        effects = [rows[label, name] for name in outcomes]
        if label == result.baseline:
            lines.append((label, [f"{row['mean']:.4g}" for row in effects]))
        elif further:
            lines.append((label, [_change(row, TOGETHER_ENDS) for row in effects]))
        else:
            lines += [
                (label, [*map(_change, effects)]),
                (JUDGED, [*map(_judged, effects)]),
                (RANGED, [*map(_over, effects)]),
            ]
    wide = max(map(len, ("strategy", *labels, *([] if further else [RANGED]))))
    note = Finding(
        "comparison.screen_note",
        outcomes={name: str(rows[labels[0], name]["unit"]) for name in outcomes},
        baseline=result.baseline,
        further=further,
        ground=result.further is not None,
        sample=Finding(
            "comparison.sample", count=int(table["replicates"].max()), districts=len(result.outcome.design.grounds) > 1
        ),
    )
    ranged = result.assumed and Finding("comparison.screen_range", worlds=result.assumed.worlds)
    return [
        *(
            f"{head:{wide}}" + "".join(f"  {cell:<34}" for cell in cells).rstrip()
            for head, cells in lines
            if any(cells)
        ),
        note,
        *([ranged] if ranged else []),
    ]


def _further(result: Any) -> list[Text]:
    """Return the effects of further arms on their own ground; nothing where there are none."""
    further = result.further
    if further is None or not further.outcome.done:
        return []
    estates, weeks = further.size
    head = Finding("comparison.screen_further", smaller=estates < result.size[0], estates=estates, weeks=weeks)
    return ["", head, *_board(further, further=True)]


def _change(row: Line, ends: tuple[str, str] = OWN_ENDS) -> str:
    """Return an effect with an interval, and with the verdict where that is read from this interval."""
    if alike := _alike(row):
        return alike
    size = _scale(row) * row["difference"]
    change = f"{row['difference']:+.3g}" if math.isnan(size) else f"{_signed(size)} %"
    return f"{change} {_judged(row) if ends == TOGETHER_ENDS else _interval(row, ends)}".rstrip()


def _judged(row: Line) -> str:
    """Return the verdict, and before it the interval from which it is read."""
    return "" if _alike(row) else f"{_interval(row, TOGETHER_ENDS)} {words.verdict(str(row['verdict']))}".lstrip()


def _interval(row: Line, names: tuple[str, str]) -> str:
    ends, scale = [float(row[name]) for name in names], _scale(row)
    if math.isnan(sum(ends)):
        return ""
    return _between([f"{end:+.3g}" if math.isnan(scale) else _signed(scale * end) for end in ends])


def _between(ends: list[str]) -> str:
    return f"[{', '.join(ends)}]"


def _scale(row: Line) -> float:
    return per_cent(str(row["outcome"]), row["difference"], row["baseline_mean"])


def _alike(row: Line) -> str:
    """Say that an effect is none at all; nothing where it is one."""
    if row["difference"] == 0 and row["verdict"] == "equivalent":
        return "exactly the same"
    dust = only_dust(row["difference"], row["ci_low"], row["ci_high"], row["mean"], row["baseline_mean"])
    return "the same but for rounding" if dust else ""


def _over(row: Line) -> str:
    """Return the range over assumptions and the shares of worlds; empty where there is none."""
    ends = [100.0 * float(row.get(name, math.nan)) for name in ("range_low", "range_high")]
    if not math.isfinite(sum(ends)):
        return ""
    shares = [f"{100 * float(row[f'worlds_{way}']):.0f}" for way in ("lower", "little", "higher")]
    return f"{_between([*map(_signed, ends)])} {'/'.join(shares[::-1] if row['better'] == 'higher' else shares)}"


def _signed(size: float) -> str:
    return "0.0" if abs(size) < 0.05 else f"{size:+.1f}"


def _hours(result: Any) -> list[Finding]:
    """Find of each control of hours that was run whether its strategy beats it, as the report does."""
    reader = Reader(result)
    return [
        same_hours_finding(reader, arm.label)
        for policy in reader.policies
        for arm in result.outcome.design.arms
        if matched(arm.strategy) == policy
    ]
