"""``gongzhi district``: the ground, one's own or made up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from experiments.cli import options
from experiments.core.option import Option
from experiments.reporting.catalogue import N_, gettext
from sim import District, Scenario
from sim.core.errors import DistrictError
from sim.core.screen import columns, led, padded
from sim.core.sentence import text_of
from sim.district import overview
from sim.district.blank_table import write_blank
from sim.district.geojson import feature_collection, plane_at, write_geojson
from sim.district.marked_copy import filled_cells, write_marked
from sim.district.projection import Plane
from sim.district.reading import Reading, read_table

OWN = "A table of estates, CSV or .xlsx."


def check(
    file: Annotated[Path, options.argument(OWN)],
    table: options.Table,
    out: Annotated[
        Path | None, Option("Write a copy in which what was filled is marked, .xlsx or .csv.", "FILE")
    ] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Read a district's table whole and say what is wrong with it, what it amounts to, and what was filled."""
    district, reading = _read(file, table)
    if out is not None:
        write_marked(district, reading, options.target(out), lang)
    if not quiet:
        for line in overview.checked(district, reading, file):
            print(text_of(line, lang))
        if out is not None:
            print(overview.marked(out).text(lang))


def describe(
    table: options.Table,
    file: Annotated[Path | None, options.argument(f"{OWN} A synthetic district where none is given.")] = None,
    estates: options.Estates = None,
    seed: Annotated[int, Option("Seed of the synthetic ground.", "N")] = 1,
    lang: options.Lang = "en",
) -> None:
    """Show a district's statistics beside those of Nanshan."""
    own = options.World(**vars(table), district=file, estates=estates).ground
    district = own or _synthetic(estates, seed)
    print(overview.described(district).text(lang))
    rows = district.describe(lang)
    heads = [gettext(lang, head) for head in (N_("statistic"), N_("here"), N_("target"), N_("source"))]
    lines = [
        (name, f"{value:.4g}", f"{target:.4g}" if target == target else "-", source)
        for name, value, target, source in rows[["statistic", "value", "target", "source"]].itertuples(index=False)
    ]
    wide = max(columns(line[0]) for line in (heads, *lines))
    for name, value, target, source in (heads, *lines):
        print(f"{padded(name, wide)}  {led(value, 10)}  {led(target, 10)}  {source}")


def generate(
    out: Annotated[Path, Option("Where the table goes.", "FILE.csv")],
    estates: options.Estates = None,
    seed: Annotated[int, Option("Seed of the synthetic ground.", "N")] = 1,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Make up a district with the statistics of Nanshan and write its table."""
    path = options.target(out)
    district = _synthetic(estates, seed)
    district.to_csv(path)
    if not quiet:
        print(overview.made_up(path, district).text(lang))


def template(
    out: Annotated[Path, Option("Where the table goes, .xlsx or .csv.", "FILE")],
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Write an empty table of estates to fill in: headings, and a sheet that says what each column means."""
    write_blank(options.target(out), lang)
    if not quiet:
        print(overview.to_fill_in(out).text(lang))


def export(
    file: Annotated[Path, options.argument(OWN)],
    table: options.Table,
    geojson: Annotated[Path, Option("Where the estates go as points, GeoJSON in WGS-84.", "FILE.geojson")],
    origin: Annotated[
        str | None, Option("Where x = y = 0 lies, degrees of WGS-84, if the table has kilometres.", "LON,LAT")
    ] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Write a district's estates as points for a geographic information system."""
    district, reading = _read(file, table)
    plane = None if origin is None else _origin(origin)
    write_geojson(feature_collection(district, plane, filled_cells(district, reading)), options.target(geojson))
    if not quiet:
        print(overview.exported(geojson, district.estates).text(lang))


def _origin(text: str) -> Plane:
    """Return the plane that a longitude and a latitude name."""
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError:
        longitude = latitude = float("nan")
    if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
        raise DistrictError(f'--origin "{text}" must be a longitude and a latitude in degrees, e.g. 113.93,22.53.')
    return plane_at(longitude, latitude)


def _read(file: Path, table: options.Table) -> tuple[District, Reading]:
    """Read a table, and complete it."""
    reading = read_table(file, table.named or None, dialect=table.dialect)
    return District.of_reading(reading), reading


def _synthetic(estates: int | None, seed: int) -> District:

    size = Scenario().district.estates if estates is None else estates
    return District.synthetic(estates=size, seed=seed)
