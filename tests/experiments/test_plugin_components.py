"""Components of the user's own in the laboratory: from a plugin, through every command that runs the model."""

import json
import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import experiments
import sim
from experiments import Execution
from experiments.analyses.compare.comparison_view import Reader
from experiments.cli import app as cli
from experiments.core.design.own_components import hash_of_component, recorded
from experiments.core.design.user_strategies import loaded
from experiments.core.environment import model_version
from experiments.core.statistics import measures
from sim.core.errors import GongzhiError, StoreError
from sim.core.refusals import said
from sim.outcomes.definitions import definition
from tests.support.page_components import forget, source_of

SMALL = {"district.estates": 12, "run.weeks": 24, "run.warmup": 8}
SIZE = ["--estates=12", "--weeks=24", "--set=run.warmup=8"]
SWEEP = {
    "question": "Do festivals matter?",
    "design": "factorial",
    "arms": ["none", "full"],
    "outcomes": ["festivals", "conflicts"],
    "parameters": {"festivals.share": [0.0, 0.1]},
    "levels": 2,
}
SERIAL = Execution(executor="serial", progress=False)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of a plugin with festivals, as if no process had read it yet."""
    forget(monkeypatch)
    path = tmp_path / "festivals.py"
    path.write_text(source_of("festivals"), encoding="utf-8")
    return path


def compared(plugin: Path | None, out: Path, execution: Execution = SERIAL, **fields: object) -> experiments.Comparison:
    """Compare coverage in a small world with festivals."""
    world = {**SMALL, **({} if plugin is None else {"festivals.share": 0.3})}
    given: dict[str, object] = {"scenario": world, "plugin": plugin, "outcomes": ["festivals", "conflicts"], **fields}
    return experiments.compare(["none", "full"], replicates=2, out=out, execution=execution, **given)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds of runs and tables."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".parquet", ".csv") and path.name != "timings.csv"
    }


def test_own_outcomes_are_compared_drawn_and_named_in_both_languages(plugin: Path, tmp_path: Path) -> None:
    result = compared(plugin, tmp_path / "a")
    row = result.table.query("strategy == 'full' and outcome == 'festivals'").iloc[0]
    assert (row["unit"], row["better"]) == ("estates", "neither") and row["baseline_mean"] > 0
    assert "Festivals: estates" in result.report("en").read_text(encoding="utf-8")
    assert "节庆：个小区" in result.report("zh").read_text(encoding="utf-8")
    assert list((tmp_path / "a" / "figures").glob("*effects*"))
    for lang, label in (("en", "Festivals"), ("zh", "节庆")):
        drawn = [
            part.get_text() for part in result.figure("effects", lang).findobj(lambda one: hasattr(one, "get_text"))
        ]
        assert label in drawn


STUMBLING = """
import numpy as np
import sim


class Elders(sim.Component):
    steps = [sim.Step("call", stage="help", doc="elders call on neighbours")]

    def settle_in(self):
        self.calls = 0

    def call(self):
        self.calls += np.random.randint(2)
        if self.model.branches.any and self.model.week == 11:
            self.calls /= 0
"""


def test_a_run_that_failed_says_in_which_week_and_line_of_whose_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And draws from a sequence are warned of in the laboratory, too."""
    forget(monkeypatch)
    plugin = tmp_path / "elders.py"
    plugin.write_text(STUMBLING, encoding="utf-8")
    with pytest.raises(GongzhiError) as caught:
        experiments.compare(
            ["none", "full"], replicates=2, scenario=SMALL, plugin=plugin, out=tmp_path / "a", execution=SERIAL
        )
    records = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "a").rglob("runs/*.json")]
    failed = {record["message"] for record in records if record["status"] == "failed"}
    why = "ZeroDivisionError: division by zero (in week 11: elders.call, elders.py:15)"
    assert failed == {why} and why in str(caught.value)
    assert "division by zero" in said(why, "zh") and "in week 11" not in said(why, "zh")
    warned = [record["warnings"] for record in records if record["status"] == "done"]
    assert all("drawn from np.random within the weeks" in " ".join(texts) for texts in warned) and warned


def test_workers_are_given_the_plugin_before_the_scenario(plugin: Path, tmp_path: Path) -> None:
    compared(plugin, tmp_path / "serial")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        compared(plugin, tmp_path / "pool", Execution(executor=pool, progress=False))
    assert files(tmp_path / "serial") == files(tmp_path / "pool")


