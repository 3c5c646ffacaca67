"""Who bears the cost of a week, in hours and in yuan.

An hour that a branch, a volunteer or a report takes is an hour of somebody's week, and a subsidy is somebody's
money.  Components book what they take as they take it; the week's record adds it up by bearer.  What the purse
receives, such as fines, is booked as a negative cost of the purse.
"""

from __future__ import annotations

from math import inf
from typing import Final

from sim.core.attributes import Attributes
from sim.core.errors import ComponentError

__all__ = ["BEARERS", "PAYERS", "Costs"]

BEARERS: Final = (
    "residents",
    "members",
    "community",
    "street_district",
    "firms",
    "committees",
    "couriers",
    "enterprises",
    "purse",
)
"""Who may bear a cost: residents (volunteers, captains), members of branches, desks of communities, desks of streets
and district, firms, owners' committees, couriers, enterprises, and the public purse."""


PAYERS: Final = ("firms", "couriers", "enterprises", "purse")
"""Who of them bears costs in money."""


class Costs(Attributes):
    """The week's book of costs.

    Attributes
    ----------
    hours, yuan
        Booked this week, by (bearer, use).

    Examples
    --------
    >>> costs = Costs()
    >>> costs.book("firms", "fines", yuan=200.0)
    >>> costs.book("purse", "fines", yuan=-200.0)
    >>> costs.yuan_of("firms"), sum(costs.yuan.values())
    (200.0, 0.0)
    """

    def __init__(self) -> None:
        self.hours: dict[tuple[str, str], float] = {}
        self.yuan: dict[tuple[str, str], float] = {}

    def book(self, bearer: str, use: str, hours: float = 0.0, yuan: float = 0.0) -> None:
        """Add a cost to a bearer's account.

        Parameters
        ----------
        bearer
            One of `BEARERS`.
        use
            What it was for, in a word or two.
        hours
            How many, at least 0.
        yuan
            How much; negative where something is received.

        Raises
        ------
        ComponentError
            When there is no such bearer, or it bears no such costs.

        Examples
        --------
        >>> costs = Costs()
        >>> costs.book("firms", "fines", yuan=200.0)
        >>> costs.yuan
        {('firms', 'fines'): 200.0}
        """
        try:
            numbers = bool(0.0 <= hours < inf and -inf < yuan < inf)
        except (TypeError, ValueError):  # a text, or many at once
            numbers = False
        if not numbers:
            raise ComponentError(
                f'costs of "{use}": hours = {hours!r} must be a number of 0 or more, and yuan = {yuan!r} a number'
            )
        if bearer not in BEARERS or (hours and bearer == "purse") or (yuan and bearer not in PAYERS):
            whose = f"hours: {', '.join(BEARERS[:-1])}; yuan: {', '.join(PAYERS)}"
            raise ComponentError(f'"{bearer}" bears no such costs; {whose}')
        for account, amount in ((self.hours, hours), (self.yuan, yuan)):
            if amount:
                account[bearer, use] = account.get((bearer, use), 0.0) + float(amount)

    def hours_of(self, bearer: str) -> float:
        """Hours booked on a bearer this week.

        Examples
        --------
        >>> costs = Costs()
        >>> costs.book("members", "visits", hours=3.0)
        >>> costs.hours_of("members")
        3.0
        """
        return sum(amount for (who, _), amount in self.hours.items() if who == bearer)

    def yuan_of(self, bearer: str) -> float:
        """Yuan booked on a bearer this week.

        Examples
        --------
        >>> costs = Costs()
        >>> costs.book("firms", "fines", yuan=200.0)
        >>> costs.yuan_of("firms")
        200.0
        """
        return sum(amount for (who, _), amount in self.yuan.items() if who == bearer)

    def __repr__(self) -> str:
        hours = {bearer: self.hours_of(bearer) for bearer in BEARERS}
        yuan = {payer: self.yuan_of(payer) for payer in PAYERS}
        parts = [f"{who} {amount:,.0f} hours" for who, amount in hours.items() if amount]
        parts += [f"{who} {amount:,.0f} yuan" for who, amount in yuan.items() if amount]
        return f"<{type(self).__name__}: {', '.join(parts) or 'nothing is booked; a week that is recorded is cleared'}>"

    def clear(self) -> None:
        """Begin a new week.

        Examples
        --------
        >>> costs = Costs()
        >>> costs.book("firms", "fines", yuan=200.0)
        >>> costs.clear()
        >>> costs.yuan_of("firms")
        0
        """
        self.hours.clear()
        self.yuan.clear()
