"""The report on conventions: the headline under each of them, and which ones decide it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.analyses.study.convention_words import BESIDE, effect, opening, told
from experiments.analyses.study.conventions_figure import conventions_figure, note
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, draw_into, write_document
from experiments.reporting.provenance import info_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.core.store.store import Store
    from sim import Scenario

__all__ = ["write"]


def write(
    table: pd.DataFrame, question: str, method: str, scenario: Scenario, store: Store, lang: str = "en",
) -> Path:
    """Draw the figure into the folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    table
        From `conventions.table_of`.
    question, method, scenario
        What was asked, how it was made, and the world whose conventions were set otherwise.
    store
        Where the runs are.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(store.folder, "assumptions", lambda drawn: conventions_figure(table, drawn), lang)
    pairs = dict.fromkeys(zip(table["policy"], table["outcome"], strict=True))
    brief = Document(
        title=meanings.question(question, lang),
        findings=[*opening(table, lang), *(told(table, str(policy), str(outcome), lang) for policy, outcome in pairs)],
        figures=[(path, note(int(table["replicates"].max()), lang))],
        tables=[_all(table, lang)],
        method=[
            method,
            gettext(
                lang,
                "Intervals hold one by one, with 95%. How an effect lies to that under the defaults is read from "
                "the difference of the two in the same replicates: less than half means that e less half of d is "
                "certainly on the far side of zero, more than twice that e less twice d is beyond it."),
        ],
        limits=[
            gettext(
                lang,
                "Conventions were set otherwise one at a time and all together; what two of them do to each "
                "other is not seen. Rates were not fitted anew under each, so that levels differ between rows.")
        ],
        scenario=scenario,
        info=info_of(store),
    )
    return write_document(brief, store.folder / "report.html", lang)


def _all(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    chosen = int(lang == "zh")
    rows = []
    for row in table.to_dict("records"):
        mark = gettext(lang, BESIDE[row["beside"]]) if row["beside"] in BESIDE else ""
        rows.append((
            capital(str(row[("words", "words_zh")[chosen]])), str(row["setting"]) if row["convention"] else "–",
            words.arm(str(row["policy"]), lang), words.noun(str(row["outcome"]), lang).name, effect(row, lang),
            words.verdict(str(row["verdict"]), lang), mark,
        ))  # fmt: skip
    head = [gettext(lang, "Set otherwise"), gettext(lang, "Typed"), gettext(lang, "Policy"),
            gettext(lang, "Outcome"), gettext(lang, "Effect"), gettext(lang, "Verdict"),
            gettext(lang, "Beside the defaults")]
    return gettext(lang, "Every setting, policy and outcome."), pd.DataFrame(rows, columns=head)
