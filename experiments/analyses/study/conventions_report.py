"""What a study of conventions has found: the headline under each of them, and which ones decide it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.study.conventions import DEFAULTS, counted
from experiments.analyses.study.study_figures import conventions_figure
from experiments.analyses.study.sweeps import Assumptions
from experiments.core.margin import MARGIN
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.provenance import info_of

TOGETHER = "all together"  # the convention that is all of them


def findings(result: Assumptions) -> list[Finding]:
    """Find the headline, which settings turn and halve it, and what each of its effects owes to them."""
    return [*opening(result.table), *each(result.table)]


def opening(table: pd.DataFrame) -> list[Finding]:
    """Find the headline, what turns and halves it, and what is left of it when all is set otherwise at once."""
    at_once = table[table["convention"] == TOGETHER].drop_duplicates("setting")
    return [
        Finding("conventions.by_default", changes=_changes(table, DEFAULTS.typed)),
        Finding("conventions.counted", **counted(table)),
        *(
            Finding("conventions.deciding", beside=word, settings=settings)
            for word in ("turns", "halves")
            if (settings := _deciding(table, word))
        ),
        *(
            Finding("conventions.at_once", words=row["words"], changes=_changes(table, row["setting"]))
            for row in at_once.to_dict("records")
        ),
    ]


def each(table: pd.DataFrame) -> list[Finding]:
    """Find for every effect which settings turn, halve or double it, and of how many nothing of the kind is shown."""
    return [
        _of_effect(rows, str(policy), str(outcome))
        for (policy, outcome), rows in table.groupby(["policy", "outcome"], sort=False)
    ]


def _changes(table: pd.DataFrame, setting: str) -> list[tuple[str, list[tuple[str, list[float]]]]]:
    rows = table[table["setting"] == setting]
    return [
        (str(policy), [(row["outcome"], share(row)) for row in group.to_dict("records")])
        for policy, group in rows.groupby("policy", sort=False)
    ]


def share(row: Mapping[Any, Any]) -> list[float]:
    """Return a relative effect and the ends of its interval, in per cent."""
    return [100 * float(row[name]) for name in ("relative", "low", "high")]


def _deciding(table: pd.DataFrame, word: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the settings under which some effect is what a word says, each with the policies and outcomes."""
    return [
        (str(group["words"].iloc[0]), list(zip(group["policy"], group["outcome"], strict=True)))
        for _, group in table[table["beside"] == word].groupby("setting", sort=False)
    ]


def _of_effect(rows: pd.DataFrame, policy: str, outcome: str) -> Finding:
    changed = rows[rows["convention"] != ""]
    words = {str(word): list(group["words"]) for word, group in changed.groupby("beside")}
    vague = bool({"falls", "rises"} & set(words)) or set(words) == {"open"}
    named = ("falls", "rises") if vague else ("turns", "halves", "doubles")
    shown = [(word, words.pop(word, [])) for word in named]
    return Finding(
        "conventions.effect_under",
        policy=policy,
        outcome=outcome,
        settings=len(changed),
        vague=vague,
        shown=[(word, names) for word, names in shown if names or word in ("turns", "halves")],
        kept=len(words.pop("keeps", [])),
        left=sum(map(len, words.values())),
    )


def figures(result: Assumptions) -> dict[str, Draw]:
    """The headline under each convention."""
    return {"assumptions": partial(conventions_figure, result.table)}


def page(result: Assumptions) -> dict[str, Any]:
    """Return what the page is filled with."""
    table = result.table
    return {
        "opening": opening(table),
        "each": each(table),
        "made_by": result.spec.made_by,
        "margin": MARGIN,
        "pairs": list(dict.fromkeys(zip(table["policy"], table["outcome"], strict=True))),
        "settings": [
            [{**row, "share": share(row)} for row in rows.to_dict("records")]
            for _, rows in table.groupby("setting", sort=False)
        ],
    }


def document(result: Assumptions, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    note = Finding("conventions.note", replicates=int(result.table["replicates"].max()), margin=MARGIN)
    return Document(
        title=Finding("common.question", text=result.spec.question),
        findings=result.findings,
        figures=[(drawn["assumptions"], note)],
        tables=[_effects(result.table)],
        method=[result.spec.made_by, Finding("conventions.intervals")],
        limits=[Finding("conventions.one_at_a_time")],
        scenario=result.spec.scenario,
        info=info_of(result.stores[0]),
    )


def _effects(table: pd.DataFrame) -> Shown:
    rows = [
        {
            "words": Finding("common.phrase", text=row["words"], capital=True),
            "typed": row["setting"] if row["convention"] else "–",
            "policy": Finding("common.arm", name=row["policy"]),
            "outcome": Finding("common.noun", name=row["outcome"]),
            "effect": Finding("conventions.effect", outcome=row["outcome"], share=share(row)),
            "verdict": Finding("common.verdict", name=row["verdict"]),
            "beside": Finding("conventions.mark", beside=row["beside"]),
        }
        for row in table.to_dict("records")
    ]
    return Shown(Finding("conventions.effects"), pd.DataFrame(rows), "conventions.heads")
