"""Counting what happens in a week, estate by estate."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["EVENTS", "Tally"]

EVENTS: Final = (
    "conflicts",
    "returns",
    "standing",
    "tolerated",
    "self_begun",
    "self_settled",
    "self_failed",
    "self_broken",
    "filed",
    "filed_firm",
    "filed_committee",
    "filed_branch",
    "filed_platform",
    "hotline",
    "to_authority",
    "settled",
    "settled_alive",
    "failed",
    "withdrawn",
    "broken",
    "escalated",
    "mediated",
    "gathered",
    "premature",
)
"""What is counted, by estate and week."""


class Tally:
    """Counts of the week's events in each estate; rows as in `EVENTS`.

    Events are noted as they come and counted when somebody looks.

    Examples
    --------
    >>> tally = Tally(estates=3)
    >>> tally.count("filed", np.array([2, 2, 0]))
    >>> tally.of("filed").tolist()
    [1, 0, 2]
    """

    def __init__(self, estates: int) -> None:
        self._counts = np.zeros((len(EVENTS), estates), dtype=np.int64)
        self._first = {name: row * estates for row, name in enumerate(EVENTS)}
        self._cells: dict[tuple[str, ...], NDArray[np.int64]] = {}
        self._noted: list[NDArray[np.integer]] = []

    def __repr__(self) -> str:
        events, estates = self._counts.shape
        return f"<{type(self).__name__} of {events} events in {estates:,} estates; a week that is recorded is cleared>"

    def count(self, event: str, estate: NDArray[np.integer]) -> None:
        """Count one event for each estate row given; rows may repeat.

        Examples
        --------
        >>> tally = Tally(estates=3)
        >>> tally.count("filed", np.array([2, 2, 0]))
        >>> tally.of("filed").tolist()
        [1, 0, 2]
        """
        if estate.size:
            self._noted.append(estate + self._first[event])

    def count_each(
        self,
        events: tuple[str, ...],
        which: NDArray[np.integer] | NDArray[np.bool_],
        estate: NDArray[np.integer],
    ) -> None:
        """Count one of several events for each estate row given: the one at the place `which` among them.

        Parameters
        ----------
        events
            Names, as in `EVENTS`.
        which
            Place among `events`, shape (n,); of two events, whether it is the second.
        estate
            Rows, which may repeat, shape (n,).

        Examples
        --------
        >>> tally = Tally(estates=3)
        >>> tally.count_each(("failed", "settled"), np.array([True, False]), np.array([1, 2]))
        >>> tally.of("failed").tolist(), tally.of("settled").tolist()
        ([0, 0, 1], [0, 1, 0])
        """
        if estate.size:
            if events not in self._cells:
                self._cells[events] = np.array([self._first[event] for event in events])
            self._noted.append(estate + self._cells[events].take(which))

    def add(self, event: str, counts: ArrayLike) -> None:
        """Add a number of events to every estate, shape (estates,).

        Examples
        --------
        >>> tally = Tally(estates=3)
        >>> tally.add("filed", [1, 0, 4])
        >>> tally.of("filed").tolist()
        [1, 0, 4]
        """
        self._counts[EVENTS.index(event)] += counts

    @property
    def counts(self) -> NDArray[np.int64]:
        """All counts so far, shape (events, estates).

        Examples
        --------
        >>> Tally(estates=3).counts.shape == (len(EVENTS), 3)
        True
        """
        if self._noted:
            cells = np.bincount(np.concatenate(self._noted), minlength=self._counts.size)
            self._counts += cells.reshape(self._counts.shape)
            self._noted.clear()
        return self._counts

    def clear(self) -> None:
        """Begin a new week.

        Examples
        --------
        >>> tally = Tally(estates=3)
        >>> tally.add("filed", [1, 0, 4])
        >>> tally.clear()
        >>> tally.of("filed").tolist()
        [0, 0, 0]
        """
        self._noted.clear()
        self._counts[:] = 0

    def of(self, event: str) -> NDArray[np.int64]:
        """This week's count of an event by estate, shape (estates,).

        Examples
        --------
        >>> tally = Tally(estates=3)
        >>> tally.add("filed", [1, 0, 4])
        >>> tally.of("filed").tolist()
        [1, 0, 4]
        """
        return self.counts[EVENTS.index(event)]

    @property
    def unresolved_filed(self) -> NDArray[np.int64]:
        """Cases that ended without an agreement, and agreements broken, by estate.

        Examples
        --------
        >>> tally = Tally(estates=3)
        >>> tally.add("failed", [1, 0, 4])
        >>> tally.add("withdrawn", [1, 1, 0])
        >>> tally.unresolved_filed.tolist()
        [2, 1, 4]
        """
        return self.of("failed") + self.of("withdrawn") + self.of("broken")
