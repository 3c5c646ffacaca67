"""The figures of a comparison: what they say follows from the numbers, and they can be read."""

from __future__ import annotations

import importlib
import itertools
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from matplotlib.legend import Legend
from scipy import stats

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.comparison_figures import (
    FIGURES,
    _series_title,
    available,
    band,
    draw,
    late,
    smooth,
)
from experiments.analyses.compare.comparison_report import figures
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.core.statistics.paired import paired
from experiments.figures import style
from experiments.figures.line_breaks import text_width, wrap
from experiments.presets.compare_coverage import ARMS, QUESTION
from experiments.reporting import words
from experiments.reporting.document import draw_into
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import aligned, amount, percent
from experiments.reporting.phrases import phrase
from experiments.reporting.template_rendering import sentence
from tests.support.synthetic_comparison import comparison, draw_all, policies, studied

FEW = ["own", "full", "hours_matched:full", "placebo:full"]


@pytest.fixture(scope="module")
def drawn():
    made = {}

    def one(name, lang="en", sign=1.0):
        if (name, lang, sign) not in made:
            made[name, lang, sign] = draw(policies(sign) if name == "coverages" else comparison(sign), name, lang)
        return made[name, lang, sign]

    return one


def texts(figure):
    """All texts that are drawn, with their boxes in pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    seen, plain = {}, Text.draw

    def draw(self, *args, **kwargs):
        seen[id(self)] = self
        return plain(self, *args, **kwargs)

    renderer = FigureCanvasAgg(figure).get_renderer()
    with style.drawing("zh"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", draw)
        figure.draw(renderer)
        drawn = [text for text in seen.values() if text.get_visible() and text.get_text().strip()]
        return [(text.get_text(), text.get_window_extent(renderer)) for text in drawn]


def words_of(figure):
    return " ".join(text for text, _box in texts(figure))


def shared(a, b):
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    return max(wide, 0) * max(high, 0)


# What is written ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_figure_is_written_as_png_and_svg_without_a_date_and_the_same_every_time(tmp_path):
    from PIL import Image

    result = comparison(arms=FEW, weeks=80, replicates=3)
    first, second = draw_all(result, tmp_path / "a"), draw_all(result, tmp_path / "b")
    assert list(first) == [name for name in FIGURES if name != "coverages"]
    for name, path in first.items():
        assert path.read_bytes() == second[name].read_bytes()
        drawing = path.with_suffix(".svg").read_bytes()
        assert drawing == second[name].with_suffix(".svg").read_bytes()
        assert b"dc:date" not in drawing and b"<text" not in drawing
        with Image.open(path) as image:
            assert not {key.lower() for key in image.info} & {"date", "creation time", "software"}
            assert image.size[0] == pytest.approx(7.1 * 200, abs=2)


def test_without_a_chinese_font_the_figures_are_in_english_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.import_module("sim.plot"), "CHINESE", ())
    draw_into(tmp_path / "figures", "parts", figures(comparison(arms=FEW, weeks=60, replicates=2))["parts"], "zh")
    assert "The Chinese font that comes with Gongzhi is missing" in (tmp_path / "figures/NOTE.txt").read_text()
    assert "helps" in words_of(draw(comparison(arms=FEW, weeks=60, replicates=2), "parts", "zh"))


def test_drawing_leaves_the_users_settings_alone_and_needs_no_pyplot():
    import matplotlib

    before = dict(matplotlib.rcParams.copy())
    draw(comparison(arms=FEW, weeks=60, replicates=2), "parts")
    assert dict(matplotlib.rcParams.copy()) == before
    code = (
        "import sys; import experiments.analyses.compare.comparison_figures as plots;"
        "assert 'matplotlib' not in sys.modules;"
        "from tests.support.synthetic_comparison import comparison;"
        "plots.draw(comparison(arms=['full'], weeks=60, replicates=2));"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_figure_shows_itself_in_a_notebook():
    figure = draw(comparison(arms=FEW, weeks=60, replicates=2), "parts")
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_a_wrong_name_or_language_is_answered_with_what_there_is(tmp_path):
    result = comparison(arms=FEW, weeks=60, replicates=2)
    with pytest.raises(ValueError, match=r'Unknown figure "forrest"\. Choose from: effects, coverages, parts'):
        draw(result, "forrest")
    with pytest.raises(ValueError, match='"fr"'):
        draw_all(result, tmp_path, "fr")
    result.estates = result.estates.iloc[:0]
    with pytest.raises(ValueError, match="no data for the figure"):
        draw(result, "maps")


# What can be read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(FIGURES))
@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_no_text_covers_another_and_none_leaves_the_page(drawn, name, lang):
    figure = drawn(name, lang, 1.0 if lang == "en" else -1.0)
    page = figure.bbox
    found = texts(figure)
    assert len(found) > 15
    for text, box in found:
        assert box.x0 >= page.x0 - 1 and box.x1 <= page.x1 + 1, f"{text!r} leaves the page"
        assert box.y0 >= page.y0 - 1 and box.y1 <= page.y1 + 1, f"{text!r} leaves the page"
    for (text, box), (other, beside) in itertools.combinations(found, 2):
        assert shared(box, beside) <= 0.04 * min(box.width * box.height, beside.width * beside.height), (
            f"{text!r} covers {other!r}"
        )


@pytest.mark.parametrize("name", ["effects", "parts"])
@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_no_text_covers_another_where_both_policies_are_told(name, lang):
    test_no_text_covers_another_and_none_leaves_the_page(lambda *_: draw(policies(), name, lang), name, lang)


@pytest.mark.parametrize("name", ["effects", "coverages", "parts", "series", "maps", "cost"])
def test_conflicts_filed_and_standing_stand_together(drawn, name):
    said = words_of(drawn(name)).lower()
    assert all(words.noun(outcome).name in said for outcome in HEADLINE)


def test_every_verdict_has_a_mark_and_a_colour_of_its_own():
    marks = [marker for marker, _colour, _size in style.VERDICT_MARKS.values()]
    colours = [colour for _marker, colour, _size in style.VERDICT_MARKS.values()]
    assert len(set(marks)) == len(marks) and len(set(colours)) == len(colours)
    assert set(style.VERDICT_MARKS) == set(words.VERDICTS)


def test_the_band_and_the_interval_are_named(drawn):
    said = words_of(drawn("effects"))
    assert "equivalence band, ±2%" in said and "95% interval" in said and "against the same hours" in said
    assert "95% interval of the mean over 10 replicates" in words_of(drawn("series"))


def test_the_axes_have_units(drawn):
    assert "difference, %" in words_of(drawn("effects"))
    assert "added hours a week at desks and in branches of the whole district" in words_of(drawn("cost"))
    assert "axes in km" in words_of(drawn("maps"))
    assert "per 1,000 households" in words_of(drawn("maps"))


# What is said -------------------------------------------------------------------------------------


def title(figure):
    """The headline: the bold lines at the top."""
    lines = [text for text in figure.texts if text.get_fontsize() == 11]
    return " ".join(text.get_text() for text in lines)


@pytest.mark.parametrize(("sign", "verbs"), [(1.0, ("fall", "rise", "rise")), (-1.0, ("rise", "fall", "fall"))])
def test_titles_follow_the_sign_of_the_numbers(drawn, sign, verbs):
    for name in ("effects", "cost", "series"):
        said = title(drawn(name, "en", sign))
        for outcome, verb in zip(HEADLINE, verbs, strict=True):
            assert f"{words.noun(outcome).name} {verb} by" in said


def test_what_is_undecided_or_equivalent_is_never_called_a_change():
    wide = Reader(comparison(noise=0.3))
    assert {effect.kind for effect in find.summary(wide, "full").values["effects"]} == {"undecided"}
    assert find.summary(wide, "full").text() == (
        "Full coverage: the effects on conflicts, filed cases and standing disputes are undecided"
    )
    narrow = Reader(comparison(margin=0.5, noise=0.3))
    assert find.summary(narrow, "full").text("zh") == "全覆盖：纠纷、提交诉求、未了纠纷变化均不超出 ±50%"
    certain = find.summary(Reader(comparison(margin=0.5)), "full").text()
    assert "within ±50%" in certain and "stay" not in certain  # their side is known, and they do not matter
    same = Reader(comparison())
    assert "exactly the same" in find.summary(same, "placebo:full, no channel").text()


@pytest.mark.slow
def test_both_policies_their_coverages_and_their_parts_are_told_each_in_a_figure():
    made = policies(replicates=2, weeks=60)
    assert available(Reader(made)) == list(FIGURES)
    effects, covers, taken = (draw(made, name) for name in ("effects", "coverages", "parts"))
    assert "Full coverage: conflicts" in title(effects) and "The arrangement: conflicts" in title(effects)
    said = words_of(effects)
    assert said.count("against same hours, pooled") == 2 and "1,034 estates" in said and "Hotspots first" not in said
    assert "Each alone" in title(covers) and "As the coverage of the arrangement" in title(covers)
    assert words_of(covers).count("Hotspots first") == 2 and "120 estates over 52 weeks" in words_of(covers)
    assert title(taken).startswith("Against the whole arrangement, conflicts: without couriers +")
    assert words_of(taken).count("against the arrangement") == 8 + 1  # the ninth is in the key
    weekly, price = title(draw(made, "series")), title(draw(made, "cost"))
    assert "weeks of full coverage, conflicts" in weekly and "Of the arrangement, conflicts" in weekly
    assert "Full coverage adds" in price and "The arrangement adds" in price


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_long_names_of_outcomes_and_systems_are_broken_and_stay_whole(lang):
    from experiments.analyses.study.study_comparison import study_figure
    from experiments.analyses.study.systems_study import systems_figure
    from experiments.presets.questions import systems

    made = comparison(replicates=3, weeks=60)
    long = dict(
        zip(
            ("conflicts", "filed", "standing"),
            ("unresolved_filed_share", "enterprise_hours", "reply_median"),
            strict=True,
        )
    )
    made.table = made.table[~made.table["outcome"].isin(long.values())].replace({"outcome": long})
    study = study_figure(studied(made, list(long.values())), lang)
    rows = pd.DataFrame(
        [
            {
                "contrast": one.number,
                "system": one.name,
                "outcome": outcome,
                "without": 1.0,
                "with": 0.9,
                "difference": -0.1,
                "relative": -0.1,
                "ci_low": -0.12,
                "ci_high": -0.08,
                "verdict": "helps",
                "replicates": 3,
            }
            for one in systems()
            for outcome in one.outcomes
        ]
    )
    systems = systems_figure(rows, lang)
    for figure in (study, systems):
        test_no_text_covers_another_and_none_leaves_the_page(lambda *_, figure=figure: figure, "", lang)
    if lang == "en":
        assert "district" in words_of(systems).split("S2")[0].split("S1")[-1]


def test_where_no_strategy_lowers_anything_that_is_said_once():
    wide = Reader(comparison(noise=0.5))
    none = find.best(wide, wide.strategies)
    assert none == Finding("comparison.best", lowest=[], unmoved=["conflicts", "standing"])
    assert none.text() == "no strategy lowers conflicts or standing disputes for certain"
    assert none.text("zh") == "没有哪种策略能确定降低纠纷或未了纠纷"
    narrow = Reader(comparison())
    assert find.best(narrow, narrow.strategies).text().startswith("conflicts fall most under ")
    assert find.best(narrow, ["full"], never=True).text().count("no strategy lowers") == 1


def test_opposite_directions_are_joined_by_but():
    said = find.summary(Reader(comparison()), "full").text()
    assert ", but filed cases rise by 12.4%" in said and said.count(", but ") == 1
    assert "，但提交诉求上升 12.4%" in find.summary(Reader(comparison()), "full").text("zh")


@pytest.mark.parametrize(
    ("conflicts", "standing", "expected"),
    [
        ((-5, "helps"), (-4, "helps"), "yes"),
        ((-5, "helps"), (0.1, "equivalent"), "yes"),
        ((0.1, "equivalent"), (0.2, "equivalent"), "no"),
        ((0.1, "undecided"), (4, "harms"), "no"),
        ((4, "harms"), (4, "harms"), "no"),
        ((-5, "helps"), (4, "harms"), "mixed"),
        ((-0.5, "undecided"), (0.1, "equivalent"), "undecided"),
        ((-5, "undecided_better"), (0.1, "equivalent"), "undecided"),
        ((-0.5, "better"), (0.1, "worse"), "no"),
    ],
)
def test_whether_the_branch_beats_its_hours_follows_from_the_verdicts(conflicts, standing, expected):
    result = comparison(arms=FEW)
    control = "hours_matched:full"
    for outcome, (difference, verdict) in (("conflicts", conflicts), ("standing", standing)):
        row = (result.table[["strategy", "against", "outcome"]] == ["full", control, outcome]).all(axis=1)
        result.table.loc[row, ["difference", "ci_low", "ci_high"]] = [
            difference,
            difference - 1,
            difference + 1,
        ]
        result.table.loc[row, "verdict"] = verdict
    reader = Reader(result)
    found = find.same_hours_finding(reader, control)
    assert find.beats_hours(reader, control) == found.values["beats"] == expected
    said = found.text()
    assert ("does not beat" in said) == (expected == "no")
    assert ("is not shown to beat" in said) == (expected == "undecided")
    assert found.text("zh").endswith("。")


def test_numbers_are_written_for_people():
    assert [percent(value, signed=True) for value in (3.14, -0.02, 0, 150)] == [
        "+3.1%",
        "−0.02%",
        "0%",
        "+150%",
    ]
    assert [amount(value) for value in (1234567.8, 0.00123, 0.0, math.nan)] == [
        "1,234,568",
        "0.00123",
        "0",
        "–",
    ]
    assert aligned([2030.4, 2004.1, 2056.7], 26.3) == ["+2,030", "+2,004", "+2,057"]
    assert aligned([0.0, -0.5, 0.5], 0.5) == ["0.00", "−0.50", "+0.50"]


# Words --------------------------------------------------------------------------------------------


def test_every_outcome_has_a_name_in_both_languages():
    from sim.outcomes import COLUMNS

    for name in COLUMNS:
        assert words.noun(name).name and words.unit(name)
        assert any(ord(letter) > 0x2E7F for letter in words.noun(name, "zh").name), name


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_arm_of_the_study_has_a_name_and_a_meaning(lang):
    names = [words.arm(name, lang) for name in ARMS]
    assert len(set(names)) == len(ARMS) and not set(names) & set(ARMS)
    assert all(sentence(lang, "arms.meaning", name=name) for name in ARMS)
    assert words.arm("mine", lang) == "mine" and sentence(lang, "arms.meaning", name="mine") == ""
    written = {"en": "full coverage (branches.mediation=false)", "zh": "全覆盖（branches.mediation=false）"}
    assert words.arm("full; branches.mediation=false", lang) == written[lang]


def test_the_studys_question_has_a_translation():
    assert phrase(QUESTION, "zh") != QUESTION
    assert phrase("Another?", "zh") == "Another?"


# Other comparisons --------------------------------------------------------------------------------


@pytest.mark.slow
def test_arms_of_the_users_own_against_a_baseline_of_the_users_own():
    result = comparison(arms=["own", "full"], weeks=80, replicates=3)
    names = {"none": "as is", "own": "繁忙", "full": "$busy_2$"}
    result.table = result.table.replace({"strategy": names, "against": names})
    result.series = result.series.replace({"arm": names})
    result.estates = result.estates.replace({"arm": names})
    result.info["baseline"] = "as is"
    reader = Reader(result)
    assert (reader.baseline, reader.focus, reader.controls, reader.parts) == ("as is", "繁忙", [], [])
    assert available(reader) == ["effects", "series", "maps", "cost"]
    said = " ".join(words_of(draw(result, name)) for name in available(reader))
    assert "$busy_2$" in said and "As is" in said


def test_one_replicate_has_no_interval_and_no_verdict_but_a_figure():
    result = comparison(arms=FEW, replicates=1, weeks=70)
    result.table[["ci_low", "ci_high", "p_adjusted", "replicates_needed", "variance_saved"]] = np.nan
    result.table[["verdict", "replicates"]] = ["undecided", 1]
    for name in ("effects", "series", "cost"):
        assert "over 1 replicate" in words_of(draw(result, name))


def test_an_arm_of_which_every_run_failed_is_left_blank():
    result = comparison(arms=FEW, weeks=70, replicates=2)
    numbers = ["mean", "difference", "ci_low", "ci_high", "relative", "baseline_mean", "p_adjusted", "helped"]
    result.table.loc[result.table["strategy"] == "own", numbers] = np.nan
    result.table.loc[result.table["strategy"] == "own", "verdict"] = "undecided"
    result.series = result.series[result.series["arm"] != "own"]
    result.estates = result.estates[result.estates["arm"] != "own"]
    assert available(Reader(result)) == [name for name in FIGURES if name != "coverages"]
    assert "Own branches only" in words_of(draw(result, "effects"))
    assert "own branches only" not in words_of(draw(result, "cost"))


def test_an_outcome_that_never_happens_leaves_its_panel_of_cost_empty():
    result = comparison(arms=FEW, weeks=60, replicates=2)
    numbers = ["mean", "difference", "relative", "baseline_mean"]
    result.table.loc[result.table["outcome"] == "standing", numbers] = [0.0, 0.0, np.nan, 0.0]
    assert "Standing disputes" in words_of(draw(result, "cost"))


def test_nothing_to_compare_gives_no_figure(tmp_path):
    result = comparison(arms=[], weeks=60, replicates=2)
    assert figures(result) == {}


def test_with_several_grounds_the_grounds_are_the_observations():
    result = comparison(arms=FEW, weeks=70, replicates=2)
    other = result.series.assign(district=1)
    other["conflicts"] += 1
    result.series = pd.concat([result.series, other], ignore_index=True)
    result.table["replicates"] = 2
    reader = Reader(result)
    assert reader.sample.text() == "2 districts"
    assert reader.weekly("full", "conflicts").index.tolist() == [0, 1]
    assert "2 districts" in words_of(draw(result, "series"))


# Arithmetic ---------------------------------------------------------------------------------------


def test_the_band_is_students_interval_of_the_mean():
    values = np.random.default_rng(1).normal(3, 1, (8, 5))
    mean, half = band(values)
    low, high = stats.t.interval(0.95, 7, loc=values.mean(axis=0), scale=stats.sem(values, axis=0))
    assert np.allclose(mean - half, low) and np.allclose(mean + half, high)
    assert np.isnan(band(values[:1])[1]).all()


def test_smoothing_never_looks_ahead():
    values = np.zeros((1, 12))
    values[0, 6:] = 1
    smoothed = smooth(values)
    assert (smoothed[0, :6] == 0).all() and smoothed[0, 6:10].tolist() == [0.25, 0.5, 0.75, 1.0]
    values[0, :2] = np.nan  # weeks in which it is not known yet, as of standing disputes
    assert np.array_equal(smooth(values)[0, 2:], smoothed[0, 2:]) and np.isnan(smooth(values)[0, :2]).all()


def test_the_series_title_tells_the_paired_difference_of_the_last_year():
    result = comparison(arms=FEW)
    reader = Reader(result)
    wide = result.series[result.series["week"] >= 208 - 52].groupby(["arm", "replicate"])["filed"].mean().unstack(0)
    difference = wide["full"] - wide["none"]
    effect = late(reader, "full", "filed")
    assert effect.difference == pytest.approx(difference.mean())
    alone = paired(difference.to_numpy(), np.zeros(len(difference)))
    assert (effect.low, effect.high) == pytest.approx((alone.ci_low, alone.ci_high))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_arm_of_the_cost_has_a_number_in_each_panel_and_a_name_beside_it_in_the_key(drawn, lang):
    figure = drawn("cost", lang)
    (key,) = figure.findobj(Legend)
    marks = zip(key.legend_handles, key.get_texts(), strict=True)
    named = {mark.get_marker()[1:-1]: text.get_text() for mark, text in marks if str(mark.get_marker()).startswith("$")}
    assert list(named) == [str(number) for number in range(1, len(named) + 1)]
    assert named["1"] == words.arm("own", lang)
    for axes in figure.axes:
        shown = (text.get_text() for text in axes.texts if text.get_text().isdigit())
        assert sorted(shown, key=int) == list(named)


@given(some.text(alphabet="ab c，。纠纷（）%", min_size=1, max_size=60))
def test_broken_lines_fit_and_lose_nothing_but_spaces(text):
    lines = wrap(text, 8, 1.5, "en")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 8, "en") <= 1.5 for line in lines if len(line.split()) > 1)


def test_the_series_title_is_no_surer_than_the_table():
    result = comparison(arms=FEW)
    reader = Reader(result)
    assert reader.confidence == pytest.approx(1 - 0.05 / reader.questions) and reader.questions > 1
    effect = late(reader, "full", "filed")
    differences = reader.weekly("full", "filed") - reader.weekly("none", "filed")
    alone = paired(differences.to_numpy()[:, -52:].mean(axis=1), np.zeros(len(differences)))
    half = (alone.interval(reader.confidence)[1] - alone.difference) / (alone.ci_high - alone.difference)
    assert half > 1.2
    # Moved so that its own interval leaves the margin out and the wider one does not, it is not said to fall.
    room = reader.margin * effect.base
    moved = result.series["arm"] == "full"
    shift = -room - 1.05 * (alone.ci_high - alone.difference) - alone.difference
    result.series.loc[moved, "filed"] += shift
    moved_effect = late(Reader(result), "full", "filed")
    assert moved_effect.high < -room and moved_effect.verdict != "falls"


def test_where_all_weeks_are_measured_the_series_say_what_the_table_says():
    result = comparison(arms=FEW)
    result.series = result.series[result.series["week"] < Reader(result).warmup + 40]
    reader = Reader(result)
    told = _series_title(reader, ["conflicts", "filed"]).values["parts"][0].values["effects"]
    assert [effect.verdict for effect in told] == [
        reader.effect("full", name).verdict for name in ("conflicts", "filed")
    ]
