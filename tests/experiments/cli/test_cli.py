"""The command line: exit statuses, one message for each mistake, and never a traceback."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import experiments
import sim
from experiments.analyses.compare.comparison_report import document
from experiments.core.run import job as jobs
from experiments.reporting import provenance as record
from experiments.reporting import words
from tests.support import toy_model
from tests.support.repository import ROOT

SMALL = ["--set=run.weeks=30", "--set=run.warmup=10", "--estates=12", "--executor=serial", "--replicates=2"]


@pytest.mark.parametrize("command", ["run", "merge", "parameters", "report", "diff", "study", "fidelity"])
def test_help_of_a_command_without_a_spec_reads_nothing_heavy(command):
    assert heavy_modules_of_help(command).endswith("[]")


@pytest.mark.parametrize("command", ["compare", "sensitivity", "calibrate"])
def test_help_of_an_analysis_reads_the_model_and_no_more(command):
    """Mesa reads pandas and parts of SciPy, and a spec holds a scenario."""
    read = heavy_modules_of_help(command).splitlines()[-1]
    assert not [name for name in ("matplotlib", "loky", "SALib", "sklearn", "scipy.stats", "jinja2") if name in read]


def test_a_run_tells_its_week_in_the_language_that_was_asked_for(gongzhi, tmp_path):
    words = ("run", "--agenda", "--estates=12", "--weeks=5", "--set=run.warmup=2", "--lang=zh", f"--out={tmp_path}/run")
    status, out, err = gongzhi(*words)
    assert status == 0 and "记录本周" in out and "the week is written down" not in out, err


def test_a_run_names_its_outcomes_and_writes_a_workbook(gongzhi, tmp_path):
    words = ("run", "--xlsx", "--estates=6", "--weeks=5", "--set=run.warmup=2", "--lang=zh", f"--out={tmp_path}/run")
    status, out, err = gongzhi(*words)
    assert status == 0, err
    assert re.search(r"^ +\d\S*  纠纷  每千户每周  \[conflicts\]$", out, re.M) and "results.xlsx" in out
    sheets = pd.read_excel(tmp_path / "run" / "results.xlsx", sheet_name=None)
    assert {"原表 outcomes", "参数"} <= set(sheets) and sheets["原表 outcomes"].conflicts.notna().sum() == 5


def test_a_film_speaks_the_language_that_was_asked_for(gongzhi, tmp_path):
    words = ("film", "none", "--estates=6", "--weeks=5", "--set=run.warmup=2", "--lang=zh", f"--out={tmp_path}")
    status, out, err = gongzhi(*words)
    assert status == 0 and re.match("无支部：本区含 ?6 ?个小区", err) and "film.html" in out and "is in" not in out
    status, _, err = gongzhi("film", "--xlsx")
    assert status == 2 and "film has no option --xlsx." in err, "a workbook of a film there is none"


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["run", "--weeks", "ten"], '--weeks "ten" must be a whole number.', "须为整数"),
        (["run", "--weeeks", "10"], 'run has no option --weeeks. Did you mean "--weeks"?', "没有选项 --weeeks。是否指"),
        (["run", "extra"], '"extra" is more than run takes.', "“extra”多余"),
        (
            ["conpare"],
            'There is no command "conpare". Did you mean "compare"? Choose from: compare, run',
            "是否指“compare”",
        ),
        (["district", "chek"], 'There is no command "chek". Did you mean "check"?', "没有“chek”这个命令"),
        (["run", "--weeks=40"], "or shorten the warm-up with --set run.warmup=.", "或用 --set run.warmup= 缩短预热期"),
    ],
)
def test_words_that_no_command_takes_are_answered_in_either_language(gongzhi, words, english, chinese):
    status, _, err = gongzhi(*words)
    assert status == 2 and english in err, err
    for lang in (["--lang", "zh"], ["--lang=zh"]):
        status, _, err = gongzhi(*words, *lang)
        assert status == 2 and chinese in err and english not in err, err


@pytest.mark.parametrize("command", ["ablate", "sensitivity", "study", "signmap"])
def test_questions_are_listed_in_either_language(gongzhi, command):
    lists = [gongzhi(command, "--list", f"--lang={lang}")[1].splitlines() for lang in ("en", "zh")]
    for english, chinese in zip(*lists, strict=True):
        assert english.split()[0] == chinese.split()[0]
        assert english.isascii() and "\u4e00" <= chinese.split()[1][0] <= "\u9fff", chinese


@pytest.mark.parametrize(
    ("command", "first", "last"),
    [("run", "预热期结束后 10 周的均值：", "位于 results/run。"), ("budget", "8 个小区实行全覆盖", "gongzhi budget")],
)
def test_what_stands_on_the_screen_is_chinese_on_request(gongzhi, command, first, last):
    status, out, _ = gongzhi(command, "--estates=8", "--weeks=14", "--set=run.warmup=4", "--lang=zh")
    assert status == 0 and out.startswith(first) and last in out.splitlines()[-1]


def test_help_names_the_commands_and_reads_nothing_heavy():
    shown = heavy_modules_of_help()
    for name in ("compare", "run", "district", "parameters", "report"):
        assert name in shown
    assert shown.endswith("[]")


def heavy_modules_of_help(*words):
    """Return what a command's help shows, and in a last line what heavy modules it has read."""
    names = ("pandas", "mesa", "scipy", "scipy.stats", "matplotlib", "loky", "SALib", "sklearn", "jinja2")
    code = (
        f"import sys; sys.argv = {['gongzhi', *words, '--help']}\n"
        "from experiments.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {names} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.rstrip()


def test_compare_writes_a_table_and_shows_the_three_series_side_by_side(gongzhi, toy, tmp_path):
    status, out, err = gongzhi("compare", "full", "hours_matched:full", *SMALL, "--replicates=8")
    assert status == 0, err
    head, *lines = out.splitlines()
    assert re.split("  +", head) == ["strategy", "conflicts", "filed cases", "standing disputes"]
    assert [line.strip().split("  ")[0] for line in lines[:4]] == ["none", "full", "all together", "hours_matched:full"]
    # A verdict stands beside the interval from which it is read, and not beside the narrower one of an effect alone.
    assert "helps" not in lines[1] and "helps" in lines[2] and "rises" in lines[2]
    alone, together = (
        [tuple(map(float, ends)) for ends in re.findall(r"\[([-+.\d]+), ([-+.\d]+)\]", line.replace("−", "-"))]
        for line in lines[1:3]
    )
    assert len(alone) == len(together) == 3
    assert all(low <= least and most <= high for (least, most), (low, high) in zip(alone, together, strict=True))
    assert any("full coverage" in line.lower() and "same hours" in line for line in lines)
    assert "\n24 runs.\n" in out and out.endswith("groups.csv are in results/compare.\n")
    assert (tmp_path / "results/compare/table.csv").exists()
    stored = json.loads((tmp_path / "results/compare/experiment.json").read_text())
    assert stored["command"].startswith("gongzhi compare full hours_matched:full --set=run.weeks=30")
    assert "24 runs to do" in err and "24 of 24 runs" in err


@pytest.mark.slow  # test_policies looks at both grounds too, without the report
def test_by_default_the_study_is_run(gongzhi, toy, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.analyses.compare.further.OUTCOMES", None)  # the toy counts no open cases
    status, _, err = gongzhi("compare", "--quiet", *SMALL, "--replicates=1")
    assert (status, err) == (0, "")
    from experiments.presets.compare_coverage import FURTHER, MAIN

    for folder, arms, count in (("compare", MAIN, 5), ("compare/further", FURTHER, 42)):
        stored = json.loads((tmp_path / "results" / folder / "experiment.json").read_text())
        assert stored["design"]["arms"] == arms and len(arms) == count


def test_an_arm_may_be_written_with_changes(gongzhi, toy, tmp_path):
    assert gongzhi("compare", "full; coverage.second=dispatched", *SMALL)[0] == 0
    stored = json.loads((tmp_path / "results/compare/experiment.json").read_text())
    label = "full; coverage.second=dispatched"
    assert stored["design"]["arms"][label] == {"coverage.strategy": "full", "coverage.second": "dispatched"}


def test_quick_is_smaller_and_has_a_folder_of_its_own(gongzhi, toy, tmp_path):
    assert gongzhi("compare", "own", "--quick", "--executor=serial")[0] == 0
    stored = json.loads((tmp_path / "results/compare-quick/experiment.json").read_text())
    assert stored["design"]["scenario"]["district.estates"] == 120
    assert stored["design"]["scenario"]["run.weeks"] == 104 and stored["design"]["replicates"] == 4


def test_failed_runs_are_named_and_give_status_1_and_can_be_retried(gongzhi, toy, monkeypatch):
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.failing)
    words = ["compare", "own", *SMALL, "--replicates=6"]
    status, out, err = gongzhi(*words)
    assert status == 1
    assert "ZeroDivisionError: injected" in err and "own, replicate" in err and "seed" in err
    assert "strategy" in out
    monkeypatch.setattr(jobs, "GovernanceModel", toy_model.toy)
    assert gongzhi(*words)[0] == 1
    assert gongzhi(*words, "--retry-failed")[0] == 0


@pytest.mark.parametrize(
    "command", ["compare", "study", "sweep", "ablate", "signmap", "sensitivity", "calibrate", "validate", "budget"]
)
def test_whatever_runs_takes_the_same_options_and_is_retried_where_nothing_follows_from_it(gongzhi, command):
    status, out, _ = gongzhi(command, "--help")
    assert status == 0
    for option in ("--workers", "--executor", "--quiet", "--out", "--lang"):
        assert option in out, option
    alone = command in ("compare", "study", "sweep", "ablate")
    assert ("--retry-failed" in out) == alone
    info = {"command": f"gongzhi {command} something", "failed": [{"arm": "none", "message": "injected"}]}
    assert ("--retry-failed" in record.failed(info).text("en")) == alone


@pytest.mark.parametrize(
    ("words", "first_look"),
    [(("ablate", "full"), 60), (("validate",), 100), (("budget", "9"), 60), (("sensitivity",), 12)],
)
def test_the_size_of_a_scenarios_file_is_kept_unless_an_option_says_otherwise(
    gongzhi, tmp_path, monkeypatch, words, first_look
):
    def asked(spec, _):
        world = spec.scenario
        raise sim.ScenarioError(f"{world.district.estates} estates, {world.run.warmup} weeks")

    monkeypatch.setattr("experiments.registry.perform", asked)
    file = tmp_path / "mine.toml"
    file.write_text("[district]\nestates = 15\n[run]\nwarmup = 33\n")
    given = ("--scenario", str(file))
    cases = [
        (given, 15),
        ((*given, "--estates=20"), 20),
        ((*given, "--quick"), first_look),
        ((*given, "--quick", "--estates=20"), 20),
    ]
    for options, estates in cases:
        status, _, err = gongzhi(*words, *options)
        assert status == 2 and f"{estates} estates, " in err
        assert "33 weeks" in err or ("sensitivity" in words and "--quick" in options)


def test_a_damaged_run_is_told_in_a_sentence(gongzhi, toy, tmp_path):
    design = tmp_path / "mine.toml"
    design.write_text(
        'points = 2\nreplicates = 2\noutcomes = ["conflicts"]\n[arms]\nnone = "none"\n[parameters]\n'
        '"branches.reporting_hours" = "declared"\n[scenario]\n"run.weeks" = 12\n"run.warmup" = 4\n'
        '"district.estates" = 12\n'
    )
    words = ("sweep", str(design), "--executor=serial")
    assert gongzhi(*words)[0] == 0
    run = next((tmp_path / "results/sweep-mine/runs").glob("*.parquet"))
    run.write_bytes(run.read_bytes()[:-9])
    status, _, err = gongzhi(*words)
    assert status == 0 and f"The files of run {run.stem} are damaged; it is run again." in err.splitlines()
    assert "Warning" not in err and ".py" not in err


def test_all_runs_failing_is_told_without_a_table(gongzhi, toy, monkeypatch):
    def broken(*_):
        raise sim.RunawayError("conflicts breed without end")

    monkeypatch.setattr(jobs, "GovernanceModel", broken)
    status, _, err = gongzhi("compare", "own", *SMALL)
    assert status == 1 and "4 of 4 runs failed" in err and "conflicts breed without end" in err


def test_report_is_made_again_from_a_folder(gongzhi, toy, tmp_path):
    assert gongzhi("compare", "full", *SMALL)[0] == 0
    table = tmp_path / "results/compare/table.csv"
    before = table.read_bytes()
    table.unlink()
    status, out, err = gongzhi("report", "results/compare")
    assert status == 0 and "strategy" in out, err
    assert table.read_bytes() == before


@pytest.fixture
def nothing_runs(monkeypatch):
    """Let a run that should not have begun be a fault."""

    def begun(*_, **__):
        raise AssertionError("a run was begun")

    monkeypatch.setattr("experiments.core.run.execute._perform", begun)
    monkeypatch.setattr(sim.GovernanceModel, "run", begun)


def write(name: str, text: str | bytes) -> str:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "fulll"], 'Did you mean "full"'),
        (["compare", "hours_matched:fulll"], 'Did you mean "'),
        (["compare", "hours_matched:"], "strategy"),
        (["compare", "own", "--set", "coverage.shar=0.5"], 'Did you mean "coverage.share"'),
        (["compare", "own", "--set", "coverage.share=2"], "coverage.share"),
        (["compare", "own", "--set", "coverage.share=many"], "coverage.share"),
        (["compare", "own", "--set", "coverage.share"], "section.parameter=value"),
        (["compare", "own; coverage.shar=1"], 'Did you mean "coverage.share"'),
        (["compare", "own", "--weeks", "10"], "run.warmup"),
        (["compare", "own", "--weeks", "ten"], "weeks"),
        (["compare", "own", "--replicates", "0"], "replicates is 0"),
        (["compare", "own", "--workers", "0"], "workers is 0"),
        (["compare", "own", "--executor", "cluster"], "processes, serial"),
        (["compare", "own", "--margin", "2"], "margin"),
        (["compare", "own", "--lang", "fr"], "en or zh"),
        (["compare", "own", "--outcome", "conflict"], 'Did you mean "conflicts"'),
        (["compare", "own", "--estates", "0"], "district.estates"),
        (["compare", "own", "--sample", "0"], "district.sample"),
        (["compare", "own", "--district", "missing.csv"], "missing.csv"),
        (["compare", "own", "--map", "estate=id"], "--district"),
        (["compare", "own", "--scenario", "missing.toml"], "missing.toml"),
        (["compare", "own", "--plugin", "missing.py"], "missing.py"),
        (["compare", "own", "--no-such-option"], "no-such-option"),
        (["compare", "own", "--baseline", "nothing"], "nothing"),
        (["compar"], "compar"),
        (["run", "--strategy", "fulll"], 'Did you mean "full"'),
        (["run", "--strategy", "hours_matched:full"], "compare"),
        (["run", "--set", "a=b"], "a"),
        (["run", "--seed", "-1"], "seed"),
        (["report", "nowhere"], "nowhere holds no experiment"),
        (["parameters", "votes"], 'Unknown section "votes"'),
        (["parameters", "--out", "a.docx"], ".md or .csv"),
        (["parameters", "--markdown", "--csv"], "choose one"),
        (["district", "check", "missing.csv"], "missing.csv"),
        (["district", "describe", "--estates", "-3"], "estates"),
        (["district", "generate", "--out", "a.csv", "--estates", "0"], "estates"),
    ],
)
def test_a_mistake_is_one_message_and_status_2_and_nothing_is_written(gongzhi, nothing_runs, words, says, tmp_path):
    status, out, err = gongzhi(*words)
    assert status == 2, (out, err)
    assert says in err and out == ""
    assert not list(tmp_path.rglob("*.json")) and not list(tmp_path.rglob("*.csv"))


