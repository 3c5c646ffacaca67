"""What belongs to one open page, and what its events do.

A session is plain Python: it knows nothing of a browser, and whoever shows it is called back when it changes.  Whatever
a page sends is checked here, as input of a stranger: the name of an event is one of `EVENTS`, a value goes
through the declaration of its parameter, a table through the reader of districts with a limit on its size.
"""

from __future__ import annotations

import base64
import binascii
import io
import tempfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

from experiments.core.log import log
from experiments.dashboard import controls, downloads
from experiments.dashboard.experiment import Experiment, Memory
from experiments.dashboard.inquiry import NOTHING, SIZES, Inquiry
from experiments.reporting.catalogue import LANGUAGES
from experiments.reporting.finding import Finding
from sim import District
from sim.core.errors import DistrictError, GongzhiError
from sim.core.sentence import renamed

MOST_SESSIONS: Final = 24
"""Pages that may be open at once."""
MOST_BYTES: Final = 1_000_000
"""Of a table."""
MOST_UNPACKED: Final = 30_000_000
"""Of a workbook, whose parts are packed."""
STORED: Final = "gongzhi-table"
"""Name under which a table that was sent is read."""
KINDS_OF_TABLE: Final = (".csv", ".txt", ".xlsx")
MEASURES: Final = ("open", "satisfaction", "hazards")
"""What a map can show; fields of a `Frame`."""
EVENTS: Final = frozenset("language size arm set reset week estate measure case fork stop run table download".split())
"""What a page may ask for."""

_open: Final[set[int]] = set()
_guard: Final = threading.Lock()


class Session:
    """One open page; its address ends as `Inquiry.address` and the language write it.

    Whenever there is something new to show, `changed` is called, from whichever thread.

    Attributes
    ----------
    inquiry, experiment
        What is asked, and its answer so far; None before the first.
    week
        Week in view, counted from the end of the warm-up; None for the latest.
    estate
        Row of the estate in view, None for the whole district.
    case
        The dispute in view: the number of a case and the side it is counted on.
    message
        What the page has to say, None where there is nothing; `trouble` whether it is an error.
    file
        What is to be downloaded: name, kind and content, each with a number of its own.
    """

    def __init__(self, address: str = "", changed: Callable[[], None] = lambda: None) -> None:
        self.lang = LANGUAGES[0]
        self.inquiry = Inquiry()
        self.experiment: Experiment | None = None
        self.memory = Memory()
        self.week: int | None = None
        self.estate: int | None = None
        self.case: tuple[int, int] | None = None
        self.measure = MEASURES[0]
        self.message: Finding | GongzhiError | None = None
        self.trouble = False
        self.file: dict[str, Any] | None = None
        self.full = False
        self._before: Experiment | None = None
        self._changed = changed
        self._lock = threading.RLock()
        self._files = 0
        with _guard:
            self.full = len(_open) >= MOST_SESSIONS
            if not self.full:
                _open.add(id(self))
        if self.full:
            self._say(Finding("dashboard.full", most=MOST_SESSIONS), trouble=True)
            return
        try:
            self._read(address)
            self._start()
        except BaseException:
            self.close()  # nobody else can, and the place would be lost
            raise

    def close(self) -> None:
        """Stop what is running and forget all that was lived; the page has gone."""
        with self._lock:
            self._stop()
            self.memory.clear()
            self.experiment = self._before = None
        with _guard:
            _open.discard(id(self))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """The end of an address under which the page opens again as it is, an own district left out."""
        language = "" if self.lang == LANGUAGES[0] else f"lang={self.lang}"
        return "&".join(filter(None, (language, self.inquiry.address)))

    def _read(self, address: str) -> None:
        """Open the page as an address says; what cannot be used is said, and the usual page is shown."""
        if f"lang={LANGUAGES[1]}" in address.split("&"):
            self.lang = LANGUAGES[1]
        try:
            self.inquiry = Inquiry.read(address)
        except GongzhiError as error:
            self._say(error, trouble=True)

    # Events --------------------------------------------------------------------------------------

    def act(self, event: Any) -> None:
        """Do what the page asks for, ``{"do": NAME, ...}`` with NAME among `EVENTS`, or say why it cannot be done."""
        if not isinstance(event, Mapping) or str(event.get("do")) not in EVENTS or self.full:
            return
        with self._lock:
            try:
                self.message, self.trouble = None, False
                self._do(event)
            except GongzhiError as error:
                self._say(error, trouble=True)
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                # A page of ours sends nothing of the kind.
                log.warning("An event of a page was not understood: %s", type(error).__name__)
                self._say(Finding("dashboard.not_understood"), trouble=True)
        self._changed()

    def _say(self, message: Finding | GongzhiError | None, trouble: bool = False) -> None:
        self.message, self.trouble = message, trouble

    def _ask(self, inquiry: Inquiry) -> None:
        """Ask something else, and begin with the answer at once."""
        if inquiry.checked() != self.inquiry or inquiry.district is not self.inquiry.district:
            same_ground = inquiry.ground == self.inquiry.ground
            self.inquiry = inquiry
            self.case = None
            self.estate = self.estate if same_ground else None
            self._start()

    def _start(self) -> None:
        self._stop()
        self._before = self.shown
        self.experiment = Experiment(self.inquiry, self.memory, self._changed)
        # A daemon: the server does not wait for the rest of somebody's weeks when it is ended.
        threading.Thread(target=self.experiment.live, name="gongzhi-experiment", daemon=True).start()

    def _stop(self) -> None:
        if self.experiment is not None:
            self.experiment.stop()

    def _do(self, given: Mapping[str, Any]) -> None:
        """Do one of `EVENTS`; what fits none of their forms, no page of ours sends."""
        inquiry = self.inquiry
        match given:
            case {"do": "language", "lang": lang}:
                self.lang = lang if lang in LANGUAGES else self.lang
            case {"do": "size", "name": name, "value": value}:
                inquiry = inquiry.with_size(str(name), value)
                self.week = None if name == "weeks" else self.week
                self._ask(inquiry)
            case {"do": "arm", "side": side, "arm": arm}:
                self._ask(inquiry.with_arm(str(side), str(arm)))
            case {"do": "set", "name": name, "value": value}:
                control = controls.control_of(name)
                change = inquiry.with_policy if control in controls.policies() else inquiry.with_assumption
                self._ask(change(control.name, control.value_of(value)))
            case {"do": "reset", "panel": "policies"}:
                self._ask(replace(inquiry, policy=NOTHING, right="full", fork=None))
            case {"do": "reset", "panel": _}:
                self._ask(replace(inquiry, assumptions=NOTHING, fork=None))
            case {"do": "week", "week": week}:
                self.week = min(max(int(week), 1), inquiry.weeks)
            case {"do": "estate", "estate": row}:
                inside = isinstance(row, int) and 0 <= row < inquiry.ground.estates
                self.estate, self.case = (row if inside else None), None
            case {"do": "measure", "measure": measure}:
                self.measure = measure if measure in MEASURES else self.measure
            case {"do": "case", "case": int(case), "side": (0 | 1) as side}:
                self.case = case, side
            case {"do": "case"}:
                self.case = None
            case {"do": "fork"}:  # in the week in view, or when policies start again
                self._ask(inquiry.forked(self.shown_week if given.get("on", True) else None))
            case {"do": "stop"}:
                self._stop()
            case {"do": "run"}:
                self._start()
            case {"do": "table", "content": content} if content is not None:
                self._use_table(Path(str(given["name"])).name, str(content))
            case {"do": "table"}:
                self._ask(replace(inquiry, district=None, fork=None))
            case {"do": "download", "file": file}:
                self._download(str(file))
            case _:
                raise KeyError

    def _use_table(self, name: str, content: str) -> None:
        district = read_table(name, content, self.inquiry)
        self._ask(replace(self.inquiry, district=district, fork=None))
        notes = [renamed(note, STORED + Path(name).suffix.lower(), name) for note in district.notes]
        self._say(Finding("dashboard.table_read", name=name, estates=district.estates, notes=notes))

    def _download(self, file: str) -> None:
        if file in downloads.FILES and self.experiment is not None:
            name, kind = downloads.FILES[file]
            coded = base64.b64encode(downloads.content(self.experiment, file, self.lang)).decode("ascii")
            self._files += 1
            self.file = {"number": self._files, "name": name, "kind": kind, "content": coded}

    # What is in view -----------------------------------------------------------------------------

    @property
    def shown(self) -> Experiment | None:
        """The experiment in view: the one before the latest until that has something to show, if on the same ground."""
        latest, before = self.experiment, self._before
        if latest is None or before is None or _begun(latest) or before.inquiry.weeks != latest.inquiry.weeks:
            return latest
        return before if before.inquiry.ground == latest.inquiry.ground else latest

    @property
    def latest_week(self) -> int:
        """The latest week after the warm-up that both futures of the first pair have lived, 0 before the first."""
        pair = None if self.shown is None else self.shown.first
        return 0 if pair is None else min(len(life.frames) for life in pair)

    @property
    def shown_week(self) -> int:
        """The week in view."""
        return self.latest_week if self.week is None else min(self.week, self.latest_week)


