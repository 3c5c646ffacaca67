"""Which parameters reproduce a city without and with these policies?

By default the seven rates at which incidents begin, how they grow with an estate's size, how soon parties can be met
and how often owners try to found a committee are fitted to the targets of docs/model.md, section 6: no data fix them
otherwise, and the figures answer to them.  Nobody knows which policies the
cities of the data had, so that the same figures are compared with the model in two worlds: with every policy off, and
with the study's whole arrangement on.
"""

from __future__ import annotations

from typing import Any

from experiments.reporting.catalogue import N_

__all__ = ["PARAMETERS", "worlds"]

RATES = ("service", "facility", "parking", "noise", "charging", "fees", "committee")
PARAMETERS = dict.fromkeys((f"incidents.rate_{name}" for name in RATES), "declared") | dict.fromkeys(
    ("incidents.size_elasticity", "desks.meeting", "committees.founding"), "declared"
)
"""What is fitted, over the declared ranges: from half to twice the present rates."""


def worlds() -> dict[str, dict[str, Any]]:
    """Return the changes that make each world in which the targets are to be met.

    Examples
    --------
    >>> worlds()["arrangement on"]["supervision.enabled"], worlds()["policies off"]
    (True, {})
    """
    from sim import arrangement

    return {N_("policies off"): {}, N_("arrangement on"): arrangement.changes()}
