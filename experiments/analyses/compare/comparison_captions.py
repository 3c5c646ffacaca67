"""The figures in the report, each with a caption that says what is drawn and what every band is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.forest import reaches
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, picture, tag

__all__ = ["pictures"]

LESSER: Final = N_(
    " Below, the arrangement less each of its parts, also against the whole (open marks), which tells what the part "
    "brings.")

CAPTIONS: Final = {
    "effects": N_(
        "Effect forest. Every arm against {base} (filled marks) and, where it was run, against the same hours without "
        "branches (open marks). Marks: mean paired difference in per cent; bars: 95% interval of that mean over {n}; "
        "grey band: equivalence, ±{margin}. Colour and shape give the verdict.{reaches}"),
    "coverages": N_(
        "The coverage strategies against {base}, each alone and as the coverage of the arrangement. Bars: 95% interval "
        "of the mean paired difference over {there}; grey band: equivalence, ±{margin}."),
    "parts": N_(
        "{whole} taken apart, each against {base}: mediation alone, routine services alone, attraction alone (the "
        "placebo with a channel) and hours alone. Bars: 95% interval of the mean paired difference over "
        "{there}.{lesser}"),
    "series": N_(
        "Weekly series, mean of the last four weeks. Upper row: levels. Lower row: difference to {base} within each "
        "replicate. Bands: 95% interval of the mean over {n}, not the spread of runs. Dotted line: the policies "
        "start."),
    "maps": N_(
        "The district under {base} and under {focus}, and the differences. Each mark is an estate, its area "
        "proportional to its households; means over replicates, without intervals."),
    "cost": N_(
        "Change against added hours a week, both against {base}. Bars: 95% intervals of the mean paired differences "
        "over {n}, both ways. Dashed lines lead from a strategy to the same hours without branches."),
}
"""Of each figure; `caption` fills the places."""


def pictures(reader: Reader, figures: Mapping[str, Path], lang: str, note: str = "") -> list[Html]:
    """Return the figures with their captions, in the order given."""
    parts = [tag("p", note, class_="note")] if note else []
    for number, (name, path) in enumerate(figures.items(), start=1):
        parts.append(picture(number, name, Path(path), caption(reader, name, lang), lang))
    return parts


def caption(reader: Reader, name: str, lang: str) -> str:
    """Return the caption of a figure; empty for one that the report does not know."""
    base, focus = words.arm(reader.baseline, lang), words.arm(reader.focus, lang)
    there = reader.further or reader
    places = {
        "base": base, "focus": focus, "whole": capital(focus), "n": reader.units(lang),
        "margin": f"{100 * reader.margin:g}%", "there": there.units(lang), "reaches": reaches(reader, lang),
        "lesser": gettext(lang, LESSER) if there.lesser else "",
    }
    return gettext(lang, CAPTIONS[name], **places) if name in CAPTIONS else ""
