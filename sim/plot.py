"""One look at a model: the district as a map, and its main series.

Before and after is no effect: what a policy changes is seen beside the same district without it, which is the
laboratory's work (`experiments.compare`).
"""

from __future__ import annotations

import io
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.agents import PopulatedModel
from sim.core.errors import OutcomeError, unknown
from sim.core.message_catalogue import LANGUAGES, MODEL, N_
from sim.outcomes import definition

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.model import GovernanceModel

__all__ = ["chinese_font", "drawing", "families", "plot"]

LATIN = "DejaVu Sans"
"""It comes with matplotlib, so that a figure looks alike on every machine, whatever is installed there."""
FONTS = Path(__file__).parent / "fonts"
OWN = "Gongzhi Sans SC"
"""A part of Noto Sans CJK SC that comes with the project (`tools/font.py`)."""
CHINESE = (
    OWN,
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "SimSun",
    "Songti SC",
)
NEW = re.compile(r"cjk|noto ?sans ?sc|source ?han|wqy|wenquan|simhei|simsun|msyh", re.IGNORECASE)
"""What files of such fonts are called."""
RECENT = 26
INK, MUTED, BLUE, VERMILLION, PURPLE = "#1a1a1a", "#5c5c5c", "#0072B2", "#D55E00", "#8C4A78"
PLAIN = {"text.usetex": False, "axes.formatter.use_mathtext": False}
"""The words are no TeX: they hold per cent signs and Chinese, and LaTeX may not be here."""

_CONFLICTS = N_("Conflicts per 1,000 households and week")
CATALOGUE = MODEL
gettext, ngettext = CATALOGUE.gettext, CATALOGUE.ngettext


def _matplotlib() -> Any:
    """Return matplotlib, though the environment names a backend that is not here: a figure in a file needs none."""
    named = None if "matplotlib" in sys.modules else os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    finally:
        if named is not None:
            os.environ["MPLBACKEND"] = named
    if named:
        with suppress(ValueError):
            matplotlib.rcParams["backend"] = named  # as matplotlib does, which ends the program over a wrong name
    return matplotlib


def _fonts() -> frozenset[str]:
    """Return the names of all fonts that matplotlib knows of now, the project's own among them.

    Matplotlib keeps its list of fonts from the day on which it first ran. What was installed since, and what comes
    with the project, are told it here, when something is drawn.
    """
    _matplotlib()
    from matplotlib import font_manager

    manager = font_manager.fontManager
    names = _names(id(manager), len(manager.ttflist))
    if OWN not in names:
        for file in sorted(FONTS.glob("*.otf")):
            manager.addfont(str(file))
        if not any(name in names for name in CHINESE):
            for found in filter(NEW.search, font_manager.findSystemFonts()):
                with suppress(OSError, RuntimeError):  # a broken file, or one of a kind that cannot be drawn
                    manager.addfont(found)
        names = _names(id(manager), len(manager.ttflist))
    return names


@lru_cache(maxsize=2)
def _names(_manager: int, _fonts: int) -> frozenset[str]:
    from matplotlib import font_manager

    return frozenset(font_manager.get_font_names())


def chinese_font() -> str | None:
    """Return the first font that has Chinese characters, the project's own before installed ones, or None."""
    return next((name for name in CHINESE if name in _fonts()), None)


def families(lang: str) -> list[str]:
    """Return the fonts to draw with, first choice first; later ones have the characters that it lacks."""
    known = _fonts()
    chinese = [name for name in CHINESE if name in known][:2]  # an installed one has rarer characters than ours
    return [*chinese[:1], LATIN, *chinese[1:]] if lang == "zh" else [LATIN, *chinese]


