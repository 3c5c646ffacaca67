"""SIGTERM, as a queue or a container sends it, and a closed terminal: one line says what is kept, and it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.disaster_programs import until
from tests.support.repository import ROOT
from tests.support.toy_experiments import ended

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these signals are Unix's")
COMMAND = [sys.executable, "-m", "tests.support.toy_programs", "interrupted"]
SCRIPT = """
import sys; sys.path.insert(0, %r)
from tests.support import toy_model
if __name__ == "__main__":
    import sim
    from experiments import Execution, compare
    compare(toy_model.ARMS, replicates=20, store=sys.argv[1], scenario=sim.Scenario().replace(toy_model.SMALL),
            model=toy_model.slower, execution=Execution(workers=2, progress=False))
"""


def stopped(words: list[str], folder: Path, number: int, group: bool = False) -> tuple[int, str]:
    victim = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: [signal.signal(one, signal.SIG_DFL) for one in (signal.SIGTERM, signal.SIGHUP)],
    )
    until(lambda: ended(folder) >= 2 or victim.poll() is not None)
    (os.killpg if group else os.kill)(victim.pid, number)
    _, err = victim.communicate(timeout=1200)
    return victim.returncode, err


@pytest.mark.parametrize(
    ("number", "group"),
    [
        (signal.SIGTERM, False),
        pytest.param(signal.SIGTERM, True, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, False, marks=pytest.mark.slow),
    ],
    ids=["terminated", "whole group terminated", "terminal closed"],
)
def test_one_line_says_what_is_kept_and_how_to_go_on(number: int, group: bool, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    status, err = stopped([*COMMAND, str(folder), "--quiet"], folder, number, group)
    assert status == 128 + number, err
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    assert f"finished runs are kept in {folder}; the same command goes on from there" in lines[0]
    assert not list(folder.glob(".lock*")) and ended(folder) >= 2


@pytest.mark.slow
def test_a_script_of_the_users_own_ends_in_one_line_too(tmp_path: Path) -> None:
    script, folder = tmp_path / "mine.py", tmp_path / "a"
    script.write_text(SCRIPT % str(ROOT))
    status, err = stopped([sys.executable, str(script), str(folder)], folder, signal.SIGTERM)
    assert status == 143 and len(err.strip().splitlines()) == 1, err
    assert f"What was finished is kept in {folder}; the same call goes on from there." in err
    assert not list(folder.glob(".lock*"))


def test_the_signals_are_given_back(gongzhi: Any) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    assert gongzhi("--version")[0] == 0
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


def test_what_the_caller_ignores_stays_ignored() -> None:
    code = (
        "import signal; from experiments.cli.app import stoppable\n"
        "with stoppable(): print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert done.stdout.strip() == "True"
