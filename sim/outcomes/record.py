"""The weekly record."""

from __future__ import annotations

import inspect
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step, fixed, number
from sim.core.costs import BEARERS, PAYERS
from sim.outcomes.definitions import DEFINITIONS, Definition, definitions_of, measured_by
from sim.outcomes.inequality import BURDENS, FEELINGS, SPREAD, Spread
from sim.outcomes.outcome_columns import COLUMNS, ESTATE_COLUMNS, MEASURING
from sim.outcomes.tally import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["POLICY_HOURS", "Outcomes"]

POLICY_HOURS: Final = ("worked", "net", "offered")
"""Hours worked, hours worked less reporting, and hours offered, whether used or not."""

_GIVERS: Final = tuple(f"hours_{bearer}" for bearer in BEARERS if bearer != "purse")
_PAID: Final = tuple(f"yuan_{bearer}" for bearer in PAYERS)
_GIVEN: Final = ("hours", "reporting", "mediating", "serving", "dispatched")
_DERIVED: Final = (
    *EVENTS,
    *FEELINGS,
    *SPREAD,
    "dispute_rate",
    "conflicts_all",
    "standing_share",
    "alive_at_settlement",
    "unresolved_filed",
    "unresolved_filed_share",
    "self_settled_share",
    "resolution_true",
    "resolution_reported",
    "initiatives",
    "yuan_hours",
)
"""Columns that follow from the week's counts and feelings; they are worked out when somebody looks."""
_WEEKLY: Final = tuple(name for name in COLUMNS if name not in _DERIVED)
_OFF: Final = {component: {name: DEFINITIONS[name].off for name in measured_by(component)} for component in MEASURING}
"""What is recorded of each component where it is off."""
_in_order: Final = itemgetter(*_WEEKLY)
_NAMES: Final = {component: tuple(off) for component, off in _OFF.items()}
_NOTHING: Final = dict.fromkeys((*_GIVERS, *_PAID), 0.0)
_BURDENS: Final = fixed(np.array([EVENTS.index(event) for event in BURDENS]))
_AT_ONCE: Final = 26
"""Weeks whose spread is worked out together, so that a long run does not fill memory."""