def plot(model: GovernanceModel, lang: str = "en", couriers: bool = False) -> Figure:
    """Draw the district and the main series of a model.

    Parameters
    ----------
    model
        A model that has lived some weeks.
    lang
        `en` or `zh`; without a font for Chinese characters the figure is in English.
    couriers
        Whether the map shows couriers' stations, and riders where they mostly ride.

    Returns
    -------
    matplotlib.figure.Figure
        Shows itself in a notebook; ``figure.savefig("district.png")`` writes it.

    Examples
    --------
    >>> import sim
    >>> model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 12}), rng=1)
    >>> model.run(weeks=8)
    >>> figure = sim.plot(model)
    """
    outcomes = [lang] if isinstance(lang, str) else lang
    if isinstance(outcomes, list | tuple) and outcomes and all(definition(str(name)) for name in outcomes):
        raise OutcomeError(
            f"sim.plot draws the same series of every model; {outcomes[0]} alone is drawn by "
            f'model.outcomes.plot("week", "{outcomes[0]}"), and its map by sim.animate(model, outcome=...).'
        )
    if lang not in LANGUAGES:
        raise OutcomeError(unknown("language", lang, LANGUAGES))
    if not isinstance(model, PopulatedModel):
        raise OutcomeError(
            f"sim.plot draws a model, not a {type(model).__name__}. Give the model itself; a result of the laboratory "
            "draws its own figures, result.figure()."
        )
    lang = "en" if chinese_font() is None else lang
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    settings = {
        "font.family": families(lang),
        "font.size": 8,
        "axes.titlesize": 8.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": 7.5,
        "xtick.labelsize": 7.5,
        "ytick.labelsize": 7.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.edgecolor": MUTED,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        **PLAIN,
    }
    with drawing(settings):
        figure = Figure(figsize=(7.1, 5.6), layout="constrained")
        outcomes = model.outcomes
        title, subtitle = _finding(model, outcomes, lang)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10.5, fontweight="bold")
        grid = figure.add_gridspec(1, 2, width_ratios=(1.05, 1))
        district = figure.add_subplot(grid[0])
        riders = _couriers(district, model, lang) if couriers else []
        _map(district, model, lang, riders)
        panels = grid[1].subgridspec(4, 1, height_ratios=(2.1, 1, 1, 1)).subplots(sharex=True)
        _series(panels, model, outcomes, lang)
        figure.supxlabel(subtitle, x=0.01, ha="left", fontsize=7, color=MUTED)
        figure.draw_without_rendering()
        for text in figure.findobj(Text):
            text.set_fontfamily(families(lang))
    figure._repr_png_ = partial(_png, figure)  # type: ignore[attr-defined]
    return figure


@contextmanager
def drawing(settings: dict[str, Any]) -> Iterator[None]:
    """Hold settings while drawing; the user's own hold beside them, and come back afterwards."""
    with _matplotlib().rc_context(settings), warnings.catch_warnings():
        # A name of the user's own may hold a character that no font has; an empty box tells that well enough.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _png(figure: Figure) -> bytes:
    target = io.BytesIO()
    with drawing(PLAIN):
        figure.savefig(target, format="png", dpi=130)
    return target.getvalue()


def _start(model: GovernanceModel) -> int | None:
    """Return the week in which a policy starts, where there is one."""
    if model.scenario.get("coverage.strategy") == "none":
        return None
    start = model.scenario.get("coverage.start_week")
    return int(model.scenario.get("run.warmup") if start is None else start)


def _finding(model: GovernanceModel, outcomes: pd.DataFrame, lang: str) -> tuple[str, str]:
    """Return a title with the latest levels, and a line that says what the figure cannot tell."""
    district = model.district
    where = gettext(
        lang,
        "{estates:,} estates, {households:,} households",
        estates=district.estates,
        households=int(district.households.sum()),
    )
    if not len(outcomes):
        return gettext(lang, "No week has passed yet"), where
    recent = outcomes.tail(RECENT)
    latest = {
        name: "–" if recent[name].isna().all() else f"{recent[name].mean():.3g}"
        for name in ("conflicts", "filed", "standing")
    }
    title = gettext(
        lang,
        "Last {weeks} weeks: {conflicts} conflicts, {filed} filed and {standing} standing disputes\n"
        "per 1,000 households and week",
        weeks=len(recent),
        **latest,
    )
    return title, gettext(
        lang,
        "{where}; coverage strategy {strategy}; one run. Before and after is no effect of a policy:\n"
        "compare strategies with experiments.compare.",
        where=where,
        strategy=model.scenario.get("coverage.strategy"),
    )


def _levels(model: GovernanceModel) -> tuple[NDArray[np.float64], str]:
    """Return what the map shows and its name: recent conflicts if estates are recorded, else satisfaction."""
    if model.week and model.scenario.get("outcomes.record_estates"):
        rows = model.estate_outcomes
        if len(rows):
            rows = rows[rows["week"] > rows["week"].max() - RECENT]
            mean = rows.groupby("estate")["conflicts"].mean()
            per_estate = mean.reindex(model.district.names).to_numpy(float)
            return per_estate / model.district.households * 1000, _CONFLICTS
    return np.asarray(model.satisfaction.mean, float), N_("Satisfaction of residents, 0 to 1")


