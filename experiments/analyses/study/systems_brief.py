"""The report of the systems: what each one moves when it is switched on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.study.systems_figure import counted, note, systems_figure
from experiments.core.margin import MARGIN
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.clauses import Move, capital, clauses
from experiments.reporting.document import Document, draw_into, write_document
from experiments.reporting.numbers import amount
from experiments.reporting.phrases import phrase
from experiments.reporting.provenance import info_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.core.store.store import Store
    from sim import Scenario

__all__ = ["write"]


def write(table: pd.DataFrame, question: str, scenario: Scenario, store: Store, lang: str = "en") -> Path:
    """Draw the figure of the systems into the folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    table
        From `systems_table.table_of`.
    question, scenario
        What was asked, and the world in which systems were switched.
    store
        Where the runs are.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(store.folder, "systems", lambda drawn: systems_figure(table, drawn), lang)
    replicates = int(table["replicates"].max())
    stop = gettext(lang, ".")
    held = set(table["outcome"])
    first = [f"{counted(table, name, lang)}{stop}" for name in ("conflicts", "standing") if name in held]
    caption = gettext(lang, "What each system moves. ") + note(replicates, lang)
    brief = Document(
        title=meanings.question(question, lang),
        findings=[*first, *_each(table, lang)],
        figures=[(path, caption)],
        tables=[_all(table, lang)],
        method=_method(scenario, replicates, lang),
        limits=[
            gettext(
                lang,
                "A system is judged by the outcomes that it is said to move first; others are not shown here. "
                "Systems were switched one at a time: what two of them do together is not seen.")
        ],
        scenario=scenario,
        info=info_of(store),
    )
    return write_document(brief, store.folder / "report.html", lang)


def _each(table: pd.DataFrame, lang: str) -> list[str]:
    """Say of each system what it moves."""
    told = []
    for number, rows in table.groupby("contrast", sort=False):
        moves = [
            Move(str(row["outcome"]), float(row["difference"]), float(row["ci_low"]), float(row["ci_high"]),
                 float(row["without"]), str(row["verdict"]))
            for row in rows.to_dict("records")
        ]  # fmt: skip
        name = phrase(str(rows["system"].iloc[0]), lang)
        told.append(gettext(
            lang,
            "{number_}, {name}: {clauses}.",
            number_=number, name=name, clauses=clauses(moves, lang)))
    return told


def _all(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for row in table.to_dict("records"):
        outcome = str(row["outcome"])
        low, high, least, most = (amount(row[end], signed=True) for end in ("ci_low", "ci_high", "sim_low", "sim_high"))
        rows.append((
            row["contrast"], capital(phrase(str(row["system"]), lang)), phrase(str(row["switch"]), lang),
            words.noun(outcome, lang).name, amount(row["without"]), amount(row["with"]),
            amount(row["difference"], signed=True), f"{low} … {high}", f"{least} … {most}",
            words.verdict(str(row["verdict"]), lang), words.unit(outcome, lang),
        ))  # fmt: skip
    head = ["", gettext(lang, "System"), gettext(lang, "Switch"), gettext(lang, "Outcome"),
            gettext(lang, "Off"), gettext(lang, "On"), gettext(lang, "Change"),
            gettext(lang, "95% interval"), gettext(lang, "All together"),
            gettext(lang, "Verdict"),
            gettext(lang, "Unit")]  # fmt: skip
    text = gettext(lang, "Every system off and on. The last interval holds for all rows together.")  # fmt: skip
    return text, pd.DataFrame(rows, columns=head)


def _method(scenario: Scenario, replicates: int, lang: str) -> list[str]:
    estates, weeks = scenario.district.estates, scenario.run.weeks
    return [
        ngettext(
            lang,
            "Every system of the study was switched off and on in the same world, with everything else alike and "
            "on common random numbers: {estates:,} estates, {weeks} weeks, {number} replicate; means are over "
            "the weeks after the start of the policy. S6 to S8 and S10 are tried on top of full coverage.",
            "Every system of the study was switched off and on in the same world, with everything else alike and "
            "on common random numbers: {estates:,} estates, {weeks} weeks, {number} replicates; means are over "
            "the weeks after the start of the policy. S6 to S8 and S10 are tried on top of full coverage.",
            replicates, estates=estates, weeks=weeks),
        gettext(
            lang,
            "The change is the mean paired difference, on less off, with its 95% interval (Student's, lengthened "
            "where differences are skewed). ")
        + meanings.how_judged(MARGIN, gettext(lang, "the mean with the system off"), lang),
    ]
