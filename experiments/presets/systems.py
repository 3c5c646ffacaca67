"""What does each of the thirteen systems of the study move, and by how much?

Every system is switched on and off in the same world, with everything else alike: the table says for each its switch,
the outcome that it moves, the size and the interval.
"""

from __future__ import annotations

from experiments.analyses.study.systems import System
from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["QUESTION", "SYSTEMS", "System"]

QUESTION = N_("What does each of the thirteen systems of the study move, and by how much?")

FULL = {"coverage.strategy": "full"}
ALL = arrangement.changes()
"""Everything that the study describes, in ordinary times."""


SYSTEMS = (
    System("S1", N_("desks of community, street and district"), "desks.enabled", {}, {"desks.enabled": False},
           ("settled", "standing", "conflicts")),
    System("S2", N_("residents who move in and out"), "residents.enabled", {}, {"residents.enabled": False},
           ("conflicts", "withdrawn")),
    System("S3", N_("owners' committees"), "committees.enabled", {}, {"committees.enabled": False},
           ("committees", "attendance", "conflicts")),
    System("S4", N_("property firms"), "firms.enabled", {}, {"firms.enabled": False},
           ("fee_share", "effort_invisible", "conflicts")),
    System("S5", N_("branch coverage"), "coverage.strategy = full", FULL, {"coverage.strategy": "none"},
           ("filed", "standing", "conflicts")),
    System("S6", N_("three rights"), "empowerment.enabled", FULL | {"empowerment.enabled": True}, FULL,
           ("effort_invisible", "standing", "conflicts")),
    System("S7", N_("four-tier supervision"), "supervision.enabled", FULL | {"supervision.enabled": True}, FULL,
           ("resolution_reported", "resolution_true", "conflicts")),
    System("S8", N_("platform and cross-appointment"), "deliberation.enabled", FULL | {"deliberation.enabled": True},
           FULL, ("reply_median", "standing", "conflicts")),
    System("S9", N_("routine services"), "services.enabled, services.volunteers", FULL | {"services.volunteers": True},
           FULL | {"services.enabled": False}, ("hazards", "standing", "conflicts")),
    System("S10", N_("routine-emergency switching"), N_("emergency.switching (in an epidemic)"),
           FULL | {"emergency.enabled": True, "emergency.switching": True}, FULL | {"emergency.enabled": True},
           ("infected", "standing", "conflicts")),
    System("S11", N_("two-new organisations"), "enterprises.political, .economic, .social",
           {f"enterprises.{name}": True for name in ("political", "economic", "social")}, {},
           ("enterprises", "conflicts")),
    System("S12", N_("couriers"), "couriers.services, couriers.reporting",
           {"couriers.services": True, "couriers.reporting": True}, {}, ("riders_safe", "hazards", "conflicts")),
    System("S13", N_("the whole arrangement"), "--policy arrangement", ALL, {},
           ("order", "vitality", "standing", "conflicts")),
)  # fmt: skip
