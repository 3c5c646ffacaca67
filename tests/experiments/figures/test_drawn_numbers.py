"""What the figures of a comparison draw is where the numbers are: marks, bars, bands, estates, read from the axes."""

from __future__ import annotations

import math
from copy import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.analyses.compare.comparison_figures import FALL, RISE, draw, rates
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.reporting import words
from tests.support.drawn_axes import bars, marks
from tests.support.printed_numbers import check_number
from tests.support.synthetic_comparison import comparison, studied

ARMS = ["own", "full", "hours_matched:full", "placebo:full"]
MARGIN = 0.03


@pytest.fixture(scope="module")
def made() -> SimpleNamespace:
    """Return a comparison whose intervals are as wide to the left as they are not to the right."""
    result = comparison(arms=ARMS, weeks=70, replicates=5, margin=MARGIN)
    width = result.table["ci_high"] - result.table["difference"]
    result.table["ci_low"] -= 0.8 * width
    result.table["sim_low"], result.table["sim_high"] = result.table["ci_low"] - width, result.table["ci_high"] + width
    return result


def in_per_cent(result: SimpleNamespace, outcome: str) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return each effect with its interval, in per cent of what it is set against, by arm and that."""
    rows = result.table[(result.table["outcome"] == outcome) & (result.table["strategy"] != result.table["against"])]
    return {
        (row["strategy"], row["against"]): tuple(
            100.0 * row[name] / row["baseline_mean"] for name in ("difference", "ci_low", "ci_high")
        )
        for row in rows.to_dict("records")
    }  # type: ignore[return-value]


def panels(figure: Any) -> list[Any]:
    """Return the panels with marks, as they were drawn: one for each headline outcome; the legend has no axis."""
    return [axes for axes in figure.axes if marks(axes) and axes.axison]


def row_texts(figure: Any, axes: Any, y: float) -> list[str]:
    """Return what is written beside a place on an axis, from left to right."""
    from matplotlib.text import Annotation

    pixel = axes.transData.transform((0.0, y))[1]
    height = abs(axes.transData.transform((0.0, y + 1.0))[1] - pixel)
    boxes = [(text.get_window_extent(), text.get_text().strip()) for text in figure.findobj(Annotation)]
    beside = [(box.x0, text) for box, text in boxes if text and abs((box.y0 + box.y1) / 2 - pixel) < 0.45 * height]
    return [text for _, text in sorted(beside)]


def test_a_forest_marks_every_effect_in_its_row_with_its_interval_and_number(made: SimpleNamespace) -> None:
    figure = draw(made, "effects")
    names = {words.arm(arm, "en", short).lower(): arm for arm in ARMS for short in (False, True)}
    assert len(panels(figure)) == len(HEADLINE)
    for column, (axes, outcome) in enumerate(zip(panels(figure), HEADLINE, strict=True)):
        expected, last = in_per_cent(made, outcome), ""
        low, high = axes.get_xlim()
        spans = {y[0]: tuple(x) for x, y in bars(axes) if y[0] == y[1]}
        for x, y in sorted(marks(axes), key=lambda mark: mark[1]):
            label, *numbers = row_texts(figure, axes, y)
            against = names[label.removeprefix("against ").lower()] if label.startswith("against ") else "none"
            last = last if label.startswith("against ") else names[label.lower()]
            difference, *ends = expected.pop((last, against))
            assert x == pytest.approx(difference), (last, against, outcome)
            assert spans[y] == pytest.approx([max(low, min(high, end)) for end in ends]), (last, against, outcome)
            check_number(numbers[column], difference, within=0.05, what=f"{last}, {outcome}")
        # What has no mark lies beyond the axis.
        assert all(not low <= difference <= high for difference, *_ in expected.values()), expected


def test_the_band_of_a_forest_is_the_margin(made: SimpleNamespace) -> None:
    for axes in panels(draw(made, "effects")):
        edges = [tuple(patch.get_extents().transformed(axes.transData.inverted()).intervalx) for patch in axes.patches]
        assert any(edge == pytest.approx((-100 * MARGIN, 100 * MARGIN)) for edge in edges), edges


def test_costs_are_marked_at_added_hours_and_change_with_both_intervals(made: SimpleNamespace) -> None:
    hours = made.table[made.table["outcome"] == "hours"].set_index(["strategy", "against"])
    shown = panels(draw(made, "cost"))
    assert len(shown) == len(HEADLINE)
    for axes, outcome in zip(shown, HEADLINE, strict=True):
        effects = in_per_cent(made, outcome)
        expected = {arm: (hours.loc[(arm, "none"), "difference"], effects[arm, "none"]) for arm in ARMS}
        points = [(added, change) for added, (change, *_) in expected.values()]
        np.testing.assert_allclose(sorted(marks(axes)), sorted(points), atol=1e-9)
        for arm, (added, (change, low, high)) in expected.items():
            ends = hours.loc[(arm, "none"), ["ci_low", "ci_high"]].to_numpy(float)
            assert any(np.allclose(x, added) and np.allclose(y, (low, high)) for x, y in bars(axes)), (arm, outcome)
            assert any(np.allclose(x, ends) and np.allclose(y, change) for x, y in bars(axes)), (arm, outcome)
        assert any(
            patch.get_extents().transformed(axes.transData.inverted()).intervaly
            == pytest.approx((-100 * MARGIN, 100 * MARGIN))
            for patch in axes.patches
        )


def late_mean_and_band(series: pd.DataFrame, arm: str, outcome: str, against: str | None) -> np.ndarray:
    """Work out, week by week, the mean of the last four weeks over replicates, and its 95 % interval."""
    runs = series.pivot_table(index="week", columns=["arm", "replicate"], values=outcome)
    values = runs[arm] if against is None else runs[arm] - runs[against]
    smooth = values.rolling(4, min_periods=1).mean().to_numpy()
    half = stats.t.ppf(0.975, smooth.shape[1] - 1) * stats.sem(smooth, axis=1)
    return np.stack([smooth.mean(axis=1), smooth.mean(axis=1) - half, smooth.mean(axis=1) + half])


@pytest.mark.parametrize("against", [None, "none"])
def test_series_draw_the_mean_of_four_weeks_and_its_interval(made: SimpleNamespace, against: str | None) -> None:
    axes = draw(made, "series").axes
    shown = [one for one in axes if any(len(line.get_xdata()) > 2 for line in one.lines)]
    assert len(shown) == 2 * 4  # levels and differences of conflicts, filed, standing and open cases
    levels, differences = shown[:4], shown[4:]
    for outcome, one in zip((*HEADLINE, "open"), levels if against is None else differences, strict=True):
        arms = [arm for arm in ("none", "full", "hours_matched:full", "placebo:full") if arm != against]
        lines = [line for line in one.lines if len(line.get_xdata()) > 2]
        assert len(lines) == len(one.collections) == len(arms)
        for arm, line, cloud in zip(arms, lines, one.collections, strict=True):
            weeks = np.asarray(line.get_xdata(), float) + made.info["warmup"]
            mean, low, high = late_mean_and_band(made.series, arm, outcome, against)[:, weeks.astype(int)]
            np.testing.assert_allclose(line.get_ydata(), mean, atol=1e-12, err_msg=f"{arm}, {outcome}")
            edge = cloud.get_paths()[0].vertices
            for week, bottom, top in zip(line.get_xdata(), low, high, strict=True):
                at = edge[np.isclose(edge[:, 0], week), 1]
                assert (at.min(), at.max()) == pytest.approx((bottom, top), abs=1e-12), (arm, outcome, week)


def test_maps_show_a_fall_where_it_falls_and_a_rise_where_it_rises(made: SimpleNamespace) -> None:
    """Circles for falls, triangles for rises, in the panels of differences; every estate in every panel."""
    ground, estates = made.district, made.estates.set_index(["arm", "estate"])
    places = np.stack([ground.x, ground.y], axis=1)
    shown = [axes for axes in draw(made, "maps").axes if any(len(part.get_offsets()) > 20 for part in axes.collections)]
    assert len(shown) == 2 + len(HEADLINE)
    for axes, outcome in zip(shown[2:], HEADLINE, strict=True):
        change = (estates.loc["full", outcome] - estates.loc["none", outcome]).loc[list(ground.names)].to_numpy()
        assert (change < 0).any() and (change > 0).any()
        drawn = [part for part in axes.collections if part.get_array() is None and len(part.get_offsets())]
        falls, rises = (next(part for part in drawn if _shape(part) == sides) for sides in (FALL, RISE))
        for part, rows in ((falls, change < 0), (rises, change > 0)):
            found = np.asarray(part.get_offsets())
            np.testing.assert_allclose(found[np.lexsort(found.T)], places[rows][np.lexsort(places[rows].T)])


def _shape(part: Any) -> str:
    """Return which of the two marks a collection is drawn with: a triangle has three corners, a circle has curves."""
    return RISE if len(part.get_paths()[0].vertices) < 6 else FALL


def test_rates_of_a_map_are_per_thousand_households(made: SimpleNamespace) -> None:
    ground, estates = made.district, made.estates
    for arm in ("none", "full"):
        counts = estates[estates["arm"] == arm].set_index("estate")["filed"]
        expected = [1000.0 * counts[name] / homes for name, homes in zip(ground.names, ground.households, strict=True)]
        np.testing.assert_allclose(rates(Reader(made), arm, "filed"), expected)
    missing = copy(made)
    missing.estates = estates[estates["estate"] != ground.names[3]]
    assert math.isnan(rates(Reader(missing), "full", "filed")[3])


# Rows of marks in other figures ---------------------------------------------------------------------------------------


def test_a_study_marks_every_change_in_its_row_with_its_interval(made: SimpleNamespace) -> None:
    from experiments.analyses.study.study_comparison import study_figure

    figure = study_figure(studied(made, HEADLINE))
    assert len(panels(figure)) == len(HEADLINE)
    for axes, outcome in zip(panels(figure), HEADLINE, strict=True):
        expected = in_per_cent(made, outcome)
        arms = list(dict.fromkeys(arm for arm, against in expected if against == "none"))
        ordered = sorted(marks(axes), key=lambda mark: mark[1])
        assert [y for _, y in ordered] == [place + 0.5 for place in range(len(arms))]
        spans = {y[0]: tuple(x) for x, y in bars(axes) if y[0] == y[1]}
        for arm, (x, y) in zip(arms, ordered, strict=True):
            difference, *ends = expected[arm, "none"]
            assert x == pytest.approx(difference) and spans[y] == pytest.approx(ends), (arm, outcome)
            number = row_texts(figure, axes, y)[-len(HEADLINE) :][HEADLINE.index(outcome)]
            check_number(number, difference, within=0.05, what=f"{arm}, {outcome}")


def test_systems_mark_every_outcome_in_its_row_and_have_an_arrow_for_what_lies_beyond() -> None:
    from experiments.analyses.study.systems_study import systems_figure

    rows = pd.DataFrame(
        [
            {
                "contrast": f"S{place // 3}",
                "system": "districts",
                "outcome": HEADLINE[place % 3],
                "without": 2.0,
                "with": 2.0 + change,
                "difference": change,
                "relative": change / 2.0,
                "ci_low": change - 0.02,
                "ci_high": change + 0.05,
                "verdict": "undecided",
                "replicates": 3,
            }
            for place, change in enumerate((-0.1, 0.2, 0.15, -0.3, 0.01, 40.0))
        ]
    )
    (axes,) = panels(systems_figure(rows))
    low, high = axes.get_xlim()
    shown = rows[rows["difference"] < 1.0]
    assert sorted(marks(axes), key=lambda mark: mark[1]) == [
        pytest.approx((100.0 * change / 2.0, place + 0.5)) for place, change in shown["difference"].items()
    ]
    spans = {y[0]: tuple(x) for x, y in bars(axes) if y[0] == y[1]}
    for place, row in rows.iterrows():
        ends = (max(low, min(high, 50.0 * row[name])) for name in ("ci_low", "ci_high"))
        assert spans[place + 0.5] == pytest.approx(tuple(ends)), place
    arrows = [line for line in axes.lines if line.get_marker() == ">" and line.get_ydata()[0] == 5.5]
    assert len(arrows) == 1
