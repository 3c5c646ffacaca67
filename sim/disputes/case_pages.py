"""Disputes and incidents as a notebook shows them: how many of which kind, and the latest of them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from markupsafe import Markup

from sim.core.codes import CATEGORIES, ENDS, OPEN
from sim.core.markup import paragraph, table, titled
from sim.core.message_catalogue import MODEL, N_
from sim.disputes.case_table import desk_places
from sim.disputes.story import ABOUT, desk_name

__all__ = ["cases_page", "incidents_page"]

gettext: Final = MODEL.gettext

_ENDS: Final = dict(zip(ENDS, (N_("open"), N_("settled"), N_("failed"), N_("withdrawn")), strict=True))
LATEST: Final = 8
"""Cases that are listed."""


def _about(lang: str, category: int) -> str:
    return gettext(lang, ABOUT[CATEGORIES[category]])


def cases_page(model: Any, lang: str = "en") -> Markup:
    """Return the page of all cases of a model."""
    book, lately = model.disputes.book, model.disputes.book.size
    category, end = book.category[:lately], book.end[:lately]
    counts = np.zeros((len(CATEGORIES), len(ENDS)), dtype=np.int64)
    np.add.at(counts, (category, end), 1)
    head = ["", *(gettext(lang, name) for name in (*_ENDS.values(), N_("all")))]
    rows = [(_about(lang, place), *row, row.sum()) for place, row in enumerate(counts)]
    title = gettext(lang, "Disputes: {cases:,} cases", cases=lately)
    parts = [table(head, [*rows, (gettext(lang, "all"), *counts.sum(axis=0).tolist(), lately)], lang)]
    if lately:
        parts.append(_latest(model, range(lately - 1, max(lately - 1 - LATEST, -1), -1), lang))
        parts.append(
            paragraph(
                gettext(lang, ".to_frame() has all cases, and .story({case}) tells one of them.", case=lately - 1),
                quiet=True,
            )
        )
    return titled(title, *parts)


def _latest(model: Any, rows: range, lang: str) -> Markup:
    book, places = model.disputes.book, desk_places(model)
    names = (N_("case"), N_("filed in week"), N_("estate"), N_("about"), N_("handled by"), N_("how it stands"))
    listed = []
    for row in rows:
        desk, end = int(book.desk[row]), int(book.end[row])
        stands = gettext(lang, _ENDS[ENDS[end]])
        if end != OPEN:
            stands = gettext(lang, "{end} in week {week:.1f}", end=stands, week=float(book.ended[row]))
        listed.append(
            (
                row,
                f"{float(book.filed[row]):.1f}",
                model.district.names[book.estate[row]],
                _about(lang, int(book.category[row])),
                desk_name(model.desks, desk, places[desk], lang),
                stands,
            )
        )
    return table([gettext(lang, name) for name in names], listed, lang)


def incidents_page(model: Any, lang: str = "en") -> Markup:
    """Return the page of all incidents of a model."""
    incidents = model.incidents
    book = incidents.book
    active = incidents.active[incidents.under_way(incidents.active)]
    size = len(CATEGORIES)
    ever = np.bincount(book.category[: book.size], minlength=size).tolist()
    now = np.bincount(book.category[active], minlength=size).tolist()
    rows = [(_about(lang, place), now[place], ever[place]) for place in range(size)]
    head = ["", *(gettext(lang, name) for name in (N_("under way"), N_("so far")))]
    title = gettext(lang, "Incidents: {now:,} under way, {ever:,} so far", now=active.size, ever=book.size)
    return titled(
        title,
        table(head, [*rows, (gettext(lang, "all"), active.size, book.size)], lang),
        paragraph(gettext(lang, "Each is a cause of disputes; .to_frame() has all."), quiet=True),
    )
