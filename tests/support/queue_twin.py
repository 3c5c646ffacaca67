"""M4 as plain loops over cases: the week at the desks, and what settles a case (docs/model.md prints it)."""

from __future__ import annotations

import math
from typing import Any


def work(queue: list[Any], desks: list[Any], week: int) -> None:
    """First come, first served within urgency; a desk spreads its hours evenly over the week."""
    for desk in desks:
        desk.spent = 0.0
    for urgency in range(4):
        for case in queue:
            if case.urgency != urgency:
                continue
            desk = desks[case.desk]
            hours = max(min(case.work / desk.speed, desk.hours - desk.spent), 0.0)
            desk.spent += hours
            case.work -= hours * desk.speed
            if case.work <= 1e-9 * desk.speed * hours:  # rounding leaves dust
                case.done = min(max(week + desk.spent / desk.hours, case.begin + hours / desk.hours), week + 1)


def urgency(category: str, alive: bool, on_agenda: bool) -> int:
    """What is dangerous goes first, then what persists, then what is over; off a session's agenda last."""
    if category == "charging":
        return 0
    return 3 if not on_agenda else 1 if alive else 2


def settlement(case: Any, parties: int, p: Any) -> tuple[float, bool]:
    """The logit of an agreement, and whether there is one, by the draw of the case."""
    against_firm = case.category in ("service", "facility", "fees")
    against_committee = case.category == "committee"
    interest = float((case.handler == "firm" and against_firm) or (case.handler == "committee" and against_committee))
    if case.handler == "committee" and against_firm:
        interest = 1.0 - case.integrity
    if case.handler == "branch" and (against_firm or against_committee):
        interest = min(case.insiders + case.captured, 1.0)
    authority = case.authority if against_firm or against_committee else 0.0
    logit = p.settle_constant + p.settle_legitimacy * case.trust + p.settle_knowledge * case.knowledge
    logit += p.settle_authority * authority - p.settle_severity * math.log(max(case.grievance / case.threshold, 1.0))
    logit += p.settle_numbers * math.log(parties) - p.settle_interest * interest
    return logit, case.informed or case.draw < 1.0 / (1.0 + math.exp(-logit))
