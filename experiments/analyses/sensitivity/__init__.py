"""Sensitivity: which parameters drive what the model says.

All analyses are about the *expected* outcome: sampling noise is taken out, and where it hides something, the report
says so.
"""

from __future__ import annotations

from experiments.analyses.sensitivity.import_runs import reread
from experiments.analyses.sensitivity.sensitivity_result import Sensitivity, sensitivity

__all__ = ["Sensitivity", "reread", "sensitivity"]
