"""The study's counts are those of 1,034 estates; a smaller or larger district has them in proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["in_proportion", "number_of"]

_STUDY_ESTATES: Final = 1034


def in_proportion(district: District) -> float:
    """Estates of the district over those of the study."""
    return district.estates / _STUDY_ESTATES


def number_of(usual: int, district: District) -> int:
    """Scale one of the study's counts to the district; at least one."""
    return max(1, round(usual * in_proportion(district)))