class Outcomes(Component):
    """The weekly record.

    A week leaves raw numbers behind; what follows from them, such as rates, shares and the spread over estates, is
    worked out for all weeks at once in `to_frame`.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.run(weeks=2)
    >>> model.outcomes.shape[0], model.record
    (2, <Outcomes: 2 weeks, 169 columns; see model.outcomes>)
    """

    name = "record"
    section = "outcomes"
    steps = (Step("record", doc="the week is written down", stage="record", line="record"),)

    def prepare(self) -> None:
        self._thousand = self.model.district.households.sum() / 1000.0
        self._spread = Spread(self.model.district)
        self._adults = fixed(self.model.district.adults.astype(np.float64))

    def settle_in(self) -> None:
        self._rows: list[NDArray[np.float64]] = []
        self._counts: list[NDArray[np.int64]] = []
        self._means: list[NDArray[np.float64]] = []
        self._feelings: list[NDArray[np.float32]] = []
        self._burdens: list[NDArray[np.int32]] = []
        self._estates: list[NDArray[np.float32]] = []
        self._policy: list[NDArray[np.float64]] = []
        self._initiated = [self._initiatives()]
        self._own: dict[str, list[float]] = {}

    def _own_outcomes(self) -> dict[str, tuple[Outcome, Callable[[], float]]]:
        """Outcomes of a user by name: those of components, and functions of the model."""
        model = self.model
        own: dict[str, tuple[Outcome, Callable[[], float]]] = {
            outcome.name: (outcome, partial(outcome.value_of, getattr(model, kind.name)))
            for kind in model.scenario.components
            for outcome in kind.outcomes
        }
        for name, function in model.own_outcomes.items():
            meaning = (inspect.getdoc(function) or "").partition("\n")[0]
            own[name] = Outcome(name, meaning=meaning), partial(_of_model, name, function, model)
        return own

    @property
    def definitions(self) -> dict[str, Definition]:
        """Unit, label, better side and meaning of every column, those of a user included.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().record.definitions["filed"].unit
        'per 1,000 households and week'
        """
        own = [outcome for outcome, _ in self._own_outcomes().values()]
        return {name: DEFINITIONS[name] for name in COLUMNS} | definitions_of(own)

    def record(self) -> None:
        """Write down the week."""
        model = self.model
        tally, costs = model.tally, model.costs
        counts, feelings = tally.counts, np.concatenate([model.satisfaction.mean[None], model.trust.means()])
        self._counts.append(counts.sum(axis=1))
        self._burdens.append(counts.take(_BURDENS, axis=0).astype(np.int32))
        self._means.append(feelings @ self._adults)
        self._feelings.append(feelings.astype(np.float32))
        self._initiated.append(self._initiatives())
        self._policy.append(self._policy_hours())
        if self.parameters.record_estates:
            self._record_estates()
        values = self._stocks() | self._hours()
        for component in MEASURING:
            values |= self.measured(component)
        self._rows.append(np.fromiter(_in_order(values), np.float64, len(_WEEKLY)))
        if model.scenario.components or model.own_outcomes:
            for name, (_, measure) in self._own_outcomes().items():
                # What a fork has added is not known of the weeks before.
                column = self._own.setdefault(name, [np.nan] * (len(self._rows) - 1))
                try:
                    column.append(measure())
                except Exception as error:
                    error.add_note(f'It was measuring the outcome "{name}".')
                    raise
        tally.clear()
        costs.clear()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self._rows)} weeks, {len(COLUMNS)} columns; see model.outcomes>"

    def measured(self, component: str) -> dict[str, float]:
        """Return what a component measured this week, and what is so of one that is off.

        What its `measures` leaves out, or all of one without, is the attribute or method that the outcome names.

        Raises
        ------
        LookupError
            When it measured something else than its `outcomes` declare.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> list(model.record.measured("captains"))
        ['captains', 'captain_hours']
        """
        own = getattr(self.model, component)
        measures = getattr(own, "measures", None)
        found: dict[str, float] = measures() if measures else {}
        if tuple(found) == _NAMES[component]:
            return found
        off = _OFF[component]
        if measures and not found:
            return off
        plain = [outcome for outcome in own.outcomes if outcome.name not in found]
        if found.keys() - off.keys() or not all(hasattr(own, one.measure or one.name) for one in plain):
            measured = ", ".join(found) or "nothing"
            raise LookupError(f"{component} measures {measured}; its outcomes are {', '.join(off)}")
        return found | {outcome.name: outcome.value_of(own) for outcome in plain}

    def _policy_hours(self) -> NDArray[np.float64]:
        """Hours that policies newly took from people, shape (3, estates): worked, less reporting, offered.

        Those of branches; of volunteers, captains, couriers and people from enterprises who join the services; and of
        captains who call on people, residents and social organisations at the platform.
        """
        model = self.model
        others = model.services.joined + model.captains.calling + model.deliberation.new_hours()
        hours: NDArray[np.float64] = model.branches.hours_by_estate() + np.maximum(others, 0.0)
        return hours

    def _initiatives(self) -> int:
        """Founding meetings and motions against firms so far."""
        committees = self.model.committees
        return int(committees.attempts.sum() + committees.motions.sum())

    def _stocks(self) -> dict[str, float]:
        """What there is at the end of the week: open cases, replies, committees, firms, branches, hazards."""
        model = self.model
        disputes, contracts, branches = model.disputes, model.contracts, model.branches
        median, p90 = _quantiles(disputes.replies)
        here = contracts.present.astype(np.float64)
        some = max(float(here.sum()), 1.0)
        return {
            "open": (disputes.waiting.size + disputes.queue.size + disputes.attached.size) / self._thousand,
            "reply_median": median,
            "reply_p90": p90,
            "committees": np.count_nonzero(model.committees.working()),
            "attendance": model.committees.mean_attendance(),
            "fee_share": contracts.fee_share @ here / some,
            "effort_visible": contracts.visible @ here / some,
            "effort_invisible": contracts.invisible @ here / some,
            "branches": len(branches),
            "covered": branches.covered(),
            "reproduction": model.grievances.reproduction,
            "hazards": model.hazards.charging.sum() / here.size,
        }

    def _hours(self) -> dict[str, float]:
        """Where the week's hours and money went, and who bore them.

        A branch's hours are its members', or the community's where a secretary was sent.
        """
        model = self.model
        desks, branches, extra = model.desks, model.branches, model.authorities.extra
        given = {name: float(getattr(branches, name).sum()) if branches.any else 0.0 for name in _GIVEN}
        lent = 0.0 if extra is None else float(extra.sum())
        above = desks.above_estate
        at_desks, pooled = float(desks.hours[above].sum()), desks.tied is None
        authority = at_desks - lent if pooled else at_desks
        authority += sum(model.authorities.taken.values())
        at_desks = at_desks if pooled else at_desks + lent
        on_call = desks.on_call()
        borne = _NOTHING.copy()
        for unit, account in (("hours", model.costs.hours), ("yuan", model.costs.yuan)):
            for (bearer, _), amount in account.items():
                borne[f"{unit}_{bearer}"] += amount
        sent = min(given["dispatched"], given["hours"])
        borne["hours_members"] += given["hours"] - sent
        borne["hours_community"] += sent
        return borne | {
            "hours": given["hours"] + authority + lent,
            "reporting_hours": given["reporting"],
            "mediation_hours": given["mediating"],
            "mediation_worked": float(desks.spent[desks.block("branch")].sum()),
            "mediation_on_call": float(on_call[desks.block("branch")].sum()),
            "desk_use": float(desks.spent[above].sum()) / max(at_desks, 1e-9),
            "desks_on_call": float(on_call[above].sum()),
            "routine_hours": given["serving"],
            "dispatched_hours": given["dispatched"],
            "authority_hours": authority,
            "extra_hours": lent,
            "committee_hours": desks.hours[desks.block("committee")].sum(),
            "firm_hours": desks.hours[desks.block("firm")].sum(),
        }

    def _record_estates(self) -> None:
        tally, count = self.model.tally, self.model.district.estates
        old_enough = self.model.week >= self.parameters.standing_after
        standing = tally.of("standing") if old_enough else np.full(count, np.nan)
        cases = np.bincount(self.model.disputes.book.estate[self.model.disputes.open], minlength=count)
        self._estates.append(
            np.stack(
                [
                    tally.of("conflicts"),
                    tally.of("filed"),
                    tally.of("hotline"),
                    tally.of("settled"),
                    standing,
                    tally.unresolved_filed,
                    cases,
                    self.model.satisfaction.mean,
                ]
            ).astype(np.float32)
        )

    @property
    def rows(self) -> list[NDArray[np.float64]]:
        """What each week left behind, of which `to_frame` makes the table.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=2)
        >>> len(model.record.rows)
        2
        """
        return [np.concatenate(parts) for parts in zip(self._counts, self._means, self._rows, strict=False)]

    @property
    def policy_hours(self) -> NDArray[np.float64]:
        """Hours that policies newly took from people, shape (3, weeks so far, estates), rows as in `POLICY_HOURS`.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=2)
        >>> model.record.policy_hours.shape
        (3, 2, 12)
        """
        if not self._policy:
            return np.zeros((len(POLICY_HOURS), 0, self.model.district.estates))
        return np.array(self._policy).transpose(1, 0, 2)

    def to_frame(self) -> pd.DataFrame:
        """One row per week.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=2)
        >>> model.record.to_frame()["week"].tolist()
        [0, 1]
        """
        from sim.outcomes.outcome_table import OutcomeTable

        weeks = len(self._rows)
        weekly = np.array(self._rows, dtype=np.float64).reshape(weeks, len(_WEEKLY))
        columns = dict(zip(_WEEKLY, weekly.T, strict=True)) | self._worked_out(weeks)
        taken = sum(columns[name] for name in (*_GIVERS, "extra_hours"))
        columns["yuan_hours"] = self.parameters.price_of_hour * taken
        # One block of numbers: a table of 136 columns made one by one takes as long as living ten weeks.
        names = [*COLUMNS, *self._own_outcomes()]
        for name in names[len(COLUMNS) :]:  # the last is not measured yet where an outcome itself asks for the table
            own = self._own.get(name, [])
            columns[name] = np.array([*own, *[np.nan] * (weeks - len(own))])
        frame = OutcomeTable(np.column_stack([columns[name] for name in names]), columns=names)
        frame.insert(0, "week", np.arange(weeks))
        return frame

    def _worked_out(self, weeks: int) -> dict[str, NDArray[np.float64]]:
        """Work out the columns of `_DERIVED`, shape (weeks,) each."""
        counts = np.array(self._counts, dtype=np.float64).reshape(weeks, len(EVENTS))
        columns = dict(zip(EVENTS, (counts / self._thousand).T, strict=True))
        all_conflicts = counts[:, EVENTS.index("conflicts")] + counts[:, EVENTS.index("returns")]
        means = np.array(self._means).reshape(weeks, len(FEELINGS)) / self._adults.sum()
        columns |= dict(zip(FEELINGS, means.T, strict=True))
        ended = columns["settled"] + columns["failed"]
        reported = columns["settled"] + columns["premature"]
        columns |= {
            "dispute_rate": columns["conflicts"],
            "conflicts_all": all_conflicts / self._thousand,
            "standing": self._since_the_start(columns["standing"]),
            "standing_share": self._of_those_then(columns["standing"], columns["conflicts"]),
            "alive_at_settlement": _share(columns["settled_alive"], columns["settled"]),
            "unresolved_filed": columns["failed"] + columns["withdrawn"] + columns["broken"],
            "unresolved_filed_share": _share(columns["failed"] + columns["withdrawn"], ended + columns["withdrawn"]),
            "self_settled_share": _share(columns["self_settled"], columns["self_settled"] + columns["self_failed"]),
            "resolution_true": _share(columns["settled"], ended),
            "resolution_reported": _share(reported, ended),
            "initiatives": columns["self_settled"] + np.diff(self._initiated) / self._thousand,
        }
        parts = [
            self._spread.measures(
                np.array(self._burdens[first : first + _AT_ONCE]), np.array(self._feelings[first : first + _AT_ONCE])
            )
            for first in range(0, weeks, _AT_ONCE)
        ]
        spread = np.vstack(parts) if parts else np.zeros((0, len(SPREAD)))
        groups = dict(zip(SPREAD, spread.T, strict=True))
        groups |= {name: self._since_the_start(groups[name]) for name in groups if name.startswith("standing_")}
        return columns | groups

    def _since_the_start(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standing matters are not known before the first conflicts are old enough."""
        known = counts.copy()
        known[: self.parameters.standing_after] = np.nan
        return known

    def _of_those_then(self, standing: NDArray[np.float64], conflicts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Matters that stand, of those that began so many weeks before."""
        share, after = np.full(standing.size, np.nan), self.parameters.standing_after
        share[after:] = _share(standing[after:], conflicts[: max(conflicts.size - after, 0)])
        return share

    def estates_to_frame(self) -> pd.DataFrame:
        """One row per week and estate; empty unless ``outcomes.record_estates`` is on.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small({"outcomes.record_estates": True})
        >>> model.run(weeks=2)
        >>> len(model.record.estates_to_frame())
        24
        """
        import pandas as pd

        names = np.asarray(self.model.district.names, dtype=object)
        weeks = len(self._estates)
        data = np.array(self._estates).reshape(weeks, len(ESTATE_COLUMNS), names.size).transpose(0, 2, 1)
        first = len(self._rows) - weeks
        frame = pd.DataFrame(data.reshape(-1, len(ESTATE_COLUMNS)), columns=list(ESTATE_COLUMNS))
        frame.insert(0, "week", np.repeat(np.arange(first, first + weeks), names.size))
        frame.insert(1, "estate", np.tile(names, weeks))
        return frame


def _of_model(name: str, function: Callable[[Any], float], model: Any) -> float:
    return number(function(model), name)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """A share, nan where there is nothing of which it could be one."""
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0.0)


def _quantiles(days: NDArray[np.float64]) -> tuple[float, float]:
    if days.size == 0:
        return float("nan"), float("nan")
    ordered: list[float] = sorted(days.tolist())
    last = len(ordered) - 1
    middle, late = (
        ordered[int(at)] + (at - int(at)) * (ordered[min(int(at) + 1, last)] - ordered[int(at)])
        for at in (last * 0.5, last * 0.9)
    )
    return middle, late
