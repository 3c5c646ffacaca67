"""``gongzhi dashboard``: two futures side by side in the browser."""

from __future__ import annotations

import sys
from typing import Annotated

from experiments.cli import options
from experiments.core.option import Option


def dashboard(
    host: Annotated[
        str, Option("Address to serve at; by default only this machine can reach it.", "ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[int, Option("Port to serve at.", "N")] = 8765,
    no_browser: Annotated[bool, Option("Do not open the page.")] = False,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Change policies and assumptions in the browser and see two futures side by side; needs gongzhi[dashboard]."""
    from experiments.dashboard.server import page_address, require_extra, serve
    from experiments.reporting.finding import Finding

    require_extra()
    address = page_address(host, port, lang)
    if not quiet:
        print(Finding("dashboard.serving", address=address).text(lang), file=sys.stderr)
    serve(host, port, open_at="" if no_browser else address)
