"""Owners' committees (M7): elected, irregular, and worth guiding.

A committee exists where owners once managed to hold a valid meeting: two thirds of them, by count and by
area.  Once a year they meet again; at the end of its term the committee must be elected anew, or it stops
working and at last lapses.  Elsewhere somebody may try to found one.  Whether people come depends on how
sore they are, on whether they trust the committee, and on whether somebody capable looks after things
without them.
"""

from sim.stakeholders.committees.committees import Committee, Committees
from sim.stakeholders.committees.committees_equations import (
    attendance_probability,
    integrity_fixed_point,
    is_quorate,
    needed,
    saturating,
    skill_after,
)
from sim.stakeholders.committees.committees_parameters import CommitteesSection

__all__ = [
    "Committee",
    "Committees",
    "CommitteesSection",
    "attendance_probability",
    "integrity_fixed_point",
    "is_quorate",
    "needed",
    "saturating",
    "skill_after",
]
