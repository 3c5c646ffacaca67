"""A film of a model: the district week by week, as one page that plays by itself, or as a GIF.

Of two models of the same district the film shows both and their difference.  A week in an estate is a handful of
conflicts, so that each frame is a mean over the last few weeks.  A film shows where and when; what a policy changes has
an interval, which is the laboratory's work (`experiments.compare`).
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents import PopulatedModel
from sim.core.attributes import Attributes
from sim.core.errors import OutcomeError, PathError, unknown
from sim.core.markup import embedded
from sim.core.message_catalogue import LANGUAGES, MODEL, gap
from sim.core.paths import expanded, write_whole
from sim.core.progress_bar import progress_bar, watched
from sim.outcomes.definitions import DEFINITIONS
from sim.outcomes.outcome_columns import ESTATE_COLUMNS
from sim.plot import BLUE, INK, MUTED, PLAIN, drawing, families

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.model import GovernanceModel

__all__ = ["Film", "FilmMap", "animate"]

WINDOW: Final = 8
"""Weeks of which a frame is the mean."""
MOST: Final = 3_000_000
"""Marks of a page, each a byte: of more, it shows every second week, or fewer."""
FRAMES: Final = 120
"""Frames of a GIF at most, which is larger than a page."""
LEVELS: Final = 64
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"
NOTHING: Final = "."
"""What stands for a colour, and for none."""
PALE: Final = "#d9d9d9"
COLOURS: Final = (INK, BLUE)
"""Of the series of one model, and of another."""

gettext = MODEL.gettext
Array = NDArray[np.float64]


@dataclass(frozen=True)
class FilmMap:
    """A map of a film: its title, and its values, shape (frames, estates), with the ends of their colours.

    Values that are `signed` are differences, whose colours are as dark on either side of zero.
    """

    title: str
    values: Array = field(repr=False)
    low: float
    high: float
    signed: bool = False

    @property
    def palette(self) -> str:
        """Colours, as figures of the laboratory have them."""
        return "PuOr_r" if self.signed else "cividis_r"

    def letters(self) -> list[str]:
        """Return a letter for each estate, a text for each frame.

        Examples
        --------
        >>> FilmMap("a", np.array([[0.0, 1.0, math.nan]]), 0.0, 1.0).letters()
        ['A-.']
        """
        shares = (self.values - self.low) / ((self.high - self.low) or 1.0)
        known = np.isfinite(shares)
        places = np.where(known, np.clip(np.rint(np.where(known, shares, 0.0) * (LEVELS - 1)), 0, LEVELS - 1), LEVELS)
        table = np.array([*LETTERS, NOTHING])
        return ["".join(row) for row in table[places.astype(np.intp)].tolist()]


@dataclass(frozen=True)
class Film(Attributes):
    """A film, which shows itself in a notebook, and is written by `save`.

    Attributes
    ----------
    title, notes
        What is shown, and what it cannot say.
    unit
        Of all values.
    weeks
        The last week of each frame.
    start
        The week in which a policy starts, where there is one.
    maps, series
        Maps, and the whole district's values of each model by its name, shape (frames,).
    model
        Whose district it is.

    Examples
    --------
    >>> import sim
    >>> model = sim.GovernanceModel({"district.estates": 3, "outcomes.record_estates": True}, seed=1)
    >>> model.run(weeks=2)
    >>> film = sim.animate(model)
    >>> film.title, film.weeks
    ('Conflicts, week by week', [0, 1])
    """

    title: str
    notes: tuple[str, ...]
    unit: str
    weeks: list[int] = field(repr=False)
    start: int | None
    maps: tuple[FilmMap, ...]
    series: dict[str, Array] = field(repr=False)
    model: GovernanceModel = field(repr=False)
    lang: str = "en"

    def save(self, path: str | Path, progress: bool | None = None) -> Path:
        """Write the film, as the ending of the path says: ``.html``, a page that plays by itself, or ``.gif``.

        `progress` says whether a bar is shown while a GIF is drawn; by default when a person is watching.

        Examples
        --------
        >>> import tempfile
        >>> import sim
        >>> model = sim.GovernanceModel({"district.estates": 3, "outcomes.record_estates": True}, seed=1)
        >>> model.run(weeks=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     print(sim.animate(model).save(Path(folder) / "district.html").name)
        district.html
        """
        path = expanded(path)
        ending = path.suffix.lower()
        if ending not in (".html", ".gif"):
            raise PathError(f'A film ends in .html or .gif, and "{path.name}" in neither.')
        content = self.to_html().encode("utf-8") if ending == ".html" else self.to_gif(progress)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
        except OSError as error:
            raise PathError(f"{path} cannot be written: {error.strerror or error}.") from None
        return path

    def to_html(self) -> str:
        """Return the film as one page, which fetches nothing.

        Examples
        --------
        >>> import sim
        >>> model = sim.GovernanceModel({"district.estates": 3, "outcomes.record_estates": True}, seed=1)
        >>> model.run(weeks=2)
        >>> page = sim.animate(model).to_html()
        >>> page[:15], "week" in page
        ('<!DOCTYPE html>', True)
        """
        home, lang = Path(__file__).parent, self.lang
        step = _step(len(self.weeks) * len(self.maps) * self.model.district.estates, MOST)
        kept = slice(None, None, -step)
        frames = [one.letters()[kept][::-1] for one in self.maps]
        notes = [*self.notes, *([gettext(lang, "One week in {step} is shown.", step=step)] if step > 1 else [])]
        words = {
            "play": gettext(lang, "Play"),
            "pause": gettext(lang, "Pause"),
            "week": gettext(lang, "week {week}", week="{week}"),
            "households": gettext(lang, "households"),
            "start": gettext(lang, "policy starts"),
            "nothing": gettext(lang, "not known"),
        }
        district = self.model.district
        data = {
            "weeks": self.weeks[kept][::-1],
            "maps": [
                {
                    "title": one.title,
                    "low": _short(one.low),
                    "high": _short(one.high),
                    "signed": one.signed,
                    "palette": _colours(one.palette),
                    "frames": letters,
                }
                for one, letters in zip(self.maps, frames, strict=True)
            ],
            "series": [
                {"name": name, "colour": colour, "values": [_short(value) for value in values[kept][::-1].tolist()]}
                for (name, values), colour in zip(self.series.items(), COLOURS, strict=False)
            ],
            "x": [_short(value) for value in district.x.tolist()],
            "y": [_short(value) for value in district.y.tolist()],
            "households": [int(value) for value in district.households.tolist()],
            "names": [str(name) for name in district.names],
            "unit": self.unit,
            "start": self.start,
            "letters": LETTERS,
            "words": words,
        }
        places = {
            "lang": "zh-CN" if lang == "zh" else "en",
            "title": escape(self.title),
            "notes": escape(gap(lang).join(notes)),
            "keys": escape(gettext(lang, "Space plays and pauses; arrow keys move by a week.")),
            "speed": escape(gettext(lang, "Weeks a second")),
            "no_script": escape(gettext(lang, "The film needs a browser that runs JavaScript.")),
            "data": embedded(data),
            "play": escape(words["play"]),
            **{part: (home / f"film.{part}").read_text(encoding="utf-8") for part in ("css", "js")},
        }
        return Template((home / "film.html").read_text(encoding="utf-8")).substitute(places)

    def to_gif(self, progress: bool | None = None) -> bytes:
        """Return the film as a GIF, which plays for ever; it has `FRAMES` frames at most.

        Examples
        --------
        >>> import sim
        >>> model = sim.GovernanceModel({"district.estates": 3, "outcomes.record_estates": True}, seed=1)
        >>> model.run(weeks=2)
        >>> sim.animate(model).to_gif()[:6]
        b'GIF89a'
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        step = _step(len(self.weeks), FRAMES)
        frames = list(range(len(self.weeks)))[::-step][::-1]
        hidden = not (watched() if progress is None else progress)
        pictures = []
        with drawing(self._settings()):
            figure, clouds = self._figure()
            canvas = FigureCanvasAgg(figure)
            palettes = [_shades(one) for one in self.maps]
            canvas.draw()
            still = canvas.copy_from_bbox(figure.bbox)  # axes and words are drawn once, marks in each frame
            for frame in progress_bar(frames, hidden=hidden, desc="frames", unit="frame", leave=False):
                canvas.restore_region(still)
                for one, (cloud, order), shades in zip(self.maps, clouds, palettes, strict=True):
                    cloud.set_facecolor(shades.to_rgba(one.values[frame][order]))
                    cloud.axes.draw_artist(cloud)
                figure.texts[-1].set_text(gettext(self.lang, "week {week}", week=self.weeks[frame]))
                figure.draw_artist(figure.texts[-1])
                pictures.append(Image.fromarray(np.array(canvas.buffer_rgba())[..., :3]))
        # All frames have the colours of one, so that nothing flickers; the last has the most.
        palette = pictures[-1].quantize(128, dither=Image.Dither.NONE)
        flat = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
        target = io.BytesIO()
        flat[0].save(target, "GIF", save_all=True, append_images=flat[1:], duration=120, loop=0, optimize=False)
        return target.getvalue()

    def _settings(self) -> dict[str, Any]:
        return {"font.family": families(self.lang), "font.size": 8, "text.color": INK, "axes.labelcolor": INK, **PLAIN}

    def _figure(self) -> tuple[Figure, list[tuple[Any, NDArray[np.intp]]]]:
        """Return what a frame is drawn on, with the marks of each map and the order in which they are drawn."""
        from matplotlib.figure import Figure

        district, count = self.model.district, len(self.maps)
        figure = Figure(figsize=(3.1 * count + 0.2, 4.1), dpi=100, layout="constrained", facecolor="white")
        figure.get_layout_engine().set(rect=(0, 0.06, 1, 0.86))  # type: ignore[union-attr, call-arg]
        order = np.argsort(-district.households, kind="stable")
        scale = min(1 / 30.0, 9000.0 / float(district.households.sum()))
        area = np.clip(district.households * scale, 2.0, 110.0)
        clouds = []
        for axes, one in zip(np.atleast_1d(figure.subplots(1, count)), self.maps, strict=True):
            cloud = axes.scatter(
                district.x[order],
                district.y[order],
                s=area[order],
                linewidths=0.25,
                edgecolors="#404040",
                animated=True,
            )
            axes.set_aspect("equal", adjustable="datalim")
            axes.set_title(one.title, loc="left", fontsize=8.5, fontweight="bold")
            axes.set_xlabel(gettext(self.lang, "km"), fontsize=6.5, color=MUTED, labelpad=1)
            axes.tick_params(labelsize=6.5, colors=MUTED)
            for spine in axes.spines.values():
                spine.set_color(PALE)
            bar = figure.colorbar(_shades(one), ax=axes, orientation="horizontal", extend="both", aspect=28, pad=0.02)
            bar.outline.set_linewidth(0.4)
            bar.ax.tick_params(labelsize=6.5)
            clouds.append((cloud, order))
        wide = 110 if count > 1 else 46
        figure.text(0.01, 0.985, _cut(self.title, wide), va="top", fontsize=9.5, fontweight="bold")
        figure.text(0.01, 0.012, _cut(self.notes[0], wide + 20), fontsize=6.5, color=MUTED)
        figure.text(0.99, 0.985, "", va="top", ha="right", fontsize=9.5, fontweight="bold", animated=True)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        return figure, clouds

    def _repr_html_(self) -> str:
        page = escape(self.to_html(), quote=True)
        return (
            f'<iframe srcdoc="{page}" title="{escape(self.title, quote=True)}" sandbox="allow-scripts" '
            'style="width:100%;height:640px;border:0"></iframe>'
        )


def animate(
    model: GovernanceModel,
    other: GovernanceModel | None = None,
    outcome: str = "conflicts",
    names: Sequence[str] = (),
    lang: str = "en",
) -> Film:
    """Make a film of a model's weeks, or of two models of the same district and their difference.

    Parameters
    ----------
    model, other
        Models that have lived some weeks with ``outcomes.record_estates`` on; the difference is the second less the
        first.
    outcome
        A column of `model.estate_outcomes`.
    names
        What the models are called; by default after their coverage strategies.
    lang
        `en` or `zh`.

    Returns
    -------
    Film
        Shows itself in a notebook; ``film.save("district.html")`` or ``film.save("district.gif")`` writes it.

    Examples
    --------
    >>> import sim
    >>> model = sim.GovernanceModel({"district.estates": 12, "outcomes.record_estates": True}, rng=1)
    >>> model.run(weeks=10)
    >>> film = sim.animate(model)
    >>> len(film.weeks), film.maps[0].values.shape
    (10, (10, 12))
    """
    if lang not in LANGUAGES:
        raise OutcomeError(unknown("language", lang, LANGUAGES))
    models = [model] if other is None else [model, other]
    for one in models:
        if not isinstance(one, PopulatedModel):
            raise OutcomeError(f"sim.animate films a model, not a {type(one).__name__}. Give the model itself.")
    if outcome not in ESTATE_COLUMNS:
        raise OutcomeError(unknown("outcome of estates", outcome, ESTATE_COLUMNS))
    if names and len(names) != len(models):
        raise OutcomeError(f"names has {len(names)} of {len(models)} models: name each, or none.")
    _require_same(models)
    named = list(names) or [_named(one, lang) for one in models]
    if len(set(named)) < len(named):
        named = [f"{name} ({number})" for number, name in enumerate(named, start=1)]
    counts = [_seen(one, outcome) for one in models]
    weeks = min(map(len, counts))
    households = np.asarray(model.district.households, float)
    level = outcome == "satisfaction"
    values = [_smooth(count[:weeks] if level else count[:weeks] / households * 1000.0) for count in counts]
    whole = [np.average(shown, axis=1, weights=households) for shown in values]
    definition = DEFINITIONS[outcome]
    label, unit = (definition.label_zh, definition.unit_zh) if lang == "zh" else (definition.label, definition.unit)
    if outcome == "open":
        unit = gettext(lang, "per 1,000 households")
    low, high = _ends(np.concatenate(values))
    maps = [FilmMap(name, shown, low, high) for name, shown in zip(named, values, strict=True)]
    notes = [gettext(lang, "{unit}; mean of the last {weeks} weeks; one run.", unit=_capital(unit), weeks=WINDOW)]
    if other is None:
        notes.append(
            gettext(lang, "Before and after is no effect of a policy: compare strategies with gongzhi compare.")
        )
    else:
        change = values[1] - values[0]
        reach = float(np.nanquantile(np.abs(change), 0.98)) if np.isfinite(change).any() else 0.0
        title = gettext(lang, "Difference: {second} less {first}", first=named[0], second=named[1])
        maps.append(FilmMap(title, change, -(reach or 1.0), reach or 1.0, signed=True))
        notes.append(gettext(lang, "A difference of two runs is partly chance: gongzhi compare has intervals."))
    first = int(models[0].estate_outcomes["week"].iloc[0])
    starts = [start for start in map(_start, models) if start is not None]
    return Film(
        title=gettext(lang, "{outcome}, week by week", outcome=_capital(label)),
        notes=tuple(notes),
        unit=unit,
        weeks=list(range(first, first + weeks)),
        start=min(starts, default=None),
        maps=tuple(maps),
        series=dict(zip(named, whole, strict=True)),
        model=model,
        lang=lang,
    )


def _require_same(models: Sequence[Any]) -> None:
    first, *rest = (one.district for one in models)
    for district in rest:
        if list(district.names) != list(first.names):
            raise OutcomeError("The two models live in different districts: film two futures of one, such as a fork.")


def _seen(model: Any, outcome: str) -> Array:
    """Return what was recorded, shape (weeks, estates)."""
    table = model.estate_outcomes
    if not len(table):
        raise OutcomeError(
            "Nothing was recorded of estates: set outcomes.record_estates to true before the model lives its weeks."
        )
    return table[outcome].to_numpy(float).reshape(-1, model.district.estates)


def _smooth(values: Array) -> Array:
    """Return means over the last weeks, of which the first frames have fewer; NaN where nothing is known."""
    known = np.isfinite(values)
    sums, counts = (np.cumsum(part, axis=0) for part in (np.where(known, values, 0.0), known.astype(float)))
    late = [np.concatenate([part[:WINDOW], part[WINDOW:] - part[:-WINDOW]]) for part in (sums, counts)]
    return np.divide(late[0], late[1], out=np.full(values.shape, np.nan), where=late[1] > 0)


def _ends(values: Array) -> tuple[float, float]:
    if not np.isfinite(values).any():
        return 0.0, 1.0
    low, high = np.nanquantile(values, [0.02, 0.96])
    return float(low), float(max(high, low + 1e-9))


def _named(model: Any, lang: str) -> str:
    return gettext(lang, "coverage strategy {strategy}", strategy=model.scenario.get("coverage.strategy"))


def _start(model: Any) -> int | None:
    if model.scenario.get("coverage.strategy") == "none":
        return None
    start = model.scenario.get("coverage.start_week")
    return int(model.scenario.get("run.warmup") if start is None else start)


def _step(marks: int, most: int) -> int:
    """Return which part of the weeks is shown: every one, every second, and so on.

    Examples
    --------
    >>> _step(120, 120), _step(121, 120), _step(500, 120)
    (1, 2, 5)
    """
    return max(1, math.ceil(marks / most))


def _shades(one: FilmMap) -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(one.low, one.high), one.palette)


def _colours(palette: str) -> list[str]:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return [to_hex(colour) for colour in colormaps[palette](np.linspace(0.0, 1.0, LEVELS))]


def _short(value: float) -> float | None:
    return float(f"{value:.5g}") if math.isfinite(value) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
