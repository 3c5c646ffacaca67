"""Which part of a policy does it: the policy taken apart."""

from experiments.analyses.ablation.ablation import Ablation, ablate

__all__ = ["Ablation", "ablate"]
