"""What a session asks, as a value: every change makes another one, and what follows from it is worked out here."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

from experiments.core.design.arms import changes_of, of_the_ground
from sim import District, Scenario
from sim.core.errors import ScenarioError
from sim.parameters.parameter import shown

OWN: Final = "mine"
"""The arm whose policy the page sets."""
ARMS: Final = ("none", "full", "arrangement", OWN)

SIZES: Final[Mapping[str, tuple[int, int, int]]] = MappingProxyType(
    {"estates": (6, 60, 300), "weeks": (8, 52, 156), "replicates": (1, 8, 30), "seed": (0, 1, 999_999)}
)
"""Least, usual and most of what a page may ask for: a page is for a classroom, and more is the command line's."""
WARMUP: Final = 26
"""Weeks before a policy may start, in which the district fills with open cases."""
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Inquiry:
    """Two arms in one world.

    Attributes
    ----------
    estates, weeks, replicates, seed
        Size of a synthetic district, weeks after the warm-up, pairs of runs, and the master seed.
    left, right
        Two of `ARMS`.
    policy, assumptions
        What the own arm changes, and what both arms change.
    district
        The user's own ground, in place of a synthetic one.
    fork
        Week in which the right-hand future leaves the left-hand one; None where it does when policies start.
    """

    estates: int = SIZES["estates"][1]
    weeks: int = SIZES["weeks"][1]
    replicates: int = SIZES["replicates"][1]
    seed: int = SIZES["seed"][1]
    left: str = "none"
    right: str = "full"
    policy: Mapping[str, Any] = NOTHING
    assumptions: Mapping[str, Any] = NOTHING
    district: District | None = field(default=None, compare=False)
    fork: int | None = None

    def with_size(self, name: str, number: Any) -> Self:
        """Return the inquiry with another size, moved into what is allowed.

        Examples
        --------
        >>> Inquiry().with_size("estates", 9999).estates, Inquiry().with_size("weeks", "12").weeks
        (300, 12)
        """
        if name not in SIZES:
            raise ScenarioError(f'"{name}" is no size. Choose from: {", ".join(SIZES)}.')
        least, _, most = SIZES[name]
        try:
            whole = int(float(number))
        except (TypeError, ValueError, OverflowError):
            raise ScenarioError(f"{name} = {shown(number)} must be a whole number from {least} to {most}.") from None
        changes: dict[str, Any] = {name: min(max(whole, least), most)}
        return replace(self, **changes, fork=None)

    def with_arm(self, side: str, arm: str) -> Self:
        """Return the inquiry with another arm on the left or on the right."""
        if side not in ("left", "right") or arm not in ARMS:
            raise ScenarioError(f'"{arm}" is no arm of this page. Choose from: {", ".join(ARMS)}.')
        changes: dict[str, Any] = {side: arm}
        return replace(self, **changes, fork=None)

    def with_policy(self, name: str, value: Any) -> Self:
        """Return the inquiry in which the right-hand future is the own scenario with one more change.

        The own scenario begins as what stood on the right.
        """
        _refuse_ground(name)
        before = dict(self.policy) if self.right == OWN else self.changes(self.right)
        changed = replace(self, right=OWN, policy=MappingProxyType({**before, name: value}))
        return changed.checked()

    def with_assumption(self, name: str, value: Any) -> Self:
        """Return the inquiry in which both futures assume something else."""
        _refuse_ground(name)
        default = Scenario().get(name)
        rest = {key: held for key, held in self.assumptions.items() if key != name}
        changed = rest if value == default else {**rest, name: value}
        return replace(self, assumptions=MappingProxyType(changed)).checked()

    def checked(self) -> Self:
        """Return the inquiry, or raise the error that says which values do not go together."""
        self.scenario(self.left), self.scenario(self.right)
        return self

    def changes(self, arm: str) -> dict[str, Any]:
        """Return what an arm changes.

        Examples
        --------
        >>> Inquiry().changes("none"), Inquiry(policy={"coverage.strategy": "own"}).changes("mine")
        ({'coverage.strategy': 'none'}, {'coverage.strategy': 'own'})
        """
        return dict(self.policy) if arm == OWN else changes_of([arm])[arm]

    @cached_property
    def world(self) -> Scenario:
        """The scenario that both arms share."""
        size = {"run.weeks": WARMUP + self.weeks, "run.warmup": WARMUP}
        ground = {} if self.district is not None else {"district.estates": self.estates}
        return Scenario().replace({**size, **ground, **self.assumptions})

    @cached_property
    def ground(self) -> District:
        """The district."""
        if self.district is not None:
            return self.district
        section = self.world.district
        return _synthetic(section.estates, section.seed, self.world.ground)

    def scenario(self, arm: str) -> Scenario:
        """Return the whole scenario of an arm."""
        return self.world.replace(self.changes(arm))

    @property
    def command(self) -> str:
        """The command that runs the same pairs of runs, from beside the downloaded table of an own district."""
        arms = [self._written(self.left), self._written(self.right)]
        settings = {"run.warmup": WARMUP, **self.assumptions}
        ground = ("--estates", self.estates) if self.district is None else ("--district", "district.csv")
        sizes = ("--weeks", WARMUP + self.weeks, "--replicates", self.replicates, "--seed", self.seed)
        changes = [word for name, value in settings.items() for word in ("--set", f"{name}={_plain(value)}")]
        words = ["gongzhi", "compare", *arms, "--baseline", arms[0], *ground, *sizes, *changes, "--assumptions", 0]
        return shlex.join(map(str, words))

    def _written(self, arm: str) -> str:
        """Write an arm as the command line takes it: a name, and the changes on top of it."""
        if arm != OWN:
            return arm
        changes = {"coverage.strategy": "none", **self.policy}
        head = str(changes.pop("coverage.strategy"))
        return "; ".join([head, *(f"{name}={_plain(value)}" for name, value in changes.items())])

    @property
    def address(self) -> str:
        """The inquiry as the end of an address, from which `read` makes it again; an own district is not in it."""
        usual, own = vars(type(self)()), vars(self)
        parts = [(name, own[name]) for name in (*SIZES, "left", "right", "fork") if own[name] != usual[name]]
        for key in ("policy", "assumptions"):
            parts += [(key, f"{name}={_plain(value)}") for name, value in own[key].items()]
        return urlencode(parts)

    @classmethod
    def read(cls, address: str) -> Self:
        """Make an inquiry of the end of an address; what is not understood is refused in one message.

        Examples
        --------
        >>> one = Inquiry().with_policy("branches.station", True).with_assumption("branches.reach", 0.5)
        >>> Inquiry.read(one.address) == one
        True
        """
        inquiry = cls()
        pairs = parse_qsl(address)
        for name, text in pairs:
            if name in SIZES:
                inquiry = inquiry.with_size(name, text)
            elif name in ("left", "right"):
                inquiry = inquiry.with_arm(name, text)
        for key in ("policy", "assumptions"):
            settings = Scenario.parse_settings(text for name, text in pairs if name == key)
            for name in settings:
                _refuse_ground(name)
            changes: dict[str, Any] = {key: MappingProxyType(settings)}
            inquiry = replace(inquiry, **changes)
        fork = next((text for name, text in pairs if name == "fork"), "")
        return inquiry.forked(int(fork) if fork.isdecimal() and len(fork) < 6 else None).checked()

    def forked(self, week: int | None) -> Self:
        """Return the inquiry in which the right-hand future leaves the left-hand one in a week of the measured ones."""
        inside = None if week is None or not 0 < week < self.weeks else week
        return replace(self, fork=inside)


@lru_cache(maxsize=16)
def _synthetic(estates: int, seed: int, ground: Any) -> District:
    return District.synthetic(estates, seed, ground)


def _plain(value: Any) -> str:
    """Write a value as ``--set`` takes it."""
    return value if isinstance(value, str) else shown(value)


def _refuse_ground(name: str) -> None:
    if of_the_ground(name) or name not in Scenario.names():
        raise ScenarioError(f"{name} is nothing that this page can change.")
