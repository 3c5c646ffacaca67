"""One look at a model: the district as a map, and its main series.

Before and after is no effect: what a policy changes is seen beside the same district without it, which is the
laboratory's work (`experiments.compare`).
"""

from __future__ import annotations

import io
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.model import GovernanceModel

__all__ = ["chinese_font", "families", "plot"]

LATIN = ("Liberation Sans", "Arial", "Helvetica", "Helvetica Neue", "Noto Sans", "DejaVu Sans")
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Microsoft YaHei", "Hiragino Sans GB", "Heiti SC", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Noto Sans CJK JP", "Noto Sans CJK TC", "Arial Unicode MS", "Noto Serif CJK SC", "Noto Serif CJK JP",
    "SimSun", "Songti SC",
)  # fmt: skip
RECENT = 26
INK, MUTED, BLUE, VERMILLION, PURPLE = "#1a1a1a", "#5c5c5c", "#0072B2", "#D55E00", "#8C4A78"

WORDS: dict[str, tuple[str, str]] = {
    "conflicts": ("conflicts", "纠纷"),
    "filed": ("filed", "提交诉求"),
    "standing": ("standing", "未了纠纷"),
    "open": ("open cases", "在办积压"),
    "satisfaction": ("satisfaction", "满意度"),
    "hours": ("hours a week", "每周工时"),
    "rate": ("Per 1,000 households, week", "每千户每周"),
    "stock": ("per 1,000 households", "每千户"),
    "share": ("0 to 1", "0 至 1"),
    "district": ("whole district", "全区"),
    "week": ("week", "周"),
    "map": ("Conflicts per 1,000 households and week", "每千户每周纠纷"),
    "map_other": ("Satisfaction of residents, 0 to 1", "居民满意度，0 至 1"),
    "policy": ("policy starts", "政策开始"),
    "km": ("km", "千米"),
    "none": ("No week has passed yet", "尚未运行"),
}


@cache
def _installed() -> frozenset[str]:
    from matplotlib import font_manager

    return frozenset(font_manager.get_font_names())


def chinese_font() -> str | None:
    """Return the first installed font that has Chinese characters, or None."""
    return next((name for name in CHINESE if name in _installed()), None)


def families(lang: str) -> list[str]:
    """Return the fonts to draw with, first choice first; later ones have the characters that it lacks."""
    latin = next(name for name in LATIN if name in _installed() or name == "DejaVu Sans")
    chinese = chinese_font()
    chosen = [chinese, latin] if lang == "zh" else [latin, chinese]
    return list(dict.fromkeys([*(name for name in chosen if name), "DejaVu Sans"]))


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
    import matplotlib
    from matplotlib.figure import Figure

    if lang not in ("en", "zh"):
        raise ValueError(f'lang is "{lang}"; the figure is drawn in "en" or "zh".')
    lang = "en" if chinese_font() is None else lang
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
    }
    with matplotlib.rc_context(settings):
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
        for text in figure.findobj(matplotlib.text.Text):
            text.set_fontfamily(families(lang))
    figure._repr_png_ = partial(_png, figure)  # type: ignore[attr-defined]
    return figure


def _png(figure: Figure) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=130)
    return target.getvalue()


def _say(key: str, lang: str) -> str:
    return WORDS[key][1 if lang == "zh" else 0]


def _start(model: GovernanceModel) -> int | None:
    """Return the week in which a policy starts, where there is one."""
    if model.scenario.get("coverage.strategy") == "none":
        return None
    start = model.scenario.get("coverage.start_week")
    return int(model.scenario.get("run.warmup") if start is None else start)


