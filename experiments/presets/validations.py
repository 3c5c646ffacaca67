"""What can the data tell, and what not?

`gongzhi validate` sets the model beside data, and beside rivals in which one mechanism at a time is taken out.  Each
rival is fitted again, by what the model itself was fitted by (the seven rates of incidents and how fast parties are
met), so that it fails by its structure and not by its level.  What a rival reproduces is no evidence for what it lacks.
"""

from __future__ import annotations

from experiments.analyses.validation.validation import Null
from experiments.reporting.catalogue import N_

__all__ = ["NULLS", "QUESTION"]

QUESTION = N_("Which patterns does the model reproduce, and which of them would be there without its mechanisms?")

_SILENT = {"grievances.contacts_conflict": 0.0, "grievances.contacts_open": 0.0}
_ALIKE = {"incidents.heterogeneity": 0.0, "incidents.shock_rate": 0.0}
_EVEN = {"incidents.common_severity_log_sd": 0.0, "incidents.extent_log_sd": 0.0, "incidents.shock_rate": 0.0}
_AMPLE = {
    "desks.hours_community": 2000.0, "desks.hours_street": 5000.0, "desks.hours_district": 10000.0,
    "firms.hours_per_500": 200.0, "committees.hours": 200.0,
}  # fmt: skip
_PROMPT = {"desks.meeting": 1.0, "desks.handoffs_simple": 0, "desks.handoffs_complex": 0}
_HOURS = ("desks.hours_community", "desks.hours_street", "desks.hours_district", "firms.hours_per_500",
          "committees.hours")

NULLS = {
    N_("no talk"): Null(
        N_("talk"), N_("nobody talks to others about a conflict or an open case"), _SILENT),
    N_("no heterogeneity"): Null(
        N_("lasting differences between estates"),
        N_("all estates have the same character, and no external shocks strike"), _ALIKE),
    N_("no bursts"): Null(
        N_("bursts from shared causes"),
        N_("all incidents of a kind are equally grave and wide, and no external shocks strike"), _EVEN),
    N_("independent"): Null(
        N_("talk, lasting differences and bursts together"),
        N_("none of the three: what is left is size, ground and chance"), _SILENT | _ALIKE | _EVEN),
    N_("no size"): Null(
        N_("rates that grow with size"),
        N_("incidents in buildings begin as often in small estates as in large ones"),
        {"incidents.size_elasticity": 0.0}),
    N_("latency alone"): Null(
        N_("load"), N_("desks have unlimited hours; a case waits only until its parties are met"), _AMPLE),
    N_("load alone"): Null(
        N_("latency"),
        N_("parties are there at once; a case waits only for hours, of which desks have fewer"), _PROMPT,
        tuned=_HOURS, power=0.5),
    N_("no queue"): Null(
        N_("waiting of any kind"), N_("desks have unlimited hours and parties are there at once"),
        _AMPLE | _PROMPT, tuned=()),
    N_("no judgement"): Null(
        N_("judgement by experience"),
        N_("trust, expected success and expected wait do not enter the choice of a channel, and trust does not learn"),
        {"voice.weight_trust": 0.0, "voice.weight_success": 0.0, "voice.weight_wait": 0.0, "trust.enabled": False}),
}  # fmt: skip
"""The rivals, by the name of their arm."""
