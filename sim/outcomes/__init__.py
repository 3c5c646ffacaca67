"""What is measured every week, for the district and for each estate.

What residents feel, what they file, what the hotline hears, what handlers settle and what they report as resolved are
different series and are kept apart.  Conflicts, filings and unresolved cases stand side by side, because a policy may
move them in opposite directions: a new channel draws people out of toleration, and filings rise whether it helps or
not.

`definitions` is the registry of what is measured: what the mechanisms declare in their classes, and a row of
`outcome_definitions.csv` for all else.  `outcome_columns` says what of it is a column; `tally` counts events,
`inequality` tells for whom, `record` is the weekly record.

>>> import sim
>>> sim.outcomes.describe().loc["filed", "unit"]
'per 1,000 households and week'
"""

from sim.outcomes.definitions import DEFINITIONS, Better, Definition, define, definition, definitions_of, describe
from sim.outcomes.outcome_columns import COLUMNS, ESTATE_COLUMNS, EVENTS
from sim.outcomes.outcomes_parameters import OutcomesSection, RunSection
from sim.outcomes.record import Outcomes
from sim.outcomes.tally import Tally

__all__ = [
    "COLUMNS",
    "DEFINITIONS",
    "ESTATE_COLUMNS",
    "EVENTS",
    "Better",
    "Definition",
    "Outcomes",
    "OutcomesSection",
    "RunSection",
    "Tally",
    "define",
    "definition",
    "definitions_of",
    "describe",
]
