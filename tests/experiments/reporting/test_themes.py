"""Pages in a light and a dark theme: every text is read on every ground, and paper is always light."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from sim.core.markup import COLOURS
from tests.support.repository import ROOT
from tests.support.style_sheets import contrast, literals, palettes

READABLE = 4.5
"""Contrast of text, and below it of what has no words: WCAG 2, level AA."""
SEEN = 3.0


class Sheet(NamedTuple):
    """A style sheet: where it stands, on what its palette is declared, and what its colours are for."""

    path: str
    root: str
    texts: tuple[str, ...]
    grounds: tuple[str, ...]
    marks: tuple[str, ...]
    alike: frozenset[str] = frozenset()


SHEETS = {
    "report": Sheet(
        "experiments/reporting/report.css",
        ":root",
        ("ink", "muted", "helps", "harms", "link"),
        ("ground", "pale", "alarm"),
        ("curve", "mark", "decided", "assumed"),
        frozenset({"paper"}),
    ),
    "film": Sheet("sim/film.css", ":root", ("ink", "muted"), ("ground",), ("edge",)),
    "dashboard": Sheet(
        "experiments/dashboard/page.vue",
        ".gz",
        ("ink", "muted", "warn"),
        ("paper", "panel", "warn-bg", "ok-bg"),
        ("left", "right", "accent"),
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_every_text_is_read_on_every_ground_in_both_themes(name: str) -> None:
    sheet = SHEETS[name]
    light, dark = palettes((ROOT / sheet.path).read_text(encoding="utf-8"), sheet.root)
    assert set(light) - sheet.alike == set(dark)
    for theme in (light, dark):
        for ground in sheet.grounds:
            pale = {text: contrast(theme[text], theme[ground]) for text in sheet.texts}
            assert min(pale.values()) >= READABLE, (ground, pale)
            weak = {mark: contrast(theme[mark], theme[ground]) for mark in sheet.marks}
            assert min(weak.values()) >= SEEN, (ground, weak)
    assert contrast(light[sheet.grounds[0]], dark[sheet.grounds[0]]) > 10


def test_a_report_names_its_colours_in_its_palettes_alone_and_uses_each() -> None:
    """A colour of its own would stay what it is when the theme changes."""
    text = (ROOT / SHEETS["report"].path).read_text(encoding="utf-8")
    assert literals(text) == []
    named, used = palettes(text)[0], set(re.findall(r"var\(--([\w-]+)\)", text))
    assert set(named) <= used and used - set(named) <= {"wide"}


def test_paper_is_light_whatever_the_screen_is() -> None:
    for sheet in SHEETS.values():
        text = (ROOT / sheet.path).read_text(encoding="utf-8")
        assert set(re.findall(r"@media ([^{]*)\(prefers-color-scheme", text)) == {"screen and "}


@pytest.mark.parametrize("ground", ["#fff", "#121212"])
def test_marks_of_a_notebooks_map_are_seen_on_a_white_and_on_a_dark_page(ground: str) -> None:
    assert min(contrast(colour, ground) for colour in COLOURS) >= SEEN


def test_what_tells_the_colours_of_a_sheet_finds_a_pale_one() -> None:
    sheet = "p { color: #999 } :root { --a: #888; } @media (prefers-color-scheme: dark) { :root { --a: #fff; } }"
    light, dark = palettes(sheet)
    assert literals(sheet) == ["#999"] and contrast(light["a"], "#fff") < READABLE < contrast(dark["a"], "#000")
