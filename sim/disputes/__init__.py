"""Disputes (M4): the ledger of cases, and the life of a case from filing to its end.

`cases` is the ledger, `bundles` how cases of one cause make one matter, `disputes` the week of what is open,
`settlement` what makes handling succeed, `private` settling without a third party, `frontline` mediation before anybody
files, and branches that speak for residents and coordinate; `case_table` is the ledger as a table, `case_history` what
happened to each case, and `story` one case in sentences.
"""

from sim.disputes.case_table import CASE_COLUMNS
from sim.disputes.disputes import Disputes
from sim.disputes.frontline import Frontline
from sim.disputes.private import PrivateSettlements

__all__ = ["CASE_COLUMNS", "Disputes", "Frontline", "PrivateSettlements"]
