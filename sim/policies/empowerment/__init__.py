"""Empowerment (M10): three rights of the branch, and what each of them costs.

`Evaluation` is the right to evaluate and help select firms and committees, `MicroProjects` the right to lead
livelihood micro-projects, `Awards` the right to recommend for awards.  `Empowerment` says who holds the rights,
asks for the hours that they take, trains secretaries and holds branches to account.  `empowerment_equations`
has the decisions as functions of numbers alone.
"""

from sim.policies.empowerment.awards import Awards
from sim.policies.empowerment.empowerment import Empowerment
from sim.policies.empowerment.empowerment_parameters import EmpowermentSection
from sim.policies.empowerment.evaluation import Evaluation
from sim.policies.empowerment.projects import MicroProjects

__all__ = ["Awards", "Empowerment", "EmpowermentSection", "Evaluation", "MicroProjects"]
