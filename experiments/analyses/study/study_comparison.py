"""A study: one question about one policy, as a page that can be read, run and argued with.

A study names its arms, the outcomes that answer its question, and the arm that its finding is about; the laboratory
runs the paired comparison, draws the figure and writes the finding from the numbers, whichever way they point.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

import pandas as pd

from experiments.analyses.compare.comparison import Comparison, run_comparison
from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Draw
from experiments.core.spec import RunFields, Running
from experiments.core.statistics.effect import DOWN, UP
from experiments.figures.entry import band_entry, ink_of, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import least
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.provenance import ground_of
from experiments.reporting.template_rendering import in_language, markdown
from sim import District, Scenario
from sim.core.errors import ScenarioError
from sim.core.message_catalogue import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Study:
    """A question, a design and the outcomes that answer it.

    `arms` are changes, beside those of the `world`, by label; others are compared with the first, and findings are
    about the `focus`: what it does to the `benefits`, and to the `costs`, with that of the `parts`, arms, which moves
    the first benefit most.  Of the size, `estates`, `replicates` and `weeks`, another may be requested.
    """

    name: str
    title: str
    question: str
    arms: Mapping[str, Mapping[str, Any]]
    outcomes: tuple[str, ...]
    focus: str
    benefits: tuple[str, ...] = ("conflicts", "standing")
    costs: tuple[str, ...] = ("hours_members", "hours_community", "yuan_purse")
    parts: tuple[str, ...] = ()
    world: Mapping[str, Any] = field(default_factory=dict)
    estates: int = 240
    replicates: int = 8
    weeks: int = 156

    @property
    def baseline(self) -> str:
        return next(iter(self.arms))


class StudyFields(RunFields, total=False):
    """Keywords of a study's comparison; see `run_study`."""

    plugin: str | Path | None
    scenario: Scenario | None
    district: District | None
    estates: int | None
    replicates: int | None
    weeks: int | None
    seed: int


class StudySpec(ComparisonSpec):
    """A study: its paired comparison, and the outcomes that answer it."""

    analysis = "study"
    noun = "study"

    study: Study

    @classmethod
    def of_study(cls, study: Study, fields: Mapping[str, Any]) -> Self:
        """Make the spec of a study; `fields` are those of `StudyFields`, without those that say how it is run.

        On a district of the user's own it has that district's estates.
        """
        own = {name: value for name, value in fields.items() if value is not None}
        if {"district", "estates"} <= set(own):
            raise ScenarioError("estates sets the size of a synthetic district, and district gives your own: use one.")
        keywords = {name: getattr(study, name) for name in ("estates", "replicates", "weeks")} | own
        estates = keywords.pop("estates")
        changes = study.world if "district" in own else {**study.world, "district.estates": estates}
        keywords["scenario"] = keywords.get("scenario", Scenario()).replace(changes)
        outcomes = list(dict.fromkeys((*study.outcomes, *study.benefits, *study.costs)))
        return cls.asked_of(
            study.arms,
            {**keywords, "baseline": study.baseline, "outcomes": outcomes, "question": study.question, "study": study},
        )


FINDING: Final = Path("finding.md")
"""Question and finding, a page in each language."""


@dataclass
class StudyComparison(Comparison):
    """The result of a study: its comparison, with the study's own figure, finding and report."""

    spec: StudySpec
    presented = __name__

    @property
    def beside(self) -> tuple[str, ...]:
        return tuple(in_language(FINDING, lang).name for lang in LANGUAGES)

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write the study's figure, finding and report; return the report's path."""
        self.require_finished()
        for language, name in zip(LANGUAGES, self.beside, strict=True):
            page = markdown("study", language, study=self.spec.study, findings=self.findings[:2])
            self.store.write(name, page)
        return super().report(lang, path)


def run_study(study: Study, **fields: Unpack[StudyFields]) -> StudyComparison:
    """Run a study's paired comparison, in a world or of a size other than its own; fields are as in `compare`."""
    running, own = Running.split(fields)
    return delivered(run_study_spec(StudySpec.of_study(study, own), running))


def run_study_spec(spec: StudySpec, running: Running) -> StudyComparison:
    """Run a study's paired comparison, or read it where nothing may be run."""
    return run_comparison(spec, running, StudyComparison)


def findings(result: StudyComparison) -> list[Finding]:
    """Find what the policy brings, what it costs, and what every other arm brings."""
    return table_findings(result.spec.study, result.table)


def table_findings(study: Study, table: pd.DataFrame) -> list[Finding]:
    """Find them in the table of a study's comparison."""
    rows = table[table["against"] == study.baseline].to_dict("records")
    moves = {(str(row["strategy"]), str(row["outcome"])): Move.of(row) for row in rows}
    brought = {arm: [moves[arm, name] for name in study.benefits if (arm, name) in moves] for arm in study.arms}
    rest = [arm for arm in study.arms if brought[arm] and arm not in (study.focus, study.baseline)]
    return [
        Finding("study.brings", focus=study.focus, base=study.baseline, moves=brought[study.focus]),
        _price(study, moves),
        *(Finding("study.arm_brings", arm=arm, moves=brought[arm]) for arm in rest),
    ]


