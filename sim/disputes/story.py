"""One case, told in sentences: who filed it, over what, what happened to it, and what came of it.

A table has all cases and no story.  Whoever wants to see what the mechanisms do follows one person through them.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any, Final, Self

import numpy as np
from markupsafe import Markup

from sim.core.codes import CATEGORIES, DESKS, ENDS, OPEN, PLATFORM_DESK, SETTLED, WITHDRAWN
from sim.core.errors import CaseError, unknown
from sim.core.markup import paragraph, titled
from sim.core.message_catalogue import LANGUAGES, MODEL, N_
from sim.disputes.case_history import ATTACHED, INFORMED, LEADS, MET, REFERRED
from sim.disputes.case_table import children, desk_places

__all__ = ["ABOUT", "Story", "desk_name", "story"]

gettext: Final = MODEL.gettext

ABOUT: Final = dict(
    zip(
        CATEGORIES,
        (
            N_("the firm's service"),
            N_("a broken facility"),
            N_("parking"),
            N_("noise"),
            N_("charging of electric bikes"),
            N_("fees"),
            N_("the owners' committee"),
        ),
        strict=True,
    )
)
_DESK: Final = dict(
    zip(
        DESKS,
        (
            N_("the property firm's desk in {place}"),
            N_("the owners' committee of {place}"),
            N_("the branch of {place}"),
            N_("the deliberation platform of {place}"),
            N_("the desk of community {place}"),
            N_("the desk of street {place}"),
            N_("the district's desk"),
        ),
        strict=True,
    )
)
_FOLLOWED: Final = dict(
    zip(
        ENDS,
        (
            N_("It comes back to case {case}."),
            N_("It comes back to case {case}, whose agreement broke."),
            N_("It comes back to case {case}, which was handled in vain."),
            N_("It comes back to case {case}, which was withdrawn."),
        ),
        strict=True,
    )
)


class Story(str):
    """A case told in sentences, a line each; in a notebook they stand under each other.

    It is a text in one language, and keeps the others, since the model may be some weeks on when it is shown.

    Examples
    --------
    >>> Story({"en": "The case is filed.\\nIt is settled.", "zh": "…"}, "en").splitlines()
    ['The case is filed.', 'It is settled.']
    """

    __slots__ = ("lang", "texts")
    lang: str
    texts: dict[str, str]

    def __new__(cls, texts: dict[str, str], lang: str) -> Self:
        """Tell a story of its texts by language, in one of them."""
        told = super().__new__(cls, texts[lang])
        told.lang, told.texts = lang, texts
        return told

    def __reduce__(self) -> tuple[type[Story], tuple[dict[str, str], str]]:
        return Story, (self.texts, self.lang)

    def _html(self, lang: str) -> Markup:
        first, *later = self.texts[lang].split("\n")
        return titled(first, *map(paragraph, later))

    def _repr_html_(self) -> str:
        return str(self._html(self.lang))


def desk_name(desks: Any, desk: int, place: str, lang: str = "en") -> str:
    """Name a desk, shipped or of a component of a user, and its place."""
    kind = int(desks.kind[desk])
    if kind >= len(DESKS):
        return str(desks.own[kind - len(DESKS)].title(place, lang))
    return gettext(lang, _DESK[DESKS[kind]], place=place)


def story(model: Any, case: int, lang: str = "en") -> Story:
    """Tell one case from its beginning to its end, a sentence a line.

    Parameters
    ----------
    model
        Whose case it is.
    case
        Its row in the ledger.
    lang
        One of `LANGUAGES`.

    Raises
    ------
    CaseError
        Where there is no such case, or no such language.
    """
    size = model.disputes.book.size
    if lang not in LANGUAGES:
        raise CaseError(unknown("language", lang, LANGUAGES))
    if isinstance(index := getattr(case, "name", None), int | np.integer):
        case = int(index)  # a row of model.disputes.to_frame()
    try:
        row = operator.index(case)
    except TypeError:
        row = -1
    if not 0 <= row < size or isinstance(case, bool):
        known = f"Cases are 0 to {size - 1:,}, the index of model.disputes.to_frame()" if size else "There is none yet"
        given = type(case).__name__ if hasattr(case, "iloc") else repr(case)
        raise CaseError(f"There is no case {given}. {known}.")
    return Story({each: "\n".join(_Teller(model, row, each).sentences()) for each in LANGUAGES}, lang)


class _Teller:
    """What is known of one case, and the sentences that say it."""

    def __init__(self, model: Any, row: int, lang: str) -> None:
        self.model, self.row, self.lang = model, row, lang
        book, origins = model.disputes.book, model.disputes.origins
        self.book = book
        self.case = {name: book.arrays()[name][row].item() for name in book.columns}
        self.arrival, self.first_desk = int(origins.arrival[row]), int(origins.desk[row])
        self.places = desk_places(model)

    def sentences(self) -> Iterator[str]:
        """Yield the sentences in order."""
        yield from self._beginning()
        yield from self._events()
        yield from self._end()
        yield from self._afterwards()

    def _desk(self, desk: int) -> str:
        return desk_name(self.model.desks, desk, self.places[desk], self.lang)

    def _moment(self, moment: float) -> str:
        return f"{moment:.1f}"

    def _beginning(self) -> Iterator[str]:
        case, incidents, lang = self.case, self.model.incidents, self.lang
        resident = gettext(lang, "resident {person}", person=case["person"])
        if self.arrival:
            resident = gettext(
                lang, "resident {person}, who had moved in in week {week}", person=case["person"], week=self.arrival
            )
        yield gettext(
            lang,
            "Case {case}: in week {moment}, {resident} of {estate} filed a case with {desk}; it is about {category}.",
            case=self.row,
            moment=self._moment(case["filed"]),
            resident=resident,
            estate=self.model.district.names[case["estate"]],
            desk=self._desk(self.first_desk),
            category=gettext(lang, ABOUT[CATEGORIES[case["category"]]]),
        )
        incident = case["incident"]
        if incident >= 0:
            yield gettext(
                lang,
                "The cause is incident {incident}, which began in week {week}.",
                incident=incident,
                week=int(incidents.book.began[incident]),
            )
        times = f"{np.exp(case['severity']):.2f}"
        yield gettext(
            lang, "The grievance was {times} times the level at which this resident comes into conflict.", times=times
        )
        if case["parent"] >= 0:
            end = ENDS[int(self.book.end[case["parent"]])]
            yield gettext(lang, _FOLLOWED[end], case=case["parent"])

    def _events(self) -> Iterator[str]:
        disputes, lang, case = self.model.disputes, self.lang, self.case
        history = disputes.history
        rows = (history.case[: history.size] == self.row).nonzero()[0]
        rows = rows[history.moment[rows].argsort(kind="stable")]
        sent = [int(history.desk[row]) for row in rows if history.event[row] not in (MET, ATTACHED, LEADS, INFORMED)]
        path = [*sent, case["desk"]]
        desk, met = path.pop(0), 0
        needed = int(disputes.handoffs[case["category"]])
        for row in rows:
            event, when = int(history.event[row]), float(history.moment[row])
            moment = self._moment(when)
            if event == MET:
                met += 1
                joined = not path and case["handoffs"] == 0 and when == case["joined"]
                yield self._met(moment, desk, met, last=joined or met == needed)
            elif event == ATTACHED:
                yield gettext(
                    lang,
                    "In week {moment} it joined another case over the same cause at the same desk; "
                    "both are one matter, and the other leads.",
                    moment=moment,
                )
            elif event == LEADS:
                yield gettext(
                    lang,
                    "In week {moment} it took the lead of the matter, since the case that had led it left.",
                    moment=moment,
                )
            elif event == INFORMED:
                yield gettext(
                    lang,
                    "In week {moment} the resident was informed of what had been settled over the cause; "
                    "no party needs to be met any more.",
                    moment=moment,
                )
            elif event == REFERRED:
                before, desk, met = desk, path.pop(0), 0
                yield gettext(
                    lang,
                    "In week {moment} {before} referred the case to {after}.",
                    moment=moment,
                    before=self._desk(before),
                    after=self._desk(desk),
                )
            else:
                before, desk, met = desk, path.pop(0), 0
                yield gettext(
                    lang,
                    "In week {moment} the resident's patience with {before} ended, and the case went up to {after}.",
                    moment=moment,
                    before=self._desk(before),
                    after=self._desk(desk),
                )

    def _met(self, moment: str, desk: int, met: int, last: bool) -> str:
        lang = self.lang
        if not last:
            return gettext(lang, "In week {moment} party {number} was met.", moment=moment, number=met)
        return gettext(
            lang,
            "In week {moment} the last party was met, and the case joined the queue of {desk}.",
            moment=moment,
            desk=self._desk(desk),
        )

    def _end(self) -> Iterator[str]:
        case, lang = self.case, self.lang
        if case["end"] == OPEN:
            yield self._still_open()
            return
        moment, desk = self._moment(case["ended"]), self._desk(case["desk"])
        if case["end"] == WITHDRAWN:
            yield gettext(lang, "In week {moment} it was withdrawn; it had been with {desk}.", moment=moment, desk=desk)
        elif case["end"] == SETTLED:
            yield gettext(lang, "In week {moment} {desk} settled it: there was an agreement.", moment=moment, desk=desk)
        else:
            yield gettext(lang, "In week {moment} {desk} ended it without an agreement.", moment=moment, desk=desk)

    def _still_open(self) -> str:
        case, lang, disputes = self.case, self.lang, self.model.disputes
        desk, week = self._desk(case["desk"]), self.model.week
        if np.count_nonzero(disputes.attached == self.row):
            return gettext(
                lang,
                "After week {week} it is open: case {case} leads the matter at {desk}.",
                week=week,
                case=case["lead"],
                desk=desk,
            )
        if np.count_nonzero(disputes.queue == self.row):
            left, work = f"{case['left']:.1f}", f"{case['work']:.1f}"
            return gettext(
                lang,
                "After week {week} it is open, in the queue of {desk}; {left} of {work} hours of work are left.",
                week=week,
                desk=desk,
                left=left,
                work=work,
            )
        if self.model.desks.kind[case["desk"]] == PLATFORM_DESK:
            return gettext(lang, "After week {week} it is open, and waits for {desk}.", week=week, desk=desk)
        return gettext(
            lang,
            "After week {week} it is open: {desk} has still to meet {number} of the parties.",
            week=week,
            desk=desk,
            number=case["handoffs"],
        )

    def _afterwards(self) -> Iterator[str]:
        case, lang, model = self.case, self.lang, self.model
        if case["broken"]:
            yield gettext(lang, "The agreement broke later.")
        child = int(children(self.book)[self.row])
        if child >= 0:
            yield gettext(lang, "The resident came back to it with case {case}.", case=child)
        if case["incident"] >= 0:
            goes_on = bool(model.incidents.under_way(np.array([case["incident"]]))[0])
            yield gettext(lang, N_("The cause goes on.") if goes_on else N_("The cause is over."))
        if int(model.residents.arrival[case["person"]]) != self.arrival:
            yield gettext(lang, "The resident has moved away since, and somebody else lives there now.")
