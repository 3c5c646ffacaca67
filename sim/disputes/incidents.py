"""Incidents (M1): causes of trouble that last and are shared.

A broken lift, a blocked lane or a fee notice is not one person's misfortune: it touches many people, some
of them week after week, until it ends by itself or until a case that it caused is settled.  Bursts of
conflict come from such shared causes.

Building-scope incidents begin at ``b_k (H/500)^beta xi_i g_ik`` a week in a random building and touch a
number of its people that does not grow with the estate; estate-scope incidents begin at ``b_k xi_i g_ik``
whatever the size and touch a share of its adults.  ``xi_i ~ Gamma(mean 1, variance nu)`` is the estate's
lasting character, ``g`` the conditions that firms, committees and branches change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from markupsafe import Markup
from numpy.typing import ArrayLike, NDArray

from sim.component import Component, Outcome, Step, amounts, fixed
from sim.core.chance import combine, level, lognormal_levels, normal_levels, poisson_quantile, share
from sim.core.codes import CATEGORIES, NOISE, PARKING
from sim.core.errors import ComponentError, unknown
from sim.core.ledger import Ledger, distinct
from sim.core.markup import Page
from sim.disputes.case_pages import incidents_page
from sim.parameters.parameter import Section, parameter, switch

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BY", "INCIDENT_COLUMNS", "Incidents", "IncidentsSection", "Touches"]

BY: Final = ("desk", "private", "early", "petition")
"""Who may bring an incident to an end: a case at a desk, a word with the other side, early mediation, a petition."""

_MEASURED: Final = (*(f"ended_{by}" for by in BY), *(f"averted_{by}" for by in BY))

BUILDING_SCOPE: Final = fixed(np.array([False, True, True, True, True, False, False]))

_UPPER: Final = np.array(32, dtype=np.uint64)
_FIT = "fitted to filings with authorities by kind, docs/model.md, section 6 (sim/calibrated.toml)"
_TUNED = "chosen before the rates, which were fitted given it; no data known"
_SPREAD = (
    "chosen so that estates differ in filings as data say (docs/model.md, section 6), which fixes lasting differences "
    "and bursts together only"
)


def _rate(default: float, name: str, sweep: tuple[float, float]) -> float:
    return parameter(
        default,
        unit="incidents per estate and week",
        low=0.0,
        high=20.0,
        sweep=sweep,
        status="assumed",
        source=_FIT,
        doc=f"rate at which {name} incidents begin in an average estate",
    )


class IncidentsSection(Section):
    """Parameters of M1."""

    enabled: bool = switch("incidents happen")
    rate_service: float = _rate(0.0539, "service", (0.027, 0.108))
    rate_facility: float = _rate(0.133, "facility", (0.0665, 0.266))
    rate_parking: float = _rate(0.273, "parking", (0.137, 0.546))
    rate_noise: float = _rate(0.494, "noise", (0.247, 0.988))
    rate_charging: float = _rate(0.122, "charging", (0.061, 0.244))
    rate_fees: float = _rate(0.0246, "fees", (0.0123, 0.0492))
    rate_committee: float = _rate(0.013, "committee", (0.0065, 0.026))
    touched_facility: float = parameter(
        25.0,
        unit="persons per week",
        low=0.0,
        high=500.0,
        sweep=(7.5, 75.0),
        status="assumed",
        source=_TUNED,
        doc="people of a building whom a facility incident touches in a week, mean over incidents",
    )
    touched_parking: float = parameter(
        8.0,
        unit="persons per week",
        low=0.0,
        high=500.0,
        sweep=(2.4, 24.0),
        status="assumed",
        source=_TUNED,
        doc="people of a building whom a parking incident touches in a week, mean over incidents",
    )
    touched_noise: float = parameter(
        6.0,
        unit="persons per week",
        low=0.0,
        high=500.0,
        sweep=(1.8, 18.0),
        status="assumed",
        source=_TUNED,
        doc="people of a building whom a noise incident touches in a week, mean over incidents",
    )
    touched_charging: float = parameter(
        8.0,
        unit="persons per week",
        low=0.0,
        high=500.0,
        sweep=(2.4, 24.0),
        status="assumed",
        source=_TUNED,
        doc="people of a building whom a charging incident touches in a week, mean over incidents",
    )
    share_service: float = parameter(
        0.05,
        unit="share of adults per week",
        low=0.0,
        high=1.0,
        sweep=(0.015, 0.15),
        status="assumed",
        source=_TUNED,
        doc="adults of the estate whom a service incident touches in a week",
    )
    share_fees: float = parameter(
        0.06,
        unit="share of adults per week",
        low=0.0,
        high=1.0,
        sweep=(0.018, 0.18),
        status="assumed",
        source=_TUNED,
        doc="adults of the estate whom a fee incident touches in a week",
    )
    share_committee: float = parameter(
        0.05,
        unit="share of adults per week",
        low=0.0,
        high=1.0,
        sweep=(0.015, 0.15),
        status="assumed",
        source=_TUNED,
        doc="adults of the estate whom a committee incident touches in a week",
    )
    extent_log_sd: float = parameter(
        1.6,
        unit="log",
        low=0.0,
        high=3.0,
        sweep=(0.5, 2.3),
        status="assumed",
        source=_SPREAD,
        doc="spread of the extent of incidents (lognormal)",
    )
    common_severity_log_sd: float = parameter(
        1.4,
        unit="log",
        low=0.0,
        high=3.0,
        sweep=(0.2, 1.6),
        status="assumed",
        source=_SPREAD,
        doc="spread of the severity common to all whom an incident touches (lognormal, mean 1)",
    )
    own_severity_log_sd: float = parameter(
        0.6,
        unit="log",
        low=0.0,
        high=3.0,
        sweep=(0.2, 1.2),
        status="assumed",
        source="no data known",
        doc="spread of the severity of one touch around the common one (lognormal, mean 1)",
    )
    heterogeneity: float = parameter(
        2.1,
        unit="variance",
        low=0.0,
        high=10.0,
        sweep=(0.5, 3.5),
        status="assumed",
        source=_SPREAD,
        doc="nu, variance of the lasting differences between estates (Gamma, mean 1)",
    )
    size_elasticity: float = parameter(
        1.04,
        unit="exponent",
        low=0.0,
        high=2.0,
        sweep=(0.8, 1.2),
        status="assumed",
        source="fitted: filings grow as in Changsha 2019 (0.92 [0.77, 1.05], a target)",
        doc="beta, how the rate of building-scope incidents grows with households",
    )
    own_end: float = parameter(
        0.15,
        unit="probability per week",
        low=0.001,
        high=1.0,
        sweep=(0.03, 0.6),
        status="assumed",
        source=_TUNED,
        doc="probability that an incident ends by itself in a week",
    )
    settlement_ends: bool = switch("a settled case ends the incident that caused it")
    broken_resumes: bool = switch("an incident goes on when the agreement that ended it breaks", default=False)
    parking_exponent: float = parameter(
        1.5,
        unit="exponent",
        low=0.0,
        high=5.0,
        sweep=(0.5, 2.5),
        status="assumed",
        source="prototype",
        doc="how parking incidents grow with cars for each parking space",
    )
    parking_reference: float = parameter(
        1.0,
        unit="cars per space",
        low=0.01,
        high=20.0,
        sweep=(0.5, 2.0),
        status="assumed",
        source="sets what counts as an average estate; absorbed by rate_parking in calibration",
        doc="cars for each space at which parking is as bad as on average",
    )
    parking_most: float = parameter(
        4.0,
        unit="of the reference",
        low=0.0,
        high=1000.0,
        sweep=(2.0, 8.0),
        status="assumed",
        source="no data known; keeps estates almost without spaces from having all the trouble",
        doc="cars for each space, over the reference, beyond which parking gets no worse",
    )
    shock_rate: float = parameter(
        0.006,
        unit="shocks per estate and week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.02),
        status="assumed",
        source=_TUNED,
        doc="rate of external shocks, which no settlement ends",
    )
    shock_end: float = parameter(
        0.25,
        unit="probability per week",
        low=0.001,
        high=1.0,
        sweep=(0.05, 0.5),
        status="assumed",
        source=_TUNED,
        doc="probability that a shock ends in a week",
    )
    shock_share: float = parameter(
        0.012,
        unit="share of adults per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.05),
        status="assumed",
        source=_TUNED,
        doc="adults of the estate whom a shock touches in a week, mean over shocks",
    )


@dataclass(frozen=True, slots=True)
class Touches:
    """Who is touched by what this week; a person may appear more than once.

    Attributes
    ----------
    person
        Row of the resident, shape (n,).
    estate
        Row of the estate, shape (n,).
    push
        Grievance added, shape (n,).
    incident
        Ledger row of the cause, shape (n,).
    """

    person: NDArray[np.int64]
    estate: NDArray[np.int64]
    push: NDArray[np.float32]
    incident: NDArray[np.int64]


INCIDENT_COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "estate": ("", "where"),
    "category": ("", "what it is about"),
    "shock": ("", "whether it comes from outside, so that no settlement ends it"),
    "began": ("week", "when it began"),
    "natural_end": ("week", "when it ends by itself"),
    "ended": ("", "whether somebody put an end to it before"),
    "under_way": ("", "whether it touches people now"),
    "touches": ("persons per week", "whom it touches in a week"),
    "severity": ("factor", "how hard, against an ordinary incident"),
    "visited": ("", "whether a handler with hours to spare went there before anybody filed"),
}
"""Unit and meaning of every column of ``model.incidents.to_frame()``."""


class Incidents(Page, Component):
    """The incidents under way in the district.

    Attributes
    ----------
    conditions
        g, shape (7, estates), mean about 1: what makes incidents of a category more or less frequent.  Who is behind
        a category sets its row every week (`set_condition`); others multiply it for a week (`multiply_condition`).
    ground
        The part of g that follows from the ground alone, shape (7, estates): parking from cars for each
        space, noise from density.
    character
        xi, shape (estates,), the estate's lasting proneness to trouble.
    book
        Ledger of all incidents.
    active
        Ledger rows of those under way.
    """

    _instead = "to_frame() has them all, a row each"

    section = "incidents"
    outcomes = (
        Outcome(
            "ended_desk",
            unit="incidents per 1,000 households and week",
            unit_zh="起/千户·周",
            label="causes ended by settled cases",
            zh="诉求化解所消除的起因",
            off=0,
            meaning="incidents brought to an end by a settled case",
        ),
        Outcome(
            "ended_private",
            unit="incidents per 1,000 households and week",
            unit_zh="起/千户·周",
            label="causes ended by a word with the other side",
            zh="自行和解所消除的起因",
            off=0,
            meaning="incidents brought to an end by a word with the other side",
        ),
        Outcome(
            "ended_early",
            unit="incidents per 1,000 households and week",
            unit_zh="起/千户·周",
            label="causes ended by early mediation",
            zh="未诉先办所消除的起因",
            off=0,
            meaning="incidents brought to an end by early mediation",
        ),
        Outcome(
            "ended_petition",
            unit="incidents per 1,000 households and week",
            unit_zh="起/千户·周",
            label="causes ended by petitions",
            zh="集体上访所消除的起因",
            off=0,
            meaning="incidents brought to an end by a petition",
        ),
        Outcome(
            "averted_desk",
            unit="touches per 1,000 households and week",
            unit_zh="人次/千户·周",
            label="touches averted by settled cases",
            zh="诉求化解所避免的侵扰",
            off=0,
            meaning="touches that incidents ended by a settled case would still have made before their natural end",
        ),
        Outcome(
            "averted_private",
            unit="touches per 1,000 households and week",
            unit_zh="人次/千户·周",
            label="touches averted by a word with the other side",
            zh="自行和解所避免的侵扰",
            off=0,
            meaning="touches that incidents ended, or made rarer, by a word with the other side would still have made "
            "before their natural end",
        ),
        Outcome(
            "averted_early",
            unit="touches per 1,000 households and week",
            unit_zh="人次/千户·周",
            label="touches averted by early mediation",
            zh="未诉先办所避免的侵扰",
            off=0,
            meaning="touches that incidents ended by early mediation would still have made before their natural end",
        ),
        Outcome(
            "averted_petition",
            unit="touches per 1,000 households and week",
            unit_zh="人次/千户·周",
            label="touches averted by petitions",
            zh="集体上访所避免的侵扰",
            off=0,
            meaning="touches that incidents ended by a petition would still have made before their natural end",
        ),
    )
    steps = (Step("begin", doc="incidents begin and end", equation="M1", stage="incidents"),)

    def prepare(self) -> None:
        from scipy.special import gammaincinv

        p, district = self.parameters, self.model.district
        estates = district.identity
        if p.heterogeneity > 0:
            shape = 1.0 / p.heterogeneity
            u = self.model.chance.uniform("character", 0, estates)
            self.character = fixed(gammaincinv(shape, u) / shape)
        else:
            self.character = fixed(np.ones(estates.size))
        rates = np.array([getattr(p, f"rate_{name}") for name in CATEGORIES])
        size = (district.households / 500.0) ** p.size_elasticity
        scope = np.where(BUILDING_SCOPE[:, None], size[None, :], 1.0)
        self.base = fixed(rates[:, None] * scope * self.character[None, :])
        self._rates = np.vstack([self.base, np.full((1, estates.size), p.shock_rate)])
        sources = np.arange(len(CATEGORIES) + 1)[:, None]
        self._who = fixed(combine(np.broadcast_to(estates, (8, estates.size)), sources).ravel())
        self._origin = fixed(np.repeat(np.arange(8), estates.size))
        self._place = fixed(np.tile(np.arange(estates.size), 8))
        persons = [getattr(p, f"touched_{name}", 0.0) for name in CATEGORIES]
        shares = [getattr(p, f"share_{name}", 0.0) for name in CATEGORIES]
        self._touched, self._share = fixed(np.array(persons)), fixed(np.array(shares))
        total = rates.sum()
        self._shock_mix = fixed(rates.cumsum() / total if total > 0 else np.linspace(1 / 7, 1, 7))
        ground = np.ones((len(CATEGORIES), estates.size))
        crowding = district.cars / np.maximum(district.spaces, 1.0)
        ground[PARKING] = np.minimum(crowding / p.parking_reference, p.parking_most) ** p.parking_exponent
        ground[NOISE] = district.density
        self.ground = fixed(ground)
        with np.errstate(divide="ignore"):
            self._log_stays = fixed(np.log1p(-np.array([p.own_end, p.shock_end])))
        self._severity = lognormal_levels(p.own_severity_log_sd)
        self._thousand = float(district.households.sum()) / 1000.0
        self._normal = normal_levels()

    def settle_in(self) -> None:
        self.conditions = self.ground.copy()
        # Category, week, factor of that week, and condition without it.
        self._multiplied: list[tuple[int, int, NDArray[np.float64], NDArray[np.float64]]] = []
        self.book = Ledger(
            {
                "estate": np.int32,
                "category": np.uint8,
                "shock": np.bool_,
                "ended": np.bool_,
                "began": np.int32,
                "until": np.int32,
                "identity": np.uint64,
                "first": np.int64,
                "stride": np.uint64,
                "pool": np.uint64,
                "touches": np.int32,
                "severity": np.float32,
                "told": np.int32,
                "visited": np.bool_,
                "reach": np.int32,
                "ender": np.int64,
            },
            indices=("estate", "category", "touches", "told"),
        )
        self.active = np.zeros(0, dtype=np.int64)
        self._ended, self._averted = np.zeros(len(BY)), np.zeros(len(BY))

    def set_condition(self, category: int, level: ArrayLike) -> None:
        """Set the condition of a category as firms, committees or hazards make it, shape (estates,).

        What others have multiplied it by this week goes on to count.

        Examples
        --------
        >>> import sim
        >>> incidents = sim.GovernanceModel({"district.estates": 2}, seed=1).incidents
        >>> incidents.set_condition(NOISE, [1.0, 3.0])
        >>> incidents.conditions[NOISE].tolist()
        [1.0, 3.0]
        """
        self.conditions[category] = level
        if self._multiplied:
            self._multiply_again(category, level)

    def _multiply_again(self, category: int, level: ArrayLike) -> None:
        """Multiply a condition that has been set by what others have multiplied it by this week."""
        self._renew()
        self.conditions[category] = level
        for place, (kind, week, factor, _) in enumerate(self._multiplied):
            if kind == category:
                self._multiplied[place] = kind, week, factor, self.conditions[category].copy()
                self.conditions[category] *= factor

    def multiply_condition(self, category: int | str, factor: ArrayLike) -> None:
        """Make incidents of a category more or less frequent this week, shape (estates,) or one factor for all.

        Factors of a week multiply, in whatever order they come, and end with the week.  The category is one of service,
        facility, parking, noise, charging, fees, committee, or its number in `sim.core.codes`.

        Raises
        ------
        ComponentError
            When there is no such category.

        Examples
        --------
        >>> from sim import GovernanceModel, Scenario
        >>> incidents = GovernanceModel(Scenario().replace({"district.estates": 2}), rng=1).incidents
        >>> usual = incidents.conditions[NOISE].copy()
        >>> incidents.multiply_condition(NOISE, 2.0)
        >>> incidents.multiply_condition("noise", [1.0, 3.0])
        >>> (incidents.conditions[NOISE] / usual).tolist()
        [2.0, 6.0]
        """
        number = CATEGORIES.index(category) if category in CATEGORIES else category
        if isinstance(number, bool) or number not in range(len(CATEGORIES)):
            raise ComponentError(unknown("category", category, CATEGORIES))
        category = int(number)
        name = f'conditions["{CATEGORIES[category]}"]'
        self.require_time(name, used_in="incidents.begin")
        row = self.conditions[category]
        factor = amounts(factor, row.shape, f"incidents.{name}", least=0.0)
        self._renew()
        alike = [place for place, (kind, *_) in enumerate(self._multiplied) if kind == category]
        if alike:
            kind, week, before, plain = self._multiplied[alike[0]]
            self._multiplied[alike[0]] = kind, week, before * factor, plain
        else:
            entry = category, self.model.week, factor * np.ones(row.size), row.copy()
            self._multiplied.append(entry)
        row *= factor

    def _renew(self) -> None:
        """Take back what conditions were multiplied by in an earlier week."""
        if self._multiplied and self._multiplied[0][1] != self.model.week:
            for category, _, _, plain in self._multiplied:
                self.conditions[category] = plain
            self._multiplied = []

    def begin(self) -> None:
        """Let the week's new incidents begin, and drop those that have ended."""
        if self._multiplied:
            self._renew()
        self._ended.fill(0.0)
        self._averted.fill(0.0)
        if not self.parameters.enabled:
            return
        book, week = self.book, self.model.week
        if self.active.size:
            self.active = self.active[(book.until[self.active] > week) & ~book.ended[self.active]]
        rates = self._rates
        np.multiply(self.base, self.conditions, out=rates[:-1])
        draw = self.model.chance.of_the_same("incidents", week, self._who)
        counts = poisson_quantile(draw, rates.ravel())
        begun = counts.nonzero()[0]
        if begun.size:
            new = self._enter(begun, counts[begun])
            self.active = np.concatenate([self.active, new[self.book.touches[new] > 0]])

    def _enter(self, source: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Write new incidents into the book: scope, extent, severity and natural end."""
        p, district, chance, week = self.parameters, self.model.district, self.model.chance, self.model.week
        source = source.repeat(counts)
        which = np.arange(source.size) - source.searchsorted(source)
        origin, estate = self._origin[source], self._place[source]
        # The word of chance that names an incident also gives its building, extent, severity and natural end.
        identity = chance.bits("incident", week, self._who[source] + which.view(np.uint64))
        shock = origin == len(CATEGORIES)
        category = origin
        if np.count_nonzero(shock):
            mix = np.searchsorted(self._shock_mix, chance.uniform("shock", 0, identity[shock]))
            category[shock] = np.minimum(mix, len(CATEGORIES) - 1)
        in_building = BUILDING_SCOPE[category] & ~shock
        buildings = np.where(in_building, district.buildings[estate], 1)
        building = (share(identity, 0) * buildings).astype(np.int64)
        adults = district.adults[estate]
        pool = (adults - building + buildings - 1) // buildings
        normal = self._normal
        extent = np.where(
            shock,
            p.shock_share * adults,
            np.where(in_building, self._touched[category], self._share[category] * adults),
        )
        spread, common = p.extent_log_sd, p.common_severity_log_sd
        extent = extent * np.exp(spread * normal[level(identity, 1)] - spread**2 / 2)
        severity = np.exp(common * normal[level(identity, 2)] - common**2 / 2)
        lasts = 1.0 + np.floor(np.log(share(identity, 3)) / self._log_stays[shock.view(np.uint8)])
        touches = np.minimum(chance.poisson("extent", week, identity, extent), pool)
        return self.book.append(
            source.size,
            estate=estate,
            category=category,
            shock=shock,
            began=week,
            until=week + lasts,
            identity=identity,
            first=self.model.residents.first[estate] + building,
            stride=buildings,
            pool=pool,
            touches=touches,
            reach=touches,
            severity=severity,
        )

    def touch(self) -> Touches:
        """Draw whom the incidents under way touch this week, and how hard."""
        book, active, chance, week = self.book, self.active, self.model.chance, self.model.week
        if active.size == 0:
            none = np.zeros(0, dtype=np.int64)
            return Touches(none, none, none.astype(np.float32), none)
        counts = book.touches[active]
        cause = active.repeat(counts)
        # Each touch has an identity from its incident, which it counts up; one word of 64 bits serves person and
        # severity.
        before = counts.cumsum() - counts
        touch = (book.identity[active] - before.view(np.uint64)).repeat(counts)
        touch += np.arange(touch.size, dtype=np.uint64)
        bits = chance.bits("touch", week, touch)
        place = bits >> _UPPER
        place *= book.pool.take(cause)
        place >>= _UPPER
        place *= book.stride.take(cause)
        person = place.view(np.int64)
        person += book.first.take(cause)
        push = self._severity.take(level(bits, 0))
        push *= book.severity.take(cause)
        return Touches(person, book.estate.take(cause), push, cause)

    def to_frame(self) -> pd.DataFrame:
        """All incidents as a table, in order of beginning; `INCIDENT_COLUMNS` has the meanings."""
        import pandas as pd

        book, week = self.book, self.model.week
        columns: dict[str, Any] = book.arrays()
        columns["under_way"] = (columns["until"] > week) & ~columns["ended"] & (columns["touches"] > 0)
        columns["natural_end"] = columns["until"]
        columns["estate"] = np.asarray(self.model.district.names, dtype=object)[columns["estate"]]
        columns["category"] = pd.Categorical.from_codes(columns["category"], list(CATEGORIES))
        return pd.DataFrame({name: columns[name] for name in INCIDENT_COLUMNS})

    def _html(self, lang: str) -> Markup:
        return incidents_page(self.model, lang)

    def __repr__(self) -> str:
        active = self.active[self.under_way(self.active)]
        counts = np.bincount(self.book.category[active], minlength=len(CATEGORIES)).tolist()
        kinds = ", ".join(f"{count:,} {name}" for name, count in zip(CATEGORIES, counts, strict=True))
        return f"<{type(self).__name__}: {self.book.size:,} so far, {active.size:,} under way ({kinds})>"

    def under_way(self, incident: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each incident touches people this week; none where the row is -1."""
        book = self.book
        # Of two truth values the first is greater where it alone holds: one step in the place of "and not".
        return (book.until[incident] > self.model.week) > book.ended[incident]

    def mark_visited(self, rows: NDArray[np.int64]) -> None:
        """Note that a handler with hours to spare has gone to these incidents before anybody filed."""
        self.book.visited[rows] = True

    def mark_told(self, incident: NDArray[np.int64], desk: NDArray[np.int64]) -> None:
        """Note which desk has settled a matter over each incident; -1 for none."""
        known = incident >= 0
        self.book.told[incident[known]] = desk[known] + 1

    def settled(self, incident: NDArray[np.int64], by: str, matter: NDArray[np.int64] | None = None) -> None:
        """End the incidents over which there is an agreement; external shocks go on.

        Parameters
        ----------
        incident
            Ledger rows, -1 for none; rows may repeat.
        by
            One of `BY`.
        matter
            Whose agreement it is, rows of `model.matters`, shape of `incident`; of several the first.
        """
        if self.parameters.settlement_ends and incident.size:
            self._note_ender(incident, matter)
            self._end(incident[(incident >= 0) & ~self.book.shock[incident]], by)

    def _note_ender(self, incident: NDArray[np.int64], matter: NDArray[np.int64] | None) -> None:
        """Remember on whose agreement it hangs that incidents under way are over, or quieter."""
        if matter is None or not self.parameters.broken_resumes:
            return
        own = ((incident >= 0) & (matter >= 0) & self.under_way(incident)).nonzero()[0]
        rows, first = np.unique(incident[own], return_index=True)
        self.book.ender[rows] = matter[own[first]] + 1

    def fall_apart(self, matter: NDArray[np.int64]) -> None:
        """Let incidents go on that were over, or quieter, by the agreement of these matters alone; -1 is none."""
        if not self.parameters.broken_resumes or matter.size == 0:
            return
        book = self.book
        self.resume(np.isin(book.ender[: book.size], matter[matter >= 0] + 1).nonzero()[0])

    def resume(self, incident: NDArray[np.int64]) -> None:
        """Let incidents go on as they began, until they end by themselves; those that would be over stay so."""
        book = self.book
        rows = incident[(book.until[incident] > self.model.week) & (book.reach[incident] > 0)]
        if rows.size == 0:
            return
        book.ended[rows], book.touches[rows], book.ender[rows] = False, book.reach[rows], 0
        self.active = distinct(np.concatenate([self.active, rows]))

    def stop(self, incident: NDArray[np.int64], by: str) -> None:
        """End incidents, external shocks too: somebody above put an end to the cause."""
        self._end(incident, by)

    def _end(self, incident: NDArray[np.int64], by: str) -> None:
        book = self.book
        if incident.size == 0:
            return
        goes_on = distinct(incident[self.under_way(incident)])
        if goes_on.size:
            left = book.until[goes_on] - (self.model.week + 1)
            self._ended[BY.index(by)] += goes_on.size
            self._averted[BY.index(by)] += np.add.reduce(left * book.touches[goes_on])
        book.ended[incident] = True

    def quieten(self, incident: NDArray[np.int64], part: float, matter: NDArray[np.int64] | None = None) -> None:
        """Take a part of their touches from incidents: one of those who make the trouble has stopped.

        Parameters
        ----------
        incident
            Ledger rows, -1 for none; external shocks go on as they are.
        part
            Share of the touches, rounded up or down by chance of the incident.
        matter
            Whose agreement it is, as for `settled`.
        """
        if not self.parameters.settlement_ends or incident.size == 0:
            return
        self._note_ender(incident, matter)
        book, week = self.book, self.model.week
        rows = distinct(incident[self.under_way(incident) & ~book.shock[incident]])
        if rows.size == 0:
            return
        touches = book.touches[rows]
        kept = np.floor((1.0 - part) * touches + self.model.chance.uniform("quieten", week, book.identity[rows]))
        over = kept == 0.0
        left = book.until[rows] - (week + 1)
        self._averted[BY.index("private")] += np.add.reduce(left * (touches - kept))
        self._ended[BY.index("private")] += np.count_nonzero(over)
        book.touches[rows] = kept
        book.ended[rows] = over

    def measures(self) -> dict[str, float]:
        """What was brought to an end this week, by whom."""
        return dict(
            zip(_MEASURED, (np.concatenate([self._ended, self._averted]) / self._thousand).tolist(), strict=True)
        )
