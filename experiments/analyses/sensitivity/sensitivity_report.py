"""What an analysis of sensitivity has found: what drives an outcome, how that is known, and what chance hides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.analyses.sensitivity.sensitivity_figures import sensitivity_figure, without_rooms
from experiments.analyses.sensitivity.sensitivity_result import Sensitivity
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import written

TOP = 25
"""Rows of the screening that stand in the report; the whole is in ``morris.csv``."""
NAMED = 3
"""Parameters that a headline names."""


def findings(result: Sensitivity) -> list[Finding]:
    """Find what the variance comes from, how many parameters matter, which does most alone, and what chance makes."""
    answers = [headline(result, kind) for kind in result.kinds]
    indices, screening = result.indices, result.screening
    if indices is not None and indices.responds:
        adds_up = [indices.additive, indices.additive_low, indices.additive_high]
        interactions = indices.additive_high < 1.0 - indices.unresolved
        answers.insert(1, Finding("sensitivity.one_by_one", adds_up=adds_up, interactions=interactions))
    if indices is not None and indices.variance + indices.noise > 0.0:
        answers.append(Finding("sensitivity.chance", share=indices.noise / (indices.variance + indices.noise)))
    if screening is not None:
        counts = {"parameters": len(screening), "unmoved": int((screening["says"] == NOTHING).sum())}
        answers.append(Finding("sensitivity.passing_by_chance", **counts, by_chance=result.by_chance))
    return answers + [Finding("sensitivity.more")] * (list(result.kinds) == ["morris"])


def headline(result: Sensitivity, kind: str, **title: bool) -> Finding:
    """Find what a method says above all; with `title=True` as a title, which ends without a full stop."""
    about = result.subject | title
    if kind == "sobol":
        assert result.indices is not None
        table = result.indices.table
        clear = table.loc[table["total_says"] == NOT_ZERO, ["parameter", "total", "total_low", "total_high"]]
        if not result.indices.responds:
            return Finding("sensitivity.no_variance", **about)
        if clear.empty:
            return Finding("sensitivity.no_share", **about)
        return Finding("sensitivity.shares", largest=clear.head(NAMED).to_numpy().tolist(), **about)
    table = without_rooms(result.tables[kind])
    clear = table[table["says"] == NOT_ZERO]
    if kind == "morris":
        if clear.empty:
            return Finding("sensitivity.none_passes", parameters=len(table), **about)
        first = clear["parameter"].head(NAMED).tolist()
        return Finding("sensitivity.some_pass", parameters=len(table), passing=len(clear), first=first, **about)
    if clear.empty:
        return Finding("sensitivity.none_alone", **about)
    top = clear.loc[clear["change"].abs().idxmax()]
    what = {"parameter": top["parameter"], "value": top["value"], "change": list(top[["change", "ci_low", "ci_high"]])}
    return Finding("sensitivity.most_alone", **what, **about)


def figures(result: Sensitivity) -> dict[str, Draw]:
    """The indices, the screening and the tornado, as far as there are any."""
    return {
        kind: partial(sensitivity_figure, result, kind, headline(result, kind, title=True)) for kind in result.kinds
    }


def document(result: Sensitivity, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    own = Finding("sensitivity.question", **result.subject)
    return Document(
        title=Finding("common.question", text=result.spec.question, own=own),
        findings=result.findings,
        figures=[(path, headline(result, kind)) for kind, path in drawn.items()],
        tables=list(_tables(result)),
        method=list(_method(result)),
        limits=list(_limits(result)),
        warnings=list(_warnings(result)),
        scenario=result.spec.scenario,
        info=result.provenance if result.stores else {},
    )


def _method(result: Sensitivity) -> Iterator[Finding]:
    yield Finding("sensitivity.measured", **result.subject)
    for kind, step in result.steps.items():
        sizes = {"parameters": len(step.layout.axes), "points": len(step.layout.points)}
        yield Finding("sensitivity.step", kind=kind, **sizes, replicates=step.replicates)
    yield Finding("sensitivity.expected")
    if result.indices is not None and result.indices.quality is not None:
        yield Finding("sensitivity.unresolved", share=result.indices.unresolved)
    if result.failed:
        yield Finding("sensitivity.refused")


def _limits(result: Sensitivity) -> Iterator[Finding]:
    yield Finding("sensitivity.ranges")
    if result.indices is not None and result.screening is not None:
        yield Finding("sensitivity.indices_of_passed")


def _warnings(result: Sensitivity) -> Iterator[Finding]:
    indices, screening = result.indices, result.screening
    if indices is not None and indices.quality is not None:
        yield Finding("sensitivity.from_surrogate", quality=indices.quality)
    if indices is not None and indices.lost:
        yield Finding("sensitivity.rows_lost", lost=indices.lost, rows=indices.rows + indices.lost)
    if screening is not None and (lost := int(screening["lost"].sum())):
        yield Finding("sensitivity.steps_lost", lost=lost, steps=int(screening["effects"].sum()) + lost)


def _tables(result: Sensitivity) -> Iterator[Shown]:
    if result.indices is not None:
        table = result.indices.table
        columns: dict[str, Any] = {"parameter": table["parameter"]}
        for kind in ("first", "total"):
            columns |= {kind: _numbers(table[kind], ".3f"), f"{kind}_interval": _intervals(table, kind)}
        columns["total_says"] = _labels(table["total_says"])
        yield _table(Finding("sensitivity.table_of_indices"), columns)
    if result.screening is not None:
        table = result.screening.head(TOP)
        columns = {
            "parameter": table["parameter"],
            "mu_star": _numbers(table["mu_star"]),
            "interval": _intervals(table),
        }
        columns |= {name: _numbers(table[name]) for name in ("sigma", "mu", "chance")}
        caption = Finding("sensitivity.table_of_screening", top=len(table), parameters=len(result.screening))
        yield _table(caption, columns | {"reading": _labels(table["says"])})
    if result.bars is not None:
        table = result.bars
        columns = {"parameter": table["parameter"]}
        columns |= {
            name: [Finding("common.level", value=value) for value in table[name]] for name in ("usual", "value")
        }
        columns |= {"change": _numbers(table["change"]), "interval": _intervals(table)}
        yield _table(Finding("sensitivity.table_of_bars"), columns | {"reading": _labels(table["says"])})
    if counts := Counter(result.spec.left_out.values()):
        reasons = [Finding("sensitivity.reason", value=reason) for reason in counts]
        columns = {"reason": reasons, "parameters": list(map(str, counts.values()))}
        yield _table(Finding("sensitivity.table_of_left_out"), columns)


def _table(caption: Finding, columns: Mapping[str, Iterable[Any]]) -> Shown:
    return Shown(caption, pd.DataFrame(columns), "sensitivity.heads")


def _labels(texts: Iterable[str]) -> list[Finding]:
    return [Finding("common.label", text=text) for text in texts]


def _numbers(values: Iterable[float], form: str = ".3g") -> list[str]:
    return [written(value, form) for value in values]


def _intervals(table: pd.DataFrame, of: str = "ci") -> list[str]:
    ends = table[[f"{of}_low", f"{of}_high"]].to_numpy(dtype=float)
    return [f"[{written(low)}, {written(high)}]" if np.isfinite(low + high) else "–" for low, high in ends]
