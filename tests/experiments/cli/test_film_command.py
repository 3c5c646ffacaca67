"""``gongzhi film``: a film of one strategy or of two, in the world of any command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

TINY = ("--estates=6", "--weeks=10", "--set=run.warmup=3", "--quiet")


def test_two_strategies_are_filmed_with_their_difference(gongzhi: Any, tmp_path: Path) -> None:
    status, out, err = gongzhi("film", *TINY[:-1], "--lang=zh")
    assert status == 0 and "film.html" in out and "results/film" in out, err
    page = (tmp_path / "results" / "film" / "film.html").read_text(encoding="utf-8")
    assert "无支部" in page and "差异：全覆盖减去无支部" in page


def test_one_policy_becomes_a_gif(gongzhi: Any, tmp_path: Path) -> None:
    status, out, err = gongzhi("film", "arrangement", *TINY, "--gif", "--out=f", "--outcome=satisfaction")
    assert (status, out) == (0, ""), err
    assert (tmp_path / "f" / "film.gif").read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize(("name", "start"), [("mine.html", b"<!"), ("mine.GIF", b"GIF89a")])
def test_a_file_that_is_named_like_a_film_is_the_film(gongzhi: Any, tmp_path: Path, name: str, start: bytes) -> None:
    status, _, err = gongzhi("film", "none", *TINY, f"--out=f/{name}")
    assert status == 0, err
    assert (tmp_path / "f" / name).read_bytes().startswith(start)


def test_a_district_and_a_component_of_ones_own_are_filmed(gongzhi: Any, tmp_path: Path) -> None:
    rows = [f"{name},{size},{x},{x}" for x, (name, size) in enumerate([("Lake", 300), ("Hill", 500), ("Bay", 200)])]
    (tmp_path / "own.csv").write_text("estate,households,x,y\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(
        "import numpy as np\nimport sim\n\n\n"
        '@sim.strategy("calm_first")\ndef calm_first(district, members, state):\n'
        "    return np.full(3, sim.BranchKind.DISPATCHED)\n\n\n"
        "class Festivals(sim.Component):\n    class Parameters(sim.Section):\n"
        "        share: float = sim.parameter(\n"
        '            0.1, unit="share", low=0, high=1, status="assumed", source="none", doc="estates that celebrate"\n'
        "        )\n\n"
        '    steps = [sim.Step("hold", before="incidents.begin", doc="estates celebrate")]\n\n'
        "    def hold(self):\n        pass\n",
        encoding="utf-8",
    )
    world = ("--district=own.csv", "--plugin=mine.py", "--weeks=10", "--set=run.warmup=3", "--quiet")
    status, _, err = gongzhi("film", "none", "calm_first", "--set=festivals.share=0.5", *world)
    assert status == 0, err
    page = (tmp_path / "results" / "film" / "film.html").read_text(encoding="utf-8")
    assert "Lake" in page and "calm_first" in page


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["fulll"], 'Unknown strategy "fulll". Did you mean "full"?'),
        (["none", "full", "own"], "A film shows one strategy, or two that differ"),
        (["full", "full"], "A film shows one strategy, or two that differ"),
        (["--outcome=conflict"], 'Did you mean "conflicts"?'),
        (["hours_matched:full"], "hours_matched:full"),
        (["--gif", "--out=mine.html"], "--gif writes a GIF, and mine.html is named like a page"),
        (["--seed=-1"], "--seed -1 must be a whole number"),
    ],
)
def test_what_cannot_be_filmed_is_said_before_the_first_week(gongzhi: Any, words: list[str], needed: str) -> None:
    status, out, err = gongzhi("film", *words, *TINY)
    assert (status, out) == (2, "") and needed in err and len(err.strip().splitlines()) == 1, err
