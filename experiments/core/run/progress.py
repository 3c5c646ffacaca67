"""How far the experiment is: a bar on a terminal, ten lines in a log, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} runs, {elapsed} gone, {remaining} left"
LINE = "{n_fmt} of {total_fmt} runs, {elapsed} gone, about {remaining} left"
LINES = 10


@contextmanager
def progress(total: int, shown: bool = True, ended: int = 0, length: str = "") -> Iterator[Callable[[int], None]]:
    """Count the runs that have ended of a total that is to be done now; yields what takes how many they are.

    Parameters
    ----------
    ended
        Runs that ended earlier and are not done again.
    length
        About how long they take, in words; empty where that is not known.
    """
    if not shown or not total:
        yield lambda done: None
        return
    from tqdm import tqdm

    terminal, began, lines = sys.stderr.isatty(), time.monotonic(), 0
    if ended:
        print(f"{ended} runs are there already", file=sys.stderr, flush=True)
    if length or not terminal:
        print(f"{total} runs to do{length and f', {length}'}", file=sys.stderr, flush=True)
    bar = tqdm(total=total, bar_format=BAR, smoothing=0.05, dynamic_ncols=True, file=sys.stderr, disable=not terminal)

    def reach(done: int) -> None:
        nonlocal lines
        if terminal:
            bar.update(done - bar.n)
        elif done * LINES // total > lines:
            lines = done * LINES // total
            text = tqdm.format_meter(done, total, time.monotonic() - began, bar_format=LINE)
            print(text, file=sys.stderr, flush=True)

    with bar:
        yield reach
