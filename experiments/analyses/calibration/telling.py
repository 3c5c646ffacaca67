"""The report of a calibration: what was found, how, and what it cannot say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from experiments.analyses.calibration import calibration_figures as plots
from experiments.analyses.calibration import sentences
from experiments.analyses.calibration.method import limits_of, method_of
from experiments.analyses.calibration.sentences import figure_name, readable, world_name
from experiments.reporting import declared
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.document import Document

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.calibration.calibration import Calibration

__all__ = ["brief_of"]


def brief_of(made: Calibration, lang: str = "en") -> Document:
    """Write the report; its figures must have been drawn into the folder."""
    stop = gettext(lang, ".")
    findings = [sentences.met(made, lang) + stop, sentences.outside(made, lang), sentences.left(made, lang),
                sentences.identified(made, lang), sentences.pressed(made, lang), sentences.together(made, lang)]
    named = {"posterior": plots.marginals_note(made, lang), "check": plots.predictive_note(made, lang),
             "pairs": plots.pairs_note(made, lang)}
    folder = made.folder / "figures"
    figures = [(folder / f"{name}.png", text) for name, text in named.items() if (folder / f"{name}.png").exists()]
    warnings = [text for text in (sentences.emulated(made, lang), _failed(made, lang)) if text]
    return Document(
        title=gettext(lang, made.wanted.plan.question),
        findings=[text for text in findings if text], figures=figures, tables=_tables(made, lang),
        method=method_of(made, lang), limits=limits_of(lang), warnings=warnings,
        scenario=made.wanted.base.replace(made.best), info=_info(made),
    )  # fmt: skip


def _info(made: Calibration) -> dict[str, Any]:
    path = made.waves[0].store.folder / "experiment.json"
    info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return info


def _failed(made: Calibration, lang: str) -> str:
    if not made.failed:
        return ""
    number, example = len(made.failed), made.failed[0]
    return gettext(
        lang,
        "{number_} runs failed and are left out, the first of them so: {example}",
        number_=number, example=example)


def _tables(made: Calibration, lang: str) -> list[tuple[str, pd.DataFrame]]:
    checked, quality = made.predictive.drop(columns=["unit"]).copy(), made.quality.copy()
    for table in (checked, quality):
        table["figure"] = [figure_name(name, lang) for name in table["figure"]]
        table["world"] = [world_name(name, lang) for name in table["world"]]
        if not table["world"].any():
            table.pop("world")
    summary = made.summary.assign(unit=[declared.unit({"unit": unit}, lang) for unit in made.summary["unit"]])
    tables = (summary, checked, made.pairs.head(10), quality, made.progress)
    return [(text, readable(table.rename(columns=_heads(lang)), lang))
            for text, table in zip(_captions(lang), tables, strict=True) if len(table)]


def _captions(lang: str) -> tuple[str, ...]:
    return (
        gettext(
            lang,
            "Parameters: range, mean and 95% interval of the plausibility region, how much narrower than the "
            "range's, best value."),
        gettext(
            lang,
            "Figures: the data's interval; fresh runs at points of the plausibility region, mean and 90% of "
            "runs; fresh runs at the best values, mean with 95% interval, and whether that lies in the data's."),
        gettext(lang, "The strongest rank correlations in the plausibility region."),
        gettext(
            lang,
            "Emulators at points left out in turn: share of the structural variance foreseen (– where figures "
            "differ by chance only), share of points within two standard deviations, factor by which their "
            "variance was raised, standard deviation of a single run."),
        gettext(
            lang,
            "Waves: points and runs, what is left of the prior, and the least that any point misses its worst "
            "figure by, in standard deviations, beside the cut."),
    )  # fmt: skip


def _heads(lang: str) -> dict[str, str]:
    return {
        "parameter": pgettext(lang, "column", "parameter"), "unit": pgettext(lang, "column", "unit"),
        "prior_low": pgettext(lang, "column", "range from"), "prior_high": pgettext(lang, "column", "to"),
        "scenario": pgettext(lang, "column", "before"), "mean": pgettext(lang, "column", "mean"),
        "ci_low": pgettext(lang, "column", "95% from"), "ci_high": pgettext(lang, "column", "95% to"),
        "narrower": pgettext(lang, "column", "narrower by"), "best": pgettext(lang, "column", "best"),
        "identified": pgettext(lang, "column", "identified"), "presses": pgettext(lang, "column", "presses against"),
        "figure": pgettext(lang, "column", "figure"), "world": pgettext(lang, "column", "world"),
        "target": pgettext(lang, "column", "data"), "target_low": pgettext(lang, "column", "data from"),
        "target_high": pgettext(lang, "column", "data to"), "model": pgettext(lang, "column", "region"),
        "model_low": pgettext(lang, "column", "90% from"), "model_high": pgettext(lang, "column", "90% to"),
        "best_low": pgettext(lang, "column", "best from"), "best_high": pgettext(lang, "column", "best to"),
        "inside": pgettext(lang, "column", "inside"), "first": pgettext(lang, "column", "parameter"),
        "second": pgettext(lang, "column", "with"), "correlation": pgettext(lang, "column", "rank correlation"),
        "together": pgettext(lang, "column", "together only"), "q2": pgettext(lang, "column", "foreseen"),
        "covered": pgettext(lang, "column", "covered"), "inflation": pgettext(lang, "column", "raised by"),
        "noise": pgettext(lang, "column", "noise"), "sound": pgettext(lang, "column", "sound"),
        "wave": pgettext(lang, "column", "wave"), "points": pgettext(lang, "column", "points"),
        "runs": pgettext(lang, "column", "runs"), "left": pgettext(lang, "column", "left"),
        "least": pgettext(lang, "column", "least distance"), "cut": pgettext(lang, "column", "cut"),
    }  # fmt: skip
