"""The report of a search for the best use of hours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.budget.budget_figures import front_caption, race_caption
from experiments.analyses.budget.budget_findings import findings, name_of, number
from experiments.analyses.budget.candidates import in_words
from experiments.analyses.budget.racing import runs_of
from experiments.analyses.budget.search import RATE, Search
from experiments.core.statistics.measures import unit
from experiments.reporting.catalogue import gettext
from experiments.reporting.document import Document, write_document
from experiments.reporting.words import noun
from experiments.reporting.words import unit as unit_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_report"]


def write_report(made: Search, question: str, front: Path, races: Sequence[Path], lang: str = "en") -> Path:
    """Write the report beside the tables.

    Parameters
    ----------
    made
        The search.
    question
        What was asked.
    front, races
        Figures that have been drawn: of the front, and of the race for each number of hours.
    lang
        `en` or `zh`.
    """
    info = made.confirmed.store.read()
    info["failed"] = [row for swept in [*made.rounds, made.confirmed] for row in swept.store.read()["failed"]]
    info["complete"] = all(swept.store.read()["complete"] for swept in [*made.rounds, made.confirmed])
    name = noun(made.outcome, lang).name
    tables = [(gettext(
        lang,
        "What each strategy does to {name} with fresh random numbers, against no branches; beyond the best in "
        "{unit_of}.",
        name=name, unit_of=unit_of(made.outcome, lang)),
               _front(made, lang))]
    tables += [(gettext(
        lang,
        "The last heat that each candidate ran within {hours:g} hours a week.",
        hours=hours), _race(made, hours, lang)) for hours in made.hours]
    figures = [(front, front_caption(made, lang))]
    figures += [(path, race_caption(made, hours, lang)) for path, hours in zip(races, made.hours, strict=True)]
    return write_document(
        Document(question, findings(made, lang), figures, tables, _method(made, lang), _limits(lang),
              scenario=made.scenario, info=info),
        made.folder / "report.html", lang)  # fmt: skip


def _front(made: Search, lang: str) -> pd.DataFrame:
    import pandas as pd

    rows = made.front[made.front["outcome"] == made.outcome]
    name, rate = noun(made.outcome, lang).name, unit(made.outcome) == RATE
    gain = gettext(lang, "averted a week") if rate else gettext(lang, "improvement")
    told: list[dict[str, Any]] = []
    for _, row in rows.iterrows():
        label = name_of(made, "best" if row["best"] else str(row["strategy"]), lang)
        told.append({
            gettext(lang, "hours allowed"): "–" if row["budget"] != row["budget"] else f"{row['budget']:g}",
            gettext(lang, "strategy"): label,
            gettext(lang, "hours spent (95 %)"): _ends(row, "hours", "hours_low", "hours_high"),
            gettext(lang, "estates covered"): f"{100 * float(row['covered']):.0f}%",
            gettext(lang, "{gain} (95 %)", gain=gain): _ends(row, "averted", "averted_low", "averted_high"),
            gettext(lang, "{name} beyond the best (95 %)", name=name): _ends(
                row, "behind", "behind_low", "behind_high"),
        })  # fmt: skip
    return pd.DataFrame(told)


def _race(made: Search, hours: float, lang: str) -> pd.DataFrame:
    import pandas as pd

    last = made.raced[made.raced["budget"] == hours].groupby("candidate", sort=False).tail(1)
    last = last.sort_values(["heat", "place"], ascending=[False, True], kind="stable")
    told = [{
        gettext(lang, "candidate"): in_words(made.candidates[str(row["candidate"])], lang),
        gettext(lang, "came to heat"): int(row["heat"]),
        gettext(lang, "replicates"): int(row["replicates"]),
        gettext(lang, "difference from no branches (95 %)"): _ends(
            row, "difference", "ci_low", "ci_high"),
        gettext(lang, "behind the leader (95 %)"): _ends(
            row, "behind", "behind_low", "behind_high"),
    } for _, row in last.iterrows()]
    return pd.DataFrame(told)


def _ends(row: Any, value: str, low: str, high: str) -> str:
    if float(row[value]) != float(row[value]):
        return "–"
    told = f"{number(float(row[value]))} ({number(float(row[low]))} – {number(float(row[high]))})"
    return told.replace(" ", "\N{NO-BREAK SPACE}")


def _method(made: Search, lang: str) -> list[str]:
    planned = made.races[made.hours[0]].planned
    heats = ", ".join(f"{heat.entrants} × {heat.replicates}" for heat in planned)
    promised = "; ".join(f"{hours:g}: {100 * made.promise(hours):.0f}%" for hours in made.hours)
    count, many, runs = int(made.front["replicates"].max()), len(made.candidates), runs_of(planned)
    spent = gettext(
        lang,
        "Cadre hours are all that branches take in a week: of secretaries and members, which are new, and of "
        "dispatched secretaries, which their community's desk then lacks. In the week of founding each strategy "
        "is asked which estates it would cover first, and covers them as far as the hours reach, reckoned with "
        "the groups and circuits that are really formed. Fatigue makes later weeks cheaper: the hours really "
        "spent are shown with their intervals.")
    raced = gettext(
        lang,
        "{many} candidates raced by successive halving (Karnin, Koren and Somekh 2013) with common random "
        "numbers, entrants × new replicates: {heats}, {runs} runs for each number of hours. The model's own "
        "strategies were among them; the others rank estates by recent conflicts, size, members, hours and "
        "weakness of the community, and found own, joint or dispatched branches.",
        many=many, heats=heats, runs=runs)
    found = gettext(
        lang,
        "A candidate that is at least 2 % better than all others is found with at least this probability, by "
        "hours a week: {promised} (bound of Markov and Bonferroni over all candidates in every heat, since "
        "earlier runs count again, with the largest spread that the race showed).",
        promised=promised)
    fresh = gettext(
        lang,
        "All effects are from {count} further replicates, whose chance did not choose the winner, as paired "
        "differences from no branches with Student's 95 % intervals. “At the desks” means that the new hours of "
        "the winner are given to the communities' desks in the same weeks, with no branches, while those whom it "
        "would dispatch stay at theirs: the same people and the same hours.",
        count=count)
    return [spent, raced, found, fresh]


def _limits(lang: str) -> list[str]:
    return [
        gettext(
            lang,
            "The best of the candidates that raced is not the best of all coverages that could be thought of, "
            "and its rule was chosen for this district and these parameters."),
        gettext(
            lang,
            "Intervals are of 95 % each, not adjusted for the number of strategies and budgets that are shown."),
    ]
