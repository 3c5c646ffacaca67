"""The figures of a comparison, for people who present them.

Each title states what the numbers show, worked out from the numbers; each interval is named; marks differ
in shape as well as in colour. Figures are made for the width of a page of A4, in English or Chinese.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.components import parts
from experiments.analyses.compare.cost import cost
from experiments.analyses.compare.forest import coverages, forest
from experiments.analyses.compare.maps import maps
from experiments.analyses.compare.series import series
from experiments.figures import style
from sim.paths import expanded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "draw", "figures"]

#: Name of the file: what draws it.
FIGURES: dict[str, Callable[[Reader, str], Figure]] = {
    "effects": forest,
    "coverages": coverages,
    "parts": parts,
    "series": series,
    "maps": maps,
    "cost": cost,
}


def draw(comparison: Any, name: str = "effects", lang: str = "en") -> Figure:
    """Draw one figure of a comparison.

    Parameters
    ----------
    comparison
        The result of `compare`.
    name
        `effects`, `coverages`, `parts`, `series`, `maps` or `cost`.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.

    Returns
    -------
    matplotlib.figure.Figure
        Shows itself in a notebook.

    Raises
    ------
    ValueError
        If there is no figure of that name, or the comparison lacks what it shows.
    """
    from functools import partial

    reader, (lang, _note) = Reader(comparison), style.language(lang)
    if name not in FIGURES:
        raise ValueError(f'"{name}" is not a figure. There are: {", ".join(FIGURES)}.')
    if name not in available(reader):
        raise ValueError(
            f'This comparison has no data for the figure "{name}". It has for: '
            f"{', '.join(available(reader)) or 'none'}."
        )
    with style.drawing(lang):
        figure = FIGURES[name](reader, lang)
    figure._repr_png_ = partial(style.png, figure, lang, 130)  # type: ignore[attr-defined]
    return figure


def available(reader: Reader) -> list[str]:
    """Return the names of the figures for which a comparison holds data."""
    comparison = reader.comparison
    has_rows = any(reader.effects(name) for name in reader.strategies)
    arms = (
        set(comparison.series["arm"].unique())
        if comparison.series is not None and len(comparison.series)
        else set()
    )
    places = comparison.estates
    mapped = set(places["arm"].unique()) if places is not None and len(places) else set()
    hours = any(reader.effect(name, "hours") for name in reader.strategies)
    there = reader.further or reader
    shown = {
        "effects": has_rows,
        "coverages": bool(reader.further and (reader.further.strategies or reader.further.covers)),
        "parts": has_rows and (len(there.components()) > 1 or bool(there.lesser)),
        "cost": has_rows and hours,
        "series": {reader.baseline, reader.focus} <= arms and reader.focus != reader.baseline,
        "maps": {reader.baseline, reader.focus} <= mapped and reader.focus != reader.baseline,
    }
    return [name for name in FIGURES if shown[name]]


def figures(comparison: Any, folder: str | Path, lang: str = "en") -> dict[str, Path]:
    """Draw all figures that a comparison has data for, and write each as PNG and SVG.

    Parameters
    ----------
    comparison
        The result of `compare`.
    folder
        Where the files go; made where it is missing.
    lang
        `en` or `zh`; without a font for Chinese the figures are in English and `NOTE.txt` says so.

    Returns
    -------
    dict of str to Path
        The PNG of each figure by name; the SVG lies beside it.
    """
    folder = expanded(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn, note = style.language(lang)
    if note:
        (folder / "NOTE.txt").write_text(note + "\n", encoding="utf-8")
    reader = Reader(comparison)
    return {
        name: style.save(draw(comparison, name, drawn), folder / name, drawn) for name in available(reader)
    }
