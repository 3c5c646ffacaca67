"""Two-new organisations (M13): enterprises that live and close, organise, need help, and help in the estates.

The policy for them has three functions.  The political one founds party branches in them and lists their members; the
economic one opens a desk for their needs; the social one brings their members' hours into the estates.  What is given
to branches and estates is missing at work, and an enterprise that gives much closes sooner.

`Enterprises` has a row per place that an enterprise may take, `EnterpriseDesk` the queue of their needs,
`enterprises_equations` the exit hazard.
"""

from sim.stakeholders.enterprises.enterprises import Enterprise, Enterprises
from sim.stakeholders.enterprises.enterprises_equations import exit_factor
from sim.stakeholders.enterprises.enterprises_parameters import EnterprisesSection
from sim.stakeholders.enterprises.needs import NEEDS, EnterpriseDesk

__all__ = [
    "NEEDS",
    "Enterprise",
    "EnterpriseDesk",
    "Enterprises",
    "EnterprisesSection",
    "exit_factor",
]
