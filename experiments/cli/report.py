"""``gongzhi report``: tables, figures and report once more, from a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from experiments.cli import options
from experiments.cli.options import argument
from experiments.cli.present import present


def report(
    folder: Annotated[
        Path,
        argument(
            "Folder of any command's results; of a comparison, a study, a sweep or an ablation also an unfinished one."
        ),
    ],
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
    brief: options.Brief = False,
) -> int:
    """Make tables, figures and report again from what a folder holds."""
    from experiments.registry import open as opened

    result = opened(folder)
    result.require_finished()
    result.write()
    return present(result, lang, quiet, brief)
