"""The order in which a draft is completed: each part given all that stands there already."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.district.columns import NO_FIRM
from sim.district.distributions import fill_marginals
from sim.district.draft import Draft
from sim.district.hierarchy import fill_hierarchy, inherit_streets
from sim.district.layout import fill_positions
from sim.district.people import fill_kind, fill_people, fill_strength
from sim.district.portfolios import fill_firms

__all__ = ["complete"]


def complete(draft: Draft) -> dict[str, Any]:
    """Fill every gap of a draft and put its rows in canonical order.

    Parameters
    ----------
    draft
        With at least the estates' names; it is changed.

    Returns
    -------
    dict
        The fields of `sim.District` by name, rows by (street, community, estate).
    """
    inherit_streets(draft)
    fill_positions(draft)
    fill_hierarchy(draft)
    fill_marginals(draft)
    fill_kind(draft)
    fill_firms(draft)
    fill_people(draft)
    fill_strength(draft)

    order = np.lexsort([draft["estate"], draft["community"], draft["street"]])
    row = {}
    for name, column in draft.values.items():
        # Adding zero turns -0.0 into 0.0: equal ground must have equal bytes.
        row[name] = column[order] if column.dtype.kind == "U" else column[order] + 0.0
    streets, street = np.unique(row["street"], return_inverse=True)
    # Communities are numbered as they come, street by street, so that each is one run of rows.
    _, first = np.unique(row["community"], return_index=True)
    first = np.sort(first)
    community = np.searchsorted(first, np.arange(draft.size), side="right") - 1
    served = row["firm"] != NO_FIRM
    firms = np.unique(row["firm"][served])
    whole = {name: np.rint(row[name]).astype(np.int64) for name in ("households", "adults", "buildings", "year")}
    return whole | {
        "names": row["estate"],
        "x": row["x"],
        "y": row["y"],
        "community": community,
        "street": street.astype(np.int64),
        "community_names": row["community"][first],
        "street_names": streets,
        "firm_names": firms,
        "street_of_community": street[first].astype(np.int64),
        "strength": row["strength"][first],
        "kind": row["kind"].astype(np.int8),
        "fee": row["fee"],
        "firm": np.where(served, np.searchsorted(firms, row["firm"]), -1).astype(np.int64),
        "committee": row["committee"] == 1.0,
        "spaces": row["spaces"],
        "cars": row["cars"],
        "density": row["density"],
        "owners": row["owners"],
        "members_known": np.nan_to_num(row["members"], nan=-1.0).astype(np.int64),
        "members_draw": row["members_draw"],
        "remarks": tuple(draft.notes),
    }
