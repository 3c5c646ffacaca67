"""A made-up comparison, to draw and to write about: its numbers come from a formula and mean nothing.

Every kind of verdict, exact equality, a missing arm and effects of either sign can be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from experiments.analyses.compare import comparison_report
from experiments.analyses.study.study_comparison import Study, table_findings
from experiments.core.statistics.regions import region
from experiments.reporting.document import draw_into, write_document
from sim.outcomes.inequality import GROUPS

SHIFTS = {
    # arm: relative change of conflicts, filed, standing, open; added hours; reporting hours
    "own": (-0.010, 0.04, 0.02, 0.03, 700, 240),
    "dispatched": (-0.012, 0.07, 0.08, 0.10, 260, 300),
    "joint": (-0.014, 0.08, 0.05, 0.06, 900, 330),
    "full": (-0.031, 0.124, 0.080, 0.130, 2030, 610),
    "random": (-0.015, 0.06, 0.041, 0.06, 1015, 305),
    "hotspot": (-0.028, 0.09, 0.030, 0.05, 1020, 310),
    "largest": (-0.024, 0.10, 0.055, 0.07, 1300, 330),
    "weakest": (-0.004, 0.05, 0.047, 0.05, 930, 290),
    "phased": (-0.022, 0.09, 0.060, 0.09, 1500, 450),
    "budget": (-0.025, 0.08, 0.020, 0.02, 1000, 280),
    "full, mediation alone": (0.012, 0.130, 0.020, 0.04, 2030, 610),
    "full, routine services alone": (-0.058, 0.110, 0.190, 0.30, 2030, 610),
    "full, dispatched": (-0.026, 0.120, 0.095, 0.15, 1400, 620),
    "hours_matched:full": (-0.024, 0.010, -0.210, -0.34, 2030, 0),
    "hours_matched_tied:full": (-0.012, 0.005, -0.090, -0.15, 2030, 0),
    "placebo:full": (0.014, 0.150, 0.350, 0.90, 0, 0),
    "placebo:full, no channel": (0.0, 0.0, 0.0, 0.0, 0, 0),
    "shuffled:full": (-0.029, 0.122, 0.084, 0.14, 2030, 610),
}
MORE = {
    "arrangement": (-0.112, 0.066, 0.037, 0.09, 2100, 640),
    "hours_matched:arrangement": (-0.020, 0.012, -0.190, -0.30, 2100, 0),
    **{
        f"arrangement, {name}": (-0.10 + 0.01 * place, 0.05, 0.03 - 0.01 * place, 0.05, 900 + 90 * place, 300)
        for place, name in enumerate(
            ("own", "dispatched", "joint", "random", "hotspot", "largest", "weakest", "phased", "budget")
        )
    },
    **{
        f"arrangement less {name}": (-0.112 + 0.012 * place, 0.06, 0.037 + 0.005 * place, 0.08, 1900, 600)
        for place, name in enumerate(
            ("rights", "station", "deliberation", "supervision", "meetings", "volunteers", "two-new", "couriers")
        )
    },
}
"""Arms that are made up where they are named."""
WAYS = {
    # of 100 conflicts: with no branches, and what a branch changes
    "tolerated": (28.0, -2.0),
    "self_begun": (35.0, -3.0),
    "filed_firm": (25.0, -1.5),
    "filed_committee": (5.0, -0.5),
    "filed_branch": (0.0, 9.0),
    "hotline": (7.0, -2.0),
    "filed_platform": (0.0, 0.0),
    "gathered": (0.0, 0.0),
}
LEVELS = {
    "conflicts": 12.0,
    "filed": 3.1,
    "standing": 1.2,
    "open": 4.5,
    "settled": 1.6,
    "satisfaction": 0.62,
    "hours": 4400.0,
    "reporting_hours": 0.0,
    "mediation_hours": 0.0,
    "routine_hours": 0.0,
    "hotline": 0.9,
    "reply_median": 15.2,
    "dispatched_hours": 0.0,
    "committee_hours": 985.0,
    "firm_hours": 3800.0,
}
BETTER = {
    "conflicts": "lower",
    "standing": "lower",
    "open": "lower",
    "satisfaction": "higher",
    "reply_median": "lower",
    "hours": "lower",
    "reporting_hours": "lower",
}


class Synthetic(SimpleNamespace):
    """What a comparison has that its readers read."""

    @property
    def effects(self) -> pd.DataFrame:
        effects: pd.DataFrame = self.table
        return effects

    @property
    def spec(self) -> SimpleNamespace:
        return SimpleNamespace(baseline=str(self.info["baseline"]), listed=self.scenario)


def district(estates: int = 200) -> SimpleNamespace:
    draw = np.random.default_rng(1)
    centres = draw.uniform(1, 12, (12, 2))
    place = centres[draw.integers(0, 12, estates)] + draw.normal(0, 0.6, (estates, 2))
    households = np.round(np.exp(draw.normal(6.1, 1.0, estates))).astype(int) + 5
    community = np.sort(draw.integers(0, 20, estates))
    return SimpleNamespace(
        estates=estates,
        names=np.array([f"Estate {number}" for number in range(estates)], dtype=object),
        x=place[:, 0],
        y=place[:, 1],
        households=households,
        adults=np.round(households * 1.9).astype(int),
        community=community,
        street=community // 5,
        communities=20,
        streets=4,
        firms=70,
        notes=["12 of 200 cells of `year` were empty and were drawn from the ages of the others."],
    )


def scenario() -> SimpleNamespace:
    rows = [
        ("run.weeks", 208, 208, "weeks", 53, 2000, "assumed", "Whole length of a run, warm-up included."),
        ("coverage.strategy", "none", "none", "name", None, None, "study", "Which estates get which branch."),
        (
            "branches.hours_per_member",
            1.5,
            0.5,
            "hours/week",
            0.2,
            2.0,
            "assumed",
            "Hours a member gives a week.",
        ),
        ("branches.enabled", True, True, "switch", None, None, "assumed", "Whether branches exist <at all>."),
        (
            "coverage.start_week",
            None,
            None,
            "week",
            0,
            None,
            "design",
            "First week; none is the end of warm-up.",
        ),
    ]
    return SimpleNamespace(
        get=lambda name: {row[0]: row[1] for row in rows}.get(name, 0.0),
        parameters=lambda: [
            {
                "name": name,
                "value": value,
                "default": default,
                "unit": unit,
                "low": low,
                "high": high,
                "sweep_low": low,
                "sweep_high": high,
                "status": status,
                "source": "a source",
                "doc": doc,
            }
            for name, value, default, unit, low, high, status, doc in rows
        ],
    )


def _row(arm: str, against: str, outcome: str, mean: float, level: float, noise: float, margin: float) -> dict:
    difference = mean - level
    low, high = difference - noise, difference + noise
    unit = "hours a week" if outcome.endswith("hours") else "per 1,000 households and week"
    return {
        "strategy": arm,
        "against": against,
        "outcome": outcome,
        "mean": mean,
        "difference": difference,
        "ci_low": low,
        "ci_high": high,
        "relative": difference / level if level else np.nan,
        "helped": 0.9,
        "p_adjusted": 0.012,
        "verdict": region(low, high, margin * abs(level), BETTER.get(outcome, "neither")),
        "replicates": 10,
        "replicates_needed": 14,
        "baseline_mean": level,
        "sim_low": low,
        "sim_high": high,
        "variance_saved": 37.0,
        "variance_saved_low": 9.5,
        "variance_saved_high": 148.0,
        "unit": unit,
        "better": BETTER.get(outcome, "neither"),
    }


def _mean(arm: str, outcome: str, sign: float) -> float:
    conflicts, filed, standing, open_cases, hours, reporting = (SHIFTS | MORE)[arm]
    change = {
        "conflicts": conflicts,
        "filed": filed,
        "standing": standing,
        "open": open_cases,
        "settled": filed - standing,
        "satisfaction": -standing / 20,
        "hotline": -filed / 3,
        "reply_median": open_cases / 2,
    }
    if outcome in change:
        return LEVELS[outcome] * (1 + sign * change[outcome])
    added = {
        "hours": hours,
        "reporting_hours": reporting,
        "mediation_hours": 0.7 * (hours - reporting),
        "routine_hours": 0.3 * (hours - reporting),
        "dispatched_hours": reporting / 3,
    }
    return LEVELS[outcome] + (0 if hours == 0 else added.get(outcome, 0))


def _groups(arms: list[str], sign: float, noise: float, margin: float) -> pd.DataFrame:
    """Make the effects in groups of estates: each group a tenth further from the mean than the one before it."""
    rows = []
    for place, group in enumerate(GROUPS):
        for outcome in ("conflicts", "standing"):
            level = LEVELS[outcome] * (1.0 + 0.1 * place)
            rows += [
                _row(
                    arm,
                    "none",
                    f"{outcome}_{group}",
                    _mean(arm, outcome, sign) * (1.0 + 0.1 * place),
                    level,
                    noise * level,
                    margin,
                )
                for arm in arms
            ]
    return pd.DataFrame(rows)


def comparison(
    sign: float = 1.0,
    noise: float = 0.006,
    arms: list[str] | None = None,
    margin: float = 0.02,
    replicates: int = 10,
    weeks: int = 208,
    warmup: int = 52,
    failed: bool = True,
) -> SimpleNamespace:
    """Make a comparison; `sign` turns all effects round, `noise` is the intervals' half width."""
    arms = list(SHIFTS) if arms is None else arms
    ground = district()
    rows = []
    for arm in ["none", *arms]:
        for outcome, level in LEVELS.items():
            if arm == "none":
                rows.append(_row(arm, "none", outcome, level, level, 0.0, margin))
                continue
            spread = 0.0 if "no channel" in arm else noise * max(level, 1000.0 if "hours" in outcome else level)
            rows.append(_row(arm, "none", outcome, _mean(arm, outcome, sign), level, spread, margin))
    pairs = [("full", "hours_matched:full"), ("full", "hours_matched_tied:full")]
    pairs += [("arrangement", "hours_matched:arrangement")]
    pairs += [(arm, "arrangement") for arm in arms if arm.startswith("arrangement less")]
    for policy, control in pairs:
        if control in arms and policy in arms:
            for outcome, level in LEVELS.items():
                rows.append(
                    _row(
                        policy,
                        control,
                        outcome,
                        _mean(policy, outcome, sign),
                        _mean(control, outcome, sign),
                        noise * max(level, 1.0),
                        margin,
                    )
                )
    draw = np.random.default_rng(2)
    week = np.arange(weeks)
    ramp = np.clip((week - warmup) / 26, 0, 1)
    series = []
    for replicate in range(replicates):
        shared = {name: 1 + 0.05 * draw.standard_normal() + 0.04 * draw.standard_normal(weeks) for name in LEVELS}
        for arm in ["none", *arms]:
            part = {"arm": arm, "district": 0, "replicate": replicate, "week": week}
            for name in ("conflicts", "filed", "standing", "open"):
                target = LEVELS[name] if arm == "none" else _mean(arm, name, sign)
                own = 0 if arm == "none" else 0.004 * draw.standard_normal(weeks) * (week >= warmup)
                part[name] = LEVELS[name] * shared[name] * (1 + ramp * (target / LEVELS[name] - 1) + own)
            for name in LEVELS:
                if name.endswith("hours"):
                    level = LEVELS[name] if arm == "none" else _mean(arm, name, sign)
                    part[name] = np.where(week < warmup, LEVELS[name], level)
            part["conflicts_all"] = np.full(weeks, 12.5)
            for name, (usual, moved) in WAYS.items():
                branch = arm != "none" and not arm.startswith("hours") and "no channel" not in arm
                part.setdefault(name, 0.125 * (usual + branch * sign * moved) * np.ones(weeks))
            series.append(pd.DataFrame(part))
    estates = []
    base = ground.households / 1000 * 12 * np.random.default_rng(4).gamma(0.5, 2, ground.estates)
    for arm in ["none", *arms]:
        shift = (0, 0, 0, 0, 0, 0) if arm == "none" else (SHIFTS | MORE)[arm]
        jitter = 1 + 0.05 * np.random.default_rng(5).standard_normal(ground.estates) * (arm != "none")
        estates.append(
            pd.DataFrame(
                {
                    "arm": arm,
                    "estate": ground.names,
                    "conflicts": base * jitter * (1 + sign * shift[0]),
                    "filed": base * 0.26 * jitter * (1 + sign * shift[1]),
                    "standing": base * 0.1 * jitter * (1 + sign * shift[2]),
                }
            )
        )
    info = {
        "question": "Do estate branches lower the dispute rate, and is it the branch or the hours?",
        "versions": {"python": "3.13.1", "numpy": "2.5.5", "gongzhi": "0.1.0"},
        "seeds": [
            {"district": 0, "replicate": replicate, "seed": str(11 + replicate)} for replicate in range(replicates)
        ],
        "baseline": "none",
        "model": "0.1.0+abcdef",
        "margin": margin,
        "warnings": [],
        "command": "gongzhi compare --replicates 10 --out results/compare",
        "revision": "abc1234",
        "complete": not failed,
        "weeks": weeks,
        "warmup": warmup,
        "replicates": replicates,
        "seconds": 214.0,
        "failed": [
            {
                "arm": "shuffled:full",
                "district": "0",
                "replicate": "3",
                "seed": "99",
                "message": "hours < 0 & rising",
            }
        ]
        if failed
        else [],
    }
    return Synthetic(
        table=pd.DataFrame(rows),
        further=None,
        assumed=None,
        deciding=pd.DataFrame(),
        size=(ground.estates, weeks - warmup),
        groups=_groups(arms, sign, noise, margin),
        series=pd.concat(series, ignore_index=True),
        margin=margin,
        estates=pd.concat(estates, ignore_index=True),
        district=ground,
        scenario=scenario(),
        info=info,
        design=pd.DataFrame(
            {
                "arm": arms,
                "replicate": 0,
                "changes": [json.dumps({"coverage.strategy": arm.partition(", ")[0]}) for arm in arms],
            }
        ),
    )


