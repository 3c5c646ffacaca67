"""M3 as plain loops over channels: the utility of each, and the nested choice (docs/model.md prints it)."""

from __future__ import annotations

import math
from typing import Any

TRUSTED = {"firm": "firm", "committee": "committee", "branch": "branch", "hotline": "authority", "platform": "branch"}


def weigh(person: Any, estate: Any, p: Any) -> dict[str, float]:
    """Utility of each open channel, before noise."""
    utility = {"tolerate": p.base_tolerate}
    for channel in estate.channels:
        u = getattr(p, f"base_{channel}") + p.weight_success * estate.success[channel]
        u += p.weight_grievance * person.grievance + p.awareness * person.aware
        if channel != "self":
            u -= p.weight_wait * math.log(1.0 + estate.wait[channel])
        if channel in TRUSTED:
            u += p.weight_trust * person.trust[TRUSTED[channel]]
            spoken = estate.languages if channel in ("branch", "platform") else 0.0
            u -= p.foreign_barrier * (1.0 - spoken) * person.foreign
        if channel == "branch":
            u += p.weight_authority * estate.authority + estate.station_access
        utility[channel] = u
    return utility


def choose(utility: dict[str, float], noise: dict[str, float], dissimilarity: float) -> str:
    """The best old alternative, unless the best new channel exceeds it by more than t."""

    def total(channels: list[str]) -> float:
        return math.log(sum(math.exp(utility[channel]) for channel in channels))

    new = [channel for channel in utility if channel in ("branch", "platform")]
    old = [channel for channel in utility if channel not in new]
    best = max(old, key=lambda channel: utility[channel] + noise[channel])
    if not new:
        return best
    third = [channel for channel in old if channel in TRUSTED]
    nest = (1.0 - dissimilarity) * total(third) + dissimilarity * total(third + new)
    nobody = [channel for channel in old if channel not in third]
    before, after = total(old), math.log(math.exp(total(nobody)) + math.exp(nest))
    k = before - after + (nest - total(third + new) if best in third else 0.0)
    t = total(new) - before + k - math.log(1.0 - math.exp(k))
    door = max(new, key=lambda channel: utility[channel] + noise[channel])
    gap = utility[door] + noise[door] - utility[best] - noise[best]
    return door if gap > t else best
