"""Places: longitude and latitude in one of the systems used in China, laid on the plane of the model."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several
from sim.district.columns import Column
from sim.district.projection import MOST_DEGREES, Plane, in_china, widest
from sim.district.reading.datums import to_wgs84
from sim.district.reading.headings import plain
from sim.district.reading.sexagesimal import sexagesimal, two_angles
from sim.district.reading.sheets import Raw, filled, quoted
from sim.district.reading.totals import lines_of

__all__ = ["DATUM_WORDS", "DEGREE_COLUMNS", "Places", "lay", "split_pairs"]

DEGREE_COLUMNS: Final = {
    "longitude": Column("longitude", "number", N_("longitude in degrees"), (), -180, 180),
    "latitude": Column("latitude", "number", N_("latitude in degrees"), (), -180, 180),
}
DATUM_WORDS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_PAIR: Final = re.compile(r"^[\(\[]?\s*(-?\d+(?:\.\d+)?)\s*°?\s*[,;/ ]\s*(-?\d+(?:\.\d+)?)\s*°?\s*[\)\]]?$")


@dataclass
class Places:
    """Positions on a plane, where it lies, and what was noted or is wrong."""

    x: list[float]
    y: list[float]
    plane: Plane | None = None
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def split_pairs(cells: Sequence[Raw]) -> tuple[list[Raw], list[Raw]]:
    """Split cells that hold longitude and latitude; in China the larger one is the longitude.

    Examples
    --------
    >>> split_pairs(["113.93, 22.53", "22.53,113.93", "-"])
    (['113.93', '113.93', '-'], ['22.53', '22.53', '-'])
    """
    longitudes: list[Raw] = []
    latitudes: list[Raw] = []
    for cell in cells:
        match = _PAIR.match(plain(cell)) if filled(cell) else None
        angles = two_angles(str(cell)) if match is None and filled(cell) else None
        if match is None and angles is not None:
            first, second = angles
            exchanged = sexagesimal(second, "longitude"), sexagesimal(first, "latitude")
            if None not in exchanged and in_china(*map(float, exchanged)):  # type: ignore[arg-type]
                first, second = second, first
            longitudes.append(first)
            latitudes.append(second)
            continue
        if match is None:
            longitudes.append(cell)
            latitudes.append(cell)
            continue
        first, second = match.groups()
        if in_china(float(second), float(first)):
            first, second = second, first
        longitudes.append(first)
        latitudes.append(second)
    return longitudes, latitudes


def lay(
    degrees: Mapping[str, Sequence[float]], headings: Mapping[str, str], lines: Sequence[int], named: Sequence[str]
) -> Places:
    """Lay longitudes and latitudes on a plane.

    Parameters
    ----------
    degrees
        By column, NaN where unknown.
    headings
        As the file has them.
    lines
        In the file.
    named
        Systems that headings or the user name; none, one, or several that contradict.

    Returns
    -------
    Places
        With a plane only where the system is known: the distances in a district are the same in all of them.
    """
    points = list(zip(degrees["longitude"], degrees["latitude"], strict=True))
    places = Places([math.nan] * len(points), [math.nan] * len(points))
    known = [row for row, point in enumerate(points) if not any(map(math.isnan, point))]
    systems = sorted(set(named))
    if len(systems) > 1:
        places.problems.append(
            Sentence(
                "the headings of longitude and latitude name several systems, {systems}: say which one holds with "
                "--coordinates, e.g. --coordinates {first}.",
                systems=Several([DATUM_WORDS[one] for one in systems], N_(", ")),
                first=systems[0],
            )
        )
    abroad = [row for row in known if not in_china(*points[row])]
    if abroad:
        swapped = all(in_china(*reversed(points[row])) for row in abroad) and len(abroad) == len(known)
        how = (
            N_(
                'longitude and latitude are exchanged, as in {cell} ({lines}): map them, --map longitude="{latitude}" '
                '--map latitude="{longitude}".'
            )
            if swapped
            else N_("{cell} is no longitude and latitude of a place in China ({lines}).")
        )
        places.problems.append(
            Sentence(
                how,
                cell=quoted(", ".join(f"{degree:g}" for degree in points[abroad[0]])),
                lines=lines_of([lines[row] for row in abroad]),
                **(headings if swapped else {}),
            )
        )
    if places.problems or not known:
        return places
    datum = systems[0] if systems else ""
    moved = {row: to_wgs84(*points[row], datum) if datum else points[row] for row in known}
    if widest(list(moved.values())) >= MOST_DEGREES:
        far = max(known, key=lambda row: math.dist(moved[row], moved[known[len(known) // 2]]))
        places.problems.append(
            Sentence(
                "the estates lie more than {most:g} degrees apart, which no district does; look at {lines}.",
                most=MOST_DEGREES,
                lines=lines_of([lines[far]]),
            )
        )
        return places
    plane = Plane.of(list(moved.values()))
    for row, point in moved.items():
        places.x[row], places.y[row] = plane.kilometres(*point)
    if datum:
        places.plane = plane
        places.notes.append(
            Sentence(
                "Longitude and latitude of {count} of {all} estates were read as {datum} and turned into kilometres.",
                count=len(known),
                all=len(points),
                datum=DATUM_WORDS[datum],
            )
        )
    else:
        places.notes.append(
            Sentence(
                "Longitude and latitude of {count} of {all} estates were turned into kilometres; no heading names "
                "their "
                "system, so that distances are right and the place on a map is not known: --coordinates wgs84, gcj02 "
                "or "
                "bd09 names it.",
                count=len(known),
                all=len(points),
            )
        )
    return places
