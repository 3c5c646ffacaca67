"""What can be taken from the page: table, figure, scenario and district, each as the bytes of a file."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.core.statistics.measures import unit as unit_of
from experiments.dashboard.effect_series import OUTCOMES, arm_name, charts_of
from experiments.dashboard.experiment import Experiment
from experiments.reporting.catalogue import gap
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import labels
from sim.core.errors import StoreError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILES", "table"]

File = tuple[str, str, bytes]
"""Name, kind and content."""

_drawing: Final = threading.Lock()
"""Matplotlib's settings are one for all threads."""


def table(experiment: Experiment) -> pd.DataFrame:
    """Return both arms and their paired difference in every outcome, as far as pairs have ended."""
    import pandas as pd

    rows = []
    for outcome in OUTCOMES:
        effect = experiment.effect(outcome)
        rows.append(
            {
                "strategy": experiment.inquiry.right,
                "baseline": experiment.inquiry.left,
                "outcome": outcome,
                "unit": unit_of(outcome),
                "mean": effect.mean,
                "baseline_mean": effect.baseline_mean,
                "difference": effect.difference,
                "ci_low": effect.ci_low,
                "ci_high": effect.ci_high,
                "replicates": effect.replicates,
            }
        )
    return pd.DataFrame(rows)


def _table(experiment: Experiment, _lang: str) -> File:
    _require_pairs(experiment)
    return "table.csv", "text/csv", table(experiment).to_csv(index=False).encode("utf-8")


def _figure(experiment: Experiment, lang: str) -> File:
    _require_pairs(experiment)
    from experiments.figures import style

    with _drawing, style.drawing(style.language(lang)[0]):
        picture = io.BytesIO()
        draw(experiment, style.language(lang)[0]).savefig(picture, format="png", dpi=200)
    return "figure.png", "image/png", picture.getvalue()


def draw(experiment: Experiment, lang: str) -> Any:
    """Draw the series of both futures above their difference."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    from experiments.figures import style
    from experiments.reporting.numbers import tick

    inquiry, series = experiment.inquiry, charts_of(experiment, lang)
    names = [arm_name(arm, lang) for arm in (inquiry.left, inquiry.right)]
    figure = Figure(figsize=(9.0, 4.4), layout="constrained")
    title = Finding("dashboard.figure_title", right=names[1], left=names[0]).text(lang)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    panels = figure.subplots(2, len(series), sharex=True, height_ratios=(1.5, 1))
    for (above, below), chart in zip(panels.T, series, strict=True):
        weeks = range(chart["first_week"], chart["first_week"] + len(chart["left"]))
        above.plot(weeks, _floats(chart["left"]), color=style.INK, linewidth=1.2, label=names[0])
        above.plot(
            weeks, _floats(chart["right"]), color=style.BLUE, linewidth=1.5, linestyle=(0, (5, 2)), label=names[1]
        )
        above.set_title(f"{chart['title']}\n{chart['unit']}", loc="left", fontsize=8)
        above.set_ylim(bottom=0)
        below.xaxis.set_major_locator(MaxNLocator(integer=True))
        below.axhline(0.0, color=style.MUTED, linewidth=0.6)
        below.fill_between(
            weeks, _floats(chart["low"]), _floats(chart["high"]), color=style.BLUE, alpha=0.2, linewidth=0
        )
        below.plot(weeks, _floats(chart["gap"]), color=style.BLUE, linewidth=1.3)
        below.yaxis.set_major_formatter(lambda value, _: tick(value))
    panels[0, 0].legend(frameon=False, fontsize=7.5)
    words = labels(lang, "dashboard.labels")
    panels[1, 0].set_ylabel(words["difference"])
    panels[1, 0].set_xlabel(words["week"])
    note = Finding("dashboard.figure_note", pairs=len(experiment.finished), estates=inquiry.ground.estates).text(lang)
    figure.supxlabel(f"{note}{gap(lang)}{words['disclaimer']}", x=0.01, ha="left", fontsize=7, color=style.MUTED)
    return figure


def _floats(values: list[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _scenario(experiment: Experiment, _lang: str) -> File:
    inquiry = experiment.inquiry
    return "scenario.toml", "application/toml", _written(inquiry.scenario(inquiry.right).save, "scenario.toml")


def _district(experiment: Experiment, _lang: str) -> File:
    return "district.csv", "text/csv", _written(experiment.inquiry.ground.to_csv, "district.csv")


def _written(write: Callable[[Path], None], name: str) -> bytes:
    """Return what a function writes to a file, which then is gone."""
    with tempfile.TemporaryDirectory(prefix="gongzhi-") as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def _require_pairs(experiment: Experiment) -> None:
    if not experiment.finished:
        raise StoreError("No pair of runs has ended yet: there is nothing to write.")


FILES: Final[Mapping[str, Callable[[Experiment, str], File]]] = {
    "table": _table,
    "figure": _figure,
    "scenario": _scenario,
    "district": _district,
}
"""What can be taken, by the name under which a page asks for it."""
