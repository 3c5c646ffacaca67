"""What an analysis of sensitivity has found: what drives an outcome, how that is known, and what chance hides."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.analyses.sensitivity.sensitivity_figures import (
    indices_figure,
    screening_figure,
    tornado_figure,
    without_rooms,
)
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
    about = result.spec.subject | title
    if kind == "sobol":
        assert result.indices is not None
        table = result.indices.table
        clear = table.loc[table["total_says"] == NOT_ZERO, ["parameter", "total", "total_low", "total_high"]]
        if not result.indices.responds:
            return Finding("sensitivity.no_variance", **about)
        if clear.empty:
            return Finding("sensitivity.no_share", **about)
        return Finding("sensitivity.shares", largest=clear.head(NAMED).to_numpy().tolist(), **about)
    table = without_rooms(result.kinds[kind])
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
    draw = {"sobol": indices_figure, "morris": screening_figure, "tornado": tornado_figure}
    return {kind: partial(draw[kind], result, headline(result, kind, title=True)) for kind in result.kinds}


def document(result: Sensitivity, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, indices, screening = result.spec, result.indices, result.screening
    method = [Finding("sensitivity.measured", **spec.subject)]
    for kind, step in result.steps.items():
        sizes = {"parameters": len(step.layout.axes), "points": len(step.layout.points)}
        method.append(Finding("sensitivity.step", kind=kind, **sizes, replicates=step.replicates))
    method.append(Finding("sensitivity.expected"))
    limits, warnings = [Finding("sensitivity.ranges")], []
    if indices is not None and indices.quality is not None:
        method.append(Finding("sensitivity.unresolved", share=indices.unresolved))
        warnings.append(Finding("sensitivity.from_surrogate", quality=indices.quality))
    if result.tally.failed:
        method.append(Finding("sensitivity.refused"))
    if indices is not None and screening is not None:
        limits.append(Finding("sensitivity.indices_of_passed"))
    if indices is not None and indices.lost:
        warnings.append(Finding("sensitivity.rows_lost", lost=indices.lost, rows=indices.rows + indices.lost))
    if screening is not None and (lost := int(screening["lost"].sum())):
        warnings.append(Finding("sensitivity.steps_lost", lost=lost, steps=int(screening["effects"].sum()) + lost))
    own = Finding("sensitivity.question", **spec.subject)
    return Document(
        title=Finding("common.question", text=spec.question, own=own),
        findings=result.findings,
        figures=[(path, headline(result, kind)) for kind, path in drawn.items()],
        tables=list(_tables(result)),
        method=method,
        limits=limits,
        warnings=warnings,
        scenario=spec.scenario,
        info=result.provenance if result.stores else {},
    )


SAID: Final[dict[str, Callable[[Any], Finding | str]]] = {
    "parameter": str,
    "parameters": str,
    "reason": lambda reason: Finding("sensitivity.reason", value=reason),
    **dict.fromkeys(("first", "total"), lambda share: written(share, ".3f")),
    **dict.fromkeys(("usual", "value"), lambda value: Finding("common.level", value=value)),
    **dict.fromkeys(("reading", "total_says"), lambda text: Finding("common.label", text=text)),
}
"""How columns are written; others hold numbers."""


def _tables(result: Sensitivity) -> Iterator[Shown]:
    if result.indices is not None:
        columns = "parameter first first_interval total total_interval total_says"
        yield _shown(Finding("sensitivity.table_of_indices"), result.indices.table, columns)
    if result.screening is not None:
        table = result.screening.head(TOP)
        caption = Finding("sensitivity.table_of_screening", top=len(table), parameters=len(result.screening))
        yield _shown(caption, table, "parameter mu_star interval sigma mu chance reading")
    if result.bars is not None:
        columns = "parameter usual value change interval reading"
        yield _shown(Finding("sensitivity.table_of_bars"), result.bars, columns)
    if counts := Counter(result.spec.left_out.values()):
        table = pd.DataFrame(counts.items(), columns=["reason", "parameters"])
        yield _shown(Finding("sensitivity.table_of_left_out"), table, "reason parameters")


def _shown(caption: Finding, table: pd.DataFrame, columns: str) -> Shown:
    """Show columns of a table; an interval is made of two of them."""
    cells: dict[str, list[Finding | str]] = {}
    for name in columns.split():
        if name.endswith("interval"):
            of = name.removesuffix("_interval").replace("interval", "ci")
            ends = table[[f"{of}_low", f"{of}_high"]].to_numpy(dtype=float)
            cells[name] = [
                f"[{written(low)}, {written(high)}]" if np.isfinite(low + high) else "–" for low, high in ends
            ]
        else:
            values = table["says" if name == "reading" else name]
            cells[name] = [SAID.get(name, written)(value) for value in values]
    return Shown(caption, pd.DataFrame(cells), "sensitivity.heads")
