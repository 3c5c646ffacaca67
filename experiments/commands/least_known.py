"""``gongzhi sensitivity least-known``: which assumptions move the headline most, as the list that comparisons use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.commands import options

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["NAME", "QUESTION", "least_known"]

NAME = "least-known"
QUESTION = "Which assumptions move the effects of full coverage and of the whole arrangement most?"


def least_known(
    world: Scenario, folder: Path, save: Path | None, quick: bool, seed: int, workers: int | None, executor: str,
    quiet: bool,
) -> int:
    """Screen everything that is assumed and write the list; return the exit status."""
    from experiments.lab.assumptions.least_known import USED
    from experiments.lab.assumptions.screening import Screen, screen
    from experiments.lab.store.files import replace_file

    size = Screen(first=48, second=48, passing=16, estates=20, weeks=40, warmup=16) if quick else Screen()
    target = None if save is None else options.target(save)
    try:
        known = screen(
            world, folder, size, seed=seed, command=options.typed(), say=None if quiet else print,
            execution=options.execution(workers, executor, quiet))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    if target is not None:
        replace_file(target, known.to_toml().encode())
    if not quiet:
        wide = max(len(one.name) for one in known.assumptions[:USED])
        print(f"{'parameter':{wide}}  pull   p")
        for one in known.assumptions[:USED]:
            print(f"{one.name:{wide}}  {100 * one.pull:4.1f} %  {one.p:.2g}")
        print(f"{known.made['clear']} of {known.made['screened']} can be told from chance; the first {USED} are what "
              f"`gongzhi compare` varies. The list, and the reasons for what was left out, are in {folder}.")
    return 0
