"""A study: one question about one policy, as a page that can be read, run and argued with.

A study names its arms, the outcomes that answer its question, and the arm that its finding is about; the laboratory
runs the paired comparison, draws the figure and writes the finding from the numbers, whichever way they point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.measures import better
from experiments.lab.plots.sentences import amount
from experiments.lab.plots.words import noun, unit

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.comparison import Comparison
    from experiments.lab.execute import Execution
    from sim import Scenario

__all__ = ["Study", "effect_in_words", "finding", "run_study"]


@dataclass(frozen=True)
class Study:
    """A question, a design and what is looked at.

    Attributes
    ----------
    name
        As the command line knows it.
    title
        In a few words.
    question
        What is asked, in a sentence.
    arms
        Labels and the changes that each makes; the first is what all others are compared with.
    outcomes
        Outcomes of the table and the figure.
    focus
        The arm that the finding is about.
    benefits, costs
        Outcomes that the finding's two sentences tell of.
    parts
        Arms of which the second sentence names the one that moves the first benefit most.
    world
        Changes to the scenario that all arms share.
    estates, replicates, weeks
        Size of the comparison unless another is asked for.
    """

    name: str
    title: str
    question: str
    arms: Mapping[str, Mapping[str, Any]]
    outcomes: tuple[str, ...]
    focus: str
    benefits: tuple[str, ...] = ("conflicts", "unresolved")
    costs: tuple[str, ...] = ("hours_members", "hours_community", "yuan_purse")
    parts: tuple[str, ...] = ()
    world: Mapping[str, Any] = field(default_factory=dict)
    estates: int = 240
    replicates: int = 8
    weeks: int = 156

    @property
    def baseline(self) -> str:
        """The arm that all others are compared with."""
        return next(iter(self.arms))


def run_study(
    study: Study,
    *,
    scenario: Scenario | None = None,
    estates: int | None = None,
    replicates: int | None = None,
    weeks: int | None = None,
    seed: int = 1,
    store: str | Path | None = None,
    command: str = "",
    execution: Execution | None = None,
) -> Comparison:
    """Run a study's paired comparison; what a folder holds already is not run again.

    Parameters
    ----------
    study
        What to run.
    scenario
        The world that the study's arms change; by default the standard one.
    estates, replicates, weeks
        Another size than the study's own.
    seed, store, command, execution
        As in `experiments.compare`.
    """
    from experiments.lab.compare import compare
    from sim import Scenario

    changes = {**study.world, "district.estates": study.estates if estates is None else estates}
    world = (Scenario() if scenario is None else scenario).replace(changes)
    return compare(
        study.arms,
        baseline=study.baseline,
        replicates=study.replicates if replicates is None else replicates,
        weeks=study.weeks if weeks is None else weeks,
        scenario=world,
        outcomes=list(dict.fromkeys((*study.outcomes, *study.benefits, *study.costs))),
        store=store,
        seed=seed,
        question=study.question,
        command=command,
        execution=execution,
    )


def effect_in_words(row: Mapping[str, Any], judged: bool = True) -> str:
    """Tell one effect: size, 95 % interval, and, where it is judged and has a better side, the verdict.

    Examples
    --------
    >>> effect_in_words({"outcome": "conflicts", "difference": -0.2, "ci_low": -0.3, "ci_high": -0.1,
    ...                  "baseline_mean": 4.0, "verdict": "helps", "unit": "", "replicates": 8})
    'conflicts change by -5.0 % [-7.5, -2.5], helps'
    """
    name = noun(row["outcome"])
    verb = "change" if name.plural else "changes"
    if row["difference"] == 0:
        return f"{name.name} {'do' if name.plural else 'does'} not change at all"
    base = abs(row["baseline_mean"])
    per_cent = base > 0 and math.isfinite(base)
    scale = 100.0 / base if per_cent else 1.0
    verdict = f", {row['verdict']}" if judged and better(row["outcome"]) != "neither" else ""
    size, low, high = (scale * row[key] for key in ("difference", "ci_low", "ci_high"))
    if per_cent and abs(size) < 1000:
        return f"{name.name} {verb} by {size:+.1f} % [{low:.1f}, {high:.1f}]{verdict}"
    size, low, high = (amount(row[key], signed=True) for key in ("difference", "ci_low", "ci_high"))
    return f"{name.name} {verb} by {size} {unit(row['outcome'])} [{low}, {high}]{verdict}"


def finding(study: Study, table: pd.DataFrame) -> tuple[str, str]:
    """Write the finding in two sentences, from the numbers alone: what it brings, and what it costs.

    Parameters
    ----------
    study, table
        The study, and the table of its comparison.
    """
    against = table[table["against"] == study.baseline].to_dict("records")
    rows = {(row["strategy"], row["outcome"]): row for row in against}

    def told(outcomes: Sequence[str], arm: str, judged: bool = True) -> str:
        words = [effect_in_words(rows[arm, outcome], judged) for outcome in outcomes if (arm, outcome) in rows]
        return "; ".join(words)

    first = f'Under "{study.focus}", against "{study.baseline}", {told(study.benefits, study.focus)}.'
    paid = [name for name in study.costs if rows.get((study.focus, name), {}).get("difference")]
    price = told(paid, study.focus, judged=False)
    second = f"As to its price, {price}" if price else "It costs nothing that is counted here"
    parts = [rows[arm, study.benefits[0]] for arm in study.parts if (arm, study.benefits[0]) in rows]
    if parts:
        strongest = max(parts, key=lambda row: abs(row["difference"]))
        second += f'; of the other arms, "{strongest["strategy"]}" stands out, where {effect_in_words(strongest)}'
    return first, f"{second}."
