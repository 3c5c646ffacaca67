"""The ledger of cases as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codes import CATEGORIES, CHANNELS, DESKS, ENDS

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import GovernanceModel

__all__ = ["case_table"]


def case_table(model: GovernanceModel) -> pd.DataFrame:
    """Return all cases so far, one row each in order of filing, with names in place of numbers."""
    import pandas as pd

    frame = pd.DataFrame(model.disputes.book.arrays())
    frame["estate"] = np.asarray(model.district.names, dtype=object)[frame["estate"]]
    for name, words in (("category", CATEGORIES), ("channel", CHANNELS), ("end", ENDS)):
        frame[name] = pd.Categorical.from_codes(frame[name], list(words))
    frame.insert(5, "handler", pd.Categorical.from_codes(model.desks.kind[frame["desk"]], list(DESKS)))
    return frame.drop(columns=["identity", "joined"])
