"""Pages that a sweep writes: systems, conventions, desks off and on, and where policies help and harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.margin import MARGIN
from experiments.lab.plots.words import noun, verdict
from experiments.lab.run.execute import Execution
from experiments.lab.statistics.measures import better
from experiments.lab.statistics.paired import Paired
from experiments.lab.statistics.regions import region, together
from experiments.lab.store.store import Store
from experiments.lab.study import convention_page, desks, signs
from experiments.lab.study import conventions as convention_table
from experiments.lab.study import systems as systems_table
from experiments.lab.study.contrasts import points, run_contrasts
from experiments.reporting.catalogue import ngettext

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = ["Size", "assumptions_page", "channels_page", "signs_page", "systems_page"]


@dataclass(frozen=True)
class Size:
    """How large a sweep is.

    Attributes
    ----------
    estates, weeks, replicates
        Of each world.
    worlds
        Points of the sweep.
    """

    estates: int
    weeks: int
    replicates: int
    worlds: int = 0

    @property
    def fresh(self) -> int:
        """Worlds that confirm a region."""
        return max(self.worlds // 2, 4)

    def note(self, what: str, lang: str = "en") -> str:
        """Say how the page was made."""
        return ngettext(
            lang,
            "Made by `gongzhi study {what}`: {estates} estates, {weeks} weeks, {number} replicate; means are over the "
            "weeks after the start of the policy.",
            "Made by `gongzhi study {what}`: {estates} estates, {weeks} weeks, {number} replicates; means are over the "
            "weeks after the start of the policy.",
            self.replicates, what=what, estates=self.estates, weeks=self.weeks)

    def signs_method(self, lang: str) -> str:
        """Say how a sweep of signs was made."""
        return ngettext(
            lang,
            "Each policy was tried with and without in {worlds} worlds that differ in what is least known (a Latin "
            "hypercube over the ranges below), and each region again in {fresh} fresh worlds: {estates} estates, "
            "{weeks} weeks, {number} replicate; means are over the weeks after the start of the policy. Every world "
            "has random numbers of its own, and one of {grounds} synthetic grounds.",
            "Each policy was tried with and without in {worlds} worlds that differ in what is least known (a Latin "
            "hypercube over the ranges below), and each region again in {fresh} fresh worlds: {estates} estates, "
            "{weeks} weeks, {number} replicates; means are over the weeks after the start of the policy. Every "
            "world has random numbers of its own, and one of {grounds} synthetic grounds.",
            self.replicates, worlds=self.worlds, fresh=self.fresh, estates=self.estates, weeks=self.weeks,
            grounds=signs.GROUNDS)


def systems_page(
    systems: Any, scenario: Scenario, size: Size, folder: Path, question: str, command: str, seed: int,
    execution: Execution, lang: str = "en",
) -> str:
    """Switch each system off and on, write `systems.md`, `table.csv` and the report, and return the page."""
    from experiments.lab.report import systems as report

    outcomes = list(dict.fromkeys(name for system in systems for name in system.outcomes))
    world = _sized(scenario, size)
    made = run_contrasts(
        systems_table.contrasts_of(systems), world, replicates=size.replicates, outcomes=outcomes,
        seed=seed, store=folder, question=question, command=command, execution=execution,
    )  # fmt: skip
    table = systems_table.table_of(systems, made)
    page = systems_table.written(table, size.note("systems"))
    store = Store(folder)
    store.write("table.csv", table.to_csv(index=False, lineterminator="\n"))
    store.write("systems.md", page)
    report.write(table, question, world, store, lang)
    return page


def assumptions_page(
    conventions: Any, policies: Any, scenario: Scenario, size: Size, folder: Path, question: str, command: str,
    seed: int, execution: Execution, lang: str = "en",
) -> str:
    """Set every convention otherwise, write both pages, `table.csv` and the report, and return the page."""
    from experiments.lab.report import conventions as report

    world = _sized(scenario, size)
    made = run_contrasts(
        convention_table.contrasts_of(conventions, policies), world, replicates=size.replicates,
        outcomes=convention_table.OUTCOMES, seed=seed, store=folder, question=question, command=command,
        execution=execution,
    )  # fmt: skip
    table = convention_table.table_of(conventions, policies, made)
    store, pages = _in_both(folder, "assumptions", table, convention_page.written, size)
    report.write(table, question, size.note("assumptions", lang), world, store, lang)
    return pages[lang]


def channels_page(
    worlds: Any, scenario: Scenario, size: Size, folder: Path, question: str, command: str, seed: int,
    execution: Execution, lang: str = "en",
) -> str:
    """Switch desks off and on in every world, write both pages, `table.csv` and the report, and return the page."""
    from experiments.lab.report import desks as report

    world = _sized(scenario, size)
    made = run_contrasts(
        desks.contrasts_of(worlds), world, replicates=size.replicates, outcomes=desks.OUTCOMES, seed=seed,
        store=folder, question=question, command=command, execution=execution,
    )  # fmt: skip
    table = desks.table_of(worlds, made)
    store, pages = _in_both(folder, "channels", table, desks.written, size)
    report.write(table, question, size.note("channels", lang), world, store, lang)
    return pages[lang]


def _in_both(
    folder: Path, name: str, table: pd.DataFrame, written: Callable[[pd.DataFrame, str, str], str], size: Size,
) -> tuple[Store, dict[str, str]]:
    """Write `table.csv`, and the page in both languages; return the store and the pages."""
    store = Store(folder)
    store.write("table.csv", table.to_csv(index=False, lineterminator="\n"))
    pages = {lang: written(table, size.note(name, lang), lang) for lang in ("en", "zh")}
    store.write(f"{name}.md", pages["en"])
    store.write(f"{name}.zh.md", pages["zh"])
    return store, pages


def _sized(scenario: Scenario, size: Size) -> Scenario:
    return scenario.replace({"district.estates": size.estates, "run.weeks": size.weeks})


def signs_page(
    policies: Mapping[str, Any], scenario: Scenario, size: Size, folder: Path, question: str, command: str, seed: int,
    execution: Execution, lang: str = "en",
) -> str:
    """Sweep each policy, try the two regions that stand out again, write page, table and report; return the page."""
    import pandas as pd

    from experiments.lab.report import signs as report

    trial = _Trial(_sized(scenario, size), size.replicates, folder, question, command, execution)
    swept: dict[str, Any] = {}
    rows: list[tuple[Any, str, str, Paired]] = []
    for name, policy in policies.items():
        # A policy that is judged otherwise, or swept over something else, is told from worlds that nobody has seen.
        asked = f"{policy.name} {policy.outcome} {sorted(policy.ranges)}" + f" {policy.worlds}" * (policy.worlds > 1)
        chance = _seed(seed, asked, "sweep")
        sample = points(policy.ranges, policy.worlds * size.worlds, seed=chance)
        effects = trial.run(name, policy, sample, "sweep", chance)
        means = effects.groupby("contrast", sort=False)["effect"].mean()
        swept[name] = (sample, means)
        regions = signs.chosen_regions(sample, means.to_numpy(), policy.ranges, policy.outcome)
        for box, claim in zip(regions, ("helps", "harms"), strict=True):
            chance = _seed(seed, asked, claim)
            fresh = points(box.within(policy.ranges), policy.worlds * size.fresh, seed=chance)
            found = signs.region_effect(trial.run(name, policy, fresh, claim, chance))
            rows.append((policy, claim, box.words(policy.ranges), found))
    table = pd.DataFrame(_judged(rows))
    store = Store(folder)
    store.write("table.csv", table.to_csv(index=False, lineterminator="\n"))
    held = Store(folder / _place(next(iter(policies)), "sweep")).read()
    info = {name: held.get(name) for name in ("command", "versions", "model", "revision")}
    info["seeds"] = [seed]
    report.write(policies, swept, table, folder, question, method=size.signs_method(lang), info=info, lang=lang)
    page = _signs_written(table, size, policies)
    store.write("signs.md", page)
    return page


def _seed(master: int, *words: str) -> int:
    return int.from_bytes(blake2b("/".join([str(master), *words]).encode(), digest_size=4).digest(), "little") >> 1


@dataclass(frozen=True)
class _Trial:
    """What all trials of a policy share."""

    scenario: Scenario
    replicates: int
    folder: Path
    question: str
    command: str
    execution: Execution

    def run(self, name: str, policy: Any, sample: Any, tag: str, seed: int) -> pd.DataFrame:
        """Try a policy with and without at each point; return the effects by contrast and replicate."""
        place = _place(name, tag)
        made = run_contrasts(
            signs.worlds(name, policy, sample, tag), self.scenario, replicates=self.replicates,
            outcomes=[policy.outcome], districts=signs.GROUNDS, seed=seed,
            store=self.folder / place, question=self.question, command=self.command, execution=self.execution,
        )  # fmt: skip
        return signs.effects_of(made, policy.outcome)


def _place(name: str, tag: str) -> str:
    """Name the folder of a trial."""
    return "-".join(f"{name} {tag}".replace("'", "").split())


def _judged(rows: Sequence[tuple[Any, str, str, Paired]]) -> list[dict[str, Any]]:
    """Say what the second trials show: where the intervals lie that hold for all of them together.

    Effects are shares of the mean without the policy, so that the margin is itself their unit.
    """
    confidence, _ = together([found for *_, found in rows], [True] * len(rows))
    table = []
    for policy, claim, where, found in rows:
        low, high = found.interval(confidence)
        table.append({
            "policy": policy.name, "outcome": policy.outcome, "chosen_as": claim,
            "found": region(low, high, MARGIN, better(policy.outcome)), "region": where,
            "effect": found.difference, "ci_low": found.ci_low, "ci_high": found.ci_high, "sim_low": low,
            "sim_high": high, "worlds": found.replicates,
        })  # fmt: skip
    return table


def _percent(value: float) -> str:
    """A relative effect, with a second decimal where it is small."""
    text = f"{100 * value:+.{1 if abs(value) >= 0.01 else 2}f} %"
    return text if text.strip("+-0. %") else "0 %"


def _signs_written(table: pd.DataFrame, size: Size, policies: Mapping[str, Any]) -> str:
    lines = [
        "# Where policies help, and where they harm",
        "",
        f"{size.note('signs')} Each policy was tried with and without in {size.worlds} worlds that differ in what is "
        "least known (a Latin hypercube over the declared ranges). From these a region was chosen in which it looked "
        f"like help and one in which it looked like harm; then both were tried again in {size.fresh} fresh worlds. "
        f"Every world has chance of its own, and one of {signs.GROUNDS} synthetic grounds. Only the second trial is "
        "told: the mean effect over its worlds with its 95 % interval, and with the interval that holds for all rows "
        f"together (Bonferroni). *Found* says how the latter lies to zero and to ±{100 * MARGIN:g} %, which may be "
        "*undecided*.",
        "",
        "![Where policies help, and where they harm](figures/signs.png)",
        "",
        "| policy | judged by | looked like | region | effect | 95 % interval | all together | found |",
        "|---|---|---|---|---:|---|---|---|",
    ]
    for row in table.to_dict("records"):
        name = noun(row["outcome"]).name
        effect, low, high, least, most = (
            _percent(row[key]) for key in ("effect", "ci_low", "ci_high", "sim_low", "sim_high"))
        cells = (row["policy"], name, row["chosen_as"], row["region"], effect, f"{low} to {high}",
                 f"{least} to {most}", verdict(str(row["found"])))
        lines.append(f"| {' | '.join(cells)} |")
    notes = [policy for policy in policies.values() if policy.note]
    if notes:
        lines += ["", *(f"- *{policy.name}*: {policy.note}" for policy in notes)]
    return "\n".join(lines) + "\n"
