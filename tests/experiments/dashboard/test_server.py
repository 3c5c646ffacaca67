"""The server of the dashboard, without Solara: what is done before and beside it."""

from __future__ import annotations

import socket
import threading

import pytest

from experiments.dashboard import server


def test_a_page_is_opened_when_the_server_answers_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, waited = threading.Event(), threading.Event()
    monkeypatch.setattr(server.webbrowser, "open", lambda address: opened.set())
    monkeypatch.setattr(server.time, "sleep", lambda seconds: waited.wait(0.01))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server._open_when_answered, args=("http://x/", "127.0.0.1", port), daemon=True)
        thread.start()
        assert not opened.wait(0.2)
        listening.listen()
        assert opened.wait(30.0)
        thread.join()
