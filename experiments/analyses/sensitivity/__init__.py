"""Sensitivity: which parameters drive what the model says.

All analyses are about the *expected* outcome: sampling noise is taken out, and where it hides something, the report
says so.
"""

from experiments.analyses.sensitivity.sensitivity_result import Sensitivity, reread, sensitivity

__all__ = ["Sensitivity", "reread", "sensitivity"]