def _price(study: Study, moves: Mapping[tuple[str, str], Move]) -> Finding:
    """Find what the policy costs, and which of its parts moves the first benefit most."""
    paid = [moves[study.focus, name] for name in study.costs if (study.focus, name) in moves]
    benefit = study.benefits[0]
    parts = {name: moves[name, benefit] for name in study.parts if (name, benefit) in moves}
    clear = [(name, move) for name, move in parts.items() if move.kind in DOWN | UP]
    return Finding(
        "study.price",
        # A price is reported, not judged: whether it is worth paying is for those who pay it.
        paid=[replace(move, verdict="") for move in paid if move.difference],
        benefit=benefit,
        parts=list(parts),
        largest=max(clear, key=lambda pair: abs(pair[1].difference), default=None),
    )


def figures(result: StudyComparison) -> dict[str, Draw]:
    """Every arm's effect on each outcome."""
    return {result.spec.study.name: lambda lang: study_figure(result, lang)}


def study_figure(result: StudyComparison, lang: str = "en") -> Figure:
    """Draw a panel for each outcome with a row for each arm."""
    study, rows = result.spec.study, _beside_baseline(result)
    brings, price, *_ = result.findings
    by_outcome = {name: cells.to_dict("records") for name, cells in rows.groupby("outcome")}
    panels = [_outcome(by_outcome[name], result.margin, lang) for name in study.outcomes if name in by_outcome]
    verdicts = rows.loc[rows["outcome"].isin(study.outcomes), "verdict"]
    return IntervalRows(
        title=Finding("common.headline", arm=study.focus, moves=brings.values["moves"]),
        subtitle=price,
        note=Finding("study.note", replicates=int(result.table["replicates"].max()), base=study.baseline),
        rows=[Row(capital(words.arm(arm, lang))) for arm in dict.fromkeys(rows["strategy"])],
        panels=panels,
        key=[*verdict_key(verdicts, lang), *[band_entry(result.margin, lang)] * any(panel.band for panel in panels)],
        names=1.6,
    ).draw(lang)


def _beside_baseline(result: StudyComparison) -> pd.DataFrame:
    table, baseline = result.table, result.spec.study.baseline
    return table[(table["against"] == baseline) & (table["strategy"] != baseline)]


def _outcome(rows: Sequence[dict[Any, Any]], margin: float, lang: str) -> Panel:
    """Return an outcome's changes, in per cent where there is enough to be a share of."""
    outcome, moves, marks = rows[0]["outcome"], list(map(Move.of, rows)), [row["verdict"] for row in rows]
    base, largest = abs(moves[0].base), max(abs(move.difference) for move in moves)
    per_cent = math.isfinite(base) and base > 0 and largest < 10 * base
    scale, lowest = (100.0 / base, least(outcome)) if per_cent else (1.0, -math.inf)
    points, numbers = [], []
    for move, verdict in zip(moves, marks, strict=True):
        ends, size = (move.low, move.difference, move.high), scale * move.difference
        points.append([Point.of(ends, verdict_entry(verdict), scale, lowest)])
        number = percent(size, signed=True).removesuffix("%") if per_cent else amount(size, signed=True)
        shown = "" if not math.isfinite(size) else number if number.strip("+−0.") else "0"
        numbers.append((shown, ink_of(verdict)))
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "change, {unit}", unit="%" if per_cent else words.unit(outcome, lang)),
        points=points,
        under=gettext(lang, "baseline: {level}", level=amount(base)),
        numbers=numbers,
        unit="%" if per_cent else "",
        band=(-100 * margin, 100 * margin) if per_cent else None,
    )


def document(result: StudyComparison, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    study, design, table = result.spec.study, result.outcome.design, _beside_baseline(result)
    replicates, base = int(result.table["replicates"].max()), study.baseline
    runs = Finding(
        "study.runs",
        ground=ground_of(design),
        arms=len(study.arms),
        weeks=design.scenario.run.weeks,
        replicates=replicates,
        start=design.start,
        shared=_typed(study.world),
    )
    by_outcome = [row for _, rows in table.groupby("outcome", sort=False) for row in rows.to_dict("records")]
    effects = [{**row, "move": Move.of(row)} for row in by_outcome]
    columns = "outcome arm base mean difference interval per_cent together verdict unit"
    arms = [{"arm": arm, "changes": ", ".join(_typed(changes))} for arm, changes in study.arms.items()]
    return Document(
        title=Finding("common.question", text=study.question),
        findings=result.findings,
        figures=[(drawn[study.name], Finding("study.caption", title=study.title, replicates=replicates, base=base))],
        tables=[
            Shown.of(Finding("study.effects", base=base), effects, columns, "study.cell"),
            Shown.of(Finding("study.arms"), arms, "arm changes", "study.arm_cell"),
        ],
        method=[
            runs,
            Finding("study.pairs", base=base),
            Finding("study.judged", margin=result.margin, base=base),
        ],
        limits=[Finding("study.one_value"), *([Finding("common.single_replicate")] if replicates == 1 else [])],
        scenario=result.scenario,
        info=result.info,
    )


def _typed(changes: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in changes.items()]