@pytest.mark.parametrize(
    ("file", "words", "says"),
    [
        (("bad.toml", "[run\nweeks = 3"), ["run", "--scenario", "bad.toml"], "bad.toml"),
        (("bad.toml", "[runn]\nweeks = 3"), ["run", "--scenario", "bad.toml"], 'Did you mean "run"'),
        (("bad.csv", "estate,households\nA,-3\n"), ["district", "check", "bad.csv"], "bad.csv"),
        (("bad.csv", ""), ["compare", "own", "--district", "bad.csv"], "bad.csv"),
        (
            ("bad.csv", "estate,households\nA,3\n"),
            ["district", "check", "bad.csv", "--map", "estate"],
            "OURS=YOURS",
        ),
        (("bad.py", "def f(:\n"), ["compare", "own", "--plugin", "bad.py"], "line 1"),
        (("bad.py", "x = 1\ny = x / 0\n"), ["compare", "own", "--plugin", "bad.py"], "line 2"),
        (("bad.py", b"\xff\xfe\x00"), ["compare", "own", "--plugin", "bad.py"], "bad.py"),
        (("file", "mine"), ["compare", "own", *SMALL, "--out", "file/inside"], "cannot be written"),
        (("file", "mine"), ["run", "--out", "file"], "cannot be written"),
        (("file", "mine"), ["district", "generate", "--out", "file/a.csv"], "cannot be written"),
        (("file", "mine"), ["parameters", "--out", "file/a.md"], "cannot be written"),
        (("experiment.json", "{}"), ["report", "."], "experiment.json"),
    ],
)
def test_a_bad_file_is_one_message_and_status_2(gongzhi, nothing_runs, file, words, says):
    write(*file)
    status, _, err = gongzhi(*words)
    assert status == 2 and says in err
    assert os.listdir() == [file[0]]


