"""The service desk of enterprises (M13): needs are cases, first come first served.

A need for talent, for customers, for credit or for new equipment is work of some hours.  A desk takes needs in the
order in which they come; who waits too long gives up.  Without the policy there is no desk, and every need is given
up in the end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, fixed
from sim.core.chance import level, lognormal_levels, share
from sim.disputes.disputes_equations import serve
from sim.stakeholders.enterprises.enterprises_parameters import NEEDS
from sim.stakeholders.proportion import in_proportion

__all__ = ["NEEDS", "EnterpriseDesk"]


class EnterpriseDesk(Component):
    """The queue of needs, in order of arrival, and the desk's week.

    Attributes
    ----------
    who
        Rows of the enterprises whose needs wait, shape (n,).
    kind
        What for, as in `NEEDS`.
    left
        Hours of work that each still takes.
    until
        Week at whose end each is given up, if it still waits.
    met, unmet
        Needs met, and needs given up, this week, by kind, shape (4,).
    met_felt, unmet_felt
        How much each need that was met, and each that was given up, is felt, in the order in which `work` returns them.
    spent
        Hours that the desk gave to needs this week.
    """

    section = "enterprises"

    def prepare(self) -> None:
        p = self.parameters
        self._work = fixed(np.array([getattr(p, f"work_{need}") for need in NEEDS]))
        self._felt = fixed(np.array([getattr(p, f"felt_{need}") for need in NEEDS]))
        self._levels = lognormal_levels(p.work_log_sd)
        self._hours = p.service_hours * in_proportion(self.model.district)
        # Patience without end is a wait that no week ends.
        self._patience = 1.0 / p.need_patience if p.need_patience > 1e-300 else np.inf

    def settle_in(self) -> None:
        self.who = np.zeros(0, dtype=np.int64)
        self.kind = np.zeros(0, dtype=np.int64)
        self.left = np.zeros(0)
        self.until = np.zeros(0)
        self.met, self.unmet = np.zeros(len(NEEDS)), np.zeros(len(NEEDS))
        self.met_felt, self.unmet_felt = np.zeros(0), np.zeros(0)
        self.spent = 0.0

    @property
    def hours(self) -> float:
        """Hours of the desk this week."""
        return self._hours if self.parameters.economic and self.model.policy_on else 0.0

    def receive(self, who: NDArray[np.int64], identity: NDArray[np.uint64]) -> None:
        """Let needs join the queue.

        Parameters
        ----------
        who
            Rows of the enterprises, in the order in which their needs arise.
        identity
            Identities of the enterprises.
        """
        # A need's identity is a word of chance: its fields say what for, how much work, and how long it can wait.
        need = self.model.chance.bits("need", self.model.week, identity)
        kind = level(need, 0) * len(NEEDS) >> 16
        self.who = np.concatenate([self.who, who])
        self.kind = np.concatenate([self.kind, kind])
        self.left = np.concatenate([self.left, self._work[kind] * self._levels[level(need, 1)]])
        weeks = np.floor(-np.log(share(need, 2)) * self._patience)
        self.until = np.concatenate([self.until, self.model.week + weeks])

    def leave(self, here: NDArray[np.bool_]) -> None:
        """Take the needs of enterprises that have closed off the queue."""
        self._keep(here[self.who])

    def work(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the desk's hours to the queue; then some of those who still wait give up.

        Returns
        -------
        tuple of ndarray
            Rows of the enterprises whose needs were met, and of those whose needs were not; rows may repeat.
        """
        model, hours = self.model, self.hours
        self.met.fill(0.0)
        self.unmet.fill(0.0)
        self.spent, met, self.met_felt = 0.0, self.who[:0], np.zeros(0)
        if hours > 0.0:
            model.costs.book("purse", "enterprise services", yuan=hours * self.parameters.service_yuan)
            met = self._serve(hours)
        tired = (self.until <= model.week).nonzero()[0]
        unmet, self.unmet_felt = self.who[tired], self._felt[self.kind[tired]]
        if tired.size:
            self.unmet += np.bincount(self.kind[tired], minlength=len(NEEDS))
            self._keep(self.until > model.week)
        return met, unmet

    def _serve(self, hours: float) -> NDArray[np.int64]:
        if not self.who.size:
            return self.who
        granted, _ = serve(np.zeros(self.who.size, dtype=np.uint16), self.left, np.array([hours]))
        goes_on = granted < self.left
        self.spent = float(granted.sum())
        self.left -= granted
        done = (~goes_on).nonzero()[0]
        met, self.met_felt = self.who[done], self._felt[self.kind[done]]
        if done.size:
            self.met += np.bincount(self.kind[done], minlength=len(NEEDS))
            self._keep(goes_on)
        return met

    def _keep(self, those: NDArray[np.bool_]) -> None:
        self.who, self.kind, self.left, self.until = (
            self.who[those],
            self.kind[those],
            self.left[those],
            self.until[those],
        )
