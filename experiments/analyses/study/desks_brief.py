"""The report on desks: whether conflicts rise by their existence, and what they do to causes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.analyses.study.desks import findings, headline
from experiments.analyses.study.desks_figure import desks_figure, note
from experiments.reporting import meanings, words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.document import Document, draw_into, write_document
from experiments.reporting.numbers import amount, percent
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
        From `desks.table_of`.
    question, method, scenario
        What was asked, how it was made, and the world that was changed.
    store
        Where the runs are.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(
        store.folder, "channels", lambda drawn: desks_figure(table, headline(table, drawn), drawn), lang)
    brief = Document(
        title=meanings.question(question, lang),
        findings=findings(table, lang),
        figures=[(path, note(int(table["replicates"].max()), lang))],
        tables=[_all(table, lang)],
        method=[
            method,
            gettext(
                lang,
                "Desks are off or on from the first week, with no branch anywhere. Each edition was tried again "
                "with one mechanism out of action on both sides; a change that differs then, by the paired "
                "interval of the two, is owed to it in part. Mechanisms act on each other, so that their parts "
                "do not add up."),
        ],
        limits=[
            gettext(
                lang,
                "A world without any desk is no policy: it shows what desks do in the model, at one value of "
                "what is not known.")
        ],
        scenario=scenario,
        info=info_of(store),
    )
    return write_document(brief, store.folder / "report.html", lang)


def _all(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    column = "world_zh" if lang == "zh" else "world"
    rows = []
    for row in table.to_dict("records"):
        low, high = (amount(float(row[end]), signed=True) for end in ("ci_low", "ci_high"))
        outcome = str(row["outcome"])
        rows.append((
            capital(str(row[column])), words.noun(outcome, lang).name, amount(float(row["without"])),
            amount(float(row["with"])), amount(float(row["difference"]), signed=True),
            "–" if low == "–" else f"{low} … {high}", percent(100 * float(row["relative"]), signed=True),
            words.unit(outcome, lang),
        ))  # fmt: skip
    head = [gettext(lang, "World"), gettext(lang, "Outcome"), gettext(lang, "Without desks"),
            gettext(lang, "With desks"), gettext(lang, "Change"),
            gettext(lang, "95% interval"), "%", gettext(lang, "Unit")]
    return gettext(lang, "Every world without and with desks."), pd.DataFrame(rows, columns=head)
