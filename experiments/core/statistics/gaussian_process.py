"""Gaussian processes in the place of runs: fitted to means with known noise, and judged at points left out in turn."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def fitted(kernel: Any, points: Array, values: Array, noise: float | Array, **options: Any) -> Any:
    """Fit scikit-learn's `GaussianProcessRegressor`, whose options these are.

    Points and values have shapes (points, parameters) and (points,); `noise` is the variance of all or of each.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor

    process = GaussianProcessRegressor(kernel, alpha=noise, **options)
    with warnings.catch_warnings():
        # A length at the end of what is allowed is that of a parameter which does nothing: a result, and no failure.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(points, values)


def leave_one_out(process: Any) -> tuple[Array, Array]:
    """Leave out each point in turn, by the closed form (Rasmussen and Williams 2006, 5.4.2).

    Weight and precision of each point are in the process' units: what is expected of a point that is left out misses
    it by its weight over its precision, with a variance of one over its precision.

    Examples
    --------
    >>> from sklearn.gaussian_process.kernels import RBF
    >>> line = np.linspace(0.0, 1.0, 5)[:, None]
    >>> weights, precisions = leave_one_out(fitted(RBF(), line, line[:, 0], 1e-6))
    >>> bool(np.abs(weights / precisions).max() < 0.02)
    True
    """
    inverse = np.linalg.inv(process.kernel_(process.X_train_) + np.eye(len(process.X_train_)) * process.alpha)
    return inverse @ process.y_train_, np.diag(inverse)
