"""`python -m tools.docs_site.translations`: bring the site's Chinese catalogues up to date with the English pages.

A sentence that changed stands in its file untranslated (Babel marks a similar one as fuzzy); the tests name both.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.docs_site.page_tree import ROOT

CATALOGUES: Final = ROOT / "docs/locale"
LANGUAGE: Final = "zh_CN"
HEADER: Final = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_CN\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def translated_pages() -> list[str]:
    """Return the pages that have a catalogue, as site.toml names them."""
    return list(tomllib.loads((ROOT / "docs/site.toml").read_text(encoding="utf-8"))["catalogues"])


def catalogue_of(page: str) -> Path:
    """Return the file of a page's translations."""
    return CATALOGUES / LANGUAGE / "LC_MESSAGES" / f"{page}.po"


def unfinished(page: str) -> Iterator[str]:
    """Yield what of a page is untranslated, or translated from an older sentence."""
    from babel.messages.pofile import read_po

    with catalogue_of(page).open("rb") as file:
        for message in read_po(file):
            if message.id and (not message.string or message.fuzzy):
                yield str(message.id)


def tidy(page: str) -> None:
    """Write a page's file without dates and places, so that it changes only where a sentence does."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    path = catalogue_of(page)
    with path.open("rb") as file:
        catalog: Catalog = read_po(file)
    body = io.BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, ignore_obsolete=True)
    path.write_bytes(HEADER.encode() + body.getvalue())


def extract(out: Path) -> None:
    """Write the messages of these pages, a template for each."""
    shutil.rmtree(out, ignore_errors=True)
    files = [f"{page}.md" for page in translated_pages()]
    subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-E",
            "-c",
            "docs",
            "-b",
            "gettext",
            "-d",
            str(out.parent / "doctrees/pot"),
        ]
        + [".", str(out), *files],
        cwd=ROOT,
        check=True,
    )


def main() -> None:
    """Extract, update, and count what is left to translate."""
    out = ROOT / "build/gettext"
    extract(out)
    for template in out.rglob("*.pot"):
        if template.relative_to(out).with_suffix("").as_posix() not in translated_pages():
            template.unlink()
    subprocess.run(
        [sys.executable, "-m", "sphinx_intl", "update", "-p", str(out), "-l", LANGUAGE, "-d", str(CATALOGUES)]
        + ["--no-obsolete", "-w", "0"],
        cwd=ROOT,
        check=True,
    )
    for page in translated_pages():
        tidy(page)
        for message in unfinished(page):
            print(f"{page}: {message}")


if __name__ == "__main__":
    main()