def policies(sign: float = 1.0, weeks: int = 70, replicates: int = 3) -> SimpleNamespace:
    """Make the comparison of both policies, with further arms on a smaller ground."""
    main = ["full", "arrangement", "hours_matched:full", "hours_matched:arrangement"]
    made, there = (
        comparison(sign, arms=arms, weeks=weeks, replicates=replicates, failed=False)
        for arms in (main, [*SHIFTS, *(arm for arm in MORE if not arm.startswith("hours"))])
    )
    made.size, there.size = (1034, weeks - 52), (120, 52)
    made.further = there
    return made


def studied(made: SimpleNamespace, outcomes: Sequence[str]) -> SimpleNamespace:
    """Return a comparison as that of a study of its second arm, against the first."""
    arms = list(dict.fromkeys(made.table["strategy"]))
    study = Study("s", "S", "Q?", {arm: {} for arm in arms}, tuple(outcomes), arms[1], tuple(outcomes[:2]))
    return SimpleNamespace(
        spec=SimpleNamespace(study=study),
        table=made.table,
        margin=made.margin,
        findings=table_findings(study, made.table),
    )


def write(result: SimpleNamespace, path: Path, figures: Mapping[str, Path], lang: str = "en") -> Path:
    """Write the report of a comparison that has no folder; return its path."""
    return write_document(comparison_report.document(result, figures), path, lang)


def draw_all(result: SimpleNamespace, folder: Path, lang: str = "en") -> dict[str, Path]:
    """Draw all figures of a comparison into `figures` of a folder; return their paths by name."""
    figures = comparison_report.figures(result)
    return {name: draw_into(folder / "figures", name, draw, lang) for name, draw in figures.items()}
