"""What a page can do to the server: send events, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from experiments.dashboard.island import PARTS
from experiments.dashboard.server import EXTRA, SameHost, page_address, require_extra, require_free
from sim.core.errors import PathError


def test_a_message_of_a_page_is_an_event_or_is_dropped() -> None:
    """A plain widget of ipyvue makes an object of whichever class of whichever module a page names."""
    pytest.importorskip("ipyvue")
    from experiments.dashboard.island import island

    events: list[Any] = []
    widget = island()(listener=events.append)
    widget._handle_event(None, {"event": "send", "data": {"do": "stop"}}, [])
    assert events == [{"do": "stop"}]
    for message in (
        {"create_widget": ["subprocess", "Popen"], "props": {"args": ["true"]}, "id": "1"},
        {"event": "send", "data": 1, "create_widget": ["os", "system"]},
        {"event": "close"},
        {"update_ref": {}, "id": "1", "prop": "listener"},
        {"destroy_widget": "1"},
        "send",
    ):
        widget._handle_event(None, message, [])
    assert events == [{"do": "stop"}]
    widget.set_state({"setup": {"full": True}, "template": "<script/>"})
    assert widget.setup is None
    widget.close()


def test_the_widget_has_every_part_of_the_page() -> None:
    from experiments.dashboard import views
    from experiments.dashboard.session import Session

    with Session("estates=6&weeks=8&replicates=1") as session:
        assert tuple(views.page(session)) == PARTS


def test_a_page_of_another_site_is_refused() -> None:
    own, wide = SameHost(None, "127.0.0.1"), SameHost(None, "0.0.0.0")
    assert own.allows({b"host": b"127.0.0.1:8765"}) and own.allows({b"host": b"[::1]:8765"})
    assert not own.allows({b"host": b"rebound.example:8765", b"origin": b"http://rebound.example:8765"})
    assert not own.allows({b"host": b"127.0.0.1:8765", b"origin": b"http://127.0.0.1:9999"})
    assert not own.allows({}) and not wide.allows({b"host": b"class:8765", b"origin": b"null"})
    assert wide.allows({b"host": b"class:8765", b"origin": b"http://class:8765"})


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.dashboard.server.find_spec", lambda name: None)
    with pytest.raises(PathError, match=r"gongzhi\[dashboard\]") as error:
        require_extra()
    assert EXTRA[0] in str(error.value)


def test_a_port_that_is_taken_or_none_is_said() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(PathError, match="--port"):
        require_free("127.0.0.1", server.getsockname()[1])
    with pytest.raises(PathError, match="65535"):
        require_free("127.0.0.1", 0)
    assert page_address("127.0.0.1", 80, "zh").endswith("?lang=zh")


def test_help_needs_no_extra() -> None:
    code = "import sys, experiments.dashboard.server, experiments.dashboard.solara_page; print('solara' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr
