"""The page as Solara serves it: one session for each open page, shown anew when it changes.

Solara is an extra, and read when it asks this module for `Page` and `Layout`.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _components() -> dict[str, Any]:
    import solara

    from experiments.dashboard import views
    from experiments.dashboard.island import island
    from experiments.dashboard.session import Session

    @solara.component
    def Page() -> None:
        _, redraw = solara.use_state(0)
        router = solara.use_router()

        def changed() -> None:
            redraw(lambda number: number + 1)

        session = solara.use_memo(lambda: Session(router.search or "", changed), [])
        solara.use_effect(lambda: session.close, [])
        solara.Title(views.page_words(session.lang)["labels"]["title"])
        island().element(listener=session.act, **views.page(session))

    @solara.component
    def Layout(children: Any = ()) -> None:
        solara.Column(children=list(children), gap="0px")

    return {"Page": Page, "Layout": Layout}


def __getattr__(name: str) -> Any:
    if name in ("Page", "Layout"):
        return _components()[name]
    raise AttributeError(name)
