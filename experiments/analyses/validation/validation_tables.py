"""The tables of a validation as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.analyses.validation.validation import MODEL, PREDICTED, Validation
from experiments.analyses.validation.validation_words import DATA, lacks, name_of, needs, told, verdict_word
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.numbers import rounded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["beside_data", "evidence_table", "markdown", "predictions", "rivals"]


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


def markdown(table: pd.DataFrame) -> list[str]:
    """Write a table as lines of Markdown."""
    heads = [str(name) for name in table.columns]
    rows = [[str(cell).replace("|", "\\|") for cell in row] for row in table.itertuples(index=False)]
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(row)} |" for row in rows)]
