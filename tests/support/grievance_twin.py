"""M2 as plain loops over residents: what is said, what is felt, and who is in conflict (docs/model.md prints it)."""

from __future__ import annotations

import math
from typing import Any


def converse(speakers: list[Any], residents: list[Any], p: Any) -> list[tuple[int, int, float]]:
    """Who hears of which cause, and gains c; in the building or, with share v, in the estate."""
    heard = []
    for speaker in speakers:
        mean = p.contacts_open if speaker.open_case else p.contacts_conflict
        contacts, term = 0, math.exp(-mean)
        below = term
        while speaker.draw > below:
            contacts += 1
            term *= mean / contacts
            below += term
        home = residents[speaker.person]
        for scope, place in speaker.words[:contacts]:
            audience = [one.row for one in residents if one.estate == home.estate]
            if scope >= p.talk_estate:
                audience = [row for row in audience if residents[row].building == home.building]
            heard.append((audience[int(place * len(audience))], speaker.cause, p.talk_gain))
    return heard


def suffer(
    residents: list[Any], pushes: list[tuple[int, int, float]], returns: dict[int, Any], p: Any
) -> dict[int, int]:
    """h <- h 2^(-dt/tau) + S, and the cause of each conflict: the heaviest push, or what comes back."""
    conflicts = {}
    for person in {who for who, _, _ in pushes} | set(returns):
        resident = residents[person]
        mine = [(push, cause) for who, cause, push in pushes if who == person]
        resident.grievance *= 2.0 ** (-resident.idle / p.half_life)
        resident.grievance += sum(push for push, _ in mine)
        if resident.busy:
            continue
        if mine and resident.grievance > resident.threshold:
            conflicts[person] = max(mine, key=lambda felt: felt[0])[1]
        elif person in returns:
            resident.grievance = max(resident.grievance, returns[person].grievance)
            conflicts[person] = returns[person].cause
    return conflicts
