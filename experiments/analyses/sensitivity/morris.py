"""Morris's screening: what one step of a parameter changes, at many places of the space of all others.

The elementary effect of a parameter is the change of the outcome for a move over its *whole* range (the change in a
step, over the share of the range that was stepped), in the outcome's own unit.  Over trajectories, its mean `mu` gives
the direction, the mean of its size `mu_star` the importance, and its standard deviation `sigma` how much it depends on
where the others stand (Morris 1991; Campolongo, Cariboni and Saltelli 2007).

With noise of standard deviation s in an effect's mean, `mu_star` of a parameter that does nothing is s * sqrt(2 / pi).
Here sizes and spreads are taken across replicates (see `cross_replicate`), so that noise alone has expectation zero.
Intervals are percentiles over resampled trajectories, which are independent.
"""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.sensitivity.cross_replicate import ENDS, SEED, check_replicates, cross_product, signed_size
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.reporting.catalogue import N_
from sim.core.errors import StoreError

Array = NDArray[np.float64]

NOT_ZERO: Final = N_("different from zero")
ZERO: Final = N_("not different from zero")
NOTHING: Final = N_("changed nothing")
"""What the interval of an index says; the last where not one run changed by a single bit."""
LEAST: Final = 4
"""Least number of trajectories that are analysed."""


def elementary_effects(layout: SamplingDesign, values: Array) -> dict[str, Array]:
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


def screened(layout: SamplingDesign, values: Array, *, corrected: bool = True, resamples: int = 2000) -> pd.DataFrame:
    """Screen all parameters, the most important first; refuse a single replicate, and hardly a whole trajectory.

    `chance` is the mean size that an effect has by noise alone, which has been taken out of `mu_star`; `effects` is the
    number of trajectories used, and `lost` that of those in which a run failed.  `corrected` is False for a
    deterministic outcome, such as a known function.
    """
    check_replicates(values, corrected)
    rng = np.random.default_rng(SEED)
    rows = []
    for name, every in elementary_effects(layout, values).items():
        effects = every[np.isfinite(every).all(axis=1)]
        # Drawn whatever there is, so that a parameter's interval does not hang on what became of the others.
        picks = rng.integers(max(len(effects), 1), size=(resamples, max(len(effects), 1)))
        *sizes, says = _estimates(effects, picks, corrected)
        rows.append((name, *sizes, len(effects), len(every) - len(effects), says))
    table = pd.DataFrame(rows, columns="parameter mu_star ci_low ci_high sigma mu chance effects lost says".split())
    if table["effects"].max() < LEAST:
        raise StoreError(
            f"No parameter has {LEAST} effects, of {int(layout.units.max()) + 1} trajectories: the model "
            "refuses most points. Narrow the ranges with --parameters, or walk more trajectories."
        )
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True, na_position="last")


def _estimates(effects: Array, picks: NDArray[np.int64], corrected: bool) -> tuple[Any, ...]:
    """Return mu_star, its interval, sigma, mu, chance, and what the interval says."""
    count, replicates = effects.shape
    if count < 2:
        return (*[np.nan] * 6, ZERO)
    if not effects.any():
        return (*[0.0] * 6, NOTHING)
    sizes = signed_size(effects, corrected)
    low, high = np.percentile(sizes[picks].mean(axis=1), ENDS)
    away = effects - effects.mean(axis=0)
    spread = float(cross_product(away, away, corrected).sum()) / (count - 1)
    noise = float(effects.var(axis=1, ddof=1).mean()) / replicates if replicates > 1 else 0.0
    sigma, chance = np.sqrt(max(spread, 0.0)), np.sqrt(2.0 / np.pi * noise)
    return sizes.mean(), low, high, sigma, effects.mean(), chance, NOT_ZERO if low > 0.0 else ZERO


def passes_by_chance(layout: SamplingDesign, values: Array) -> float:
    """Mean number of parameters that would differ from zero if none had an effect.

    Without an effect a size is as likely below zero as above, so that flipping signs at random makes such tables of the
    one that there is.  Many are screened at once, and few trajectories make short intervals.  What changed nothing at
    all cannot pass.
    """
    rng = np.random.default_rng(SEED)
    passed = 0.0
    for every in elementary_effects(layout, values).values():
        sizes = signed_size(every[np.isfinite(every).all(axis=1)])
        if len(sizes) < 2 or not sizes.any():
            continue
        picks = rng.integers(len(sizes), size=(400, len(sizes)))
        flipped = sizes * rng.choice([-1.0, 1.0], size=(50, len(sizes)))
        passed += float((np.percentile(flipped[:, picks].mean(axis=-1), 2.5, axis=1) > 0.0).mean())
    return passed
