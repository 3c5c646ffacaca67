"""What is measured every week, for the district and for each estate.

What residents feel, what they file, what the hotline hears and what handlers settle are different series and
are kept apart.  Conflicts, filings and unresolved cases stand side by side, because a policy may move them in
opposite directions: a new channel draws people out of toleration, and filings rise whether it helps or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.costs import BEARERS
from sim.everyday import collective
from sim.institutions import deliberation, emergency, empowerment, supervision
from sim.institutions.deliberation import cross_appointment
from sim.parameter import Section, parameter, switch
from sim.room import Room
from sim.stakeholders import captains, couriers, enterprises, social, volunteers
from sim.terms import INSTITUTIONS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "ESTATE_COLUMNS", "Outcomes", "OutcomesSection", "RunSection", "Tally"]

EVENTS: Final = (
    "conflicts", "tolerated", "self_settled", "filed", "hotline", "to_authority", "settled", "failed",
    "withdrawn", "broken", "escalated", "mediated", "gathered", "premature")
"""What is counted, by estate and week."""

PAYERS: Final = ("firms", "couriers", "enterprises", "purse")
"""Who bears costs in money."""

ROOMS_MEASURED: Final[tuple[tuple[str, dict[str, tuple[str, str]]], ...]] = (
    ("collective", collective.MEASURES),
    ("empowerment", empowerment.MEASURES),
    ("supervision", supervision.MEASURES),
    ("couriers", couriers.MEASURES),
    ("enterprises", enterprises.MEASURES),
    ("deliberation", deliberation.MEASURES),
    ("cross_appointment", cross_appointment.MEASURES),
    ("captains", captains.MEASURES),
    ("social_organisations", social.MEASURES),
    ("volunteers", volunteers.MEASURES),
    ("emergency", emergency.MEASURES),
)
"""Rooms that measure something themselves: name in the model, and unit and meaning of each of its columns."""

_COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "conflicts": ("per 1,000 households and week", "residents who came into conflict (the dispute rate)"),
    "dispute_rate": ("per 1,000 households and week", "the same as conflicts"),
    "filed": ("per 1,000 households and week", "cases filed with a firm, committee, branch or the hotline"),
    "hotline": ("per 1,000 households and week", "cases filed with the hotline"),
    "to_authority": ("per 1,000 households and week", "cases that reached an authority: hotline and sent up"),
    "settled": ("per 1,000 households and week", "cases handled with an agreement"),
    "unresolved": ("per 1,000 households and week",
                   "cases ended without an agreement (failed, withdrawn), and agreements broken"),
    "failed": ("per 1,000 households and week", "cases handled without an agreement"),
    "withdrawn": ("per 1,000 households and week", "cases given up"),
    "broken": ("per 1,000 households and week", "agreements that broke"),
    "self_settled": ("per 1,000 households and week", "conflicts settled with the other side, no case filed"),
    "tolerated": ("per 1,000 households and week", "conflicts borne in silence"),
    "escalated": ("per 1,000 households and week", "cases sent up to the next desk"),
    "gathered": ("per 1,000 households and week", "conflicts in which people turned to collective action"),
    "premature": ("per 1,000 households and week", "cases reported as resolved that were not"),
    "mediated": ("per 1,000 households and week", "cases handled to the end by a third party"),
    "open": ("per 1,000 households", "cases open at the end of the week"),
    "reply_median": ("days", "from filing to the end of handling, median of the week's handled cases"),
    "reply_p90": ("days", "the same, 90 % quantile"),
    "resolution_true": ("share", "cases settled, of those that ended at a desk this week"),
    "resolution_reported": ("share", "cases reported as resolved, of the same"),
    "satisfaction": ("0 to 1", "mean satisfaction of residents"),
    "trust_firm": ("0 to 1", "mean trust of residents in their firm"),
    "trust_committee": ("0 to 1", "mean trust in owners' committees"),
    "trust_branch": ("0 to 1", "mean trust in branches"),
    "trust_authority": ("0 to 1", "mean trust in community, street and district"),
    "hours": ("hours per week", "hours of branches, authorities and extra hands, reporting included"),
    "reporting_hours": ("hours per week", "branches' hours that go to reporting and running stations"),
    "mediation_hours": ("hours per week", "branches' hours for mediation"),
    "routine_hours": ("hours per week", "branches' hours for routine services"),
    "dispatched_hours": ("hours per week", "hours that left community desks with dispatched secretaries"),
    "authority_hours": ("hours per week", "hours of community, street and district desks, after dispatch"),
    "extra_hours": ("hours per week", "hours that a control lent to community desks"),
    "committee_hours": ("hours per week", "hours of owners' committees"),
    "firm_hours": ("hours per week", "hours of firms' offices for cases"),
    "committees": ("committees", "owners' committees in office"),
    "attendance": ("share", "owners' attendance at the meetings of the past year, mean over estates"),
    "fee_share": ("share", "fees paid, mean over estates"),
    "effort_visible": ("0 to 1", "firms' visible effort, mean over estates"),
    "effort_invisible": ("0 to 1", "firms' invisible effort, mean over estates"),
    "branches": ("branches", "branches with people in them"),
    "covered": ("share", "estates that such a branch serves"),
    "reproduction": ("conflicts per conflict", "conflicts caused by talk for each conflict, past 26 weeks"),
    "hazards": ("of the usual", "stock of charging hazards, mean over estates"),
    **{f"hours_{bearer}": ("hours per week", f"hours that policies and services cost: {bearer.replace('_', ' and ')}")
       for bearer in BEARERS if bearer != "purse"},
    **{f"yuan_{bearer}": ("yuan per week", f"money that policies and services cost: {bearer.replace('_', ' and ')}")
       for bearer in PAYERS},
}

COLUMNS: Final[dict[str, tuple[str, str]]] = {
    **_COLUMNS, **{name: meaning for _, columns in ROOMS_MEASURED for name, meaning in columns.items()}}
"""Unit and meaning of every column of `model.outcomes`, beside `week`."""

TRUST: Final = tuple(f"trust_{name}" for name in INSTITUTIONS)
_GIVEN: Final = ("hours", "reporting", "mediating", "serving", "dispatched")

ESTATE_COLUMNS: Final = ("conflicts", "filed", "hotline", "settled", "unresolved", "open", "satisfaction")


class RunSection(Section):
    """How long a run is."""

    weeks: int = parameter(
        208, unit="weeks", low=2, high=4000, status="design", source="model.md, section 1",
        doc="length of a run, warm-up included")
    warmup: int = parameter(
        52, unit="weeks", low=1, high=2000, status="design", source="model.md, section 1",
        doc="weeks before the measured ones, in which nothing is changed")


class OutcomesSection(Section):
    """What is recorded."""

    record_estates: bool = switch("keep a table by week and estate", default=False)


class Tally:
    """Counts of the week's events in each estate; rows as in `EVENTS`.

    Events are noted as they come and counted when somebody looks.
    """

    def __init__(self, estates: int) -> None:
        self._counts = np.zeros((len(EVENTS), estates), dtype=np.int64)
        self._first = {name: row * estates for row, name in enumerate(EVENTS)}
        self._noted: list[NDArray[np.integer]] = []

    def count(self, event: str, estate: NDArray[np.integer]) -> None:
        """Count one event for each estate row given; rows may repeat."""
        if estate.size:
            self._noted.append(estate + self._first[event])

    def add(self, event: str, counts: ArrayLike) -> None:
        """Add a number of events to every estate, shape (estates,)."""
        self._counts[EVENTS.index(event)] += counts

    @property
    def counts(self) -> NDArray[np.int64]:
        """All counts so far, shape (events, estates)."""
        if self._noted:
            cells = np.bincount(np.concatenate(self._noted), minlength=self._counts.size)
            self._counts += cells.reshape(self._counts.shape)
            self._noted.clear()
        return self._counts

    def clear(self) -> None:
        """Begin a new week."""
        self._noted.clear()
        self._counts[:] = 0

    def of(self, event: str) -> NDArray[np.int64]:
        """This week's count of an event by estate, shape (estates,)."""
        return self.counts[EVENTS.index(event)]

    @property
    def unresolved(self) -> NDArray[np.int64]:
        """Cases that ended without an agreement, and agreements broken, by estate."""
        return self.of("failed") + self.of("withdrawn") + self.of("broken")


