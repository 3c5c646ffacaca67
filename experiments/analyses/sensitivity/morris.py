"""Morris's screening: what one step of a parameter changes, at many places of the space of all others.

The elementary effect of a parameter is the change of the outcome for a move over its *whole* range (the change in a
step, over the share of the range that was stepped), in the outcome's own unit.  Over trajectories, its mean `mu` gives
the direction, the mean of its size `mu_star` the importance, and its standard deviation `sigma` how much it depends on
where the others stand (Morris 1991; Campolongo, Cariboni and Saltelli 2007).

With noise of standard deviation s in an effect's mean, `mu_star` of a parameter that does nothing is s * sqrt(2 / pi).
Here sizes and spreads are taken across replicates (see `cross_replicate`), so that noise alone has expectation zero.
Intervals are percentiles over resampled trajectories, which are independent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.sensitivity.cross_replicate import cross_product, refuse_single_replicate, signed_size
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.reporting.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOTHING", "NOT_ZERO", "ZERO", "elementary_effects", "passes_by_chance", "screened"]

NOT_ZERO: Final = N_("different from zero")
ZERO: Final = N_("not different from zero")
NOTHING: Final = N_("changed nothing")
"""What the interval of an index says; the last where not one run changed by a single bit."""

LEAST: Final = 4
"""Least number of trajectories that are analysed."""


def elementary_effects(layout: SamplingDesign, values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Effects of each parameter in every replicate, shape (trajectories, replicates), from `values` by point and
    replicate.

    An effect is NaN where a run at either of its two points failed.
    """
    roles = layout.roles[layout.roles["parameter"] != ""]
    change = (values[roles.index.to_numpy()] - values[roles["origin"].to_numpy()]) / roles["step"].to_numpy()[:, None]
    # One run that failed takes the whole effect along: what is left of its replicates could not be crossed.
    change[~np.isfinite(change).all(axis=1)] = np.nan
    names = roles["parameter"].to_numpy()
    return {name: change[names == name] for name in layout.names}


def screened(
    layout: SamplingDesign,
    values: NDArray[np.float64],
    *,
    corrected: bool = True,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 1,
) -> pd.DataFrame:
    """Screen all parameters, the most important first.

    `chance` is the mean size that an effect has by noise alone, which has been taken out of `mu_star`; `effects` is the
    number of trajectories used, and `lost` that of those in which a run failed.  `corrected` is False for a
    deterministic outcome, such as a known function.

    Raises
    ------
    StoreError
        There is a single replicate, so that chance cannot be told from effects, or hardly a trajectory is whole.
    """
    import pandas as pd

    from sim.errors import StoreError

    refuse_single_replicate(values, corrected)
    rng = np.random.default_rng(seed)
    rows = []
    for name, every in elementary_effects(layout, values).items():
        effects = every[np.isfinite(every).all(axis=1)]
        row = _row(effects, corrected, confidence, resamples, rng)
        rows.append({"parameter": name, **row, "effects": len(effects), "lost": len(every) - len(effects)})
    table = pd.DataFrame(rows)
    if table["effects"].max() < LEAST:
        raise StoreError(
            f"No parameter has {LEAST} effects, of {int(layout.units.max()) + 1} trajectories: the model "
            "refuses most points. Narrow the ranges with --parameters, or walk more trajectories."
        )
    order = ["parameter", "mu_star", "ci_low", "ci_high", "sigma", "mu", "chance", "effects", "lost", "says"]
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True, na_position="last")[order]


def passes_by_chance(layout: SamplingDesign, values: NDArray[np.float64], *, seed: int = 1) -> float:
    """Mean number of parameters that would differ from zero if none had an effect.

    Without an effect a size is as likely below zero as above, so that flipping signs at random makes such tables of the
    one that there is.  Many are screened at once, and few trajectories make short intervals.  What changed nothing at
    all cannot pass.
    """
    rng = np.random.default_rng(seed)
    passed = 0.0
    for every in elementary_effects(layout, values).values():
        sizes = signed_size(every[np.isfinite(every).all(axis=1)])
        if len(sizes) < 2 or not sizes.any():
            continue
        picks = rng.integers(len(sizes), size=(400, len(sizes)))
        flipped = sizes * rng.choice([-1.0, 1.0], size=(50, len(sizes)))
        passed += float((np.percentile(flipped[:, picks].mean(axis=-1), 2.5, axis=1) > 0.0).mean())
    return passed


def _row(
    effects: NDArray[np.float64], corrected: bool, confidence: float, resamples: int, rng: np.random.Generator
) -> dict[str, Any]:
    count, replicates = effects.shape
    # Drawn whatever there is, so that a parameter's interval does not hang on what became of the others.
    picks = rng.integers(max(count, 1), size=(resamples, max(count, 1)))
    names = "mu_star ci_low ci_high sigma mu chance".split()
    if count < 2:
        return dict.fromkeys(names, np.nan) | {"says": ZERO}
    if not effects.any():
        return dict.fromkeys(names, 0.0) | {"says": NOTHING}
    sizes = signed_size(effects, corrected)
    half = 100.0 * (1.0 - confidence) / 2.0
    low, high = np.percentile(sizes[picks].mean(axis=1), [half, 100.0 - half])
    away = effects - effects.mean(axis=0)
    spread = float(cross_product(away, away, corrected).sum()) / (count - 1)
    noise = float(effects.var(axis=1, ddof=1).mean()) / replicates if replicates > 1 else 0.0
    return {
        "mu_star": float(sizes.mean()),
        "ci_low": float(low),
        "ci_high": float(high),
        "sigma": float(np.sqrt(max(spread, 0.0))),
        "mu": float(effects.mean()),
        "chance": float(np.sqrt(2.0 / np.pi * noise)),
        "says": NOT_ZERO if low > 0.0 else ZERO,
    }
