"""Disputes (M4): the ledger of cases, and the life of a case from filing to its end.

`disputes` is the life of a case, `settlement` what makes handling succeed, `frame` the ledger as a table.
"""

from sim.disputes.disputes import Disputes
from sim.disputes.settlement import settle_privately

__all__ = ["Disputes", "settle_privately"]
