"""The three examples of the page on extending the model, through the laboratory: each is one file."""

from __future__ import annotations

import copy
import html
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import experiments
import sim
from experiments import Execution
from sim.core.errors import GongzhiError
from sim.core.message_catalogue import MODEL
from tests.support.page_components import component_of, forget, source_of

SMALL = {"district.estates": 6, "run.weeks": 22, "run.warmup": 6, "incidents.rate_parking": 2.0}
SIZE = [f"--set={name}={value}" for name, value in SMALL.items()]
SERIAL = Execution(executor="serial", progress=False)
QUIET = ["--executor=serial", "--quiet"]


@dataclass(frozen=True)
class Example:
    """One of the files: an outcome of its, a parameter that moves it from nothing, and what they are called."""

    title: str
    outcome: str
    parameter: str
    most: float
    label: str
    label_zh: str


EXAMPLES = (
    Example("festivals", "festivals", "festivals.share", 0.5, "Festivals", "节庆"),
    Example(
        "mediation_charity",
        "charity_hours",
        "mediation_charity.hours",
        20.0,
        "Hours worked by charities",
        "公益调解机构的工时",
    ),
    Example("riders_clubs", "large_clubs", "clubs.joining", 5, "Large riders' clubs", "大型骑手俱乐部"),
)
CHARITY = EXAMPLES[1]


