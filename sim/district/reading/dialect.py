"""How a table is written, where it does not say so itself: what the reader would otherwise have to guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from sim.core.errors import DistrictError, unknown
from sim.core.sentence import Sentence

__all__ = ["DATUM_NAMES", "Dialect", "DialectParts", "Translations"]

Translations = Mapping[str, Mapping[str, str]]

DATUM_NAMES: Final = ("wgs84", "gcj02", "bd09")
_DECIMALS: Final = ("point", "comma")


class DialectParts(TypedDict, total=False):
    """The fields of a `Dialect`, as keywords of what reads a table.

    Examples
    --------
    >>> DialectParts(sheet="2024")
    {'sheet': '2024'}
    """

    sheet: str | None
    values: Translations | str | Path | None
    coordinates: str | None
    decimal: str | None


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Parameters
    ----------
    sheet
        Of a workbook, where several could be meant: its name.
    values
        A table of three columns (column, cell, meaning), or the same by column and cell: what cells mean, ``unknown``
        where they say nothing.
    coordinates
        System of longitude and latitude: ``wgs84``, ``gcj02`` or ``bd09``.
    decimal
        Sign before decimals, ``point`` or ``comma``, where a column leaves both possible.

    Examples
    --------
    >>> Dialect(values={"kind": {"loft": "building"}}).decimal is None
    True
    """

    sheet: str | None = None
    values: Translations | str | Path | None = None
    coordinates: str | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        given = None if self.coordinates is None else str(self.coordinates).casefold().replace("-", "")
        if given is not None and given not in DATUM_NAMES:
            raise DistrictError(unknown("coordinates", self.coordinates, DATUM_NAMES))
        object.__setattr__(self, "coordinates", given)
        if self.decimal is not None and self.decimal not in _DECIMALS:
            raise DistrictError(unknown("decimal", self.decimal, _DECIMALS))
        if not isinstance(self.values, Mapping | str | Path | None):
            raise DistrictError(
                Sentence(
                    "values = {values} must be the path of a table with the columns column, cell and meaning, or a "
                    "dictionary such as {example}.",
                    values=repr(self.values),
                    example='{"kind": {"loft": "building"}}',
                )
            )
