"""The ground on which everything happens: estates in communities in streets, with what does not change.

A `District` is a fact for the length of a run.  Its arrays are read-only, its rows stand in an order that
does not depend on where they came from, and its fingerprint says whether two results stood on one ground.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from sim.core.attributes import Attributes
from sim.core.chance import combine, poisson_quantile, unit
from sim.core.errors import DistrictError, unknown
from sim.core.markup import Page
from sim.core.message_catalogue import LANGUAGES, MODEL
from sim.core.paths import expanded
from sim.district.columns import COLUMNS, NO_FIRM
from sim.district.district_page import district_page
from sim.district.draft import Draft, hashed
from sim.district.estate_kinds import EstateKind
from sim.district.export import write_table
from sim.district.grid import CELL, cells, make_grid
from sim.district.ground import GroundSection
from sim.district.imputation import complete
from sim.district.projection import Plane
from sim.district.statistics import STATISTICS
from sim.district.synthetic import make_up

if TYPE_CHECKING:
    import pandas as pd
    from mesa.discrete_space import OrthogonalMooreGrid

    from sim.district.reading import Dialect, Reading
    from sim.district.reading.dialect import DialectParts

__all__ = ["District"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class District(Attributes, Page):
    """An immutable district; made with `synthetic` or `from_csv`.

    Attributes
    ----------
    names : ndarray of str
        Estates, shape (E,), in the order of street, community and name.
    households, adults, buildings, year : ndarray of int64
        Shape (E,).
    x, y : ndarray of float64
        Position in kilometres.
    community, street : ndarray of int64
        Numbers 0..C-1 and 0..S-1, never falling from row to row.
    community_names, street_names, firm_names : ndarray of str
        By these numbers.
    street_of_community : ndarray of int64
        Shape (C,).
    strength : ndarray of float64
        Shape (C,), mean about 1: what earlier programmes left, which multiplies a community desk's hours.
    kind : ndarray of int8
        See `EstateKind`.
    fee : ndarray of float64
        Yuan per square metre and month.
    firm : ndarray of int64
        Number 0..F-1, or -1 without property management.
    committee : ndarray of bool
        Whether an owners' committee exists.
    spaces, cars : ndarray of float64
        Parking spaces, and cars that residents keep.
    density : ndarray of float64
        Crowding relative to the mean.
    owners : ndarray of float64
        Share of adults who own their flat.
    members_known : ndarray of int64
        Formal members registered, -1 where unknown.
    members_draw : ndarray of float64
        Uniform from which unknown members are counted.
    remarks : tuple of str
        What `notes` lists.
    plane : Plane or None
        Where the positions lie on the earth, if the table said so; no part of what makes two districts equal.

    Examples
    --------
    >>> district = District.synthetic(estates=100, seed=1)
    >>> district
    <District of 100 estates in 10 communities and 1 street, 35 firms, 38 committees>
    >>> int(district.members(0.0).sum())
    0
    """

    _instead = "estates are rows of to_frame(), and numbers in its columns, e.g. .households[3]"
    names: NDArray[np.str_]
    households: Ints
    adults: Ints
    buildings: Ints
    x: Floats
    y: Floats
    community: Ints
    street: Ints
    community_names: NDArray[np.str_]
    street_names: NDArray[np.str_]
    firm_names: NDArray[np.str_]
    street_of_community: Ints
    strength: Floats
    kind: NDArray[np.int8]
    year: Ints
    fee: Floats
    firm: Ints
    committee: NDArray[np.bool_]
    spaces: Floats
    cars: Floats
    density: Floats
    owners: Floats
    members_known: Ints
    members_draw: Floats
    remarks: tuple[str, ...] = ()
    plane: Plane | None = None

    def __post_init__(self) -> None:
        self._lock()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock()  # a copy that came from another process would otherwise be writable

    def _lock(self) -> None:
        for value in self.__dict__.values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @classmethod
    def synthetic(cls, estates: int = 1034, seed: int = 1, ground: GroundSection | None = None) -> Self:
        """Make up a district with the statistics of Nanshan.

        Parameters
        ----------
        estates
            From 1 to 20,000; everything else is in proportion.
        seed
            Of the ground, apart from that of a run.
        ground
            What it is made with, the section `ground` of a scenario; its defaults where not given.

        Raises
        ------
        DistrictError
            When either is not allowed.

        Examples
        --------
        >>> District.synthetic(estates=30).communities
        3
        """
        return cls(**make_up(estates, seed, ground))

    @classmethod
    def of(cls, given: Any, seed: int = 1, ground: GroundSection | None = None) -> Self:
        """Return the district that a person means.

        Parameters
        ----------
        given
            A district itself, the path of a CSV file, a pandas table with a row for each estate, or a number of estates
            to make up.
        seed, ground
            Of what is made up or filled, as for `synthetic`.

        Raises
        ------
        DistrictError
            When it is something else, or cannot be used.

        Examples
        --------
        >>> District.of(30, seed=2) == District.synthetic(estates=30, seed=2)
        True
        """
        if isinstance(given, cls):
            return given
        if isinstance(given, int | np.integer) and not isinstance(given, bool):
            return cls.synthetic(int(given), seed, ground)
        if isinstance(given, str | Path) or hasattr(given, "to_csv"):
            return cls.from_csv(given, seed=seed, ground=ground)
        raise DistrictError(
            f"{type(given).__name__} is not a district. Give a sim.District, the path of a CSV file, a pandas table "
            "with a row for each estate, or a number of estates to make up."
        )

    @classmethod
    def from_csv(
        cls,
        path: str | Path | pd.DataFrame,
        columns: Mapping[str, str] | None = None,
        *,
        seed: int = 1,
        ground: GroundSection | None = None,
        dialect: Dialect | None = None,
        **parts: Unpack[DialectParts],
    ) -> Self:
        r"""Read a user's own district, one row for each estate; what it leaves open is filled and noted.

        Parameters
        ----------
        path
            A CSV file in UTF-8 or GB18030, a workbook (.xlsx, with the extra `excel`), or a pandas table, with the
            columns `estate` and `households`; see `COLUMNS` for the others and for their Chinese names.
        columns
            Our names to the file's, where these differ, e.g. ``{"estate": "estate_id"}``.
        seed, ground
            Of what is filled, as for `synthetic`.
        dialect
            How the table is written, where it does not say so itself, in one piece.
        **parts
            The same by parts, `sheet`, `values`, `coordinates` and `decimal`, as the commands' options of these names
            say it: sheet of a workbook, meanings of cells, system of longitude and latitude, sign before decimals.

        Raises
        ------
        DistrictError
            One message with everything that is wrong with the table.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import sim
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "estates.csv"
        ...     _ = path.write_text("estate,households\nLakeside,800\nHillside,350\n", encoding="utf-8")
        ...     district = sim.District.from_csv(path)
        >>> district.names.tolist()
        ['Hillside', 'Lakeside']
        >>> import pandas as pd
        >>> table = pd.DataFrame({"estate": ["Lakeside"], "households": [800], "spaces": ["none"]})
        >>> sim.District.from_csv(table, values={"spaces": {"none": "0"}}).spaces.tolist()
        [0.0]
        """
        from sim.district.reading import Dialect, read_table

        if parts:
            dialect = replace(dialect or Dialect(), **parts)
        return cls.of_reading(read_table(path, columns, ground, dialect), seed=seed, ground=ground)

    @classmethod
    def of_reading(cls, reading: Reading, *, seed: int = 1, ground: GroundSection | None = None) -> Self:
        """Complete a table that was read; see `from_csv`."""
        filled = complete(Draft(reading.values, seed, ground))
        return cls(**filled | {"remarks": (*reading.notes, *filled["remarks"]), "plane": reading.plane})

    @property
    def notes(self) -> list[str]:
        """What was made up or filled, and how, in sentences.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> len(district.notes)
        3
        """
        return list(self.remarks)

    @property
    def estates(self) -> int:
        """Number of estates.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.estates
        12
        """
        return self.names.size

    @property
    def communities(self) -> int:
        """Number of communities.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.communities
        1
        """
        return self.community_names.size

    @property
    def streets(self) -> int:
        """Number of streets.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.streets
        1
        """
        return self.street_names.size

    @property
    def firms(self) -> int:
        """Number of property firms.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.firms
        4
        """
        return self.firm_names.size

    @cached_property
    def identity(self) -> NDArray[np.uint64]:
        """Identity of every estate for common random numbers: a hash of its name, shape (E,).

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.identity.shape
        (12,)
        """
        identity = hashed(self.names)
        identity.setflags(write=False)
        return identity

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything but the notes: equal for equal ground.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.fingerprint == sim.District.synthetic(estates=12, seed=1).fingerprint
        True
        """
        digest = hashlib.sha256()
        for field in fields(self):
            if field.name in ("remarks", "plane"):
                continue
            value = getattr(self, field.name)
            if value.dtype.kind == "U":
                raw = "\0".join(value.tolist()).encode()
            else:
                raw = value.astype(value.dtype.newbyteorder("<")).tobytes()
            digest.update(f"{field.name}:{len(raw)}:".encode() + raw)
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.fingerprint == other.fingerprint if isinstance(other, District) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        parts = (
            (self.communities, "community", "communities"),
            (self.streets, "street", "streets"),
            (self.firms, "firm", "firms"),
            (int(self.committee.sum()), "committee", "committees"),
        )
        words = [f"{count:,} {one if count == 1 else many}" for count, one, many in parts]
        noun = "estate" if self.estates == 1 else "estates"
        return f"<District of {self.estates:,} {noun} in {words[0]} and {words[1]}, {words[2]}, {words[3]}>"

    def _html(self, lang: str) -> Markup:
        return district_page(self, lang)

    def members(self, rate: float) -> Ints:
        """Count the formal members registered in each estate.

        Parameters
        ----------
        rate
            Mean members for each household, where the table does not know them.

        Returns
        -------
        ndarray
            Shape (E,): as given where known, else Poisson by inverse distribution function of one draw, so
            that a higher rate never loses a member; never more than there are adults.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.members(0.02).shape
        (12,)
        """
        _not_negative("rate", rate, "members per household")
        drawn = poisson_quantile(self.members_draw, (rate * self.households).astype(np.float64))
        return np.where(self.members_known >= 0, self.members_known, np.minimum(drawn, self.adults))

    def in_service(self, rate: float, registered: Ints) -> Ints:
        """Count the members who live in each estate and are registered elsewhere.

        Parameters
        ----------
        rate
            Mean number for each household.
        registered
            Members registered in the estate, as `members` counts them, shape (E,).

        Returns
        -------
        ndarray
            Shape (E,): Poisson by inverse distribution function of one draw for each estate, so that a higher rate
            never loses a member; never more than there are adults who are not registered here.

        Examples
        --------
        >>> district = District.synthetic(estates=100, seed=1)
        >>> few, many = (district.in_service(rate, district.members(0.005)) for rate in (0.03, 0.15))
        >>> bool((few <= many).all()), bool(abs(many.sum() / district.households.sum() - 0.15) < 0.005)
        (True, True)
        """
        _not_negative("rate", rate, "members per household")
        # From the draw behind registered members, which is the seed's, and the estate's own identity: independent of
        # how many are registered, and the same for a district that was written to a table and read again.
        word = np.ascontiguousarray(self.members_draw).view(np.uint64) ^ self.identity
        drawn = poisson_quantile(unit(combine(word, 1)), (rate * self.households).astype(np.float64))
        return np.clip(drawn, 0, np.maximum(self.adults - registered, 0))

    def neighbours(self, radius_km: float) -> tuple[Ints, Ints, Floats]:
        """Find all pairs of estates within a distance.

        Parameters
        ----------
        radius_km
            In kilometres, at least 0.

        Returns
        -------
        tuple of ndarray
            First and second row (the first is the smaller) and their distance in kilometres, sorted by rows.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> first, second, distance = district.neighbours(1.0)
        >>> bool((distance <= 1.0).all())
        True
        """
        from scipy.spatial import cKDTree

        if radius_km != np.inf:
            _not_negative("radius_km", radius_km, "kilometres")
        xy = np.column_stack([self.x, self.y])
        pairs = cKDTree(xy).query_pairs(radius_km, output_type="ndarray").astype(np.int64)
        pairs = pairs[np.lexsort([pairs[:, 1], pairs[:, 0]])]
        first, second = pairs[:, 0], pairs[:, 1]
        return first, second, np.hypot(*(xy[first] - xy[second]).T)

    @cached_property
    def cells(self) -> Ints:
        """Column and row of every estate's cell on the grid, shape (E, 2).

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> district.cells.shape
        (12, 2)
        """
        cell = cells(self.x, self.y, CELL)
        cell.setflags(write=False)
        return cell

    def grid(self) -> OrthogonalMooreGrid:
        """Make a Mesa grid of the district, with layers `estates` and `households`.

        Every call makes a new one: agents stand on it, and two models must not share them.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> len(district.grid().dimensions)
        2
        """
        return make_grid(self.cells, {"estates": np.ones(self.estates, dtype=np.int64), "households": self.households})

    def columns(self) -> dict[str, NDArray]:
        """Everything as columns of a table, by the names of `COLUMNS`; NaN and "" where unknown.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> "households" in district.columns()
        True
        """
        kinds = np.array([kind.label for kind in EstateKind])
        firms = np.append(self.firm_names, NO_FIRM)
        special = {
            "estate": self.names,
            "community": self.community_names[self.community],
            "street": self.street_names[self.street],
            "kind": kinds[self.kind],
            "firm": firms[self.firm],
            "strength": self.strength[self.community],
            "members": np.where(self.members_known < 0, np.nan, self.members_known),
        }
        return {name: special[name] if name in special else getattr(self, name) for name in COLUMNS}

    def to_frame(self) -> pd.DataFrame:
        """Return the district as a pandas table, one row for each estate.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> len(district.to_frame())
        12
        """
        import pandas as pd

        frame = pd.DataFrame(self.columns())
        return frame.astype({"members": "Int64"})

    def to_csv(self, path: str | Path) -> None:
        """Write a table from which `from_csv` makes the same district, to the last bit.

        Parameters
        ----------
        path
            The file, replaced if it exists; never left half-written.  It is UTF-8, with a byte order mark
            where names need one for spreadsheets to show them.

        Raises
        ------
        DistrictError
            When it cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     district.to_csv(Path(folder) / "mine.csv")
        ...     sim.District.from_csv(Path(folder) / "mine.csv") == district
        True
        """
        write_table(self.columns(), expanded(path))

    def describe(self, lang: str = "en") -> pd.DataFrame:
        """Compare the district with the statistics that the generator aims at.

        Parameters
        ----------
        lang
            Of statistics and sources, `en` or `zh`.

        Returns
        -------
        pandas.DataFrame
            With the columns `statistic, value, target, source`; counts have targets in proportion to the
            number of estates, and NaN stands where there is no target.

        Examples
        --------
        >>> import sim
        >>> district = sim.District.synthetic(estates=12, seed=1)
        >>> list(district.describe())
        ['statistic', 'value', 'target', 'source']
        """
        import pandas as pd

        if lang not in LANGUAGES:
            raise DistrictError(unknown("language", lang, LANGUAGES))
        rows = [
            (
                MODEL.pgettext(lang, "statistic", one.name),
                float(one.measure(self)),
                one.expected(self.estates),
                MODEL.pgettext(lang, "statistic", one.source),
            )
            for one in STATISTICS
        ]
        return pd.DataFrame(rows, columns=["statistic", "value", "target", "source"])


def _not_negative(name: str, value: Any, unit: str) -> None:
    """Refuse what is no finite number of at least 0."""
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not (number and np.isfinite(value) and value >= 0):
        raise DistrictError(f"{name} = {value!r} must be a number of at least 0 ({unit}).")
