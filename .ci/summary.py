"""Print a comparison's `table.csv` as Markdown, for the job summary: `python .ci/summary.py table.csv`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

# The three series that may move apart always stand side by side, then what they cost.
SHOWN = ("conflicts", "filed", "standing", "hours")


def cell(row: dict[str, str]) -> str:
    """Return the difference, its interval and the verdict of one row; the mean, for the baseline itself."""
    if row["strategy"] == row["against"]:
        return f"mean {float(row['mean']):.4g}"
    try:
        difference, low, high = (float(row[name]) for name in ("difference", "ci_low", "ci_high"))
    except ValueError:
        return "–"
    return f"{difference:+.4g} [{low:+.4g}, {high:+.4g}] {row['verdict']}"


def markdown(path: Path) -> str:
    """Return one line for each strategy and what it is held against."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] in SHOWN]
    lines = [
        "## Coverage strategies compared",
        "",
        "Mean paired difference [95 % interval of the mean difference] and verdict. Conflicts, filings and "
        "standing disputes can move in opposite directions.",
        "",
        "| strategy | against | " + " | ".join(SHOWN) + " |",
        "|---|---|" + "---|" * len(SHOWN),
    ]
    pairs: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        pairs.setdefault((row["strategy"], row["against"]), {})[row["outcome"]] = cell(row)
    for pair, found in pairs.items():
        lines.append("| " + " | ".join([*pair, *(found.get(name, "–") for name in SHOWN)]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("summary: no table.csv to show; did the comparison end?")
    print(markdown(Path(sys.argv[1])))
