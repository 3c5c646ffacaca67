"""``gongzhi fidelity``: the study sentence by sentence, with the size of each in the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from experiments.cli import options
from experiments.core.option import Option

SIZES = {"estates": 200, "replicates": 12, "weeks": 130}


@dataclass(frozen=True)
class Page:
    """Options of the page: its files, and whether sizes are measured."""

    rows: Annotated[Path, Option("The table of sentences.", "FILE.toml")] = Path("docs/fidelity.toml")
    sizes: Annotated[Path, Option("Sizes that were measured.", "FILE.csv")] = Path("docs/fidelity.csv")
    out: Annotated[Path, Option("The page.", "FILE.md")] = Path("docs/fidelity.md")
    measure: Annotated[bool, Option("Measure all sizes anew, in paired runs.")] = False
    replicates: Annotated[int, Option("Pairs.", "N")] = SIZES["replicates"]
    seed: options.Seed = 1
    store: Annotated[Path, Option("Where runs are kept.", "FOLDER")] = Path("results/fidelity")
    lang: options.Lang = "en"
    quiet: options.Quiet = False


def fidelity(page: Page, world: options.Synthetic, runs: options.Runs) -> None:
    """Write what the model makes of each sentence of the study; with --measure, measure how large each is.

    The page in Chinese stands beside that in English, as NAME.zh.md.
    """
    from experiments.analyses.fidelity_table import measured, read_rows, read_sizes, write_sizes
    from experiments.analyses.fidelity_table import page as written
    from experiments.reporting.catalogue import ngettext
    from experiments.reporting.template_rendering import in_language
    from sim.core.errors import ScenarioError
    from sim.core.message_catalogue import LANGUAGES

    if not page.rows.is_file():
        raise ScenarioError(
            f"{page.rows} is not here: this command writes a page of the project itself. Run it in a clone of the "
            "project, or give a table of sentences with --rows."
        )
    table = read_rows(page.rows)
    sizes_file = options.target(page.sizes)
    pages = {lang: in_language(options.target(page.out), lang) for lang in LANGUAGES}
    if page.measure:
        sizes = {"run.weeks": SIZES["weeks"], "district.estates": SIZES["estates"]}
        sizes |= {name: value for name, value in world.shortcuts.items() if value is not None}
        running = runs.to_running(page.store, page.quiet)
        measurements = measured(table, world.to_scenario(sizes), running, page.replicates, page.seed)
        write_sizes(sizes_file, measurements)
    for lang, path in pages.items():
        path.write_text(written(table, read_sizes(page.sizes), lang), encoding="utf-8")
    if not page.quiet:
        print(ngettext(page.lang, "{page}: {number} sentence", "{page}: {number} sentences", len(table), page=page.out))
