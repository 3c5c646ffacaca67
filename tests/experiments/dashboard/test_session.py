"""A session without a browser: events in, parts of a page out, nothing shared and nothing executed."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.dashboard import session as sessions
from experiments.dashboard import views
from experiments.dashboard.experiment import Experiment, Memory
from experiments.dashboard.inquiry import WARMUP, Inquiry
from experiments.dashboard.session import MOST_BYTES, Session

SMALL = "estates=8&weeks=8&replicates=2"
GOOD = "estate,households\nLakeside,800\nHillside,350\nRiverside,500\nOld Town,420\nGardens,610\nStation,300\n"


def coded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def ended(session: Session) -> Session:
    deadline = time.monotonic() + 120
    while session.experiment is not None and session.experiment.running:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return session


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(SMALL) as one:
        yield ended(one)


@pytest.fixture(scope="module")
def steady() -> Iterator[Session]:
    """For tests that leave it as it was."""
    with Session(SMALL) as one:
        yield ended(one)


def test_a_page_is_plain_json_in_both_languages(session: Session) -> None:
    for lang in ("en", "zh"):
        session.act({"do": "language", "lang": lang})
        page = json.loads(json.dumps(views.page(session), allow_nan=False))
        assert page["setup"]["progress"]["share"] == 1.0 and page["answer"]["rows"] and len(page["charts"]) == 3
        assert ("全覆盖" in page["answer"]["text"]) == (lang == "zh")
        assert page["disputes"]["ready"] and page["view"]["week"] == 8
        low, high = page["charts"][0]["low"][-1], page["charts"][0]["high"][-1]
        assert low <= page["charts"][0]["gap"][-1] <= high


@pytest.mark.slow
def test_only_what_a_change_touches_is_lived_again(session: Session) -> None:
    before = session.experiment
    assert before is not None
    session.act({"do": "set", "name": "branches.station", "value": True})
    after = ended(session).experiment
    assert after is not None and after is not before
    assert [left for left, _ in after.pairs] == [left for left, _ in before.pairs]
    assert len(session.memory.pasts) == 2


@pytest.mark.slow
def test_both_futures_share_their_chance(session: Session) -> None:
    session.act({"do": "arm", "side": "right", "arm": "none"})
    page = views.page(ended(session))
    assert set(page["charts"][0]["gap"]) == {0.0}
    assert all(row["side"] == "" for row in page["answer"]["rows"])
    assert not any(entry["differs"] for entry in page["disputes"]["cases"])


@pytest.mark.slow
def test_a_dispute_is_followed_through_both_futures(session: Session) -> None:
    entry = views.disputes(session)["cases"][0]
    session.act({"do": "case", "case": entry["case"], "side": entry["side"]})
    stories = views.disputes(session)["stories"]
    assert len(stories) == 2 and all(stories)
    session.act({"do": "case", "case": 10**9, "side": 0})
    assert views.disputes(session)["stories"] == []


@pytest.mark.slow
def test_a_fork_leaves_the_past_as_it_was(session: Session) -> None:
    session.act({"do": "arm", "side": "left", "arm": "full"})
    session.act({"do": "set", "name": "services.volunteers", "value": True})
    ended(session).act({"do": "week", "week": 3})
    session.act({"do": "fork", "on": True})
    experiment = ended(session).experiment
    assert experiment is not None and experiment.error is None and experiment.first is not None
    left, right = experiment.first
    same = [np.array_equal(a.open, b.open) for a, b in zip(left.frames, right.frames, strict=True)]
    assert all(same[:3]) and len(same) == 8
    assert views.setup(session)["can_repeat"] is False and f"{WARMUP + 3}" in views.setup(session)["fork_text"]


@pytest.mark.slow
def test_a_fork_that_cannot_be_is_said_in_a_sentence(session: Session) -> None:
    session.act({"do": "week", "week": 3})
    session.act({"do": "fork", "on": True})
    progress = views.setup(ended(session))["progress"]["text"]
    assert "coverage.strategy" in progress and "Traceback" not in progress


@pytest.mark.slow
def test_a_table_is_read_and_a_bad_one_is_refused_whole(session: Session, tmp_path: Path) -> None:
    session.act({"do": "table", "name": "mine.csv", "content": coded(GOOD)})
    assert not session.trouble and ended(session).inquiry.ground.estates == 6
    assert "--district district.csv" in session.inquiry.command
    session.act({"do": "table", "name": "bad.csv", "content": coded("estate,households\nA,minus three\n,5\n")})
    text = views.setup(session)["message"]
    assert session.trouble and "bad.csv" in text and "gongzhi-" not in text
    assert session.inquiry.ground.estates == 6
    session.act({"do": "table"})
    assert session.inquiry.ground.estates == 8


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.py", coded("print()")),
        ("mine.csv", "not base 64!"),
        ("mine.csv", "A" * (2 * MOST_BYTES)),
        ("mine.csv", coded(b"\x00\x01\x02")),
        ("../../escape.csv", coded("estate\n")),
        ("many.csv", coded("estate,households\n" + "".join(f"E{n},100\n" for n in range(400)))),
    ],
)
def test_a_table_that_is_none_leaves_the_page_as_it_was(steady: Session, name: str, content: str) -> None:
    before = steady.inquiry
    steady.act({"do": "table", "name": name, "content": content})
    assert steady.trouble and steady.inquiry == before and steady.inquiry.district is None


def test_a_workbook_that_unpacks_to_far_more_is_refused(steady: Session) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(sessions.MOST_UNPACKED + 1))
    assert len(body.getvalue()) < MOST_BYTES
    steady.act({"do": "table", "name": "bomb.xlsx", "content": coded(body.getvalue())})
    assert steady.trouble and "unpacked" in str(steady.message) and steady.inquiry.district is None


def test_what_is_said_of_a_table_is_in_the_language_of_the_page_and_names_the_file(session: Session) -> None:
    session.act({"do": "language", "lang": "zh"})
    session.act({"do": "table", "name": "我的.csv", "content": coded("estate,households\nA,-3\n,5\n")})
    refused = views.setup(session)["message"]
    assert "我的.csv" in refused and "行" in refused and "rows" not in refused
    session.act({"do": "table", "name": "我的.csv", "content": coded(GOOD)})
    read = views.setup(session)["message"]
    assert "我的.csv" in read and "Read 6" not in read and sessions.STORED not in refused + read


def test_disputes_are_matched_by_identity_person_and_week(steady: Session) -> None:
    assert steady.experiment is not None and steady.experiment.first is not None
    pair = steady.experiment.first
    for estate in (None, 3):
        keys = []
        for life in pair:
            book = life.model.disputes.book
            rows = [row for row in range(book.size) if book.filed[row] >= WARMUP and estate in (None, book.estate[row])]
            keys.append({(book.identity[row], book.person[row], int(book.filed[row])): row for row in rows})
        wanted = [[keys[0].get(key, -1), keys[1].get(key, -1)] for key in dict.fromkeys([*keys[0], *keys[1]])]
        assert wanted and views.matched_cases(pair, estate).tolist() == wanted


@pytest.mark.parametrize(
    "event",
    [
        None,
        "stop",
        [],
        {},
        {"do": "__init__"},
        {"do": "set"},
        {"do": "set", "name": "branches.reach", "value": {"a": 1}},
        {"do": "week", "week": "x"},
        {"do": "estate", "estate": 10**6},
        {"do": "case", "case": "1", "side": 5},
        {"do": "download", "file": "../../etc/passwd"},
        {"do": "size", "name": "__class__", "value": 1},
        {"do": "arm", "side": "experiment", "arm": "none"},
        {"do": "table", "name": 5, "content": 5},
        {"do": "language", "lang": "xx"},
    ],
)
def test_an_event_that_no_page_of_ours_sends_changes_nothing(
    steady: Session, event: Any, recwarn: pytest.WarningsRecorder
) -> None:
    before = steady.inquiry
    steady.act(event)
    assert steady.inquiry == before and steady.lang == "en"
    json.dumps(views.page(steady), allow_nan=False)


def test_sessions_share_nothing() -> None:
    with Session(SMALL) as one, Session(SMALL + "&lang=zh") as other:
        one.act({"do": "set", "name": "branches.reach", "value": 0.9})
        one.act({"do": "estate", "estate": 2})
        assert "branches.reach" in one.inquiry.assumptions and not other.inquiry.assumptions
        assert other.estate is None and (one.lang, other.lang) == ("en", "zh")
        assert one.memory is not other.memory


@pytest.mark.slow
def test_a_new_question_stops_the_old_one_and_a_closed_page_stops_all() -> None:
    one = Session("estates=60&weeks=100&replicates=20")
    first = one.experiment
    one.act({"do": "set", "name": "branches.reach", "value": 0.9})
    second = one.experiment
    one.close()
    assert first is not None and second is not None
    deadline = time.monotonic() + 30
    while (first.running or second.running) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not first.running and not second.running
    assert len(second.finished) < second.inquiry.replicates


def test_a_server_shows_so_many_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", len(sessions._open) + 1)
    with Session(SMALL), Session(SMALL) as second:
        assert second.full and second.experiment is None
        assert views.setup(second)["message"]
        second.act({"do": "run"})
        assert second.experiment is None


def test_an_error_in_a_week_is_said_logged_and_ends_the_runs(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    def broken(_: object, __: object) -> None:
        raise ZeroDivisionError("nothing left")

    monkeypatch.setattr(Experiment, "_step", broken)
    with Session(SMALL) as one:
        assert "ZeroDivisionError: nothing left" in views.setup(ended(one))["progress"]["text"]
    assert "broke off: ZeroDivisionError('nothing left')" in str(recwarn.pop(UserWarning).message)


def test_an_address_with_nonsense_shows_the_usual_page_and_says_why() -> None:
    with Session("estates=6&weeks=8&replicates=1&policy=run.weeks%3D5") as one:
        assert one.trouble and one.inquiry == Inquiry()
    with Session(f"{SMALL}&fork={'1' * 5000}") as other:
        assert not other.trouble and other.inquiry.fork is None


def test_a_page_that_cannot_be_opened_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object, __: object) -> None:
        raise ZeroDivisionError

    before = len(sessions._open)
    monkeypatch.setattr(Session, "_read", broken)
    with pytest.raises(ZeroDivisionError):
        Session(SMALL)
    assert len(sessions._open) == before


@pytest.mark.parametrize("name", ["table", "scenario", "district", "figure"])
def test_what_is_taken_is_a_whole_file(steady: Session, name: str) -> None:
    steady.act({"do": "download", "file": name})
    assert steady.file is not None and steady.file["number"] >= 1
    content = base64.b64decode(steady.file["content"])
    begin = {"table": b"strategy,baseline", "scenario": b"", "district": b"estate", "figure": b"\x89PNG"}[name]
    assert content.startswith(begin) and len(content) > 100


def test_a_table_before_the_first_pair_has_ended_is_refused() -> None:
    with Session("estates=60&weeks=100&replicates=2") as one:
        one.act({"do": "download", "file": "table"})
        assert one.trouble and one.file is None


def test_nothing_is_known_before_the_first_week() -> None:
    experiment = Experiment(Inquiry(estates=6), Memory())
    assert experiment.finished == [] and experiment.weekly("filed").shape == (0, 2, 52) and experiment.first is None
