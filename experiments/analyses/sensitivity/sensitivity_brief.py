"""The report of an analysis of sensitivity: what drives the outcome, how that was found out, and what chance hides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.sensitivity.morris import NOTHING
from experiments.analyses.sensitivity.sensitivity_words import (
    reason,
    says,
    shown,
    subject,
    title_indices,
    title_screening,
    title_tornado,
    unit,
)
from experiments.figures import style
from experiments.reporting.catalogue import gettext
from experiments.reporting.document import Document, write_document

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.sensitivity.sensitivity_result import Sensitivity

__all__ = ["findings", "sensitivity_report"]

TITLES = {"sobol": title_indices, "morris": title_screening, "tornado": title_tornado}
TOP = 25
"""Rows of the screening that stand in the report; the whole is in ``morris.csv``."""


def sensitivity_report(found: Sensitivity, path: Path, lang: str = "en") -> Path:
    """Write figures and report; return the report's path."""
    figures = path.parent / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    pictures = [(style.save(found.figure(kind, lang), figures / kind, lang), TITLES[kind](found, lang) + ".")
                for kind in found.kinds]
    info = dict(found.steps[next(iter(found.steps))].info) if found.steps else {}
    info["failed"] = [row for step in found.steps.values() for row in step.info.get("failed") or []][:50]
    info["complete"] = not found.failed if info.get("design") else None
    question = found.asked.question or gettext(lang, "What drives {subject}?", subject=subject(found, lang))
    brief = Document(
        title=question, findings=findings(found, lang), figures=pictures, tables=_tables(found, lang),
        method=_method(found, lang), limits=_limits(found, lang), warnings=_warnings(found, lang),
        scenario=found.asked.scenario, info=info if info.get("design") else {})
    return write_document(brief, path, lang)


def findings(found: Sensitivity, lang: str = "en") -> list[str]:
    """Return what was found, as sentences: indices first, then screening and tornado."""
    told = [TITLES[kind](found, lang) + gettext(lang, ".") for kind in found.kinds]
    made = found.indices
    if made is not None and made.responds:
        whole = made.alone_high >= 1.0 - made.unresolved
        told.insert(1, (
            gettext(
                lang,
                "What the parameters do one by one adds up to {alone:.2f} [{alone_low:.2f}, {alone_high:.2f}] of "
                "the variance; what that is short of 1, their interactions, is not different from zero.",
                alone=made.alone, alone_low=made.alone_low, alone_high=made.alone_high)
            if whole else
            gettext(
                lang,
                "What the parameters do one by one adds up to {alone:.2f} [{alone_low:.2f}, {alone_high:.2f}] of "
                "the variance; what that is short of 1, their interactions, is different from zero.",
                alone=made.alone, alone_low=made.alone_low, alone_high=made.alone_high)))
    if made is not None and made.variance + made.noise > 0.0:
        share = made.noise / (made.variance + made.noise)
        told.append(gettext(
            lang,
            "Of the variance of single runs over these points, {share:.0%} is chance, which is in no index.",
            share=share))
    if found.screening is not None:
        still = int((found.screening["says"] == NOTHING).sum())
        told.append(
            gettext(
                lang,
                "{still} of {screening} parameters changed not a single run. If none had an effect, about "
                "{by_chance:.0f} of {screening} would pass the screening by chance.",
                still=still, screening=len(found.screening), by_chance=found.by_chance)
            if still else
            gettext(
                lang,
                "If none had an effect, about {by_chance:.0f} of {screening} would pass the screening by chance.",
                by_chance=found.by_chance, screening=len(found.screening)))
        if found.indices is None and "tornado" not in found.kinds:
            told.append(gettext(lang, "More trajectories or replicates may tell more."))
    return told


def _method(found: Sensitivity, lang: str) -> list[str]:
    told = [(
        gettext(
            lang,
            "Asked about is {subject} ({unit}): the mean over the weeks from the end of the warm-up on, of one "
            "arm less the other in the same replicate and with the same chance.",
            subject=subject(found, lang), unit=unit(found, lang))
        if len(found.asked.arms) == 2 else
        gettext(
            lang,
            "Asked about is {subject} ({unit}): the mean over the weeks from the end of the warm-up on.",
            subject=subject(found, lang), unit=unit(found, lang)))]
    for kind, step in found.steps.items():
        told.append(_step(kind, len(step.layout.axes), len(step.layout.points), step.replicates, lang))
    told.append(gettext(
        lang,
        "All of it is about the expected outcome. Squares and sizes of noisy numbers are too large; they are taken "
        "crosswise over different replicates instead, in which chance cancels, so that what chance alone makes has "
        "expectation zero. An estimate can then fall below zero, or an index above one: all are reported as they "
        "are, with their intervals, and called not different from zero where the 95% interval reaches zero. Those "
        "alone that differ would be a choice by luck."))
    made = found.indices
    if made is not None and made.quality is not None:
        told.append(gettext(
            lang,
            "A surrogate cannot resolve an index below the share of variance that it does not predict (1 − Q2): "
            "an index, and what is short of 1 in the sum of them, is called different from zero only where its "
            "95% interval lies above that share, here {unresolved:.2g} (no less than its own standard error, "
            "since Q2 is an estimate).",
            unresolved=made.unresolved))
    if found.failed:
        told.append(gettext(
            lang,
            "Where the model refuses a point, the step of a trajectory that needs it is lost, of the two matrices "
            "the whole row, for all parameters alike; what is reported is then about the part of the space that "
            "runs."))
    return told


