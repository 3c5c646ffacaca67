"""What may round the last digit of a result differently: libraries and the processor, in one line of text."""

from __future__ import annotations

import platform
from typing import Any, Final

import numpy as np
import scipy
from threadpoolctl import threadpool_info

__all__ = ["HERE", "TOLERANCE", "close"]

TOLERANCE: Final = 1e-6
"""Relative difference that another way to round may make."""


def _here() -> str:
    """Describe this machine; Python's version is no part of it, since it rounds nothing."""
    shown: Any = np.show_config(mode="dicts")
    blas = shown["Build Dependencies"]["blas"]
    features = shown["SIMD Extensions"]
    # Which of its kernels OpenBLAS takes depends on the processor, and on OPENBLAS_CORETYPE.
    kernels = sorted({library["architecture"] for library in threadpool_info() if "architecture" in library})
    words = [
        f"numpy {np.__version__}",
        f"scipy {scipy.__version__}",
        f"{blas.get('name')} {blas.get('version')}",
        " ".join(filter(None, (platform.system(), *platform.libc_ver()))),
        platform.machine(),
        " ".join(["features", *features.get("baseline", []), *features.get("found", [])]),
        " ".join(["kernels", *kernels]),
    ]
    return "; ".join(words)


HERE: Final = _here()


def close(one: str, two: str) -> bool:
    """Tell whether two cells hold the same text, or numbers that differ by no more than rounding explains."""
    if one == two:
        return True
    try:
        here, there = float(one), float(two)
    except ValueError:
        return False
    # One way to round may leave a tiny number where another leaves none.
    return bool(np.isclose(here, there, rtol=TOLERANCE, atol=1e-12, equal_nan=True))
