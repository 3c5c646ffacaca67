"""The study's counts are those of 1,034 estates; a smaller or larger district has them in proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.model import GovernanceModel

__all__ = ["in_proportion", "number_of"]

_STUDY_ESTATES: Final = 1034


def in_proportion(model: GovernanceModel) -> float:
    """Estates of the model's district over those of the study."""
    return model.district.estates / _STUDY_ESTATES


def number_of(usual: int, model: GovernanceModel) -> int:
    """Scale one of the study's counts to the model's district; at least one."""
    return max(1, round(usual * in_proportion(model)))
