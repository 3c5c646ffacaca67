"""What strangers may send to the dashboard's server: it gives away no file, runs no code, and goes on answering."""

from __future__ import annotations

import http.client
import json
import secrets
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.slow

OUTSIDE = [
    f"{place}{way}"
    for place in ("/", "/static/public/", "/static/assets/", "/static/nbextensions/", "/_solara/cdn/")
    for way in ("../../../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/pyproject.toml")
]


def answered(served: str, path: str = "/", **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(urlsplit(served).netloc, timeout=60)) as line:
        line.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.read()


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_file_beside_its_own_is_given_away(served: str, path: str) -> None:
    status, body = answered(served, path)
    assert status == 404 and b"root:" not in body and b"gongzhi" not in body


def test_pages_of_others_are_not_let_in(served: str) -> None:
    port = urlsplit(served).port
    for headers in ({"Host": "example.org"}, {"Host": f"localhost:{port}", "Origin": "http://example.org"}):
        assert answered(served, **headers)[0] == 403


@pytest.mark.parametrize("query", ["estates=1e9&weeks=-5&replicates=abc", "lang=%00&estates=%ff", "left=__import__"])
def test_an_address_that_makes_no_sense_opens_the_page(served: str, query: str) -> None:
    assert answered(served, f"/?{query}")[0] == 200


def message(kind: str, **content: Any) -> str:
    head = {"msg_type": kind, "msg_id": "1", "session": "a"}
    return json.dumps({"header": head, "channel": "shell", "content": content, "parent_header": {}, "metadata": {}})


@pytest.mark.parametrize("sent", ["code", "nonsense", "bytes", "deep", "large", "page"])
def test_what_comes_through_the_line_of_a_page_is_not_run(served: str, sent: str, tmp_path: Path) -> None:
    client = pytest.importorskip("websockets.sync.client")
    closed = pytest.importorskip("websockets.exceptions").ConnectionClosed

    trace, name = tmp_path / "trace", secrets.token_hex(8)
    messages: dict[str, str | bytes] = {
        "code": message("execute_request", code=f"open({str(trace)!r}, 'w').close()", silent=False),
        "nonsense": '{"header": 1}',
        "bytes": b"\xff" * 1000,
        "deep": "[" * 100_000,
        "large": "x" * 5_000_000,
        "page": message("app-run", path="/../../etc", dark=False),
    }
    address = served.replace("http", "ws", 1) + f"jupyter/api/kernels/{name}/channels?session_id={name}"

    cookie = {"Cookie": f"solara-session-id={name}"}
    # The server may end the line at the first letter, or while it is still being written to.
    with client.connect(address, additional_headers=cookie) as line, suppress(TimeoutError, closed):
        line.send(messages[sent])
        line.recv(timeout=2.0)
    assert answered(served)[0] == 200 and not trace.exists()
