"""The log, Python's logger "gongzhi": warnings of what is unusual, and, at level INFO, what is being done.

In Python the first are `UserWarning`s, which a notebook shows; the command line writes both to standard error.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger("gongzhi")

NOT_THE_CALLER = (str(Path(logging.__file__).parent), str(Path(__file__).parents[1]))
"""Folders of code to which no warning is put down."""


class _Warnings(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        warnings.warn(record.getMessage(), skip_file_prefixes=NOT_THE_CALLER)


log.addHandler(_Warnings(logging.WARNING))


@contextmanager
def lines_on_stderr(level: str) -> Iterator[None]:
    """Write what is logged at a level and above to standard error, in the place of warnings."""
    handlers, before = log.handlers, log.level
    log.handlers = [logging.StreamHandler()]
    log.setLevel(level)
    try:
        yield
    finally:
        log.handlers = handlers
        log.setLevel(before)
