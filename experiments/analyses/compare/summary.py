"""A comparison on one screen: the three series that belong together, the question of hours, the files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.core.design.arms import matched

if TYPE_CHECKING:
    from experiments.analyses.compare.comparison import Comparison

__all__ = ["closing", "deciding", "failures", "headline"]

TOGETHER = ("conflicts", "filed", "standing")
"""Never shown one without the others, since they may move in opposite directions."""

SHOWN_FAILURES = 10
JUDGED = "  all together"
RANGED = "  over assumptions"
"""Begin the lines below an effect: of the interval from which its verdict is read, and of its range."""
TOGETHER_ENDS = ("sim_low", "sim_high")


def headline(result: Comparison, lang: str = "en") -> str:
    """Return the effects on conflicts, filings and standing disputes side by side, and the answer on hours."""
    return "\n".join([*_board(result), *hours(result, lang), *deciding(result, lang), *further(result)])


def _board(result: Comparison, further: bool = False) -> list[str]:
    """Return a line for each arm, and what stands in it; `further` where these are further arms of another."""
    table = result.effects
    outcomes = [name for name in TOGETHER if name in set(table["outcome"])] or list(table["outcome"].unique())[:3]
    rows = {
        (row["strategy"], row["outcome"]): row for row in table[table["against"] == result.baseline].to_dict("records")
    }
    labels = list(dict.fromkeys(strategy for strategy, _ in rows))
    wide = max([len("strategy"), *([] if further else [len(RANGED)]), *map(len, labels)])
    lines = [
        f"{'strategy':{wide}}" + "".join(f"  {name:<34}" for name in outcomes).rstrip(),
    ]
    for label in labels:
        found = [rows[label, name] for name in outcomes]
        if label == result.baseline:
            told = {label: [_mean(row) for row in found]}
        elif further:
            told = {label: [_change(row, TOGETHER_ENDS) for row in found]}
        else:
            told = {label: [_change(row) for row in found], JUDGED: [_judged(row) for row in found],
                    RANGED: [_over(row) for row in found]}
        for head, cells in told.items():
            if any(cells):
                lines.append(f"{head:{wide}}" + "".join(f"  {cell:<34}" for cell in cells).rstrip())
    units = {str(rows[labels[0], name]["unit"]) for name in outcomes}
    count = table["replicates"].max()
    whole = "the table" if result.further is None and not further else "this ground"
    what = "districts" if len(result.outcome.design.grounds) > 1 else "replicates"
    interval = (f"and verdict, with the interval that holds for all rows of {whole} together with 95 %" if further else
                f"with 95 % interval; then the interval that holds for all rows of {whole} together, and the verdict "
                "that it gives")
    lines.append(
        f"In the first line means ({', '.join(sorted(units))}); below, change against {result.baseline} {interval}; "
        f"{count} {what}."
    )
    if result.assumed is not None:
        lines.append(
            f"Over assumptions: central 90 % of {result.assumed.worlds} worlds that differ in what is least known, and "
            "the per cent of them in which the arm helps, does nothing that matters and harms (of what has no better "
            "side: falls, hardly changes, rises)."
        )
    return lines


def further(result: Comparison) -> list[str]:
    """Return the effects of further arms on their own ground; nothing where there are none."""
    there = result.further
    if there is None or not there.outcome.done:
        return []
    estates, weeks = there.size
    district = "a smaller district" if estates < result.size[0] else "the same district"
    return [
        "", f"Further arms, on {district} of {estates:,} estates over the first {weeks} weeks of the policies, with a "
        "baseline of their own:",
        *_board(there, further=True),
    ]


def _mean(row: dict[str, Any]) -> str:
    return f"{row['mean']:.4g}"


def _change(row: dict[str, Any], ends: tuple[str, str] = ("ci_low", "ci_high")) -> str:
    """Return an effect with an interval, and with the verdict where that is read from this interval."""
    from experiments.reporting.dust import per_cent

    if alike := _alike(row):
        return alike
    scale = per_cent(str(row["outcome"]), row["difference"], row["baseline_mean"])
    size = scale * row["difference"]
    change = f"{row['difference']:+.3g}" if math.isnan(scale) else "0.0 %" if abs(size) < 0.05 else f"{size:+.1f} %"
    return f"{change} {_judged(row) if ends == TOGETHER_ENDS else _interval(row, ends)}".rstrip()


def _judged(row: dict[str, Any]) -> str:
    """Return the verdict, and before it the interval from which it is read."""
    from experiments.reporting.words import verdict

    return "" if _alike(row) else f"{_interval(row, TOGETHER_ENDS)} {verdict(str(row['verdict']))}".lstrip()


def _interval(row: dict[str, Any], ends: tuple[str, str]) -> str:
    from experiments.reporting.dust import per_cent

    scale = per_cent(str(row["outcome"]), row["difference"], row["baseline_mean"])
    low, high = (float(row[end]) for end in ends)
    if math.isnan(low + high):
        return ""
    if math.isnan(scale):
        return f"[{low:+.3g}, {high:+.3g}]"
    return f"[{_signed(min(scale * low, scale * high))}, {_signed(max(scale * low, scale * high))}]"


def _alike(row: dict[str, Any]) -> str:
    """Say that an effect is none at all; nothing where it is one."""
    from experiments.reporting.dust import only_dust

    if row["difference"] == 0 and row["verdict"] == "equivalent":
        return "exactly the same"
    dust = only_dust(row["difference"], row["ci_low"], row["ci_high"], row["mean"], row["baseline_mean"])
    return "the same but for rounding" if dust else ""


def _over(row: dict[str, Any]) -> str:
    """Return the range over assumptions and the shares of worlds; empty where there is none."""
    ends = [100.0 * float(row.get(name, math.nan)) for name in ("range_low", "range_high")]
    if not math.isfinite(sum(ends)):
        return ""
    shares = [float(row[f"worlds_{way}"]) for way in ("lower", "little", "higher")]
    shares = shares[::-1] if row["better"] == "higher" else shares
    worlds = "/".join(f"{100 * part:.0f}" for part in shares)
    return f"[{_signed(ends[0])}, {_signed(ends[1])}] {worlds}"


def deciding(result: Comparison, lang: str = "en") -> list[str]:
    """Say which assumptions decide the effects of the headline most, as the report does."""
    from experiments.analyses.compare.assumption_section import deciding as told
    from experiments.reporting import words

    causes = result.deciding
    policies = dict.fromkeys(causes[causes["against"] == result.baseline]["strategy"]) if len(causes) else {}
    docs = {str(row["name"]): str(row.get("doc") or "") for row in result.scenario.parameters()}
    lines = []
    for policy in [label for label in policies if not words.control_of(label)][:2]:
        head, found = told(causes, policy, lang, docs)
        lines += [head, *(f"  {number}. {text}" for number, text in enumerate(found, start=1))]
    return lines


def _signed(size: float) -> str:
    return "0.0" if abs(size) < 0.05 else f"{size:+.1f}"


def hours(result: Comparison, lang: str = "en") -> list[str]:
    """Say of each control of hours that was run whether its strategy beats it, as the report does."""
    from experiments.analyses.compare.comparison_sentences import hours_answer
    from experiments.analyses.compare.comparison_view import Reader

    reader = Reader(result)
    controls = [arm.label for policy in reader.policies for arm in result.outcome.design.arms
                if matched(arm.strategy) == policy]
    return [hours_answer(reader, control, lang) for control in controls]


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
    lines = [f"{len(rows)} of {len(runs)} runs failed:"]
    for row in rows[:SHOWN_FAILURES]:
        lines.append(f"  {row['arm']}, replicate {row['replicate']}, seed {row['seed']}: {row['message']}")
    if len(rows) > SHOWN_FAILURES:
        lines.append(f"  and {len(rows) - SHOWN_FAILURES} more, in experiment.json")
    lines.append("The others are complete. The same command with --retry-failed runs these again.")
    return "\n".join(lines)
