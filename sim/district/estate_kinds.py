"""The three kinds of estate that the study counts together: commodity housing, urban village, building."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from sim.core.attributes import Choices
from sim.core.message_catalogue import N_

__all__ = ["KIND_LABELS", "EstateKind", "kind_of"]


class EstateKind(IntEnum, metaclass=Choices):
    """What sort of housing an estate is.

    Examples
    --------
    >>> EstateKind.URBAN_VILLAGE.label
    'urban village'
    """

    COMMODITY = 0
    """Commodity housing: flats with owners, a property firm and, perhaps, an owners' committee."""
    URBAN_VILLAGE = 1
    """A former village built over by its own families and let to tenants; it has no owners' committee."""
    BUILDING = 2
    """A single block, often with offices or flats for staff."""

    @property
    def label(self) -> str:
        """Name in words, as tables carry it.

        Examples
        --------
        >>> [kind.label for kind in EstateKind]
        ['commodity', 'urban village', 'building']
        """
        return self.name.lower().replace("_", " ")


KIND_LABELS: Final = (N_("commodity housing"), N_("urban village"), N_("building"))
"""What people call the kinds, in the order of `EstateKind`; messages of the catalogue."""

_WORDS: Final = {
    EstateKind.COMMODITY: ("commodity", "commodity housing", "商品房", "商品房小区", "商品住宅"),
    EstateKind.URBAN_VILLAGE: ("urban village", "village", "城中村"),
    EstateKind.BUILDING: ("building", "楼宇", "单体楼"),
}
_KINDS: Final = {word: kind for kind, words in _WORDS.items() for word in words}


def kind_of(word: str) -> EstateKind:
    """Find the kind that a word names, in English or Chinese.

    Parameters
    ----------
    word
        In small letters; underscores and hyphens count as blanks.

    Raises
    ------
    ValueError
        When no kind has that name.

    Examples
    --------
    >>> kind_of("城中村").label
    'urban village'
    """
    kind = _KINDS.get(" ".join(word.replace("_", " ").replace("-", " ").split()))
    if kind is None:
        raise ValueError(word)
    return kind