def _step(kind: str, parameters: int, points: int, replicates: int, lang: str) -> str:
    size = gettext(
        lang,
        "{parameters} parameters, {points} points, {replicates} replicates of every arm.",
        parameters=parameters, points=points, replicates=replicates)
    told = {
        "morris": gettext(
            lang,
            "Screening (Morris): trajectories change one number after the other over their declared ranges; "
            "switches and choices are flipped at the start of each and put back. Trajectories share neither "
            "places nor chance. "),
        "sobol": gettext(
            lang,
            "Indices (Sobol; estimators of Saltelli 2010 and Jansen 1999): two matrices along a scrambled Sobol "
            "sequence; points of a row share their chance. "),
        "surrogate": gettext(
            lang,
            "Indices of a surrogate: a Gaussian process fitted to a Latin hypercube; these are not runs of the "
            "model. "),
        "tornado": gettext(
            lang,
            "Tornado: one parameter after the other at the ends of its range, all others as usual; all points "
            "share their chance. "),
    }
    return told[kind] + size


def _limits(found: Sensitivity, lang: str) -> list[str]:
    told = [gettext(lang, "Shares depend on the ranges: a parameter whose range is declared wider matters more.")]
    if found.indices is not None and found.screening is not None:
        told.append(gettext(
            lang,
            "The indices are over the parameters that passed the screening, all others being as usual."))
    return told


def _warnings(found: Sensitivity, lang: str) -> list[str]:
    told = []
    made = found.indices
    if made is not None and made.quality is not None:
        told.append(gettext(
            lang,
            "The indices come from a surrogate (Q2 = {quality:.2f}), not from runs.",
            quality=made.quality))
    if made is not None and made.lost:
        told.append(gettext(
            lang,
            "{lost} of {lost_2} rows are left out, since a run in them failed.",
            lost=made.lost, lost_2=made.rows + made.lost))
    if found.screening is not None and (lost := int(found.screening["lost"].sum())):
        every = int((found.screening["effects"] + found.screening["lost"]).sum())
        told.append(gettext(
            lang,
            "{lost} of {every} steps of the screening are left out, since a run in them failed.",
            lost=lost, every=every))
    return told


def _tables(found: Sensitivity, lang: str) -> list[tuple[str, pd.DataFrame]]:
    import pandas as pd

    made: list[tuple[str, pd.DataFrame]] = []
    name, interval = gettext(lang, "parameter"), gettext(lang, "95% interval")
    if found.indices is not None:
        rows: list[dict[str, Any]] = [
            {name: row.parameter, gettext(lang, "first-order"): _index(row.first),
             interval: _interval(row.first_low, row.first_high), gettext(lang, "total"): _index(row.total),
             interval + " ": _interval(row.total_low, row.total_high),
             gettext(lang, "total is"): says(row.total_says, lang)}
            for row in found.indices.table.itertuples()]
        made.append((gettext(lang, "Shares of the variance."), pd.DataFrame(rows)))
    if found.screening is not None:
        top = found.screening.head(TOP)
        rows = [{name: row.parameter, "mu*": f"{row.mu_star:.3g}", interval: _interval(row.ci_low, row.ci_high),
                 "sigma": f"{row.sigma:.3g}", "mu": f"{row.mu:.3g}",
                 gettext(lang, "by chance"): f"{row.chance:.3g}",
                 gettext(lang, "reading"): says(row.says, lang)}
                for row in top.itertuples()]
        made.append((gettext(
            lang,
            "Screening, the first {top} of {screening} parameters; all are in morris.csv.",
            top=len(top), screening=len(found.screening)),
                     pd.DataFrame(rows)))
    if found.bars is not None:
        rows = [{name: row.parameter, gettext(lang, "usual"): shown(row.usual, lang),
                 gettext(lang, "tried"): shown(row.value, lang),
                 gettext(lang, "change"): f"{row.change:.3g}",
                 interval: _interval(row.ci_low, row.ci_high), gettext(lang, "reading"): says(row.says, lang)}
                for row in found.bars.itertuples()]
        made.append((gettext(lang, "Each parameter alone."), pd.DataFrame(rows)))
    if found.chosen.left_out:
        counts = Counter(found.chosen.left_out.values())
        rows = [{gettext(lang, "reason"): reason(why, lang), gettext(lang, "parameters"): str(count)}
                for why, count in counts.items()]
        made.append((gettext(
            lang,
            "Parameters that do not vary, and why; they are named in left-out.csv."), pd.DataFrame(rows)))
    return made


def _index(value: float) -> str:
    return f"{value:.3f}" if value == value else "–"


def _interval(low: float, high: float) -> str:
    return f"[{low:.3g}, {high:.3g}]" if low == low and high == high else "–"
