"""sim.animate: the district week by week, as a page that plays by itself and as a GIF."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from tests.support.browser import after_scripts

SMALL = {"district.estates": 14, "run.warmup": 6, "run.weeks": 20, "outcomes.record_estates": True}


@pytest.fixture(scope="module")
def futures() -> list[sim.GovernanceModel]:
    """A model without branches, and its fork with them."""
    model = sim.GovernanceModel(SMALL, rng=3)
    model.run(weeks=6)
    other = model.fork({"coverage.strategy": "full"})
    for one in (model, other):
        one.run()
    return [model, other]


def model_of(page: str) -> Any:
    (text,) = re.findall(r'<script type="application/json" id="film">(.*?)</script>', page)
    return json.loads(text)


def test_a_film_has_a_frame_for_each_week_and_the_difference_of_two_models(futures: list[sim.GovernanceModel]) -> None:
    film = sim.animate(*futures)
    assert film.weeks == list(range(20)) and film.start == 6
    first, second, change = (one.values for one in film.maps)
    np.testing.assert_allclose(change, second - first)
    assert np.all(change[:6] == 0.0) and film.maps[2].low == -film.maps[2].high
    assert len(sim.animate(futures[0]).maps) == 1


def test_a_frame_is_the_mean_of_the_last_eight_weeks(futures: list[sim.GovernanceModel]) -> None:
    table = futures[0].estate_outcomes
    counts = table["conflicts"].to_numpy().reshape(20, -1) / futures[0].district.households * 1000.0
    values = sim.animate(futures[0]).maps[0].values
    np.testing.assert_allclose(values[2], counts[:3].mean(axis=0))
    np.testing.assert_allclose(values[15], counts[8:16].mean(axis=0))


def test_the_series_is_that_of_the_whole_district(futures: list[sim.GovernanceModel]) -> None:
    (whole,) = sim.animate(futures[0], outcome="filed").series.values()
    weekly = futures[0].outcomes["filed"].to_numpy()
    np.testing.assert_allclose(whole[-1], weekly[-8:].mean(), rtol=1e-5)


def test_what_is_not_known_yet_has_no_colour(futures: list[sim.GovernanceModel]) -> None:
    """Standing disputes are known from a few weeks on."""
    film = sim.animate(futures[0], outcome="standing")
    assert set(film.maps[0].letters()[0]) == {"."}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_stands_alone_and_is_the_same_twice(
    futures: list[sim.GovernanceModel], tmp_path: Path, lang: str
) -> None:
    pages = [sim.animate(*futures, lang=lang).save(tmp_path / name) for name in ("a.html", "b.html")]
    source = pages[0].read_text(encoding="utf-8")
    assert pages[1].read_bytes() == pages[0].read_bytes()
    assert not re.search(r"https?://|@import|url\(|src=", source)
    assert ("播放" if lang == "zh" else "Play") in source and ("Difference" in source) is (lang == "en")
    assert len(model_of(source)["maps"][0]["frames"]) == 20


def test_a_long_film_shows_fewer_weeks_and_says_so(
    futures: list[sim.GovernanceModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.film.MOST", 150)
    page = sim.animate(futures[0]).to_html()
    assert model_of(page)["weeks"] == list(range(1, 20, 2)) and "One week in 2 is shown." in page


def test_a_gif_has_frames_that_differ_and_plays_for_ever(
    futures: list[sim.GovernanceModel], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from PIL import Image

    monkeypatch.setattr("sim.film.FRAMES", 5)
    path = sim.animate(futures[0]).save(tmp_path / "film.gif", progress=False)
    picture = Image.open(io.BytesIO(path.read_bytes()))
    assert picture.n_frames == 5 and picture.info["loop"] == 0  # type: ignore[attr-defined]
    frames = []
    for frame in (0, 4):
        picture.seek(frame)
        frames.append(np.asarray(picture.convert("RGB")))
    assert (frames[0] != frames[1]).any()


def test_a_bar_is_shown_where_somebody_watches_and_a_film_is_never_half_written(
    futures: list[sim.GovernanceModel], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hidden: list[bool] = []

    def bar(frames: list[int], **settings: Any) -> list[int]:
        hidden.append(settings["hidden"])
        return frames

    monkeypatch.setattr("sim.film.FRAMES", 2)
    monkeypatch.setattr("sim.film.progress_bar", bar)
    film = sim.animate(futures[0])
    for watching in (True, False):
        monkeypatch.setattr("sim.film.watched", lambda watching=watching: watching)
        film.save(tmp_path / "film.gif")
    assert hidden == [False, True]
    (tmp_path / "film.html").mkdir()
    with pytest.raises(sim.PathError, match="cannot be written"):
        film.save(tmp_path / "film.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.gif", "film.html"]


def test_a_name_cannot_become_markup(futures: list[sim.GovernanceModel]) -> None:
    bad = "</script><img src=x>"
    page = sim.animate(futures[0], names=[bad]).to_html()
    assert "<img" not in page and model_of(page)["maps"][0]["title"] == bad


def test_a_notebook_shows_it_in_a_frame_that_cannot_reach_out(futures: list[sim.GovernanceModel]) -> None:
    shown = sim.animate(futures[0])._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and 'sandbox="allow-scripts"' in shown


@pytest.mark.parametrize(
    ("call", "needed"),
    [
        (lambda one, two: sim.animate(one, lang="de"), 'Unknown language "de"'),
        (lambda one, two: sim.animate(sim.Scenario()), "films a model, not a Scenario"),
        (lambda one, two: sim.animate(one, outcome="conflict"), 'Did you mean "conflicts"?'),
        (lambda one, two: sim.animate(one, two, names=["a"]), "names has 1 of 2 models"),
        (
            lambda one, two: sim.animate(one, sim.GovernanceModel({**SMALL, "district.estates": 9})),
            "different districts",
        ),
        (lambda one, two: sim.animate(sim.GovernanceModel({"district.estates": 9}, rng=1)), "outcomes.record_estates"),
        (lambda one, two: sim.animate(one).save("film.mp4"), "A film ends in .html or .gif"),
    ],
)
def test_what_cannot_be_filmed_is_refused_in_a_sentence(
    futures: list[sim.GovernanceModel], call: Any, needed: str
) -> None:
    with pytest.raises(sim.GongzhiError, match=re.escape(needed)):
        call(*futures)


@pytest.mark.slow
def test_a_page_plays_stops_and_moves_by_the_keyboard(futures: list[sim.GovernanceModel], tmp_path: Path) -> None:
    page = sim.animate(*futures).save(tmp_path / "film.html")
    press = "((key) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})))"
    script = (
        "let cut = false; const pens = CanvasRenderingContext2D.prototype; const arc = pens.arc;"
        "pens.arc = function (x, y, r, ...rest) { const { clientWidth, clientHeight } = this.canvas; cut ||= "
        "x < r || y < r || x + r > clientWidth || y + r > clientHeight; arc.call(this, x, y, r, ...rest); };"
        f"const seen = []; const now = () => [gongzhi.state.playing, document.getElementById('now').textContent];"
        f"seen.push(now()[0]); {press}(' '); gongzhi.show(3); seen.push(now());"
        f"{press}('ArrowRight'); seen.push(now()); {press}('Home'); seen.push(now()); {press}('End'); seen.push(now());"
        "const pen = document.querySelectorAll('canvas')[2].getContext('2d');"
        "seen.push(pen.getImageData(0, 0, 200, 200).data.some((part) => part > 0), cut);"
        "document.body.append(Object.assign(document.createElement('pre'), "
        "{id: 'probe', textContent: JSON.stringify(seen)}));"
    )
    match = re.search(r'<pre id="probe">(.*?)</pre>', after_scripts(page, script))
    assert match
    weeks = [[False, f"week {week}"] for week in (3, 4, 0, 19)]
    assert json.loads(html.unescape(match[1])) == [True, *weeks, True, False]
