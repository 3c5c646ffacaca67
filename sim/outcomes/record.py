"""The weekly record."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.costs import BEARERS, PAYERS
from sim.outcomes.columns import COLUMNS, ESTATE_COLUMNS, ROOMS_MEASURED
from sim.outcomes.spread import FEELINGS, SPREAD, Spread
from sim.outcomes.tally import EVENTS
from sim.room import Room, fixed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Outcomes"]

_GIVERS: Final = tuple(f"hours_{bearer}" for bearer in BEARERS if bearer != "purse")
_PAID: Final = tuple(f"yuan_{bearer}" for bearer in PAYERS)
_GIVEN: Final = ("hours", "reporting", "mediating", "serving", "dispatched")


_WEEKLY: Final = tuple(name for name in COLUMNS if name not in SPREAD)
"""Columns that are worked out every week; the spread over estates is, for all weeks at once, when somebody looks."""
_BURDENS: Final = [EVENTS.index(event) for event in ("conflicts", "failed", "withdrawn", "broken")]
_in_order: Final = itemgetter(*_WEEKLY)
_AT_ONCE: Final = 26
"""Weeks whose spread is worked out together, so that a long run does not fill memory."""


class Outcomes(Room):
    """The weekly record."""

    section = "outcomes"

    def prepare(self) -> None:
        self._thousand = self.model.district.households.sum() / 1000.0
        self._spread = Spread(self.model.district)
        self._adults = fixed(self.model.district.adults.astype(np.float64))
        self._people = self._adults.sum()

    def settle_in(self) -> None:
        self._rows: list[NDArray[np.float64]] = []
        self._feelings: list[NDArray[np.float32]] = []
        self._burdens: list[NDArray[np.int32]] = []
        self._estates: list[NDArray[np.float32]] = []
        self._policy: list[NDArray[np.float64]] = []
        self._begun = self._initiated()

    def record(self) -> None:
        """Write down the week."""
        model = self.model
        tally, desks, branches = model.tally, model.desks, model.branches
        counts = dict(zip(EVENTS, (tally.counts.sum(axis=1) / self._thousand).tolist(), strict=True))
        open_cases = model.disputes.waiting.size + model.disputes.queue.size
        median, p90 = _quantiles(model.disputes.replies)
        extra = model.authorities.extra
        extra_hours = 0.0 if extra is None else float(extra.sum())
        authority = float(desks.hours[desks.block("community").start:].sum())
        if extra is not None and desks.tied is None:
            authority -= extra_hours
        authority += sum(model.authorities.taken.values())
        feelings = np.vstack([model.satisfaction.mean, model.trust.means()])
        given = {name: float(getattr(branches, name).sum()) if branches.any else 0.0 for name in _GIVEN}
        here = model.contracts.present.astype(np.float64)
        some = max(float(here.sum()), 1.0)
        values = {
            **counts,
            "dispute_rate": counts["conflicts"],
            "unresolved": counts["failed"] + counts["withdrawn"] + counts["broken"],
            "open": open_cases / self._thousand,
            "reply_median": median,
            "reply_p90": p90,
            **dict(zip(FEELINGS, (feelings @ self._adults / self._people).tolist(), strict=True)),
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
            "hazards": float(model.hazards.charging.sum()) / self._adults.size,
            "initiatives": self._initiatives(counts),
            **self._resolution(counts),
            **self._costs(given),
        }
        for room, _ in ROOMS_MEASURED:
            values |= getattr(model, room).measures()
        self._rows.append(np.array(_in_order(values)))
        self._feelings.append(feelings.astype(np.float32))
        self._burdens.append(tally.counts[_BURDENS].astype(np.int32))
        self._policy.append(branches.hours_by_estate())
        if self.parameters.record_estates:
            self._record_estates()
        tally.clear()
        model.costs.clear()

    def _initiated(self) -> int:
        """Founding meetings and motions against firms so far."""
        committees = self.model.committees
        return int(committees.attempts.sum() + committees.motions.sum())

    def _initiatives(self, counts: dict[str, float]) -> float:
        """What residents did this week without being asked."""
        before, self._begun = self._begun, self._initiated()
        return counts["self_settled"] + (self._begun - before) / self._thousand

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
        hours = dict.fromkeys(_GIVERS, 0.0)
        for (bearer, _), amount in costs.hours.items():
            hours[f"hours_{bearer}"] += amount
        sent = min(given["dispatched"], given["hours"])
        hours["hours_members"] += given["hours"] - sent
        hours["hours_community"] += sent
        yuan = dict.fromkeys(_PAID, 0.0)
        for (bearer, _), amount in costs.yuan.items():
            yuan[f"yuan_{bearer}"] += amount
        return hours | yuan

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

        weeks = len(self._rows)
        parts = [
            self._spread.measures(_conflicts_and_unresolved(np.array(self._burdens[first: first + _AT_ONCE])),
                                  np.array(self._feelings[first: first + _AT_ONCE]))
            for first in range(0, weeks, _AT_ONCE)]
        spread = np.vstack(parts) if parts else np.zeros((0, len(SPREAD)))
        weekly = np.array(self._rows).reshape(-1, len(_WEEKLY))
        frame = pd.DataFrame(np.hstack([weekly, spread]), columns=[*_WEEKLY, *SPREAD])[list(COLUMNS)]
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


def _conflicts_and_unresolved(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    """Add up what makes a case unresolved: counts of `_BURDENS`, shape (weeks, 4, estates), to (weeks, 2, estates)."""
    return np.stack([counts[:, 0], counts[:, 1:].sum(axis=1, dtype=np.int32)], axis=1)


def _quantiles(days: NDArray[np.float64]) -> tuple[float, float]:
    if days.size == 0:
        return float("nan"), float("nan")
    ordered = np.sort(days)
    middle, late = (ordered.size - 1) * 0.5, (ordered.size - 1) * 0.9
    return tuple(
        float(ordered[int(at)] + (at - int(at)) * (ordered[min(int(at) + 1, ordered.size - 1)] - ordered[int(at)]))
        for at in (middle, late))  # type: ignore[return-value]
