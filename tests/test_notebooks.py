"""The course of notebooks: each is its text with today's outputs, answers what it asks, and runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.support.repository import ROOT
from tools.notebooks import LARGEST, NOTEBOOKS, SOLUTION, complaints, execute, meaning, notebook_of, read_text, texts

TEXTS = texts()
PAIRS = [pytest.param(text, id=text.stem) for text in TEXTS]
QUICK = re.findall(r"^QUICK_NOTEBOOKS := (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[
    0
].split()
"""Those that `make test` runs; all others are run here, by `make test-slow`."""
LONG = [pytest.param(text, id=text.stem) for text in TEXTS if f"notebooks/{text.stem}.ipynb" not in QUICK]
DECIDED = re.compile(r"\b(?:helps|harms|falls|rises|equivalent)\b|有利|不利|上升|下降|等效")
UNDECIDED = re.compile(r"undecided|size open|未定")


def stored(text: Path) -> Any:
    """The notebook of a text, as it is kept."""
    return nbformat.read(notebook_of(text), as_version=4)


def tagged(cell: Any) -> bool:
    return SOLUTION in cell.metadata.get("tags", ())


def shown(cell: Any) -> str:
    """What a reader sees below a cell, without pictures."""
    data = (output.get("data", {}) for output in cell.get("outputs", ()))
    return " ".join(re.sub("<[^>]+>", " ", str(one.get("text/html", one.get("text/plain", "")))) for one in data)


def test_every_notebook_has_a_text_and_the_quick_ones_exist() -> None:
    assert {notebook_of(text) for text in TEXTS} == set(NOTEBOOKS.glob("*.ipynb"))
    assert QUICK and all((ROOT / name).exists() for name in QUICK)


@pytest.mark.parametrize("text", PAIRS)
def test_a_notebook_says_what_its_text_says(text: Path) -> None:
    pytest.importorskip("jupytext")
    book, source = stored(text), read_text(text)
    assert [cell.id for cell in book.cells] == [cell.id for cell in source.cells]
    for kept, written in zip(book.cells, source.cells, strict=True):
        assert (kept.cell_type, kept.source, kept.metadata) == (written.cell_type, written.source, written.metadata), (
            f"{kept.id} differs from {text.name}: python -m tools.notebooks {text.stem}"
        )


@pytest.mark.parametrize("text", PAIRS)
def test_outputs_are_stored_whole_and_small_and_without_warnings(text: Path) -> None:
    book = stored(text)
    counts = [cell.execution_count for cell in book.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert not list(complaints(book))
    assert notebook_of(text).stat().st_size <= LARGEST


@pytest.mark.parametrize("text", PAIRS)
def test_it_opens_with_goals_and_every_exercise_has_a_solution(text: Path) -> None:
    cells = stored(text).cells
    assert re.search(r"you can\*\*|你可以\*\*", cells[0].source)
    exercises = next(cell.source for cell in cells if re.search(r"^## (?:Exercises|练习)$", cell.source, re.MULTILINE))
    numbers = re.findall(r"^(\d)\. \*\*", exercises, re.MULTILINE)
    solved = re.findall(r"(?:Solution |答案 ?)(\d)", " ".join(cell.source for cell in cells if tagged(cell)))
    assert numbers and list(dict.fromkeys(solved)) == numbers


@pytest.mark.parametrize(
    "text", [text for text in TEXTS if text.stem.startswith(("02", "03"))], ids=lambda text: text.stem
)
def test_the_first_comparison_is_decided(text: Path) -> None:
    cells = stored(text).cells
    first = next(number for number, cell in enumerate(cells) if ".compare(" in cell.source and not tagged(cell))
    answer = " ".join(
        shown(cell) + "".join(output.get("text", "") for output in cell.get("outputs", ()))
        for cell in cells[first : first + 3]
    )
    assert DECIDED.search(answer) and not UNDECIDED.search(answer)


@pytest.mark.parametrize("text", PAIRS)
def test_a_verdict_is_shown_beside_the_interval_on_which_it_rests(text: Path) -> None:
    for cell in stored(text).cells:
        if cell.cell_type == "code" and re.search(r"row\.verdict|\"verdict\"", cell.source):
            assert "ci_low" not in cell.source or "sim_low" in cell.source, cell.source


@pytest.mark.parametrize("text", PAIRS)
def test_links_of_a_notebook_lead_to_files(text: Path) -> None:
    prose = "\n".join(cell.source for cell in stored(text).cells if cell.cell_type == "markdown")
    targets = re.findall(r"\]\(([^)#\s]+)", prose)
    assert targets and not [target for target in targets if not (NOTEBOOKS / target).exists()]


def test_words_are_renewed_only_where_the_code_is_the_same() -> None:
    assert meaning("import b\nimport a\nf( 1)  # one") == meaning("import a\nimport b\n\nf(1)") != meaning("f(1)")
    assert meaning("f(1)") != meaning("f(2)")


def test_chinese_notebooks_follow_the_english_ones() -> None:
    chinese = [text for text in TEXTS if text.stem.endswith(".zh")]
    assert len(chinese) == 3
    for text in chinese:
        english = stored(text.with_name(text.name.replace(".zh", "")))
        cells = stored(text).cells
        assert sum(map(tagged, cells)) == sum(map(tagged, english.cells))
        prose = "".join(cell.source for cell in cells if cell.cell_type == "markdown")
        assert len(re.findall("[\u4e00-\u9fff]", prose)) > 500


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG)
def test_it_runs(text: Path) -> None:
    book = execute(stored(text))
    assert not list(complaints(book))
