"""The made-up district has the figures of Nanshan, at any seed, and keeps its proportions at any size."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable

import numpy as np
import pytest

from sim.core.errors import DistrictError
from sim.district import COLUMNS, District, EstateKind
from sim.district.statistics import STATISTICS, Statistic, gini, spearman, zipf_exponent

Check = Callable[[District], None]
SEEDS = (1, 2, 3, 20, 77)


@pytest.fixture(scope="module", params=SEEDS)
def district(request: pytest.FixtureRequest) -> District:
    return District.synthetic(estates=1034, seed=request.param)


FIGURES = [one for one in STATISTICS if one.target is not None]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.name)
def test_figure_of_nanshan_is_met_within_its_tolerance(district: District, figure: Statistic) -> None:
    assert figure.measure(district) == pytest.approx(figure.target, abs=figure.tolerance + 1e-9)


def test_lower_tail_of_sizes_is_heavier_than_that_of_a_lognormal(district: District) -> None:
    logs = np.log(district.households)
    skewness = ((logs - logs.mean()) ** 3).mean() / logs.std() ** 3
    assert -1.4 < skewness < -0.8  # the listed estates have -1.07, a lognormal 0


def test_firms_do_not_lie_together_by_accident(district: District) -> None:
    figures = {one.name: one.measure(district) for one in STATISTICS}
    assert figures["same firm at the nearest estate"] > 10 * figures["same firm at a random estate"]


def test_committees_are_likelier_where_large_and_owned_and_never_in_villages(district: District) -> None:
    has, village = district.committee, district.kind == EstateKind.URBAN_VILLAGE
    assert not has[village].any()
    with_one, without = has[~village], ~has[~village]
    size, owned = np.log(district.households[~village]), district.owners[~village]
    assert size[with_one].mean() > size[without].mean() + 0.2
    assert owned[with_one].mean() > owned[without].mean() + 0.02


@pytest.mark.parametrize("estates", [1, 2, 3, 4, 7, 29, 30, 31, 100, 517, 2000, 5000])
def test_counts_are_in_proportion_to_the_number_of_estates(estates: int, check_whole: Check) -> None:
    district = District.synthetic(estates=estates, seed=4)
    assert district.estates == estates
    assert district.communities == max(1, round(estates * 101 / 1034))
    assert district.streets == max(1, round(district.communities * 8 / 101))
    assert district.firms == max(1, round(estates * 358 / 1034))
    assert int(district.committee.sum()) == round(estates * 394 / 1034) or estates < 10
    check_whole(district)


def test_streets_and_communities_are_nested_patches_in_one_piece(district: District) -> None:
    from scipy.spatial import ConvexHull

    xy = np.column_stack([district.x, district.y])
    for patch in (district.street, district.community):
        for number in range(int(patch.max()) + 1):
            inside = patch == number
            if np.linalg.matrix_rank(xy[inside] - xy[inside].mean(axis=0), tol=1e-6) < 2:
                continue
            sides = ConvexHull(xy[inside]).equations
            beyond = (sides[:, :2] @ xy[~inside].T + sides[:, 2:]).max(axis=0)
            assert beyond.min() >= -1e-9  # no estate of another patch lies inside of this one's hull


def test_strength_has_mean_one_over_communities(district: District) -> None:
    assert district.strength.mean() == pytest.approx(1)
    assert district.density.mean() == pytest.approx(1)


def test_members_never_fall_as_the_rate_rises_and_have_the_poisson_mean(district: District) -> None:
    counts = [district.members(rate) for rate in (0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.1)]
    assert not counts[0].any()
    for fewer, more in zip(counts, counts[1:], strict=False):
        assert (more >= fewer).all() and more.sum() > fewer.sum()
    assert counts[3].sum() == pytest.approx(0.005 * district.households.sum(), rel=0.03)
    assert (counts[-1] <= district.adults).all()


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf")])
def test_impossible_rates_of_members_are_refused(rate: float) -> None:
    with pytest.raises(DistrictError, match="rate = "):
        District.synthetic(estates=5).members(rate)


def test_same_seed_is_the_same_ground_and_another_seed_is_another() -> None:
    one, again, other = (District.synthetic(estates=150, seed=seed) for seed in (5, 5, 6))
    assert one == again and hash(one) == hash(again) and one.fingerprint == again.fingerprint
    assert one != other and one != "a district"
    assert np.array_equal(np.sort(one.identity), np.sort(other.identity))


def test_district_cannot_be_changed_nor_can_a_copy_from_another_process(check_whole: Check) -> None:
    district = pickle.loads(pickle.dumps(District.synthetic(estates=20)))
    assert district == District.synthetic(estates=20)
    check_whole(district)
    for name in ("x", "identity", "strength", "cells", "street_of_community"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(district, name)[0] = 0
    with pytest.raises(AttributeError):
        district.x = district.y  # type: ignore[misc]


@pytest.mark.parametrize("estates", [0, -3, 20_001, 2.5, "many", None, True])
def test_impossible_numbers_of_estates_are_refused_in_one_sentence(estates: object) -> None:
    with pytest.raises(DistrictError, match=r"^estates = .* must be a whole number from 1 to 20000\.$"):
        District.synthetic(estates=estates)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", ["x", 1.5, None, 2**70])
def test_impossible_seeds_are_refused(seed: object) -> None:
    with pytest.raises(DistrictError, match="^seed = "):
        District.synthetic(estates=5, seed=seed)  # type: ignore[arg-type]


def test_making_up_nanshan_takes_a_fraction_of_a_second() -> None:
    District.synthetic(estates=10)
    spent = []
    for _ in range(3):  # the least of three: a busy machine makes some of them slow, and none of them fast
        start = time.process_time()
        District.synthetic(estates=1034, seed=9)
        spent.append(time.process_time() - start)
    assert min(spent) < 1.5


def test_notes_say_what_is_assumed_and_where_the_figures_clash() -> None:
    notes = " ".join(District.synthetic(estates=50).notes)
    assert "Assumed" in notes and "cannot all hold" in notes and "0.67" in notes


def test_description_sets_each_figure_beside_its_target(district: District) -> None:
    table = district.describe()
    assert list(table.columns) == ["statistic", "value", "target", "source"]
    row = table.set_index("statistic").loc["owners' committees"]
    assert (row.value, row.target) == (394, 394)
    assert table[table.target.isna()].source.eq("assumed").all()


@pytest.mark.parametrize("estates", [1, 2, 5])
def test_smallest_districts_can_be_described(estates: int) -> None:
    assert len(District.synthetic(estates=estates).describe()) == len(STATISTICS)


def test_frame_has_a_row_for_each_estate_and_the_columns_of_the_table() -> None:
    frame = District.synthetic(estates=25).to_frame()
    assert len(frame) == 25 and list(frame.columns) == list(COLUMNS)
    assert frame.members.isna().all()


def test_neighbours_are_all_pairs_within_the_radius() -> None:
    district = District.synthetic(estates=120, seed=3)
    first, second, distance = district.neighbours(1.5)
    away = np.hypot(district.x[:, None] - district.x, district.y[:, None] - district.y)
    rows, columns = np.nonzero(np.triu(away <= 1.5, k=1))
    assert np.array_equal(first, rows) and np.array_equal(second, columns)
    assert np.allclose(distance, away[rows, columns])
    with pytest.raises(DistrictError, match="radius_km"):
        district.neighbours(float("nan"))


def test_measures_agree_with_their_textbook_cases() -> None:
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
    assert spearman(np.array([1, 2, 3]), np.array([10, 20, 25])) == pytest.approx(1)
    assert np.isnan(spearman(np.array([1, 1]), np.array([1, 2])))
    share = np.arange(1, 31) ** -1.95
    sizes = np.repeat(np.arange(1, 31), np.rint(200_000 * share / share.sum()).astype(int))
    assert zipf_exponent(sizes) == pytest.approx(1.95, abs=0.01)
