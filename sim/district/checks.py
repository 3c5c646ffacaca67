"""What must agree between the cells of a table: inside a row, and between the rows of a community."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence
from sim.district.columns import Cell

__all__ = ["Findings", "check_rows"]


@dataclass
class Findings:
    """A table's cells as read, and what is wrong with them.

    Parameters
    ----------
    values
        Cells by column name, each of length E.
    header
        What the file calls these columns.
    lines
        Line of each row in the file.
    problems
        What was found so far, by line.
    adults_per_household
        With which adults are filled who are not told.
    """

    values: Mapping[str, Sequence[Cell]]
    header: Mapping[str, str]
    lines: Sequence[int]
    problems: dict[int, list[str]]
    adults_per_household: float

    def say(self, row: int, text: str) -> None:
        """Take down a finding about a row."""
        self.problems.setdefault(self.lines[row], []).append(text)

    def numbers(self, name: str) -> list[float]:
        """Return a column of numbers, NaN throughout where the table does not have it."""
        return [float(value) for value in self.values.get(name, [math.nan] * len(self.lines))]


def check_rows(table: Findings) -> None:
    """Find cells that are allowed by themselves and contradict others.

    Parameters
    ----------
    table
        To which findings are added.
    """
    _once(table)
    _both_or_none(table)
    _not_above(table)
    _one_for_all(
        table,
        "street",
        N_('{column} = "{community}" lies in street {value} here and {known} in line {line}; one for a community'),
    )
    _one_for_all(
        table,
        "strength",
        N_('{column} = "{community}" has strength {value} here and {known} in line {line}; one for a community'),
    )


def _once(table: Findings) -> None:
    seen: dict[Cell, int] = {}
    for row, name in enumerate(table.values["estate"]):
        if name == "":
            continue
        if name in seen:
            table.say(
                row,
                Sentence(
                    '{column} = "{name}" stands already in line {line}; every estate once',
                    column=table.header["estate"],
                    name=name,
                    line=seen[name],
                ),
            )
        seen.setdefault(name, table.lines[row])


def _both_or_none(table: Findings) -> None:
    for row, (x, y) in enumerate(zip(table.numbers("x"), table.numbers("y"), strict=True)):
        if math.isnan(x) != math.isnan(y):
            given, lacking = ("y", "x") if math.isnan(x) else ("x", "y")
            table.say(
                row,
                Sentence(
                    "{column} is given without {lacking}; a position needs both, or neither",
                    column=table.header[given],
                    lacking=lacking,
                ),
            )


def _not_above(table: Findings) -> None:
    columns = (table.numbers(name) for name in ("households", "buildings", "adults", "members"))
    for row, (households, buildings, adults, members) in enumerate(zip(*columns, strict=True)):
        if buildings > households:
            table.say(
                row,
                Sentence(
                    "{column} = {value:.0f} must not be more than {other} = {most:.0f}",
                    column=table.header["buildings"],
                    value=buildings,
                    other=table.header["households"],
                    most=households,
                ),
            )
        if math.isnan(adults) and not math.isnan(households):
            adults = max(round(households * table.adults_per_household), 1)
        if members > adults:
            table.say(
                row,
                Sentence(
                    "{column} = {value:.0f} must not be more than the adults, {most:.0f}",
                    column=table.header["members"],
                    value=members,
                    most=adults,
                ),
            )


def _one_for_all(table: Findings, name: str, message: str) -> None:
    if name not in table.values or "community" not in table.values:
        return
    first: dict[Cell, tuple[Cell, int]] = {}
    for row, (community, value) in enumerate(zip(table.values["community"], table.values[name], strict=True)):
        if community == "" or value == "" or value != value:
            continue
        known, line = first.setdefault(community, (value, table.lines[row]))
        if value != known:
            table.say(
                row,
                Sentence(
                    message,
                    column=table.header["community"],
                    community=community,
                    value=value,
                    known=known,
                    line=line,
                ),
            )
