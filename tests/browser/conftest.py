"""A server of the dashboard, and Chromium, which the tests of pages share; without either they are skipped.

`make test-browser` sets up what they need beside the main environment.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.repository import ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium; `GONGZHI_CHROMIUM` names another one."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("GONGZHI_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium here; GONGZHI_CHROMIUM can say where it is")
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard of its own, which runs as a user would run it."""
    pytest.importorskip("solara")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "experiments", "dashboard", "--port", str(port), "--no-browser"]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    output = tmp_path_factory.mktemp("dashboard") / "output.txt"
    address = f"http://127.0.0.1:{port}/"
    with (
        output.open("wb") as lines,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=lines) as server,
    ):
        try:
            deadline = time.monotonic() + 120
            while not _answers(address):
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the dashboard does not answer: {output.read_text(encoding='utf-8')}")
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as page:
            return bool(page.read())
    except OSError:
        return False
