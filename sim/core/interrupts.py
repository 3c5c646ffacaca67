"""Interrupts that wait for the end of what must be whole.

Who stops a cell in a notebook, or types Ctrl-C, means "stop soon", not "stop between two lines of Python". A week
takes milliseconds: it is lived to its end and the interrupt comes then. A second interrupt does not wait.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

__all__ = ["HeldBack"]


class HeldBack:
    """Let an interrupt (SIGINT) wait until the end of a ``with`` block.

    It does nothing where Python's own handler does not stand, as in a program that handles interrupts itself, and in
    other threads than the main one, to which no signal comes.

    Examples
    --------
    >>> with HeldBack():
    ...     pass
    """

    __slots__ = ("came",)

    def __init__(self) -> None:
        self.came: bool | None = None

    def __enter__(self) -> None:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self.came = False
            signal.signal(signal.SIGINT, self._wait)

    def _wait(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            raise KeyboardInterrupt
        self.came = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.came is None:
            return
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if self.came and error is None:
            stopped = KeyboardInterrupt()
            stopped.add_note("The week was lived to its end before the interrupt: the model is whole and can go on.")
            raise stopped
