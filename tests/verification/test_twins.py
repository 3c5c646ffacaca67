"""The hard mechanisms against slow twins in plain Python, which docs/model.md prints; same state, same draws."""

from __future__ import annotations

import math
import re
from collections import Counter
from types import SimpleNamespace as Row
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import District, GovernanceModel, Scenario
from sim.core.chance import combine, gumbel_levels, share, unit
from sim.core.codes import CATEGORIES, CHANNELS, DESKS, INSTITUTIONS, OPEN, SETTLED
from sim.disputes import disputes, settlement
from sim.disputes.disputes_equations import serve
from sim.disputes.hazards import Hazards
from sim.residents.grievances import Conflicts, Grievances
from sim.residents.voice import Voice
from sim.residents.voice_equations import nested_choice, thresholds
from sim.stakeholders.couriers import Couriers
from sim.stakeholders.couriers.couriers_parameters import KINDS
from tests.support import courier_twin, grievance_twin, queue_twin, voice_twin
from tests.support.repository import ROOT

WEEKS = 30
EVERYTHING: dict[str, object] = {
    "run.warmup": 10,
    "run.weeks": 2 * WEEKS,
    "coverage.start_week": 8,
    "coverage.strategy": "full",
    "district.members_rate": 0.02,
    "deliberation.enabled": True,
    "empowerment.enabled": True,
    "supervision.enabled": True,
    "desks.living_first": True,
    "desks.handoff_loss": 0.0,
    "branches.station": True,
    "branches.station_languages": 0.5,
    "branches.station_access": 0.3,
    "voice.foreign_barrier": 0.5,
    "couriers.services": True,
    "couriers.reporting": True,
    "couriers.riders": 60_000,
}
"""Everything on that enters the four equations, on a small district."""


def town(changes: dict[str, object] | None = None) -> GovernanceModel:
    return GovernanceModel(Scenario().replace({**EVERYTHING, **(changes or {})}), District.synthetic(12, 3), rng=5)


# M2 -----------------------------------------------------------------------------------------------------


def residents_of(model: GovernanceModel) -> list[Any]:
    people, district = model.residents, model.district
    idle = model.week - people.grievance_week.astype(int)
    building = (np.arange(people.size) - people.first[people.estate]) % district.buildings[people.estate]
    columns = (people.estate, building, people.grievance, people.threshold, idle, (people.case >= 0) | people.talking)
    names = ("estate", "building", "grievance", "threshold", "idle", "busy")
    cells = zip(*(column.tolist() for column in columns), strict=True)
    return [Row(row=row, **dict(zip(names, values, strict=True))) for row, values in enumerate(cells)]


def speakers_of(model: GovernanceModel) -> list[Any]:
    """Who came into conflict last week, and who has an open case, each with draws of their own."""
    now, cases = model.grievances.now, model.disputes
    book, waiting = cases.book, cases.open
    rows = [(False, *row) for row in zip(now.person, now.incident, now.identity ^ np.uint64(1 << 63), strict=True)]
    rows += [(True, book.person[row], book.incident[row], book.identity[row]) for row in waiting]
    speakers = []
    for open_case, person, cause, identity in rows:
        bits = model.chance.bits("contacts", model.week, np.array([identity], dtype=np.uint64))
        words = combine(np.repeat(bits, 20), np.arange(20))
        pairs = [
            (float(scope), int(word) / 2.0**64) for scope, word in zip(share(words, 0), words >> 32 << 32, strict=True)
        ]
        speakers.append(
            Row(person=int(person), cause=int(cause), open_case=open_case, draw=float(unit(bits)[0]), words=pairs)
        )
    return speakers


