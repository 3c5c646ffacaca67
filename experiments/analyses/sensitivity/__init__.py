"""Sensitivity: which of all the things that nobody knows well drive what the model says.

Screening (`morris`) varies every declared parameter a little, indices (`sobol`) divide the variance of the outcome
among the few that matter, and a tornado (`tornado`) shows what each of these does alone.  All three are about the
*expected* outcome: sampling noise is taken out, and where it hides something, the report says so.
"""

from __future__ import annotations

from experiments.analyses.sensitivity.import_runs import reread
from experiments.analyses.sensitivity.sensitivity_result import Sensitivity, sensitivity

__all__ = ["Sensitivity", "reread", "sensitivity"]
