"""What a district's table amounts to: totals, what was given, and what had to be filled, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several
from sim.district.columns import ColumnName
from sim.district.reading import Reading

if TYPE_CHECKING:
    from sim.district.district import District

__all__ = ["checked", "counts", "described", "exported", "made_up", "marked", "to_fill_in", "totals"]

_SUMMED: Final = ("households", "adults", "buildings", "spaces", "cars")
_COUNTED: Final = (
    (N_("{count} estate"), N_("{count} estates")),
    (N_("{count} community"), N_("{count} communities")),
    (N_("{count} street"), N_("{count} streets")),
    (N_("{count} firm"), N_("{count} firms")),
    (N_("{count} committee"), N_("{count} committees")),
)


def counts(district: District) -> list[Sentence]:
    """Count estates, communities, streets, firms and committees."""
    numbers: Sequence[int] = (
        district.estates,
        district.communities,
        district.streets,
        district.firms,
        int(district.committee.sum()),
    )
    return [
        Sentence(one if number == 1 else many, count=f"{number:,}")
        for number, (one, many) in zip(numbers, _COUNTED, strict=True)
    ]


def described(district: District) -> Sentence:
    """Say in one clause what a district is."""
    estates, communities, streets, firms, committees = counts(district)
    return Sentence(
        "District of {estates} in {communities} and {streets}, {firms}, {committees}",
        estates=estates,
        communities=communities,
        streets=streets,
        firms=firms,
        committees=committees,
    )


def to_fill_in(path: Path) -> Sentence:
    """Say of an empty table what comes next.

    Examples
    --------
    >>> to_fill_in(Path("mine.csv"))
    'mine.csv: an empty table. Give each estate a row, then run gongzhi district check mine.csv.'
    """
    return Sentence(
        "{path}: an empty table. Give each estate a row, then run gongzhi district check {path}.", path=path
    )


def made_up(path: Path, district: District) -> Sentence:
    """Say what the table of a synthetic district holds."""
    return Sentence("{path}: {district}.", path=path, district=described(district))


def marked(path: Path) -> Sentence:
    """Say where the marked copy of a table is."""
    return Sentence("{path}: a copy of the table, in which what was filled is marked.", path=path)


def exported(path: Path, estates: int) -> Sentence:
    """Say how many estates a file of points holds."""
    one, many = N_("{path}: {count} estate as a point."), N_("{path}: {count} estates as points.")
    return Sentence(one if estates == 1 else many, path=path, count=f"{estates:,}")


def totals(district: District, reading: Reading) -> list[Sentence]:
    """Add up what can be added up, and say of how many estates it was given.

    Examples
    --------
    >>> import pandas as pd
    >>> from sim.district import District
    >>> from sim.district.reading import read_table
    >>> reading = read_table(pd.DataFrame({"estate": ["A", "B"], "households": [100, 20]}))
    >>> print(totals(District.of_reading(reading), reading)[0])
    households: 120 in all, given for 2 of 2 estates
    """
    lines = []
    for name in _SUMMED:
        given = reading.gaps(name).count(False)
        total = float(np.sum(getattr(district, name)))
        lines.append(
            Sentence(
                "{column}: {total} in all, given for {given} of {all} estates",
                column=ColumnName(name),
                total=f"{total:,.0f}",
                given=given,
                all=district.estates,
            )
        )
    known = district.members_known >= 0
    members = ColumnName("members")
    if known.any():
        lines.append(
            Sentence(
                "{column}: {total} in the {given} of {all} estates for which they are given",
                column=members,
                total=f"{int(district.members_known[known].sum()):,}",
                given=int(known.sum()),
                all=district.estates,
            )
        )
    else:
        lines.append(
            Sentence(
                "{column}: not given; taken instead: a number drawn for each estate from its households, "
                "district.members_rate to a household",
                column=members,
            )
        )
    filled = ("x", "community", "street", "kind", "year", "fee", "firm", "committee", "owners")
    gaps = {name: reading.gaps(name).count(True) for name in filled}
    whole = [ColumnName(name) for name, count in gaps.items() if count == district.estates]
    if whole:
        lines.append(
            Sentence(
                "Not in the table at all, and made up for every estate: {columns}", columns=Several(whole, N_(", "))
            )
        )
    return lines


def checked(district: District, reading: Reading, file: Path) -> list[str]:
    """Say all of a table that can be used: totals, how it was read, and what was filled."""
    filled = district.notes[len(reading.notes) :]
    lines: list[str] = [
        Sentence("{file} can be used: {district}.", file=file, district=described(district)),
        Sentence("Totals:"),
        *(Sentence("  {line}", line=line) for line in totals(district, reading)),
        Sentence("How it was read:"),
        *(Sentence("  {line}", line=note) for note in reading.notes),
    ]
    if filled:
        lines += [
            Sentence("What was not in the table and had to be filled:"),
            *(Sentence("  {line}", line=note) for note in filled),
        ]
    return lines
