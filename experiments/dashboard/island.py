"""The page as a widget: it shows what it is given and passes on events, which are data, and nothing else.

A plain Vue widget of ipyvue lets a page name any class of any module, to be made with arguments of its choice, and any
method with the prefix ``vue_``.  A page is not to be trusted with either: here a message from it is an event of one
name with a plain value, or it is dropped.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

PARTS: Final = ("words", "controls", "values", "setup", "answer", "charts", "ground", "view", "disputes", "file")
"""What the page is given, as `views.page` names it; each is sent when it changes."""
EVENT: Final = "send"


@cache
def island() -> Any:
    """Return the class of the widget; ipyvue is read when the dashboard is used."""
    import ipyvue
    import traitlets

    class Events(ipyvue.VueTemplate):
        template_file = (str(Path(__file__)), "page.vue")
        listener = traitlets.Any(None, allow_none=True)

        def vue_send(self, event: Any) -> None:
            if self.listener is not None:
                self.listener(event)

        def _handle_event(self, _: Any, content: Any, _buffers: Any) -> None:
            if isinstance(content, dict) and content.get("event") == EVENT and not content.keys() - {"event", "data"}:
                self.vue_send(content.get("data"))

        def set_state(self, sync_data: Any) -> None:
            """Take nothing from the page: what it shows is decided by the session."""

    traits = {part: traitlets.Any(None, allow_none=True).tag(sync=True) for part in PARTS}
    return type("Island", (Events,), traits)
