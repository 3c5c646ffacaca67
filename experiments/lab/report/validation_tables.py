"""The tables of a validation as people read them, and its page for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.lab.plots.numbers import rounded
from experiments.lab.plots.validation_words import DATA, lacks, name_of, needs, told, verdict_word
from experiments.lab.report.validation import findings, limits, method
from experiments.lab.validate.validation import MODEL, PREDICTED, Validation
from experiments.reporting.catalogue import gettext, pgettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["beside_data", "evidence_table", "predictions", "rivals", "written"]


def beside_data(made: Validation, lang: str = "en") -> pd.DataFrame:
    """Data, model and verdict, a row for each figure with data."""
    import pandas as pd

    rows = []
    own = made.table[(made.table["arm"] == MODEL) & (made.table["kind"] != PREDICTED)]
    for row in own.to_dict("records"):
        rows.append({
            gettext(lang, "figure"): name_of(row["figure"], lang),
            gettext(lang, "kind"): gettext(lang, row["kind"]),
            gettext(lang, "unit"): pgettext(lang, "target", row["unit"]),
            gettext(lang, "data"): f"{rounded(row['value'])} ({told(row['low'], row['high'], lang)})",
            gettext(lang, "model, mean"): rounded(row["mean"]),
            gettext(lang, "one more run"): told(row["predicted_low"], row["predicted_high"], lang),
            gettext(lang, "verdict"): verdict_word(row["verdict"], lang),
            gettext(lang, "interval of the data; source"): gettext(lang, "; ").join(
                pgettext(lang, "target", text) for text in (row["interval"], row["source"]) if text),
        })
    return pd.DataFrame(rows)


def evidence_table(made: Validation, lang: str = "en") -> pd.DataFrame:
    """What each figure needs, and without what it is met as well."""
    import pandas as pd

    rows = []
    for figure in made.asked(*DATA):
        def listed(kind: str, figure: str = figure) -> str:
            found = [lacks(made.nulls[label], lang) for label in needs(made, figure, told=kind)]
            if len(found) == len(made.nulls) > 1:
                return gettext(lang, "any of them")
            return gettext(lang, "; ").join(found) or "–"

        rows.append({
            gettext(lang, "figure"): name_of(figure, lang),
            gettext(lang, "model"): verdict_word(str(made.verdicts.loc[figure, MODEL]), lang),
            gettext(lang, "evidence for"): listed("for"),
            gettext(lang, "met as well without"): listed("none"),
            gettext(lang, "met only without"): listed("against"),
            gettext(lang, "open"): listed("open"),
        })
    return pd.DataFrame(rows)


def predictions(made: Validation, lang: str = "en") -> pd.DataFrame:
    """What the model predicts where no data are at hand, and what its rivals do; apart ones are starred."""
    import pandas as pd

    rows = []
    for figure in made.asked(PREDICTED):
        own = made.spreads[figure, MODEL]
        row = {gettext(lang, "figure"): name_of(figure, lang),
               gettext(lang, "model"): f"{rounded(own.mean)} ({told(own.low, own.high, lang)})"}
        for label in made.nulls:
            star = " *" if made.verdicts.loc[figure, label] == "outside" else ""
            row[gettext(lang, label)] = rounded(made.spreads[figure, label].mean) + star
        rows.append(row)
    return pd.DataFrame(rows)


def rivals(made: Validation, lang: str = "en") -> pd.DataFrame:
    """What each rival is, and what it was given."""
    import pandas as pd

    scenario = made.swept.plan.scenario
    rows = []
    for label, null in made.nulls.items():
        moved = [f"{name.partition('.')[2]} {_plain(scenario.get(name))} → {_plain(value)}"
                 for name, value in made.fitted[label].items()
                 if name not in null.changes or value != null.changes[name]]
        rows.append({
            gettext(lang, "rival"): gettext(lang, label),
            gettext(lang, "lacks"): lacks(null, lang),
            gettext(lang, "what is different"): gettext(lang, null.what),
            gettext(lang, "fitted again"): ", ".join(moved) or "–",
        })
    return pd.DataFrame(rows)


def _plain(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _markdown(table: pd.DataFrame) -> list[str]:
    heads = [str(name) for name in table.columns]
    rows = [[str(cell).replace("|", "\\|") for cell in row] for row in table.itertuples(index=False)]
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(row)} |" for row in rows)]


def written(made: Validation, note: str, picture: str) -> str:
    """Write the page of the documentation.

    Parameters
    ----------
    made
        What was found.
    note
        How the page was made.
    picture
        Path of the figure from the page.
    """
    def listed(texts: Sequence[str]) -> list[str]:
        return [f"- {text}" for text in texts]

    head = findings(made)
    parts = [
        "# Validation", "", note, "",
        "The model is set beside published figures, and beside rivals in which one mechanism at a time is taken out "
        "and which are then fitted again. What a rival reproduces is no evidence for what it lacks.", "",
        "## In short", "", *listed(head), "",
        f"![The model and its rivals beside data]({picture})", "",
        "## The model beside data", "",
        "*Fitted*: parameters were chosen by it. *Held back*: they were not. *Built in*: the model was given the "
        "number itself, so that meeting it shows that the code does what it says. Portfolios of firms are built in at "
        "the start and measured at the end, after firms have been replaced.", "",
        *_markdown(beside_data(made)), "",
        "## What each figure is evidence for", "",
        "A figure is evidence for a mechanism if the model expects a value within the data's interval, and the rival "
        "without the mechanism has no part of its prediction interval there. *Met as well without*: the rival is not "
        "outside either. *Open*: the rival is outside, but the model itself expects a value that is not within.", "",
        *_markdown(evidence_table(made)), "",
    ]
    predicted = predictions(made)
    if len(predicted):
        parts += [
            "## What would tell more", "",
            "For these figures no published number is known here. The model's prediction interval of one more run "
            "stands beside the means of its rivals; a star marks a rival whose prediction interval does not meet the "
            "model's, so that a single district and year of data would tell the two apart. A table of disputes by "
            "estate, week and category gives most of them:", "",
            "```sh", "gongzhi validate --district estates.csv --observed disputes.csv", "```", "",
            *_markdown(predicted), "",
        ]
    parts += ["## The rivals", "", *_markdown(rivals(made)), "",
              "## How it was found out", "", "\n\n".join(method(made)), "",
              "## What cannot be validated", "", *listed(limits())]
    return "\n".join(parts) + "\n"
