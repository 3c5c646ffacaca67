"""The words that all components share, and the numbers that stand for them in columns.

Categories of incidents, channels of voice, institutions that are trusted, kinds of desks, ends of cases.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CATEGORIES", "CHANNELS", "DESKS", "ENDS", "INSTITUTIONS", "NEIGHBOURLY"]

CATEGORIES: Final = ("service", "facility", "parking", "noise", "charging", "fees", "committee")
SERVICE, FACILITY, PARKING, NOISE, CHARGING, FEES, COMMITTEE = range(7)

NEIGHBOURLY: Final = (PARKING, NOISE, CHARGING)
"""Categories in which the other side is another resident; in all others it is a firm or a committee."""

CHANNELS: Final = ("tolerate", "self", "firm", "committee", "branch", "hotline", "platform", "collective")
TOLERATE, SELF, TO_FIRM, TO_COMMITTEE, TO_BRANCH, TO_HOTLINE, TO_PLATFORM, TO_COLLECTIVE = range(8)

INSTITUTIONS: Final = ("firm", "committee", "branch", "authority")
BY_FIRM, BY_COMMITTEE, BY_BRANCH, BY_AUTHORITY = range(4)

DESKS: Final = ("firm", "committee", "branch", "platform", "community", "street", "district")
FIRM_DESK, COMMITTEE_DESK, BRANCH_DESK, PLATFORM_DESK, COMMUNITY_DESK, STREET_DESK, DISTRICT_DESK = range(7)

ENDS: Final = ("open", "settled", "failed", "withdrawn")
OPEN, SETTLED, FAILED, WITHDRAWN = range(4)
