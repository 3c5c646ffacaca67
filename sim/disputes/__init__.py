"""Disputes (M4): the ledger of cases, and the life of a case from filing to its end.

`disputes` is the life of a case, `settlement` what makes handling succeed, `private` settling without a third party,
`frame` the ledger as a table.
"""

from sim.disputes.disputes import Disputes
from sim.disputes.private import PrivateSettlements

__all__ = ["Disputes", "PrivateSettlements"]
