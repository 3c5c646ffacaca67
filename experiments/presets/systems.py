"""What does each of the thirteen systems of the study move, and by how much?

Every system is switched on and off in the same world, with everything else alike: the table says for each its switch,
the outcome that it moves, the size and the interval.
"""

from __future__ import annotations

from experiments.analyses.study.systems_table import System
from experiments.reporting.catalogue import N_
from sim import arrangement

__all__ = ["QUESTION", "SYSTEMS", "System"]

QUESTION = N_("What does each of the thirteen systems of the study move, and by how much?")

FULL = {"coverage.strategy": "full"}
ALL = arrangement.changes()
"""Everything that the study describes, in ordinary times."""


SYSTEMS = (
    System(
        "S1",
        N_("desks of community, street and district"),
        "desks.enabled",
        on={},
        off={"desks.enabled": False},
        outcomes=("settled", "standing", "conflicts"),
    ),
    System(
        "S2",
        N_("residents who move in and out"),
        "residents.enabled",
        on={},
        off={"residents.enabled": False},
        outcomes=("conflicts", "withdrawn"),
    ),
    System(
        "S3",
        N_("owners' committees"),
        "committees.enabled",
        on={},
        off={"committees.enabled": False},
        outcomes=("committees", "attendance", "conflicts"),
    ),
    System(
        "S4",
        N_("property firms"),
        "firms.enabled",
        on={},
        off={"firms.enabled": False},
        outcomes=("fee_share", "effort_invisible", "conflicts"),
    ),
    System(
        "S5",
        N_("branch coverage"),
        "coverage.strategy = full",
        on=FULL,
        off={"coverage.strategy": "none"},
        outcomes=("filed", "standing", "conflicts"),
    ),
    System(
        "S6",
        N_("three rights"),
        "empowerment.enabled",
        on=FULL | {"empowerment.enabled": True},
        off=FULL,
        outcomes=("effort_invisible", "standing", "conflicts"),
    ),
    System(
        "S7",
        N_("four-tier supervision"),
        "supervision.enabled",
        on=FULL | {"supervision.enabled": True},
        off=FULL,
        outcomes=("resolution_reported", "resolution_true", "conflicts"),
    ),
    System(
        "S8",
        N_("platform and cross-appointment"),
        "deliberation.enabled",
        on=FULL | {"deliberation.enabled": True},
        off=FULL,
        outcomes=("reply_median", "standing", "conflicts"),
    ),
    System(
        "S9",
        N_("routine services"),
        "services.enabled, services.volunteers",
        on=FULL | {"services.volunteers": True},
        off=FULL | {"services.enabled": False},
        outcomes=("hazards", "standing", "conflicts"),
    ),
    System(
        "S10",
        N_("routine-emergency switching"),
        N_("emergency.switching (in an epidemic)"),
        on=FULL | {"emergency.enabled": True, "emergency.switching": True},
        off=FULL | {"emergency.enabled": True},
        outcomes=("infected", "standing", "conflicts"),
    ),
    System(
        "S11",
        N_("two-new organisations"),
        "enterprises.political, .economic, .social",
        on={f"enterprises.{name}": True for name in ("political", "economic", "social")},
        outcomes=("enterprises", "conflicts"),
    ),
    System(
        "S12",
        N_("couriers"),
        "couriers.services, couriers.reporting",
        on={"couriers.services": True, "couriers.reporting": True},
        outcomes=("riders_safe", "hazards", "conflicts"),
    ),
    System(
        "S13",
        N_("the whole arrangement"),
        "--policy arrangement",
        on=ALL,
        outcomes=("order", "vitality", "standing", "conflicts"),
    ),
)
