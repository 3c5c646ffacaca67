"""Figures of a simulated district, to be set beside figures of data (docs/model.md, section 6).

The data count messages to an authority, so filings with an authority are measured, repeats included.  Fitting these
figures says nothing about policies: no open data link branches to disputes.  A new family of figures is a function of a
model and of the first week that counts, and a line in `FAMILIES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.validation.filings import YEAR, Filings, filing_figures, negative_binomial
from sim import GovernanceModel
from sim.core.codes import FAILED, NEIGHBOURLY, OPEN, SETTLED, TO_FIRM, TO_HOTLINE
from sim.district.statistics import STATISTICS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ADULT_SHARE",
    "FAMILIES",
    "GROUND",
    "YEAR",
    "Family",
    "Judged",
    "Measured",
    "campaign",
    "figures",
    "hotline_filings",
    "negative_binomial",
]

ADULT_SHARE: Final = 0.85
"""Adults among residents of Nanshan (census 2020: about 15 % are under 15)."""

HANDLED: Final = (SETTLED, FAILED)
"""Ends of a case at a desk."""

HALF_YEAR: Final = 26

LONG_ENOUGH: Final = 26
"""Weeks after which a case that is still open has not reached the table."""

BROKEN_BY: Final = 40
"""Weeks after which nearly all agreements that break have broken (of the mean of 8, all but half a per cent)."""

GROUND: Final = tuple(one for one in STATISTICS if one.target is not None and not one.grows)
"""What is measured of the ground: statistics of the generator that are no plain counts."""

Family = Callable[[GovernanceModel, int], dict[str, float]]
"""Figures of a model, measured from a week on."""


def hotline_filings(model: GovernanceModel, first: int) -> Filings:
    """What the hotline heard in the whole years from a week on."""
    years = (model.week - first) // YEAR
    book, district = model.disputes.book.arrays(), model.district
    heard = (book["filed"] >= first) & (book["filed"] < first + years * YEAR) & (book["channel"] == TO_HOTLINE)
    days = np.where(np.isin(book["end"], HANDLED), (book["ended"] - book["filed"]) * 7.0, np.nan)
    return Filings(
        district.households.astype(float),
        district.adults.astype(float),
        district.community,
        book["estate"][heard].astype(np.int64),
        book["category"][heard].astype(np.int64),
        np.floor(book["filed"][heard]).astype(np.int64) - first,
        days[heard],
        years,
    )


def hotline(model: GovernanceModel, first: int) -> dict[str, float]:
    """How filings with an authority grow with size, cluster, last, divide by kind, and wait for an answer."""
    return filing_figures(hotline_filings(model, first))


def voices(model: GovernanceModel, first: int) -> dict[str, float]:
    """How many filings reach an authority, what share of conflicts is borne, and what share goes to a third party."""
    years = (model.week - first) // YEAR
    book, residents = model.disputes.book.arrays(), model.district.adults.sum() / ADULT_SHARE
    counted = (book["filed"] >= first) & (book["filed"] < first + years * YEAR)
    reached = np.count_nonzero(counted & ((book["channel"] == TO_HOTLINE) | (book["sent_up"] > 0)))
    weeks = model.record.to_frame()
    late = weeks[weeks["week"] >= first]
    conflicts = float(late["conflicts_all"].sum()) or float("nan")
    return {
        "authority": float(reached / years / residents * 1000.0),
        "tolerated": float(late["tolerated"].sum()) / conflicts,
        "to a third party": float(late["filed"].sum()) / conflicts,
        "committees": len(model.committees) * 1034.0 / model.district.estates,
    }


def tables(model: GovernanceModel, first: int) -> dict[str, float]:
    """Of those who ask a third party between neighbours, how many reach the table; of these, how many settle."""
    book = model.disputes.book.arrays()
    third = model.desks.kind[book["desk"]] > 0
    handled = (book["filed"] >= first) & third & np.isin(book["end"], HANDLED)
    asked = (
        (book["filed"] >= first)
        & (book["filed"] < model.week - LONG_ENOUGH)
        & (book["parent"] < 0)
        & np.isin(book["category"], NEIGHBOURLY)
        & (book["channel"] != TO_FIRM)
    )
    sat = asked & np.isin(book["end"], HANDLED)
    settled, reached = _share(handled & (book["end"] == SETTLED), handled), _share(sat, asked)
    return {
        "settled at the table": settled,
        "reached the table": reached,
        "settled of those who asked": _share(sat & (book["end"] == SETTLED), asked),
    }


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    count = np.count_nonzero(whole)
    return np.count_nonzero(part) / count if count else float("nan")


def outcomes_of_cases(model: GovernanceModel, first: int) -> dict[str, float]:
    """How many agreements last, and how rare it is that somebody learns at first hand how a case ends."""
    book = model.disputes.book.arrays()
    agreed = (book["end"] == SETTLED) & (book["ended"] <= model.week - BROKEN_BY)
    closed = int(np.count_nonzero((book["end"] != OPEN) & (book["ended"] >= first)))
    weeks = model.week - first
    return {
        "agreements kept": float(1.0 - book["broken"][agreed].mean()) if agreed.any() else float("nan"),
        "own experience": float(model.district.adults.sum()) * weeks / YEAR / (closed or 1),
    }


def riders_and_members(model: GovernanceModel, first: int) -> dict[str, float]:
    """How long riders stay, and where party members belong."""
    arrival = model.couriers.arrival
    weeks = model.week - first
    come = float((arrival >= first).mean()) if arrival.size else float("nan")
    listed = float(model.enterprises.members.sum())
    at_home = float(model.district.members(model.scenario.district.members_rate).sum())
    return {
        "riders' turnover": 1.0 - (1.0 - come) ** (1.0 / weeks),
        "riders under a year": float((arrival >= model.week - YEAR).mean()) if arrival.size else float("nan"),
        "members in enterprises": listed / (listed + at_home) if listed + at_home else float("nan"),
    }


def ground(model: GovernanceModel, first: int) -> dict[str, float]:
    """What the generator aims at, after firms have been replaced: portfolios are those of the last week."""
    served = model.contracts.firm
    firm = np.full(served.size, -1, dtype=np.int64)
    # Numbered anew, since a firm that has lost its last contract is no firm of the district any more.
    firm[served >= 0] = np.unique(served[served >= 0], return_inverse=True)[1]
    now = replace(model.district, firm=firm)
    return {one.name: float(one.measure(now)) for one in GROUND}


def campaign(model: GovernanceModel, first: int) -> dict[str, float]:
    """What services and reports of riders change, beside the same riders without them from the same week on.

    Hazards and offences alike go with the number of those who ride without care.  The two futures have no incidents:
    riders' ways do not depend on them, and the weeks are much shorter.
    """
    base = model.scenario.replace({"incidents.enabled": False})
    careless = []
    for on in (False, True):
        future = model.fork(base.replace({"couriers.services": on, "couriers.reporting": on}))
        shares = []
        for weeks in (HALF_YEAR, YEAR - HALF_YEAR):
            future.run(weeks=weeks, progress=False)
            shares.append(1.0 - float(future.couriers.safe.mean()) if future.couriers.size else float("nan"))
        careless.append(shares)
    without, with_it = careless
    half, year = (b / a - 1.0 if a else float("nan") for a, b in zip(without, with_it, strict=True))
    return {"riders' hazards": half, "riders' offences": year}


FAMILIES: tuple[Family, ...] = (hotline, voices, tables, outcomes_of_cases, riders_and_members, ground)
"""All that is measured on a model that has been run."""


def figures(model: GovernanceModel, start: int | None = None) -> dict[str, float]:
    """Measure every figure on a model that has run, from week `start` on (the end of warm-up where not given).

    Raises
    ------
    ScenarioError
        No whole year has been measured.
    """
    from sim.core.errors import ScenarioError

    first = model.scenario.run.warmup if start is None else start
    if model.week - first < YEAR:
        raise ScenarioError(
            f"figures are of whole years: run.weeks is {model.week}, and at least {first + YEAR} is "
            f"needed ({YEAR} weeks after the warm-up)."
        )
    found: dict[str, float] = {}
    for family in FAMILIES:
        found |= family(model, first)
    return found


class Measured(GovernanceModel):
    """The model, of which nothing is kept but its figures: one row, in the last week."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """The figures of the weeks after the warm-up, with `week`, the last one that was run."""
        import pandas as pd

        return pd.DataFrame([{"week": self.week - 1, **figures(self)}])


class Judged(Measured):
    """The same, and what a campaign among riders would change from the last week on."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """The figures, and those of a campaign after the run."""
        return super().outcomes.assign(**campaign(self, self.scenario.run.warmup))