def _begun(experiment: Experiment) -> bool:
    """Whether both futures of the first pair have been looked at, or there will be nothing to see of them."""
    pair = experiment.first
    return experiment.error is not None or (pair is not None and all(life.weeks for life in pair))


def read_table(name: str, content: str, inquiry: Inquiry) -> District:
    """Read a district from a file that a page has sent, in base 64; refuse one too large, or of no use."""
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS_OF_TABLE:
        raise DistrictError(f"{name} is no table: give a file whose name ends in {', '.join(KINDS_OF_TABLE)}.")
    if len(content) > MOST_BYTES * 4 // 3 + 4:
        raise DistrictError(f"{name} has more than {MOST_BYTES:,} bytes. Use the command line for larger districts.")
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise DistrictError(f"{name} did not arrive whole; send it again.") from None
    _require_small(raw, name)
    section = inquiry.world.district
    # In a folder of its own, which is gone when the table has been read.
    with tempfile.TemporaryDirectory(prefix="gongzhi-") as folder:
        path = Path(folder) / f"{STORED}{suffix}"
        path.write_bytes(raw)
        try:
            district = District.from_csv(path, seed=section.seed, ground=inquiry.world.ground)
        except GongzhiError as error:
            raise DistrictError(renamed(error.args[0], str(path), name)) from None
    most = SIZES["estates"][2]
    if district.estates > most:
        raise DistrictError(
            f"{name} has {district.estates:,} estates; this page takes {most} at most. Run gongzhi compare --district."
        )
    return district


def _require_small(raw: bytes, name: str) -> None:
    """Raise an error where a workbook is far larger than it looks; what is no workbook, the reader says."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise DistrictError(f"{name} holds more than {MOST_UNPACKED:,} bytes when it is unpacked. Send a CSV file.")
