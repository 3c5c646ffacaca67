"""A comparison on one screen: the three series that belong together, the question of hours, the files."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.compare import assumption_section
from experiments.analyses.compare.answer import findings
from experiments.analyses.compare.comparison_figures import available, draw
from experiments.analyses.compare.comparison_findings import hours
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.core.design.arms import matched
from experiments.reporting import declared, words
from experiments.reporting.dust import only_dust, per_cent
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    from experiments.analyses.compare.comparison import Comparison
    from experiments.analyses.result import Draw

__all__ = ["closing", "failures", "figures", "findings", "headline"]

SHOWN_FAILURES: Final = 10
JUDGED, RANGED = "  all together", "  over assumptions"
"""Begin the lines below an effect: of the interval from which its verdict is read, and of its range."""
OWN_ENDS, TOGETHER_ENDS = ("ci_low", "ci_high"), ("sim_low", "sim_high")

Line = Mapping[Hashable, Any]
"""A row of the table of effects."""


def figures(result: Comparison) -> dict[str, Draw]:
    """What can be drawn, by name."""
    return {name: _drawing(result, name) for name in available(Reader(result))}


def _drawing(result: Comparison, name: str) -> Draw:
    return lambda lang: draw(result, name, lang)


def headline(result: Comparison, lang: str = "en") -> str:
    """Return the effects on conflicts, filings and standing disputes side by side, and the answer on hours."""
    return "\n".join([*_board(result, lang), *_hours(result, lang), *_deciding(result, lang), *_further(result, lang)])


def _board(result: Comparison, lang: str, further: bool = False) -> list[str]:
    """Return a line for each arm, and what stands in it; `further` where these are further arms of another."""
    table = result.effects
    outcomes = [name for name in HEADLINE if name in set(table["outcome"])] or list(table["outcome"].unique())[:3]
    rows: dict[tuple[str, str], Line] = {
        (row["strategy"], row["outcome"]): row for row in table[table["against"] == result.baseline].to_dict("records")
    }
    labels = list(dict.fromkeys(strategy for strategy, _ in rows))
    lines: list[tuple[str, list[str]]] = [("strategy", outcomes)]
    for label in labels:
        found = [rows[label, name] for name in outcomes]
        if label == result.baseline:
            lines.append((label, [f"{row['mean']:.4g}" for row in found]))
        elif further:
            lines.append((label, [_change(row, TOGETHER_ENDS) for row in found]))
        else:
            lines += [(label, [*map(_change, found)]), (JUDGED, [*map(_judged, found)]), (RANGED, [*map(_over, found)])]
    wide = max(map(len, ("strategy", *labels, *([] if further else [RANGED]))))
    note = Finding(
        "comparison.screen_note",
        units=", ".join(sorted({words.unit(name, lang, str(rows[labels[0], name]["unit"])) for name in outcomes})),
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
        note.text(lang),
        *([ranged.text(lang)] if ranged else []),
    ]


def _further(result: Comparison, lang: str) -> list[str]:
    """Return the effects of further arms on their own ground; nothing where there are none."""
    there = result.further
    if there is None or not there.outcome.done:
        return []
    estates, weeks = there.size
    head = Finding("comparison.screen_further", smaller=estates < result.size[0], estates=estates, weeks=weeks)
    return ["", head.text(lang), *_board(there, lang, further=True)]


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


def _deciding(result: Comparison, lang: str) -> list[str]:
    """Say which assumptions decide the effects of the headline most, as the report does."""
    causes = result.deciding
    policies = dict.fromkeys(causes[causes["against"] == result.baseline]["strategy"]) if len(causes) else {}
    docs = {str(row["name"]): declared.meaning(row, lang) for row in result.scenario.parameters()}
    lines = []
    for policy in [label for label in policies if not words.control_of(label)][:2]:
        head, found = assumption_section.deciding(causes, policy, lang, docs)
        lines += [head, *(f"  {number}. {text}" for number, text in enumerate(found, start=1))]
    return lines


def _hours(result: Comparison, lang: str) -> list[str]:
    """Say of each control of hours that was run whether its strategy beats it, as the report does."""
    reader = Reader(result)
    return [
        hours(reader, arm.label).text(lang)
        for policy in reader.policies
        for arm in result.outcome.design.arms
        if matched(arm.strategy) == policy
    ]


def closing(result: Comparison) -> str:
    """Say where the results are, and whether they are all there."""
    parts = [result, *([] if result.further is None else [result.further])]
    total = sum(len({run.key for run in one.outcome.design.runs}) for one in parts)
    done = sum(len(one.outcome.done) for one in parts)
    made = [name for name in ("report.html", "table.csv", "figures") if (result.folder / name).exists()]
    state = "" if done == total else f" ({done} of {total} runs)"
    return f"Results are in {result.folder}{state}: {', '.join(made)}."


def failures(result: Comparison) -> str:
    """Name the runs that failed, with message and seed."""
    runs = [*result.design.to_dict("records")]
    runs += [] if result.further is None else result.further.design.to_dict("records")
    rows = [row for row in runs if row["status"] == "failed"]
    more = len(rows) - SHOWN_FAILURES
    return "\n".join(
        [
            f"{len(rows)} of {len(runs)} runs failed:",
            *(
                f"  {row['arm']}, replicate {row['replicate']}, seed {row['seed']}: {row['message']}"
                for row in rows[:SHOWN_FAILURES]
            ),
            *([f"  and {more} more, in experiment.json"] if more > 0 else []),
            "The others are complete. The same command with --retry-failed runs these again.",
        ]
    )
