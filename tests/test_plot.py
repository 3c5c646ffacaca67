"""sim.plot: one look at a model."""

from __future__ import annotations

import importlib

import pytest

import sim
from tests.support.festival import Festivals

PLOT = importlib.import_module("sim.plot")


@pytest.fixture(scope="module")
def lived():
    scenario = sim.Scenario().replace(
        {
            "district.estates": 24,
            "coverage.strategy": "full",
            "run.warmup": 6,
            "outcomes.record_estates": True,
        }
    )
    model = sim.GovernanceModel(scenario, rng=3)
    model.run(weeks=16)
    return model


def said(figure):
    from matplotlib.text import Text

    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_plot_is_a_function_whatever_was_imported_before(lived):
    assert callable(sim.plot) and callable(sim.plot)


def test_plot_tells_the_three_series_together_and_no_effect(lived):
    text = said(PLOT.plot(lived))
    recent = lived.outcomes
    assert f"{recent['conflicts'].mean():.3g} conflicts" in text and f"{recent['filed'].mean():.3g} filed" in text
    assert f"{recent['standing'].mean():.3g} standing" in text
    assert "no effect of a policy" in text and "policy starts" in text
    assert "Conflicts per 1,000 households and week" in text and "km" in text


def test_plot_shows_itself_in_a_notebook_and_leaves_settings_alone(lived):
    import matplotlib

    before = dict(matplotlib.rcParams.copy())
    assert PLOT.plot(lived)._repr_png_().startswith(b"\x89PNG")
    assert dict(matplotlib.rcParams.copy()) == before


def test_the_map_shows_satisfaction_where_estates_are_not_recorded():
    model = sim.GovernanceModel(sim.Scenario().replace({"district.estates": 12}), rng=3)
    assert "No week has passed yet" in said(PLOT.plot(model))
    model.run(weeks=2)
    text = said(PLOT.plot(model))
    assert "Satisfaction of residents" in text and "policy starts" not in text


def test_looking_changes_nothing(lived):
    other = lived.fork()
    PLOT.plot(other)
    other.run(weeks=2)
    plain = lived.fork()
    plain.run(weeks=2)
    assert other.outcomes.equals(plain.outcomes)


def test_plot_speaks_chinese(lived):
    assert "纠纷" in said(PLOT.plot(lived, lang="zh"))


def test_without_a_chinese_font_plot_speaks_english(lived, monkeypatch):
    monkeypatch.setattr(PLOT, "CHINESE", ())
    assert "conflicts" in said(PLOT.plot(lived, lang="zh"))


def test_another_language_is_refused(lived):
    with pytest.raises(ValueError, match='"de"'):
        PLOT.plot(lived, lang="de")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_title_is_cut_off_at_the_figure_s_edge(lived: sim.GovernanceModel, lang: str) -> None:
    figure = sim.plot(lived, lang=lang)
    figure.draw_without_rendering()
    titles = [axes.title for axes in figure.axes] + [axes._left_title for axes in figure.axes]
    cut = [title.get_text() for title in titles if title.get_window_extent().x1 > figure.bbox.x1]
    assert not cut


def test_an_outcome_of_one_s_own_is_not_taken_for_a_language(lived: sim.GovernanceModel) -> None:
    sim.Scenario.including(Festivals)
    with pytest.raises(sim.OutcomeError, match="draws the same series of every model; held alone"):
        sim.plot(lived, "held")