class Outcomes(Room):
    """The weekly record."""

    section = "outcomes"

    def prepare(self) -> None:
        self._thousand = self.model.district.households.sum() / 1000.0

    def settle_in(self) -> None:
        self._rows: list[NDArray[np.float64]] = []
        self._estates: list[NDArray[np.float32]] = []
        self._policy: list[NDArray[np.float64]] = []

    def record(self) -> None:
        """Write down the week."""
        model = self.model
        tally, desks, branches = model.tally, model.desks, model.branches
        counts = dict(zip(EVENTS, (tally.counts.sum(axis=1) / self._thousand).tolist(), strict=True))
        row = np.empty(len(COLUMNS))
        adults = model.district.adults
        people = adults.sum()
        open_cases = model.disputes.waiting.size + model.disputes.queue.size
        median, p90 = _quantiles(model.disputes.replies)
        extra = model.authorities.extra
        extra_hours = 0.0 if extra is None else float(extra.sum())
        authority = float(desks.hours[desks.block("community").start:].sum())
        if extra is not None and desks.tied is None:
            authority -= extra_hours
        authority += sum(model.authorities.taken.values())
        given = {name: float(getattr(branches, name).sum()) if branches.any else 0.0 for name in _GIVEN}
        here = model.contracts.present
        some = max(int(here.sum()), 1)
        values = {
            **counts,
            "dispute_rate": counts["conflicts"],
            "unresolved": counts["failed"] + counts["withdrawn"] + counts["broken"],
            "open": open_cases / self._thousand,
            "reply_median": median,
            "reply_p90": p90,
            "satisfaction": float(model.satisfaction.mean @ adults) / people,
            **dict(zip(TRUST, (model.trust.means() @ adults / people).tolist(), strict=True)),
            "hours": given["hours"] + authority + extra_hours,
            "reporting_hours": given["reporting"],
            "mediation_hours": given["mediating"],
            "routine_hours": given["serving"],
            "dispatched_hours": given["dispatched"],
            "authority_hours": authority,
            "extra_hours": extra_hours,
            "committee_hours": float(desks.hours[desks.block("committee")].sum()),
            "firm_hours": float(desks.hours[desks.block("firm")].sum()),
            "committees": float(np.count_nonzero(model.committees.working())),
            "attendance": model.committees.mean_attendance(),
            "fee_share": float(model.contracts.fee_share @ here) / some,
            "effort_visible": float(model.contracts.visible @ here) / some,
            "effort_invisible": float(model.contracts.invisible @ here) / some,
            "branches": float(len(branches)),
            "covered": branches.covered(),
            "reproduction": model.grievances.reproduction,
            "hazards": float(model.hazards.charging.mean()),
            **self._resolution(counts),
            **self._costs(given),
        }
        for room, _ in ROOMS_MEASURED:
            values |= getattr(model, room).measures()
        for k, name in enumerate(COLUMNS):
            row[k] = values[name]
        self._rows.append(row)
        self._policy.append(branches.hours_by_estate())
        if self.parameters.record_estates:
            self._record_estates()
        tally.clear()
        model.costs.clear()

    @staticmethod
    def _resolution(counts: dict[str, float]) -> dict[str, float]:
        """True and reported resolution, nan in a week without a case that ended at a desk."""
        ended = counts["settled"] + counts["failed"]
        true, reported = counts["settled"], counts["settled"] + counts["premature"]
        share = (true / ended, reported / ended) if ended else (float("nan"), float("nan"))
        return dict(zip(("resolution_true", "resolution_reported"), share, strict=True))

    def _costs(self, given: dict[str, float]) -> dict[str, float]:
        """Hours and yuan of the week by who bears them; a branch's hours are its members', or the community's."""
        costs = self.model.costs
        hours = {f"hours_{bearer}": costs.hours_of(bearer) for bearer in BEARERS if bearer != "purse"}
        sent = min(given["dispatched"], given["hours"])
        hours["hours_members"] += given["hours"] - sent
        hours["hours_community"] += sent
        return hours | {f"yuan_{bearer}": costs.yuan_of(bearer) for bearer in PAYERS}

    def _record_estates(self) -> None:
        tally, count = self.model.tally, self.model.district.estates
        cases = np.bincount(self.model.disputes.book.estate[self.model.disputes.open], minlength=count)
        self._estates.append(np.stack([
            tally.of("conflicts"), tally.of("filed"), tally.of("hotline"), tally.of("settled"),
            tally.unresolved, cases, self.model.satisfaction.mean]).astype(np.float32))

    @property
    def policy_hours(self) -> NDArray[np.float64]:
        """Hours that the policy newly took from people, shape (weeks so far, estates)."""
        return np.array(self._policy) if self._policy else np.zeros((0, self.model.district.estates))

    def to_frame(self) -> pd.DataFrame:
        """One row per week."""
        import pandas as pd

        data = np.array(self._rows).reshape(-1, len(COLUMNS))
        frame = pd.DataFrame(data, columns=list(COLUMNS))
        frame.insert(0, "week", np.arange(len(frame)))
        return frame

    def estates_to_frame(self) -> pd.DataFrame:
        """One row per week and estate; empty unless ``outcomes.record_estates`` is on."""
        import pandas as pd

        names = np.asarray(self.model.district.names, dtype=object)
        weeks = len(self._estates)
        data = np.array(self._estates).reshape(weeks, len(ESTATE_COLUMNS), names.size).transpose(0, 2, 1)
        first = self.model.week - weeks
        frame = pd.DataFrame(data.reshape(-1, len(ESTATE_COLUMNS)), columns=list(ESTATE_COLUMNS))
        frame.insert(0, "week", np.repeat(np.arange(first, first + weeks), names.size))
        frame.insert(1, "estate", np.tile(names, weeks))
        return frame


def _quantiles(days: NDArray[np.float64]) -> tuple[float, float]:
    if days.size == 0:
        return float("nan"), float("nan")
    ordered = np.sort(days)
    middle, late = (ordered.size - 1) * 0.5, (ordered.size - 1) * 0.9
    return tuple(
        float(ordered[int(at)] + (at - int(at)) * (ordered[min(int(at) + 1, ordered.size - 1)] - ordered[int(at)]))
        for at in (middle, late))  # type: ignore[return-value]
