"""``gongzhi sensitivity least-known``: which assumptions move the headline most, as the list that comparisons use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli import options
from experiments.cli.present import present, stoppable

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["NAME", "QUESTION", "Size", "least_known"]

NAME = "least-known"
QUESTION = "Which assumptions move the effects of full coverage and of the whole arrangement most?"


@dataclass(frozen=True)
class Size:
    """How large the screening is, and where its list is to go besides."""

    quick: bool
    seed: int
    save: Path | None


def least_known(world: Scenario, asked: Size, runs: options.Runs, output: options.Output) -> int:
    """Screen everything that is assumed and write the list; return the exit status."""
    from experiments.analyses.assumptions.screening import Screen, ScreeningSpec
    from experiments.registry import perform

    small = Screen(first=48, second=48, passing=16, estates=20, weeks=40, warmup=16)
    target = None if asked.save is None else options.target(asked.save)
    spec = ScreeningSpec.asked_of(world, small if asked.quick else Screen(), {"seed": asked.seed})
    folder = Path("results/sensitivity-least-known" + ("-quick" if asked.quick else ""))
    running = output.running(folder, runs)
    result = stoppable(lambda: perform(spec, running), running)
    if target is not None:
        result.report(path=target)
    return present(result, output.lang, output.quiet)
