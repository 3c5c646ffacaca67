"""What a district is made with: the defaults make today's ground, and every assumption does what its name says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from experiments import Design
from sim import EstateKind
from sim.core.errors import DistrictError, ScenarioError
from sim.district import District, GroundSection
from sim.district.hierarchy import numbers
from sim.district.layout import clark_evans

COMMODITY, VILLAGE, BUILDING = EstateKind.COMMODITY, EstateKind.URBAN_VILLAGE, EstateKind.BUILDING


def made(estates: int = 600, seed: int = 2, **changes: Any) -> District:
    return District.synthetic(estates, seed, GroundSection(**changes))


def names() -> list[str]:
    return list(GroundSection.model_fields)


def rows() -> Iterator[dict[str, Any]]:
    yield from GroundSection().rows()


# One ground ---------------------------------------------------------------------------------------


def test_the_default_section_makes_the_usual_ground(tmp_path: Path) -> None:
    usual = District.synthetic(60, seed=1)
    assert District.synthetic(60, 1, GroundSection()) == usual == District.synthetic(60, 1, sim.Scenario().ground)
    path = tmp_path / "table.csv"
    usual.to_frame()[["estate", "households", "year"]].to_csv(path, index=False)
    assert District.from_csv(path, seed=3) == District.from_csv(path, seed=3, ground=GroundSection())


@pytest.mark.parametrize("name", names())
def test_every_assumption_takes_part_in_the_identity_of_a_ground(name: str) -> None:
    """Another value is another ground; those of small districts and of half-known tables are moved there."""
    row = next(row for row in rows() if row["name"] == name)
    ends = [end for end in (row["sweep_low"], row["sweep_high"]) if end != row["default"]]
    estates = 20 if name == "tightness" else 600 if name == "streets" else 200
    usual = made(estates)
    moved = {made(estates, **{name: end}).fingerprint for end in ends}
    if name == "crowding_households":  # divided out where no crowding is known
        assert moved == {usual.fingerprint} or all(
            np.allclose(made(estates, **{name: end}).density, usual.density) for end in ends
        )
    else:
        assert len(moved - {usual.fingerprint}) >= (1 if name == "spaces_most" else len(ends))


def test_a_model_stands_on_the_ground_of_its_scenario_and_a_fork_on_no_other() -> None:
    world = sim.Scenario().replace({"district.estates": 12, "ground.villages": 0.3, "run.weeks": 3, "run.warmup": 1})
    model = sim.GovernanceModel(world, rng=1)
    assert model.district == District.synthetic(12, 1, world.ground) != District.synthetic(12, 1)
    with pytest.raises(ScenarioError, match="ground.villages"):
        model.fork(world.replace({"ground.villages": 0.2}))


def test_all_arms_of_a_comparison_share_one_ground() -> None:
    arms = {"a": {"coverage.strategy": "none"}, "b": {"ground.strength_log_sd": 0.6}}
    with pytest.raises(ScenarioError, match=r"ground\.strength_log_sd.*all arms must share"):
        Design.of(arms, sim.Scenario(), [District.synthetic(12)])


def test_a_half_known_table_is_filled_with_what_is_told(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "estate,households,buildings,density\n"
        + "".join(f"E{k},{100 + k},{1 + k % 5},{'1.5' if k == 0 else ''}\n" for k in range(50))
    )
    usual = District.from_csv(path)
    other = District.from_csv(path, ground=GroundSection(adults_per_household=3.0, crowding_households=45.0))
    np.testing.assert_array_equal(other.adults, np.rint(3.0 * other.households))
    gaps = usual.names != "E0"
    np.testing.assert_allclose(other.density[gaps], 2.0**0.35 * usual.density[gaps])
    assert other.density[~gaps] == 1.5 and any("with 3.0 a household" in note for note in other.notes)


def test_a_table_may_have_as_many_members_as_there_will_be_adults(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("estate,households,members\nA,100,250\n")
    with pytest.raises(DistrictError, match="adults, 190"):
        District.from_csv(path)
    assert District.from_csv(path, ground=GroundSection(adults_per_household=3.0)).adults.tolist() == [300]


@pytest.mark.parametrize("end", ["low", "high", "sweep_low", "sweep_high"])
@pytest.mark.parametrize("estates", [1, 31])
def test_every_allowed_value_makes_a_district_that_can_be_written_and_read(
    tmp_path: Path, end: str, estates: int
) -> None:
    for row in rows():
        district = made(estates, **{row["name"]: row[end]})
        for column in (district.cars, district.spaces, district.density, district.strength, district.owners):
            assert np.isfinite(column).all() and (column >= 0).all(), row["name"]
        path = tmp_path / "district.csv"
        district.to_csv(path)
        assert District.from_csv(path) == district, row["name"]


# What each does -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "told"), [("communities", 200.0), ("firms", 150.0), ("committees", 90.0)])
def test_counts_are_in_proportion_to_the_estates(count: str, told: float) -> None:
    district = made(517, **{count: told})
    found = {"communities": district.communities, "firms": district.firms, "committees": district.committee.sum()}
    assert found[count] == round(told / 2)


@pytest.mark.parametrize("streets", [4.0, 20.0, 101.0])
def test_streets_are_in_proportion_to_communities(streets: float) -> None:
    assert made(1034, streets=streets).streets == streets
    assert numbers(1034, GroundSection(streets=500.0)) == (101, 101)


def test_patches_of_no_spread_are_of_one_size() -> None:
    size = np.bincount(
        np.unique(made(1010, patch_log_sd=0.0, communities=103.4, streets=10.34).street, return_inverse=True)[1]
    )
    assert np.ptp(size) <= 1
    assert np.ptp(np.bincount(made(1010, patch_log_sd=1.0).street)) > 50


@pytest.mark.parametrize(("one", "same"), [(0.5, 0.05), (0.8, 0.13)])
def test_portfolios_hold_the_share_of_small_firms_and_of_neighbours_with_one_firm(one: float, same: float) -> None:
    district = made(1034, firms_of_one=one, same_firm=same)
    sizes = np.bincount(district.firm)
    assert (sizes == 1).mean() == pytest.approx(one, abs=0.02) and sizes.sum() == 1034
    told = district.describe().set_index("statistic")["value"]
    assert told["same firm at the nearest estate"] == pytest.approx(same, abs=0.02)


@pytest.mark.parametrize("index", [0.35, 0.5, 0.6])
def test_positions_have_the_index_of_clark_and_evans(index: float) -> None:
    district = made(600, clark_evans=index)
    assert clark_evans(np.column_stack([district.x, district.y])) == pytest.approx(index, abs=0.01)


@pytest.mark.parametrize("factor", [0.25, 4.0])
def test_area_scales_the_map(factor: float) -> None:
    usual, other = made(600), made(600, area=187.5 * factor)
    assert np.ptp(other.x) == pytest.approx(np.sqrt(factor) * np.ptp(usual.x), rel=0.05)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25])
def test_villages_are_a_share_of_the_estates_and_never_have_a_committee(share: float) -> None:
    district = made(villages=share)
    assert np.count_nonzero(district.kind == VILLAGE) == round(600 * share)
    assert not district.committee[district.kind == VILLAGE].any()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_blocks_are_a_share_of_the_estates_of_one_building(share: float) -> None:
    district = made(1034, blocks=share, villages=0.0)
    single = district.buildings == 1
    assert (district.kind[single] == BUILDING).mean() == pytest.approx(share, abs=4 * np.sqrt(0.25 / single.sum()))
    assert not (district.kind[~single] == BUILDING).any()


def test_without_chance_villages_are_those_of_the_ranking() -> None:
    """Scale of a ranking: twice of everything ranks alike."""
    one = made(village_size=0.6, village_age=0.8, village_chance=0.5)
    two = made(village_size=1.2, village_age=1.6, village_chance=1.0)
    assert one == two
    old = made(village_size=0.0, village_age=5.0, village_chance=0.0)
    village = old.kind == VILLAGE
    assert old.year[village].mean() < old.year[~village].mean() - 8


@pytest.mark.parametrize(("kind", "name"), [(COMMODITY, "commodity"), (VILLAGE, "village"), (BUILDING, "building")])
@pytest.mark.parametrize("median", [0.2, 0.7])
def test_owners_have_the_median_of_their_kind(kind: int, name: str, median: float) -> None:
    district = made(1034, **{f"owners_{name}": median}, villages=0.3)
    logit = np.log(district.owners / (1 - district.owners))[district.kind == kind]
    assert logit.mean() == pytest.approx(np.log(median / (1 - median)), abs=4 * 0.5 / np.sqrt(logit.size))
    assert logit.std() == pytest.approx(0.5, rel=0.25)
    alike = made(1034, **{f"owners_{name}": median}, villages=0.3, owners_logit_sd=0.0).owners
    np.testing.assert_allclose(alike[district.kind == kind], round(median, 3), atol=1e-12)


def test_committees_come_where_the_odds_are_best() -> None:
    large = made(committee_size=5.0, committee_tenants=0.0)
    small = made(committee_size=-5.0, committee_tenants=0.0)
    owned = made(committee_size=0.0, committee_tenants=20.0)
    for district, column, sign in (
        (large, large.households, 1),
        (small, small.households, -1),
        (owned, owned.owners, 1),
    ):
        may = district.kind != VILLAGE
        has = district.committee[may]
        assert sign * (np.median(column[may][has]) - np.median(column[may][~has])) > 0
        assert (sign * column[may][has] > sign * np.median(column[may])).mean() > 0.8


def test_cars_spaces_and_crowding_follow_their_laws_without_spread() -> None:
    plain = {"cars_log_sd": 0.0, "spaces_log_sd": 0.0, "crowding_log_sd": 0.0, "villages": 0.25}
    flat = made(**plain, cars_fee=0.0, cars=0.8, spaces_year=0.0, spaces=0.7, crowding_size=0.0)
    village = flat.kind == VILLAGE
    cars, spaces = (
        np.rint(flat.households * each * np.exp(step * village)) for each, step in ((0.8, -0.8), (0.7, -0.5))
    )
    assert np.abs(flat.cars - cars).max() <= 1 and np.abs(flat.spaces - spaces).max() <= 1
    ratio = flat.density[village].mean() / flat.density[~village].mean()
    assert ratio == pytest.approx(np.exp(0.3)) and flat.density.mean() == pytest.approx(1.0)
    steep = made(**plain, crowding_size=0.7, crowding_village=0.0)
    expected = (steep.households / steep.buildings) ** 0.7
    np.testing.assert_allclose(steep.density, expected / expected.mean(), rtol=1e-9)
    assert np.all(made(spaces=5.0, spaces_most=1.5).spaces <= np.rint(1.5 * flat.households))


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.6])
def test_cars_grow_with_the_fee_by_their_slope(slope: float) -> None:
    district = made(1034, cars_log_sd=0.0, cars_fee=slope, villages=0.0)
    from sim.district.distributions import normal_scores

    large = district.households > 300
    each = np.log(district.cars / district.households)[large]
    fee = normal_scores(district.fee)[large]
    assert np.polyfit(fee, each, 1)[0] == pytest.approx(slope, abs=0.02)


@pytest.mark.parametrize("spread", [0.0, 0.15, 0.3, 0.6])
def test_strength_is_lognormal_of_mean_one_with_its_spread(spread: float) -> None:
    district = made(4000, strength_log_sd=spread)
    logs = np.log(district.strength)
    assert district.strength.mean() == pytest.approx(1.0)
    assert logs.std() == pytest.approx(spread, rel=0.15) or spread == logs.std() == 0.0
    usual = np.log(made(4000).strength)
    if spread:  # the same draws, stretched
        assert np.corrcoef(usual, logs)[0, 1] == pytest.approx(1.0)


def test_strength_reaches_the_desks_of_communities() -> None:
    world = sim.Scenario().replace({"district.estates": 60, "ground.strength_log_sd": 0.0})
    model = sim.GovernanceModel(world, rng=1)
    model.authorities.staff()
    hours = model.desks.hours[model.desks.block("community")]
    np.testing.assert_allclose(hours, world.desks.hours_community)
