"""Write the notebooks of the course from their texts, with today's outputs.

`python -m tools.notebooks` does so for all of them, `python -m tools.notebooks 02` for those whose name begins so. With
`--prose`, only words are renewed and the outputs stay, which is refused where code has changed.

The texts in ``notebooks/text`` are what is edited and reviewed; a notebook differs from its text only in outputs, in
names of cells that do not change from day to day, and in what Jupyter needs to fold the solutions.
"""

from __future__ import annotations

import ast
import base64
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
TEXTS = NOTEBOOKS / "text"
LARGEST = 400_000  # bytes of a notebook, outputs included
PATIENCE = 1200  # seconds that a cell may take
SOLUTION = "solution"
COLOURS = 96
WIDGET = "application/vnd.jupyter.widget-view+json"  # a bar of progress, which says nothing once a notebook has ended


def texts(*beginnings: str) -> list[Path]:
    """Return the texts of the course in their order, or those whose names begin so."""
    return [path for path in sorted(TEXTS.glob("*.py")) if path.name.startswith(beginnings or "")]


def notebook_of(text: Path) -> Path:
    """Return where the notebook of a text is."""
    return NOTEBOOKS / f"{text.stem}.ipynb"


def read_text(text: Path) -> Any:
    """Return the notebook that a text describes, without outputs."""
    import jupytext

    book = jupytext.read(text)
    book.metadata.pop("jupytext", None)
    for number, cell in enumerate(book.cells, start=1):
        cell.id = f"cell-{number}"
        if SOLUTION in cell.metadata.get("tags", ()):
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    return book


def execute(book: Any) -> Any:
    """Run a notebook in its folder, and store the outputs without times of the day."""
    from nbclient import NotebookClient

    client = NotebookClient(
        book, timeout=PATIENCE, coalesce_streams=True, resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    done = client.execute()
    for cell in done.cells:
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
        for output in cell.get("outputs", ()):
            if picture := output.get("data", {}).get("image/png"):
                output["data"]["image/png"] = smaller(picture)
    done.metadata.pop("widgets", None)
    done.metadata.language_info = {"name": "python"}
    return done


def meaning(code: str) -> list[str]:
    """Return what a cell does: not its layout and its comments, nor the order of its imports."""
    lines = ast.parse(code).body
    imports = sorted(ast.dump(line) for line in lines if isinstance(line, ast.Import | ast.ImportFrom))
    return imports + [ast.dump(line) for line in lines if not isinstance(line, ast.Import | ast.ImportFrom)]


def renew_prose(text: Path) -> Any:
    """Return a notebook with the words of its text and the outputs that it has.

    Raises
    ------
    ValueError
        Where code has changed, so that the outputs may be others.
    """
    import nbformat

    book, stored = read_text(text), nbformat.read(notebook_of(text), as_version=4)
    codes = [[cell for cell in one.cells if cell.cell_type == "code"] for one in (book, stored)]
    if [meaning(cell.source) for cell in codes[0]] != [meaning(cell.source) for cell in codes[1]]:
        raise ValueError(f"{text.name} has other code than its notebook; run it: python -m tools.notebooks {text.stem}")
    for cell, old in zip(*codes, strict=True):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
    book.metadata = stored.metadata
    return book


def smaller(picture: str) -> str:
    """Return a picture with few colours, which figures have anyway: a third of the bytes, and no eye sees it."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def complaints(book: Any) -> Iterator[str]:
    """Name what no output of the course may hold: a warning, an error, a path of the machine."""
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            text = (
                "".join(str(output.get(name, "")) for name in ("text", "traceback"))
                + str(output.get("data", ""))[:9999]
            )
            if output["output_type"] == "error" or output.get("name") == "stderr" or "Warning:" in text:
                yield f"{cell.id}: {text[:300]}"
            elif re.search(r"/(?:home|tmp|root|Users)/", text):
                yield f"{cell.id} shows a path of this machine: {text[:300]}"


def main(arguments: list[str]) -> int:
    import nbformat

    status, prose = 0, "--prose" in arguments
    for text in texts(*(argument for argument in arguments if argument != "--prose")):
        begun = perf_counter()
        try:
            book = renew_prose(text) if prose else execute(read_text(text))
        except ValueError as error:
            print(error)
            status = 1
            continue
        nbformat.write(book, notebook_of(text))
        size = notebook_of(text).stat().st_size
        print(f"{text.stem}: {perf_counter() - begun:.0f} s, {size / 1000:.0f} kB", flush=True)
        faults = [*complaints(book), *([f"more than {LARGEST:,} bytes"] if size > LARGEST else [])]
        print(*(f"  {fault}" for fault in faults), sep="\n" if faults else "", end="\n" if faults else "", flush=True)
        status |= bool(faults)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
