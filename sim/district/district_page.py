"""A district as a notebook shows it: a map to point at, and what there is of each kind."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from markupsafe import Markup

from sim.core.markup import details, dots, paragraph, swatch, table, titled
from sim.core.message_catalogue import MODEL, N_
from sim.core.sentence import text_of
from sim.district.estate_kinds import EstateKind

__all__ = ["district_page"]

gettext: Final = MODEL.gettext

_KINDS: Final = {
    EstateKind.COMMODITY: N_("commodity housing"),
    EstateKind.URBAN_VILLAGE: N_("urban villages"),
    EstateKind.BUILDING: N_("single buildings"),
}
NOTES: Final = 20
"""Notes that are shown."""


def district_page(district: Any, lang: str = "en") -> Markup:
    """Return the page of a district.

    Parameters
    ----------
    district
        A `sim.District`.
    lang
        `en` or `zh`.

    Examples
    --------
    >>> import sim
    >>> "<svg" in district_page(sim.District.synthetic(estates=12, seed=1))
    True
    """
    households = district.households
    names = [
        gettext(lang, "{estate}: {households:,} households", estate=str(name), households=count)
        for name, count in zip(district.names, households.tolist(), strict=True)
    ]
    title = gettext(
        lang,
        "District: {estates:,} estates, {households:,} households",
        estates=district.estates,
        households=int(households.sum()),
    )
    drawn = dots(district.x, district.y, households, district.kind, names, title)
    rows = [
        (
            swatch(int(kind)) + gettext(lang, words),
            int((district.kind == kind).sum()),
            int(households[district.kind == kind].sum()),
        )
        for kind, words in _KINDS.items()
    ]
    kinds = table([gettext(lang, name) for name in (N_("kind"), N_("estates"), N_("households"))], rows, lang)
    counts = table(
        ["", gettext(lang, N_("number"))],
        [
            (gettext(lang, N_("residents, adults")), int(district.adults.sum())),
            (gettext(lang, N_("communities")), district.communities),
            (gettext(lang, N_("streets")), district.streets),
            (gettext(lang, N_("property firms")), district.firms),
            (gettext(lang, N_("owners' committees")), int(np.count_nonzero(district.committee))),
        ],
        lang,
    )
    parts = [_BESIDE.format(drawn, kinds, counts)]
    parts.append(
        paragraph(gettext(lang, "Areas of the marks follow the households; .to_frame() has all columns."), quiet=True)
    )
    if district.notes:
        listed = Markup("").join(paragraph(text_of(note, lang)) for note in district.notes[:NOTES])
        parts.append(
            details(gettext(lang, "What was made up or filled in: {number} notes", number=len(district.notes)), listed)
        )
    return titled(title, *parts)


_BESIDE: Final = Markup(
    '<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start"><div>{}</div><div>{}</div><div>{}</div>'
    "</div>"
)
