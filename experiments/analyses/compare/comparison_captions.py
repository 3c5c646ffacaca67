"""The figures in the report, each with a caption that says what is drawn and what every band is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting.elements import Html, picture, tag
from experiments.reporting.finding import Finding

__all__ = ["pictures"]


def pictures(reader: Reader, figures: Mapping[str, Path], lang: str, note: str = "") -> list[Html]:
    """Return the figures with their captions, in the order given."""
    captions = _captions(reader)
    return [
        *([tag("p", note, class_="note")] if note else []),
        *(
            picture(number, name, Path(path), captions[name].text(lang) if name in captions else "", lang)
            for number, (name, path) in enumerate(figures.items(), start=1)
        ),
    ]


def _captions(reader: Reader) -> dict[str, Finding]:
    there, base = reader.further or reader, reader.baseline
    return {
        "effects": Finding(
            "comparison.caption_effects", base=base, sample=reader.sample, margin=reader.margin, worlds=reader.worlds
        ),
        "coverages": Finding("comparison.caption_coverages", base=base, sample=there.sample, margin=reader.margin),
        "parts": Finding(
            "comparison.caption_parts", whole=reader.focus, base=base, sample=there.sample, lesser=bool(there.lesser)
        ),
        "series": Finding("comparison.caption_series", base=base, sample=reader.sample),
        "maps": Finding("comparison.caption_maps", base=base, focus=reader.focus),
        "cost": Finding("comparison.caption_cost", base=base, sample=reader.sample),
    }
