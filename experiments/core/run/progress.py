"""How far the experiment is: a bar on a terminal, a line now and then in a log, or nothing."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager
from typing import Any, Self

__all__ = ["Progress"]


class Progress(AbstractContextManager["Progress"]):
    """Counts runs that have ended.

    Parameters
    ----------
    total
        Runs to be done now.
    shown
        False for silence.
    there
        Runs that ended earlier and are not done again.
    length
        About how long they take, in words; empty where that is not known.
    """

    STEPS = 10

    def __init__(self, total: int, shown: bool = True, there: int = 0, length: str = "") -> None:
        self.total, self.done, self.shown, self.there = total, 0, shown and total > 0, there
        self.length = f", {length}" if length else ""
        self.began = time.monotonic()
        self.said = 0
        self.bar: Any = None

    def __enter__(self) -> Self:
        if not self.shown:
            return self
        if self.there:
            self._say(f"{self.there} runs are there already")
        if self.length or not sys.stderr.isatty():
            self._say(f"{self.total} runs to do{self.length}")
        if sys.stderr.isatty():
            from tqdm import tqdm

            self.bar = tqdm(
                total=self.total,
                unit="run",
                smoothing=0.05,
                dynamic_ncols=True,
                file=sys.stderr,
                bar_format="{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} runs, {elapsed} gone, {remaining} left",
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def reach(self, done: int) -> None:
        """Show that so many runs have ended."""
        if not self.shown or done <= self.done:
            return
        self.done = done
        if self.bar is not None:
            self.bar.update(done - self.bar.n)
            return
        step = done * self.STEPS // self.total
        if step > self.said:
            self.said = step
            gone = time.monotonic() - self.began
            left = gone / done * (self.total - done)
            self._say(f"{done} of {self.total} runs, {clock(gone)} gone, about {clock(left)} left")

    @staticmethod
    def _say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """Write a length of time as minutes and seconds.

    Examples
    --------
    >>> clock(75.2), clock(4000)
    ('1:15', '1:06:40')
    """
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
