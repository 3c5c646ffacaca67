"""The ledger of cases as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codes import CATEGORIES, CHANNELS, DESKS, ENDS

if TYPE_CHECKING:
    import pandas as pd

    from sim.ledger import Ledger

__all__ = ["case_table"]


def case_table(book: Ledger, estates: NDArray[np.str_], desk_kind: NDArray) -> pd.DataFrame:
    """Return all cases so far, one row each in order of filing, with names in place of numbers.

    Parameters
    ----------
    book
        The cases.
    estates
        Names of the estates.
    desk_kind
        Kind of each desk.
    """
    import pandas as pd

    frame = pd.DataFrame(book.arrays())
    frame["estate"] = np.asarray(estates, dtype=object)[frame["estate"]]
    for name, words in (("category", CATEGORIES), ("channel", CHANNELS), ("end", ENDS)):
        frame[name] = pd.Categorical.from_codes(frame[name], list(words))
    frame.insert(5, "handler", pd.Categorical.from_codes(desk_kind[frame["desk"]], list(DESKS)))
    return frame.drop(columns=["identity", "joined"])