@pytest.fixture
def plugin(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of an example, of the charity unless another is asked for, which no process has read yet."""
    forget(monkeypatch)
    example: Example = getattr(request, "param", CHARITY)
    path = tmp_path / f"{example.title}.py"
    path.write_text(source_of(example.title), encoding="utf-8")
    yield path


each = pytest.mark.parametrize(
    ("example", "plugin"), [pytest.param(one, one, id=one.title) for one in EXAMPLES], indirect=["plugin"]
)


def compared(example: Example, plugin: Path, out: Path, **fields: Any) -> experiments.Comparison:
    """Compare coverage, and the example without effect, in a small world."""
    arms = {"none": {}, "full": {"coverage.strategy": "full"}, "off": {example.parameter: 0}}
    given = {"replicates": 2, "outcomes": [example.outcome, "conflicts"], "execution": SERIAL, **fields}
    world = {**SMALL, example.parameter: example.most}
    return experiments.compare(arms, baseline="none", scenario=world, plugin=plugin, out=out, **given)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds of runs and tables."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".parquet", ".csv")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.name != "timings.csv"}


@pytest.mark.slow
@each
def test_it_is_compared_drawn_and_reported_in_both_languages(example: Example, plugin: Path, tmp_path: Path) -> None:
    result = compared(example, plugin, tmp_path / "a")
    row = result.table.query(f"strategy == 'off' and outcome == '{example.outcome}'").iloc[0]
    assert row["mean"] == 0 < row["baseline_mean"]
    for lang, label in (("en", example.label), ("zh", example.label_zh)):
        page = result.report(lang).read_text(encoding="utf-8")
        text = html.unescape(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
        assert label in text and example.parameter.partition(".")[2] in text
        for name in ("effects", "series"):
            drawn = [part.get_text().replace("\n", "") for part in result.figure(name, lang).findobj(is_text)]
            assert any(label.replace(" ", "") in part.replace(" ", "") for part in drawn), (name, lang)
    before = contents(tmp_path / "a")
    first = sorted((tmp_path / "a" / "runs").glob("*.parquet"))[0]
    for part in (tmp_path / "a" / "runs").glob(f"{first.name.partition('.')[0]}*"):
        part.unlink()
    compared(example, plugin, tmp_path / "a")
    assert contents(tmp_path / "a") == before


def is_text(artist: Any) -> bool:
    """Whether a part of a figure is words."""
    return hasattr(artist, "get_text")


@pytest.mark.slow
@each
def test_its_parameter_is_swept_and_listed(
    gongzhi: Any, example: Example, plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = {
        "question": "Does it matter?",
        "design": "factorial",
        "arms": ["none"],
        "outcomes": [example.outcome],
        "parameters": {example.parameter: [0, example.most]},
        "levels": 2,
        "replicates": 2,
    }
    result = experiments.sweep(design, scenario=SMALL, plugin=plugin, out=tmp_path / "a", execution=SERIAL)
    low, high = result.runs.groupby(example.parameter)[example.outcome].mean()
    assert low == 0 < high
    for lang, label in (("en", example.label), ("zh", example.label_zh)):
        assert label.lower() in html.unescape(result.report(lang).read_text(encoding="utf-8")).lower()
    section, _, name = example.parameter.partition(".")
    status, out, _ = gongzhi("parameters", section, f"--plugin={plugin}", "--csv")
    assert status == 0 and f"{section}.{name}," in out
    status, out, _ = gongzhi("outcomes", example.outcome, f"--plugin={plugin}")
    assert status == 0 and example.outcome in out
    forget(monkeypatch)
    plugin.unlink()
    assert experiments.open(tmp_path / "a").runs.equals(result.runs)


@pytest.mark.slow
@each
def test_its_parameters_are_screened(gongzhi: Any, example: Example, plugin: Path, tmp_path: Path) -> None:
    asked = ["--under=none", f"--outcome={example.outcome}", f"--parameter={example.parameter}", "--quick"]
    given = [*asked, *SIZE, f"--plugin={plugin}", "--executor=serial"]
    status, out, err = gongzhi("sensitivity", "coverage", *given, f"--out={tmp_path / 'a'}")
    assert status == 0, err
    assert example.label.lower() in out.lower() or example.parameter in out
    assert example.parameter in (tmp_path / "a" / "morris.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
def test_forks_copies_pickles_and_files_carry_it(example: Example, tmp_path: Path) -> None:
    kind = component_of(example.title)
    whole, model = (
        sim.GovernanceModel({**SMALL, example.parameter: example.most}, 6, 3, components=[kind]) for _ in "ab"
    )
    whole.run(weeks=16, progress=False)
    model.run(weeks=9, progress=False)
    model.save(tmp_path / "saved.npz")
    others = {
        "fork": model.fork(),
        "deepcopy": copy.deepcopy(model),
        "pickle": pickle.loads(pickle.dumps(model)),
        "load": sim.GovernanceModel.load(tmp_path / "saved.npz"),
    }
    for way, other in others.items():
        other.run(weeks=7, progress=False)
        pd.testing.assert_frame_equal(other.outcomes, whole.outcomes, check_exact=True, obj=way)
    assert whole.outcomes[example.outcome].sum() > 0
    none = sim.GovernanceModel({**SMALL, example.parameter: 0}, 6, 3, components=[kind])
    none.run(weeks=9, progress=False)
    assert none.outcomes[example.outcome].sum() == 0


@pytest.mark.slow
@each
def test_workers_of_a_cluster_are_given_it(example: Example, plugin: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    given = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**given, local_directory=str(tmp_path / "dask")) as cluster:
        address = cluster.scheduler_address.removeprefix("tcp://")
        compared(
            example, plugin, tmp_path / "dask-run", execution=Execution(executor=f"dask://{address}", progress=False)
        )
    compared(example, plugin, tmp_path / "serial")
    assert contents(tmp_path / "dask-run") == contents(tmp_path / "serial")


@pytest.mark.slow
def test_folders_are_merged_and_what_is_missing_needs_the_plugin(
    gongzhi: Any, plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = compared(CHARITY, plugin, tmp_path / "whole")
    given = {"scenario": {**SMALL, CHARITY.parameter: CHARITY.most}, "plugin": plugin, "execution": SERIAL}
    given |= {"replicates": 2, "outcomes": [CHARITY.outcome, "conflicts"], "baseline": "none"}
    for name, arms in (
        ("a", {"none": {}, "full": {"coverage.strategy": "full"}}),
        ("b", {"none": {}, "off": {CHARITY.parameter: 0}}),
    ):
        experiments.compare(arms, out=tmp_path / name, **given)
    parts = [tmp_path / "a", tmp_path / "b"]
    lost = sorted((tmp_path / "a" / "runs").glob("*.json"))[0].name.partition(".")[0]
    forget(monkeypatch)
    assert experiments.merge(parts, tmp_path / "read", execution=SERIAL).table.equals(whole.table)
    forget(monkeypatch)
    for folder in parts:
        for part in (folder / "runs").glob(f"{lost}*"):
            part.unlink()
    moved = plugin.rename(tmp_path / "moved.py")
    for merging in ({"run": True}, {}):
        with pytest.raises(
            GongzhiError, match=r"no plugin file .*mediation_charity\.py.*--plugin, plugin= in Python"
        ) as caught:
            experiments.merge(parts, tmp_path / "refused", execution=SERIAL, **merging)  # type: ignore[arg-type]
        assert "\n" not in str(caught.value)
    with pytest.raises(TypeError, match="unexpected keyword argument 'plugins'"):
        experiments.merge(parts, tmp_path / "refused", plugins=plugin)
    merged = experiments.merge(parts, tmp_path / "merged", run=True, plugin=moved, execution=SERIAL)
    assert merged.table.equals(whole.table)
    forget(monkeypatch)
    status, _, err = gongzhi("merge", *map(str, parts), f"--plugin={moved}", "--run", *QUIET, f"--out={tmp_path / 'c'}")
    assert status == 0, err
    status, out, _ = gongzhi("diff", str(tmp_path / "merged"), str(tmp_path / "c"))
    assert status == 0 and "table.csv: the same" in out
    forget(monkeypatch)
    monkeypatch.setattr(MODEL, "_own", {})
    moved.unlink()
    status, out, _ = gongzhi("report", str(tmp_path / "c"), "--lang=zh")
    assert status == 0 and CHARITY.label_zh in out
    text = (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
    assert CHARITY.label_zh in text and "各社区公益调解志愿者的工时" in text


def test_one_run_has_its_columns_and_its_scenario(gongzhi: Any, plugin: Path, tmp_path: Path) -> None:
    given = [*SIZE, f"--plugin={plugin}", "--quiet", f"--out={tmp_path / 'run'}"]
    assert gongzhi("run", *given)[0] == 0
    outcomes = pd.read_csv(tmp_path / "run" / "outcomes.csv")
    assert outcomes.charity_hours.sum() > 0
    text = (tmp_path / "run" / "scenario.toml").read_text(encoding="utf-8")
    assert "[mediation_charity]" in text


def test_two_plugins_are_refused(gongzhi: Any, plugin: Path) -> None:
    status, _, err = gongzhi("compare", "none", f"--plugin={plugin}", "--plugin", str(plugin))
    assert status == 2 and "--plugin was given twice" in err


YEAR = ["--set=district.estates=4", "--set=run.weeks=58", "--set=run.warmup=6", "--set=incidents.rate_parking=1.0"]


@pytest.mark.slow
def test_the_model_with_it_is_validated(gongzhi: Any, plugin: Path, tmp_path: Path) -> None:
    given = [*YEAR, f"--plugin={plugin}", "--pilots=0", "--replicates=2", "--rival=no talk", *QUIET]
    status, _, err = gongzhi("validate", *given, f"--out={tmp_path / 'v'}")
    assert status == 0, err
    assert "mediation_charity" in (tmp_path / "v" / "experiment.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_parameter_of_it_is_calibrated(gongzhi: Any, plugin: Path, tmp_path: Path) -> None:
    fitted = "--points=20 --waves=1 --replicates=2 --checks=4 --alone --discrepancy=0.9".split()
    given = [*YEAR, f"--plugin={plugin}", *fitted, "--parameter=mediation_charity.hours", *QUIET]
    status, _, err = gongzhi("calibrate", *given, f"--out={tmp_path / 'k'}")
    assert status in (0, 2), err
    assert "Traceback" not in err
    record = (tmp_path / "k" / "experiment.json").read_text(encoding="utf-8") if status == 0 else err
    assert "mediation_charity.hours" in record or "plausib" in err
