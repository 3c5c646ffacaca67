"""The figures that a district is judged by: in what unit each is, and on which scale it scatters about evenly.

`figures.csv` has those of what happens, in the order of tables.  Those of the ground are `patterns.GROUND`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final, NamedTuple, cast

from experiments.analyses.validation.evidence import Scale

__all__ = ["FIGURES", "Figure", "figure"]


class Figure(NamedTuple):
    """What a figure is measured in, and on which scale it scatters from run to run."""

    unit: str = ""
    scale: Scale = "plain"


def _read() -> dict[str, Figure]:
    with Path(__file__).with_name("figures.csv").open(encoding="utf-8", newline="") as file:
        return {row["figure"]: Figure(row["unit"], cast(Scale, row["scale"])) for row in csv.DictReader(file)}


FIGURES: Final = _read()


def figure(name: str) -> Figure:
    """Return what is known of a figure; one of the ground is a plain number.

    Examples
    --------
    >>> figure("reply"), figure("fee, log-sd")
    (Figure(unit='days', scale='log'), Figure(unit='', scale='plain'))
    """
    return FIGURES.get(name, Figure())
