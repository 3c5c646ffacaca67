"""Voice (M3): what a person in conflict does about it.

Tolerate, settle with the other side, file a case with the firm, the committee, the branch, the hotline (which
hands it to the community's desk; walking in there is the same channel) or the deliberation platform, or join with
others in collective action.  The person takes what has the largest utility:

    U = base + w_T trust + w_P perceived success - w_W ln(1 + perceived wait) + w_h h + Gumbel noise

with one draw per (conflict, channel), so that a channel which opens moves only those who take it.  What is
perceived is smoothed experience of the estate, shrunk to the community's and from there to a common prior,
because an estate alone sees too few cases.  It is not the truth.

A branch or a platform is another third party, not a third thing beside bearing it and talking to the neighbour.  Third
parties therefore form a nest (a nested logit, `voice_equations`) whose dissimilarity lambda says one thing only: what a
new door draws from.  With lambda = 1 it draws from every alternative in proportion (the multinomial logit), near 0 from
the other third parties only.  Where neither a branch nor a platform stands, lambda changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step, fixed, rows_in
from sim.core.chance import combine, fields, gumbel_levels, mix
from sim.core.codes import (
    BY_COMMITTEE,
    BY_FIRM,
    CHANNELS,
    SELF,
    TO_BRANCH,
    TO_COLLECTIVE,
    TO_COMMITTEE,
    TO_FIRM,
    TO_HOTLINE,
    TO_PLATFORM,
    TOLERATE,
)
from sim.core.errors import ComponentError, unknown
from sim.parameters.parameter import Section, parameter, switch
from sim.residents.voice_equations import nested_choice, perceived, utility_of, worth

if TYPE_CHECKING:
    from sim.residents.grievances import Conflicts

__all__ = ["Voice", "VoiceSection"]

_DESKS: Final = slice(2, 6)
_OLD_DOORS: Final = [TO_FIRM, TO_COMMITTEE, TO_HOTLINE]
"""Third parties that are there without any branch."""
_NEW_DOORS: Final = [TO_BRANCH, TO_PLATFORM]
_WORDS: Final = combine(np.zeros(2, dtype=np.uint64), np.arange(2))


def _base(default: float, doc: str, source: str, sweep: tuple[float, float] | None = None) -> float:
    return parameter(
        default,
        unit="utility",
        low=-10.0,
        high=10.0,
        sweep=sweep or (default - 1.0, default + 1.0),
        status="assumed",
        source=source,
        doc=f"what speaks for '{doc}' before anything is known",
    )


_ASKED_FIRST: Final = "no survey of whom owners turn to first was found (docs/evidence.md)"


class VoiceSection(Section):
    """Parameters of M3."""

    enabled: bool = switch("people in conflict may act on it (off: everybody tolerates)")
    base_tolerate: float = _base(
        2.8,
        "tolerate",
        "surveys of neighbours' trouble: nothing done by 20 to 60 %; at 1.6 the model has 13 %, at "
        "2.8 about a third (docs/evidence.md, 15, 17, 19)",
        sweep=(1.6, 3.8),
    )
    base_self: float = _base(
        0.3, "settle with the other side", "surveys: 28 to 52 % speak to the other side (docs/evidence.md, 15, 16, 17)"
    )
    base_firm: float = _base(
        0.6, "firm", f"{_ASKED_FIRST}; any third party 9 to 40 % of problems (docs/evidence.md, 15 to 18)"
    )
    base_committee: float = _base(-0.6, "committee", _ASKED_FIRST)
    base_branch: float = _base(
        -0.4,
        "branch",
        "no survey found; those who take part in neighbourhood institutions seek mediation far oftener "
        "(docs/evidence.md, 21)",
    )
    base_hotline: float = _base(
        -0.6,
        "hotline",
        "surveys: 9 to 22 % council or police, 17 % any authority or third party (docs/evidence.md, 16, 17, 18)",
    )
    base_platform: float = _base(-0.4, "deliberation platform (as easy to come to as a branch)", _ASKED_FIRST)
    base_collective: float = _base(-3.2, "collective action", "prototype")
    nest: float = parameter(
        0.5,
        unit="share",
        low=0.01,
        high=1.0,
        sweep=(0.1, 1.0),
        status="assumed",
        source="no estimate found; one evaluation of new centres points both ways (docs/evidence.md, 24)",
        doc="lambda, dissimilarity of third parties: 1, a new one draws from everything in proportion; near 0, from "
        "other third parties only",
    )
    weight_authority: float = parameter(
        0.5,
        unit="utility",
        low=0.0,
        high=20.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source="no data known",
        doc="how much a branch with power over the firm draws: more authority, more cases",
    )
    weight_trust: float = parameter(
        1.5,
        unit="utility",
        low=0.0,
        high=20.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source="prototype",
        doc="w_T, weight of trust in the channel",
    )
    weight_success: float = parameter(
        1.0,
        unit="utility",
        low=0.0,
        high=20.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source="prototype",
        doc="w_P, weight of perceived success",
    )
    weight_wait: float = parameter(
        0.5,
        unit="utility per log week",
        low=0.0,
        high=20.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source="prototype",
        doc="w_W, weight of perceived wait",
    )
    weight_grievance: float = parameter(
        0.25,
        unit="utility",
        low=0.0,
        high=20.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="prototype",
        doc="w_h, weight of the grievance against tolerating",
    )
    awareness: float = parameter(
        0.5,
        unit="utility",
        low=0.0,
        high=5.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source="direction: the study; quarters of New York and Chicago differ threefold in how fast they report "
        "the same damage, graduates faster (docs/evidence.md, 78b)",
        doc="how much more those aware of their rights lean to any action over tolerating",
    )
    foreign_barrier: float = parameter(
        0.5,
        unit="utility",
        low=0.0,
        high=20.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source="direction: of immigrants with little English 22 % found it hard to report a crime or get help from the "
        "police, 53 % met a language barrier somewhere (KFF and Los Angeles Times survey 2023, of the United States)",
        doc="what language, and not knowing whom to turn to, cost residents from abroad on the way to any third party",
    )
    prior_success: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.7),
        status="assumed",
        source="no data known",
        doc="success expected of a channel of which nothing is known",
    )
    prior_wait: float = parameter(
        2.0,
        unit="weeks",
        low=0.0,
        high=52.0,
        sweep=(1.0, 6.0),
        status="assumed",
        source="no data known",
        doc="wait expected of a channel of which nothing is known",
    )
    shrinkage: float = parameter(
        5.0,
        unit="cases",
        low=0.01,
        high=1000.0,
        sweep=(1.0, 20.0),
        status="assumed",
        source="no data known",
        doc="experience worth of the wider circle when the own is thin",
    )
    memory: float = parameter(
        26.0,
        unit="weeks",
        low=1.0,
        high=520.0,
        sweep=(8.0, 104.0),
        status="assumed",
        source="no data known",
        doc="time in which experience fades to 1/e",
    )


class Voice(Component):
    """Perceptions of the channels, and the choice among them.

    Attributes
    ----------
    seen, succeeded, waited
        Faded sums of cases, settlements and weeks waited, shape (7, estates): self, firm, committee,
        branch, hotline, platform, collective.
    success, wait
        What is perceived, shape (7, estates).
    access
        What eases a channel, -inf where it is closed, shape (7, estates); a branch's own is added to it.
    """

    section = "voice"
    factors: ClassVar[Mapping[str, str]] = {"odds": "odds of each channel against tolerating, in each estate"}
    used_in: ClassVar[Mapping[str, str]] = {"odds": "residents.voice"}
    steps = (
        Step("perceive", doc="experience becomes what is expected of a channel", equation="M3", stage="attitudes"),
    )

    def prepare(self) -> None:
        p = self.parameters
        self._base = fixed(np.array([getattr(p, f"base_{name}") for name in CHANNELS]))
        self._noise = gumbel_levels()
        self._fade = float(np.exp(-1.0 / p.memory))
        self._prior = fixed(p.shrinkage * np.array([p.prior_success, p.prior_wait])[:, None, None])
        self._edges = fixed(np.searchsorted(self.model.district.community, np.arange(self.model.district.communities)))

    def settle_in(self) -> None:
        shape = (len(CHANNELS) - 1, self.model.district.estates)
        # seen, succeeded and waited in one array, so that fading and shrinking are single operations
        self.experience = np.zeros((3, *shape))
        self._heard: list[tuple[NDArray, NDArray, NDArray]] = []
        self.success = np.full(shape, self.parameters.prior_success)
        self.wait = np.full(shape, self.parameters.prior_wait)
        self.access = np.zeros(shape)
        self.access[[TO_PLATFORM - 1, TO_COLLECTIVE - 1]] = -np.inf

    def factor_shape(self, name: str) -> tuple[int, ...]:
        """One number for each channel after tolerating, in the order of `CHANNELS`, and estate."""
        return self.access.shape

    def open_channel(self, channel: int | str, estates: NDArray[np.int64] | NDArray[np.bool_] | slice) -> None:
        """Open one of the channels of `CHANNELS`, but for tolerating, to residents of some estates.

        Raises
        ------
        ComponentError
            When there is no such channel, or there are no such estates.

        Examples
        --------
        >>> import sim
        >>> voice = sim.examples.small().voice
        >>> voice.open_channel("platform", [0, 3])
        >>> (voice.access[TO_PLATFORM - 1] == 0.0).nonzero()[0].tolist()
        [0, 3]
        """
        self._set_access(channel, estates, 0.0)

    def close_channel(self, channel: int | str, estates: NDArray[np.bool_] | slice = slice(None)) -> None:
        """Close one of the channels of `CHANNELS` to residents of some estates, or of all; as `open_channel` otherwise.

        Examples
        --------
        >>> import sim
        >>> voice = sim.examples.small().voice
        >>> voice.close_channel("hotline")
        >>> bool(np.isinf(voice.access).all(axis=1)[CHANNELS.index("hotline") - 1])
        True
        """
        self._set_access(channel, estates, -np.inf)

    def _set_access(self, channel: int | str, estates: Any, access: float) -> None:
        number = CHANNELS.index(channel) if channel in CHANNELS else channel
        if isinstance(number, bool) or number not in range(1, len(CHANNELS)):
            raise ComponentError(unknown("channel", channel, CHANNELS[1:]))
        self.access[int(number) - 1, rows_in(estates, self.access.shape[1], "estates")] = access

    def choose(self) -> None:
        """Let everyone who came into conflict this week choose, and act on the choice."""
        model = self.model
        now = model.grievances.now
        choice = self.choices(now)
        tally, g = model.tally, model.scenario.grievances
        # Who goes to nobody has vented the grievance.
        bears = (choice == TOLERATE).nonzero()[0]
        tally.count("tolerated", now.estate[bears])
        if bears.size:
            model.grievances.relieve(now.person[bears], np.float32(g.relief_tolerating))
        model.private.begin(now, (choice == SELF).nonzero()[0])
        together = (choice == TO_COLLECTIVE).nonzero()[0]
        model.disputes.gather(now.person[together], now.estate[together], now.incident[together])
        tally.count("gathered", now.estate[together])
        # Collective action is the last of the channels; whoever takes it files nothing.
        file = ((choice >= TO_FIRM) & (choice < TO_COLLECTIVE)).nonzero()[0]
        if file.size:
            model.disputes.file(now, file, choice[file])

    def choices(self, now: Conflicts) -> NDArray[np.int64]:
        """Channel taken in each conflict, shape (n,), indices into `CHANNELS`."""
        utility = self.utilities(now.person, now.estate, now.grievance).T
        # One 16-bit field of the conflict's words of chance for every channel.
        words = mix(np.add.outer(now.identity, _WORDS))
        noisy = utility + self._noise.take(fields(words).reshape(-1, 4 * _WORDS.size).T[: len(CHANNELS)])
        if self.parameters.nest < 1.0 and self.parameters.enabled and self._new_doors_stand():
            return nested_choice(utility, noisy, _OLD_DOORS, _NEW_DOORS, self.parameters.nest)
        return noisy.argmax(axis=0)

    def _new_doors_stand(self) -> bool:
        """Whether there is a branch or a platform anywhere."""
        return self.model.branches.any or bool(np.count_nonzero(self.access[TO_PLATFORM - 1] > -np.inf))

    def utilities(self, person: NDArray, estate: NDArray, grievance: NDArray) -> NDArray[np.float64]:
        """Utility of every channel before noise, shape (n, 8); -inf where a channel is closed."""
        p, model = self.parameters, self.model
        trust = p.weight_trust * model.trust.of(person, estate).T
        own = p.weight_grievance * grievance + p.awareness * model.residents.aware[person]
        utility = utility_of(self.standing().take(estate, axis=1), trust, own, _DESKS, TO_PLATFORM)
        abroad = model.residents.foreign[person]
        if p.foreign_barrier and np.count_nonzero(abroad):
            utility[TO_FIRM:TO_COLLECTIVE] -= self._barrier(estate) * abroad
        if not p.enabled:
            utility[1:] = -np.inf
        if not model.private.parameters.enabled:
            utility[SELF] = -np.inf
        utility[TOLERATE] = self._base[TOLERATE]
        return utility.T

    def _barrier(self, estate: NDArray) -> NDArray[np.float64] | float:
        """What language and strangeness cost residents from abroad on the way to each third party, shape (5, n) or one.

        People of a service station who speak foreign languages relieve it at the branch, and at the platform that the
        branch convenes.
        """
        model, branches = self.model, self.model.scenario.branches
        if not branches.station or not branches.station_languages:
            return self.parameters.foreign_barrier
        barrier = np.full((TO_COLLECTIVE - TO_FIRM, estate.size), self.parameters.foreign_barrier)
        barrier[[TO_BRANCH - TO_FIRM, TO_PLATFORM - TO_FIRM]] *= (
            1.0 - branches.station_languages * model.branches.standing()[estate]
        )
        return barrier

    def standing(self) -> NDArray[np.float64]:
        """What speaks for each channel in each estate, apart from the person, shape (7, estates)."""
        p, model = self.parameters, self.model
        base = self._base[1:, None]
        value = worth(self.success, self.wait, base, self.access, p.weight_success, p.weight_wait)
        odds = self.factor("odds")
        if odds is not None:
            with np.errstate(divide="ignore"):
                value += np.log(odds)
        value[1 + BY_FIRM][~model.contracts.present] = -np.inf
        value[1 + BY_COMMITTEE][~model.committees.present] = -np.inf
        value[TO_BRANCH - 1] += model.branches.access
        power = model.desks.authority[model.desks.block("branch")]
        if np.count_nonzero(power):
            value[TO_BRANCH - 1] += p.weight_authority * power[model.branches.home]
        return value

    def hear(self, estate: NDArray, channel: NDArray | int, success: NDArray[np.bool_], weeks: NDArray) -> None:
        """Add experience of how cases went: channel index 0..6 (the channels after tolerating, in order)."""
        if estate.size:
            self._heard.append((channel * self.model.district.estates + estate, success, weeks))

    def perceive(self) -> None:
        """Turn experience into what is perceived: estate shrunk to community, community to the prior."""
        self.take_factor("odds")
        p = self.parameters
        own = self.experience
        if self._heard:
            cell, success, weeks = (np.concatenate(part) for part in zip(*self._heard, strict=True))
            self._heard.clear()
            flat = own.reshape(len(own), -1)
            flat[0] += np.bincount(cell, minlength=flat.shape[1])
            flat[1] += np.bincount(cell, success, flat.shape[1])
            flat[2] += np.bincount(cell, weeks, flat.shape[1])
        own *= self._fade
        community = self.model.district.community
        self.success, self.wait = perceived(own, self._edges, community, self._prior, p.shrinkage)
