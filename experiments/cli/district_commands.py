"""``gongzhi district``: the ground, one's own or made up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from experiments.cli import options
from experiments.cli.options import argument
from experiments.core.option import Option

if TYPE_CHECKING:
    from sim import District


def check(
    file: Annotated[Path, argument("A table of estates, CSV.")],
    columns: options.Map = None,
    quiet: options.Quiet = False,
) -> None:
    """Read a district's table whole and say what is wrong with it, or what was filled."""
    district = options.read_district(options.World(district=file, columns=columns))
    assert district is not None
    if quiet:
        return
    print(f"{file} can be used: {str(district).strip('<>')}.")
    for note in district.notes:
        print(f"  {note}")


def describe(
    file: Annotated[Path | None, argument("A table of estates, CSV; a synthetic district where none is given.")] = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    seed: Annotated[int, Option("Seed of the synthetic ground.", "N")] = 1,
) -> None:
    """Show a district's statistics beside those of Nanshan."""
    own = options.read_district(options.World(district=file, columns=columns, estates=estates))
    district = own or _synthetic(estates, seed)
    print(str(district).strip("<>"))
    table = district.describe()
    width = max(len(str(name)) for name in table["statistic"])
    print(f"{'statistic':{width}}  {'here':>10}  {'target':>10}  source")
    for name, value, target, source in table[["statistic", "value", "target", "source"]].itertuples(index=False):
        target_text = f"{target:10.4g}" if target == target else f"{'-':>10}"
        print(f"{name:{width}}  {value:10.4g}  {target_text}  {source}")


def generate(
    out: Annotated[Path, Option("Where the table goes.", "FILE.csv")],
    estates: options.Estates = None,
    seed: Annotated[int, Option("Seed of the synthetic ground.", "N")] = 1,
    quiet: options.Quiet = False,
) -> None:
    """Make up a district with the statistics of Nanshan and write its table."""
    path = options.target(out)
    district = _synthetic(estates, seed)
    district.to_csv(path)
    if not quiet:
        print(f"{path}: {str(district).strip('<>')}.")


def _synthetic(estates: int | None, seed: int) -> District:
    from sim import District, Scenario

    size = Scenario().district.estates if estates is None else estates
    return District.synthetic(estates=size, seed=seed)
