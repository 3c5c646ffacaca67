"""What is not known, and how far a result reaches over it: the list of what is least known, and the range over it."""

from experiments.analyses.assumptions.least_known import Assumption, LeastKnown
from experiments.analyses.assumptions.over import Assumed, Sizes

__all__ = ["Assumed", "Assumption", "LeastKnown", "Sizes"]
