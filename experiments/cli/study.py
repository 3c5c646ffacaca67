"""``gongzhi study``: one question about one policy, asked and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.option import Option, chosen

if TYPE_CHECKING:
    from experiments.core.spec import Spec
    from sim import District, Scenario

NAMES = "empowerment deliberation supervision couriers enterprises emergency channels systems assumptions".split()

QUICK = {"estates": 60, "replicates": 4, "weeks": 104}
MOVED = "signs"
"""`gongzhi signmap regions`, understood here for one version more."""


@dataclass(frozen=True)
class Own:
    """Options of a study."""

    listed: options.Listed = False
    collect: Annotated[Path | None, Option("Put what results/study-* hold on one page.", "FILE.md")] = None
    replicates: Annotated[int | None, Option("Runs of every arm. [default: the study's own]", "N")] = None
    quick: Annotated[
        bool, Option("A first look: {estates} estates, {replicates} replicates, {weeks} weeks.".format(**QUICK))
    ] = False
    seed: options.Seed = 1


def study(
    name: Annotated[str | None, options.argument(f"One of: {', '.join(NAMES)}.")],
    own: Own,
    world: options.World,
    runs: options.Retrying,
    output: options.Output,
) -> int:
    """Run a study: its question, paired comparison, figure, finding and report.

    The same command again runs only what is missing.
    """
    from experiments.presets import questions
    from experiments.reporting.catalogue import ngettext

    if own.collect is not None:
        count = collected(options.target(own.collect))
        if not output.quiet:
            print(
                ngettext(output.lang, "{page}: {number} study.", "{page}: {number} studies.", count, page=own.collect)
            )
        return 0
    if own.listed or name is None:
        return options.listing({known: questions.question(known) for known in NAMES}, output.lang)
    given = {"estates": world.estates, "replicates": own.replicates, "weeks": world.weeks}
    size = {part: QUICK[part] if value is None and own.quick else value for part, value in given.items()}
    ground, scenario = world.ground, world.to_scenario({"district.sample": world.sample})
    size["estates"] = size["estates"] if ground is None else None
    if name == MOVED:
        spec: Spec = _regions(size, scenario, ground, own)
    elif chosen(name, NAMES, "study") in questions.SWEEPS:
        sized = questions.size(name) | {part: value for part, value in size.items() if value is not None}
        fields = {"seed": own.seed, "question": questions.question(name), "district": ground}
        spec = sweep_spec(name, scenario, sized, fields)
    else:
        from experiments.analyses.study.study_comparison import StudySpec

        fields = {**size, "scenario": scenario, "district": ground, "seed": own.seed}
        spec = StudySpec.of_study(questions.study(name), fields)
    return carry_out(spec, output.running(f"study-{name}", runs, own.quick), output)


def sweep_spec(name: str, scenario: Scenario, size: Mapping[str, int], fields: Mapping[str, Any]) -> Spec:
    """Make the spec of a sweep over all policies, in a world, with so many estates, weeks and replicates.

    Where the fields give a `district`, it has that district's estates.
    """
    from experiments.analyses.study.conventions import AssumptionsSpec
    from experiments.analyses.study.desks import ChannelsSpec
    from experiments.analyses.study.systems_study import SystemsSpec
    from experiments.core.design.arms import changes_of
    from experiments.presets import questions

    if name == "channels":
        return ChannelsSpec.sized(scenario, size, worlds_of_desks=questions.desk_worlds(), **fields)
    if name == "systems":
        return SystemsSpec.sized(scenario, size, systems=questions.systems(), **fields)
    known = {"conventions": questions.conventions(), "policies": changes_of(["full", "arrangement"])}
    return AssumptionsSpec.sized(scenario, size, **known, **fields)


def _regions(size: Mapping[str, int | None], scenario: Scenario, ground: District | None, own: Own) -> Spec:
    from experiments.analyses.signmap.region_search import RegionSearchSpec
    from experiments.presets.questions import maps

    changes = {} if size["estates"] is None else {"district.estates": size["estates"]}
    sizes = {"points": 8 if own.quick else None, "replicates": size["replicates"], "weeks": size["weeks"]}
    fields = {"scenario": scenario, "district": ground, "changes": changes, "seed": own.seed, **sizes}
    return RegionSearchSpec.asked_of(maps()["regions"], fields)


def collected(page: Path) -> int:
    """Put the findings and figures of the studies that have been run on one page, in both languages.

    Returns how many there were.
    """
    import shutil

    from experiments.presets.questions import STUDIES, SWEEPS, study
    from experiments.reporting.template_rendering import in_language, markdown
    from sim.core.errors import StoreError
    from sim.core.message_catalogue import LANGUAGES

    if not any(Path("results").glob("study-*/*.md")):
        raise StoreError(f"There is nothing to put on {page}: run a study first, as in `gongzhi study couriers`.")
    figures = page.parent / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    ended = [name for name in STUDIES if Path(f"results/study-{name}/finding.md").exists()]
    for name in ended:
        shutil.copyfile(f"results/study-{name}/figures/{name}.png", figures / f"study_{name}.png")
    for lang in LANGUAGES:
        pages = [(name, in_language(Path(f"results/study-{name}/finding.md"), lang)) for name in ended]
        texts = {name: path.read_text(encoding="utf-8") for name, path in pages if path.exists()}  # older: no Chinese
        studies = [
            {"name": name, "title": study(name).title, "text": text.removeprefix("# ").strip()}
            for name, text in texts.items()
        ]
        in_language(page, lang).write_text(markdown("studies", lang, studies=studies), encoding="utf-8")
    count = len(ended)
    for name in SWEEPS:
        source = Path(f"results/study-{name}/{name}.md")
        if source.exists():
            count += 1
            for written in source.parent.glob(f"{name}*.md"):
                shutil.copyfile(written, page.parent / written.name)
            shutil.copyfile(source.parent / "figures" / f"{name}.png", figures / f"{name}.png")
    return count
