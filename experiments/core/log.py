"""The log, Python's logger "gongzhi": warnings of what is unusual, and, at level INFO, what is being done.

In Python the first are `UserWarning`s, which a notebook shows; the command line writes both to standard error.
"""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

log = logging.getLogger("gongzhi")

_LANG: ContextVar[str] = ContextVar("language of the screen", default="en")

NOT_THE_CALLER = (str(Path(logging.__file__).parent), str(Path(__file__).parents[1]))
"""Folders of code to which no warning is put down."""


class _Warnings(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        warnings.warn(record.getMessage(), skip_file_prefixes=NOT_THE_CALLER)


log.addHandler(_Warnings(logging.WARNING))


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return in_words(super().format(record))


def in_words(text: str) -> str:
    """Return a line in the language of the screen; its template is in the catalogue as those of errors are."""
    if (lang := _LANG.get()) == "en":
        return text
    # With it the whole model is read in, which a command's help has no need of.
    from sim.core.refusals import said

    return str(said(text, lang))


def announce(text: str) -> None:
    """Write a line to standard error: how far something is, which is no matter of the log."""
    print(in_words(text), file=sys.stderr, flush=True)


@contextmanager
def lines_on_stderr(level: str, lang: str = "en") -> Iterator[None]:
    """Write what is logged at a level and above to standard error, in the place of warnings, and in a language."""
    handlers, before, token = log.handlers, log.level, _LANG.set(lang)
    log.handlers = [logging.StreamHandler()]
    log.handlers[0].setFormatter(_Lines())
    log.setLevel(level)
    try:
        yield
    finally:
        _LANG.reset(token)
        log.handlers = handlers
        log.setLevel(before)