@pytest.mark.slow
def test_the_laboratorys_own_workers_are_given_the_plugin_too(plugin: Path, tmp_path: Path) -> None:
    compared(plugin, tmp_path / "serial")
    compared(plugin, tmp_path / "two", Execution(workers=2, progress=False))
    assert files(tmp_path / "serial") == files(tmp_path / "two")


def test_the_source_of_a_component_is_part_of_the_key_and_its_comments_are_not(
    plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = compared(plugin, tmp_path / "a")
    assert result.outcome.design.version.endswith(f" with festivals:{loaded()[0].hash[:12]}")
    before = files(tmp_path / "a")
    plugin.write_text(source_of("festivals") + "\n# a remark\n", encoding="utf-8")
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "a" / "runs").iterdir()}
    compared(plugin, tmp_path / "a")
    assert files(tmp_path / "a") == before
    assert stamps == {path: path.stat().st_mtime_ns for path in (tmp_path / "a" / "runs").iterdir()}
    plugin.write_text(source_of("festivals").replace("draw < p.share", "draw < p.share / 2"), encoding="utf-8")
    with pytest.raises(StoreError, match="the model's code: .* with festivals:.* with festivals:"):
        compared(plugin, tmp_path / "a")
    halved = compared(plugin, tmp_path / "b")
    assert set(halved.design["run"]).isdisjoint(result.design["run"])
    assert halved.series["festivals"].mean() < result.series["festivals"].mean()


def test_without_components_keys_and_records_are_as_they_were(tmp_path: Path) -> None:
    result = compared(None, tmp_path / "a", outcomes=["conflicts"])
    assert result.outcome.design.version == model_version()
    assert "components" not in result.spec.record()
    with pytest.raises(StoreError, match='"festivals" is not an outcome of these runs'):
        compared(None, tmp_path / "b")


