"""Calibration: which parameters reproduce the data, and which the data cannot tell apart.

`calibrate` is the whole of it; a file each for what is to be met (`target_set`), what stands in for runs (`emulator`),
what can be ruled out (`history_matching`), and how credible the rest is (`posterior`).
"""

from experiments.analyses.calibration.calibration import Calibration, calibrate

__all__ = ["Calibration", "calibrate"]
