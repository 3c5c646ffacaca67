"""The page of the documentation that tells how the model stands beside data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.analyses.validation.validation_brief import findings, limits, method
from experiments.analyses.validation.validation_tables import (
    beside_data,
    evidence_table,
    markdown,
    predictions,
    rivals,
)

if TYPE_CHECKING:
    from experiments.analyses.validation.validation import Validation

__all__ = ["written"]


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
        *markdown(beside_data(made)), "",
        "## What each figure is evidence for", "",
        "A figure is evidence for a mechanism if the model expects a value within the data's interval, and the rival "
        "without the mechanism has no part of its prediction interval there. *Met as well without*: the rival is not "
        "outside either. *Open*: the rival is outside, but the model itself expects a value that is not within.", "",
        *markdown(evidence_table(made)), "",
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
            *markdown(predicted), "",
        ]
    parts += ["## The rivals", "", *markdown(rivals(made)), "",
              "## How it was found out", "", "\n\n".join(method(made)), "",
              "## What cannot be validated", "", *listed(limits())]
    return "\n".join(parts) + "\n"