def test_grievances_and_conflicts_are_those_of_the_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Causes and persons exactly; grievances, which the model keeps in 32 bits, to a millionth."""
    seen: Counter[str] = Counter()
    suffer, due = Grievances.suffer, Grievances._due_back
    given: dict[str, Any] = {}

    def touch(self: Any) -> Any:
        given["touches"] = drawn(self)
        return given["touches"]

    def due_back(self: Grievances) -> Any:
        given["returns"] = due(self)
        return given["returns"]

    def beside(self: Grievances) -> None:
        model, p = self.model, self.parameters
        residents, speakers = residents_of(model), speakers_of(model)
        suffer(self)
        touches, back = given["touches"], given["returns"]
        heard = grievance_twin.converse(speakers, residents, p)
        felt = list(zip(*(column.tolist() for column in (touches.person, touches.incident, touches.push)), strict=True))
        returns = {}
        if back is not None:
            columns = (column.tolist() for column in (back.person, back.incident, back.grievance))
            returns = {person: Row(cause=cause, grievance=h) for person, cause, h in zip(*columns, strict=True)}
        conflicts = grievance_twin.suffer(residents, felt + heard, returns, p)
        now = self.now
        assert dict(zip(now.person.tolist(), now.incident.tolist(), strict=True)) == conflicts
        assert now.person.size == len(conflicts)
        moved = sorted({person for person, _, _ in felt + heard} | set(returns))
        expected = [residents[person].grievance for person in moved]
        np.testing.assert_allclose(model.residents.grievance[moved], expected, rtol=1e-6)
        seen.update(touched=len(felt), heard=len(heard), conflicts=len(conflicts), returns=int((~now.first).sum()))

    incidents = type(town().incidents)
    drawn = incidents.touch
    monkeypatch.setattr(incidents, "touch", touch)
    monkeypatch.setattr(Grievances, "_due_back", due_back)
    monkeypatch.setattr(Grievances, "suffer", beside)
    town({"incidents.rate_noise": 0.3}).run(WEEKS, progress=False)
    assert min(seen[name] for name in ("touched", "heard", "conflicts", "returns")) > 50, seen


# M3 -----------------------------------------------------------------------------------------------------


def test_choices_are_those_of_the_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choices exactly; utilities to twelve digits."""
    choices, seen = Voice.choices, Counter[str]()

    def beside(self: Voice, now: Conflicts) -> np.ndarray:
        model, taken = self.model, choices(self, now)
        utility = self.utilities(now.person, now.estate, now.grievance)
        trust = model.trust.of(now.person, now.estate)
        power, home = model.desks.authority[model.desks.block("branch")], model.branches.home
        branches, everywhere = model.scenario.branches, np.ones(model.district.estates, dtype=bool)
        channels = {
            "self": everywhere,
            "firm": model.contracts.present,
            "committee": model.committees.present,
            "branch": model.branches.standing(),
            "hotline": everywhere,
            "platform": model.deliberation.stands,
            "collective": model.collective.since >= 0,
        }
        words = [(now.identity + combine(np.zeros(1, dtype=np.uint64), number)) for number in (0, 1)]
        bits = np.stack([mixed(word) for word in words])
        for n, (person, row) in enumerate(zip(now.person, now.estate, strict=True)):
            standing = bool(model.branches.standing()[row])
            estate = Row(
                channels=[name for name, column in channels.items() if column[row]],
                success=dict(zip(CHANNELS[1:], self.success[:, row], strict=True)),
                wait=dict(zip(CHANNELS[1:], self.wait[:, row], strict=True)),
                languages=branches.station_languages * standing,
                authority=power[home[row]] if home[row] >= 0 else 0.0,
                station_access=branches.station_access if standing else 0.0,
            )
            someone = Row(
                grievance=float(now.grievance[n]),
                aware=bool(model.residents.aware[person]),
                foreign=bool(model.residents.foreign[person]),
                trust=dict(zip(INSTITUTIONS, trust[n], strict=True)),
            )
            value = voice_twin.weigh(someone, estate, self.parameters)
            found = [value.get(name, -np.inf) for name in CHANNELS]
            np.testing.assert_allclose(utility[n], found, rtol=1e-12, atol=1e-12)
            levels = [int(bits[k // 4, n]) >> 16 * (k % 4) & 0xFFFF for k in range(len(CHANNELS))]
            noise = {name: -math.log(-math.log((q + 0.5) / 65536)) for name, q in zip(CHANNELS, levels, strict=True)}
            assert voice_twin.choose(value, noise, self.parameters.nest) == CHANNELS[taken[n]]
            seen[CHANNELS[taken[n]]] += 1
            seen["aware"] += someone.aware
            seen["foreign"] += someone.foreign
            seen["authority"] += estate.authority > 0
        return taken

    monkeypatch.setattr(Voice, "choices", beside)
    liked = {f"voice.base_{name}": 0.5 for name in ("committee", "branch", "platform", "collective")}
    stirred = {"incidents.shock_rate": 0.1, "collective.enabled": True, "collective.trigger_shock": 1.0}
    town({"incidents.rate_noise": 0.3, **liked, **stirred}).run(WEEKS, progress=False)
    expected = {*CHANNELS, "aware", "foreign", "authority"}
    assert all(seen[name] >= 5 for name in expected), seen


def mixed(words: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64, number by number."""
    out = []
    for z in words.tolist():
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        out.append(z ^ z >> 31)
    return np.array(out, dtype=np.uint64)


@pytest.mark.parametrize("dissimilarity", [0.1, 0.5, 0.9, 0.999])
def test_the_nested_choice_is_that_of_the_twin(dissimilarity: float) -> None:
    """Random utilities of 2,000 persons, with channels closed at random."""
    rng = np.random.default_rng(11)
    utility = rng.normal(0.0, 1.5, (2000, len(CHANNELS)))
    closed = rng.random(utility.shape) < 0.3
    closed[:, [0, CHANNELS.index("hotline")]] = False
    utility[closed] = -np.inf
    noise = gumbel_levels()[rng.integers(0, 65536, utility.shape)]
    with np.errstate(divide="ignore"):
        taken = nested_choice(utility.T, (utility + noise).T, [2, 3, 5], [4, 6], dissimilarity)
        apart, inside = thresholds(utility, [2, 3, 5], [4, 6], dissimilarity)
    assert np.isfinite(apart).all() and np.isfinite(inside).all()
    for n, row in enumerate(utility):
        value = {name: row[k] for k, name in enumerate(CHANNELS) if not closed[n, k]}
        assert voice_twin.choose(value, dict(zip(CHANNELS, noise[n], strict=True)), dissimilarity) == CHANNELS[taken[n]]


# M4 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_hours_are_given_as_the_twin_gives_them(seed: int) -> None:
    """Exactly in quarters of an hour; else to a billionth."""
    rng = np.random.default_rng(seed)
    cases, desks = int(rng.integers(1, 60)), int(rng.integers(1, 6))
    desk, rank = rng.integers(0, desks, cases), rng.integers(0, 4, cases)
    if seed % 2:
        need, hours = rng.integers(0, 40, cases) / 4.0, rng.integers(1, 200, desks) / 4.0
    else:
        need, hours = rng.gamma(1.0, 4.0, cases), rng.gamma(1.0, 30.0, desks)
    granted, spent = serve(desk.astype(np.uint16), need, hours, rank=rank)
    columns = zip(desk.tolist(), rank.tolist(), need.tolist(), strict=True)
    queue = [Row(desk=d, urgency=r, work=w, begin=0.0, done=None) for d, r, w in columns]
    queue_twin.work(queue, [Row(hours=h, speed=1.0) for h in hours.tolist()], 0)
    left = np.array([case.work for case in queue])
    np.testing.assert_allclose(need - granted, left, rtol=0.0, atol=0.0 if seed % 2 else 1e-9)
    done = np.array([case.done is not None for case in queue])
    np.testing.assert_array_equal(granted >= need, done)
    finish = [case.done for case in queue if case.done is not None]
    np.testing.assert_allclose(np.maximum(spent / hours[desk], granted / hours[desk])[done], finish, rtol=1e-9)


def test_cases_are_handled_as_the_twin_handles_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is done, and who agrees, exactly; hours and moments to a billionth; logits to the rounding of 32 bits."""
    handle, logit_of, seen = disputes.Disputes.handle, settlement.logit_of, Counter[str]()
    tables: list[tuple[settlement.Handling, np.ndarray]] = []

    def listen(model: Any, handling: settlement.Handling) -> np.ndarray:
        tables.append((handling, logit_of(model, handling)))
        return tables[-1][1]

    def beside(self: disputes.Disputes) -> None:
        model, book, week = self.model, self.book, self.model.week
        desks, rows = model.desks, self.queue
        if np.count_nonzero(desks.unworked) or desks.tied is not None:
            return handle(self)
        off = set(model.deliberation.off_agenda(rows).tolist())
        alive = model.incidents.under_way(book.incident[rows])
        hours, speed = desks.available().tolist(), desks.speed().tolist()
        parties = Counter(book.lead[self.attached].tolist())
        queue = [
            Row(
                row=row,
                desk=int(book.desk[row]),
                urgency=queue_twin.urgency(CATEGORIES[book.category[row]], bool(alive[n]), n not in off),
                work=float(book.left[row]),
                begin=max(float(book.joined[row]), week),
                done=None,
                informed=bool(book.told[row]),
            )
            for n, row in enumerate(rows.tolist())
        ]
        tables.clear()
        handle(self)
        queue_twin.work(queue, [Row(hours=h, speed=s) for h, s in zip(hours, speed, strict=True)], week)
        done = [case for case in queue if case.done is not None]
        ended = rows[book.end[rows] != OPEN]
        assert [case.row for case in done] == ended.tolist()
        np.testing.assert_allclose(book.ended[ended], [case.done for case in done], rtol=1e-9)
        still = [case for case in queue if case.done is None and book.told[case.row] == case.informed]
        np.testing.assert_allclose(book.left[[case.row for case in still]], [c.work for c in still], rtol=1e-9)
        draws = share(model.chance.bits("settlement", week, book.identity[ended]), 0)
        for n, case in enumerate(done):
            # Numbers of parties are added to the array that was given, so that this is the whole logit.
            (table, logit), row = tables[0], case.row
            case.category, case.handler = CATEGORIES[book.category[row]], DESKS[desks.kind[case.desk]]
            case.trust, case.knowledge = float(table.legitimacy[n]), float(table.knowledge[n])
            case.grievance = float(book.grievance[row])
            case.threshold = float(model.residents.threshold[book.person[row]])
            case.authority, case.draw = float(desks.authority[case.desk]), float(draws[n])
            case.integrity = float(model.committees.integrity[book.estate[row]])
            place = case.desk - desks.block("branch").start
            if case.handler == "branch":
                case.insiders, case.captured = model.branches.insiders[place], model.branches.conflicted[place]
            expected, settled = queue_twin.settlement(case, 1 + parties[row], model.scenario.desks)
            assert logit[n] == pytest.approx(expected, rel=1e-5, abs=1e-5)
            assert settled == (book.end[row] == SETTLED)
            seen[case.handler] += 1
            seen["settled" if settled else "failed"] += 1
            seen["several"] += parties[row] > 0
            seen["insiders"] += case.handler == "branch" and case.insiders > 0.0
            seen["power"] += case.authority > 0.0
            seen[f"urgency {case.urgency}"] += 1
        seen["waiting"] += len(still)

    monkeypatch.setattr(settlement, "logit_of", listen)
    monkeypatch.setattr(disputes.Disputes, "handle", beside)
    busy = {f"incidents.rate_{name}": 0.3 for name in ("noise", "facility", "service")}
    settling = {"desks.settle_numbers": 0.5, "branches.insider_share": 0.3, "voice.base_branch": 1.0}
    town({**busy, **settling, "supervision.enabled": False}).run(2 * WEEKS, progress=False)
    expected = {"firm", "branch", "community", "settled", "failed", "several", "waiting", "insiders", "power"}
    expected |= {"urgency 0", "urgency 1", "urgency 2"}
    assert all(seen[name] >= 5 for name in expected), seen


# M12 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("norm", ["linear", "quadratic", "none"])
def test_riders_and_hazards_are_those_of_the_twin(monkeypatch: pytest.MonkeyPatch, norm: str) -> None:
    """Riders exactly; reports and hazards to twelve digits."""
    ride, report, build, seen = Couriers.ride, Couriers.report, Hazards.build, Counter[str]()
    given: dict[str, Any] = {}

    def riding(self: Couriers) -> None:
        model, p, district = self.model, self.parameters, self.model.district
        services = [kind for kind in KINDS if getattr(p, kind)] if p.services and model.policy_on else []
        rates = {kind: getattr(p, f"rate_{kind}") for kind in services}
        uses = [{kind for k, kind in enumerate(KINDS) if bits >> k & 1} for bits in self.uses.tolist()]
        riders = [Row(safe=safe, uses=used) for safe, used in zip(self.safe.tolist(), uses, strict=True)]
        careful = [float(np.mean(self.safe[self.station == station])) for station in range(model.stations.size)]
        draws = unit(model.chance.bits("rider", model.week, self.identity)).tolist()
        words = model.chance.bits("new rider", model.week + 1, self._place).tolist()
        estates = [
            Row(row=row, x=x, y=y, households=households)
            for row, (x, y, households) in enumerate(
                zip(district.x.tolist(), district.y.tolist(), district.households.tolist(), strict=True)
            )
        ]
        homes, motivated = self.estate.tolist(), self.motivated.tolist()
        for n, (rider, u, station) in enumerate(zip(riders, draws, self.station.tolist(), strict=True)):
            if courier_twin.ride(rider, u, careful[station], rates, p):
                rider.safe, rider.uses = False, set()
                place = Row(x=float(model.stations.x[station]), y=float(model.stations.y[station]))
                homes[n] = courier_twin.territory(place, words[n] / 2.0**64, estates, p).row
                motivated[n] = (words[n] % 65536 + 0.5) / 65536 < p.motivated
                seen["left"] += 1
        before = self.safe.copy()
        ride(self)
        assert self.safe.tolist() == [rider.safe for rider in riders]
        assert self.estate.tolist() == homes and self.motivated.tolist() == motivated
        found = [{kind for k, kind in enumerate(KINDS) if bits >> k & 1} for bits in self.uses.tolist()]
        assert found == [rider.uses for rider in riders]
        seen["careful"] += int((self.safe & ~before).sum())
        seen["careless"] += int((~self.safe & before).sum())
        seen.update(kind for rider in riders for kind in rider.uses)
        given["careless"] = Counter(home for home, rider in zip(homes, riders, strict=True) if not rider.safe)

    def reporting(self: Couriers) -> None:
        model, p, district = self.model, self.parameters, self.model.district
        motivated = Counter(self.estate[self.motivated].tolist())
        uniform = model.chance.uniform("courier reports", model.week, self._report).reshape(2, -1)
        waited, stays = self.waiting.copy(), model.hazards._stays.copy()
        had = model.authorities.hours[: district.communities].tolist()
        before = model.desks.hours[model.desks.block("community")].copy()
        report(self)
        if not model.policy_on:
            return
        taken = before - model.desks.hours[model.desks.block("community")]
        for community, hours in enumerate(had):
            rows = np.flatnonzero(district.community == community).tolist()
            estates = [
                Row(
                    valid=waited[0, row],
                    void=waited[1, row],
                    motivated=motivated[row],
                    households=int(district.households[row]),
                    hazards=float(model.hazards.charging[row]),
                )
                for row in rows
            ]
            for row, estate in zip(rows, estates, strict=True):
                means = courier_twin.expect(estate, p)
                estate.new_valid, estate.new_void = stats.poisson.ppf(uniform[:, row], means).tolist()
            assert courier_twin.report(estates, hours, p) == pytest.approx(taken[community], rel=1e-12)
            expected = [[estate.valid for estate in estates], [estate.void for estate in estates]]
            np.testing.assert_allclose(self.waiting[:, rows], expected, rtol=1e-12, atol=1e-12)
            removed = 1.0 - model.hazards._stays[rows] / stays[rows]
            np.testing.assert_allclose(removed, [estate.removed for estate in estates], rtol=1e-9, atol=1e-12)
            seen["removed"] += sum(estate.removed > 0.0 for estate in estates)
            seen["backlog"] += sum(estate.valid > 0.0 for estate in estates)

    def building(self: Hazards) -> None:
        model, p = self.model, self.model.scenario.couriers
        district = model.district
        usual = (1.0 - model.couriers.usual_share) * model.couriers.size / district.households.sum()
        estates = [
            Row(
                careless=given["careless"][row],
                households=int(district.households[row]),
                hazards=float(self.charging[row]),
                removed=1.0 - float(self._stays[row]),
            )
            for row in range(district.estates)
        ]
        for estate in estates:
            courier_twin.build(estate, usual, self.parameters.hazard_renewal, p)
        build(self)
        for name, column in (("source", self.source), ("lanes", self.lanes), ("hazards", self.charging)):
            np.testing.assert_allclose(column, [getattr(estate, name) for estate in estates], rtol=1e-12, atol=1e-15)

    monkeypatch.setattr(Couriers, "ride", riding)
    monkeypatch.setattr(Couriers, "report", reporting)
    monkeypatch.setattr(Hazards, "build", building)
    effects = {f"couriers.{name}": 0.5 for name in ("food_calms", "housing_stays", "medical_spares")}
    town({**effects, "couriers.services_act": "apart", "couriers.norm": norm, "couriers.report_cap": 0.01}).run(
        WEEKS, progress=False
    )
    assert all(seen[name] >= 5 for name in ("left", "careful", "careless", "removed", "backlog", *KINDS)), seen


# The page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("twin", [grievance_twin, voice_twin, queue_twin, courier_twin], ids=lambda twin: twin.__name__)
def test_the_page_prints_the_twin(twin: Any) -> None:
    """The page shows all of the file but its docstring, after a link to it."""
    name = twin.__name__.removeprefix("tests.support.")
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    (printed,) = re.findall(rf"\(\.\./tests/support/{name}\.py\)[^`]*\n\n```python\n(.*?)```", page, re.DOTALL)
    text = (ROOT / "tests" / "support" / f"{name}.py").read_text(encoding="utf-8")
    assert printed == text.partition("from __future__ import annotations\n\n")[2]
