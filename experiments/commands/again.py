"""A command's report once more, from the runs that its folder holds: the command is read again, and runs nothing."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from experiments.commands import options

__all__ = ["again"]

OURS: Final = {"--lang": 1, "--out": 1, "--workers": 1, "--executor": 1, "--quiet": 0, "-q": 0, "--retry-failed": 0}
"""Options that say where, in what language and by whom; how many words follow each."""


def again(folder: Path, command: str, lang: str, quiet: bool) -> int:
    """Make the report of a folder again.

    Parameters
    ----------
    folder
        It may have been moved since.
    command
        That made it, as it was typed.
    lang, quiet
        Of the report.

    Raises
    ------
    StoreError
        When the command cannot be read any more; when runs are missing, by the command.
    """
    from typer.main import get_command

    from experiments import cli
    from sim.errors import StoreError

    words = [*_without(shlex.split(command)[1:]), "--lang", lang, "--out", str(folder), *(["--quiet"] if quiet else [])]
    with _typed(command), options.only_what_is_stored():
        try:
            status = get_command(cli.app).main(words, prog_name="gongzhi", standalone_mode=False)
        except Exception as error:
            if not hasattr(error, "format_message"):  # what Typer raises of a word that it does not know
                raise
            why = error.format_message().rstrip(".")
            text = f"{folder} was made by a command that cannot be read any more ({why}):\n  {command}"
            raise StoreError(text) from None
    if status:
        options.say(f"{folder} was made by this command, which tells more:\n  {command}")
    return int(status or 0)


def _without(words: Sequence[str]) -> list[str]:
    """Leave out what is `OURS`.

    Examples
    --------
    >>> _without(["budget", "9", "--lang=zh", "--out", "there", "-q", "--seed", "2"])
    ['budget', '9', '--seed', '2']
    """
    kept: list[str] = []
    left = 0
    for word in words:
        name = word.partition("=")[0]
        if left:
            left -= 1
        elif name in OURS:
            left = 0 if "=" in word else OURS[name]
        else:
            kept.append(word)
    return kept


@contextmanager
def _typed(command: str) -> Iterator[None]:
    """Let the folder go on saying which command made it."""
    before = sys.argv
    sys.argv = shlex.split(command)
    try:
        yield
    finally:
        sys.argv = before
