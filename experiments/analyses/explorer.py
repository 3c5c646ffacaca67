"""Sliders in a report: what an effect would be between the points that were run, with an interval, on the page itself.

A sparse polynomial (`SparsePolynomial`) is fitted to each effect over the points of a design that fills a space, and is
written into the page, where a few lines of JavaScript evaluate it: no network, no server, no run.  What somebody
decides and what nobody knows are moved in panels of their own.  An effect that the polynomial does not stand for is
refused in words, and so is a state outside of the region that was run.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.core.design.arms import matched
from experiments.core.design.axes import Axis
from experiments.core.design.decisions import is_decision
from experiments.core.design.design import Design
from experiments.core.design.plan import Plan
from experiments.core.statistics.measures import better
from experiments.core.statistics.sparse_polynomial import FEWEST, LEAST_Q2, LEVEL, Array, SparsePolynomial
from experiments.reporting.dust import least
from experiments.reporting.finding import Block, Finding
from sim import Scenario

SPREAD: Final = ("factorial", "latin", "sobol", "table")
"""Designs whose points fill a space; of what is between those of others nothing is known."""
MOST: Final = 24
"""Effects that a page holds at most."""


@dataclass(frozen=True)
class Response:
    """What was seen of an outcome at the points, or of what an arm changes of it; NaN where it is not known.

    It is a share of what the arm is set against where it is `relative`; within plus or minus `margin` of that it does
    not matter.
    """

    outcome: str
    arm: str
    against: str
    values: NDArray[np.float64] = field(repr=False)
    relative: bool = False
    margin: float = 0.0


@dataclass(frozen=True)
class Explored:
    """What sliders are made of: points of a `kind`, over `axes` (none of a user's own table), and what was seen there.

    All runs share the `scenario`, of which `arms` are changes, by label; `sizes` are ``replicates`` and ``seed`` of the
    design, and `options` what a command needs besides to make the same world, as it is typed.
    """

    kind: str
    axes: Sequence[Axis]
    points: pd.DataFrame = field(repr=False)
    responses: Sequence[Response]
    scenario: Scenario = field(repr=False)
    arms: Mapping[str, Mapping[str, Any]]
    sizes: Mapping[str, int]
    options: str = ""

    @classmethod
    def of_plan(cls, plan: Plan, responses: Sequence[Response], design: Design) -> Explored:
        """Return what was seen at the points of a plan, whose runs are those of `design`."""
        return cls(
            plan.kind,
            plan.axes,
            plan.points,
            responses,
            plan.scenario,
            plan.arms,
            sizes={"replicates": plan.replicates, "seed": plan.seed},
            options=options_of(plan.district is not None, design),
        )


def explorer(explored: Explored) -> Block | None:
    """Return the sliders, or why there are none; nothing where nothing was seen."""
    responses = [response for response in explored.responses if np.isfinite(response.values).any()][:MOST]
    if not responses:
        return None
    known = max(int(np.isfinite(response.values).sum()) for response in responses)
    why = Finding("explorer.too_few", points=known, least=FEWEST) if known < FEWEST else None
    if explored.kind not in SPREAD:
        why = Finding("explorer.walks")
    if why is not None:
        return Block("explorer.explorer", method=why, refused=[], effects=[], panels=[], model={})
    axes = [_axis(str(name), explored) for name in explored.points]
    inputs = inputs_of(axes, explored.points)
    fits = [(response, _fitted(inputs, response.values)) for response in responses]
    sound = [(response, fit) for response, fit in fits if fit and fit.sound]
    refused = [_refusal(response, fit) for response, fit in fits if not (fit and fit.sound)]
    method = Finding("explorer.method", points=len(explored.points), level=LEVEL, least=LEAST_Q2, kept=len(sound))
    rows = {row["name"]: row for row in explored.scenario.parameters()}
    facts = [
        {**rows.get(axis.name, {"name": axis.name}), "place": place, "axis": axis} for place, axis in enumerate(axes)
    ]
    panels = [[row for row in facts if is_decision(row) is decided] for decided in (True, False)]
    return Block(
        "explorer.explorer",
        method=method,
        refused=refused,
        effects=[_named(response) for response, _ in sound],
        panels=panels if sound else [],
        model=_model(explored, axes, sound) if sound else {},
    )


def options_of(own: bool, design: Design, home: str = "") -> str:
    """Return what a command needs besides to make the same world: the user's own district and plugin.

    A district lies in the folder of the results, in its part `home`.
    """
    parts = [f"--district {home}district-0.csv"] if own else []
    return " ".join([*parts, *([f"--plugin {shlex.quote(design.plugin.name)}"] if design.plugin else [])])


def _fitted(inputs: Array, values: Array) -> SparsePolynomial | None:
    known = np.isfinite(values)
    return SparsePolynomial.fit(inputs[known], values[known]) if known.sum() >= FEWEST else None


def _named(response: Response) -> Finding:
    return Finding("explorer.effect", outcome=response.outcome, arm=response.arm, against=response.against)


def _refusal(response: Response, fit: SparsePolynomial | None) -> Finding:
    if fit is None:
        known = int(np.isfinite(response.values).sum())
        return Finding("explorer.unknown", effect=_named(response), points=known, least=FEWEST)
    if math.isnan(fit.q2):
        return Finding("explorer.same", effect=_named(response))
    return Finding("explorer.refused", effect=_named(response), q2=fit.q2, least=LEAST_Q2)


def _axis(name: str, explored: Explored) -> Axis:
    """Return the axis of a parameter; of a user's own table, the one over which its values go."""
    own = next((axis for axis in explored.axes if axis.name == name), None)
    if own is not None:
        return own
    values = list(dict.fromkeys(explored.points[name].tolist()))
    if len(values) == 1 or any(isinstance(value, str | bool) or value is None for value in values):
        return Axis(name, levels=tuple(values))
    return Axis(name, float(min(values)), float(max(values)), all(isinstance(value, int) for value in values))


def is_named(axis: Axis) -> bool:
    """Return whether an axis has levels without an order."""
    return any(isinstance(level, str | bool) or level is None for level in axis.levels)


def shares_of(axis: Axis, values: Sequence[Any]) -> Array:
    """How far along an axis values are, 0 to 1; of names, which of them."""
    if is_named(axis):
        return np.array([axis.levels.index(value) for value in values], dtype=float)
    if axis.levels:
        low, high = min(axis.levels), max(axis.levels)
        return (np.asarray(values, dtype=float) - low) / ((high - low) or 1.0)
    return axis.shares(values)


def inputs_of(axes: Sequence[Axis], points: pd.DataFrame) -> Array:
    """Return what a polynomial takes, from -1 to 1: one input for each parameter, and one for each name but the first.

    Examples
    --------
    >>> axes = [Axis("a", 0.0, 4.0), Axis("b", levels=("x", "y", "z"))]
    >>> inputs_of(axes, pd.DataFrame({"a": [0.0, 3.0], "b": ["x", "z"]})).tolist()
    [[-1.0, -1.0, -1.0], [0.5, -1.0, 1.0]]
    """
    columns: list[Array] = []
    for axis in axes:
        shares = shares_of(axis, points[axis.name].tolist())
        if is_named(axis):
            columns += [np.where(shares == level, 1.0, -1.0) for level in range(1, len(axis.levels))]
        else:
            columns.append(2.0 * shares - 1.0)
    return np.stack(columns, axis=1) if columns else np.empty((len(points), 0))


def _distances(axes: Sequence[Axis], points: pd.DataFrame, targets: pd.DataFrame) -> Array:
    """How far points are from targets, in shares of the ranges; another name is one range away."""
    total = np.zeros((len(points), len(targets)))
    for axis in axes:
        first, second = (shares_of(axis, table[axis.name].tolist()) for table in (points, targets))
        gap = np.abs(first[:, None] - second[None, :])
        total += np.minimum(gap, 1.0) ** 2 if is_named(axis) else gap**2
    return np.sqrt(total)


def _reach(explored: Explored, axes: Sequence[Axis]) -> float | None:
    """How far from all points is outside: farther than any of them is from the next; None where ranges are the limits.

    The points of a grid fill their ranges, so that nothing within these is outside.
    """
    if explored.kind == "factorial":
        return None
    distances = _distances(axes, explored.points, explored.points)
    distances[distances == 0.0] = np.inf
    return float(f"{float(distances.min(axis=1).max()):.6g}")


def _start(explored: Explored, axes: Sequence[Axis], reach: float | None) -> list[Any]:
    """Return where the sliders stand first: the usual values, or the point that was run nearest to them."""
    usual = []
    for axis in axes:
        value, levels = explored.scenario.get(axis.name), axis.levels
        if levels and value not in levels:
            value = levels[0] if is_named(axis) else min(levels, key=lambda level: abs(level - (value or 0)))
        elif not levels:
            value = axis.low if value is None else min(max(value, axis.low), axis.high)
        usual.append(value)
    place = pd.DataFrame([usual], columns=[axis.name for axis in axes], dtype=object)
    distances = _distances(axes, place, explored.points)[0]
    if reach is None or distances.min() <= reach:
        return usual
    return explored.points.iloc[int(distances.argmin())].tolist()


def _model(
    explored: Explored, axes: Sequence[Axis], sound: Sequence[tuple[Response, SparsePolynomial]]
) -> dict[str, Any]:
    """Return what the page evaluates, as plain data."""
    reach = _reach(explored, axes)
    plain = type(explored.scenario)()
    common = {name: value for name, (value, _) in explored.scenario.differences(plain).items()}
    return {
        "axes": [
            {
                "name": axis.name,
                "kind": "levels" if axis.levels else "log" if axis.log else "linear",
                "low": min(axis.levels) if axis.levels and not is_named(axis) else axis.low,
                "high": max(axis.levels) if axis.levels and not is_named(axis) else axis.high,
                "whole": axis.whole,
                "levels": list(axis.levels),
                "named": is_named(axis),
            }
            for axis in axes
        ],
        "start": [_plain(value) for value in _start(explored, axes, reach)],
        "points": [[_plain(value) for value in row] for row in explored.points.itertuples(index=False)],
        "reach": reach,
        "level": LEVEL,
        "effects": [_surface(response, fit) for response, fit in sound],
        "common": _settings(common),
        "arms": {label: _settings(changes) for label, changes in explored.arms.items()},
        "together": [
            label
            for label, changes in explored.arms.items()
            if matched(str(changes.get("coverage.strategy", common.get("coverage.strategy", ""))))
        ],
        **explored.sizes,
        "options": explored.options,
        "outcomes": list(dict.fromkeys(response.outcome for response, _ in sound)),
    }


def _surface(response: Response, fit: SparsePolynomial) -> dict[str, Any]:
    scale, lowest = (100.0, least(response.outcome)) if response.relative else (1.0, -math.inf)
    return {
        "outcome": response.outcome,
        "arm": response.arm,
        "against": response.against,
        "better": better(response.outcome) if response.against else "neither",
        "scale": scale,
        "margin": scale * response.margin,
        "least": lowest if math.isfinite(lowest) else None,
        "q2": float(f"{fit.q2:.3g}"),
        "terms": [[list(factor) for factor in term] for term in fit.terms],
        "coefficients": fit.coefficients.tolist(),
        "residuals": fit.residuals.tolist(),
        "fold": fit.fold.tolist(),
        "seen": [float(f"{value:.6g}") if math.isfinite(value) else None for value in response.values.tolist()],
    }


def _settings(changes: Mapping[str, Any]) -> list[list[Any]]:
    return [[name, _plain(value)] for name, value in changes.items()]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    value = value.item() if hasattr(value, "item") else value
    return str(value) if isinstance(value, Path) else value
