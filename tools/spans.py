"""`python -m tools.spans FOLDER OUT.csv`: the effects of a comparison by quarter and year, and who bears its hours.

The table of a comparison has means over all measured weeks.  Whether an effect is there at once, grows, or changes its
sign on the way is not seen in them, nor is who gives the hours.  Both are worked out here from the stored weekly series
with the same pairs and the same intervals, for the pages that quote them (`claims.toml`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

import experiments
from experiments.core.statistics.paired import paired

__all__ = ["BORNE", "SPANS", "TAKEN", "main", "spans"]

SPANS: Final[Mapping[str, tuple[int, int | None]]] = {
    "quarter": (0, 13),
    "first": (0, 52),
    "second": (52, 104),
    "third": (104, 156),
    "all": (0, None),
}
"""Weeks after the start of the policies, from and up to, by the name of the span."""

HEADLINE: Final = ("conflicts", "filed", "standing", "open", "unresolved_filed")
"""What is told for each span."""

BORNE: Final = tuple(
    f"hours_{bearer}"
    for bearer in "residents members community street_district firms committees couriers enterprises".split()
)
"""Hours of a week by who bears them."""

TAKEN: Final = ("hours_community", "hours_street_district", "hours_firms", "hours_committees")
"""Hours that desks, firms and committees have less for cases."""


def spans(series: pd.DataFrame, warmup: int, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Return the effects of each pair of arms in each span that was measured to its end.

    Parameters
    ----------
    series
        Weekly outcomes, with columns ``arm``, ``replicate`` and ``week``.
    warmup
        Week in which the policies start.
    pairs
        Arm, and what it is compared with.

    Examples
    --------
    >>> weeks = pd.DataFrame({"arm": ["a"] * 4 + ["b"] * 4, "replicate": [0, 0, 1, 1] * 2, "week": [0, 1] * 4})
    >>> told = spans(weeks.assign(conflicts=[9.0, 3.0, 9.0, 4.0, 9.0, 2.0, 9.0, 2.0]), 1, [("a", "b")])
    >>> told[["span", "outcome", "mean", "difference"]].values.tolist()
    [['all', 'conflicts', 3.5, 1.5]]
    """
    return pd.DataFrame(row for pair in pairs for row in _rows(series, warmup, *pair))


def _rows(series: pd.DataFrame, warmup: int, strategy: str, against: str) -> Iterator[dict[str, object]]:
    weeks = int(series["week"].max()) + 1 - warmup
    series = (
        series.assign(hours_all=series[list(BORNE)].sum(axis=1), hours_taken=series[list(TAKEN)].sum(axis=1))
        if (set(BORNE) <= set(series))
        else series
    )
    for span, (first, last) in SPANS.items():
        if last is not None and last > weeks:
            continue
        stop = weeks if last is None else last
        here = series[(series["week"] >= warmup + first) & (series["week"] < warmup + stop)]
        outcomes = [*HEADLINE, *((*BORNE, "hours_all", "hours_taken") if span == "all" else ())]
        known = [name for name in outcomes if name in here]
        means = here.groupby(["arm", "replicate"])[known].mean()
        for outcome in known:
            found = paired(means.loc[strategy][outcome], means.loc[against][outcome])
            ends = {name: getattr(found, name) for name in ("mean", "difference", "ci_low", "ci_high", "replicates")}
            yield {"strategy": strategy, "against": against, "span": span, "outcome": outcome, **ends}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table of a folder's comparison."""
    parser = argparse.ArgumentParser(prog="python -m tools.spans", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args(arguments)
    result = experiments.open(asked.folder)
    pairs = [(str(arm), result.spec.baseline) for arm in result.design["arm"].unique() if arm != result.spec.baseline]
    spans(result.series, result.info["warmup"], pairs).to_csv(asked.out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
