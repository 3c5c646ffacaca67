"""Property service firms and their portfolios (M6)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column, derived
from sim.component import Stakeholders

__all__ = ["Firm", "Firms"]


class Firm(Agent):
    """A property service firm with a portfolio of estates.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.firms[0]
    <Firm 0, firm "F001": ...>
    """

    row_is = "firm"
    shown = ("portfolio", "households", "lost")
    news = column(np.float64, unit="replacements", doc="contracts lost, fading with the news")
    exposure = column(np.float64, unit="years", doc="contract-years served, fading with the news")
    lost = column(np.int32, unit="contracts", doc="contracts lost so far")


class Firms(Stakeholders):
    """All property firms of the district; `model.contracts` holds what they do in each estate."""

    agent: ClassVar[type[Agent]] = Firm
    section: ClassVar[str] = "firms"

    def places(self, model: Any) -> int:
        """The firms of the district."""
        return model.district.firms

    @derived(unit="estates")
    def portfolio(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Estates that the firm serves."""
        contracts = self.model.contracts
        return np.bincount(contracts.firm[contracts.present], minlength=self.size)[rows]

    @derived(unit="households")
    def households(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Households of these estates."""
        return self._sum(self.model.district.households)[rows].astype(np.int64)

    @derived(unit="hours per week")
    def hours(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Hours of the firm's offices for cases, all estates together."""
        desks = self.model.desks
        return self._sum(desks.hours[desks.block("firm")])[rows]

    def _sum(self, values: NDArray) -> NDArray[np.float64]:
        """Add up an estate's values over each firm's portfolio, shape (firms,)."""
        contracts = self.model.contracts
        held = contracts.present
        return np.bincount(contracts.firm[held], values[held], self.size)

    def lose(self, firm: NDArray[np.int64]) -> None:
        """Let firms note contracts that they have lost; a firm may lose several at once."""
        np.add.at(self.news, firm, 1.0)
        np.add.at(self.lost, firm, 1)
