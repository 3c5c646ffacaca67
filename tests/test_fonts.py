"""The Chinese font that comes with the project: it has every character, and is found whatever the machine has."""

from __future__ import annotations

import dataclasses
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import ROOT

PLOT = importlib.import_module("sim.plot")
FILES = sorted(PLOT.FONTS.glob("*.otf"))


@cache
def characters(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path) as font:
        return frozenset(font.getBestCmap())


@pytest.fixture
def font_list() -> Iterator[Any]:
    """Matplotlib's font list, which is given back as it was."""
    PLOT.chinese_font()
    from matplotlib import font_manager

    before = list(font_manager.fontManager.ttflist)
    yield font_manager.fontManager
    font_manager.fontManager.ttflist[:] = before
    PLOT._names.cache_clear()


def test_both_weights_come_with_their_licence_and_weigh_little() -> None:
    assert [path.name for path in FILES] == ["GongzhiSansSC-Bold.otf", "GongzhiSansSC-Regular.otf"]
    assert sum(path.stat().st_size for path in FILES) < 3_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (PLOT.FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_chinese_character_of_the_tree_is_in_the_font(path: Path) -> None:
    texts = [file for name in ("sim", "experiments", "docs", "notebooks") for file in (ROOT / name).rglob("*")]
    texts += ROOT.glob("*.md")
    used = set()
    for file in texts:
        if file.suffix in {".py", ".md", ".csv", ".toml", ".ipynb", ".html", ".txt", ".po"}:
            used |= set(file.read_text(encoding="utf-8"))
    chinese = {letter for letter in used if ord(letter) >= 0x2E80}
    assert len(chinese) > 500
    lacking = "".join(sorted(letter for letter in chinese if ord(letter) not in characters(path)))
    assert not lacking, f"{lacking} are not in {path.name}: run python tools/font.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_common_characters_are_in_the_font(path: Path) -> None:
    common = "".join(
        bytes((row, cell)).decode("gb2312", errors="ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
    )
    assert len(common) == 6763
    signs = "，。；：、？！“”‘’（）《》「」…—·％０９ 09AZaz%+±×"
    assert {ord(letter) for letter in common + signs} <= characters(path)


def test_a_list_without_any_chinese_font_does_not_matter(font_list: Any) -> None:
    font_list.ttflist[:] = [entry for entry in font_list.ttflist if entry.name.startswith("DejaVu")]
    assert PLOT.families("zh")[0] == PLOT.OWN == PLOT.chinese_font()
    assert PLOT.OWN in PLOT.families("en")
    found = font_list.findfont("Gongzhi Sans SC:bold", fallback_to_default=False)
    assert Path(found).name == "GongzhiSansSC-Bold.otf"


def test_a_font_that_was_installed_after_the_list_was_made_is_found(
    font_list: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fontTools.ttLib import TTFont
    from matplotlib import font_manager

    new = tmp_path / "NotoSansCJK-Regular.otf"
    with TTFont(FILES[1]) as font:
        for number in (1, 4):
            font["name"].setName("Noto Sans CJK SC", number, 3, 1, 0x409)
        font.save(new)
    broken = tmp_path / "wqy-broken.ttc"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(broken), str(new), str(tmp_path / "other.ttf")])
    font_list.ttflist[:] = [entry for entry in font_list.ttflist if entry.name.startswith("DejaVu")]
    assert PLOT.families("zh")[:3] == [PLOT.OWN, "DejaVu Sans", "Noto Sans CJK SC"]  # for rarer characters


def test_an_installed_font_serves_where_ours_is_missing(
    font_list: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = next(entry for entry in font_list.ttflist if entry.name == PLOT.OWN)
    font_list.ttflist[:] = [entry for entry in font_list.ttflist if entry.name.startswith("DejaVu")]
    monkeypatch.setattr(PLOT, "FONTS", tmp_path)
    font_list.ttflist.append(dataclasses.replace(entry, name="SimHei"))
    assert PLOT.chinese_font() == "SimHei" and PLOT.families("zh")[0] == "SimHei"


DRAWS = """
import sys
from pathlib import Path
import experiments.analyses.compare.comparison_figures as plots, sim
from experiments.cli.run import picture
from experiments.figures import style
from tests.support.synthetic_comparison import comparison
folder = Path(sys.argv[1])
folder.mkdir()
made = comparison(arms=["full"], weeks=60, replicates=2)
style.save(plots.draw(made, "effects", "zh"), folder / "effects", "zh")
model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 12}), rng=1)
model.run(weeks=3)
picture(model, folder / "run.png", "zh")
"""


def drawn(folder: Path, **settings: str) -> dict[str, bytes]:
    """Figures of a process with such settings, by name of the file."""
    plain = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-c", DRAWS, str(folder)], env={**plain, **settings}, cwd=ROOT, check=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["nonsense", "module://matplotlib_inline.backend_inline"])
def test_figures_do_not_hang_on_the_backend_or_the_style_that_the_user_has(backend: str, tmp_path: Path) -> None:
    style = tmp_path / "style"
    style.mkdir()
    (style / "matplotlibrc").write_text(
        "text.usetex: true\nfont.family: fantasy\nfont.size: 31\naxes.facecolor: red\nlines.linewidth: 9\n"
        "savefig.dpi: 30\nsavefig.transparent: true\nfigure.dpi: 20\naxes.grid: true\n"
    )
    plain = drawn(tmp_path / "plain")
    assert {"run.png", "effects.png"} <= plain.keys()
    assert drawn(tmp_path / "theirs", MPLBACKEND=backend, MATPLOTLIBRC=str(style)) == plain


def test_a_look_at_a_model_needs_no_latex(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    import sim

    model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 12}), rng=1)
    model.run(weeks=3)
    with matplotlib.rc_context({"text.usetex": True, "axes.titlecolor": "red"}):
        figure = sim.plot(model)
        assert figure._repr_png_().startswith(b"\x89PNG")
    assert figure.axes[0].title.get_color() == "red" or figure.axes[0]._left_title.get_color() == "red"


def test_figures_look_alike_whatever_latin_fonts_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"DejaVu Sans", PLOT.OWN}
    for installed in (known, known | {"Liberation Sans", "Arial", "Helvetica"}):
        monkeypatch.setattr(PLOT, "_fonts", lambda installed=installed: frozenset(installed))
        assert PLOT.families("en") == ["DejaVu Sans", PLOT.OWN] and PLOT.families("zh") == [PLOT.OWN, "DejaVu Sans"]
