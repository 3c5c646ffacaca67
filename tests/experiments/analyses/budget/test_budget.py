"""The best use of hours: races keep their promise, hours are kept, and what is reported was not used for choosing."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

import sim
from experiments import Execution
from experiments.analyses.budget.budget_report import answer, effect
from experiments.analyses.budget.budget_result import Search, budget
from experiments.analyses.budget.budget_spec import DESKS, FULL, FULL_DESKS, checked_hours
from experiments.analyses.budget.candidate_rules import description, family, on_offer, registered_as
from experiments.analyses.budget.cost_model import (
    BUILT_IN,
    CLOSE,
    KINDS,
    Rule,
    full_hours,
    furthest,
    price,
    terms_of,
    within,
)
from experiments.analyses.budget.successive_halving import Halving, Rung, rungs, runs_of, success_probability
from experiments.core.design.user_strategies import Plugin
from experiments.reporting.finding import Finding
from sim.core.errors import GongzhiError, ScenarioError
from sim.policies import coverage

SERIAL = Execution(executor="serial", progress=False)
SMALL = {"district.estates": 14, "run.warmup": 3, "run.weeks": 6, "outcomes.standing_after": 1}
FEW: dict[str, Rule | str] = {
    "hotspot": "hotspot",
    "random": "random",
    "sent": Rule("dispatched", (0.5, 0.2, 0.1, 0.1, 0.1)),
    "pooled": Rule("joint", (-0.5, 0.2, 0.1, 0.1, 0.1)),
}


# Races ------------------------------------------------------------------------------------------


def run_race(seed: int, means: np.ndarray, replicates: int) -> tuple[Halving, int]:
    """Run a race among arms whose differences have standard deviation 1; count what it asks for."""
    draw, asked = np.random.default_rng(seed), 0
    names = [f"arm {number}" for number in range(means.size)]
    race = Halving(names, rungs(len(names), replicates), "lower")
    while (rung := race.rung) is not None:
        found = {
            name: means[names.index(name)] + draw.normal(0.0, 0.5**0.5, rung.replicates) for name in race.survivors
        }
        asked += sum(values.size for values in found.values())
        race.update(found)
    return race, asked


def test_a_race_finds_the_best_arm_as_often_as_it_promises_and_runs_no_more_than_said() -> None:
    means = np.full(9, 1.0)
    means[5] = 0.0
    planned, trials = rungs(9, 2), 400
    found = [run_race(seed, means, 2) for seed in range(trials)]
    promised = success_probability(planned, gap=1.0, spread=1.0)
    share = np.mean([race.winner == "arm 5" for race, _ in found])
    assert 0.7 < promised < 1.0
    assert share >= promised - 3 * (promised * (1 - promised) / trials) ** 0.5
    assert {asked for _, asked in found} == {runs_of(planned)}


@given(st.integers(2, 60), st.integers(1, 5), st.integers(2, 4))
def test_every_race_ends_with_one_and_every_heat_costs_about_the_same(number: int, each: int, factor: int) -> None:
    planned = rungs(number, each, factor)
    assert planned[0].entrants == number and planned[-1].kept == 1
    assert all(one.kept == two.entrants for one, two in zip(planned, planned[1:], strict=False))
    first = planned[0].entrants * planned[0].replicates
    assert all(rung.entrants * rung.replicates <= first * factor ** len(planned) for rung in planned)
    assert 0.0 <= success_probability(planned, 0.1, 1.0) <= success_probability(planned, 0.2, 1.0) <= 1.0


def test_a_promise_holds_where_runs_that_brought_candidates_into_a_heat_count_again() -> None:
    """Best at 0 for sure, 999 others at `gap` in noise of 1: of these, the 499 that go on have been lucky before."""
    planned, gap, trials = (Rung(1000, 1, 500), Rung(500, 1, 1)), 2.5, 1000
    draw, won = np.random.default_rng(1), 0
    for _ in range(trials):
        first = gap + draw.normal(size=999)
        kept = np.sort(first)[:499]
        won += bool((kept + gap + draw.normal(size=499)).min() > 0.0 and np.count_nonzero(first < 0.0) < 500)
    promised = success_probability(planned, gap, spread=1.0)
    # With the 499 others that are left in the second heat in the place of all 999, 0.887 would be promised.
    assert promised == pytest.approx(1.0 - 999 * 0.0062097 / 500 - 999 * 0.00020348, abs=1e-4)
    assert 0.7 < promised <= won / trials < 0.85


def test_a_race_tells_the_largest_spread_of_its_candidates() -> None:
    race = Halving(["a", "b", "c"], rungs(3, 4), "lower")
    up = np.array([-1.0, 1.0, -1.0, 1.0])
    race.update({"a": np.zeros(4), "b": 5.0 + up, "c": 9.0 + 4.0 * up})
    assert race.spread == pytest.approx(4.0 * up.std(ddof=1))


def test_where_nothing_differs_a_race_promises_nothing() -> None:
    assert success_probability(rungs(8, 3), gap=0.0, spread=1.0) == 0.0
    assert success_probability(rungs(8, 3), gap=1.0, spread=0.0) == 1.0


def test_who_failed_goes_last_and_a_replicate_that_nobody_lived_says_nothing() -> None:
    race = Halving(["a", "b", "c"], rungs(3, 3), "higher")
    shown = {"a": [9.0, np.nan, np.nan], "b": [1.0, 2.0, np.nan], "c": [1.0, 3.0, np.nan]}
    race.update({name: np.array(values) for name, values in shown.items()})
    assert race.table["candidate"].tolist() == ["c", "b", "a"] and race.winner == "c" and race.rung is None
    with pytest.raises(ValueError, match="over"):
        race.update({})


# Hours ------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0.01, 5.0), min_size=1, max_size=40), st.floats(0.05, 60.0), st.floats(0.3, 3.0))
def test_the_search_for_the_last_estate_keeps_within_the_limit_and_leaves_little(
    costs: list[float], limit: float, wrong: float
) -> None:
    sums = np.concatenate([[0.0], np.cumsum(costs)])
    count = furthest(lambda n: float(sums[n]), lambda n: wrong * n, len(costs), limit)
    assert sums[count] <= limit
    assert count == len(costs) or sums[count + 1] > limit or limit - sums[count] <= CLOSE * limit


@pytest.fixture(scope="module")
def world() -> Any:
    scenario = sim.Scenario().replace({"district.estates": 24, "run.warmup": 6, "run.weeks": 12})
    model = sim.GovernanceModel(scenario, rng=3)
    model.run(weeks=6)
    return model


@pytest.mark.parametrize("second", ["joint", "dispatched"])
def test_what_is_reckoned_is_what_branches_take_and_it_keeps_within_the_hours(world: Any, second: str) -> None:
    scenario = world.scenario.replace({"coverage.second": second})
    terms, most = terms_of(scenario), full_hours(world.district, scenario)
    rules: dict[str, Rule | str] = {name: name for name in BUILT_IN}
    rules |= {f"kind-{place}": Rule(kinds, (0.4, -0.3, 0.1, -0.1, 0.1)) for place, kinds in enumerate(KINDS)}
    with on_offer(rules, terms):
        for name in rules:
            for part in (0.2, 0.6):
                hours = part * most
                changes = {"coverage.strategy": registered_as(name), "coverage.hours": hours}
                model = world.fork(scenario.replace(changes))
                model.run(weeks=6)
                spent = (model.outcomes["hours"] - model.outcomes["authority_hours"]).to_numpy()[6:]
                served = np.where(model.branches.home >= 0, model.branches.kind, 0)
                assert spent[0] == pytest.approx(price(served, world.district, model.members, terms), abs=1e-6), name
                assert spent.max() <= hours + 1e-6, name
                # What is left over would not pay for two more secretaries, unless the rule covers no more estates.
                assert spent[0] > hours - 2 * 10.0 - 1.0 or name.startswith("kind-0"), name


def test_full_coverage_is_reckoned_as_it_is_carried_out(world: Any) -> None:
    model = world.fork(world.scenario.replace({"coverage.strategy": "full"}))
    model.step()
    last = model.outcomes.iloc[-1]
    assert last["hours"] - last["authority_hours"] == pytest.approx(full_hours(world.district, world.scenario))


def test_rules_weigh_what_they_say(world: Any) -> None:
    district, terms = world.district, terms_of(world.scenario)
    state = world.coverage._state(0)
    large = within(Rule("dispatched", (0.0, 1.0, 0.0, 0.0, 0.0)), terms, hours=60.0)(district, world.members, state)
    small = within(Rule("dispatched", (0.0, -1.0, 0.0, 0.0, 0.0)), terms, hours=60.0)(district, world.members, state)
    assert (large > 0).any() and district.households[large > 0].min() >= district.households[large == 0].max()
    assert district.households[small > 0].max() <= district.households[small == 0].min()
    own = within(Rule("own", (0.0, 1.0, 0.0, 0.0, 0.0)), terms, hours=1e5)(district, world.members, state)
    assert ((own > 0) == (world.members >= 3)).all()


def test_a_family_is_the_same_for_one_seed_and_another_for_another() -> None:
    assert family(12, 1) == family(12, 1) != family(12, 2)
    assert list(family(3, 1)) == list(BUILT_IN[:3]) and len(family(24, 1)) == 24
    assert all("：" in description(rule).text("zh") for rule in family(12, 1).values() if isinstance(rule, Rule))


# Searches ----------------------------------------------------------------------------------------


class Noise:
    """A toy in which coverage does what a table says, in noise that each strategy meets alone."""

    effect: dict[str, float] = {}

    def __init__(self, scenario: Any, district: Any, rng: int, replay: Any = None) -> None:
        self.scenario, self.district, self.seed, self.week = scenario, district, rng, 0

    def step(self) -> None:
        self.week += 1

    def fork(self, scenario: Any, replay: Any = None) -> Noise:
        other = type(self)(scenario, self.district, self.seed)
        other.week = self.week
        return other

    @property
    def outcomes(self) -> pd.DataFrame:
        name = self.scenario.coverage.strategy
        luck = np.random.default_rng([self.seed, zlib.crc32(name.encode())]).normal(0.0, 0.0 if name == "none" else 1.0)
        spent = 0.0 if name == "none" else 5.0
        row = {
            "standing": 20.0 + self.effect.get(name, 0.0) + luck,
            "conflicts": 30.0,
            "filed": 25.0,
            "hours": 100.0 + spent,
            "authority_hours": 100.0,
            "dispatched_hours": 0.0,
            "reporting_hours": 1.0,
            "covered": 0.5,
        }
        return pd.DataFrame([{"week": week, **row} for week in range(self.week)])

    @property
    def policy_hours(self) -> np.ndarray:
        return np.zeros((self.week, self.district.estates))


class Helping(Noise):
    """Here one coverage helps, and desks do not."""

    effect = {"within-sent": -9.0, "within-random": 6.0, "within-hotspot": 7.0, "within-pooled": 8.0}


class Harming(Noise):
    """Here all coverage harms, and desks help."""

    effect = {f"within-{name}": 8.0 for name in FEW} | {f"hours_offered:within-{name}": -8.0 for name in FEW}


def search(folder: Path, hours: Any = (8.0,), **others: Any) -> Search:
    settings: dict[str, Any] = {
        "candidates": FEW,
        "replicates": 2,
        "confirm": 3,
        "scenario": sim.Scenario().replace(SMALL),
        "store": folder,
        "execution": SERIAL,
    }
    return budget(hours, **{**settings, **others})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.mark.slow
def test_a_race_flatters_its_winner_and_fresh_chance_does_not(tmp_path: Path) -> None:
    raced, fresh = [], []
    for seed in range(6):
        made = search(tmp_path / str(seed), seed=seed, model=Noise, confirm=6)
        best = made.front[made.front["best"] & (made.front["outcome"] == "standing")].iloc[0]
        raced.append(float(made.races[8.0].values[made.races[8.0].winner].mean()))
        fresh.append(float(best["difference"]))
    error = 1.0 / (6 * 6) ** 0.5
    assert abs(np.mean(fresh)) < 4 * error
    assert np.mean(raced) < -0.15 and np.mean(raced) < np.mean(fresh)


def test_what_is_reported_comes_from_chance_that_no_heat_has_seen(tmp_path: Path) -> None:
    made = search(tmp_path / "a", model=Noise)
    seen = [{run.seed for run in swept.outcome.design.runs} for swept in [*made.rounds, made.confirmed]]
    assert len(seen) == 3 and len(set().union(*seen)) == sum(map(len, seen)) == 2 + 6 + 3
    ran = sum(len(swept.runs) - swept.plan.replicates for swept in made.rounds)
    assert ran == runs_of(made.races[8.0].planned)


def test_the_answer_says_when_coverage_helps_and_when_desks_do(tmp_path: Path) -> None:
    helped = search(tmp_path / "helped", model=Helping)
    assert helped.races[8.0].winner == "sent" and helped.promise(8.0) >= 0.0
    found = answer(helped)
    assert found.id == "budget.best_helps" and found.values["hours"] == [8.0] and found.values["sizes"][0] > 0.0
    assert found.values["desks"] == Finding("budget.desks_do_worse") and helped.findings[0] == found
    found = answer(harmed := search(tmp_path / "harmed", model=Harming))
    assert found.id == "budget.best_harms" and found.values["candidates"] == 4
    assert found.values["desks"].id == "budget.desks_avert"
    assert harmed.findings[-1] == Finding("budget.not_worth_it", desks_help=True)
    english, chinese = (found.text(lang) for lang in ("en", "zh"))
    assert "even the best of 4 coverages adds" in english and "desks the same hours avert" in english
    assert "社区工作站" in chinese and chinese.endswith("。")
    assert not coverage.registered()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Search:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        return search(tmp_path_factory.mktemp("budget") / "store")


def test_the_books_of_the_front_balance(made: Search) -> None:
    front = made.front[made.front["outcome"] == "standing"]
    households = made.district.households.sum()
    assert np.allclose(front["averted"], -front["difference"] * households / 1000)
    assert (front["averted_low"] <= front["averted"]).all() and (front["averted"] <= front["averted_high"]).all()
    assert set(front["strategy"]) >= {"hotspot", "random", DESKS, FULL, FULL_DESKS}
    held = front[front["budget"].notna()]
    assert (held["hours"] <= held["budget"] + 1e-6).all() and (held["hours"] > 0).all()
    for _, rows in held.groupby("budget"):
        best, desks = rows[rows["best"]].iloc[0], rows[rows["strategy"] == DESKS].iloc[0]
        assert desks["new_hours"] == pytest.approx(best["new_hours"], abs=1e-6)
        assert desks["hours"] == pytest.approx(best["hours"], abs=1e-6) and desks["covered"] == 0.0
        assert (rows[~rows["best"]]["behind"] + best["difference"]).to_numpy() == pytest.approx(
            rows[~rows["best"]]["difference"].to_numpy()
        )
    assert (
        made.front.groupby(["budget", "strategy"], dropna=False)["outcome"]
        .apply(lambda names: {"conflicts", "filed", "standing"} <= set(names))
        .all()
    )


def test_filings_have_no_better_side_and_are_neither_averted_nor_nothing(made: Search) -> None:
    """In the first months full coverage raises filings; a figure called them averted, and a sentence nothing."""
    filed = made.front[made.front["outcome"] == "filed"]
    assert np.allclose(filed["averted"], -filed["difference"] * made.district.households.sum() / 1000)
    row = filed.iloc[0].copy()
    row[["averted", "averted_low", "averted_high", "verdict"]] = [-42.0, -44.0, -39.0, "rises"]
    assert effect(row).id == "budget.moves" and effect(row).text() == "raises filed cases by 42 (39 – 44) a week"
    row[["averted", "averted_low", "averted_high", "verdict"]] = [42.0, 39.0, 44.0, "falls"]
    assert effect(row, plural=True).text() == "lower filed cases by 42 (39 – 44) a week"
    assert "减少" in effect(row).text("zh")
    row[["averted", "averted_low", "averted_high", "verdict"]] = [1.0, -44.0, 39.0, "undecided"]
    assert effect(row).id == "budget.does_nothing" and effect(row).values["neutral"]
    assert effect(row).text().endswith("that is distinguishable from zero and matters (−44 – 39 fewer)")
    row[["averted", "averted_low", "averted_high", "verdict"]] = [-0.3, -0.5, -0.1, "equivalent"]
    assert effect(row).id == "budget.does_nothing"
    row["averted"] = np.nan
    assert effect(row) == Finding("budget.unknown", plural=False)
    heads = [text.get_text() for text in made.figure("front").findobj(Text)]
    assert "Filed cases added a week in the whole district" in heads
    assert "Conflicts averted a week in the whole district" in heads


def test_every_candidate_is_told_of_in_every_heat_that_it_ran(made: Search) -> None:
    for _, table in made.raced.groupby("budget"):
        assert [len(rows) for _, rows in table.groupby("heat")] == [4, 2]
        last = table[table["heat"] == 2]
        assert (~last["dropped"]).sum() == 1 and last["replicates"].eq(2 + 6).all()
        assert table[table["dropped"]]["candidate"].nunique() == 3


def test_the_winner_is_a_plugin_that_covers_the_same(made: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.core.design.user_strategies._loaded", {})
    model = sim.GovernanceModel(made.spec.scenario, rng=8)
    model.run(weeks=4)
    for hours in made.spec.hours:
        Plugin.read(made.folder / f"best-{hours:g}.py").load()
        from sim.policies.coverage.strategies import find

        chosen = find(f"best_{hours:g}")(made.district, model.members, model.coverage._state(0))
        rule = made.spec.candidates[made.races[hours].winner]
        same = within(rule, terms_of(made.spec.scenario), hours)(made.district, model.members, model.coverage._state(0))
        assert (chosen == same).all() and chosen.any()
        coverage.unregister(f"best_{hours:g}")


def test_figures_name_all_and_say_what_was_found(made: Search) -> None:
    figure = made.figure("front")
    words = [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]
    assert {"best by simulation", "the same hours at the desks", "full coverage"} <= set(words)
    assert len([axes for axes in figure.axes if axes.axison]) == 3
    words = [text.get_text() for text in made.figure("race-8").findobj(lambda artist: hasattr(artist, "get_text"))]
    assert sum(description(rule, most=3).text() in words for rule in FEW.values()) == 4


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".csv", ".py", ".parquet") and path.name != "timings.csv"
    }


@pytest.mark.slow
def test_a_search_goes_on_to_the_same_bytes_and_in_other_processes_too(
    made: Search, tmp_path: Path, said: list[str]
) -> None:
    other = search(tmp_path / "again", execution=Execution(workers=2, progress=False))
    whole = files(made.folder)
    assert files(other.folder) == whole and "heat-2/runs.csv" in whole and "best-8.py" in whole
    for path in [*sorted((other.folder / "heat-2" / "runs").iterdir())[::3], other.folder / "front.csv"]:
        path.unlink()
    search(other.folder, execution=Execution(executor="serial", progress=False))
    assert said
    assert files(other.folder) == whole


def test_what_is_relative_can_be_asked_for_too(tmp_path: Path) -> None:
    made = search(tmp_path / "order", outcome="order")
    order = made.front[made.front["outcome"] == "order"]
    assert np.allclose(order["averted"], order["difference"]) and order["difference"].notna().all()
    assert answer(made).values["outcome"] == "order" and "order" in answer(made).text()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"hours": [0]}, "above 0"),
        ({"hours": [-3.0]}, "above 0"),
        ({"hours": [float("nan")]}, "above 0"),
        ({"hours": [True]}, "above 0"),
        ({"hours": []}, "at least one"),
        ({"hours": [5, 4e3]}, "coverage of 14 estates"),
        ({"hours": [0.5]}, "found no branch"),
        ({"candidates": 1}, "candidates is 1"),
        ({"replicates": 1}, "replicates is 1"),
        ({"confirm": 0}, "confirm is 0"),
        ({"outcome": "unresolvd"}, 'Did you mean "unresolved_filed"'),
        ({"outcome": "unresolved"}, "`standing`.*`unresolved_filed`"),
        ({"outcome": "filed"}, "no better side"),
        ({"outcome": "resolution_reported"}, "no better side"),
        ({"scenario": sim.Scenario().replace({**SMALL, "branches.enabled": False})}, "branches.enabled is off"),
    ],
)
def test_what_cannot_be_searched_is_refused_first(asked: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(GongzhiError, match=told):
        search(tmp_path / "none", **asked)
    assert not (tmp_path / "none").exists()


def test_hours_are_taken_in_rising_order_and_once() -> None:
    scenario = sim.Scenario().replace(SMALL)
    district = sim.District.synthetic(estates=14, seed=scenario.district.seed)
    assert checked_hours([14, 8.0, 8], district, scenario) == (8.0, 14.0)


def test_the_hours_of_full_coverage_are_told_where_more_is_asked_for(tmp_path: Path) -> None:
    scenario = sim.Scenario().replace(SMALL)
    most = full_hours(sim.District.synthetic(estates=14, seed=scenario.district.seed), scenario)
    with pytest.raises(ScenarioError, match=f"takes {most:,.0f}"):
        search(tmp_path / "more", hours=[most + 0.1])


def test_the_command_searches_and_says_what_it_found(gongzhi: Any, tmp_path: Path) -> None:
    tiny = (
        "--estates",
        "10",
        "--set",
        "run.warmup=3",
        "--set",
        "outcomes.standing_after=1",
        "--weeks",
        "6",
        "--executor",
        "serial",
        "--candidates",
        "3",
        "--replicates",
        "2",
        "--confirm",
        "2",
    )
    status, out, err = gongzhi("budget", "7", *tiny)
    assert status == 0, err
    folder = tmp_path / "results/budget-7"
    names = ("candidates.csv", "front.csv", "best-7.py", "report.html", "figures/front.png", "figures/race-7.svg")
    assert all((folder / name).exists() for name in names)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Within 7 hours a week" in out and "fresh random numbers" in page
    status, out, _ = gongzhi("budget", "--estates", "10")
    assert status == 0 and "Full coverage of 10 estates takes" in out
    status, _, err = gongzhi("budget", "0")
    assert status == 2 and "above 0" in err
