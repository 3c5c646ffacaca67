"""The week as a plan: what happens, in which order, and how long the computer takes for it.

Whether conflicts are counted before or after the branch has mediated is a claim about the world, and so the
order of a week must be there to be read and changed.  It is data: a list of named lines that can be printed,
timed, and extended at a chosen place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sim.errors import AgendaError, unknown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Agenda", "Line"]

_SHOWN = 8
"""Lines that the short form names; ``print(model.agenda)`` has all."""


@dataclass(slots=True, eq=False)
class Line:
    """One thing that happens in a week.

    Attributes
    ----------
    name
        By which other lines refer to it.
    function
        Called without arguments; what it returns is ignored.
    doc
        What it is in the world, in a few words.
    equation
        Where docs/model.md describes it, e.g. ``"M6"``.
    every, phase
        It happens in weeks `phase`, `phase + every`, `phase + 2 every`, ...
    calls, seconds
        How often it ran and how long it took together.
    """

    name: str
    function: Callable[[], Any]
    doc: str
    equation: str = ""
    every: int = 1
    phase: int = 0
    calls: int = 0
    seconds: float = 0.0


class Agenda:
    """The ordered lines of a week.

    Examples
    --------
    >>> week, log = Agenda(), []
    >>> week.add("serve", lambda: log.append("firms"), doc="firms serve", equation="M6")
    >>> week.add("voice", lambda: log.append("residents"), doc="residents speak", before="serve")
    >>> week.insert(Line("elect", lambda: log.append("election"), doc="committees are elected", every=52))
    >>> week.run(1)
    >>> log
    ['residents', 'firms']
    >>> week.names
    ['voice', 'serve', 'elect']
    """

    def __init__(self) -> None:
        self._lines: tuple[Line, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of all lines, in order."""
        return [line.name for line in self._lines]

    def add(
        self,
        name: str,
        function: Callable[[], Any],
        *,
        doc: str,
        equation: str = "",
        after: str | None = None,
        before: str | None = None,
    ) -> None:
        """Add what happens in every week, at the end, or right after or before another line.

        Parameters
        ----------
        name, function, doc, equation
            See `Line`.
        after, before
            Name of the neighbour; at most one of the two.

        Raises
        ------
        AgendaError
            When the name is taken or a neighbour is unknown.
        """
        self.insert(Line(name, function, doc, equation), after=after, before=before)

    def insert(self, line: Line, *, after: str | None = None, before: str | None = None) -> None:
        """Add a line, which need not happen in every week, at the end, or right after or before another one.

        Parameters
        ----------
        line
            What happens, and when.
        after, before
            Name of the neighbour; at most one of the two.

        Raises
        ------
        AgendaError
            When the name is taken, a neighbour is unknown, or `every` and `phase` make no sense.
        """
        if not isinstance(line, Line):
            raise AgendaError(f"{line!r} is no Line; add a function with agenda.add(name, function, doc=...)")
        name, every, phase = line.name, line.every, line.phase
        if not isinstance(name, str) or not name.strip():
            raise AgendaError(f'{name!r} cannot name a line of the agenda; give it a text, e.g. "festivals.hold"')
        if not isinstance(line.doc, str):
            raise AgendaError(f'line "{name}": doc = {line.doc!r} must say in words what happens')
        if not callable(line.function):
            raise AgendaError(
                f'line "{name}" was given {line.function!r}, which cannot be called; give the function itself, '
                "without brackets: celebrate and not celebrate()"
            )
        if name in self.names:
            raise AgendaError(f'the agenda has a line "{name}" already; remove it or choose another name')
        if after is not None and before is not None:
            raise AgendaError(f'line "{name}" can stand after "{after}" or before "{before}", not both')
        if every < 1 or not 0 <= phase < every:
            raise AgendaError(
                f'line "{name}": every = {every} must be at least 1, and phase = {phase} from 0 to every - 1'
            )
        place = len(self._lines)
        if after is not None:
            place = self._place(after) + 1
        elif before is not None:
            place = self._place(before)
        self._lines = (*self._lines[:place], line, *self._lines[place:])

    def remove(self, name: str) -> Line:
        """Take a line out and return it."""
        place = self._place(name)
        line = self._lines[place]
        self._lines = (*self._lines[:place], *self._lines[place + 1 :])
        return line

    def replace(self, name: str, function: Callable[[], Any]) -> None:
        """Let another function do what a line does, at the same place."""
        if not callable(function):
            raise AgendaError(f'line "{name}" was given {function!r}, which cannot be called; give the function itself')
        self._lines[self._place(name)].function = function

    def run(self, week: int) -> None:
        """Do everything that is due in a week, in order.

        A line that is added or taken out meanwhile counts from the next week on.
        """
        start = perf_counter()
        for line in self._lines:
            if line.every > 1 and week % line.every != line.phase:
                continue
            try:
                line.function()
            except Exception as error:
                error.add_note(f'This happened in week {week}, in the line "{line.name}" of the agenda.')
                raise
            end = perf_counter()
            line.calls += 1
            line.seconds += end - start
            start = end

    def forget_times(self) -> None:
        """Set calls and seconds of all lines to zero."""
        for line in self._lines:
            line.calls, line.seconds = 0, 0.0

    def rows(self) -> list[dict[str, Any]]:
        """List the lines with `order, name, equation, every, calls, ms_per_call, share, doc`."""
        total = sum(line.seconds for line in self._lines)
        return [
            {
                "order": order,
                "name": line.name,
                "equation": line.equation,
                "every": line.every,
                "calls": line.calls,
                "ms_per_call": 1000.0 * line.seconds / line.calls if line.calls else 0.0,
                "share": line.seconds / total if total else 0.0,
                "doc": line.doc,
            }
            for order, line in enumerate(self._lines, start=1)
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return `rows` as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def _place(self, name: str) -> int:
        names = self.names
        if name not in names:
            raise AgendaError(unknown("line of the agenda", name, names) if names else f"{name!r}: there are no lines.")
        return names.index(name)

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> Line:
        return self._lines[self._place(name)]

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, border=0, float_format="{:.3g}".format, justify="left"))

    def __str__(self) -> str:
        table = [("", "line", "equation", "weeks", "calls", "ms/call", "share", "what happens")]
        for row in self.rows():
            ran = row["calls"] > 0
            table.append(
                (
                    str(row["order"]),
                    row["name"],
                    row["equation"],
                    "every" if row["every"] == 1 else f"each {row['every']}th",
                    str(row["calls"]),
                    f"{row['ms_per_call']:.3f}" if ran else "-",
                    f"{row['share']:.1%}" if ran else "-",
                    row["doc"],
                )
            )
        widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
        right = (0, 4, 5, 6)
        return "\n".join(
            "  ".join(
                cell.rjust(width) if place in right else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in table
        )

    def __repr__(self) -> str:
        names = self.names if len(self) <= _SHOWN else [*self.names[:_SHOWN], "..."]
        return f"<Agenda of {len(self)} lines: {', '.join(names)}>"
