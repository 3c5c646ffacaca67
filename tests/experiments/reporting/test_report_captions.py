"""Every figure of a comparison's report has its own caption, which says what its bands are and over how many runs."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from experiments.analyses.compare.comparison_figures import FIGURES
from tests.support.html_page import Page
from tests.support.synthetic_comparison import comparison, policies, write

ARMS = ["own", "full", "full, mediation alone", "hours_matched:full"]
BANDS: Final = {"effects": 95, "coverages": 95, "parts": 95, "series": 95, "cost": 95, "maps": None}
"""The level, in per cent, of the intervals that a figure shows; maps show none."""
EQUIVALENCE: Final = {"effects", "coverages"}
"""Figures that show the margin of equivalence."""


@pytest.fixture
def page(tmp_path: Path) -> Any:
    """Return a function that writes a report with all figures, each a few bytes, and reads it."""
    pictures = {name: tmp_path / f"{name}.png" for name in FIGURES}
    for picture in pictures.values():
        picture.write_bytes(b"no picture")

    def made(result: SimpleNamespace, lang: str) -> Page:
        path = write(result, tmp_path / "report.html", pictures, lang)
        return Page(path.read_text(encoding="utf-8"))

    return made


def per_cents(caption: str) -> list[float]:
    return [float(number) for number in re.findall(r"(\d+(?:\.\d+)?)%", caption)]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("margin", "replicates"), [(0.02, 10), (0.035, 7)])
def test_each_figure_says_in_its_own_caption_what_its_bands_are(
    page: Any, lang: str, margin: float, replicates: int
) -> None:
    result = comparison(arms=ARMS, weeks=60, replicates=2, margin=margin)
    result.table["replicates"] = replicates
    figures = page(result, lang).figures
    assert list(figures) == list(FIGURES) and BANDS.keys() == FIGURES.keys()
    for number, (name, figure) in enumerate(figures.items(), start=1):
        assert re.findall(r"\d+", figure.number) == [str(number)], name
        levels = [] if BANDS[name] is None else [BANDS[name]]
        margins = [100 * margin] if name in EQUIVALENCE else []
        assert per_cents(figure.caption) == pytest.approx([*levels, *margins]), name
        over = re.findall(r"(\d+) (?:replicates|次重复)", figure.caption)
        assert over == [str(replicates)] * len(levels), name
        assert figure.alternative, name
    assert len({figure.caption for figure in figures.values()}) == len(figures)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_caption_tells_the_ground_and_replicates_of_what_its_figure_shows(page: Any, lang: str) -> None:
    """Two grounds: further arms stand in the figures of coverages and parts, the rest shows the main ground."""
    result = policies()
    result.table["replicates"], result.further.table["replicates"] = 9, 5
    figures = page(result, lang).figures
    for name, figure in figures.items():
        numbers = set(re.findall(r"[\d,]+", figure.caption))
        main, further = {"9", "1,034", "18"} <= numbers, {"5", "120", "52"} <= numbers
        assert (main, further) == (
            BANDS[name] is not None and name not in ("coverages", "parts"),
            name in ("coverages", "parts"),
        ), name