def test_a_store_of_another_design_is_refused(gongzhi, toy):
    assert gongzhi("compare", "own", *SMALL)[0] == 0
    status, _, err = gongzhi("compare", "own", *SMALL, "--seed=2")
    assert status == 2 and "seed: 1 there, 2 now" in err and "--out" in err
    status, _, err = gongzhi("compare", "own", *SMALL, "--replicates=3")
    assert status == 2 and "--extend" in err
    assert gongzhi("compare", "own", *SMALL, "--replicates=3", "--extend")[0] == 0


def test_a_fault_of_the_software_is_told_without_a_traceback(gongzhi, monkeypatch):
    def fault(*_, **__):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("experiments.cli.options.World.to_scenario", fault)
    status, _, err = gongzhi("compare", "own")
    assert status == 1 and "RuntimeError: unforeseen" in err and "report it" in err


def test_parameters_are_shown_and_written(gongzhi, tmp_path):
    status, out, _ = gongzhi("parameters", "run", "--set", "run.weeks=100")
    assert status == 0 and "*run.weeks" in out and " run.warmup" in out and "coverage" not in out
    assert gongzhi("parameters", "--markdown")[0] == 0
    page = (tmp_path / "docs/parameters.md").read_text()
    assert "## coverage" in page and "| `strategy` | `none` |" in page
    status, out, _ = gongzhi("parameters", "--csv")
    assert out.splitlines()[0].startswith("name,value,default,unit")
    assert len(out.splitlines()) == 1 + len(sim.Scenario().parameters())
    assert gongzhi("parameters", "--out", "table.csv")[0] == 0
    assert (tmp_path / "table.csv").read_text() == out


