"""Where on paper a sign changes: what the mean field says of the model's mechanisms, drawn on maps that vary them.

The hours of the mean estate's branch are those of its members less its reports (docs/model.md, M9); the sign of an
added judge flips at phi = 1 / (1 + s) (M10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import Scenario

Lookup = Callable[[str], Any]  # gives a parameter's value, or an array of the values that it has over a panel
HOUSEHOLDS: Final = 638.0  # of the mean estate, docs/model.md, section 1


@dataclass(frozen=True)
class AnalyticBoundary:
    """Where on paper a sign changes: the zero of a gap between two sides.

    ``signmap.j2`` knows by its name what is equal there.  `gap` is made of the values, or arrays of them, of the
    parameters that it `depends` on.  It is about the sign of `outcomes`, or of any.
    """

    name: str
    depends: tuple[str, ...]
    gap: Callable[[Lookup], Any] = field(compare=False)
    outcomes: tuple[str, ...] = ()

    def is_about(self, outcome: str) -> bool:
        return not self.outcomes or outcome in self.outcomes

    def over(self, fixed: Scenario, across: tuple[str, NDArray[Any]], up: tuple[str, NDArray[Any]]) -> NDArray[Any]:
        """Return the gap over a panel, shape (up, across), everything else being as in `fixed`."""
        wide, high = np.meshgrid(across[1], up[1])
        panel = {across[0]: wide, up[0]: high}
        gap = self.gap(lambda name: panel[name] if name in panel else fixed.get(name))
        return np.broadcast_to(np.asarray(gap, dtype=float), wide.shape)


def hours_left(value: Lookup) -> Any:
    """Return the weekly hours that the mean estate's own branch has left after its reports (M9), in expectation."""
    members = value("district.members_rate") * HOUSEHOLDS * value("branches.hours_per_member")
    reached = HOUSEHOLDS * value("district.in_service_rate") * value("branches.in_service") * value("branches.reach")
    active = value("branches.active_share")
    given = value("branches.secretary_hours") + members * active + reached * value("branches.in_service_hours") * active
    owed = value("branches.reporting_hours") + value("branches.targets") * value("branches.reporting_per_target")
    return given - owed


def judged_alike(value: Lookup) -> Any:
    """Return how far what the branch judges firms by is more visible than 1 / (1 + s), where it moves no effort."""
    return value("empowerment.visible_share") - 1.0 / (1.0 + value("firms.substitution"))


HOURS: Final = (
    "district.members_rate branches.secretary_hours branches.hours_per_member branches.active_share "
    "branches.reporting_hours branches.targets branches.reporting_per_target district.in_service_rate "
    "branches.reach branches.in_service_hours"
)
EFFORT: Final = ("effort_invisible", "effort_visible")

BOUNDARIES: Final = (
    AnalyticBoundary("hours_left", tuple(HOURS.split()), hours_left),
    AnalyticBoundary("judged_alike", ("empowerment.visible_share", "firms.substitution"), judged_alike, EFFORT),
)
"""Those of the model, which every map draws, a user's own too, where its panels vary what they depend on."""
