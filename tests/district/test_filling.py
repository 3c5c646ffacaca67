"""What a table leaves open is filled given what it knows, and every filling is counted in a note."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.district import District
from sim.district.hierarchy import apportion, divide
from sim.district.portfolios import portfolio_sizes
from sim.district.statistics import spearman

Check = Callable[[District], None]


def thinned(folder: Path, keep: dict[str, float], estates: int = 400, seed: int = 3) -> tuple[Path, District]:
    """Write a made-up district of which only some columns, and of these some cells, are given."""
    whole = District.synthetic(estates=estates, seed=seed)
    rng = np.random.default_rng(seed)
    frame = whole.to_frame()[["estate", "households", *keep]].astype(object)
    position = rng.random(estates)
    for name, share in keep.items():
        lost = (position if name in "xy" else rng.random(estates)) >= share
        frame.loc[lost, name] = ""
    path = folder / "thinned.csv"
    frame.to_csv(path, index=False)
    return path, whole


@pytest.mark.parametrize(
    "keep",
    [
        {},
        {"x": 1, "y": 1},
        {"x": 0.6, "y": 0.6},
        {"community": 1},
        {"community": 0.5},
        {"street": 1},
        {"street": 0.5},
        {"community": 1, "street": 1},
        {"community": 0.5, "street": 0.5},
        {"community": 0.1, "street": 0.9},
        {"x": 0.3, "y": 0.3, "community": 0.7},
        {"x": 0.02, "y": 0.02, "community": 0.9, "street": 0.5},
        {"firm": 0.9},
        {"firm": 0.2},
        {"kind": 0.5},
        {"committee": 0.5},
        {"strength": 0.3, "community": 1},
        {"year": 0.02},
        {"fee": 0.5, "buildings": 0.5},
        {"members": 1},
        {"density": 0.5, "owners": 0.5},
    ],
    ids=str,
)
def test_any_part_of_a_table_may_be_open(tmp_path: Path, keep: dict[str, float], check_whole: Check) -> None:
    path, whole = thinned(tmp_path, keep)
    district = District.from_csv(path)
    check_whole(district)
    order = np.argsort(whole.names), np.argsort(district.names)
    assert np.array_equal(whole.households[order[0]], district.households[order[1]])
    given = dict(zip(*[_cells(path)[name] for name in ("estate", "street")], strict=True)) if "street" in keep else {}
    streets = dict(zip(district.names, district.street_names[district.street], strict=True))
    assert all(streets[name] == street for name, street in given.items() if street)


def _cells(path: Path) -> dict[str, list[str]]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_notes_count_what_was_filled(tmp_path: Path) -> None:
    text = "estate,households,year,community,street\nA,100,2000,C1,S1\nB,200,,C1,\nC,300,,C2,S2\nD,400,2010,,S2\n"
    path = tmp_path / "table.csv"
    path.write_text(text)
    notes = District.from_csv(path).notes
    starts = [note.split(" estates filled")[0] for note in notes]
    for start in ("x, y: 4 of 4", "year: 2 of 4", "street: 1 of 4", "community: 1 of 4", "fee: 4 of 4"):
        assert start in starts
    assert "street: 1 of 4 estates filled with that of others in their community." in notes
    assert "community: 1 of 4 estates filled with that of the nearest known estate of the street." in notes


def test_missing_years_follow_the_fee_that_is_known(tmp_path: Path) -> None:
    path, whole = thinned(tmp_path, {"fee": 1.0, "year": 0.5}, estates=800)
    district = District.from_csv(path)
    known = dict(zip(*[_cells(path)[name] for name in ("estate", "year")], strict=True))
    filled = np.array([not known[name] for name in district.names])
    assert 350 < filled.sum() < 450
    assert spearman(district.fee[filled], district.year[filled]) == pytest.approx(0.65, abs=0.08)
    assert np.median(district.year[filled]) == pytest.approx(2002, abs=2)


def test_a_community_of_which_no_position_is_known_stays_together(tmp_path: Path) -> None:
    rows = [f"K{k},100,{k % 7},{k // 7},Known" for k in range(49)] + [f"L{k},100,,,Lost" for k in range(6)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["estate,households,x,y,community", *rows]))
    district = District.from_csv(path)
    lost = district.community_names[district.community] == "Lost"
    assert np.ptp(district.x[lost]) < 6 and np.ptp(district.y[lost]) < 6
    assert np.hypot(np.std(district.x[lost]), np.std(district.y[lost])) < 3


def test_communities_given_without_positions_become_patches(tmp_path: Path) -> None:
    path, whole = thinned(tmp_path, {"community": 1, "street": 1})
    district = District.from_csv(path)
    within = [
        np.hypot(np.std(district.x[rows]), np.std(district.y[rows]))
        for rows in (district.community == number for number in range(district.communities))
    ]
    assert np.mean(within) < 0.25 * np.hypot(np.std(district.x), np.std(district.y))


def test_strength_of_a_community_is_that_of_any_of_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("estate,households,community,strength\nA,10,C1,\nB,10,C1,1.5\nC,10,C2,\n")
    district = District.from_csv(path)
    assert district.strength[district.community_names.tolist().index("C1")] == 1.5


def test_fresh_names_do_not_collide_with_the_tables_own(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("estate,households,community,street\nA,10,C001,S1\nB,10,,S2\nC,10,,S2\n")
    district = District.from_csv(path)
    assert district.communities == 2 and "C001" in district.community_names


@pytest.mark.parametrize(("total", "weights"), [(5, [1, 1, 1, 1, 1]), (10, [100, 1, 1]), (7, [0.1]), (50, [3, 2, 9])])
def test_whole_numbers_are_shared_out_in_full_and_at_least_one_each(total: int, weights: list[float]) -> None:
    shares = apportion(total, np.array(weights, dtype=float))
    assert shares.sum() == total and shares.min() >= 1
    assert np.array_equal(np.argsort(shares, kind="stable")[-1:], [int(np.argmax(weights))]) or len(set(weights)) == 1


def test_patches_have_exactly_the_sizes_asked_for() -> None:
    xy = np.random.default_rng(1).random((60, 2))
    sizes = np.array([1, 30, 5, 24])
    assert np.bincount(divide(xy, sizes)).tolist() == sizes.tolist()


@pytest.mark.parametrize(("firms", "estates"), [(1, 1), (1, 3), (2, 2), (3, 9), (358, 1034), (1731, 5000), (50, 50)])
def test_portfolios_share_all_estates_among_all_firms(firms: int, estates: int) -> None:
    sizes = portfolio_sizes(firms, estates)
    assert sizes.shape == (firms,) and sizes.sum() == estates and sizes.min() >= 1
    assert (np.diff(sizes) <= 0).all()