def test_a_folder_is_read_without_the_plugin_and_says_what_more_runs_need(
    plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = compared(plugin, tmp_path / "a")
    text = made.report("zh").read_text(encoding="utf-8")
    forget(monkeypatch)
    plugin.rename(plugin.with_suffix(".away"))
    result = experiments.open(tmp_path / "a")
    assert result.table.equals(made.table) and loaded() == ()
    assert result.report("zh").read_text(encoding="utf-8") == text
    assert result.spec.record() == made.spec.record()
    festivals = result.spec.scenario.components[0]
    rows, own = (spec.scenario.festivals.rows() for spec in (result.spec, made.spec))
    assert rows == own and measures.definition("festivals").label_zh == "节庆"  # type: ignore[union-attr]
    assert result.spec.scenario == experiments.open(tmp_path / "a").spec.scenario
    assert sim.component.own_component("festivals") is None and hash_of_component(festivals) == loaded_hash(made)
    with pytest.raises(GongzhiError, match=r"festivals\.py"):
        experiments.compare(
            ["none", "full", "random"],
            scenario=result.spec.scenario,
            replicates=2,
            out=tmp_path / "c",
            execution=SERIAL,
        )


def loaded_hash(result: experiments.Comparison) -> str:
    """Return the hash of the component as the result's folder has it."""
    return str(result.spec.record()["components"]["festivals"]["code"])


def test_a_class_whose_source_cannot_be_read_is_hashed_by_what_it_does() -> None:
    def made(code: str) -> type[sim.Component]:
        names = {"sim": sim, "__name__": "nowhere"}
        exec(code, names)
        return names["Bells"]  # type: ignore[return-value]

    bells = (
        'class Bells(sim.Component):\n    """Ring."""\n    times = 3\n    def ring(self):\n        return self.times\n'
    )
    first = hash_of_component(made(bells))
    assert first == hash_of_component(made(bells.replace("Ring.", "Bells ring.")))
    assert first != hash_of_component(made(bells.replace("= 3", "= 4")))
    assert first != hash_of_component(made(bells.replace("return self.times", "return 2 * self.times")))


def commands_with_a_plugin() -> set[str]:
    """Names of the commands that have the option."""
    known = get_command(cli.app).commands  # type: ignore[attr-defined]
    made = {name: known[name].make_context(name, [], resilient_parsing=True).command for name in known}
    return {name for name, made in made.items() if any("--plugin" in option.opts for option in made.params)}


TINY = ["--set=district.estates=5", "--set=run.weeks=12", "--set=run.warmup=4"]
PAIR = [*TINY, "--set=festivals.share=0.3", "--executor=serial", "--replicates=2", "--quiet"]
ENDED = ("calibrate", "compare", "merge", "outcomes", "parameters", "run", "sensitivity", "validate")
"""Commands that other tests, here and of the page's examples, run to their end with a plugin."""
TO_THE_END = {
    "study couriers": PAIR,
    "film full": [*TINY, "--set=festivals.share=0.3", "--quiet"],
    "fidelity --measure": [*PAIR, "--rows=rows.toml", "--sizes=sizes.csv", "--store=made", "--out=page.md"],
    "sweep design.toml": [*TINY, "--executor=serial", "--replicates=1", "--quiet"],
    "ablate full": [*PAIR, "--outcome=festivals"],
    "signmap reporting": [*PAIR, "--levels=2"],
    "signmap regions": [*PAIR, "--points=2"],
    "budget 3": [*PAIR, "--confirm=2"],
    "study systems": PAIR,
    "study channels": PAIR,
    "study assumptions": PAIR,
    "sensitivity least-known": [*PAIR[:-2], "--quick", "--few=2", "--replicates=2", "--quiet"],
}
LONG = ("ablate", "signmap", "budget", "study", "sensitivity")
FILES = {
    "rows.toml": '[[row]]\nid = "a"\nstudy = "Estates celebrate."\nhow = "in"\n'
    'parameters = ["festivals.*"]\noff = { "festivals.enabled" = false }\n',
    "design.toml": 'question = "Do festivals matter?"\ndesign = "factorial"\nlevels = 2\narms = ["none", "full"]\n'
    'outcomes = ["festivals", "conflicts"]\n[parameters]\n"festivals.share" = [0.0, 0.1]\n',
}


def test_every_command_with_a_plugin_is_run_to_its_end() -> None:
    assert commands_with_a_plugin() == {*ENDED, *(words.partition(" ")[0] for words in TO_THE_END)}


@pytest.mark.parametrize(
    "words", [pytest.param(one, marks=[pytest.mark.slow] * one.startswith(LONG)) for one in TO_THE_END]
)
def test_a_command_with_a_plugin_ends_and_its_folder_is_read_without(
    gongzhi: Any, plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    given = TO_THE_END[words] if "--out=page.md" in TO_THE_END[words] else [*TO_THE_END[words], "--out=made"]
    status, out, err = gongzhi(*words.split(), *given, f"--plugin={plugin}")
    assert (status, out) == (0, ""), err
    forget(monkeypatch)
    plugin.unlink()
    if words.startswith("film"):
        assert (tmp_path / "made" / "film.html").stat().st_size > 10_000
    elif words.startswith("fidelity"):
        assert "`festivals.*`" in (tmp_path / "page.md").read_text(encoding="utf-8")
        assert "a,conflicts," in (tmp_path / "sizes.csv").read_text(encoding="utf-8")
    else:
        record = json.loads((tmp_path / "made" / "experiment.json").read_text(encoding="utf-8"))
        assert set(record["spec"]["components"]) == {"festivals"}
        status, out, err = gongzhi("report", "made", "--lang=zh")
        assert status == 0 and "made" in out, err


def test_what_is_at_hand_and_does_the_same_is_no_stand_in(plugin: Path, tmp_path: Path) -> None:
    made = compared(plugin, tmp_path / "a")
    result = experiments.open(tmp_path / "a")
    assert result.spec.scenario == made.spec.scenario
    changed = {**made.spec.record()["components"]["festivals"], "code": "another"}
    assert recorded({"festivals": changed})[0] is not made.spec.scenario.components[0]


def test_a_sweep_varies_parameters_of_a_component(
    plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = {**SWEEP, "replicates": 2}
    result = experiments.sweep(design, scenario=SMALL, plugin=plugin, out=tmp_path / "a", execution=SERIAL)
    means = result.runs.groupby("festivals.share")["festivals"].mean()
    assert means[0.0] == 0 and means[0.1] > 0
    forget(monkeypatch)
    assert experiments.open(tmp_path / "a").runs.equals(result.runs)


def test_commands_take_the_plugin(gongzhi, plugin: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = gongzhi("parameters", "festivals", f"--plugin={plugin}", "--set=festivals.share=0.3", "--csv")
    assert status == 0 and "festivals.share,0.3,0.02,share per week,0,1" in out
    status, out, _ = gongzhi("outcomes", "festivals", f"--plugin={plugin}")
    assert (status, out) == (0, "festivals  festivals [estates]\n")
    (tmp_path / "world.toml").write_text("[festivals]\nshare = 0.5\n", encoding="utf-8")
    world = [*SIZE, f"--plugin={plugin}", f"--scenario={tmp_path / 'world.toml'}"]
    assert gongzhi("run", *world, f"--out={tmp_path / 'run'}", "--quiet")[0] == 0
    assert "\nshare = 0.5\n" in (tmp_path / "run" / "scenario.toml").read_text(encoding="utf-8")
    own = [*world, "--executor=serial", "--replicates=2", f"--out={tmp_path / 'compare'}"]
    assert gongzhi("compare", "none", "full", *own, "--outcome=festivals", "--set=festivals.noise=3")[0] == 0
    record = json.loads((tmp_path / "compare" / "experiment.json").read_text(encoding="utf-8"))["spec"]
    assert record["scenario"]["festivals.share"] == 0.5 and record["scenario"]["festivals.noise"] == 3


@pytest.mark.slow
def test_the_effect_of_a_components_parameters_is_screened(gongzhi, plugin: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    asked = ["--under=none", "--outcome=festivals", "--parameter=festivals", "--quick", *SIZE, "--executor=serial"]
    status, out, _ = gongzhi("sensitivity", "coverage", *asked, f"--plugin={plugin}", f"--out={tmp_path / 'a'}")
    assert status == 0 and "festivals.share" in out


@pytest.mark.parametrize("missing", ["festivals", "share"])
def test_a_name_that_no_component_has_is_refused(gongzhi, plugin: Path, missing: str) -> None:  # type: ignore[no-untyped-def]
    setting = "--set=festivals.share=0.1" if missing == "festivals" else "--set=festivals.shar=0.1"
    given = [] if missing == "festivals" else [f"--plugin={plugin}"]
    status, _, err = gongzhi("compare", "none", "full", *given, setting)
    assert status == 2 and "festivals.shar" in err and "is not a parameter" in err


def test_arms_switch_off_a_component_however_they_are_written(gongzhi, plugin: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    size = [*SIZE, "--replicates=2", "--assumptions=0", "--outcome=festivals"]
    without = "none; festivals.enabled=false"
    typed = [without, "none", f"--baseline={without}", f"--plugin={plugin}", f"--out={tmp_path / 'typed'}"]
    assert gongzhi("compare", *typed, *size, "--quiet")[0] == 0
    fields: dict[str, object] = {"scenario": SMALL, "plugin": plugin, "outcomes": ["festivals"], "replicates": 2}
    called = experiments.compare([without, "none"], baseline=without, execution=SERIAL, **fields)  # type: ignore[arg-type]
    design = {**SWEEP, "arms": {"without": without, "with": "none"}}
    swept = experiments.sweep(design, plugin=plugin, scenario=SMALL, replicates=1, execution=SERIAL)
    for table, arm in ((experiments.open(tmp_path / "typed").table, "strategy"), (called.table, "strategy")):
        means = table.set_index([arm, "outcome"])["mean"]
        assert means[without, "festivals"] == 0.0 < means["none", "festivals"]
    means = swept.table.groupby(["arm", "outcome"])["mean"].max()
    assert means["without", "festivals"] == 0.0 < means["with", "festivals"]


def test_a_report_of_a_mechanism_switched_off_says_what_is_so(plugin: Path, tmp_path: Path) -> None:
    without = "full; festivals.enabled=false"
    world: dict[str, object] = {"scenario": {**SMALL, "festivals.share": 0.9}, "plugin": plugin}
    world |= {"outcomes": ["festivals", "conflicts"], "replicates": 2, "execution": SERIAL}
    result = experiments.compare([without, "full"], baseline=without, out=tmp_path / "a", **world)  # type: ignore[arg-type]
    text = result.report("en").read_text(encoding="utf-8")
    # The mechanism acts from the first week on, and both arms have the same branches.
    assert "are the same for all and are not measured" not in text and "though arms differ in them already" in text
    assert "the control that has the same hours" not in text
    # The baseline has none of it: the effect is told and drawn in its unit.
    effect = Reader(result).effect("full", "festivals")
    assert effect is not None and effect.in_unit and f"+{effect.difference:.3g} estates" in text
    (panel,) = [axes for axes in result.figure("effects").axes if "estates" in axes.get_xlabel()]
    assert any(
        line.get_xdata()[0] == pytest.approx(effect.difference) for line in panel.lines if line.get_marker() != "None"
    )
    assert "compared with full coverage (festivals.enabled=false)?" in text
    coverage = experiments.compare(["none", "full"], out=tmp_path / "b", **world)  # type: ignore[arg-type]
    text = coverage.report("en").read_text(encoding="utf-8")
    assert "are the same for all and are not measured" in text and "the control that has the same hours" in text


def test_a_sweep_says_what_an_arm_is_set_against_and_quotes_labels(plugin: Path, tmp_path: Path) -> None:
    design = {**SWEEP, "arms": {"without": "full; festivals.enabled=false", "full": "full"}, "baseline": "without"}
    swept = experiments.sweep(design, plugin=plugin, scenario=SMALL, replicates=1, out=tmp_path / "a", execution=SERIAL)
    assert all("compared with “without”" in finding.text() for finding in swept.findings)
    text = swept.report("en").read_text(encoding="utf-8")
    assert "Each point is run under “without” and full coverage." in text
    assert "each arm is set against “without” in pairs" in text


BELLS = """
import sim

class Bells(sim.Component):
    outcomes = [sim.Outcome("bells", unit="times", better="lower", label="bells", zh="bells zh")]
    steps = [sim.Step("ring", before="incidents.begin", doc="rings")]
    def settle_in(self):
        self.bells = 0
    def ring(self):
        self.bells += 1
"""
TINY = {"district.estates": 3, "run.weeks": 8, "run.warmup": 3}


def ringing(folder: Path, source: str, name: str = "bells", execution: Execution = SERIAL) -> experiments.Comparison:
    """Compare with a plugin of this source, which is written into the folder."""
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    out = folder / f"{name}-results"
    return experiments.compare(
        ["own"], scenario=TINY, replicates=1, plugin=path, out=out, outcomes="bells", execution=execution
    )


def test_each_result_is_shown_with_what_its_own_component_declares(tmp_path: Path) -> None:
    """A component that was changed in the meantime, or one of the same name of another folder, says nothing of it."""
    first = ringing(tmp_path, BELLS, "first")
    changed = BELLS.replace('"lower"', '"higher"').replace('label="bells"', 'label="chimes"')
    second = ringing(tmp_path, changed, "second")
    for _ in range(2):
        opened = [experiments.open(result.folder) for result in (second, first)]
        for result, better in ((first, "lower"), (second, "higher"), (opened[1], "lower"), (opened[0], "higher")):
            assert set(result.table["better"]) == {better}
            declared = definition("bells")
            assert declared is not None and declared.label == ("chimes" if better == "higher" else "bells")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (BELLS.replace("incidents.begin", "incidents.beginn"), 'Did you mean "incidents.begin"'),
        (BELLS.replace('Step("ring"', 'Step("rong"'), 'step "rong" is no method of Bells'),
        (BELLS.replace("incidents.begin", "bells.ring"), "wait for each other"),
        (BELLS.replace('Outcome("bells"', 'Outcome("conflicts"'), 'outcome "conflicts" cannot be called so'),
        (BELLS.replace("self.bells = 0", "pass"), 'outcome "bells" needs an attribute or a method'),
    ],
)
def test_what_no_model_can_use_is_said_before_a_folder_is_made(tmp_path: Path, wrong: str, told: str) -> None:
    path = tmp_path / "bells.py"
    path.write_text(wrong, encoding="utf-8")
    for run in (experiments.compare, experiments.sensitivity):
        with pytest.raises(GongzhiError) as caught:
            run(["own"], scenario=TINY, plugin=path, out=tmp_path / "out", execution=SERIAL)  # type: ignore[operator]
        assert told in str(caught.value) and not (tmp_path / "out").exists()


def test_code_that_ends_the_program_is_a_failed_run(tmp_path: Path) -> None:
    source = BELLS.replace("self.bells += 1", "self.stop() if self.model.week == 5 else None")
    source += "    def stop(self):\n        raise SystemExit(4)\n"
    with pytest.raises(GongzhiError, match=r"2 of 2 runs failed.*SystemExit: the code of a component"):
        ringing(tmp_path, source)


def test_a_plugin_moves_no_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    path = Path("mine/bells.py")
    path.write_text("import os\nos.chdir(os.path.dirname(__file__))\n" + BELLS, encoding="utf-8")
    result = experiments.compare(["own"], scenario=TINY, replicates=1, plugin=path, out="out", execution=SERIAL)
    assert Path.cwd() == tmp_path and (tmp_path / "out" / "table.csv").exists() and not result.failures


@pytest.mark.slow
def test_a_file_called_like_a_library_kills_no_worker(tmp_path: Path) -> None:
    """In the folder in which the command is given lies a plugin that Python would take for its own `random`."""
    (tmp_path / "random.py").write_text(BELLS, encoding="utf-8")
    command = [Path(sys.executable).with_name("gongzhi"), "compare", "own", "--plugin", "random.py", "--replicates=1"]
    command += [f"--set={name}={value}" for name, value in TINY.items()]
    command += ["--assumptions=0", "--executor=processes", "--workers=2", "--out=out"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0 and "Traceback" not in ended.stderr, ended.stderr