def _couriers(axes: Axes, model: GovernanceModel, lang: str) -> list[Any]:
    """Draw riders and stations upon the estates; return what the legend shows."""
    x, y = model.couriers.positions().T
    careful = model.couriers.safe
    dots = []
    for mask, colour, words in (
        (careful, BLUE, gettext(lang, "careful riders")),
        (~careful, VERMILLION, gettext(lang, "other riders")),
    ):
        axes.scatter(x[mask], y[mask], s=1.6, color=colour, alpha=0.6, linewidths=0, zorder=2.5, rasterized=True)
        dots.append(axes.scatter([], [], s=8, color=colour, label=words))
    station = axes.scatter(
        model.stations.x,
        model.stations.y,
        s=7,
        marker="+",
        color=INK,
        linewidths=0.5,
        zorder=3,
        label=gettext(lang, "stations"),
    )
    return [*dots, station]


def _map(axes: Axes, model: GovernanceModel, lang: str, others: list[Any]) -> None:
    district = model.district
    values, name = _levels(model)
    low, high = np.nanquantile(values, [0.02, 0.98])
    order = np.argsort(-district.households, kind="stable")
    scale = min(1 / 20.0, 20_000.0 / district.households.sum())  # marks cover at most a third of the map
    area = np.clip(district.households * scale, 2.0, 160.0)
    shown = axes.scatter(
        district.x[order],
        district.y[order],
        s=area[order],
        c=values[order],
        vmin=low,
        vmax=max(high, low + 1e-9),
        cmap="cividis_r" if name == _CONFLICTS else "cividis",
        linewidths=0.3,
        edgecolors="#404040",
    )
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_title(gettext(lang, name))
    axes.set_xlabel(gettext(lang, "km"))
    axes.set_ylabel(gettext(lang, "km"))
    bar = axes.figure.colorbar(shown, ax=axes, orientation="horizontal", extend="both", shrink=0.7, aspect=30, pad=0.02)
    bar.outline.set_linewidth(0.4)
    sizes = [size for size in (200, 1000, 4000) if size <= max(1000, int(district.households.max()))]
    handles = [
        axes.scatter(
            [],
            [],
            s=np.clip(size * scale, 2.0, 160.0),
            color="#bdbdbd",
            edgecolors="#404040",
            linewidths=0.3,
            label=f"{size:,}",
        )
        for size in sizes
    ]
    axes.legend(
        handles=[*handles, *others],
        title=gettext(lang, "households"),
        loc="best",
        fontsize=7,
        title_fontsize=7,
        frameon=True,
        framealpha=0.85,
        edgecolor="none",
        labelspacing=0.9,
    )


def _series(panels: Any, model: GovernanceModel, outcomes: pd.DataFrame, lang: str) -> None:
    """Draw conflicts, filed cases and standing disputes together, then what is open, felt and spent."""
    start = _start(model)
    styles = (
        ("conflicts", gettext(lang, "conflicts"), INK, "-"),
        ("filed", gettext(lang, "filed"), BLUE, (0, (5, 1.6))),
        ("standing", gettext(lang, "standing"), VERMILLION, (0, (1.2, 1.2))),
    )
    smooth = outcomes.rolling(4, min_periods=1).mean()
    for name, label, colour, dashes in styles:
        panels[0].plot(outcomes["week"], smooth[name], color=colour, ls=dashes, lw=1.3, label=label)
    panels[0].set_title(gettext(lang, "Per 1,000 households and week,\nmean of 4 weeks"))
    panels[0].legend(
        loc="upper left",
        bbox_to_anchor=(0, 1.02),
        ncols=3,
        frameon=True,
        framealpha=1.0,
        edgecolor="none",
        fontsize=7,
        handlelength=1.8,
        columnspacing=1.0,
    )
    panels[0].margins(y=0.22)
    if len(outcomes):
        panels[0].set_ylim(bottom=0)
    titles = {
        "open": gettext(lang, "Open cases, per 1,000 households"),
        "satisfaction": gettext(lang, "Satisfaction, 0 to 1"),
        "hours": gettext(lang, "Hours a week, whole district"),
    }
    for axes, (name, title) in zip(panels[1:], titles.items(), strict=True):
        axes.plot(outcomes["week"], outcomes[name], color=PURPLE, lw=1.1)
        axes.set_title(title)
        axes.locator_params(axis="y", nbins=4)
        axes.margins(y=0.12)
    for axes in panels:
        if start is not None and len(outcomes) and start <= int(outcomes["week"].max()):
            axes.axvline(start, color=MUTED, lw=0.9, ls=":")
    if start is not None and len(outcomes) and start <= int(outcomes["week"].max()):
        panels[1].annotate(  # where the foot of the panel is free: cases are open in every week by then
            gettext(lang, "policy starts"),
            (start, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(3, 0),
            textcoords="offset points",
            fontsize=7,
            color=MUTED,
        )
    panels[-1].set_xlabel(gettext(lang, "week"))
    panels[-1].yaxis.set_major_formatter(lambda value, _place: f"{value:,.10g}")
