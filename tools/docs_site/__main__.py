"""`python -m tools.docs_site`: build the site in both languages, without warnings, and check its links."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.docs_site.link_check import problems
from tools.docs_site.page_tree import ROOT

LANGUAGES: Final = {"en": "en", "zh": "zh_CN"}
ENTRANCE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Gongzhi · 共治</title>
<meta http-equiv="refresh" content="0; url=en/docs/index.html">
<script>if ((navigator.language || "").startsWith("zh")) location.replace("zh/docs/index.html");</script></head>
<body><p><a href="en/docs/index.html">English</a> · <a href="zh/docs/index.html">中文</a></p></body></html>
"""


def build(out: Path) -> int:
    """Build both languages at once; return the number of those that failed."""
    shutil.rmtree(out, ignore_errors=True)
    # Offline: a page that wants to fetch something fails instead.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1", "MPLBACKEND": "Agg"}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", "-b", "html"]
            + ["-d", str(out.parent / "doctrees" / name), "-D", f"language={code}", ".", str(out / name)],
            cwd=ROOT,
            env=environment,
        )
        for name, code in LANGUAGES.items()
    ]
    failed = sum(process.wait() != 0 for process in running)
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.html").write_text(ENTRANCE, encoding="utf-8")
    (out / ".nojekyll").touch()  # folders that begin with _ are part of the site
    return failed


def main() -> int:
    """Build, check, and say where the site is."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs_site", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build/site", help="folder of the site")
    out = parser.parse_args().out.resolve()
    failed = build(out)
    dead = problems(out)
    for line in dead:
        print(line, file=sys.stderr)
    if failed or dead:
        print(f"docs: {failed} of {len(LANGUAGES)} languages failed, {len(dead)} links are dead.", file=sys.stderr)
        return 1
    print(f"docs: {sum(1 for _ in out.rglob('*.html'))} pages; open {out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
