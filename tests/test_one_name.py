"""`import gongzhi`: one flat namespace, filled when it is asked, and safe beside files of the same names as ours."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import experiments
import gongzhi
import sim
from tests.support.repository import ROOT


def run(folder: Path, code: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script that lies in a folder, with the project on the path as an installation has it.

    Python looks beside the script first, whatever the environment of the tests says of it.
    """
    script = folder / "mine.py"
    script.write_text(code, encoding="utf-8")
    return subprocess.run(
        [sys.executable, *options, str(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "", "MPLBACKEND": "Agg"},
    )


def test_gongzhi_has_every_public_name_of_both_packages_and_each_once() -> None:
    names = [*sim.__all__, *experiments.__all__]
    assert len(set(names)) == len(names) and sorted(names) == gongzhi.__all__
    for name in sim.__all__:
        assert getattr(gongzhi, name) is getattr(sim, name), name
    assert gongzhi.compare is experiments.compare and gongzhi.__version__ == sim.__version__
    assert gongzhi.sim is sim and gongzhi.experiments is experiments
    with pytest.raises(AttributeError, match="module 'gongzhi' has no attribute 'kompare'"):
        gongzhi.kompare  # noqa: B018


@pytest.mark.parametrize("module", [experiments, gongzhi, sim])
def test_a_namespace_that_fills_itself_lists_its_names(module: Any) -> None:
    assert set(module.__all__) <= set(dir(module))


def test_names_are_completed_in_a_prompt() -> None:
    import rlcompleter

    complete = rlcompleter.Completer({"gongzhi": gongzhi, "experiments": experiments})
    found = {text.rstrip("(") for text in complete.attr_matches("experiments.comp")}  # type: ignore[attr-defined]
    assert "experiments.compare" in found
    assert "gongzhi.Scenario" in {text.rstrip("(") for text in complete.attr_matches("gongzhi.Sce")}  # type: ignore[attr-defined]


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, "import sys, gongzhi; print({'sim', 'experiments', 'numpy', 'pandas'} & set(sys.modules))")
    assert done.stdout.strip() == "set()", done.stderr


SHADOWS = {
    "a file": ("sim.py",),
    "a folder": ("sim/notes.py",),
    "a package": ("experiments/__init__.py",),
    "both": ("sim.py", "experiments/__init__.py"),
}


@pytest.mark.parametrize("names", SHADOWS.values(), ids=SHADOWS)
def test_files_of_the_same_name_beside_the_script_do_no_harm(names: tuple[str, ...], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine = True\n")
    code = (
        "import gongzhi\n"
        "print(gongzhi.Scenario.__module__, gongzhi.compare.__module__)\n"
        "from gongzhi import District, Execution\n"
    )
    done = run(tmp_path, code)
    assert done.stdout.split() == ["sim.scenario", "experiments.analyses.compare.comparison"], done.stderr
    for name in set(names) - {"sim/notes.py"}:  # an ordinary folder comes after packages, and hides nothing
        assert str(tmp_path / name) in done.stderr and "has the name of Gongzhi's package" in done.stderr


@pytest.mark.slow
def test_the_workers_of_such_a_script_find_their_own_too(tmp_path: Path) -> None:
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "__init__.py").write_text("mine = True\n")
    code = (
        "import gongzhi\n"
        "if __name__ == '__main__':\n"
        "    small = gongzhi.Scenario().replace({'run.weeks': 6, 'run.warmup': 3, 'district.estates': 5})\n"
        "    made = gongzhi.compare(['none', 'full'], replicates=2, scenario=small, store='out',\n"
        "                           execution=gongzhi.Execution(workers=2, progress=False))\n"
        "    print(len(made.outcome.done), len(made.outcome.failed))\n"
    )
    done = run(tmp_path, code, "-W", "ignore")
    assert done.stdout.split() == ["4", "0"], done.stderr


def test_what_was_imported_before_is_named(tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("mine = True\n")
    done = run(tmp_path, "import sim\nimport gongzhi\n")
    assert f'ImportError: {tmp_path / "sim.py"} has the name of Gongzhi\'s package "sim"' in done.stderr
    assert "was imported first" in done.stderr


def test_the_laboratory_names_what_hides_the_model(tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("mine = True\n")
    done = run(tmp_path, "from experiments import compare\n")
    assert f"ImportError: {tmp_path / 'sim.py'} has the name" in done.stderr and "import gongzhi" in done.stderr


def test_the_command_is_found_beside_a_folder_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "__init__.py").write_text("mine = True\n")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "gongzhi", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": ""},
        timeout=1200,
    )
    assert done.stdout.startswith("gongzhi 0."), done.stderr


def test_the_wheel_holds_all_three_and_the_font(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=1200
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        held = set(wheel.namelist())
    fonts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sim" / "fonts").iterdir()}
    assert {"sim/__init__.py", "experiments/__init__.py", "gongzhi/__init__.py", "gongzhi/__main__.py", *fonts} <= held
    assert "experiments/analyses/validation/targets.csv" in held and not any(name.startswith("tests/") for name in held)


def test_what_is_a_command_in_the_terminal_is_named_in_python() -> None:
    from typer.main import get_command

    from experiments.cli import app as cli

    for name in get_command(cli.app).commands:  # type: ignore[attr-defined]
        if not hasattr(gongzhi, name):
            with pytest.raises(AttributeError, match=f"no attribute '{name}': "):
                getattr(gongzhi, name)


def test_only_what_is_public_is_completed() -> None:
    assert {name for name in dir(gongzhi) if not name.startswith("_")} == {*gongzhi.__all__, "sim", "experiments"}
