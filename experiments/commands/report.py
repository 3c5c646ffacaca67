"""``gongzhi report``: figures and report once more, from a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import options
from experiments.commands.compare import present

__all__ = ["report"]


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a comparison, finished or not.")],
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Make table, figures and report again from what a folder holds."""
    options.language(lang)
    from experiments.lab.comparison import reopened
    from sim.errors import StoreError

    result = reopened(folder)
    if not result.outcome.done:
        raise StoreError(f"No run in {folder} is finished yet.")
    result.write()
    return present(result, lang, quiet)
