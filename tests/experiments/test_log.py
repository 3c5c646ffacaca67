"""What is unusual is said: a warning in Python, a line of the command; and what is being done, by the command alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.core.log import lines_on_stderr, log
from experiments.core.spec import Running


def test_in_python_it_is_a_warning_at_the_line_that_calls() -> None:
    with pytest.warns(UserWarning, match="A file is damaged.") as caught:
        log.warning("A file is damaged.")
    assert caught[0].filename == __file__


def test_a_damaged_folder_warns_in_python_and_is_a_line_of_the_command(
    toy_compare: Any, gongzhi: Any, toy: None, tmp_path: Path
) -> None:
    def damaged() -> str:
        path = min(folder.glob("runs/*.parquet"))
        path.write_bytes(b"")
        return f"The files of run {path.name.split('.')[0]} are damaged; it is run again."

    folder = tmp_path / "a"
    toy_compare(store=folder)
    text = damaged()
    with pytest.warns(UserWarning, match=text):
        toy_compare(store=folder)
    words = (
        "compare",
        "full",
        "--set=run.weeks=30",
        "--set=run.warmup=10",
        "--replicates=2",
        "--executor=serial",
        "--estates=12",
        "--out",
        folder.with_name("b"),
        "--quiet",
    )
    assert gongzhi(*words)[0] == 0
    folder = folder.with_name("b")
    text = damaged()
    assert gongzhi(*words)[::2] == (0, text + "\n")


def test_what_is_being_done_is_a_line_unless_it_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    Running().tell("Wave 1 of at most 3.")
    for level in ("INFO", "WARNING"):
        with lines_on_stderr(level):
            Running().tell(f"{level}: wave 1 of at most 3.")
    assert capsys.readouterr().err == "INFO: wave 1 of at most 3.\n"