def test_a_district_is_generated_checked_and_described(gongzhi, tmp_path):
    assert gongzhi("district", "generate", "--estates=30", "--seed=5", "--out=new/a.csv")[0] == 0
    status, out, _ = gongzhi("district", "check", "new/a.csv")
    assert status == 0 and "30 estates" in out
    status, out, _ = gongzhi("district", "describe", "new/a.csv")
    assert status == 0 and "statistic" in out and "target" in out
    assert sim.District.from_csv("new/a.csv") == sim.District.synthetic(30, seed=5)
    write("own.csv", "estate_id,households\nA,300\nB,200\n")
    status, out, _ = gongzhi("district", "check", "own.csv", "--map", "estate=estate_id")
    assert status == 0 and "2 estates" in out


def test_columns_of_a_table_may_be_named_in_the_scenarios_file(tmp_path) -> None:  # noqa: ANN001
    from experiments.cli.options import World

    table, world = tmp_path / "mine.csv", tmp_path / "mine.toml"
    table.write_text("code,homes\na,100\nb,300\n", encoding="utf-8")
    world.write_text('[run]\nweeks = 60\n[columns]\nestate = "code"\nhouseholds = "homes"\n', encoding="utf-8")
    assert World(scenario=world).to_scenario().run.weeks == 60
    district = World(district=table, scenario=world).ground
    assert district is not None
    assert sorted(district.households) == [100, 300]
    world.write_text("[columns]\nestate = 3\n", encoding="utf-8")
    with pytest.raises(sim.GongzhiError, match="in quotes"):
        _ = World(district=table, scenario=world).ground


def test_a_report_of_arms_of_ones_own_does_not_ask_the_studys_question(gongzhi, toy, tmp_path):
    assert gongzhi("compare", "own", "--quiet", "--assumptions=0", *SMALL)[0] == 0
    title = document(experiments.open(tmp_path / "results/compare"), {}).title.text()
    assert title.startswith("What changes under ") and "arrangement" not in title


def test_arms_are_named_as_pages_in_chinese_call_them(gongzhi):
    none, full, arrangement = (words.arm(name, "zh") for name in ("none", "full", "arrangement"))
    status, _, err = gongzhi("run", f"--strategy={arrangement}", *SMALL[:-2], "--quiet")
    assert status == 0, err
    status, _, err = gongzhi("compare", none, full, f"{full}; branches.reach=0.3", "fulll", "--lang=zh")
    assert status == 2 and "“fulll”" in err, "all before it are known"
    assert "arrangement less couriers" in err and full in err, "how else they are called"