def _finding(model: GovernanceModel, outcomes: pd.DataFrame, lang: str) -> tuple[str, str]:
    """Return a title with the latest levels, and a line that says what the figure cannot tell."""
    district = model.district
    where = (
        f"{district.estates:,} estates, {int(district.households.sum()):,} households"
        if lang == "en"
        else f"{district.estates:,} 个小区，{int(district.households.sum()):,} 户"
    )
    if not len(outcomes):
        return _say("none", lang), where
    recent = outcomes.tail(RECENT)
    conflicts, filed, standing = (
        "–" if recent[name].isna().all() else f"{recent[name].mean():.3g}"
        for name in ("conflicts", "filed", "standing")
    )
    weeks = len(recent)
    strategy = model.scenario.get("coverage.strategy")
    if lang == "zh":
        title = (
            f"近 {weeks} 周每千户每周：纠纷 {conflicts}，提交诉求 {filed}，未了纠纷 {standing}"
        )
        return (
            title,
            f"{where}；覆盖策略 {strategy}；单次运行。前后对比不是政策效果：请用 experiments.compare 比较各"
            "策略。",
        )
    title = (
        f"Last {weeks} weeks: {conflicts} conflicts, {filed} filed and {standing} standing "
        "disputes\nper 1,000 households and week"
    )
    return title, (
        f"{where}; coverage strategy {strategy}; one run. Before and after is no effect of a "
        "policy:\ncompare strategies with experiments.compare."
    )


def _levels(model: GovernanceModel) -> tuple[NDArray[np.float64], str]:
    """Return what the map shows and its name: recent conflicts if estates are recorded, else satisfaction."""
    if model.week and model.scenario.get("outcomes.record_estates"):
        rows = model.estate_outcomes
        if len(rows):
            rows = rows[rows["week"] > rows["week"].max() - RECENT]
            mean = rows.groupby("estate")["conflicts"].mean()
            per_estate = mean.reindex(model.district.names).to_numpy(float)
            return per_estate / model.district.households * 1000, "map"
    return np.asarray(model.satisfaction.mean, float), "map_other"


def _couriers(axes: Axes, model: GovernanceModel, lang: str) -> list[Any]:
    """Draw riders and stations upon the estates; return what the legend shows."""
    x, y = model.couriers.positions().T
    careful = model.couriers.safe
    dots = []
    for mask, colour, words in (
        (careful, BLUE, ("careful riders", "守规骑手")), (~careful, VERMILLION, ("other riders", "其他骑手"))
    ):  # fmt: skip
        axes.scatter(x[mask], y[mask], s=1.6, color=colour, alpha=0.6, linewidths=0, zorder=2.5, rasterized=True)
        dots.append(axes.scatter([], [], s=8, color=colour, label=words[lang == "zh"]))
    label = "stations" if lang == "en" else "网点"
    station = axes.scatter(
        model.stations.x, model.stations.y, s=7, marker="+", color=INK, linewidths=0.5, zorder=3, label=label
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
        cmap="cividis_r" if name == "map" else "cividis",
        linewidths=0.3,
        edgecolors="#404040",
    )
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_title(_say(name, lang))
    axes.set_xlabel(_say("km", lang))
    axes.set_ylabel(_say("km", lang))
    bar = axes.figure.colorbar(
        shown, ax=axes, orientation="horizontal", extend="both", shrink=0.7, aspect=30, pad=0.02
    )
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
        title="households" if lang == "en" else "户数",
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
        ("conflicts", INK, "-"),
        ("filed", BLUE, (0, (5, 1.6))),
        ("standing", VERMILLION, (0, (1.2, 1.2))),
    )
    smooth = outcomes.rolling(4, min_periods=1).mean()
    for name, colour, dashes in styles:
        panels[0].plot(
            outcomes["week"], smooth[name], color=colour, ls=dashes, lw=1.3, label=_say(name, lang)
        )
    panels[0].set_title(_say("rate", lang) + (", mean of 4 weeks" if lang == "en" else "，四周平均"))
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
    for axes, name, unit in zip(
        panels[1:], ("open", "satisfaction", "hours"), ("stock", "share", "district"), strict=True
    ):
        axes.plot(outcomes["week"], outcomes[name], color=PURPLE, lw=1.1)
        joint = ", " if lang == "en" else "，"
        title = _say(name, lang) + joint + _say(unit, lang)
        axes.set_title(title[0].upper() + title[1:])
        axes.locator_params(axis="y", nbins=4)
        axes.margins(y=0.12)
    for axes in panels:
        if start is not None and len(outcomes) and start <= int(outcomes["week"].max()):
            axes.axvline(start, color=MUTED, lw=0.9, ls=":")
    if start is not None and len(outcomes) and start <= int(outcomes["week"].max()):
        panels[0].annotate(
            _say("policy", lang),
            (start, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(3, 0),
            textcoords="offset points",
            fontsize=7,
            color=MUTED,
        )
    panels[-1].set_xlabel(_say("week", lang))
    panels[-1].yaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
