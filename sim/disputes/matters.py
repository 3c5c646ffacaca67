"""Matters (M2): a person's quarrel with one cause, from its first conflict to what became of it.

A person may come into conflict over the same broken lift again and again: after bearing it, after an agreement that
broke, after trying in vain.  The first of these is a *conflict*, the others are *returns* of one matter.  Some weeks
after its first conflict a matter *stands* if the person has no agreement over it that holds and its cause is not gone,
whichever way the person went: bearing it in silence leaves a matter standing as much as a lost case does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step
from sim.core.ledger import Ledger
from sim.core.operands import operand

__all__ = ["Matters"]

_NONE = operand(-1)


class Matters(Component):
    """All matters, and which of them stand.

    Attributes
    ----------
    book
        Ledger of matters, one row each, in order of their first conflict: person, incident, week in which the matter
        began, the same person's matter before it (-1 for none), and whether an agreement over it holds.
    """

    section = "outcomes"
    steps = (Step("look_back", doc="which conflicts of some weeks ago still stand", equation="M2", stage="record"),)

    def settle_in(self) -> None:
        self.book = Ledger(
            {"person": np.int32, "incident": np.int64, "began": np.int32, "before": np.int32, "agreed": np.bool_},
            indices=("person", "before"),
        )

    def enter(self, person: NDArray[np.int64], incident: NDArray[np.int64]) -> tuple[NDArray, NDArray[np.bool_]]:
        """Find the matter of each conflict, and open one where it is the person's first over this cause.

        Whoever is in conflict anew over a cause has no agreement over it any more.  Every matter knows the one before
        it, so that a person's matters form a chain that begins at the latest; all chains are walked together, as far
        back as their causes have been there.

        Parameters
        ----------
        person, incident
            Rows, each person at most once, shape (n,).

        Returns
        -------
        matter, first : shape (n,)
            Ledger rows, and whether the matter begins with this conflict.
        """
        matter, first = self._found(person, incident)
        new = first.nonzero()[0]
        if new.size:
            matter[new] = self._open(person[new], incident[new])
        self.book.agreed[matter] = False
        return matter, first

    def note(self, person: NDArray[np.int64], incident: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Open matters of people who are busy with another; what they have of these causes already stays as it is.

        Returns whether each is the person's first over this cause, shape (n,).
        """
        _, first = self._found(person, incident)
        if np.count_nonzero(first):
            self._open(person[first], incident[first])
        return first

    def _found(self, person: NDArray[np.int64], incident: NDArray[np.int64]) -> tuple[NDArray, NDArray[np.bool_]]:
        """Find the matter of each person over a cause, and whether there is none."""
        book = self.book
        matter = self.model.residents.matter[person].astype(np.int64)
        oldest = book.began[: book.size].searchsorted(self.model.incidents.book.began[incident])
        other = ((matter >= oldest) & (book.incident[matter] != incident)).nonzero()[0]
        while other.size:
            matter[other] = book.before[matter[other]]
            other = other[(matter[other] >= oldest[other]) & (book.incident[matter[other]] != incident[other])]
        return matter, matter < oldest

    def _open(self, person: NDArray[np.int64], incident: NDArray[np.int64]) -> NDArray[np.int64]:
        people = self.model.residents
        before = people.matter[person]
        matter = self.book.append(person.size, person=person, incident=incident, began=self.model.week, before=before)
        people.set_matter(person, matter)
        return matter

    def agree(self, matter: NDArray[np.int64]) -> None:
        """Note agreements; a matter of -1 is none."""
        self.book.agreed[matter[matter > _NONE]] = True

    def fall_apart(self, matter: NDArray[np.int64]) -> None:
        """Note that agreements no longer hold; a matter of -1 is none."""
        if matter.size == 0:
            return
        self.book.agreed[matter[matter > _NONE]] = False
        self.model.incidents.fall_apart(matter)

    def stands(self, matter: NDArray[np.int64] | slice) -> NDArray[np.bool_]:
        """Whether each of these stands: no agreement holds, the cause goes on, and the person still lives there."""
        model, book = self.model, self.book
        stays = model.residents.arrival[book.person[matter]] <= book.began[matter]
        return stays & ~book.agreed[matter] & model.incidents.under_way(book.incident[matter])

    def look_back(self) -> None:
        """Count, by estate, the matters that began so many weeks ago and stand."""
        book, model = self.book, self.model
        then = model.week - self.parameters.standing_after
        # Weeks of the column's own type: a search for others would copy all of it.
        first, last = book.began[: book.size].searchsorted(np.array([then, then + 1], dtype=np.int32))
        if first == last:
            return
        theirs = slice(first, last)
        model.tally.count("standing", model.residents.estate[book.person[theirs][self.stands(theirs)]])
