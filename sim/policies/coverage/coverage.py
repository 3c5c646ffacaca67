"""The policy in time: when it starts, its steps, and the hours that a control replays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step, fixed
from sim.core.errors import StrategyError
from sim.policies.coverage.assignment import REPLAYS, Plan, parse, plan
from sim.policies.coverage.strategies import State
from sim.stakeholders.in_service import hours_each

__all__ = ["Coverage"]


class Coverage(Component):
    """Carries out the scenario's coverage strategy.

    Attributes
    ----------
    plan
        The latest plan that founded branches, None before.
    """

    section = "coverage"
    steps = (Step("assign", doc="the policy founds branches, if this is the week", equation="M9", stage="policy"),)

    def prepare(self) -> None:
        p, model = self.parameters, self.model
        self._control, self._base = parse(p.strategy)
        self._start = model.policy_week
        self._refuse_late_change(p.strategy)
        steps = p.waves if self._base == "phased" else 1
        self._weeks = {self._start + wave * p.wave_weeks: wave for wave in range(steps)}
        self._idle = not p.enabled or self._base == "none"
        self._matched = self._control in REPLAYS
        if self._matched and model.replay is None and p.enabled:
            raise StrategyError(
                f"{p.strategy} replays the hours that {self._base} took in the same replicate, so it runs beside it: "
                f'gongzhi compare none {self._base} {p.strategy}, or experiments.compare(["none", "{self._base}", '
                f'"{p.strategy}"])'
            )

        self._replayed: NDArray[np.float64] | None = None
        if self._matched and p.enabled:
            self._check_replay()

    def _refuse_late_change(self, name: str) -> None:
        """A fork after the policy's start can neither dissolve its branches nor begin another in time."""
        before = vars(self).get("_strategy", name)
        if before != name and self.model.week > self._start:
            raise StrategyError(
                f"a fork in week {self.model.week} cannot change coverage.strategy from {before} to {name}: the policy "
                f"started in week {self._start}. Fork at the latest in that week, or give coverage.start_week."
            )
        self._strategy = name

    def _check_replay(self) -> None:
        """The hours to replay must be a table of this district's estates, without gaps or debts."""
        hours = np.asarray(self.model.replay)
        estates = self.model.district.estates
        by_kind = hours.ndim == 3 and hours.shape[0] == len(set(REPLAYS.values()))
        if not (hours.ndim == 2 or by_kind) or hours.shape[-1] != estates or hours.dtype.kind not in "fiu":
            raise StrategyError(
                f"the hours to replay have shape {hours.shape}; they must be numbers by week and "
                f"estate, shape (weeks, {estates}), or the policy_hours of a model"
            )
        if not (np.isfinite(hours) & (hours >= 0)).all():
            raise StrategyError("the hours to replay must all be finite and at least 0")
        self._replayed = fixed(hours[REPLAYS[self._control]].copy() if by_kind else hours.copy())

    def settle_in(self) -> None:
        self.plan: Plan | None = None

    def assign(self) -> None:
        """Found the branches of the plan, if this is a week for it."""
        week = self.model.week
        if week not in self._weeks or self._idle or self._matched or not self.model.scenario.branches.enabled:
            return
        model, p = self.model, self.parameters
        self.plan = plan(
            p.strategy,
            model.district,
            model.members,
            self._state(self._weeks[week]),
            p,
            model.scenario.branches.estates_per_secretary,
        )
        model.branches.establish(self.plan)

    def _state(self, wave: int) -> State:
        model, p, b = self.model, self.parameters, self.model.scenario.branches
        given = b.hours_per_member * b.active_share * model.members + hours_each(model) * model.in_service
        estates = model.district.estates
        joint = given + b.secretary_hours / p.group_limit
        sent = np.full(estates, b.dispatched_hours / b.estates_per_secretary) + given
        return State(
            week=model.week,
            wave=wave,
            waves=p.waves,
            share=p.share,
            hours=p.hours,
            second=p.second,
            needed=p.members_needed,
            conflicts=model.grievances.recent.copy(),
            committee=model.committees.working(),
            covered=model.branches.kind > 0,
            satisfaction=model.satisfaction.mean.copy(),
            strength=model.district.strength[model.district.community],
            own_hours=given + b.secretary_hours,
            second_hours=joint if p.second == "joint" else sent,
            chance=model.chance,
        )

    def replay(self) -> tuple[str, NDArray[np.float64]] | None:
        """Hours that a control replays this week: ("pooled" or "tied", shape (estates,)), None without one."""
        model, hours = self.model, self._replayed
        if hours is None or model.week < self._start:
            return None
        if model.week >= len(hours):
            raise StrategyError(f"the hours to replay end in week {len(hours) - 1}; this is week {model.week}")
        return ("tied" if self._control.endswith("tied") else "pooled", hours[model.week])
