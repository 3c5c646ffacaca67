"""Validation: measures with known answers, verdicts, observed tables, rivals that fail where they must."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from experiments import Execution
from experiments.analyses.validation.evidence import FIGURES, Spread, evidence, spread, verdict
from experiments.analyses.validation.filings import YEAR, Filings, filing_figures, near_repeats
from experiments.analyses.validation.observed import observed_targets, read_observed
from experiments.analyses.validation.patterns import FAMILIES, campaign, figures, hotline_filings
from experiments.analyses.validation.targets import Target, ground_targets, read_targets, shipped, table
from experiments.analyses.validation.validation import MODEL, Null, measured_names, refitted, validate
from experiments.analyses.validation.validation_report import document, documentation, placed, spoken_unit
from experiments.cli.app import app
from experiments.presets.questions import rivals
from experiments.reporting.catalogue import gettext
from experiments.reporting.document import text_of, worded
from experiments.reporting.finding import Finding
from sim import District, Scenario
from sim.core.codes import CATEGORIES
from sim.core.errors import DistrictError, ScenarioError

SERIAL = Execution(executor="serial", progress=False)
SMALL = {"district.estates": 10, "run.warmup": 8, "run.weeks": 60}


def made_up(counts: np.ndarray, households: np.ndarray, days: float = 14.0) -> Filings:
    """Filings of given counts by estate and week, all of one kind."""
    estate, week = counts.nonzero()
    times = counts[estate, week]
    size = int(counts.sum())
    return Filings(
        households,
        1.9 * households,
        np.arange(households.size) // 10,
        estate.repeat(times),
        np.zeros(size, dtype=int),
        week.repeat(times),
        np.full(size, days),
        counts.shape[1] // YEAR,
    )


# Measures -----------------------------------------------------------------------------------------


def test_a_ledger_with_known_elasticity_and_dispersion_gives_them_back() -> None:
    rng = np.random.default_rng(3)
    households = np.exp(rng.normal(6.0, 1.0, 8000))
    yearly = rng.poisson(3.0 * (households / 400.0) ** 0.9 * rng.gamma(0.3, 1 / 0.3, households.size))
    counts = np.array([np.bincount(rng.integers(0, YEAR, n), minlength=YEAR) for n in yearly])
    found = filing_figures(made_up(counts, households))
    assert found["elasticity"] == pytest.approx(0.9, abs=0.06) and found["dispersion"] == pytest.approx(0.3, abs=0.02)
    assert found["silent estates"] == pytest.approx((yearly == 0).mean())
    assert found["volume"] == pytest.approx(1000.0 * yearly.sum() / (1.9 * households.sum()))
    assert found["near repeats"] == pytest.approx(1.0, abs=0.02)


def test_lasting_differences_make_halves_alike_and_leave_near_repeats_at_one() -> None:
    rng = np.random.default_rng(4)
    households = np.full(2000, 500.0)
    lasting = rng.poisson(rng.gamma(0.5, 2.0, (2000, 1)) * np.full((1, YEAR), 0.2))
    fleeting = np.zeros((2000, YEAR), dtype=int)
    fleeting[np.arange(2000), rng.integers(0, YEAR, 2000)] = 6
    one, other = filing_figures(made_up(lasting, households)), filing_figures(made_up(fleeting, households))
    assert one["halves"] > 0.7 and one["near repeats"] == pytest.approx(1.0, abs=0.03)
    # All filings of an estate in one half of the year: what the one half has, the other lacks.
    assert other["halves"] < -0.9 and other["near repeats"] == pytest.approx(6.04, abs=0.01)


def test_near_repeats_count_pairs_of_one_estate_up_to_four_weeks_apart() -> None:
    counts = np.zeros((3, YEAR), dtype=int)
    counts[0, [3, 7]] = 1  # four weeks apart: near
    counts[1, [3, 8]] = 1  # five: not
    counts[2, 20] = 1  # alone: no pair
    by_lot = (YEAR + 2 * (51 + 50 + 49 + 48)) / YEAR**2
    assert near_repeats(counts) == pytest.approx((1 / 2) / by_lot)
    assert math.isnan(near_repeats(counts[2:]))


def test_slower_communities_with_more_filings_rank_together() -> None:
    households, counts = np.full(60, 500.0), np.zeros((60, YEAR), dtype=int)
    counts[:, :] = (np.arange(60) // 10 + 1)[:, None]
    filings = made_up(counts, households)
    waits = replace(filings, days=1.0 + filings.community[filings.estate].astype(np.float64))
    assert filing_figures(waits)["busy desks"] == pytest.approx(1.0)


@given(st.lists(st.integers(0, 3), min_size=2 * YEAR, max_size=2 * YEAR), st.permutations([0, 1, 0]))
def test_estates_that_are_drawn_keep_their_filings(cells: list[int], chosen: list[int]) -> None:
    counts = np.array(cells).reshape(2, YEAR)
    filings = made_up(counts, np.array([300.0, 600.0]))
    drawn = filings.of(np.array(chosen))
    assert np.array_equal(drawn.counts(), counts[chosen])
    assert drawn.households.tolist() == [filings.households[one] for one in chosen]


@pytest.fixture(scope="module")
def lived() -> sim.GovernanceModel:
    model = sim.GovernanceModel(Scenario().replace(SMALL | {"district.estates": 40}), rng=5)
    model.run(progress=False)
    return model


def test_every_family_measures_what_can_be_asked_for(lived: Any) -> None:
    found = figures(lived, 8) | campaign(lived, 8)
    assert set(found) == set(measured_names()) and set(FIGURES) <= set(found)
    assert sum(len(family(lived, 8)) for family in (*FAMILIES, campaign)) == len(found)
    assert set(shipped()) | set(ground_targets()) <= set(found)


def test_a_campaign_among_riders_does_not_depend_on_incidents_and_changes_nothing_that_was(lived: Any) -> None:
    """The two futures without incidents tell of riders what futures with them tell."""
    before = lived.couriers.safe.copy()
    told = campaign(lived, 8)
    assert np.array_equal(lived.couriers.safe, before) and -1.0 < told["riders' offences"] < 0.0
    careless = []
    for on in (False, True):
        future = lived.fork(lived.scenario.replace({"couriers.services": on, "couriers.reporting": on}))
        future.run(weeks=26, progress=False)
        careless.append(1.0 - future.couriers.safe.mean())
    assert told["riders' hazards"] == pytest.approx(careless[1] / careless[0] - 1.0, rel=1e-12)


def test_measuring_the_ground_leaves_the_model_as_it_is(lived: Any) -> None:
    before = lived.contracts.firm.copy()
    figures(lived, 8)
    assert np.array_equal(lived.contracts.firm, before) and lived.contracts.firm.flags.writeable
    lived.contracts.firm[0] = before[0]


# Verdicts -----------------------------------------------------------------------------------------


def test_one_more_run_lies_in_its_interval_in_nineteen_of_twenty_cases() -> None:
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(4000):
        runs = rng.normal(3.0, 2.0, 6)
        got = spread(runs[:5])
        hits += got.low <= runs[5] <= got.high
    assert hits / 4000 == pytest.approx(0.95, abs=0.012)


@given(st.lists(st.floats(0.01, 0.99), min_size=3, max_size=8), st.sampled_from(["plain", "log", "logit"]))
def test_intervals_are_nested_and_stay_on_their_scale(runs: list[float], scale: Any) -> None:
    got = spread(runs, scale)
    assert got.low <= got.ci_low <= got.mean + 1e-12 and got.mean <= got.ci_high + 1e-12 <= got.high + 2e-12
    assert scale == "plain" or got.low >= 0.0
    assert scale != "logit" or got.high <= 1.0


def test_runs_without_scatter_are_a_point_and_one_run_is_no_interval() -> None:
    assert spread([2.0, 2.0, math.nan]) == Spread(2, 2.0, 2.0, 2.0, 2.0, 2.0)
    assert math.isnan(spread([2.0]).low) and spread([]).replicates == 0
    assert verdict(spread([2.0]), 1.0, 3.0) == "unknown" and verdict(spread([2.0, 2.0]), 1.0, 3.0) == "inside"
    assert spread([0.0, 1.0], "log") == spread([0.0, 1.0])


@given(st.floats(-5, 5), st.floats(0, 3), st.floats(-5, 5), st.floats(0.01, 3))
def test_verdicts_are_what_intervals_say(low: float, width: float, other: float, reach: float) -> None:
    got = Spread(5, low + width / 2, low, low, low, low + width)
    word = verdict(got, other, other + reach)
    meets = max(low, other) <= min(low + width, other + reach)
    within = other <= low and low + width <= other + reach
    assert word == ("inside" if within else "overlaps" if meets else "outside")


def test_a_rival_that_is_outside_is_evidence_only_where_the_model_itself_is_right() -> None:
    right, wide, far = (
        Spread(5, mean, mean, mean, low, high)
        for mean, low, high in ((1.0, 0.8, 1.2), (2.0, 1.0, 3.0), (9.0, 8.0, 10.0))
    )
    assert evidence(right, far, 0.5, 1.5) == "for" and evidence(wide, far, 0.5, 1.5) == "open"
    assert evidence(right, wide, 0.5, 1.5) == "none" and evidence(far, right, 0.5, 1.5) == "against"
    assert evidence(far, far, 0.5, 1.5) == "neither" and evidence(right, spread([1.0]), 0.5, 1.5) == "unknown"


def test_rows_share_a_scale_on_which_the_datas_interval_is_one_wide() -> None:
    assert [placed(value, 0.7, 0.7, 1.0) for value in (0.7, 1.0, 0.4)] == pytest.approx([0.0, 1.0, -1.0])


# Targets ------------------------------------------------------------------------------------------


def test_kinds_of_targets_are_read_and_written_in_both_forms(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("figure,low,high,fitted\nreply,1,2,no\nauthority,1,2,yes\nhalves,1,2,\n", encoding="utf-8")
    assert [one.kind for one in read_targets(path).values()] == ["held back", "fitted", "fitted"]
    table(shipped()).to_csv(path, index=False)
    assert read_targets(path) == shipped()
    assert {one.kind for one in shipped().values()} <= {"fitted", "held back", "built in"}


def test_targets_are_read_as_spreadsheets_write_them_in_china(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("figure,low,high,source\nreply,1,2,区热线\n", encoding="gb18030")
    assert read_targets(tmp_path / "mine.csv")["reply"].source == "区热线"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("figure,low,high,kind\nreply,1,2,gues\n", 'kind is "gues"'),
        ("figure,low,high,fitted\nreply,1,2,maybe\n", "yes or no"),
        ("figure,low,high,kind,fitted\nreply,1,2,fitted,yes\n", "leave one of them out"),
        ("figure,low,high\nreply,2,1\n", "must be below"),
    ],
)
def test_bad_targets_are_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=says):
        read_targets(tmp_path / "mine.csv")


# Observed disputes --------------------------------------------------------------------------------


def write(path: Path, rows: list[tuple[Any, ...]], encoding: str = "utf-8", header: Any = None) -> Path:
    with open(path, "w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header or ("estate", "week", "category", "count", "resolved_days"), *rows])
    return path


def test_what_a_model_writes_down_is_read_back_as_the_same_figures(lived: Any, tmp_path: Path) -> None:
    filings = hotline_filings(lived, 8)
    rows = [
        (lived.district.names[estate], 100 + week, CATEGORIES[kind], 1, "" if math.isnan(days) else repr(days))
        for estate, week, kind, days in zip(
            filings.estate.tolist(),
            filings.week.tolist(),
            filings.category.tolist(),
            filings.days.tolist(),
            strict=True,
        )
    ]
    ends = [(lived.district.names[0], week, "noise", 0, "") for week in (100, 100 + YEAR - 1)]
    read = read_observed(write(tmp_path / "seen.csv", rows + ends), lived.district)
    assert filing_figures(read) == pytest.approx(filing_figures(filings), nan_ok=True)
    found = observed_targets(read, draws=60)
    assert found["volume"].low < found["volume"].value < found["volume"].high
    assert found["reply"].fitted and not found["halves"].fitted and "bootstrap" in found["halves"].interval
    assert observed_targets(read, draws=60) == found


def test_columns_and_kinds_may_be_chinese_and_encoded_as_spreadsheets_do(lived: Any, tmp_path: Path) -> None:
    name = lived.district.names[0]
    path = write(
        tmp_path / "seen.csv", [(name, 1, "噪声", 2), (name, 52, "停车", 1)], "gb18030", ("小区", "周", "类别", "件数")
    )
    found = read_observed(path, lived.district)
    assert len(found) == 3 and found.years == 1 and np.isnan(found.days).all()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("Nowhere", 1, "noise", 1, ""), "no estate of the district"),
        (("", 1.5, "noise", 1, ""), "week is"),
        (("", 1, "nois", 1, ""), 'Did you mean "noise"'),
        (("", 1, "noise", -1, ""), "count is"),
        (("", 1, "noise", 1, "soon"), "resolved_days is"),
    ],
)
def test_bad_rows_of_observed_disputes_are_told_together(lived: Any, tmp_path: Path, row: Any, says: str) -> None:
    row = (row[0] or lived.district.names[0], *row[1:])
    with pytest.raises(DistrictError, match=says) as told:
        read_observed(write(tmp_path / "seen.csv", [row] * 12), lived.district)
    assert "12 of 12 rows" in str(told.value) and "and 2 more" in str(told.value)


def test_less_than_a_year_a_missing_column_and_no_file_are_told(lived: Any, tmp_path: Path) -> None:
    name = lived.district.names[0]
    with pytest.raises(DistrictError, match="covers 51 weeks"):
        read_observed(write(tmp_path / "a.csv", [(name, week, "noise", 1, "") for week in (1, 51)]), lived.district)
    with pytest.raises(DistrictError, match=r"no column category \(类别\), count"):
        read_observed(write(tmp_path / "b.csv", [(name, 1)], header=("estate", "week")), lived.district)
    with pytest.raises(DistrictError, match="cannot be read"):
        read_observed(tmp_path / "none.csv", lived.district)


# Validation ---------------------------------------------------------------------------------------


def test_rivals_change_what_they_say_and_can_all_be_run() -> None:
    for name, null in rivals().items():
        Scenario().replace(dict(null.changes)).replace({one: Scenario().get(one) for one in null.tuned})
        assert gettext("zh", name) != name and gettext("zh", null.lacks) != null.lacks


def test_every_figure_has_its_chinese() -> None:
    named = [Finding("validation.figure", name=name) for name in measured_names()]
    assert not [finding for finding in named if finding.text("zh") == finding.text()]


def test_fitting_again_moves_rates_in_proportion_and_keeps_limits() -> None:
    shares = {f"share {name}": 1 / 7 for name in CATEGORIES}
    got, wanted = {"volume": 2.0, "reply": 30.0, **shares}, {"volume": 3.0, "reply": 15.0, **shares}
    null = Null("talk", "", {"grievances.talk": False})
    world = Scenario().replace({"desks.meeting": 0.6})
    made = refitted(null.changes, null, got, wanted, world)
    assert made["incidents.rate_noise"] == pytest.approx(1.5 * Scenario().incidents.rate_noise, rel=1e-3)
    assert made["desks.meeting"] == pytest.approx(1.0) and made["grievances.talk"] is False
    assert Scenario().replace(made)
    again = refitted(made, null, {**got, "share noise": 0.0}, wanted, world)
    assert again["incidents.rate_noise"] == made["incidents.rate_noise"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return validate(
        {name: rivals()[name] for name in ("no talk", "no queue")},
        shipped() | ground_targets(),
        pilots=1,
        scenario=Scenario().replace(SMALL),
        replicates=2,
        store=tmp_path_factory.mktemp("validation") / "store",
        question="What is met?",
        execution=SERIAL,
    )


def test_the_table_has_every_figure_for_the_model_and_data_for_its_rivals(made: Any) -> None:
    counted = made.table.groupby("figure", sort=False)["arm"].count()
    built = made.of_kind("built in")
    assert set(counted.index) == set(measured_names())
    assert all(counted[figure] == (1 if figure in built else 3) for figure in counted.index)
    rows = made.table.set_index(["figure", "arm"])
    runs = made.swept.runs
    for figure in ("reply", "volume"):
        own = runs.loc[runs["arm"] == MODEL, figure]
        assert rows.loc[(figure, MODEL), "mean"] == pytest.approx(math.exp(np.log(own).mean()))
    assert rows.loc[("reply", "no queue"), "verdict"] == "outside"
    assert rows.loc[("volume", MODEL), "kind"] == "predicted" and rows.loc[("volume", MODEL), "verdict"] == ""


@pytest.mark.parametrize(
    ("name", "mean", "ends", "data", "english", "chinese"),
    [
        ("reply", 3.93e-05, (3.6e-05, 4.2e-05), (12, 18), "<0.001 days (<0.001), outside 12 to 18", "<0.001 天"),
        ("settled of those who asked", 0.0922, (0.0667, 0.126), (0.15, 0.7), "9.22% (6.67% to 12.6%)", "9.22%"),
        ("riders' turnover", 0.0097, (0.0094, 0.0099), (0.009, 0.01), "0.97% per week (0.94% to 0.99%)", "0.97% 每周"),
        ("riders' hazards", -0.0943, (-0.101, -0.088), (-0.65, -0.25), "−9.43% (−10.1% to −8.8%)", "−9.43%"),
        (
            "elasticity",
            0.134,
            (-0.0457, 0.313),
            (0.77, 1.05),
            "0.134 (−0.0457 to 0.313), outside 0.77 to 1.05",
            "0.134",
        ),
    ],
)
def test_a_sentence_gives_the_unit_of_its_numbers(
    name: str, mean: float, ends: Any, data: Any, english: str, chinese: str
) -> None:
    told = Finding("validation.evidence", lacks="talk", missed=[(name, mean, ends, data, spoken_unit(name))])
    assert english in told.text() and chinese in told.text("zh"), told.text("zh")


def test_every_figure_has_a_unit_that_is_told_or_none_that_could_be() -> None:
    for name, figure in FIGURES.items():
        shares = figure.scale == "logit" or figure.unit.startswith("change")
        assert figure.spoken.startswith("%") or not shares, name
        assert not figure.spoken.strip("%").strip() or figure.spoken == figure.spoken.strip(), name
    pure = {name for name, figure in FIGURES.items() if not figure.spoken}
    assert pure == {"elasticity", "dispersion", "committees", "halves", "busy desks"}
    told = Finding("validation.would_tell", figures=[("volume", 16.5, [("independent", 2e-5)], spoken_unit("volume"))])
    assert "(16.5 per 1,000 adults and year; <0.001 independent)" in told.text()


def test_findings_tables_and_figure_say_what_was_found_in_both_languages(made: Any) -> None:
    kinds = {"fitted": 14, "held_back": 5, "built_in": len(made.of_kind("built in"))}
    counted = {finding.id.partition(".")[2]: finding.values for finding in made.findings if "inside" in finding.values}
    assert {kind: values["count"] for kind, values in counted.items()} == kinds
    for kind, values in counted.items():
        verdicts = made.verdicts.loc[made.of_kind(kind.replace("_", " ")), MODEL]
        assert values["inside"] == (verdicts == "inside").sum()
        assert values["outside"] == list(verdicts.index[verdicts == "outside"])
    judged = made.of_kind("fitted", "held back")
    missed = {
        null.lacks: [name for name in judged if label in made.evidence(name)] for label, null in made.spec.nulls.items()
    }
    said = {
        finding.values["lacks"]: [one[0] for one in finding.values["missed"]]
        for finding in made.findings
        if finding.id == "validation.evidence"
    }
    assert said == {lacks: names for lacks, names in missed.items() if names}
    idle = [finding.values["lacks"] for finding in made.findings if finding.id == "validation.no_evidence"]
    assert idle == ([left] if (left := [lacks for lacks, names in missed.items() if not names]) else [])
    report = document(made, {"validation": made.folder / "figures" / "validation.png"})
    data, evidence_of, predicted, rivals = report.tables
    assert len(data.frame) == len(shipped() | ground_targets()) and len(rivals.frame) == 2 and len(report.method) == 3
    assert len(evidence_of.frame) == len(judged)
    assert len(predicted.frame) == len(made.of_kind("predicted")) and all(predicted.frame["unit"].map(bool))
    assert not any("e−" in shown.frame.map(lambda cell: text_of(cell, "en")).to_csv() for shown in report.tables)
    for lang in ("en", "zh"):
        assert all(finding.text(lang) for finding in made.findings)
        assert all(worded(shown, lang).columns.is_unique for shown in report.tables)
        assert len(made.figure(lang=lang).axes) >= 3
    page = documentation(made, "figures/validation.png")
    assert "No open data link branches to disputes" in page and page.count("![") == 1
    assert all(
        cell.strip() not in ("nan", "None", "")
        for row in page.splitlines()
        if row.startswith("| ")
        for cell in row.strip("|").split("|")[:1]
    )


@pytest.mark.slow
def test_a_validation_goes_on_where_it_was_stopped_to_the_same_bytes(tmp_path: Path) -> None:
    def run() -> Any:
        return validate(
            {"no talk": rivals()["no talk"]},
            shipped(),
            pilots=1,
            pilot_replicates=1,
            replicates=2,
            scenario=Scenario().replace(SMALL),
            store=tmp_path / "store",
            execution=SERIAL,
        )

    run()
    first = {name: (tmp_path / "store" / name).read_bytes() for name in ("validation.csv", "rivals.csv", "runs.csv")}
    lost = sorted((tmp_path / "store/main/runs").glob("*.parquet"))[0]
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*.parquet") if path != lost}
    lost.unlink()
    lost.with_suffix(".json").unlink()
    (tmp_path / "store" / "validation.csv").unlink()
    run()
    assert {name: (tmp_path / "store" / name).read_bytes() for name in first} == first
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items() if path.parent.name == "runs")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"targets": {"replly": Target(1.0, 0.5, 1.5)}}, 'Did you mean "reply"'),
        ({"scenario": Scenario().replace({"run.weeks": 80})}, "at least 104"),
        ({"replicates": 1}, "at least 2"),
    ],
)
def test_what_cannot_be_judged_is_refused_before_the_first_run(options: Any, says: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=says):
        validate({}, **({"targets": {}, "store": tmp_path / "store"} | options), execution=SERIAL)
    assert not (tmp_path / "store").exists() or not list((tmp_path / "store").rglob("*.parquet"))


@pytest.mark.slow
def test_the_command_judges_a_district_of_ones_own_by_its_own_disputes(tmp_path: Path) -> None:
    ground = District.synthetic(estates=12, seed=3)
    pd.DataFrame({"estate": ground.names, "households": ground.households}).to_csv(tmp_path / "mine.csv", index=False)
    rows = [
        (name, week, CATEGORIES[(place + week) % 7], 1 + place % 3, 10 + place)
        for place, name in enumerate(ground.names)
        for week in range(place % 4, YEAR, 5)
    ]
    write(tmp_path / "seen.csv", [*rows, (ground.names[0], YEAR - 1, "noise", 0, "")])
    base = [
        "validate",
        "--observed",
        str(tmp_path / "seen.csv"),
        "--out",
        str(tmp_path / "out"),
        "--rival",
        "no talk",
        "--replicates",
        "2",
        "--pilots",
        "0",
        "--set",
        "run.warmup=4",
        "--executor",
        "serial",
        "--quiet",
    ]
    refused = CliRunner().invoke(app, base)
    assert refused.exit_code == 2 and "--district" in refused.stderr
    done = CliRunner().invoke(
        app, [*base, "--district", str(tmp_path / "mine.csv"), "--docs", str(tmp_path / "docs" / "validation.md")]
    )
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "validation.csv")
    assert set(table.loc[table["figure"] == "halves", "kind"]) == {"held back"}
    assert set(table.loc[table["figure"] == "volume", "source"]) == {"seen.csv"}
    for name in (
        "out/report.html",
        "out/figures/validation.svg",
        "docs/validation.md",
        "docs/validation.zh.md",
        "docs/figures/validation.png",
    ):
        assert (tmp_path / name).stat().st_size > 1000
    wrong = CliRunner().invoke(app, ["validate", "--rival", "no tak"])
    assert wrong.exit_code == 2 and 'Did you mean "no talk"' in wrong.stderr


@pytest.mark.slow
def test_without_heterogeneity_dispersion_fails_and_the_model_does_not(tmp_path: Path) -> None:
    target = {"dispersion": shipped()["dispersion"]}
    found = validate(
        {"no heterogeneity": rivals()["no heterogeneity"]},
        target,
        pilots=2,
        replicates=6,
        scenario=Scenario().replace({"district.estates": 160, "run.weeks": 104}),
        store=tmp_path / "store",
        execution=SERIAL,
    )
    verdicts = found.verdicts.loc["dispersion"]
    assert verdicts["no heterogeneity"] == "outside" and verdicts[MODEL] in ("inside", "overlaps")
    mean = found.spreads["volume", "no heterogeneity"].mean
    assert mean == pytest.approx(found.spreads["volume", MODEL].mean, rel=0.35), "the rival was not fitted again"


def test_runs_that_happen_to_agree_tell_no_scatter_and_so_no_verdict(made: Any) -> None:
    agreeing = [(key, got) for key, got in made.spreads.items() if key[0] in FIGURES and got.low == got.high]
    assert not agreeing
    unknown = made.table[made.table["predicted_low"].isna() & (made.table["kind"] != "predicted")]
    assert set(unknown["verdict"]) <= {"unknown"}
