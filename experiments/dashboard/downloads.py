"""What can be taken from the page: table, figure, scenario and district, each as the bytes of a file."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.core.statistics.measures import unit as unit_of
from experiments.dashboard.effect_series import OUTCOMES, arm_name, charts_of
from experiments.dashboard.experiment import Experiment
from experiments.figures import style
from experiments.reporting.catalogue import gap
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick
from experiments.reporting.template_rendering import labels
from sim.core.errors import StoreError

FILES: Final = {
    "table": ("table.csv", "text/csv"),
    "figure": ("figure.png", "image/png"),
    "scenario": ("scenario.toml", "application/toml"),
    "district": ("district.csv", "text/csv"),
}
"""What can be taken, by the name under which a page asks for it: the name of the file and its kind."""
_drawing: Final = threading.Lock()
"""Matplotlib's settings are one for all threads."""


def content(experiment: Experiment, file: str, lang: str) -> bytes:
    """Return what one of `FILES` holds."""
    inquiry = experiment.inquiry
    if file in ("table", "figure") and not experiment.finished:
        raise StoreError("No pair of runs has ended yet: there is nothing to write.")
    with tempfile.TemporaryDirectory(prefix="gongzhi-") as folder:
        path = Path(folder) / FILES[file][0]
        if file == "table":
            table(experiment).to_csv(path, index=False, lineterminator="\n")
        elif file == "figure":
            draw(experiment, lang, path)
        elif file == "scenario":
            inquiry.scenario(inquiry.right).save(path)
        else:
            inquiry.ground.to_csv(path)
        return path.read_bytes()


def table(experiment: Experiment) -> pd.DataFrame:
    """Return both arms and their paired difference in every outcome, as far as pairs have ended."""
    effects = pd.DataFrame(experiment.effect(outcome) for outcome in OUTCOMES)
    arms = {"strategy": experiment.inquiry.right, "baseline": experiment.inquiry.left}
    named = pd.DataFrame({**arms, "outcome": outcome, "unit": unit_of(outcome)} for outcome in OUTCOMES)
    return named.join(effects[["mean", "baseline_mean", "difference", "ci_low", "ci_high", "replicates"]])


def draw(experiment: Experiment, lang: str, path: Path) -> None:
    """Draw the series of both futures above their difference, into a file."""
    lang, _ = style.language(lang)
    with _drawing, style.drawing(lang):
        _figure(experiment, lang).savefig(path, dpi=200)


def _figure(experiment: Experiment, lang: str) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    inquiry, series = experiment.inquiry, charts_of(experiment, lang)
    names = [arm_name(arm, lang) for arm in (inquiry.left, inquiry.right)]
    figure = Figure(figsize=(9.0, 4.4), layout="constrained")
    title = Finding("dashboard.figure_title", right=names[1], left=names[0]).text(lang)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    panels = figure.subplots(2, len(series), sharex=True, height_ratios=(1.5, 1))
    for (above, below), chart in zip(panels.T, series, strict=True):
        drawn = pd.DataFrame({name: chart[name] for name in ("left", "right", "gap", "low", "high")}, dtype=float)
        drawn.index += chart["first_week"]
        above.plot(drawn["left"], color=style.INK, linewidth=1.2, label=names[0])
        above.plot(drawn["right"], color=style.BLUE, linewidth=1.5, linestyle=(0, (5, 2)), label=names[1])
        above.set_title(f"{chart['title']}\n{chart['unit']}", loc="left", fontsize=8)
        above.set_ylim(bottom=0)
        below.xaxis.set_major_locator(MaxNLocator(integer=True))
        below.axhline(0.0, color=style.MUTED, linewidth=0.6)
        below.fill_between(drawn.index, drawn["low"], drawn["high"], color=style.BLUE, alpha=0.2, linewidth=0)
        below.plot(drawn["gap"], color=style.BLUE, linewidth=1.3)
        below.yaxis.set_major_formatter(lambda value, _: tick(value))
    panels[0, 0].legend(frameon=False, fontsize=7.5)
    words = labels(lang, "dashboard.labels")
    panels[1, 0].set_ylabel(words["difference"])
    panels[1, 0].set_xlabel(words["week"])
    note = Finding("dashboard.figure_note", pairs=len(experiment.finished), estates=inquiry.ground.estates).text(lang)
    figure.supxlabel(f"{note}{gap(lang)}{words['disclaimer']}", x=0.01, ha="left", fontsize=7, color=style.MUTED)
    return figure
