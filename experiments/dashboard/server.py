"""The server of the dashboard: Solara's, bound to this machine, with nothing fetched from anywhere.

Solara's own page takes its scripts from a server in the network, or from the package `solara-assets` where that is
installed.  Here it is, and the address of the other is one that leads nowhere: a page that works here works in a room
without a network, and one that lacks a file says so at once.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import warnings
import webbrowser
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

from sim.core.errors import PathError

EXTRA: Final = ("solara", "ipyvue", "uvicorn")
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
NOWHERE: Final = "http://127.0.0.1:9/"
"""In place of the server from which Solara would fetch scripts that it does not find here."""
MOST_MESSAGE: Final = 4_000_000
"""Bytes of a message from a page: more than a table of `session.MOST_BYTES`, coded."""
SETTINGS: Final = {
    "SOLARA_ASSETS_CDN": NOWHERE,
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_MODE": "production",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Gongzhi",
    "SOLARA_APP": "experiments.dashboard.solara_page",
}


def require_extra() -> None:
    """Raise the error that says what to install, where something is missing."""
    if missing_parts := [name for name in EXTRA if find_spec(name) is None]:
        raise PathError(
            f'The dashboard needs {", ".join(missing_parts)}: install the extra, pip install "gongzhi[dashboard]".'
        )


class SameHost:
    """Lets in what comes from a page of this server, and nothing that a page of another server sends here.

    A browser lets any page on the web open a connection to a server on the same machine.  It names the page's origin,
    which must be this server's own; and the name under which a loopback server is called must be one of loopback, so
    that no other name can be made to lead here.
    """

    def __init__(self, app: Any, host: str) -> None:
        self.app = app
        self.loopback = host in LOOPBACK

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on a request or a connection, or refuse it."""
        if scope["type"] in ("http", "websocket") and not self.allows(dict(scope["headers"])):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await send({"type": "http.response.start", "status": 403, "headers": []})
                await send({"type": "http.response.body", "body": b"This server is for its own page.\n"})
            return
        await self.app(scope, receive, send)

    def allows(self, headers: dict[bytes, bytes]) -> bool:
        """Return whether a request with such headers is let in.

        Examples
        --------
        >>> own = SameHost(None, "127.0.0.1")
        >>> own.allows({b"host": b"localhost:8765", b"origin": b"http://localhost:8765"})
        True
        >>> own.allows({b"host": b"localhost:8765", b"origin": b"https://example.org"})
        False
        >>> own.allows({b"host": b"example.org:8765"}), SameHost(None, "0.0.0.0").allows({b"host": b"class:8765"})
        (False, True)
        """
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        named = urlsplit(f"//{host}").hostname
        if self.loopback and named not in LOOPBACK:
            return False
        return not origin or urlsplit(origin).netloc == host


def page_address(host: str, port: int, lang: str = "en") -> str:
    """Return the address under which the page opens in a language.

    Examples
    --------
    >>> page_address("127.0.0.1", 8765), page_address("::1", 8765, "zh")
    ('http://127.0.0.1:8765/', 'http://[::1]:8765/?lang=zh')
    """
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + ("" if lang == "en" else f"?lang={lang}")


def require_free(host: str, port: int) -> None:
    """Raise the error that says what to do where the address is not to be had."""
    if not 0 < port < 65536:
        raise PathError(f"--port {port} is no port: give a number from 1 to 65535.")
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise PathError(
            f"The dashboard cannot be served at {host}, port {port}: {reason}. Try another --port."
        ) from None


def _open_when_answered(address: str, host: str, port: int) -> None:
    """Open a page in a browser as soon as its server takes connections, for two minutes at most."""
    for _ in range(600):
        try:
            socket.create_connection((host, port), timeout=1.0).close()
        except OSError:
            time.sleep(0.2)
            continue
        webbrowser.open(address)
        return


def serve(host: str = LOOPBACK[0], port: int = 8765, open_at: str = "") -> None:
    """Serve the dashboard until it is ended, by default for nobody but this machine.

    The page `open_at` is opened in a browser when the server answers.
    """
    require_extra()
    require_free(host, port)
    os.environ.update(SETTINGS)
    # Of every page it says that cookies would need HTTPS in a frame of another site, where this page is never shown.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none", category=UserWarning)
    import uvicorn
    from solara.server.starlette import app

    if open_at:
        threading.Thread(target=_open_when_answered, args=(open_at, host, port), daemon=True).start()
    uvicorn.run(SameHost(app, host), host=host, port=port, log_level="warning", ws_max_size=MOST_MESSAGE)
