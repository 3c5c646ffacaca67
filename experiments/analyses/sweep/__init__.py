"""Sweeps: the model at many points of what is not known, and what can be said over all of them."""

from experiments.analyses.sweep.swept import TABLE, Swept, sweep

__all__ = ["TABLE", "Swept", "sweep"]
