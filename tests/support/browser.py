"""A real browser without a window: what a page's scripts leave behind, and what it prints."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

__all__ = ["after_scripts", "printed"]

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET: Final = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run".split()


def after_scripts(page: Path, script: str = "") -> str:
    """Return a page as it is after its scripts have run, and one more at its end; skip without a browser."""
    copy = page.with_name(f"{page.stem}-probe.html")
    source = page.read_text(encoding="utf-8").replace("</body>", f"<script>{script}</script></body>")
    copy.write_text(source, encoding="utf-8")
    return _browse(copy, "--virtual-time-budget=5000", "--dump-dom").decode("utf-8")


def printed(page: Path) -> bytes:
    """Return what a page is on paper, a PDF without its dates, title and anchors; skip without a browser."""
    target = page.with_suffix(".pdf")
    _browse(
        page,
        "--virtual-time-budget=5000",
        "--no-pdf-header-footer",
        "--disable-pdf-tagging",
        f"--print-to-pdf={target}",
    )
    # Anchors stand in an order of their own.
    dated = rb"/(CreationDate|ModDate|Title) \([^)]*\)|/[\w-]+ \[\d+ 0 R /XYZ [^]]*\]\s*"
    return re.sub(dated, b"", target.read_bytes())


def _browse(page: Path, *options: str) -> bytes:
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        pytest.skip("there is no Chromium")
    folder = f"--user-data-dir={page.parent / 'browser'}"
    done = subprocess.run(
        [browser, *QUIET, folder, *options, page.as_uri()], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    return done.stdout
